"""What a model answered once can be reviewed again without it, and nothing else is asked in its place."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from reviewer.errors import RecordingError, RecordingMissing, ReviewerError
from reviewer.llm.asking import A, Ask, Asker, Parameters, Reply, Spent, Status
from reviewer.llm.client import Client
from reviewer.llm.recording import Recorder, Replayer, key_of
from tests.llm_kit import GOOD, KEY, Answer, FastClock, connection, nothing_known, question
from tests.scripted_server import ScriptedServer, cut_off, fail, refuse, say

FOUR = [question(text) for text in ("一", "二", "三", "四")]


def record(path: Path, *, name: str = "scripted-model", note: str = "") -> list[Reply[Answer]]:
    """One reply of each status, written to `path`."""

    async def run() -> list[Reply[Answer]]:
        conn = connection(server.base_url, retries=0, model=name)
        async with Client(conn, clock=FastClock().clock) as client:
            recorder = Recorder(client, path, note=note)
            assert recorder.name == name
            return [await recorder.ask(q) for q in FOUR]

    with nothing_known(), ScriptedServer([say(GOOD), cut_off(), refuse(), refuse(), fail(500)]) as server:
        return asyncio.run(run())


def replay(path: Path, ask: Ask[A]) -> Reply[A]:
    return asyncio.run(Replayer(path).ask(ask))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]


def test_every_reply_is_recorded_and_given_back(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    live = record(path, note="by hand")
    header, *rest = lines(path)
    assert header == {"format": "reviewer-recording/1", "model": "scripted-model", "note": "by hand"}
    assert [line["status"] for line in rest] == ["ok", "truncated", "refused", "failed"]
    assert Replayer(path).name == "scripted-model"
    for ask, reply in zip(FOUR, live, strict=True):
        again = replay(path, ask)
        assert (again.status, again.answer, again.reason) == (reply.status, reply.answer, reply.reason)
        assert again.spent == Spent(0, 1, reply.spent.prompt_tokens, reply.spent.completion_tokens)


def test_a_recording_holds_neither_the_key_nor_the_report(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    record(path)
    assert KEY not in path.read_text("utf-8")
    assert "二" not in path.read_text("utf-8")


def test_a_question_is_known_by_what_it_asks_and_not_by_whom_or_how() -> None:
    key = key_of(question())
    assert key == key_of(question(version="9", parameters=Parameters(temperature=1), check=None))
    others = [question("别的"), question(task="other"), question(epoch=1)]
    assert len({key, *map(key_of, others)}) == 4


def test_a_miss_is_an_error_that_names_the_question(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    record(path)
    with pytest.raises(RecordingMissing, match="no answer for label_figures, epoch 3") as caught:
        replay(path, question("一", epoch=3))
    assert isinstance(caught.value, ReviewerError)
    assert "record again" in caught.value.hint


def test_of_two_answers_to_one_question_the_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    record(path)
    changed = {**lines(path)[1], "answer": {"ids": [], "role": None}}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(changed) + "\n")
    assert replay(path, FOUR[0]).answer == Answer(ids=[])


def test_an_answer_written_by_hand_needs_no_more_than_key_status_and_answer(tmp_path: Path) -> None:
    path = tmp_path / "hand.jsonl"
    header = {"format": "reviewer-recording/1", "model": "hand"}
    line = {"key": key_of(question()), "status": "ok", "answer": GOOD}
    path.write_text(f"\ufeff{json.dumps(header)}\r\n{json.dumps(line)}\r\n\r\n", encoding="utf-8")
    assert replay(path, question()) == Reply(
        Status.OK, Answer.model_validate_json(json.dumps(GOOD)), None, Spent(cached_calls=1)
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({"status": "ok", "answer": {"ids": "q1", "role": None}}, "does not fit its schema: ids"),
        ({"status": "ok", "answer": None}, "does not fit its schema: the whole"),
        ({"status": "ok"}, "is not a recorded reply"),
        ({"status": "fine", "answer": GOOD}, "is not a recorded reply"),
        ({"status": "ok", "answer": GOOD, "prompt_tokens": "many"}, "is not a recorded reply"),
    ],
)
def test_a_reply_that_fits_no_longer_is_told(tmp_path: Path, line: dict[str, Any], problem: str) -> None:
    path = tmp_path / "answers.jsonl"
    header = {"format": "reviewer-recording/1", "model": "m"}
    path.write_text(json.dumps(header) + "\n" + json.dumps({"key": key_of(question()), **line}) + "\n")
    with pytest.raises(RecordingError, match=problem):
        replay(path, question())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"text\n",
        b'{"format": "other/1", "model": "m"}\n',
        b'{"format": "reviewer-recording/1"}\n',
        b"\xff\xfe",
    ],
)
def test_what_is_no_recording_is_neither_read_nor_written(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_bytes(content)
    with pytest.raises(RecordingError):
        Replayer(path)
    if content:
        with pytest.raises(RecordingError):
            record(path)
        assert path.read_bytes() == content


def test_a_missing_file_and_a_broken_line_are_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        Replayer(tmp_path / "none.jsonl")
    path = tmp_path / "answers.jsonl"
    path.write_text('{"format": "reviewer-recording/1", "model": "m"}\n{"key": "a"}\nbroken\n')
    with pytest.raises(RecordingError, match="line 3 is not a recorded reply"):
        Replayer(path)


def test_a_recording_goes_on_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    record(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    record(path)
    assert len(lines(path)) == 1 + 3 + 4
    path.write_bytes(whole[:-1])
    record(path)
    assert len(lines(path)) == 1 + 4 + 4
    assert replay(path, FOUR[0]).status is Status.OK


def test_a_file_records_one_model(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    record(path)
    with pytest.raises(RecordingError, match="holds answers of scripted-model, not of another"):
        record(path, name="another")


def test_a_file_that_cannot_be_written_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be written"):
        record(tmp_path / "no-such-folder" / "answers.jsonl")


def test_characters_that_break_lines_elsewhere_do_no_harm(tmp_path: Path) -> None:
    class Fixed:
        name = "m"

        async def ask(self, question: Ask[A]) -> Reply[A]:
            return Reply(Status.FAILED, None, "a\u2028b\x85c")

    path = tmp_path / "answers.jsonl"
    asker: Asker = Fixed()
    asyncio.run(Recorder(asker, path).ask(question()))
    assert replay(path, question()).reason == "a\u2028b\x85c"


def test_whatever_answers_is_an_asker(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    record(path)
    askers: list[Asker] = [Replayer(path), Recorder(Replayer(path), path), Client(connection("http://127.0.0.1/v1"))]
    assert {asker.name for asker in askers} == {"scripted-model"}
