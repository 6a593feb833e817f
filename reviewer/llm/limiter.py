"""How many requests may be under way at a time: fewer when the server says so, more again when it has calmed down."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the client sees it, in seconds, so that a test can have its own."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class Limiter:
    """Slots for requests.

    It begins with `most` slots. `throttled` halves them and holds every new request back for as long as the server
    asked; requests that were already under way when it happened belong to the same burst and change nothing but the
    waiting time. `calm_after` successes in a row give one slot back, up to `most`. Belongs to one event loop.
    """

    def __init__(self, most: int, *, calm_after: int = 10, clock: Clock | None = None) -> None:
        if most < 1:
            raise ValueError("a limiter needs at least one slot")
        self.limit = most
        """Requests at a time, now."""
        self.in_flight = 0
        self._most = most
        self._calm_after = calm_after
        self._clock = clock or Clock()
        self._streak = 0
        self._burst = 0
        self._not_before = float("-inf")
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[int]:
        """Wait for a slot and hold it. The value is for `throttled`: it tells which burst a request belongs to."""
        await self._admitted()
        self.in_flight += 1
        try:
            yield self._burst
        finally:
            self.in_flight -= 1
            self._wake()

    async def _admitted(self) -> None:
        while True:
            if (wait := self._not_before - self._clock.now()) > 0:
                await self._clock.sleep(wait)
            elif self.in_flight < self.limit:
                return
            else:
                turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                self._waiting.append(turn)
                await turn

    def _wake(self) -> None:
        # Everyone looks again, in the order they came; a turn given to a task that was just cancelled is not lost.
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)

    def succeeded(self) -> None:
        """A request came back well."""
        self._streak += 1
        if self._streak >= self._calm_after and self.limit < self._most:
            self._streak = 0
            self.limit += 1
            self._wake()

    def throttled(self, burst: int, wait: float | None) -> None:
        """The server asked for fewer requests, and for none within `wait` seconds where it said how long."""
        self._streak = 0
        if burst == self._burst:
            self._burst += 1
            self.limit = max(1, self.limit // 2)
        if wait is not None:
            self._not_before = max(self._not_before, self._clock.now() + wait)
