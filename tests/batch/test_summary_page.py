"""index.html as it is written: what it holds, that it asks nothing of a network, and that it has an end."""

import json
import re
import string
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Any

import pytest
from lxml import html

from reviewer.batch.records import FailureKind, Result, Spent, Status
from reviewer.batch.summary import RunFacts
from reviewer.batch.summary.page import Limits, Page
from reviewer.batch.summary.tally import BINS, Tally, bin_of
from reviewer.batch.summary.texts import load
from reviewer.schema import DocumentKind, Severity
from reviewer.settings import Language
from tests.batch.sample_results import RUN, failed, many, reviewed, sample


def written(results: Iterable[Result], run: RunFacts = RUN, lang: Language = "zh", limits: Limits | None = None) -> str:
    page, tally, file = Page(lang, limits), Tally(), BytesIO()
    for result in results:
        tally.add(result)
        page.add(result)
    page.save(file, tally, run)
    return file.getvalue().decode("utf-8")


def parsed(*args: Any, **options: Any) -> html.HtmlElement:
    return html.fromstring(written(*args, **options))


def embedded(page: html.HtmlElement, name: str) -> Any:
    (script,) = page.xpath(f"//script[@id='{name}']")
    return json.loads(script.text)


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def tiles(page: html.HtmlElement) -> dict[str, tuple[str, ...]]:
    found = [[text(part) for part in tile] for tile in page.find_class("tile")]
    return {name: tuple(rest) for name, *rest in found}


# What it says


def test_totals_stand_at_the_head() -> None:
    results = sample()
    told = tiles(parsed(results))
    assert told["报告"] == ("7", "已复核 6，未能复核 1")
    errors = sum(result.errors for result in results)
    assert told["错误"] == (str(errors), f"涉及 {sum(1 for r in results if r.errors)} 份报告")
    verified, contradicted = (sum(getattr(r, n) for r in results) for n in ("verified", "contradicted"))
    judged = verified + contradicted
    assert told["勾稽关系核实率"] == (f"{100 * verified / judged:.1f}%", f"可判定 {judged} 项中核实 {verified} 项")
    assert told["与清单不一致"] == ("1", "清单已填报的 1 份中")


def test_a_share_of_nothing_is_no_number() -> None:
    told = tiles(parsed([failed()]))
    assert told["勾稽关系核实率"][0] == told["数字识别"][0] == "—"


def test_cost_is_told_only_where_a_model_was_asked_and_never_as_nought_when_unknown() -> None:
    assert "词元" not in tiles(parsed(sample()))
    spent = Spent(prompt_tokens=1000, completion_tokens=200, price="0.02")
    priced = reviewed("liyang-archives-2023.md").model_copy(update={"spent": spent})
    assert tiles(parsed([priced, priced]))["词元"] == ("2,400", "费用 0.04 美元")
    unpriced = priced.model_copy(update={"spent": spent.model_copy(update={"price": None})})
    assert tiles(parsed([priced, unpriced, priced]))["词元"] == ("3,600", "费用未知")


def test_reports_without_a_result_and_failed_ones_are_told_before_the_findings() -> None:
    page = parsed(sample(), RUN.model_copy(update={"planned": 9}))
    left, failures = page.find_class("notice")[:2]
    assert text(left) == "本批计划 9 份，尚有 2 份没有结果。"
    assert "不能理解为没有问题" in text(failures)
    for word in ("reports/scan-1.pdf", "文件不可用", "pictures of pages only", "recognise its text first"):
        assert word in text(failures)
    assert "尚有" not in text(parsed(sample()))


def test_rules_are_listed_with_their_counts_most_findings_first() -> None:
    rows = parsed(sample()).xpath("//tr[@data-rule]")
    told = [(row.get("data-rule"), [int(text(cell)) for cell in row.xpath("td[@class='number']")]) for row in rows]
    for code, (*numbers, reports) in told:
        found = [(r.id, f.severity) for r in sample() for f in r.findings if f.code == code]
        assert numbers == [sum(1 for _, severity in found if severity is wanted) for wanted in Severity]
        assert reports == len({name for name, _ in found})
    assert [sum(numbers[:3]) for _, numbers in told] == sorted((sum(n[:3]) for _, n in told), reverse=True)
    assert {code for code, _ in told} == {f.code for r in sample() for f in r.findings}


