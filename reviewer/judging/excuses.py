"""The ladder a contradiction climbs: what, in this report, would explain it. Never a search over arbitrary pairs."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from reviewer.intervals import cut_to, round_to
from reviewer.judging.formulas import Computed, in_unit, shown, suffix
from reviewer.judging.operands import Value
from reviewer.schema import Dimension, Excuse, ExcuseKind

_SLIPS = tuple(Decimal(10) ** power for power in (4, -4, 8, -8))
_MIN_SWAP_DIGITS, _MIN_ONE_OFF_DIGITS = 3, 5
_MIN_RESULT_DIGITS = 4
"""Shorter numbers have too few digits for a slip to mean anything: any two of them look alike."""

Compute = Callable[[Sequence[Value], Value], Computed]
Variants = Callable[[Value], Iterator[Decimal]]


def rounds_to(computed: Computed, result: Value) -> bool:
    """Whether the computed point, rounded as the result is printed, is the printed result; what is exact must be it."""
    if result.interval.width == 0 and computed.interval.width == 0:
        return computed.point == result.point
    return round_to(computed.point, result.ulp) == result.point


def as_printed(computed: Computed, result: Value) -> Decimal:
    """The computed value in the result's unit: rounded as the result is printed, or all digits of an exact sum."""
    point = in_unit(computed.point, result.scale)
    rounded = round_to(point, in_unit(result.ulp, result.scale))
    return point.normalize() if computed.exact and rounded != point else rounded


def written(computed: Computed, result: Value) -> str:
    """The full formula with the computed value, in the result's unit."""
    rounded = as_printed(computed, result)
    sign = "=" if rounded == in_unit(computed.point, result.scale) else "≈"
    return f"{computed.formula} {sign} {shown(rounded)}{suffix(computed, result)}"


def truncated(computed: Computed, result: Value) -> Excuse | None:
    """The result was cut off instead of rounded."""
    if cut_to(computed.point, result.ulp) != result.point:
        return None
    point = in_unit(computed.point, result.scale)
    longer = point.normalize() if computed.exact else cut_to(point, in_unit(result.ulp, result.scale) / 100)
    unit = suffix(computed, result)
    formula = f"{computed.formula} = {shown(longer)}{'' if longer == point else '…'}{unit} → {result.printed}{unit}"
    return Excuse(kind=ExcuseKind.TRUNCATED, formula=formula)


def swaps(value: Value) -> Iterator[Decimal]:
    """The printed number with two neighbouring digits exchanged."""
    text = value.printed
    for left in range(len(text) - 1):
        right = left + 1 if text[left + 1] != "." else left + 2
        if right < len(text) and text[left].isdigit() and text[right].isdigit() and text[left] != text[right]:
            digits = list(text)
            digits[left], digits[right] = digits[right], digits[left]
            if digits[0] != "0" or text[0] == "0":
                yield Decimal("".join(digits))


def one_off_digits(value: Value) -> Iterator[Decimal]:
    """The printed number with one digit replaced."""
    for position, old in enumerate(value.printed):
        for new in "0123456789" if old.isdigit() else "":
            if new != old and (position or new != "0"):
                yield Decimal(value.printed[:position] + new + value.printed[position + 1 :])


def shifts(value: Value) -> Iterator[Decimal]:
    """The printed number with its decimal point one place to the left or to the right."""
    printed = Decimal(value.printed)
    if printed:
        yield printed.scaleb(1)
        yield printed.scaleb(-1)


def unit_slip(values: Sequence[Value], result: Value, compute: Compute) -> Excuse | None:
    """One amount is printed in a unit ten thousand or a hundred million times too large or small.

    An operand that the other unit makes too small to show in the result explains nothing: it would be as good as left
    out.
    """
    # Reports speak in 万元: an operand in another unit is the likelier slip, so it is tried first.
    for index, value in sorted(enumerate(values), key=lambda entry: entry[1].unit == "万元"):
        if value.quantity is None or value.quantity.dimension is not Dimension.MONEY:
            continue
        for other in map(value.scaled, _SLIPS):
            changed = [*values[:index], other, *values[index + 1 :]]
            if abs(other.point) >= result.ulp and rounds_to(computed := compute(changed, result), result):
                return Excuse(kind=ExcuseKind.UNIT_SLIP, formula=written(computed, result), label=value.quantity.id)
    if result.quantity is None or result.quantity.dimension is not Dimension.MONEY:
        return None
    for other in map(result.scaled, _SLIPS):
        if rounds_to(computed := compute(values, other), other):
            return Excuse(kind=ExcuseKind.UNIT_SLIP, formula=written(computed, other), label=result.quantity.id)
    return None


def _long(value: Value, digits: int) -> bool:
    return value.quantity is not None and sum(map(str.isdigit, value.printed)) >= digits


def slips(
    values: Sequence[Value], result: Value, compute: Compute, variants: Variants, digits: int
) -> Iterator[Excuse]:
    """Every single change of one number that makes the printed result come out."""
    if result.quantity is not None and _long(result, digits):
        computed = compute(values, result)
        for other in map(result.with_digits, variants(result)):
            if rounds_to(computed, other):
                yield Excuse(kind=ExcuseKind.DIGIT_SLIP, formula=written(computed, other), label=result.quantity.id)
    for index, value in enumerate(values):
        if value.quantity is None or not _long(value, digits):
            continue
        for other in map(value.with_digits, variants(value)):
            changed = [*values[:index], other, *values[index + 1 :]]
            if other.point and rounds_to(computed := compute(changed, result), result):
                yield Excuse(kind=ExcuseKind.DIGIT_SLIP, formula=written(computed, result), label=value.quantity.id)


def digit_slip(values: Sequence[Value], result: Value, compute: Compute, *, one_off: bool) -> Excuse | None:
    """Two neighbouring digits of one number are swapped or its point is shifted; with `one_off`, one digit replaced.

    Offered only when no other number could be the mistaken one. A replaced digit is tried only where the arithmetic is
    exact (sums) and in long numbers, for any difference of a round amount is one digit of something.
    """
    swapped = list(slips(values, result, compute, swaps, _MIN_SWAP_DIGITS))
    replaced = list(slips(values, result, compute, one_off_digits, _MIN_ONE_OFF_DIGITS)) if one_off else []
    shifted = list(slips(values, result, compute, shifts, _MIN_SWAP_DIGITS)) if one_off else []
    found = swapped or shifted or replaced
    return found[0] if len(found) == 1 else None


def single_slip(values: Sequence[Value], result: Value, compute: Compute) -> Excuse | None:
    """The result of a division with one digit replaced, or the point of one number a place off.

    In a result of four digits that is no coincidence.
    """
    if result.quantity is None or not _long(result, _MIN_RESULT_DIGITS):
        return None
    computed = compute(values, result)
    for other in map(result.with_digits, (*one_off_digits(result), *shifts(result))):
        if rounds_to(computed, other):
            return Excuse(kind=ExcuseKind.DIGIT_SLIP, formula=written(computed, other), label=result.quantity.id)
    for index, value in enumerate(values):
        for other in map(value.with_digits, shifts(value)):
            computed = compute([*values[:index], other, *values[index + 1 :]], result)
            if value.quantity is not None and rounds_to(computed, result):
                return Excuse(kind=ExcuseKind.DIGIT_SLIP, formula=written(computed, result), label=value.quantity.id)
    return None


def is_unit_slip(one: Value, other: Value) -> bool:
    """Whether one value is ten thousand or a hundred million times the other."""
    return one.point != 0 and any(value.point == other.point for value in map(one.scaled, _SLIPS))
