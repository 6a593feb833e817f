"""Dates, periods and clock times."""

import re
from functools import cache

from reviewer.quantities.context import Context, Found
from reviewer.schema.numbers import QuantityKind

_YEAR = "(?:19|20)[0-9]{2}"
_TO = " ?(?:[-—~]{1,2}|至|到) ?"
_PART = "(?:份(?!额)|底|末|初|中旬|上旬|下旬)"
_DAY = rf" ?[0-9]{{1,2}} ?[日号](?:{_TO}[0-9]{{1,2}} ?[日号])?"
_YEAR_END = r"(?: ?度(?!假)| ?底| ?末| ?初(?![步次信审访评中级])| ?[上下]半年(?:度)?| ?第?[一二三四1-4] ?季度)?"
_MONTH = rf"[0-9]{{1,2}} ?月(?!度?票)(?:{_DAY}|{_PART})?"
_CN_MONTH = "(?:十[一二]?|[一二三四五六七八九元])月"
_CN_DAY = "[一二三]?十?[一二三四五六七八九]?"


@cache
def _digits() -> re.Pattern[str]:
    no_unit = r"(?![0-9.]| ?[万亿元%‰个件人次分项名份])"
    return re.compile(
        "|".join(
            (
                rf"{_YEAR} ?年?{_TO}{_YEAR} ?(?:学年|年){_YEAR_END}",
                rf"{_YEAR}[-—~/]{{1,2}}{_YEAR}{no_unit}",
                rf"{_YEAR} ?年 ?[0-9]{{1,2}}{_TO}{_MONTH}",
                rf"{_YEAR} ?年 ?{_MONTH}",
                rf"{_YEAR} ?(?:年|学年){_YEAR_END}",
                rf"[0-9]{{2}} ?年 ?(?:度|底|末|{_MONTH})",
                rf"[0-9]{{1,2}}{_TO}{_MONTH}",
                _MONTH,
                rf"{_YEAR} ?(?P<mark>[-/.]) ?[01]?[0-9] ?(?P=mark) ?[0-3]?[0-9](?![0-9])",
                rf"{_YEAR}\.(?:0[1-9]|1[0-2]){_TO}{_YEAR}\.(?:0[1-9]|1[0-2])(?![0-9])",
                rf"{_YEAR}[-/](?:0?[1-9]|1[0-2])(?![0-9/]){no_unit}",
                r"(?P<clock>(?:[01]?[0-9]|2[0-4]) ?: ?[0-5][0-9](?:: ?[0-5][0-9])?(?! ?[:0-9%]))",
                r"[0-9]{1,2} ?[时点] ?[0-9]{1,2} ?分(?![钟])",
                r"[0-9]{1,2} ?时(?![间限期长段候效])",
                r"[0-9]{1,2} ?日(?=前|起|止|至|到|后|之[前后]|上午|下午|晚|[-—~])",
                r"[1-4] ?季度",
            )
        )
    )


@cache
def _chinese() -> re.Pattern[str]:
    day = rf"{_CN_DAY}日"
    return re.compile(
        rf"[一二][零〇一二三四五六七八九]{{3}} ?年(?:{_CN_MONTH}(?:{day}|{_PART})?|{_YEAR_END})"
        rf"|{_CN_MONTH}(?:{day}|{_PART})?|[一二三四] ?季度"
    )


_HOUR = re.compile(r"[0-9]{1,2} ?点(?!\d|[击位评赞个])")
_DAY_ALONE = re.compile(r"[0-9]{1,2} ?日(?! ?[内均常]|以内|之内)")
_BARE_YEAR = re.compile(r"(?:199[0-9]|20[0-3][0-9])(?![0-9])(?!\.[0-9])")
_RATIO_CUE = re.compile(r"(?:比例?为?|之比为?|配比为?)[: ]?$")


def in_digits(context: Context, start: int) -> Found | None:
    """A date or clock time that begins at `start` with a digit."""
    text = context.text
    match = _digits().match(text, start)
    if match and match["clock"] and _RATIO_CUE.search(context.window(start)):
        match = None
    if match is None and re.search("(?:上午|下午|早上|晚上|凌晨|中午|[早晚])[ 至]?$", context.window(start, 4)):
        match = _HOUR.match(text, start)
    if match is None and (context.before(start) in "月至到" or context.window(start, 2).endswith("每月")):
        match = _DAY_ALONE.match(text, start)
    return Found(start, match.end(), QuantityKind.DATE) if match else None


def in_chinese(context: Context, start: int) -> Found | None:
    """二〇二三年, 十二月, 三季度."""
    match = _chinese().match(context.text, start)
    return Found(start, match.end(), QuantityKind.DATE) if match else None


def bare_year(context: Context, start: int) -> Found | None:
    """A year printed without 年, in prose: 2024 部门预算. In a table it may be an amount and stays a quantity."""
    match = _BARE_YEAR.match(context.text, start)
    if match is None or context.after(match.end()) in "=+*×/%":
        return None
    cell = context.document.cell_at(start)
    if cell is not None:
        table = next((t for t in context.document.tables if t.id == cell.span.table), None)
        if table is None or cell.row >= table.header_rows:
            return None
    return Found(start, match.end(), QuantityKind.DATE)
