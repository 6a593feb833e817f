"""A workbook: each table on its own sheet, its title and unit in the rows above, figures as numbers with a format."""

import io
import re
from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from eval.formats.content import Content, Grid, Paragraph
from eval.formats.packed import dateless

_NUMBER = re.compile(r"([1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d{0,11})(?:\.(\d{1,6}))?(%?)")
_NAME_LONGEST = 31
_NOT_IN_NAMES = re.compile(r"[\\/*?:\[\]：]")


def xlsx(content: Content) -> bytes:
    """The workbook; prose that is no line above a table has no place in it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, (above, grid) in enumerate(_sheets(content), 1):
        caption = next((line.text for line in reversed(above) if not line.is_title), "")
        name = _NOT_IN_NAMES.sub("", caption).strip()[: _NAME_LONGEST - 3]
        _fill(book.create_sheet(f"{number} {name}".strip()), above, grid)
    written = io.BytesIO()
    book.save(written)
    return dateless(written.getvalue())


def _sheets(content: Content) -> Iterator[tuple[list[Paragraph], Grid]]:
    above: list[Paragraph] = []
    for part in content.parts:
        if isinstance(part, Paragraph):
            above.append(part)
        else:
            yield above, part
            above = []


def _fill(sheet: Worksheet, above: list[Paragraph], grid: Grid) -> None:
    width = len(grid.rows[0])
    for number, line in enumerate(above, 1):
        sheet.cell(number, 1, line.text).alignment = Alignment(
            horizontal="right" if "单位" in line.text else "center", wrap_text=True
        )
        sheet.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
    top = len(above) + 1
    for number, row in enumerate(grid.rows):
        for column, words in enumerate(row, 1):
            if words:
                value, shape = _typed(words)
                cell = sheet.cell(top + number, column, value)
                cell.number_format = shape
    for (number, column), tall in grid.heights().items():
        at = top + number
        sheet.merge_cells(start_row=at, end_row=at + tall - 1, start_column=column + 1, end_column=column + 1)


def _typed(words: str) -> tuple[str | float | int, str]:
    """A cell's value and the number format that prints it as the report does."""
    match = _NUMBER.fullmatch(words)
    if match is None:
        return words, "@"
    whole, decimals, percent = match.groups()
    shape = ("#,##0" if "," in whole else "0") + (f".{'0' * len(decimals)}" if decimals else "") + percent
    plain = words.replace(",", "").removesuffix("%")
    if percent:
        return float(plain) / 100, shape
    return (float(plain), shape) if decimals else (int(plain), shape)
