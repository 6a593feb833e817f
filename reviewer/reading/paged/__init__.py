"""Pages of lines and rulings to one text: what is on the margins, what is a table, what is a paragraph."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reviewer.reading import grids
from reviewer.reading.layout import Layout, Writer
from reviewer.reading.page_lines import Page
from reviewer.reading.paged.aligned import aligned_tables
from reviewer.reading.paged.cells import PageTable, fill
from reviewer.reading.paged.certainty import recognised
from reviewer.reading.paged.furniture import furniture
from reviewer.reading.paged.order import in_order
from reviewer.reading.paged.prose import Paragraph, ProseLine, heading_levels, heading_size, paragraphs
from reviewer.reading.paged.rulings import frames, joined
from reviewer.reading.paged.spanning import WholeTable
from reviewer.reading.paged.strips import Strip, strips_of
from reviewer.schema.source import DocumentFormat, Notice

__all__ = ["lay_out_pages"]

_MOSTLY_BOLD = 0.5

_Item = ProseLine | PageTable


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page with its lines numbered and its grids filled."""

    page: Page
    tables: list[PageTable]
    loose: list[Strip]


def lay_out_pages(
    pages: Sequence[Page],
    document_id: str,
    format: DocumentFormat,
    *,
    count: int | None = None,
    notices: tuple[Notice, ...] = (),
) -> Layout:
    """The text of pages in their order. `count` is how many the file has, where not all of them can be read."""
    writer = Writer(document_id)
    sheets = [_sheet(page) for page in pages]
    margins = furniture([(sheet.page.number, sheet.page.height, sheet.loose) for sheet in sheets])
    items: list[_Item] = []
    before = 0
    for sheet in sheets:
        flow: list[Strip] = []
        for strip in sheet.loose:
            reason = "watermark" if strip.turned else margins.get((strip.page, strip.line))
            if reason is None:
                flow.append(strip)
            else:
                writer.omit(strip.text, strip.at(), reason)
        items.extend(_items(sheet, flow, after_gap=bool(before) and before != sheet.page.number - 1))
        before = sheet.page.number
        for line in sheet.page.lines:
            if line.aside is not None:
                writer.omit(line.text, (1, 0, sheet.page.number), line.aside)
    _write(writer, items)
    found = writer.layout(format, count if count is not None else len(pages), notices=notices)
    read = recognised(found.text, found.lines, (strip for sheet in sheets for strip in _all(sheet)))
    return replace(found, recognised=read)


def _sheet(page: Page) -> _Sheet:
    strips = strips_of(page.number, [line for line in page.lines if line.aside is None])
    tables: list[PageTable] = []
    for frame in frames(joined(page.rulings)):
        table, strips = fill(frame, strips, page.number)
        if table.strips():
            tables.append(table)
    return _Sheet(page, tables, strips)


def _all(sheet: _Sheet) -> Iterator[Strip]:
    yield from sheet.loose
    for table in sheet.tables:
        yield from table.strips()


def _items(sheet: _Sheet, flow: list[Strip], *, after_gap: bool) -> Iterator[_Item]:
    """Tables and lines of a page in reading order. `after_gap`: pages before it could not be read."""
    page = sheet.page
    aligned = aligned_tables(flow, joined(page.rulings), page.number)
    taken = {(strip.line, strip.column) for table in aligned for strip in table.strips()}
    taken_lines = {line for line, _ in taken}
    tables = sorted([*sheet.tables, *aligned], key=lambda table: (table.top, table.xs[0]))
    at = 0
    after_block = after_gap
    for column, strips in in_order([strip for strip in flow if strip.line not in taken_lines], page.width):
        while at < len(tables) and tables[at].top < strips[0].middle:
            yield tables[at]
            at, after_block = at + 1, True
        yield ProseLine(tuple(strips), (round(page.width), round(page.height), column), after_block)
        after_block = False
    yield from tables[at:]


def _write(writer: Writer, items: Sequence[_Item]) -> None:
    found = paragraphs([item for item in items if isinstance(item, ProseLine)])
    levels = heading_levels(found)
    emphasised = _is_emphasis(found)
    starts = {id(paragraph.lines[0]): paragraph for paragraph in found}
    open_table: WholeTable | None = None
    for item in items:
        if isinstance(item, PageTable):
            if open_table is not None and open_table.goes_on_with(item):
                open_table.add(item)
                continue
            _write_table(writer, open_table)
            open_table = WholeTable.of(item)
            continue
        _write_table(writer, open_table)
        open_table = None
        if (paragraph := starts.get(id(item))) is not None:
            level = levels.get(heading_size(paragraph))
            writer.paragraph(paragraph.passage(), heading=level, bold=paragraph.bold() if emphasised else 0)
    _write_table(writer, open_table)


def _write_table(writer: Writer, table: WholeTable | None) -> None:
    if table is None:
        return
    grids.write(writer, table.contents(), table.named)
    for strip in table.repeated:
        writer.omit(strip.text, strip.at(), "repeated_header")


def _is_emphasis(found: Sequence[Paragraph]) -> bool:
    """Whether bold type stands out: not where most of the text is set in it."""
    total = bold = 0
    for paragraph in found:
        for line in paragraph.lines:
            for strip in line.strips:
                total, bold = total + len(strip.text), bold + sum(strip.bold)
    return bold <= _MOSTLY_BOLD * total
