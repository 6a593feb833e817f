"""Plain text and Markdown: from the file's lines to blocks, tables and an exact map back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reviewer.reading import markup, words
from reviewer.reading.builder import Builder, Place, write_filtered
from reviewer.reading.pages import assign_pages, page_numbers
from reviewer.reading.pieces import Piece, split_pieces, trim
from reviewer.reading.tables import Grid, Row, find_tables
from reviewer.reading.wrapping import Line, Wrapping
from reviewer.schema.source import Block, Cell, LineRun, Omission, Span, Table


@dataclass(frozen=True, slots=True)
class Layout:
    """What a text file holds; the fields are those of Document."""

    format: Literal["text", "markdown"]
    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...]
    lines: tuple[LineRun, ...]
    omitted: tuple[Omission, ...]
    pages: int | None


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line left out whole."""

    piece: Piece
    reason: Literal["page_number", "markup"]


_Item = Line | Grid | _Mark


def lay_out(decoded: str, document_id: str, *, markdown: bool = False) -> Layout:
    """Blocks of the decoded file. `markdown` says that its ending does; marks in it say so too."""
    pieces = split_pieces(decoded)
    numbers = page_numbers(pieces)
    pages = assign_pages(pieces, numbers)
    pieces = [replace(piece, page=page) for piece, page in zip(pieces, pages, strict=True)]
    items = _items(pieces, numbers)
    markdown = markdown or any(
        (isinstance(item, Line) and item.heading) or (isinstance(item, Grid) and item.pipes) for item in items
    )
    writer = _Writer(document_id, escapes=markdown)
    paragraphs = {
        id(group[0]): group for group in Wrapping([item for item in items if isinstance(item, Line)]).paragraphs()
    }
    for item in items:
        if isinstance(item, _Mark):
            writer.builder.omit(item.piece.text, item.piece.line, item.piece.column, item.reason)
        elif isinstance(item, Grid):
            writer.table(item)
        elif id(item) in paragraphs:
            writer.paragraph(paragraphs[id(item)])
    return Layout(
        "markdown" if markdown else "text",
        writer.builder.text(),
        tuple(writer.blocks),
        tuple(writer.tables),
        writer.builder.runs(),
        writer.builder.omitted(),
        max((page for page in pages if page is not None), default=None),
    )


def _items(pieces: Sequence[Piece], numbers: dict[int, int]) -> list[_Item]:
    """Lines, tables and lines left out, in the file's order."""
    kept = [index for index in range(len(pieces)) if index not in numbers]
    grids = {grid.start: grid for grid in find_tables(_with_gaps(pieces, kept))}
    items: list[_Item] = [
        _Mark(pieces[index], "page_number") for index in numbers if index < (kept or [len(pieces)])[0]
    ]
    at = 0
    after_block = False
    while at < len(kept):
        index = kept[at]
        taken = grids[at].end - at if at in grids else 1
        if at in grids:
            items.append(grids[at])
            after_block = True
        elif (sign := markup.rule(pieces[index].text)) is not None:
            _underline(items, sign, pieces[index])
            items.append(_Mark(pieces[index], "markup"))
            after_block = True
        else:
            broken = at > 0 and (kept[at - 1] + 1 < index or pieces[kept[at - 1]].sheet != pieces[index].sheet)
            items.append(_line(pieces[index], breaks_page=broken, after_block=after_block))
            after_block = False
        last = kept[at + taken - 1]
        at += taken
        until = kept[at] if at < len(kept) else len(pieces)
        items.extend(_Mark(pieces[number], "page_number") for number in range(last + 1, until))
    return items


def _with_gaps(pieces: Sequence[Piece], kept: Sequence[int]) -> list[Piece]:
    """The kept pieces; one behind a page number counts as standing behind a blank line."""
    return [
        pieces[index]
        if pieces[index].gap or not position or kept[position - 1] + 1 == index
        else replace(pieces[index], gap=1)
        for position, index in enumerate(kept)
    ]


def _line(piece: Piece, *, breaks_page: bool, after_block: bool) -> Line:
    found = markup.prefix(piece.text)
    return Line.of(
        piece,
        (found.start, found.end),
        heading=found.heading,
        bullet=found.bullet,
        breaks_page=breaks_page,
        after_block=after_block,
    )


