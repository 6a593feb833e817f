"""What the tests of the language-model client share: a small question, a connection to a scripted server, a fast clock."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr

from reviewer.llm import ladder
from reviewer.llm.asking import Ask, Message, Reply
from reviewer.llm.cache import AnswerCache
from reviewer.llm.client import Client
from reviewer.llm.connection import Connection, Profile, Rung
from reviewer.llm.limiter import Clock

KEY = "sk-very-secret-0123456789"
ALL_RUNGS = (Rung.JSON_SCHEMA, Rung.JSON_OBJECT, Rung.FENCED)


class Role(StrEnum):
    BUDGET = "budget"
    ACTUAL = "actual"


class Answer(BaseModel):
    """Ids and a role: what the prompts of the product ask for, in small."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ids: list[str]
    role: Role | None = None


GOOD = {"ids": ["q1"], "role": "budget"}


def only_q1(answer: Answer) -> tuple[str, ...]:
    wrong = [i for i in answer.ids if i != "q1"]
    return (f"没有这些编号：{'、'.join(wrong)}",) if wrong else ()


def question(text: str = "全年支出874.36万元。", **changes: Any) -> Ask[Answer]:
    messages = (Message("system", "你是复核员。"), Message("user", text))
    ask = Ask(task="label_figures", version="1", messages=messages, answer=Answer, check=only_q1)
    return replace(ask, **changes)


def connection(
    base_url: str, *, rungs: tuple[Rung, ...] = ALL_RUNGS, concurrency: int = 8, **changes: Any
) -> Connection:
    profile = Profile(name="scripted", rungs=rungs, concurrency=concurrency)
    # Short enough that a hanging server costs a test little, long enough for a busy machine.
    base = Connection("scripted-model", base_url, SecretStr(KEY), profile, connect_timeout=5, read_timeout=20)
    return replace(base, **changes)


def cents(prompt: int, completion: int) -> Decimal:
    """One US cent per token."""
    return Decimal(prompt + completion) / 100


@dataclass
class FastClock:
    """A clock on which waiting takes no time, and which knows how long one has waited."""

    time: float = 0.0
    waits: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.sleep)


@contextmanager
def nothing_known() -> Iterator[None]:
    """No rung is remembered: a port may be given to a second server."""
    ladder._working.clear()
    yield
    ladder._working.clear()


def asked(
    conn: Connection, *questions: Ask[Answer], cache: AnswerCache | None = None, clock: FastClock | None = None
) -> list[Reply[Answer]]:
    """Replies of a new client to these questions, put one after the other."""

    async def run() -> list[Reply[Answer]]:
        async with Client(conn, cache=cache, clock=(clock or FastClock()).clock) as client:
            return [await client.ask(q) for q in questions]

    with nothing_known():
        return asyncio.run(run())
