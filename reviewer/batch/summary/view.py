"""What the page's template asks for beside texts and counts."""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from reviewer.batch.summary.facts import RunFacts
from reviewer.batch.summary.tally import BINS, Tally
from reviewer.batch.summary.texts import Texts
from reviewer.schema.source import DocumentKind

__all__ = ["View"]


@dataclass
class View:
    """Choices of the filters, columns of the table, and the run in words."""

    t: Texts
    tally: Tally
    run: RunFacts
    found_years: Set[int | None]
    found_kinds: Set[DocumentKind]

    def bin(self, place: int) -> str:
        """A range of numbers of errors in words."""
        first, last = BINS[place]
        if last is None:
            return self.t("form.from", first=first)
        return str(first) if first == last else self.t("form.between", first=first, last=last)

    @property
    def bins(self) -> list[tuple[int, str]]:
        """Ranges that have reports, by their place."""
        return [(place, self.bin(place)) for place, count in enumerate(self.tally.bins) if count]

    @property
    def rules(self) -> list[tuple[str, str]]:
        """Rules with findings, by code."""
        found = sorted(self.tally.rules.items())
        return [(code, f"{code} {count.titled(code, self.t.lang)}") for code, count in found]

    @property
    def years(self) -> list[tuple[str, str]]:
        """Years of the reports, the latest first, then "none"."""
        known = sorted((year for year in self.found_years if year is not None), reverse=True)
        return [(str(year), str(year)) for year in known] + [
            ("none", self.t("filter.no_year")) for year in self.found_years if year is None
        ]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Kinds of the reports."""
        return [(kind, self.t(f"kind.{kind}")) for kind in DocumentKind if kind in self.found_kinds]

    @property
    def judged(self) -> int:
        return self.tally.sums["verified"] + self.tally.sums["contradicted"]

    @property
    def left(self) -> int:
        """Planned reports without a result."""
        return max(0, (self.run.planned or 0) - self.tally.reports)

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """Sortable columns of the table and whether each holds "text" or a "number"; those that would be empty go."""
        spent = self.tally.spent
        wanted = [
            *(("unit", "text"), ("year", "number"), ("kind", "text"), ("status", "text")),
            *((name, "number") for name in ("errors", "warnings", "notes")),
            *(("headline", "text"), ("quantities", "number")),
            *((name, "number") for name in ("verified", "contradicted", "undetermined")),
            ("differs", "text") if self.tally.declared else None,
            ("unread", "number") if spent else None,
            ("price", "number") if spent and (spent.price is None or Decimal(spent.price)) else None,
            ("seconds", "number"),
        ]
        return [column for column in wanted if column is not None]

    @property
    def settings(self) -> Iterator[tuple[str, str]]:
        """(name, value) of the run's facts and of everything that decides what a review says."""
        known = self.t.group("fingerprint")
        for name in ("version", "command", "begun", "ended"):
            if (value := getattr(self.run, name)) is not None:
                yield self.t(f"run.{name}"), value
        for name, value in self.run.fingerprint.items():
            if not (name == "version" and value == self.run.version):
                yield known.get(name, name), self._told(value)

    def _told(self, value: object) -> str:
        """A value of the fingerprint in words."""
        if value is None or value in ([], {}, ""):
            return self.t("fingerprint.none")
        if isinstance(value, bool):
            return self.t("fingerprint.yes" if value else "fingerprint.no")
        if isinstance(value, dict):
            return self.t("form.separator").join(f"{name} {self._told(entry)}" for name, entry in value.items())
        if isinstance(value, list):
            return self.t("form.separator").join(self._told(entry) for entry in value)
        return str(value)
