"""An endpoint is asked for JSON in the best way it takes; stepping down is remembered, and only for good reason."""

import json
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from reviewer.llm import ladder
from reviewer.llm.asking import Message, Status
from reviewer.llm.cache import AnswerCache
from reviewer.llm.connection import Rung
from reviewer.llm.ladder import Ladder, messages_for, strict_schema
from tests.llm_kit import ALL_RUNGS, GOOD, Answer, Role, asked, connection, nothing_known, question
from tests.scripted_server import NO_SCHEMA, ScriptedServer, Seen, Step, cut_off, fail, say

FENCED = f"好的，结果如下：\n```json\n{json.dumps(GOOD)}\n```\n"


def takes(*rungs: str | None) -> Any:
    """A server that takes these response formats (None = none at all) and says no to others."""

    def script(seen: Seen) -> Step:
        if seen.format not in rungs:
            return NO_SCHEMA
        return say(FENCED if seen.format is None else GOOD)

    return script


class Item(BaseModel):
    """One figure."""

    quantity: str = Field(description="编号", max_length=9, pattern="^q")
    role: Role = Field(Role.BUDGET, description="含义")
    kind: Literal["sum"] = "sum"
    by: Role = Role.ACTUAL
    weight: Annotated[float, Field(ge=0, le=1)] | None = None


class Nested(BaseModel):
    items: list[Item] = Field(min_length=1)
    note: str | None = None


def nodes(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(n for v in value.values() for n in nodes(v))]
    return [n for v in value for n in nodes(v)] if isinstance(value, list) else []


def test_a_strict_schema_is_closed_complete_and_without_limits() -> None:
    schema = strict_schema(Nested)
    objects = [n for n in nodes(schema) if n.get("type") == "object"]
    assert len(objects) == 2
    for node in objects:
        assert node["additionalProperties"] is False
        assert node["required"] == list(node["properties"])
    allowed = {"type", "description", "enum", "anyOf", "items", "properties", "required", "additionalProperties"}
    names = {"items", "note", "quantity", "role", "kind", "by", "weight", *schema["$defs"]}
    assert {key for n in nodes(schema) for key in n} <= allowed | names | {"$ref", "$defs"}
    assert all(set(n) == {"$ref"} for n in nodes(schema) if "$ref" in n)
    item = schema["$defs"]["Item"]["properties"]
    assert item["quantity"] == {"type": "string", "description": "编号"}
    assert item["role"]["description"] == "含义"
    assert item["role"]["enum"] == ["budget", "actual"]
    assert item["kind"] == {"type": "string", "enum": ["sum"]}
    assert item["by"] == {"$ref": "#/$defs/Role"}


def test_a_schema_handed_out_can_be_changed_without_harm() -> None:
    strict_schema(Nested)["properties"].clear()
    assert strict_schema(Nested)["properties"]


class Open(BaseModel):
    values: dict[str, int]


class Pair(BaseModel):
    pair: tuple[int, str]


class Anything(BaseModel):
    thing: Any


@pytest.mark.parametrize("model", [Open, Pair, Anything])
def test_what_no_strict_mode_can_say_is_told_when_the_prompt_is_written(model: type[BaseModel]) -> None:
    with pytest.raises(TypeError, match=model.__name__):
        strict_schema(model)


@pytest.mark.parametrize("rung", [Rung.JSON_OBJECT, Rung.FENCED])
def test_below_json_schema_the_schema_is_in_the_prompt_and_no_message_is_added(rung: Rung) -> None:
    before = (Message("system", "S"), Message("user", "U1"), Message("assistant", "A"), Message("user", "U2"))
    after = messages_for(rung, before, Answer)
    assert [m.role for m in after] == [m.role for m in before]
    assert after[0].content.startswith("S\n")
    assert '"additionalProperties":false' in after[0].content
    assert after[1:3] == before[1:3]
    assert after[3].content.startswith("U2\n")
    assert "JSON" in after[3].content
    [alone] = messages_for(rung, (Message("user", "U"),), Answer)
    assert alone.content.startswith("U\n")
    assert '"additionalProperties":false' in alone.content


