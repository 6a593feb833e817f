"""What a file says, before anything is understood: its text, its layout, its headings and sentences.

All offsets count Unicode code points of `Document.text`; `end` is exclusive. Lines and pages count from 1.
"""

from bisect import bisect_right
from enum import StrEnum
from functools import cached_property
from typing import Literal

from reviewer.schema.base import Model


class DocumentKind(StrEnum):
    """Which of the field's reports this is; required parts and scoring rules differ by kind."""

    DEPARTMENT_OVERALL = "department_overall"
    """部门整体支出绩效自评报告"""
    PROJECT = "project"
    """项目支出绩效自评报告"""
    EVALUATION = "evaluation"
    """绩效评价报告 (by or for the finance side)"""
    UNKNOWN = "unknown"


class Span(Model):
    """An exact stretch of one document's text, and where a person finds it in the file."""

    document: str
    start: int
    end: int
    line: int
    page: int | None = None
    table: str | None = None
    row: int | None = None
    """Row of the table, from 0, header rows included."""
    column: int | None = None


class LineRun(Model):
    """From `start` on, the text is a verbatim copy of the file's line `line`, beginning at its column `column`.

    A run ends where the next begins. Characters the reader inserted (the tab between two cells, the line feed between
    two blocks) belong to the run before them.
    """

    start: int
    line: int
    column: int
    """Code points from the start of the line in the file, from 0."""
    page: int | None = None


class Omission(Model):
    """Something of the file that is not in the text, on purpose: a page number, Markdown marks."""

    text: str
    line: int
    column: int
    reason: Literal["page_number", "markup", "table_rule"]


class Block(Model):
    """A paragraph (one line of the text, hard wraps joined) or a table."""

    start: int
    end: int
    kind: Literal["paragraph", "table"]
    heading_level: int | None = None
    """Level the file's own markup gives it as a heading (Markdown #, a word processor's style), from 1."""
    bold_end: int | None = None
    """End of the bold words the block opens with; equal to `end` when all of it is bold."""
    table: str | None = None


class Cell(Model):
    """One cell; an empty cell has an empty span."""

    row: int
    column: int
    span: Span


class Table(Model):
    """Rows of cells. `header_rows` rows at the top name the columns."""

    id: str
    start: int
    end: int
    header_rows: int
    rows: tuple[tuple[Cell, ...], ...]


class Document(Model):
    """One file as read. `text` is what every offset in the review indexes."""

    id: str
    path: str
    sha256: str
    format: Literal["text", "markdown"]
    encoding: str
    title: str | None
    unit: str | None
    """The government unit that reports, as the title or the cover names it."""
    year: int | None
    """The year that is evaluated."""
    kind: DocumentKind
    pages: int | None
    characters: int
    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    lines: tuple[LineRun, ...]
    omitted: tuple[Omission, ...]

    @cached_property
    def _run_starts(self) -> list[int]:
        return [run.start for run in self.lines]

    def locate(self, offset: int) -> tuple[int, int, int | None]:
        """(line, column, page) in the file of the character at `offset`."""
        run = self.lines[max(0, bisect_right(self._run_starts, offset) - 1)]
        return run.line, run.column + offset - run.start, run.page

    def span(
        self,
        start: int,
        end: int,
        *,
        table: str | None = None,
        row: int | None = None,
        column: int | None = None,
    ) -> Span:
        """The span [start, end) of this document, with the line and page of its first character.

        A caller that does not know the table cell gets it looked up.
        """
        if table is None and (cell := self.cell_at(start)) is not None:
            table, row, column = cell.span.table, cell.row, cell.column
        line, _, page = self.locate(start)
        return Span(document=self.id, start=start, end=end, line=line, page=page, table=table, row=row, column=column)

    @cached_property
    def _cells(self) -> tuple[list[int], list[Cell]]:
        cells = [cell for table in self.tables for row in table.rows for cell in row]
        return [cell.span.start for cell in cells], cells

    def cell_at(self, offset: int) -> Cell | None:
        """The table cell that holds the character at `offset`, if any."""
        starts, cells = self._cells
        index = bisect_right(starts, offset) - 1
        if index < 0 or not cells[index].span.start <= offset < cells[index].span.end:
            return None
        return cells[index]


class SectionStatus(StrEnum):
    """How the reading of a section by a model ended; offline readings are always ok."""

    OK = "ok"
    FAILED = "failed"
    TRUNCATED = "truncated"
    REFUSED = "refused"
    SKIPPED = "skipped"


class Section(Model):
    """A heading up to the next heading of any level. Sections partition the text: none overlaps, none is left out."""

    id: str
    number: str | None
    """The heading's number as printed, at the very start of the section: （一）, 1., 第一部分."""
    title: str
    """The heading's words; empty for text before the first heading."""
    level: int
    """Depth in the outline, from 1; 0 for text before the first heading."""
    parent: str | None
    body: int
    """Offset where the heading ends and the section's own text begins."""
    span: Span
    status: SectionStatus = SectionStatus.OK
    reason: str | None = None


class Sentence(Model):
    """A sentence of prose (up to 。！？；), or one row of a table."""

    id: str
    section: str
    span: Span
