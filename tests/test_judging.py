"""Judging decides what a unit is asked about: it must never doubt what rounding explains, nor pass what nothing does.

Claims are built by hand from numbers as a report prints them, so that nothing but the arithmetic is tested.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reviewer.judging import judge
from reviewer.schema import (
    Bound,
    Claim,
    ClaimKind,
    Closure,
    Dimension,
    ExcuseKind,
    Operand,
    OperandRole,
    OperandSet,
    Outcome,
    Quantity,
    QuantityKind,
    Reading,
    Reason,
    Source,
    Span,
    Verdict,
)

WAN, YI = Decimal(10) ** 4, Decimal(10) ** 8
UNITS: dict[str, tuple[Decimal, Dimension]] = {
    "元": (Decimal(1), Dimension.MONEY),
    "万元": (WAN, Dimension.MONEY),
    "亿元": (YI, Dimension.MONEY),
    "%": (Decimal("0.01"), Dimension.PERCENT),
    "分": (Decimal(1), Dimension.SCORE),
    "人": (Decimal(1), Dimension.COUNT),
    "万人": (WAN, Dimension.COUNT),
}
CENT = Decimal("0.01")


class Report:
    """Numbers as printed and the claims made of them; a number is its own id: 「742.15万元」."""

    def __init__(self) -> None:
        self.quantities: dict[str, Quantity] = {}
        self.claims: list[Claim] = []

    def number(self, printed: str) -> str:
        """Note a printed number, which 约 or ≥ may precede, and return its id."""
        match = re.fullmatch(r"(约|≥)?(-?\d+(?:\.(\d+))?)(\D+)", printed)
        assert match is not None, printed
        sign, digits, decimals, unit = match.groups()
        scale, dimension = UNITS[unit]
        bound = {"约": Bound.ABOUT, "≥": Bound.AT_LEAST, None: Bound.EXACT}[sign]
        identity = f"q{len(self.quantities) + 1}"
        self.quantities[identity] = Quantity(
            id=identity,
            text=printed,
            value=Decimal(digits),
            low=Decimal(digits),
            high=Decimal(digits),
            ulp=Decimal(1).scaleb(-len(decimals or "")),
            unit=unit,
            scale=scale,
            dimension=dimension,
            bound=bound,
            kind=QuantityKind.QUANTITY,
            span=Span(document="d1", start=len(self.quantities), end=len(self.quantities) + 1, line=1),
        )
        return identity

    def operand(self, role: OperandRole, printed: str | Decimal) -> Operand:
        """A printed number, or a policy's value."""
        if isinstance(printed, Decimal):
            return Operand(role=role, value=printed, source="generic:test")
        return Operand(role=role, quantity=self.number(printed))

    def claim(
        self,
        kind: ClaimKind,
        operands: tuple[Operand, ...],
        result: str | None,
        *,
        closure: Closure = Closure.COMPLETE,
        alternatives: tuple[OperandSet, ...] = (),
        requires: str | None = None,
        concept: str | None = None,
    ) -> str:
        identity = f"c{len(self.claims) + 1}"
        self.claims.append(
            Claim(
                id=identity,
                kind=kind,
                operands=operands,
                result=self.number(result) if result else None,
                closure=closure,
                alternatives=alternatives,
                requires=requires,
                concept=concept,
                section="s1",
                by=("test",),
            )
        )
        return identity

    def judged(self) -> dict[str, Verdict]:
        source = Source(documents=(), sections=(), sentences=(), quantities=tuple(self.quantities.values()))
        reading = judge(source, Reading(claims=tuple(self.claims)))
        return {claim.id: claim.verdict for claim in reading.claims if claim.verdict}

    def verdict(self) -> Verdict:
        """The verdict on the only claim."""
        (verdict,) = self.judged().values()
        return verdict


def added(*printed: str, to: str, closure: Closure = Closure.COMPLETE) -> Verdict:
    """The verdict on parts said to add up to a whole."""
    report = Report()
    report.claim(ClaimKind.SUM, tuple(report.operand(OperandRole.PART, part) for part in printed), to, closure=closure)
    return report.verdict()


