"""What a batch keeps of each report: one line of results.jsonl."""

from enum import StrEnum

from reviewer.schema.base import Model
from reviewer.schema.result import Severity
from reviewer.schema.source import DocumentKind


class Status(StrEnum):
    """How a report ended."""

    REVIEWED = "reviewed"
    FAILED = "failed"


class FailureKind(StrEnum):
    """Why a report has no review."""

    UNREADABLE = "unreadable"
    """the file cannot be used; its own fault, whoever reads it"""
    CRASHED = "crashed"
    """the process that reviewed it ended, or a fault of this program"""
    OUT_OF_MEMORY = "out_of_memory"
    TIMED_OUT = "timed_out"


class Failure(Model):
    """What happened, and what to do about it; each one line."""

    kind: FailureKind
    message: str
    hint: str


class Declared(Model):
    """What a manifest says of a report; null where it is silent."""

    unit: str | None = None
    year: int | None = None
    kind: DocumentKind | None = None


class Job(Model):
    """One report to review. Several paths are one report (a dossier)."""

    id: str
    """A file name without ending; made from the paths alone, so that the same command gives the same id."""
    paths: tuple[str, ...]
    """As given on the command line, or found below what was given."""
    declared: Declared = Declared()


class Input(Model):
    """A file as it was when it was reviewed; `sha256` is None where it could not be read."""

    path: str
    size: int | None
    sha256: str | None


class FindingLine(Model):
    """A finding in brief; all of it stands in the review."""

    code: str
    severity: Severity
    title: str
    message: str
    calculation: str | None
    question: str | None
    places: tuple[str, ...]
    """Where its evidence stands, in words: 第3页第12行."""
    fingerprint: str


class Spent(Model):
    """What a language model cost for one report; `price` in US dollars, null where it is unknown."""

    calls: int = 0
    cached_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    price: str | None = None


class Result(Model):
    """One line of results.jsonl. All but `seconds` is the same whenever and wherever the report is reviewed."""

    id: str
    paths: tuple[str, ...]
    status: Status
    failure: Failure | None = None
    inputs: tuple[Input, ...] = ()
    unit: str | None = None
    """The unit, year and kind as the report names them, else as the manifest does."""
    year: int | None = None
    kind: DocumentKind = DocumentKind.UNKNOWN
    title: str | None = None
    declared: Declared = Declared()
    differs: tuple[str, ...] = ()
    """Names of what the manifest and the report say differently: unit, year, kind."""
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    headline: str = ""
    """What matters most, in one sentence; for a failure, its message."""
    findings: tuple[FindingLine, ...] = ()
    characters: int = 0
    quantities: int = 0
    labelled: int = 0
    verified: int = 0
    contradicted: int = 0
    undetermined: int = 0
    unread: int = 0
    """Sections and questions that a language model was asked and left unanswered."""
    spent: Spent | None = None
    """None for an offline review."""
    review: str | None = None
    """Path of the review, relative to the output folder."""
    memo: str | None = None
    seconds: float
    """Wall time of this report's review."""
