"""Quotients whose operands are told by their place: they hold when any reading does, and fail only by one slip."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from reviewer.intervals import Interval, exact_sum, quotient, total
from reviewer.judging.comparing import compared, undetermined
from reviewer.judging.excuses import one_off_digits, rounds_to, shifts, truncated, written
from reviewer.judging.formulas import RATIOS, SUMS, Computed
from reviewer.judging.operands import Value, operand_value, value_of
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
    Reason,
    Source,
    Verdict,
)

NEARBY, COLUMN = "nearby", "column"
PLACED = (NEARBY, COLUMN)
"""Concepts of claims whose operands are told by their place beside the result, in a sentence or in a row."""
_CHANCE = {Closure.COMPLETE: Decimal(10) ** 6, Closure.LISTED: Decimal("0.2"), Closure.OPEN: Decimal("0.03")}
"""How likely some slip may be to fit wrong operands, by how well the words tie them to the result."""
_ABOUT = Decimal("0.5")
_UNLIKELY = Decimal("0.02")
_WAN, _HUNDREDTH, _HALF = Decimal(10) ** 4, Decimal("0.01"), Decimal("0.5")
_FULL = Decimal(100)
_COMPUTED = (*RATIOS, *SUMS, ClaimKind.CHANGE)
_BARE = (Dimension.NONE, Dimension.COUNT, Dimension.MEASURE)
_MANY = 3
"""Rows that bear a column's formula out beyond doubt; with fewer, a row that fails must be one slip away."""

Terms = tuple[tuple[Value, OperandRole], ...]


def _terms(source: Source, operands: Sequence[Operand]) -> Terms | None:
    found = [(operand_value(source, operand), operand.role) for operand in operands]
    if any(value is None for value, _ in found):
        return None
    return tuple((v.subtracted() if role is OperandRole.SUBTRAHEND else v, role) for v, role in found if v)


def _side(values: list[Value]) -> tuple[Decimal, Interval, str]:
    text = " ".join(f"{'-' if v.taken_off else '+'} {v.printed}" for v in values).removeprefix("+ ")
    whole = exact_sum(v.point for v in values), total(v.interval for v in values)
    return (*whole, f"({text})" if len(values) > 1 else text)


def _of_one_kind(terms: Terms) -> bool:
    return len({value.quantity.dimension for value, _ in terms if value.quantity}) == 1


def _per(value: Value) -> Value:
    """A length or an area counts by its own unit in an average: by 亩, also where it is printed in 万亩."""
    if value.quantity is None or value.quantity.dimension is not Dimension.MEASURE:
        return value
    own = value.scale / _WAN if (value.unit or "").startswith("万") else value.scale
    return value.scaled(quotient(Decimal(1), own))


def _computed(terms: Terms) -> Computed:
    above = [value for value, role in terms if role is not OperandRole.DENOMINATOR]
    below = [value for value, role in terms if role is OperandRole.DENOMINATOR]
    if not _of_one_kind(terms):
        below = [_per(value) for value in below]
    numerator, denominator = _side(above), _side(below)
    return Computed(
        quotient(numerator[0], denominator[0]),
        numerator[1] / denominator[1],
        f"{numerator[2]} / {denominator[2]}",
        exact=False,
        mixed=False,
    )


def _try(terms: Terms) -> Computed | None:
    """The quotient, or None where the denominator may be nought."""
    try:
        return _computed(terms)
    except ZeroDivisionError:
        return None


def _swaps(value: Value) -> Iterator[Decimal]:
    """The printed number with two of its digits exchanged."""
    text = value.printed
    for left, right in combinations([i for i, c in enumerate(text) if c.isdigit()], 2):
        if text[left] != text[right] and not (left == 0 and text[right] == "0"):
            digits = list(text)
            digits[left], digits[right] = digits[right], digits[left]
            yield Decimal("".join(digits))


