"""Plain text and Markdown: from the file's lines to blocks, tables and an exact map back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from reviewer.reading import markup, words
from reviewer.reading.builder import Place
from reviewer.reading.layout import CellContent, Layout, Passage, Writer
from reviewer.reading.pages import assign_pages, page_numbers
from reviewer.reading.pieces import Piece, split_pieces
from reviewer.reading.tables import Grid, Row, find_tables
from reviewer.reading.wrapping import Line, Wrapping


@dataclass(frozen=True, slots=True)
class _Mark:
    """A line left out whole."""

    piece: Piece
    reason: Literal["page_number", "markup"]


_Item = Line | Grid | _Mark

_SIZEABLE = 3
"""Rows and columns of a table that nobody sets with tabs in a word processor."""


def lay_out(decoded: str, document_id: str, *, markdown: bool = False) -> Layout:
    """Blocks of the decoded file. `markdown` says that its ending does; marks in it say so too."""
    pieces, numbers = _paged(decoded)
    items = _items(pieces, numbers)
    markdown = markdown or _is_marked_up(items)
    writer = Writer(document_id)
    _write(writer, items, markdown=markdown)
    last = max((piece.page for piece in pieces if piece.page is not None), default=None)
    return writer.layout("markdown" if markdown else "text", last)


def write(writer: Writer, lines: str) -> None:
    """Write lines of plain text that another kind of file holds; places are line and column in `lines`."""
    items = _items(*_paged(lines))
    _write(writer, items, markdown=_is_marked_up(items))


def plain_lines(lines: str) -> list[range]:
    """Which lines, counted from 1, are laid out as in a text file; the others are paragraphs as they stand.

    All of them if they are broken at a margin, carry marks of Markdown or hold a table of some size that is set with
    tabs: no word processor makes these. Else those of small tables set with tabs, such as pairs of label and value.
    """
    items = _items(*_paged(lines))
    prose = [item for item in items if isinstance(item, Line)]
    grids = [item for item in items if isinstance(item, Grid)]
    sizeable = any(min(len(grid.rows), len(grid.rows[0].cells)) >= _SIZEABLE for grid in grids)
    if sizeable or _is_marked_up(items) or Wrapping(prose).is_wrapped():
        return [range(1, lines.count("\n") + 2)]
    return [range(grid.rows[0].piece.line, grid.rows[-1].piece.line + 1) for grid in grids]


def _paged(decoded: str) -> tuple[list[Piece], dict[int, int]]:
    """The pieces with their pages, and which of them are page numbers."""
    pieces = split_pieces(decoded)
    numbers = page_numbers(pieces)
    pages = assign_pages(pieces, numbers)
    return [replace(piece, page=page) for piece, page in zip(pieces, pages, strict=True)], numbers


def _is_marked_up(items: Sequence[_Item]) -> bool:
    return any((isinstance(item, Line) and item.heading) or (isinstance(item, Grid) and item.pipes) for item in items)


def _write(writer: Writer, items: Sequence[_Item], *, markdown: bool) -> None:
    paragraphs = {
        id(group[0]): group for group in Wrapping([item for item in items if isinstance(item, Line)]).paragraphs()
    }
    for item in items:
        if isinstance(item, _Mark):
            writer.omit(item.piece.text, item.piece.at(), item.reason)
        elif isinstance(item, Grid):
            _table(writer, item, escapes=markdown)
        elif id(item) in paragraphs:
            _paragraph(writer, paragraphs[id(item)], escapes=markdown)


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


def _paragraph(writer: Writer, lines: Sequence[Line], *, escapes: bool) -> None:
    """A paragraph from its lines; nothing if all of it is marks."""
    chars, places = _joined(lines)
    marks = markup.marks(chars, escapes=escapes)
    for line in lines:
        _omit_outside(writer, line)
    writer.paragraph(Passage(chars, places, marks.dropped), heading=lines[0].heading, bold=marks.bold)


def _table(writer: Writer, grid: Grid, *, escapes: bool) -> None:
    for row in grid.rows:
        for pipe in row.pipes:
            writer.omit("|", (row.piece.line, row.piece.raw_column + pipe, row.piece.page), "markup")
    writer.table([_cells(row, escapes=escapes) for row in grid.rows], grid.header_rows)
    for rule in grid.rules:
        writer.omit(rule.text, rule.at(), "table_rule")


def _cells(row: Row, *, escapes: bool) -> list[CellContent]:
    piece = row.piece
    cells: list[CellContent] = []
    for start, end in row.cells:
        chars = piece.raw[start:end]
        places = [(piece.line, piece.raw_column + index, piece.page) for index in range(start, end)]
        passage = Passage(chars, places, markup.marks(chars, escapes=escapes).dropped)
        cells.append(CellContent(passage, (piece.line, piece.raw_column + start, piece.page)))
    return cells


def _omit_outside(writer: Writer, line: Line) -> None:
    text, piece = line.piece.text, line.piece
    writer.omit(text[: line.start].rstrip(), piece.at(), "markup")
    tail = text[line.end :]
    blanks = len(tail) - len(tail.lstrip())
    writer.omit(tail.lstrip(), piece.at(line.end + blanks), "markup")


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
