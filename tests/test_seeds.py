"""Five public reports, where they are at hand: what a careful person finds right in them must be verified.

The reports are not part of this project; without them these tests are skipped, and nothing else depends on them.
"""

import re
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from reviewer.review import review
from reviewer.schema import Claim, ClaimKind, Outcome, QuantityKind, Review, Severity

FOLDER = Path(__file__).parents[2] / "shared" / "seeds"
SEEDS = sorted(FOLDER.glob("*.txt"))

pytestmark = pytest.mark.skipif(not SEEDS, reason="the public reports are not at hand")
each = pytest.mark.parametrize("number", range(5))


@cache
def seed(number: int) -> Review:
    return review([SEEDS[number]])


def found(number: int, outcome: Outcome, *kinds: ClaimKind) -> list[Claim]:
    return [c for c in seed(number).claims if c.kind in kinds and c.verdict and c.verdict.outcome is outcome]


def formulas(number: int, outcome: Outcome, *kinds: ClaimKind) -> list[str]:
    return [c.verdict.formula or "" for c in found(number, outcome, *kinds) if c.verdict]


def printed(number: int, claim: Claim) -> str | None:
    return next((q.text.replace(" ", "") for q in seed(number).quantities if q.id == claim.result), None)


@each
def test_every_digit_is_accounted_for(number: int) -> None:
    for document in seed(number).documents:
        covered = {
            offset
            for quantity in seed(number).quantities
            if quantity.span.document == document.id
            for offset in range(quantity.span.start, quantity.span.end)
        }
        digits = {match.start() for match in re.finditer(r"[0-9０-９①-⑳]", document.text)}
        assert digits <= covered


@each
def test_the_text_is_partitioned_and_no_line_of_the_file_is_lost(number: int) -> None:
    (document,) = seed(number).documents
    ends = [(section.span.start, section.span.end) for section in seed(number).sections]
    assert ends[0][0] == 0 and ends[-1][1] == len(document.text)
    assert all(before[1] == after[0] for before, after in pairwise(ends))
    kept = re.sub(r"\s", "", document.text)
    raw = re.sub(r"\s", "", SEEDS[number].read_text(encoding="utf-8"))
    assert len(kept) + sum(len(re.sub(r"\s", "", omission.text)) for omission in document.omitted) == len(raw)


@each
def test_numbers_are_understood_and_nothing_is_called_wrong_twice(number: int) -> None:
    coverage = seed(number).coverage
    assert coverage.unlabelled <= coverage.quantities // 10
    fingerprints = [finding.fingerprint for finding in seed(number).findings]
    assert len(fingerprints) == len(set(fingerprints))


def test_000_sums_rates_and_scores_hold() -> None:
    assert "842.02 + 144.29 = 986.31" in formulas(0, Outcome.VERIFIED, ClaimKind.SUM)
    printed_rates = [q.id for q in seed(0).quantities if q.kind is QuantityKind.QUANTITY and q.text == "99.99%"]
    verified = {c.result for c in found(0, Outcome.VERIFIED, ClaimKind.RATIO)}
    assert len(printed_rates) == 4 and set(printed_rates) <= verified
    totals = formulas(0, Outcome.VERIFIED, ClaimKind.SCORE_TOTAL)
    assert {
        "49.99 + 50 = 99.99",
        "8 + 8 + 8 + 8 + 8 + 9.99 = 49.99",
        "7 + 4 + 15 + 10 + 10 + 4 = 50",
    } <= set(totals)
    assert not [finding for finding in seed(0).findings if finding.severity is Severity.ERROR]


def test_001_sums_and_shares_hold_and_the_score_is_above_its_cap() -> None:
    sums = formulas(1, Outcome.VERIFIED, ClaimKind.SUM)
    assert "818.78 + 311.52 = 1130.30" in sums
    assert "708.63 + 65.45 + 44.70 = 818.78" in sums
    assert {"72.44%", "27.56%"} <= {printed(1, c) for c in found(1, Outcome.VERIFIED, ClaimKind.SHARE)}
    assert formulas(1, Outcome.CONTRADICTED, ClaimKind.SCORE_CAP) == ["101 > 100"]


