"""Verdicts on targets, counts and values that cannot be."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from reviewer.intervals import exact_sum, quotient, round_to, total
from reviewer.judging.comparing import decided, undetermined
from reviewer.judging.formulas import in_unit, shown
from reviewer.judging.operands import Value, value_of, values_by_role
from reviewer.schema import (
    Bound,
    Claim,
    Closure,
    OperandRole,
    Outcome,
    Reason,
    Source,
    Verdict,
)

_CENT = Decimal("0.01")
_WHOLE = Decimal(1)


def met(source: Source, claim: Claim) -> Verdict:
    """An actual value against its target; the target's own bound tells which side is right."""
    by_role = {operand.role: source.quantity(operand.quantity) for operand in claim.operands if operand.quantity}
    if OperandRole.ACTUAL not in by_role:
        return undetermined(Reason.OPERAND_MISSING)
    actual, target = value_of(by_role[OperandRole.ACTUAL]), by_role[OperandRole.TARGET]
    limit = target.low if target.low is not None else target.high
    if actual is None or limit is None or target.scale is None or target.bound is Bound.RANGE:
        return undetermined(Reason.NOT_EXACT)
    lower = target.bound in (Bound.AT_MOST, Bound.LESS_THAN) or (
        target.bound is Bound.EXACT and claim.concept == "lower_is_better"
    )
    mark = limit * target.scale
    holds = actual.point <= mark if lower else actual.point >= mark
    sign = {(True, True): "≤", (True, False): ">", (False, True): "≥", (False, False): "<"}[lower, holds]
    return decided(holds, f"{actual.label} {sign} {shown(limit)}{target.unit or ''}")


def whole_hundred(source: Source, claim: Claim) -> Verdict:
    """Shares that are all there are make a hundred per cent, up to their rounding."""
    ids = [*(operand.quantity for operand in claim.operands), claim.result]
    values = [value_of(source.quantity(name)) for name in ids if name]
    told = [value for value in values if value is not None]
    if len(told) != len(ids):
        return undetermined(Reason.NOT_EXACT)
    point, whole = exact_sum(value.point for value in told), total(value.interval for value in told)
    left = " + ".join(value.printed for value in told)
    formula = f"{left} = {shown(in_unit(point, told[0].scale))}%"
    if _WHOLE in whole:
        exact = point == _WHOLE
        reason = Reason.EXACT if exact else Reason.WITHIN_ROUNDING
        return Verdict(outcome=Outcome.VERIFIED, reason=reason, formula=formula if exact else f"{formula} ~ 100%")
    return Verdict(outcome=Outcome.CONTRADICTED, reason=Reason.MISMATCH, formula=f"{formula} ≠ 100%")


def counted(source: Source, claim: Claim) -> Verdict:
    """A printed count against the length of the list behind it."""
    items = [operand.value for operand in claim.operands if operand.value is not None]
    parts = [value_of(source.quantity(o.quantity)) for o in claim.operands if o.quantity]
    stated = [*parts, value_of(source.quantity(claim.result))] if claim.result else parts
    printed = [value for value in stated if value is not None]
    if len(printed) != len(stated) or not items:
        return undetermined(Reason.NOT_EXACT)
    length, said = exact_sum(items), exact_sum(value.point for value in printed)
    formula = " + ".join(value.printed for value in printed)
    if claim.concept == "reported":
        holds = length >= said
        total = f"{formula} = {shown(said)}" if len(printed) > 1 else formula
        return decided(holds, f"{total} {'≤' if holds else '>'} {shown(length)}")
    if claim.closure is Closure.OPEN and length < said:
        return undetermined(Reason.OPEN_LIST, f"{formula} > {shown(length)}")
    holds = said == length
    return decided(holds, f"{formula} {'=' if holds else '≠'} {shown(length)}")


