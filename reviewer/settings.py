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
