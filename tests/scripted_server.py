"""An OpenAI-compatible server on loopback that says what a script tells it to, faults included.

    with ScriptedServer([busy(retry_after="2"), say({"ids": ["q1"]})]) as server:
        ...  # ask at server.base_url
    assert len(server.requests) == 2

A script is a list, whose last step is repeated, or a function from the request to the step. Used from other tests too.
"""

import json
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

Usage = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """What the server does with one request."""

    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0
    """Seconds before anything is sent."""
    fault: Literal["half", "reset", "hang"] | None = None
    """half: announces more than it sends; reset: drops the connection unanswered; hang: never answers."""

    def after(self, seconds: float) -> "Step":
        return replace(self, delay=seconds)


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    raw: str

    @property
    def last(self) -> str:
        """The last message."""
        return str(self.body["messages"][-1]["content"])

    @property
    def format(self) -> str | None:
        """The type of the response format asked for."""
        asked = self.body.get("response_format")
        return asked["type"] if asked else None


Script = Sequence[Step] | Callable[[Seen], Step]


def say(
    answer: Any,
    *,
    finish_reason: str = "stop",
    refusal: str | None = None,
    usage: Usage | None = (100, 20),
) -> Step:
    """A chat completion: a string is sent as it is, anything else as JSON."""
    content = answer if answer is None or isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    message = {"role": "assistant", "content": content, "refusal": refusal}
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
    }
    if usage is not None:
        body["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return Step(body=json.dumps(body, ensure_ascii=False))


def refuse(text: str = "I cannot help with that.") -> Step:
    return say(None, refusal=text)


def filtered() -> Step:
    return say("", finish_reason="content_filter")


def cut_off(text: str = '{"ids": ["q1", "q') -> Step:
    return say(text, finish_reason="length")


def fail(status: int, message: str = "no", *, headers: Mapping[str, str] | None = None, **details: Any) -> Step:
    """An error as OpenAI words it."""
    return Step(status, json.dumps({"error": {"message": message, **details}}, ensure_ascii=False), headers or {})


def busy(status: int = 429, *, retry_after: str | None = None, retry_after_ms: str | None = None) -> Step:
    named = {"Retry-After": retry_after, "retry-after-ms": retry_after_ms}
    return fail(status, "slow down", headers={k: v for k, v in named.items() if v is not None})


NO_SCHEMA = fail(400, "This response_format type is unavailable now", type="invalid_request_error", param=None)
TOO_LONG = fail(400, "This model's maximum context length is 8192 tokens.", code="context_length_exceeded")
HALF = replace(say({"ids": []}), fault="half")
RESET = Step(fault="reset")
HANG = Step(fault="hang")


class ScriptedServer:
    """Serves a script on a port of its own while the context lasts; keeps what it was sent."""

    def __init__(self, script: Script, *, port: int = 0) -> None:
        """`port` is for a server that comes back where another was; 0 is a free one."""
        self._script = script
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._open = 0
        self.requests: list[Seen] = []
        self.peak = 0
        """Most requests that were under way at one time."""
        self._http = _Http(("127.0.0.1", port), _handler_of(self))
        self.port: int = self._http.server_address[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()

    def begin(self, seen: Seen) -> Step:
        with self._lock:
            self._open += 1
            self.peak = max(self.peak, self._open)
            self.requests.append(seen)
            index = len(self.requests) - 1
        step = self._script(seen) if callable(self._script) else self._script[min(index, len(self._script) - 1)]
        self._closing.wait(None if step.fault == "hang" else step.delay)
        return step

    def end(self) -> None:
        with self._lock:
            self._open -= 1


class _Http(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of the tests, and nothing to print."""


def _handler_of(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body leave as one: in two pieces, the second waits 40 ms for the first to be acknowledged.
        wbufsize = -1

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
            seen = Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, json.loads(raw), raw)
            try:
                self._play(server.begin(seen))
            finally:
                server.end()

        def _play(self, step: Step) -> None:
            if step.fault in ("reset", "hang"):
                # No lingering: the client sees a reset and not an orderly end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
                return
            body = step.body.encode()
            # Without a Server and a Date header of its own, so that a script can have them.
            self.send_response_only(step.status)
            for name, value in {"Content-Type": "application/json", **step.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if step.fault == "half" else body)
            self.close_connection = step.fault == "half"

        def log_message(self, format: str, *args: Any) -> None:
            """Tests look at `requests` instead."""

    return Handler
