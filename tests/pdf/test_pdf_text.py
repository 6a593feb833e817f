"""Words of a PDF's pages: nothing lost or made up, torn sentences joined, margins out of the way, every place exact."""

import pytest
from reportlab.lib.units import mm  # type: ignore[import-untyped]

from reviewer.reading.paged.strips import strips_of
from reviewer.reading.pdf.ideographs import unified
from tests.pdf.drawing import SONG, WIDTH, Drawing, omitted, paragraphs

WRAPPED = (
    "　　本项目按照年度计划组织实施，各项工作有序",
    "推进。全年共安排资金1,234.56万元，实际支出1,2",
    "00.00万元，执行率97.20%，结余资金已按规定上缴",
    "国库，没有截留挪用。",
    "　　群众满意度调查共发出问卷200份，收回196份，",
    "满意度为95.5%，比上年提高1.2个百分点，主要是",
    "办事流程更加简便。",
)


def wrapped(drawing: Drawing, y: float = 100) -> None:
    """Two paragraphs set as word processors do, the first line of each set in."""
    for number, line in enumerate(WRAPPED):
        bare = line.lstrip("　")
        drawing.put(90 + 12 * (len(line) - len(bare)), y + 20 * number, bare)


def test_lines_are_joined_to_paragraphs_and_a_number_on_two_lines_is_one() -> None:
    drawing = Drawing()
    wrapped(drawing)
    first, second = paragraphs(drawing.read())
    assert "实际支出1,200.00万元，执行率97.20%" in first and first.endswith("截留挪用。")
    assert second.startswith("群众满意度") and "主要是办事流程" in second


def test_a_sentence_goes_on_over_the_page_break() -> None:
    drawing = Drawing()
    for number, line in enumerate(WRAPPED[:2]):
        drawing.put(114 if number == 0 else 90, 700 + 20 * number, line.lstrip("　"))
    drawing.put(290, 810, "— 1 —", 10)
    drawing.page()
    for number, line in enumerate(WRAPPED[2:]):
        drawing.put(114 if line.startswith("　") else 90, 80 + 20 * number, line.lstrip("　"))
    drawing.put(290, 810, "— 2 —", 10)
    layout = drawing.read()
    assert len(paragraphs(layout)) == 2 and "1,200.00万元" in layout.text
    assert omitted(layout) == [(1, "page_number", "— 1 —"), (2, "page_number", "— 2 —")]


def test_every_character_is_found_on_its_page_and_line() -> None:
    drawing = Drawing()
    drawing.put(90, 60, "某局绩效自评", 9)
    wrapped(drawing)
    drawing.page()
    drawing.put(90, 60, "某局绩效自评", 9)
    drawing.lines(114, 100, "第二页共有3个问题。", "其中2个已经整改。")
    layout = drawing.read()
    starts = [run.start for run in layout.lines]

    def place(words: str) -> tuple[int | None, int, int]:
        at = layout.text.index(words)
        run = layout.lines[max(index for index, start in enumerate(starts) if start <= at)]
        return run.page, run.line, run.column + at - run.start

    # The header is line 1 of its page.
    assert place("1,234.56") == (1, 3, WRAPPED[1].index("1,234.56"))
    assert place("97.20%") == (1, 4, WRAPPED[2].index("97.20%"))
    assert place("200份") == (1, 6, WRAPPED[4].lstrip("　").index("200份"))
    assert place("2个已经") == (2, 3, 2)


def test_headers_footers_and_page_numbers_are_left_out_and_kept_apart() -> None:
    drawing = Drawing()
    for page in (1, 2, 3):
        drawing.put(90, 50, "某局2023年度部门整体支出绩效自评报告", 9)
        drawing.put(90, 100, f"第{page}章的内容，共{page * 7}项任务。")
        drawing.put(90, 800, "某局办公室编制", 9)
        drawing.put(290, 820, str(page + 4), 9)
        drawing.page()
    layout = drawing.read()
    assert paragraphs(layout) == [f"第{page}章的内容，共{page * 7}项任务。" for page in (1, 2, 3)]
    reasons = [(page, reason) for page, reason, _ in omitted(layout)]
    assert reasons == [(page, reason) for page in (1, 2, 3) for reason in ("header", "footer", "page_number")]


