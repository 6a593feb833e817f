"""A language model behind an OpenAI-compatible server, as an Asker."""

import asyncio
import logging
from dataclasses import replace
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

from reviewer.errors import ModelMisconfigured
from reviewer.llm.asking import A, Ask, Message, Reply, Spent, Status
from reviewer.llm.cache import AnswerCache, cache_key
from reviewer.llm.connection import Connection, Rung
from reviewer.llm.failures import Meaning
from reviewer.llm.keys import key_hint
from reviewer.llm.ladder import Ladder, messages_for, response_format
from reviewer.llm.limiter import Clock
from reviewer.llm.parsing import Fault, Parsed, parse, repair
from reviewer.llm.sending import Account, Count, Ended, FormRefused, Sender, most_tokens
from reviewer.llm.wire import check_address, endpoint

log = logging.getLogger("reviewer.llm")

# Why a reply ended, as servers put it: the first of OpenAI, the others of GLM.
_CUT_OFF = frozenset(("length", "model_context_window_exceeded"))
_FILTERED = frozenset(("content_filter", "sensitive"))


class Client:
    """Asks one model. Use it as `async with Client(connection, cache=…) as client`, in one event loop.

    `ask` raises ModelMisconfigured where key, model name or address are wrong, and nothing else: what a model or a
    server does ends in the reply's status. The same question asked twice at once is put once.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        cache: AnswerCache | None = None,
        count: Count = most_tokens,
        clock: Clock | None = None,
    ) -> None:
        """`count` says how many tokens a text takes, for the cap on cost.

        ModelMisconfigured for an address or key that can be none, and for a cap on cost where the price is unknown.
        """
        _check(connection)
        self._connection = connection
        self._cache = cache
        self._sender = Sender(connection, count, clock or Clock())
        place = connection.identity or endpoint(connection.base_url)
        self._ladder = Ladder(place, connection.model, connection.profile.rungs, cache)
        self._asked: dict[str, asyncio.Future[Reply[Any] | None]] = {}
        self._opening: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        """The model's name."""
        return self._connection.model

    async def __aenter__(self) -> Self:
        # The library takes a second to load: long enough to read a report in the meantime.
        self._opening = asyncio.create_task(asyncio.to_thread(self._sender.open))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections to the server."""
        await self._ready()
        await self._sender.aclose()

    async def _ready(self) -> None:
        """Wait for what entering the client began, wherever it is under way."""
        if self._opening is not None:
            await asyncio.shield(self._opening)

    async def ask(self, question: Ask[A]) -> Reply[A]:
        """Put one question: to the cache, then to the model.

        OK with a `reason` is an answer in which `question.check` still found fault after the repair turn. What comes
        from the cache costs nothing and tells the tokens it took when it was made.
        """
        key = cache_key(self._connection, question)
        while (asked := self._asked.get(key)) is not None:
            # Shielded: who stops waiting must not stop whoever else waits.
            if (reply := await asyncio.shield(asked)) is not None:
                return replace(reply, spent=_shared(reply))
        asked = self._asked[key] = asyncio.get_running_loop().create_future()
        outcome: Reply[A] | None = None
        try:
            outcome = await self._once(key, question)
            return outcome
        finally:
            # Nothing, of a question that was cancelled or could not be put, makes the next in line ask for itself.
            del self._asked[key]
            asked.set_result(outcome)

    async def _once(self, key: str, question: Ask[A]) -> Reply[A]:
        if self._cache is not None and (known := self._cache.get(key, question)) is not None:
            return known
        await self._ready()
        account = Account(self._connection.retries, key)
        try:
            parsed = await self._descend(question, account)
        except Ended as ended:
            log.info("%s v%s: %s: %s", question.task, question.version, ended.status, ended.reason)
            return Reply(ended.status, reason=ended.reason, spent=account.spent)
        reply = Reply(Status.OK, parsed.answer, _left(parsed), account.spent)
        if self._cache is not None and reply.reason is None:
            self._cache.put(key, reply)
        return reply

    async def _descend(self, question: Ask[A], account: Account) -> Parsed[A]:
        """An answer from the highest rung that gives one."""
        rung = self._ladder.start()
        why: str | None = None
        while True:
            below = self._ladder.below(rung)
            try:
                parsed = await self._on_rung(rung, question, account)
            except FormRefused:
                if below is None:
                    raise Ended(Status.FAILED, Meaning.FORMAT.value) from None
                rung, why = below, Meaning.FORMAT.value
                self._ladder.keep(rung, why)
                continue
            if parsed.answer is not None:
                if why is not None:
                    self._ladder.keep(rung, why)
                return parsed
            if parsed.fault is not Fault.NOT_JSON or below is None:
                raise Ended(Status.FAILED, str(parsed.fault))
            # Kept only once the lower rung has done better: a model may babble on any.
            rung, why = below, "no JSON came back, twice"

    async def _on_rung(self, rung: Rung, question: Ask[A], account: Account) -> Parsed[A]:
        """One answer on this rung, after one repair turn if it needs one."""
        content = await self._content(rung, question, question.messages, account)
        first = parse(content, question)
        if first.fault is None:
            return first
        log.info("%s v%s: %s; one repair turn", question.task, question.version, first.fault)
        turns = (*question.messages, *repair(content, first))
        try:
            second = parse(await self._content(rung, question, turns, account), question)
        except Ended:
            if first.answer is None:
                raise
            return first
        # An answer with a few wrong ids is worth more than the repair that broke it.
        return first if second.answer is None and first.answer is not None else second

    async def _content(
        self, rung: Rung, question: Ask[A], messages: tuple[Message, ...], account: Account
    ) -> str | None:
        """The text of a reply that was neither cut off nor refused; Ended for every other."""
        parameters = question.parameters
        if (context := self._connection.profile.context_tokens) is not None:
            # A limit that leaves no room for the question is refused by some servers.
            parameters = replace(parameters, max_tokens=min(parameters.max_tokens, context // 2))
        if parameters.seed is not None:
            # With the same seed, every epoch would get the same answer.
            parameters = replace(parameters, seed=parameters.seed + question.epoch)
        completion = await self._sender.send(
            messages_for(rung, messages, question.answer),
            parameters,
            response_format(rung, question.answer),
            account,
        )
        if completion.finish_reason in _CUT_OFF:
            raise Ended(Status.TRUNCATED, "the answer was cut off at the length limit")
        if completion.finish_reason in _FILTERED:
            raise Ended(Status.REFUSED, Meaning.FILTERED.value)
        if completion.refusal:
            raise Ended(Status.REFUSED, "the model declined to answer")
        return completion.content


def _check(connection: Connection) -> None:
    check_address(connection.base_url)
    key = connection.api_key.get_secret_value()
    if not (key.isascii() and key.isprintable() and " " not in key):
        # The HTTP library would quote the key in its complaint.
        raise ModelMisconfigured(
            "the key holds a character that no key has", hint=f"check {key_hint(connection.base_url)}"
        )
    if connection.max_cost is not None and (connection.price is None or connection.price(1, 1) is None):
        raise ModelMisconfigured(
            f"a cap on cost cannot be held: the price of {connection.model} is unknown",
            hint="leave the cap out, or name a model whose price is known",
        )


def _left(parsed: Parsed[A]) -> str | None:
    if not parsed.wrong:
        return None
    many = "1 complaint is" if len(parsed.wrong) == 1 else f"{len(parsed.wrong)} complaints are"
    return f"{many} left after one repair turn"


def _shared(reply: Reply[A]) -> Spent:
    """What a reply costs those who asked the same at the same time: the one who asked first has paid."""
    if reply.answer is None:
        return Spent()
    return replace(reply.spent, calls=0, cached_calls=1, price=Decimal(0))
