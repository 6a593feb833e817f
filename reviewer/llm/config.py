"""Which model is asked, where, and with which key: flags before the environment before reviewer.toml.

Nothing is sent anywhere unless a model is named; a key in the environment names none. What contradicts itself is
refused rather than guessed at, as a wrong guess would send a report to the wrong place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypedDict, Unpack
from urllib.parse import urlsplit

from pydantic import ValidationError

from reviewer.errors import ModelMisconfigured, UsageError
from reviewer.llm.addresses import checked_address, origin
from reviewer.llm.config_file import Config, Limits, Table, load_config
from reviewer.llm.connection import Connection, Profile
from reviewer.llm.keys import key_for
from reviewer.llm.pricing import Price, free, per_million, price_of
from reviewer.llm.profiles import Provider, is_loopback, provider_at, provider_named, providers

__all__ = ["GGUF", "Options", "Resolved", "connect", "destination", "named_model", "resolve"]

GGUF = "gguf"
"""The prefix of a model file on this machine."""

_OFF = ("none", "offline")
_FLAG, _ENVIRONMENT, _FILE = range(3)


class Options(TypedDict, total=False):
    """Flags about a connection; None = not given. The fields mean what they mean in `Connection`."""

    connect_timeout: float | None
    read_timeout: float | None
    retries: int | None
    max_wait: float | None
    max_cost: Decimal | None
    allow_http: bool | None


@dataclass(frozen=True, slots=True)
class Resolved:
    """A model that was named and what is known of it; nothing is contacted yet and no key is read."""

    model: str
    base_url: str | None
    """None for a model file."""
    file: Path | None
    """The model file, if it is one."""
    profile: Profile
    price: Price | None
    limits: Mapping[str, Any]
    """The limits that are set, by their names in `Connection`."""
    key_variable: str | None = None
    """The variable that reviewer.toml names for the key."""
    threads: int | None = None
    """For a model file."""


@dataclass(frozen=True, slots=True)
class _Choice:
    """The model that was named, as it was named."""

    name: str
    rank: int
    """Where: the smaller, the higher it stands."""
    table: Table | None
    """The table of reviewer.toml that names it."""
    is_profile: bool = False


def named_model(flag: str | None, environ: Mapping[str, str], config: Config) -> str | None:
    """The model a user named, as written, or None for an offline review.

    The first of `--model`, REVIEWER_MODEL and reviewer.toml counts; `none` or `offline` there switches off the ones
    after it. A key in the environment names no model.
    """
    name, _ = _named(flag, environ, config)
    return name


def connect(
    model: str | None,
    base_url: str | None = None,
    *,
    profile: str | None = None,
    environ: Mapping[str, str],
    config: Config | None = None,
    **options: Unpack[Options],
) -> Connection:
    """How to reach the model that flags, environment or reviewer.toml name. Contacts nothing.

    `model` is NAME, PROVIDER:NAME or @PROFILE, None where the flag is not given; `profile` names the kind of endpoint
    where it cannot be told from the rest. ModelMisconfigured where something is missing, contradicts itself or is not
    safe; UsageError where the value of a flag is out of range. A model file needs a server first:
    `reviewer.llm.local.opened` takes the same arguments and starts it.
    """
    config = load_config(environ) if config is None else config
    resolved = resolve(model, base_url, profile=profile, environ=environ, config=config, **options)
    if resolved.base_url is None:
        raise ModelMisconfigured(f"{resolved.file} is a file and no endpoint", hint="name a model that is served")
    return Connection(
        model=resolved.model,
        base_url=resolved.base_url,
        api_key=key_for(resolved.base_url, resolved.key_variable, environ),
        profile=resolved.profile,
        price=resolved.price,
        **resolved.limits,
    )


def destination(connection: Connection) -> str:
    """Where the text of a report goes: `qwen-plus at dashscope.aliyuncs.com`, `qwen3:8b on this machine`."""
    host = urlsplit(connection.base_url).hostname or ""
    server = "this machine" if is_loopback(host) else host
    kind = provider_named(connection.profile.name)
    beyond = kind and kind.passed_on_to(connection.model)
    if beyond:
        return f"{connection.model} at {beyond}, through {server}"
    return f"{connection.model} {'on' if is_loopback(host) else 'at'} {server}"


def resolve(
    model: str | None,
    base_url: str | None = None,
    *,
    profile: str | None = None,
    environ: Mapping[str, str],
    config: Config,
    **options: Unpack[Options],
) -> Resolved:
    """What `connect` describes, short of the key; also for a model file (gguf:PATH)."""
    choice = _chosen(model, environ, config)
    limits = _limits(options, choice.table, config.model)
    prefix, colon, rest = choice.name.partition(":")
    if prefix.lower() == GGUF:
        if base_url:
            raise ModelMisconfigured("a model file has no address", hint="leave --base-url out")
        return _model_file(rest, choice, limits, config)

    named = provider_named(prefix) if colon else None
    name = rest if named else choice.name
    if not name.strip() or not name.isprintable():
        raise ModelMisconfigured(f"{name!r} cannot be the name of a model", hint="give NAME or PROVIDER:NAME")
    url, url_rank = _url(base_url, choice, environ, config)
    if url and url_rank > choice.rank and named and named.hosts and not named.is_at(origin(url)[1]):
        raise ModelMisconfigured(
            f"{choice.name} is a model of {named.name}, but the address that is set is another's",
            hint=f"say which: --base-url {named.base_url}, or the name without {named.name}",
        )
    # The table whose endpoint it is: the one that names the model, or the one that gives the address.
    table = choice.table or (config.model if url and url_rank == _FILE else None)
    provider = _kind(profile, named, table, url)
    address = url or provider.base_url
    if address is None:
        raise ModelMisconfigured(f"no address for {name}", hint="give --base-url, or name it PROVIDER:NAME")
    trusted = _trusted(table, provider, address)
    address = checked_address(address, allow_http=bool(options.get("allow_http") or (trusted and trusted.allow_http)))
    abilities = provider.profile(name)
    abilities = table.applied_to(abilities) if table else abilities
    return Resolved(
        model=name,
        base_url=address,
        file=None,
        profile=abilities,
        price=_price(name, address, provider, abilities, choice.table),
        limits=limits,
        key_variable=trusted.api_key_env if trusted else None,
    )


def _named(flag: str | None, environ: Mapping[str, str], config: Config) -> tuple[str | None, int]:
    for rank, candidate in ((_FLAG, flag), (_ENVIRONMENT, environ.get("REVIEWER_MODEL")), (_FILE, config.model.name)):
        name = (candidate or "").strip()
        if name:
            return (None if name.lower() in _OFF else name), rank
    return None, _FILE


def _chosen(flag: str | None, environ: Mapping[str, str], config: Config) -> _Choice:
    name, rank = _named(flag, environ, config)
    if name is None:
        raise ModelMisconfigured("no model is named", hint="give --model, or set REVIEWER_MODEL")
    if not name.startswith("@"):
        return _Choice(name, rank, config.model if rank == _FILE else None)
    table = config.profiles.get(name[1:])
    if table is None:
        known = ", ".join(f"@{profile}" for profile in sorted(config.profiles))
        raise ModelMisconfigured(
            f"there is no profile {name} in {config.path or 'any reviewer.toml'}",
            hint=f"profiles there: {known}" if known else "write a table [profiles.NAME]; see docs/models.md",
        )
    if table.model.startswith("@"):
        raise ModelMisconfigured(f"the profile {name} names another profile", hint="let it name a model")
    return _Choice(table.model.strip(), rank, table, is_profile=True)


def _url(flag: str | None, choice: _Choice, environ: Mapping[str, str], config: Config) -> tuple[str | None, int]:
    """The address that is set, if any, and where. A named profile is a whole: only what stands as high moves it."""
    candidates = [(_FLAG, flag), (_ENVIRONMENT, environ.get("REVIEWER_BASE_URL")), (_FILE, config.model.base_url)]
    if choice.is_profile and choice.table:
        candidates = [(rank, url) for rank, url in candidates[:_FILE] if rank <= choice.rank]
        candidates.append((choice.rank, choice.table.base_url))
    return next(((url, rank) for rank, url in candidates if url), (None, choice.rank))


def _kind(profile: str | None, named: Provider | None, table: Table | None, url: str | None) -> Provider:
    """The kind of endpoint: by flag, by the model's prefix, by reviewer.toml, by address, else OpenAI's."""
    wanted = profile or (None if named else table and table.profile)
    if wanted:
        found = provider_named(wanted)
        if found is None:
            raise ModelMisconfigured(f"there is no profile {wanted!r}", hint=f"profiles: {', '.join(providers())}")
        return found
    return named or (provider_at(url) if url else providers()["openai"])


def _trusted(table: Table | None, provider: Provider, address: str) -> Table | None:
    """The table, if it speaks of this server. What it says of keys and encryption holds for no other."""
    own = table and (table.base_url or provider.base_url)
    return table if own and origin(own) == origin(address) else None


def _price(name: str, address: str, provider: Provider, profile: Profile, table: Table | None) -> Price | None:
    if table and table.price:
        return per_million(table.price.prompt, table.price.completion)
    if (provider.free or is_loopback(origin(address)[1])) and not provider.passed_on_to(name):
        return free
    return price_of(name, profile.price_provider)


def _limits(options: Options, *tables: Table | None) -> dict[str, Any]:
    """The limits that are set; flags before the tables, each table before the next."""
    try:
        flags = Limits.model_validate({name: value for name, value in options.items() if name != "allow_http"})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        flag = "--" + str(first["loc"][0]).replace("_", "-")
        raise UsageError(f"{flag}: {first['msg']}", hint="give another value") from error
    limits: dict[str, Any] = {}
    for source in (flags, *tables):
        for name in Limits.model_fields:
            value = getattr(source, name, None)
            if value is not None:
                limits.setdefault(name, value)
    return limits


def _model_file(written: str, choice: _Choice, limits: Mapping[str, Any], config: Config) -> Resolved:
    """A model file; a path in reviewer.toml is relative to its folder."""
    path = Path(written).expanduser()
    if choice.table and config.path:
        path = config.path.parent / path
    profile = replace(providers()["llamacpp"].profile(path.stem), concurrency=1)
    return Resolved(
        model=path.stem,
        base_url=None,
        file=path,
        profile=choice.table.applied_to(profile) if choice.table else profile,
        price=free,
        limits=limits,
        threads=choice.table.threads if choice.table else None,
    )
