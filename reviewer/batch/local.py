"""Processes of this machine, one report each at a time. One that dies takes nothing along but its report.

The pool is our own because that of the standard library is broken as a whole when one of its processes dies, and has
no limits of time and memory per report.
"""

import signal
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from reviewer.batch.engines import Limits, Worker
from reviewer.batch.records import Failure, FailureKind, Job
from reviewer.batch.serving import READY, serve
from reviewer.batch.working import Done, failed, timed_out
from reviewer.errors import UsageError

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

__all__ = ["LocalEngine"]

_STARTING = 120.0
"""Seconds for a process to load the program; a busy machine needs many."""
_STARTS = 3
_ENDING = 5.0
# Fresh processes: no state, lock or thread of this one is copied into them.
_CONTEXT = get_context("spawn")


class LocalEngine:
    """A pool of processes; see `Engine`."""

    stopped: str | None = None

    def __init__(self, work: Worker, limits: Limits) -> None:
        self._work = work
        self._limits = limits
        self._workers: list[_Process] = []
        self._false_starts = 0

    def run(self, jobs: Iterable[Job]) -> Iterator[Done]:
        """See `Engine`. A report whose process dies is given to another one, once."""
        coming = _Queue(jobs)
        try:
            while self._busy(coming):
                yield from self._collected(coming)
        finally:
            self.close()

    def one(self, job: Job) -> Done:
        """The outcome of one report. Its process stays for the next one, until the engine is closed."""
        coming = _Queue([job])
        while self._busy(coming):
            for done in self._collected(coming):
                return done
        raise AssertionError("a job that was drawn has an outcome")

    def close(self) -> None:
        """See `Engine`."""
        for worker in self._workers:
            worker.let_go()
        while self._workers:
            self._workers.pop().end()

    def _busy(self, coming: "_Queue") -> bool:
        """Give every process that is free a report, while there are any; whether one is at work then."""
        for worker in [w for w in self._workers if w.is_gone or (w.job is None and w.is_dead())]:
            self._workers.remove(worker)
            worker.let_go()
            worker.end()
        free = [worker for worker in self._workers if worker.job is None]
        while free or len(self._workers) < self._limits.jobs:
            if (job := coming.draw()) is None:
                break
            if not free:
                free.append(_Process(self._work, self._limits))
                self._workers.append(free[0])
            free.pop().give(job, self._limits.seconds)
        return any(worker.job is not None for worker in self._workers)

    def _collected(self, coming: "_Queue") -> list[Done]:
        """What is ready next; waits for it. Free processes have new reports when this returns."""
        at_work = [worker for worker in self._workers if worker.job is not None]
        first = min(worker.deadline for worker in at_work)
        ready = wait([w.pipe for w in at_work], timeout=max(0.0, first - time.perf_counter()))
        found = [done for worker in at_work if (done := self._looked_after(worker, worker.pipe in ready, coming))]
        self._busy(coming)
        return found

    def _looked_after(self, worker: "_Process", is_ready: bool, coming: "_Queue") -> Done | None:
        """The outcome of a process's report, if there is one now."""
        assert worker.job is not None
        if is_ready:
            try:
                return worker.receive(self._limits.seconds)
            except (EOFError, OSError):
                return self._died(worker, worker.job, coming)
        if time.perf_counter() < worker.deadline:
            return None
        worker.kill()
        if not worker.is_ready:
            return self._died(worker, worker.job, coming)
        return failed(worker.job, timed_out(self._limits.seconds), worker.begun)

    def _died(self, worker: "_Process", job: Job, coming: "_Queue") -> Done | None:
        code = worker.ended()
        if not worker.is_ready:
            self._false_starts += 1
            if self._false_starts >= _STARTS:
                raise UsageError(
                    f"a process to review reports in cannot be started ({_ending(code)})",
                    hint="give it more with --max-memory, or run fewer at a time with --jobs",
                )
            coming.back(job)
            return None
        self._false_starts = 0
        if not worker.has_begun:
            coming.back(job)
            return None
        if coming.is_again(job):
            return failed(job, _crashed(code), worker.begun)
        coming.again(job)
        return None


class _Queue:
    """Jobs to do: those to be done again first, the others as they are found."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._jobs = iter(jobs)
        self._returned: deque[Job] = deque()
        self._again: set[str] = set()

    def draw(self) -> Job | None:
        return self._returned.popleft() if self._returned else next(self._jobs, None)

    def back(self, job: Job) -> None:
        """The job was not begun."""
        self._returned.append(job)

    def again(self, job: Job) -> None:
        """The job is begun a second time."""
        self._again.add(job.id)
        self._returned.append(job)

    def is_again(self, job: Job) -> bool:
        return job.id in self._again


class _Process:
    """One process and the report it is at."""

    def __init__(self, work: Worker, limits: Limits) -> None:
        self.pipe, theirs = _CONTEXT.Pipe()
        self._process: SpawnProcess = _CONTEXT.Process(
            target=serve, args=(theirs, work, limits), name="reviewer-batch", daemon=True
        )
        with _interrupts_held():
            self._process.start()
        theirs.close()
        self.is_ready = False
        self.is_gone = False
        self.has_begun = True
        """Whether the report reached it."""
        self.job: Job | None = None
        self.begun = time.perf_counter()
        self.deadline = self.begun + _STARTING

    def is_dead(self) -> bool:
        """Whether it has ended, by whatever hand."""
        return not self._process.is_alive()

    def give(self, job: Job, seconds: float) -> None:
        """Hand it a report; its time runs from when the process is ready."""
        self.job = job
        if self.is_ready:
            self._started(seconds)
        try:
            self.pipe.send(job)
        except OSError:
            # It has died in this very moment, which the pipe will say when it is read.
            self.has_begun = False

    def _started(self, seconds: float) -> None:
        self.begun = time.perf_counter()
        self.deadline = self.begun + seconds

    def receive(self, seconds: float) -> Done | None:
        """What it says: that it is ready (None), or an outcome. EOFError or OSError where it is dead."""
        said = self.pipe.recv()
        if said == READY:
            self.is_ready = True
            self._started(seconds)
            return None
        done, self.is_gone = said
        self.job = None
        assert isinstance(done, Done)
        return done

    def kill(self) -> None:
        """End it at once."""
        self.is_gone = True
        self._process.kill()

    def ended(self) -> int | None:
        """How it ended: an exit code, or a signal as a negative number."""
        self.is_gone = True
        self._process.join(_ENDING)
        return self._process.exitcode

    def let_go(self) -> None:
        """Have it end: at once where it is at work, else by itself."""
        self.pipe.close()
        if self.job is not None:
            self._process.kill()

    def end(self) -> None:
        """Wait until it has ended."""
        self._process.join(_ENDING)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Ctrl-C goes to every process of the terminal; a new one inherits that it is held back, and then ignores it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _crashed(code: int | None) -> Failure:
    hints = {
        -getattr(signal, "SIGKILL", 9): "perhaps the machine ran out of memory: fewer --jobs, or a lower --max-memory",
        -signal.SIGABRT: "perhaps it ran out of memory: raise --max-memory",
    }
    return Failure(
        kind=FailureKind.CRASHED,
        message=f"the process reviewing it ended twice ({_ending(code)})",
        hint=hints.get(code or 0, "save the report in another format, for example as text, and try again"),
    )


def _ending(code: int | None) -> str:
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
