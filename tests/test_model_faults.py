"""Whatever a model or its server does wrong, the review is complete, says so, and loses nothing the rules found."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reviewer.errors import ModelMisconfigured
from reviewer.llm.connection import Rung
from reviewer.memo import render
from reviewer.schema import Review, SectionStatus, Severity
from tests import scripted_server as server_kit
from tests.llm_kit import KEY
from tests.model_kit import (
    REPORT,
    ROOT,
    Answering,
    answering,
    lines_in,
    mute,
    offline,
    plausible,
    prints,
    report_message,
    reviewed,
    shown_in,
    task_in,
)
from tests.scripted_server import ScriptedServer, Seen, Step, say

Fault = Callable[[Seen], Step]


def answer_of(seen: Seen, answer: Answering = mute) -> dict[str, Any]:
    return answer(task_in(seen), shown_in(report_message(seen)))


def constantly(step: Step) -> Fault:
    return lambda seen: step


LOST: dict[str, tuple[Fault, SectionStatus, str, dict[str, Any]]] = {
    "busy": (constantly(server_kit.busy(retry_after="1")), SectionStatus.FAILED, "too many requests", {"retries": 1}),
    "busy for an hour": (constantly(server_kit.busy(retry_after="3600")), SectionStatus.FAILED, "too many", {}),
    "500": (constantly(server_kit.fail(500)), SectionStatus.FAILED, "the server failed", {"retries": 1}),
    "503": (constantly(server_kit.fail(503)), SectionStatus.FAILED, "the server failed", {"retries": 1}),
    "no credit": (constantly(server_kit.fail(402)), SectionStatus.FAILED, "no credit", {}),
    "hangs": (constantly(server_kit.HANG), SectionStatus.FAILED, "no answer in time", {"retries": 0, "read_timeout": 0.2}),
    "refuses": (constantly(server_kit.refuse()), SectionStatus.REFUSED, "declined", {}),
    "filtered": (constantly(server_kit.filtered()), SectionStatus.REFUSED, "content filter", {}),
    "filtered by the gateway": (
        constantly(server_kit.fail(400, "content_filter")), SectionStatus.REFUSED, "content filter", {},
    ),
    "cut off": (constantly(server_kit.cut_off("{")), SectionStatus.TRUNCATED, "length limit", {}),
    "longer than the context": (constantly(server_kit.TOO_LONG), SectionStatus.TRUNCATED, "context", {}),
    "empty": (constantly(say("")), SectionStatus.FAILED, "empty answer", {}),
    "nothing": (constantly(say(None)), SectionStatus.FAILED, "empty answer", {}),
    "not JSON": (constantly(say('{"figures": [')), SectionStatus.FAILED, "not JSON", {}),
    "prose": (constantly(say("好的，本段没有问题。")), SectionStatus.FAILED, "not JSON", {}),
    "another schema": (constantly(say({"verdict": "优秀"})), SectionStatus.FAILED, "does not fit the schema", {}),
    "half a body": (constantly(server_kit.HALF), SectionStatus.FAILED, "dropped", {"retries": 1}),
    "reset": (constantly(server_kit.RESET), SectionStatus.FAILED, "dropped", {"retries": 1}),
    "a page instead of an answer": (
        constantly(Step(body="<html>502</html>")), SectionStatus.FAILED, "not a chat completion", {"retries": 1},
    ),
    "no form of answer taken": (
        constantly(server_kit.NO_SCHEMA), SectionStatus.FAILED, "form of answer", {"rungs": (Rung.JSON_SCHEMA,)},
    ),
}  # fmt: skip
"""Faults after which a question has no answer: what the server does, how it ends, words of the reason."""

each_lost = pytest.mark.parametrize("name", LOST)


@cache
def alone() -> Review:
    return offline()


def fails_on_some(fault: Fault) -> Callable[[Seen], Step]:
    """The fault for what is asked about the second part of the report and after; the rest is answered."""
    first = shown_of_first_part()

    def play(seen: Seen) -> Step:
        hit = task_in(seen) in ("label_figures", "critique_indicators") and first not in report_message(seen)
        return fault(seen) if hit else answering(mute)(seen)

    return play


@cache
def shown_of_first_part() -> str:
    """The report's title, which only its first part prints as a sentence."""
    return "[s1] " + REPORT.read_text("utf-8").splitlines()[0].lstrip("# ").strip()


def unread(found: Review) -> list[Any]:
    return [section for section in found.sections if section.status is not SectionStatus.OK]


def assert_complete(found: Review) -> None:
    """Nothing the rules said is lost, or said otherwise."""
    assert prints(found.findings) >= prints(alone().findings)
    severities = {f.fingerprint: f.severity for f in found.findings}
    assert all(severities[f.fingerprint] is f.severity for f in alone().findings)
    assert [c.verdict for c in found.claims[: len(alone().claims)]] == [c.verdict for c in alone().claims]
    assert found.coverage.labelled >= alone().coverage.labelled


def assert_no_key(found: Review) -> None:
    for text in (found.model_dump_json(), render(found, "md"), render(found, "json")):
        assert KEY not in text


