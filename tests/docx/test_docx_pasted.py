"""Text pasted into a Word file: a user who pastes it reads the same report, not one cut into lines."""

import pytest

from reviewer.errors import OversizedFile
from reviewer.reading import text
from reviewer.reading.docx import tables
from tests.docx.word_files import cells, p, paragraphs, r, read

_WRAPPED = """项目支出绩效自评报告
一、项目概况
2023年，中心按照年初预算安排，完成了基层文化站设备采购和场地改造，全年预算数为126.
50万元，全年执行数为118.25万元，资金全部用于设备采购、场地改造和人员培训三项工作，其中
设备采购支出64.10万元，场地改造支出39.15万元，人员培训支出15.00万元，各项支出均有合
同、发票和验收单据作为依据，没有超出批复的用途范围，也没有结转到下一年度继续使用的情
况。培训共举办12期，参加人员368人次，比上年增加45人次，参训人员对课程内容、授课方式和
组织服务的满意度为96.40%，高于年初设定的目标值，馆站两级的服务时间也按照方案的要求作
了延长，节假日照常对群众开放，接待读者和观众的人次比上年同期有了明显的上升，受到群众的
欢迎。
二、存在问题
绩效目标的设定还不够细，个别指标没有写明完成的时限和质量要求，年底对照的时候只能以文字
说明，今后要在编制预算的同时把指标值写清楚，做到每一个指标都有数可查、有据可依。
"""
_TABLE = ["指标\t年初目标\t实际完成\t得分", "培训期数\t12期\t12期\t10", "参训人次\t320人次\t368人次\t9", "合计\t\t\t19"]


def _tabbed(line: str) -> str:
    return "<w:r><w:tab/></w:r>".join(r(cell) for cell in line.split("\t"))


def _body(*lines: str) -> str:
    return "".join(p(_tabbed(line)) for line in lines)


def test_lines_broken_at_a_margin_are_joined_as_in_a_text_file() -> None:
    layout = read(_body(*_WRAPPED.splitlines()))
    assert layout.text == text.lay_out(_WRAPPED, "d1").text
    assert "全年预算数为126.50万元" in layout.text


def test_joined_lines_keep_the_places_of_their_paragraphs() -> None:
    layout = read(_body(*_WRAPPED.splitlines()))
    at = layout.text.index("50万元，全年执行数")
    run = [run for run in layout.lines if run.start <= at][-1]
    assert (run.line, run.column + at - run.start) == (4, 0)


def test_a_table_set_with_tabs_is_a_table() -> None:
    layout = read(_body("三、指标完成情况", *_TABLE, "以上得分经单位核对。"))
    assert cells(layout) == [line.split("\t") for line in _TABLE]
    assert paragraphs(layout) == ["三、指标完成情况", "以上得分经单位核对。"]
    empty = layout.tables[0].rows[3][1].span
    assert empty.line == 5


def test_labels_and_values_set_with_tabs_leave_the_paragraphs_around_them() -> None:
    torn = "全年组织培训和演练共计十二期并按要求完成了年度工作总结和资料归档，参训人员覆盖所有街道"
    layout = read(_body(torn, "下一年继续", "主管部门：\t文化局", "项目名称：\t文化站改造", torn, "下一年继续"))
    assert cells(layout) == [["主管部门：", "文化局"], ["项目名称：", "文化站改造"]]
    assert paragraphs(layout) == [torn, "下一年继续"] * 2


@pytest.mark.parametrize("indent", ["\t", "\t\t"])
def test_a_tab_that_sets_a_paragraph_in_is_no_column(indent: str) -> None:
    layout = read(_body(*[f"{indent}第{n}项工作已经完成，支出{n}.20万元。" for n in (3, 4, 5)]))
    assert not layout.tables
    assert paragraphs(layout) == [f"第{n}项工作已经完成，支出{n}.20万元。" for n in (3, 4, 5)]


def test_marks_of_markdown_are_no_words() -> None:
    layout = read(
        _body("# 自评报告", "**一是目标不细。**全年只有2项指标写明时限。", "|项目|金额|", "|---|---|", "|培训|15|")
    )
    assert [block.heading_level for block in layout.blocks] == [1, None, None]
    assert paragraphs(layout)[1] == "一是目标不细。全年只有2项指标写明时限。"
    assert cells(layout) == [["项目", "金额"], ["培训", "15"]]


def test_paragraphs_of_a_word_processor_stay_apart() -> None:
    """Long paragraphs without a stop at their end are not half sentences where nothing else is broken."""
    long = "完成了基层文化站的设备采购和场地改造，全年共举办各类培训班十二期，参加人员三百余人次"
    bodies = [f"{long}，得分{n}分" for n in range(1, 5)]
    assert paragraphs(read(_body(*bodies))) == bodies


def test_bold_openings_of_joined_lines_are_known() -> None:
    lines = _WRAPPED.splitlines()
    bold, rest = lines[2][:6], lines[2][6:]
    body = _body(*lines[:2]) + p(r(bold, "<w:b/>"), r(rest)) + _body(*lines[3:])
    block = next(block for block in read(body).blocks if block.bold_end)
    assert block.bold_end == block.start + len(bold)


def test_tables_set_with_tabs_are_bounded_like_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_CELLS", 8)
    with pytest.raises(OversizedFile, match="8 cells"):
        read(_body(*_TABLE))
