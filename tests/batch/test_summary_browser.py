"""index.html in a browser: rows, filters by the page's address, and texts of reports that do nothing."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from reviewer.batch.records import Result
from reviewer.batch.summary import write_summaries
from reviewer.schema import Severity
from reviewer.settings import Language
from tests.batch.chromium import shown
from tests.batch.sample_results import RUN, differing, failed, many, reviewed, sample

Browse = Callable[..., html.HtmlElement]


@pytest.fixture
def browse(tmp_path: Path) -> Browse:
    def browsed(results: list[Result], address: str = "", lang: Language = "zh") -> html.HtmlElement:
        write_summaries(tmp_path, lambda: iter(results), RUN, lang)
        return shown(tmp_path / "index.html", tmp_path / "profile", address)

    return browsed


def ids(page: html.HtmlElement) -> list[str]:
    return [row.attrib["data-id"] for row in page.find_class("report")]


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def count(page: html.HtmlElement) -> str:
    return text(page.get_element_by_id("count"))


def test_every_report_is_a_row_the_gravest_first(browse: Browse) -> None:
    page = browse(sample())
    gravest = sorted(sample(), key=lambda r: (-r.errors, -r.warnings, -r.notes))
    assert ids(page) == [result.id for result in gravest]
    assert count(page) == "共 7 份"
    first, result = page.find_class("report")[0], gravest[0]
    cells = {cell.get("data-label"): text(cell) for cell in first.xpath("td[@data-label]")}
    assert cells["单位"] == f"{result.unit}{result.paths[0]}"
    assert (cells["错误"], cells["疑点"], cells["提示"]) == tuple(
        str(number) for number in (result.errors, result.warnings, result.notes)
    )
    assert cells["识别数字"] == f"{result.labelled}/{result.quantities}"
    assert (cells["最需关注"], cells["状态"]) == (result.headline, "已复核")
    assert first.xpath(".//a/@href") == [f"./{result.memo}"]


def test_a_report_without_a_memo_leads_to_its_review(browse: Browse) -> None:
    result = reviewed("liyang-archives-2023.md").model_copy(update={"memo": None})
    links = browse([result, failed()]).xpath("//tr[@data-id]//a/@href")
    assert links == [f"./{result.review}"]


def test_a_failed_report_shows_no_noughts(browse: Browse) -> None:
    page = browse([failed()], "open=scan-1")
    (row,) = page.find_class("report")
    assert [text(cell) for cell in row.xpath("td[contains(@class, 'errors')]")] == ["—"]
    assert "recognise its text first" in text(page.find_class("detail")[0])


SELECTIONS: dict[str, Callable[[Result], bool]] = {
    "severity=none": lambda r: r.failure is None and not r.findings,
    "status=failed": lambda r: r.failure is not None,
    "year=2023&kind=project": lambda r: r.year == 2023 and r.kind == "project",
    "year=none": lambda r: r.year is None,
    "differs=unit": lambda r: "unit" in r.differs,
    "q=农业": lambda r: "农业" in (r.unit or "") + r.headline + (r.title or ""),
    "q=ARCHIVES md": lambda r: "archives" in r.paths[0],
    "bin=0": lambda r: r.failure is None and r.errors == 0,
    "rule=SUM001&severity=error&q=2023": lambda r: r.errors > 0 and any(f.code == "SUM001" for f in r.findings),
    # What no filter knows does not filter.
    "rule=XXX999&differs=color&page=99": lambda r: True,
}


@pytest.mark.parametrize("address", SELECTIONS)
def test_the_address_selects_reports_and_the_counts_follow(browse: Browse, address: str) -> None:
    page = browse(sample(), address)
    wanted = [result for result in sample() if SELECTIONS[address](result)]
    assert sorted(ids(page)) == sorted(result.id for result in wanted)
    assert wanted
    if len(wanted) < len(sample()):
        assert count(page) == f"筛选出 {len(wanted)} 份，共 7 份"
    told = {
        row.get("data-rule"): [text(c) for c in row.xpath("td[@class='number']")]
        for row in page.xpath("//tr[@data-rule]")
    }
    for code, (*numbers, reports) in told.items():
        found = [(r.id, f.severity) for r in wanted for f in r.findings if f.code == code]
        assert numbers == [str(sum(1 for _, severity in found if severity is s)) for s in Severity]
        assert reports == str(len({name for name, _ in found}))


def test_nothing_found_says_so(browse: Browse) -> None:
    page = browse([failed()], "q=nowhere")
    assert ids(page) == []
    assert "没有符合条件的报告" in text(page.find_class("reports")[0])


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("sort=seconds", lambda r: -r.seconds),
        ("sort=-verified", lambda r: (r.failure is not None, r.verified)),
    ],
)
def test_the_address_orders_reports_and_the_unknown_come_last(
    browse: Browse, address: str, key: Callable[[Result], object]
) -> None:
    results = [r.model_copy(update={"seconds": r.seconds + number % 3}) for number, r in enumerate(sample())]
    page = browse(results, address)
    assert ids(page) == [r.id for r in sorted(results, key=key)]  # type: ignore[arg-type]
    name = address.removeprefix("sort=")
    (column,) = page.xpath(f"//th[@data-key='{name.removeprefix('-')}']")
    assert column.get("aria-sort") == ("ascending" if name.startswith("-") else "descending")


def test_an_open_report_shows_its_findings_in_brief(browse: Browse) -> None:
    result = reviewed("liyang-archives-2023.md")
    page = browse([differing(result)], f"open={result.id}")
    items = page.find_class("findings")[0].xpath("li")
    for item, finding in zip(items, result.findings, strict=True):
        for words in (finding.code, finding.title, finding.message, finding.calculation or "", *finding.places):
            assert " ".join(words.split()) in text(item)
    assert page.find_class("toggle")[0].get("aria-expanded") == "true"
    assert "另一单位" in text(page.find_class("report")[0])


def test_charts_have_the_sizes_of_what_they_show(browse: Browse) -> None:
    page = browse(sample())
    for row in page.xpath("//tr[@data-rule]"):
        *numbers, _ = [int(text(cell)) for cell in row.xpath("td[@class='number']")]
        widths = [float(width) for width in row.xpath(".//rect/@width")]
        most = max(
            sum(1 for r in sample() for f in r.findings if f.code == code) for code in page.xpath("//@data-rule")
        )
        assert widths == pytest.approx([100 * number / most for number in numbers], abs=0.01)
    parts = [float(width) for width in page.find_class("relations")[0].xpath("./rect/@width")]
    sums = [sum(getattr(r, name) for r in sample()) for name in ("verified", "contradicted", "undetermined")]
    assert parts == pytest.approx([100 * part / sum(sums) for part in sums], abs=0.01)
    heights = [float(height) for height in page.xpath("//*[@data-bin]/rect[contains(@class, 'bar')]/@height")]
    assert max(heights) == 104 and heights.count(0) == len(heights) - len({r.errors for r in sample() if not r.failure})


CLICKS = """
const click = (selector) => document.querySelector(selector).dispatchEvent(new MouseEvent("click", { bubbles: true }));
click("tr[data-rule=SUM001] button");
click("th[data-key=unit] button");
click("th[data-key=unit] button");
click("tr.report .toggle");
document.title = location.hash;
"""


def test_clicks_filter_sort_and_open_and_can_be_bookmarked(tmp_path: Path) -> None:
    write_summaries(tmp_path, lambda: iter(sample()), RUN, "zh")
    source = (tmp_path / "index.html").read_text(encoding="utf-8")
    # The page's own policy would keep the clicks out, as it should.
    clicked = tmp_path / "clicked.html"
    clicked.write_text(re.sub("<meta http-equiv[^>]*>", "", source) + f"<script>{CLICKS}</script>", encoding="utf-8")
    page = shown(clicked, tmp_path / "profile")
    wanted = [r for r in sample() if any(f.code == "SUM001" for f in r.findings)]
    assert sorted(ids(page)) == sorted(r.id for r in wanted)
    first = ids(page)[0]
    assert page.findtext(".//title") == f"#rule=SUM001&sort=-unit&open={first}"
    assert len(page.find_class("detail")) == 1
    assert page.xpath("//tr[@data-rule='SUM001']//button/@aria-pressed") == ["true"]
    assert page.xpath("//th[@data-key='unit']/@aria-sort") == ["descending"]


HOSTILE = "</script><img src=x onerror=\"document.title='pwned'\"><script>document.title='pwned'</script>"


def test_a_hostile_text_stays_text(browse: Browse) -> None:
    finding = reviewed("liyang-archives-2023.md").findings[0]
    words = dict.fromkeys(("message", "calculation", "title", "code"), HOSTILE)
    result = reviewed("liyang-archives-2023.md").model_copy(
        update={
            **dict.fromkeys(("unit", "title", "headline", "memo"), HOSTILE),
            "paths": (HOSTILE,),
            "findings": (finding.model_copy(update={**words, "places": (HOSTILE,)}),),
        }
    )
    page = browse([result, failed().model_copy(update={"paths": (HOSTILE,)})], f"open={result.id}&q={HOSTILE}")
    assert page.findtext(".//title") == "绩效自评报告批量复核汇总"
    assert not page.xpath("//img") and len(page.xpath("//script")) == 3
    assert text(page.find_class("toggle")[0]) == HOSTILE
    assert text(page.find_class("detail")[0]).count(HOSTILE) >= 5


def test_many_reports_are_shown_a_page_at_a_time(browse: Browse) -> None:
    results = list(many(250))
    page = browse(results, "sort=unit&page=3")
    assert len(ids(page)) == 50
    assert text(page.find_class("pager")[0]) == "上一页 第 3 / 3 页 下一页"
    assert count(page) == "共 250 份"


def test_the_english_page_is_in_english(browse: Browse) -> None:
    page = browse(sample("en"), "status=failed", lang="en")
    assert count(page) == "1 of 7 reports"
    assert "Failed" in text(page.find_class("report")[0])
