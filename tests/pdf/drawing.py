"""PDF files drawn for tests: what stands where is known, because every word is put there."""

import io
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.cidfonts import UnicodeCIDFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from reviewer.reading.layout import Layout
from reviewer.reading.pdf import lay_out
from reviewer.schema.source import Table

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))
WIDTH, HEIGHT = A4


class Drawing:
    """Pages under construction; y counts down from the top, in points."""

    def __init__(self, size: tuple[float, float] = A4, rotation: int = 0) -> None:
        self._file = io.BytesIO()
        self.canvas = Canvas(self._file, pagesize=size, invariant=1)
        # A page turned sideways has its sides exchanged before it is turned.
        self.height = size[0] if rotation in (90, 270) else size[1]
        if rotation:
            self.canvas.setPageRotation(rotation)

    def put(self, x: float, y: float, words: str, size: float = 12, font: str = SONG) -> None:
        """Words with their base line at y."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.height - y, words)

    def lines(self, x: float, y: float, *rows: str, size: float = 12, leading: float = 20) -> None:
        """Lines under one another."""
        for number, words in enumerate(rows):
            self.put(x, y + number * leading, words, size)

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A straight line."""
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def box(self, x0: float, y0: float, x1: float, y1: float, grey: float = 0.0) -> None:
        """A filled rectangle without an outline."""
        self.canvas.setFillGray(grey)
        self.canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        self.canvas.setFillGray(0)

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        """Every line of a table."""
        for y in ys:
            self.rule(xs[0], y, xs[-1], y)
        for x in xs:
            self.rule(x, ys[0], x, ys[-1])

    def table(self, xs: Sequence[float], top: float, rows: Sequence[Sequence[str]], height: float = 22) -> float:
        """A ruled table with one line to a cell; the y where it ends."""
        ys = [top + height * number for number in range(len(rows) + 1)]
        self.grid(xs, ys)
        self.words(xs, top, rows, height)
        return ys[-1]

    def words(self, xs: Sequence[float], top: float, rows: Sequence[Sequence[str]], height: float = 22) -> None:
        """The words of a table without its lines."""
        for number, row in enumerate(rows):
            for x, cell in zip(xs, row, strict=False):
                self.put(x + 5, top + height * number + 15, cell, 10.5)

    def page(self) -> None:
        """Begin the next page."""
        self.canvas.showPage()

    def pdf(self) -> bytes:
        """The file."""
        self.canvas.save()
        return self._file.getvalue()

    def read(self, *, partial: bool = False) -> Layout:
        """The file as the reader lays it out."""
        return lay_out(self.pdf(), "d1", "report.pdf", partial=partial)


def paragraphs(layout: Layout) -> list[str]:
    """The paragraphs, without tables."""
    return [layout.text[block.start : block.end] for block in layout.blocks if block.kind == "paragraph"]


def rows(layout: Layout, table: Table | None = None) -> list[list[str]]:
    """The words of a table's cells, of the only one where none is named."""
    if table is None:
        (table,) = layout.tables
    return [[layout.text[cell.span.start : cell.span.end] for cell in row] for row in table.rows]


def omitted(layout: Layout) -> list[tuple[int | None, str, str]]:
    """Page, reason and words of what is left out of the text."""
    return [(omission.page, omission.reason, omission.text) for omission in layout.omitted]


def written(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def one_page(stream: bytes, entries: bytes, font: bytes = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>") -> bytes:
    """A PDF whose only page has this content stream, with `entries` in its dictionary, and the font F."""
    return written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<<" + entries + b">>stream\n" + stream + b"\nendstream",
        font,
    )
