"""In which order the lines of a page are read: from top to bottom, column by column where there clearly are two."""

from collections.abc import Sequence

from reviewer.reading import words
from reviewer.reading.paged.aligned import cut_at_gaps, parted
from reviewer.reading.paged.strips import Strip

WHOLE, LEFT, RIGHT = range(3)
"""Columns: all of the page's width, or one of two."""

_GUTTER = 1.2
"""Of the type size."""
_FEWEST = 8
_WIDEST_OFF = 0.12
"""Of the page's width: how far off its middle the gutter of two columns may be."""
_CROSSING = 0.15
_AVERAGE_HAN = 6


def in_order(strips: Sequence[Strip], width: float) -> list[tuple[int, list[Strip]]]:
    """The visual lines as they are read; with each, the column it stands in."""
    rows = parted(strips, _GUTTER)
    gutter = _gutter(strips, width)
    if gutter is None:
        # What stands at one height and was not taken for a table is one line.
        return [(WHOLE, _rejoined(row, strips)) for row in rows]
    lines: list[tuple[int, list[Strip]]] = []
    left: list[tuple[int, list[Strip]]] = []
    right: list[tuple[int, list[Strip]]] = []
    for parts in rows:
        if any(part.left < gutter < part.right for part in parts):
            lines += left + right
            left, right = [], []
            lines.append((WHOLE, _rejoined(parts, strips)))
            continue
        if before := [part for part in parts if part.right <= gutter]:
            left.append((LEFT, before))
        if behind := [part for part in parts if part.left >= gutter]:
            right.append((RIGHT, behind))
    return lines + left + right


def _rejoined(row: Sequence[Strip], strips: Sequence[Strip]) -> list[Strip]:
    lines = {part.line for part in row}
    return sorted((strip for strip in strips if strip.line in lines), key=lambda strip: strip.column)


def _gutter(strips: Sequence[Strip], width: float) -> float | None:
    """The x that parts two columns of prose; None for a page of one column."""
    parts = [part for strip in strips if not strip.turned for part in cut_at_gaps(strip, _GUTTER)]
    for step in (0, 1, -1, 2, -2, 3, -3, 4, -4):
        x = width * (0.5 + step * _WIDEST_OFF / 4)
        left = [part for part in parts if part.right <= x]
        right = [part for part in parts if part.left >= x]
        crossing = len(parts) - len(left) - len(right)
        if min(len(left), len(right)) < _FEWEST or crossing > _CROSSING * len(parts):
            continue
        if all(_is_prose(side) for side in (left, right)) and _side_by_side(left, right):
            return x
    return None


def _is_prose(parts: Sequence[Strip]) -> bool:
    return sum(words.han(part.text) for part in parts) >= _AVERAGE_HAN * len(parts)


def _side_by_side(left: Sequence[Strip], right: Sequence[Strip]) -> bool:
    """Whether the two stand beside one another for most of their height."""
    top = max(min(part.top for part in left), min(part.top for part in right))
    bottom = min(max(part.bottom for part in left), max(part.bottom for part in right))
    beside = [part for side in (left, right) for part in side if top <= part.middle <= bottom]
    return len(beside) >= 0.6 * (len(left) + len(right))
