"""A model file is served on this machine, is gone afterwards, and what goes wrong is told in one line."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reviewer.errors import LocalModelFailed, ModelMisconfigured
from reviewer.llm import local
from reviewer.llm.config import connect
from reviewer.llm.config_file import Config, load_config
from reviewer.llm.connection import Connection
from reviewer.llm.local import opened, serve


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    """A file that looks like a model, for servers that do not look further."""
    path = tmp_path / "Tiny-1B.Q4_0.gguf"
    path.write_bytes(b"GGUF" + bytes(64))
    return path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The processes that were started."""
    processes: list[Any] = []
    start = local._start

    def remember(log: Any) -> Any:
        processes.append(start(log))
        return processes[-1]

    monkeypatch.setattr(local, "_start", remember)
    return processes


def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    """Start `script` in place of llama.cpp; it finds what it was asked for in `asked`."""
    path = tmp_path / "server.py"
    path.write_text(
        f"import json, os, sys, time\nasked = json.loads(sys.stdin.readline())\n{script}\n", encoding="utf-8"
    )
    monkeypatch.setattr(local, "_SCRIPT", path)


HAPPY = """
from http.server import BaseHTTPRequestHandler, HTTPServer
import threading

class Props(BaseHTTPRequestHandler):
    def do_GET(self):
        assert self.headers["Authorization"] == "Bearer " + asked["key"]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"default_generation_settings": {"n_ctx": 1234}, "asked": asked}).encode())

server = HTTPServer(("127.0.0.1", 0), Props)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_port}), flush=True)
sys.stdin.read()
"""


