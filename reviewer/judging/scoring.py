"""Verdicts on scores by the rule printed beside them."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from reviewer.intervals import Interval, cut_to, quotient, round_to
from reviewer.judging.comparing import undetermined
from reviewer.judging.excuses import one_off_digits, shifts, swaps
from reviewer.judging.formulas import in_unit, shown
from reviewer.judging.operands import Value, operand_value, value_of
from reviewer.schema import Bound, Claim, OperandRole, Outcome, Quantity, Reason, Source, Verdict

PROPORTIONS = ("proportion", "proportion_lower")
_TELLING, _DIGITS = 2, 3
"""Rows that lost marks in proportion before a row that did not says anything; digits of a number that slipped."""
Values = dict[OperandRole, Value]
_ONE = Decimal(1)
_CENT = Decimal("0.01")
"""Computed scores are shown to two decimals at least, however coarse the printed one is."""


def ruled(source: Source, claim: Claim) -> Verdict:
    """A score against what its rule gives: a share of the full mark, marks off for each step, marks for a fall."""
    found = {operand.role: _value(source, operand.role, claim) for operand in claim.operands}
    result = value_of(source.quantity(claim.result)) if claim.result else None
    values = {role: value for role, value in found.items() if value is not None}
    judge_rule = _RULES.get(claim.concept or "")
    if judge_rule is None:
        return undetermined(Reason.AMBIGUOUS)
    if result is None or len(values) < len(found):
        return undetermined(Reason.NOT_EXACT)
    return judge_rule(values, result)


def _value(source: Source, role: OperandRole, claim: Claim) -> Value | None:
    """An operand; of a limit such as 100%以内, or a step such as 每超出1个百分点, the number itself."""
    operand = next(operand for operand in claim.operands if operand.role is role)
    value = operand_value(source, operand)
    if value is not None or operand.quantity is None:
        return value
    quantity = source.quantity(operand.quantity)
    bound = quantity.low if quantity.low is not None else quantity.high
    if (
        role not in (OperandRole.TARGET, OperandRole.BASE)
        or bound is None
        or (quantity.low is not None and quantity.high is not None)
    ):
        return None
    return value_of(quantity.model_copy(update={"bound": Bound.EXACT, "value": bound}))


def _decided(point: Decimal, interval: Interval, formula: str, result: Value) -> Verdict:
    """Rounded or cut as the score is printed; the rule's own rounding is seldom told."""
    shares = {round_to(point, result.ulp), cut_to(point, result.ulp)}
    ends = {round_to(interval.low, result.ulp), round_to(interval.high, result.ulp)}
    value = in_unit(round_to(point, min(result.ulp, _CENT)), result.scale).normalize()
    written = shown(value)
    if result.point in shares | ends or interval.low <= result.point <= interval.high:
        return Verdict(outcome=Outcome.VERIFIED, reason=Reason.EXACT, value=value, formula=f"{formula} ≈ {written}")
    if interval.high - interval.low > result.ulp * 4:
        return undetermined(Reason.COARSE, f"{formula} ≈ {written} ↔ {result.printed}")
    text = f"{formula} ≈ {written} ≠ {result.printed}"
    return Verdict(outcome=Outcome.CONTRADICTED, reason=Reason.MISMATCH, value=value, formula=text)


def _product(values: Values, result: Value) -> Verdict:
    """The rate's share of the full mark, and never more than that."""
    rate, full = values[OperandRole.ITEM], values[OperandRole.CAP]
    formula = f"{rate.label} × {full.printed}"
    point = min(rate.point, _ONE) * full.point
    low, high = (min(end, _ONE) * full.point for end in (rate.interval.low, rate.interval.high))
    return _decided(point, Interval(low, high), formula, result)


