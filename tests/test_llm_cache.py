"""No answered question is paid for twice, and no fault of the cache can fail a review."""

import json
import logging
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reviewer.llm.asking import Parameters, Reply, Spent, Status
from reviewer.llm.cache import AnswerCache, cache_key, default_path
from reviewer.llm.connection import Profile
from tests.llm_kit import ALL_RUNGS, GOOD, KEY, Answer, Role, asked, cents, connection, question
from tests.scripted_server import ScriptedServer, Step, cut_off, fail, filtered, refuse, say

CONN = connection("https://api.example.com/v1")
REPLY = Reply(Status.OK, Answer(ids=["q1"], role=Role.BUDGET), None, Spent(2, 0, 300, 50, Decimal(1)))


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[AnswerCache]:
    opened = AnswerCache(tmp_path / "cache" / "answers.sqlite3")
    yield opened
    opened.close()


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]


def test_an_answer_is_paid_for_once(cache: AnswerCache) -> None:
    with ScriptedServer([say({"ids": []}), say(GOOD)]) as server:
        conn = connection(server.base_url, price=cents)
        [first] = asked(conn, question(check=lambda answer: () if answer.ids else ("空",)), cache=cache)
        [second] = asked(conn, question(), cache=cache)
    assert len(server.requests) == 2
    assert first.answer == second.answer == Answer(ids=["q1"], role=Role.BUDGET)
    assert first.spent == Spent(2, 0, 200, 40, Decimal("2.40"))
    assert second == Reply(Status.OK, first.answer, None, Spent(0, 1, 200, 40, Decimal(0)))


@pytest.mark.parametrize(
    "step", [cut_off(), refuse(), filtered(), fail(500), say("x"), say({"ids": ["q9"], "role": None})]
)
def test_only_an_answer_without_complaints_is_kept(cache: AnswerCache, step: Step) -> None:
    with ScriptedServer([step]) as server:
        asked(connection(server.base_url, retries=0), question(), cache=cache)
    assert cache.info().entries == 0


def test_an_answer_is_on_disk_before_it_is_returned(cache: AnswerCache) -> None:
    cache.put("k", REPLY)
    # As another process would see it after this one was killed.
    other = AnswerCache(cache.path)
    found = other.get("k", question())
    other.close()
    assert found is not None
    assert found.answer == REPLY.answer


def test_everything_that_is_sent_is_part_of_the_key_and_nothing_secret() -> None:
    base = cache_key(CONN, question())
    assert base == cache_key(replace(CONN, retries=9, max_cost=Decimal(1)), question(version="2", check=None))
    secret = replace(CONN, base_url="https://api.example.com/v1/?key=abc")
    assert base == cache_key(secret, question())
    others = [
        cache_key(replace(CONN, model="m2"), question()),
        cache_key(replace(CONN, base_url="https://api.example.com/v2"), question()),
        cache_key(replace(CONN, profile=Profile("p", ALL_RUNGS, extra_body={"thinking": True})), question()),
        cache_key(CONN, question("别的")),
        cache_key(CONN, question(epoch=1)),
        cache_key(CONN, question(parameters=Parameters(temperature=0.5))),
        cache_key(CONN, question(answer=type("Other", (Answer,), {"__annotations__": {"more": int}}))),
    ]
    assert len({base, *others}) == 8
    assert len(base) == 64


def test_an_answer_that_no_longer_satisfies_is_asked_anew(cache: AnswerCache) -> None:
    cache.put("k", REPLY)
    assert cache.get("k", question()) is not None
    assert cache.get("k", question(check=lambda answer: ("不行",))) is None
    assert cache.get("other", question()) is None


@pytest.mark.parametrize("value", ["", "[]", "{}", '{"answer": 1, "prompt_tokens": 1, "completion_tokens": 1}'])
def test_a_value_that_is_none_of_ours_is_no_answer(cache: AnswerCache, value: str) -> None:
    cache.put("k", REPLY)
    with sqlite3.connect(cache.path) as db:
        db.execute("UPDATE kept SET value = ?", (value,))
    db.close()
    assert cache.get("k", question()) is None


