"""One walk over the text: at every character that can begin a number, the first reading that fits is taken."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache

from reviewer.quantities import chinese, codes, dates, grammar, other
from reviewer.quantities.context import Context, Found
from reviewer.quantities.inherit import inherit
from reviewer.quantities.numerals import NUMERALS
from reviewer.schema.numbers import Quantity
from reviewer.schema.source import Document, Section

Matcher = Callable[[Context, int], Found | None]

# Order is meaning: a list number before a date, a date before a telephone, anything typed before a bare number.
_DIGIT: tuple[Matcher, ...] = (
    other.heading,
    dates.in_digits,
    codes.phone,
    codes.in_digits,
    other.numbered,
    other.constant,
    chinese.proportion,
)
_CHINESE: tuple[Matcher, ...] = (
    chinese.name,
    other.heading,
    dates.in_chinese,
    chinese.proportion,
    chinese.quantity,
)
_BY_CHARACTER: dict[str, tuple[Matcher, ...]] = {
    "第": (other.heading, other.ordinal),
    "附": (other.heading, other.reference),
    "表": (other.heading, other.reference),
    "图": (other.heading, other.reference),
    "前": (other.leading,),
    "〔": (other.heading, other.bracketed),
    "[": (other.bracketed,),
    "【": (other.heading, other.bracketed),
    "(": (other.bracketed, other.heading),
    "-": (grammar.quantity,),
    "负": (grammar.quantity,),
    "¥": (grammar.quantity,),
    "￥": (grammar.quantity,),
    "半": (chinese.quantity,),
}
_LETTER: tuple[Matcher, ...] = (codes.in_letters,)


@cache
def _starts() -> re.Pattern[str]:
    single = re.escape("".join(_BY_CHARACTER))
    # A word in letters is worth a look only if digits follow it closely.
    letter = r"(?<![A-Za-z\\])[A-Za-z](?=[!-~ —]{0,24}[0-9])"
    return re.compile(rf"[0-9{NUMERALS}{single}{other.CIRCLED}]|{letter}")


@cache
def _circled() -> re.Pattern[str]:
    return re.compile(f"[{other.CIRCLED}]")


def _read(context: Context, start: int) -> Found | None:
    character = context.text[start]
    if "0" <= character <= "9":
        for matcher in _DIGIT:
            if found := matcher(context, start):
                return found
        found = grammar.quantity(context, start)
        if found is not None and found.unit is None and found.numerator is None:
            return dates.bare_year(context, start) or found
        return found
    if character in NUMERALS:
        matchers = _CHINESE
    elif _circled().match(character):
        return other.circled(context, start)
    else:
        matchers = _BY_CHARACTER.get(character, _LETTER)
    for matcher in matchers:
        if found := matcher(context, start):
            return found
    return None


def find(document: Document, sections: Sequence[Section]) -> list[Found]:
    """Every number of the document in reading order; no two overlap."""
    context = Context(document, sections)
    text, search = context.text, _starts().search
    position = 0
    while match := search(text, position):
        start = match.start()
        found = _read(context, start)
        if found is None:
            position = start + 1
            continue
        context.found.append(found)
        position = found.end
    inherit(context)
    return context.found


def scan(document: Document, sections: Sequence[Section], first: int = 1) -> tuple[Quantity, ...]:
    """Every number of `document` as a Quantity, in reading order, without overlaps; ids count from q`first`.

    No digit run, circled number or Chinese numeral with a unit is left out: what is not a date, a heading, a telephone
    and so on is a quantity, if need be a bare one without unit. Headings are taken from `sections`.
    """
    quantities = []
    for index, found in enumerate(find(document, sections), first):
        unit_span = None
        confidence = document.confidence(found.start, found.end)
        if found.unit_span:
            unit_span = document.span(*found.unit_span)
            confidence = _least(confidence, document.confidence(*found.unit_span))
        quantities.append(
            Quantity(
                id=f"q{index}",
                text=document.text[found.start : found.end],
                value=found.value,
                low=found.low,
                high=found.high,
                ulp=found.ulp,
                numerator=found.numerator,
                denominator=found.denominator,
                unit=found.unit,
                scale=found.scale,
                dimension=found.dimension,
                bound=found.bound,
                kind=found.kind,
                span=document.span(found.start, found.end),
                unit_span=unit_span,
                confidence=confidence,
            )
        )
    return tuple(quantities)


def _least(*confidences: Decimal | None) -> Decimal | None:
    return min((confidence for confidence in confidences if confidence is not None), default=None)
