"""A review with a real model behind a real server: llama.cpp with a very small model, whose words are of no worth."""

import asyncio
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from reviewer.extraction.model import answers
from reviewer.extraction.model.answers import Period
from reviewer.extraction.model.masking import Masker
from reviewer.extraction.model.tagging import Shown, show
from reviewer.llm.asking import A, Ask, Message, Parameters, Reply, Status
from reviewer.llm.client import Client
from reviewer.llm.connection import Connection, Rung
from reviewer.memo import render
from reviewer.review import read_source, review_with
from reviewer.schema import Role, SectionStatus, Source
from reviewer.settings import Settings
from tests.llm_kit import nothing_known
from tests.model_kit import ROOT, grounding, offline, prints
from tests.real_model import model_file

TEXT = "松阳区水文站2023年度部门整体支出绩效自评报告\n\n一、收支\n\n全年支出300.00万元，其中：基本支出160.00万元，项目支出130.00万元。\n"


class Pick(answers.Answer):
    """Ids and enums alone: a grammar leaves no room to run on."""

    quantity: Literal["q1", "q2", "q3"]
    role: Literal["actual", "income", "budget"]
    period: Literal["current", "previous"]
    base: Literal["q1", "q2", "q3"] | None


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def source(report: Path) -> Source:
    return read_source([report])


@pytest.fixture
def shown(source: Source) -> Shown:
    return show(source, source.sentences, Masker.of(source))


def asked(connection: Connection, question: Ask[A]) -> Reply[A]:
    async def put() -> Reply[A]:
        async with Client(connection) as client:
            return await client.ask(question)

    with nothing_known():
        return asyncio.run(put())


def question(shown: Shown, answer: type[A], tokens: int) -> Ask[A]:
    messages = (Message("system", "Answer with JSON."), Message("user", f"Label one number.\n{shown.text}"))
    return Ask("label_figures", "1", messages, answer, Parameters(max_tokens=tokens))


def test_an_answer_in_a_schema_is_parsed_and_grounded(real_model: Connection, source: Source, shown: Shown) -> None:
    reply = asked(replace(real_model, read_timeout=300), question(shown, Pick, 120))
    assert reply.status is Status.OK and reply.reason is None
    pick = reply.answer
    assert pick is not None
    assert reply.spent.calls == 1 and reply.spent.prompt_tokens > 50 and 0 < reply.spent.completion_tokens < 120
    given = answers.FigureAnswer(
        quantity=pick.quantity, measure="全年支出", role=Role(pick.role), subject=None, period=Period(pick.period)
    )
    (figure,) = grounding(source).figures([given], shown)
    assert figure.quantity == shown.quantities[pick.quantity].id and figure.role.value == pick.role


def test_an_answer_that_is_cut_off_says_so_and_is_asked_for_once(real_model: Connection, shown: Shown) -> None:
    reply = asked(real_model, question(shown, answers.LabelAnswer, 6))
    assert (reply.status, reply.answer, reply.spent.calls) == (Status.TRUNCATED, None, 1)
    assert reply.reason == "the answer was cut off at the length limit"


def test_a_question_longer_than_the_context_says_so(real_model: Connection, shown: Shown) -> None:
    long = question(shown, Pick, 20)
    long = replace(long, messages=(*long.messages[:1], Message("user", shown.text * 40)))
    reply = asked(real_model, long)
    assert reply.status is Status.TRUNCATED and "context" in (reply.reason or "")
    assert reply.spent.completion_tokens == 0


@pytest.mark.parametrize(
    "rungs",
    [(Rung.JSON_OBJECT,), (Rung.FENCED,), (Rung.JSON_OBJECT, Rung.FENCED)],
    ids="+".join,
)
def test_the_lower_rungs_are_taken_by_the_server(real_model: Connection, shown: Shown, rungs: tuple[Rung, ...]) -> None:
    """Whether so small a model manages without a grammar is its own affair; the server must never refuse the form."""
    connection = replace(real_model, profile=replace(real_model.profile, rungs=rungs))
    reply = asked(connection, question(shown, Pick, 32))
    assert "form of answer" not in (reply.reason or "")
    assert reply.spent.completion_tokens > 0
    assert (reply.status is Status.OK) is (reply.answer is not None) is (reply.reason is None)
    # One answer and one repair on each rung at most.
    assert reply.spent.calls <= 2 * len(rungs)


def test_a_whole_review_completes_with_a_model_too_small_for_it(real_model: Connection, report: Path) -> None:
    """The context does not even hold the prompts: every chapter says so, and the rules' findings are all there."""
    settings = Settings(model=real_model.model, endpoint=real_model.identity)

    async def run() -> None:
        async with Client(real_model) as client:
            found = await review_with(client, [report], settings)
        alone = offline(report)
        assert prints(found.findings) == prints(alone.findings) and "SUM001" in {f.code for f in found.findings}
        assert {section.status for section in found.sections} == {SectionStatus.TRUNCATED}
        assert all("context" in (section.reason or "") for section in found.sections)
        assert found.usage.model == real_model.model and found.usage.calls > 0
        assert "只读了一部分" in render(found, "md")

    asyncio.run(run())


def test_a_model_file_is_reviewed_with_by_one_command(report: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "reviewer", "review", str(report), "--model", f"gguf:{model_file()}"]
    done = subprocess.run(
        [*command, "--context-tokens", "1024", "--threads", "1"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "REVIEWER_CACHE": str(tmp_path / "cache.sqlite3")},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("# 绩效自评报告复核意见") and "300.00" in done.stdout
    first, *_, last = done.stderr.splitlines()
    assert first.startswith("the report's text goes to") and "on this machine" in first
    assert "not answered by the model" in done.stderr and "1 error" in last
    assert serving(tmp_path) == []


def serving(folder: Path) -> list[str]:
    """Processes that still serve the model from this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if "serving.py" in (process / "cmdline").read_text() and (process / "cwd").resolve() == folder.resolve():
                found.append(process.name)
        except OSError:
            continue
    return found
