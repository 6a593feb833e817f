"""A ray cluster reviews: one report a task. Only the driver records, so a task that runs twice leaves one outcome.

Files are read by the workers under the paths the driver names: the machines of a cluster share the reports' folder.
With a model, key and reviewer.toml are the worker's own: no key travels.
"""

import os
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from reviewer.batch.engines import Asking, Limits, Worker
from reviewer.batch.local import LocalEngine
from reviewer.batch.records import Failure, FailureKind, Job
from reviewer.batch.working import Done, failed, out_of_memory
from reviewer.errors import ModelError, ModelMisconfigured, UsageError

__all__ = ["RayEngine"]

_RETRIES = 1
"""A task whose process is killed runs once more."""
_PATIENCE = 10.0
"""Seconds for a cluster to be reached."""
_STORE = 256 << 20
"""Bytes of the object store of a cluster made here: outcomes on their way, never reports."""


@dataclass(frozen=True, slots=True)
class _Unusable:
    """Why no report at all can be reviewed."""

    message: str
    hint: str


class RayEngine:
    """See `Engine`. `address` is that of a cluster that is running; without one, a cluster is made on this machine."""

    stopped: str | None = None

    def __init__(self, work: Worker | Asking, limits: Limits, address: str | None = None) -> None:
        self._work = work
        self._limits = limits
        self._address = address
        self._under_way: dict[Any, Job] = {}
        self._is_open = False

    def run(self, jobs: Iterable[Job]) -> Iterator[Done]:
        """See `Engine`. UsageError where there is no cluster at the address; ModelError where no model answers."""
        import ray

        self._open()
        reviewed = ray.remote(num_cpus=1, max_retries=_RETRIES)(_reviewed)
        # Sent once, not with every task.
        work, limits, folder = ray.put(self._work), self._limits, os.getcwd()
        room = 2 * limits.jobs
        coming = iter(jobs)
        try:
            while True:
                while len(self._under_way) < room and (job := next(coming, None)) is not None:
                    self._under_way[reviewed.remote(work, limits, job, folder)] = job
                if not self._under_way:
                    return
                ready, _ = ray.wait(list(self._under_way), num_returns=1)
                for reference in ready:
                    yield _outcome(reference, self._under_way.pop(reference))
        finally:
            self.close()

    def close(self) -> None:
        """See `Engine`."""
        if not self._is_open:
            return
        import ray

        self._is_open = False
        for reference in self._under_way:
            ray.cancel(reference, force=True)
        self._under_way.clear()
        ray.shutdown()

    def _open(self) -> None:
        # Statistics of its use are nobody else's business; ray sends them unless it is told not to.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        if self._address:
            _check(self._address)
        import ray

        own: dict[str, Any] = {"num_cpus": self._limits.jobs, "object_store_memory": _STORE, "include_dashboard": False}
        try:
            ray.init(
                address=self._address or "local",
                configure_logging=False,
                log_to_driver=False,
                **({} if self._address else own),
            )
        except Exception as error:  # ray raises bare ones
            what = f"no ray cluster at {self._address}" if self._address else "no ray cluster can be made here"
            raise UsageError(
                f"{what}: {' '.join(str(error).split())[:200]}", hint="check --ray-address, or use --engine local"
            ) from error
        self._is_open = True


def _check(address: str) -> None:
    """UsageError where nobody listens: ray itself would try for minutes. Names such as `auto` are left to ray."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if not host or not port.isdecimal():
        return
    try:
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"no ray cluster at {address}: {error}", hint="check --ray-address, or use --engine local"
        ) from error


def _outcome(reference: Any, job: Job) -> Done:
    """What a task that has ended came to."""
    import time

    import ray
    from ray import exceptions

    begun = time.perf_counter()
    try:
        done = ray.get(reference)
    except exceptions.OutOfMemoryError:
        return failed(job, out_of_memory(), begun)
    except (exceptions.WorkerCrashedError, exceptions.NodeDiedError, exceptions.ObjectLostError):
        return failed(job, _crashed("the process or machine reviewing it went away twice"), begun)
    except exceptions.RayError as error:
        return failed(job, _crashed(f"ray: {type(error).__name__}"), begun)
    if isinstance(done, _Unusable):
        raise ModelError(done.message, hint=done.hint)
    assert isinstance(done, Done)
    return done


def _crashed(message: str) -> Failure:
    return Failure(
        kind=FailureKind.CRASHED, message=message, hint="see the logs of the cluster, and try again with --retry-failed"
    )


# In the worker

_engines: dict[bytes, LocalEngine] = {}
"""The process of each kind of work, kept from task to task."""


def _reviewed(work: Worker | Asking, limits: Limits, job: Job, folder: str) -> Done | _Unusable:
    """The task. Offline, a process beside this one reviews, which may die, hang or take all memory."""
    with suppress(OSError):
        # Paths are seen from the driver's folder; where that is not shared, they are not found.
        os.chdir(folder)
    if isinstance(work, Asking):
        try:
            return _asked(work, limits, job)
        except ModelError as error:
            return _Unusable(error.message, error.hint)
    import pickle

    kind = pickle.dumps((work, limits, folder))
    if kind not in _engines:
        _engines[kind] = LocalEngine(work, Limits(1, limits.seconds, limits.memory))
    return _engines[kind].one(job)


def _asked(asking: Asking, limits: Limits, job: Job) -> Done:
    from reviewer.batch.with_model import ModelEngine
    from reviewer.llm.cache import AnswerCache
    from reviewer.llm.client import Client
    from reviewer.llm.local import opened
    from reviewer.llm.tokens import counter

    settings = asking.work.settings
    with opened(asking.model, asking.base_url, environ=os.environ) as connection:
        found = (connection.model, connection.identity or connection.base_url)
        if found != (settings.model, settings.endpoint):
            raise ModelMisconfigured(
                f"a worker would ask {found[0]} at {found[1]}, not {settings.model} at {settings.endpoint}",
                hint="give the workers the same reviewer.toml, or name model and --base-url in full",
            )
        cache = None if asking.no_cache else AnswerCache()
        try:
            client = Client(connection, cache=cache, count=counter(connection.model))
            context = connection.profile.context_tokens
            engine = ModelEngine(asking.work, Limits(1, limits.seconds), client, client=client, context_tokens=context)
            return next(iter(engine.run([job])))
        finally:
            if cache is not None:
                cache.close()
