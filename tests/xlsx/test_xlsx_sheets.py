"""What stands in a workbook is read once and nothing else is; what a person does not see is named, not read."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from reviewer.errors import EmptyReport
from reviewer.reading import read
from reviewer.schema.source import Document
from tests.xlsx.books import form_book, packed, paragraphs, read_book, rezipped, texts, with_strings

ROOT = Path(__file__).resolve().parents[2]
WITH_TABLES = ["baiyan-vocational-training-2023.md", "liyang-archives-2023.md", "luxi-rural-roads-2024.md"]


def accounts() -> Workbook:
    """A settlement table with a caption, a two-row header and a note."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "决算"
    for row in (
        ["2023年度收支决算表"],
        ["编制单位：砺阳县档案馆", None, None, "单位：万元"],
        ["项目", "预算数", None, "决算数"],
        [None, "年初", "调整后", None],
        ["基本支出", 620.5, 627.61, 627.61],
        ["项目支出", 248, 294, 264.75],
        ["合计", 868.5, 921.61, 892.36],
        [],
        ["注：本表数据取自2023年度部门决算。"],
    ):
        sheet.append(row)
    for area in ("A1:D1", "A3:A4", "B3:C3", "D3:D4"):
        sheet.merge_cells(area)
    for cells in sheet["B5:D7"]:
        for cell in cells:
            cell.number_format = "#,##0.00"
    return book


def notices(document: Document) -> list[tuple[str, int, str]]:
    return [(notice.kind, notice.count, notice.detail) for notice in document.notices]


def digits(text: str) -> str:
    return "".join(re.findall(r"[0-9]", text))


def test_captions_headers_and_notes_of_a_settlement_table(tmp_path: Path) -> None:
    document = read_book(accounts(), tmp_path)
    (table,) = document.tables
    assert paragraphs(document) == [
        "2023年度收支决算表",
        "编制单位：砺阳县档案馆",
        "单位：万元",
        "注：本表数据取自2023年度部门决算。",
    ]
    assert table.header_rows == 2
    assert texts(document, table) == [
        ["项目", "预算数", "", "决算数"],
        ["", "年初", "调整后", ""],
        ["基本支出", "620.50", "627.61", "627.61"],
        ["项目支出", "248.00", "294.00", "264.75"],
        ["合计", "868.50", "921.61", "892.36"],
    ]
    assert (document.unit, document.year) == ("砺阳县档案馆", 2023)


def test_hidden_rows_and_columns_are_left_out_and_named(tmp_path: Path) -> None:
    book = accounts()
    sheet = book.active
    assert sheet is not None
    sheet.row_dimensions[6].hidden = True
    sheet.column_dimensions["C"].hidden = True
    document = read_book(book, tmp_path)
    assert [row[0] for row in texts(document, document.tables[0])] == ["项目", "", "基本支出", "合计"]
    assert "294.00" not in document.text and "921.61" not in document.text
    assert notices(document) == [("hidden_rows", 1, "决算!6"), ("hidden_columns", 1, "决算!C")]
    hidden = [omission.text for omission in document.omitted if omission.reason == "hidden"]
    assert sorted(hidden) == sorted(["调整后", "627.61", "项目支出", "248.00", "294.00", "264.75", "921.61"])


def test_a_hidden_sheet_is_left_out_and_keeps_its_number(tmp_path: Path) -> None:
    book = accounts()
    other = book.create_sheet("参数", 0)
    other["A1"], other["B1"] = "口令", 424242
    other.sheet_state = "veryHidden"
    document = read_book(book, tmp_path)
    assert [(sheet.name, sheet.hidden) for sheet in document.sheets] == [("参数", True), ("决算", False)]
    assert "424242" not in document.text
    assert {block_page for block_page in (document.locate(b.start)[2] for b in document.blocks)} == {2}
    assert ("hidden_sheet", 1, "参数") in notices(document)


