"""One verdict for every claim."""

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from reviewer.judging import excuses
from reviewer.judging.changes import changed
from reviewer.judging.comparing import compared, decided, undetermined
from reviewer.judging.distances import distant, told_elsewhere
from reviewer.judging.formulas import RATIOS, SUMS, compute, in_unit, shown
from reviewer.judging.operands import Value, operand_value
from reviewer.judging.quotients import PLACED, quotient_verdict, settled
from reviewer.judging.relations import bounded, counted, met, whole_hundred
from reviewer.judging.restating import restated, told_once_only
from reviewer.judging.scoring import proportioned, ruled
from reviewer.judging.telling import telling_slip
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
    Reading,
    Reason,
    Source,
    Verdict,
)

_LEVELS = ("remainder",)
"""Differences of two levels, whatever their order in time."""
_TAKEN_OFF = (OperandRole.SUBTRAHEND,)
_SINGLE = (ExcuseKind.UNIT_SLIP, ExcuseKind.DIGIT_SLIP, ExcuseKind.OTHER_OPERANDS)
_SMALL = 4
"""A part left out of a list of scores is hardly ever less than a quarter of the least one told."""
_ONLY_WHEN_OPEN = ("shift", "rate_level", "low_execution")
"""Questions rather than relations: without an answer to ask for, there is nothing to tell."""


def _undecided(verdict: Verdict, reason: Reason) -> Verdict:
    """A contradiction that something in the text takes the force from; its formula no longer says that it is one."""
    formula = verdict.formula.replace("≠", "↔") if verdict.formula else None
    return verdict.model_copy(
        update={"outcome": Outcome.UNDETERMINED, "reason": reason, "excuse": None, "formula": formula}
    )


def _values(source: Source, operands: Sequence[Operand]) -> list[Value] | None:
    values = [(operand_value(source, operand), operand.role) for operand in operands]
    if any(value is None for value, _ in values):
        return None
    return [value.subtracted() if role in _TAKEN_OFF else value for value, role in values if value]


def _other_operands(source: Source, claim: Claim, result: Value) -> tuple[Excuse, bool] | None:
    """The first other set of operands that gives the printed value, and whether the words permit it."""
    for other in claim.alternatives:
        values = _values(source, [operand for operand in other.operands if operand.role is not OperandRole.WHOLE])
        whole = next((operand for operand in other.operands if operand.role is OperandRole.WHOLE), None)
        target = operand_value(source, whole) if whole else result
        if values is None or target is None:
            continue
        try:
            computed = compute(claim.kind, values, target)
        except ZeroDivisionError:
            continue
        if excuses.rounds_to(computed, target):
            formula = excuses.written(computed, target)
            excuse = Excuse(kind=ExcuseKind.OTHER_OPERANDS, formula=formula, label=other.label)
            return excuse, other.permitted
    return None


def _excused(source: Source, claim: Claim, values: list[Value], result: Value, verdict: Verdict) -> Verdict:
    """The contradiction with the first rung that explains it; verified when the words permit that reading."""
    do = partial(compute, claim.kind)
    other = _other_operands(source, claim, result)
    if other is not None and other[1]:
        # A rate by another base that its words allow holds; where a list ends is only a guess that fits.
        ends_early = claim.kind in SUMS
        return Verdict(
            outcome=Outcome.UNDETERMINED if ends_early else Outcome.VERIFIED,
            reason=Reason.AMBIGUOUS if ends_early else Reason.EXACT,
            stated=verdict.stated,
            computed=verdict.computed,
            formula=other[0].formula,
            excuse=other[0],
        )
    excuse = (
        excuses.truncated(do(values, result), result)
        or excuses.unit_slip(values, result, do)
        or (other[0] if other else None)
        or excuses.digit_slip(values, result, do, one_off=claim.kind in SUMS and claim.closure is not Closure.OPEN)
        or (_slip_in_any(source, claim, values, result) if claim.kind in RATIOS and not claim.tied else None)
    )
    return verdict.model_copy(update={"excuse": excuse})


def _slip_in_any(source: Source, claim: Claim, values: list[Value], result: Value) -> Excuse | None:
    """The slip that makes a division fit, with the operands found first or with others that its role allows."""
    do = partial(compute, claim.kind)
    for pair in (values, *(_values(source, other.operands) for other in claim.alternatives)):
        try:
            if pair and (slip := excuses.unit_slip(pair, result, do) or excuses.single_slip(pair, result, do)):
                return slip
        except ZeroDivisionError:
            continue
    return None


