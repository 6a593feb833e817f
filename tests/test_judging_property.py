"""Whatever a report prints, a true amount is never contradicted for its rounding, nor a wrong one passed for it.

True amounts are whole fen; a report prints them in some unit, rounded to some digit.
"""

from decimal import ROUND_HALF_UP, Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reviewer.schema import Outcome
from tests.claims import UNITS, added, divided, restated

CENT = Decimal("0.01")
AMOUNTS = st.integers(min_value=1, max_value=10**13)
MONEY = st.sampled_from(
    [("元", 0), ("元", 1), ("元", 2), *(("万元", n) for n in range(7)), *(("亿元", n) for n in range(5))]
)


def rounded(base: Decimal, unit: str, decimals: int) -> str:
    """A value of the base unit, printed half-up."""
    step = Decimal(1).scaleb(-decimals)
    return f"{(base / UNITS[unit][0]).quantize(step, ROUND_HALF_UP):f}{unit}"


def step(unit: str, decimals: int) -> Decimal:
    """One unit of the last printed digit, in the base unit."""
    return UNITS[unit][0].scaleb(-decimals)


def half(unit: str, decimals: int) -> Decimal:
    """How far a printed amount may be from the true one; fen are exact."""
    last = step(unit, decimals)
    return Decimal(0) if last <= CENT else last / 2


PRINTED = st.tuples(AMOUNTS, MONEY)
SHOWN = st.tuples(st.integers(min_value=10**10, max_value=10**14), MONEY)
"""Amounts large enough to show in every unit: a printed zero means none, not an amount too small to show."""


@settings(max_examples=400, deadline=None)
@given(st.lists(SHOWN, min_size=2, max_size=6), MONEY)
def test_a_true_sum_is_never_contradicted_however_it_was_rounded(
    parts: list[tuple[int, tuple[str, int]]], whole: tuple[str, int]
) -> None:
    true = sum((Decimal(fen) * CENT for fen, _ in parts), Decimal(0))
    printed = [rounded(Decimal(fen) * CENT, *form) for fen, form in parts]
    verdict = added(*printed, to=rounded(true, *whole))
    assert verdict.outcome is not Outcome.CONTRADICTED, verdict.formula


@settings(max_examples=400, deadline=None)
@given(st.lists(PRINTED, min_size=2, max_size=6), MONEY, st.integers(min_value=1, max_value=10**9), st.booleans())
def test_a_sum_off_by_more_than_all_rounding_is_never_verified(
    parts: list[tuple[int, tuple[str, int]]], whole: tuple[str, int], extra: int, up: bool
) -> None:
    true = sum((Decimal(fen) * CENT for fen, _ in parts), Decimal(0))
    last = step(*whole)
    slack = sum((half(*form) for _, form in parts), last / 2)
    # Both the printed parts and the printed whole may be as far off as their rounding allows, so twice the slack.
    shift = ((2 * slack / last).to_integral_value(ROUND_HALF_UP) + extra) * last
    stated = true + shift if up else true - shift
    assume(stated > 0)
    verdict = added(*(rounded(Decimal(fen) * CENT, *form) for fen, form in parts), to=rounded(stated, *whole))
    assert verdict.outcome is Outcome.CONTRADICTED, verdict.formula


@settings(max_examples=400, deadline=None)
@given(SHOWN, SHOWN, st.integers(min_value=0, max_value=4))
def test_a_true_rate_is_never_contradicted_however_it_was_rounded(
    numerator: tuple[int, tuple[str, int]], denominator: tuple[int, tuple[str, int]], decimals: int
) -> None:
    (top, top_form), (bottom, bottom_form) = numerator, denominator
    true = Decimal(top) / Decimal(bottom)
    rate = rounded(true, "%", decimals)
    assume(any(digit in rate for digit in "123456789"))
    verdict = divided(rounded(Decimal(top) * CENT, *top_form), rounded(Decimal(bottom) * CENT, *bottom_form), rate)
    assert verdict.outcome is not Outcome.CONTRADICTED, verdict.formula


@settings(max_examples=400, deadline=None)
@given(
    PRINTED,
    PRINTED,
    st.integers(min_value=0, max_value=4),
    st.integers(min_value=1, max_value=10**5),
    st.booleans(),
)
def test_a_rate_off_by_more_than_all_rounding_is_never_verified(
    numerator: tuple[int, tuple[str, int]],
    denominator: tuple[int, tuple[str, int]],
    decimals: int,
    extra: int,
    up: bool,
) -> None:
    (top, top_form), (bottom, bottom_form) = numerator, denominator
    last = step("%", decimals)
    low = Decimal(bottom) * CENT - 2 * half(*bottom_form)
    assume(low > 0)
    least = max(Decimal(0), Decimal(top) * CENT - 2 * half(*top_form)) / (
        Decimal(bottom) * CENT + 2 * half(*bottom_form)
    )
    most = (Decimal(top) * CENT + 2 * half(*top_form)) / low
    stated = most + (extra + 2) * last if up else least - (extra + 2) * last
    assume(stated > 0)
    verdict = divided(
        rounded(Decimal(top) * CENT, *top_form),
        rounded(Decimal(bottom) * CENT, *bottom_form),
        rounded(stated, "%", decimals),
    )
    assert verdict.outcome is Outcome.CONTRADICTED, verdict.formula


@settings(max_examples=300, deadline=None)
@given(AMOUNTS, MONEY, MONEY)
def test_a_true_amount_said_twice_is_contradicted_only_when_rounded_twice(
    fen: int, first: tuple[str, int], second: tuple[str, int]
) -> None:
    true = Decimal(fen) * CENT
    verdict = restated(rounded(true, *first), rounded(true, *second))
    assert verdict.outcome is Outcome.VERIFIED, verdict.formula


@settings(max_examples=300, deadline=None)
@given(AMOUNTS, MONEY, MONEY, st.integers(min_value=2, max_value=10**6))
def test_two_amounts_further_apart_than_their_rounding_are_never_one(
    fen: int, first: tuple[str, int], second: tuple[str, int], apart: int
) -> None:
    true = Decimal(fen) * CENT
    other = true + apart * max(step(*first), step(*second))
    verdict = restated(rounded(true, *first), rounded(other, *second))
    assert verdict.outcome is Outcome.CONTRADICTED, verdict.formula
