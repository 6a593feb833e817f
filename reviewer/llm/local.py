"""Model files on this machine: llama.cpp serves one on the loopback interface for as long as it is needed."""

import json
import os
import queue
import re
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Unpack

from pydantic import SecretStr

from reviewer.errors import LocalModelFailed
from reviewer.llm import config as _config
from reviewer.llm.config_file import Config, load_config
from reviewer.llm.connection import Connection
from reviewer.llm.pricing import free
from reviewer.llm.profiles import providers

__all__ = ["CONTEXT_TOKENS", "READ_TIMEOUT", "opened", "serve"]

CONTEXT_TOKENS = 8192
"""The context a model gets when nothing else is asked for, or its trained length where that is shorter."""

READ_TIMEOUT = 900.0
"""Seconds for one answer when nothing else is asked for: without a graphics card a long prompt takes minutes."""

_SCRIPT = Path(__file__).with_name("serving.py")
_LOADING = 600.0
_STOPPING = 5.0
_MAGIC = b"GGUF"
_SAMPLE = 1 << 20
# What llama.cpp logs as an error: time, level, function.
_ERROR_LINE = re.compile(r"^\S+ E (?:[\w~() ]+: )?(.+)$", re.MULTILINE)


@contextmanager
def opened(
    model: str | None,
    base_url: str | None = None,
    *,
    profile: str | None = None,
    environ: Mapping[str, str],
    config: Config | None = None,
    context_tokens: int | None = None,
    threads: int | None = None,
    **options: Unpack[_config.Options],
) -> Iterator[Connection]:
    """The connection to the named model, as `config.connect` makes it; a model file is served meanwhile.

    `context_tokens` and `threads` are for a model file and stand before what reviewer.toml says. LocalModelFailed where
    it cannot be served.
    """
    config = load_config(environ) if config is None else config
    found = _config.resolve(model, base_url, profile=profile, environ=environ, config=config, **options)
    if found.file is None:
        yield _config.connect(model, base_url, profile=profile, environ=environ, config=config, **options)
        return
    wanted = context_tokens or found.profile.context_tokens
    with serve(found.file, context_tokens=wanted, threads=threads or found.threads) as connection:
        abilities = replace(found.profile, context_tokens=connection.profile.context_tokens)
        yield replace(connection, profile=abilities, **found.limits)


@contextmanager
def serve(path: Path, *, context_tokens: int | None = None, threads: int | None = None) -> Iterator[Connection]:
    """A connection to `path`, a GGUF file, served by llama.cpp on this machine until the block is left.

    `context_tokens`: prompt and answer together; `threads`: by default one for every two cores. The key is made up for
    this one server, so that no other program of this machine talks to it. LocalModelFailed where it cannot be served.
    """
    _check(path)
    key = secrets.token_urlsafe(24)
    asked = {
        "file": str(path.resolve()),
        "alias": path.stem,
        "context_tokens": context_tokens or CONTEXT_TOKENS,
        "threads": threads or _threads(),
        "key": key,
    }
    with tempfile.TemporaryFile() as log:
        process = _start(log)
        patience = 0.0
        try:
            port = _port(process, asked)
            if port is None:
                raise _failure(path, process, log)
            length = _context_length(port, key)
            patience = _STOPPING
            profile = replace(providers()["llamacpp"].profile(path.stem), context_tokens=length, concurrency=1)
            yield Connection(
                model=path.stem,
                base_url=f"http://127.0.0.1:{port}/v1",
                api_key=SecretStr(key),
                profile=profile,
                read_timeout=READ_TIMEOUT,
                price=free,
                identity=f"gguf:{_fingerprint(path)}",
            )
        finally:
            _stop(process, patience)


def _check(path: Path) -> None:
    """LocalModelFailed for what is plainly no model file, before anything is started."""
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise LocalModelFailed(f"{path}: {error.strerror or error}", hint="check the path after gguf:") from error
    if magic != _MAGIC:
        raise LocalModelFailed(f"{path} is not a GGUF file", hint="llama.cpp reads model files in the format GGUF only")
    if find_spec("xllamacpp") is None:
        raise LocalModelFailed(
            "serving a model file needs an extra that is not installed",
            hint='pip install "budget-report-reviewer[local]"',
        )


def _fingerprint(path: Path) -> str:
    """Tells model files apart by their size, head and tail; reading all of one takes as long as loading it."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        head = file.read(_SAMPLE)
        file.seek(max(0, size - _SAMPLE))
        return sha256(b"%d\n" % size + head + file.read(_SAMPLE)).hexdigest()[:32]


def _threads() -> int:
    """One for every two cores this process may use.

    The other half is often the same cores told twice, and llama.cpp's threads wait for the slowest: with as many
    threads as cores, anything else that runs makes an answer take many times as long.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, cores // 2)


def _start(log: IO[bytes]) -> subprocess.Popen[bytes]:
    # By its path and with -P: neither the working directory nor this folder is searched for modules.
    command = [sys.executable, "-P", str(_SCRIPT)]
    # Ctrl-C at the terminal is for this process, which then stops the server in good order.
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def _port(process: subprocess.Popen[bytes], asked: Mapping[str, object]) -> int | None:
    """Where the server listens once the model is loaded; None where it ended before, or took too long."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        process.stdin.flush()
    except OSError:
        return None
    lines: queue.Queue[bytes] = queue.Queue()
    threading.Thread(target=lambda output=process.stdout: lines.put(output.readline()), daemon=True).start()
    try:
        return int(json.loads(lines.get(timeout=_LOADING))["port"])
    except (queue.Empty, ValueError):
        return None


def _context_length(port: int, key: str) -> int | None:
    """The context the model was given in the end, in tokens."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/props", headers={"Authorization": f"Bearer {key}"})
        return int(json.load(connection.getresponse())["default_generation_settings"]["n_ctx"])
    except (OSError, HTTPException, ValueError, KeyError):
        return None
    finally:
        connection.close()


def _failure(path: Path, process: subprocess.Popen[bytes], log: IO[bytes]) -> LocalModelFailed:
    """What to tell the user, from how the server ended and the first error it logged."""
    code = process.poll()
    try:
        code = process.wait(_STOPPING)
    except subprocess.TimeoutExpired:
        return LocalModelFailed(f"{path} was not loaded in {_LOADING:.0f} s", hint="try a smaller model")
    log.seek(0)
    text = log.read().decode(errors="replace")
    found = _ERROR_LINE.search(text)
    reason = found[1] if found else (text.strip().splitlines() or [f"it ended with {code}"])[-1]
    hint = "check that the file is complete, or try another one"
    if code is not None and code < 0:
        hint = "if memory ran out, ask for a shorter context or take a smaller model"
    return LocalModelFailed(f"llama.cpp cannot serve {path}: {reason}", hint=hint)


def _stop(process: subprocess.Popen[bytes], patience: float) -> None:
    """End the server: it goes by itself when its stdin is closed, and is killed after `patience` seconds."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.close()
        process.wait(patience)
    except (OSError, subprocess.TimeoutExpired):
        pass
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
