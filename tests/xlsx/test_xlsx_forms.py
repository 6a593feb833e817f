"""A self-evaluation form gives up its errors, each at the cell where a person finds it."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from reviewer.review import review
from tests.xlsx.books import form_book, packed, paragraphs, read_book, texts


def findings(book: Workbook, folder: Path) -> list[tuple[str, str]]:
    """Codes with the address of the number each is about, failing that of the row."""
    path = folder / "form.xlsx"
    path.write_bytes(packed(book))
    result = review([path])
    document = result.documents[0]
    claims = {claim.id: claim for claim in result.claims}
    quantities = {quantity.id: quantity for quantity in result.quantities}
    found = []
    for finding in result.findings:
        claim = claims[finding.claims[0]] if finding.claims else None
        number = quantities[claim.result] if claim is not None and claim.result else None
        span = number.span if number else (claim.cue if claim and claim.cue else finding.evidence[0].span)
        cell = document.cell_at(span.start)
        found.append((finding.code, cell.address or "" if cell else ""))
    return found


def test_a_sound_form_has_no_errors(tmp_path: Path) -> None:
    assert findings(form_book(), tmp_path) == [("IND001", "D16")]


@pytest.mark.parametrize(
    ("address", "value", "code", "at"),
    [
        ("H18", 99.08, "SCO002", "H18"),
        ("H6", 0.95, "RAT001", "H6"),
        ("I6", 10.5, "SCO001", "I6"),
        ("F13", "2,900卷", "TGT001", "F13"),
    ],
)
def test_a_planted_error_is_found_at_its_cell(
    tmp_path: Path, address: str, value: str | float, code: str, at: str
) -> None:
    book = form_book()
    sheet = book.active
    assert sheet is not None
    if code == "TGT001":  # full marks for what was not reached
        sheet["H13"], sheet["H18"] = 15, 98.83
    sheet[address] = value
    assert (code, at) in findings(book, tmp_path)


def test_one_grid_is_read_as_the_tables_it_holds(tmp_path: Path) -> None:
    document = read_book(form_book(), tmp_path)
    assert paragraphs(document) == ["项目支出绩效自评表", "（2023年度）", "填表人：叶知秋", "联系电话：0672-5550148"]
    assert [table.header_rows for table in document.tables] == [0, 1, 1, 1]
    project, budget, goals, indicators = document.tables
    assert texts(document, project)[1] == ["主管部门", "砺阳县档案局", "实施单位", "砺阳县档案馆"]
    assert texts(document, budget)[0][2:] == ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    assert texts(document, budget)[1][1:] == ["年度资金总额", "120.00", "120.00", "118.00", "10", "98.33%", "9.83"]
    assert texts(document, goals)[0] == ["年度总体目标", "预期目标", "实际完成情况"]
    assert texts(document, indicators)[3][2:6] == ["质量指标", "扫描成品抽检合格率", "98%", "98.6%"]
    assert (document.unit, document.year) == ("砺阳县档案馆", 2023)


def test_merged_cells_keep_their_extent_and_every_cell_its_address(tmp_path: Path) -> None:
    document = read_book(form_book(), tmp_path)
    indicators = document.tables[3]
    label = indicators.rows[1][1]
    assert (label.address, label.rows, label.columns) == ("B12", 4, 1)
    below = indicators.rows[2][1]
    assert below.covered and indicators.holder(below) is label
    total = indicators.rows[-1][0]
    assert (total.address, total.columns) == ("A18", 6)
    rate = document.tables[1].rows[1][6]
    assert (rate.address, rate.span.line, rate.span.page) == ("H6", 6, 1)


def test_a_unit_in_a_merged_label_is_that_of_all_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(packed(form_book()))
    result = review([path])
    amounts = [q for q in result.quantities if q.text in ("120.00", "118.00")]
    assert len(amounts) == 6
    assert {q.unit for q in amounts} == {"万元"}
