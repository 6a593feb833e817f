"""Asking a language model on behalf of a command: flags to a connection, a progress bar, what it cost."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.cli.output import tell
from reviewer.errors import UsageError

if TYPE_CHECKING:
    from reviewer.llm.asking import A, Ask, Asker, Reply
    from reviewer.llm.client import Client
    from reviewer.llm.connection import Connection
    from reviewer.schema import Review
    from reviewer.settings import Settings

_COMFORTABLE = 8000
"""Tokens of context below which little is left beside the instructions."""
_NOTE = "answers as the named model gave them"


@dataclass(frozen=True, slots=True)
class ModelFlags:
    """What the flags of a command say about a model."""

    model: str | None
    base_url: str | None
    narrative: bool
    max_cost: Decimal | None
    no_cache: bool
    record: Path | None = None
    replay: Path | None = None
    context_tokens: int | None = None
    threads: int | None = None

    def named(self) -> str | None:
        """The model that flags, environment or reviewer.toml name; None for an offline review.

        UsageError for flags that only make sense with a model, and for those that exclude each other.
        """
        if self.replay is not None:
            given = [("--model", self.model), ("--base-url", self.base_url), ("--record", self.record)]
            if excluded := [flag for flag, value in given if value is not None]:
                raise UsageError(
                    f"--replay asks no model; {', '.join(excluded)} cannot be honoured", hint=f"leave {excluded[0]} out"
                )
            return None
        from reviewer.llm.config import named_model
        from reviewer.llm.config_file import load_config

        name = named_model(self.model, os.environ, load_config(os.environ))
        if name is None:
            flags: dict[str, object] = {
                "--base-url": self.base_url,
                "--narrative": self.narrative,
                "--max-cost": self.max_cost,
            }
            flags |= {"--record": self.record, "--context-tokens": self.context_tokens, "--threads": self.threads}
            if idle := [flag for flag, value in flags.items() if value not in (None, False)]:
                raise UsageError(f"{idle[0]} needs a model", hint="add --model NAME")
        return name


class Announcing:
    """Says where a report goes before the first question leaves, also to those who want no summary."""

    def __init__(self, asker: "Asker", text: str) -> None:
        self._asker = asker
        self._text: str | None = text

    @property
    def name(self) -> str:
        return self._asker.name

    async def ask(self, question: "Ask[A]") -> "Reply[A]":
        if self._text is not None:
            tell(self._text)
            self._text = None
        return await self._asker.ask(question)


@contextmanager
def connected(flags: ModelFlags, chosen: "Settings") -> Iterator[tuple["Connection", "Settings", str]]:
    """The way to the named model, which is served meanwhile if it is a file; with it the settings that name it, and
    what a user should read before anything is sent."""
    from reviewer.llm.config import destination
    from reviewer.llm.local import opened

    with opened(
        flags.model,
        flags.base_url,
        environ=os.environ,
        context_tokens=flags.context_tokens,
        threads=flags.threads,
        max_cost=flags.max_cost,
    ) as connection:
        announced = f"the report's text goes to {destination(connection)}"
        context = connection.profile.context_tokens
        if context is not None and context < _COMFORTABLE:
            announced += (
                f"\nwarning: a context of {context:,} tokens hardly holds the instructions and an answer;"
                " sections may stay unread\nhint: give the model more of it and say so: context_tokens in reviewer.toml"
            )
        endpoint = connection.identity or connection.base_url
        yield connection, chosen.model_copy(update={"model": connection.model, "endpoint": endpoint}), announced


def review_with_model(reports: Sequence[str], flags: ModelFlags, settings: "Settings", *, quiet: bool) -> "Review":
    """Review with the named model, or with recorded answers; says on stderr what goes where."""
    chosen = settings.model_copy(update={"narrative": flags.narrative})
    if flags.replay is not None:
        from reviewer.llm.recording import Replayer

        replayer = Replayer(flags.replay)
        settings = chosen.model_copy(update={"model": replayer.name, "endpoint": "replay"})
        return _run(replayer, reports, settings, quiet=True, context_tokens=flags.context_tokens)

    with connected(flags, chosen) as (connection, settings, announced):
        review = _ask(connection, flags, reports, settings, quiet, announced)
    if not quiet:
        _report(review)
    return review


def _ask(
    connection: "Connection",
    flags: ModelFlags,
    reports: Sequence[str],
    settings: "Settings",
    quiet: bool,
    announced: str,
) -> "Review":
    from reviewer.llm.cache import AnswerCache
    from reviewer.llm.client import Client
    from reviewer.llm.recording import Recorder
    from reviewer.llm.tokens import counter

    cache = None if flags.no_cache else AnswerCache()
    try:
        client = Client(connection, cache=cache, count=counter(connection.model))
        asker: Asker = Announcing(client, announced)
        if flags.record is not None:
            asker = Recorder(asker, flags.record, note=_NOTE)
        context = connection.profile.context_tokens
        return _run(asker, reports, settings, quiet=quiet, client=client, context_tokens=context)
    finally:
        if cache is not None:
            cache.close()


def _run(
    asker: "Asker",
    reports: Sequence[str],
    settings: "Settings",
    *,
    quiet: bool,
    client: "Client | None" = None,
    context_tokens: int | None = None,
) -> "Review":
    import asyncio

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from reviewer.review import review_with

    console = Console(stderr=True)
    columns = (TextColumn("asking {task.fields[name]}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())

    async def asked() -> "Review":
        with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
            task = bar.add_task("", name=asker.name, total=None)

            def moved(answered: int, known: int) -> None:
                bar.update(task, completed=answered, total=known)

            async with client or nullcontext():
                return await review_with(asker, reports, settings, progress=moved, context_tokens=context_tokens)

    return asyncio.run(asked())


def _report(review: "Review") -> None:
    """What it cost, and what the model did not read."""
    usage = review.usage
    price = "unpriced" if usage.price is None else f"${usage.price}"
    tokens = f"{usage.prompt_tokens:,} + {usage.completion_tokens:,} tokens"
    tell(f"{usage.model}: {usage.calls} calls, {usage.cached_calls} from the cache, {tokens}, {price}")
    if usage.masked:
        tell(f"{usage.masked} telephone numbers, names or accounts were hidden from the model")
    unread = sum(count for status, count in review.coverage.sections.items() if status not in ("ok", "skipped"))
    if unread or review.coverage.gaps:
        parts = [f"{unread} sections"] * bool(unread) + [gap.split(":")[0] for gap in review.coverage.gaps]
        tell(f"warning: not answered by the model: {', '.join(parts)}; the memo says which and why")


def forecast(reports: Sequence[str], flags: ModelFlags, policy: str, *, partial: bool) -> str:
    """Calls, tokens and price of a review, before anything is sent; no key is needed."""
    from reviewer.llm.config import resolve
    from reviewer.llm.config_file import load_config
    from reviewer.llm.tokens import counter
    from reviewer.review import planned

    environ = os.environ
    found = resolve(flags.model, flags.base_url, environ=environ, config=load_config(environ))
    count = counter(found.model)
    asks = planned(reports, policy, partial=partial)
    totals: dict[str, Counter[str]] = {name: Counter() for name in (*dict.fromkeys(a.task for a in asks), "all")}
    for ask in asks:
        sent = sum(count(message.content) for message in ask.messages)
        for name in (ask.task, "all"):
            totals[name].update(calls=1, prompt=sent, answer=ask.parameters.max_tokens)
    lines = [f"{'prompt':<20} {'calls':>5} {'prompt tokens':>14} {'answer tokens, at most':>23}"]
    lines += [f"{name:<20} {n['calls']:>5} {n['prompt']:>14,} {n['answer']:>23,}" for name, n in totals.items()]
    prompt, answer = totals["all"]["prompt"], totals["all"]["answer"]
    least, most = (found.price(prompt, tokens) if found.price else None for tokens in (0, answer))
    price = "unpriced" if least is None or most is None else f"${least:.4f} for the prompts alone, ${most:.4f} at most"
    how = "counted" if count.is_exact else "estimated, on the high side"
    return "\n".join(
        [*lines, f"price: {price}", f"tokens are {how}; splitting, repairs, retries and --narrative add to it", ""]
    )
