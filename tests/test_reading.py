"""The text a review quotes is the file's own: nothing lost, nothing altered, torn sentences joined, tables kept."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.reading import read
from reviewer.reading.layout import Layout
from reviewer.reading.metadata import unit_of_title
from reviewer.reading.pieces import is_blank, split_lines
from reviewer.reading.text import lay_out
from reviewer.schema.source import Document, DocumentKind

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = sorted(path for path in (ROOT / "fixtures").glob("*") if path.suffix in {".txt", ".md"})
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))

Place = tuple[int, int]


def places_in_file(text: str) -> Counter[Place]:
    return Counter(
        (number, column)
        for number, line in enumerate(split_lines(text), start=1)
        for column, char in enumerate(line)
        if not is_blank(char)
    )


def assert_exact(text: str, layout: Layout | Document) -> None:
    """Text and omissions hold every non-blank character of the file once, and nothing else."""
    lines = split_lines(text)
    seen: Counter[Place] = Counter()
    starts = [run.start for run in layout.lines]
    assert starts == sorted(set(starts))
    run = -1
    for offset, char in enumerate(layout.text):
        while run + 1 < len(starts) and starts[run + 1] <= offset:
            run += 1
        if is_blank(char):
            continue
        line = layout.lines[run].line
        column = layout.lines[run].column + offset - layout.lines[run].start
        assert lines[line - 1][column] == char
        seen[line, column] += 1
    for omission in layout.omitted:
        for step, char in enumerate(omission.text):
            assert lines[omission.line - 1][omission.column + step] == char
            if not is_blank(char):
                seen[omission.line, omission.column + step] += 1
    assert seen == places_in_file(text)


def paragraphs(text: str, *, markdown: bool = False) -> list[str]:
    layout = lay_out(text, "d1", markdown=markdown)
    assert_exact(text, layout)
    return [layout.text[block.start : block.end] for block in layout.blocks]


def wrap(*texts: str, columns: int = 26, between: str = "\n\n") -> str:
    """Full-width paragraphs, cut as PDF extraction leaves them."""
    lines = [text[at : at + columns] for text in texts for at in range(0, len(text), columns)]
    return between.join(lines) + "\n"


FRAGMENTS = st.sampled_from(
    [
        "一、",
        "（一）",
        "1.",
        "# ",
        "## **",
        "**",
        "__",
        "|",
        "|---|---|",
        "\t",
        " ",
        "\u3000",
        "\n",
        "\n\n",
        "\r\n",
        "\f",
        "\x85",
        "— 3 —",
        "7",
        "第 2 页",
        "3 / 12",
        "- ",
        "\\*",
        "\\|",
        "***",
        "---",
        "===",
        "。",
        "；",
        "：",
        "“",
        "”",
        "（",
        "）",
        "12",
        "5.20 万元",
        "\ufeff",
        "\u200b",
        "abc",
        "全年预算执行率",
        "部门整体支出绩效自评报告",
        "按照计划完成了年度各项任务并组织开展自评工作和总结",
    ]
)


@given(st.lists(FRAGMENTS, max_size=40).map("".join))
def test_no_character_is_lost_altered_or_doubled(text: str) -> None:
    """A figure missing from the text would never be checked, and a moved one would be quoted from the wrong line."""
    assert_exact(text, lay_out(text, "d1"))
    assert_exact(text, lay_out(text, "d1", markdown=True))


@given(st.text(max_size=80))
def test_any_text_lays_out_in_blocks(text: str) -> None:
    """Odd characters must not end a batch."""
    layout = lay_out(text, "d1")
    assert_exact(text, layout)
    assert layout.text == "\n".join(layout.text[block.start : block.end] for block in layout.blocks)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_fixtures_are_mapped_exactly(path: Path) -> None:
    """A reviewer follows line numbers back into the report."""
    document = read(path, "d1")
    assert_exact(path.read_bytes().decode(document.encoding or ""), document)


@pytest.mark.skipif(not SEEDS, reason="the public reports are not part of the project")
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_real_reports_are_mapped_exactly(path: Path) -> None:
    """Real extraction is messier than any fixture."""
    document = read(path, "d1")
    assert_exact(path.read_bytes().decode(document.encoding or ""), document)
    assert document.title and document.unit and document.year


LONG = "青禾县图书馆围绕全民阅读工作安排，统筹总馆和乡镇分馆的开放服务，组织开展读书活动，并对全年各项支出逐项进行了核对和评价。"
OTHER = "本馆还对照年初申报的绩效目标逐条检查了完成情况，对没有达到目标的指标说明了原因，并提出了下一年度的改进办法。"


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_hard_wraps_are_joined(between: str) -> None:
    """A sentence cut by the page would be read as two halves without sense."""
    assert paragraphs(wrap("一、基本情况", LONG, OTHER, between=between)) == ["一、基本情况", LONG, OTHER]


def test_a_page_number_does_not_cut_a_sentence() -> None:
    """The page's number would become an amount, and the sentence would lose its end."""
    lines = wrap("一、基本情况", LONG, OTHER).split("\n\n")
    lines.insert(2, "— 1 —")
    text = "\n\n".join(lines) + "\n\n— 2 —\n"
    layout = lay_out(text, "d1")
    assert LONG in layout.text and "— 1 —" not in layout.text
    assert [omission.text for omission in layout.omitted] == ["— 1 —", "— 2 —"]
    assert layout.pages == 2