def _slipped(terms: Terms, result: Value, stated: Computed) -> tuple[Excuse, Decimal] | None:
    """The first slip of one number that makes the quotient come out, and how likely one would if nothing were wrong."""
    likely = Decimal(0)
    for variants in (_swaps, shifts, one_off_digits):
        excuse: Excuse | None = None
        tried = [(result, stated, other) for other in map(result.with_digits, variants(result))]
        for index, (value, role) in enumerate(terms):
            for other in map(value.with_digits, variants(value)):
                changed = _try((*terms[:index], (other, role), *terms[index + 1 :])) if other.point else None
                if changed is not None:
                    tried.append((value, changed, result))
        for value, computed, target in tried:
            reach = computed.point and abs(target.point / computed.point - 1)
            if computed.point and reach <= _HALF:
                likely += min(Decimal(1), abs(quotient(target.ulp, computed.point)))
            if excuse is None and value.quantity and rounds_to(computed, target):
                formula = written(computed, target)
                excuse = Excuse(kind=ExcuseKind.DIGIT_SLIP, formula=formula, label=value.quantity.id)
        if excuse is not None:
            return excuse, likely
    return None


def _as_share(result: Value, terms: Terms) -> Value:
    """A bare number in a column of rates is a percentage where its operands are of one kind."""
    quantity = result.quantity
    if quantity is None or quantity.dimension not in _BARE or not _of_one_kind(terms):
        return result
    if quantity.dimension is not Dimension.NONE and (
        quantity.unit_span is None or (quantity.unit or "") in quantity.text
    ):
        return result
    return replace(result.scaled(quotient(_HUNDREDTH, result.scale)), unit="%")


def _printed(source: Source, claim: Claim) -> tuple[Value | None, bool]:
    """The stated result, and whether it is given as an approximation: 约占15.0% is still rounded, not free."""
    assert claim.result is not None
    quantity = source.quantity(claim.result)
    about = quantity.bound is Bound.ABOUT and quantity.value is not None
    return value_of(quantity.model_copy(update={"bound": Bound.EXACT}) if about else quantity), about


def quotient_verdict(source: Source, claim: Claim) -> Verdict:
    """Verified when any of the readings holds; contradicted when none does and one slip in the first explains it."""
    printed, about = _printed(source, claim)
    readings = [_terms(source, claim.operands), *(_terms(source, other.operands) for other in claim.alternatives)]
    first = readings[0]
    if printed is None or first is None or (stated := _try(first)) is None:
        return undetermined(Reason.NOT_EXACT)
    main: Verdict | None = None
    sound: list[Terms] = []
    for terms in filter(None, readings):
        result = _as_share(printed, terms)
        computed = _try(terms)
        if computed is None:
            continue
        verdict = compared(computed, result)
        if verdict.outcome is Outcome.VERIFIED or truncated(computed, result):
            return verdict.model_copy(update={"outcome": Outcome.VERIFIED})
        if verdict.outcome is Outcome.UNDETERMINED:
            sound.append(terms)
        main = main or verdict
    if main is None:
        return undetermined(Reason.AMBIGUOUS)
    result = _as_share(printed, first)
    slip = _slipped(first, result, stated)
    if sound and slip and slip[1] < _UNLIKELY and claim.concept == NEARBY and sound == [first]:
        # 49 of 52 is hardly 92.43% when it is 94.23% to the digit, however the 49 was rounded.
        formula = main.formula.replace("↔", "≠") if main.formula else None
        update = {"outcome": Outcome.CONTRADICTED, "reason": Reason.MISMATCH, "excuse": slip[0], "formula": formula}
        return main.model_copy(update=update)
    if sound:
        coarse = {"excuse": slip[0], "reason": Reason.COARSE} if slip else {}
        return undetermined(Reason.AMBIGUOUS, main.formula).model_copy(update=coarse)
    if claim.concept == COLUMN and claim.closure is Closure.COMPLETE and not (slip is None and result.point == 1):
        return main.model_copy(update={"excuse": slip[0] if slip else None})  # 100% may stand for more
    if slip is None or slip[1] > _CHANCE[claim.closure] * (_ABOUT if about else 1):
        formula = main.formula.replace("≠", "↔") if main.formula else None
        return main.model_copy(update={"outcome": Outcome.UNDETERMINED, "reason": Reason.AMBIGUOUS, "formula": formula})
    return main.model_copy(update={"excuse": slip[0]})


