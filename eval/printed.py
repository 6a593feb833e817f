"""Printed numbers as labels mark them, read by code of their own: the harness shares none with the tool it judges."""

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = "零〇一二三四五六七八九两十百千"
_NUMBER = re.compile(r"([+\-−－—负]?)(\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)")
_SCALES = {"亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4}
_RATES = {"%": Fraction(1, 100), "‰": Fraction(1, 1000), "百分点": Fraction(1, 100)}
_ALIASES = {"个百分点": "百分点", "％": "%", "圆": "元", "天": "日", "个月": "月", "小时": "个小时"}
_SAME_MEASURE = {
    "公顷": (Fraction(15), "亩"),
    "公里": (Fraction(1000), "米"),
    "千米": (Fraction(1000), "米"),
    "公斤": (Fraction(1), "千克"),
    "吨": (Fraction(1000), "千克"),
}
_MEASURES = ("米", "里", "亩", "公顷", "吨", "克", "升", "小时", "日", "年", "月", "度", "工作日")


class UnreadableNumber(ValueError):
    """A marked stretch that is no number to this reader; the label then gives `value` and `unit`."""


@dataclass(frozen=True)
class Printed:
    """A number as printed: `value` and `ulp` in the printed unit, `scale` to the base unit, `unit` the base unit."""

    value: Fraction
    ulp: Fraction
    scale: Fraction
    unit: str

    per: Fraction = Fraction(1)
    """The part of `scale` that converts one measure to another: a price per 公里 is not one per 米."""

    @property
    def base(self) -> Fraction:
        """The value in the base unit: 元, 人, 1 for percentages."""
        return self.value * self.scale

    @property
    def exact(self) -> bool:
        """Whether the printed digits are the whole truth: scores, counts, money to the cent, zero."""
        if self.unit == "分" or self.value == 0:
            return True
        if self.unit == "元":
            return self.ulp * self.scale <= Fraction(1, 100)
        return self.unit not in _RATES and self.ulp == 1 == self.scale and not self.unit.endswith(_MEASURES)

    @property
    def low(self) -> Fraction:
        """Lower end of what rounds to the printed digits, in the base unit."""
        return self.base - (0 if self.exact else self.ulp * self.scale / 2)

    @property
    def high(self) -> Fraction:
        """Upper end, in the base unit."""
        return self.base + (0 if self.exact else self.ulp * self.scale / 2)


def split_unit(printed: str) -> tuple[Fraction, str]:
    """(scale, base unit) of a printed unit: 万元 is (10000, 元), % is (1/100, %), 公里 is (1000, 米)."""
    scale, unit, per = _unit(printed)
    return scale * per, unit


def _unit(printed: str) -> tuple[Fraction, str, Fraction]:
    unit = unicodedata.normalize("NFKC", printed).strip()
    scale = Fraction(1)
    for word, size in _SCALES.items():
        if unit.startswith(word):
            unit, scale = unit[len(word) :], Fraction(size)
            break
    if unit == "千元":
        unit, scale = "元", Fraction(1000)
    unit = _ALIASES.get(unit, unit)
    per, unit = _SAME_MEASURE.get(unit, (Fraction(1), unit))
    return scale * _RATES.get(unit, Fraction(1)), unit, per


def _printed(value: Fraction, ulp: Fraction, unit: str) -> Printed:
    scale, base, per = _unit(unit)
    return Printed(value, ulp, scale * per, base, per)


def chinese(text: str) -> Fraction:
    """A number in Chinese characters up to 9,999, with 点 for decimals. UnreadableNumber for anything else."""
    whole, _, decimals = text.partition("点")
    if not whole or any(c not in _CHINESE for c in whole) or any(c not in _DIGITS for c in decimals):
        raise UnreadableNumber(text)
    if all(c in _DIGITS for c in whole):
        total = int("".join(str(_DIGITS[c]) for c in whole))
    else:
        total, digit = 0, None
        for c in whole:
            if c in _STEPS:
                total += (1 if digit is None else digit) * _STEPS[c]
                digit = None
            else:
                digit = _DIGITS[c]
        total += digit or 0
    tail = "".join(str(_DIGITS[c]) for c in decimals)
    return Fraction(f"{total}.{tail}") if tail else Fraction(total)


def read(marked: str, unit: str | None = None, value: str | None = None) -> Printed:
    """The number a label marks; `unit` and `value` are the label's own, where the print has none or is not plain."""
    text = unicodedata.normalize("NFKC", marked)
    if value is not None:
        return _printed(Fraction(value), _ulp(value), unit or "")
    if match := re.fullmatch(rf"百分之([{_CHINESE}点]+)", text):
        return _printed(chinese(match.group(1)), _ulp_of_tail(match.group(1)), "%")
    if match := re.fullmatch(rf"([{_CHINESE}]+)分之([{_CHINESE}]+)", text):
        return _printed(chinese(match.group(2)) / chinese(match.group(1)), Fraction(0), "")
    if match := re.fullmatch(r"(\d+)/(\d+)(.*)", text):
        return _printed(Fraction(int(match.group(1)), int(match.group(2))), Fraction(0), match.group(3) or unit or "")
    if match := re.fullmatch(rf"{_NUMBER.pattern}[-—–~～至]\d[\d,.]*(\D*)", text):  # a range counts by its lower end
        digits = re.sub("[,，]", "", match.group(2))
        return _printed(Fraction(digits), _ulp(digits), match.group(3) or unit or "")
    if match := _NUMBER.match(text):
        digits = re.sub("[,，]", "", match.group(2))
        sign = -1 if match.group(1) else 1
        return _printed(sign * Fraction(digits), _ulp(digits), _printed_unit(text[match.end() :]) or unit or "")
    if match := re.match(rf"[{_CHINESE}]+(?:点[{_CHINESE}]+)?", text):
        ulp = _ulp_of_tail(match.group())
        return _printed(chinese(match.group()), ulp, _printed_unit(text[match.end() :]) or unit or "")
    raise UnreadableNumber(marked)


def _printed_unit(tail: str) -> str:
    return re.sub(r"^[余多来]", "", tail)


def _ulp(digits: str) -> Fraction:
    return Fraction(1, 10 ** len(digits.partition(".")[2]))


def _ulp_of_tail(chinese_digits: str) -> Fraction:
    return Fraction(1, 10 ** len(chinese_digits.partition("点")[2]))