def test_a_number_cut_between_digits_is_one() -> None:
    """31 | 5.20 万元 is 315.20 万元; two halves would both be wrong."""
    full = "本年度按照批复的部门决算统计全年项目支出合计为 31"
    text = "\n\n".join([*wrap(LONG, OTHER).strip().split("\n\n"), full, "5.20 万元，占全年支出的一半。"])
    assert "合计为 315.20 万元" in lay_out(text, "d1").text


def test_an_amount_cut_from_its_unit_on_a_short_line_is_one() -> None:
    """5,243.24 | 万元 would be a bare number, and no sum could be checked with it."""
    short = "经批准增加市级配套资金，调整后为 5,243.24"
    text = "\n".join([*wrap(LONG, OTHER).strip().split("\n\n"), short, "万元。"]) + "\n"
    assert "5,243.24 万元" in lay_out(text, "d1").text or "5,243.24万元" in lay_out(text, "d1").text


def test_a_cut_sentence_in_an_unwrapped_file_is_joined() -> None:
    """One line per paragraph, save where the page ended."""
    half = LONG.index("组织开展")
    assert paragraphs(f"一、基本情况\n\n{LONG[:half]}\n\n{LONG[half:]}\n\n{OTHER}\n") == ["一、基本情况", LONG, OTHER]


def test_cover_headings_signature_and_date_stay_apart() -> None:
    """A heading glued to its body would vanish from the outline."""
    lines = [
        "青禾县图书馆整体绩效自评报告",
        "评价年度：2023 年度",
        "评价单位：青禾县图书馆",
        "一、单位概况",
        LONG,
        "青禾县图书馆",
        "2024年4月12日",
    ]
    assert paragraphs("\n\n".join(lines)) == lines


def test_a_column_of_figures_is_not_page_numbers() -> None:
    """Amounts of a table that came apart would silently disappear."""
    text = "\n".join(["支出项目", "金额", "12", "13", "14", "合计", "39", "万元"])
    layout = lay_out(text, "d1")
    assert not layout.omitted and all(number in layout.text.split("\n") for number in ("12", "13", "14", "39"))


@pytest.mark.parametrize("mark", ["- 3 -", "第 3 页", "第3页 共12页", "3 / 12", "Page 3", "—3—"])
def test_decorated_page_numbers_are_left_out(mark: str) -> None:
    """A page number in the text would count as a figure."""
    layout = lay_out(f"{LONG}\n\n{mark}\n\n{OTHER}\n", "d1")
    assert [omission.reason for omission in layout.omitted] == ["page_number"]


def test_bare_numbers_at_form_feeds_are_pages() -> None:
    """PDF tools put the page's number right before the form feed."""
    layout = lay_out(f"{LONG}\n\n1\n\f{OTHER}\n\n2\n\f", "d1")
    assert [omission.text for omission in layout.omitted] == ["1", "2"]
    assert layout.pages == 2 and layout.lines[-1].page == 2


def test_markdown_marks_are_noted_not_read() -> None:
    """Stars and hashes in a quote would look like an error of the report."""
    text = "# 报告\n\n## **(二) 年度工作**\n\n**主要职责：**负责阅览。\n\n张**、王**二人。\n"
    layout = lay_out(text, "d1")
    assert_exact(text, layout)
    words = [layout.text[block.start : block.end] for block in layout.blocks]
    assert words == ["报告", "(二) 年度工作", "主要职责：负责阅览。", "张**、王**二人。"]
    levels = [(block.heading_level, block.bold_end and block.bold_end - block.start) for block in layout.blocks]
    assert levels == [(1, None), (2, 8), (None, 5), (None, None)]
    assert layout.format == "markdown"


