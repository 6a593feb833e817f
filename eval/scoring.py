"""How well one review answers the labels of its report, as counts; sums of counts give the metrics."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Self

from pydantic import BaseModel, ConfigDict

from eval.labels import NUMERIC_FAMILIES, Fixture
from eval.matching import Reviewed, pair_claims, pair_indicators, raises, same_measure, same_number, springs, stretch_of
from eval.quoting import Stretch, any_meet
from eval.resolving import ExpectedFinding, Resolved
from reviewer.schema import Finding, Review, Severity

_RANK = {"note": 0, "warning": 1, "error": 2}
_JUDGEMENT = "JDG"
_ARABIC = re.compile(r"[0-9０-９]")


class Count(BaseModel):
    """Right and wrong answers, and labels answered and not. P = right / given, R = found / due."""

    model_config = ConfigDict(frozen=True)

    right: int = 0
    wrong: int = 0
    found: int = 0
    missed: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            right=self.right + other.right,
            wrong=self.wrong + other.wrong,
            found=self.found + other.found,
            missed=self.missed + other.missed,
        )

    @property
    def precision(self) -> float | None:
        """None when nothing was answered."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """None when nothing was due."""
        return self.found / (self.found + self.missed) if self.found + self.missed else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean; 0 when nothing is right though something was due or given; None when neither."""
        if self.precision is None and self.recall is None:
            return None
        p, r = self.precision or 0.0, self.recall or 0.0
        return 2 * p * r / (p + r) if p + r else 0.0


class Tally:
    """Counts by metric while they are being taken."""

    def __init__(self) -> None:
        self._cells: dict[str, Counter[str]] = {}

    def add(self, metric: str, **cells: int | bool) -> Self:
        """Add to a metric's cells: right, wrong, found, missed."""
        self._cells.setdefault(metric, Counter()).update({name: int(value) for name, value in cells.items()})
        return self

    def counts(self) -> dict[str, Count]:
        """The counts, by metric."""
        return {name: Count(**cells) for name, cells in sorted(self._cells.items())}


class ReportScore(BaseModel):
    """The counts of one report, and by name what was found, missed and wrongly said: a gate compares these."""

    model_config = ConfigDict(frozen=True)

    name: str
    set: str
    sound: bool
    failed: str | None = None
    """Why there is no review; all labels then count as missed."""
    counts: dict[str, Count]
    found: tuple[str, ...] = ()
    """Labelled findings that were raised: family and the label's reason."""
    missed: tuple[str, ...] = ()
    false_alarms: tuple[str, ...] = ()
    """Findings no label asks for or tolerates: severity, code, calculation or first evidence."""
    sprung: tuple[str, ...] = ()
    coverage: float | None = None
    verified_unlabelled: int = 0
    """Relations the tool verified that no label states: neither right nor wrong."""
    tolerated: int = 0
    epoch: int = 0
    """Which of several readings of the report this is."""
    tokens: tuple[int, int] | None = None
    """(prompt, completion) tokens the model took; None without a model."""
    price: str | None = None
    """US dollars; None = unpriced or no model."""
    seconds: float | None = None


def score(fixture: Fixture, review: Review | None, failed: str | None = None) -> ReportScore:
    """Score one review; None for a report that could not be reviewed, with the reason."""
    tally = Tally()
    if review is None:
        _all_missed(fixture, tally)
        return ReportScore(
            name=fixture.name,
            set=fixture.labels.set,
            sound=fixture.labels.is_sound,
            failed=failed or "not reviewed",
            counts=tally.counts(),
            missed=tuple(f"{'|'.join(label.family)} {label.why}" for label in fixture.labels.findings),
        )
    resolved, reviewed = Resolved(fixture.labels, review.documents[0].text), Reviewed(review)
    _figures(reviewed, resolved, tally)
    extra = _claims(reviewed, resolved, tally)
    found, missed = _labelled_findings(reviewed, resolved, tally)
    alarms, tolerated = _given_findings(reviewed, resolved, tally)
    sprung = _traps(reviewed, resolved, tally)
    _indicators(review, resolved, tally)
    _judgements(review, resolved, tally)
    coverage, usage = review.coverage, review.usage
    return ReportScore(
        name=fixture.name,
        set=fixture.labels.set,
        sound=fixture.labels.is_sound,
        counts=tally.counts(),
        found=found,
        missed=missed,
        false_alarms=alarms,
        sprung=sprung,
        coverage=coverage.labelled / coverage.quantities if coverage.quantities else None,
        verified_unlabelled=extra,
        tolerated=tolerated,
        tokens=(usage.prompt_tokens, usage.completion_tokens) if usage.model else None,
        price=usage.price,
    )