def _recomputed(source: Source, claim: Claim) -> Verdict:
    """Sums, differences, balances, ratios and shares."""
    if claim.concept in PLACED:
        return quotient_verdict(source, claim)
    if claim.concept == "hundred":
        return whole_hundred(source, claim)
    operands = [operand for operand in claim.operands if operand.role is not OperandRole.WHOLE]
    whole = next((operand for operand in claim.operands if operand.role is OperandRole.WHOLE), None)
    target = whole or (Operand(role=OperandRole.WHOLE, quantity=claim.result) if claim.result else None)
    if target is None or len(operands) < 2:
        return undetermined(Reason.OPERAND_MISSING)
    result, values = operand_value(source, target), _values(source, operands)
    if result is None or values is None:
        return undetermined(Reason.NOT_EXACT)
    try:
        verdict = compared(compute(claim.kind, values, result), result)
        if verdict.outcome is Outcome.VERIFIED:
            return verdict
        excused = _excused(source, claim, values, result, verdict)
    except ZeroDivisionError:
        return undetermined(Reason.ZERO_DENOMINATOR)
    if excused.reason is Reason.AMBIGUOUS:
        return excused
    if verdict.outcome is Outcome.UNDETERMINED:
        return excused if excused.outcome is Outcome.VERIFIED else verdict
    if excused.outcome is Outcome.CONTRADICTED and claim.kind in RATIOS and _may_be_another(source, claim, result):
        return _undecided(excused, Reason.AMBIGUOUS)
    if excused.outcome is Outcome.CONTRADICTED and claim.closure is Closure.OPEN:
        return _open(claim, excused, values, result)
    return excused


def _may_be_another(source: Source, claim: Claim, result: Value) -> bool:
    """Whether another pair that the words allow is not refuted either."""
    for other in claim.alternatives:
        values = _values(source, other.operands) if other.permitted else None
        try:
            if values and compared(compute(claim.kind, values, result), result).outcome is not Outcome.CONTRADICTED:
                return True
        except ZeroDivisionError:
            continue
    return False


def _open(claim: Claim, verdict: Verdict, values: list[Value], result: Value) -> Verdict:
    """What a list that need not be complete can contradict.

    Parts may be missing, so a shortfall proves nothing, unless it is far smaller than any part of a score; things
    counted may fall under several heads at once, so an excess of theirs proves nothing either. But where one slip of
    the pen makes the sum come out to the last of many digits, the list was complete and the slip is real.
    """
    if claim.kind not in SUMS:
        # Operands that are only probable are the right ones where a single slip makes them fit.
        named = verdict.excuse is not None and verdict.excuse.kind in _SINGLE
        return verdict if named and not claim.tied else _undecided(verdict, Reason.AMBIGUOUS)
    assert verdict.computed is not None and verdict.stated is not None
    short = verdict.computed.high < verdict.stated.low
    money = result.quantity is not None and result.quantity.dimension in (Dimension.MONEY, Dimension.SCORE)
    if short and claim.kind is ClaimKind.SCORE_TOTAL:
        missing = verdict.stated.low - verdict.computed.high
        least = min(in_unit(value.point, result.scale) for value in values)
        return verdict if missing * _SMALL < least else _undecided(verdict, Reason.OPEN_LIST)
    if not short and claim.tied and money:
        return verdict
    if slip := telling_slip(values, result, partial(compute, claim.kind)):
        return verdict.model_copy(update={"excuse": slip})
    return _undecided(verdict, Reason.OPEN_LIST if short else Reason.AMBIGUOUS)


def _capped(source: Source, claim: Claim) -> Verdict:
    """A score is at most its full mark."""
    values = _values(source, claim.operands)
    if values is None:
        return undetermined(Reason.NOT_EXACT)
    item, cap = values
    holds = item.interval.low <= cap.interval.high
    return decided(holds, f"{item.printed} {'≤' if holds else '>'} {cap.printed}")


def _limit(source: Source, operand: Operand, own: str | None) -> tuple[Decimal, bool] | None:
    """A limit of a grade, and whether a score on it is inside; a policy's upper limit is out.

    The upper limit may be printed as the lower one of the next better grade, which is out too; `own` is the quantity
    of the grade's own lower limit.
    """
    if operand.value is not None:
        return operand.value, operand.role is OperandRole.TARGET
    if operand.quantity is None:
        return None
    quantity = source.quantity(operand.quantity)
    better = quantity.bound in (Bound.AT_LEAST, Bound.MORE_THAN) or (
        quantity.bound is Bound.RANGE and operand.quantity != own
    )
    if operand.role is OperandRole.CAP and better:
        return None if quantity.low is None else (quantity.low, quantity.bound is Bound.MORE_THAN)
    number = quantity.low if operand.role is OperandRole.TARGET else quantity.high
    inside = quantity.bound not in (Bound.LESS_THAN, Bound.MORE_THAN)
    return None if number is None else (number, inside)


def _graded(source: Source, claim: Claim) -> Verdict:
    """A score lies within the limits of the stated grade."""
    item = next(operand_value(source, operand) for operand in claim.operands if operand.role is OperandRole.ITEM)
    own = next((operand.quantity for operand in claim.operands if operand.role is OperandRole.TARGET), None)
    limits = {
        operand.role: _limit(source, operand, own) for operand in claim.operands if operand.role is not OperandRole.ITEM
    }
    if item is None or None in limits.values() or not limits:
        return undetermined(Reason.NOT_EXACT)
    formula, holds = item.printed, True
    if lower := limits.get(OperandRole.TARGET):
        fits = item.point >= lower[0] if lower[1] else item.point > lower[0]
        formula = f"{shown(lower[0])} {_sign(fits, lower[1])} {formula}"
        holds = fits
    if upper := limits.get(OperandRole.CAP):
        fits = item.point <= upper[0] if upper[1] else item.point < upper[0]
        formula += f" {_sign(fits, upper[1])} {shown(upper[0])}"
        holds = holds and fits
    return decided(holds, formula)