@pytest.mark.parametrize(
    ("accepted", "formats"),
    [
        (("json_schema",), ["json_schema"]),
        (("json_object",), ["json_schema", "json_object"]),
        ((None,), ["json_schema", "json_object", None]),
    ],
)
def test_the_best_rung_the_server_takes_is_found_in_one_question(
    accepted: tuple[str | None, ...], formats: list[str | None]
) -> None:
    with ScriptedServer(takes(*accepted)) as server:
        first, second = asked(connection(server.base_url), question(), question("二"))
    assert first.status is second.status is Status.OK
    assert first.answer == Answer(ids=["q1"], role=Role.BUDGET)
    # The second question begins where the first one ended.
    assert [r.format for r in server.requests] == [*formats, formats[-1]]
    assert first.spent.calls == len(formats)


def test_each_step_down_is_one_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with ScriptedServer(takes(None)) as server:
        asked(connection(server.base_url), *(question(str(n)) for n in range(3)))
    steps = [r.getMessage() for r in caplog.records if r.name == "reviewer.llm" and " down to " in r.getMessage()]
    assert len(steps) == 2
    assert "from json_schema down to json_object" in steps[0]
    assert "from json_object down to fenced" in steps[1]


def test_the_working_rung_outlives_the_process(tmp_path: Path) -> None:
    with ScriptedServer(takes("json_object")) as server, closing(AnswerCache(tmp_path / "a.sqlite3")) as cache:
        asked(connection(server.base_url), question(), cache=cache)
        asked(connection(server.base_url), question("二"), cache=cache)
    assert [r.format for r in server.requests] == ["json_schema", "json_object", "json_object"]


def test_a_kept_rung_the_profile_no_longer_has_is_passed_over(tmp_path: Path) -> None:
    with closing(AnswerCache(tmp_path / "a.sqlite3")) as cache, nothing_known():
        cache.keep_rung("http://h", "m", "json_object")
        assert Ladder("http://h", "m", ALL_RUNGS, cache).start() is Rung.JSON_OBJECT
        assert Ladder("http://h", "m", (Rung.FENCED,), cache).start() is Rung.FENCED
        assert Ladder("http://other", "m", ALL_RUNGS, cache).start() is Rung.JSON_SCHEMA


def test_after_a_week_the_best_rung_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(AnswerCache(tmp_path / "a.sqlite3")) as cache, nothing_known():
        monkeypatch.setattr("time.time", lambda: 1_000_000.0)
        cache.keep_rung("http://h", "m", "fenced")
        assert Ladder("http://h", "m", ALL_RUNGS, cache).start() is Rung.FENCED
        monkeypatch.setattr("time.time", lambda: 1_000_000.0 + 8 * 24 * 3600)
        assert Ladder("http://h", "m", ALL_RUNGS, cache).start() is Rung.JSON_SCHEMA


def test_a_rung_is_left_when_no_json_comes_back_twice_and_kept_once_the_next_works() -> None:
    def script(seen: Seen) -> Step:
        return say(FENCED) if seen.format is None else say("预算数是八百多万元。")

    with ScriptedServer(script) as server:
        conn = connection(server.base_url, rungs=(Rung.JSON_SCHEMA, Rung.FENCED))
        first, second = asked(conn, question(), question("二"))
    assert first.status is second.status is Status.OK
    assert [r.format for r in server.requests] == ["json_schema", "json_schema", None, None]


def test_a_model_that_never_gives_json_fails_and_changes_nothing_for_others() -> None:
    with ScriptedServer([say("不知道")]) as server:
        conn = connection(server.base_url)
        [reply] = asked(conn, question())
        assert (conn.base_url, "scripted-model") not in ladder._working
    assert (reply.status, reply.reason) == (Status.FAILED, "the answer is not JSON")
    assert [r.format for r in server.requests] == ["json_schema"] * 2 + ["json_object"] * 2 + [None] * 2


@pytest.mark.parametrize(
    "step",
    [
        fail(400, "max_tokens must be at most 8192"),
        fail(400, "This model's maximum context length is 8192 tokens; the response_format takes 300."),
        cut_off(),
        say(""),
        say({"ids": "q1", "role": None}),
    ],
)
def test_no_rung_is_left_for_any_other_reason(step: Step) -> None:
    with ScriptedServer([step]) as server:
        asked(connection(server.base_url), question())
    assert {r.format for r in server.requests} == {"json_schema"}


def test_a_server_that_refuses_every_form_fails_the_question() -> None:
    with ScriptedServer([NO_SCHEMA]) as server:
        [reply] = asked(connection(server.base_url), question())
    assert (reply.status, reply.reason) == (Status.FAILED, "this form of answer is not supported (HTTP 400)")
    assert [r.format for r in server.requests] == ["json_schema", "json_object", None]