def _all_missed(fixture: Fixture, tally: Tally) -> None:
    """Every label of a report without a review is missed: an empty review is scored, then its gifts taken away."""
    labels = fixture.labels
    marks = sum(label.marks for label in labels.figures)
    for metric in ("value_unit", "measure", "role", "measure_role"):
        tally.add(f"figure.{metric}", missed=marks)
    for claim in labels.claims:
        tally.add(f"claim.{claim.outcome}", missed=1).add("claim.all", missed=1)
    for label in labels.findings:
        for metric in _label_metrics(label.family, label.severity):
            tally.add(metric, missed=1)
    for indicator in labels.indicators:
        tally.add("indicator.found", missed=1)
        tally.add("indicator.flagged", missed=bool(indicator.issues))
        tally.add("indicator.issue", missed=len(indicator.issues))
    tally.add("judgement", missed=len(labels.judgements))


def _figures(reviewed: Reviewed, resolved: Resolved, tally: Tally) -> None:
    labelled = list(resolved.figures.values())
    due = sum(label.marks for label in resolved.labels.figures)
    for metric in ("value_unit", "measure", "role", "measure_role"):
        tally.add(f"figure.{metric}", missed=due - len(labelled))
    for expected in labelled:
        quantity = reviewed.at(expected.stretch)
        there = quantity is not None and same_number(expected, quantity)
        figure = reviewed.figure_of(quantity) if quantity is not None else None
        role = there and figure is not None and figure.role.value in expected.roles
        measure = there and figure is not None and same_measure(expected, figure)
        for metric, right, given in (
            ("value_unit", there, quantity is not None),
            ("measure", measure, figure is not None),
            ("role", role, figure is not None),
            ("measure_role", measure and role, figure is not None),
        ):
            tally.add(f"figure.{metric}", right=right, wrong=given and not right, found=right, missed=not right)
    _unlabelled_numbers(reviewed, resolved, tally)


def _unlabelled_numbers(reviewed: Reviewed, resolved: Resolved, tally: Tally) -> None:
    """Labels are complete for Arabic digits: what the tool reads as a number where none is labelled, is none."""
    covered = [figure.stretch for figure in resolved.figures.values()]
    for quantity in reviewed.measuring:
        stretch = stretch_of(quantity.span)
        if _ARABIC.search(quantity.text) and not any(stretch.meets(other) for other in covered):
            tally.add("figure.value_unit", wrong=1)
            if reviewed.figure_of(quantity) is not None:
                for metric in ("measure", "role", "measure_role"):
                    tally.add(f"figure.{metric}", wrong=1)


def _claims(reviewed: Reviewed, resolved: Resolved, tally: Tally) -> int:
    """Count by outcome; returns how many verified relations no label states."""
    extra = 0
    for label, claim in pair_claims(reviewed, resolved):
        given = claim.verdict.outcome.value if claim is not None and claim.verdict is not None else None
        if label is None:
            extra += given == "verified"
            if given == "contradicted":
                tally.add("claim.contradicted", wrong=1).add("claim.all", wrong=1)
            continue
        right = given == label.outcome
        tally.add(f"claim.{label.outcome}", found=right, missed=not right)
        tally.add("claim.all", found=right, missed=not right, right=right, wrong=given is not None and not right)
        if given is not None:
            tally.add(f"claim.{given}", right=right, wrong=not right)
    return extra


def _label_metrics(family: Iterable[str], severity: str) -> list[str]:
    families = list(family)
    metrics = [f"finding.{families[0]}", f"severity.{severity}", "finding.all"]
    return [*metrics, "finding.numeric"] if NUMERIC_FAMILIES.intersection(families) else metrics


def _labelled_findings(reviewed: Reviewed, resolved: Resolved, tally: Tally) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found: list[str] = []
    missed: list[str] = []
    for expected, label in zip(resolved.findings, resolved.labels.findings, strict=True):
        hit = any(raises(reviewed, finding, expected) for finding in reviewed.review.findings)
        (found if hit else missed).append(f"{'|'.join(label.family)} {label.why}")
        for metric in _label_metrics(label.family, label.severity):
            tally.add(metric, found=hit, missed=not hit)
    return tuple(found), tuple(missed)