def test_info_and_clear(cache: AnswerCache) -> None:
    assert (cache.info().entries, cache.info().bytes) == (0, 0)
    assert not cache.path.exists()
    cache.clear()
    cache.put("k", REPLY)
    cache.put("l", REPLY)
    cache.keep_rung("http://h", "m", "fenced")
    info = cache.info()
    assert (info.path, info.entries) == (cache.path, 2)
    assert info.bytes > 0
    cache.clear()
    assert cache.info().entries == 0
    assert cache.rung("http://h", "m") is None
    cache.put("k", REPLY)
    assert cache.info().entries == 1


def test_nobody_else_may_read_it(cache: AnswerCache) -> None:
    cache.put("k", REPLY)
    assert stat.S_IMODE(cache.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.path.parent.stat().st_mode) == 0o700


def test_it_holds_no_key_and_no_question(cache: AnswerCache) -> None:
    with ScriptedServer([say(GOOD)]) as server:
        asked(connection(server.base_url), question("只在问题里的字"), cache=cache)
    cache.close()
    data = cache.path.read_bytes()
    assert b"budget" in data
    assert KEY.encode() not in data
    assert "只在问题里的字".encode() not in data


def test_where_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REVIEWER_CACHE", str(tmp_path / "mine.sqlite3"))
    assert default_path() == AnswerCache().path == tmp_path / "mine.sqlite3"
    monkeypatch.delenv("REVIEWER_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_path().parent.name == "budget-report-reviewer"
    assert AnswerCache(tmp_path / "given").path == tmp_path / "given"


@pytest.mark.parametrize("damage", ["text", "torn", "folder", "folder is a file"])
def test_a_broken_file_is_one_warning_and_no_cache(
    tmp_path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "answers.sqlite3"
    if damage == "text":
        path.write_text("this is no database, but quite long enough to be taken for one" * 100)
    elif damage == "torn":
        whole = AnswerCache(path)
        for number in range(300):
            whole.put(str(number), REPLY)
        whole.close()
        data = path.read_bytes()
        path.write_bytes(data[: len(data) // 2 + 100])
    elif damage == "folder":
        path.mkdir()
    else:
        path.write_text("")
        path = path / "answers.sqlite3"
    cache = AnswerCache(path)
    with ScriptedServer([say(GOOD)]) as server:
        replies = asked(connection(server.base_url), question(), question("二"), question("三"), cache=cache)
    cache.close()
    assert [r.status for r in replies] == [Status.OK] * 3
    assert len(server.requests) == 3
    [line] = warnings(caplog)
    assert line.startswith(f"no cache: {path} cannot be used: ")


@pytest.mark.parametrize("text", ["this is no database" * 200, ""])
def test_clear_makes_a_broken_file_good(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.sqlite3"
    path.write_text(text)
    cache = AnswerCache(path)
    cache.clear()
    cache.put("k", REPLY)
    assert cache.info().entries == 1
    cache.close()


WRITER = """
import sys
from pathlib import Path
from reviewer.llm.cache import AnswerCache
from tests.test_llm_cache import REPLY
cache = AnswerCache(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(100):
    cache.put(f"{sys.argv[2]}-{number}", REPLY)
    cache.put("shared", REPLY)
    cache.keep_rung("http://h", "m", "fenced")
cache.close()
"""


def test_two_processes_write_at_once_and_lose_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "new" / "answers.sqlite3"
    root = Path(__file__).parents[1]
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in "ab"
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, complaint = writer.communicate(timeout=120)
        assert (writer.returncode, complaint) == (0, "")
    cache = AnswerCache(path)
    assert cache.info().entries == 201
    assert json.dumps([cache.get(f"{name}-99", question()) is not None for name in "ab"]) == "[true, true]"
    cache.close()
    assert warnings(caplog) == []