def test_settings_and_versions_stand_at_the_foot() -> None:
    told = {text(pair[0]): text(pair[1]) for pair in parsed(sample()).xpath("//footer/dl/div")}
    assert told == {
        "软件版本": "0.1.0",
        "命令": "reviewer batch reports -o out",
        "开始": "2024-05-06T08:00:00+08:00",
        "结束": "2024-05-06T08:01:30+08:00",
        "规则集": "d0d0",
        "模型": "无",
        "模型归纳": "否",
        "提示词": "read ab12",
    }
    assert not parsed(sample(), RunFacts()).xpath("//footer/dl/div")


def test_every_report_is_in_the_page_in_the_order_of_the_results() -> None:
    rows = embedded(parsed(sample()), "rows")
    assert [row["id"] for row, _ in rows] == [result.id for result in sample()]
    for (row, findings), result in zip(rows, sample(), strict=True):
        assert [finding[2] for finding in findings] == [finding.message for finding in result.findings]
        assert row["files"] == list(result.paths)
        assert sum(sum(counts) for _, *counts in row["rules"]) == len(result.findings)


def test_a_failed_report_has_no_counts_that_look_like_a_clean_review() -> None:
    row, findings = embedded(parsed([failed()]), "rows")[0]
    assert "errors" not in row and not findings
    assert row["failure"] == ["文件不可用", "the PDF holds pictures of pages only", "recognise its text first"]


@pytest.mark.parametrize(("errors", "name"), [(0, "0"), (5, "5"), (6, "6–10"), (10, "6–10"), (11, "≥11"), (400, "≥11")])
def test_reports_are_counted_by_number_of_errors(errors: int, name: str) -> None:
    result = reviewed("liyang-archives-2023.md").model_copy(update={"errors": errors})
    page = parsed([result])
    told = {text(bar.find_class("label")[0]): text(bar.find_class("count")[0]) for bar in page.xpath("//*[@data-bin]")}
    assert told == {label: "1" if label == name else "0" for label in told}
    assert len(told) == len(BINS) and bin_of(errors) < len(BINS)


# One file, and safe


def test_the_page_runs_only_its_own_script_and_asks_for_nothing_else() -> None:
    page = parsed(sample())
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    for directive, element in (("script-src", "//script[not(@type)]"), ("style-src", "//style")):
        (found,) = page.xpath(element)
        digest = b64encode(sha256(found.text.encode()).digest()).decode()
        assert directives[directive] == f"'sha256-{digest}'"
    assert not page.xpath("//@src | //link | //img | //iframe | //@onclick | //@style")
    assert {address[:2] for address in page.xpath("//@href") if not address.startswith("#")} == {"./"}


HOSTILE = "</script><img src=x onerror=alert(1)>&amp;<!--\u2028\u2029'\"\\u003c{{ 7*7 }}\u202e"


def test_a_hostile_text_stays_text() -> None:
    finding = reviewed("liyang-archives-2023.md").findings[0]
    fields = dict.fromkeys(("message", "calculation", "question", "title"), HOSTILE)
    report = reviewed("liyang-archives-2023.md").model_copy(
        update={
            **dict.fromkeys(("id", "unit", "title", "headline", "memo", "review"), HOSTILE),
            "paths": (HOSTILE,),
            "findings": (finding.model_copy(update={**fields, "places": (HOSTILE,), "code": "NEW001"}),),
        }
    )
    broken = failed().model_copy(update={"paths": (HOSTILE,)})
    run = RunFacts(command=HOSTILE, version=HOSTILE, fingerprint={HOSTILE: HOSTILE})
    source = written([report, broken], run)
    page = html.fromstring(source)
    assert not page.xpath("//img") and len(page.xpath("//script")) == 3
    shown = "</script><img src=x onerror=alert(1)>&amp;<!--  '\"\\u003c{{ 7*7 }}"
    (row, ((_, _, message, *_),)), _ = embedded(page, "rows")
    assert row["unit"] == row["headline"] == message == shown
    assert row["memo"].startswith("./%3C/script%3E")
    # A mark that turns the writing direction could make 12 look like 21.
    assert not re.search("[\u2028\u2029\u202e]", source)


