"""Which key goes to which host. A key is read from an environment variable, and shown nowhere."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import SecretStr

from reviewer.errors import ModelMisconfigured
from reviewer.llm.profiles import is_loopback, provider_at, providers

__all__ = ["KEY_VARIABLE", "NO_KEY", "key_for", "key_hint"]

KEY_VARIABLE = "REVIEWER_API_KEY"
NO_KEY = SecretStr("no-key")
"""What servers on this machine are sent: a client needs some key, and they look at none."""


def key_for(base_url: str, variable: str | None, environ: Mapping[str, str]) -> SecretStr:
    """The key for an endpoint; ModelMisconfigured where it needs one and there is none.

    The first of: the `variable` reviewer.toml names, REVIEWER_API_KEY, the variables of the provider whose own host
    this is. So what is set for one provider is never sent to another.
    """
    host = urlsplit(base_url).hostname or ""
    own = provider_at(base_url).key_variables
    if variable is not None:
        owners = [p.name for p in providers().values() if variable in p.key_variables and variable not in own]
        if owners:
            raise ModelMisconfigured(
                f"{variable} is the key of {owners[0]}, and would be sent to {host}",
                hint="keep the key of this endpoint in a variable of another name",
            )
        candidates: tuple[str, ...] = (variable,)
    else:
        candidates = (KEY_VARIABLE, *own)
    for candidate in candidates:
        key = environ.get(candidate, "").strip()
        if key:
            return _checked(key, candidate)
    if variable is None and is_loopback(host):
        return NO_KEY
    raise ModelMisconfigured(f"no key for {host}", hint=f"set {variable or key_hint(base_url)}")


def key_hint(base_url: str) -> str:
    """The variables a key for this endpoint is looked for in, for a hint after it was refused."""
    return " or ".join((*provider_at(base_url).key_variables, KEY_VARIABLE))


def _checked(key: str, variable: str) -> SecretStr:
    # Anything else cannot stand in a header, and what refuses it there would show it.
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ModelMisconfigured(
            f"{variable} holds something that is no key", hint="set it to the key alone, without quotes or spaces"
        )
    return SecretStr(key)
