"""Tables of a page: which are tables, and their cells in a grid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.reading.builder import Place
from reviewer.reading.grids import join
from reviewer.reading.html.page import tag, visible
from reviewer.reading.layout import CellContent, Passage

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_CELLS = 60_000
"""Places of all tables of a page."""
_MOST_SPAN = 1000
_PARAGRAPHS = 3
_LONG = 300


@dataclass(slots=True)
class _Seen:
    """What a table holds, cells of tables inside it apart."""

    rows: int = 0
    filled: list[int] = field(default_factory=list)
    """Filled cells of each row."""
    own: int = 0
    nested: int = 0
    """Characters of its own cells, and of tables in them."""
    cell: int = 0
    blocks: int = 0
    prose: int = 0
    """Cells that hold paragraphs rather than entries."""


def data_tables(root: "_Element") -> set["_Element"]:
    """The tables that are tables, not frames to lay a page out."""
    seen: dict[_Element, _Seen] = {}
    found: set[_Element] = set()
    for element, closing, table in _tables(root):
        info = seen.setdefault(table, _Seen()) if table is not None else None
        name = tag(element)
        if name == "table" and closing:
            inner = seen.get(element, _Seen())
            if _is_data(element, inner):
                found.add(element)
            if info is not None:
                info.nested += inner.own + inner.nested
        elif info is not None:
            _note(info, element, name, closing)
    return found


def _tables(root: "_Element") -> "Iterable[tuple[_Element, bool, _Element | None]]":
    """Every visible element as it opens and closes, with the table it stands in."""
    shown = set(visible(root))
    todo: list[tuple[_Element, bool, _Element | None]] = [(root, False, None)]
    while todo:
        element, closing, table = todo.pop()
        if element not in shown:
            continue
        yield element, closing, table
        if not closing:
            todo.append((element, True, table))
            within = element if tag(element) == "table" else table
            todo.extend((child, False, within) for child in reversed(element))


def _note(info: _Seen, element: "_Element", name: str, closing: bool) -> None:
    if closing:
        if name in ("td", "th"):
            info.filled[-1:] = [info.filled[-1] + bool(info.cell)] if info.filled else [bool(info.cell)]
            info.prose += info.blocks >= _PARAGRAPHS and info.cell > _LONG
        return
    words = len((element.text or "").strip()) + sum(len((child.tail or "").strip()) for child in element)
    if name == "tr":
        info.rows += 1
        info.filled.append(0)
    elif name in ("td", "th"):
        info.cell = info.blocks = 0
    elif name in ("p", "div", "br", "li", "h1", "h2", "h3", "h4"):
        info.blocks += 1
    info.cell += words
    info.own += words


def _is_data(table: "_Element", seen: _Seen) -> bool:
    """At least two filled cells side by side somewhere, and neither articles nor other tables in the cells."""
    if (table.get("role") or "").lower() == "presentation" or max(seen.filled, default=0) < 2:
        return False
    if seen.nested > seen.own:
        return False
    rows = sum(count > 0 for count in seen.filled)
    return not (seen.prose and (rows == 1 or seen.prose > rows / 2))


@dataclass(slots=True)
class Cell:
    """A cell as the page writes it; `at` is where it stands when it is empty."""

    at: Place
    rows: int
    columns: int
    heads: bool
    lines: list[Passage] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table while it is read."""

    captions: list[Passage] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    cell: Cell | None = None
    in_head: bool = False
    named: int = 0
    """Rows of its thead."""
    after: list["Table"] = field(default_factory=list)
    """Tables that stand in its cells."""

    def grid(self, most: int) -> tuple[list[list[CellContent | None]], int]:
        """Rows as `grids.write` takes them, and how many of them the page marks as column names.

        Raises OverflowError beyond `most` places.
        """
        placed: list[dict[int, CellContent | None]] = [{} for _ in self.rows]
        width = area = 0
        for number, row in enumerate(self.rows):
            column = 0
            for cell in row:
                while column in placed[number]:
                    column += 1
                height = min(cell.rows or len(self.rows), len(self.rows) - number)
                width = max(width, column + cell.columns)
                area += height * cell.columns
                if max(width * len(self.rows), area) > most:
                    raise OverflowError
                for down in range(number, number + height):
                    for across in range(column, column + cell.columns):
                        placed[down].setdefault(across, None)
                content = join(cell.lines) if cell.lines else Passage("", ())
                placed[number][column] = CellContent(content, cell.at, height, cell.columns)
                column += cell.columns
        grid: list[list[CellContent | None]] = []
        for number, taken in enumerate(placed):
            at = next((cell.at for cell in self.rows[number]), (1, 0, None))
            grid.append([taken[c] if c in taken else CellContent(Passage("", ()), at) for c in range(width)])
        return grid, self.named or _headed(self.rows)


def _headed(rows: Sequence[Sequence[Cell]]) -> int:
    """Rows at the top that hold nothing but heading cells."""
    count = 0
    for row in rows:
        if not row or not all(cell.heads for cell in row):
            break
        count += 1
    return count if count < len(rows) else 0


def span(value: str | None) -> int:
    """A rowspan or colspan as browsers take it: 1 for nonsense; 0 rows means all that follow."""
    digits = (value or "").strip()
    return min(int(digits), _MOST_SPAN) if digits.isascii() and digits.isdigit() and len(digits) < 7 else 1
