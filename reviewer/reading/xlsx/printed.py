"""What a cell prints: its exact decimal value under its number format, digit by digit as Excel shows it.

No kept-up Python library prints Excel's number formats, so the formats that forms use are printed here. Two things
differ from the screen: blanks that only align are left out, and a negative number whose format tells the sign by
brackets or by colour alone gets a minus sign, for text has no colour and brackets mean other things in it.
"""

import operator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction

from reviewer.reading.xlsx import dates
from reviewer.reading.xlsx.codes import Section, Token, parse

_STORED = Context(prec=15, rounding=ROUND_HALF_UP)
"""A workbook counts to 15 digits; what follows is the shadow of binary numbers."""
_PRINTING = Context(prec=400, rounding=ROUND_HALF_UP)
_LONGEST_GENERAL = 11
_LARGEST_EXPONENT = 307
_FILLER = {"0": "0", "?": " ", "#": ""}
_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "<>": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Printed:
    """What a cell shows. `known` is False where its format is not understood and the bare value stands for it."""

    text: str
    known: bool = True


def print_text(text: str, code: str) -> str:
    """A cell of words under its format: `@"局"` adds to it, `;;;` hides it."""
    sections = parse(code)
    if not sections or (len(sections) < 4 and not any(t.text == "@" for t in sections[-1].tokens)):
        return text
    return "".join(
        text if t.text == "@" else t.text for t in sections[-1].tokens if t.text == "@" or t.kind == "literal"
    )


def print_number(stored: Decimal, code: str, *, from_1904: bool = False) -> Printed:
    """A number under its format."""
    if not stored.is_finite() or abs(stored.adjusted()) > _LARGEST_EXPONENT:
        return Printed(str(stored), known=False)
    value = _STORED.plus(stored)
    with localcontext(_PRINTING):
        sections = parse(code)
        text = _in_sections(value, sections, from_1904=from_1904) if sections else None
        return Printed(text) if text is not None else Printed(general(value), known=False)


def general(value: Decimal) -> str:
    """At most 11 characters without the sign, as the format General shows a number in a cell that is wide enough."""
    sign = "-" if value < 0 else ""
    value = abs(value)
    if not value:
        return "0"
    size = value.adjusted()
    if -5 <= size <= 10:
        whole = max(size + 1, 1)
        rounded = _round(value, max(0, _LONGEST_GENERAL - 1 - whole))
        shown = _plain(rounded)
        if len(shown.partition(".")[0]) <= _LONGEST_GENERAL:
            return sign + shown
    mantissa = _round(value.scaleb(-size), 5)
    if mantissa >= 10:
        mantissa, size = mantissa / 10, size + 1
    return f"{sign}{_plain(mantissa)}E{'-' if size < 0 else '+'}{abs(size):02d}"


def _in_sections(value: Decimal, sections: tuple[Section, ...], *, from_1904: bool) -> str | None:
    index = _chosen(value, sections)
    section = sections[index]
    condition = section.condition
    if condition is not None:
        own_sign = condition[0][0] == "<" and condition[1] <= 0
    else:
        own_sign = index == 1 and sections[0].condition is None
    if section.has("date", "elapsed"):
        return dates.print_date(value, section, from_1904=from_1904)
    if section.numerals:
        return None
    text = _number(abs(value), section)
    if text is None or value >= 0:
        return text
    if not own_sign:
        return "-" + text
    signless = not any("-" in t.text for t in section.tokens if t.kind == "literal")
    if signless and "(" in text and ")" in text:
        return "-" + text.replace("(", "").replace(")", "").strip()
    return "-" + text if signless and section.coloured and section.has("digit", "general") else text


def _chosen(value: Decimal, sections: tuple[Section, ...]) -> int:
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        for index, section in enumerate(numeric):
            if section.condition is None or _COMPARE[section.condition[0]](value, section.condition[1]):
                return index
        return len(numeric) - 1
    if len(numeric) == 1 or value > 0:
        return 0
    if value < 0:
        return 1
    return 2 if len(numeric) == 3 else 0


