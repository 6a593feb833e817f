"""Figures by what they measure, whose they are and when; never by value."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from reviewer.schema import Bound, Dimension, Figure, Quantity, Reading, Role, Source

TOTAL = "expenditure_total"


@dataclass(frozen=True)
class Index:
    source: Source
    reading: Reading

    @cached_property
    def by_quantity(self) -> dict[str, Figure]:
        return {figure.quantity: figure for figure in self.reading.figures}

    @cached_property
    def carries_over(self) -> bool:
        """Whether the report prints money carried over from the year before or to the next."""
        return any(figure.role is Role.BALANCE and self.quantity(figure).value for figure in self.reading.figures)

    def marks_of(self, section: str) -> list[Figure]:
        """The full marks printed in a section's prose, in the order of the text."""
        return self._marks.get(section, [])

    @cached_property
    def _marks(self) -> dict[str, list[Figure]]:
        marks: dict[str, list[Figure]] = {}
        for figure in self.reading.figures:
            if figure.role is Role.FULL_MARK and self.quantity(figure).span.table is None:
                marks.setdefault(figure.section, []).append(figure)
        return marks

    def quantity(self, figure: Figure) -> Quantity:
        return self.source.quantity(figure.quantity)

    def _money(self, document: str, concept: str, role: str, period: str | None, subject: str | None) -> list[Figure]:
        """Exact amounts of one measure, role, period and subject in one document, in the order of the text."""
        return [
            figure
            for figure in self.reading.figures
            if (figure.concept, figure.role, figure.period, figure.subject) == (concept, role, period, subject)
            and self.quantity(figure).span.document == document
            and self.quantity(figure).dimension is Dimension.MONEY
            and self.quantity(figure).bound is Bound.EXACT
        ]

    def amounts(self, document: str, concept: str, role: str, period: str) -> list[Figure]:
        """Exact amounts of the document's unit as a whole, in the order of the text."""
        return self._money(document, concept, role, period, None)

    def find(self, concept: str, roles: Iterable[str], near: Figure) -> list[Figure]:
        """Amounts of the same subject and period with one of `roles`, in order of role, then of distance to `near`."""
        here = self.quantity(near).span
        found: list[Figure] = []
        for role in roles:
            same = self._money(here.document, concept, role, near.period, near.subject)
            same.sort(key=lambda f: (f.section != near.section, abs(self.quantity(f).span.start - here.start)))
            found += same
        return found