def _quotient(values: Values, result: Value) -> Verdict:
    """What was spent of the budget, as a share of the full mark."""
    spent, budget, full = (values[r] for r in (OperandRole.NUMERATOR, OperandRole.DENOMINATOR, OperandRole.CAP))
    if budget.interval.low <= 0:
        return undetermined(Reason.ZERO_DENOMINATOR)
    share = spent.interval / budget.interval
    point = min(quotient(spent.point, budget.point), _ONE) * full.point
    formula = f"{spent.printed} / {budget.printed} × {full.printed}"
    low, high = (min(end, _ONE) * full.point for end in (share.low, share.high))
    return _decided(point, Interval(low, high), formula, result)


def _slope(values: Values, result: Value, sign: int) -> Verdict:
    """Marks off for each step short of the limit (or beyond it): in proportion, by whole steps begun, or completed."""
    roles = (OperandRole.ACTUAL, OperandRole.TARGET, OperandRole.BASE, OperandRole.SUBTRAHEND, OperandRole.CAP)
    rate, limit, step, off, full = (values[role] for role in roles)
    miss = max((rate.point - limit.point) * sign, Decimal(0))
    if step.point <= 0:
        return undetermined(Reason.ZERO_DENOMINATOR)
    steps = quotient(miss, step.point)
    left, right = (rate, limit) if sign > 0 else (limit, rate)
    formula = f"{full.printed} - ({left.printed} - {right.printed}) / {step.printed} × {off.printed}"
    if miss == 0:
        formula = f"{rate.printed} {'≤' if sign > 0 else '≥'} {limit.printed}, {full.printed}"
    counts = [steps, steps.to_integral_value(ROUND_CEILING), steps.to_integral_value(ROUND_FLOOR)]
    points = [max(full.point - count * off.point, Decimal(0)) for count in counts]
    for point in points[1:]:
        if round_to(point, result.ulp) == result.point:
            return Verdict(outcome=Outcome.VERIFIED, reason=Reason.EXACT, formula=f"{formula} ≈ {result.printed}")
    return _decided(points[0], Interval.exactly(points[0]), formula, result)


def _fall(values: Values, result: Value) -> Verdict:
    """The marks promised for a fall are given where there was one; what a rise costs is another rule's."""
    current, base, due = (values[role] for role in (OperandRole.CURRENT, OperandRole.BASE, OperandRole.TARGET))
    if current.point >= base.point:
        return undetermined(Reason.AMBIGUOUS)
    formula = f"{current.printed} < {base.printed}, {due.printed}"
    if result.point == due.point:
        return Verdict(outcome=Outcome.VERIFIED, reason=Reason.EXACT, formula=formula)
    return Verdict(outcome=Outcome.CONTRADICTED, reason=Reason.MISMATCH, formula=f"{formula} ≠ {result.printed}")


def _due(values: Values, result: Value) -> Verdict:
    """Full marks are due from a limit on; what is due short of it, the rule's other words tell."""
    rate, limit, full = (values[role] for role in (OperandRole.ACTUAL, OperandRole.TARGET, OperandRole.CAP))
    upper = limit.quantity is not None and limit.quantity.high is not None and limit.quantity.low is None
    kept = rate.point <= limit.point if upper else rate.point >= limit.point
    if not kept:
        return undetermined(Reason.AMBIGUOUS)
    formula = f"{rate.label} {'≤' if upper else '≥'} {limit.label}, {full.printed} ≠ {result.printed}"
    return Verdict(outcome=Outcome.CONTRADICTED, reason=Reason.MISMATCH, formula=formula)


def _per_unit(values: Values, result: Value) -> Verdict:
    """So many marks off for each: more or fewer were taken. What a mark is worth in all limits only the larger side."""
    count, off = values[OperandRole.ITEM], values[OperandRole.SUBTRAHEND]
    due = count.point * off.point
    formula = f"{count.label} × {off.printed} = {shown(due.normalize())}"
    if result.point == due:
        return Verdict(outcome=Outcome.VERIFIED, reason=Reason.EXACT, formula=formula)
    return Verdict(outcome=Outcome.CONTRADICTED, reason=Reason.MISMATCH, formula=f"{formula} ≠ {result.printed}")


