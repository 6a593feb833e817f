"""The memo: what a reviewer reads. Built from a small review written by hand, so that no other room is needed."""

import re
import string
import tomllib
from collections.abc import Callable, Iterable
from importlib.resources import files
from itertools import pairwise
from typing import get_args

import pytest

from reviewer.memo import render
from reviewer.memo.markup import escape, table
from reviewer.memo.texts import load
from reviewer.schema import (
    ClaimKind,
    Dimension,
    DocumentFormat,
    DocumentKind,
    Evidence,
    IndicatorIssue,
    OmissionReason,
    Outcome,
    PolicyUsed,
    QuantityKind,
    Reason,
    Review,
    Role,
    SectionStatus,
    Severity,
    Usage,
    Verdict,
)
from reviewer.settings import Language
from tests.sample_review import (
    BALANCE,
    DOCUMENT,
    GRADE,
    IND_FINDING,
    LINES,
    SUM,
    SUM_FINDING,
    TEXT,
    at,
    make_review,
    nothing_found,
)


def chapter(memo: str, title: str) -> str:
    """From one `##` heading to the next."""
    (found,) = [part for part in re.split(r"(?m)^## ", memo) if part.startswith(title)]
    return found


@pytest.fixture
def memo() -> str:
    return render(make_review(), "md")


# What each chapter says


def test_the_head_says_who_made_it_and_that_nothing_left_the_machine(memo: str) -> None:
    head = memo.split("## ")[0]
    assert head.startswith("# 绩效自评报告复核意见\n\n砺阳县档案馆，2023年度\n")
    assert "不能代替复核人员的判断" in head
    assert "报告内容未离开本机" in head


def test_a_memo_made_with_a_model_never_claims_to_be_offline() -> None:
    memo = render(make_review(usage=Usage(backend="openai", model="some-model", calls=3)), "md")
    assert "未离开本机" not in memo
    assert "some-model" in memo.split("## ")[0]


def test_overview_names_the_report_its_amounts_and_its_own_rating(memo: str) -> None:
    overview = chapter(memo, "一、报告概况")
    assert "文件：liyang.md" in overview
    assert "部门整体支出绩效自评报告" in overview
    assert re.search(r"\| 支出总额 +\| 实际完成/执行数 +\| 2023 +\| 874\.36万元 +\| 第2行", overview)
    assert re.search(r"\| 收入总额 +\| 收入 +\| 2023 +\| 912\.40万元 +\| 第3行", overview)
    assert "自评总分：98.5分（第4行）" in overview
    assert "自评等级：优（第4行）" in overview
    assert "通用口径" in overview and "不是报告中的数值" in overview


def test_without_a_grade_the_total_score_comes_from_its_cap() -> None:
    capped = GRADE.model_copy(update={"kind": ClaimKind.SCORE_CAP, "stated_text": None})
    overview = chapter(render(make_review(claims=(capped,)), "md"), "一、报告概况")
    assert "自评总分：98.5分（第4行）" in overview
    assert "自评等级" not in overview


def test_amounts_of_a_single_project_are_not_the_units_key_amounts() -> None:
    figures = tuple(f.model_copy(update={"subject": "库房改造"}) for f in make_review().figures)
    assert "874.36" not in chapter(render(make_review(figures=figures), "md"), "一、报告概况")


def test_conclusion_is_three_sentences_with_the_gravest_first(memo: str) -> None:
    conclusion = chapter(memo, "二、复核结论")
    numbered = re.findall(r"(?m)^\d\. .*$", conclusion)
    assert len(numbered) == 3
    assert "问题1“分项之和与总数不符”（第2行）、问题2“指标只有定性用语”（第5行）" in numbered[0]
    assert "错误1项，疑点1项，提示0项" in numbered[1]
    assert "共识别6个数字，其中5个已明确含义" in numbered[2]
    assert "核实1项，不一致1项，未能判定1项" in numbered[2]


def test_no_findings_is_never_told_as_no_problem() -> None:
    conclusion = chapter(render(nothing_found(verified=1), "md"), "二、复核结论")
    assert "不表示报告没有问题" in conclusion
    assert "核实1项" in conclusion
    assert "未检查" in conclusion


