"""What a reviewer is told: findings, coverage, and the review that holds everything they rest on."""

from enum import StrEnum

from reviewer.schema.base import Model
from reviewer.schema.numbers import Quantity
from reviewer.schema.reading import Claim, Concern, Disagreement, Figure, Indicator
from reviewer.schema.source import Document, Section, Sentence, Span
from reviewer.settings import Settings

SCHEMA_VERSION = "1"


class Severity(StrEnum):
    """How strongly a finding is meant."""

    ERROR = "error"
    """no reading of the text makes it true"""
    WARNING = "warning"
    """a careful reviewer would ask"""
    NOTE = "note"
    """worth knowing"""


class Evidence(Model):
    """The exact words a finding rests on."""

    text: str
    span: Span


class Finding(Model):
    """One thing a reviewer should know. Its words are in the language of the review's settings."""

    code: str
    severity: Severity
    title: str
    message: str
    evidence: tuple[Evidence, ...]
    claims: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    calculation: str | None = None
    diagnosis: str | None = None
    question: str | None = None
    """What to ask the unit."""
    basis: str | None = None
    """The rule it is measured by, with its document number; the policy where a policy value was used."""
    by: tuple[str, ...]
    fingerprint: str
    """Rule, measures and values; the same after a re-layout of the report."""


class Coverage(Model):
    """How much of the report was understood."""

    quantities: int
    """Numbers that measure something."""
    labelled: int
    """… with a measure and a role."""
    typed_other: int
    """Dates, document numbers, headings, phrases: numbers that measure nothing."""
    unlabelled: int
    unlabelled_ids: tuple[str, ...]
    claims: dict[str, int]
    """By outcome."""
    sections: dict[str, int]
    """By status."""
    gaps: tuple[str, ...] = ()
    """Questions about the whole report that a model left unanswered, with the reason."""


class Usage(Model):
    """What reading the report cost."""

    backend: str
    model: str | None = None
    calls: int = 0
    cached_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    price: str | None = None
    """In US dollars; null when the price is unknown or no model was asked."""
    masked: int = 0
    """Telephone numbers, names and the like that were hidden from the model."""


class PolicyUsed(Model):
    """The scoring rule-book a review went by."""

    name: str
    title: str
    basis: str
    """The document its values come from."""
    sha256: str


class Provenance(Model):
    """What must be the same for the review to come out the same."""

    tool: str
    version: str
    rules: str
    """Hash over the rules' codes and texts."""
    lexicon: str
    """Hash over the word lists."""
    prompts: dict[str, str]
    """Name and version of each prompt sent, with its hash."""
    policy: PolicyUsed
    settings: Settings


class Review(Model):
    """Everything that is known of one report. It holds no clock: the same input gives the same bytes."""

    schema_version: str
    documents: tuple[Document, ...]
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    quantities: tuple[Quantity, ...]
    figures: tuple[Figure, ...]
    claims: tuple[Claim, ...]
    indicators: tuple[Indicator, ...]
    concerns: tuple[Concern, ...]
    findings: tuple[Finding, ...]
    narrative: tuple[str, ...] = ()
    """Sentences for the head of the memo, written by a model over the findings; empty without one."""
    disagreements: tuple[Disagreement, ...]
    rejected: dict[str, int]
    """What a model offered and was refused, by reason."""
    coverage: Coverage
    usage: Usage
    provenance: Provenance