def _proportion(values: Values, result: Value, *, lower: bool) -> Verdict:
    """A target missed costs in proportion, and one exceeded earns no more than the full mark."""
    reached, aimed, full = (values[role] for role in (OperandRole.ACTUAL, OperandRole.TARGET, OperandRole.CAP))
    aimed = replace(aimed, interval=Interval.exactly(aimed.point))  # a limit is set, not rounded
    above, below = (aimed, reached) if lower else (reached, aimed)
    if below.interval.low <= 0:
        return undetermined(Reason.ZERO_DENOMINATOR)
    share = above.interval / below.interval
    point = min(quotient(above.point, below.point), _ONE) * full.point
    low, high = (min(end, _ONE) * full.point for end in (share.low, share.high))
    return _decided(point, Interval(low, high), f"{above.printed} / {below.printed} × {full.printed}", result)


def proportioned(source: Source, claims: Sequence[Claim]) -> list[Claim]:
    """The claims without rows that need not go by proportion.

    They do where other rows of the table that lost marks bear it out; one that fails must be one slip away.
    """
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.concept in PROPORTIONS and claim.stated_text:
            groups[claim.stated_text].append(claim)
    kept: set[str] = set()
    for group in groups.values():
        failed = [c for c in group if c.verdict and c.verdict.outcome is Outcome.CONTRADICTED]
        telling = [c for c in group if c.verdict and c.verdict.outcome is Outcome.VERIFIED and _lost(source, c)]
        if len(telling) >= _TELLING and len(failed) < len(telling):
            kept |= {c.id for c in telling}
            kept |= {c.id for c in failed if _one_slip(source, c)}
    return [claim for claim in claims if claim.concept not in PROPORTIONS or claim.id in kept]


def _lost(source: Source, claim: Claim) -> bool:
    """Whether a row lost marks, and its score is printed finely enough to tell how."""
    full = next(o.quantity for o in claim.operands if o.role is OperandRole.CAP)
    values = [source.quantity(name) for name in (full, claim.result) if name]
    return values[0].value != values[1].value and (values[1].ulp or _ONE) < _ONE


def _one_slip(source: Source, claim: Claim) -> bool:
    """Whether one digit of one number explains why a row does not go by proportion."""
    numbers = [(o.role, value_of(_exact(source, o.quantity))) for o in claim.operands if o.quantity]
    result = value_of(source.quantity(claim.result)) if claim.result else None
    values = {role: value for role, value in numbers if value}
    if result is None or len(values) < len(numbers):
        return False
    own = [(values, result.with_digits(digits)) for digits in _variants(result)]
    others = [
        ({**values, role: value.with_digits(digits)}, result)
        for role, value in values.items()
        if role is not OperandRole.CAP
        for digits in _variants(value)
    ]
    lower = claim.concept == PROPORTIONS[1]
    judged = (_proportion(changed, stated, lower=lower) for changed, stated in (*own, *others))
    return any(verdict.outcome is Outcome.VERIFIED for verdict in judged)


def _exact(source: Source, name: str) -> Quantity:
    quantity = source.quantity(name)
    limit = quantity.low if quantity.low is not None else quantity.high
    return quantity.model_copy(update={"bound": Bound.EXACT, "value": quantity.value or limit})


def _variants(value: Value) -> Iterator[Decimal]:
    """What a slip may have made of a number; two digits tell nothing."""
    if sum(map(str.isdigit, value.printed)) < _DIGITS:
        return
    for made in (swaps, shifts, one_off_digits):
        yield from made(value)


_RULES: dict[str, Callable[[Values, Value], Verdict]] = {
    "product": _product,
    "quotient": _quotient,
    "slope_below": lambda values, result: _slope(values, result, -1),
    "slope_above": lambda values, result: _slope(values, result, 1),
    "fall": _fall,
    "due": _due,
    "per_unit": _per_unit,
    "part_of_target": lambda values, result: _proportion(values, result, lower=False),
    "proportion": lambda values, result: _proportion(values, result, lower=False),
    "proportion_lower": lambda values, result: _proportion(values, result, lower=True),
}