def _sign(fits: bool, inside: bool) -> str:
    return {(True, True): "≤", (True, False): "<", (False, True): ">", (False, False): "≥"}[fits, inside]


def _differing(source: Source, claim: Claim) -> Verdict:
    """What is left when one level is taken from another; changes and questions are judged by their own words."""
    if claim.concept == "distance":
        return distant(source, claim)
    return _recomputed(source, claim) if claim.concept in _LEVELS else changed(source, claim)


_JUDGES = {
    ClaimKind.SUM: _recomputed,
    ClaimKind.SCORE_TOTAL: _recomputed,
    ClaimKind.RATIO: _recomputed,
    ClaimKind.SHARE: _recomputed,
    ClaimKind.SCORE_CAP: _capped,
    ClaimKind.GRADE: _graded,
    ClaimKind.RESTATEMENT: restated,
    ClaimKind.CHANGE: _differing,
    ClaimKind.DIFFERENCE: _differing,
    ClaimKind.COUNT_OF_LIST: counted,
    ClaimKind.BALANCE: _recomputed,
    ClaimKind.TARGET_MET: met,
    ClaimKind.SCORE_RULE: ruled,
    ClaimKind.BOUND: bounded,
}


def _verdict(source: Source, claim: Claim, verdicts: dict[str, Verdict]) -> Verdict:
    required = verdicts.get(claim.requires) if claim.requires else None
    if required is not None and required.outcome is not Outcome.VERIFIED:
        return undetermined(Reason.OPEN_LIST, required.formula)
    judge_one = _JUDGES.get(claim.kind)
    verdict = judge_one(source, claim) if judge_one else undetermined(Reason.AMBIGUOUS)
    if claim.concept == "full_mark" and verdict.outcome is Outcome.CONTRADICTED:
        # Full marks that miss their whole mean that the list of parts is not all there, not that a sum is wrong.
        return _undecided(verdict, Reason.OPEN_LIST)
    return verdict


def judge(source: Source, reading: Reading) -> Reading:
    """The reading with a verdict on every claim. A claim is judged after the one it requires."""
    verdicts: dict[str, Verdict] = {}
    judged: list[Claim] = []
    for claim in reading.claims:
        verdicts[claim.id] = _verdict(source, claim, verdicts)
        judged.append(claim.model_copy(update={"verdict": verdicts[claim.id]}))
    single = told_once_only(settled(proportioned(source, judged)))
    return reading.model_copy(update={"claims": _decided(told_elsewhere(_differing_once(single)))})


def _differing_once(claims: list[Claim]) -> list[Claim]:
    """One reading of each difference: a number that two relations claim keeps the one that holds.

    「比预算节约1.70万元」 is what is left of a budget and a distance from it; where neither holds, the distance counts.
    """
    differences = [claim for claim in claims if claim.kind is ClaimKind.DIFFERENCE and claim.result]
    holding = {claim.result for claim in differences if _outcome(claim) is Outcome.VERIFIED}
    distances = {
        c.result for c in differences if c.concept not in (*_LEVELS, "distance") and _outcome(c) is Outcome.CONTRADICTED
    }
    kept: list[Claim] = []
    for claim in claims:
        wrong = claim in differences and _outcome(claim) is Outcome.CONTRADICTED
        if wrong and (claim.result in holding or (claim.concept in _LEVELS and claim.result in distances)):
            continue
        kept.append(claim)
    return kept


def _decided(claims: list[Claim]) -> tuple[Claim, ...]:
    """Without readings of a score sheet that its full marks refuted, where another decided the same score.

    Of two sums of the same scores the one that full marks bear out counts, the bare list where they do not.
    """
    required = [claim for claim in claims if claim.requires]
    settled = {claim.result for claim in required if _outcome(claim) is not Outcome.UNDETERMINED}
    borne_out = {(c.operands, c.result) for c in required if _outcome(c) is not Outcome.UNDETERMINED}
    bare = {(c.operands, c.result): c.id for c in claims if not c.requires and c.kind is ClaimKind.SCORE_TOTAL}
    refuted = {bare[twin] for twin in borne_out & bare.keys()} | {
        claim.id
        for claim in required
        if _outcome(claim) is Outcome.UNDETERMINED
        and (claim.result in settled or (claim.operands, claim.result) in bare)
    }
    needed = {claim.requires for claim in claims if claim.requires and claim.id not in refuted}
    return tuple(
        claim
        for claim in claims
        if claim.id not in refuted
        and (claim.concept != "full_mark" or claim.id in needed)
        and not (claim.concept in _ONLY_WHEN_OPEN and _outcome(claim) is Outcome.VERIFIED)
    )


def _outcome(claim: Claim) -> Outcome | None:
    return claim.verdict.outcome if claim.verdict else None
