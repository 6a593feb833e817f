"""One sheet as a person sees it: what each cell prints, what is merged, what is hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from reviewer.reading.xlsx.printed import print_number, print_text
from reviewer.reading.xlsx.workbook import SheetPart, Style, Workbook, is_true, local, printed_string

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_CELLS = 60_000
"""Filled cells of a workbook; forms hold some hundreds."""
MOST_CHARACTERS = 3_000_000
"""Of a sheet's cells."""
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_DEFAULT = Style()


@dataclass(frozen=True, slots=True)
class Printed:
    """A filled cell. `hidden` says that its own format prints nothing of `text`."""

    text: str
    indent: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """Rows and columns, from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class SheetCells:
    """The filled cells by row and column, and what a person should know of the others."""

    name: str
    cells: dict[int, dict[int, Printed]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    """Runs, first and last."""
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    uncached: list[str] = field(default_factory=list)
    """Addresses of formulas whose value the file does not hold."""
    unprinted: list[str] = field(default_factory=list)
    """Addresses whose number format is not understood."""


def address(row: int, column: int) -> str:
    """The name of a cell: B12."""
    return f"{letters(column)}{row}"


def letters(column: int) -> str:
    """The name of a column."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def read_sheet(book: Workbook, sheet: SheetPart, most: int = MOST_CELLS) -> SheetCells:
    """The cells of a sheet, `most` at most. Raises what `Package` raises, OversizedFile for more cells."""
    found = SheetCells(sheet.name)
    if sheet.part is None:
        return found
    reader = _Reader(book, found)
    filled = characters = 0
    for element in book.package.stream(sheet.part, "row", "col", "mergeCell"):
        kind = local(element)
        if kind == "row":
            taken = reader.row(element)
            filled += len(taken)
            characters += sum(len(cell.text) for cell in taken.values())
        elif kind == "col" and is_true(element.get("hidden")):
            found.hidden_columns.append((_number(element.get("min"), 1), _number(element.get("max"), MOST_COLUMNS)))
        elif kind == "mergeCell" and (area := _area(element.get("ref", ""))) is not None:
            found.merged.append(area)
        if filled > most or len(found.merged) > MOST_CELLS:
            raise book.package.oversized(f"its sheets hold more than {MOST_CELLS:,} filled or merged cells")
        if characters > MOST_CHARACTERS:
            raise book.package.oversized(f"a sheet holds more than {MOST_CHARACTERS:,} characters")
    return found


def _number(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 9 else otherwise


def _extend(runs: list[tuple[int, int]], number: int) -> None:
    if runs and runs[-1][1] + 1 == number:
        runs[-1] = runs[-1][0], number
    else:
        runs.append((number, number))


def _place(reference: str) -> tuple[int, int] | None:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    return (row, column) if row <= MOST_ROWS and column <= MOST_COLUMNS else None


def _area(reference: str) -> Area | None:
    first, _, last = reference.partition(":")
    one, other = _place(first), _place(last or first)
    if one is None or other is None:
        return None
    return Area(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))


class _Reader:
    """Rows and cells in the file's order; those that do not say where they stand follow the last."""

    def __init__(self, book: Workbook, found: SheetCells) -> None:
        self._book = book
        self._found = found
        self._last = 0

    def row(self, element: "_Element") -> dict[int, Printed]:
        """Take a row; its filled cells by column."""
        number = _number(element.get("r"), self._last + 1)
        if not 0 < number <= MOST_ROWS:
            return {}
        self._last = number
        if is_true(element.get("hidden")):
            _extend(self._found.hidden_rows, number)
        cells = self._found.cells.get(number, {})
        for column, cell in self._columns(element):
            if column <= MOST_COLUMNS and (printed := self._cell(cell, number, column)) is not None:
                cells[column] = printed
        if cells:
            self._found.cells[number] = cells
        return cells

    def _columns(self, row: "_Element") -> "Iterator[tuple[int, _Element]]":
        """The cells that hold something; many hold nothing but a format."""
        column, last = 0, ""
        for element in row:
            if not str(element.tag).endswith("}c"):
                continue
            reference = element.get("r", "")
            if reference and not len(element):
                last = reference
                continue
            before = _place(last)
            column = before[1] if before else column
            place = _place(reference)
            column, last = place[1] if place else column + 1, ""
            yield column, element

    def _cell(self, element: "_Element", row: int, column: int) -> Printed | None:
        value = formula = inline = None
        for child in element:
            match local(child):
                case "v":
                    value = child.text
                case "f":
                    formula = child
                case "is":
                    inline = printed_string(child)
        if value is None and inline is None:
            if formula is not None and element.get("t") != "str":
                self._found.uncached.append(address(row, column))
            return None
        styles = self._book.styles
        index = _number(element.get("s"), 0)
        style = styles[index] if index < len(styles) else _DEFAULT
        bare, text = self._printed(element.get("t", "n"), value or "", inline, style, address(row, column))
        if not bare.strip():
            return None
        return Printed(text, style.indent) if text.strip() else Printed(bare, style.indent, hidden=True)

    def _printed(self, kind: str, value: str, inline: str | None, style: Style, at: str) -> tuple[str, str]:
        """The value as words, and as its format prints it."""
        if kind == "b":
            return (shown := "TRUE" if is_true(value.strip()) else "FALSE"), shown
        if kind in ("e", "d"):
            return value, value
        if kind in ("s", "str", "inlineStr"):
            words = value if inline is None else inline
            if kind == "s":
                index = _number(value.strip(), len(self._book.strings))
                if index >= len(self._book.strings):
                    raise self._book.package.damaged(f"{at} names a string that is not there")
                words = self._book.strings[index]
            return words, print_text(words, style.code)
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return value, value
        printed = print_number(number, style.code, from_1904=self._book.from_1904)
        if not printed.known:
            self._found.unprinted.append(at)
        return value, printed.text.strip()
