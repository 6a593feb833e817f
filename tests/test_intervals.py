"""If intervals were too narrow a right figure would be called wrong; if too wide, nothing could be verified."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.intervals import Interval, change, cut_to, exact_sum, quotient, round_to, total

numbers = st.decimals(min_value=-10_000_000, max_value=10_000_000, allow_nan=False, places=4)
positive = st.decimals(min_value=Decimal("0.01"), max_value=10_000_000, allow_nan=False, places=4)
weights = st.fractions(min_value=0, max_value=1, max_denominator=1000)


@st.composite
def intervals(draw: st.DrawFn, ends: st.SearchStrategy[Decimal] = numbers) -> Interval:
    one, other = draw(ends), draw(ends)
    return Interval(min(one, other), max(one, other))


def inside(interval: Interval, weight: Fraction) -> Fraction:
    """A number of the interval, exact."""
    low, high = Fraction(interval.low), Fraction(interval.high)
    return low + (high - low) * weight


def holds(interval: Interval, number: Fraction) -> bool:
    return Fraction(interval.low) <= number <= Fraction(interval.high)


@given(intervals(), intervals(), weights, weights)
def test_sums_and_differences_hold_every_true_result(a: Interval, b: Interval, u: Fraction, v: Fraction) -> None:
    x, y = inside(a, u), inside(b, v)
    assert holds(a + b, x + y)
    assert holds(a - b, x - y)


@given(intervals(), intervals(positive), weights, weights)
def test_quotients_and_changes_hold_every_true_result(a: Interval, b: Interval, u: Fraction, v: Fraction) -> None:
    x, y = inside(a, u), inside(b, v)
    assert holds(a / b, x / y)
    assert holds(change(a, b), x / y - 1)


@given(numbers, st.integers(min_value=0, max_value=3))
def test_a_printed_number_stands_for_everything_that_rounds_to_it(value: Decimal, places: int) -> None:
    ulp = Decimal(1).scaleb(-places)
    assert value in Interval.printed(round_to(value, ulp), ulp)
    assert abs(cut_to(value, ulp)) <= abs(value)


@given(st.lists(numbers, max_size=12))
def test_the_sum_of_printed_numbers_is_exact(values: list[Decimal]) -> None:
    assert Fraction(exact_sum(values)) == sum(map(Fraction, values), Fraction(0))
    assert total(map(Interval.exactly, values)) == Interval.exactly(exact_sum(values))


@given(intervals(), numbers, weights)
def test_scaling_keeps_the_ends_in_order_for_any_sign(a: Interval, factor: Decimal, u: Fraction) -> None:
    assert holds(a.scaled(factor), inside(a, u) * Fraction(factor))


def test_meeting_includes_the_ends() -> None:
    assert Interval(Decimal(1), Decimal(2)).meets(Interval(Decimal(2), Decimal(3)))
    assert not Interval(Decimal(1), Decimal(2)).meets(Interval(Decimal("2.01"), Decimal(3)))


def test_what_has_no_result_is_refused() -> None:
    zero = Interval(Decimal(-1), Decimal(1))
    with pytest.raises(ZeroDivisionError):
        _ = Interval.exactly(Decimal(1)) / zero
    with pytest.raises(ZeroDivisionError):
        quotient(Decimal(1), Decimal(0))
    with pytest.raises(ValueError, match="empty"):
        Interval(Decimal(2), Decimal(1))


def test_rounding_is_half_up_as_reports_round() -> None:
    assert round_to(Decimal("0.98845"), Decimal("0.0001")) == Decimal("0.9885")
    assert cut_to(Decimal("0.98849"), Decimal("0.0001")) == Decimal("0.9884")