def _given_findings(reviewed: Reviewed, resolved: Resolved, tally: Tally) -> tuple[tuple[str, ...], int]:
    alarms, tolerated = [], 0
    for finding in reviewed.review.findings:
        if finding.code[:3] == _JUDGEMENT:
            continue  # counted with the concerns they tell
        answered = _labels_raised(reviewed, resolved, finding)
        family, severity = finding.code[:3], finding.severity.value
        if not answered and any(raises(reviewed, finding, expected) for expected in resolved.tolerated):
            tolerated += 1
            continue
        right = bool(answered)
        worst = max((_RANK[expected.label.severity] for expected in answered), default=-1)  # type: ignore[union-attr]
        tally.add(f"finding.{family}", right=right, wrong=not right)
        tally.add("finding.all", right=right, wrong=not right)
        tally.add(f"severity.{severity}", right=_RANK[severity] <= worst, wrong=_RANK[severity] > worst)
        if family in NUMERIC_FAMILIES:
            tally.add("finding.numeric", right=right, wrong=not right)
        if not right:
            alarms.append(named(finding))
    return tuple(alarms), tolerated


def _labels_raised(reviewed: Reviewed, resolved: Resolved, finding: Finding) -> list[ExpectedFinding]:
    return [expected for expected in resolved.findings if raises(reviewed, finding, expected)]


def named(finding: Finding) -> str:
    """A finding in one line that stays the same when others come and go."""
    return f"{finding.severity.value} {finding.code} {finding.calculation or finding.evidence[0].text}"


def _traps(reviewed: Reviewed, resolved: Resolved, tally: Tally) -> tuple[str, ...]:
    due = [f for f in reviewed.review.findings if f.severity is not Severity.NOTE]
    alarms = [f for f in due if not _labels_raised(reviewed, resolved, f)]
    sprung = []
    for trap in resolved.traps:
        # A doubt in words about the same sentence is not the alarm about numbers that a trap is set for.
        named = _JUDGEMENT in trap.label.families
        hit = any(springs(reviewed, f, trap) for f in alarms if named or f.code[:3] != _JUDGEMENT)
        tally.add("trap", found=not hit, missed=hit)
        if hit:
            sprung.append(trap.label.why)
    return tuple(sprung)


def _indicators(review: Review, resolved: Resolved, tally: Tally) -> None:
    for issues, indicator in pair_indicators(review, resolved):
        given = {issue.value for issue in indicator.issues} if indicator is not None else set()
        due = set(issues or ())
        found, both = indicator is not None, given & due
        if issues is None:
            tally.add("indicator.found", wrong=1)
        else:
            tally.add("indicator.found", right=found, found=found, missed=not found)
        tally.add("indicator.flagged", right=bool(given and due), wrong=bool(given and not due))
        tally.add("indicator.flagged", found=bool(given and due), missed=bool(due and not given))
        tally.add("indicator.issue", right=len(both), wrong=len(given - due), found=len(both), missed=len(due - given))


def _judgements(review: Review, resolved: Resolved, tally: Tally) -> None:
    """Labelled judgements against concerns, by the sentences they cite.

    A concern about what a label lists as a finding, or tolerates, is neither right nor wrong.
    """
    sentences = {sentence.id: stretch_of(sentence.span) for sentence in review.sentences}
    told = [[sentences[name] for name in concern.sentences] for concern in review.concerns]
    due = [[_with_its_text(review, place) for place in resolved.evidence(j)] for j in resolved.labels.judgements]
    known = [place for expected in (*resolved.findings, *resolved.tolerated) for place in expected.places]
    for places in due:
        hit = any(any_meet(places, cited) for cited in told)
        tally.add("judgement", found=hit, missed=not hit)
    for cited in told:
        hit = any(any_meet(places, cited) for places in due)
        if hit or not any_meet(known, cited):
            tally.add("judgement", right=hit, wrong=not hit)


def _with_its_text(review: Review, place: Stretch) -> Stretch:
    """A heading stands for all that its section says."""
    for section in review.sections:
        if section.span.start <= place.start and place.end <= section.body:
            return stretch_of(section.span)
    return place
