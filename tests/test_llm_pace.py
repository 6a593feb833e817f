"""Pace and money: requests yield to a busy server, waits are bounded and repeatable, a cap on cost is never passed."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.llm.budget import Budget, OverBudget
from reviewer.llm.limiter import Limiter
from reviewer.llm.retrying import Transient, retry_after, retrying
from tests.llm_kit import FastClock


async def settle() -> None:
    """Let everything run that can."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_slot_is_waited_for_in_turn() -> None:
    async def run() -> list[int]:
        limiter, order, gate = Limiter(2), [], asyncio.Event()

        async def job(number: int) -> None:
            async with limiter.slot():
                order.append(number)
                await gate.wait()

        async with asyncio.TaskGroup() as group:
            for number in range(5):
                group.create_task(job(number))
            await settle()
            assert order == [0, 1]
            assert limiter.in_flight == 2
            gate.set()
        assert limiter.in_flight == 0
        return order

    assert asyncio.run(run()) == [0, 1, 2, 3, 4]


def test_one_burst_halves_once_and_a_later_one_again() -> None:
    async def run() -> None:
        limiter = Limiter(8, clock=FastClock().clock)
        async with limiter.slot() as a, limiter.slot() as b, limiter.slot() as c:
            limiter.throttled(a, None)
            limiter.throttled(b, None)
            limiter.throttled(c, None)
        assert limiter.limit == 4
        for _ in range(5):
            async with limiter.slot() as burst:
                limiter.throttled(burst, None)
        assert limiter.limit == 1

    asyncio.run(run())


def test_everyone_waits_as_long_as_the_server_asked() -> None:
    async def run() -> None:
        fast = FastClock()
        limiter = Limiter(4, clock=fast.clock)
        async with limiter.slot() as burst:
            limiter.throttled(burst, 30.0)
            limiter.throttled(burst, 5.0)
        async with limiter.slot():
            assert fast.time == 30.0
        async with limiter.slot():
            assert fast.waits == [30.0]

    asyncio.run(run())


def test_a_calm_server_gets_its_requests_back_one_by_one() -> None:
    async def run() -> None:
        limiter = Limiter(4, calm_after=3)
        async with limiter.slot() as burst:
            limiter.throttled(burst, None)
        limits = []
        for _ in range(9):
            limiter.succeeded()
            limits.append(limiter.limit)
        assert limits == [2, 2, 3, 3, 3, 4, 4, 4, 4]
        limiter.succeeded()
        async with limiter.slot() as burst:
            limiter.throttled(burst, None)
        limiter.succeeded()
        limiter.succeeded()
        assert limiter.limit == 2

    asyncio.run(run())


def test_fewer_slots_hold_back_those_who_wait_and_more_let_them_in() -> None:
    async def run() -> None:
        limiter, gates = Limiter(2, calm_after=1), [asyncio.Event() for _ in range(4)]
        running: set[int] = set()
        bursts: list[int] = []

        async def job(number: int) -> None:
            async with limiter.slot() as burst:
                running.add(number)
                bursts.append(burst)
                await gates[number].wait()
                running.remove(number)

        async with asyncio.TaskGroup() as group:
            for number in range(4):
                group.create_task(job(number))
            await settle()
            assert running == {0, 1}
            limiter.throttled(bursts[0], None)
            gates[0].set()
            await settle()
            assert running == {1}
            limiter.succeeded()
            await settle()
            assert running == {1, 2}
            for gate in gates:
                gate.set()

    asyncio.run(run())


@pytest.mark.parametrize("held", [False, True])
def test_a_cancelled_request_gives_its_slot_or_its_turn_back(held: bool) -> None:
    async def run() -> None:
        limiter, gate = Limiter(1), asyncio.Event()

        async def job() -> None:
            async with limiter.slot():
                await gate.wait()

        first, second, third = (asyncio.create_task(job()) for _ in range(3))
        await settle()
        (first if held else second).cancel()
        await settle()
        gate.set()
        await asyncio.gather(first, second, third, return_exceptions=True)
        assert (first.cancelled(), second.cancelled(), third.cancelled()) == (held, not held, False)
        assert limiter.in_flight == 0

    asyncio.run(run())


