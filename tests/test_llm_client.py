"""After every fault of a server a question ends in a status, after a bounded number of requests, and says why."""

import asyncio
import logging
import traceback
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from reviewer.errors import ModelMisconfigured
from reviewer.llm.asking import Ask, Parameters, Reply, Spent, Status
from reviewer.llm.cache import AnswerCache
from reviewer.llm.client import Client
from reviewer.llm.connection import Connection, Profile, Rung
from tests.llm_kit import GOOD, KEY, Answer, FastClock, Role, asked, cents, connection, nothing_known, question
from tests.scripted_server import (
    HALF,
    HANG,
    NO_SCHEMA,
    RESET,
    TOO_LONG,
    ScriptedServer,
    Seen,
    Step,
    busy,
    cut_off,
    fail,
    filtered,
    refuse,
    say,
)

WRONG_ID = {"ids": ["q1", "q77"], "role": None}


def test_an_answer_comes_back_with_what_it_cost() -> None:
    with ScriptedServer([say(GOOD, usage=(300, 40))]) as server:
        [reply] = asked(connection(server.base_url, price=cents), question())
    assert reply == Reply(Status.OK, Answer(ids=["q1"], role=Role.BUDGET), None, Spent(1, 0, 300, 40, Decimal("3.40")))
    [seen] = server.requests
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.body["model"] == "scripted-model"
    assert (seen.body["temperature"], seen.body["seed"], seen.body["max_tokens"]) == (0.0, 7, 4096)
    assert [m["content"] for m in seen.body["messages"]] == ["你是复核员。", "全年支出874.36万元。"]
    assert seen.body["response_format"]["json_schema"]["strict"] is True


def test_a_model_without_a_price_is_unpriced_and_not_free() -> None:
    with ScriptedServer([say(GOOD)]) as server:
        [reply] = asked(connection(server.base_url), question())
    assert reply.spent == Spent(1, 0, 100, 20, None)


def test_a_server_that_counts_no_tokens_makes_the_price_unknown() -> None:
    with ScriptedServer([say(GOOD, usage=None)]) as server:
        [reply] = asked(connection(server.base_url, price=cents), question())
    assert reply.status is Status.OK
    assert reply.spent == Spent(1, 0, 0, 0, None)


def test_the_profile_says_what_is_sent() -> None:
    profile = Profile(
        "p",
        (Rung.FENCED,),
        length_parameter="max_completion_tokens",
        takes_temperature=False,
        takes_seed=False,
        extra_body={"enable_thinking": False},
    )
    with ScriptedServer([say('```json\n{"ids": [], "role": null}\n```')]) as server:
        [reply] = asked(connection(server.base_url, profile=profile), question(parameters=Parameters(max_tokens=99)))
    assert reply.status is Status.OK
    body = server.requests[0].body
    assert body["max_completion_tokens"] == 99
    assert body["enable_thinking"] is False
    assert not body.keys() & {"max_tokens", "temperature", "seed", "response_format"}


def test_each_epoch_has_a_seed_of_its_own() -> None:
    with ScriptedServer([say(GOOD)]) as server:
        asked(connection(server.base_url), question(), question(epoch=1))
    assert [r.body["seed"] for r in server.requests] == [7, 8]


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        (busy(), 2),
        (busy(retry_after="1"), 2),
        (busy(503, retry_after="1"), 2),
        (fail(500), 2),
        (fail(502), 2),
        (fail(503), 2),
        (fail(408), 2),
        (fail(409), 2),
        (HALF, 2),
        (RESET, 2),
        (Step(body="<html>Bad gateway</html>"), 2),
        (Step(body='{"error": {"code": 502, "message": "upstream"}}'), 2),
        (say("", finish_reason="insufficient_system_resource"), 2),
    ],
    ids=lambda value: f"{value.status}-{value.fault}" if isinstance(value, Step) else None,
)
def test_what_may_pass_is_tried_again(fault: Step, calls: int) -> None:
    clock = FastClock()
    with ScriptedServer([fault, say(GOOD)]) as server:
        [reply] = asked(connection(server.base_url), question(), clock=clock)
    assert reply.status is Status.OK
    assert (len(server.requests), reply.spent.calls) == (calls, calls)
    assert clock.waits


