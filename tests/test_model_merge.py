"""Two readings made into one: what the rules found stays, what a model adds is named as its own and never an error."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest

from reviewer import judging, linking
from reviewer.extraction.model.answers import RelationKind
from reviewer.memo import render
from reviewer.review import read_source, review, review_with
from reviewer.schema import (
    Claim,
    ClaimKind,
    Closure,
    Figure,
    IndicatorIssue,
    Operand,
    OperandRole,
    Outcome,
    Quantity,
    Reading,
    Review,
    Role,
    Severity,
    Source,
)
from reviewer.settings import Settings
from tests.model_kit import FIXTURES, REPORT, Answering, Scripted, mute, offline, plausible, prints, told

MODEL = "scripted-model"
HEAD = "松阳区水文站2023年度部门整体支出绩效自评报告\n\n一、收支情况\n\n"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return tmp_path / "report.txt"


def ids(text: str, *numbers: str) -> list[str]:
    """The ids in a shown text of these numbers, in their order; a number said twice is taken in turn."""
    found: list[str] = []
    for number in numbers:
        at = -1
        for _ in range(1 + sum(1 for _, n in zip(found, numbers, strict=False) if n == number)):
            at = text.index(f":{number}}}", at + 1)
        found.append(text[text.rindex("{", 0, at) + 1 : at])
    return found


def relation(kind: str, result: str | None, *operands: tuple[str, str], complete: bool = True) -> dict[str, Any]:
    return {
        "kind": kind,
        "operands": [{"quantity": quantity, "place": place} for place, quantity in operands],
        "result": result,
        "complete": complete,
        "direction": "none",
    }


def figure(quantity: str, measure: str, role: str = "actual", period: str = "current") -> dict[str, Any]:
    return {"quantity": quantity, "measure": measure, "role": role, "subject": None, "period": period}


def labelling(build: Any) -> Answering:
    """A model that has something to say of the numbers of a part, and nothing else."""

    def answer(task: str, text: str) -> dict[str, Any]:
        return {**mute(task, text), **build(text)} if task == "label_figures" else mute(task, text)

    return answer


def reviewed(report: Path, text: str, build: Any) -> tuple[Review, Review]:
    """(by rules alone, with the model)"""
    report.write_text(HEAD + text, encoding="utf-8")
    return offline(report), told(labelling(build), report)


def number(found: Review, text: str) -> Quantity:
    return next(q for q in found.quantities if q.text == text)


def figure_of(found: Review, text: str) -> Figure:
    return next(f for f in found.figures if f.quantity == number(found, text).id)


# Labels


def test_a_label_by_a_cue_word_stays_and_the_difference_is_listed(report: Path) -> None:
    alone, found = reviewed(
        report,
        "2023年年初预算874.36万元，全年支出851.20万元。",
        lambda text: {"figures": [figure(ids(text, "874.36万元")[0], "年初预算", "income", "previous")]},
    )
    own = figure_of(alone, "874.36万元")
    assert own.cued, "the example is about a label that a cue word gave"
    merged = figure_of(found, "874.36万元")
    assert (merged.role, merged.period) == (own.role, own.period)
    assert merged.by == ("offline",)
    listed = {(d.subject, d.field, d.kept, d.other) for d in found.disagreements}
    assert (own.quantity, "role", own.role.value, "income") in listed
    assert (own.quantity, "period", own.period, "2022") in listed
    assert all(d.by == ("offline", MODEL) for d in found.disagreements if d.field == "role")
    assert "收入" in render(found, "md").split("规则与模型的读法不一致之处")[1]


def test_where_no_cue_word_speaks_the_model_names_the_number() -> None:
    source = read_source([REPORT])
    alone = offline()
    uncued = [f for f in alone.figures if not f.cued]
    assert uncued
    answers = [f.model_copy(update={"role": Role.ASSET, "by": (MODEL,), "cued": False}) for f in alone.figures]
    merged = linking.merge(source, reading(alone), Reading(figures=tuple(answers)))
    merged_figures = {f.quantity: f for f in merged.figures}
    for own in alone.figures:
        figure = merged_figures[own.quantity]
        assert figure.role is (own.role if own.cued else Role.ASSET)
        if own.role is not Role.ASSET:
            assert figure.by == (("offline",) if own.cued else (MODEL,))
    differing = [f.quantity for f in alone.figures if f.role is not Role.ASSET]
    assert sorted(d.subject for d in merged.disagreements if d.field == "role") == sorted(differing)


def test_an_agreed_label_is_said_by_both(report: Path) -> None:
    _, found = reviewed(
        report,
        "2023年年初预算874.36万元，全年支出851.20万元。",
        lambda text: {"figures": [figure(ids(text, "874.36万元")[0], "年初预算", "budget_initial")]},
    )
    assert figure_of(found, "874.36万元").by == ("offline", MODEL)
    assert not found.disagreements


def test_a_number_only_the_model_can_name_is_labelled_by_it(report: Path) -> None:
    alone, found = reviewed(
        report,
        "站房扩建共用去机砖48000块。",
        lambda text: {"figures": [figure(ids(text, "48000块")[0], "机砖", "count")]},
    )
    quantity = number(found, "48000块").id
    by = next(f.by for f in found.figures if f.quantity == quantity)
    assert MODEL in by and found.coverage.unlabelled <= alone.coverage.unlabelled


# Claims


def test_a_contradiction_only_the_model_sees_is_a_warning_at_most(report: Path) -> None:
    def build(text: str) -> dict[str, Any]:
        whole, one, other = ids(text, "12.00万元", "5.00万元", "6.00万元")
        return {"relations": [relation("sum", whole, ("part", one), ("part", other))]}

    alone, found = reviewed(report, "为此安排12.00万元。设备用了5.00万元。耗材用了6.00万元。", build)
    assert not [f for f in alone.findings if f.claims]
    (claim,) = [c for c in found.claims if c.by == (MODEL,)]
    assert claim.verdict and claim.verdict.outcome is Outcome.CONTRADICTED
    about = [f for f in found.findings if claim.id in f.claims]
    assert [f.severity for f in about] == [Severity.WARNING] and about[0].by == (MODEL,)


def test_what_both_find_is_said_once_and_by_both(report: Path) -> None:
    def build(text: str) -> dict[str, Any]:
        whole, one, other = ids(text, "300.00万元", "160.00万元", "130.00万元")
        return {"relations": [relation("sum", whole, ("part", other), ("part", one))]}

    text = "全年支出300.00万元，其中：基本支出160.00万元，项目支出130.00万元。"
    alone, found = reviewed(report, text, build)
    (own,) = [f for f in alone.findings if f.code == "SUM001"]
    (finding,) = [f for f in found.findings if f.code == "SUM001"]
    assert (finding.severity, finding.fingerprint) == (Severity.ERROR, own.fingerprint)
    assert finding.by == ("offline", MODEL)


def test_other_operands_that_fit_turn_an_error_of_the_rules_into_a_question(report: Path) -> None:
    def build(text: str) -> dict[str, Any]:
        whole, one, other, third = ids(text, "300.00万元", "160.00万元", "130.00万元", "10.00万元")
        return {"relations": [relation("sum", whole, ("part", one), ("part", other), ("part", third))]}

    text = "全年支出300.00万元，其中：基本支出160.00万元，项目支出130.00万元。另有上缴上级支出10.00万元。"
    alone, found = reviewed(report, text, build)
    (own,) = [f for f in alone.findings if f.code == "SUM001"]
    assert own.severity is Severity.ERROR
    (finding,) = [f for f in found.findings if f.code == "SUM001"]
    assert finding.severity is Severity.WARNING and finding.fingerprint == own.fingerprint
    assert [d for d in found.disagreements if d.field == "claim" and d.kept != d.other]
    assert [c.disputed for c in found.claims if c.id in finding.claims] == [True]


def test_a_second_opinion_on_a_number_the_rules_have_verified_alarms_nobody(report: Path) -> None:
    def build(text: str) -> dict[str, Any]:
        whole, one, other = ids(text, "300.00万元", "160.00万元", "12.00万元")
        return {"relations": [relation("sum", whole, ("part", one), ("part", other))]}

    text = "全年支出300.00万元，其中：基本支出160.00万元，项目支出140.00万元。培训费12.00万元。"
    alone, found = reviewed(report, text, build)
    assert prints(found.findings) == prints(alone.findings)
    assert [d.field for d in found.disagreements] == ["claim"]
    assert not [c for c in found.claims if c.by == (MODEL,)]


def reading(found: Review) -> Reading:
    """What the rules made of a report, out of its review."""
    return Reading(figures=found.figures, claims=found.claims, indicators=found.indicators)


def random_claims(source: Source, chance: random.Random, many: int) -> list[Claim]:
    """Relations of any kind between any numbers of a report."""
    kinds = [ClaimKind(kind.value) for kind in RelationKind]
    roles = {
        ClaimKind.RATIO: (OperandRole.NUMERATOR, OperandRole.DENOMINATOR),
        ClaimKind.SHARE: (OperandRole.NUMERATOR, OperandRole.DENOMINATOR),
        ClaimKind.CHANGE: (OperandRole.CURRENT, OperandRole.BASE),
        ClaimKind.DIFFERENCE: (OperandRole.MINUEND, OperandRole.SUBTRAHEND),
        ClaimKind.TARGET_MET: (OperandRole.ACTUAL, OperandRole.TARGET),
        ClaimKind.SCORE_CAP: (OperandRole.ITEM, OperandRole.CAP),
        ClaimKind.RESTATEMENT: (OperandRole.ITEM,),
    }
    numbers = [q for q in source.quantities if q.value is not None]
    found: list[Claim] = []
    for _ in range(many):
        kind = chance.choice(kinds)
        wanted = roles.get(kind, (OperandRole.PART,) * chance.randint(2, 5))
        *operands, result = chance.sample(numbers, len(wanted) + 1)
        found.append(
            Claim(
                id="",
                kind=kind,
                operands=tuple(Operand(role=r, quantity=q.id) for r, q in zip(wanted, operands, strict=True)),
                result=None
                if kind is ClaimKind.TARGET_MET
                else operands[0].id
                if kind is ClaimKind.SCORE_CAP
                else result.id,
                closure=chance.choice([Closure.LISTED, Closure.OPEN]),
                section=source.sections[0].id,
                by=(MODEL,),
            )
        )
    return found


@pytest.mark.parametrize("seed", range(8))
def test_nothing_a_model_claims_changes_a_claim_or_a_verdict_of_the_rules(seed: int) -> None:
    source, alone = read_source([REPORT]), offline()
    claims = tuple(random_claims(source, random.Random(seed), 60))
    merged = linking.merge(source, reading(alone), judging.judge(source, Reading(claims=claims)))
    ours = merged.claims[: len(alone.claims)]
    assert [
        c.model_copy(update={"by": own.by, "disputed": False}) for c, own in zip(ours, alone.claims, strict=True)
    ] == list(alone.claims)
    assert [c.by[:1] for c in ours] == [("offline",)] * len(ours)
    assert len({c.id for c in merged.claims}) == len(merged.claims)
    assert all(c.by == (MODEL,) for c in merged.claims[len(ours) :])


@pytest.mark.parametrize("name", ["liyang-archives-2023.md", "qingting-justice-2023.txt", "qinghe-library-2023.txt"])
def test_random_relations_add_no_error_to_a_report(name: str) -> None:
    """Whatever a confused model relates, the errors are the rules' own."""
    path = FIXTURES / name
    alone = offline(path)
    chance = random.Random(name)

    def confused(task: str, text: str) -> dict[str, Any]:
        if task != "label_figures":
            return mute(task, text)
        shown = [part.partition(":")[0] for part in text.split("{")[1:]]
        kinds = {
            "sum": ["part", "part", "part"], "ratio": ["numerator", "denominator"], "change": ["current", "base"],
            "target_met": ["actual", "target"], "restatement": ["same", "same"], "difference": ["part", "taken_off"],
        }  # fmt: skip
        made = []
        for _ in range(40 if len(shown) > 4 else 0):
            kind = chance.choice(list(kinds))
            *operands, result = chance.sample(shown, len(kinds[kind]) + 1)
            places = list(zip(kinds[kind], operands, strict=True))
            made.append(relation(kind, None if kind in ("target_met", "restatement") else result, *places))
        return {**mute(task, text), "relations": made}

    found = told(confused, path)
    assert [c for c in found.claims if c.by == (MODEL,)], "the model must have been heard"
    own = prints([f for f in alone.findings if f.severity is Severity.ERROR])
    assert prints([f for f in found.findings if f.severity is Severity.ERROR]) <= own
    assert prints(found.findings) >= prints(alone.findings)


