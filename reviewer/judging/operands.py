"""Printed numbers as intervals, and as they are written in a formula."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reviewer.intervals import Interval
from reviewer.schema import Bound, Dimension, Operand, OperandRole, Quantity, Source

_WAN, _YI = Decimal(10) ** 4, Decimal(10) ** 8
_UNITS: dict[tuple[str | None, Decimal], str] = {
    ("元", _WAN): "万元",
    ("元", _YI): "亿元",
    ("万元", _WAN): "亿元",
    ("万元", 1 / _WAN): "元",
    ("亿元", 1 / _WAN): "万元",
    ("亿元", 1 / _YI): "元",
}
"""What an amount's unit becomes when it is taken to be so many times as large."""
_CENT = Decimal("0.01")
_MOST_DIGITS = 25
"""Longer digit runs are no amounts, and would outrun the arithmetic's precision."""


@dataclass(frozen=True, slots=True)
class Value:
    """One operand: what is printed, and what it stands for in the base unit (元, 1, 分, a thing counted)."""

    quantity: Quantity | None
    point: Decimal
    """In the base unit."""
    interval: Interval
    scale: Decimal
    ulp: Decimal
    """One unit of the last printed digit, in the base unit."""
    printed: str
    """Digits as printed."""
    unit: str | None
    taken_off: bool = False
    """Whether it is subtracted; point and interval then have the other sign, the printed digits do not."""

    @property
    def label(self) -> str:
        """The number with its unit, for formulas that mix units."""
        return f"{self.printed}{self.unit or ''}"

    def scaled(self, factor: Decimal) -> "Value":
        """As if it had been printed in another unit."""
        return replace(
            self,
            point=self.point * factor,
            interval=self.interval.scaled(factor),
            scale=self.scale * factor,
            ulp=self.ulp * factor,
            unit=_UNITS.get((self.unit, factor), self.unit),
        )

    def scaled_by_sign(self) -> "Value":
        """The same amount the other way: a decrease is printed without its sign."""
        return replace(self, point=-self.point, interval=self.interval.scaled(Decimal(-1)))

    def subtracted(self) -> "Value":
        """The same operand with a minus sign before it."""
        return replace(self.scaled_by_sign(), taken_off=not self.taken_off)

    def with_digits(self, printed: Decimal) -> "Value":
        """The same operand with other digits, as exact as the printed one."""
        point = printed * self.scale * (-1 if self.taken_off else 1)
        half = self.interval.high - self.point
        return replace(self, point=point, interval=Interval(point - half, point + half), printed=f"{printed:f}")


def _is_exact(quantity: Quantity, ulp: Decimal) -> bool:
    """Counts, scores, zero and amounts printed to the fen or finer stand for themselves; the rest is rounded."""
    if quantity.value == 0:
        return True
    if quantity.dimension is Dimension.SCORE:
        return True
    if quantity.dimension is Dimension.COUNT:
        return quantity.scale == 1
    return quantity.dimension is Dimension.MONEY and ulp <= _CENT


def value_of(quantity: Quantity) -> Value | None:
    """The quantity as an operand; None when it is a range, a bound or an approximation."""
    if quantity.bound is not Bound.EXACT or quantity.value is None or quantity.ulp is None:
        return None
    if len(quantity.value.as_tuple().digits) > _MOST_DIGITS:
        return None
    scale = quantity.scale if quantity.scale is not None else Decimal(1)
    point, ulp = quantity.value * scale, quantity.ulp * scale
    interval = Interval.exactly(point) if _is_exact(quantity, ulp) else Interval.printed(point, ulp)
    return Value(quantity, point, interval, scale, ulp, f"{quantity.value:f}", quantity.unit)


def operand_value(source: Source, operand: Operand) -> Value | None:
    """The operand's value, printed in the report or taken from the policy; None when it is not exact."""
    if operand.quantity is not None:
        quantity = source.quantity(operand.quantity)
        if operand.role is OperandRole.DENOMINATOR and quantity.bound is Bound.AT_LEAST:
            # What was reached of a target 「不少于3,200卷」 is counted against the 3,200.
            quantity = quantity.model_copy(update={"bound": Bound.EXACT, "value": quantity.low})
        return value_of(quantity)
    if operand.value is None:
        return None
    return Value(
        None,
        operand.value,
        Interval.exactly(operand.value),
        Decimal(1),
        Decimal(1),
        f"{operand.value:f}",
        None,
    )


def values_by_role(source: Source, operands: Sequence[Operand]) -> dict[OperandRole, Value] | None:
    """The operands' values by their place in the claim; None when one of them is not exact."""
    found = {operand.role: operand_value(source, operand) for operand in operands}
    return {role: value for role, value in found.items() if value} if all(found.values()) else None
