"""Numbers that measure, printed in Chinese numerals, and the phrases that only look like them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from reviewer.lexicon import load
from reviewer.quantities import units
from reviewer.quantities.bounds import limit
from reviewer.quantities.context import Context, Found
from reviewer.quantities.grammar import with_half
from reviewer.quantities.numerals import NUMERALS, chinese, decimal, last_digit, quotient
from reviewer.schema.numbers import Bound, Dimension, QuantityKind

# Bounded, so that a page of numerals without a unit is not read anew from every one of them.
_RUN = re.compile(rf"[{NUMERALS}]{{1,24}}(?:点[零〇一二三四五六七八九]+)?")
_RANGE = re.compile(rf" ?(?:至|到|[-—~]{{1,2}}) ?(?=[{NUMERALS}])")
_PART = re.compile(
    rf"([{NUMERALS}]{{1,24}})分之([{NUMERALS}]{{1,24}}(?:点[零〇一二三四五六七八九]+)?|[0-9]+(?:\.[0-9]+)?)"
)
_PERCENT = {"百": ("%", Decimal("0.01")), "千": ("‰", Decimal("0.001")), "万": ("‱", Decimal("0.0001"))}
_HALF = re.compile(r"半 ?(个月|个小时|小时|年度|年|天|日|分(?![钟析别])|个(?!百)|月|场|份)")
_EACH = re.compile(rf"一([^\W\d{NUMERALS}年月周天日])一\w")
_NO_LEAD = "百佰千仟万亿"


_LEAD = re.compile(r"(?: ?([余多来几]))? ?")


@dataclass(frozen=True, slots=True)
class _Tail:
    end: int
    spelling: str
    multiplier: str
    per: str
    more: str


def _tail(text: str, end: int, numeral: str) -> _Tail | None:
    lead = _LEAD.match(text, end)
    assert lead is not None  # the pattern matches the empty string too
    factor = ""
    unit = units.match(text, lead.end())
    if unit is None and lead[1] and (factor := units.multiplier(text, lead.end())):
        unit = units.match(text, lead.end() + len(factor))
    if unit is None or not units.follows_chinese(unit["unit"], numeral):
        return None
    return _Tail(unit.end(), unit["unit"], factor, unit["per"] or "", lead[1] or "")


@cache
def _names() -> re.Pattern[str]:
    return re.compile("|".join(load("phrases")["names"]))


@cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(load("phrases")["words"]))


@cache
def _determiners() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(load("phrases")["determiners"]) + ")$")


@cache
def _scored() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(load("phrases")["scored"]) + ")[:]? ?$")


@cache
def _tenths() -> re.Pattern[str]:
    return re.compile(
        r"([一二三四五六七八九0-9])成(?:([一二三四五六七八九])(?!成))?(?!" + load("phrases")["tenths_not_before"] + ")"
    )


def name(context: Context, start: int) -> Found | None:
    """A set phrase with a numeral that begins at `start`: 三公经费, 二十大."""
    match = _names().match(context.text, start)
    return Found(start, match.end(), QuantityKind.PHRASE) if match else None


def proportion(context: Context, start: int) -> Found | None:
    """百分之九十八点五, 千分之三, 三分之二, 九成五."""
    text = context.text
    if match := _PART.match(text, start):
        part = _value(match[2])
        if part is None:
            return None
        if match[1] in _PERCENT:
            unit, scale = _PERCENT[match[1]]
            found = Found(start, match.end(), value=part, ulp=last_digit(part), unit=unit, scale=scale)
        else:
            whole = _value(match[1])
            value = quotient(part, whole) if whole else None
            if value is None:
                return None
            found = Found(start, match.end(), value=value, numerator=part, denominator=whole, scale=Decimal(1))
        found.dimension = Dimension.PERCENT
        return limit(context, found)
    if (match := _tenths().match(text, start)) and context.before(start) not in "一二三四五六七八九十":
        first = _value(match[1])
        second = _value(match[2]) if match[2] else Decimal(0)
        if first is None or second is None:
            return None
        found = Found(start, match.end(), value=first * 10 + second, unit="%", scale=Decimal("0.01"))
        found.ulp = Decimal(1) if match[2] else Decimal(10)
        found.dimension = Dimension.PERCENT
        return limit(context, found)
    return None


def _value(numeral: str) -> Decimal | None:
    if numeral[0].isascii():
        return decimal(numeral)
    pair = chinese(numeral)
    return pair[1] if pair else None


def quantity(context: Context, start: int) -> Found | None:
    """A Chinese numeral with its unit, or the phrase it is part of. None where no unit follows."""
    text = context.text
    if text[start] == "半":
        return _half(context, start)
    run = _RUN.match(text, start)
    if run is None:
        return None
    numeral, end, low = run.group(), run.end(), None
    # The 万 of "单位：万元" counts nothing.
    if numeral in _NO_LEAD and context.window(start, 1) not in tuple("数几好近约逾超"):
        return None
    if (joint := _RANGE.match(text, end)) and (second := _RUN.match(text, joint.end())):
        first, last = chinese(numeral), chinese(second.group())
        # "由三个到五个" has its unit twice and never comes here.
        if first and last and first[0] < last[1] and _tail(text, second.end(), second.group()):
            low, numeral, end = first[0], second.group(), second.end()
    tail = _tail(text, end, numeral)
    if tail is None:
        return None
    if low is None and (phrase := _phrase(context, start, numeral, tail)):
        return phrase
    if low is None and (cut := numeral.find("两", 1)) > 0 and numeral[cut - 1] in "一二三四五六七八九":
        # 三、五两个方面: the count begins at 两.
        start, numeral = start + cut, numeral[cut:]
    if low is None and numeral.startswith("一一"):
        # 唯一一家, 统一一次: the first 一 belongs to the word before.
        start, numeral = start + 1, numeral[1:]
    pair = chinese(numeral)
    if pair is None:
        return Found(start, tail.end, QuantityKind.PHRASE)
    return _measured(context, start, numeral, tail, (pair[0] if low is None else low, pair[1]))


def _measured(context: Context, start: int, numeral: str, tail: _Tail, ends: tuple[Decimal, Decimal]) -> Found:
    low, high = ends
    multiplier = tail.multiplier
    # 五千万元 is read as 5000万元 would be: the last 万 or 亿 belongs to the unit.
    if not multiplier and numeral[-1] in "万亿" and numeral[0] not in "万亿":
        multiplier = numeral[-1]
        factor = units.multipliers()[multiplier]
        low, high = (low / factor if low >= factor else low), high / factor
    unit = units.resolve(tail.spelling, multiplier, tail.per)
    found = Found(start, tail.end, ulp=last_digit(high), unit=unit.name, scale=unit.scale, dimension=unit.dimension)
    if low != high:
        found.low, found.high, found.bound = low, high, Bound.RANGE
        return found
    found.value = high
    if tail.more:
        found.bound = Bound.ABOUT if tail.more == "来" else Bound.MORE_THAN
    return limit(context, with_half(context.text, found))


def _half(context: Context, start: int) -> Found | None:
    text = context.text
    match = _HALF.match(text, start)
    if match is None:
        return None
    previous = text[start - 1] if start > context.last_end else ""
    if match[1] in ("年", "年度") and previous and previous in "上下前后":
        return Found(start - 1, match.end(), QuantityKind.DATE)
    if match[1] == "年度":
        return Found(start, match.end(), QuantityKind.DATE)
    if (previous and previous in "大多小一过") or context.titled(start):
        return Found(start, match.end(), QuantityKind.PHRASE)
    spelling = {"月": "个月", "日": "天"}.get(match[1], match[1])
    unit = units.resolve(spelling)
    found = Found(start, match.end(), value=Decimal("0.5"), ulp=Decimal("0.5"))
    found.unit, found.scale, found.dimension = unit.name, unit.scale, unit.dimension
    return limit(context, found)


def _phrase(context: Context, start: int, numeral: str, tail: _Tail) -> Found | None:
    """The numeral and its unit as part of a phrase, if that is what they are."""
    text, end = context.text, tail.end
    previous = text[start - 1] if start else "\n"
    vague = previous in "数几好" and numeral[0] in "十百千万亿"
    if vague:
        return Found(max(start - 1, context.last_end), end, QuantityKind.PHRASE)
    if numeral[0] in _NO_LEAD and not (previous in "近约逾超" and numeral[0] in "百千"):
        return Found(start, end, QuantityKind.PHRASE) if len(numeral) > 1 else None
    if numeral == "零" and tail.spelling not in ("次", "元", "人"):
        return Found(start, end, QuantityKind.PHRASE)
    if numeral == "十" and tail.spelling == "分" and not _scored().search(context.window(start)):
        return Found(start, end, QuantityKind.PHRASE)
    if match := _words().match(text, start):
        return Found(start, max(match.end(), start + len(numeral)), QuantityKind.PHRASE)
    if (numeral == "一" or tail.spelling == "类") and _determiners().search(context.window(start, 4)):
        return Found(start, end, QuantityKind.PHRASE)
    if match := _EACH.match(text, start):
        return Found(start, match.end(), QuantityKind.PHRASE)
    unit = units.resolve(tail.spelling)
    if unit.dimension not in (Dimension.MONEY, Dimension.PERCENT, Dimension.POINT):
        if context.titled(start):
            return Found(start, end, QuantityKind.PHRASE)
        quote = context.quoted(start)
        if quote and quote[1] - quote[0] <= 12 and end <= quote[1]:
            whole = quote[0] >= context.last_end and not any(c.isdigit() and c.isascii() for c in text[slice(*quote)])
            return Found(*(quote if whole else (start, end)), QuantityKind.PHRASE)
    return None