def test_002_and_003_rates_hold() -> None:
    assert "741.64 / 750.28 ≈ 99%" in formulas(2, Outcome.VERIFIED, ClaimKind.RATIO)
    assert "179.60 / 179.66 ≈ 99.97%" in formulas(3, Outcome.VERIFIED, ClaimKind.RATIO)


def test_004_sums_hold_and_the_total_score_does_not() -> None:
    sums = formulas(4, Outcome.VERIFIED, ClaimKind.SUM)
    assert "445.35 + 419.29 = 864.64" in sums
    assert "10 + 1 + 12 = 23" in sums
    assert "18 + 30 + 30 + 20 = 98 ≠ 97" in formulas(4, Outcome.CONTRADICTED, ClaimKind.SCORE_TOTAL)
    whole = next(c for c in found(4, Outcome.CONTRADICTED, ClaimKind.SCORE_TOTAL) if c.verdict)
    assert whole.verdict and whole.verdict.value == Decimal(98)


@each
def test_errors_are_only_raised_where_no_reading_makes_the_text_true(number: int) -> None:
    codes = {finding.code for finding in seed(number).findings if finding.severity is Severity.ERROR}
    assert codes == ({"SCO002", "DUP001", "BND002"} if number == 4 else set())


def codes(number: int, *severities: Severity) -> set[str]:
    return {finding.code for finding in seed(number).findings if finding.severity in severities}


def calculations(number: int, code: str) -> list[str]:
    return [finding.calculation or "" for finding in seed(number).findings if finding.code == code]


def test_001_total_budget_rate_without_base_and_shift_to_basic_spending() -> None:
    sums = formulas(1, Outcome.VERIFIED, ClaimKind.SUM)
    assert any(formula.count("+") == 9 and formula.endswith("= 1133.49") for formula in sums)
    (finding,) = (f for f in seed(1).findings if f.code == "RAT001")
    assert finding.severity is Severity.WARNING
    assert "99.72%" in (finding.calculation or "") and "1131.12" in (finding.diagnosis or "")
    assert codes(1, Severity.NOTE) >= {"EXP002"}


def test_002_fewer_indicators_reported_and_four_equal_rates() -> None:
    assert codes(2, Severity.NOTE) == {"CNT002", "TGT003", "STR006"}
    assert calculations(2, "CNT002") == ["3 + 5 = 8 > 6"]


def test_003_adjustment_without_reason_and_indicators_without_number() -> None:
    assert codes(3, Severity.WARNING) == {"EXP001", "IND001"}
    assert calculations(3, "EXP001") == ["179.66 - 192.44 = -12.78"]


def test_004_what_a_careful_reviewer_finds() -> None:
    assert codes(4, Severity.ERROR) == {"SCO002", "DUP001", "BND002"}
    assert codes(4, Severity.WARNING) >= {"SUM001", "TGT002", "DUP001", "RAT001", "CHG001", "EXP001", "BND001"}
    assert codes(4, Severity.NOTE) == {
        *("DUP002", "RAT003", "CHG002", "IND004"),
        *("STR001", "STR005", "STR006", "TXT003"),
    }
    assert set(calculations(4, "DUP001")) == {"97 ≠ 98", "3.59 ≠ 3.5"}
    assert calculations(4, "TGT002") == ["77.52% < 95%"]
    assert calculations(4, "BND002") == ["434 - 91 = 343 > 334 = 820 - 486"]
    assert calculations(4, "EXP001") == ["703.34 - 864.64 = -161.30"]
    assert calculations(4, "SUM001") == ["369.30 + 258.53 + 24.48 = 652.31 ≠ 703.34"]
    assert "47.22 + 96.64 = 143.86" in formulas(4, Outcome.VERIFIED, ClaimKind.SUM)
    scores = formulas(4, Outcome.VERIFIED, ClaimKind.SCORE_TOTAL)
    assert {"5 + 5 + 3 + 5 = 18", "5 + 5 + 5 + 4 + 4 + 4 + 3 = 30", "7 + 7 + 7 + 9 = 30"} <= set(scores)
    gross = next(q.id for q in seed(4).quantities if q.text.replace(" ", "") == "149.92万元")
    assert not [c for c in seed(4).claims if gross in (c.result, *(operand.quantity for operand in c.operands))]
