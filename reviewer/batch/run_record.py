"""run.json: how a folder of reviews came about."""

from pydantic import Field

from reviewer.schema.base import Model

FORMAT = "reviewer-batch/1"


class Run(Model):
    """One run of the command; a folder may have been filled by several."""

    command: str
    engine: str
    jobs: int
    """Reports at a time."""
    begun: str
    """UTC, ISO 8601."""
    ended: str | None = None
    """null while it runs, and for good where it was killed."""
    seconds: float | None = None
    how: str | None = None
    """How it ended: complete, limit, interrupted, stopped (by `reason`)."""
    reason: str | None = None
    reviewed: int = 0
    failed: int = 0
    skipped: int = 0
    """Reports that had an outcome from an earlier run."""


class Slow(Model):
    """A report that took long."""

    id: str
    seconds: float


class Totals(Model):
    """What is known of the reports that the last run was asked for."""

    reports: int = 0
    """All of them."""
    reviewed: int = 0
    failed: int = 0
    left: int = 0
    """Without an outcome yet."""
    failures: dict[str, int] = Field(default_factory=dict)
    """Failed reports by reason."""
    with_errors: int = 0
    """Reports with at least one error."""
    with_warnings: int = 0
    """Reports with at least one warning or error."""
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    unread: int = 0
    """Reports of which a model left something unanswered."""
    characters: int = 0
    quantities: int = 0
    verified: int = 0
    contradicted: int = 0
    undetermined: int = 0
    calls: int = 0
    cached_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    price: str | None = None
    """US dollars; null without a model, and where a price is unknown."""
    seconds_median: float | None = None
    seconds_total: float = 0.0
    """Work, summed over reports: more than the time that passed where several are reviewed at a time."""
    slowest: tuple[Slow, ...] = ()
    others: int = 0
    """Outcomes in results.jsonl of reports that the last run was not asked for."""


class RunRecord(Model):
    """All of run.json."""

    format: str = FORMAT
    fingerprint: dict[str, str]
    """What must be the same for the outcomes of several runs to stand side by side."""
    totals: Totals = Totals()
    runs: tuple[Run, ...] = ()
    """The latest last."""