def test_nothing_decided_means_no_conclusion() -> None:
    for claims in ({}, {"undetermined": 4}):
        conclusion = chapter(render(nothing_found(**claims), "md"), "二、复核结论")
        assert "不能就报告中的数字得出结论" in conclusion
        assert "没有发现矛盾" not in conclusion
        assert "数据核验得不出结论" in chapter(render(nothing_found(**claims), "md"), "三、数据核验")


def test_a_finding_shows_quote_calculation_question_and_basis(memo: str) -> None:
    findings = chapter(memo, "三、数据核验")
    for line in (
        "#### 问题1 【错误】SUM001 分项之和与总数不符",
        f"- 原文：「{LINES[1]}」（第2行）",
        "- 计算：627.61 + 264.75 = 892.36 ≠ 874.36",
        "- 诊断：可能有一个分项写错。",
        "- 请单位说明：请核对支出各项并更正。",
        "- 依据：财预〔2020〕10号",
        "- 关联勾稽：c1",
    ):
        assert f"{line}\n" in findings
    assert "IND002" not in findings


def test_every_finding_is_in_the_memo_whatever_its_family() -> None:
    families = ("SUM", "SEC", "EXP", "JDG", "IND", "STR", "TXT", "NEW")
    findings = tuple(SUM_FINDING.model_copy(update={"code": f"{family}009"}) for family in families)
    memo = render(make_review(findings=findings), "md")
    assert all(memo.count(f"】{family}009") == 1 for family in families)
    assert [int(n) for n in re.findall(r"(?m)^#### 问题(\d+)", memo)] == list(range(1, len(families) + 1))
    assert "STR009" in chapter(memo, "五、完整性与格式")


def test_a_contradiction_without_a_finding_is_still_shown() -> None:
    memo = render(make_review(findings=()), "md")
    assert "没有单列为问题" in memo
    assert "627.61 + 264.75 = 892.36" in memo


def test_verified_and_undetermined_relations_give_place_and_reason(memo: str) -> None:
    findings = chapter(memo, "三、数据核验")
    assert re.search(r"\| c2 +\| 收支结余 +\| 912\.40 − 874\.36 = 38\.04 +\| 第3行 +\| 在四舍五入范围内一致", findings)
    assert re.search(r"\| c3 +\| 等级 +\| 优 +\| 第4行 +\| 报告没有给出或没有指明", findings)


def test_many_undetermined_relations_are_grouped_by_reason() -> None:
    others = (Reason.COARSE, Reason.AMBIGUOUS)
    many = tuple(
        BALANCE.model_copy(
            update={"id": f"c{n}", "verdict": Verdict(outcome=Outcome.UNDETERMINED, reason=others[n % 2])}
        )
        for n in range(10, 20)
    )
    findings = chapter(render(make_review(claims=many), "md"), "三、数据核验")
    assert "数字位数太少，不足以判定（5项）：" in findings
    assert "表述可作不止一种理解（5项）：" in findings
    assert "38.04万元" in findings


def test_indicator_chapter_counts_lists_and_explains(memo: str) -> None:
    indicators = chapter(memo, "四、指标质量")
    assert "识别到指标1个，其中目标值和实际值都有数字的0个，有问题的1个" in indicators
    assert re.search(r"\| i1 +\| 群众查档便利程度 +\| 社会效益 +\| 只有定性用语", indicators)
    assert "“持续改善”无法衡量。" in indicators


def test_no_indicator_found_is_not_no_problem() -> None:
    indicators = chapter(render(nothing_found(verified=1), "md"), "四、指标质量")
    assert "未识别到绩效指标" in indicators
    assert "没有发现" not in indicators


def test_form_says_unchecked_when_nobody_checked_it(memo: str) -> None:
    assert chapter(memo, "五、完整性与格式").split("\n\n")[1].strip() == "未检查。"


