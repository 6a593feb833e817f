"""Characters that fonts of PDF files give in place of the ideograph they look like: ⻬ for 齐, ⼀ for 一.

A word of the field must be found however the font spells it, so they are mapped, each to exactly one character.
"""

import unicodedata
from functools import cache

from reviewer.lexicon import load

_RADICALS = ("\u2e80", "\u2fdf")
_COMPATIBILITY = (("\uf900", "\ufaff"), ("\U0002f800", "\U0002fa1f"))


def unified(char: str) -> str:
    """The ideograph of the unified block that `char` is another code for; any other character as it is."""
    if char < _RADICALS[0]:
        return char
    if char <= _RADICALS[1]:
        return _supplement().get(char) or _normal(char)
    return _normal(char) if any(low <= char <= high for low, high in _COMPATIBILITY) else char


def _normal(char: str) -> str:
    found = unicodedata.normalize("NFKC", char)
    return found if len(found) == 1 else char


@cache
def _supplement() -> dict[str, str]:
    data = load("radicals")["supplement"]
    return dict(zip(data["radicals"], data["ideographs"], strict=True))
