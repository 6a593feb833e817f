"""Heading and list numbers, shared by every room that has to tell them from numbers that measure."""

import re
from dataclasses import dataclass
from functools import cache

from reviewer.lexicon import load

CHINESE_NUMERAL = "[零〇一二三四五六七八九十百]{1,5}"
_DIGITS = "[0-9０-９]{1,2}"


@dataclass(frozen=True, slots=True)
class Marker:
    """A heading or list number: its style's name and its extent in the string."""

    style: str
    start: int
    end: int


@cache
def _styles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (style["name"], re.compile(style["pattern"].replace("{cn}", CHINESE_NUMERAL).replace("{d}", _DIGITS)))
        for style in load("numbering")["style"]
    )


def marker_at(text: str, start: int = 0) -> Marker | None:
    """The heading or list number that begins at `start` (blanks before it are skipped), if one does."""
    while start < len(text) and text[start] in " \t\u3000\u00a0":
        start += 1
    for name, pattern in _styles():
        if match := pattern.match(text, start):
            return Marker(name, match.start(), match.end())
    return None