def test_each_question_is_asked_once_errors_first() -> None:
    twin = SUM_FINDING.model_copy(update={"severity": Severity.NOTE})
    questions = chapter(render(make_review(findings=(IND_FINDING, twin, SUM_FINDING)), "md"), "六、")
    assert re.findall(r"(?m)^\d\. .*$", questions) == [
        "1. 请核对支出各项并更正。（问题1、问题2）",
        "2. 请补充目标值和实际值。（问题3）",
    ]


def test_annexes_hold_the_ledger_the_gaps_and_the_provenance(memo: str) -> None:
    ledger = chapter(memo, "附一")
    assert re.search(r"\| f1 +\| 全年支出 +\| 874\.36万元 +\| 实际完成/执行数 +\| 2023 +\| 第2行 +\| 离线规则", ledger)
    assert re.search(r"\| q5 +\| 38\.04万元 +\| 第3行", chapter(memo, "附二"))
    for part in ("reviewer 0.1.0", "离线规则", "generic（cccc）", "规则集：aaaa"):
        assert part in chapter(memo, "附三")


def test_a_section_the_model_failed_on_is_named_and_counted() -> None:
    failed = make_review().sections[0].model_copy(update={"status": SectionStatus.REFUSED, "reason": "filter"})
    memo = render(make_review(sections=(failed,)), "md")
    assert re.search(r"\| 收支 +\| 模型拒绝 +\| filter", chapter(memo, "附二"))
    assert "模型未能读全1个章节" in chapter(memo, "二、")


def test_a_unit_printed_in_the_table_head_follows_the_number() -> None:
    first, *others = make_review().quantities
    inherited = first.model_copy(update={"text": "874.36", "unit_span": at("全年收入")})
    assert "874.36（万元）" in render(make_review(quantities=(inherited, *others)), "md")


def test_several_files_are_told_apart_even_under_one_name() -> None:
    other = DOCUMENT.model_copy(update={"id": "d2", "path": "other/liyang.md"})
    memo = render(make_review(documents=(DOCUMENT, other)), "md")
    assert f"「{LINES[1]}」（reports/liyang.md 第2行）" in memo


# Promises


def test_a_saved_review_renders_to_the_same_bytes() -> None:
    review = make_review()
    saved = render(review, "json")
    again = Review.model_validate_json(saved)
    assert render(again, "json") == saved
    for lang in ("zh", "en"):
        assert render(again, "md", lang) == render(review, "md", lang)


def test_json_is_indented_readable_and_ends_in_one_line_feed() -> None:
    text = render(make_review(), "json")
    assert text.startswith('{\n  "schema_version"') and text.endswith("}\n")
    assert "砺阳县档案馆" in text


def test_every_number_of_the_checking_chapter_comes_from_the_review(memo: str) -> None:
    data = chapter(memo, "三、数据核验")
    told = {n for line in data.splitlines() if "计算：" in line or " = " in line for n in re.findall(r"\d+\.\d+", line)}
    computed = {str(SUM.verdict.value)} if SUM.verdict is not None else set()
    assert told and told <= set(re.findall(r"\d+\.\d+", TEXT)) | computed


def test_english_memo_has_no_chinese_words_of_its_own() -> None:
    bare = nothing_found(verified=1).model_copy(
        update={
            "documents": (DOCUMENT.model_copy(update={"unit": "Unit", "path": "a.md", "kind": DocumentKind.UNKNOWN}),)
        }
    )
    bare = bare.model_copy(
        update={
            "figures": (),
            "quantities": tuple(q.model_copy(update={"text": q.text.rstrip("万元分")}) for q in bare.quantities),
            "provenance": bare.provenance.model_copy(
                update={"policy": PolicyUsed(name="generic", title="Generic", basis="none", sha256="cccc")}
            ),
            "sections": (),
        }
    )
    memo = render(bare, "md", "en")
    assert memo.startswith("# Review memo")
    assert not re.findall(r"[\u4e00-\u9fff]+", memo)


def test_a_memo_in_another_language_says_that_findings_keep_theirs() -> None:
    assert "worded in the language of the review" in render(make_review(), "md", "en")
    assert "沿用复核时的语言" not in render(make_review(), "md")


# Escaping

