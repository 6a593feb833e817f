"""What was understood of a report before any rule: for a person to see whether the tool read what they read."""

from collections import Counter
from collections.abc import Iterator

from reviewer.memo.markup import Safe
from reviewer.memo.overview import told_notice
from reviewer.memo.places import Places
from reviewer.memo.texts import Texts
from reviewer.schema import Document, Quantity, QuantityKind, Source, Table
from reviewer.schema.base import Model
from reviewer.settings import Language

__all__ = ["Understood", "as_text", "understood"]

_WIDEST = 60
"""Characters of a table's head that are shown."""


class OutlineEntry(Model):
    """A heading."""

    level: int
    number: str | None
    title: str
    place: str


class TableEntry(Model):
    """A table."""

    number: int
    place: str
    rows: int
    columns: int
    header_rows: int
    merged: int
    """Cells that take more than one row or column."""
    head: str
    """The words of its header rows."""
    numbers: int


class UnderstoodDocument(Model):
    """One file as it was read."""

    path: str
    format: str
    encoding: str | None
    title: str | None
    unit: str | None
    year: int | None
    kind: str
    project: str | None
    pages: int | None
    sheets: tuple[str, ...]
    characters: int
    paragraphs: int
    outline: tuple[OutlineEntry, ...]
    tables: tuple[TableEntry, ...]
    measuring: dict[str, int]
    """Numbers that measure something, by dimension."""
    others: dict[str, int]
    """Numbers that measure nothing, by kind."""
    omitted: dict[str, int]
    """What is not in the text on purpose, by reason."""
    recognised_characters: int
    """Characters recognised in pictures."""
    notices: tuple[str, ...]
    """What a person should know about how it was read, in words."""


class Understood(Model):
    """What `reviewer read --format json` prints."""

    documents: tuple[UnderstoodDocument, ...]


def understood(source: Source, lang: Language) -> Understood:
    """The reading report of a source; places are told in `lang`."""
    texts = Texts(lang)
    places = Places(source, texts)
    return Understood(documents=tuple(_document(source, document, places, texts) for document in source.documents))


def _document(source: Source, document: Document, places: Places, t: Texts) -> UnderstoodDocument:
    numbers = [quantity for quantity in source.quantities if quantity.span.document == document.id]
    outline = (s for s in source.sections if s.span.document == document.id and s.level)
    return UnderstoodDocument(
        path=document.path,
        format=document.format,
        encoding=document.encoding,
        title=document.title,
        unit=document.unit,
        year=document.year,
        kind=document.kind.value,
        project=document.project,
        pages=document.pages,
        sheets=tuple(sheet.name for sheet in document.sheets),
        characters=document.characters,
        paragraphs=sum(block.kind == "paragraph" for block in document.blocks),
        outline=tuple(
            OutlineEntry(level=s.level, number=s.number, title=s.title, place=places.where(s.span)) for s in outline
        ),
        tables=tuple(
            _table(document, table, number, numbers, places) for number, table in enumerate(document.tables, 1)
        ),
        measuring=_counted(q.dimension.value for q in numbers if q.kind is QuantityKind.QUANTITY and q.dimension),
        others=_counted(q.kind.value for q in numbers if q.kind is not QuantityKind.QUANTITY),
        omitted=_counted(omission.reason for omission in document.omitted),
        recognised_characters=sum(stretch.end - stretch.start for stretch in document.recognised),
        notices=tuple(told_notice(notice, document, places, t) for notice in document.notices),
    )


def _counted(names: Iterator[str]) -> dict[str, int]:
    """How often each name comes, the most frequent first."""
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))


def _table(document: Document, table: Table, number: int, numbers: list[Quantity], places: Places) -> TableEntry:
    cells = [cell for row in table.rows for cell in row]
    head = (c for row in table.rows[: max(1, table.header_rows)] for c in row if c.span.end > c.span.start)
    return TableEntry(
        number=number,
        place=places.line(document.span(table.start, table.start)),
        rows=len(table.rows),
        columns=max((len(row) for row in table.rows), default=0),
        header_rows=table.header_rows,
        merged=sum(cell.rows > 1 or cell.columns > 1 for cell in cells),
        head="、".join(document.text[cell.span.start : cell.span.end] for cell in head),
        numbers=sum(table.start <= q.span.start < table.end and q.kind is QuantityKind.QUANTITY for q in numbers),
    )


def as_text(found: Understood, lang: Language) -> str:
    """The reading report for people, in Markdown."""
    t = Texts(lang)
    return "\n".join("\n".join(_lines(document, t)) + "\n" for document in found.documents)


def _lines(document: UnderstoodDocument, t: Texts) -> Iterator[Safe]:
    yield Safe("# " + t("read.title", path=document.path))
    yield Safe("")
    blank = t("form.blank")
    encoding = t("read.encoding", encoding=document.encoding) if document.encoding else Safe("")
    yield t("read.format", format=t(f"format.{document.format}"), encoding=encoding)
    yield t("read.named", title=document.title or blank)
    yield _item(t("overview.unit", unit=document.unit or t("form.no_unit")))
    yield _item(t("overview.year", year=document.year or t("form.no_year")))
    yield _item(t("overview.kind", kind=t(f"kind.{document.kind}")))
    if document.project:
        yield t("read.project", project=document.project)
    yield t("read.extent", characters=document.characters, paragraphs=document.paragraphs, tables=len(document.tables))
    if document.sheets:
        yield t("read.sheets", sheets=t.join(document.sheets))
    elif document.pages is not None:
        yield t("read.pages", pages=document.pages)
    if document.recognised_characters:
        yield t("read.recognised", characters=document.recognised_characters)
    if document.omitted:
        yield t("read.omitted", items=_counts(document.omitted, "omission", t))
    yield from (_item(Safe(notice)) for notice in document.notices)
    yield from _outline(document, t)
    yield from _tables(document, t)
    yield Safe("")
    yield Safe("## " + t("read.numbers"))
    yield Safe("")
    measuring, others = sum(document.measuring.values()), sum(document.others.values())
    yield t("read.measuring", count=measuring, items=_counts(document.measuring, "dimension", t))
    yield t("read.others", count=others, items=_counts(document.others, "number_kind", t))


def _item(line: Safe) -> Safe:
    return Safe(f"- {line}")


def _counts(counts: dict[str, int], group: str, t: Texts) -> Safe:
    return t.join(t("read.counted", name=t(f"{group}.{name}"), count=count) for name, count in counts.items())


def _outline(document: UnderstoodDocument, t: Texts) -> Iterator[Safe]:
    yield Safe("")
    yield Safe("## " + t("read.outline"))
    yield Safe("")
    if not document.outline:
        yield t("read.no_outline")
    for entry in document.outline:
        line = t("read.entry", number=entry.number or "", title=entry.title, place=Safe(entry.place))
        yield Safe("  " * (entry.level - 1) + line)


def _tables(document: UnderstoodDocument, t: Texts) -> Iterator[Safe]:
    if not document.tables:
        return
    yield Safe("")
    yield Safe("## " + t("read.tables"))
    yield Safe("")
    for table in document.tables:
        head = table.head if len(table.head) <= _WIDEST else table.head[: _WIDEST - 1] + "…"
        merged = t("read.merged", count=table.merged) if table.merged else Safe("")
        yield t(
            "read.table",
            number=table.number,
            place=Safe(table.place),
            rows=table.rows,
            columns=table.columns,
            header=table.header_rows,
            merged=merged,
            numbers=table.numbers,
            head=head,
        )