@each_lost
def test_a_review_no_question_of_which_is_answered_is_complete_and_says_so(name: str) -> None:
    fault, status, words, changes = LOST[name]
    with ScriptedServer(fault) as server:
        found = reviewed(server, **changes)
    assert_complete(found)
    assert_no_key(found)
    assert {section.status for section in found.sections if section.id in asked_about(found)} == {status}
    assert all(words in (section.reason or "") for section in unread(found)), unread(found)
    assert found.coverage.sections[status.value] == len(unread(found)) > 0
    assert [gap for gap in found.coverage.gaps if gap.startswith("raise_concerns: ") and words in gap]
    memo = render(found, "md")
    chapter = memo.split("## 附二")[1]
    for section in unread(found):
        assert "".join(section.title.split()) in "".join(chapter.split()) or not section.title
    assert words in chapter
    assert f"{len(unread(found))}个章节" in memo


def asked_about(found: Review) -> set[str]:
    return {sentence.section for sentence in found.sentences}


@each_lost
def test_a_fault_in_some_chapters_costs_these_alone(name: str) -> None:
    fault, status, words, changes = LOST[name]
    with ScriptedServer(fails_on_some(fault)) as server:
        found = reviewed(server, **changes)
    assert_complete(found)
    assert_no_key(found)
    statuses = Counter(section.status for section in found.sections)
    assert statuses[SectionStatus.OK] > 0 and statuses[status] > 0 and len(statuses) == 2
    assert all(words in (section.reason or "") for section in unread(found))
    assert not found.coverage.gaps
    memo = render(found, "md")
    assert all(section.title in memo for section in unread(found))


def test_chapters_that_were_read_keep_what_the_model_said_when_others_fail() -> None:
    first = shown_of_first_part()

    def play(seen: Seen) -> Step:
        hit = task_in(seen) == "label_figures" and first not in report_message(seen)
        return server_kit.fail(500) if hit else answering(plausible)(seen)

    with ScriptedServer(play) as server:
        found = reviewed(server, retries=0)
    assert [figure for figure in found.figures if "scripted-model" in figure.by]
    assert [concern for concern in found.concerns if concern.by == ("scripted-model",)]
    assert SectionStatus.FAILED in {section.status for section in found.sections}


MENDED: dict[str, tuple[Callable[[int, Seen], Step | None], dict[str, Any]]] = {
    "busy once": (lambda n, seen: server_kit.busy(retry_after="2") if n == 0 else None, {}),
    "500 once": (lambda n, seen: server_kit.fail(500) if n == 0 else None, {}),
    "half a body once": (lambda n, seen: server_kit.HALF if n == 0 else None, {}),
    "reset once": (lambda n, seen: server_kit.RESET if n == 0 else None, {}),
    "empty once": (lambda n, seen: say("") if n == 0 else None, {}),
    "not JSON once": (lambda n, seen: say("好的。") if n == 0 else None, {}),
    "no response_format": (lambda n, seen: server_kit.NO_SCHEMA if seen.format else None, {}),
    "prose around JSON": (
        lambda n, seen: say(f"好的，结果如下：\n```json\n{json.dumps(answer_of(seen))}\n```\n以上。"), {},
    ),
    "thoughts before JSON": (lambda n, seen: say(f"<think>先看收支。</think>{json.dumps(answer_of(seen))}"), {}),
}  # fmt: skip
"""Faults that pass or can be worked around: what is done at the n-th request of the same text; None answers it."""


@pytest.mark.parametrize("name", MENDED)
def test_what_passes_or_can_be_worked_around_leaves_no_gap(name: str) -> None:
    script, changes = MENDED[name]
    times: Counter[str] = Counter()

    def play(seen: Seen) -> Step:
        key = report_message(seen)[:4000] + task_in(seen)
        times[key] += 1
        return script(times[key] - 1, seen) or answering(mute)(seen)

    with ScriptedServer(play) as server:
        found = reviewed(server, **changes)
    assert not unread(found) and not found.coverage.gaps
    assert_complete(found)
    assert "未能正常读完" not in render(found, "md")


def test_wrong_ids_are_refused_counted_and_told() -> None:
    def play(seen: Seen) -> Step:
        given = answer_of(seen, plausible)
        for figure in given.get("figures", ()):
            figure["quantity"] = "q999"
        for indicator in given.get("indicators", ()):
            indicator["sentence"] = "s999"
        for concern in given.get("concerns", ()):
            concern["sentences"] = ["s999"]
        return say(given)

    with ScriptedServer(play) as server:
        found = reviewed(server)
    assert_complete(found)
    assert found.rejected["unknown_id"] > 0 and found.rejected["without_evidence"] > 0
    assert not [figure for figure in found.figures if figure.by != ("offline",)]
    assert not found.concerns
    assert {section.status for section in unread(found)} <= {SectionStatus.OK}
    reasons = {section.reason for section in found.sections if section.reason}
    assert reasons and all("complaint" in reason for reason in reasons)
    assert f"所引编号不在原文{found.rejected['unknown_id']}" in render(found, "md").replace("：", "")
    # One repair turn a question, and then it is over.
    turns = Counter(len(seen.body["messages"]) for seen in server.requests)
    assert set(turns) == {2, 4} and turns[4] <= turns[2]