NASTY = "a|b *c* _d_ `e` #f <g> [h](i) ~j~ k\\|l &lt;\n# 伪造的标题\n| x | y |\n\x1b[31m\u202e红"


@pytest.mark.parametrize(
    "planted",
    [
        lambda: make_review(
            findings=(SUM_FINDING.model_copy(update={"evidence": (Evidence(text=NASTY, span=at("优")),)}),)
        ),
        lambda: make_review(
            findings=(SUM_FINDING.model_copy(update={"title": NASTY, "message": NASTY, "question": NASTY}),)
        ),
        lambda: make_review(figures=tuple(f.model_copy(update={"measure": NASTY}) for f in make_review().figures)),
        lambda: make_review(indicators=tuple(i.model_copy(update={"text": NASTY}) for i in make_review().indicators)),
        lambda: make_review(documents=(DOCUMENT.model_copy(update={"unit": NASTY, "path": NASTY}),)),
    ],
)
def test_text_of_the_report_cannot_change_the_layout(planted: Callable[[], Review]) -> None:
    memo = render(planted(), "md")
    assert "伪造的标题" in memo
    assert not re.search(r"(?m)^# 伪造", memo)
    assert "\x1b" not in memo and "\u202e" not in memo
    headings = [line for line in memo.splitlines() if line.startswith("## ")]
    assert len(headings) == 9
    # Every row of a table has as many cells as the row above it: no pipe got through.
    bars = [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) if line.startswith("|") else 0 for line in memo.splitlines()]
    assert all(a == b for a, b in pairwise(bars) if a and b)


def test_escape_marks_every_character_that_markdown_reads() -> None:
    assert escape("a|b*c`d#e<f[g\nh") == "a\\|b\\*c\\`d\\#e\\<f\\[g h"
    assert escape("R&D 5%–8%，≥95%") == "R&D 5%–8%，≥95%"


def test_tables_line_up_in_a_terminal() -> None:
    assert table(["编号", "n"], [["甲", 1], ["ab", 22]]).splitlines() == [
        "| 编号 | n   |",
        "| ---- | --- |",
        "| 甲   | 1   |",
        "| ab   | 22  |",
    ]


# The words


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_with_the_same_placeholders() -> None:
    def shape(lang: Language) -> dict[tuple[str, str], set[str]]:
        return {(g, k): placeholders(text) for g, texts in load(lang).items() for k, text in texts.items()}

    assert shape("zh") == shape("en")


def test_table_heads_have_the_same_columns_in_both_languages() -> None:
    zh, en = load("zh")["table"], load("en")["table"]
    assert {name: head.count("|") for name, head in zh.items()} == {name: head.count("|") for name, head in en.items()}


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("severity", Severity),
        ("role", Role),
        ("claim", ClaimKind),
        ("outcome", Outcome),
        ("reason", Reason),
        ("issue", IndicatorIssue),
        ("status", SectionStatus),
        ("kind", DocumentKind),
        ("format", get_args(DocumentFormat)),
        ("omission", get_args(OmissionReason)),
        ("dimension", Dimension),
        ("number_kind", set(QuantityKind) - {QuantityKind.QUANTITY}),
    ],
)
def test_every_value_a_review_can_hold_has_a_word(group: str, values: Iterable[str]) -> None:
    assert {str(value) for value in values} <= set(load("zh")[group])


def test_no_text_is_left_unused() -> None:
    room = files("reviewer.memo")
    code = "".join(e.read_text(encoding="utf-8") for e in room.iterdir() if e.name.endswith((".py", ".j2")))
    looked_up = {
        "severity",
        "role",
        "claim",
        "outcome",
        "reason",
        "issue",
        "status",
        "gap",
        "rejected",
        "kind",
        "source",
        "table",
        "concept",
        "field",
        "notice",
        "format",
        "omission",
        "dimension",
        "number_kind",
    }
    texts = tomllib.loads(room.joinpath("texts.zh.toml").read_text(encoding="utf-8"))
    unused = [
        f"{group}.{name}"
        for group, names in texts.items()
        if group not in looked_up
        for name in names
        if f'"{group}.{name}"' not in code and f'["{name}"]' not in code
    ]
    assert unused == []
