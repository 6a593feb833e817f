"""A grid of cells, as a sheet or web page holds it, divided into what a reader sees: captions, tables, remarks.

A self-evaluation form is one grid with several tables in it: the project's data, its budget, the goals, the
indicators. A row of column names begins each of them; what is known of these words is data (`lexicon/tables.toml`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain, role_in
from reviewer.reading import words
from reviewer.reading.layout import CellContent, Passage, Writer
from reviewer.reading.tables import header_rows

_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}[ \t]*年?度?")
_WIDE = 20
"""Characters of a last row that make it a remark."""


@dataclass(frozen=True, slots=True)
class GridTable:
    """Rows as `Writer.table` takes them."""

    rows: tuple[tuple[CellContent | None, ...], ...]
    header_rows: int


@dataclass(frozen=True, slots=True)
class _Own:
    """A cell with words that begins in a row."""

    column: int
    content: CellContent
    words: str


def write(writer: Writer, rows: Sequence[Sequence[CellContent | None]], named: int | None = None) -> None:
    """Write a grid; arguments as `divide`."""
    for part in divide(rows, named):
        if isinstance(part, Passage):
            writer.paragraph(part)
        else:
            writer.table(part.rows, part.header_rows)


def divide(rows: Sequence[Sequence[CellContent | None]], named: int | None = None) -> list[Passage | GridTable]:
    """The parts of a grid. Every row has one entry for each column, None where a merged cell covers it.

    A row without words separates what stands above from what is headed anew below. `named` is the number of rows
    that the file itself marks as column names.
    """
    return _Grid(rows, named).parts()


def join(lines: Sequence[Passage]) -> Passage:
    """The paragraphs of one cell as one: a blank where one ends, nothing where a word or number was broken."""
    joined = lines[0]
    for line in lines[1:]:
        joined = joined.joined(line, words.glue_in_cell(joined.chars, line.chars))
    return joined


@cache
def _kinds() -> tuple[tuple[str, str], ...]:
    entries = [*load("tables")["form"]["header"], *load("tables")["column"]]
    return tuple((word, entry["holds"]) for entry in entries for word in entry["words"])


def _kind(label: str) -> str | None:
    """What the column below a label holds, if the label is a column's name."""
    bare = plain(_YEAR.sub("", _BRACKETED.sub("", label)))
    if not bare or len(bare) > load("tables")["form"]["longest_header"] or re.search(r"[0-9０-９]", bare):
        return None
    return next((holds for word, holds in _kinds() if word in bare), None) or role_in(bare)


def _is_label(label: str) -> bool:
    return plain(_BRACKETED.sub("", label)).rstrip("：:") in load("tables")["form"]["labels"]


