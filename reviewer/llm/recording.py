"""Answers written to a file and given back from it: a review with a model that asks no model."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from reviewer.errors import RecordingError, RecordingMissing
from reviewer.llm.asking import A, Ask, Asker, Reply, Spent, Status
from reviewer.llm.cache import digest
from reviewer.llm.ladder import strict_schema
from reviewer.llm.parsing import dump

FORMAT = "reviewer-recording/1"


def key_of(ask: Ask[A]) -> str:
    """What a recording knows a question by: its task, messages, schema and epoch, whoever was asked and how."""
    return digest(
        {
            "task": ask.task,
            "messages": [asdict(message) for message in ask.messages],
            "schema": strict_schema(ask.answer),
            "epoch": ask.epoch,
        }
    )


class Recorder:
    """Asks someone else and writes down every reply, one JSON line each, below a header line.

    A file that is there already goes on where it stopped, if the same model was asked; RecordingError if not, or if
    it cannot be written. A line cut off by a kill is taken away.
    """

    def __init__(self, asker: Asker, path: Path, *, note: str = "") -> None:
        self._asker = asker
        self._path = path
        try:
            if not path.exists() or not path.stat().st_size:
                _append(path, {"format": FORMAT, "model": asker.name, "note": note})
            else:
                _go_on(path, asker.name)
        except OSError as error:
            raise _unusable(path, f"cannot be written ({error.strerror})") from None

    @property
    def name(self) -> str:
        """The name of who is asked."""
        return self._asker.name

    async def ask(self, question: Ask[A]) -> Reply[A]:
        """Ask, and write down whatever came of it."""
        reply = await self._asker.ask(question)
        line = {
            "key": key_of(question),
            "task": question.task,
            "version": question.version,
            "epoch": question.epoch,
            "status": reply.status.value,
            "answer": None if reply.answer is None else json.loads(dump(reply.answer)),
            "reason": reply.reason,
            "prompt_tokens": reply.spent.prompt_tokens,
            "completion_tokens": reply.spent.completion_tokens,
        }
        try:
            _append(self._path, line)
        except OSError as error:
            raise _unusable(self._path, f"cannot be written ({error.strerror})") from None
        return reply


class Replayer:
    """Answers from a recording and from nowhere else. Of several answers to one question, the last counts."""

    def __init__(self, path: Path) -> None:
        """RecordingError for a file that cannot be read or is no recording."""
        self._path = path
        try:
            # Not splitlines(), which also breaks at characters that stand inside a JSON string.
            lines = path.read_text("utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise _unusable(path, f"cannot be read ({type(error).__name__})") from None
        self._model = str(_header(path, lines[0])["model"])
        self._replies = dict(_replies(path, lines))

    @property
    def name(self) -> str:
        """The model whose answers were recorded."""
        return self._model

    async def ask(self, question: Ask[A]) -> Reply[A]:
        """The recorded reply. RecordingMissing if there is none, RecordingError if it no longer fits the schema."""
        line = self._replies.get(key_of(question))
        if line is None:
            raise RecordingMissing(
                f"{self._path}: no answer for {question.task}, epoch {question.epoch}",
                hint="the report, the prompt or its schema has changed; record again",
            )
        try:
            status, answer = Status(line["status"]), None
            if status is Status.OK:
                answer = question.answer.model_validate_json(json.dumps(line["answer"]), strict=True)
            spent = Spent(0, 1, int(line.get("prompt_tokens", 0)), int(line.get("completion_tokens", 0)))
            return Reply(status, answer, line.get("reason"), spent)
        except ValidationError as error:
            wrong = ".".join(str(part) for part in error.errors(include_url=False)[0]["loc"]) or "the whole"
            problem = f"the answer for {question.task} does not fit its schema: {wrong}"
        except (ValueError, LookupError, TypeError):
            problem = f"the answer for {question.task} is not a recorded reply"
        raise _unusable(self._path, problem)


def _replies(path: Path, lines: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, text in enumerate(lines[1:], start=2):
        if not text.strip():
            continue
        line = _object(text)
        if line is None or not isinstance(line.get("key"), str):
            raise _unusable(path, f"line {number} is not a recorded reply")
        yield line["key"], line


def _header(path: Path, text: str) -> dict[str, Any]:
    header = _object(text)
    if header is None or header.get("format") != FORMAT or "model" not in header:
        raise _unusable(path, "is not a recording of answers")
    return header


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _go_on(path: Path, model: str) -> None:
    """Make sure that the file records this model, and take away a last line that was not finished."""
    data = path.read_bytes()
    if (recorded := _header(path, data.partition(b"\n")[0].decode("utf-8", "replace"))["model"]) != model:
        raise _unusable(path, f"holds answers of {recorded}, not of {model}")
    whole = data.rfind(b"\n") + 1
    with path.open("r+b") as file:
        if _object(data[whole:].decode("utf-8", "replace")) is None:
            file.truncate(whole)
        else:
            file.seek(0, os.SEEK_END)
            file.write(b"\n")


def _append(path: Path, line: dict[str, Any]) -> None:
    # One write per line: a file two processes append to has no lines run into each other.
    with path.open("ab", buffering=0) as file:
        file.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def _unusable(path: Path, problem: str) -> RecordingError:
    return RecordingError(f"{path}: {problem}", hint="name another file, or record again")
