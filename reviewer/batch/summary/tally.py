"""Counts over all results, kept while they pass by."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from reviewer.batch.records import Declared, Result, Spent, Status
from reviewer.checks import rules
from reviewer.schema.result import Severity
from reviewer.settings import Language

__all__ = ["BINS", "RuleCount", "Tally", "bin_of"]

BINS = ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 10), (11, None))
"""Numbers of errors that are counted together: from, to; the last has no end."""
_SUMMED = (
    *("errors", "warnings", "notes", "quantities", "labelled"),
    *("verified", "contradicted", "undetermined", "characters"),
)


def bin_of(errors: int) -> int:
    """The place in `BINS` of a number of errors."""
    return next(place for place, (_, last) in enumerate(BINS) if last is None or errors <= last)


@dataclass
class RuleCount:
    """What one rule found."""

    title: str
    """As its findings have it."""
    reports: int = 0
    by_severity: Counter[Severity] = field(default_factory=Counter)

    def titled(self, code: str, lang: Language) -> str:
        """The rule's title in `lang`; that of its findings for a rule this version does not know."""
        return next((rule.titles[lang] for rule in rules() if rule.code == code), self.title)


@dataclass
class Tally:
    """Sums over results; `add` each once."""

    reviewed: int = 0
    failed: int = 0
    concerned: int = 0
    """Reports with an error."""
    unread: int = 0
    """Reports that a language model did not finish."""
    declared: int = 0
    """Reports of which a manifest says something."""
    differing: int = 0
    """… and says it differently from the report."""
    sums: Counter[str] = field(default_factory=Counter)
    """Of the numbers a result has under these names: errors, warnings, notes, verified, …"""
    bins: list[int] = field(default_factory=lambda: [0] * len(BINS))
    """Reviewed reports by number of errors."""
    rules: dict[str, RuleCount] = field(default_factory=dict)
    spent: Spent | None = None
    """Over all reports that a model read; without a price as soon as one is unknown."""

    @property
    def reports(self) -> int:
        return self.reviewed + self.failed

    def add(self, result: Result) -> None:
        self.declared += result.declared != Declared()
        self.differing += bool(result.differs)
        self.unread += result.unread > 0
        self._pay(result.spent)
        if result.status is Status.FAILED:
            self.failed += 1
            return
        self.reviewed += 1
        self.concerned += result.errors > 0
        self.bins[bin_of(result.errors)] += 1
        self.sums.update({name: getattr(result, name) for name in _SUMMED})
        for finding in result.findings:
            self.rules.setdefault(finding.code, RuleCount(finding.title)).by_severity[finding.severity] += 1
        for code in {finding.code for finding in result.findings}:
            self.rules[code].reports += 1

    def _pay(self, spent: Spent | None) -> None:
        if spent is None:
            return
        before = self.spent or Spent(price="0")
        known = before.price is not None and spent.price is not None
        self.spent = Spent(
            calls=before.calls + spent.calls,
            cached_calls=before.cached_calls + spent.cached_calls,
            prompt_tokens=before.prompt_tokens + spent.prompt_tokens,
            completion_tokens=before.completion_tokens + spent.completion_tokens,
            price=f"{Decimal(before.price or 0) + Decimal(spent.price or 0):f}" if known else None,
        )

    def ranked(self) -> list[tuple[str, RuleCount]]:
        """Rules by findings, most first, and by code."""
        return sorted(self.rules.items(), key=lambda item: (-item[1].by_severity.total(), item[0]))
