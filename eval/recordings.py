"""Recorded answers: written by people (or taken from a model) to the exact prompts, replayed by the evaluation.

`ask` writes every prompt of a fixture that no recording answers; `take` reads the answers beside them back in. What
cannot be asked yet (the table of figures rests on the labels of all parts) is written once its turn has come.
"""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from eval.labels import Fixture
from eval.store import ROOT, write
from reviewer.errors import RecordingMissing
from reviewer.extraction.model import answers
from reviewer.llm.asking import A, Ask, Reply, Status
from reviewer.llm.recording import Recorder, Replayer, key_of
from reviewer.llm.tokens import counter
from reviewer.review import review_with
from reviewer.schema import Review
from reviewer.settings import Settings

FOLDER = ROOT / "eval" / "recordings"
MODEL = "hand-recorded"
NOTE = "answered by hand to the exact prompts, without sight of the labels; not a benchmark of any named model"
_INDEX = "index.json"
_AFTER_LABELS = "link_figures"
_SCHEMAS: dict[str, type[answers.Answer]] = {
    "label_figures": answers.LabelAnswer,
    "critique_indicators": answers.CritiqueAnswer,
    "raise_concerns": answers.ConcernsAnswer,
    "link_figures": answers.LinkAnswer,
    "summarise_findings": answers.NarrativeAnswer,
}


def path_of(fixture: Fixture) -> Path:
    """Where a fixture's recording lies."""
    return FOLDER / f"{fixture.name}.jsonl"


def settings() -> Settings:
    """What a replayed review is made with."""
    return Settings(model=MODEL, endpoint="replay")


@dataclass(slots=True)
class _Collector:
    """Answers what is recorded and collects what is not."""

    replayer: Replayer | None
    missing: list[Ask[Any]] = field(default_factory=list)
    name: str = MODEL

    async def ask(self, question: Ask[A]) -> Reply[A]:
        if self.replayer is not None:
            try:
                return await self.replayer.ask(question)
            except RecordingMissing:
                pass
        labels_missing = any(ask.task == "label_figures" for ask in self.missing)
        if question.task != _AFTER_LABELS or not labels_missing:
            self.missing.append(question)
        return Reply(Status.FAILED, reason="not recorded")


def ask(fixtures: Sequence[Fixture], folder: Path, epoch: int = 0) -> int:
    """Write the prompts that no recording answers, a folder a fixture; returns how many."""
    return sum(_ask_one(fixture, folder / fixture.name, epoch) for fixture in fixtures)


def _ask_one(fixture: Fixture, folder: Path, epoch: int) -> int:
    recorded = path_of(fixture)
    collector = _Collector(Replayer(recorded) if recorded.is_file() else None)
    asyncio.run(review_with(collector, [fixture.path], settings(), epoch=epoch))
    folder.mkdir(parents=True, exist_ok=True)
    index: dict[str, dict[str, object]] = {}
    for number, missing in enumerate(collector.missing, 1):
        name = f"{number:02d}-{missing.task}"
        pages = "\n\n".join(f"[{message.role}]\n{message.content}" for message in missing.messages)
        write(folder / f"{name}.prompt.md", pages)
        sent = sum(counter(MODEL)(message.content) for message in missing.messages)
        index[name] = {
            "key": key_of(missing),
            "task": missing.task,
            "version": missing.version,
            "epoch": missing.epoch,
            "prompt_tokens": sent,
        }
    write(folder / _INDEX, json.dumps(index, ensure_ascii=False, indent=1))
    return len(index)


def take(fixture: Fixture, folder: Path, note: str = NOTE) -> Iterator[str]:
    """Add the answers in a folder to the fixture's recording; yields a line for each that is missing or unusable."""
    index = json.loads((folder / _INDEX).read_text("utf-8"))
    lines: list[dict[str, object]] = []
    for name, entry in index.items():
        path = folder / f"{name}.answer.json"
        if not path.is_file():
            yield f"{folder.name}/{name}: no answer"
            continue
        try:
            given = path.read_text("utf-8")
            answer = _SCHEMAS[entry["task"]].model_validate_json(given, strict=True)
        except (ValidationError, UnicodeDecodeError) as error:
            yield f"{folder.name}/{name}: {str(error).splitlines()[0]} {str(error).splitlines()[1:3]}"
            continue
        lines.append(
            {
                **entry,
                "status": Status.OK.value,
                "answer": answer.model_dump(mode="json"),
                "reason": None,
                "completion_tokens": counter(MODEL)(given),
            }
        )
    FOLDER.mkdir(exist_ok=True)
    target = path_of(fixture)
    if lines:
        Recorder(_Collector(None), target, note=note)  # writes the header of a new file
        with target.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def replayed(path: Path, epoch: int = 0) -> Review:
    """The review of a fixture with its recorded answers. RecordingMissing for a question without one."""
    return asyncio.run(review_with(Replayer(FOLDER / f"{path.stem}.jsonl"), [path], settings(), epoch=epoch))