def test_a_server_that_hangs_is_left_after_the_timeout_and_asked_again() -> None:
    with ScriptedServer([HANG, say(GOOD)]) as server:
        [reply] = asked(connection(server.base_url, read_timeout=0.5), question())
    assert reply.status is Status.OK
    assert reply.spent.calls == 2


def test_retries_are_bounded_and_the_reason_says_what_happened_last() -> None:
    with ScriptedServer([fail(500, "Traceback: 全年支出")]) as server:
        [reply] = asked(connection(server.base_url, retries=3), question())
    assert (reply.status, reply.reason, reply.answer) == (Status.FAILED, "the server failed (HTTP 500)", None)
    assert len(server.requests) == 4
    assert reply.spent == Spent(calls=4)


def test_retries_are_counted_over_the_whole_question() -> None:
    script = [fail(500), fail(500), say("no JSON"), fail(500), fail(500)]
    with ScriptedServer(script) as server:
        [reply] = asked(connection(server.base_url, retries=3), question())
    assert (reply.status, reply.reason) == (Status.FAILED, "the server failed (HTTP 500)")
    assert len(server.requests) == 5


def test_a_server_that_is_not_there_ends_the_question_without_a_call() -> None:
    with ScriptedServer([say(GOOD)]) as server:
        nobody = connection(server.base_url, retries=1)
    [reply] = asked(nobody, question())
    assert (reply.status, reply.reason) == (Status.FAILED, "the server cannot be reached")
    assert reply.spent == Spent()


def test_the_server_says_how_long_to_wait() -> None:
    clock = FastClock()
    date = {"Retry-After": "Wed, 21 Oct 2026 07:28:07 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    script = [busy(retry_after="3"), busy(retry_after_ms="2500"), fail(503, headers=date), say(GOOD)]
    with ScriptedServer(script) as server:
        [reply] = asked(connection(server.base_url), question(), clock=clock)
    assert reply.status is Status.OK
    assert clock.waits == [3.0, 2.5, 7.0]


def test_a_server_that_asks_for_too_long_a_wait_ends_the_question() -> None:
    clock = FastClock()
    with ScriptedServer([busy(retry_after="3600")]) as server:
        [reply] = asked(connection(server.base_url, max_wait=60), question(), clock=clock)
    assert (reply.status, reply.reason) == (Status.FAILED, "too many requests (HTTP 429)")
    assert (len(server.requests), clock.waits) == (1, [])


@pytest.mark.parametrize(
    ("step", "status", "reason"),
    [
        (cut_off(), Status.TRUNCATED, "the answer was cut off at the length limit"),
        (cut_off('{"ids": []}'), Status.TRUNCATED, "the answer was cut off at the length limit"),
        (TOO_LONG, Status.TRUNCATED, "the request is longer than the model's context"),
        (fail(413), Status.TRUNCATED, "the request is longer than the model's context"),
        (filtered(), Status.REFUSED, "stopped by the provider's content filter"),
        (
            fail(400, "Input data may contain inappropriate content.", code="data_inspection_failed"),
            Status.REFUSED,
            "stopped by the provider's content filter",
        ),
        (fail(402, "Insufficient Balance"), Status.FAILED, "the account has no credit left (HTTP 402)"),
        (
            fail(429, "You exceeded your current quota", code="insufficient_quota"),
            Status.FAILED,
            "the account has no credit left (HTTP 429)",
        ),
        (fail(400, "max_tokens must be at most 8192"), Status.FAILED, "the request was rejected (HTTP 400)"),
    ],
)
def test_what_will_not_pass_is_asked_once(step: Step, status: Status, reason: str) -> None:
    with ScriptedServer([step]) as server:
        [reply] = asked(connection(server.base_url), question())
    assert (reply.status, reply.reason, reply.answer) == (status, reason, None)
    assert (len(server.requests), reply.spent.calls) == (1, 1)


def test_a_refusal_gets_one_turn_that_says_what_the_text_is() -> None:
    """A report's words are easily taken for a request; the same refusal twice is an answer."""
    with ScriptedServer([refuse(), say(GOOD)]) as server:
        [reply] = asked(connection(server.base_url), question())
        turns = server.requests[1].body["messages"][-2:]
    assert reply.status is Status.OK and [turn["role"] for turn in turns] == ["assistant", "user"]
    with ScriptedServer([refuse(), refuse()]) as server:
        [reply] = asked(connection(server.base_url), question())
    assert (reply.status, reply.reason, len(server.requests)) == (Status.REFUSED, "the model declined to answer", 2)


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (say(WRONG_ID), "没有这些编号：q77"),
        (say({"ids": "q1", "role": None}), "ids"),
        (say({"role": None}), "ids：缺少这个字段"),
        (say({"ids": [], "role": "score"}), "role：应为 'budget' or 'actual' 之一"),
        (say({"ids": [], "role": None, "value": 874}), "value：没有这个字段"),
        (say('{"ids": ["q1"'), "不是一个完整有效的 JSON 对象"),
        (say('Sure! Here it is: {"ids": ["q1"], "role": null} Anything else?'), "不是一个完整有效的 JSON 对象"),
        (say(""), "没有返回任何内容"),
        (say(None), "没有返回任何内容"),
        (say("<think>嗯，先看"), "没有返回任何内容"),
    ],
)
def test_a_faulty_answer_gets_one_repair_turn_that_says_what_is_wrong(first: Step, said: str) -> None:
    with ScriptedServer([first, say(GOOD)]) as server:
        [reply] = asked(connection(server.base_url), question())
    assert (reply.status, reply.reason, reply.spent.calls) == (Status.OK, None, 2)
    before, after = server.requests
    assert after.body["messages"][:2] == before.body["messages"]
    assert [m["role"] for m in after.body["messages"]] == ["system", "user", "assistant", "user"]
    assert after.body["messages"][2]["content"]
    assert said in after.last


