"""A page gives up its article, word for word, and nothing of what stands around it."""

import re
from collections import Counter
from pathlib import Path

import pytest

from reviewer.errors import UndecodableText
from reviewer.reading import read
from reviewer.review import review
from reviewer.schema.source import Document
from tests.html.pages import as_page, read_page, shown

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ["liyang-archives-2023.md", "luxi-rural-roads-2024.md", "yanchuan-boarding-2022.txt"]


def page(body: str, head: str = '<meta charset="utf-8">') -> str:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def findings(path: Path) -> Counter[tuple[str, str, str]]:
    return Counter((f.code, f.severity, f.title) for f in review([path]).findings)


@pytest.mark.parametrize("name", FIXTURES)
def test_a_report_published_as_a_page_gives_the_same_findings(tmp_path: Path, name: str) -> None:
    original = ROOT / "fixtures" / name
    source = read(original, "d1")
    document = read_page(as_page(source), tmp_path)
    assert document.text == source.text
    assert (document.title, document.unit, document.year, document.kind) == (
        *(source.title, source.unit, source.year, source.kind),
    )
    found = findings(tmp_path / "page.html")
    assert found == findings(original) and found


def test_the_frame_of_a_page_goes_to_the_omissions(tmp_path: Path) -> None:
    source = read(ROOT / "fixtures" / FIXTURES[0], "d1")
    document = read_page(as_page(source), tmp_path)
    omitted = {omission.reason: "" for omission in document.omitted}
    for omission in document.omitted:
        omitted[omission.reason] += omission.text
    assert "2024年预决算公开" in omitted["header"] and "浏览次数：8,341" in omitted["header"]
    assert "ICP备20240001号" in omitted["footer"] and "0672-5550100" in omitted["footer"]
    assert "123456" not in document.text + "".join(omitted.values())


def test_every_digit_shown_is_read_or_omitted_once(tmp_path: Path) -> None:
    written = as_page(read(ROOT / "fixtures" / FIXTURES[1], "d1"))
    document = read_page(written, tmp_path)
    without_tags = re.sub(r"<[^>]*>", "", re.sub(r"(?s)<head>.*?</head>", "", written))
    read_or_omitted = document.text + "".join(omission.text for omission in document.omitted)
    assert sorted(re.findall(r"\d", read_or_omitted)) == sorted(re.findall(r"\d", without_tags))


def test_a_number_is_found_at_its_paragraph(tmp_path: Path) -> None:
    body = "<h1>某局2023年度部门整体支出绩效自评报告</h1>" + "".join(
        f"<p>第{n}段，支出{n}001万元。</p>" for n in range(2, 9)
    )
    document = read_page(page(f'<div id="zoom">{body}</div>'), tmp_path)
    line, column, _ = document.locate(document.text.index("6001"))
    assert (line, column) == (6, 6)
    assert document.blocks[0].heading_level == 1


def test_a_page_without_a_known_container_loses_only_its_frame(tmp_path: Path) -> None:
    body = (
        '<div id="top"><a href="/">首页</a><a>要闻</a></div><div><div class="x7"><p>支出100万元。</p><p>结余5万元。</p></div>'
        '<div class="x8"><table><tr><td>合计</td><td>100</td></tr><tr><td>结余</td><td>5</td></tr></table></div></div>'
        "<div>版权所有：某市人民政府 电话：12345</div>"
    )
    assert shown(read_page(page(body), tmp_path)) == ["支出100万元。", "结余5万元。", "合计\t100", "结余\t5"]


def test_the_heading_outside_the_article_is_kept(tmp_path: Path) -> None:
    body = (
        '<div class="title">砺阳县档案馆2023年度部门整体支出绩效自评报告</div><div>发布时间：2024-03-05</div>'
        '<div class="TRS_Editor"><p>一、基本情况</p><p>本馆核定编制30名。</p></div>'
    )
    document = read_page(page(body), tmp_path)
    assert document.title == "砺阳县档案馆2023年度部门整体支出绩效自评报告"
    assert "2024-03-05" not in document.text


