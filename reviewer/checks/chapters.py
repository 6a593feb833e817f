"""The chapters on problems and on measures, and their items; what rules on a report's structure look at."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Section, Source, Span

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_LEAST = 8
"""Shorter items say nothing that could be compared."""


@cache
def words(name: str) -> re.Pattern[str]:
    """The compiled pattern `name` of the lexicon's words on structure."""
    return re.compile(load("structure")[name], re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Part:
    """One item of a chapter: its words, and where they stand."""

    text: str
    span: Span

    @property
    def pairs(self) -> frozenset[str]:
        """All pairs of neighbouring Chinese characters."""
        return frozenset(f"{a}{b}" for run in _HAN.findall(self.text) for a, b in pairwise(run))


def chapters(source: Source, kind: str) -> list[Section]:
    """The topmost sections on `problems`, or on `measures`."""
    found: list[Section] = []
    for section in source.sections:
        title = plain(section.title)
        is_measures = words("measures").search(title) is not None
        is_problems = words("problems").search(title) is not None
        if is_measures and is_problems:
            is_measures = is_problems = False
        if words("both").search(title) and words("measures").search(title):
            is_measures, is_problems = True, False
        wanted = is_problems if kind == "problems" else is_measures
        if wanted and not any(parent.id == chapter.id for parent in source.path_to(section) for chapter in found):
            found.append(section)
    return found


def whole(source: Source, section: Section) -> Span:
    """A section with all that lies below it."""
    below = [other for other in source.sections if any(parent.id == section.id for parent in source.path_to(other))]
    end = max(other.span.end for other in below)
    return source.document(section.span.document).span(section.span.start, end)


def parts(source: Source, section: Section) -> list[Part]:
    """The items of a chapter: its numbered sections, else what it enumerates, else all of it."""
    document = source.document(section.span.document)
    kids = [other for other in source.sections if other.parent == section.id and other.number]
    if kids:
        spans = [whole(source, kid) for kid in kids]
    else:
        end = section.span.end
        starts = [match.start() for match in words("item").finditer(document.text, section.body, end)]
        starts = starts or [section.body]
        spans = [document.span(start, stop) for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    found = [Part(words("signature").split(source.text(span))[0].strip(), span) for span in spans]
    return [part for part in found if len(plain(part.text)) >= _LEAST]
