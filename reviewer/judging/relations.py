"""Verdicts on changes, differences, counts and values that cannot be."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from reviewer.intervals import change, cut_to, exact_sum, quotient, round_to
from reviewer.judging.comparing import compared, decided, undetermined
from reviewer.judging.formulas import Computed, in_unit, shown, suffix
from reviewer.judging.operands import Value, operand_value, value_of
from reviewer.schema import (
    Bound,
    Claim,
    Excuse,
    ExcuseKind,
    Operand,
    OperandRole,
    Outcome,
    Reason,
    Source,
    Verdict,
)

_CENT = Decimal("0.01")
_SHIFT_SHARE = 5
"""Money counts as moved when the total misses its budget by at most a fifth of what projects left unspent."""


def _values(source: Source, operands: Sequence[Operand]) -> dict[OperandRole, Value] | None:
    found = {operand.role: operand_value(source, operand) for operand in operands}
    return {role: value for role, value in found.items() if value} if all(found.values()) else None


def _moved(values: dict[OperandRole, Value]) -> Verdict:
    """Whether what projects left unspent went elsewhere: the total was spent all the same, to a fifth of it."""
    planned, spent = values[OperandRole.MINUEND], values[OperandRole.SUBTRAHEND]
    budget, paid = values[OperandRole.BASE], values[OperandRole.CURRENT]
    unspent, left = planned.point - spent.point, budget.point - paid.point
    rest_planned, rest_paid = budget.point - planned.point, paid.point - spent.point
    written = (
        shown(in_unit(value, planned.scale)) for value in (unspent, rest_paid, rest_planned, rest_paid - rest_planned)
    )
    fewer, paid_text, planned_text, more = written
    formula = f"{planned.printed} - {spent.printed} = {fewer}; {paid_text} - {planned_text} = {more}"
    moved = unspent > 0 and rest_paid > rest_planned and abs(left) * _SHIFT_SHARE <= unspent
    outcome = Outcome.UNDETERMINED if moved else Outcome.VERIFIED
    return Verdict(outcome=outcome, reason=Reason.UNEXPLAINED if moved else Reason.EXACT, formula=formula)


def _unexplained(current: Value, base: Value) -> Verdict:
    """Two figures the report prints without saying why they differ."""
    difference = current.point - base.point
    scale = current.scale if current.scale == base.scale else Decimal(1)
    formula = f"{current.printed} - {base.printed} = {shown(in_unit(difference, scale))}"
    same = difference == 0
    outcome = Outcome.VERIFIED if same else Outcome.UNDETERMINED
    return Verdict(outcome=outcome, reason=Reason.EXACT if same else Reason.UNEXPLAINED, formula=formula)


def met(source: Source, claim: Claim) -> Verdict:
    """An actual value against its target; the target's own bound tells which side is right."""
    by_role = {operand.role: source.quantity(operand.quantity) for operand in claim.operands if operand.quantity}
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


def _distance(rate: Value, stated: Value) -> Verdict:
    """A number behind 高于…水平 that is nearer to the rate than to nothing is the other level, not the distance."""
    is_level = abs(stated.point) * 2 >= rate.point
    outcome = Outcome.VERIFIED if is_level else Outcome.UNDETERMINED
    return Verdict(outcome=outcome, reason=Reason.EXACT if is_level else Reason.OPERAND_MISSING)


def changed(source: Source, claim: Claim) -> Verdict:
    """A rate of change, (current - base) / base, or a difference; its sign is the words' or as printed."""
    values = _values(source, claim.operands)
    result = value_of(source.quantity(claim.result)) if claim.result else None
    if values is None or (claim.result and result is None):
        return undetermined(Reason.NOT_EXACT)
    if claim.concept == "rate_level" and result is not None:
        return _distance(values[OperandRole.MINUEND], result)
    current = values.get(OperandRole.CURRENT) or values.get(OperandRole.MINUEND)
    base = values.get(OperandRole.BASE) or values.get(OperandRole.SUBTRAHEND)
    if current is None or base is None:
        return undetermined(Reason.OPERAND_MISSING)
    if result is None:
        return _moved(values) if claim.concept == "shift" else _unexplained(current, base)
    percent = result.quantity is not None and result.quantity.unit in ("%", "‰") and claim.concept != "points"
    if percent and base.interval.low <= 0:
        return undetermined(Reason.ZERO_DENOMINATOR)
    difference = current.point - base.point
    if percent:
        formula = f"({current.printed} - {base.printed}) / {base.printed}"
        computed = Computed(
            quotient(difference, base.point), change(current.interval, base.interval), formula, False, False
        )
    else:
        formula = f"{current.printed} - {base.printed}"
        computed = Computed(difference, current.interval - base.interval, formula, True, False)
    stated = result if claim.stated_text != "down" else result.scaled_by_sign()
    printed = f"-{stated.printed}" if claim.stated_text is not None and stated.point < 0 else None
    verdict = compared(computed, stated, printed)
    if verdict.outcome is Outcome.CONTRADICTED:
        return verdict.model_copy(update={"excuse": _change_excuse(computed, stated)})
    return verdict


def _change_excuse(computed: Computed, stated: Value) -> Excuse | None:
    """Cut off instead of rounded, or right in size and wrong in direction (which may also be cut off)."""
    unit = suffix(computed, stated)
    written = shown(cut_to(in_unit(computed.point, stated.scale), in_unit(stated.ulp, stated.scale) / 100))
    formula = f"{computed.formula} = {written}…{unit}"
    if cut_to(computed.point, stated.ulp) == stated.point:
        return Excuse(kind=ExcuseKind.TRUNCATED, formula=formula)
    size = abs(computed.point)
    if abs(stated.point) in (round_to(size, stated.ulp), cut_to(size, stated.ulp)):
        return Excuse(kind=ExcuseKind.SIGN, formula=formula)
    return None


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
    values = _values(source, claim.operands)
    if values is None:
        return undetermined(Reason.NOT_EXACT)
    if claim.concept == "low_execution":
        return _executed(source, claim, values[OperandRole.TARGET])
    whole = values[OperandRole.WHOLE]
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
