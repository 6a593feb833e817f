"""A question to a language model, and what became of it: the boundary between who asks and who answers."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

A = TypeVar("A", bound=BaseModel)


class Status(StrEnum):
    """How a question ended."""

    OK = "ok"
    FAILED = "failed"
    """no usable answer after all permitted attempts; `Reply.reason` says why"""
    TRUNCATED = "truncated"
    """the answer hit the length limit: ask for less, never the same again"""
    REFUSED = "refused"
    """the model declined, or a content filter stopped it"""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a prompt asks of the sampler. A profile may leave out what its endpoint does not take."""

    temperature: float = 0.0
    seed: int | None = 7
    max_tokens: int = 4096


@dataclass(frozen=True, slots=True)
class Ask(Generic[A]):
    """One question.

    `answer` is the flat pydantic model a reply must satisfy. `check` says what is wrong with an answer that satisfies
    it (ids that were never shown): a complaint costs one repair turn, and what is still wrong then is the asker's to
    reject item by item.
    """

    task: str
    """Name of the prompt."""
    version: str
    """Version of the prompt."""
    messages: tuple[Message, ...]
    answer: type[A]
    parameters: Parameters = field(default_factory=Parameters)
    check: Callable[[A], tuple[str, ...]] | None = None
    epoch: int = 0
    """Several answers to one question are told apart by it; it is part of the cache's key."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What questions cost. Adding two adds everything; an unknown price makes the sum unknown."""

    calls: int = 0
    """Requests that reached a server, retries and repair turns included."""
    cached_calls: int = 0
    """Questions answered from the cache or a recording."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    price: Decimal | None = Decimal(0)
    """US dollars; None = unpriced."""

    def __add__(self, other: "Spent") -> "Spent":
        return replace(
            self,
            calls=self.calls + other.calls,
            cached_calls=self.cached_calls + other.cached_calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            price=None if self.price is None or other.price is None else self.price + other.price,
        )


@dataclass(frozen=True, slots=True)
class Reply(Generic[A]):
    """What became of a question: an answer exactly where the status is ok."""

    status: Status
    answer: A | None = None
    reason: str | None = None
    """In a few English words, for the memo and the log; never a key, never the report's text."""
    spent: Spent = field(default_factory=Spent)


class Asker(Protocol):
    """Whoever answers: a live model, a cache before it, a recording."""

    @property
    def name(self) -> str:
        """What stands in a review's `by` and `usage.model`."""

    async def ask(self, question: Ask[A]) -> Reply[A]:
        """Put one question. Never raises for what a model or a server does; ReviewerError for wrong set-up."""
