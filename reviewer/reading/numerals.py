"""A list's count as a word processor prints it.

Names and forms are those of ECMA-376, part 1, 17.18.59 (ST_NumberFormat).
"""

from collections.abc import Callable
from string import ascii_lowercase

from reviewer.lexicon import numbering

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
_ROMAN_ONES = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_IDEOGRAPHS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LARGEST_CHINESE = 9_999


def printed(count: int, form: str) -> str:
    """The count in this form; in plain digits where the form has no sign for it or is not known."""
    if count < 0:
        return str(count)
    return _FORMS.get(form, str)(count)


def _letters(count: int) -> str:
    """a … z, aa … zz, aaa …: the letter repeated, as word processors count."""
    if not 0 < count <= 780:
        return str(count)
    return ascii_lowercase[(count - 1) % 26] * ((count - 1) // 26 + 1)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    printed_so_far = ""
    for value, sign in (*_ROMAN, *_ROMAN_ONES):
        times, count = divmod(count, value)
        printed_so_far += sign * times
    return printed_so_far


def _chinese(count: int) -> str:
    if count < 100:
        return numbering.printed(count)
    if count > _LARGEST_CHINESE:
        return str(count)
    return _places(count, "零一二三四五六七八九", "十百千")


def _legal(count: int) -> str:
    return _places(count, _LEGAL, "拾佰仟") if 0 < count <= _LARGEST_CHINESE else str(count)


def _places(count: int, digits: str, units: str) -> str:
    """A number with a unit behind each digit, and one zero for a gap between digits."""
    out, gap = "", False
    for place in (3, 2, 1, 0):
        digit = count // 10**place % 10
        if digit:
            out += (digits[0] if gap and out else "") + digits[digit] + (units[place - 1] if place else "")
        gap = not digit
    return out


def _digits_as(zero: str) -> Callable[[int], str]:
    return lambda count: "".join(zero[int(digit)] for digit in str(count))


def _signs(*ranges: tuple[int, int, int]) -> Callable[[int], str]:
    """Signs of Unicode that hold a whole number: (first count, last count, code point of the first)."""

    def sign(count: int) -> str:
        return next((chr(at + count - low) for low, high, at in ranges if low <= count <= high), str(count))

    return sign


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda count: signs[count - 1] if 0 < count <= len(signs) else str(count)


def _ordinal(count: int) -> str:
    ending = "th" if count % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


_circled = _signs((0, 0, 0x24EA), (1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1))
_full_width = _digits_as("０１２３４５６７８９")
_ideographic = _digits_as(_IDEOGRAPHS)

_FORMS: dict[str, Callable[[int], str]] = {
    "none": lambda count: "",
    "bullet": lambda count: "",
    "decimalZero": lambda count: f"{count:02d}",
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "ordinal": _ordinal,
    "numberInDash": lambda count: f"- {count} -",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _signs((1, 20, 0x2488)),
    "decimalEnclosedParen": _signs((1, 20, 0x2474)),
    "ideographEnclosedCircle": _signs((1, 10, 0x3280)),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographDigital": _ideographic,
    "taiwaneseDigital": _ideographic,
    "japaneseDigitalTenThousand": _ideographic,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "chineseLegalSimplified": _legal,
}
