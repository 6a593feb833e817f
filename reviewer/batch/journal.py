"""results.jsonl: one line per report, appended and on the disk before the next is taken up."""

import json
import os
from collections.abc import Iterable, Iterator
from io import BufferedRandom
from pathlib import Path

from reviewer.batch.files import sync_folder
from reviewer.batch.records import Result

__all__ = ["Journal"]


class Journal:
    """The record of a batch. In memory are only ids and where their last line begins; one process writes.

    A last line that was not finished is cut off when the journal is opened; of several lines on one report, the last
    counts; a line that is no record (a disk that lost power) counts as none. OSError where the disk fails.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at: dict[str, int] = {}
        self._file: BufferedRandom = self._opened()

    def _opened(self) -> BufferedRandom:
        file = self._path.open("a+b")
        file.seek(0)
        at = 0
        for line in file:
            if not line.endswith(b"\n"):
                file.truncate(at)
                break
            if (name := _id(line)) is not None:
                self._at[name] = at
            at += len(line)
        return file

    def __contains__(self, name: str) -> bool:
        return name in self._at

    def __len__(self) -> int:
        return len(self._at)

    def get(self, name: str) -> Result | None:
        """The outcome of a report, if it is known and can be read by this version."""
        if name not in self._at:
            return None
        try:
            return Result.model_validate_json(self._line(name))
        except ValueError:
            return None

    def append(self, result: Result) -> None:
        """Record an outcome; on the disk when this returns."""
        at = self._file.seek(0, os.SEEK_END)
        try:
            self._file.write(result.model_dump_json().encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError:
            # The rest of the line waits in the file's buffer, and whatever is done next, reading included, would fail.
            self._file.raw.close()
            self._file = self._opened()
            raise
        self._at[result.id] = at

    def results(self, names: Iterable[str] | None = None) -> Iterator[Result]:
        """The outcomes of these reports, of all by default, in their order; those without one are left out."""
        for name in list(self._at) if names is None else names:
            if (result := self.get(name)) is not None:
                yield result

    def settle(self, order: Iterable[str]) -> None:
        """Rewrite the file with one line per report: these first, in this order, then all others as they came."""
        names = dict.fromkeys(name for name in order if name in self._at)
        names |= dict.fromkeys(self._at)
        temporary = self._path.with_name(f".{self._path.name}.tmp")
        places: dict[str, int] = {}
        try:
            with temporary.open("wb") as file:
                at = 0
                for name in names:
                    places[name] = at
                    at += file.write(self._line(name))
                file.flush()
                os.fsync(file.fileno())
            # Some systems replace no file that is open.
            self._file.close()
            temporary.replace(self._path)
        finally:
            temporary.unlink(missing_ok=True)
            if self._file.closed:
                self._file = self._path.open("a+b")
        sync_folder(self._path.parent)
        self._at = places

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _line(self, name: str) -> bytes:
        self._file.seek(self._at[name])
        return self._file.readline()


def _id(line: bytes) -> str | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    name = value.get("id") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None
