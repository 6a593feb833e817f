"""Printed numerals to Decimal: half- and full-width digits, Chinese numerals, and the fold that makes them one."""

import re
from decimal import Decimal, localcontext

# One character for one character, so that offsets in the folded text are offsets in the text.
_FOLD = str.maketrans(
    {
        **{chr(0xFF01 + i): chr(0x21 + i) for i in range(94) if chr(0xFF01 + i) not in "，；！？"},
        **dict.fromkeys("\u3000\u00a0\u2002\u2003\u2009\u202f\u2007", " "),
        **dict.fromkeys("−﹣‐‑", "-"),
        **dict.fromkeys("–‒―─", "—"),
        **dict.fromkeys("～∼〜﹏", "~"),
        **dict.fromkeys("○◯", "〇"),
        **dict.fromkeys("﹪", "%"),
        **dict.fromkeys("≧⩾≥", "≥"),
        **dict.fromkeys("≦⩽≤", "≤"),
        **dict.fromkeys("［﹝", "["),
        **dict.fromkeys("］﹞", "]"),
    }
)

_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}

NUMERALS = "零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟"


def fold(text: str) -> str:
    """`text` with full-width forms, dashes and blanks made uniform; same length, same offsets."""
    if "，" in text:
        # Between full-width digits the full-width comma is their thousands separator.
        text = _WIDE_COMMA.sub(",", text)
    return text.translate(_FOLD)


def decimal(digits: str) -> Decimal:
    """The value of folded digits; blanks and separators inside them are dropped.

    Raises decimal.InvalidOperation for anything that is no number.
    """
    return Decimal(digits.replace(",", "").replace("，", "").replace(" ", ""))


def last_digit(value: Decimal) -> Decimal:
    """One unit of the last printed digit: 0.01 for 620.50, 1 for 1286."""
    exponent = value.as_tuple().exponent
    # An integer of more than 28 digits keeps ulp 1 whatever the context.
    return Decimal(1).scaleb(min(0, exponent)) if isinstance(exponent, int) else Decimal(1)


def quotient(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """numerator / denominator to 28 digits, whatever the caller's context; None over zero."""
    if not denominator:
        return None
    with localcontext() as context:
        context.prec = 28
        return numerator / denominator


def chinese(numeral: str) -> tuple[Decimal, Decimal] | None:
    """(low, high) of a Chinese numeral; equal unless it is an approximation such as 三五 or 十七八.

    A decimal part (九十八点五) and positional digits (二〇二三) are read too. None if it is malformed.
    """
    whole, point, fraction = numeral.partition("点")
    if point:
        integer = _integer(whole)
        if integer is None or not fraction or any(c not in _DIGITS for c in fraction):
            return None
        value = Decimal(f"{integer}.{''.join(str(_DIGITS[c]) for c in fraction)}")
        return value, value
    if (integer := _integer(numeral)) is not None:
        return Decimal(integer), Decimal(integer)
    return _approximate(numeral)


def _approximate(numeral: str) -> tuple[Decimal, Decimal] | None:
    """两三, 三五, 十七八, 三四十, 三四百万: two digits side by side stand for a range."""
    for i in range(len(numeral) - 1):
        first, second = _DIGITS.get(numeral[i]), _DIGITS.get(numeral[i + 1])
        if first and second and (second == first + 1 or (first, second) == (3, 5)):
            low = _integer(numeral[: i + 1] + numeral[i + 2 :])
            high = _integer(numeral[:i] + numeral[i + 1 :])
            if low is not None and high is not None and low < high:
                return Decimal(low), Decimal(high)
    if len(numeral) > 1 and all(c in _DIGITS for c in numeral):
        value = Decimal("".join(str(_DIGITS[c]) for c in numeral))
        return value, value
    return None


def _integer(numeral: str) -> int | None:
    """A numeral built by the rules: units descend inside a section of ten thousand, and 万 and 亿 descend over all."""
    if not numeral:
        return None
    for myriad, factor in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = numeral.rpartition(myriad)
        if found:
            high = _integer(head)
            low = _integer(tail.lstrip("零〇")) if tail.lstrip("零〇") else 0
            if not high or low is None or low >= factor:
                return None
            if len(tail) == 1 and tail in _DIGITS and tail not in "零〇":
                low *= factor // 10  # 三万五 is 35,000.
            return high * factor + low
    return _section(numeral)


def _section(numeral: str) -> int | None:
    total, digit, limit = 0, None, 10000
    for i, c in enumerate(numeral):
        if c in _DIGITS:
            if digit:
                return None
            if digit == 0 and i and numeral[i - 1] in "零〇" and _DIGITS[c] == 0:
                return None
            digit = _DIGITS[c]
        elif c in _TENS:
            factor = _TENS[c]
            if factor >= limit or (digit is None and i and numeral[i - 1] not in "零〇") or (digit == 0 and i == 0):
                return None
            total += (digit or 1) * factor
            digit, limit = None, factor
        else:
            return None
    if digit and limit > 10 and limit < 10000 and len(numeral) > 1 and numeral[-2] in _TENS:
        return total + digit * (limit // 10)  # 一百二 is 120.
    return total + (digit or 0)


def to_chinese(value: int) -> str:
    """The Chinese numeral of 0 ≤ value < 10^12, as it is written before a unit. ValueError outside that range."""
    if not 0 <= value < 10**12:
        raise ValueError(f"no Chinese numeral for {value}")
    if value >= 10**8:
        return _joined(value, 10**8, "亿")
    if value >= 10**4:
        return _joined(value, 10**4, "万")
    digits = "零一二三四五六七八九"
    for factor, name in ((1000, "千"), (100, "百"), (10, "十")):
        if value >= factor:
            head, rest = divmod(value, factor)
            lead = "" if factor == 10 and head == 1 else digits[head]
            if not rest:
                return lead + name
            gap = "零" if rest < factor // 10 else ""
            tail = to_chinese(rest)
            # 一百一十, not 一百十.
            return lead + name + gap + ("一" + tail if 10 <= rest < 20 else tail)
    return digits[value]


def _joined(value: int, factor: int, name: str) -> str:
    head, rest = divmod(value, factor)
    if not rest:
        return to_chinese(head) + name
    tail = to_chinese(rest)
    if tail.startswith("十"):
        tail = "一" + tail
    return to_chinese(head) + name + ("零" if rest < factor // 10 else "") + tail
