"""The command `reviewer batch`."""

import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from reviewer.cli.model import Announcing, ModelFlags, connected
from reviewer.cli.options import (
    BaseUrlOption,
    FailOn,
    FailOnOption,
    Lang,
    LangOption,
    MaxCostOption,
    ModelOption,
    NarrativeOption,
    NoCacheOption,
    PartialOption,
    PolicyOption,
    QuietOption,
)
from reviewer.cli.output import show, tell
from reviewer.cli.progress import progress, span
from reviewer.errors import UsageError

if TYPE_CHECKING:
    from reviewer.batch.engines import Engine, Limits
    from reviewer.batch.records import Result
    from reviewer.batch.run_record import RunRecord, Totals
    from reviewer.batch.working import Work
    from reviewer.llm.client import Client
    from reviewer.llm.connection import Connection
    from reviewer.settings import Settings

_INTERRUPTED, _INCOMPLETE = 130, 3
_SECONDS, _SECONDS_WITH_MODEL = 600.0, 3600.0
_LONGEST = 10_000_000.0
"""Seconds: four months; clocks of processes count no further than some more."""
_JOBS_WITH_MODEL = 8
_MEMORY, _LEAST_MEMORY = 2048, 256


@dataclass(frozen=True, slots=True)
class _Ways:
    """How the work is to be done, as the flags say."""

    engine: Literal["local", "ray"]
    ray_address: str | None
    jobs: int | None
    timeout: float | None
    max_memory: int | None
    memo: bool


def review_batch(
    path: Annotated[
        list[str],
        typer.Argument(metavar="PATH", help="Reports, folders of reports, or a manifest (.csv, .jsonl)."),
    ],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the results go.")],
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", min=1, help="Reports at a time, by default one per core; 8 with a model."),
    ] = None,
    engine: Annotated[
        Literal["local", "ray"], typer.Option("--engine", help="Processes of this machine, or a ray cluster.")
    ] = "local",
    ray_address: Annotated[
        str | None, typer.Option("--ray-address", metavar="ADDRESS", help="The ray cluster, by default one made here.")
    ] = None,
    glob: Annotated[
        str | None,
        typer.Option("--glob", metavar="PATTERN", help="Which files of a folder, by default all that can be read."),
    ] = None,
    dossiers: Annotated[
        bool,
        typer.Option(
            "--dossiers", help="The files of a folder are one report and what was handed in with it: one review."
        ),
    ] = False,
    memo: Annotated[
        Literal["md", "none"], typer.Option("--memo", help="Write a memo of each report as well.")
    ] = "none",
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Review at most so many reports now.")] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Review again what failed or what a model left unread.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the results in the folder and start over.")] = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout",
            min=1,
            max=_LONGEST,
            metavar="SECONDS",
            help="For one report, by default 600; 3600 with a model.",
        ),
    ] = None,
    max_memory: Annotated[
        int | None,
        typer.Option("--max-memory", min=0, metavar="MIB", help="For one report, by default 2048; 0 for no limit."),
    ] = None,
    lang: LangOption = "zh",
    policy: PolicyOption = "generic",
    readable: PartialOption = False,
    fail_on: FailOnOption = "never",
    quiet: QuietOption = False,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    narrative: NarrativeOption = False,
    max_cost: MaxCostOption = None,
    no_cache: NoCacheOption = False,
) -> int:
    """Review many reports; the same command goes on where it was stopped.

    Prints where the results are. Exit codes: 0 all reviewed, 1 findings at or above --fail-on, 2 unusable input or
    flags, 3 reports that failed or were left out at the cost cap, 130 interrupted.
    """
    flags = ModelFlags(model, base_url, narrative, max_cost, no_cache)
    ways = _Ways(engine, ray_address, jobs, timeout, max_memory, memo == "md")

    from reviewer.batch.driver import Batch, fingerprint, run
    from reviewer.batch.sources import Plan
    from reviewer.settings import Settings

    out = Path(output)
    with _engine(flags, ways, Settings(lang=lang, policy=policy, partial=readable, narrative=narrative)) as (
        found,
        settings,
        limits,
    ):
        batch = Batch(
            plan=Plan(tuple(path), out, glob, dossiers),
            out=out,
            fingerprint=fingerprint(settings, memo=ways.memo),
            command=_command(),
            engine=engine if settings.model is None else "model",
            jobs=limits.jobs,
            retry_failed=retry_failed,
            fresh=fresh,
            limit=limit,
        )
        record = run(batch, found, progress(quiet=quiet), partial(_summarised, lang))
    show(f"{out / 'results.jsonl'}\n")
    if not quiet:
        for line in _summary(record):
            tell(line)
    return _exit_code(record, fail_on)


def _summarised(lang: Lang, out: Path, results: "Callable[[], Iterator[Result]]", record: "RunRecord") -> None:
    """The workbook and the page, for those who read the results."""
    from reviewer import __version__
    from reviewer.batch.summary import RunFacts, write_summaries

    first, last = record.runs[0], record.runs[-1]
    facts = RunFacts(
        version=__version__,
        command=last.command,
        begun=first.begun,
        ended=last.ended,
        planned=record.totals.reports,
        fingerprint=dict(record.fingerprint),
    )
    write_summaries(out, results, facts, lang)


