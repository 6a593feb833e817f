"""Slips that prove a doubtful tie: no chance makes a wrong list miss its whole by one typing error."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from reviewer.judging.excuses import Compute, one_off_digits, shifts, slips, swaps, unit_slip
from reviewer.judging.operands import Value
from reviewer.schema import Dimension, Excuse

_LONG, _SHIFTED, _TOTAL = 4, 3, 3
"""Digits that the mistaken number must show before a changed digit, or a shifted point, means anything; and a whole
before anything does."""
_FINE = Decimal(100)
"""A gap under so many last digits of an amount in 万元 is smaller than any item a report would leave out."""


def _significant(value: Value) -> int:
    """Digits that say something: neither leading nor trailing zeros, which round amounts have."""
    return len(value.printed.replace(".", "").strip("0"))


def _irregular(values: Sequence[Value], result: Value) -> bool:
    """Whether the list holds amounts to the last digit throughout; what is missing from it would be one as well.

    Changed digits leave round gaps (50.00, 18.00). In such a list they are slips and not items that were left out.
    """
    nonzero = [value for value in values if value.point]
    long = [value for value in nonzero if _significant(value) >= _LONG]
    return len(long) > 1 and len(long) >= len(nonzero) - 1 and _significant(result) >= _LONG


def _fine(result: Value, gap: Decimal) -> bool:
    """Whether the gap is too small for an amount of its own."""
    money = result.quantity is not None and result.quantity.dimension is Dimension.MONEY
    long = sum(map(str.isdigit, result.printed)) >= _LONG
    return money and long and "." in result.printed and gap < result.ulp * _FINE


def _candidates(values: Sequence[Value], result: Value, compute: Compute) -> Iterator[Excuse]:
    numbers = {value.quantity.id: value for value in (*values, result) if value.quantity}
    gap = abs(compute(values, result).point - result.point)
    if fine := _fine(result, gap):
        yield from slips(values, result, compute, swaps, _SHIFTED)
    if fine or _irregular(values, result):
        for variants in (swaps, one_off_digits):
            for excuse in slips(values, result, compute, variants, _LONG):
                if excuse.label and _significant(numbers[excuse.label]) >= (_SHIFTED if fine else _LONG):
                    yield excuse
    for excuse in slips(values, result, compute, shifts, _SHIFTED):
        if excuse.label and _significant(numbers[excuse.label]) >= _SHIFTED:
            yield excuse
    # An amount in another unit leaves a gap like no item's: 61.9938.
    other = unit_slip(values, result, compute)
    if other and other.label and _significant(result) >= _TOTAL:
        yield other


def telling_slip(values: Sequence[Value], result: Value, compute: Compute) -> Excuse | None:
    """The first single slip in one long number that makes the printed result come out; None when there is none."""
    return next(_candidates(values, result, compute), None)
