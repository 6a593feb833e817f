"""The output folder: what a batch has found out so far, safe from being killed at any moment.

A review and its memo are written before the line that says so. What has a line is done; a review without one was cut
short and is made again.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout
from pydantic import ValidationError

from reviewer.batch.files import replace_file
from reviewer.batch.journal import Journal
from reviewer.batch.records import Input, Job, Result, Status
from reviewer.batch.run_record import FORMAT, Run, RunRecord, Totals
from reviewer.batch.working import Done, input_of
from reviewer.errors import UsageError

__all__ = ["SUMMARIES", "Store"]

SUMMARIES = ("summary.xlsx", "index.html")
_RESULTS, _RUN, _LOCK = "results.jsonl", "run.json", ".batch.lock"
_REVIEWS, _MEMOS = "reviews", "memos"
_MADE = re.compile(r".*-[0-9a-f]{12,24}\.(?:json|md)|\..*\.tmp")
_HALF = re.compile(r"\.results\.jsonl\.tmp|\..+\.\d+\.tmp")
"""What a process that was killed was writing."""
_RUNS_KEPT = 100


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """A disk that fails or is full ends the batch in one clear line."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"cannot write to {out}: {error.strerror or error}", hint="see to the disk and run again"
        ) from error


class Store:
    """The folder of one batch, held by one process. Use it as `with Store.opened(...) as store`."""

    def __init__(self, out: Path, lock: FileLock, record: RunRecord) -> None:
        self.out = out
        self._lock = lock
        self._record = record
        self._journal = Journal(out / _RESULTS)

    @classmethod
    def opened(cls, out: Path, fingerprint: Mapping[str, str], *, fresh: bool = False) -> Self:
        """The folder, made where it is missing, and taken for this process alone.

        `fresh` takes away what earlier batches made in it. UsageError for a folder that holds something else, that
        another process is filling, or that was filled under another fingerprint.
        """
        with _writing(out):
            _check_foreign(out)
            out.mkdir(parents=True, exist_ok=True)
            lock = FileLock(out / _LOCK)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                raise UsageError(
                    f"another batch is writing to {out}", hint="wait for it, or choose another folder with -o"
                ) from None
            try:
                return cls(out, lock, _prepared(out, fingerprint, fresh))
            except BaseException:
                lock.release()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with _writing(self.out):
                self._journal.close()
        finally:
            self._lock.release()

    @property
    def results(self) -> Journal:
        """What is recorded."""
        return self._journal

    @property
    def path(self) -> Path:
        """The file of results."""
        return self.out / _RESULTS

    def is_done(self, job: Job, *, retry_failed: bool = False) -> bool:
        """Whether this very report, as it is now, has an outcome."""
        result = self._journal.get(job.id)
        if result is None or (result.paths, result.declared) != (job.paths, job.declared):
            return False
        if retry_failed and (result.status is Status.FAILED or result.unread):
            return False
        if any(name is not None and not (self.out / name).is_file() for name in (result.review, result.memo)):
            return False
        return all(_unchanged(kept) for kept in result.inputs)

    def keep(self, done: Done) -> Result:
        """Record an outcome: its files, then its line."""
        name = done.result.id
        files = {"review": f"{_REVIEWS}/{name}.json", "memo": f"{_MEMOS}/{name}.md"}
        texts = {"review": done.review, "memo": done.memo}
        with _writing(self.out):
            for kind, text in texts.items():
                if text is not None:
                    replace_file(self.out / files[kind], text)
            result = done.result.model_copy(
                update={kind: files[kind] if texts[kind] is not None else None for kind in files}
            )
            self._journal.append(result)
            for kind, text in texts.items():
                if text is None:
                    # What an earlier state of the report led to is no longer true.
                    (self.out / files[kind]).unlink(missing_ok=True)
        return result

    def begin(self, run: Run) -> None:
        """Note in run.json that a run is under way."""
        with _writing(self.out):
            self._write(self._record.model_copy(update={"runs": (*self._record.runs, run)[-_RUNS_KEPT:]}))

    def end(self, run: Run, totals: Totals) -> RunRecord:
        """Note how the run that was begun last ended."""
        with _writing(self.out):
            runs = (*self._record.runs[:-1], run)
            self._write(self._record.model_copy(update={"runs": runs, "totals": totals}))
        return self._record

    def settle(self, order: Iterable[str]) -> None:
        """Put the lines of results.jsonl in the order of the reports, one line each."""
        with _writing(self.out):
            self._journal.settle(order)

    def _write(self, record: RunRecord) -> None:
        replace_file(self.out / _RUN, _json(record))
        self._record = record


def _unchanged(kept: Input) -> bool:
    try:
        if kept.size is not None and Path(kept.path).stat().st_size != kept.size:
            return False
    except (OSError, ValueError):
        return False
    return input_of(kept.path) == kept


def _prepared(out: Path, fingerprint: Mapping[str, str], fresh: bool) -> RunRecord:
    """The record of the folder; written at once where it is new, so that the folder is known as ours."""
    if fresh:
        _clear(out)
    record = _read(out / _RUN)
    if record is None:
        record = RunRecord(fingerprint=dict(fingerprint))
        replace_file(out / _RUN, _json(record))
    _check_same(out, record.fingerprint, fingerprint)
    for folder in (out / _REVIEWS, out / _MEMOS):
        folder.mkdir(exist_ok=True)
    for folder in (out, out / _REVIEWS, out / _MEMOS):
        for path in folder.iterdir():
            if _HALF.fullmatch(path.name):
                path.unlink()
    return record


def _json(record: RunRecord) -> str:
    return record.model_dump_json(indent=2) + "\n"


def _check_foreign(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file", hint="name a folder with -o")
    ours = _read(out / _RUN) is not None
    if out.is_dir() and not ours and any(e.name != _LOCK and not _HALF.fullmatch(e.name) for e in out.iterdir()):
        raise UsageError(f"{out} holds files that no batch made", hint="name a new or an empty folder with -o")


def _read(path: Path) -> RunRecord | None:
    """The record of a folder; None where there is none. UsageError where it is no record of this version."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (NotADirectoryError, UnicodeDecodeError):
        text = ""
    try:
        record = RunRecord.model_validate_json(text)
    except ValidationError:
        record = None
    if record is None or record.format != FORMAT:
        raise UsageError(f"{path} is no record of a batch of this version", hint="choose another folder with -o")
    return record


def _check_same(out: Path, old: Mapping[str, str], new: Mapping[str, str]) -> None:
    changed = [
        f"{name} ({old.get(name, '-')} → {new.get(name, '-')})"
        for name in dict.fromkeys((*old, *new))
        if old.get(name) != new.get(name)
    ]
    if changed:
        raise UsageError(
            f"{out} was filled under other settings: {', '.join(changed)}",
            hint="choose another folder with -o, or start over with --fresh",
        )


def _clear(out: Path) -> None:
    """Take away what batches made, and nothing else. What makes the folder ours goes last."""
    for folder in (out / _REVIEWS, out / _MEMOS):
        if folder.is_dir():
            for path in folder.iterdir():
                if _MADE.fullmatch(path.name):
                    path.unlink()
            if not any(folder.iterdir()):
                folder.rmdir()
    for name in (*SUMMARIES, _RESULTS, _RUN):
        (out / name).unlink(missing_ok=True)