def _outcome(claim: Claim) -> Outcome | None:
    return claim.verdict.outcome if claim.verdict else None


def _telling(claim: Claim) -> bool:
    """Whether a row that holds says anything: 100% of equal numbers fits any formula."""
    stated = claim.verdict.stated if claim.verdict else None
    return _outcome(claim) is Outcome.VERIFIED and stated is not None and not stated.low <= _FULL <= stated.high


def _proven(group: list[Claim]) -> int:
    """How many rows bear a column's formula out; 0 where that is too few against those that fail."""
    held = sum(_outcome(claim) is Outcome.VERIFIED for claim in group)
    failed = [claim for claim in group if _outcome(claim) is Outcome.CONTRADICTED]
    telling = sum(map(_telling, group))
    told = all(claim.tied for claim in group)
    enough = (held >= len(failed) and held > 0) if told else (held > len(failed) and telling > 0 and held > 1)
    explained = all(claim.verdict and claim.verdict.excuse for claim in failed)
    return held if enough and (explained or (telling >= _MANY and len(failed) == 1)) else 0


def _sharpened(claim: Claim, group: list[Claim]) -> Claim:
    """A row that only the rounding of its operands could save, in a column where every other row holds to the digit."""
    others = [other for other in group if other is not claim]
    exact = all(o.verdict and o.verdict.reason is Reason.EXACT for o in others) and sum(map(_telling, others)) > 1
    verdict = claim.verdict
    if verdict is None or verdict.reason is not Reason.COARSE or not verdict.excuse or not exact:
        return claim
    formula = verdict.formula.replace("↔", "≠") if verdict.formula else None
    update = {"outcome": Outcome.CONTRADICTED, "reason": Reason.MISMATCH, "formula": formula}
    return claim.model_copy(update={"verdict": verdict.model_copy(update=update), "tied": False})


def settled(claims: list[Claim]) -> list[Claim]:
    """Without formulas of columns that the rows do not bear out, and without second readings of one result."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.concept == COLUMN and claim.stated_text:
            groups[claim.stated_text].append(claim)
    best: dict[str, tuple[int, bool, str]] = {}
    for name, group in groups.items():
        column = name.rsplit("=", 1)[0]
        ranked = (_proven(group), group[0].tied, name)
        if ranked[0] and ranked[:2] > best.get(column, (0, False, ""))[:2]:
            best[column] = ranked
    kept = {name for _, _, name in best.values()}
    claims = [_sharpened(claim, groups[claim.stated_text]) if claim.stated_text in kept else claim for claim in claims]
    decided: dict[str | None, set[str]] = defaultdict(set)
    holding: set[str | None] = set()
    columned = {claim.result for claim in claims if claim.concept == COLUMN and claim.stated_text in kept}
    for claim in claims:
        if claim.concept in PLACED:
            if _outcome(claim) is Outcome.VERIFIED and (claim.concept == NEARBY or claim.stated_text in kept):
                holding.add(claim.result)
        elif _outcome(claim) in (Outcome.VERIFIED, Outcome.CONTRADICTED) and claim.kind in _COMPUTED:
            decided[claim.result].add(claim.kind.value)
    return [
        claim
        for claim in claims
        if _stays(claim, kept, decided, holding) and not (claim.concept == NEARBY and claim.result in columned)
    ]


def _stays(claim: Claim, kept: set[str], decided: dict[str | None, set[str]], holding: set[str | None]) -> bool:
    if claim.concept == COLUMN:
        return claim.stated_text in kept and claim.result not in decided
    if claim.concept == NEARBY:
        return claim.result not in decided
    # A rate of cases by its nearest pair, or by what no count can give, where another pair gives it exactly.
    guessed = claim.concept == "attainable_rate" or (claim.kind is ClaimKind.RATIO and claim.concept is None)
    return not (guessed and _outcome(claim) is Outcome.CONTRADICTED and claim.result in holding)
