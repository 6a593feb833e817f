"""What every reader makes of its file, and the one place where it is written down.

A reader says what the file shows, paragraph by paragraph and cell by cell, with the place of every character. The
writer joins it to the one text that all offsets index: a paragraph or a row of a table is a line, cells are
separated by tabs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.reading.builder import Builder, Place, write_filtered
from reviewer.reading.pieces import trim
from reviewer.schema.source import (
    Block,
    Cell,
    DocumentFormat,
    LineRun,
    Notice,
    Omission,
    OmissionReason,
    Recognised,
    Sheet,
    Span,
    Table,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file holds; the fields are those of Document."""

    format: DocumentFormat
    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    lines: tuple[LineRun, ...]
    omitted: tuple[Omission, ...]
    pages: int | None
    sheets: tuple[Sheet, ...] = ()
    recognised: tuple[Recognised, ...] = ()
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """Characters in reading order, and where each stands in the file; None for one the reader inserted.

    No line feed and no tab: the text uses them between paragraphs and cells. `dropped` are indexes of markup, which
    goes to the omissions.
    """

    chars: str
    places: Sequence[Place | None]
    dropped: frozenset[int] = frozenset()

    @classmethod
    def straight(cls, chars: str, line: int, column: int = 0, page: int | None = None) -> "Passage":
        """A stretch of one line of the file, as it stands there."""
        return cls(chars, [(line, column + index, page) for index in range(len(chars))])

    def joined(self, other: "Passage", between: str = "") -> "Passage":
        """This passage, inserted characters, and another; neither holds markup."""
        return Passage(self.chars + between + other.chars, [*self.places, *[None] * len(between), *other.places])

    def trimmed(self) -> "Passage":
        """Without blanks at its ends; it holds no markup."""
        start, end = trim(self.chars)
        return Passage(self.chars[start:end], self.places[start:end])


@dataclass(frozen=True, slots=True)
class CellContent:
    """A cell of a table and how many rows and columns it takes. `at` is where an empty one stands."""

    passage: Passage
    at: Place
    rows: int = 1
    columns: int = 1
    address: str | None = None
    """The name a spreadsheet gives it: B12."""


@dataclass(slots=True)
class Writer:
    """Blocks and tables, as the text grows."""

    document: str
    """Id of the document."""
    builder: Builder = field(default_factory=Builder)
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    def paragraph(self, passage: Passage, *, heading: int | None = None, bold: int = 0) -> None:
        """A paragraph; nothing if all of it is blank or markup.

        `heading` is the level the file's own markup gives it; `bold` the index in the passage where the bold
        characters it opens with end.
        """
        chars, places, dropped = passage.chars, passage.places, passage.dropped
        kept = [index for index in range(len(chars)) if index not in dropped]
        start, end = trim("".join(chars[index] for index in kept))
        for index in sorted(dropped):
            outside = start == end or not kept[start] <= index <= kept[end - 1]
            if outside and (place := places[index]) is not None:
                self.omit(chars[index], place, "markup")
        if start == end:
            return
        first, last = kept[start], kept[end - 1] + 1
        self._separate()
        at = len(self.builder)
        inner = frozenset(index - first for index in dropped if first <= index < last)
        write_filtered(self.builder, chars[first:last], places[first:last], inner)
        bold_end = None
        if bold:
            inside = "".join(chars[index] for index in kept if first <= index < bold)
            bold_end = at + trim(inside)[1]
        self.blocks.append(
            Block(start=at, end=len(self.builder), kind="paragraph", heading_level=heading, bold_end=bold_end)
        )

    def table(self, rows: Sequence[Sequence[CellContent | None]], header_rows: int) -> None:
        """A table. Every row has one entry for each column; None where a merged cell above or before covers it."""
        self._separate()
        at = len(self.builder)
        name = f"{self.document}t{len(self.tables) + 1}"
        written: list[tuple[Cell, ...]] = []
        for number, row in enumerate(rows):
            if number:
                self.builder.insert("\n")
            written.append(self._row(row, number, name))
        end = len(self.builder)
        self.tables.append(Table(id=name, start=at, end=end, header_rows=header_rows, rows=tuple(written)))
        self.blocks.append(Block(start=at, end=end, kind="table", table=name))

    def omit(self, chars: str, place: Place, reason: OmissionReason) -> None:
        """Note something of the file that is left out of the text on purpose; `place` is where it begins."""
        line, column, page = place
        self.builder.omit(chars, line, column, reason, page)

    def _row(self, row: Sequence[CellContent | None], number: int, name: str) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        at: Place = next((content.at for content in row if content is not None), (1, 0, None))
        for column, content in enumerate(row):
            if column:
                self.builder.insert("\t")
            start = len(self.builder)
            if content is not None:
                at = content.at
                if content.passage.chars and not any(content.passage.places):
                    self.builder.near(*at)
                write_filtered(self.builder, content.passage.chars, content.passage.places, content.passage.dropped)
            span = Span(
                document=self.document,
                start=start,
                end=len(self.builder),
                line=at[0],
                page=at[2],
                table=name,
                row=number,
                column=column,
            )
            cells.append(
                Cell(
                    row=number,
                    column=column,
                    span=span,
                    rows=content.rows if content else 1,
                    columns=content.columns if content else 1,
                    covered=content is None,
                    address=content.address if content else None,
                )
            )
        return tuple(cells)

    def _separate(self) -> None:
        if len(self.builder):
            self.builder.insert("\n")

    def layout(
        self,
        format: DocumentFormat,
        pages: int | None,
        *,
        sheets: tuple[Sheet, ...] = (),
        recognised: tuple[Recognised, ...] = (),
        notices: tuple[Notice, ...] = (),
    ) -> Layout:
        """All that was written."""
        return Layout(
            format,
            self.builder.text(),
            tuple(self.blocks),
            tuple(self.tables),
            self.builder.runs(),
            self.builder.omitted(),
            pages,
            sheets,
            recognised,
            notices,
        )
