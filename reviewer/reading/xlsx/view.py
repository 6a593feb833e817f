"""From the cells of a sheet to the grid a person sees: without what is hidden, without what is empty."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from reviewer.reading.builder import Place
from reviewer.reading.grids import join
from reviewer.reading.layout import CellContent, Passage
from reviewer.reading.pieces import split_lines
from reviewer.reading.xlsx.sheet import Area, Printed, SheetCells, address

_BLANKS_OF_INDENT = 3
_MOST_ACROSS = 500
"""Merged areas side by side; more lie over each other, which no program writes."""


@dataclass(slots=True)
class View:
    """What is shown, and what is not: the words left out with their places, and where they stand."""

    page: int
    hidden: "Runs"
    """Rows."""
    seen: list["Shown"] = field(default_factory=list)
    left_out: list[tuple[str, Place]] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    hidden_cells: list[str] = field(default_factory=list)

    def size(self) -> int:
        """Places of the grid, up to the empty rows."""
        return len({cell.area.top for cell in self.seen}) * len({cell.area.left for cell in self.seen})

    def grid(self) -> list[list[CellContent | None]]:
        """The rows and columns that hold words; one empty row stands for all between two of them."""
        return _laid(self.seen, self.hidden, self.page) if self.seen else []


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell that is seen: its words, its own place, and the part of it that is not hidden."""

    passage: Passage
    row: int
    column: int
    area: Area


class Runs:
    """Numbers in runs, to ask which are among them."""

    def __init__(self, runs: Iterable[tuple[int, int]]) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        for first, last in sorted(runs):
            if self._lasts and first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(self._lasts[-1], last)
            elif first <= last:
                self._firsts.append(first)
                self._lasts.append(last)

    def next_outside(self, number: int) -> int:
        """The number itself, or the first behind the run that holds it."""
        at = bisect_right(self._firsts, number) - 1
        return self._lasts[at] + 1 if at >= 0 and number <= self._lasts[at] else number


def view(sheet: SheetCells, page: int, *, shown: bool) -> View:
    """The visible grid of the sheet number `page`; all of it is left out unless the sheet is `shown`."""
    rows, columns = Runs(sheet.hidden_rows), Runs(sheet.hidden_columns)
    found = View(page, rows)
    merged = _Merged(sheet.merged)
    for row, cells in sorted(sheet.cells.items()):
        merged.go_to(row)
        for column, passage in _placed(row, cells, page):
            area = merged.over(column) or Area(row, column, row, column)
            top, left = rows.next_outside(area.top), columns.next_outside(area.left)
            if shown and top > area.bottom:
                found.hidden_rows.append(row)
            elif shown and left > area.right:
                found.hidden_columns.append(column)
            elif shown and (cells[column].hidden or (area.top, area.left) != (row, column)):
                found.hidden_cells.append(address(row, column))
            elif shown:
                found.seen.append(Shown(passage, row, column, Area(top, left, area.bottom, area.right)))
                continue
            found.left_out.append((passage.chars, _first(passage)))
    return found


class _Merged:
    """The merged areas that lie over a row, as the rows go by. ValueError when they lie over each other."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._waiting = sorted(areas, key=lambda area: area.top, reverse=True)
        self._over: list[tuple[int, int, Area]] = []
        self._row = 0

    def go_to(self, row: int) -> None:
        """Turn to a row below the last."""
        self._over = [entry for entry in self._over if entry[2].bottom >= row]
        while self._waiting and self._waiting[-1].top <= row:
            area = self._waiting.pop()
            if area.bottom >= row:
                insort(self._over, (area.left, -area.top, area), key=lambda entry: entry[:2])
        if len(self._over) > _MOST_ACROSS:
            raise ValueError("merged areas lie over each other")

    def over(self, column: int) -> Area | None:
        """The area over the column; areas do not lie over each other."""
        at = bisect_right(self._over, column, key=lambda entry: entry[0]) - 1
        return self._over[at][2] if at >= 0 and self._over[at][2].right >= column else None


def _placed(row: int, cells: dict[int, Printed], page: int) -> list[tuple[int, Passage]]:
    """The cells' words with their places; columns count in the row as printed, cells one blank apart."""
    found: list[tuple[int, Passage]] = []
    at = 0
    for column, cell in sorted(cells.items()):
        at += cell.indent * _BLANKS_OF_INDENT
        lines: list[Passage] = []
        for line in split_lines(cell.text.replace("\t", " ")):
            passage = Passage.straight(line, row, at, page).trimmed()
            lines += [passage] if passage.chars else []
            at += len(line) + 1
        if lines:
            found.append((column, join(lines)))
    return found


def _first(passage: Passage) -> Place:
    return next(place for place in passage.places if place is not None)


def _laid(seen: Sequence[Shown], hidden: Runs, page: int) -> list[list[CellContent | None]]:
    rows = sorted({cell.area.top for cell in seen})
    columns = sorted({cell.area.left for cell in seen})
    grid: list[list[CellContent | None]] = []
    at_row: list[int] = []
    reach = 0
    bottoms: dict[int, int] = {}
    for cell in seen:
        bottoms[cell.area.top] = max(bottoms.get(cell.area.top, 0), cell.area.bottom)
    for row in rows:
        if at_row and hidden.next_outside(reach + 1) < row:
            grid.append(_empty(reach + 1, columns, page))
        at_row.append(len(grid))
        grid.append(_empty(row, columns, page))
        reach = max(reach, bottoms[row])
    for cell in seen:
        first = bisect_left(rows, cell.area.top)
        height = bisect_right(rows, cell.area.bottom) - first
        left = bisect_left(columns, cell.area.left)
        width = bisect_right(columns, cell.area.right) - left
        for index in at_row[first : first + height]:
            grid[index][left : left + width] = [None] * width
        place = (cell.row, _first(cell.passage)[1], page)
        grid[at_row[first]][left] = CellContent(cell.passage, place, height, width, address(cell.row, cell.column))
    return grid


def _empty(row: int, columns: Sequence[int], page: int) -> list[CellContent | None]:
    return [CellContent(Passage("", ()), (row, 0, page), address=address(row, column)) for column in columns]