def test_the_connection_says_what_the_server_is(
    gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    play(monkeypatch, tmp_path, "print('chatter', file=sys.stderr)\n" + HAPPY)
    with serve(gguf) as connection:
        assert connection.model == "Tiny-1B.Q4_0" and connection.base_url.startswith("http://127.0.0.1:")
        assert connection.profile.name == "llamacpp" and connection.profile.concurrency == 1
        assert connection.profile.context_tokens == 1234
        assert connection.price is not None and connection.price(1000, 1000) == 0
        assert connection.api_key.get_secret_value() not in repr(connection)
        assert " ".join(started[0].args).find(connection.api_key.get_secret_value()) < 0, "visible to other users"
    assert started[0].returncode == 0
    assert capfd.readouterr() == ("", "")


def test_what_is_asked_for_reaches_the_server(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    play(monkeypatch, tmp_path, f"open({str(tmp_path / 'asked')!r}, 'w').write(json.dumps(asked))\n" + HAPPY)

    def asked(**options: int) -> Mapping[str, Any]:
        with serve(gguf, **options):
            return dict(json.loads((tmp_path / "asked").read_text(encoding="utf-8")))

    chosen, default, again = asked(context_tokens=512, threads=3), asked(), asked()
    assert chosen["file"] == str(gguf) and (chosen["context_tokens"], chosen["threads"]) == (512, 3)
    assert default["context_tokens"] == 8192 and 1 <= default["threads"] <= max(1, (os.cpu_count() or 1) // 2)
    assert default["key"] != again["key"] and len(default["key"]) >= 32


def test_a_file_is_the_same_model_wherever_it_lies(gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its answers in a cache are found again, though the port is another each time."""
    play(monkeypatch, tmp_path, HAPPY)
    moved, changed = tmp_path / "b.gguf", tmp_path / "c.gguf"
    moved.write_bytes(gguf.read_bytes())
    changed.write_bytes(gguf.read_bytes()[:-1] + b"1")

    def identity(path: Path) -> str | None:
        with serve(path) as connection:
            return connection.identity

    first = identity(gguf)
    assert first and first == identity(moved) != identity(changed)


def test_an_exception_stops_the_server(
    gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Any]
) -> None:
    play(monkeypatch, tmp_path, HAPPY)
    with pytest.raises(KeyboardInterrupt), serve(gguf):
        raise KeyboardInterrupt
    assert started[0].returncode == 0


def test_a_server_that_does_not_go_is_killed(
    gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Any]
) -> None:
    play(monkeypatch, tmp_path, HAPPY + "\ntime.sleep(600)")
    monkeypatch.setattr(local, "_STOPPING", 0.05)
    with serve(gguf):
        pass
    assert started[0].returncode not in (None, 0)


@pytest.mark.parametrize(
    ("script", "message", "hint"),
    [
        (
            "sys.exit('0.00.1 I srv x: fine\\n0.00.2 E llama_model_load: tensor x is missing\\n0.00.3 E srv: done')",
            "tensor x is missing",
            "complete",
        ),
        ("sys.exit('ImportError: libsomething.so')", "ImportError: libsomething.so", "complete"),
        ("sys.exit(3)", "it ended with 3", "complete"),
        ("print('no answer')", "it ended with 0", "complete"),
        pytest.param(
            "os.abort()",
            "it ended with -6",
            "memory",
            marks=pytest.mark.skipif(sys.platform == "win32", reason="signals"),
        ),
    ],
)
def test_a_server_that_cannot_start_is_told_in_one_line(
    script: str,
    message: str,
    hint: str,
    gguf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    started: list[Any],
) -> None:
    play(monkeypatch, tmp_path, script)
    with pytest.raises(LocalModelFailed) as caught, serve(gguf):
        raise AssertionError("nothing serves")
    assert message in caught.value.message and str(gguf) in caught.value.message and "\n" not in caught.value.message
    assert hint in caught.value.hint
    assert started[0].returncode is not None


def test_a_server_that_takes_too_long_is_given_up(
    gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Any]
) -> None:
    play(monkeypatch, tmp_path, "time.sleep(600)")
    monkeypatch.setattr(local, "_LOADING", 0.05)
    monkeypatch.setattr(local, "_STOPPING", 0.05)
    with pytest.raises(LocalModelFailed, match="was not loaded"), serve(gguf):
        raise AssertionError("nothing serves")
    assert started[0].returncode is not None


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "No such file"), (b"", "not a GGUF"), (b"PK\x03\x04zip", "not a GGUF"), (b"GGU", "not a GGUF")],
)
def test_what_is_no_model_file_starts_nothing(
    content: bytes | None, message: str, tmp_path: Path, started: list[Any]
) -> None:
    path = tmp_path / "model.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(LocalModelFailed, match=message), serve(path):
        raise AssertionError("nothing serves")
    with pytest.raises(LocalModelFailed, match=r"directory|ermission"), serve(tmp_path):
        raise AssertionError("nothing serves")
    assert started == []


def test_a_missing_extra_is_told_with_the_way_to_install_it(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "find_spec", lambda name: None)
    with pytest.raises(LocalModelFailed) as caught, serve(gguf):
        raise AssertionError("nothing serves")
    assert caught.value.hint == 'pip install "budget-report-reviewer[local]"'


# Naming a model file


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, int | None, int | None]]:
    """What would be served: (file, context, threads)."""
    calls: list[tuple[Path, int | None, int | None]] = []

    @contextmanager
    def pretend(path: Path, *, context_tokens: int | None = None, threads: int | None = None) -> Iterator[Connection]:
        calls.append((path, context_tokens, threads))
        connection = connect("llamacpp:" + path.stem, environ={}, config=Config())
        yield replace(connection, profile=replace(connection.profile, context_tokens=777))

    monkeypatch.setattr(local, "serve", pretend)
    return calls


def test_a_model_file_is_named_by_flag_or_environment(served: list[Any]) -> None:
    for flag, environ in (("gguf:models/a.gguf", {}), (None, {"REVIEWER_MODEL": "GGUF:models/a.gguf"})):
        with opened(flag, environ=environ, config=Config(), context_tokens=4096, threads=2, retries=0) as connection:
            assert connection.model == "a" and connection.retries == 0
            assert connection.profile.context_tokens == 777, "what the server has, not what was asked for"
        assert served.pop() == (Path("models/a.gguf"), 4096, 2)


def test_a_model_file_in_reviewer_toml_lies_beside_it(served: list[Any], tmp_path: Path) -> None:
    file = tmp_path / "reviewer.toml"
    file.write_text(
        '[model]\nname = "@small"\nmax_wait = 5\n\n[profiles.small]\nmodel = "gguf:models/a.gguf"\n'
        'context_tokens = 4096\nthreads = 3\nread_timeout = 7\nrungs = ["json_object", "fenced"]\n',
        encoding="utf-8",
    )
    config = load_config({}, file)
    with opened(None, environ={"REVIEWER_BASE_URL": "https://example.org/v1"}, config=config) as connection:
        assert (connection.read_timeout, connection.max_wait) == (7, 5)
        assert connection.profile.rungs == ("json_object", "fenced") and connection.profile.context_tokens == 777
    assert served.pop() == (tmp_path / "models/a.gguf", 4096, 3)
    with opened("@small", environ={}, config=config, context_tokens=512):
        pass
    assert served.pop() == (tmp_path / "models/a.gguf", 512, 3)


def test_a_model_file_has_no_address_and_needs_a_server(served: list[Any]) -> None:
    with pytest.raises(ModelMisconfigured), opened("gguf:a.gguf", "http://localhost:1/v1", environ={}, config=Config()):
        raise AssertionError("nothing serves")
    with pytest.raises(ModelMisconfigured):
        connect("gguf:a.gguf", environ={}, config=Config())
    assert served == []


def test_any_other_model_is_only_connected_to(served: list[Any]) -> None:
    with opened("ollama:qwen3:8b", environ={}, config=Config()) as connection:
        assert connection == connect("ollama:qwen3:8b", environ={}, config=Config())
    assert served == []
