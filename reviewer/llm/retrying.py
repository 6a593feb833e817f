"""When to try a request again, and how long to wait before."""

import math
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

T = TypeVar("T")

FIRST_WAIT = 1.0
"""Seconds before the second attempt where the server names no time; doubled for each further one."""


class Transient(Exception):
    """What may go well another time: a busy or broken server, a timeout, a dropped connection."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        """In English, without anything the server or the report said."""
        self.retry_after = retry_after
        """Seconds the server asked to wait; None where it did not say."""


async def retrying(
    attempt: Callable[[], Awaitable[T]],
    *,
    retries: int,
    max_wait: float,
    seed: str,
    sleep: Callable[[float], Awaitable[None]],
) -> T:
    """Call `attempt` until it raises no Transient, at most `1 + retries` times; the last Transient is raised.

    The wait is the one the server asked for, else doubles from FIRST_WAIT with up to half of it taken off at random
    and `max_wait` seconds at most. A server that asks for more than `max_wait` is not asked again. The same `seed`
    gives the same waits.
    """
    chance = random.Random(seed)

    def wait(state: RetryCallState) -> float:
        failed = _transient(state)
        if failed.retry_after is not None:
            return failed.retry_after
        # The cap goes in before the power does: 2.0 ** 2000 overflows.
        longest = FIRST_WAIT * 2.0 ** min(state.attempt_number - 1, 16)
        return min(longest, max_wait) * (1 - chance.random() / 2)

    def asked_too_long(state: RetryCallState) -> bool:
        after = _transient(state).retry_after
        return after is not None and after > max_wait

    policy = AsyncRetrying(
        retry=retry_if_exception_type(Transient),
        stop=lambda state: asked_too_long(state) or stop_after_attempt(retries + 1)(state),
        wait=wait,
        sleep=sleep,
        reraise=True,
    )
    return await policy(attempt)


def _transient(state: RetryCallState) -> Transient:
    failed = state.outcome.exception() if state.outcome else None
    assert isinstance(failed, Transient)
    return failed


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds a server asks to wait, from `retry-after-ms` or `Retry-After` (seconds or an HTTP date); None if unsaid.

    `headers` is looked up in lower case. A date is compared with the server's own `Date`, so that a clock gone wrong
    on either side does no harm.
    """
    for name, per_second in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers[name]) / per_second
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds):
            return max(0.0, seconds)
    if (until := _timestamp(headers.get("retry-after"))) is None:
        return None
    now = _timestamp(headers.get("date"))
    return max(0.0, until - (time.time() if now is None else now))


def _timestamp(date: str | None) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() if date else None
    except (ValueError, OverflowError):
        return None