# Indicators


def test_an_indicator_both_see_is_listed_once_with_the_numbers_of_the_table(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text(
        "松阳区水文站2023年度部门整体支出绩效自评报告\n\n一、自评表\n\n"
        "| 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n| --- | --- | --- | --- | --- |\n"
        "| 水质采样次数 | ≥1200次 | 1236次 | 10 | 10 |\n| 简报期数 |  | 24期 | 10 | 10 |\n",
        encoding="utf-8",
    )

    def critic(task: str, text: str) -> dict[str, Any]:
        if task != "critique_indicators":
            return mute(task, text)
        rows = [line for line in text.splitlines() if ("表格行" in line and "期" in line) or "采样" in line]
        return {
            "indicators": [
                {
                    "sentence": row[1 : row.index(" ")],
                    "name": name,
                    "level": "数量",
                    **dict.fromkeys(("target", "actual", "weight", "score")),
                    "issues": ["task_not_result"],
                    "suggestion": "≥____次",
                }
                for row in rows
                for name in ("水质采样次数", "简报期数")
                if name in row
            ]
        }

    alone, found = offline(path), told(critic, path)
    assert len(found.indicators) == len(alone.indicators) == 2
    sampled, issued = found.indicators
    assert sampled.by == issued.by == ("offline", MODEL) and sampled.level == "数量"
    assert (sampled.target, sampled.actual) == (alone.indicators[0].target, alone.indicators[0].actual)
    assert sampled.suggestion == "≥____次"
    # What the header shows to be missing stays, whatever the model says.
    assert IndicatorIssue.NO_TARGET in issued.issues and IndicatorIssue.TASK_NOT_RESULT in issued.issues


def test_indicators_only_one_reader_sees_are_kept_in_the_order_of_the_text() -> None:
    alone, found = offline(), told(plausible, REPORT)
    assert len(alone.indicators) < len(found.indicators)
    starts = [i.span.start for i in found.indicators]
    assert starts == sorted(starts)
    assert [i.id for i in found.indicators] == [f"i{n}" for n in range(1, len(found.indicators) + 1)]
    texts = [i.text for i in found.indicators]
    assert all(i.text in texts for i in alone.indicators)
    assert {i.by for i in found.indicators} >= {("offline",), (MODEL,)}


# Concerns


def test_doubts_are_never_errors_and_say_whose_they_are() -> None:
    found = told(plausible, REPORT)
    raised = [f for f in found.findings if f.code.startswith("JDG")]
    assert raised and all(f.severity is not Severity.ERROR and f.by == (MODEL,) for f in raised)
    assert [c.id for c in found.concerns] == [f"k{n}" for n in range(1, len(found.concerns) + 1)]


def test_a_review_with_a_model_that_says_nothing_is_the_offline_one() -> None:
    alone, found = offline(), told(mute, REPORT)
    about = {"provenance", "usage", "coverage", "figures"}
    assert alone.model_dump(exclude=about) == found.model_dump(exclude=about)
    # Figures are put into the order of the text, and nothing else.
    first, second = ({f.quantity: f.model_copy(update={"id": ""}) for f in r.figures} for r in (alone, found))
    assert first == second


def test_the_same_answers_give_the_same_review() -> None:
    first, second = (told(plausible, REPORT).model_dump_json() for _ in range(2))
    assert first == second


def test_a_review_by_rules_knows_nothing_of_models() -> None:
    found = review([REPORT], Settings())
    said = {f.by for f in found.figures} | {c.by for c in found.claims}
    said |= {f.by for f in found.findings} | {i.by for i in found.indicators}
    assert said == {("offline",)} and found.usage.calls == 0 and not found.provenance.prompts


def test_progress_counts_up_to_all_questions() -> None:
    seen: list[tuple[int, int]] = []
    asker = Scripted(plausible)
    settings = Settings(model=MODEL, endpoint="replay")
    asyncio.run(review_with(asker, [REPORT], settings, progress=lambda *moved: seen.append(moved)))
    assert [done for done, _ in seen] == list(range(1, len(asker.asked) + 1))
    assert seen[-1] == (len(asker.asked), len(asker.asked))
