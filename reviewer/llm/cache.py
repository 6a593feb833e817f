"""Answers on disk, so that no answered question is paid for twice."""

import hashlib
import json
import logging
import os
import sqlite3
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from reviewer.llm.asking import A, Ask, Reply, Spent, Status
from reviewer.llm.connection import Connection
from reviewer.llm.ladder import schema_text
from reviewer.llm.parsing import dump, parse
from reviewer.llm.wire import endpoint

log = logging.getLogger("reviewer.llm")

_BUSY_SECONDS = 10.0
_RUNG_SECONDS = 7 * 24 * 3600.0
"""An endpoint may learn: after a week it is asked on its best rung again."""
_TABLE = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL)"


def canonical(value: Any) -> str:
    """The same JSON for the same value, whatever the order of its keys."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    """sha256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def cache_key(connection: Connection, question: Ask[A]) -> str:
    """What makes two questions the same: all that is sent and where to, the key left out."""
    return digest(
        {
            "model": connection.model,
            "base_url": connection.identity or endpoint(connection.base_url),
            "messages": [asdict(message) for message in question.messages],
            "schema": schema_text(question.answer),
            "parameters": asdict(question.parameters) | {"extra_body": dict(connection.profile.extra_body)},
            "epoch": question.epoch,
        }
    )


def default_path() -> Path:
    """REVIEWER_CACHE, or a file in the user's cache folder."""
    if named := os.environ.get("REVIEWER_CACHE"):
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_cache_path("budget-report-reviewer") / "answers.sqlite3"


@dataclass(frozen=True, slots=True)
class CacheInfo:
    """Where the cache is and how much it holds."""

    path: Path
    entries: int
    """Answers."""
    bytes: int
    """On disk, the write-ahead log included."""


class AnswerCache:
    """A file of validated answers, safe with several processes at once.

    Opened at first use. A file that cannot be read or written is one warning on the log, and no cache: never a
    failed review.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or default_path()
        self._db: sqlite3.Connection | None = None
        self._broken = False
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the file. A later use opens it again."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def get(self, key: str, question: Ask[A]) -> Reply[A] | None:
        """The answer kept under `key`; None if there is none, or none that still satisfies the question.

        Its `spent` has the tokens it took when it was made, and no price: nothing is paid now.
        """
        value = self._value(key)
        if value is None:
            return None
        try:
            kept = json.loads(value)
            parsed = parse(kept["answer"], question)
            spent = Spent(0, 1, int(kept["prompt_tokens"]), int(kept["completion_tokens"]), Decimal(0))
        except (ValueError, LookupError, TypeError, AttributeError):
            return None
        return Reply(Status.OK, parsed.answer, None, spent) if parsed.fault is None else None

    def put(self, key: str, reply: Reply[A]) -> None:
        """Keep a reply that is OK. On disk when this returns, safe from the process being killed."""
        assert reply.answer is not None
        value = {
            "answer": dump(reply.answer),
            "prompt_tokens": reply.spent.prompt_tokens,
            "completion_tokens": reply.spent.completion_tokens,
        }
        self._keep(key, "answer", canonical(value))

    def rung(self, endpoint: str, model: str) -> str | None:
        """The rung that worked for this endpoint and model within the last week."""
        value = self._value(_rung_key(endpoint, model))
        if value is None:
            return None
        rung, _, since = value.partition(" ")
        return rung if since.isdecimal() and int(since) > time.time() - _RUNG_SECONDS else None

    def keep_rung(self, endpoint: str, model: str, rung: str) -> None:
        """Keep the rung that works for this endpoint and model."""
        self._keep(_rung_key(endpoint, model), "rung", f"{rung} {time.time():.0f}")

    def info(self) -> CacheInfo:
        """Path, answers and bytes; none of them for a file that is not there or cannot be read."""
        files = [path for path in self._files() if path.exists()]
        rows = self._run("SELECT count(*) FROM kept WHERE kind = 'answer'") if files else []
        return CacheInfo(self.path, rows[0][0] if rows else 0, sum(path.stat().st_size for path in files))

    def clear(self) -> None:
        """Forget all answers and rungs. A damaged file is taken away; OSError where that is not permitted."""
        if not self.path.exists():
            return
        self._run("DELETE FROM kept")
        self._run("VACUUM")
        if self._broken:
            for path in self._files():
                path.unlink(missing_ok=True)
            self._broken = False

    def _files(self) -> tuple[Path, ...]:
        return (self.path, *(self.path.with_name(self.path.name + tail) for tail in ("-wal", "-shm")))

    def _value(self, key: str) -> str | None:
        rows = self._run("SELECT value FROM kept WHERE key = ?", key)
        return rows[0][0] if rows else None

    def _keep(self, key: str, kind: str, value: str) -> None:
        self._run("INSERT OR REPLACE INTO kept (key, kind, value) VALUES (?, ?, ?)", key, kind, value)

    def _run(self, sql: str, *values: str) -> list[Any]:
        """Rows of one statement, which is a transaction of its own; none at all once the file has proved unusable."""
        with self._lock:
            if self._broken:
                return []
            try:
                return self._opened().execute(sql, values).fetchall()
            except (sqlite3.Error, OSError) as error:
                self._broken = True
                log.warning("no cache: %s cannot be used: %s", self.path, error)
                self.close()
                return []

    def _opened(self) -> sqlite3.Connection:
        if self._db is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Answers quote reports: nobody else's to read.
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            self._db = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            with suppress(sqlite3.OperationalError):
                # Locked while another process does the same, which is as good: the mode stays with the file.
                self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute(_TABLE)
        return self._db


def _rung_key(endpoint: str, model: str) -> str:
    return canonical(["rung", endpoint, model])
