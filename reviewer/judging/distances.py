"""Verdicts on how far two levels lie apart, where the order of the two may not be told."""

from collections.abc import Iterator, Sequence
from functools import partial

from reviewer.intervals import change, quotient
from reviewer.judging.comparing import compared, undetermined
from reviewer.judging.excuses import one_off_digits, rounds_to, shifts, swaps, unit_slip, written
from reviewer.judging.formulas import Computed
from reviewer.judging.operands import Value, value_of
from reviewer.schema import (
    Bound,
    Claim,
    ClaimKind,
    Closure,
    Dimension,
    Excuse,
    ExcuseKind,
    Operand,
    OperandRole,
    Outcome,
    Quantity,
    Reason,
    Source,
    Verdict,
)

_REPLACED, _SWAPPED = 4, 3
"""Digits a distance needs for one digit in a hundred cases, or two neighbours, to be no coincidence."""


def _value(quantity: Quantity) -> Value | None:
    """What is printed; of a target 「不低于88.7%」 its limit, of 「超出48元」 the 48."""
    if quantity.bound in (Bound.AT_LEAST, Bound.AT_MOST, Bound.MORE_THAN):
        limit = quantity.high if quantity.bound is Bound.AT_MOST else quantity.low
        quantity = quantity.model_copy(update={"bound": Bound.EXACT, "value": limit})
    return value_of(quantity)


def _computed(kind: ClaimKind, values: Sequence[Value], result: Value) -> Computed:
    """The distance from base to current, or its rate. ZeroDivisionError for a rate from nothing."""
    current, base = values
    mixed = current.unit != base.unit
    left, right = (value.label if mixed else value.printed for value in (current, base))
    if kind is ClaimKind.CHANGE:
        if base.interval.low <= 0:
            raise ZeroDivisionError
        point, interval = quotient(current.point - base.point, base.point), change(current.interval, base.interval)
        return Computed(point, interval, f"({left} - {right}) / {right}", False, mixed)
    apart, formula = current.interval - base.interval, f"{left} - {right}"
    return Computed(current.point - base.point, apart, formula, True, mixed or _other(values, result))


def _other(values: Sequence[Value], result: Value) -> bool:
    """Whether the result's unit is another than its levels'; points are the unit of two rates' distance."""
    dimension = result.quantity.dimension if result.quantity else None
    return dimension is Dimension.MONEY and any(value.unit != result.unit for value in values)


def _sized(kind: ClaimKind, values: Sequence[Value], result: Value) -> Computed:
    """The size alone, for levels whose order is not told."""
    found = _computed(kind, values, result)
    turned = found.point < 0 and kind is not ClaimKind.CHANGE
    return _computed(kind, [values[1], values[0]], result) if turned else found


def _slips(kind: ClaimKind, values: Sequence[Value], result: Value) -> Iterator[Excuse]:
    """Single slips of the pen that make the printed distance come out, where chance would hardly find one."""
    points = [value.point for value in values]
    apart = abs(points[0] - points[1])
    finest = min(value.ulp for value in values)
    # Levels near each other share their leading digits: only those of their distance tell anything.
    digits = min(_telling(result), len(str(int(max(apart, finest) / finest))) + 1)
    levels = len(str(int(max(apart, abs(result.point) if kind is not ClaimKind.CHANGE else apart, finest) / finest)))

    def do(changed: Sequence[Value], stated: Value) -> bool:
        try:
            return any(
                rounds_to(_computed(kind, pair, stated), sign)
                for pair in (changed, [changed[1], changed[0]])
                for sign in (stated, stated.scaled_by_sign())
                if kind is not ClaimKind.CHANGE or pair is changed
            )
        except ZeroDivisionError:
            return False

    def told(changed: Sequence[Value], stated: Value, name: str, slip: ExcuseKind) -> Excuse:
        return Excuse(kind=slip, formula=written(_computed(kind, changed, stated), stated), label=name)

    for position, value in enumerate([*values, result]):
        own = position == len(values)
        room = digits if own else min(levels, _telling(value), _telling(result) + 1)
        variants = [n for made in (swaps, shifts) for n in made(value)] if room >= _SWAPPED else []
        variants += list(one_off_digits(value)) if room >= _REPLACED else []
        for variant in variants:
            other = value.with_digits(variant)
            changed = list(values) if own else [*values[:position], other, *values[position + 1 :]]
            if other.point and do(changed, other if own else result) and value.quantity:
                yield told(changed, other if own else result, value.quantity.id, ExcuseKind.DIGIT_SLIP)


