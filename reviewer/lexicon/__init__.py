"""The field's words as data: TOML files beside this module, and the few patterns built from them."""

import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

__all__ = ["fingerprint", "load"]


@cache
def load(name: str) -> dict[str, Any]:
    """The table of `NAME.toml`. FileNotFoundError for a name that is not shipped."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def fingerprint() -> str:
    """Hash over every word list: it changes when a word does."""
    digest = sha256()
    for entry in sorted(files(__name__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()[:16]