def test_a_limiter_needs_a_slot() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Limiter(0)


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1)), min_size=1, max_size=30), st.integers(20, 200))
def test_what_is_spent_never_passes_the_cap(requests: list[tuple[int, float]], cap: int) -> None:
    async def run() -> None:
        budget = Budget(Decimal(cap))
        refused = 0

        async def request(worst: int, share: float) -> None:
            nonlocal refused
            try:
                async with budget.reserve(Decimal(worst)) as due:
                    assert budget.spent + budget.reserved <= cap
                    await asyncio.sleep(0)
                    due.cost = Decimal(int(worst * share))
            except OverBudget:
                refused += 1
                assert budget.spent + worst > cap

        await asyncio.gather(*(request(worst, share) for worst, share in requests))
        assert budget.reserved == 0
        assert budget.spent == sum(int(w * s) for w, s in requests) or refused
        assert budget.spent <= cap

    asyncio.run(run())


def test_what_never_came_back_is_counted_at_its_worst() -> None:
    async def run() -> None:
        budget = Budget(Decimal(10))
        with pytest.raises(RuntimeError):
            async with budget.reserve(Decimal(6)):
                raise RuntimeError
        assert (budget.spent, budget.reserved) == (Decimal(6), Decimal(0))
        with pytest.raises(OverBudget):
            async with budget.reserve(Decimal(5)):
                pass

    asyncio.run(run())


def test_a_request_waits_while_only_others_under_way_stand_in_its_way() -> None:
    async def run() -> None:
        budget, gate = Budget(Decimal(10)), asyncio.Event()
        done: list[str] = []

        async def first() -> None:
            async with budget.reserve(Decimal(9)) as due:
                await gate.wait()
                due.cost = Decimal(1)
            done.append("first")

        async def second() -> None:
            async with budget.reserve(Decimal(9)):
                done.append("second")

        async with asyncio.TaskGroup() as group:
            group.create_task(first())
            group.create_task(second())
            await settle()
            assert done == []
            gate.set()
        assert done == ["first", "second"]

    asyncio.run(run())


def test_without_a_cap_nothing_is_held_back() -> None:
    async def run() -> None:
        budget = Budget(None)
        async with budget.reserve(Decimal(10**9)):
            pass

    asyncio.run(run())


def failing(times: int, **transient: float) -> tuple[list[int], Callable[[], Awaitable[str]]]:
    tried: list[int] = []

    async def attempt() -> str:
        tried.append(1)
        if len(tried) <= times:
            raise Transient("busy", **transient)
        return "done"

    return tried, attempt


def waits(
    attempt: Callable[[], Awaitable[str]], *, seed: str = "s", retries: int = 6, max_wait: float = 60
) -> list[float]:
    clock = FastClock()
    asyncio.run(retrying(attempt, retries=retries, max_wait=max_wait, seed=seed, sleep=clock.sleep))
    return clock.waits


def test_waits_double_vary_are_capped_and_are_the_same_for_the_same_question() -> None:
    first = waits(failing(6)[1], max_wait=10)
    assert first == waits(failing(6)[1], max_wait=10)
    assert first != waits(failing(6)[1], max_wait=10, seed="another")
    for wait, longest in zip(first, (1, 2, 4, 8, 10, 10), strict=True):
        assert longest / 2 <= wait <= longest


def test_a_wait_the_server_names_is_taken_as_it_is_and_a_longer_one_than_allowed_ends_it() -> None:
    assert waits(failing(2, retry_after=7.5)[1]) == [7.5, 7.5]
    tried, attempt = failing(2, retry_after=61)
    with pytest.raises(Transient):
        waits(attempt)
    assert len(tried) == 1


@pytest.mark.parametrize("retries", [0, 1, 4])
def test_attempts_are_counted(retries: int) -> None:
    tried, attempt = failing(99)
    with pytest.raises(Transient):
        waits(attempt, retries=retries)
    assert len(tried) == retries + 1


def test_other_errors_are_not_tried_again() -> None:
    tried = []

    async def attempt() -> str:
        tried.append(1)
        raise KeyError

    with pytest.raises(KeyError):
        waits(attempt)
    assert len(tried) == 1


DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.25"}, 0.25),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:30 GMT", "date": DATE}, 30.0),
        ({"retry-after": "Wed, 21 Oct 2026 07:27:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Wed, 99 Oct 2026 07:27:00 GMT", "date": DATE}, None),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_without_the_servers_own_clock_is_compared_with_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1792567680.0 - 12)
    assert retry_after({"retry-after": DATE}) == 12.0