def _telling(value: Value) -> int:
    """Digits that tell: all but the zeros at either end, of which one in the last place may be printed to be exact."""
    digits = value.printed.replace(".", "").lstrip("0")
    return len(digits.rstrip("0")) + (1 if digits.endswith("0") and not digits.endswith("00") else 0)


def _one(source: Source, claim: Claim, operands: Sequence[Operand]) -> tuple[Verdict, list[Value], Value] | None:
    by_role = {operand.role: _value(source.quantity(operand.quantity)) for operand in operands if operand.quantity}
    current, base = by_role.get(OperandRole.CURRENT), by_role.get(OperandRole.BASE)
    result = _value(source.quantity(claim.result)) if claim.result else None
    if current is None or base is None or result is None:
        return None
    values = [current, base]
    try:
        computed = _computed(claim.kind, values, result)
        size = computed if claim.stated_text or result.point < 0 else _sized(claim.kind, values, result)
    except ZeroDivisionError:
        return None
    stated = result.scaled_by_sign() if claim.stated_text == "down" and result.point > 0 else result
    if not claim.stated_text and size.point < 0:
        stated = result if result.point < 0 else result.scaled_by_sign()
    printed = f"-{result.printed}" if stated is not result else None
    verdict = compared(size, stated, printed)
    if verdict.outcome is Outcome.CONTRADICTED and rounds_to(size, stated.scaled_by_sign()):
        excuse = Excuse(kind=ExcuseKind.SIGN, formula=written(size, result))
        return verdict.model_copy(update={"excuse": excuse}), values, result
    return verdict, values, result


def distant(source: Source, claim: Claim) -> Verdict:
    """A distance against its levels; of several pairs all have to fail, and a doubtful one needs a slip to prove it."""
    sets = [claim.operands, *(other.operands for other in claim.alternatives)]
    judged = [_one(source, claim, operands) for operands in sets]
    told = [found for found in judged if found is not None]
    if len(told) < len(judged):
        return undetermined(Reason.NOT_EXACT)
    for verdict, _, _ in told:
        if verdict.outcome is not Outcome.CONTRADICTED:
            return verdict
    signs = [verdict for verdict, _, _ in told if verdict.excuse is not None]
    if signs:
        # Right in size: a pair of levels indeed, and whichever way round, the words say the other.
        firm = len(told) == 1 and (claim.tied or _telling(told[0][2]) >= _SWAPPED)
        return signs[0] if firm else undetermined(Reason.AMBIGUOUS)
    proven = [
        (verdict, slip) for verdict, values, result in told if (slip := next(_slips(claim.kind, values, result), None))
    ]
    if proven and (len(proven) == 1 or claim.closure is Closure.COMPLETE):
        return proven[0][0].model_copy(update={"excuse": proven[0][1]})
    if claim.closure is Closure.COMPLETE:
        return told[0][0]
    units = [
        (verdict, slip) for verdict, values, result in told if (slip := _in_another_unit(claim.kind, values, result))
    ]
    if len(units) == 1:
        return units[0][0].model_copy(update={"excuse": units[0][1]})
    formula = told[0][0].formula
    return undetermined(Reason.AMBIGUOUS, formula.replace("≠", "↔") if formula else None)


def _in_another_unit(kind: ClaimKind, values: Sequence[Value], result: Value) -> Excuse | None:
    if kind is ClaimKind.CHANGE or _telling(result) < _SWAPPED:
        return None
    return unit_slip(values, result, partial(_computed, kind))


def told_elsewhere(claims: list[Claim]) -> list[Claim]:
    """The claims without distances that another relation of the same number settles, one way or the other."""
    settled = {
        name
        for claim in claims
        if claim.concept != "distance" and claim.verdict
        for name in _settles(claim, claim.verdict.outcome)
    }
    return [
        claim
        for claim in claims
        if claim.concept != "distance"
        or claim.verdict is None
        or claim.verdict.outcome is not Outcome.CONTRADICTED
        or claim.result not in settled
    ]


_SETTLING = (ClaimKind.SUM, ClaimKind.DIFFERENCE, ClaimKind.BALANCE, ClaimKind.CHANGE)


def _settles(claim: Claim, outcome: Outcome) -> set[str]:
    """The numbers that a claim leaves nothing to say about."""
    numbers = {name for name in (claim.result, *(operand.quantity for operand in claim.operands)) if name}
    if claim.kind not in _SETTLING or claim.concept == "direction":
        return set()
    if outcome is Outcome.VERIFIED:
        return numbers
    return numbers & {claim.result} if outcome is Outcome.CONTRADICTED and claim.kind is not ClaimKind.SUM else set()
