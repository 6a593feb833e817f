"""From a job to its outcome: what a worker does, wherever it runs."""

import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from reviewer.batch.records import Failure, FailureKind, FindingLine, Input, Job, Result, Spent, Status
from reviewer.errors import InputError, ReviewerError, UsageError
from reviewer.schema import DocumentKind, Outcome, Review, SectionStatus, Severity
from reviewer.settings import Settings

if TYPE_CHECKING:
    from reviewer.llm.asking import Asker

__all__ = ["Done", "Work", "failed", "input_of", "out_of_memory", "timed_out"]

T = TypeVar("T")
_BLOCK = 1 << 20
_UNASKED = (SectionStatus.OK, SectionStatus.SKIPPED)
_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of one job; texts only where there is a review."""

    result: Result
    review: str | None = None
    """The review as JSON, as `reviewer review --format json` prints it."""
    memo: str | None = None
    """The memo as Markdown."""


@dataclass(frozen=True, slots=True)
class Work:
    """Reviews one report after another under the same settings; can be sent to another process."""

    settings: Settings
    memo: bool = False
    """Whether a memo is written as well."""

    def __call__(self, job: Job) -> Done:
        """Review offline. Never raises: whatever goes wrong with a report is its outcome."""
        from reviewer.review import review

        begun = time.perf_counter()
        inputs = tuple(input_of(path) for path in job.paths)
        try:
            return self._told(job, inputs, review(job.paths, self.settings), begun)
        except Exception as error:
            failure = failure_of(error)
        # Here the error is gone, and with it the frames that may hold most of the memory.
        return failed(job, failure, begun, inputs)

    async def with_model(self, job: Job, asker: "Asker", *, context_tokens: int | None = None) -> Done:
        """Review with a language model. ModelError where no report can be, for the whole batch to end."""
        import asyncio

        from reviewer.errors import ModelError
        from reviewer.review import review_with

        begun = time.perf_counter()
        inputs = tuple([await asyncio.to_thread(input_of, path) for path in job.paths])
        try:
            review = await review_with(asker, job.paths, self.settings, context_tokens=context_tokens)
            return await asyncio.to_thread(partial(self._told, job, inputs, review, begun))
        except ModelError:
            raise
        except Exception as error:
            failure = failure_of(error)
        return failed(job, failure, begun, inputs)

    def _told(self, job: Job, inputs: tuple[Input, ...], review: Review, begun: float) -> Done:
        from reviewer.memo import render

        text = render(review, "json")
        memo = render(review, "md") if self.memo else None
        return Done(_result(job, inputs, review, time.perf_counter() - begun), text, memo)


def input_of(path: str) -> Input:
    """A file as it is now."""
    try:
        file = Path(path)
        if not file.is_file():
            return Input(path=path, size=None, sha256=None)
        digest, size = sha256(), 0
        with file.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except (OSError, ValueError):
        return Input(path=path, size=None, sha256=None)
    return Input(path=path, size=size, sha256=digest.hexdigest())


def failed(job: Job, failure: Failure, begun: float, inputs: tuple[Input, ...] | None = None) -> Done:
    """The outcome of a report without a review; `begun` on the clock of time.perf_counter."""
    return Done(
        Result(
            id=job.id,
            paths=job.paths,
            status=Status.FAILED,
            failure=failure,
            inputs=tuple(input_of(path) for path in job.paths) if inputs is None else inputs,
            unit=job.declared.unit,
            year=job.declared.year,
            kind=job.declared.kind or DocumentKind.UNKNOWN,
            declared=job.declared,
            headline=failure.message,
            seconds=round(time.perf_counter() - begun, 3),
        )
    )


def failure_of(error: Exception) -> Failure:
    """Why a review came to nothing. A report's text, which an unforeseen error may quote, is not in it."""
    if isinstance(error, InputError | UsageError):
        return _failure(FailureKind.UNREADABLE, error.message, error.hint)
    if isinstance(error, MemoryError):
        return out_of_memory()
    if isinstance(error, ReviewerError):
        return _failure(FailureKind.CRASHED, error.message, error.hint)
    return _failure(
        FailureKind.CRASHED,
        f"a fault of this program: {type(error).__name__} {_place(error)}",
        "please report it; the other reports are not concerned",
    )


def out_of_memory() -> Failure:
    """More memory than one report may take."""
    return _failure(
        FailureKind.OUT_OF_MEMORY,
        "the report needs more memory than it may take",
        "raise --max-memory, or split the report, and run again with --retry-failed",
    )


def timed_out(seconds: float) -> Failure:
    """More time than one report may take."""
    return _failure(
        FailureKind.TIMED_OUT,
        f"not reviewed within {seconds:g} seconds",
        "raise --timeout and run again with --retry-failed",
    )


def _failure(kind: FailureKind, message: str, hint: str) -> Failure:
    return Failure(kind=kind, message=" ".join(message.split()), hint=" ".join(hint.split()))


def _place(error: Exception) -> str:
    """The last line of this package an error came through."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.is_relative_to(_PACKAGE):
            return f"in {file.relative_to(_PACKAGE.parent).as_posix()}, line {frame.lineno}"
    return "outside of it"


def _result(job: Job, inputs: tuple[Input, ...], review: Review, seconds: float) -> Result:
    from reviewer.memo import brief

    told, by_severity = brief(review), Counter(finding.severity for finding in review.findings)
    unit = _first([d.unit for d in review.documents])
    year = _first([d.year for d in review.documents])
    kind = _first([d.kind if d.kind is not DocumentKind.UNKNOWN else None for d in review.documents])
    declared, claims = job.declared, review.coverage.claims
    pairs = (
        ("unit", _bare(unit), _bare(declared.unit)),
        ("year", year, declared.year),
        ("kind", kind, declared.kind),
    )
    return Result(
        id=job.id,
        paths=job.paths,
        status=Status.REVIEWED,
        inputs=inputs,
        unit=unit or declared.unit,
        year=year if year is not None else declared.year,
        kind=kind or declared.kind or DocumentKind.UNKNOWN,
        title=_first([d.title for d in review.documents]),
        declared=declared,
        differs=tuple(name for name, said, listed in pairs if None not in (said, listed) and said != listed),
        errors=by_severity[Severity.ERROR],
        warnings=by_severity[Severity.WARNING],
        notes=by_severity[Severity.NOTE],
        headline=told.headline,
        findings=tuple(
            FindingLine(
                code=finding.code,
                severity=finding.severity,
                title=finding.title,
                message=finding.message,
                calculation=finding.calculation,
                question=finding.question,
                places=places,
                fingerprint=finding.fingerprint,
            )
            for finding, places in zip(review.findings, told.places, strict=True)
        ),
        characters=sum(document.characters for document in review.documents),
        quantities=review.coverage.quantities,
        labelled=review.coverage.labelled,
        verified=claims.get(Outcome.VERIFIED, 0),
        contradicted=claims.get(Outcome.CONTRADICTED, 0),
        undetermined=claims.get(Outcome.UNDETERMINED, 0),
        unread=sum(1 for section in review.sections if section.status not in _UNASKED) + len(review.coverage.gaps),
        spent=_spent(review),
        seconds=round(seconds, 3),
    )


def _spent(review: Review) -> Spent | None:
    usage = review.usage
    if usage.model is None:
        return None
    return Spent(
        calls=usage.calls,
        cached_calls=usage.cached_calls,
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        price=usage.price,
    )


def _first(found: Sequence[T | None]) -> T | None:
    return next((value for value in found if value is not None), None)


def _bare(text: str | None) -> str | None:
    return None if text is None else "".join(text.split())
