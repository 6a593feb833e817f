"""What a report holds, whatever the file: paragraphs and tables, taken from a text fixture as it was read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reviewer.schema import Document

_UNIT = re.compile(r"[（(]?单位[：:][^）)。，；\s]{1,8}[）)]?")
_CAPTION_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words in one paragraph. `start` is where they begin in the text they were taken from."""

    text: str
    start: int
    heading: int | None = None
    """Level the fixture's own markup gives it."""
    bold: int = 0
    """How many characters at its start are bold."""
    is_title: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first `header_rows` rows name its columns."""

    rows: tuple[tuple[str, ...], ...]
    starts: tuple[tuple[int, ...], ...]
    """Where each cell begins in the text it was taken from."""
    header_rows: int

    def heights(self) -> dict[tuple[int, int], int]:
        """Rows taken by each cell that stands for blank ones below it, by (row, column).

        Text cannot merge cells: it leaves the level columns of a row blank where the level above still holds.
        """
        tall: dict[tuple[int, int], int] = {}
        owner: dict[int, int] = {}
        for number, row in enumerate(self.rows):
            if number < self.header_rows or row == self.rows[0]:
                owner.clear()
                continue
            for column in range(_leading_blanks(row), len(row)):
                owner[column] = number
            for column in range(_leading_blanks(row)):
                if column in owner:
                    at = (owner[column], column)
                    tall[at] = tall.get(at, 1) + 1
        return tall


@dataclass(frozen=True, slots=True)
class Content:
    """A report, or the part of one that a file can hold."""

    title: str
    parts: tuple[Paragraph | Grid, ...]


def content_of(document: Document) -> Content:
    """All that a document holds.

    A hard-wrapped file whose paragraphs are indented says itself where they begin: what a reader left apart in between
    is put together, so that a fault of reading does not become one of the file that is written.
    """
    tables = {table.id: table for table in document.tables}
    parts: list[Paragraph | Grid] = []
    titled = False
    columns = {block.start: document.locate(block.start)[1] for block in document.blocks if block.table is None}
    indented = document.format == "text" and 2 * sum(column > 0 for column in columns.values()) > len(columns)
    for block in document.blocks:
        if block.table is not None:
            table = tables[block.table]
            spans = [[cell.span for cell in row] for row in table.rows]
            rows = tuple(tuple(document.text[span.start : span.end] for span in row) for row in spans)
            starts = tuple(tuple(span.start for span in row) for row in spans)
            parts.append(Grid(rows, starts, table.header_rows))
            continue
        text = document.text[block.start : block.end]
        is_title = not titled and text == document.title
        titled = titled or is_title
        before = parts[-1] if parts else None
        if indented and not columns[block.start] and isinstance(before, Paragraph) and not before.is_title:
            parts[-1] = replace(before, text=before.text + text)
            continue
        bold = 0 if block.bold_end is None else block.bold_end - block.start
        parts.append(Paragraph(text, block.start, block.heading_level, bold, is_title))
    return Content(document.title or "", tuple(parts))


def tables_of(content: Content) -> Content:
    """The tables with the lines that belong to them: the report's title, their captions, their units."""
    parts: list[Paragraph | Grid] = []
    for index, part in enumerate(content.parts):
        if isinstance(part, Grid):
            above = content.parts[index - 1] if index else None
            parts.extend(_captions(above) if isinstance(above, Paragraph) else ())
            parts.append(part)
    titles = [part for part in content.parts if isinstance(part, Paragraph) and part.is_title]
    return Content(content.title, (*titles, *parts))


def spelled(content: Content) -> tuple[str, list[int]]:
    """The text of a content, and for each character where it stands in the text the content was taken from."""
    chars: list[str] = []
    offsets: list[int] = []
    for words, start in _stretches(content.parts):
        chars.extend((*words, "\n"))
        offsets.extend(range(start, start + len(words) + 1))
    return "".join(chars), offsets


def _stretches(parts: Sequence[Paragraph | Grid]) -> Iterator[tuple[str, int]]:
    for part in parts:
        if isinstance(part, Paragraph):
            yield part.text, part.start
        else:
            for row, starts in zip(part.rows, part.starts, strict=True):
                yield from zip(row, starts, strict=True)


def _captions(above: Paragraph) -> Iterator[Paragraph]:
    """A short line above a table; of a sentence that leads to it only the unit it states."""
    unit = _UNIT.search(above.text)
    if len(above.text) <= _CAPTION_LONGEST and "。" not in above.text:
        yield above
    elif unit is not None:
        yield Paragraph(unit.group(), above.start + unit.start())


def _leading_blanks(row: Sequence[str]) -> int:
    """Blank cells at the start of a row that has something further on."""
    return next((index for index, cell in enumerate(row) if cell), 0)
