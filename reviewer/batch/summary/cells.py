"""Values into cells of a spreadsheet: a text stays that text, whatever it looks like; a number is a number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

__all__ = ["Column", "Sheets", "Value", "link", "text_of"]

Value = str | int | float | Decimal | None

ROWS = 1_048_576
_CHARACTERS = 32_767
_LINKS = 65_530
"""Links a sheet may have; in a sheet with more, Excel drops them all."""
_LINE = 16
"""Points of a line of text."""
_TALLEST = 20
"""Lines of the tallest row; Excel has room for 25."""
_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FORMULA = tuple("=+-@\t")
_FORMATS = {"text": "General", "plain": "0", "number": "#,##0", "seconds": "0.0", "price": "0.0000", "link": "General"}


@dataclass(frozen=True)
class Column:
    """A column of a sheet; its heading is in the texts under `name`."""

    name: str
    width: int
    kind: Literal["text", "plain", "number", "seconds", "price", "link"] = "text"


def text_of(value: str) -> str:
    """The text without characters that XML 1.0 or Excel forbids, cut where a cell ends (counted in UTF-16)."""
    text = _FORBIDDEN.sub("", value.replace("\r\n", "\n"))
    if len(text) * 2 <= _CHARACTERS or len(encoded := text.encode("utf-16-le")) <= _CHARACTERS * 2:
        return text
    return encoded[: (_CHARACTERS - 1) * 2].decode("utf-16-le", errors="ignore") + "…"


def link(path: str) -> str:
    """A path relative to the workbook as a link's target; Chinese stays legible, as Excel itself writes it."""
    return re.sub("[\x00-\x7f]+", lambda ascii_run: quote(ascii_run[0]), path)


class Sheets:
    """One table that goes on to a further sheet where a sheet is full.

    `limit` is the number of rows of a sheet, its heading included.
    """

    def __init__(
        self, book: Workbook, title: str, columns: Sequence[Column], headings: Sequence[str], limit: int = ROWS
    ) -> None:
        self._book, self._title, self._columns, self._headings = book, title, columns, headings
        self._limit, self._number = limit, 0
        self._begin()

    def append(self, *values: Value) -> None:
        """A row, one value per column. ValueError for a row of another length."""
        if self._rows == self._limit:
            self.end()
            self._begin()
        for cell, value in zip(self._cells, values, strict=True):
            _fill(cell, value)
        for cell in self._linked:
            self._link(cell)
        self._rows += 1
        heights = self._sheet.row_dimensions
        heights[self._rows].height = self._height()
        self._sheet.append(self._cells)
        # Written with the row; kept, they would grow with the sheet.
        del heights[self._rows]

    def end(self) -> None:
        """Nothing more is added to this sheet."""
        last = get_column_letter(len(self._columns))
        self._sheet.auto_filter.ref = f"A1:{last}{self._rows}"

    def _height(self) -> float:
        """Points that the wrapped texts of the row take: not every program fits rows to their texts on opening."""
        texts = (
            (c.value, column.width) for c, column in zip(self._cells, self._columns, strict=True) if _wraps(column)
        )
        lines = max((_lines(text, width) for text, width in texts if isinstance(text, str)), default=1)
        return _LINE * min(lines, _TALLEST)

    def _begin(self) -> None:
        self._number += 1
        title = self._title if self._number == 1 else f"{self._title} ({self._number})"
        place = None if self._number == 1 else self._book.index(self._sheet) + 1
        # Any: the library's types do not know what a sheet that is only written has.
        self._sheet: Any = self._book.create_sheet(title, place)
        self._rows, self._links = 1, 0
        self._sheet.freeze_panes = "A2"
        self._sheet.print_title_rows = "1:1"
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.page_setup.fitToHeight = 0
        self._sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for number, column in enumerate(self._columns, start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = column.width
        self._sheet.append([self._heading(heading) for heading in self._headings])
        # A row is written as it is appended, so one cell with its style serves a whole column.
        self._cells = [self._cell(column) for column in self._columns]
        self._linked = [c for c, column in zip(self._cells, self._columns, strict=True) if column.kind == "link"]

    def _heading(self, text: str) -> Cell:
        cell = WriteOnlyCell(self._sheet, text)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="34495E")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        return cell

    def _cell(self, column: Column) -> Cell:
        cell = WriteOnlyCell(self._sheet)
        cell.alignment = Alignment(vertical="top", wrap_text=_wraps(column))
        cell.number_format = _FORMATS[column.kind]
        if column.kind == "link":
            cell.font = Font(color="0563C1", underline="single")
        return cell

    def _link(self, cell: Cell) -> None:
        cell.hyperlink = None
        if isinstance(cell.value, str) and self._links < _LINKS:
            self._links += 1
            cell.hyperlink = Hyperlink(ref="", target=link(cell.value))


def _wraps(column: Column) -> bool:
    return column.kind == "text"


def _lines(text: str, width: int) -> int:
    """Lines a text takes in a column; in GBK a Chinese character has two bytes, and on paper two columns."""
    return sum(1 + len(line.encode("gbk", "replace")) // width for line in text.split("\n"))


def _fill(cell: Cell, value: Value) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    text = text_of(value)
    cell.value = text
    # "=1+1" came from a report: text, even after somebody has stepped into the cell and out of it again.
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA)
