"""The cells of a table on a page, and what stands in them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reviewer.reading import words
from reviewer.reading.layout import Passage
from reviewer.reading.paged.rulings import Frame
from reviewer.reading.paged.strips import Strip
from reviewer.reading.pieces import is_blank

_TIGHT = 0.12
_LOOSE = 0.25
_LOOSE_MARK = 0.6
_MOST_PADDING = 8.0
_NUMERIC = frozenset("0123456789.,%")


@dataclass(slots=True)
class PageCell:
    """A cell between `left` and `right`; its strips in reading order."""

    left: float
    right: float
    rows: int = 1
    columns: int = 1
    strips: list[Strip] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words, as written."""
        return self.passage(0.0).chars

    def passage(self, padding: float) -> Passage:
        """The lines joined; a line that was ended although more would have fitted is set off by a blank."""
        whole = Passage("", [])
        before: Strip | None = None
        for strip in sorted(self.strips, key=lambda strip: (strip.page, strip.line, strip.column)):
            between = "" if before is None else self._between(before, strip, padding)
            whole = whole.joined(strip.passage(), between)
            before = strip
        return whole

    def _between(self, before: Strip, strip: Strip, padding: float) -> str:
        if (before.page, before.line) == (strip.page, strip.line) or before.turned != strip.turned:
            return " "
        if words.parts_sign(before.text, strip.text):
            return ""
        if words.never_first(strip.text) or words.splits_number(before.text, strip.text):
            return words.glue(before.text, strip.text)
        return " " if self.leaves_room(before, strip, padding) else words.glue(before.text, strip.text)

    def leaves_room(self, before: Strip, strip: Strip, padding: float) -> bool:
        """Whether the first word of `strip` would have fitted on the line before."""
        # One character more: a typesetter keeps some pairs together.
        token = strip.cut(0, len(words.first_token(strip.text)) + 1)
        needed = token.right - token.left if token is not None else 0.0
        return (self.right - self.left - 2 * padding) - (before.right - before.left) > needed + _LOOSE * before.size


@dataclass(slots=True)
class PageTable:
    """A table, or the part of it on one page. `rows[r][c]` is None where a merged cell covers the place."""

    page: int
    top: float
    bottom: float
    xs: tuple[float, ...]
    rows: list[list[PageCell | None]]
    drawn: bool = True
    """Whether its columns are told by lines; otherwise `xs` are where their words begin."""

    @property
    def padding(self) -> float:
        """How far text keeps off the borders of its cells."""
        inside = [
            strip.left - cell.left for row in self.rows for cell in row if cell is not None for strip in cell.strips
        ]
        return min(max(min(inside, default=0.0), 0.0), _MOST_PADDING)

    def strips(self) -> list[Strip]:
        """All that stands in it."""
        return [strip for row in self.rows for cell in row if cell is not None for strip in cell.strips]


def fill(frame: Frame, strips: Sequence[Strip], page: int) -> tuple[PageTable, list[Strip]]:
    """The table of a frame with the strips that stand in its cells, and the strips that do not."""
    rows: list[list[PageCell | None]] = [[None] * (len(frame.xs) - 1) for _ in frame.ys[1:]]
    owner: dict[tuple[int, int], PageCell] = {}
    for box in frame.boxes:
        cell = PageCell(frame.xs[box.column], frame.xs[box.column + box.columns], box.rows, box.columns)
        rows[box.row][box.column] = cell
        for row in range(box.row, box.row + box.rows):
            owner |= {(row, column): cell for column in range(box.column, box.column + box.columns)}
    outside: list[Strip] = []
    for strip in strips:
        if not frame.ys[0] <= strip.middle <= frame.ys[-1] or strip.right < frame.xs[0] or strip.left > frame.xs[-1]:
            outside.append(strip)
            continue
        row = min(bisect_right(frame.ys, strip.middle), len(frame.ys) - 1) - 1
        for part in _parts(strip, frame, [owner[row, column] for column in range(len(frame.xs) - 1)]):
            x = (part.left + part.right) / 2
            if frame.xs[0] <= x <= frame.xs[-1]:
                column = min(bisect_right(frame.xs, x), len(frame.xs) - 1) - 1
                owner[row, column].strips.append(part)
            else:
                outside.append(part)
    return _without_slivers(PageTable(page, frame.ys[0], frame.ys[-1], frame.xs, rows)), outside


def _parts(strip: Strip, frame: Frame, cells: Sequence[PageCell]) -> list[Strip]:
    """The strip, cut where it crosses from one cell to the next; never inside a number."""
    borders = [
        x for index, x in enumerate(frame.xs) if index in (0, len(frame.xs) - 1) or cells[index - 1] is not cells[index]
    ]
    cuts, seen = [0], 0
    for index in range(1, len(strip.text)):
        if is_blank(strip.text[index]):
            continue
        if _is_parted(strip, seen, index, borders):
            cuts.append(index)
        seen = index
    cuts.append(len(strip.text))
    return [part for start, end in pairwise(cuts) if (part := strip.cut(start, end)) is not None]


def _is_parted(strip: Strip, first: int, second: int, borders: Sequence[float]) -> bool:
    """Whether a border stands between two characters; not where it would cut a number that is wider than its cell."""
    left, right = strip.rights[first], strip.lefts[second]
    if strip.text[first] in _NUMERIC and strip.text[second] in _NUMERIC and right - left < _TIGHT * strip.size:
        return False
    if right - left >= _LOOSE * strip.size:
        reach = strip.size
    else:
        # Half of a full-width mark's body is empty, and may lie over the border.
        reach = strip.size * (_LOOSE_MARK if strip.text[first] in words.CLOSING else _LOOSE)
    before, after = ((strip.lefts[index] + strip.rights[index]) / 2 for index in (first, second))
    if words.never_first(strip.text[first]):
        left = before  # a stop may hang over the border: its ink is on the left
    return any(min(left, right) - reach <= x <= max(left, right) + reach and before < x < after for x in borders)


def _without_slivers(table: PageTable) -> PageTable:
    """Without columns and rows that hold no cell of their own: borders drawn beside one another."""
    columns = [
        column
        for column in range(len(table.xs) - 1)
        if any(row[column] is not None and (row[column].strips or _width(table, column) > 6.0) for row in table.rows)  # type: ignore[union-attr]
        or any(row[column] is None for row in table.rows)
    ]
    if len(columns) == len(table.xs) - 1:
        return table
    kept = [[row[column] for column in columns] for row in table.rows]
    xs = (*[table.xs[column] for column in columns], table.xs[-1])
    return PageTable(table.page, table.top, table.bottom, xs, kept)


def _width(table: PageTable, column: int) -> float:
    return table.xs[column + 1] - table.xs[column]
