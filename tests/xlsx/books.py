"""Workbooks for the tests, as bureaus fill them in."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from reviewer.reading import read
from reviewer.schema.source import Document, Table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"

INDICATORS = [
    ("产出指标", "数量指标", "馆藏档案扫描页数", "≥120万页", "126.4万页", 15, 15),
    ("", "", "接收进馆档案卷数", "≥3,200卷", "3,040卷", 15, 14.25),
    ("", "质量指标", "扫描成品抽检合格率", 0.98, 0.986, 10, 10),
    ("", "时效指标", "查档平均答复时间", "≤2个工作日", "1.5个工作日", 10, 10),
    ("效益指标", "社会效益指标", "群众查档便利程度", "持续改善", "持续改善", 30, 29),
    ("满意度指标", "服务对象满意度指标", "查档群众满意度", "≥95%", "96.33%", 10, 10),
]


def form(sheet: Worksheet) -> None:
    """The ministry's self-evaluation form of a project, with merged cells in both directions."""
    sheet.title = "项目自评表"
    rows: list[list[object]] = [
        ["项目支出绩效自评表"],
        ["（2023年度）"],
        ["项目名称", "", "", "馆藏档案数字化项目"],
        ["主管部门", "", "", "砺阳县档案局", "", "实施单位", "", "砺阳县档案馆"],
        ["项目资金（万元）", "", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
        ["", "年度资金总额", "", 120, 120, 118, 10, 118 / 120, 9.83],
        ["", "其中：当年财政拨款", "", 120, 120, 118, "—", 118 / 120, "—"],
        ["", "其他资金", "", 0, 0, 0, "—", "", "—"],
        ["年度总体目标", "预期目标", "", "", "", "实际完成情况"],
        ["", "完成馆藏扫描120万页以上，接收进馆档案3,200卷以上。", "", "", "", "全年扫描126.4万页，接收档案3,040卷。"],
        [
            "绩效指标",
            "一级指标",
            "二级指标",
            "三级指标",
            "年度指标值",
            "实际完成值",
            "分值",
            "得分",
            "偏差原因分析及改进措施",
        ],
    ]
    rows += [["", *row] for row in INDICATORS]
    rows.append(["总分", "", "", "", "", "", 100, 98.08])
    rows.append(["填表人：叶知秋", "", "", "联系电话：0672-5550148"])
    for row in rows:
        sheet.append([value if value != "" else None for value in row])
    merged = [
        "A1:I1",
        "A2:I2",
        "A3:C3",
        "D3:I3",
        "A4:C4",
        "D4:E4",
        "F4:G4",
        "H4:I4",
        "A5:A8",
        "B5:C5",
        "B6:C6",
        "B7:C7",
    ]
    merged += ["B8:C8", "A9:A10", "B9:E9", "F9:I9", "B10:E10", "F10:I10", "A11:A17", "B12:B15", "C12:C13", "A18:F18"]
    for area in merged:
        sheet.merge_cells(area)
    for address in ("H6", "H7"):
        sheet[address].number_format = "0.00%"
    for column in "DEF":
        for number in (6, 7, 8):
            sheet[f"{column}{number}"].number_format = "#,##0.00"
    sheet["E14"].number_format = "0%"
    sheet["F14"].number_format = "0.0%"


def form_book() -> Workbook:
    """A workbook that holds the form alone."""
    book = Workbook()
    assert book.active is not None
    form(book.active)
    return book


def packed(book: Workbook) -> bytes:
    """The workbook's bytes."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read_book(book: Workbook | bytes, folder: Path, name: str = "form.xlsx") -> Document:
    """The workbook as the reviewer reads it."""
    path = folder / name
    path.write_bytes(book if isinstance(book, bytes) else packed(book))
    return read(path, "d1")


def texts(document: Document, table: Table) -> list[list[str]]:
    """The words of a table's cells."""
    return [[document.text[cell.span.start : cell.span.end] for cell in row] for row in table.rows]


def paragraphs(document: Document) -> list[str]:
    """The words of the paragraphs."""
    return [document.text[block.start : block.end] for block in document.blocks if block.kind == "paragraph"]


def rezipped(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The file with one part changed, or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for part in source.namelist():
            changed.writestr(part, change(source.read(part)) if part == name else source.read(part))
        if name not in source.namelist():
            changed.writestr(name, change(b""))
    return target.getvalue()


def with_sheet(rows: str, after: str = "") -> bytes:
    """A workbook whose only sheet is written by hand."""
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return rezipped(packed(form_book()), SHEET, lambda _: xml.encode())


def with_strings(rows: str, strings: str) -> bytes:
    """A workbook written by hand whose cells name shared strings, as Excel and WPS write them."""
    relation = (
        b'<Relationship Id="rIdS" Target="sharedStrings.xml" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    raw = rezipped(
        with_sheet(rows),
        "xl/_rels/workbook.xml.rels",
        lambda xml: xml.replace(b"</Relationships>", relation),
    )
    return rezipped(raw, "xl/sharedStrings.xml", lambda _: f'<sst xmlns="{MAIN}">{strings}</sst>'.encode())
