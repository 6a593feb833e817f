"""A table of a page stays a table: spans, headers, tables in tables; a table that only lays out the page does not."""

from pathlib import Path

import pytest

from reviewer.schema.source import Document
from tests.html.pages import read_page
from tests.xlsx.books import texts


def tables(body: str, folder: Path) -> tuple[Document, list[list[list[str]]]]:
    document = read_page(f"<html><body>{body}</body></html>", folder)
    return document, [texts(document, table) for table in document.tables]


def test_spans_cover_places_and_name_columns(tmp_path: Path) -> None:
    document, found = tables(
        "<table><thead><tr><th rowspan=2>项目<th colspan=2>预算数<th rowspan=2>决算数<tr><th>年初<th>调整后</thead>"
        "<tr><td>基本支出<td>620.50<td>627.61<td>627.61<tr><td>合计<td>868.50<td>921.61<td>892.36</table>",
        tmp_path,
    )
    assert found == [
        [
            ["项目", "预算数", "", "决算数"],
            ["", "年初", "调整后", ""],
            ["基本支出", "620.50", "627.61", "627.61"],
            ["合计", "868.50", "921.61", "892.36"],
        ]
    ]
    table = document.tables[0]
    assert table.header_rows == 2
    assert (table.rows[0][0].rows, table.rows[0][1].columns) == (2, 2)
    assert table.rows[0][2].covered and table.holder(table.rows[0][2]) is table.rows[0][1]
    assert document.locate(document.text.index("921.61"))[0] == 12


def test_a_form_saved_as_a_page_is_read_as_the_tables_it_holds(tmp_path: Path) -> None:
    document, found = tables(
        "<table><tr><td colspan=4>项目支出绩效自评表<tr><td>项目名称<td colspan=3>档案数字化"
        "<tr><td>主管部门<td>县档案局<td>实施单位<td>县档案馆"
        "<tr><td>三级指标<td>年度指标值<td>实际完成值<td>得分<tr><td>扫描页数<td>≥120万页<td>126.4万页<td>10"
        "<tr><td colspan=3>总分<td>10<tr><td colspan=4>填表人：叶知秋</table>",
        tmp_path,
    )
    assert [table[0][0] for table in found] == ["项目名称", "三级指标"]
    assert [table.header_rows for table in document.tables] == [0, 1]
    assert document.text.startswith("项目支出绩效自评表\n") and document.text.endswith("\n填表人：叶知秋")


@pytest.mark.parametrize(
    "body",
    [
        "<table><tr><td><p>第一段。</p><p>第二段。</p></td></tr></table>",
        "<table role=presentation><tr><td>第一段。</td><td>第二段。</td></tr></table>",
        "<table><tr><td>第一段。</td></tr><tr><td>第二段。</td></tr></table>",
    ],
)
def test_a_table_that_lays_out_the_page_is_no_table(tmp_path: Path, body: str) -> None:
    document, found = tables(body, tmp_path)
    assert found == []
    assert document.text == "第一段。\n第二段。"


def test_a_table_around_a_table_is_unwrapped_and_one_in_a_cell_follows(tmp_path: Path) -> None:
    inner = "<table><tr><td>年度<td>支出<tr><td>合计<td>868.50</table>"
    _, found = tables(f"<table><tr><td>导航<td>{inner}</td></tr></table>", tmp_path)
    assert found == [[["年度", "支出"], ["合计", "868.50"]]]
    outer = (
        "<table><tr><td>项目<td>说明与依据<td>金额合计数<tr><td>基本支出<td>按核定的人员编制和定额标准安排<td>627.61"
        f"<tr><td>项目支出<td>见右{inner}<td>264.75</table>"
    )
    _, found = tables(outer, tmp_path)
    assert found[0][2] == ["项目支出", "见右", "264.75"]
    assert found[1] == [["年度", "支出"], ["合计", "868.50"]]


def test_hidden_rows_and_captions(tmp_path: Path) -> None:
    document, found = tables(
        "<table><caption>单位：万元</caption><tr><th>项目<th>金额<tr style='display:none'><td>隐藏<td>9"
        "<tr><td>合计<td>868.50</table>",
        tmp_path,
    )
    assert found == [[["项目", "金额"], ["合计", "868.50"]]]
    assert document.text.startswith("单位：万元\n")
