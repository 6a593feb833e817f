"""Reviews with a language model: one process, so that pace, answers and the cap on cost are shared by all reports."""

import asyncio
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from reviewer.batch.engines import Limits
from reviewer.batch.records import Job
from reviewer.batch.working import Done, Work, failed, timed_out
from reviewer.llm.asking import A, Ask, Asker, Reply, Status
from reviewer.llm.sending import COST_CAP

if TYPE_CHECKING:
    from reviewer.llm.client import Client

__all__ = ["ModelEngine"]

P = ParamSpec("P")
R = TypeVar("R")
_Tasks = set[asyncio.Task[Done | None]]


class ModelEngine:
    """Asks one model about many reports; see `Engine`.

    A report is not recorded where a question of it was turned away for the cap on cost: its answers that were paid for
    are in the cache, and with a higher cap the next run begins with them. ModelError ends the run.
    """

    def __init__(
        self,
        work: Work,
        limits: Limits,
        asker: Asker,
        *,
        client: "Client | None" = None,
        context_tokens: int | None = None,
    ) -> None:
        """`asker` is asked; `client` is what stands behind it and is opened and closed with the run."""
        self.stopped: str | None = None
        self._work = work
        self._limits = limits
        self._asker = asker
        self._client = client
        self._context_tokens = context_tokens
        self._outcomes: Generator[Done] | None = None

    def run(self, jobs: Iterable[Job]) -> Iterator[Done]:
        """See `Engine`. The loop turns while an outcome is waited for, in the caller's thread."""
        self._outcomes = self._reviewed(iter(jobs))
        return self._outcomes

    def close(self) -> None:
        """See `Engine`."""
        if self._outcomes is not None:
            self._outcomes.close()

    def _reviewed(self, jobs: Iterator[Job]) -> "Generator[Done]":
        under_way: _Tasks = set()
        with asyncio.Runner() as runner:
            runner.get_loop().set_default_executor(_Threads())
            context = self._client or nullcontext()
            runner.run(context.__aenter__())
            try:
                while self._fill(under_way, jobs, runner):
                    ended, under_way = runner.run(_first(under_way))
                    errors = [error for task in ended if (error := task.exception()) is not None]
                    yield from [done for task in ended if not task.exception() and (done := task.result())]
                    if errors:
                        raise errors[0]
            finally:
                runner.run(_stopped(under_way))
                runner.run(context.__aexit__(None, None, None))

    def _fill(self, under_way: "_Tasks", jobs: Iterator[Job], runner: asyncio.Runner) -> bool:
        """Take up reports as long as there is room; whether any is under way then."""
        while self.stopped is None and len(under_way) < self._limits.jobs and (job := next(jobs, None)) is not None:
            under_way.add(runner.get_loop().create_task(self._one(job)))
        return bool(under_way)

    async def _one(self, job: Job) -> Done | None:
        asker, begun = _Watched(self._asker), time.perf_counter()
        try:
            async with asyncio.timeout(self._limits.seconds) as limit:
                done = await self._work.with_model(job, asker, context_tokens=self._context_tokens)
        except TimeoutError:
            if not limit.expired():
                raise
            done = failed(job, timed_out(self._limits.seconds), begun)
        if asker.turned_away:
            self.stopped = COST_CAP
            return None
        return done


async def _first(tasks: _Tasks) -> tuple[_Tasks, _Tasks]:
    return await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


async def _stopped(tasks: _Tasks) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class _Watched:
    """An asker that remembers whether one of its questions was turned away for the cap on cost."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self.turned_away = False

    @property
    def name(self) -> str:
        return self._asker.name

    async def ask(self, question: Ask[A]) -> Reply[A]:
        if self.turned_away:
            # The report will not be recorded: nothing more is spent on it.
            return Reply(Status.FAILED, reason=COST_CAP)
        reply = await self._asker.ask(question)
        self.turned_away |= reply.status is Status.FAILED and reply.reason == COST_CAP
        return reply


class _Threads(ThreadPoolExecutor):
    """A thread for each piece of work; none that hangs keeps the process from ending. Reports under way bound them."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        future: Future[R] = Future()

        def worked() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:
                future.set_exception(error)
            else:
                future.set_result(result)

        threading.Thread(target=worked, daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Waits for nobody."""