def test_an_address_leads_only_to_a_file_below_the_page() -> None:
    result = reviewed("liyang-archives-2023.md").model_copy(
        update={"memo": "javascript:alert(1)", "review": "甲 #1.json"}
    )
    row, _ = embedded(parsed([result]), "rows")[0]
    assert (row["memo"], row["review"]) == ("./javascript%3Aalert%281%29", "./%E7%94%B2%20%231.json")


# An end to it


def test_a_page_too_long_keeps_the_gravest_and_says_what_is_left_out() -> None:
    results = list(many(28))
    page = parsed(results, limits=Limits(reports=5))
    kept = [row["id"] for row, _ in embedded(page, "rows")]
    gravest = sorted(results, key=lambda r: (-r.errors, -r.warnings, -r.notes))[:5]
    assert kept == [result.id for result in results if result in gravest]
    assert "只列问题最多的 5 份，另有 23 份未列出" in text(page.get_element_by_id("reports"))
    assert tiles(page)["报告"][0] == "28"
    assert sum(embedded(page, "data")["totals"]["bins"]) == sum(1 for r in results if r.status is Status.REVIEWED)
    assert "只列问题最多" not in text(parsed(results).get_element_by_id("reports"))


def test_findings_in_brief_are_kept_for_the_gravest_reports_first() -> None:
    results = sample()
    most = max(results, key=lambda r: (r.errors, r.warnings, r.notes))
    (alone,) = (len(json.dumps(f, ensure_ascii=False)) for r, f in embedded(parsed([most]), "rows"))
    rows = embedded(parsed(results, limits=Limits(details=alone)), "rows")
    assert [row["id"] for row, findings in rows if findings is not None] == [most.id]
    rows = embedded(parsed([most], limits=Limits(findings=2)), "rows")
    assert len(rows[0][1]) == 2 and rows[0][0]["errors"] == most.errors


def test_failed_reports_beyond_the_page_are_counted() -> None:
    page = parsed((failed(number) for number in range(5)), limits=Limits(failed=2))
    notice = page.get_element_by_id("failed")
    assert len(notice.xpath(".//li")) == 2
    assert "另有 3 份，见 summary.xlsx" in text(notice)


# The words


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    def shape(lang: Language) -> dict[tuple[str, str], set[str]]:
        return {
            (group, name): {field for _, field, _, _ in string.Formatter().parse(words) if field}
            for group, texts in load(lang).items()
            for name, words in texts.items()
        }

    assert shape("zh") == shape("en")


@pytest.mark.parametrize(
    ("group", "values"), [("kind", DocumentKind), ("status", Status), ("failure", FailureKind), ("severity", Severity)]
)
def test_every_value_has_its_word(group: str, values: Iterable[str]) -> None:
    assert set(load("zh")[group]) == set(values)


def test_every_text_that_the_template_and_the_script_name_is_there() -> None:
    known = {f"{group}.{name}" for group, texts in load("zh").items() for name in texts}
    room = files("reviewer.batch.summary")
    page, script = (room.joinpath(f"page.{kind}.j2").read_text(encoding="utf-8") for kind in ("html", "js"))
    named = set(re.findall(r't\("(\w+\.\w+)"', page)) | set(re.findall(r"words\.(\w+\.\w+)", script))
    assert len(named) > 40
    assert named <= known


def test_the_english_page_is_in_english() -> None:
    page = parsed(sample("en"), lang="en")
    chrome = [text(part) for part in page.xpath("//h1 | //h2 | //dt | //label | //thead//th | //tr[@data-rule]/th")]
    assert page.get("lang") == "en"
    assert not [words for words in chrome if re.search("[\u4e00-\u9fff]", words)]
