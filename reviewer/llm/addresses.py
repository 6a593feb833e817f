"""Addresses of endpoints: what may be one, and what of it identifies a server."""

import re
from urllib.parse import SplitResult, urlsplit

from reviewer.errors import ModelMisconfigured
from reviewer.llm.profiles import is_loopback

__all__ = ["checked_address", "origin"]

_PORTS = {"http": 80, "https": 443}
_PATH = "/chat/completions"
# A backslash, a blank or a control character is read differently by different readers of URLs.
_PLAIN = re.compile(r"[^\s\\\x00-\x1f\x7f]+")


def origin(address: str) -> tuple[str, str, int | None]:
    """(scheme, host, port): two addresses with one origin are one server. An address that is none has an empty host."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return "", "", None


def checked_address(address: str, *, allow_http: bool = False) -> str:
    """The address without a slash at its end. ModelMisconfigured where it cannot be one, or is not safe.

    It may hold no user name, password or query: these would end up in logs and caches. Without encryption only this
    machine is spoken to, unless `allow_http`.
    """
    address = address.strip()
    parts = _parts(address)
    if parts is None or parts.scheme not in _PORTS or not parts.hostname or not _PLAIN.fullmatch(address):
        # What cannot be read may hold a key, so it is not shown.
        raise ModelMisconfigured("the address of the model is no URL", hint="give one such as https://HOST/v1")
    host = parts.hostname
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise ModelMisconfigured(
            f"the address of {host} holds a user name, a password or a query",
            hint="leave them out; a key goes into REVIEWER_API_KEY",
        )
    if parts.path.rstrip("/").endswith(_PATH):
        raise ModelMisconfigured(
            f"{address} is the address of one call", hint=f"leave {_PATH} out: {address.rstrip('/')[: -len(_PATH)]}"
        )
    if parts.scheme == "http" and not is_loopback(host) and not allow_http:
        raise ModelMisconfigured(
            f"{address} would send reports and the key without encryption",
            hint="use https, or, in a network you trust, allow_http = true in reviewer.toml",
        )
    return address.rstrip("/")


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 (a port that is none raises here)
    except ValueError:
        return None
    return parts
