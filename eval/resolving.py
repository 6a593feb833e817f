"""Labels laid onto a text: which stretch each figure, claim, finding, indicator and trap is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from eval.labels import (
    ClaimLabel,
    ClaimName,
    FigureLabel,
    FindingLabel,
    JudgementLabel,
    Labels,
    ToleratedLabel,
    TrapLabel,
)
from eval.printed import Printed, UnreadableNumber, read
from eval.quoting import Place, QuoteError, Squeezed, Stretch, any_meet

_UPPER_BEFORE = ("≤", "<", "＜", "≦", "不超过", "不高于", "不大于", "不多于", "低于", "小于", "少于", "控制在")
_UPPER_AFTER = ("以内", "以下", "之内", "内完成", "以里")
_AROUND = 6


@dataclass(frozen=True)
class ExpectedFigure:
    """One number of the report and what it means. `measures` and `roles` are the accepted ones."""

    name: str
    words: str
    stretch: Stretch
    printed: Printed | None
    measures: tuple[str, ...]
    roles: tuple[str, ...]
    period: str | None


@dataclass(frozen=True)
class ExpectedFinding:
    """A finding to be raised (or tolerated): its evidence, and the numbers marked in it."""

    label: FindingLabel | ToleratedLabel
    places: tuple[Stretch, ...]
    numbers: tuple[Stretch, ...]


@dataclass(frozen=True)
class ExpectedTrap:
    """A stretch that must draw no alarm."""

    label: TrapLabel
    place: Stretch
    numbers: tuple[Stretch, ...]


class Resolved:
    """The labels of one report on one text of it.

    What cannot be found is in `faults` and left out elsewhere: on the report itself that is a fault of the labels, on
    the text a reader made of it a miss of the reader.
    """

    def __init__(self, labels: Labels, text: str) -> None:
        self.labels = labels
        self.text = text
        self.squeezed = Squeezed(text)
        self.faults: list[str] = []
        self.figures = {figure.name: figure for label in labels.figures for figure in self._figures(label)}
        self.claims = (*labels.claims, *self._implied())
        self._told_again = self._retellings()
        self.findings = [self._finding(label) for label in labels.findings]
        self.tolerated = [self._finding(label) for label in labels.tolerated]
        self.traps = [ExpectedTrap(label, *self._stretches((label.at,), label.nth)) for label in self._found_traps()]

    @cached_property
    def printed(self) -> dict[str, Printed]:
        """The figures that can be computed with, by name."""
        return {name: figure.printed for name, figure in self.figures.items() if figure.printed is not None}

    def evidence(self, label: JudgementLabel) -> tuple[Stretch, ...]:
        """Where a judgement's quotes stand."""
        return tuple(place.whole for quote in label.evidence if (place := self.place(quote)))

    def place(self, quote: str, nth: int = 1) -> Place | None:
        """Where a quote stands; None, and a fault noted, when it is not there."""
        try:
            return self.squeezed.find(quote, nth)
        except QuoteError as error:
            self.faults.append(str(error))
            return None

    def _figures(self, label: FigureLabel) -> Iterator[ExpectedFigure]:
        place = self.place(label.at, label.nth)
        if place is None:
            return
        for index, (words, stretch) in enumerate(place.marks):
            name = label.id if label.marks == 1 else f"{label.id}.{index + 1}"
            try:
                printed = read(words, _nth(label.unit, index) or None, _nth(label.value, index))
            except UnreadableNumber:
                printed = None
                self.faults.append(f"{name}: {words} is no plain number; give value and unit")
            yield ExpectedFigure(
                name,
                words,
                stretch,
                printed,
                tuple((_nth(label.measure, index) or "").split("|")),
                tuple((_nth(label.role, index) or "").split("|")),
                label.period,
            )

    def _implied(self) -> Iterator[ClaimLabel]:
        """Score caps and met targets that rows of figures imply."""
        for label in self.labels.figures:
            by_role = {
                role: f"{label.id}.{index + 1}"
                for index, role in enumerate(label.role)
                if len(label.role) == label.marks
            }
            by_role = {role: name for role, name in by_role.items() if name in self.printed}
            if {"score", "full_mark"} <= by_role.keys():
                yield self._judged(
                    ClaimLabel(
                        kind=ClaimName.SCORE_CAP, cap=(by_role["score"], by_role["full_mark"]), outcome="verified"
                    )
                )
            if {"target", "actual"} <= by_role.keys():
                actual, target = by_role["actual"], by_role["target"]
                if self._comparable(actual, target):
                    direction = label.direction or self._direction(target)
                    yield self._judged(
                        ClaimLabel(
                            kind=ClaimName.TARGET_MET,
                            actual=actual,
                            target=target,
                            direction=direction,
                            outcome="verified",
                        )
                    )

    def _judged(self, claim: ClaimLabel) -> ClaimLabel:
        if claim.cap is not None:
            score, full = (self.printed[name].base for name in claim.cap)
            met = score <= full
        else:
            actual, target = self.printed[claim.actual or ""].base, self.printed[claim.target or ""].base
            met = actual <= target if claim.direction == "<=" else actual >= target
        return claim if met else claim.model_copy(update={"outcome": "contradicted"})

    def _comparable(self, *names: str) -> bool:
        units = {self.printed[name].unit for name in names}
        return len(units) == 1

    def _direction(self, target: str) -> Literal[">=", "<="]:
        stretch = self.figures[target].stretch
        start, end = self.squeezed.inside(stretch)
        before, after = self.squeezed.text[max(0, start - _AROUND) : start], self.squeezed.text[end : end + _AROUND]
        upper = before.endswith(_UPPER_BEFORE) or after.startswith(_UPPER_AFTER)
        return "<=" if upper else ">="

    def _finding(self, label: FindingLabel | ToleratedLabel) -> ExpectedFinding:
        places = [place for quote in label.evidence if (place := self.place(quote))]
        # A bracket around what is no labelled figure (a year, a name) says where, not which number.
        figures = [figure.stretch for figure in self.figures.values()]
        marked = [mark for place in places for _, mark in place.marks if any_meet((mark,), figures)]
        again = [other for stretch in marked for other in self._told_again.get(stretch, ())]
        return ExpectedFinding(label, tuple(place.whole for place in places), tuple(dict.fromkeys([*marked, *again])))

    def _retellings(self) -> dict[Stretch, list[Stretch]]:
        """Where else a number is told: a finding about the other place is about the same fact."""
        found: dict[Stretch, list[Stretch]] = {}
        for claim in self.labels.claims:
            if claim.kind is ClaimName.RESTATEMENT and claim.outcome == "verified":
                told = [self.figures[name].stretch for name in claim.same if name in self.figures]
                for stretch in told:
                    found.setdefault(stretch, []).extend(other for other in told if other != stretch)
        return found

    def _found_traps(self) -> list[TrapLabel]:
        return [label for label in self.labels.traps if self.place(label.at, label.nth)]

    def _stretches(self, quotes: tuple[str, ...], nth: int) -> tuple[Stretch, tuple[Stretch, ...]]:
        place = self.squeezed.find(quotes[0], nth)
        return place.whole, tuple(stretch for _, stretch in place.marks)


def _nth(values: tuple[str, ...], index: int) -> str | None:
    if not values:
        return None
    return values[index] if len(values) > 1 else values[0]