def _underline(items: list[_Item], sign: str, piece: Piece) -> None:
    """Make the line above a heading where `piece` underlines it (=== or ---)."""
    above = items[-1] if items else None
    if not isinstance(above, Line) or piece.gap or sign not in "=-" or above.heading or above.bullet:
        return
    if words.has_clauses(above.text) or len(above.text) > 50:
        return
    level = 1 if sign == "=" else 2
    items[-1] = Line.of(
        above.piece,
        (above.start, above.end),
        heading=level,
        bullet=False,
        breaks_page=above.breaks_page,
        after_block=above.after_block,
    )


class _Writer:
    """Blocks and tables, as the text grows."""

    def __init__(self, document_id: str, *, escapes: bool) -> None:
        self.builder = Builder()
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self._id = document_id
        self._escapes = escapes

    def paragraph(self, lines: Sequence[Line]) -> None:
        """A paragraph from its lines; nothing if all of it is marks."""
        chars, places = _joined(lines)
        marks = markup.marks(chars, escapes=self._escapes)
        for line in lines:
            self._omit_outside(line)
        kept = [index for index in range(len(chars)) if index not in marks.dropped]
        start, end = trim("".join(chars[index] for index in kept))
        for index in sorted(marks.dropped):
            outside = start == end or not kept[start] <= index <= kept[end - 1]
            if outside and (place := places[index]) is not None:
                self.builder.omit(chars[index], place[0], place[1], "markup")
        if start == end:
            return
        first, last = kept[start], kept[end - 1] + 1
        self._separate()
        at = len(self.builder)
        inner = frozenset(index - first for index in marks.dropped if first <= index < last)
        write_filtered(self.builder, chars[first:last], places[first:last], inner)
        bold = None
        if marks.bold:
            inside = "".join(chars[index] for index in kept if first <= index < marks.bold)
            bold = at + trim(inside)[1]
        self.blocks.append(
            Block(
                start=at,
                end=len(self.builder),
                kind="paragraph",
                heading_level=lines[0].heading,
                bold_end=bold,
            )
        )

    def table(self, grid: Grid) -> None:
        """A table; its rows are lines, its cells are separated by tabs."""
        self._separate()
        at = len(self.builder)
        name = f"{self._id}t{len(self.tables) + 1}"
        rows: list[tuple[Cell, ...]] = []
        for number, row in enumerate(grid.rows):
            if number:
                self.builder.insert("\n")
            rows.append(self._row(row, number, name))
        for rule in grid.rules:
            self.builder.omit(rule.text, rule.line, rule.column, "table_rule")
        self.tables.append(
            Table(id=name, start=at, end=len(self.builder), header_rows=grid.header_rows, rows=tuple(rows))
        )
        self.blocks.append(Block(start=at, end=len(self.builder), kind="table", table=name))

    def _row(self, row: Row, number: int, name: str) -> tuple[Cell, ...]:
        piece = row.piece
        for pipe in row.pipes:
            self.builder.omit("|", piece.line, piece.raw_column + pipe, "markup")
        cells: list[Cell] = []
        for column, (start, end) in enumerate(row.cells):
            if column:
                self.builder.insert("\t")
            at = len(self.builder)
            chars = piece.raw[start:end]
            marks = markup.marks(chars, escapes=self._escapes)
            places = [(piece.line, piece.raw_column + index, piece.page) for index in range(start, end)]
            write_filtered(self.builder, chars, places, marks.dropped)
            span = Span(
                document=self._id,
                start=at,
                end=len(self.builder),
                line=piece.line,
                page=piece.page,
                table=name,
                row=number,
                column=column,
            )
            cells.append(Cell(row=number, column=column, span=span))
        return tuple(cells)

    def _omit_outside(self, line: Line) -> None:
        text, piece = line.piece.text, line.piece
        self.builder.omit(text[: line.start].rstrip(), piece.line, piece.column, "markup")
        tail = text[line.end :]
        blanks = len(tail) - len(tail.lstrip())
        self.builder.omit(tail.lstrip(), piece.line, piece.column + line.end + blanks, "markup")

    def _separate(self) -> None:
        if len(self.builder):
            self.builder.insert("\n")


def _joined(lines: Sequence[Line]) -> tuple[str, list[Place | None]]:
    """The characters of the lines as one paragraph, and where each stands in the file."""
    joined: list[str] = []
    places: list[Place | None] = []
    for number, line in enumerate(lines):
        if number and (inserted := words.glue(lines[number - 1].text, line.text)):
            joined.append(inserted)
            places.extend([None] * len(inserted))
        joined.append(line.text)
        first = line.piece.column + line.start
        places.extend((line.piece.line, first + index, line.piece.page) for index in range(len(line.text)))
    return "".join(joined), places
