"""A table with the words of its headers and the names of its rows."""

import re
from dataclasses import dataclass
from functools import cache

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain, role_in
from reviewer.lexicon.numbering import marker_at
from reviewer.schema import Cell, Document, Quantity, Source, Table


@cache
def _column_words() -> tuple[tuple[str, str], ...]:
    return tuple((word, entry["holds"]) for entry in load("tables")["column"] for word in entry["words"])


def _holds(header: str) -> str | None:
    words = plain(header)
    return next((holds for word, holds in _column_words() if word in words), None)


@dataclass(slots=True)
class Grid:
    """A table with the words of its headers and the labels of its rows."""

    document: Document
    table: Table
    headers: list[str]
    holds: list[str | None]
    names_items: bool = True
    """Whether a header says which column names the indicators; else the labels before the marks are taken for names."""

    @classmethod
    def of(cls, document: Document, table: Table) -> "Grid":
        width = max((len(row) for row in table.rows), default=0)
        headers = [""] * width
        for row in table.rows[: table.header_rows]:
            for cell in row:
                holder = table.holder(cell)
                # A name merged over several columns is that of each; one merged downwards is told already.
                words = holder.span if holder is not None and holder.row == cell.row else cell.span
                headers[cell.column] += document.text[words.start : words.end]
        holds = [_holds(header) for header in headers]
        named = "name" in holds
        if not named and {"score", "full_mark"} <= set(holds) and not any(role_in(plain(h)) for h in headers):
            holds = _with_names(headers, holds)
        return cls(document, table, headers, holds, named)

    def text(self, cell: Cell) -> str:
        return self.document.text[cell.span.start : cell.span.end]

    def header(self, cell: Cell) -> str:
        """The words of a cell's column header; empty beyond the header's width."""
        return self.headers[cell.column] if cell.column < len(self.headers) else ""

    def kind(self, cell: Cell) -> str | None:
        """What a cell's column holds, where its header tells."""
        return self.holds[cell.column] if cell.column < len(self.holds) else None

    @property
    def is_indicators(self) -> bool:
        return "name" in self.holds and any(kind in self.holds for kind in ("target_value", "actual_value", "score"))

    @property
    def is_budget(self) -> bool:
        """Whether its rows are amounts, though they may be scored."""
        return not self.is_indicators and any(role_in(plain(header)) for header in self.headers)

    def cell(self, row: tuple[Cell, ...], holds: str) -> Cell | None:
        """The row's last cell under a header of this kind."""
        found = [cell for cell in row if self.kind(cell) == holds]
        if holds == "score" and len(found) > 1:  # 自评得分 beside 复核得分: the unit's own comes first
            own = [cell for cell in found if "自评" in self.headers[cell.column]]
            return (own or found)[0]
        return found[-1] if found else None


def _with_names(headers: list[str], holds: list[str | None]) -> list[str | None]:
    """The kinds of columns with the labels nearest before the marks as names, in a table of scores."""
    marks = min(holds.index("full_mark"), holds.index("score"))
    words = [c for c in range(marks) if holds[c] in (None, "level") and not is_serial(headers[c])]
    return [*holds[: words[-1]], "name", *holds[words[-1] + 1 :]] if words else holds


def is_serial(header: str) -> bool:
    """Whether a column only numbers its rows."""
    return plain(header) in load("tables")["serial"]


def numbering(words: str) -> tuple[str, str]:
    """(style, number) that a label opens with, 一、 or （一） or 1.1; both empty where it has none."""
    if match := re.match(r"\d+(?:[.．]\d+)+", words):
        return "decimal", match.group()
    marker = marker_at(words)
    if marker is not None:
        return marker.style, words[: marker.end]
    return ("digits", words) if words.isdigit() else ("", "")


def whole_cell(source: Source, cell: Cell) -> Quantity | None:
    """The quantity that is all a cell holds, up to brackets and comparison signs."""
    found = source.within(cell.span.document, cell.span.start, cell.span.end)
    if len(found) != 1:
        return None
    text = source.text(cell.span)
    rest = text.replace(found[0].text, "", 1).strip(" ()（）≥≤><=＝不低于高超过少多以上下及含约")
    return found[0] if not rest else None


def row_name(grid: Grid, row: tuple[Cell, ...]) -> str:
    """What a row is about: its indicator's name, else its first words."""
    named = grid.cell(row, "name")
    if named is not None and re.search(r"[^\W\d]", grid.text(named)):
        return plain(grid.text(named))
    return next((plain(text) for cell in row if (text := grid.text(cell)) and not text[0].isdigit()), "")


def is_total(words: str) -> bool:
    """Whether a label (plain) is that of a row or column that adds up others: 合计, 本年支出合计, 总分（100分）."""
    return re.fullmatch(load("tables")["total"], words) is not None


def is_subtotal(words: str) -> bool:
    """Whether a total (plain) is only of the rows since the one before."""
    return any(word in words for word in load("tables")["subtotals"])


def is_indicator_row(grid: Grid, row: tuple[Cell, ...]) -> bool:
    """Whether a row of an indicator table is about one indicator: no total, no header printed again."""
    named = grid.cell(row, "name")
    if not grid.is_indicators or named is None:
        return False
    words = plain(grid.text(named))
    repeated = all(grid.text(cell) == grid.headers[cell.column] for cell in row)
    totals = any(is_total(plain(grid.text(cell))) for cell in row)
    return bool(re.search(r"[^\W\d]", words)) and not repeated and not totals