def test_a_line_at_the_top_of_several_pages_whose_figures_differ_is_no_header() -> None:
    drawing = Drawing()
    for page in (1, 2, 3):
        drawing.put(90, 90, f"本项目支出{page * page}00.00万元。")
        drawing.put(90, 400, f"说明{'一二三'[page - 1]}。")
        drawing.page()
    layout = drawing.read()
    assert "400.00" in layout.text and layout.omitted == ()


def test_the_title_that_each_form_begins_with_is_no_header() -> None:
    drawing = Drawing()
    for name in ("甲", "乙"):
        drawing.put(200, 80, "项目支出绩效自评表", 18)
        drawing.put(90, 130, f"项目名称：{name}，金额3万元。")
        drawing.page()
    assert drawing.read().text.count("项目支出绩效自评表") == 2


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"左栏第{n}行的文字说明了工作情况和成效，没有" for n in "一二三四五六七八九"]
    right = [f"右栏第{n}行的文字说明了存在问题和原因，没有" for n in "一二三四五六七八九"]
    drawing = Drawing()
    drawing.put(250, 60, "工作简报", 16)
    drawing.lines(50, 100, *left, size=11)
    drawing.lines(310, 100, *right, size=11)
    text = drawing.read().text
    assert text.index("左栏第九行") < text.index("右栏第一行") and text.startswith("工作简报")


def test_clearly_larger_type_makes_a_heading_and_bold_is_seen() -> None:
    drawing = Drawing()
    drawing.put(90, 60, "某局2023年度绩效自评报告", 22)
    wrapped(drawing)
    drawing.canvas.saveState()
    bold = drawing.canvas.beginText(90, drawing.height - 300)
    bold.setTextRenderMode(2)
    bold.setFont(SONG, 12)
    bold.textOut("总体结论")
    drawing.canvas.drawText(bold)
    drawing.canvas.restoreState()
    drawing.put(90, 330, "自评得分95分。")
    layout = drawing.read()
    title, *_, conclusion, last = layout.blocks
    assert (title.heading_level, last.heading_level) == (1, None)
    assert layout.text[conclusion.start : conclusion.end] == "总体结论" and conclusion.bold_end == conclusion.end
    assert last.bold_end is None


def test_words_drawn_twice_are_read_once() -> None:
    drawing = Drawing()
    for offset in (0, 0.4):
        drawing.put(90 + offset, 100, "预算1,122.33万元")
    assert drawing.read().text == "预算1,122.33万元"


def test_what_is_not_seen_on_the_page_is_left_out_and_said() -> None:
    drawing = Drawing()
    drawing.put(90, 100, "预算100万元，")
    drawing.put(190, 100, "原稿200万元")
    drawing.box(188, 80, 300, 110, grey=1)
    unseen = drawing.canvas.beginText(90, 600)
    unseen.setTextRenderMode(3)
    unseen.setFont(SONG, 12)
    unseen.textLine("看不见的300万元")
    drawing.canvas.drawText(unseen)
    layout = drawing.read()
    assert layout.text == "预算100万元，"
    assert {(reason, words) for _, reason, words in omitted(layout)} == {
        ("hidden", "原稿200万元"),
        ("hidden", "看不见的300万元"),
    }
    assert [(notice.kind, notice.pages) for notice in layout.notices] == [("hidden_text", (1,))]


def test_text_on_a_white_ground_that_was_drawn_before_it_is_read() -> None:
    drawing = Drawing()
    drawing.box(80, 80, 300, 110, grey=1)
    drawing.put(90, 100, "预算100万元")
    assert drawing.read().text == "预算100万元"


def test_a_watermark_is_no_part_of_a_sentence() -> None:
    drawing = Drawing()
    wrapped(drawing)
    canvas = drawing.canvas
    canvas.saveState()
    canvas.translate(150, 300)
    canvas.rotate(40)
    canvas.setFillGray(0.8)
    canvas.setFont(SONG, 48)
    canvas.drawString(0, 0, "内部资料2023")
    canvas.restoreState()
    layout = drawing.read()
    assert "内部" not in layout.text and omitted(layout) == [(1, "watermark", "内部资料2023")]


def test_text_along_the_side_of_the_page_is_no_part_of_a_sentence() -> None:
    drawing = Drawing()
    wrapped(drawing)
    canvas = drawing.canvas
    canvas.saveState()
    canvas.translate(70, 600)
    canvas.rotate(90)
    canvas.setFont(SONG, 12)
    canvas.drawString(0, 0, "装订线内请勿答题")
    canvas.restoreState()
    layout = drawing.read()
    assert len(paragraphs(layout)) == 2 and "装订线" not in layout.text
    assert [words for _, _, words in omitted(layout)] == ["装订线内请勿答题"]


