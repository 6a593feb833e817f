"""The files that formats are compared on hold the report whole: a number lost in writing would look like one lost in
reading, or hide one."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from docx import Document
from lxml import html
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from eval.formats import WRITERS, Content, Grid, Paragraph, content_of, tables_of
from eval.formats.docx import automatic
from eval.labels import FIXTURES
from reviewer import reading

REPORTS = ("liyang-archives-2023.md", "qingting-justice-2023.txt", "liuting-street-2024.txt")


@cache
def content(name: str) -> Content:
    return content_of(reading.read(FIXTURES / name, "d1"))


def digits(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d", text))


def spelled(report: Content) -> str:
    """All words of a report."""
    rows = [row for part in report.parts if isinstance(part, Grid) for row in part.rows]
    return "\n".join(
        [part.text for part in report.parts if isinstance(part, Paragraph)] + ["\t".join(row) for row in rows]
    )


def in_word(data: bytes) -> str:
    body = Document(io.BytesIO(data)).element.body
    return "".join(node.text or "" for node in body.iter("{*}t"))


def in_pdf(data: bytes) -> str:
    """Without the running header and page number: two lines of every page."""
    document = pypdfium2.PdfDocument(data)
    pages = [document[index].get_textpage().get_text_bounded() for index in range(len(document))]
    title = pages[0].splitlines()[0]
    assert all(page.startswith(title) for page in pages)
    return "\n".join(re.sub(r"— \d+ —", "", page.removeprefix(title)) for page in pages)


def in_page(data: bytes) -> str:
    tree = html.fromstring(data)
    (title,), (article,) = tree.xpath("//h1[@class='article-title']"), tree.xpath("//*[@id='content']")
    return str(title.text_content() + article.text_content())


OUTSIDE: dict[str, Callable[[bytes], str]] = {
    "txt": lambda data: data.decode(),
    "md": lambda data: data.decode(),
    "docx": in_word,
    "pdf": in_pdf,
    "html": in_page,
}


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format", OUTSIDE)
def test_every_digit_of_the_report_is_in_the_file(format: str, name: str) -> None:
    """Tables of the PDF repeat their header on each page: there a digit may stand once more, never once less."""
    missing = digits(spelled(content(name)))
    written = digits(OUTSIDE[format](WRITERS[format](content(name))))
    if format == "pdf":
        assert not missing - written
    else:
        assert written == missing


@pytest.mark.parametrize("format", WRITERS)
def test_the_same_report_gives_the_same_bytes(format: str) -> None:
    report = content("qingting-justice-2023.txt")
    written = WRITERS[format](tables_of(report) if format == "xlsx" else report)
    assert written == WRITERS[format](tables_of(report) if format == "xlsx" else report)
    if format in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(written)) as packed:
            assert {entry.date_time[0] for entry in packed.infolist()} == {2024}


def test_a_workbook_holds_figures_as_numbers_that_print_as_the_report_does() -> None:
    report = tables_of(content("liyang-archives-2023.md"))
    book = load_workbook(io.BytesIO(WRITERS["xlsx"](report)))
    first = book.worksheets[0]
    cells = {cell.value: cell.number_format for row in first.iter_rows() for cell in row if cell.value is not None}
    assert cells[874.36] == "0.00"
    assert "单位：万元" in cells and first["A1"].value == report.title
    widths = [len(part.rows[0]) for part in report.parts if isinstance(part, Grid)]
    assert widths == [sheet.max_column for sheet in book.worksheets]


def test_a_level_that_holds_for_several_rows_is_one_cell() -> None:
    rows = (("一级", "得分"), ("产出", "5"), ("", "6"), ("效益", "7"))
    grid = Grid(rows, tuple(tuple(0 for _ in row) for row in rows), header_rows=1)
    report = Content("甲", (Paragraph("甲", 0, is_title=True), grid))
    assert grid.heights() == {(1, 0): 2}
    assert b'<td rowspan="2">' in WRITERS["html"](report)
    merged = load_workbook(io.BytesIO(WRITERS["xlsx"](report))).worksheets[0].merged_cells.ranges
    assert f"A3:{get_column_letter(1)}4" in {str(area) for area in merged}
    assert [part.text for part in Document(io.BytesIO(WRITERS["docx"](report))).tables[0].columns[0].cells] == [
        "一级", "产出", "产出", "效益",
    ]  # fmt: skip


def test_only_numbers_that_run_regularly_are_left_to_the_word_processor() -> None:
    words = ("一、甲", "（一）乙", "（二）丙", "二、丁", "（一）戊", "（三）己")
    parts = [Paragraph(text, 0) for text in words]
    assert automatic(parts[:5]) == {0: (0, 2), 1: (1, 3), 2: (1, 3), 3: (0, 2), 4: (1, 3)}
    assert automatic(parts) == {0: (0, 2), 3: (0, 2)}


def test_a_reader_that_left_a_paragraph_apart_does_not_pass_that_on(tmp_path: Path) -> None:
    report = tmp_path / "a.txt"
    report.write_text("　　甲局自评报告\n　　一、收支\n　　全年支出100万元，\n其中基本支出60万元。\n", encoding="utf-8")
    texts = [part.text for part in content_of(reading.read(report, "d1")).parts if isinstance(part, Paragraph)]
    assert texts[-1] == "全年支出100万元，其中基本支出60万元。"
