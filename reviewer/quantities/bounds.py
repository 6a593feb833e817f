"""How the words and signs around a number limit it."""

import re
from functools import cache

from reviewer.lexicon import load
from reviewer.quantities.context import Context, Found
from reviewer.quantities.numerals import fold
from reviewer.schema.numbers import Bound, Dimension

_MIRROR = {
    Bound.AT_LEAST: Bound.AT_MOST,
    Bound.AT_MOST: Bound.AT_LEAST,
    Bound.MORE_THAN: Bound.LESS_THAN,
    Bound.LESS_THAN: Bound.MORE_THAN,
}
_SIGN = re.compile(r"[$ ]{0,2}(\\leq?|\\geq?|\\lt|\\gt|<=|>=|[≤≥<>])[$ ]{0,2}(?![$ \-0-9])")


@cache
def _before() -> tuple[re.Pattern[str], dict[str, Bound]]:
    data = load("bounds")
    meaning = {fold(word): Bound(name) for name, words in data["before"].items() for word in words}
    guards = data["before_not"]
    parts = [
        (f"(?<![{guards[word]}])" if word in guards else "") + re.escape(word)
        for word in sorted(meaning, key=lambda word: (-len(word), word))
    ]
    return re.compile(rf"({'|'.join(parts)})[了为占有达在]?[$ ]{{0,3}}$"), meaning


@cache
def _after() -> tuple[re.Pattern[str], dict[str, Bound]]:
    meaning = {word: Bound(name) for name, words in load("bounds")["after"].items() for word in words}
    words = "|".join(sorted(meaning, key=lambda word: (-len(word), word)))
    included = r"(?: {0,2}\(?(不?[包]?含)(?:本数)?\)?)?"
    return re.compile(rf"{included} {{0,2}}({words}){included}"), meaning


_WITHIN = re.compile(r" ?(?:之)?内")


def bound_before(context: Context, start: int) -> Bound | None:
    """The bound that the words directly in front of `start` set."""
    pattern, meaning = _before()
    match = pattern.search(context.window(start))
    return meaning[match[1]] if match else None


def bound_after(context: Context, end: int, dimension: Dimension) -> Bound | None:
    """The bound that the words directly behind `end` set: 以上, （含）以下, 左右; 内 after a time; a mirrored sign."""
    text = context.text
    if end >= len(text):
        return None
    if text[end] in "以及或之左上前( 含不包":
        pattern, meaning = _after()
        if match := pattern.match(text, end):
            bound = meaning[match[2]]
            included = match[1] or match[3] or ""
            if included.startswith("不"):
                return {Bound.AT_LEAST: Bound.MORE_THAN, Bound.AT_MOST: Bound.LESS_THAN}.get(bound, bound)
            if included or "及" in match[2]:
                return {Bound.LESS_THAN: Bound.AT_MOST}.get(bound, bound)
            # 2023年前后 and 会议前后 are handled elsewhere; behind an amount 前后 says nothing.
            return bound
    if dimension is Dimension.TIME and _WITHIN.match(text, end):
        return Bound.AT_MOST
    if text[end] in "$ \\<>≤≥" and (match := _SIGN.match(text, end)):
        return _MIRROR[_before()[1][match[1]]]
    return None


def limit(context: Context, found: Found) -> Found:
    """Set the bound, low and high of a number whose value is known; a range keeps its ends."""
    if found.bound is Bound.RANGE or found.value is None:
        return found
    printed = found.bound  # 余 or 多 inside the number
    before = bound_before(context, found.start)
    # "近三年" is the last three years, not about three.
    if before is Bound.ABOUT and found.dimension is Dimension.TIME and context.before(found.start) == "近":
        before = None
    after = bound_after(context, found.end, found.dimension)
    if before is None and after is not None:
        found.bound = after
    elif before is not None:
        found.bound = before
    else:
        found.bound = printed
    if found.bound in (Bound.EXACT, Bound.AT_LEAST, Bound.MORE_THAN):
        found.low = found.value
    if found.bound in (Bound.EXACT, Bound.AT_MOST, Bound.LESS_THAN):
        found.high = found.value
    return found
