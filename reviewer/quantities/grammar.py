"""Numbers that measure, printed in digits: values, ranges, fractions, ratios, and their units."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from reviewer.lexicon import load
from reviewer.quantities import units
from reviewer.quantities.bounds import limit
from reviewer.quantities.context import Context, Found
from reviewer.quantities.numerals import decimal, last_digit, quotient
from reviewer.schema.numbers import Bound, Dimension

# Groups split by a blank or a full-width comma are joined only where decimals and a money unit leave no other
# reading.
_MONEY = r"(?= ?[为是]? ?[万亿千百]{0,2}元)"
_SPLIT_UNIT = r"(?= ?(?:[万亿千百]{0,2}元|\\?%|个?百分点|分(?![钟别析])|[万亿]))"
NUMBER = (
    r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?"
    rf"|(?<![0-9] )[1-9][0-9]{{0,2}}(?:(?:，[0-9]{{3}})+|(?: [0-9]{{3}})+)\.[0-9]{{1,2}}{_MONEY}"
    rf"|(?<![0-9] )[1-9][0-9]{{0,2}} 0[0-9]{{2}}(?: [0-9]{{3}})*{_MONEY}"
    rf"|[0-9]+(?: \. ?|\. )[0-9]{{1,2}}{_SPLIT_UNIT}"
    r"|[0-9]+(?:\.[0-9]+)?)"
)
_RANGE = re.compile(r" ?(?:\((不?[包]?含)\))? ?([-—~]{1,2}|至|到) ?(?=[0-9])")
# 58/61 is one number; 520.40/610.75 is a formula of two.
_FRACTION = re.compile(r"([0-9]+) ?/ ?([0-9]+)(?![0-9/]|\.[0-9])")
_RATIO = re.compile(rf"({NUMBER}) ?[:∶] ?({NUMBER})(?! ?[:∶0-9.月年日])")
_COMPOUND = re.compile(r"([0-9]+)(亿|万)([0-9]{1,4})(万?)元")


@dataclass(frozen=True, slots=True)
class Tail:
    """What follows the digits: the unit and the 余/多 before it."""

    end: int
    unit: units.Unit
    more: str = ""


@cache
def _number() -> re.Pattern[str]:
    return re.compile(NUMBER)


_LEAD = re.compile(r" {0,2}(?:([余多来几]) ?)?")
_STRAYED = re.compile(r" ?[为是] ?([百千]?[万亿]?)元")
_MORE = re.compile(r"([余多])?(?![达科全一众般])")


def tail_at(text: str, end: int) -> Tail | None:
    """The unit printed behind a number that ends at `end`."""
    if end >= len(text):
        return None
    lead = _LEAD.match(text, end)
    assert lead is not None  # the pattern matches the empty string too
    if unit := units.match(text, lead.end()):
        return Tail(unit.end(), units.resolve(unit["unit"], "", unit["per"] or ""), lead[1] or "")
    if strayed := _STRAYED.match(text, end):
        return Tail(strayed.end(), units.resolve("元", strayed[1]))
    factor = units.multiplier(text, lead.end())
    if not factor:
        return None
    start = lead.end() + len(factor)
    # 300余万元 and 2万余元 are both printed.
    more_before, lead = lead[1] or "", _LEAD.match(text, start)
    assert lead is not None
    if unit := units.match(text, lead.end()):
        return Tail(unit.end(), units.resolve(unit["unit"], factor, unit["per"] or ""), lead[1] or more_before)
    if more_before:
        return None
    more = _MORE.match(text, start)
    return Tail(more.end(), units.resolve("", factor), more[1] or "") if more else None


def _with_unit(found: Found, tail: Tail | None) -> Found:
    if tail is not None:
        found.unit, found.scale, found.dimension = tail.unit.name, tail.unit.scale, tail.unit.dimension
        if tail.more:
            found.bound = Bound.ABOUT if tail.more == "来" else Bound.MORE_THAN
    return found


def is_sign(context: Context, at: int) -> bool:
    """Whether the hyphen or 负 at `at` belongs to the number behind it rather than joining two things."""
    text = context.text
    if at + 1 >= len(text) or not "0" <= text[at + 1] <= "9":
        return False
    previous = text[at - 1] if at else "\n"
    if text[at] == "负":
        return previous not in "正胜抱"
    # Behind a number or its unit a hyphen joins or subtracts: 5件-8件, A-5, (1)-(3).
    return at != context.last_end and not (previous.isascii() and (previous.isalnum() or previous in ")]%-_/\\."))


def quantity(context: Context, start: int) -> Found | None:
    """The quantity that begins at `start` with a digit, a sign or ¥. None if no digit is there."""
    text = context.text
    digits = start
    negative = currency = False
    if text[digits] in "-负":
        if not is_sign(context, digits):
            return None
        digits, negative = digits + 1, True
    elif text[digits] in "¥￥":
        currency, digits = True, digits + 1
        while digits < len(text) and text[digits] == " ":
            digits += 1
    match = _number().match(text, digits)
    if match is None:
        return None
    if not negative and (special := _compound(text, start) or _divided(context, start)):
        return limit(context, special)
    value = decimal(match.group())
    tail = tail_at(text, match.end())
    if not negative and (found := _range(context, start, match, tail)):
        return found
    found = Found(start, tail.end if tail else match.end(), value=value.copy_negate() if negative else value)
    found.ulp = last_digit(value)
    _with_unit(found, tail)
    if currency and (tail is None or tail.unit.dimension is Dimension.NONE):
        unit = units.resolve("元", tail.unit.name if tail else "")
        found.unit, found.scale, found.dimension = unit.name, unit.scale, unit.dimension
    return limit(context, with_half(text, found))


def with_half(text: str, found: Found) -> Found:
    """Add the half of 3年半, and of 一个半月, whose unit is 个月."""
    value, end = found.value, found.end
    if value is None or not text.startswith("半", end):
        return found
    if found.unit == "个" and text.startswith("半月", end):
        unit, end = units.resolve("个月"), end + 2
        found.unit, found.scale, found.dimension = unit.name, unit.scale, unit.dimension
    elif found.dimension is Dimension.TIME and text[end + 1 : end + 2] not in ("年", "天"):
        end += 1
    else:
        return found
    found.value, found.ulp, found.end = value + Decimal("0.5"), Decimal("0.5"), end
    return found


def _range(context: Context, start: int, first: re.Match[str], tail: Tail | None) -> Found | None:
    text = context.text
    separator = _RANGE.match(text, tail.end if tail else first.end())
    if separator is None or (second := _number().match(text, separator.end())) is None:
        return None
    last = tail_at(text, second.end())
    worded = separator[2] in "至到"
    # "由5件到8件" is a change, two numbers.
    if worded and (last is None or context.before(start) in "由从自"):
        return None
    if tail is not None and (last is None or tail.unit.name != last.unit.name or tail.more):
        return None
    end = last.end if last else second.end()
    follows = text[end : end + 1]
    if follows == "=" or (last is None and follows and follows in "-—~/") or context.before(start) in "=+×*":
        return None
    low, high = decimal(first.group()), decimal(second.group())
    # Scoring bands run downwards (90%-80%); any other falling pair is a subtraction or two numbers.
    if low >= high and not (
        low > high and last and last.unit.dimension in (Dimension.PERCENT, Dimension.SCORE) and not worded
    ):
        return None
    found = Found(start, end, low=min(low, high), high=max(low, high))
    found.ulp = max(last_digit(low), last_digit(high))
    _with_unit(found, last)
    found.bound = Bound.RANGE
    return found


def _compound(text: str, start: int) -> Found | None:
    """1亿2000万元, 3万5000元: one amount in two units."""
    match = _COMPOUND.match(text, start)
    if match is None or (match[2] == "亿") != (match[4] == "万"):
        return None
    unit = units.resolve("元", match[4])
    value = Decimal(match[1]) * 10000 + Decimal(match[3])
    return Found(
        start,
        match.end(),
        value=value,
        ulp=Decimal(1),
        unit=unit.name,
        scale=unit.scale,
        dimension=unit.dimension,
    )


def _divided(context: Context, start: int) -> Found | None:
    """58/61 as a proportion, 1:3 as a ratio."""
    text = context.text
    match = _FRACTION.match(text, start)
    if match:
        numerator, denominator = decimal(match[1]), decimal(match[2])
        value = quotient(numerator, denominator)
        # A proportion compares with a rate; its base unit is 1.
        dimension, scale = Dimension.PERCENT, Decimal(1)
    else:
        match = _RATIO.match(text, start)
        if match is None or context.window(start).rstrip(" 第").endswith(
            tuple(load("phrases")["ordinal"]["not_ratio"])
        ):
            return None
        tail = tail_at(text, match.end())
        if tail is not None:
            return None
        numerator, denominator = decimal(match[1]), decimal(match[2])
        value = quotient(numerator, denominator)
        dimension, scale = Dimension.NONE, None
    if value is None:
        return None
    return Found(
        start,
        match.end(),
        value=value,
        numerator=numerator,
        denominator=denominator,
        dimension=dimension,
        scale=scale,
    )
