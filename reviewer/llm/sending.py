"""Getting one request through: in its turn, within the budget, again after what may pass, and accounted for."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NoReturn

from reviewer.errors import ModelMisconfigured
from reviewer.llm.asking import Message, Parameters, Spent, Status
from reviewer.llm.budget import Budget, OverBudget
from reviewer.llm.connection import Connection
from reviewer.llm.failures import Meaning
from reviewer.llm.keys import key_hint
from reviewer.llm.limiter import Clock, Limiter
from reviewer.llm.retrying import Transient, retrying
from reviewer.llm.wire import Busy, Completion, Lost, NeverSent, Unanswered, Usage, Wire, endpoint

log = logging.getLogger("reviewer.llm")

Count = Callable[[str], int]
"""Tokens a text takes; rather too many than too few, since the cap on cost is held by it."""

COST_CAP = "cost cap"
"""Why a question failed that could have cost more than what is left."""
# Tokens around each message.
_FRAME = 8
# DeepSeek ends a reply with it, under status 200, when it runs out of machines.
_OUT_OF_MACHINES = "insufficient_system_resource"


def most_tokens(text: str) -> int:
    """More tokens than a text can take: a token is a byte at least."""
    return len(text.encode())


class Ended(Exception):
    """The question is over without an answer."""

    def __init__(self, status: Status, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Declined(Ended):
    """The model itself declined, in `words`; no filter of the provider's."""

    def __init__(self, words: str) -> None:
        super().__init__(Status.REFUSED, "the model declined to answer")
        self.words = words


class FormRefused(Exception):
    """The server does not take this form of answer; another one may do."""


@dataclass(slots=True)
class Account:
    """What one question has cost so far, and how often it may still be tried again."""

    retries: int
    key: str
    """Makes the waits of this question its own, and the same each time."""
    spent: Spent = field(default_factory=Spent)


class Sender:
    """Sends requests over one connection. Belongs to one event loop."""

    def __init__(self, connection: Connection, count: Count, clock: Clock) -> None:
        self._connection = connection
        self._count = count
        self._clock = clock
        self._wire = Wire(connection)
        self._limiter = Limiter(connection.profile.concurrency, clock=clock)
        self._budget = Budget(connection.max_cost)
        self._answered = False

    async def aclose(self) -> None:
        """Close the connections to the server."""
        await self._wire.aclose()

    def open(self) -> None:
        """Load what a request needs; the first one does it otherwise. In any thread."""
        self._wire.open()

    async def send(
        self,
        messages: tuple[Message, ...],
        parameters: Parameters,
        response_format: dict[str, Any] | None,
        account: Account,
    ) -> Completion:
        """A completion, whatever it says.

        Ended where none is to be had, FormRefused where the server does not take `response_format`, and
        ModelMisconfigured where key, model name or address are wrong.
        """
        worst = self._worst(messages, parameters, response_format)

        async def attempt() -> Completion:
            return await self._attempt(messages, parameters, response_format, account, worst)

        try:
            return await retrying(
                attempt,
                retries=account.retries,
                max_wait=self._connection.max_wait,
                seed=account.key,
                sleep=self._clock.sleep,
            )
        except Transient as failure:
            reason = failure.reason
        except OverBudget:
            reason = COST_CAP
        except Unanswered as no:
            self._unanswered(no, response_format)
        raise Ended(Status.FAILED, reason)

    async def _attempt(
        self,
        messages: tuple[Message, ...],
        parameters: Parameters,
        response_format: dict[str, Any] | None,
        account: Account,
        worst: Decimal,
    ) -> Completion:
        async with self._limiter.slot() as burst, self._budget.reserve(worst) as due:
            try:
                completion = await self._wire.complete(messages, parameters, response_format)
            except (Transient, Unanswered) as failure:
                if not isinstance(failure, Lost):
                    due.cost = Decimal(0)
                if not isinstance(failure, NeverSent):
                    # What was lost on its way back may have been charged for.
                    account.spent += Spent(calls=1, price=None if isinstance(failure, Lost) else Decimal(0))
                if isinstance(failure, Busy):
                    self._limiter.throttled(burst, failure.retry_after)
                if isinstance(failure, Transient):
                    account.retries = max(0, account.retries - 1)
                    log.info("%s: %s", self._connection.model, failure.reason)
                raise
            due.cost = self._price(completion.usage)
            account.spent += _spent(completion.usage, due.cost)
            if completion.finish_reason == _OUT_OF_MACHINES:
                account.retries = max(0, account.retries - 1)
                raise Transient("the server ran out of resources")
            self._limiter.succeeded()
            self._answered = True
            return completion

    def _price(self, usage: Usage | None) -> Decimal | None:
        if usage is None or self._connection.price is None:
            return None
        return self._connection.price(usage.prompt_tokens, usage.completion_tokens)

    def _worst(
        self, messages: tuple[Message, ...], parameters: Parameters, response_format: dict[str, Any] | None
    ) -> Decimal:
        if self._connection.max_cost is None:
            return Decimal(0)
        # Some providers count the schema as part of the prompt.
        texts = (*(message.content for message in messages), str(response_format or ""))
        prompt = sum(self._count(text) + _FRAME for text in texts)
        return self._price(Usage(prompt, parameters.max_tokens)) or Decimal(0)

    def _unanswered(self, no: Unanswered, response_format: dict[str, Any] | None) -> NoReturn:
        model, address = self._connection.model, endpoint(self._connection.base_url)
        if self._answered and no.meaning in (Meaning.KEY, Meaning.MODEL, Meaning.ADDRESS):
            # The set-up is right, since others were answered: something between here and the model minds this question.
            raise Ended(Status.FAILED, f"{no}") from None
        match no.meaning:
            case Meaning.FORMAT if response_format is not None:
                raise FormRefused from None
            case Meaning.TOO_LONG:
                raise Ended(Status.TRUNCATED, no.meaning.value) from None
            case Meaning.FILTERED:
                raise Ended(Status.REFUSED, no.meaning.value) from None
            case Meaning.KEY:
                raise ModelMisconfigured(
                    f"{address} does not accept the key for {model} (HTTP {no.status})",
                    hint=f"check {key_hint(self._connection.base_url)}",
                ) from None
            case Meaning.MODEL:
                raise ModelMisconfigured(
                    f"{address} knows no model {model} (HTTP {no.status})",
                    hint="check --model against the names the provider lists",
                ) from None
            case Meaning.ADDRESS:
                raise ModelMisconfigured(
                    f"{address} does not answer questions to a model (HTTP {no.status})",
                    hint="check --base-url; most end in /v1",
                ) from None
            case _:
                raise Ended(Status.FAILED, str(no)) from None


def _spent(usage: Usage | None, cost: Decimal | None) -> Spent:
    if usage is None:
        return Spent(calls=1, price=None)
    return Spent(1, 0, usage.prompt_tokens, usage.completion_tokens, cost)
