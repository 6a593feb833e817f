"""The process that reviews reports for the local engine: one after another, until the pipe is closed."""

import faulthandler
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from typing import Any

from reviewer.batch.engines import Limits, Worker
from reviewer.batch.records import Job
from reviewer.batch.working import Done, failed, out_of_memory

__all__ = ["READY", "serve"]

READY = "ready"
_REPORTS = 500
"""After so many a new process takes over: what leaks somewhere stays small."""
_GRACE = 30.0


def serve(pipe: "Connection[Any, Any]", work: Worker, limits: Limits) -> None:
    """Take jobs, give back (outcome, whether this process ends now)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _load()
    _bound(limits.memory)
    # What the watchdog would print is of no use to anybody.
    with open(os.devnull, "w") as nowhere, suppress(EOFError, OSError):
        pipe.send(READY)
        for count in range(1, _REPORTS + 1):
            job: Job = pipe.recv()
            # A regular expression that never ends lets no thread run; this works without Python.
            with suppress(RuntimeError):  # there was no memory left for its thread
                faulthandler.dump_traceback_later(limits.seconds + _GRACE, exit=True, file=nowhere)
            done = _done(work, job)
            faulthandler.cancel_dump_traceback_later()
            ends = count == _REPORTS or _is_large(limits.memory)
            _answer(pipe, job, done, ends)
            if ends:
                return


def _done(work: Worker, job: Job) -> Done:
    begun = time.perf_counter()
    try:
        return work(job)
    except MemoryError:
        pass
    return failed(job, out_of_memory(), begun)


def _answer(pipe: "Connection[Any, Any]", job: Job, done: Done, ends: bool) -> None:
    try:
        pipe.send((done, ends))
    except MemoryError:
        pipe.send((failed(job, out_of_memory(), time.perf_counter()), ends))


def _end_with_parent() -> None:
    """A driver that is killed leaves nobody behind."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _load() -> None:
    """What every review needs, before memory is limited and the first report's time runs."""
    import reviewer.memo
    import reviewer.review  # noqa: F401


def _bound(memory: int | None) -> None:
    if memory is None or sys.platform == "win32":
        return
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    # Some systems have the limit and do not let it be set; more than a machine can count is none.
    with suppress(ValueError, OSError, OverflowError):
        resource.setrlimit(resource.RLIMIT_AS, (memory << 20, hard))


def _is_large(memory: int | None) -> bool:
    """Whether this process has once held more than half of what it may: what stays of it is the next report's loss."""
    return memory is not None and _most_held() > memory << 19


def _most_held() -> int:
    """Bytes this process held at its highest; 0 where the system does not say."""
    # Not by getrusage on Linux: there a process begins with what the one that started it held.
    with suppress(OSError), open("/proc/self/status", encoding="ascii", errors="replace") as status:
        return next((int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM:")), 0)
    if sys.platform == "win32":
        return 0
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used << 10
