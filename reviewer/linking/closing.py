"""The marks in a section's heading, told again in the sentence that closes the section."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.linking.index import Index
from reviewer.linking.names import restatement
from reviewer.schema import Claim, Closure, Figure, Role, Section

_LEAST = 2


@dataclass(frozen=True, slots=True)
class _Marks:
    """A full mark and the score for it, printed side by side."""

    full: Figure
    score: Figure


def _pairs(index: Index, document: str, start: int, end: int) -> list[_Marks]:
    """Scores in [start, end) with the full mark right before them in the same stretch."""
    pairs: list[_Marks] = []
    full: Figure | None = None
    for quantity in index.source.within(document, start, end):
        figure = index.by_quantity.get(quantity.id)
        if figure is None or figure.role not in (Role.FULL_MARK, Role.SCORE):
            continue
        if figure.role is Role.FULL_MARK:
            full = figure
        elif full is not None:
            pairs.append(_Marks(full, figure))
            full = None
    return pairs


def _own_marks(index: Index, section: Section) -> tuple[_Marks, int] | None:
    """The one pair of marks in a section's heading or in its first sentence, and where what it is about begins."""
    span = section.span
    heads = _pairs(index, span.document, span.start, section.body)
    first = next((s for s in index.source.sentences if s.section == section.id and s.span.start >= section.body), None)
    end = section.body
    if not heads and first is not None:
        heads, end = _pairs(index, span.document, section.body, first.span.end), first.span.end
    return (heads[0], end) if len(heads) == 1 else None


def _end(index: Index, section: Section) -> int:
    """Where a section ends, with all below it."""
    inside = (s for s in index.source.sections if any(above.id == section.id for above in index.source.path_to(s)))
    return max(s.span.end for s in inside)


def _speaks_of(words: str, section: Section) -> bool:
    """Whether a closing sentence names the section, by the words its heading has of its own."""
    own = re.sub(load("restated")["closing"]["heading"], "", plain(section.title))
    return len(own) >= _LEAST and own in words


def closing_scores(index: Index) -> Iterator[Claim]:
    """「决策（满分20分，得分18分）……决策类满分20分，自评18分。」"""
    for section in index.source.sections:
        own = _own_marks(index, section)
        if own is None:
            continue
        marks, start = own
        document = section.span.document
        for sentence in index.source.sentences:
            span = sentence.span
            if span.document != document or not start <= span.start < _end(index, section):
                continue
            words = plain(index.source.text(span))
            again = _pairs(index, document, span.start, span.end)
            if len(again) != 1 or not _speaks_of(words, section):
                continue
            full = index.quantity(again[0].full).value == index.quantity(marks.full).value
            if full and re.search(load("restated")["closing"]["cue"], words):
                yield restatement(marks.score, again[0].score, "section_score", Closure.COMPLETE)
