"""What is known of an endpoint before a question is put to it: what it can do, and how to reach it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

from pydantic import SecretStr

__all__ = ["Connection", "Profile", "Rung"]


class Rung(StrEnum):
    """A way to ask for an answer of a given shape, best first."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT = "json_object"
    FENCED = "fenced"


@dataclass(frozen=True, slots=True)
class Profile:
    """What an endpoint can do; the data comes from profiles.toml."""

    name: str
    rungs: tuple[Rung, ...]
    """Best first."""
    length_parameter: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    takes_temperature: bool = True
    takes_seed: bool = True
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    """Sent along as it is, e.g. thinking switched off."""
    context_tokens: int | None = None
    concurrency: int = 8
    """Requests at a time to begin with."""
    price_provider: str | None = None
    """Provider id of genai-prices."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A model at an address, with everything a client needs to talk to it."""

    model: str
    base_url: str
    api_key: SecretStr
    """Never in a repr, log, cache, record or error."""
    profile: Profile
    connect_timeout: float = 10
    """Seconds."""
    read_timeout: float = 180
    """Seconds."""
    retries: int = 4
    """After the first attempt, per question, for 408, 409, 429, 5xx, timeouts and dropped connections."""
    max_wait: float = 60
    """Seconds of the longest single wait; a Retry-After beyond it ends the question."""
    max_cost: Decimal | None = None
    """US dollars for the life of the client."""
    price: Callable[[int, int], Decimal | None] | None = None
    """(prompt_tokens, completion_tokens) -> US dollars; None = unpriced."""
    identity: str | None = None
    """Stands for the address in keys of a cache where the address changes from one run to the next."""
