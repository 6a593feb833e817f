"""A table's rows as they are drawn: merged cells at their first row and column, columns that no cell begins in gone."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.reading.docx.xml import W, children, find, on, value, whole
from reviewer.reading.layout import CellContent

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_CELLS = 100_000
"""Of all tables, covered ones included; each takes four kilobytes in the end."""
_MOST_COLUMNS = 63
"""What Word allows; a larger claim is none."""

Row = list[CellContent | None]


@dataclass(slots=True)
class Slot:
    """A cell as the file holds it; `element` is read by whoever places it."""

    element: "_Element"
    column: int
    columns: int
    rows: int = 1
    continues: bool = False
    """It is covered by the cell above it."""


@dataclass(slots=True)
class Line:
    """A row; `named` says that it is marked to be repeated on every page."""

    slots: list[Slot] = field(default_factory=list)
    named: bool = False
    hidden: bool = False


def lines(table: "_Element") -> list[Line]:
    """The rows that are left once tracked deletions are gone, their cells at their columns of the grid."""
    found: list[Line] = []
    for row in children(table):
        if row.tag == f"{W}tr" and not is_deleted(row):
            found.append(_line(row))
    _merge_down(found)
    return found


def is_deleted(row: "_Element") -> bool:
    """Whether a tracked change deleted the row."""
    return find(row, "trPr", "del") is not None


def starts(found: Sequence[Line]) -> list[int]:
    """The columns of the grid that a cell begins in."""
    return sorted({slot.column for line in found for slot in line.slots}) or [0]


def placed(found: Sequence[Line], contents: Sequence[Sequence[CellContent]], blank: CellContent) -> list[Row]:
    """The full rows: the contents of the slots that cover something, None where one covers, `blank` where none is."""
    columns = starts(found)
    rows: list[Row] = [[blank] * len(columns) for _ in found]
    for number, (line, filled) in enumerate(zip(found, contents, strict=True)):
        for slot, content in zip(line.slots, filled, strict=True):
            first = bisect_left(columns, slot.column)
            wide = bisect_left(columns, slot.column + slot.columns) - first
            for column in range(first, first + wide):
                rows[number][column] = None
            if not slot.continues:
                rows[number][first] = CellContent(content.passage, content.at, slot.rows, wide)
    return rows


def named(shown: Sequence[Line]) -> int:
    """How many rows at the top the file itself marks as column names; none when it marks all."""
    return next((number for number, line in enumerate(shown) if not line.named), 0)


def _line(row: "_Element") -> Line:
    properties = find(row, "trPr")
    line = Line(named=bool(on(properties, "tblHeader")), hidden=bool(on(properties, "hidden")))
    column = _bounded(whole(properties, "gridBefore"), least=0)
    for cell in children(row):
        if cell.tag != f"{W}tc" or find(cell, "tcPr", "cellDel") is not None:
            continue
        about = find(cell, "tcPr")
        wide = _bounded(whole(about, "gridSpan"), least=1)
        across = find(about, "hMerge")
        if across is not None and across.get(f"{W}val", "continue") == "continue" and line.slots:
            line.slots[-1].columns += wide
        else:
            down = find(about, "vMerge")
            continues = down is not None and (value(about, "vMerge") or "continue") == "continue"
            line.slots.append(Slot(cell, column, wide, continues=continues))
        column += wide
    return line


def _bounded(claim: int | None, *, least: int) -> int:
    return least if claim is None or not least <= claim <= _MOST_COLUMNS else claim


def _merge_down(found: Sequence[Line]) -> None:
    """Give each cell the rows that continue it; one that continues nothing stands for itself."""
    above: dict[int, Slot] = {}
    for line in found:
        here: dict[int, Slot] = {}
        for slot in line.slots:
            origin = above.get(slot.column) if slot.continues else None
            if origin is not None and origin.columns == slot.columns:
                origin.rows += 1
                here[slot.column] = origin
            else:
                slot.continues = False
                here[slot.column] = slot
        above = here