@pytest.mark.parametrize("bad", [say(""), say({"ids": 5, "role": None})])
def test_a_second_faulty_answer_ends_the_question(bad: Step) -> None:
    with ScriptedServer([bad]) as server:
        [reply] = asked(connection(server.base_url), question())
    assert reply.status is Status.FAILED
    assert reply.reason in ("empty answer", "the answer does not fit the schema")
    assert reply.spent == Spent(2, 0, 200, 40, None)


def test_wrong_ids_that_stay_come_back_for_the_asker_to_reject() -> None:
    with ScriptedServer([say(WRONG_ID)]) as server:
        [reply] = asked(connection(server.base_url), question())
    assert (reply.status, reply.answer) == (Status.OK, Answer(ids=["q1", "q77"], role=None))
    assert reply.reason == "1 complaint is left after one repair turn"
    assert len(server.requests) == 2


@pytest.mark.parametrize("second", [say("no JSON"), cut_off(), refuse(), fail(400)])
def test_a_repair_that_fails_does_not_lose_the_answer_it_was_to_repair(second: Step) -> None:
    with ScriptedServer([say(WRONG_ID), second]) as server:
        [reply] = asked(connection(server.base_url, retries=0), question())
    assert (reply.status, reply.answer) == (Status.OK, Answer(ids=["q1", "q77"], role=None))
    assert reply.reason is not None
    assert reply.spent.calls == 2


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        (fail(401, f"Incorrect API key provided: {KEY}"), "REVIEWER_API_KEY"),
        (fail(403, "Forbidden"), "REVIEWER_API_KEY"),
        (fail(404, "The model `scripted-model` does not exist", code="model_not_found"), "--model"),
        (fail(400, "Model Not Exist"), "--model"),
        (Step(404, '{"detail": "Not Found"}'), "--base-url"),
        (Step(404, "<html>schema</html>"), "--base-url"),
        (Step(307, "", {"Location": "http://127.0.0.1:9/v1"}), "--base-url"),
    ],
)
def test_wrong_set_up_is_an_error_with_a_hint(step: Step, hint: str) -> None:
    with ScriptedServer([step]) as server, pytest.raises(ModelMisconfigured) as caught:
        asked(connection(server.base_url), question())
    assert hint in caught.value.hint
    assert len(server.requests) == 1
    shown = "".join(traceback.format_exception(caught.value)) + caught.value.hint + repr(caught.value.__context__)
    assert KEY not in shown
    assert caught.value.__context__ is None or not hasattr(caught.value.__context__, "request")


@pytest.mark.parametrize("key", ["“sk-1”", "sk 1", "sk-1\n"])
def test_a_key_pasted_with_what_does_not_belong_to_it_is_told_and_not_shown(key: str) -> None:
    with pytest.raises(ModelMisconfigured) as caught:
        Client(connection("http://127.0.0.1/v1", api_key=SecretStr(key)))
    assert key not in str(caught.value)