def divided(numerator: str, denominator: str, gives: str, *others: tuple[str, str, bool]) -> Verdict:
    """The verdict on a rate; `others` are further divisions (numerator, denominator, permitted)."""
    report = Report()

    def operands(top: str, bottom: str) -> tuple[Operand, ...]:
        return report.operand(OperandRole.NUMERATOR, top), report.operand(OperandRole.DENOMINATOR, bottom)

    sets = tuple(
        OperandSet(label=f"other/{number}", operands=operands(top, bottom), permitted=permitted)
        for number, (top, bottom, permitted) in enumerate(others)
    )
    report.claim(ClaimKind.RATIO, operands(numerator, denominator), gives, alternatives=sets)
    return report.verdict()


def restated(first: str, second: str) -> Verdict:
    report = Report()
    report.claim(ClaimKind.RESTATEMENT, (report.operand(OperandRole.ITEM, first),), second)
    return report.verdict()


def graded(score: str, lower: int, better: int | None) -> Verdict:
    """The verdict on a grade from `lower` up to, but not including, the next better one's `better`."""
    report = Report()
    operands = [report.operand(OperandRole.ITEM, score), report.operand(OperandRole.TARGET, Decimal(lower))]
    if better is not None:
        operands.append(report.operand(OperandRole.CAP, Decimal(better)))
    report.claim(ClaimKind.GRADE, tuple(operands), None)
    return report.verdict()


def capped(score: str, cap: str | Decimal) -> Verdict:
    report = Report()
    report.claim(
        ClaimKind.SCORE_CAP, (report.operand(OperandRole.ITEM, score), report.operand(OperandRole.CAP, cap)), None
    )
    return report.verdict()


def said(verdict: Verdict) -> tuple[Outcome, Reason]:
    return verdict.outcome, verdict.reason


EXACT = (Outcome.VERIFIED, Reason.EXACT)
ROUNDED = (Outcome.VERIFIED, Reason.WITHIN_ROUNDING)
COARSE = (Outcome.UNDETERMINED, Reason.COARSE)
MISMATCH = (Outcome.CONTRADICTED, Reason.MISMATCH)


# Sums


def test_parts_that_make_their_whole_are_verified_and_shown() -> None:
    verdict = added("742.15万元", "544.25万元", to="1286.40万元")
    assert said(verdict) == EXACT
    assert verdict.formula == "742.15 + 544.25 = 1286.40"
    assert verdict.value == Decimal("1286.40")


def test_a_last_digit_that_rounding_explains_is_no_defect() -> None:
    verdict = added("742.2万元", "544.3万元", to="1286.4万元")
    assert said(verdict) == ROUNDED
    assert verdict.computed is not None and verdict.stated is not None
    assert (verdict.computed.low, verdict.computed.high) == (Decimal("1286.4"), Decimal("1286.6"))


def test_amounts_to_the_fen_have_no_rounding_to_hide_behind() -> None:
    assert said(added("100.10元", "200.20元", to="300.31元")) == MISMATCH
    assert said(added("0.010010万元", "0.020020万元", to="0.030031万元")) == MISMATCH


def test_units_are_brought_to_one_and_named_in_the_formula() -> None:
    verdict = added("742.15万元", "5442500元", to="1286.40万元")
    assert said(verdict) == EXACT
    assert verdict.formula is not None and "742.15万元 + 5442500元" in verdict.formula


@pytest.mark.parametrize(
    ("whole", "outcome"), [("1.29亿元", EXACT), ("1.28亿元", MISMATCH), ("1.3亿元", EXACT), ("1亿元", EXACT)]
)
def test_a_whole_printed_in_yi_is_compared_to_its_last_digit(whole: str, outcome: tuple[Outcome, Reason]) -> None:
    assert said(added("7421.5万元", "5442.5万元", to=whole)) == outcome


def test_parts_printed_too_coarsely_decide_nothing() -> None:
    assert said(added("1亿元", "2亿元", to="3.2471亿元")) == COARSE


def test_a_list_that_may_be_open_is_not_held_to_its_whole() -> None:
    verdict = added("512.20万元", "132.70万元", to="874.36万元", closure=Closure.OPEN)
    assert said(verdict) == (Outcome.UNDETERMINED, Reason.OPEN_LIST)


