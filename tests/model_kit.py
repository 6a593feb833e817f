"""What the tests of reviewing with a model share: answers a model might give, read off the very prompt it was sent.

with ScriptedServer(answering(plausible)) as server:
    found = reviewed(server, REPORT)
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reviewer.extraction.model import answers
from reviewer.extraction.model.answers import IndicatorClass, Period
from reviewer.extraction.model.grounding import Grounding
from reviewer.extraction.model.masking import Masker
from reviewer.llm.asking import A, Ask, Reply, Status
from reviewer.llm.client import Client
from reviewer.llm.prompts import load, names
from reviewer.review import review, review_with
from reviewer.schema import ConcernKind, Finding, Review, Role, Source
from reviewer.settings import Language, Settings
from tests.llm_kit import FastClock, connection, nothing_known
from tests.scripted_server import ScriptedServer, Seen, Step, say

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
REPORT = FIXTURES / "liyang-archives-2023.md"
"""Sections enough for several requests of each kind, and planted errors that the rules find."""
SMALL = FIXTURES / "yunjiao-grain-reserve-2024.txt"
REPORTS = sorted(path for path in FIXTURES.rglob("*") if path.suffix in (".md", ".txt") and path.name != "README.md")
EMPTY: Mapping[str, dict[str, Any]] = {
    "label_figures": {"figures": [], "relations": [], "unmarked": []},
    "critique_indicators": {"indicators": []},
    "raise_concerns": {"concerns": []},
    "link_figures": {"same": [], "relations": []},
    "summarise_findings": {"sentences": []},
}
"""For each prompt, the answer of a model that has nothing to say."""

_FENCED = re.compile(r"^<<<原文 ([0-9a-f]{12})\n(.*?)\n原文 \1>>>$", re.DOTALL | re.MULTILINE)
_TAG = re.compile(r"\{(q\d+):[^}]*\}")
_LINE = re.compile(r"^\[(s\d+)[^\]]*\] (.*)$", re.MULTILINE)
_HAN = re.compile(r"[\u4e00-\u9fff]{2,6}")

Answering = Callable[[str, str], dict[str, Any]]
"""(name of the prompt, the report's text in it) -> an answer."""


def task_of(system: str) -> str:
    """The prompt a system message is from, whatever a lower rung has added to it."""
    return next(name for name in names() if system.startswith(load(name).system))


def shown_in(user: str) -> str:
    """The last fenced text of a message: the report's."""
    return str(_FENCED.findall(user)[-1][1])


def fenced_in(user: str) -> list[str]:
    """All fenced texts of a message."""
    return [text for _, text in _FENCED.findall(user)]


def lines_in(text: str) -> list[tuple[str, str]]:
    """(sentence id, sentence) of a shown text."""
    return _LINE.findall(text)


def mute(task: str, text: str) -> dict[str, Any]:
    """A model that answers properly and has nothing to say."""
    return dict(EMPTY[task])


def plausible(task: str, text: str) -> dict[str, Any]:
    """A model that labels each number with the words before it, finds an indicator and raises a concern."""
    lines = lines_in(text)
    match task:
        case "label_figures":
            return {"figures": [f for _, line in lines for f in _labels(line)], "relations": [], "unmarked": []}
        case "critique_indicators":
            return {"indicators": [_indicator(*line) for line in lines if _HAN.search(_TAG.sub("", line[1]))][:2]}
        case "raise_concerns":
            cited = [name for name, _ in lines[:2]]
            concern = {"kind": "no_evidence", "sentences": cited, "text": "该结论没有数据支撑。", "question": None}
            return {"concerns": [concern]}
        case "summarise_findings":
            cited = re.findall(r"^(f\d+) \|", text, re.MULTILINE)[:1]
            return {"sentences": [{"text": "报告的数据有不能同时成立之处。", "findings": cited}]}
    return dict(EMPTY[task])


def _labels(line: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    before = ""
    for piece, tag in re.findall(r"([^{]*)(?:\{(q\d+):[^}]*\}|$)", line):
        words = _HAN.findall(piece)
        before = words[-1] if words else before
        if tag and before:
            found.append({"quantity": tag, "measure": before, "role": "amount", "subject": None, "period": "current"})
    return found


def _indicator(name: str, line: str) -> dict[str, Any]:
    words = _HAN.search(_TAG.sub("", line.split("{")[0]) or line) or _HAN.search(line)
    assert words is not None
    nothing = dict.fromkeys(("level", "target", "actual", "weight", "score"))
    return {
        "sentence": name,
        "name": words.group(),
        **nothing,
        "issues": ["no_time"],
        "suggestion": "在____年____月底前完成____件",
    }


def answering(answer: Answering = plausible) -> Callable[[Seen], Step]:
    """A script for the scripted server in which everything goes well."""
    return lambda seen: say(answer(task_in(seen), shown_in(report_message(seen))))


def task_in(seen: Seen) -> str:
    """The prompt a request was made from."""
    return task_of(seen.body["messages"][0]["content"])


def report_message(seen: Seen) -> str:
    """The message with the report's text; after it there may be a repair turn."""
    return str(seen.body["messages"][1]["content"])


def reviewed(
    server: ScriptedServer, path: Path = REPORT, *, lang: Language = "zh", narrative: bool = False, **changes: Any
) -> Review:
    """A review with the model at a scripted server, through the client the product uses; waiting takes no time."""
    settings = Settings(lang=lang, model="scripted-model", endpoint=server.base_url, narrative=narrative)

    async def run() -> Review:
        async with Client(connection(server.base_url, **changes), clock=FastClock().clock) as client:
            return await review_with(client, [path], settings)

    with nothing_known():
        return asyncio.run(run())


@dataclass
class Scripted:
    """An asker without a server: answers as told, and keeps the questions."""

    answer: Answering = mute
    name: str = "scripted-model"
    asked: list[Ask[Any]] = field(default_factory=list)

    async def ask(self, question: Ask[A]) -> Reply[A]:
        self.asked.append(question)
        given = self.answer(question.task, shown_in(question.messages[-1].content))
        return Reply(Status.OK, question.answer.model_validate(given))


def told(answer: Answering, path: Path, *, lang: Language = "zh", narrative: bool = False) -> Review:
    """A review with a model that answers like this, without a server."""
    settings = Settings(lang=lang, model="scripted-model", endpoint="replay", narrative=narrative)
    return asyncio.run(review_with(Scripted(answer), [path], settings))


def offline(path: Path = REPORT, lang: Language = "zh") -> Review:
    """The review by rules alone."""
    return review([path], Settings(lang=lang))


def prints(findings: Sequence[Finding]) -> set[str]:
    """Fingerprints, by which findings of two reviews are compared."""
    return {finding.fingerprint for finding in findings}


def grounding(source: Source, masker: Masker | None = None) -> Grounding:
    return Grounding(source, masker or Masker.of(source), ("model",), {})


def label(quantity: str, measure: str, subject: str | None = None) -> answers.FigureAnswer:
    return answers.FigureAnswer(
        quantity=quantity, measure=measure, role=Role.ACTUAL, subject=subject, period=Period.CURRENT
    )


def indicator(sentence: str, name: str, **more: Any) -> answers.IndicatorAnswer:
    nothing = dict.fromkeys(("target", "actual", "weight", "score", "suggestion"))
    given = {"sentence": sentence, "name": name, "level": IndicatorClass.QUANTITY, "issues": [], **nothing, **more}
    return answers.IndicatorAnswer.model_validate(given)


def concern(sentences: list[str], text: str, question: str | None = None) -> answers.ConcernAnswer:
    return answers.ConcernAnswer(kind=ConcernKind.OTHER, sentences=sentences, text=text, question=question)
