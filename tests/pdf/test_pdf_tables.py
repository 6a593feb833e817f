"""Tables of a PDF stay tables: every figure in its row and column, whichever way the lines are drawn; prose stays prose."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from reviewer.schema.source import Table
from tests.pdf.drawing import Drawing, omitted, paragraphs, rows

XS = (90, 200, 300, 400)
ROWS = [["项目", "预算数", "执行数"], ["基本支出", "1,000.00", "998.50"], ["项目支出", "200.00", "199.99"]]
YS = (150, 172, 194, 216)


def solid(drawing: Drawing) -> None:
    drawing.grid(XS, YS)


def dashed(drawing: Drawing) -> None:
    drawing.canvas.setDash(2, 2)
    drawing.grid(XS, YS)


def doubled(drawing: Drawing) -> None:
    for offset in (0, 2):
        drawing.grid([x + offset for x in XS], [y + offset for y in YS])


def thin_boxes(drawing: Drawing) -> None:
    for y in YS:
        drawing.box(XS[0], y, XS[-1], y + 0.5)
    for x in XS:
        drawing.box(x, YS[0], x + 0.5, YS[-1])


def cell_by_cell(drawing: Drawing) -> None:
    for left, right in pairwise(XS):
        for top, bottom in pairwise(YS):
            drawing.canvas.rect(left, drawing.height - bottom, right - left, bottom - top)


def open_sides(drawing: Drawing) -> None:
    for y in YS:
        drawing.rule(XS[0], y, XS[-1], y)
    for x in XS[1:-1]:
        drawing.rule(x, YS[0], x, YS[-1])


def rows_only(drawing: Drawing) -> None:
    for y in YS:
        drawing.rule(XS[0], y, XS[-1], y)


def three_lines(drawing: Drawing) -> None:
    for y in (YS[0], YS[1], YS[-1]):
        drawing.rule(XS[0], y, XS[-1], y)


def no_lines(drawing: Drawing) -> None:
    pass


@pytest.mark.parametrize(
    "lines",
    [solid, dashed, doubled, thin_boxes, cell_by_cell, open_sides, rows_only, three_lines, no_lines],
    ids=lambda lines: lines.__name__,
)
def test_a_table_is_found_however_its_lines_are_drawn(lines: Callable[[Drawing], None]) -> None:
    drawing = Drawing()
    drawing.put(90, 130, "表1 收支情况（单位：万元）")
    lines(drawing)
    drawing.words(XS, YS[0], ROWS)
    drawing.put(90, 260, "注：以上数据来自决算报表，与账面核对一致。")
    layout = drawing.read()
    assert rows(layout) == ROWS and layout.tables[0].header_rows == 1
    assert paragraphs(layout) == ["表1 收支情况（单位：万元）", "注：以上数据来自决算报表，与账面核对一致。"]


def test_every_figure_is_found_in_its_cell() -> None:
    drawing = Drawing()
    drawing.put(90, 130, "表1 收支")
    drawing.table(XS, 150, ROWS)
    layout = drawing.read()
    (table,) = layout.tables
    for number, (row, written) in enumerate(zip(table.rows, ROWS, strict=True)):
        for column, (cell, words) in enumerate(zip(row, written, strict=True)):
            span = cell.span
            assert layout.text[span.start : span.end] == words
            assert (span.page, span.line, span.row, span.column, span.table) == (1, number + 2, number, column, "d1t1")


def test_merged_cells_stand_once_and_cover_the_rest() -> None:
    drawing = Drawing()
    for y in (150, 194, 216):
        drawing.rule(90, y, 400, y)
    drawing.rule(200, 172, 400, 172)
    for x in (90, 200, 400):
        drawing.rule(x, 150, x, 216)
    drawing.rule(300, 172, 300, 216)
    drawing.put(95, 175, "项目", 10.5)
    drawing.put(280, 165, "预算数", 10.5)
    drawing.words((200, 300), 172, [["年初", "调整"]])
    drawing.words(XS, 194, [["基本支出", "1.00", "2.00"]])
    layout = drawing.read()
    (table,) = layout.tables
    assert rows(layout) == [["项目", "预算数", ""], ["", "年初", "调整"], ["基本支出", "1.00", "2.00"]]
    assert spans(table)[0] == [(2, 1, False), (1, 2, False), (1, 1, True)]
    assert spans(table)[1] == [(1, 1, True), (1, 1, False), (1, 1, False)]
    assert table.header_rows == 2


def spans(table: Table) -> list[list[tuple[int, int, bool]]]:
    return [[(cell.rows, cell.columns, cell.covered) for cell in row] for row in table.rows]


def test_lines_of_a_cell_are_joined_and_its_paragraphs_kept_apart() -> None:
    drawing = Drawing()
    xs = (90, 170, 310, 400)
    drawing.grid(xs, (150, 172, 240))
    drawing.words(xs, 150, [["指标", "偏差原因", "得分"]])
    drawing.put(95, 205, "满意度", 10.5)
    drawing.lines(
        175, 186, "年内受汛期影响，工程进度", "较慢，只完成了1,2", "34.5万元", "下年整改", size=10.5, leading=13
    )
    drawing.put(315, 205, "9.5", 10.5)
    assert rows(drawing.read())[1] == ["满意度", "年内受汛期影响，工程进度较慢，只完成了1,234.5万元 下年整改", "9.5"]


def test_a_number_wider_than_its_cell_stays_whole() -> None:
    drawing = Drawing()
    drawing.table((90, 140, 180, 220), 150, [["项目", "预算", "执行"], ["基本", "1,234,567.89", "98.50"]])
    assert rows(drawing.read())[1] == ["基本", "1,234,567.89", "98.50"]


def test_upright_writing_in_a_merged_cell_is_read() -> None:
    drawing = Drawing()
    drawing.grid(XS, (150, 230, 252))
    canvas = drawing.canvas
    canvas.saveState()
    canvas.translate(150, drawing.height - 220)
    canvas.rotate(90)
    drawing.canvas.setFont("STSong-Light", 10.5)
    canvas.drawString(0, 0, "产出50分")
    canvas.restoreState()
    drawing.put(205, 190, "完成率", 10.5)
    drawing.put(305, 190, "100%", 10.5)
    drawing.words(XS, 230, [["满意度", "90%", "95%"]])
    assert rows(drawing.read()) == [["产出50分", "完成率", "100%"], ["满意度", "90%", "95%"]]


LONG = [[f"项目{n}", f"{n}.25", f"{n}.75"] for n in range(1, 21)]


@pytest.mark.parametrize("repeated", [True, False], ids=["with its header again", "without"])
@pytest.mark.parametrize("ruled", [True, False], ids=["ruled", "no lines"])
def test_a_table_over_two_pages_is_one(repeated: bool, ruled: bool) -> None:
    drawing = Drawing()
    drawing.put(90, 50, "某局绩效自评报告", 9)
    drawing.put(90, 90, "表1")
    put = drawing.table if ruled else drawing.words
    put(XS, 100, [ROWS[0], *LONG[:12]])
    drawing.put(290, 810, "- 1 -", 9)
    drawing.page()
    drawing.put(90, 50, "某局绩效自评报告", 9)
    put(XS, 80, [*([ROWS[0]] if repeated else []), *LONG[12:]])
    drawing.put(90, 500, "完毕。")
    drawing.put(290, 810, "- 2 -", 9)
    layout = drawing.read()
    assert rows(layout) == [ROWS[0], *LONG]
    again = [words for _, reason, words in omitted(layout) if reason == "repeated_header"]
    assert again == (ROWS[0] if repeated else [])
    last = layout.tables[0].rows[-1][1].span
    assert last.page == 2 and paragraphs(layout) == ["表1", "完毕。"]


def test_a_row_cut_by_the_page_break_is_one_row() -> None:
    drawing = Drawing()
    xs = (90, 200, 330, 400)
    drawing.grid(xs, (700, 722, 790))
    drawing.words(xs, 700, [["指标", "偏差原因", "得分"]])
    drawing.put(95, 737, "满意度", 10.5)
    drawing.lines(205, 737, "年内受汛期影响，工程进", "度较慢，只完成原定计划", size=10.5, leading=16)
    drawing.put(335, 737, "9.5", 10.5)
    drawing.page()
    drawing.grid(xs, (60, 82, 104))
    drawing.put(205, 75, "的八成，共30万元。", 10.5)
    drawing.words(xs, 82, [["时效", "无", "10"]])
    assert rows(drawing.read()) == [
        ["指标", "偏差原因", "得分"],
        ["满意度", "年内受汛期影响，工程进度较慢，只完成原定计划的八成，共30万元。", "9.5"],
        ["时效", "无", "10"],
    ]


@pytest.mark.parametrize("first_is_finer", [True, False])
def test_a_form_whose_columns_differ_from_page_to_page_is_one(first_is_finer: bool) -> None:
    """Columns that no row of a page has are not drawn on it; the row that the break cut keeps its minus sign."""
    fine, coarse = (90, 170, 240, 300, 360, 420), (90, 170, 240, 300, 420)
    above, below = (fine, coarse) if first_is_finer else (coarse, fine)
    drawing = Drawing()
    drawing.grid(above, (720, 742, 764, 792))
    drawing.words(above, 720, [[f"列{n}" for n in range(1, len(above))], [f"{n}.5" for n in range(1, len(above))]])
    for x, words in zip(above, ("增长率", "接待读者和观", "-", "9.5"), strict=False):
        drawing.put(x + 5, 780, words, 10.5)
    drawing.page()
    drawing.grid(below, (60, 82, 104))
    drawing.put(below[1] + 5, 75, "众人次增长率", 10.5)
    drawing.put(below[2] + 5, 75, "1.35%", 10.5)
    drawing.words(below, 82, [[f"{n}.25" for n in range(1, len(below))]])
    layout = drawing.read()
    (table,) = layout.tables
    assert rows(layout)[2][:4] == ["增长率", "接待读者和观众人次增长率", "-1.35%", "9.5"]
    assert len(table.rows) == 4 and {len(row) for row in table.rows} == {5}
    wide = table.rows[3 if first_is_finer else 0][3]
    assert (wide.columns, layout.text[wide.span.start : wide.span.end]) == (2, "4.25" if first_is_finer else "列4")


def test_a_table_with_other_columns_on_the_next_page_is_another() -> None:
    drawing = Drawing()
    drawing.table((90, 200, 300, 420), 700, ROWS)
    drawing.page()
    drawing.table((90, 230, 330, 420), 60, ROWS)
    assert len(drawing.read().tables) == 2


def test_a_minus_sign_above_its_number_in_a_narrow_cell_is_its_sign() -> None:
    drawing = Drawing()
    drawing.grid(XS, (150, 172, 215))
    drawing.words(XS, 150, [["指标", "目标", "实际"]])
    drawing.words(XS, 172, [["增长率", "5%", ""]])
    drawing.lines(XS[2] + 5, 187, "-", "1.35", "%", size=10.5, leading=12)
    assert rows(drawing.read())[1] == ["增长率", "5%", "-1.35%"]


def test_two_tables_with_words_between_them_stay_two() -> None:
    drawing = Drawing()
    end = drawing.table(XS, 100, ROWS)
    drawing.put(90, end + 40, "表2 另一张表")
    drawing.table(XS, end + 60, ROWS)
    first, second = drawing.read().tables
    assert len(first.rows) == len(second.rows) == 3


COVER = (
    "单位名称：        某某局",
    "填报人：          张三",
    "联系电话：        12345678",
    "填报日期：        2024年3月1日",
)
CONTENTS = ("一、基本情况……………………1", "二、预算执行……………………3", "三、绩效分析……………………5", "四、存在问题……………………9")
SPACED = (
    "（一）预算  安排100万元，较上年 增长5%",
    "（二）预算  执行98万元，较上年 增长3%",
    "（三）资金  结余2万元，较上年 下降7%",
)


@pytest.mark.parametrize("lines", [COVER, CONTENTS, SPACED], ids=["cover", "contents", "blanks"])
def test_lines_that_only_look_aligned_are_no_table(lines: tuple[str, ...]) -> None:
    drawing = Drawing()
    drawing.lines(90, 150, *lines)
    layout = drawing.read()
    assert layout.tables == () and len(paragraphs(layout)) == len(lines)


def test_a_frame_around_text_and_underlines_make_no_table() -> None:
    drawing = Drawing()
    drawing.canvas.rect(60, 60, 475, 720)
    drawing.put(90, 150, "填报单位：某局")
    drawing.rule(150, 153, 260, 153)
    drawing.put(90, 180, "填报日期：2024年3月")
    drawing.rule(150, 183, 260, 183)
    layout = drawing.read()
    assert layout.tables == () and paragraphs(layout) == ["填报单位：某局", "填报日期：2024年3月"]


def test_words_beside_a_table_stay_outside() -> None:
    drawing = Drawing()
    drawing.table((150, 250, 350), 150, [["项目", "金额"], ["基本", "100.00"]])
    drawing.put(100, 165, "附7")
    layout = drawing.read()
    assert rows(layout) == [["项目", "金额"], ["基本", "100.00"]] and paragraphs(layout) == ["附7"]


def test_a_merged_cell_cut_by_a_page_break_without_a_line_is_read() -> None:
    # Browsers draw no line where the break cuts a merged cell, and none above the rest of it.
    drawing = Drawing()
    drawing.words(XS, 150, [["指标", "目标", "得分"], ["产出", "10件", "9.5"]])
    for y in (150, 172):
        drawing.rule(90, y, 400, y)
    drawing.rule(200, 194, 400, 194)
    for x in XS:
        drawing.rule(x, 150, x, 194)
    drawing.page()
    drawing.words(XS, 60, [["", "20次", "8.5"], ["效益", "好", "10"]])
    drawing.rule(200, 82, 400, 82)
    drawing.rule(90, 82, 200, 82)
    drawing.rule(90, 104, 400, 104)
    for x in XS:
        drawing.rule(x, 60, x, 104)
    assert rows(drawing.read()) == [
        ["指标", "目标", "得分"],
        ["产出", "10件", "9.5"],
        ["", "20次", "8.5"],
        ["效益", "好", "10"],
    ]


def test_a_full_cell_does_not_swallow_its_neighbours_words() -> None:
    drawing = Drawing()
    xs = (90, 174, 260)
    drawing.grid(xs, (150, 172))
    drawing.put(91, 165, "项目资金（万元）", 10.5)
    drawing.put(176, 165, "年度总额", 10.5)
    assert rows(drawing.read()) == [["项目资金（万元）", "年度总额"]]
