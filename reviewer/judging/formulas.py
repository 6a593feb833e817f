"""What each kind of claim computes: a point, an interval, and the formula in printed numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reviewer.intervals import Interval, exact_sum, quotient, total
from reviewer.judging.operands import Value
from reviewer.schema import ClaimKind, Dimension

SUMS = (ClaimKind.SUM, ClaimKind.SCORE_TOTAL, ClaimKind.DIFFERENCE, ClaimKind.BALANCE)
RATIOS = (ClaimKind.RATIO, ClaimKind.SHARE)


@dataclass(frozen=True, slots=True)
class Computed:
    """A result in the base unit, and its left-hand side as a formula."""

    point: Decimal
    interval: Interval
    formula: str
    exact: bool
    """Whether the point has all its digits (a sum), or was cut somewhere (a quotient)."""
    mixed: bool
    """Whether the formula names units because they differ."""


def _mixed(values: Sequence[Value]) -> bool:
    """Whether units differ, so that the digits alone do not add up."""
    return len({value.unit for value in values if value.unit}) > 1


def _written(values: Sequence[Value], mixed: bool) -> list[str]:
    return [value.label if mixed else value.printed for value in values]


def _chained(values: Sequence[Value], mixed: bool) -> str:
    """The operands with their signs between them; the first stands without a plus."""
    terms = [
        f"{'-' if value.taken_off else '+'} {text}" for value, text in zip(values, _written(values, mixed), strict=True)
    ]
    return " ".join(terms).removeprefix("+ ")


def add(values: Sequence[Value], result: Value) -> Computed:
    """The sum of the parts, less those that are taken off."""
    mixed = _mixed([*values, result])
    return Computed(
        exact_sum(value.point for value in values),
        total(value.interval for value in values),
        _chained(values, mixed),
        exact=True,
        mixed=mixed,
    )


def divide(numerator: Value, denominator: Value) -> Computed:
    """The quotient. ZeroDivisionError when the denominator may be zero."""
    operands = [numerator, denominator]
    kinds = [value.quantity.dimension for value in operands if value.quantity]
    if kinds == [Dimension.MONEY, Dimension.MEASURE]:
        # An amount for each 亩 or 公里, not for each square metre.
        denominator = denominator.scaled(quotient(Decimal(1), denominator.scale))
    return Computed(
        quotient(numerator.point, denominator.point),
        numerator.interval / denominator.interval,
        " / ".join(_written(operands, _mixed(operands))),
        exact=False,
        mixed=_mixed(operands),
    )


def compute(kind: ClaimKind, values: Sequence[Value], result: Value) -> Computed:
    """What the operands give. ZeroDivisionError for a ratio with a denominator that may be zero."""
    if kind in RATIOS:
        return divide(values[0], values[1])
    return add(values, result)


def in_unit(point: Decimal, scale: Decimal) -> Decimal:
    """A value of the base unit in the result's printed unit."""
    return quotient(point, scale)


def shown(number: Decimal) -> str:
    """A number as a person writes it: without exponent."""
    return f"{number:f}"


def suffix(computed: Computed, result: Value) -> str:
    """The unit behind a result: the percent sign, and any other where the operands' units differ."""
    percent = result.quantity is not None and result.quantity.dimension is Dimension.PERCENT
    return (result.unit or "") if percent or computed.mixed else ""
