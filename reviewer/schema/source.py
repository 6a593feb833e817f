"""What a file says, before anything is understood: its text, its layout, its headings and sentences.

All offsets count Unicode code points of `Document.text`; `end` is exclusive. Lines and pages count from 1.
"""

from bisect import bisect_right
from decimal import Decimal
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
    ACCOUNTS = "accounts"
    """部门决算 or 部门预算 tables, as a dossier holds them beside the report"""
    UNKNOWN = "unknown"


DocumentFormat = Literal["text", "markdown", "docx", "pdf", "xlsx", "html", "image"]
OmissionReason = Literal[
    "page_number", "markup", "table_rule", "header", "footer", "hidden", "repeated_header", "watermark", "illegible"
]


NoticeKind = Literal[
    "converted",
    "tracked_changes",
    "comments",
    "hidden_sheet",
    "hidden_rows",
    "hidden_columns",
    "hidden_text",
    "no_cached_value",
    "unknown_number_format",
    "pages_without_text",
    "pages_recognised",
    "external_ignored",
    "macros_ignored",
    "pictures_ignored",
    "unmapped_characters",
    "radicals_mapped",
]


class Span(Model):
    """An exact stretch of one document's text, and where a person finds it in the file."""

    document: str
    start: int
    end: int
    line: int
    """What is counted depends on the format, see `LineRun`."""
    page: int | None = None
    """Page of a PDF or of text with page breaks; sheet of a workbook."""
    table: str | None = None
    row: int | None = None
    """Row of the table, from 0, header rows included."""
    column: int | None = None


class LineRun(Model):
    """From `start` on, the text is a verbatim copy of the file's line `line`, beginning at its column `column`.

    A run ends where the next begins. Characters the reader inserted (the tab between two cells, the line feed between
    two blocks, a list number that a word processor prints but does not store) belong to the run before them.

    A line is a line of a text file; a paragraph of a Word document or web page, counted from the start, table cells'
    included; a line of a PDF's page, counted from its top; a row of a workbook's sheet.
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
    reason: OmissionReason
    page: int | None = None


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
    """One cell; an empty cell has an empty span.

    A merged cell stands at its first row and column; the places it covers hold empty cells, `covered`.
    """

    row: int
    column: int
    span: Span
    rows: int = 1
    columns: int = 1
    covered: bool = False
    address: str | None = None
    """The name a spreadsheet gives it: B12."""


class Table(Model):
    """Rows of cells. `header_rows` rows at the top name the columns."""

    id: str
    start: int
    end: int
    header_rows: int
    rows: tuple[tuple[Cell, ...], ...]

    def holder(self, cell: Cell) -> Cell | None:
        """The merged cell that covers the place of an empty one."""
        return self._holders.get((cell.row, cell.column)) if cell.covered else None

    @cached_property
    def _holders(self) -> dict[tuple[int, int], Cell]:
        return {
            (row, column): cell
            for line in self.rows
            for cell in line
            if cell.rows > 1 or cell.columns > 1
            for row in range(cell.row, cell.row + cell.rows)
            for column in range(cell.column, cell.column + cell.columns)
        }


class Sheet(Model):
    """A sheet of a workbook, in its order."""

    name: str
    hidden: bool = False


class Recognised(Model):
    """A stretch of text that was recognised in a picture.

    Its confidence is the recogniser's own, 0 to 1: a number's of its least sure character, other words' on average; 0
    where it is not stated (the text that a scanner put under its picture).
    """

    start: int
    end: int
    confidence: Decimal


class Notice(Model):
    """Something a person should know about how a file was read."""

    kind: NoticeKind
    count: int = 1
    """How many there are."""
    pages: tuple[int, ...] = ()
    """Pages or sheets concerned, from 1."""
    detail: str = ""
    """What it is about, in the file's own terms: sheet and rows, an ending, a link."""


_HEAD = 600
"""Characters at the head of a document, where a form says whose it is."""


class Document(Model):
    """One file as read. `text` is what every offset in the review indexes."""

    id: str
    path: str
    sha256: str
    format: DocumentFormat
    encoding: str | None
    """Of a text file or web page; null for formats that say it themselves."""
    title: str | None
    unit: str | None
    """The government unit that reports, as the title or the cover names it."""
    year: int | None
    """The year that is evaluated."""
    kind: DocumentKind
    project: str | None = None
    """The project a project's report or form is about, as its title or a field names it."""
    pages: int | None
    characters: int
    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    lines: tuple[LineRun, ...]
    omitted: tuple[Omission, ...]
    sheets: tuple[Sheet, ...] = ()
    """Of a workbook."""
    recognised: tuple[Recognised, ...] = ()
    """What was read from pictures, in order of the text; no two overlap."""
    notices: tuple[Notice, ...] = ()

    def names(self, unit: str | None) -> bool:
        """Whether it may be of this unit: it says nothing else, or names it at its head (主管部门)."""
        if unit is None or self.unit is None:
            return True
        one, other = ("".join(name.split()) for name in (unit, self.unit))
        return one in other or other in one or one in "".join(self.text[:_HEAD].split())

    @cached_property
    def _run_starts(self) -> list[int]:
        return [run.start for run in self.lines]

    def locate(self, offset: int) -> tuple[int, int, int | None]:
        """(line, column, page) in the file of the character at `offset`."""
        run = self.lines[max(0, bisect_right(self._run_starts, offset) - 1)]
        return run.line, run.column + offset - run.start, run.page

    @cached_property
    def _recognised_ends(self) -> list[int]:
        return [stretch.end for stretch in self.recognised]

    def confidence(self, start: int, end: int) -> Decimal | None:
        """How sure the recogniser was of the characters [start, end), at its least; None if no picture held them."""
        found: list[Decimal] = []
        for index in range(bisect_right(self._recognised_ends, start), len(self.recognised)):
            stretch = self.recognised[index]
            if stretch.start >= end:
                break
            found.append(stretch.confidence)
        return min(found, default=None)

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