@pytest.mark.parametrize(
    ("text", "rows", "header"),
    [
        ("| 项目 | 金额 |\n|---|---:|\n| 人员 | 12.5 |\n", [["项目", "金额"], ["人员", "12.5"]], 1),
        ("项目 | 金额\n人员 | **12.5**\n", [["项目", "金额"], ["人员", "12.5"]], 1),
        ("指标\t分值\t得分\n\t10\t9\n总分\t100\n", [["指标", "分值", "得分"], ["", "10", "9"], ["总分", "100"]], 1),
        ("| a\\|b | 2 |\n|---|---|\n", [["a|b", "2"]], 1),
        ("1\t2\n3\t4\n", [["1", "2"], ["3", "4"]], 0),
    ],
)
def test_tables_keep_their_cells(text: str, rows: list[list[str]], header: int) -> None:
    """A cell read with its neighbour would be another number."""
    layout = lay_out(text, "d1")
    assert_exact(text, layout)
    (table,) = layout.tables
    assert [[layout.text[cell.span.start : cell.span.end] for cell in row] for row in table.rows] == rows
    assert table.header_rows == header
    assert layout.text == "\n".join("\t".join(row) for row in rows)


def test_tabs_as_indent_are_no_table() -> None:
    """An indented paragraph is prose."""
    assert lay_out(f"\t{LONG}\n\t{OTHER}\n", "d1").tables == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_line_numbers_are_the_editors(end: str, tmp_path: Path) -> None:
    """A finding's line must be the line the reviewer jumps to."""
    path = tmp_path / "report"
    path.write_bytes(end.join(["一、概况", "", "支出 12 万元。"]).encode())
    document = read(path, "d1")
    assert document.locate(document.text.index("12")) == (3, 3, None)


@pytest.mark.parametrize(
    ("cover", "title", "unit", "year", "kind"),
    [
        (
            "附件 2\n\n2023 年度青禾县图书馆部门整体\n支出绩效自评报告",
            "2023 年度青禾县图书馆部门整体支出绩效自评报告",
            "青禾县图书馆",
            2023,
            "department_overall",
        ),
        (
            "青禾县档案馆2022年度项目支出绩效自评报告",
            "青禾县档案馆2022年度项目支出绩效自评报告",
            "青禾县档案馆",
            2022,
            "project",
        ),
        (
            "# 整体绩效自评报告\n\n评价年度：2021 年度\n\n评价单位：青禾县水利局\n\n填报日期：2022 年 3 月 1 日",
            "整体绩效自评报告",
            "青禾县水利局",
            2021,
            "department_overall",
        ),
        (
            "青禾县农业农村局\n\n二〇二三年度高标准农田项目绩效评价报告",
            "二〇二三年度高标准农田项目绩效评价报告",
            "青禾县农业农村局",
            2023,
            "evaluation",
        ),
        ("按照要求开展了自评，现将情况报告如下。", None, None, None, "unknown"),
    ],
)
def test_the_cover_tells_who_when_and_what(
    tmp_path: Path, cover: str, title: str | None, unit: str | None, year: int | None, kind: str
) -> None:
    """A wrong year or unit would raise false findings about every other mention."""
    path = tmp_path / "report.txt"
    path.write_text(f"{cover}\n\n一、基本情况\n\n{LONG}\n", encoding="utf-8")
    document = read(path, "d1")
    assert (document.title, document.unit, document.year, document.kind) == (title, unit, year, DocumentKind(kind))


@pytest.mark.parametrize(
    ("title", "unit"),
    [
        ("2024年度青禾县教育局教师培训项目支出绩效自评报告", "青禾县教育局"),
        ("2023年度青禾市市场监督管理局特种设备监管项目支出绩效自评报告", "青禾市市场监督管理局"),
        ("青禾区残疾人联合会康复服务项目2023年度绩效评价报告", "青禾区残疾人联合会"),
        ("2023年度青禾县总工会困难职工帮扶专项资金绩效评价报告", "青禾县总工会"),
        ("2023年度青禾县文化和旅游局送戏下乡项目支出绩效自评报告", "青禾县文化和旅游局"),
        ("2023年度农村饮水安全项目绩效评价报告", None),
        ("2023年度青禾县图书馆建设项目绩效评价报告", None),
        ("2023年度青禾县中心城区道路改造项目绩效评价报告", None),
        ("2023年度青禾县老城区局部改造项目绩效评价报告", None),
        ("2023年度青禾县村民委员会用房建设项目绩效评价报告", None),
        ("2023年度青禾县人民政府办公室信息化项目支出绩效自评报告", None),
        ("2023年度青禾县各乡镇教育局教师培训项目绩效评价报告", None),
        ("2023年度青禾县教育局、卫生健康局体检项目绩效评价报告", None),
    ],
)
def test_a_unit_is_told_from_the_project_behind_it(title: str, unit: str | None) -> None:
    """No unit is better than a wrong one: a memo would go to another's door."""
    assert unit_of_title(title) == unit
