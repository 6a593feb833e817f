"""The ladder a contradiction climbs: what, in this report, would explain it. Never a search over arbitrary pairs."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from reviewer.intervals import cut_to, round_to
from reviewer.judging.formulas import Computed, in_unit, shown, suffix
from reviewer.judging.operands import Value
from reviewer.schema import Dimension, Excuse, ExcuseKind

_SLIPS = tuple(Decimal(10) ** power for power in (4, -4, 8, -8))
_MIN_DIGITS = 3
"""Shorter numbers have too few digits for a slip to mean anything: any two of them look alike."""

Compute = Callable[[Sequence[Value], Value], Computed]


def rounds_to(computed: Computed, result: Value) -> bool:
    """Whether the computed point, rounded as the result is printed, is the printed result."""
    return round_to(computed.point, result.ulp) == result.point


def written(computed: Computed, result: Value) -> str:
    """The full formula with the computed value, in the result's unit."""
    point = in_unit(computed.point, result.scale)
    ulp = in_unit(result.ulp, result.scale)
    rounded = round_to(point, ulp)
    sign = "=" if rounded == point else "≈"
    return f"{computed.formula} {sign} {shown(rounded)}{suffix(result)}"


def truncated(computed: Computed, result: Value) -> Excuse | None:
    """The result was cut off instead of rounded."""
    if cut_to(computed.point, result.ulp) != result.point:
        return None
    point = in_unit(computed.point, result.scale)
    longer = cut_to(point, in_unit(result.ulp, result.scale) / 100)
    formula = f"{computed.formula} = {shown(longer)}…{suffix(result)} → {result.printed}{suffix(result)}"
    return Excuse(kind=ExcuseKind.TRUNCATED, formula=formula)


def _swaps(value: Value) -> Iterator[Decimal]:
    """The printed number with two neighbouring digits exchanged."""
    text = value.printed
    for left in range(len(text) - 1):
        right = left + 1 if text[left + 1] != "." else left + 2
        if right < len(text) and text[left].isdigit() and text[right].isdigit() and text[left] != text[right]:
            digits = list(text)
            digits[left], digits[right] = digits[right], digits[left]
            yield Decimal("".join(digits))


def _one_off(value: Value) -> Iterator[Decimal]:
    """The printed number with one digit replaced."""
    for position, old in enumerate(value.printed):
        for new in "0123456789" if old.isdigit() else "":
            if new != old:
                yield Decimal(value.printed[:position] + new + value.printed[position + 1 :])


def unit_slip(values: Sequence[Value], result: Value, compute: Compute) -> Excuse | None:
    """One amount is printed in a unit ten thousand or a hundred million times too large or small."""
    # Reports speak in 万元: an operand in another unit is the likelier slip, so it is tried first.
    for index, value in sorted(enumerate(values), key=lambda entry: entry[1].unit == "万元"):
        if value.quantity is None or value.quantity.dimension is not Dimension.MONEY:
            continue
        for factor in _SLIPS:
            changed = [*values[:index], value.scaled(factor), *values[index + 1 :]]
            if rounds_to(computed := compute(changed, result), result):
                return Excuse(kind=ExcuseKind.UNIT_SLIP, formula=written(computed, result), label=value.quantity.id)
    if result.quantity is None or result.quantity.dimension is not Dimension.MONEY:
        return None
    for factor in _SLIPS:
        if rounds_to(computed := compute(values, result), result.scaled(factor)):
            formula = written(computed, result.scaled(factor))
            return Excuse(kind=ExcuseKind.UNIT_SLIP, formula=formula, label=result.quantity.id)
    return None


def _long(value: Value) -> bool:
    return value.quantity is not None and sum(map(str.isdigit, value.printed)) >= _MIN_DIGITS


def digit_slip(values: Sequence[Value], result: Value, compute: Compute, *, one_off: bool) -> Excuse | None:
    """Two neighbouring digits of one number are swapped; with `one_off`, also one digit replaced.

    A replaced digit is tried only where the arithmetic is exact (sums): a rounded rate would fit too much.
    """
    tries = (_swaps, _one_off) if one_off else (_swaps,)
    for variants in tries:
        if _long(result):
            computed = compute(values, result)
            for digits in variants(result):
                if rounds_to(computed, result.with_digits(digits)):
                    assert result.quantity is not None
                    return Excuse(
                        kind=ExcuseKind.DIGIT_SLIP,
                        formula=written(computed, result),
                        label=result.quantity.id,
                    )
        for index, value in enumerate(values):
            if not _long(value):
                continue
            for digits in variants(value):
                changed = [*values[:index], value.with_digits(digits), *values[index + 1 :]]
                if digits and rounds_to(computed := compute(changed, result), result):
                    assert value.quantity is not None
                    return Excuse(
                        kind=ExcuseKind.DIGIT_SLIP, formula=written(computed, result), label=value.quantity.id
                    )
    return None
