"""Heading and list numbers, shared by every room that has to tell them from numbers that measure."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

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


_CHINESE = "零一二三四五六七八九"


def number_of(marker: str) -> int | None:
    """The number a marker prints, in either kind of digits, up to 99; None where it prints several or none."""
    digits = re.findall(r"[0-9０-９]+", marker)
    if digits:
        return int(digits[0]) if len(digits) == 1 else None
    match = re.search(r"([一二三四五六七八九])?(十)?([一二三四五六七八九])?", marker.strip("第（(〔 \t\u3000"))
    if match is None or not match.group():
        return None
    tens, ten, ones = match.groups()
    if not ten:
        return _CHINESE.index(tens) if tens else None
    return 10 * (_CHINESE.index(tens) if tens else 1) + (_CHINESE.index(ones) if ones else 0)


@dataclass(frozen=True, slots=True)
class Break:
    """Where a run of numbers repeats one or leaves one out; `before` and `at` are the
    indexes of the last number in order and of the one that is wrong."""

    before: int
    at: int
    repeated: bool
    missing: int | None


def breaks(numbers: list[int]) -> list[Break]:
    """Where numbers that should count on do not; a run that begins again at 1 is a new list."""
    found: list[Break] = []
    for at, (before, number) in enumerate(pairwise(numbers), 1):
        if number == before:
            found.append(Break(at - 1, at, True, None))
        elif number == before + 2:
            found.append(Break(at - 1, at, False, before + 1))
    return found


def printed(number: int) -> str:
    """A number in Chinese characters, up to 99."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_CHINESE[tens]}十"
    return head + (_CHINESE[ones] if ones or not tens else "")