class _Grid:
    def __init__(self, rows: Sequence[Sequence[CellContent | None]], named: int | None) -> None:
        self.rows = rows
        self.named = named or 0
        self.owner = _owners(rows)
        self.own = [
            [
                _Own(column, content, content.passage.chars)
                for column, content in enumerate(row)
                if content is not None and content.passage.chars.strip()
            ]
            for row in rows
        ]

    def parts(self) -> list[Passage | GridTable]:
        parts: list[Passage | GridTable] = []
        for start, end in self._segments():
            parts += self._segment([row for row in range(start, end) if not self._blank(row)])
        return parts

    def _blank(self, row: int) -> bool:
        """Without words of its own, and not below a merged cell with words."""
        return not self.own[row] and not self._carried(row)

    def _carried(self, row: int) -> bool:
        """Whether a merged cell with words reaches down into the row."""
        return any(at[0] < row and self._words(at) for at in self.owner[row])

    def _words(self, at: tuple[int, int]) -> str:
        content = self.rows[at[0]][at[1]]
        return content.passage.chars.strip() if content is not None else ""

    def _segments(self) -> Iterator[tuple[int, int]]:
        """Rows that may hold one table each, with the captions above it."""
        starts = [0]
        header: list[str] = []
        below = 0
        for row, own in enumerate(self.own):
            gap = row > 0 and self._blank(row - 1)
            texts = [cell.words for cell in own]
            if row < self.named:
                header, below = texts, row + 1
            elif row >= below and self._is_header(row):
                if texts != header or gap:
                    starts.append(self._with_captions(row, starts[-1]))
                header, below = texts, row + self._depth(row)
            elif gap and own and (self._is_line(row) or self._heads_anew(texts)):
                starts.append(row)
                header = []
        starts = sorted(set(starts))
        yield from zip(starts, [*starts[1:], len(self.rows)], strict=True)

    def _with_captions(self, row: int, least: int) -> int:
        """Where a table's captions begin."""
        while row - 1 >= least and (self._is_line(row - 1) or self._is_caption(row - 1)):
            row -= 1
        return row

    def _heads_anew(self, texts: Sequence[str]) -> bool:
        return len(texts) > 1 and not any(re.search(r"[0-9０-９]", text) for text in texts)

    def _is_header(self, row: int) -> bool:
        own = self.own[row]
        if len(own) < 2 or row + 1 == len(self.rows):
            return False
        kinds = [kind for cell in own if (kind := _kind(cell.words)) is not None]
        values = set(kinds) & set(load("tables")["form"]["values"])
        numbers = any(words.number_only(cell.words) for cell in own)
        return bool(values) and len(set(kinds)) > 1 and 2 * len(kinds) >= len(own) and not numbers

    def _is_line(self, row: int) -> bool:
        """One cell with words and nothing beside it, that is no column's name."""
        own = self.own[row]
        if len(own) != 1 or self._carried(row) or self._names_a_column(row):
            return False
        return not any(self.own[below] for below in range(row + 1, min(row + own[0].content.rows, len(self.rows))))

    def _names_a_column(self, row: int) -> bool:
        """A short word above a column of figures, the corner to its left empty: 「　｜得分」."""
        cell = self.own[row][0]
        if row + 1 == len(self.rows) or cell.column == 0 or cell.content.columns > 1 or self._is_caption(row):
            return False
        below = self.own[row + 1]
        beside = len(below) > 1 and below[0].column < cell.column
        return beside and any(own.column == cell.column and words.number_only(own.words) for own in below)

    def _is_caption(self, row: int) -> bool:
        """Cells that hold a label and its value each: 「填报单位：某局」 「单位：万元」."""
        own = self.own[row]
        told = [re.search(r"[：:][ \t]*\S", cell.words) is not None and len(cell.words) <= 40 for cell in own]
        return bool(own) and not self._carried(row) and 2 * sum(told) > len(own)

    def _segment(self, rows: list[int]) -> Iterator[Passage | GridTable]:
        first, last = 0, len(rows)
        while first < last and (self._is_line(rows[first]) or self._is_caption(rows[first])):
            first += 1
        while last > first and self._is_remark(rows[last - 1], rows[first:last]):
            last -= 1
        inside = rows[first:last]
        if not any(len(self.own[row]) > 1 for row in inside):
            first, last, inside = 0, len(rows), []
            yield from self._paragraphs(rows)
            return
        yield from self._paragraphs(rows[:first])
        yield self._table(inside)
        yield from self._paragraphs(rows[last:])

    def _paragraphs(self, rows: Sequence[int]) -> Iterator[Passage]:
        for row in rows:
            yield from (cell.content.passage for cell in self.own[row])

    def _is_remark(self, row: int, rows: Sequence[int]) -> bool:
        """A last row that is none of the table: a note, a signature."""
        if self._is_caption(row):
            return True
        if not self._is_line(row):
            return False
        cell = self.own[row][0]
        width = len({own.column for at in rows for own in self.own[at]})
        spans = 2 * cell.content.columns >= len(self.rows[row]) and width > 2
        opens = plain(cell.words).startswith(tuple(load("tables")["form"]["notes"]))
        alone = row > 0 and self._blank(row - 1)
        return spans or opens or alone or len(cell.words) > _WIDE

    def _table(self, rows: Sequence[int]) -> GridTable:
        """The rows without the columns that hold no words in them; merged cells shrink accordingly."""
        columns = sorted({cell.column for row in rows for cell in self.own[row]})
        seen: set[tuple[int, int]] = set()
        table: list[tuple[CellContent | None, ...]] = []
        heights, widths = _counts(self.owner, rows, columns)
        for row in rows:
            line: list[CellContent | None] = []
            for column in columns:
                at = self.owner[row][column]
                if at in seen:
                    line.append(None)
                    continue
                seen.add(at)
                content = self.rows[at[0]][at[1]]
                if content is None or at[0] < rows[0]:
                    content = CellContent(Passage("", ()), self._place(row))
                line.append(replace(content, rows=len(heights[at]), columns=len(widths[at])))
            table.append(tuple(line))
        return GridTable(tuple(table), self._header_rows(rows))

    def _place(self, row: int) -> tuple[int, int, int | None]:
        return next((content.at for content in self.rows[row] if content is not None), (1, 0, None))

    def _header_rows(self, rows: Sequence[int]) -> int:
        if self.named and rows[0] < self.named:
            return sum(row < self.named for row in rows)
        texts = [cell.words for cell in self.own[rows[0]]]
        if self._is_header(rows[0]):
            return min(self._depth(rows[0]), len(rows) - 1)
        if len(rows) == 1 or self._is_form(rows) or not header_rows(texts, ruled=False):
            return 0
        return min(self._depth(rows[0]), len(rows) - 1)

    def _is_form(self, rows: Sequence[int]) -> bool:
        """Labels beside their values: 「项目名称 | … | 主管部门 | …」."""
        texts = [[cell.words for cell in self.own[row]] for row in rows]
        first = sum(bool(row) and _is_label(row[0]) for row in texts)
        beside = [_is_label(text) for text in texts[0]]
        return first > 1 or (len(beside) > 2 and beside[0] and not beside[1] and beside[2])

    def _depth(self, row: int) -> int:
        """Rows of column names from this one on: a second where it divides a merged name of the first."""
        if row + 2 >= len(self.rows) or not any(cell.content.columns > 1 for cell in self.own[row]):
            return 1
        below = self.own[row + 1]
        words_only = below and not any(re.search(r"[0-9０-９]", _YEAR.sub("", cell.words)) for cell in below)
        divides = any(
            sum(cell.column <= other.column < cell.column + cell.content.columns for other in below) > 1
            for cell in self.own[row]
        )
        return 2 if words_only and divides else 1


