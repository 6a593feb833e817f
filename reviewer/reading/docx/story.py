"""From the parts of a Word document to the text of a report, in the order a person reads it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.errors import OversizedFile
from reviewer.reading import grids
from reviewer.reading.builder import Place
from reviewer.reading.docx import paragraphs, pasted, tables
from reviewer.reading.docx.numbering import Numbering
from reviewer.reading.docx.runs import MOST_CHARACTERS, TAB, Bold, Content, Runs, Tally, Text, deleted_mark
from reviewer.reading.docx.styles import Look, Numbered, Styles, heading_of, leads, level_by, numbered_by
from reviewer.reading.docx.xml import PARAGRAPH, TABLE, children, find, on
from reviewer.reading.layout import CellContent, Passage, Writer
from reviewer.schema.source import OmissionReason

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_PARAGRAPHS = 150_000
"""Of one file, those of cells included."""

Notes = dict[tuple[str, str], "_Element"]
"""Foot- and endnotes that are still to be read, by kind and id."""


@dataclass(slots=True)
class Paragraph:
    """`text` begins with the printed number."""

    text: Text
    heading: int | None
    boxes: list["Block"] = field(default_factory=list)
    notes: list["Block"] = field(default_factory=list)

    def is_plain(self) -> bool:
        """Whether it is words alone."""
        return self.heading is None and not self.boxes and not self.notes


@dataclass(slots=True)
class Table:
    """The first `named` rows are marked as column names. `behind` stood inside: tables of cells, footnotes, tables of
    text boxes."""

    rows: list[list[CellContent | None]]
    named: int
    behind: list["Block"]


Block = Paragraph | Table


class Story:
    """Reads the blocks of the parts, one part after the other, and writes them down.

    Raises OversizedFile for more characters or cells than a report has.
    """

    def __init__(self, writer: Writer, styles: Styles, numbering: Numbering, notes: Notes, shown: str) -> None:
        self.tally = Tally()
        self._writer = writer
        self._styles = styles
        self._numbering = numbering
        self._notes = notes
        self._shown = shown
        self._runs = Runs(styles, self.tally, self._too_long)
        self._number = self._cells = 0

    def write(self, body: "_Element") -> None:
        """Write the body of the document."""
        run: list[Text] = []
        for block in self._blocks(body):
            if isinstance(block, Paragraph) and block.is_plain():
                run.append(block.text)
                continue
            self._write_run(run)
            run = []
            self._write(block)
        self._write_run(run)

    def omit(self, part: "_Element", reason: OmissionReason) -> None:
        """Note the words of a header or footer as left out."""
        for block in self._blocks(part):
            self._omit(block, reason)

    def _write_run(self, run: list[Text]) -> None:
        """Write paragraphs that follow one another."""
        for stretch, is_pasted in pasted.stretches(run):
            texts = [run[index] for index in stretch]
            if is_pasted:
                self._count_cells(sum(text.chars.count(TAB) for text in texts))
                pasted.write(self._writer, texts)
                continue
            for text in texts:
                self._write_words(text, None)

    def _write_words(self, text: Text, heading: int | None) -> None:
        # A number without words behind it points nowhere.
        if any(place is not None for place in text.places):
            for passage, bold in paragraphs.passages(text.without_tabs(), heading=heading is not None):
                self._writer.paragraph(passage, heading=heading, bold=bold)

    def _write(self, block: Block) -> None:
        if isinstance(block, Table):
            grids.write(self._writer, block.rows, block.named)
            behind = block.behind
        else:
            self._write_words(block.text, block.heading)
            behind = block.boxes + block.notes
        for inner in behind:
            self._write(inner)

    def _omit(self, block: Block, reason: OmissionReason) -> None:
        if isinstance(block, Table):
            passages = [cell.passage for row in block.rows for cell in row if cell is not None]
            behind = block.behind
        else:
            passages = [Passage("".join(block.text.chars), block.text.places)]
            behind = block.boxes + block.notes
        for passage in passages:
            self._omit_passage(passage, reason)
        for inner in behind:
            self._omit(inner, reason)

    def _omit_passage(self, passage: Passage, reason: OmissionReason) -> None:
        for char, place in zip(passage.chars, passage.places, strict=True):
            if place is not None:
                self._writer.omit(char, place, reason)

    def _blocks(self, parent: "_Element") -> Iterator[Block]:
        """Paragraphs and tables; a paragraph whose end was deleted goes on in the next."""
        begun: Paragraph | None = None
        for child in children(parent):
            if child.tag == PARAGRAPH:
                paragraph = self._paragraph(child, begun)
                begun = paragraph if deleted_mark(child) else None
                if begun is None:
                    yield paragraph
            elif child.tag == TABLE:
                if begun is not None:
                    yield begun
                begun = None
                yield from self._table(child)
        if begun is not None:
            yield begun

    def _paragraph(self, element: "_Element", begun: Paragraph | None) -> Paragraph:
        self._number += 1
        if self._number > MOST_PARAGRAPHS:
            raise self._oversized(f"more than {MOST_PARAGRAPHS:,} paragraphs")
        properties = find(element, "pPr")
        look = self._styles.paragraph(properties)
        content = self._runs.read(element, self._number, look, leader=look.leader or leads(properties))
        text = begun.text if begun is not None else Text()
        text.extend(content.text)
        for chars, place, reason in content.omitted:
            self._writer.omit(chars, place, reason)
        hidden = not content.text.chars and bool(on(find(properties, "rPr"), "vanish"))
        if not deleted_mark(element) and not hidden:
            self._print_number(text, properties, look)
        found = Paragraph(text, heading_of(properties, look))
        if begun is not None:
            found.boxes, found.notes = begun.boxes, begun.notes
        self._hang_on(found, content)
        return found

    def _print_number(self, text: Text, properties: "_Element | None", look: Look) -> None:
        own = numbered_by(properties)
        numbered = own or look.numbered
        if own is None and numbered is not None and (level := level_by(properties)) is not None:
            numbered = Numbered(numbered.list, level, numbered.style)
        if own is not None and own.level is None:
            numbered = Numbered(own.list, 0)
        printed = self._numbering.next(numbered)
        first = next((mark for char, mark in zip(text.chars, text.bold, strict=True) if not char.isspace()), Bold.NO)
        number = Text()
        number.add(printed, None, first)
        number.extend(text)
        text.chars, text.places, text.bold = number.chars, number.places, number.bold

    def _hang_on(self, paragraph: Paragraph, content: Content) -> None:
        for box in content.boxes:
            paragraph.boxes += self._blocks(box)
        for key in content.notes:
            if (note := self._notes.pop(key, None)) is not None:
                paragraph.notes += self._blocks(note)

    def _table(self, element: "_Element") -> Iterator[Block]:
        found = tables.lines(element)
        if len(found) == 1 and len(found[0].slots) == 1:
            # A frame around text, not a table.
            yield from self._blocks(found[0].slots[0].element)
            return
        self._count_cells(len(found) * len(tables.starts(found)))
        behind: list[Block] = []
        contents = [[self._cell(slot, line, behind) for slot in line.slots] for line in found]
        blank = CellContent(Passage("", []), (self._number, 0, None))
        rows = tables.placed(found, contents, blank)
        shown = [(line, row) for line, row in zip(found, rows, strict=True) if not line.hidden]
        if shown:
            yield Table([row for _, row in shown], tables.named([line for line, _ in shown]), behind)
        else:
            yield from behind

    def _cell(self, slot: tables.Slot, line: tables.Line, behind: list[Block]) -> CellContent:
        at: Place = (self._number + 1, 0, None)
        texts: list[Text] = []
        for block in self._blocks(slot.element):
            self._gather(block, texts, behind)
        passage = paragraphs.in_cell(texts)
        if slot.continues or line.hidden:
            self._omit_passage(passage, "hidden")
            self.tally.hidden += bool(passage.chars)
        return CellContent(passage, at)

    def _gather(self, block: Block, texts: list[Text], behind: list[Block]) -> None:
        if isinstance(block, Table):
            behind.append(block)
            return
        texts.append(block.text.without_tabs())
        behind += block.notes
        for inner in block.boxes:
            self._gather(inner, texts, behind)

    def _count_cells(self, more: int) -> None:
        self._cells += more
        if self._cells > tables.MOST_CELLS:
            raise self._oversized(f"more than {tables.MOST_CELLS:,} cells in tables")

    def _too_long(self) -> OversizedFile:
        return self._oversized(f"more than {MOST_CHARACTERS:,} characters")

    def _oversized(self, what: str) -> OversizedFile:
        return OversizedFile(f"{self._shown}: holds {what}; no report does", hint="check that this is the report")