def _number(value: Decimal, section: Section) -> str | None:
    if any(token.text == "@" for token in section.tokens) or section.has("general"):
        shown = general(value)
        return "".join(
            token.text if token.kind == "literal" else shown if token.kind == "general" or token.text == "@" else ""
            for token in section.tokens
        )
    if section.has("half"):
        return None
    tokens = list(section.tokens)
    if not section.has("digit"):
        return "".join(token.text for token in tokens)
    if any(token.kind == "mark" and token.text == "/" for token in tokens):
        return _fraction(value, tokens)
    value = value.scaleb(2 * sum(token.kind == "mark" and token.text == "%" for token in tokens))
    whole, decimals, exponent = _parts(tokens)
    grouped = _commas(whole[: _behind_digits(whole)]) > 0
    scaling = _commas(whole[_behind_digits(whole) :]) + _commas(decimals[_behind_digits(decimals) :])
    places = sum(token.kind == "digit" for token in decimals)
    value = value.scaleb(-3 * scaling)
    power = 0
    if exponent:
        value, power = _scientific(value, sum(token.kind == "digit" for token in whole), places)
    digits, _, after = f"{_round(value, places):f}".partition(".")
    text = _whole(digits.lstrip("0"), whole, grouped=grouped) + _after(after, decimals)
    return text + (_exponent(power, exponent) if exponent else "")


def _behind_digits(tokens: list[Token]) -> int:
    return max((i for i, t in enumerate(tokens) if t.kind == "digit"), default=-1) + 1


def _commas(tokens: list[Token]) -> int:
    return sum(token.kind == "mark" and token.text == "," for token in tokens)


def _parts(tokens: list[Token]) -> tuple[list[Token], list[Token], list[Token]]:
    """Tokens before the point, from it on, and from the exponent on."""
    cut = next((i for i, t in enumerate(tokens) if t.kind == "exponent"), len(tokens))
    point = next((i for i, t in enumerate(tokens[:cut]) if t.kind == "mark" and t.text == "."), cut)
    return tokens[:point], tokens[point:cut], tokens[cut:]


def _whole(digits: str, tokens: list[Token], *, grouped: bool) -> str:
    """The digits before the point, filled in from the right; those beyond the placeholders go to the first."""
    first = next((i for i, t in enumerate(tokens) if t.kind == "digit"), None)
    if first is None:
        return "".join(token.text for token in tokens if token.kind == "literal") + digits
    out: list[str] = []
    left, printed = list(digits), 0
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.kind == "literal" or token.text == "%":
            out.append(token.text)
        if token.kind != "digit":
            continue
        for _ in range(max(1, len(left)) if index == first else 1):
            digit = left.pop() if left else _FILLER[token.text]
            if grouped and printed and printed % 3 == 0 and digit.strip():
                out.append(",")
            out.append(digit)
            printed += bool(digit)
    return "".join(reversed(out))


def _after(digits: str, tokens: list[Token]) -> str:
    """The point and what follows it."""
    out: list[str] = []
    at = 0
    for token in tokens:
        if token.kind == "digit":
            rest = digits[at:]
            if token.text == "0" or rest.strip("0"):
                out.append(digits[at])
            elif token.text == "?":
                out.append(" ")
            at += 1
        elif token.kind == "literal" or token.text in ".%":
            out.append(token.text)
    return "".join(out)


def _scientific(value: Decimal, width: int, places: int) -> tuple[Decimal, int]:
    """Mantissa and exponent: ##0.0E+0 steps by three."""
    if not value:
        return value, 0
    power = value.adjusted()
    width = max(width, 1)
    power = power - power % width if width > 1 else power
    mantissa = value.scaleb(-power)
    if _round(mantissa, places) >= Decimal(10) ** width:
        power += width
        mantissa = value.scaleb(-power)
    return mantissa, power


def _exponent(power: int, tokens: list[Token]) -> str:
    width = sum(token.kind == "digit" for token in tokens)
    sign = "-" if power < 0 else "+" if tokens[0].text.endswith("+") else ""
    behind = "".join(token.text for token in tokens[1:] if token.kind == "literal")
    return f"E{sign}{abs(power):0{max(width, 1)}d}{behind}"


def _fraction(value: Decimal, tokens: list[Token]) -> str | None:
    """# ?/?, # ??/??, ?/2: a whole number where the code has one, and a fraction."""
    slash = next(i for i, t in enumerate(tokens) if t.kind == "mark" and t.text == "/")
    below = "".join(t.text for t in tokens[slash + 1 :]).strip()
    above = [t.kind == "digit" for t in tokens[:slash]]
    mixed = False in above and True in above[above.index(False) :] and True in above[: above.index(False)]
    fixed = int(below) if below.isdigit() and int(below) else None
    if fixed is None and not set(below) <= {"?", "#", "0"}:
        return None
    whole = int(value) if mixed else 0
    rest = Fraction(value) - whole
    if fixed:
        top, bottom = int(rest * fixed + Fraction(1, 2)), fixed
    else:
        near = rest.limit_denominator(10 ** min(len(below), 4) - 1)
        top, bottom = near.numerator, near.denominator
    if mixed and top == bottom:
        whole, top = whole + 1, 0
    if mixed and not top:
        return str(whole)
    return f"{whole} {top}/{bottom}" if whole else f"{top}/{bottom}"


def _round(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
