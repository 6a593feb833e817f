"""Whether two figures said to be one are: equal, equal after rounding, apart by one slip, or different."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from reviewer.intervals import Interval, cut_to, round_to
from reviewer.judging import excuses
from reviewer.judging.comparing import undetermined
from reviewer.judging.operands import Value, value_of
from reviewer.schema import (
    Bound,
    Claim,
    ClaimKind,
    Closure,
    Excuse,
    ExcuseKind,
    Outcome,
    Quantity,
    Reason,
    Source,
    Verdict,
)

_LOOSE = Decimal("0.1")
"""How far an approximation may be off."""
_SWAPPED, _SHIFTED, _REPLACED = 3, 3, 4
"""Digits two values need for one slip between them to be no coincidence (a chance under one in a hundred)."""
_EXACT = (ClaimKind.SUM, ClaimKind.DIFFERENCE, ClaimKind.BALANCE, ClaimKind.RESTATEMENT)
"""Relations that bear out every digit; a rate holds for many values."""
_POINT = tuple(Decimal(10) ** power for power in (1, -1))


def _value(quantity: Quantity) -> Value | None:
    """What is printed, of a limit its value: a target may be told twice."""
    if quantity.bound is Bound.RANGE:
        return None
    return value_of(quantity.model_copy(update={"bound": Bound.EXACT}))


def restated(source: Source, claim: Claim) -> Verdict:
    """Same precision: equal. Other precision: the printed intervals overlap.

    Names that are only alike (closure listed) contradict each other by one slip only; open ones never do.
    """
    quantities = [source.quantity(name) for name in (claim.operands[0].quantity, claim.result) if name]
    values = [_value(quantity) for quantity in quantities]
    first, second = values[0], values[-1]
    if len(values) < 2 or first is None or second is None:
        return undetermined(Reason.NOT_EXACT)
    mixed = first.unit != second.unit
    left, right = (value.label if mixed else value.printed for value in (first, second))
    if first.point == second.point:
        return Verdict(outcome=Outcome.VERIFIED, reason=Reason.EXACT, formula=f"{left} = {right}")
    fine, coarse = (first, second) if first.ulp <= second.ulp else (second, first)
    if fine.ulp != coarse.ulp and _rounds(fine, coarse):
        return Verdict(outcome=Outcome.VERIFIED, reason=Reason.WITHIN_ROUNDING, formula=f"{left} ~ {right}")
    if claim.concept != "target" and not _comparable(quantities, first, second):
        return undetermined(Reason.NOT_EXACT)
    excuse = _slip(fine, coarse, replaced=claim.concept != "retold_loosely")
    if claim.closure is Closure.OPEN or (claim.closure is Closure.LISTED and not (excuse and _tells(fine, coarse))):
        return undetermined(Reason.AMBIGUOUS, f"{left} ↔ {right}")
    return Verdict(outcome=Outcome.CONTRADICTED, reason=Reason.MISMATCH, formula=f"{left} ≠ {right}", excuse=excuse)


def _comparable(quantities: list[Quantity], first: Value, second: Value) -> bool:
    """Whether unequal values contradict: two limits do, a limit and a value do not, an approximation by far only.

    A target is a limit also where its words are not repeated: 「超过了86%的目标」.
    """
    bounds = {quantity.bound for quantity in quantities}
    if Bound.ABOUT in bounds:
        larger = max(abs(first.point), abs(second.point))
        return abs(first.point - second.point) > larger * _LOOSE
    return Bound.EXACT not in bounds or len(bounds) == 1


def _rounds(fine: Value, coarse: Value) -> bool:
    rounded = round_to(fine.point, coarse.ulp) == coarse.point
    return rounded or fine.interval.meets(Interval.printed(coarse.point, coarse.ulp))


def _slip(fine: Value, coarse: Value, *, replaced: bool = True) -> Excuse | None:
    """How one of two values may have become the other; which of them slipped cannot be told."""
    if fine.ulp != coarse.ulp and coarse.point and cut_to(fine.point, coarse.ulp) == coarse.point:
        return Excuse(kind=ExcuseKind.TRUNCATED, formula=f"{fine.label} → {coarse.label}")
    written = f"{fine.label} ↔ {coarse.label}"
    digits = min(map(_telling_digits, (fine, coarse)))
    if excuses.is_unit_slip(fine, coarse):
        return Excuse(kind=ExcuseKind.UNIT_SLIP, formula=written)
    shifted = digits >= _SHIFTED and any(round_to(fine.point * power, coarse.ulp) == coarse.point for power in _POINT)
    apart = _digits_apart(fine, coarse)
    swapped = digits >= _SWAPPED and len(apart) == 2 and _is_swap(apart)
    replaced = replaced and digits >= _REPLACED and len(apart) == 1
    return Excuse(kind=ExcuseKind.DIGIT_SLIP, formula=written) if shifted or swapped or replaced else None


def _tells(fine: Value, coarse: Value) -> bool:
    """Whether two values have digits enough for a slip between them to be no coincidence."""
    return min(map(_telling_digits, (fine, coarse))) >= _SWAPPED


def _telling_digits(value: Value) -> int:
    """Digits that tell: all but the zeros at either end, of which one in the last place may be printed to be exact."""
    digits = value.printed.replace(".", "").lstrip("0")
    return len(digits.rstrip("0")) + (1 if digits.endswith("0") and not digits.endswith("00") else 0)


def _digits_apart(one: Value, other: Value) -> list[tuple[int, str, str]]:
    """The places in which two numbers of one length and unit differ, each with both digits."""
    texts = [one.printed, other.printed]
    if one.scale != other.scale:
        # 1.27亿元 is 12,700万元: both in the finer unit.
        finer = min(one.scale, other.scale)
        if any((value.scale / finer).normalize().as_tuple().digits != (1,) for value in (one, other)):
            return []
        texts = [f"{(value.point / finer).normalize():f}" for value in (one, other)]
    places = max(map(_decimals, texts))
    left, right = (text.replace(".", "") + "0" * (places - _decimals(text)) for text in texts)
    if len(left) != len(right):
        return []
    return [(n, a, b) for n, (a, b) in enumerate(zip(left, right, strict=True)) if a != b]


def _decimals(printed: str) -> int:
    return len(printed.partition(".")[2])


def _is_swap(apart: list[tuple[int, str, str]]) -> bool:
    (first, a, b), (second, c, d) = apart
    return second - first == 1 and (a, b) == (d, c)


def told_once_only(claims: Iterable[Claim]) -> list[Claim]:
    """The claims without restatements that say nothing: names only alike, and no value in common.

    A slip between names only alike is one only where one of the two numbers stands alone: numbers that are each borne
    out by another place or relation are two.
    """
    claims = list(claims)
    borne_out = Counter(
        name
        for claim in claims
        if claim.kind in _EXACT and claim.result and claim.verdict and claim.verdict.outcome is Outcome.VERIFIED
        for name in {*(operand.quantity for operand in claim.operands), claim.result}
    )
    kept: list[Claim] = []
    for claim in claims:
        if claim.kind is ClaimKind.RESTATEMENT and claim.closure is not Closure.COMPLETE and claim.verdict:
            both = all(borne_out[name] for name in (claim.operands[0].quantity, claim.result))
            outcome = claim.verdict.outcome
            if outcome is Outcome.UNDETERMINED or (outcome is Outcome.CONTRADICTED and both):
                continue
        kept.append(claim)
    return kept
