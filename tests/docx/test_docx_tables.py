"""A table stays a table: every figure stands below its heading and beside its name."""

import io
import re
import zipfile

from reviewer.reading import docx
from reviewer.schema.source import Cell
from tests.docx.word_files import cells, p, paragraphs, r, read, tbl, tc, tr, word


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


DOWN, GOES_ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def test_merged_cells_keep_their_columns() -> None:
    """One cell too few and the budget stands in the column of the expenditure."""
    layout = read(
        tbl(
            tr(tc("科目", properties=DOWN), tc("预算", properties=span(2)), "执行"),
            tr(tc(properties=GOES_ON), "年初", "调整", "数"),
            tr("合计", "864.64", "703.34", "700.00"),
        )
    )
    assert cells(layout) == [
        ["科目", "预算", None, "执行"],
        [None, "年初", "调整", "数"],
        ["合计", "864.64", "703.34", "700.00"],
    ]
    first: Cell = layout.tables[0].rows[0][0]
    assert (first.rows, first.columns) == (2, 1)
    assert layout.tables[0].rows[0][1].columns == 2
    assert layout.tables[0].header_rows == 2


def test_a_heading_beside_an_empty_corner_belongs_to_the_table() -> None:
    """Taken for a caption, it would leave a column of scores without a name."""
    layout = read(tbl(tr("", "得分"), tr("产出指标", "48"), tr("效益指标", "28")))
    assert cells(layout) == [["", "得分"], ["产出指标", "48"], ["效益指标", "28"]]
    assert layout.tables[0].header_rows == 1


def test_columns_that_no_cell_begins_in_are_gone() -> None:
    """Word keeps a grid finer than the table that is drawn."""
    row = [tc(text, properties=span(3)) for text in ("甲", "1")]
    layout = read(tbl(tr(*row), tr(tc("乙", properties=span(3)), tc("2", properties=span(3)))))
    assert cells(layout) == [["甲", "1"], ["乙", "2"]]


def test_rows_may_begin_late_and_end_early() -> None:
    """A row that is set in keeps its figures below their headings."""
    before = '<w:gridBefore w:val="1"/>'
    layout = read(tbl(tr("甲", "乙", "丙"), tr("2", properties=before), tr("1", "2", "3")))
    assert cells(layout) == [["甲", "乙", "丙"], ["", "2", ""], ["1", "2", "3"]]


def test_cells_merged_the_old_way() -> None:
    """Converted files say hMerge where new ones say gridSpan."""
    layout = read(
        tbl(
            tr(tc("甲", properties='<w:hMerge w:val="restart"/>'), tc(properties="<w:hMerge/>"), "乙"),
            tr("1", "2", "3"),
        )
    )
    assert cells(layout) == [["甲", None, "乙"], ["1", "2", "3"]]
    assert layout.tables[0].rows[0][0].columns == 2


def test_a_continuation_of_nothing_is_a_cell() -> None:
    """Its figure would be lost in a damaged merge."""
    assert cells(read(tbl(tr(tc("9.5", properties=GOES_ON), "甲")))) == [["9.5", "甲"]]


def test_words_below_a_merged_cell_are_noted() -> None:
    """No page shows them, but no figure goes without a trace."""
    layout = read(tbl(tr(tc("甲", properties=DOWN), "1"), tr(tc("8.8", properties=GOES_ON), "2")))
    assert cells(layout) == [["甲", "1"], [None, "2"]]
    assert [(omission.text, omission.reason) for omission in layout.omitted] == [("8.8", "hidden")]


def test_an_impossible_width_is_one() -> None:
    """A claim of a billion columns is no table."""
    assert cells(read(tbl(tr(tc("甲", properties=span(10**8)), "1")))) == [["甲", "1"]]