def test_parts_above_their_whole_are_wrong_even_in_an_open_list() -> None:
    assert said(added("712.20万元", "232.70万元", to="874.36万元", closure=Closure.OPEN)) == MISMATCH


def test_an_open_list_that_one_typing_error_would_close_is_worth_a_question() -> None:
    verdict = added("742.15万元", "544.25万元", to="1268.40万元", closure=Closure.OPEN)
    assert verdict.outcome is Outcome.CONTRADICTED
    verdict = added("724.15万元", "544.25万元", to="1286.40万元", closure=Closure.OPEN)
    assert verdict.excuse is not None and verdict.excuse.kind is ExcuseKind.DIGIT_SLIP


def test_a_list_that_says_it_is_all_may_not_fall_short() -> None:
    assert said(added("15人", "29人", "3人", to="48人", closure=Closure.LISTED)) == MISMATCH


def test_a_sum_names_the_value_it_found() -> None:
    verdict = added("260万元", "155万元", "120万元", to="500万元")
    assert said(verdict) == MISMATCH
    assert verdict.value == 535
    assert verdict.formula == "260 + 155 + 120 = 535 ≠ 500"


@pytest.mark.parametrize("part", ["约500万元", "≥500万元"])
def test_an_approximation_or_a_bound_is_never_computed_with(part: str) -> None:
    assert said(added(part, "300.00万元", to="900.00万元")) == (Outcome.UNDETERMINED, Reason.NOT_EXACT)


def test_a_single_part_makes_no_sum() -> None:
    assert said(added("500.00万元", to="900.00万元")) == (Outcome.UNDETERMINED, Reason.OPERAND_MISSING)


def test_rounded_counts_are_not_held_to_the_person() -> None:
    assert said(added("12031人", "8114人", to="2.0万人")) == EXACT
    assert said(added("1.2万人", "0.8万人", to="20145人")) != MISMATCH
    assert said(added("12031人", "8114人", to="20146人")) == MISMATCH


# Ratios


def test_a_rate_follows_from_its_amounts() -> None:
    verdict = divided("598.40万元", "640.00万元", "93.50%")
    assert said(verdict) == EXACT
    assert verdict.formula == "598.40 / 640.00 = 93.50%"


def test_a_rate_may_be_rounded_to_any_precision() -> None:
    for rate in ("98%", "97.7%", "97.74%", "97.738%"):
        assert said(divided("1257.30万元", "1286.40万元", rate)) == EXACT


def test_a_rate_of_amounts_in_different_units_is_divided_in_one() -> None:
    verdict = divided("5984000元", "640.00万元", "93.50%")
    assert said(verdict) == EXACT
    assert verdict.formula is not None and "5984000元 / 640.00万元" in verdict.formula


def test_a_rate_of_roughly_printed_amounts_is_left_open() -> None:
    assert said(divided("3.1万元", "3.5万元", "88.05%")) == COARSE


def test_a_wrong_rate_shows_what_it_should_be() -> None:
    verdict = divided("71.20万元", "86.50万元", "92.31%")
    assert said(verdict) == MISMATCH
    assert verdict.excuse is None
    assert verdict.value == Decimal("82.31")
    assert verdict.formula == "71.20 / 86.50 ≈ 82.31% ≠ 92.31%"


@pytest.mark.parametrize("denominator", ["0万元", "0.00万元"])
def test_nothing_is_divided_by_zero(denominator: str) -> None:
    assert said(divided("10.00万元", denominator, "100%")) == (Outcome.UNDETERMINED, Reason.ZERO_DENOMINATOR)


def test_a_reading_the_words_permit_verifies() -> None:
    verdict = divided("1257.30万元", "1320.00万元", "98.19%", ("1257.30万元", "1280.50万元", True))
    assert said(verdict) == EXACT
    assert verdict.excuse is not None and verdict.excuse.kind is ExcuseKind.OTHER_OPERANDS


