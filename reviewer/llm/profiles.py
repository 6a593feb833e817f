"""Kinds of endpoints and what each can do; the facts and their sources stand in profiles.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from ipaddress import ip_address
from types import MappingProxyType
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from reviewer.llm.connection import Profile, Rung

__all__ = ["GENERIC", "Capabilities", "Provider", "is_loopback", "provider_at", "provider_named", "providers"]

GENERIC = "generic"
"""The profile of an endpoint nothing is known about."""

Rungs = Annotated[tuple[Rung, ...], Field(min_length=1)]
LengthParameter = Literal["max_tokens", "max_completion_tokens"]
AtLeastOne = Annotated[int, Field(ge=1)]


class Capabilities(BaseModel):
    """Changes to a profile; only what is set changes. The fields mean what they mean in `Profile`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rungs: Rungs | None = None
    length_parameter: LengthParameter | None = None
    takes_temperature: bool | None = None
    takes_seed: bool | None = None
    extra_body: Mapping[str, Any] | None = None
    context_tokens: AtLeastOne | None = None
    concurrency: AtLeastOne | None = None
    price_provider: str | None = None

    def applied_to(self, profile: Profile) -> Profile:
        changes = {name: getattr(self, name) for name in Capabilities.model_fields}
        return replace(profile, **{name: value for name, value in changes.items() if value is not None})


class Variant(Capabilities):
    """What is different for models whose name matches a pattern."""

    match: tuple[str, ...]
    source: str
    passed_on_to: str | None = None
    """The host that answers in the end, where the server only passes questions on."""


class Provider(BaseModel):
    """One table of profiles.toml; the comment at its head says what the fields mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    base_url: str | None = None
    hosts: tuple[str, ...]
    ports: tuple[int, ...] = ()
    key_variables: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    free: bool = False
    rungs: Rungs
    length_parameter: LengthParameter
    takes_temperature: bool
    takes_seed: bool
    extra_body: Mapping[str, Any]
    context_tokens: AtLeastOne | None = None
    concurrency: AtLeastOne
    price_provider: str | None = None
    source: Mapping[str, str]
    models: tuple[Variant, ...] = ()

    def profile(self, model: str) -> Profile:
        """What this endpoint can do when asked for `model`."""
        profile = Profile(
            name=self.name,
            rungs=self.rungs,
            length_parameter=self.length_parameter,
            takes_temperature=self.takes_temperature,
            takes_seed=self.takes_seed,
            extra_body=self.extra_body,
            context_tokens=self.context_tokens,
            concurrency=self.concurrency,
            price_provider=self.price_provider,
        )
        variant = self._variant(model)
        return variant.applied_to(profile) if variant else profile

    def passed_on_to(self, model: str) -> str | None:
        """The host `model` runs on, where a server of this kind only passes questions on to it."""
        variant = self._variant(model)
        return variant.passed_on_to if variant else None

    def _variant(self, model: str) -> Variant | None:
        name = model.lower()
        return next((v for v in self.models if any(fnmatchcase(name, pattern) for pattern in v.match)), None)

    def is_at(self, host: str) -> bool:
        """Whether `host` is one of the provider's own."""
        return any(host.endswith(own.removeprefix("*")) if own.startswith("*.") else host == own for own in self.hosts)


@cache
def providers() -> Mapping[str, Provider]:
    """Every shipped profile by its name."""
    tables = tomllib.loads(files("reviewer.llm").joinpath("profiles.toml").read_text(encoding="utf-8"))
    return MappingProxyType({name: Provider(name=name, **table) for name, table in tables.items()})


def provider_named(name: str) -> Provider | None:
    """The provider of this name or alias, upper and lower case alike."""
    wanted = name.lower()
    return next((p for p in providers().values() if wanted == p.name or wanted in p.aliases), None)


def provider_at(base_url: str) -> Provider:
    """The provider an address belongs to, by its host, or by its port on this machine; `generic` if none does."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    for provider in providers().values():
        if provider.is_at(host) or (is_loopback(host) and parts.port in provider.ports):
            return provider
    return providers()[GENERIC]


def is_loopback(host: str) -> bool:
    """Whether a host name can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
