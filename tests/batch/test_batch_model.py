"""Many reports with a language model: one pace, one cache, one cap on cost, and nothing paid for twice."""

import re
from collections import Counter
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reviewer.batch.driver import Batch, Tally, fingerprint, run
from reviewer.batch.engines import Limits
from reviewer.batch.run_record import RunRecord
from reviewer.batch.sources import Plan
from reviewer.batch.with_model import ModelEngine
from reviewer.batch.working import Work
from reviewer.errors import ModelMisconfigured
from reviewer.llm.cache import AnswerCache
from reviewer.llm.client import Client
from reviewer.llm.prompts import load, names
from reviewer.memo import render
from reviewer.settings import Settings
from tests.batch.batch_kit import batch, lines, run_record, write_reports
from tests.llm_kit import KEY, connection, nothing_known
from tests.model_kit import answering, mute, plausible, reviewed
from tests.scripted_server import HANG, ScriptedServer, Seen, Step, fail


class Silent:
    def show(self, tally: Tally) -> None:
        """Nobody looks."""


def run_in(
    folder: Path,
    server: ScriptedServer,
    *,
    jobs: int = 4,
    seconds: float = 120,
    retry_failed: bool = False,
    **more: Any,
) -> RunRecord:
    """A batch over folder/in into folder/out, its answers kept in folder/answers."""
    conn = connection(server.base_url, **more)
    settings = Settings(model=conn.model, endpoint=conn.base_url)
    cache = AnswerCache(folder / "answers.sqlite3")
    with nothing_known():
        client = Client(conn, cache=cache)
        engine = ModelEngine(Work(settings), Limits(jobs, seconds), client, client=client)
        plan = Plan((str(folder / "in"),), folder / "out")
        wanted = Batch(plan, folder / "out", {"model": "scripted"}, "reviewer batch", "model", jobs, retry_failed)
        try:
            return run(wanted, engine, nullcontext(Silent()))
        finally:
            cache.close()


def by_answer(prompt: int, completion: int) -> Decimal:
    """A dollar for each token of an answer."""
    return Decimal(completion)


def asked_about(server: ScriptedServer) -> Counter[str]:
    """Requests by the report they are about."""
    return Counter(found for seen in server.requests for found in set(re.findall(r"第\d+图书馆", seen.last)))


def test_each_report_is_reviewed_as_it_would_be_alone(tmp_path: Path) -> None:
    paths = write_reports(tmp_path / "in", 3)
    with ScriptedServer(answering(plausible)) as server:
        record = run_in(tmp_path, server)
        alone = [reviewed(server, path) for path in paths]
    assert record.totals.reviewed == 3 and record.totals.calls > 0
    for line, expected in zip(lines(tmp_path / "out"), alone, strict=True):
        kept = (tmp_path / "out" / line["review"]).read_text(encoding="utf-8")
        settings = Settings(model="scripted-model", endpoint=server.base_url)
        provenance = expected.provenance.model_copy(update={"settings": settings})
        same = {"provenance": provenance, "usage": expected.usage}
        assert kept == render(expected.model_copy(update=same), "json")


def test_the_pace_is_shared_by_all_reports(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 6)
    with ScriptedServer(lambda seen: answering(mute)(seen).after(0.05)) as server:
        run_in(tmp_path, server, jobs=6, concurrency=2)
        assert server.peak == 2


def test_what_was_answered_is_not_paid_for_again(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 3)
    with ScriptedServer(answering(mute)) as server:
        run_in(tmp_path, server)
        first = len(server.requests)
        # As if it had been killed before anything was recorded.
        (tmp_path / "out" / "results.jsonl").write_bytes(b"")
        record = run_in(tmp_path, server)
        assert len(server.requests) == first > 0
    assert (record.totals.reviewed, record.totals.calls, record.totals.cached_calls) == (3, 0, first)
    assert record.totals.price == "0"


def test_at_the_cap_it_stops_and_goes_on_with_a_higher_one(tmp_path: Path) -> None:
    """A report that was only half read for want of money is not taken for a reviewed one."""
    write_reports(tmp_path / "in", 6)
    with ScriptedServer(answering(mute)) as server:
        # An answer costs 20 and could cost so much that the cap has room for it and for some answers before it.
        cap = max(load(name).parameters.max_tokens for name in names()) + 150
        record = run_in(tmp_path, server, jobs=1, price=by_answer, max_cost=Decimal(cap))
        assert (record.runs[-1].how, record.runs[-1].reason) == ("stopped", "cost cap")
        known, paid = len(lines(tmp_path / "out")), len(server.requests)
        assert 0 < known < 6 and record.totals.left == 6 - known
        assert all(line["unread"] == 0 for line in lines(tmp_path / "out"))
        record = run_in(tmp_path, server, jobs=1, price=by_answer, max_cost=Decimal(10 * cap))
        assert record.totals.reviewed == 6 and record.runs[-1].how == "complete"
        sent = Counter(seen.raw for seen in server.requests)
        assert len(server.requests) > paid and set(sent.values()) == {1}, "a question was paid for twice"


def test_a_wrong_key_ends_the_batch_and_fails_no_report(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 5)
    with ScriptedServer([fail(401, "bad key")]) as server, pytest.raises(ModelMisconfigured, match="does not accept"):
        run_in(tmp_path, server)
    assert lines(tmp_path / "out") == []
    last = run_record(tmp_path / "out")["runs"][-1]
    assert last["how"] == "stopped" and "does not accept the key" in last["reason"]