def test_a_base_the_words_do_not_permit_is_named_but_does_not_verify() -> None:
    verdict = divided("1257.30万元", "1286.40万元", "106.51%", ("1257.30万元", "1180.50万元", False))
    assert said(verdict) == MISMATCH
    assert verdict.excuse is not None
    assert (verdict.excuse.kind, verdict.excuse.label) == (ExcuseKind.OTHER_OPERANDS, "other/0")
    assert verdict.excuse.formula == "1257.30 / 1180.50 ≈ 106.51%"


def test_another_base_that_gives_something_else_explains_nothing() -> None:
    verdict = divided(
        "71.20万元", "86.50万元", "92.31%", ("71.20万元", "0.00万元", True), ("71.20万元", "80.00万元", True)
    )
    assert said(verdict) == MISMATCH
    assert verdict.excuse is None


# The excuse ladder


def test_a_total_cut_off_instead_of_rounded_is_told_from_a_wrong_one() -> None:
    verdict = added("742.18万元", "544.30万元", to="1286.4万元")
    assert said(verdict) == MISMATCH
    assert verdict.excuse is not None and verdict.excuse.kind is ExcuseKind.TRUNCATED
    wrong = added("742.18万元", "544.30万元", to="1286.3万元")
    assert said(wrong) == MISMATCH
    assert wrong.excuse is None or wrong.excuse.kind is not ExcuseKind.TRUNCATED


def test_a_rate_cut_off_instead_of_rounded_is_told_from_a_wrong_one() -> None:
    verdict = divided("598.10万元", "640.00万元", "93.4%")
    assert verdict.excuse is not None and verdict.excuse.kind is ExcuseKind.TRUNCATED


@pytest.mark.parametrize(
    ("parts", "whole", "slipped"),
    [
        (("742.15万元", "5442500万元"), "1286.40万元", 1),
        (("742.15元", "544.25万元"), "1286.40万元", 0),
        (("742.15万元", "544.25万元"), "1286.40元", 2),
        (("742.15万元", "544.25万元"), "1286.40亿元", 2),
    ],
)
def test_an_amount_in_the_wrong_unit_is_pointed_at(parts: tuple[str, ...], whole: str, slipped: int) -> None:
    verdict = added(*parts, to=whole)
    assert verdict.outcome is Outcome.CONTRADICTED
    assert verdict.excuse is not None and verdict.excuse.kind is ExcuseKind.UNIT_SLIP
    assert verdict.excuse.label == f"q{slipped + 1}"


def test_the_unit_of_a_count_does_not_slip() -> None:
    assert added("150000人", "29人", to="44人").excuse is None


@pytest.mark.parametrize(
    ("parts", "whole", "slipped"),
    [
        (("742.15万元", "554.25万元"), "1269.40万元", 3),  # 1296.40 with 6 and 9 exchanged
        (("742.15万元", "454.43万元"), "1286.58万元", 2),  # 544.43 with its first digits exchanged
    ],
)
def test_a_typing_error_is_pointed_at(parts: tuple[str, ...], whole: str, slipped: int) -> None:
    verdict = added(*parts, to=whole)
    assert said(verdict) == MISMATCH
    assert verdict.excuse is not None, verdict.formula
    assert (verdict.excuse.kind, verdict.excuse.label) == (ExcuseKind.DIGIT_SLIP, f"q{slipped}")


def test_one_digit_off_explains_no_rate() -> None:
    """Some digit of three numbers fits almost any rate."""
    assert divided("71.20万元", "86.50万元", "92.31%").excuse is None
    exchanged = divided("598.40万元", "640.00万元", "39.50%").excuse
    assert exchanged is not None and exchanged.kind is ExcuseKind.DIGIT_SLIP


def test_short_numbers_hold_no_typing_errors() -> None:
    assert added("12人", "15人", to="72人").excuse is None


def test_a_part_too_many_is_no_unit_slip() -> None:
    """280.00万元 in a hundred-millionth of its unit is nothing at all, so leaving it out would always 'explain'."""
    verdict = added("200.00万元", "60.00万元", "40.00万元", "280.00万元", to="300.00万元")
    assert verdict.excuse is None or verdict.excuse.kind is not ExcuseKind.UNIT_SLIP


def test_a_typing_error_keeps_the_number_of_digits() -> None:
    """102 typed for 12 is no exchange of two digits."""
    assert added("318人", "102人", to="330人").excuse is None


