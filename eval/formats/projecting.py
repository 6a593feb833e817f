"""Labels of a report that hold for its tables alone: what a workbook of them can be judged by."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from eval.formats.content import content_of, spelled, tables_of
from eval.labels import NUMERIC_FAMILIES, ClaimLabel, Fixture, Quote
from eval.quoting import QuoteError, Squeezed
from eval.validating import figures_of
from reviewer.schema import Document

_Q = TypeVar("_Q", bound=Quote)


def on_tables(fixture: Fixture, document: Document) -> Fixture:
    """The fixture with the labels that rest on nothing but its tables; `document` is the report as it was read.

    Findings of families that need the whole report (a reason nowhere told, a chapter missing) have no place in it.
    """
    labels, kept = fixture.labels, _Kept(document)
    figures = tuple(kept.quotes(labels.figures))
    names = {
        name
        for label in figures
        for name in (label.id, *(f"{label.id}.{index + 1}" for index in range(label.marks)))
    }  # fmt: skip
    fewer = {
        "figures": figures,
        "claims": tuple(claim for claim in labels.claims if _rests_on(claim, names, kept)),
        "findings": tuple(
            label
            for label in labels.findings
            if NUMERIC_FAMILIES.issuperset(label.family) and all(map(kept.holds, label.evidence))
        ),
        "tolerated": tuple(label for label in labels.tolerated if all(map(kept.holds, label.evidence))),
        "traps": tuple(kept.quotes(labels.traps)),
        "others": (),
        "indicators": (),
        "judgements": (),
    }
    return replace(fixture, labels=labels.model_copy(update=fewer))


def _rests_on(claim: ClaimLabel, names: set[str], kept: "_Kept") -> bool:
    quotes = (*claim.items, *((claim.at,) if claim.at else ()))
    return names.issuperset(figures_of(claim)) and all(map(kept.holds, quotes))


class _Kept:
    """Which quotes stand in the tables, and the how-manieth of their kind they are there."""

    def __init__(self, document: Document) -> None:
        text, self._offsets = spelled(tables_of(content_of(document)))
        self._whole, self._part = Squeezed(document.text), Squeezed(text)

    def holds(self, quote: str) -> bool:
        """Whether the first place of a quote is in the tables."""
        return self._nth(quote, 1) is not None

    def quotes(self, labels: tuple[_Q, ...]) -> Iterator[_Q]:
        """The labels whose place is in the tables, counted there."""
        for label in labels:
            nth = self._nth(label.at, label.nth)
            if nth is not None:
                yield label.model_copy(update={"nth": nth})

    def _nth(self, quote: str, nth: int) -> int | None:
        try:
            place = self._whole.find(quote, nth).whole
        except QuoteError:
            return None
        at = bisect_left(self._offsets, place.start)
        if at == len(self._offsets) or self._offsets[at] != place.start:
            return None
        for number in range(1, self._part.count(quote) + 1):
            if self._part.find(quote, number).whole.start == at:
                return number
        return None
