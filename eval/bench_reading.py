"""How fast reports are read: the whole reader beside the bare extraction of text by a library, on the same file.

``python -m eval.bench_reading [-n RUNS]``

The two take turns in one process after a warm-up each, so that a busy machine slows both alike; medians are printed.
A reader does more than the library (places, tables, numbering, headings) and is expected to take longer; the figure
says by how much.
"""

import argparse
import io
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from eval.bench import longest_report, positive
from reviewer.reading import read
from reviewer.schema import Document

_COPIES = 10


@dataclass(frozen=True)
class Subject:
    """A file and the library that takes its bare text; `size` is how much of `unit` it holds."""

    ending: str
    raw: bytes
    size: int
    unit: str
    library: str
    bare: Callable[[bytes], str]


def docx() -> Subject:
    """The longest fixture, ten times over, as a Word file."""
    raw = _word(read(longest_report(), "d1"))
    return Subject(".docx", raw, len(_word_text(raw)), "characters", "python-docx", _word_text)


def pdf() -> Subject:
    """The longest fixture, ten times over, as printed."""
    raw = _print(read(longest_report(), "d1"))
    return Subject(".pdf", raw, _pages(raw), "pages", "pdfplumber", _print_text)


SUBJECTS: tuple[Callable[[], Subject], ...] = (docx, pdf)


def measure(subject: Subject, runs: int, folder: Path) -> tuple[float, float]:
    """Median seconds of the reader and of the library."""
    path = folder / f"report{subject.ending}"
    path.write_bytes(subject.raw)

    def own() -> object:
        return read(path, "d1")

    def bare() -> object:
        return subject.bare(subject.raw)

    own(), bare()
    pairs = [(_seconds(own), _seconds(bare)) for _ in range(runs)]
    return median(a for a, _ in pairs), median(b for _, b in pairs)


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _word(report: Document) -> bytes:
    from docx import Document as WordDocument

    written = WordDocument()
    tables = {table.id: table for table in report.tables}
    for block in report.blocks * _COPIES:
        if block.table is None:
            written.add_paragraph(report.text[block.start : block.end])
            continue
        rows = tables[block.table].rows
        made = written.add_table(len(rows), len(rows[0]))
        for row, cells in zip(rows, made.rows, strict=True):
            for cell, target in zip(row, cells.cells, strict=True):
                target.text = report.text[cell.span.start : cell.span.end]
    raw = io.BytesIO()
    written.save(raw)
    return raw.getvalue()


def _word_text(raw: bytes) -> str:
    from docx import Document as WordDocument

    document = WordDocument(io.BytesIO(raw))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _print(report: Document) -> bytes:
    from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
    from reportlab.pdfbase import cidfonts, pdfmetrics  # type: ignore[import-untyped]
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate  # type: ignore[import-untyped]

    face = "STSong-Light"
    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont(face))
    prose = ParagraphStyle("prose", fontName=face, fontSize=14, leading=24, firstLineIndent=28, wordWrap="CJK")
    small = ParagraphStyle("cell", fontName=face, fontSize=10, leading=13, wordWrap="CJK")
    tables = {table.id: table for table in report.tables}
    parts: list[object] = []
    for block in report.blocks * _COPIES:
        if block.table is None:
            parts.append(Paragraph(escape(report.text[block.start : block.end]), prose))
            continue
        rows = [[escape(report.text[c.span.start : c.span.end]) for c in row] for row in tables[block.table].rows]
        cells = [[Paragraph(words, small) for words in row] for row in rows]
        parts.append(LongTable(cells, repeatRows=1, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")]))
    raw = io.BytesIO()
    SimpleDocTemplate(raw).build(parts)
    return raw.getvalue()


def _print_text(raw: bytes) -> str:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(raw)) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def _pages(raw: bytes) -> int:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(raw)) as document:
        return len(document.pages)


def main(argv: Sequence[str] | None = None) -> int:
    """Print the comparison to stdout. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m eval.bench_reading", description="Time the readers.")
    parser.add_argument("-n", type=positive, default=5, metavar="RUNS", help="default: %(default)s")
    options = parser.parse_args(argv)
    with TemporaryDirectory() as folder:
        for made in SUBJECTS:
            subject = made()
            own, bare = measure(subject, options.n, Path(folder))
            amount = f"{subject.size:,} {subject.unit}, {subject.size / own:,.0f} a second"
            print(f"{subject.ending:<6} {amount}; {own / bare:.1f} x the time of {subject.library}'s bare text")
    return 0


if __name__ == "__main__":
    sys.exit(main())
