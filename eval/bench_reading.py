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
from functools import cache
from html import escape
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import cast

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
    most_runs: int = 100
    """Fewer where each takes seconds."""


def docx() -> Subject:
    """The longest fixture, ten times over, as a Word file."""
    raw = _word(read(longest_report(), "d1"))
    return Subject(".docx", raw, len(_word_text(raw)), "characters", "python-docx", _word_text)


def pdf() -> Subject:
    """The longest fixture, ten times over, as printed."""
    raw = _print(read(longest_report(), "d1"))
    return Subject(".pdf", raw, _pages(raw), "pages", "pdfplumber", _print_text)


def xlsx() -> Subject:
    """A thousand rows of a table of indicators, as a workbook."""
    raw = _workbook()
    return Subject(".xlsx", raw, len(_workbook_text(raw)), "characters", "openpyxl", _workbook_text)


def html() -> Subject:
    """The longest fixture, ten times over, as a web page."""
    raw = _page(read(longest_report(), "d1"))
    return Subject(".html", raw, len(_page_text(raw)), "characters", "lxml", _page_text)


def scan() -> Subject:
    """A page of the longest fixture as a scanner sees it, at 200 dots per inch."""
    raw = _picture()
    return Subject(".png", raw, 1, "pages", "RapidOCR", _picture_text, most_runs=2)


SUBJECTS: tuple[Callable[[], Subject], ...] = (docx, pdf, xlsx, html, scan)


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


def _rate(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2f}"


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


def _workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.create_sheet("评分表", 0)
    sheet.append(["二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"])
    for number in range(1000):
        sheet.append(["数量指标", f"完成任务{number}项", number, number + 1, 10, 9.5])
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def _workbook_text(raw: bytes) -> str:
    from openpyxl import load_workbook

    sheets = load_workbook(io.BytesIO(raw), data_only=True).worksheets
    return "\n".join(str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value)


def _page(report: Document) -> bytes:
    tables = {table.id: table for table in report.tables}
    parts: list[str] = []
    for block in report.blocks * _COPIES:
        if block.table is None:
            parts.append(f"<p>{escape(report.text[block.start : block.end])}</p>")
            continue
        rows = [[escape(report.text[c.span.start : c.span.end]) for c in row] for row in tables[block.table].rows]
        parts.append("<table>" + "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows) + "</table>")
    return f'<html><body><div class="TRS_Editor">{"".join(parts)}</div></body></html>'.encode()


def _page_text(raw: bytes) -> str:
    from lxml import html as pages

    return str(pages.document_fromstring(raw.decode()).text_content())


def _picture() -> bytes:
    from eval.pictures import FONTS
    from eval.recognising import printed

    raw = io.BytesIO()
    printed(longest_report(), 200, FONTS[0])[1].image.save(raw, "PNG", dpi=(200, 200))
    return raw.getvalue()


@cache
def _engine() -> Callable[[bytes], tuple[list[list[str]] | None, object]]:
    from rapidocr_onnxruntime import RapidOCR  # type: ignore[import-untyped]

    return cast("Callable[[bytes], tuple[list[list[str]] | None, object]]", RapidOCR())


def _picture_text(raw: bytes) -> str:
    lines, _ = _engine()(raw)
    return "\n".join(line[1] for line in lines or ())


def main(argv: Sequence[str] | None = None) -> int:
    """Print the comparison to stdout. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m eval.bench_reading", description="Time the readers.")
    parser.add_argument("-n", type=positive, default=5, metavar="RUNS", help="default: %(default)s")
    options = parser.parse_args(argv)
    with TemporaryDirectory() as folder:
        for made in SUBJECTS:
            subject = made()
            own, bare = measure(subject, min(options.n, subject.most_runs), Path(folder))
            amount = f"{subject.size:,} {subject.unit}, {_rate(subject.size / own)} a second"
            print(f"{subject.ending:<6} {amount}; {own / bare:.1f} x the time of {subject.library}'s bare text")
    return 0


if __name__ == "__main__":
    sys.exit(main())
