"""The file reviewer.toml: the model to ask, named profiles, limits. Never a key, only the variable that holds one."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from reviewer.errors import ModelMisconfigured
from reviewer.llm.profiles import Capabilities

__all__ = ["FILE_NAME", "Config", "Limits", "ListPrice", "ModelTable", "NamedProfile", "Table", "load_config"]

FILE_NAME = "reviewer.toml"

Seconds = Annotated[float, Field(gt=0)]
Dollars = Annotated[Decimal, Field(ge=0)]


class Limits(BaseModel):
    """How long to wait and how much to spend. The fields mean what they mean in `Connection`; None = its default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect_timeout: Seconds | None = None
    read_timeout: Seconds | None = None
    retries: Annotated[int, Field(ge=0)] | None = None
    max_wait: Annotated[float, Field(ge=0)] | None = None
    max_cost: Dollars | None = None


class ListPrice(BaseModel):
    """US dollars for a million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: Dollars
    completion: Dollars


class Table(Limits, Capabilities):
    """What the tables of the file have in common: an endpoint, what it can do, limits."""

    base_url: str | None = None
    profile: str | None = None
    """Name of the kind of endpoint whose capabilities are taken."""
    # A key pasted here by mistake has small letters or a hyphen, and is told apart without being shown.
    api_key_env: Annotated[str, Field(pattern=r"^[A-Z_][A-Z0-9_]{0,63}$")] | None = None
    allow_http: bool = False
    """Whether a host that is not this machine may be spoken to without encryption."""
    price: ListPrice | None = None
    threads: Annotated[int, Field(ge=1)] | None = None
    """Of a model file on this machine."""


class ModelTable(Table):
    """The table [model]: what is used when nothing else is named."""

    name: str | None = None


class NamedProfile(Table):
    """A table [profiles.NAME], chosen with `--model @NAME`."""

    model: str


class _Tables(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    model: ModelTable = ModelTable()
    profiles: Mapping[str, NamedProfile] = {}


@dataclass(frozen=True, slots=True)
class Config:
    """A whole reviewer.toml; the empty one where there is none."""

    model: ModelTable = field(default_factory=ModelTable)
    profiles: Mapping[str, NamedProfile] = field(default_factory=dict)
    path: Path | None = None
    """Where it was read from."""


def load_config(environ: Mapping[str, str], config_file: str | Path | None = None) -> Config:
    """The settings of the first file there is.

    Looked for: `config_file`, else the one `REVIEWER_CONFIG` names, else reviewer.toml in the working directory, else
    in the user's configuration directory. A file that was named must exist. ModelMisconfigured where it cannot be read,
    holds a key, or has anything in it that is not known.
    """
    named = config_file or environ.get("REVIEWER_CONFIG")
    path = Path(named).expanduser() if named else _found()
    if path is None:
        return Config()
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ModelMisconfigured(f"{path}: {reason}", hint="check REVIEWER_CONFIG or the file") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelMisconfigured(f"{path} is not TOML: {error}", hint="see docs/models.md for an example") from error
    for place in _literal_keys(tables):
        raise ModelMisconfigured(
            f"{path}: {place} holds a key, and a file is no place for one",
            hint='put the key into an environment variable and name that: api_key_env = "MY_API_KEY"',
        )
    try:
        valid = _Tables.model_validate(tables)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        unknown = first["type"] == "extra_forbidden"
        reason = "there is no such setting" if unknown else first["msg"]
        # The cause would show what was written, and that may be a key in the wrong place.
        raise ModelMisconfigured(f"{path}: {place}: {reason}", hint=_known(first["loc"])) from None
    return Config(valid.model, valid.profiles, path)


def _found() -> Path | None:
    from platformdirs import user_config_path

    for folder in (Path(), user_config_path("budget-report-reviewer", appauthor=False)):
        path = folder / FILE_NAME
        if path.is_file():
            return path
    return None


_KEY_NAME = re.compile(r"(.*_)?(api)?(key|token|secret|password|authorization)", re.IGNORECASE)


def _literal_keys(table: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Names of settings, at any depth, under which a key would be written."""
    for name, value in table.items():
        if isinstance(value, str) and _KEY_NAME.fullmatch(name.replace("-", "_")):
            yield place + name
        elif isinstance(value, dict):
            yield from _literal_keys(value, f"{place}{name}.")


def _known(place: tuple[int | str, ...]) -> str:
    match place:
        case ("model", *_):
            fields, table = ModelTable.model_fields, "[model]"
        case ("profiles", *_):
            fields, table = NamedProfile.model_fields, "[profiles.NAME]"
        case _:
            return "the tables of the file are [model] and [profiles.NAME]"
    return f"{table} takes {', '.join(sorted(fields))}"