def test_paragraphs_of_a_cell_are_one() -> None:
    """A name cut to fit its column is one word; two figures below each other are two."""
    layout = read(
        tbl(
            tr(tc("年初", "预算数"), tc("项目完成。", "资金到位。"), tc("1.甲", "2.乙")),
            tr(tc("12", "34"), tc("1,2", "66.90"), tc("abc", "def")),
        )
    )
    assert cells(layout) == [["年初预算数", "项目完成。 资金到位。", "1.甲 2.乙"], ["12 34", "1,266.90", "abc def"]]


def test_a_nested_table_stands_behind_the_outer_one() -> None:
    """Its figures would run together in one cell."""
    inner = tbl(tr("丙", "3.5"), tr("丁", "4.5"))
    layout = read(tbl(tr("甲", tc("见内表", inner, p())), tr("乙", "2")) + p("完"))
    assert layout.text == "甲\t见内表\n乙\t2\n丙\t3.5\n丁\t4.5\n完"
    assert [table.id for table in layout.tables] == ["d1t1", "d1t2"]


def test_a_frame_is_no_table() -> None:
    """Some offices put a whole report in a box of one cell; its chapters and tables must be found."""
    layout = read(tbl(tr(tc(p("一、概况"), tbl(tr("甲", "1"), tr("乙", "2")), p("二、目标")))))
    assert paragraphs(layout) == ["一、概况", "二、目标"]
    assert cells(layout) == [["甲", "1"], ["乙", "2"]]


def test_rows_marked_as_headings_name_the_columns() -> None:
    """Below unnamed columns no figure has a meaning."""
    named = "<w:tblHeader/>"
    layout = read(
        tbl(tr("指标", "2023", properties=named), tr("名称", "金额", properties=named), tr("甲", "1"))
        + tbl(tr("甲", "12.5"), tr("乙", "3"))
        + tbl(tr(tc("自评表", properties=span(2))), tr("指标", "得分"), tr("甲", "12"))
        + tbl(tr(tc("产出", properties=DOWN), "数量"), tr(tc(properties=GOES_ON), "质量"), tr("效益", "社会"))
    )
    assert [table.header_rows for table in layout.tables] == [2, 0, 1, 1]
    assert paragraphs(layout) == ["自评表"]


def test_an_empty_cell_has_a_place() -> None:
    """A missing value is shown where it should stand."""
    layout = read(p("甲") + tbl(tr("名称", "备注"), tr("乙", ""), tr("丙", "1")))
    lines = [[cell.span.line for cell in row] for row in layout.tables[0].rows]
    assert lines == [[2, 3], [4, 5], [6, 7]]


def test_a_hidden_row_is_left_out() -> None:
    """It is printed nowhere."""
    layout = read(tbl(tr("甲", "1"), tr("乙", r("2"), properties="<w:hidden/>"), tr("丙", "3")))
    assert cells(layout) == [["甲", "1"], ["丙", "3"]]


def test_the_strict_variant_is_read_alike() -> None:
    """「Strict Open XML」 is a choice in Word's save dialog."""
    numbering = '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
    numbering += '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    numbered = p("概况", properties='<w:numPr><w:numId w:val="1"/></w:numPr>')
    raw = io.BytesIO()
    usual = zipfile.ZipFile(io.BytesIO(word(numbered + tbl(tr("甲", "1"), tr("乙", "2")), numbering=numbering)))
    with usual, zipfile.ZipFile(raw, "w") as strict:
        for name in usual.namelist():
            content = usual.read(name).decode()
            content = re.sub(
                r"http://schemas.openxmlformats.org/(\w+)/2006/", r"http://purl.oclc.org/ooxml/\1/", content
            )
            strict.writestr(
                name,
                content.replace(
                    "http://purl.oclc.org/ooxml/package/", "http://schemas.openxmlformats.org/package/2006/"
                ),
            )
    assert b"purl.oclc.org/ooxml/wordprocessingml/main" in raw.getvalue()
    assert docx.lay_out(raw.getvalue(), "d1", "r.docx").text == "1、概况\n甲\t1\n乙\t2"
