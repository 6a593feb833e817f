"""Days since 1900 as a date format prints them."""

from datetime import datetime, timedelta
from decimal import Decimal

from reviewer.reading.xlsx.codes import Section, Token

_FIRST, _FIRST_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_DAY = 2_958_465
"""31 December 9999."""
_NO_LEAP_DAY = 60
"""Excel counts a 29 February 1900 that never was."""
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_CHINESE_DAYS = "一二三四五六日"
_DIGITS = {"1": "〇一二三四五六七八九", "2": "零壹贰叁肆伍陆柒捌玖"}
_TENS = {"1": "十", "2": "拾"}


def print_date(days: Decimal, section: Section, *, from_1904: bool) -> str | None:
    """A date or time; None where the number is no day of the calendar: Excel prints #### or a 0 January."""
    tokens = section.tokens
    dated = any(token.kind == "date" and token.text[0] in "yde" for token in tokens)
    if not (1 if dated and not from_1904 else 0) <= days < _LAST_DAY + 1:
        return None
    fine = max((len(t.text.partition(".")[2]) for t in tokens if t.kind == "date" and t.text[0] == "s"), default=0)
    seconds = (days * 86_400).quantize(Decimal(1).scaleb(-fine))
    first = _FIRST_1904 if from_1904 else _FIRST
    if not from_1904 and days < _NO_LEAP_DAY:
        first += timedelta(days=1)
    at = first + timedelta(seconds=int(seconds))
    halves = section.has("half")
    out: list[str] = []
    for index, token in enumerate(tokens):
        if token.kind == "elapsed":
            total = int(seconds) // {"h": 3600, "m": 60, "s": 1}[token.text[0]]
            out.append(f"{total:0{len(token.text)}d}")
        elif token.kind == "half":
            morning, evening = token.text.split("/")
            out.append(morning if at.hour < 12 else evening)
        elif token.kind == "date":
            out.append(_field(at, seconds, token, _is_minute(tokens, index), halves, section.numerals))
        elif token.kind in ("literal", "mark"):
            out.append(token.text)
    return "".join(out)


def _is_minute(tokens: tuple[Token, ...], index: int) -> bool:
    """m behind hours or before seconds is minutes."""
    times = [i for i, t in enumerate(tokens) if t.kind in ("date", "elapsed")]
    at = times.index(index)
    before = tokens[times[at - 1]].text[0] if at else ""
    behind = tokens[times[at + 1]].text[0] if at + 1 < len(times) else ""
    return before == "h" or behind == "s"


def _field(at: datetime, seconds: Decimal, token: Token, minute: bool, halves: bool, numerals: str) -> str:
    letter, width = token.text[0], len(token.text)
    if letter in "ye":
        year = f"{at.year:04d}"
        shown = year[2:] if letter == "y" and width <= 2 else year
        return "".join(_DIGITS[numerals][int(digit)] for digit in shown) if numerals else shown
    if letter == "a":
        return ("星期" if width == 4 else "") + _CHINESE_DAYS[at.weekday()]
    if letter == "s":
        whole, point, after = token.text.partition(".")
        return f"{at.second:0{min(len(whole), 2)}d}" + (point + f"{seconds % 1:f}"[2:] if after else "")
    if letter == "h":
        return _counted((at.hour - 1) % 12 + 1 if halves else at.hour, width, numerals)
    if letter == "m" and minute:
        return _counted(at.minute, width, numerals)
    names = _MONTHS if letter == "m" else _DAYS
    value = at.month if letter == "m" else at.day
    if width <= 2:
        return _counted(value, width, numerals)
    name = names[at.month - 1 if letter == "m" else at.weekday()]
    return name[:3] if width == 3 else name[:1] if width == 5 else name


def _counted(value: int, width: int, numerals: str) -> str:
    if not numerals:
        return f"{value:0{width}d}"
    digits, ten = _DIGITS[numerals], _TENS[numerals]
    tens, ones = divmod(value, 10)
    head = "" if not tens else ten if tens == 1 and numerals == "1" else digits[tens] + ten
    return head + (digits[ones] if ones or not tens else "")