# Restatements


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("9.36万元", "9.36万元", EXACT),
        ("1312.80万元", "13128000元", EXACT),
        ("1290.00万元", "1290万元", EXACT),
        ("1312.80万元", "0.13亿元", ROUNDED),
        ("3.59万元", "3.6万元", ROUNDED),
        ("97.46分", "97.5分", ROUNDED),
        ("9.36万元", "9.37万元", MISMATCH),
        ("96分", "95分", MISMATCH),
        ("3.59万元", "3.5万元", MISMATCH),
        ("1257.36万元", "1250万元", MISMATCH),
    ],
)
def test_a_measure_said_twice_must_agree_to_the_precision_printed(
    first: str, second: str, outcome: tuple[Outcome, Reason]
) -> None:
    assert said(restated(first, second)) == outcome
    assert said(restated(second, first)) == outcome


@pytest.mark.parametrize(
    ("first", "second", "kind"),
    [
        ("3.59万元", "3.5万元", ExcuseKind.TRUNCATED),
        ("1312.80万元", "1312.80元", ExcuseKind.UNIT_SLIP),
        ("9.36万元", "9.63万元", ExcuseKind.DIGIT_SLIP),
        ("419.29万元", "314.42万元", None),
    ],
)
def test_two_values_of_a_measure_say_what_may_have_happened(first: str, second: str, kind: ExcuseKind | None) -> None:
    excuse = restated(first, second).excuse
    assert (excuse.kind if excuse else None) is kind


def test_an_approximate_restatement_contradicts_nothing() -> None:
    assert said(restated("约540万元", "544.25万元")) == (Outcome.UNDETERMINED, Reason.NOT_EXACT)


# Scores and grades


def test_a_score_may_reach_its_full_mark_and_not_pass_it() -> None:
    assert said(capped("10分", "10分")) == EXACT
    assert said(capped("9.99分", "10分")) == EXACT
    verdict = capped("10.01分", "10分")
    assert said(verdict) == MISMATCH
    assert verdict.formula == "10.01 > 10"
    assert said(capped("104分", Decimal(100))) == MISMATCH


@pytest.mark.parametrize(
    ("score", "lower", "better", "holds"),
    [
        ("90分", 90, None, True),
        ("89.99分", 90, None, False),
        ("80分", 80, 90, True),
        ("89.99分", 80, 90, True),
        ("90分", 80, 90, False),
        ("79.5分", 80, 90, False),
        ("0分", 0, 60, True),
        ("60分", 0, 60, False),
    ],
)
def test_a_grade_begins_at_its_lower_end_and_ends_below_the_next(
    score: str, lower: int, better: int | None, holds: bool
) -> None:
    assert said(graded(score, lower, better)) == (EXACT if holds else MISMATCH)


def sheet(marks: tuple[str, ...], scores: tuple[str, ...], whole: str | Decimal, total: str) -> dict[str, Verdict]:
    """Verdicts on the full marks (c1) and on the scores that require them (c2)."""
    report = Report()
    cap = report.operand(OperandRole.WHOLE, whole)
    parts = tuple(report.operand(OperandRole.PART, mark) for mark in marks)
    full = report.claim(ClaimKind.SCORE_TOTAL, (*parts, cap), None, concept="full_mark")
    items = tuple(report.operand(OperandRole.PART, score) for score in scores)
    report.claim(ClaimKind.SCORE_TOTAL, items, total, requires=full, concept="score")
    return report.judged()


MARKS = ("20分", "20分", "30分", "30分")


def test_scores_are_added_up_once_their_full_marks_make_the_whole() -> None:
    assert said(sheet(MARKS, ("18分", "20分", "30分", "28分"), Decimal(100), "96分")["c2"]) == EXACT
    verdict = sheet(MARKS, ("18分", "20分", "30分", "28分"), "100分", "97分")["c2"]
    assert said(verdict) == MISMATCH
    assert verdict.formula == "18 + 20 + 30 + 28 = 96 ≠ 97"


def test_scores_whose_full_marks_miss_the_whole_prove_nothing() -> None:
    verdicts = sheet(MARKS[:3], ("18分", "20分", "30分"), Decimal(100), "96分")
    assert said(verdicts["c1"]) == said(verdicts["c2"]) == (Outcome.UNDETERMINED, Reason.OPEN_LIST)


