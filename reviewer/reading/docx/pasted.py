"""Plain text in a Word file: every line of a page a paragraph, tables set with tabs, marks of Markdown.

Text that was copied from a PDF, a web page or an editor looks like this. It is read as the text file it was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reviewer.reading import text as plain
from reviewer.reading.builder import Place
from reviewer.reading.docx.runs import LINE_BREAK, TAB, Bold, Text
from reviewer.reading.layout import CellContent, Passage, Writer
from reviewer.reading.pieces import is_blank
from reviewer.schema.source import OmissionReason


def stretches(texts: Sequence[Text]) -> Iterator[tuple[range, bool]]:
    """The paragraphs in stretches, in order, and whether each stretch holds lines of plain text."""
    owners = [index for index, text in enumerate(texts) for _ in range(text.chars.count(LINE_BREAK) + 1)]
    at = 0
    for lines in plain.plain_lines(_lines(texts)):
        start, end = max(at, owners[lines.start - 1]), owners[lines.stop - 2] + 1
        if at < start:
            yield range(at, start), False
        if start < end:
            yield range(start, end), True
        at = max(at, end)
    if at < len(texts):
        yield range(at, len(texts)), False


def write(writer: Writer, texts: Sequence[Text]) -> None:
    """Write paragraphs that are lines of plain text."""
    plain.write(_Stored.of(writer, texts), _lines(texts))


def _lines(texts: Sequence[Text]) -> str:
    return "\n".join(_indented("".join(text.chars)) for text in texts)


def _indented(line: str) -> str:
    """A tab that only sets the line in parts no columns."""
    return line if TAB in line.lstrip() else line.replace(TAB, " ")


@dataclass
class _Stored(Writer):
    """A writer that is told line and column and writes where they are stored in the file."""

    lines: list[Text] = field(default_factory=list)

    @classmethod
    def of(cls, writer: Writer, texts: Sequence[Text]) -> "_Stored":
        """Writes what `writer` writes on."""
        lines: list[Text] = []
        for text in texts:
            start = 0
            for index, char in enumerate([*text.chars, LINE_BREAK]):
                if char == LINE_BREAK:
                    lines.append(text.part(start, index))
                    start = index + 1
        return cls(writer.document, writer.builder, writer.blocks, writer.tables, lines)

    def paragraph(self, passage: Passage, *, heading: int | None = None, bold: int = 0) -> None:
        """As Writer; bold are the characters that the file has bold, or that are marked so."""
        stored = Passage(passage.chars.replace(TAB, " "), [self._stored(at) for at in passage.places], passage.dropped)
        super().paragraph(stored, heading=heading, bold=bold or self._bold_end(passage))

    def table(self, rows: Sequence[Sequence[CellContent | None]], header_rows: int) -> None:
        """As Writer."""
        super().table([[cell and self._cell(cell) for cell in row] for row in rows], header_rows)

    def omit(self, chars: str, place: Place, reason: OmissionReason) -> None:
        """As Writer; what is not stored in the file is not left out."""
        line, column, page = place
        for index, char in enumerate(chars):
            if (stored := self._stored((line, column + index, page))) is not None:
                super().omit(char, stored, reason)

    def _stored(self, at: Place | None) -> Place | None:
        return None if at is None else self.lines[at[0] - 1].places[at[1]]

    def _cell(self, cell: CellContent) -> CellContent:
        line, column, _ = cell.at
        places = self.lines[line - 1].places
        near = [place for place in (*places[column:], *reversed(places[:column])) if place is not None]
        passage = Passage(cell.passage.chars, [self._stored(at) for at in cell.passage.places], cell.passage.dropped)
        return CellContent(passage, near[0] if near else (1, 0, None))

    def _bold_end(self, passage: Passage) -> int:
        pairs = enumerate(zip(passage.chars, passage.places, strict=True))
        plain_at = (
            index
            for index, (char, at) in pairs
            if not is_blank(char) and at is not None and self.lines[at[0] - 1].bold[at[1]] < Bold.BY_STYLE
        )
        return next(plain_at, len(passage.chars))