def test_what_a_model_left_unread_is_asked_again_when_wanted(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 2)
    broken = True

    def script(seen: Seen) -> Step:
        return fail(400, "no") if broken and "第1图书馆" in seen.last else answering(mute)(seen)

    with ScriptedServer(script) as server:
        record = run_in(tmp_path, server)
        assert [line["unread"] > 0 for line in lines(tmp_path / "out")] == [False, True]
        assert (record.totals.reviewed, record.totals.unread) == (2, 1)
        broken = False
        assert run_in(tmp_path, server).runs[-1].reviewed == 0
        record = run_in(tmp_path, server, retry_failed=True)
    assert (record.runs[-1].reviewed, record.totals.unread) == (1, 0)


def test_a_report_the_server_never_answers_is_given_up_at_its_time(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 3)

    def script(seen: Seen) -> Step:
        return HANG if "第1图书馆" in seen.last else answering(mute)(seen)

    with ScriptedServer(script) as server:
        record = run_in(tmp_path, server, seconds=4)
    assert (record.totals.reviewed, record.totals.failures) == (2, {"timed_out": 1})


def test_a_file_that_cannot_be_used_fails_alone(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 2)[0].write_bytes(b"")
    with ScriptedServer(answering(mute)) as server:
        record = run_in(tmp_path, server)
    assert (record.totals.reviewed, record.totals.failures) == (1, {"unreadable": 1})


def test_prompts_and_model_are_part_of_what_must_not_change() -> None:
    offline = fingerprint(Settings(), memo=False)
    asked = fingerprint(Settings(model="m", endpoint="http://e/v1"), memo=False)
    assert {name for name in offline if offline[name] != asked[name]} == {"model", "endpoint", "prompts"}
    assert fingerprint(Settings(), memo=True) != offline


# The command


def test_the_command_says_where_reports_go_and_what_it_cost_and_keeps_no_key(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 3)
    env = {"REVIEWER_API_KEY": KEY, "REVIEWER_CACHE": str(tmp_path / "answers.sqlite3"), "HOME": str(tmp_path)}
    with ScriptedServer(answering(mute)) as server:
        named = ("--model", "scripted-model", "--base-url", server.base_url)
        done = batch(tmp_path, "in", "-o", "out", *named, env=env)
        assert done.returncode == 0, done.stderr
        assert done.stderr.count("the report's text goes to scripted-model on this machine") == 1
        assert f"{len(server.requests)} calls, 0 from the cache" in done.stderr
        assert asked_about(server).keys() == {f"第{n}图书馆" for n in range(3)}
        assert run_record(tmp_path / "out")["runs"][-1]["engine"] == "model"
        for path in (tmp_path / "out").rglob("*"):
            assert path.is_dir() or KEY.encode() not in path.read_bytes()
        refused = batch(tmp_path, "in", "-o", "out", env=env)
        assert refused.returncode == 2 and "model (scripted-model → none)" in refused.stderr
        refused = batch(tmp_path, "in", "-o", "new", *named, "--max-memory", "4096", env=env)
        assert refused.returncode == 2 and "--max-memory" in refused.stderr


def test_workers_of_a_cluster_ask_by_themselves_with_their_own_key(tmp_path: Path, cluster: str) -> None:
    """What they bring back is what one process would have written, and what is in their cache is not paid again."""
    write_reports(tmp_path / "in", 3)
    env = {"REVIEWER_API_KEY": KEY, "REVIEWER_CACHE": str(tmp_path / "answers.sqlite3"), "HOME": str(tmp_path)}
    env |= {"RAY_AUTH_MODE": "disabled"}
    ray = ("--engine", "ray", "--ray-address", cluster)
    with ScriptedServer(answering(mute)) as server:
        named = ("--model", "scripted-model", "--base-url", server.base_url)
        assert batch(tmp_path, "in", "-o", "one", *named, env=env).returncode == 0
        paid = len(server.requests)
        refused = batch(tmp_path, "in", "-o", "many", *named, *ray, "--max-cost", "1", env=env)
        assert refused.returncode == 2 and "--max-cost" in refused.stderr
        done = batch(tmp_path, "in", "-o", "many", *named, *ray, env=env)
        assert done.returncode == 0, done.stderr
        # The workers' environment has no key, and where a server wants none, none is needed.
        assert "calls" in done.stderr and len(server.requests) > paid
        for line in lines(tmp_path / "many"):
            assert (line["status"], line["unread"]) == ("reviewed", 0)


def test_a_wrong_key_is_one_clear_line(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 20)
    env = {"REVIEWER_API_KEY": KEY, "REVIEWER_CACHE": str(tmp_path / "answers.sqlite3"), "HOME": str(tmp_path)}
    with ScriptedServer([fail(401, "bad key")]) as server:
        done = batch(tmp_path, "in", "-o", "out", "--model", "m", "--base-url", server.base_url, "-q", env=env)
    said = [line for line in done.stderr.splitlines() if not line.startswith("the report's text goes")]
    assert done.returncode == 2 and [line.split(":")[0] for line in said] == ["error", "hint"], done.stderr