def test_an_answer_too_long_is_asked_for_in_halves_and_never_again_in_the_same_form() -> None:
    def play(seen: Seen) -> Step:
        long = len(lines_in(shown_in(report_message(seen)))) > 4
        return server_kit.cut_off() if long and task_in(seen) != "link_figures" else answering(mute)(seen)

    with ScriptedServer(play) as server:
        found = reviewed(server)
    assert not unread(found) and not found.coverage.gaps
    assert_complete(found)
    bodies = [seen.raw for seen in server.requests]
    assert len(set(bodies)) == len(bodies)
    for task in ("label_figures", "critique_indicators", "raise_concerns"):
        of_task = [seen for seen in server.requests if task_in(seen) == task]
        whole = max(len(lines_in(shown_in(report_message(seen)))) for seen in of_task)
        read = sum(
            len(lines_in(shown_in(report_message(seen))))
            for seen in of_task
            if len(lines_in(shown_in(report_message(seen)))) <= 4
        )
        assert whole > 4
        if task != "label_figures":
            # Sentences without numbers may be left out of what is asked about numbers, and out of nothing else.
            assert read == len(found.sentences)


def test_a_single_sentence_that_cannot_be_answered_ends_as_truncated_and_nothing_is_asked_twice() -> None:
    with ScriptedServer([server_kit.cut_off()]) as server:
        found = reviewed(server)
    bodies = [seen.raw for seen in server.requests]
    assert len(set(bodies)) == len(bodies)
    assert {section.status for section in unread(found)} == {SectionStatus.TRUNCATED}


def test_a_narrative_that_fails_leaves_the_memo_without_one_and_says_so() -> None:
    def play(seen: Seen) -> Step:
        return server_kit.refuse() if task_in(seen) == "summarise_findings" else answering(mute)(seen)

    with ScriptedServer(play) as server:
        found = reviewed(server, narrative=True)
    assert found.narrative == () and [gap for gap in found.coverage.gaps if gap.startswith("summarise_findings")]
    assert_complete(found)


def test_questions_about_the_whole_report_without_an_answer_stand_in_the_memo() -> None:
    """A memo without concerns must not read as if a model had found none."""

    def play(seen: Seen) -> Step:
        return server_kit.refuse() if task_in(seen) in ("raise_concerns", "link_figures") else answering()(seen)

    with ScriptedServer(play) as server:
        found = reviewed(server)
    assert len(found.coverage.gaps) == 2
    memo = render(found, "md")
    for gap in found.coverage.gaps:
        assert gap.partition(": ")[2] in memo
    assert "没有得到模型回答" in memo
    assert "left unanswered" in render(found, "md", lang="en")


def test_one_chapter_that_is_declined_is_the_only_one_left_out_and_is_named() -> None:
    """A content filter that trips over one sentence must not cost the whole report's concerns."""

    def play(seen: Seen) -> Step:
        hit = task_in(seen) == "raise_concerns" and "旧设备处置没有随时登记，" in shown_in(report_message(seen))
        return server_kit.filtered() if hit else answering(plausible)(seen)

    with ScriptedServer(play) as server:
        found = reviewed(server)
    (gap,) = found.coverage.gaps
    assert gap == "raise_concerns: stopped by the provider's content filter (资产和合同管理有疏漏)"
    assert found.concerns
    memo = render(found, "md")
    assert "资产和合同管理有疏漏" in memo.split("没有得到模型回答的全篇问题")[1] and "只查了一部分" in memo


def test_a_wrong_key_ends_the_review_with_what_to_do() -> None:
    with ScriptedServer([server_kit.fail(401, "bad key")]) as server, pytest.raises(ModelMisconfigured) as caught:
        reviewed(server)
    assert caught.value.exit_code == 2 and "REVIEWER_API_KEY" in caught.value.hint
    assert KEY not in str(caught.value) + caught.value.hint


def test_a_wrong_key_gives_the_command_line_exit_code_2_and_two_lines(tmp_path: Path) -> None:
    with ScriptedServer([server_kit.fail(401, "bad key")]) as server:
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "reviewer",
                "review",
                str(REPORT),
                "-q",
                "--model",
                "scripted",
                "--base-url",
                server.base_url,
            ],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "", "REVIEWER_API_KEY": KEY, "REVIEWER_CACHE": str(tmp_path / "c")},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stdout) == (2, "")
    said, hint = done.stderr.splitlines()
    assert said.startswith("error: ") and hint.startswith("hint: ") and "REVIEWER_API_KEY" in hint
    assert KEY not in done.stderr


def test_no_fault_makes_an_error_of_what_was_none() -> None:
    """A half-read report must not look worse than it is."""
    with ScriptedServer(fails_on_some(constantly(server_kit.fail(500)))) as server:
        found = reviewed(server, retries=0)
    assert prints([f for f in found.findings if f.severity is Severity.ERROR]) == prints(
        [f for f in alone().findings if f.severity is Severity.ERROR]
    )
