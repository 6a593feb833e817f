"""Automatic numbers are printed but not stored: without them the outline of a report is gone."""

import pytest

from reviewer.reading.numerals import printed
from tests.docx.word_files import p, paragraphs, read, tbl, tr


def level(at: int, form: str, text: str, extra: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{extra}<w:lvlText w:val="{text}"/></w:lvl>'
    )


NOTHING = '<w:suff w:val="nothing"/>'
CHAPTERS = (
    level(0, "chineseCountingThousand", "%1、", NOTHING)
    + level(1, "japaneseCounting", "（%2）")
    + level(2, "decimal", "%3.")
    + level(3, "decimalEnclosedCircle", "%4")
    + level(4, "bullet", "\uf06c")
)


def lists(*nums: str, abstract: str = CHAPTERS, more: str = "") -> str:
    defined = f'<w:abstractNum w:abstractNumId="7">{abstract}</w:abstractNum>{more}'
    return defined + "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="7"/>{inner}</w:num>' for number, inner in enumerate(nums, 1)
    )


def item(text: str, at: int | None = 0, num: int = 1, more: str = "") -> str:
    level_named = "" if at is None else f'<w:ilvl w:val="{at}"/>'
    return p(text, properties=f'{more}<w:numPr>{level_named}<w:numId w:val="{num}"/></w:numPr>')


def test_chapters_are_numbered_as_printed() -> None:
    """一、（一）1. ① nest and start again below each chapter."""
    layout = read(
        item("概况")
        + item("职能", 1)
        + item("人员", 1)
        + p("正文")
        + item("在编", 2)
        + item("男", 3)
        + item("女", 3)
        + item("要点", 4)
        + item("编外", 2)
        + item("目标")
        + item("总体", 1)
        + item("数量", 2),
        numbering=lists(""),
    )
    assert paragraphs(layout) == (
        [
            "一、概况",
            "（一）职能",
            "（二）人员",
            "正文",
            "1. 在编",
            "①男",
            "②女",
            "要点",
            "2. 编外",
            "二、目标",
            "（一）总体",
            "1. 数量",
        ]
    )


def test_a_number_is_inserted_and_points_to_its_paragraph() -> None:
    """The heading of a chapter would be looked up in the paragraph above it."""
    layout = read(p("封面") + p() + item("概况12"), numbering=lists(""))
    offset = layout.text.index("一、")
    run = [run for run in layout.lines if run.start <= offset][-1]
    assert (run.start, run.line, run.column) == (offset, 3, 0)
    assert layout.lines[-1].start == layout.text.index("概况") and layout.lines[-1].column == 0


def test_levels_are_joined_by_their_text() -> None:
    """1.2.1 runs into a figure behind it unless a gap is kept."""
    abstract = (
        level(0, "upperRoman", "%1.")
        + level(1, "decimal", "%1.%2", "<w:isLgl/>")
        + level(2, "lowerLetter", "%1.%2.%3)", '<w:suff w:val="space"/>')
    )
    layout = read(
        item("甲") + item("乙") + item("2023年", 1) + item("丙", 1) + item("丁", 2),
        numbering=lists("", abstract=abstract),
    )
    assert paragraphs(layout) == ["I. 甲", "II. 乙", "2.1 2023年", "2.2 丙", "II.2.a) 丁"]


def test_lists_share_a_definition_until_one_starts_again() -> None:
    """A second list that went on at 3 would look like two items left out."""
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "decimal", "(%1)", NOTHING)}</w:lvlOverride>'
    layout = read(
        item("甲") + item("乙") + item("丙", num=2) + item("丁", num=3) + item("戊", num=3) + item("己", num=4),
        numbering=lists("", "", override, own),
    )
    assert paragraphs(layout) == ["一、甲", "二、乙", "三、丙", "一、丁", "二、戊", "(3)己"]


def test_a_level_may_count_on() -> None:
    """Clauses numbered through all chapters are not repeated numbers."""
    abstract = level(0, "decimal", "第%1章") + level(1, "decimal", "第%2条", '<w:lvlRestart w:val="0"/>')
    layout = read(
        item("甲") + item("一", 1) + item("二", 1) + item("乙") + item("三", 1), numbering=lists("", abstract=abstract)
    )
    assert paragraphs(layout) == ["第1章甲", "第1条一", "第2条二", "第2章乙", "第3条三"]


