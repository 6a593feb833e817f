"""What a user may choose for a review. Everything here changes what a review says and is recorded in it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["zh", "en"]


class Settings(BaseModel):
    """Choices for one review; the defaults are the offline review in Chinese under the generic policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lang: Language = "zh"
    """Language of the findings' wording and of the memo."""

    policy: str = "generic"
    """Name of a policy shipped in `reviewer/policies`, or a path to a policy file (TOML)."""

    partial: bool = False
    """Whether a report is reviewed although some of its pages cannot be read; the review names them."""

    model: str | None = None
    """The language model that reads along, as its endpoint names it; None for an offline review."""

    endpoint: str | None = None
    """Where that model is asked: a base URL without credentials, or "replay" for recorded answers."""

    narrative: bool = False
    """Whether the model also writes three sentences for the head of the memo."""
