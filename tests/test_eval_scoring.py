"""The scorer is believed only because it gives 1 to the labels themselves, 0 to nothing, and less for each fault."""

import pytest

from eval.detecting import detect
from eval.labels import Fixture, load_all
from eval.mutate import variants
from eval.resolving import Resolved
from eval.scoring import Count, score
from eval.summary import METRICS
from reviewer.schema import Finding, Review, Severity
from tests.perfect_review import empty, perfect

FIXTURES = load_all()
OF_A_READER = ("coverage",)
"""Metrics that only a real reading has."""
each = pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)


@each
def test_the_labels_themselves_score_one_everywhere(fixture: Fixture) -> None:
    result = score(fixture, perfect(fixture))
    told = {name: measure([result]) for name, measure in METRICS.items() if name not in OF_A_READER}
    assert {name: value for name, value in told.items() if value not in (1.0, None)} == {}
    assert result.missed == result.false_alarms == result.sprung == ()


@each
def test_an_empty_review_scores_zero_wherever_something_was_due(fixture: Fixture) -> None:
    result = score(fixture, empty(fixture))
    due = [name for name in METRICS if name not in (*OF_A_READER, "traps kept out of")]
    told = {name: METRICS[name]([result]) for name in due}
    assert set(told.values()) <= {0.0, None}
    assert METRICS["figures, value and unit: R"]([result]) == 0.0


@each
def test_a_report_that_failed_stays_in_the_denominator(fixture: Fixture) -> None:
    failed = score(fixture, None, "crashed")
    nothing = score(fixture, empty(fixture))
    assert failed.failed == "crashed"
    for metric in ("figure.value_unit", "finding.all", "finding.numeric", "indicator.issue", "judgement"):
        due = [result.counts.get(metric, Count()) for result in (failed, nothing)]
        assert due[0].missed == due[1].missed and due[0].found == 0


def liyang() -> Fixture:
    return next(fixture for fixture in FIXTURES if fixture.name == "liyang-archives-2023")


def with_findings(told: Review, *findings: Finding) -> Review:
    return told.model_copy(update={"findings": findings})


def test_a_finding_of_another_family_or_about_other_numbers_is_a_false_alarm() -> None:
    told = perfect(liyang())
    right = next(finding for finding in told.findings if finding.code == "SUM001")
    title = right.evidence[0].model_copy(update={"span": told.documents[0].span(0, 5)})
    other_family = right.model_copy(update={"code": "CHG001"})
    other_place = right.model_copy(update={"evidence": (title,)})
    assert score(liyang(), with_findings(told, right)).false_alarms == ()
    for wrong in (other_family, other_place):
        result = score(liyang(), with_findings(told, wrong))
        assert len(result.false_alarms) == 1 and result.found == ()


def test_an_error_where_the_label_only_asks_is_overstated() -> None:
    told = perfect(liyang())
    asked = next(finding for finding in told.findings if finding.severity is Severity.WARNING)
    overstated = asked.model_copy(update={"severity": Severity.ERROR})
    result = score(liyang(), with_findings(told, overstated))
    assert result.counts["severity.error"] == Count(
        right=0, wrong=1, found=0, missed=result.counts["severity.error"].missed
    )
    assert result.counts["finding.all"].right == 1


def test_a_wrong_value_and_a_wrong_role_are_counted() -> None:
    told = perfect(liyang())
    first = told.quantities[0]
    assert first.value is not None
    slipped = told.model_copy(
        update={"quantities": (first.model_copy(update={"value": first.value + 1}), *told.quantities[1:])}
    )
    counts = score(liyang(), slipped).counts
    assert (counts["figure.value_unit"].wrong, counts["figure.role"].wrong) == (1, 1)
    unlabelled = told.model_copy(update={"figures": told.figures[1:]})
    counts = score(liyang(), unlabelled).counts
    assert (counts["figure.value_unit"].missed, counts["figure.role"].missed, counts["figure.role"].wrong) == (0, 1, 0)


def test_a_sprung_trap_is_told() -> None:
    fixture = next(fixture for fixture in FIXTURES if fixture.name == "qinghe-library-2023")
    told = perfect(fixture)
    trap, place = next(
        (trap.label, place)
        for trap in Resolved(fixture.labels, told.documents[0].text).traps
        if (place := trap.place) and "SUM" in trap.label.families
    )
    model = perfect(liyang()).findings[0]
    span = told.documents[0].span(place.start, place.end)
    alarm = model.model_copy(
        update={"evidence": (model.evidence[0].model_copy(update={"span": span}),), "severity": Severity.WARNING}
    )
    result = score(fixture, with_findings(told, alarm))
    assert trap.why in result.sprung and len(result.false_alarms) == 1


def test_counts_add_up_and_f1_is_the_harmonic_mean() -> None:
    total = Count(right=1, wrong=1, found=1, missed=3) + Count(right=2, found=2)
    assert (total.precision, total.recall) == (3 / 4, 3 / 6)
    assert total.f1 == pytest.approx(0.6)
    assert Count().f1 is None and Count(missed=2).f1 == 0.0


def test_detection_needs_a_new_finding_about_the_broken_relation() -> None:
    variant = next(v for v in variants([liyang()], per_kind=1) if v.kind == "total")
    told = perfect(liyang())
    assert not detect(variant, told, told).detected
    assert detect(variant, told, None, "crashed").failed == "crashed"