@contextmanager
def _engine(flags: ModelFlags, ways: _Ways, chosen: "Settings") -> Iterator[tuple["Engine", "Settings", "Limits"]]:
    """Who does the work, under which settings; a model is at hand until the block is left."""
    from reviewer.batch.engines import Limits, engine_for
    from reviewer.batch.with_model import ModelEngine
    from reviewer.batch.working import Work

    if ways.ray_address is not None and ways.engine != "ray":
        raise UsageError("--ray-address needs --engine ray", hint="add --engine ray, or leave it out")
    if 0 < (ways.max_memory or 0) < _LEAST_MEMORY:
        raise UsageError(f"--max-memory {ways.max_memory} is too little to review anything", hint="give 256 or more")
    if flags.named() is None:
        memory = _MEMORY if ways.max_memory is None else ways.max_memory or None
        limits = Limits(ways.jobs or _cores(), ways.timeout or _SECONDS, memory)
        yield engine_for(ways.engine, Work(chosen, ways.memo), limits, address=ways.ray_address), chosen, limits
        return
    if ways.max_memory is not None:
        raise UsageError("--max-memory is for offline reviews; a model is asked by one process", hint="leave it out")
    limits = Limits(ways.jobs or _JOBS_WITH_MODEL, ways.timeout or _SECONDS_WITH_MODEL)
    with connected(flags, chosen) as (connection, settings, announced):
        work = Work(settings, ways.memo)
        if ways.engine == "ray":
            yield _asking_cluster(flags, ways, work, limits, connection, announced), settings, limits
            return
        with _client(flags, connection) as client:
            asker = Announcing(client, announced)
            context = connection.profile.context_tokens
            yield ModelEngine(work, limits, asker, client=client, context_tokens=context), settings, limits


@contextmanager
def _client(flags: ModelFlags, connection: "Connection") -> Iterator["Client"]:
    """One way to the model for all reports."""
    from reviewer.llm.cache import AnswerCache
    from reviewer.llm.client import Client
    from reviewer.llm.tokens import counter

    cache = None if flags.no_cache else AnswerCache()
    try:
        yield Client(connection, cache=cache, count=counter(connection.model))
    finally:
        if cache is not None:
            cache.close()


def _asking_cluster(
    flags: ModelFlags, ways: _Ways, work: "Work", limits: "Limits", connection: "Connection", announced: str
) -> "Engine":
    """Workers that ask the model themselves, each with its own key, pace and cache."""
    from reviewer.batch.engines import Asking, engine_for

    if flags.max_cost is not None:
        raise UsageError(
            "--max-cost cannot be held by many machines", hint="leave it out, or let one process ask: --engine local"
        )
    if connection.identity is not None:
        raise UsageError("a model file is served on one machine only", hint="use --engine local")
    tell(announced)
    asking = Asking(work, flags.model, flags.base_url, flags.no_cache)
    return engine_for(ways.engine, asking, limits, address=ways.ray_address)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _command() -> str:
    """What goes on with this batch when it is given again: the command, without what would start over."""
    words = (word.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") for word in sys.argv[1:])
    return shlex.join(["reviewer", *(word for word in words if word != "--fresh")])


def _summary(record: "RunRecord") -> Iterator[str]:
    """What came of it, what is left and how to go on; for people."""
    totals, last = record.totals, record.runs[-1]
    found = f"{totals.with_errors:,} with errors, {totals.with_warnings - totals.with_errors:,} with warnings at most"
    now = f"{last.reviewed + last.failed:,} in {span(last.seconds or 0)}, {last.skipped:,} known before"
    yield f"{totals.reports:,} reports: {totals.reviewed:,} reviewed, {totals.failed:,} failed · {found} · {now}"
    if totals.calls or totals.cached_calls:
        price = "unpriced" if totals.price is None else f"${totals.price}"
        tokens = f"{totals.prompt_tokens:,} + {totals.completion_tokens:,} tokens"
        yield f"{totals.calls:,} calls, {totals.cached_calls:,} from the cache, {tokens}, {price}"
    yield from _warnings(totals)
    if totals.left:
        why = {"stopped": f" ({last.reason})", "limit": " (--limit)", "interrupted": " (interrupted)"}
        yield f"{totals.left:,} reports are left{why.get(last.how or '', '')}"
        again = "with a higher --max-cost" if last.how == "stopped" else "by the same command"
        yield f"hint: go on {again}: {last.command}"


def _warnings(totals: "Totals") -> Iterator[str]:
    if totals.failed:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in totals.failures.items())
        yield f"warning: {totals.failed:,} reports failed: {kinds}"
        yield "hint: results.jsonl has the reason of each; --retry-failed tries them again"
    if totals.unread:
        yield f"warning: of {totals.unread:,} reports the model left something unread; --retry-failed asks again"
    if totals.others:
        yield f"{totals.others:,} earlier results are of reports not named now; they stay at the end of results.jsonl"


def _exit_code(record: "RunRecord", fail_on: FailOn) -> int:
    totals, how = record.totals, record.runs[-1].how
    if how == "interrupted":
        return _INTERRUPTED
    if totals.failed or how == "stopped":
        return _INCOMPLETE
    grave = {"error": totals.with_errors, "warning": totals.with_warnings, "never": 0}[fail_on]
    return 1 if grave else 0