def test_a_server_without_keys_is_asked_without_one_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with ScriptedServer([say(GOOD)]) as server:
        [reply] = asked(connection(server.base_url, api_key=SecretStr("")), question())
    assert reply.status is Status.OK
    sent = repr(server.requests[0].headers)
    assert not any(secret in sent for secret in ("sk-of-somebody-else", "sk-admin", "org-secret", "proj-secret"))


def test_the_key_is_in_no_log_no_cache_no_repr(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    cache = AnswerCache(tmp_path / "answers.sqlite3")
    script = [NO_SCHEMA, busy(retry_after="1"), fail(500), say("no"), say(GOOD)]
    with ScriptedServer(script) as server:
        conn = connection(server.base_url)
        [reply] = asked(conn, question(), cache=cache)
    cache.close()
    assert reply.status is Status.OK
    assert len(caplog.records) > 3
    assert KEY not in caplog.text
    assert KEY not in repr(conn) + repr(Client(conn))
    assert all(KEY.encode() not in path.read_bytes() for path in tmp_path.iterdir())


def test_no_log_line_of_ours_holds_the_reports_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "reviewer.llm")
    echo = fail(422, "bad", details="全年支出874.36万元。")
    with ScriptedServer([fail(500, "全年支出874.36万元。"), say("全年支出"), say("全年支出"), echo]) as server:
        asked(connection(server.base_url), question())
    assert caplog.records
    assert "全年支出" not in caplog.text


def together(conn: Connection, *questions: Ask[Answer], cache: AnswerCache | None = None) -> list[Reply[Answer]]:
    async def run() -> list[Reply[Answer]]:
        async with Client(conn, cache=cache, clock=FastClock().clock) as client:
            return await asyncio.gather(*(client.ask(q) for q in questions))

    with nothing_known():
        return asyncio.run(run())


def test_no_more_requests_at_a_time_than_the_profile_allows() -> None:
    with ScriptedServer([say(GOOD).after(0.05)]) as server:
        replies = together(connection(server.base_url, concurrency=3), *(question(str(n)) for n in range(12)))
    assert {r.status for r in replies} == {Status.OK}
    assert server.peak == 3


def test_a_burst_of_429_halves_the_requests_and_loses_no_question() -> None:
    seen_first: set[str] = set()

    def script(seen: Seen) -> Step:
        if seen.last in seen_first:
            return say(GOOD).after(0.02)
        seen_first.add(seen.last)
        return busy(retry_after="1").after(0.02)

    with ScriptedServer(script) as server:
        replies = together(connection(server.base_url, concurrency=8), *(question(str(n)) for n in range(16)))
    assert {r.status for r in replies} == {Status.OK}
    assert len(server.requests) == 32
    assert server.peak <= 8


def test_the_same_question_twice_at_once_is_put_once() -> None:
    with ScriptedServer([say(GOOD).after(0.05)]) as server:
        first, second = together(connection(server.base_url, price=cents), question(), question())
    assert len(server.requests) == 1
    assert first.answer == second.answer
    assert {first.spent, second.spent} == {
        Spent(1, 0, 100, 20, Decimal("1.20")),
        Spent(0, 1, 100, 20, Decimal(0)),
    }


def test_who_waits_for_the_same_answer_gets_it_though_the_first_is_cancelled() -> None:
    async def run() -> Reply[Answer]:
        async with Client(connection(server.base_url)) as client:
            first = asyncio.create_task(client.ask(question()))
            second = asyncio.create_task(client.ask(question()))
            while not server.requests:
                await asyncio.sleep(0.005)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            return await second

    with nothing_known(), ScriptedServer([say(GOOD).after(0.1)]) as server:
        assert asyncio.run(run()).status is Status.OK


def test_cancelling_stops_at_once_and_leaves_the_client_usable() -> None:
    async def run() -> Reply[Answer]:
        async with Client(connection(server.base_url, concurrency=1, max_cost=Decimal(100), price=cents)) as client:
            hanging = [asyncio.create_task(client.ask(question(str(n)))) for n in range(3)]
            while not server.requests:
                await asyncio.sleep(0.005)
            for task in hanging:
                task.cancel()
            ended = await asyncio.gather(*hanging, return_exceptions=True)
            assert all(isinstance(e, asyncio.CancelledError) for e in ended)
            return await client.ask(question("again"))

    with nothing_known(), ScriptedServer([HANG, say(GOOD)]) as server:
        assert asyncio.run(run()).status is Status.OK
