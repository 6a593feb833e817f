"""Scoring rule-books as data: one TOML file each, or a bureau's own file."""

import tomllib
from decimal import Decimal
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from pydantic import Field, ValidationError

from reviewer.errors import UsageError
from reviewer.schema.base import Model

__all__ = ["Grade", "Policy", "load_policy"]


class Grade(Model):
    """One grade of the scale: a score from `lower` (included) up to the next better grade."""

    words: tuple[str, ...]
    lower: Decimal = Field(alias="from")


class Policy(Model):
    """What a scoring rule-book says. Every value of it that a review uses is named with its policy."""

    name: str
    title: str
    title_en: str
    basis: str
    full_mark: Decimal
    explain_execution_below: Decimal
    """As a fraction of 1."""
    grades: tuple[Grade, ...] = Field(alias="grade")
    sha256: str


def load_policy(name: str) -> Policy:
    """A shipped policy by name, or any policy file by path. UsageError when there is none or it is malformed."""
    shipped = files(__name__).joinpath(f"{name}.toml")
    path = Path(name)
    try:
        raw = shipped.read_bytes() if shipped.is_file() else path.read_bytes()
    except OSError as error:
        known = sorted(e.name.removesuffix(".toml") for e in files(__name__).iterdir() if e.name.endswith(".toml"))
        raise UsageError(
            f"no policy {name!r}",
            hint=f"shipped policies: {', '.join(known)}; or give the path of a TOML file",
        ) from error
    try:
        table = tomllib.loads(raw.decode("utf-8"), parse_float=Decimal)
        return Policy.model_validate({**table, "sha256": sha256(raw).hexdigest()[:16]})
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"the policy {name!r} is malformed: {reason}", hint="copy generic.toml and edit it") from error