def test_a_policy_full_mark_is_not_reached_by_rounding() -> None:
    """Marks of 99.5 leave half a mark unaccounted for: an item may be missing."""
    verdicts = sheet(("20分", "20分", "30分", "29.5分"), ("18分", "20分", "30分", "28分"), Decimal(100), "97分")
    assert verdicts["c2"].outcome is Outcome.UNDETERMINED


def test_a_reading_of_the_sheet_that_was_refuted_gives_way_to_the_one_that_fits() -> None:
    report = Report()
    whole = report.operand(OperandRole.WHOLE, Decimal(100))
    total = report.number("96分")
    for marks, scores in ((MARKS[:2], ("18分", "20分")), (MARKS, ("18分", "20分", "30分", "28分"))):
        parts = tuple(report.operand(OperandRole.PART, mark) for mark in marks)
        full = report.claim(ClaimKind.SCORE_TOTAL, (*parts, whole), None, concept="full_mark")
        items = tuple(report.operand(OperandRole.PART, score) for score in scores)
        identity = report.claim(ClaimKind.SCORE_TOTAL, items, None, requires=full, concept="score")
        last = report.claims.pop()
        assert last.id == identity
        report.claims.append(last.model_copy(update={"result": total}))
    verdicts = report.judged()
    assert sorted(verdicts) == ["c3", "c4"]
    assert said(verdicts["c4"]) == EXACT


def test_a_kind_of_claim_nobody_can_judge_yet_is_left_open() -> None:
    report = Report()
    report.claim(ClaimKind.CHANGE, (report.operand(OperandRole.CURRENT, "10.00万元"),), "5.00%")
    assert said(report.verdict()) == (Outcome.UNDETERMINED, Reason.AMBIGUOUS)


def test_judging_twice_changes_nothing() -> None:
    report = Report()
    operands = tuple(report.operand(OperandRole.PART, part) for part in ("742.15万元", "554.25万元"))
    report.claim(ClaimKind.SUM, operands, "1286.40万元")
    source = Source(documents=(), sections=(), sentences=(), quantities=tuple(report.quantities.values()))
    once = judge(source, Reading(claims=tuple(report.claims)))
    assert judge(source, once) == once


# Properties: true amounts are whole fen; a report prints them in some unit, rounded to some digit.

AMOUNTS = st.integers(min_value=1, max_value=10**13)
MONEY = st.sampled_from(
    [("元", 0), ("元", 1), ("元", 2), *(("万元", n) for n in range(7)), *(("亿元", n) for n in range(5))]
)


def rounded(base: Decimal, unit: str, decimals: int) -> str:
    """A value of the base unit, printed half-up."""
    step = Decimal(1).scaleb(-decimals)
    return f"{(base / UNITS[unit][0]).quantize(step, ROUND_HALF_UP):f}{unit}"


def step(unit: str, decimals: int) -> Decimal:
    """One unit of the last printed digit, in the base unit."""
    return UNITS[unit][0].scaleb(-decimals)


def half(unit: str, decimals: int) -> Decimal:
    """How far a printed amount may be from the true one; fen are exact."""
    last = step(unit, decimals)
    return Decimal(0) if last <= CENT else last / 2


PRINTED = st.tuples(AMOUNTS, MONEY)
SHOWN = st.tuples(st.integers(min_value=10**10, max_value=10**14), MONEY)
"""Amounts large enough to show in every unit: a printed zero means none, not an amount too small to show."""


@settings(max_examples=400, deadline=None)
@given(st.lists(SHOWN, min_size=2, max_size=6), MONEY)
def test_a_true_sum_is_never_contradicted_however_it_was_rounded(
    parts: list[tuple[int, tuple[str, int]]], whole: tuple[str, int]
) -> None:
    true = sum((Decimal(fen) * CENT for fen, _ in parts), Decimal(0))
    printed = [rounded(Decimal(fen) * CENT, *form) for fen, form in parts]
    verdict = added(*printed, to=rounded(true, *whole))
    assert verdict.outcome is not Outcome.CONTRADICTED, verdict.formula