def test_a_formula_shows_its_cached_value_and_one_without_is_named(tmp_path: Path) -> None:
    book = accounts()
    sheet = book.active
    assert sheet is not None
    sheet["D7"] = "=SUM(D5:D6)"
    raw = packed(book)
    document = read_book(raw, tmp_path)
    assert texts(document, document.tables[0])[-1] == ["合计", "868.50", "921.61", ""]
    assert notices(document) == [("no_cached_value", 1, "决算!D7")]
    cached = rezipped(raw, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v></v>", b"<v>892.36</v>"))
    document = read_book(cached, tmp_path)
    assert texts(document, document.tables[0])[-1][-1] == "892.36"
    assert notices(document) == []


def test_errors_and_truth_values_read_as_they_print(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["执行率", "#DIV/0!", True])
    document = read_book(book, tmp_path)
    assert document.text == "执行率\t#DIV/0!\tTRUE"


def test_values_that_print_nothing_or_lie_under_a_merged_cell_are_named(tmp_path: Path) -> None:
    book = accounts()
    sheet = book.active
    assert sheet is not None
    sheet["F5"], sheet["F5"].number_format = 987654, ";;;"
    raw = rezipped(
        packed(book),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<c r="D3"', b'<c r="C3"><v>31337</v></c><c r="D3"'),
    )
    document = read_book(raw, tmp_path)
    assert not {"987654", "31337"} & set(re.findall(r"\d+", document.text))
    assert notices(document) == [("hidden_text", 2, "决算!C3, F5")]


def test_comments_macros_links_and_pictures_are_named_and_nothing_of_them_is_read(tmp_path: Path) -> None:
    book = accounts()
    assert book.active is not None
    book.active["B5"].comment = Comment("原为999.99", "审核人")
    raw = rezipped(packed(book), "xl/vbaProject.bin", lambda _: b"macro")
    raw = rezipped(raw, "xl/externalLinks/externalLink1.xml", lambda _: b"<externalLink/>")
    document = read_book(raw, tmp_path, "form.xlsm")
    assert "999.99" not in document.text
    assert notices(document) == [("comments", 1, "决算"), ("macros_ignored", 1, ""), ("external_ignored", 1, "")]


def test_a_break_inside_a_cell_tears_no_word_and_no_number(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["年初\n预算数", "第一项完成。\n第二项完成。", "12\n34", "a\tb"])
    document = read_book(book, tmp_path)
    assert document.text == "年初预算数\t第一项完成。 第二项完成。\t12 34\ta b"


def test_rich_text_and_escaped_characters(tmp_path: Path) -> None:
    strings = (
        "<si><r><t>执行</t></r><r><rPr><b/></rPr><t>率</t></r><rPh sb='0' eb='1'><t>zhixing</t></rPh></si>"
        "<si><t>98_x0025_</t></si>"
    )
    raw = with_strings('<row r="3"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>', strings)
    document = read_book(raw, tmp_path)
    assert document.text == "执行率\t98%"
    assert [cell.address for cell in document.tables[0].rows[0]] == ["A3", "B3"]


def test_every_number_of_the_file_is_read_once(tmp_path: Path) -> None:
    book = form_book()
    sheet = book.active
    assert sheet is not None
    sheet.row_dimensions[7].hidden = True
    document = read_book(book, tmp_path)
    printed = "".join(_as_printed(value) for row in sheet.iter_rows() for value in row)
    omitted = "".join(omission.text for omission in document.omitted)
    assert sorted(digits(document.text + omitted)) == sorted(digits(printed))


def _as_printed(cell: object) -> str:
    value, code = getattr(cell, "value", None), getattr(cell, "number_format", "General")
    if isinstance(value, str) or value is None:
        return value or ""
    if code.endswith("%"):
        return f"{100 * value:.{code.count('0') - 1}f}"
    return f"{value:.2f}" if code == "#,##0.00" else f"{value:g}"


def places(document: Document) -> Iterator[tuple[str, str, int, int | None]]:
    for table in document.tables:
        for row in table.rows:
            for cell in row:
                words = document.text[cell.span.start : cell.span.end]
                if words and cell.address:
                    yield words, cell.address, cell.span.line, cell.span.page


def test_a_planted_number_is_at_its_sheet_row_and_address(tmp_path: Path) -> None:
    book = accounts()
    second = book.create_sheet("附表")
    for number in range(40, 45):
        second.cell(number, 7, "项目")
        second.cell(number, 9, 100 + number)
    document = read_book(book, tmp_path)
    found = {words: rest for words, *rest in places(document)}
    assert found["264.75"] == ["D6", 6, 1]
    assert found["143"] == ["I43", 43, 2]


@pytest.mark.parametrize("name", WITH_TABLES)
def test_a_report_s_tables_are_the_same_in_a_workbook(tmp_path: Path, name: str) -> None:
    original = read(ROOT / "fixtures" / name, "d1")
    book = Workbook()
    for table in original.tables:
        sheet = book.create_sheet(table.id)
        sheet.append(["附表"])
        for row in texts(original, table):
            sheet.append(row)
    document = read_book(book, tmp_path)
    assert [texts(document, table) for table in document.tables] == [texts(original, t) for t in original.tables]
    assert [table.header_rows for table in document.tables] == [table.header_rows for table in original.tables]


def test_an_empty_workbook_holds_no_text(tmp_path: Path) -> None:
    with pytest.raises(EmptyReport):
        read_book(Workbook(), tmp_path)


def test_an_empty_row_cuts_off_no_total_but_parts_two_tables(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    rows: list[list[object]] = [["项目", "乡镇", "里程"], ["甲", "东镇", 5], ["乙", "西镇", 6], [], ["合计", None, 11]]
    rows += [[], ["表二 资产情况"], ["名称", "数量"], ["电脑", 5], ["打印机", 2]]
    for row in rows:
        book.active.append(row)
    document = read_book(book, tmp_path)
    assert [texts(document, table)[-1] for table in document.tables] == [["合计", "", "11"], ["打印机", "2"]]
    assert [table.header_rows for table in document.tables] == [1, 1]
    assert paragraphs(document) == ["表二 资产情况"]
