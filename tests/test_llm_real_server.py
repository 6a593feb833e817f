"""What is believed of llama.cpp's server holds for the real one, serving a real model."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any, Literal
from urllib.parse import urlsplit

import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ConfigDict

from reviewer.errors import LocalModelFailed
from reviewer.llm import local
from reviewer.llm.connection import Connection
from reviewer.llm.local import serve
from reviewer.llm.tokens import counter
from tests.real_model import CONTEXT, model_file

ROOT = Path(__file__).parent.parent
SENTENCE = "2023年预算执行率为102.68%，比上年提高3.5个百分点。"


class Role(StrEnum):
    BUDGET = "budget"
    ACTUAL = "actual"
    RATE = "rate"


class Label(BaseModel):
    """Flat, as prompts ask for it: enums, ids and `X | None`."""

    model_config = ConfigDict(extra="forbid")

    quantity: Literal["q1", "q2", "q3"]
    role: Role
    base: Literal["q1", "q2", "q3"] | None
    year: int | None
    certain: bool


Ask = Callable[..., ChatCompletion]


@pytest.fixture
def ask(real_model: Connection) -> Ask:
    """One call with everything the profile sends along."""

    def put(content: str, **arguments: Any) -> ChatCompletion:
        key = real_model.api_key.get_secret_value()
        with OpenAI(base_url=real_model.base_url, api_key=key, max_retries=0, timeout=120) as client:
            completion: ChatCompletion = client.chat.completions.create(
                model=real_model.model,
                messages=[{"role": "user", "content": content}],
                temperature=0,
                seed=7,
                extra_body=dict(real_model.profile.extra_body),
                **arguments,
            )
            return completion

    return put


def get(address: str, path: str) -> int:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def port_of(connection: Connection) -> int:
    port = urlsplit(connection.base_url).port
    assert port is not None
    return port


def test_the_server_is_healthy_and_has_the_context_it_was_asked_for(real_model: Connection) -> None:
    assert get(real_model.base_url, "/health") == 200
    assert real_model.profile.context_tokens == CONTEXT


def test_an_answer_in_a_schema_parses(ask: Ask) -> None:
    schema = {"name": "Label", "strict": True, "schema": Label.model_json_schema()}
    answer = ask(
        f"Label q1 in: {SENTENCE}", max_tokens=200, response_format={"type": "json_schema", "json_schema": schema}
    )
    content = answer.choices[0].message.content
    assert answer.choices[0].finish_reason == "stop" and content is not None
    Label.model_validate_json(content, strict=True)
    assert answer.usage is not None and answer.usage.completion_tokens < 200 and answer.usage.prompt_tokens > 10


def test_json_mode_is_taken(ask: Ask) -> None:
    answer = ask("Answer with JSON.", max_tokens=8, response_format={"type": "json_object"})
    assert (answer.choices[0].message.content or "").lstrip().startswith("{")


def test_an_answer_too_long_says_so(ask: Ask) -> None:
    answer = ask("Count to a hundred.", max_tokens=3)
    assert answer.choices[0].finish_reason == "length"
    assert answer.usage is not None and answer.usage.completion_tokens == 3


def test_a_prompt_too_long_is_refused_with_its_reason(ask: Ask) -> None:
    with pytest.raises(openai.BadRequestError, match="context") as caught:
        ask(SENTENCE * 100, max_tokens=3)
    assert caught.value.body is not None and "exceed_context_size_error" in json.dumps(caught.value.body)


def test_a_schema_that_is_none_is_refused_with_its_reason(ask: Ask) -> None:
    schema = {"name": "Broken", "strict": True, "schema": {"$ref": "#/$defs/Nowhere"}}
    with pytest.raises(openai.APIStatusError, match=r"(?i)schema|grammar|ref"):
        ask("Answer.", max_tokens=3, response_format={"type": "json_schema", "json_schema": schema})


def test_no_other_program_is_answered(real_model: Connection) -> None:
    client = OpenAI(base_url=real_model.base_url, api_key="guessed", max_retries=0)
    with client, pytest.raises(openai.AuthenticationError):
        client.chat.completions.create(
            model=real_model.model, messages=[{"role": "user", "content": "?"}], max_tokens=1
        )


def test_the_estimate_of_tokens_is_not_far_below_what_the_server_counts(ask: Ask, real_model: Connection) -> None:
    usage = ask(SENTENCE * 4, max_tokens=1).usage
    assert usage is not None
    # The chat's own frame costs some tokens too.
    assert counter(real_model.model)(SENTENCE * 4) > 0.9 * (usage.prompt_tokens - 40)


def test_a_server_leaves_nothing_behind_and_says_nothing(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    processes: list[subprocess.Popen[bytes]] = []
    start = local._start

    def remember(log: IO[bytes]) -> subprocess.Popen[bytes]:
        processes.append(start(log))
        return processes[-1]

    monkeypatch.setattr(local, "_start", remember)
    with serve(model_file(), context_tokens=256, threads=1) as connection:
        assert listens(port_of(connection)) and processes[0].poll() is None
    assert not listens(port_of(connection)) and processes[0].returncode == 0
    assert capfd.readouterr() == ("", "")


PARENT = """
import sys, time
from pathlib import Path
from reviewer.llm.local import serve
with serve(Path(sys.argv[1]), context_tokens=256, threads=1) as connection:
    print(connection.base_url, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_server_does_not_outlive_its_parent(how: str) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PARENT, str(model_file())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environ) as parent:
        assert parent.stdout is not None
        port = urlsplit(parent.stdout.readline().decode().strip()).port
        assert port is not None and listens(port)
        parent.send_signal(getattr(signal, how))
    # The kernel closes the pipe at once; the server needs a moment to see it.
    for _ in range(300):
        if not listens(port):
            return
        time.sleep(0.1)
    raise AssertionError("the server is still there")


def test_an_incomplete_model_file_is_told_in_one_line(tmp_path: Path) -> None:
    torn = tmp_path / "torn.gguf"
    with model_file().open("rb") as whole:
        torn.write_bytes(whole.read(2_000_000))
    with pytest.raises(LocalModelFailed, match="corrupted or incomplete"), serve(torn):
        raise AssertionError("nothing serves")
