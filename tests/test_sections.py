"""The outline: a check that looks into the wrong section, or a sentence cut in two, is a false finding."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.labels import load_all
from reviewer.reading import read
from reviewer.reading.text import lay_out
from reviewer.schema.source import Document, DocumentKind, Section
from reviewer.sections import split_sections, split_sentences

FIXTURES = sorted(fixture.path for fixture in load_all())


def document(text: str) -> Document:
    layout = lay_out(text, "d1")
    return Document(
        id="d1", path="report.txt", sha256="", format=layout.format, encoding="utf-8", title=None, unit=None, year=None,
        kind=DocumentKind.UNKNOWN, pages=None, characters=len(layout.text), text=layout.text, blocks=layout.blocks,
        tables=layout.tables, lines=layout.lines, omitted=layout.omitted,
    )  # fmt: skip


def outline(text: str) -> list[tuple[int, str | None, str]]:
    return [(section.level, section.number, section.title) for section in split_sections(document(text))]


def sentences(text: str) -> list[str]:
    report = document(text)
    found = split_sentences(report, split_sections(report))
    return [report.text[sentence.span.start : sentence.span.end] for sentence in found]


def assert_partition(report: Document, sections: tuple[Section, ...]) -> None:
    bounds = [0, *(section.span.end for section in sections)]
    assert [section.span.start for section in sections] == bounds[:-1]
    assert bounds[-1] == len(report.text)
    known: set[str | None] = {None}
    for section in sections:
        assert section.parent in known
        assert section.span.start <= section.body <= section.span.end
        if section.number:
            assert report.text.startswith(section.number, section.span.start)
        known.add(section.id)


PIECES = st.sampled_from(
    [
        "一、基本情况",
        "（一）部门职能。",
        "（三）收支情况",
        "1.预算执行。全年执行率为98%。",
        "1.",
        "（1）目标",
        "①数量指标",
        "第二部分 绩效",
        "# 报告",
        "### **（二）结论**",
        "**主要职责：**负责阅览。",
        "全年支出完成。自评为优；无问题。",
        "项目\t金额\n人员\t12",
        "2.指导全馆工作，督促落实；",
        "附件 1：",
    ]
)


@given(st.lists(PIECES, min_size=1, max_size=20).map("\n\n".join))
def test_sections_leave_no_text_out(text: str) -> None:
    """Text in no section would be reviewed by nobody; text in two would be reported twice."""
    report = document(text)
    sections = split_sections(report)
    assert_partition(report, sections)
    covered = [0] * len(report.text)
    for sentence in split_sentences(report, sections):
        for at in range(sentence.span.start, sentence.span.end):
            covered[at] += 1
    assert all(n == 1 for n, char in zip(covered, report.text, strict=True) if not char.isspace())


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_fixtures_have_a_whole_outline(path: Path) -> None:
    """Required parts are looked for by their headings."""
    report = read(path, "d1")
    sections = split_sections(report)
    assert_partition(report, sections)
    tops = [section.number for section in sections if section.level == 1 and section.number]
    chapters = ["一、", "二、", "三、", "四、", "五、", "六、"]
    assert tops[: len(chapters)] == chapters[: len(tops)] and len(tops) > 2


def test_numbering_styles_nest_as_the_report_nests_them() -> None:
    """Markdown levels come from font sizes: the numbers tell the depth."""
    text = "# 一、概况\n\n#### （一）职能\n\n## 1.来源\n\n内容。\n\n# 2.去向\n\n（1）总体情况。支出完成。\n\n（三）收支\n\n### 二、结论\n"
    assert outline(text) == [
        (1, "一、", "概况"), (2, "（一）", "职能"), (3, "1.", "来源"), (3, "2.", "去向"), (4, "（1）", "总体情况"),
        (2, "（三）", "收支"), (1, "二、", "结论"),
    ]  # fmt: skip


def test_list_items_are_no_headings() -> None:
    """A list of duties cut into sections would hide the section they belong to."""
    text = (
        "一、职能\n\n1.指导全县分馆业务，督促检查，统一采购和配送图书。\n\n2.组织读者培训，发布阅读信息，总结交流经验。\n\n3.完成上级交办的任务。\n\n"
        "二、指标\n\n（1）数量指标；\n\n（2）质量指标；\n\n（3）时效指标；\n"
    )
    assert outline(text) == [(1, "一、", "职能"), (1, "二、", "指标")]


def test_a_heading_in_the_line_of_its_text_opens_a_section() -> None:
    """Many reports run the heading into the paragraph."""
    report = document("1、项目决策情况。（满分20分，得分18分）\n\n2、管理效率：资产账实相符，采购程序合规。\n")
    sections = split_sections(report)
    assert [section.title for section in sections] == ["项目决策情况", "管理效率"]
    assert report.text.startswith("（满分", sections[0].body)


def test_a_longer_heading_is_known_by_its_neighbours() -> None:
    """（二） between the headings （一） and （三） is one too."""
    text = "（一）目标管理不细。制度不全。\n\n（二）持续推进分馆建设和图书流动服务工作。按计划办理。\n\n（三）采购滞后。合同备案晚。\n"
    assert [number for _, number, _ in outline(text)] == ["（一）", "（二）", "（三）"]


def test_an_attachment_is_not_part_of_the_last_measure() -> None:
    """The score table stands in the attachment, not in the chapter above it."""
    assert outline("附件 2\n\n一、改进措施\n\n加强管理。\n\n附件 1:\n\n指标\t得分\n决策\t18\n")[-1] == (
        1,
        None,
        "附件 1",
    )


def test_text_before_the_first_heading_is_kept() -> None:
    """The cover is a section of its own."""
    assert outline("青禾县图书馆\n\n一、概况\n")[0] == (0, None, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支出12.5万元。自评为优；无问题！", ["支出12.5万元。", "自评为优；", "无问题！"]),
        ("做到“事事有回音。件件有着落”，群众满意。", ["做到“事事有回音。件件有着落”，群众满意。"]),
        ("他说：“很好。”随后离开。", ["他说：“很好。”", "随后离开。"]),
        ("得分（满分20分；扣2分）为18分。", ["得分（满分20分；扣2分）为18分。"]),
        ("一、概况\n\n全年完成", ["一、概况", "全年完成"]),
        ("项目\t金额\n人员\t12；13\n", ["项目\t金额", "人员\t12；13"]),
    ],
)
def test_sentences_end_where_a_reader_stops(text: str, expected: list[str]) -> None:
    """A finding quotes a whole sentence."""
    assert sentences(text) == expected


def test_ids_go_on_where_the_last_document_ended() -> None:
    """Two reports in one review must not share ids."""
    report = document("一、概况\n\n完成。\n\n二、结论\n\n良好。\n")
    sections = split_sections(report, first=7)
    assert [section.id for section in sections] == ["s7", "s8"]
    assert [sentence.id for sentence in split_sentences(report, sections, first=3)] == ["n3", "n4", "n5", "n6"]
