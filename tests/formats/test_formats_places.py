"""A planted number is found where a person finds it in the file: page, line, table, row, cell."""

import io
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from docx import Document as open_word
from lxml import html
from openpyxl import load_workbook

from eval.formats import WRITERS, Content, Grid, Paragraph, tables_of
from reviewer.memo.places import Places
from reviewer.memo.texts import Texts
from reviewer.review import review
from reviewer.schema import Review, Span

PROSE, CELL = "7,654.32", "3,219.87"
ROW, COLUMN = 37, 2
Where = tuple[int | None, int]
"""Page and line."""


def paragraph(text: str, title: bool = False) -> Paragraph:
    return Paragraph(text, 0, is_title=title)


def table(rows: int, planted: bool) -> Grid:
    """One column of names, two of amounts."""
    cells = [("项目", "预算数（万元）", "支出数（万元）")]
    for number in range(1, rows):
        cells.append((f"第{number}批设备", f"{4000 + number}.50", f"{4000 + number}.25"))
    if planted:
        name, budget, _ = cells[ROW]
        cells[ROW] = (name, budget, CELL)
    return Grid(tuple(cells), tuple((0,) * 3 for _ in cells), header_rows=1)


@pytest.fixture(scope="module")
def report() -> Content:
    """Some pages of prose, two tables, the second of them over a page's end, and prose behind them."""
    filler = (
        "项目单位按照批准的方案组织实施，设备到货后逐台清点、安装和调试，验收资料由使用科室和资产管理岗位分别留存。"
    )
    return Content(
        "甲县医院2023年度部门整体支出绩效自评报告",
        (
            paragraph("甲县医院2023年度部门整体支出绩效自评报告", title=True),
            paragraph("一、设备购置"),
            *(paragraph(f"{filler * 3}") for _ in range(9)),
            table(4, planted=False),
            paragraph(f"{filler}全年支出{PROSE}万元，按合同约定支付。{filler}"),
            paragraph("二、明细"),
            table(45, planted=True),
            paragraph(filler),
        ),
    )


def in_lines(data: bytes, words: str) -> Where:
    lines = data.decode().split("\n")
    return None, next(number for number, line in enumerate(lines, 1) if words in line)


def in_word(data: bytes, words: str) -> Where:
    """The paragraph, those in cells counted, too."""
    paragraphs = open_word(io.BytesIO(data)).element.body.iter("{*}p")
    texts = ["".join(node.text or "" for node in found.iter("{*}t")) for found in paragraphs]
    return None, next(number for number, text in enumerate(texts, 1) if words in text)


def in_page(data: bytes, words: str) -> Where:
    """The paragraph of the article, the title above it the first, those in cells counted, too."""
    blocks = html.fromstring(data).xpath("//h1 | //*[@id='content']//*[self::p or self::th or self::td]")
    return None, next(number for number, block in enumerate(blocks, 1) if words in block.text_content())


def in_pdf(data: bytes, words: str) -> Where:
    """The page, and the line on it, by the heights at which its characters stand; the running header is one."""
    document = pypdfium2.PdfDocument(data)
    for page in range(len(document)):
        text = document[page].get_textpage()
        lines: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for index in range(text.count_chars()):
            left, bottom, _, _ = text.get_charbox(index, loose=True)
            if (char := text.get_text_range(index, 1)).strip():
                lines[round(bottom)].append((left, char))
        for number, height in enumerate(sorted(lines, reverse=True), 1):
            if words in "".join(char for _, char in sorted(lines[height])):
                return page + 1, number
    raise AssertionError(f"{words} is on no page")


def in_book(data: bytes, words: str) -> Where:
    value = float(words.replace(",", ""))
    for page, sheet in enumerate(load_workbook(io.BytesIO(data)).worksheets, 1):
        for row in sheet.iter_rows():
            if any(cell.value == value for cell in row):
                return page, row[0].row or 0
    raise AssertionError(f"{words} is on no sheet")


OUTSIDE: dict[str, Callable[[bytes, str], Where]] = {
    "txt": in_lines,
    "md": in_lines,
    "docx": in_word,
    "pdf": in_pdf,
    "html": in_page,
}


def reviewed(folder: Path, format: str, content: Content) -> tuple[Review, bytes]:
    path = folder / f"report.{format}"
    path.write_bytes(WRITERS[format](content))
    return review([path]), path.read_bytes()


def found(told: Review, words: str) -> Span:
    """Where the review has a number."""
    (quantity,) = (quantity for quantity in told.quantities if words in quantity.text)
    return quantity.span


@pytest.mark.parametrize("format", OUTSIDE)
def test_a_number_is_found_on_its_page_and_line(format: str, report: Content, tmp_path: Path) -> None:
    told, data = reviewed(tmp_path, format, report)
    for words in (PROSE, CELL):
        span = found(told, words)
        assert (span.page, span.line) == OUTSIDE[format](data, words)


@pytest.mark.parametrize("format", OUTSIDE)
def test_a_number_is_found_in_its_table_row_and_column(format: str, report: Content, tmp_path: Path) -> None:
    told, _ = reviewed(tmp_path, format, report)
    tables = [table.id for table in told.documents[0].tables]
    span = found(told, CELL)
    assert len(tables) == 2
    assert (span.table, span.row, span.column) == (tables[1], ROW, COLUMN)
    assert found(told, PROSE).table is None
    assert f"表2第{ROW + 1}行第{COLUMN + 1}列" in Places(told, Texts("zh")).where(span)


def test_a_number_is_found_in_its_cell_of_the_workbook(report: Content, tmp_path: Path) -> None:
    told, data = reviewed(tmp_path, "xlsx", tables_of(report))
    span = found(told, CELL)
    assert (span.page, span.line) == in_book(data, CELL)
    cell = told.documents[0].cell_at(span.start)
    assert cell is not None and cell.address == f"C{span.line}"
    assert f"C{span.line}" in Places(told, Texts("zh")).where(span)
