"""Judging decides what a unit is asked about: it must never doubt what rounding explains, nor pass what nothing does.

Claims are built by hand from numbers as a report prints them, so that nothing but the arithmetic is tested.
"""

from decimal import Decimal

import pytest

from reviewer.judging import judge
from reviewer.schema import ClaimKind, Closure, ExcuseKind, OperandRole, Outcome, Reading, Reason, Source
from tests.claims import (
    COARSE,
    EXACT,
    MISMATCH,
    ROUNDED,
    Report,
    added,
    capped,
    divided,
    graded,
    restated,
    said,
    sheet,
)

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


def test_an_open_list_of_round_amounts_may_fall_short_even_where_a_typing_error_would_close_it() -> None:
    """项目支出300万元，其中图书120万元、设备90万元: 210 and 90 would fit, and mean nothing."""
    verdict = added("120万元", "90万元", to="300万元", closure=Closure.OPEN)
    assert said(verdict) == (Outcome.UNDETERMINED, Reason.OPEN_LIST)
    assert verdict.excuse is None and "≠" not in (verdict.formula or "")


def test_a_slip_in_long_numbers_proves_that_an_open_list_was_all() -> None:
    """No item of 18.00 stands beside amounts to the last digit: 742.15 was meant."""
    verdict = added("724.15万元", "544.25万元", to="1286.40万元", closure=Closure.OPEN)
    assert said(verdict) == MISMATCH
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
    report.claim(ClaimKind.SCORE_RULE, (report.operand(OperandRole.CURRENT, "10.00万元"),), "5.00%")
    assert said(report.verdict()) == (Outcome.UNDETERMINED, Reason.AMBIGUOUS)


def test_judging_twice_changes_nothing() -> None:
    report = Report()
    operands = tuple(report.operand(OperandRole.PART, part) for part in ("742.15万元", "554.25万元"))
    report.claim(ClaimKind.SUM, operands, "1286.40万元")
    source = Source(documents=(), sections=(), sentences=(), quantities=tuple(report.quantities.values()))
    once = judge(source, Reading(claims=tuple(report.claims)))
    assert judge(source, once) == once