def test_a_footnote_mark_does_not_become_a_digit_of_the_number_before_it() -> None:
    drawing = Drawing()
    drawing.put(90, 100, "总分98.5", 14)
    drawing.put(147, 94, "2", 7)
    drawing.put(152, 100, "分，良好", 14)
    assert drawing.read().text == "总分98.5 2分，良好"


def test_wide_letter_spacing_does_not_tear_a_number() -> None:
    drawing = Drawing()
    text = drawing.canvas.beginText(90, 700)
    text.setFont(SONG, 12)
    text.setCharSpace(4)
    text.textLine("年初预算1,234.56万元")
    drawing.canvas.drawText(text)
    assert drawing.read().text == "年初预算1,234.56万元"


def test_a_blank_that_is_not_seen_does_not_tear_a_number() -> None:
    drawing = Drawing()
    text = drawing.canvas.beginText(90, 700)
    text.setFont("Helvetica", 12)
    text.setWordSpace(-12 * 0.278)
    text.textLine("Budget: 1,2 34. 56")
    drawing.canvas.drawText(text)
    assert drawing.read().text == "Budget:1,234.56"


def test_two_figures_side_by_side_stay_two() -> None:
    drawing = Drawing()
    drawing.put(90, 100, "120.50")
    drawing.put(140, 100, "118.75")
    assert drawing.read().text == "120.50 118.75"


def test_radicals_become_the_ideographs_they_look_like() -> None:
    drawing = Drawing()
    drawing.put(90, 100, "⼀、⻬抓共管⾦额12万元")
    layout = drawing.read()
    assert layout.text == "一、齐抓共管金额12万元"
    assert [(notice.kind, notice.count) for notice in layout.notices] == [("radicals_mapped", 3)]


def test_every_radical_and_compatibility_ideograph_becomes_one_other_character() -> None:
    assert unified("⻅") == "见" and unified("⾏") == "行" and unified("\uf9fd") == "什"
    for code in (*range(0x2E80, 0x2FD6), *range(0xF900, 0xFAD9)):
        char = chr(code)
        assert len(unified(char)) == 1
        # Unassigned codes, a few unified ideographs that stand in the block, and one radical without an equivalent.
        if unified(char) == char:
            assert code in {0x2E80, 0x2E9A, *range(0x2EF4, 0x2F00)} or 0xFA0E <= code <= 0xFA6F, hex(code)
    assert unified("预") == "预" and unified("1") == "1"


@pytest.mark.parametrize("turns", [90, 180, 270])
def test_a_turned_page_reads_the_same(turns: int) -> None:
    upright, turned = Drawing(), Drawing(rotation=turns)
    for drawing in (upright, turned):
        drawing.put(90, 100, "预算安排情况")
        drawing.table([90, 200, 300], 130, [["项目", "金额"], ["办公费", "12.30"]])
    assert turned.read().text == upright.read().text != ""


def test_a_table_set_sideways_on_an_upright_page_is_read_upright() -> None:
    drawing = Drawing()
    canvas = drawing.canvas
    canvas.translate(WIDTH, 0)
    canvas.rotate(90)
    drawing.height = WIDTH
    drawing.table([90, 200, 300], 130, [["项目", "金额"], ["办公费", "12.30"]])
    assert drawing.read().text == "项目\t金额\n办公费\t12.30"


def test_words_outside_the_page_are_not_read() -> None:
    drawing = Drawing()
    drawing.canvas.setCropBox((0, 0, 200 * mm, 297 * mm))
    drawing.put(90, 100, "页面内容8件")
    drawing.put(203 * mm, 100, "页外9件")
    assert drawing.read().text == "页面内容8件"


def test_entries_of_a_form_to_fill_in_are_read() -> None:
    drawing = Drawing()
    drawing.put(90, 100, "Budget:")
    place = {"x": 140, "y": drawing.height - 106, "width": 120, "height": 18}
    drawing.canvas.acroForm.textfield(name="budget", value="1234.56", fontSize=12, **place)
    assert "1234.56" in drawing.read().text


def test_strips_of_nothing_are_none() -> None:
    assert strips_of(1, []) == []