def test_numbers_come_from_styles_too() -> None:
    """Most templates number headings by style; the paragraphs themselves say nothing."""
    styles = (
        '<w:style w:type="paragraph" w:styleId="h1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="h2"><w:name w:val="heading 2"/><w:basedOn w:val="h1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="own"><w:basedOn w:val="h1"/></w:style>'
        '<w:style w:type="numbering" w:styleId="link"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    linked = '<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="link"/></w:abstractNum>'
    abstract = level(0, "chineseCounting", "%1、") + level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="h2"/>')
    numbering = lists("", abstract=abstract, more=linked) + '<w:num w:numId="9"><w:abstractNumId w:val="8"/></w:num>'
    layout = read(
        p("概况", properties='<w:pStyle w:val="h1"/>')
        + p("职能", properties='<w:pStyle w:val="h2"/>')
        + p("目标", properties='<w:pStyle w:val="own"/>')
        + p("总体", properties='<w:pStyle w:val="own"/><w:numPr><w:ilvl w:val="1"/></w:numPr>')
        + item("无", num=0, more='<w:pStyle w:val="h1"/>')
        + item("附", num=9),
        styles=styles,
        numbering=numbering,
    )
    assert paragraphs(layout) == ["一、概况", "（一）职能", "二、目标", "（一）总体", "无", "一、附"]
    assert [block.heading_level for block in layout.blocks] == [1, 2, 1, 1, 1, None]


def test_rows_are_numbered_in_cells() -> None:
    """序号 is often automatic; the row would begin with an empty cell."""
    cell = f"<w:tc>{item('', 2)}</w:tc>"
    layout = read(tbl(tr(cell, "甲"), tr(cell, "乙")), numbering=lists(""))
    assert layout.text == "1.\t甲\n2.\t乙"
    assert [(run.start, run.line) for run in layout.lines] == [(0, 1), (3, 2), (5, 3), (8, 4)]


def test_an_empty_numbered_paragraph_counts_but_says_nothing() -> None:
    """Word prints 二、 there; as a paragraph of its own it would be a heading without words."""
    assert paragraphs(read(item("甲") + item("") + item("丙"), numbering=lists(""))) == ["一、甲", "三、丙"]


def test_unknown_lists_are_no_lists() -> None:
    """A paragraph that names a list the file lost keeps its words."""
    assert paragraphs(read(item("甲", num=5) + item("乙", 8), numbering=lists(""))) == ["甲", "乙"]
    assert paragraphs(read(item("甲"))) == ["甲"]


@pytest.mark.parametrize(
    ("form", "counts", "signs"),
    [
        ("decimal", [1, 12], "1 12"),
        ("decimalZero", [1, 12], "01 12"),
        ("decimalFullWidth", [1, 12], "１ １２"),
        ("chineseCounting", [1, 10, 11, 20, 99, 101, 110, 1010], "一 十 十一 二十 九十九 一百零一 一百一十 一千零一十"),
        ("ideographDigital", [1, 10, 21], "一 一〇 二一"),
        ("chineseLegalSimplified", [1, 10, 21], "壹 壹拾 贰拾壹"),
        ("ideographTraditional", [1, 10, 11], "甲 癸 11"),
        ("ideographZodiac", [1, 12], "子 亥"),
        ("decimalEnclosedCircle", [1, 20, 21, 36, 51], "① ⑳ ㉑ ㊱ 51"),
        ("decimalEnclosedParen", [1, 20], "⑴ ⒇"),
        ("decimalEnclosedFullstop", [1], "⒈"),
        ("ideographEnclosedCircle", [1, 10], "㊀ ㊉"),
        ("lowerRoman", [1, 4, 9, 14, 1990], "i iv ix xiv mcmxc"),
        ("upperLetter", [1, 26, 27, 53], "A Z AA AAA"),
        ("ordinal", [1, 2, 3, 11, 22], "1st 2nd 3rd 11th 22nd"),
        ("unheard of", [3], "3"),
    ],
)
def test_forms_of_numbers(form: str, counts: list[int], signs: str) -> None:
    """A chapter 十一 printed as 一一 would not follow 十."""
    assert " ".join(printed(count, form) for count in counts) == signs
