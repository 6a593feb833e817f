"""Unit spellings as a pattern, and what each spelling means."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from reviewer.lexicon import load
from reviewer.quantities.numerals import fold
from reviewer.schema.numbers import Dimension


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit: `scale` takes a value in it to the base unit of its dimension."""

    name: str
    dimension: Dimension
    scale: Decimal | None


@cache
def _table() -> list[dict[str, Any]]:
    units: list[dict[str, Any]] = load("units")["unit"]
    return units


@cache
def _spellings() -> dict[str, Unit]:
    table = {}
    for entry in _table():
        unit = Unit(entry["name"], Dimension(entry["dimension"]), Decimal(entry.get("scale", "1")))
        for spelling in (entry["name"], *entry.get("spellings", ())):
            table[fold(spelling)] = unit
    return table


@cache
def multipliers() -> dict[str, Decimal]:
    """万 → 10000 and so on."""
    return {name: Decimal(factor) for name, factor in load("units")["multipliers"].items()}


def _alternatives(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _pattern() -> str:
    """Every spelling, longest first, with what must not follow it."""
    rows = []
    for entry in _table():
        guard = f"(?!{entry['not_before']})" if "not_before" in entry else ""
        for spelling in (entry["name"], *entry.get("spellings", ())):
            folded = fold(spelling)
            # A Latin unit ends where the word ends: 5m is no 5 million.
            word_end = "(?![A-Za-z])" if folded[-1].isascii() and folded[-1].isalpha() else ""
            rows.append((folded, re.escape(folded) + word_end + guard))
    rows.sort(key=lambda row: (-len(row[0]), row[0]))
    return "(?:" + "|".join(row[1] for row in rows) + ")"


def multiplier_pattern() -> str:
    """The multipliers, longest first."""
    return "(?:" + _alternatives(list(multipliers())) + ")"


def _per_pattern() -> str:
    """What follows the slash of 元/人, and a second one: 元/人·年."""
    names = _alternatives([fold(name) for name in load("units")["per"]])
    return rf" ?/ ?每?(?:{names})(?:[/·•.](?:{names}))?"


@cache
def _printed() -> re.Pattern[str]:
    return re.compile(f"(?P<unit>{_pattern()})(?P<per>{_per_pattern()})?")


@cache
def _multiplier() -> re.Pattern[str]:
    return re.compile(multiplier_pattern())


def match(text: str, start: int) -> re.Match[str] | None:
    """The unit printed at `start`, with its denominator; groups `unit` and `per` go to `resolve`."""
    return _printed().match(text, start)


def multiplier(text: str, start: int) -> str:
    """The multiplier (万, 百万) printed at `start`, or an empty string."""
    found = _multiplier().match(text, start)
    return found.group() if found else ""


def follows_chinese(spelling: str, numeral: str) -> bool:
    """Whether a Chinese numeral may stand before this spelling."""
    return _chinese_least()[spelling] <= (numeral not in ("一", "零"))


@cache
def _chinese_least() -> dict[str, int]:
    """For each spelling: 0 where any Chinese numeral may precede it, 1 from two on, 2 where none may."""
    least = {True: 0, "from two": 1, False: 2}
    return {
        fold(spelling): least[entry.get("chinese", True)]
        for entry in _table()
        for spelling in (entry["name"], *entry.get("spellings", ()))
    }


@cache
def resolve(spelling: str, multiplier: str = "", per: str = "") -> Unit:
    """The unit of a printed spelling with its multiplier and denominator. KeyError for an unknown spelling."""
    if not spelling:
        return Unit(multiplier, Dimension.NONE, multipliers()[multiplier])
    unit = _spellings()[spelling]
    scale = unit.scale
    if multiplier and scale is not None:
        scale *= multipliers()[multiplier]
    name = multiplier + unit.name
    if not per:
        return Unit(name, unit.dimension, scale)
    # A price per head is no amount of money: it must not be added to one.
    return Unit(name + per.replace(" ", "").replace("每", "").replace("㎡", "平方米"), Dimension.MEASURE, scale)


def named(text: str) -> Unit | None:
    """The unit that `text` (folded, stripped) spells from end to end, or None."""
    for factor in ("", multiplier(text, 0)):
        found = match(text, len(factor))
        if found is not None and found.end() == len(text):
            return resolve(found["unit"], factor, found["per"] or "")
    return None
