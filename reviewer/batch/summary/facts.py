"""What the summaries say of the run itself."""

from pydantic import Field, JsonValue

from reviewer.schema.base import Model


class RunFacts(Model):
    """How the results came about; what is not known stays out of the summaries."""

    version: str | None = None
    """Of this program."""
    command: str | None = None
    """As a person would type it again."""
    begun: str | None = None
    """ISO 8601, as is `ended`."""
    ended: str | None = None
    planned: int | None = None
    """Reports the command names; more than there are results when the run was stopped."""
    fingerprint: dict[str, JsonValue] = Field(default_factory=dict)
    """Everything that decides what a review says: rules, lexicon, policy, prompts, model, language."""