@pytest.mark.parametrize(
    ("encoding", "head"),
    [("gb18030", '<meta charset="gb2312">'), ("utf-8", ""), ("utf-16", ""), ("gb18030", "")],
)
def test_encodings_are_found_out(tmp_path: Path, encoding: str, head: str) -> None:
    words = "本单位的年度预算支出绩效目标完成情况，全年支出868.50万元，资金使用合规，项目管理规范，服务对象满意。"
    assert shown(read_page(page(f"<p>{words}</p>", head).encode(encoding), tmp_path)) == [words]


def test_one_broken_byte_does_not_make_a_page_unreadable_many_do(tmp_path: Path) -> None:
    words = "本单位的年度预算支出绩效目标完成情况，全年支出868.50万元。" * 100
    raw = page(f"<p>{words}</p>").encode()
    assert "868.50万元" in read_page(raw.replace("规".encode(), b"\xff", 1) + b"\xff", tmp_path).text
    with pytest.raises(UndecodableText):
        read_page(raw.replace("支".encode(), b"\xff\xfe\xff"), tmp_path)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>支出\n868.50\n万元，占\n<span>97%</span>\n。</p>", "支出868.50万元，占97%。"),
        ("<p>the budget\nof 2023</p>", "the budget of 2023"),
        ("<p>支出&nbsp;5&lt;6 万元</p>", "支出\xa05<6 万元"),
        ("<p>支出10<sup>4</sup>元，20m<sup>2</sup></p>", "支出10⁴元，20m²"),
        (
            "<p>全年支出1,2<br>66.90万元，<br>其中基本支出5万元。<br>二、问题</p>",
            "全年支出1,266.90万元，其中基本支出5万元。\n二、问题",
        ),
        ("<p>甲<!-- 乙1 --><script>2</script><style>3</style></p><noscript>4</noscript>", "甲"),
        ("<ol start=3><li>完成扫描</li><li value=7>接收档案</li></ol>", "3.完成扫描\n7.接收档案"),
        ("<ol><li>（一）职能</li></ol><ul><li>任务</li></ul>", "（一）职能\n任务"),
        ('<ol style="list-style:none"><li>职能</li></ol><ol type=a><li>任务</li></ol>', "职能\na.任务"),
        ("<pre>第一行\n第二行</pre>", "第一行\n第二行"),
        (
            "<![if !supportLists]><span>一、<span>&nbsp;&nbsp;</span></span><![endif]><p>职能<o:p>&nbsp;</o:p></p>",
            "一、\n职能",
        ),
        ("甲1<p>乙2<div>丙3", "甲1\n乙2\n丙3"),
    ],
)
def test_words_read_as_a_browser_shows_them(tmp_path: Path, body: str, text: str) -> None:
    assert read_page(page(body), tmp_path).text == text


def test_hidden_words_are_left_out_and_named(tmp_path: Path) -> None:
    body = '<p>支出<span style="display: none">99</span>100万元。</p><p hidden>88</p><p style="mso-hide:all">77</p>'
    document = read_page(page(body), tmp_path)
    assert document.text == "支出100万元。"
    assert [(notice.kind, notice.count) for notice in document.notices] == [("hidden_text", 3)]
    assert {omission.text for omission in document.omitted} == {"99", "88", "77"}


def test_bold_openings_are_known(tmp_path: Path) -> None:
    body = '<p><strong>主要职能。</strong>保管档案。</p><p><span style="font-weight:700">机构</span>三个。</p><p>无</p>'
    document = read_page(page(body), tmp_path)
    bold = [document.text[b.start : b.bold_end] if b.bold_end else "" for b in document.blocks]
    assert bold == ["主要职能。", "机构", ""]


def test_the_same_page_gives_the_same_document(tmp_path: Path) -> None:
    written = as_page(read(ROOT / "fixtures" / FIXTURES[0], "d1"))
    first: Document = read_page(written, tmp_path)
    assert first == read_page(written, tmp_path)