def _owners(rows: Sequence[Sequence[CellContent | None]]) -> list[list[tuple[int, int]]]:
    """For every place the row and column of the cell that covers it; a place nothing covers is its own."""
    owner: list[list[tuple[int, int] | None]] = [[None] * len(row) for row in rows]
    for at_row, row in enumerate(rows):
        for at_column, content in enumerate(row):
            if content is None or owner[at_row][at_column] is not None:
                continue
            for other in range(at_row, min(at_row + content.rows, len(rows))):
                for column in range(at_column, min(at_column + content.columns, len(rows[other]))):
                    if owner[other][column] is None and (
                        (other == at_row and column == at_column) or rows[other][column] is None
                    ):
                        owner[other][column] = (at_row, at_column)
    return [[at or (number, column) for column, at in enumerate(row)] for number, row in enumerate(owner)]


def _counts(
    owner: Sequence[Sequence[tuple[int, int]]], rows: Sequence[int], columns: Sequence[int]
) -> tuple[dict[tuple[int, int], set[int]], dict[tuple[int, int], set[int]]]:
    """Which of these rows and columns each cell takes."""
    heights: dict[tuple[int, int], set[int]] = {}
    widths: dict[tuple[int, int], set[int]] = {}
    for row in rows:
        for column in columns:
            heights.setdefault(owner[row][column], set()).add(row)
            widths.setdefault(owner[row][column], set()).add(column)
    return heights, widths
