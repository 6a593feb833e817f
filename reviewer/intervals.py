"""Closed intervals of Decimals, rounded outward: whatever the true operands were, the true result lies inside.

Pure arithmetic; knows nothing of reports. The idea follows the interval semantics of XBRL Calculations 1.1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

_DOWN = Context(prec=40, rounding=ROUND_FLOOR)
_UP = Context(prec=40, rounding=ROUND_CEILING)
_HALF_UP = Context(prec=40, rounding=ROUND_HALF_UP)
_CUT = Context(prec=40, rounding=ROUND_DOWN)
_ONE, _HALF = Decimal(1), Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both included. ValueError when low > high."""

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"empty interval [{self.low}, {self.high}]")

    @classmethod
    def exactly(cls, value: Decimal) -> "Interval":
        """The single point `value`."""
        return cls(value, value)

    @classmethod
    def printed(cls, value: Decimal, ulp: Decimal) -> "Interval":
        """All numbers that round to `value` when `ulp` is one unit of its last printed digit."""
        half = _UP.multiply(ulp, _HALF)
        return cls(_DOWN.subtract(value, half), _UP.add(value, half))

    @property
    def width(self) -> Decimal:
        return _UP.subtract(self.high, self.low)

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(_DOWN.add(self.low, other.low), _UP.add(self.high, other.high))

    def __sub__(self, other: "Interval") -> "Interval":
        return Interval(_DOWN.subtract(self.low, other.high), _UP.subtract(self.high, other.low))

    def scaled(self, factor: Decimal) -> "Interval":
        """Every number times `factor` (of either sign)."""
        low, high = (self.low, self.high) if factor >= 0 else (self.high, self.low)
        return Interval(_DOWN.multiply(low, factor), _UP.multiply(high, factor))

    def __truediv__(self, other: "Interval") -> "Interval":
        """Quotients; ZeroDivisionError when the divisor may be zero."""
        if other.low <= 0 <= other.high:
            raise ZeroDivisionError("the divisor's interval holds zero")
        corners = [(a, b) for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(_DOWN.divide(a, b) for a, b in corners), max(_UP.divide(a, b) for a, b in corners))

    def meets(self, other: "Interval") -> bool:
        """Whether some number lies in both."""
        return self.low <= other.high and other.low <= self.high

    def __contains__(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def total(parts: Iterable[Interval]) -> Interval:
    """The interval of the sum; [0, 0] for no parts."""
    result = Interval.exactly(Decimal(0))
    for part in parts:
        result = result + part
    return result


def change(current: Interval, base: Interval) -> Interval:
    """(current − base) / base for a positive base, by its monotone ends. ZeroDivisionError when base may be zero."""
    return current / base - Interval.exactly(Decimal(1))


def round_to(value: Decimal, ulp: Decimal) -> Decimal:
    """The multiple of `ulp` (a power of ten) nearest to `value`; half goes away from zero, as reports round."""
    return _HALF_UP.multiply(_HALF_UP.quantize(_HALF_UP.divide(value, ulp), _ONE), ulp)


def cut_to(value: Decimal, ulp: Decimal) -> Decimal:
    """The multiple of `ulp` that is left when every further digit of `value` is cut off."""
    return _HALF_UP.multiply(_CUT.quantize(_CUT.divide(value, ulp), _ONE), ulp)


def exact_sum(values: Iterable[Decimal]) -> Decimal:
    """The sum of a few printed numbers; exact at any length printed in a report."""
    result = Decimal(0)
    for value in values:
        result = _DOWN.add(result, value)
    return result


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal:
    """The quotient to 40 digits. ZeroDivisionError for a zero denominator."""
    if denominator == 0:
        raise ZeroDivisionError("division by zero")
    return _DOWN.divide(numerator, denominator)
