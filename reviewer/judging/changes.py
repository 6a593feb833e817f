"""Verdicts on changes and differences: their size, their direction, and what explains a wrong one."""

from collections.abc import Sequence
from decimal import Decimal

from reviewer.intervals import change, cut_to, quotient, round_to
from reviewer.judging.comparing import compared, decided, undetermined
from reviewer.judging.excuses import rounds_to, written
from reviewer.judging.formulas import Computed, in_unit, shown, suffix
from reviewer.judging.operands import Value, value_of, values_by_role
from reviewer.schema import Claim, ClaimKind, Excuse, ExcuseKind, Operand, OperandRole, Outcome, Reason, Source, Verdict

_SHIFT_SHARE = 5
"""Money counts as moved when the total misses its budget by at most a fifth of what projects left unspent."""


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


def _distance(rate: Value, stated: Value) -> Verdict:
    """A number behind 高于…水平 that is nearer to the rate than to nothing is the other level, not the distance."""
    is_level = abs(stated.point) * 2 >= rate.point
    outcome = Outcome.VERIFIED if is_level else Outcome.UNDETERMINED
    return Verdict(outcome=outcome, reason=Reason.EXACT if is_level else Reason.OPERAND_MISSING)


def _points_called_percent(current: Value, base: Value, stated: Value) -> Verdict:
    """Between two rates, a distance printed in % that is the difference of the two and not their relative change."""
    difference = current.point - base.point
    relative = quotient(difference, base.point) if base.point else None
    is_relative = relative is not None and round_to(abs(relative), stated.ulp) == abs(stated.point)
    meant = abs(stated.point) in (abs(difference), round_to(abs(difference), stated.ulp))
    outcome = Outcome.UNDETERMINED if meant and not is_relative else Outcome.VERIFIED
    return Verdict(outcome=outcome, reason=Reason.EXACT if is_relative else Reason.OPERAND_MISSING)


def _direction(current: Value, base: Value, stated: str) -> Verdict:
    """Whether a level went the way the words say; levels too coarse to tell leave it open."""
    rose = current.interval.low > base.interval.high
    fell = current.interval.high < base.interval.low
    mixed = current.unit != base.unit
    left, right = (value.label if mixed else value.printed for value in (current, base))
    sign = ">" if current.point > base.point else "<" if current.point < base.point else "="
    if (stated == "up" and fell) or (stated == "down" and rose):
        return decided(False, f"{left} {sign} {right}")
    return decided(True, f"{left} {sign} {right}")


def changed(source: Source, claim: Claim) -> Verdict:
    """A change against its levels; of several pairs that the words allow, all have to fail."""
    first = _changed(source, claim, claim.operands)
    if first.outcome is not Outcome.CONTRADICTED:
        return first
    for other in claim.alternatives:
        verdict = _changed(source, claim, other.operands)
        if verdict.outcome is not Outcome.CONTRADICTED:
            return verdict
    return first


def _changed(source: Source, claim: Claim, operands: Sequence[Operand]) -> Verdict:
    """A rate of change, (current - base) / base, or a difference; its sign is the words' or as printed."""
    values = values_by_role(source, operands)
    result = value_of(source.quantity(claim.result)) if claim.result else None
    if values is None or (claim.result and result is None):
        return undetermined(Reason.NOT_EXACT)
    current = values.get(OperandRole.CURRENT) or values.get(OperandRole.MINUEND)
    base = values.get(OperandRole.BASE) or values.get(OperandRole.SUBTRAHEND)
    if claim.concept == "rate_level" and result is not None and current is not None:
        return _points_called_percent(current, base, result) if base else _distance(current, result)
    if current is None or base is None:
        return undetermined(Reason.OPERAND_MISSING)
    if claim.concept == "direction" and claim.stated_text is not None:
        return _direction(current, base, claim.stated_text)
    if result is None:
        return _moved(values) if claim.concept == "shift" else _unexplained(current, base)
    computed = _computed(claim, current, base)
    if computed is None:
        return undetermined(Reason.ZERO_DENOMINATOR)
    stated = result if claim.stated_text != "down" else result.scaled_by_sign()
    printed = f"-{stated.printed}" if claim.stated_text is not None and stated.point < 0 else None
    verdict = compared(computed, stated, printed)
    if verdict.outcome is Outcome.CONTRADICTED:
        return verdict.model_copy(update={"excuse": _excuse(claim, current, base, computed, stated)})
    return verdict


def _computed(claim: Claim, current: Value, base: Value) -> Computed | None:
    """What the levels give; None for a rate of change from nothing."""
    if claim.concept == "of_increase":
        return _of_increase(claim, current, base)
    if claim.kind is not ClaimKind.CHANGE:
        formula = f"{current.printed} - {base.printed}"
        return Computed(current.point - base.point, current.interval - base.interval, formula, True, False)
    if base.interval.low <= 0:
        return None
    formula = f"({current.printed} - {base.printed}) / {base.printed}"
    point = quotient(current.point - base.point, base.point)
    return Computed(point, change(current.interval, base.interval), formula, False, False)


def _of_increase(claim: Claim, current: Value, moved: Value) -> Computed | None:
    """「达1,167人，增加144人，增幅14.08%」: the base is what is left without the increase."""
    down = claim.stated_text == "down"
    base = current.interval + moved.interval if down else current.interval - moved.interval
    point = current.point + moved.point if down else current.point - moved.point
    if base.low <= 0:
        return None
    sign = "+" if down else "-"
    mixed = current.unit != moved.unit
    left, right = (value.label if mixed else value.printed for value in (current, moved))
    size, interval = quotient(moved.point, point), moved.interval / base
    if down:
        size, interval = -size, interval.scaled(Decimal(-1))
    return Computed(size, interval, f"{'-' if down else ''}{right} / ({left} {sign} {right})", False, False)


def _excuse(claim: Claim, current: Value, base: Value, computed: Computed, stated: Value) -> Excuse | None:
    """Cut off instead of rounded; right in size and wrong in direction; or divided by the other year's level."""
    unit = suffix(computed, stated)
    digits = in_unit(stated.ulp, stated.scale) / 100
    formula = f"{computed.formula} = {shown(cut_to(in_unit(computed.point, stated.scale), digits))}…{unit}"
    if cut_to(computed.point, stated.ulp) == stated.point:
        return Excuse(kind=ExcuseKind.TRUNCATED, formula=formula)
    size = abs(computed.point)
    if abs(stated.point) in (round_to(size, stated.ulp), cut_to(size, stated.ulp)):
        return Excuse(kind=ExcuseKind.SIGN, formula=formula)
    other = _by_other_level(claim, current, base, computed)
    if other is not None and rounds_to(other, stated):
        return Excuse(kind=ExcuseKind.OTHER_OPERANDS, formula=written(other, stated), label="change/other_year")
    return None


def _by_other_level(claim: Claim, current: Value, base: Value, computed: Computed) -> Computed | None:
    """The change divided by the level it led to, instead of the one it started from."""
    if computed.exact or not current.point:
        return None
    if claim.concept == "of_increase":
        return Computed(
            quotient(base.point, current.point), computed.interval, f"{base.printed} / {current.printed}", False, False
        )
    formula = f"({current.printed} - {base.printed}) / {current.printed}"
    return Computed(quotient(current.point - base.point, current.point), computed.interval, formula, False, False)