def _attainable(whole: Value, rate: Value) -> Verdict:
    """Whether some whole number of the cases gives the printed rate."""
    low = (whole.point * rate.interval.low).to_integral_value(ROUND_CEILING)
    high = (whole.point * rate.interval.high).to_integral_value(ROUND_FLOOR)
    if low <= high:
        return decided(True, f"{shown(low)} / {whole.printed} ≈ {rate.printed}{rate.unit}")
    below, above = (f"{shown(cases)} ≈ {_percent(cases, whole, rate)}" for cases in (high, low))
    exact = shown(round_to(whole.point * rate.point, _CENT))
    return decided(False, f"{whole.printed} × {rate.printed}{rate.unit} ≈ {exact} ({below}; {above})")


def _percent(cases: Decimal, whole: Value, rate: Value) -> str:
    share = round_to(quotient(cases, whole.point), rate.ulp)
    return f"{shown(in_unit(share, rate.scale))}{rate.unit}"


def _executed(source: Source, claim: Claim, due: Value) -> Verdict:
    """A rate of execution from which on a reason is due, and none was found."""
    rate = value_of(source.quantity(claim.result)) if claim.result else None
    if rate is None:
        return undetermined(Reason.NOT_EXACT)
    enough = rate.point >= due.point
    limit = f"{shown(in_unit(due.point, rate.scale).normalize())}{rate.unit}"
    outcome = Outcome.VERIFIED if enough else Outcome.UNDETERMINED
    formula = f"{rate.printed}{rate.unit} {'≥' if enough else '<'} {limit}"
    return Verdict(outcome=outcome, reason=Reason.EXACT if enough else Reason.UNEXPLAINED, formula=formula)


def bounded(source: Source, claim: Claim) -> Verdict:
    """Values that cannot be: fewer persons than batches, in all or in what a part leaves; a rate no n of N gives."""
    values = values_by_role(source, claim.operands)
    if values is None:
        return undetermined(Reason.NOT_EXACT)
    if claim.concept == "low_execution":
        return _executed(source, claim, values[OperandRole.TARGET])
    if claim.concept == "future_year":
        told, evaluated = values[OperandRole.ITEM], values[OperandRole.CAP]
        return decided(told.point <= evaluated.point, f"{shown(told.point)} > {shown(evaluated.point)}")
    if claim.concept == "zero_rate":
        return undetermined(Reason.UNEXPLAINED)
    whole = values[OperandRole.WHOLE]
    if claim.concept == "unexplained_surplus":
        reason = Reason.UNEXPLAINED if whole.point > 0 else Reason.EXACT
        outcome = Outcome.UNDETERMINED if whole.point > 0 else Outcome.VERIFIED
        return Verdict(outcome=outcome, reason=reason, formula=f"{whole.label} {'>' if whole.point > 0 else '≤'} 0")
    if claim.concept == "remaining_batches":
        batches = whole.point - values[OperandRole.PART].point
        persons = values[OperandRole.MINUEND].point - values[OperandRole.SUBTRAHEND].point
        left = f"{whole.printed} - {values[OperandRole.PART].printed} = {shown(batches)}"
        right = f"{values[OperandRole.MINUEND].printed} - {values[OperandRole.SUBTRAHEND].printed} = {shown(persons)}"
        holds = persons >= batches
        return decided(holds, f"{left} {'≤' if holds else '>'} {shown(persons)} = {right.rsplit(' = ', 1)[0]}")
    result = value_of(source.quantity(claim.result)) if claim.result else None
    if result is None:
        return undetermined(Reason.NOT_EXACT)
    if claim.concept == "attainable_rate":
        return _attainable(whole, result)
    if claim.concept == "persons_per_batch":
        holds = result.point >= whole.point
        return decided(holds, f"{result.printed} {'≥' if holds else '<'} {whole.printed}")
    holds = result.interval.low <= whole.interval.high
    part, total = (v.printed if result.unit == whole.unit else v.label for v in (result, whole))
    return decided(holds, f"{part} {'≤' if holds else '>'} {total}")