@settings(max_examples=400, deadline=None)
@given(st.lists(PRINTED, min_size=2, max_size=6), MONEY, st.integers(min_value=1, max_value=10**9), st.booleans())
def test_a_sum_off_by_more_than_all_rounding_is_never_verified(
    parts: list[tuple[int, tuple[str, int]]], whole: tuple[str, int], extra: int, up: bool
) -> None:
    true = sum((Decimal(fen) * CENT for fen, _ in parts), Decimal(0))
    last = step(*whole)
    slack = sum((half(*form) for _, form in parts), last / 2)
    # Both the printed parts and the printed whole may be as far off as their rounding allows, so twice the slack.
    shift = ((2 * slack / last).to_integral_value(ROUND_HALF_UP) + extra) * last
    stated = true + shift if up else true - shift
    assume(stated > 0)
    verdict = added(*(rounded(Decimal(fen) * CENT, *form) for fen, form in parts), to=rounded(stated, *whole))
    assert verdict.outcome is Outcome.CONTRADICTED, verdict.formula


@settings(max_examples=400, deadline=None)
@given(SHOWN, SHOWN, st.integers(min_value=0, max_value=4))
def test_a_true_rate_is_never_contradicted_however_it_was_rounded(
    numerator: tuple[int, tuple[str, int]], denominator: tuple[int, tuple[str, int]], decimals: int
) -> None:
    (top, top_form), (bottom, bottom_form) = numerator, denominator
    true = Decimal(top) / Decimal(bottom)
    rate = rounded(true, "%", decimals)
    assume(any(digit in rate for digit in "123456789"))
    verdict = divided(rounded(Decimal(top) * CENT, *top_form), rounded(Decimal(bottom) * CENT, *bottom_form), rate)
    assert verdict.outcome is not Outcome.CONTRADICTED, verdict.formula


@settings(max_examples=400, deadline=None)
@given(
    PRINTED,
    PRINTED,
    st.integers(min_value=0, max_value=4),
    st.integers(min_value=1, max_value=10**5),
    st.booleans(),
)
def test_a_rate_off_by_more_than_all_rounding_is_never_verified(
    numerator: tuple[int, tuple[str, int]],
    denominator: tuple[int, tuple[str, int]],
    decimals: int,
    extra: int,
    up: bool,
) -> None:
    (top, top_form), (bottom, bottom_form) = numerator, denominator
    last = step("%", decimals)
    low = Decimal(bottom) * CENT - 2 * half(*bottom_form)
    assume(low > 0)
    least = max(Decimal(0), Decimal(top) * CENT - 2 * half(*top_form)) / (
        Decimal(bottom) * CENT + 2 * half(*bottom_form)
    )
    most = (Decimal(top) * CENT + 2 * half(*top_form)) / low
    stated = most + (extra + 2) * last if up else least - (extra + 2) * last
    assume(stated > 0)
    verdict = divided(
        rounded(Decimal(top) * CENT, *top_form),
        rounded(Decimal(bottom) * CENT, *bottom_form),
        rounded(stated, "%", decimals),
    )
    assert verdict.outcome is Outcome.CONTRADICTED, verdict.formula


@settings(max_examples=300, deadline=None)
@given(AMOUNTS, MONEY, MONEY)
def test_a_true_amount_said_twice_is_contradicted_only_when_rounded_twice(
    fen: int, first: tuple[str, int], second: tuple[str, int]
) -> None:
    true = Decimal(fen) * CENT
    verdict = restated(rounded(true, *first), rounded(true, *second))
    assert verdict.outcome is Outcome.VERIFIED, verdict.formula


@settings(max_examples=300, deadline=None)
@given(AMOUNTS, MONEY, MONEY, st.integers(min_value=2, max_value=10**6))
def test_two_amounts_further_apart_than_their_rounding_are_never_one(
    fen: int, first: tuple[str, int], second: tuple[str, int], apart: int
) -> None:
    true = Decimal(fen) * CENT
    other = true + apart * max(step(*first), step(*second))
    verdict = restated(rounded(true, *first), rounded(other, *second))
    assert verdict.outcome is Outcome.CONTRADICTED, verdict.formula
