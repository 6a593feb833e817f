"""Which stretches of a text were recognised in pictures, and how sure that is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_DOWN, Decimal
from itertools import pairwise

from reviewer.reading.paged.strips import Strip
from reviewer.schema.source import LineRun, Recognised

_NUMBER = re.compile(r"[0-9０-９](?:[,，.．]?[0-9０-９])*[%％]?")
_CENT = Decimal("0.01")


def recognised(text: str, runs: Sequence[LineRun], strips: Iterable[Strip]) -> tuple[Recognised, ...]:
    """The stretches in order of the text, as far as the strips have confidences.

    A number is as sure as its least sure character; the words between two numbers as their average one.
    """
    by_line: dict[tuple[int | None, int], list[Strip]] = {}
    for strip in strips:
        if strip.confidences:
            by_line.setdefault((strip.page, strip.line), []).append(strip)
    if not by_line:
        return ()
    found: list[Recognised] = []
    ends = [*(run.start for run in runs[1:]), len(text)]
    for run, end in zip(runs, ends, strict=True):
        for strip in by_line.get((run.page, run.line), ()):
            at = run.start + strip.column - run.column
            first, last = max(run.start, at), min(end, at + len(strip.text))
            if first < last:
                found.extend(_stretches(text[first:last], first, strip.confidences[first - at : last - at]))
    return tuple(_merged(sorted(found, key=lambda stretch: stretch.start)))


def _merged(stretches: Iterable[Recognised]) -> Iterator[Recognised]:
    """Neighbours of one confidence as one."""
    open_one: Recognised | None = None
    for stretch in stretches:
        if open_one is not None and (open_one.end, open_one.confidence) == (stretch.start, stretch.confidence):
            open_one = open_one.model_copy(update={"end": stretch.end})
            continue
        if open_one is not None:
            yield open_one
        open_one = stretch
    if open_one is not None:
        yield open_one


def _stretches(chars: str, start: int, confidences: Sequence[Decimal]) -> Iterator[Recognised]:
    numbers = [match.span() for match in _NUMBER.finditer(chars)]
    edges = sorted({0, len(chars), *(edge for span in numbers for edge in span)})
    for first, last in pairwise(edges):
        part = confidences[first:last]
        average = (sum(part, Decimal()) / len(part)).quantize(_CENT, ROUND_DOWN)
        sure = min(part) if (first, last) in numbers else average
        yield Recognised(start=start + first, end=start + last, confidence=sure)
