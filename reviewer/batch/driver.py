"""A batch on one screen: what is asked for, less what is done, goes to an engine; what comes back is recorded."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Literal, Protocol

from reviewer import __version__
from reviewer.batch.engines import Engine
from reviewer.batch.records import Job, Result, Status
from reviewer.batch.run_record import Run, RunRecord
from reviewer.batch.sources import Plan
from reviewer.batch.store import Store
from reviewer.batch.totals import total
from reviewer.errors import ReviewerError, UsageError
from reviewer.settings import Settings

__all__ = ["Batch", "Progress", "Summarise", "Tally", "fingerprint", "run"]

How = Literal["complete", "limit", "interrupted", "stopped"]
Summarise = Callable[[Path, Callable[[], Iterator[Result]], RunRecord], None]
"""Writes what people read: (folder, the outcomes of the reports that were asked for, how they came about)."""
_ONCE = b"\nstopping: the reports under way are being finished; Ctrl-C again stops at once\n"


@dataclass(frozen=True, slots=True)
class Batch:
    """What is asked for."""

    plan: Plan
    out: Path
    fingerprint: dict[str, str]
    command: str
    """As the user wrote it."""
    engine: str
    jobs: int
    retry_failed: bool = False
    fresh: bool = False
    limit: int | None = None
    """At most so many reports in this run."""


@dataclass(slots=True)
class Tally:
    """Where a run stands."""

    reports: int
    skipped: int = 0
    reviewed: int = 0
    failed: int = 0
    calls: int = 0
    tokens: int = 0
    price: Decimal | None = Decimal(0)
    """US dollars; None where one is unknown."""
    asks_a_model: bool = False
    begun: float = field(default_factory=time.perf_counter)

    @property
    def finished(self) -> int:
        """Reports of this run."""
        return self.reviewed + self.failed

    @property
    def left(self) -> int:
        return max(0, self.reports - self.skipped - self.finished)

    @property
    def rate(self) -> float | None:
        """Reports per second; None before the first."""
        passed = time.perf_counter() - self.begun
        return self.finished / passed if self.finished and passed > 0 else None

    def count(self, result: Result) -> None:
        """One more report."""
        if result.status is Status.REVIEWED:
            self.reviewed += 1
        else:
            self.failed += 1
        if (spent := result.spent) is not None:
            self.asks_a_model = True
            self.calls += spent.calls
            self.tokens += (spent.prompt_tokens + spent.completion_tokens) if spent.calls else 0
            known = self.price is not None and spent.price is not None
            self.price = (self.price or Decimal(0)) + Decimal(spent.price or 0) if known else None


class Progress(Protocol):
    """Shows where a run stands."""

    def show(self, tally: Tally) -> None:
        """Called when something has changed."""


def fingerprint(settings: Settings, *, memo: bool) -> dict[str, str]:
    """Everything a review depends on beside its report. UsageError for a policy that cannot be used."""
    from reviewer import checks, lexicon, policies
    from reviewer.llm.cache import digest
    from reviewer.llm.prompts import load, names

    prompts = digest({name: load(name).sha256 for name in names()})[:16]
    return {
        "version": __version__,
        "rules": checks.fingerprint(),
        "lexicon": lexicon.fingerprint(),
        "policy": f"{settings.policy} {policies.load_policy(settings.policy).sha256}",
        "lang": settings.lang,
        "model": settings.model or "none",
        "endpoint": settings.endpoint or "none",
        "prompts": prompts if settings.model else "none",
        "narrative": "yes" if settings.narrative else "no",
        "memo": "md" if memo else "none",
    }


def run(
    batch: Batch,
    engine: Engine,
    progress: AbstractContextManager[Progress],
    summarise: Summarise | None = None,
) -> RunRecord:
    """Review what has no outcome yet; the last of the record's runs says how it ended.

    ReviewerError before anything is reviewed where something is wrong with the paths or the folder, and later where
    the disk or the model is.
    """
    order = dict.fromkeys(job.id for job in batch.plan.jobs())
    if not order:
        raise UsageError(
            f"no report in {', '.join(batch.plan.paths)}", hint="name files, or say which files are meant with --glob"
        )
    with Store.opened(batch.out, batch.fingerprint, fresh=batch.fresh) as store:
        begun = Run(command=batch.command, engine=batch.engine, jobs=batch.jobs, begun=_now())
        store.begin(begun)
        tally = Tally(len(order))
        how: How
        wrong: ReviewerError | None = None
        try:
            how, reason = _reviewed(batch, store, engine, progress, tally), engine.stopped
        except ReviewerError as error:
            how, reason, wrong = "stopped", error.message, error
        store.settle(order)
        totals = total(store.results.results(order), reports=len(order), recorded=len(store.results))
        ended = begun.model_copy(
            update={
                "ended": _now(),
                "seconds": round(time.perf_counter() - tally.begun, 3),
                "how": "complete" if how == "limit" and not totals.left else how,
                "reason": reason,
                "reviewed": tally.reviewed,
                "failed": tally.failed,
                "skipped": tally.skipped,
            }
        )
        record = store.end(ended, totals)
        if wrong is not None:
            raise wrong
        if summarise is not None and how != "interrupted":
            summarise(batch.out, lambda: store.results.results(order), record)
        return record


def _reviewed(
    batch: Batch, store: Store, engine: Engine, progress: AbstractContextManager[Progress], tally: Tally
) -> How:
    """Everything that is to be done, done and recorded; how it ended."""
    stop = _Stop()
    try:
        with stop.on_interrupt(), progress as shown:
            try:
                for done in engine.run(_pending(batch, store, stop, tally)):
                    tally.count(store.keep(done))
                    shown.show(tally)
            finally:
                engine.close()
    except KeyboardInterrupt:
        return "interrupted"
    if stop.asked:
        return "interrupted"
    if engine.stopped is not None:
        return "stopped"
    return "complete" if batch.limit is None else "limit"


def _pending(batch: Batch, store: Store, stop: "_Stop", tally: Tally) -> Iterator[Job]:
    """The reports that are still to be reviewed, found as they are drawn."""
    drawn = 0
    for job in batch.plan.jobs():
        if stop.asked or drawn == batch.limit:
            return
        if store.is_done(job, retry_failed=batch.retry_failed):
            tally.skipped += 1
        else:
            drawn += 1
            yield job


class _Stop:
    """Ctrl-C: once, no further report is begun; twice, everything ends at once."""

    def __init__(self) -> None:
        self.asked = False

    @contextmanager
    def on_interrupt(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, self._interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        # Not by print: the handler may have come in the middle of one. Where nobody reads, nothing is lost.
        with suppress(OSError):
            os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, _ONCE)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
