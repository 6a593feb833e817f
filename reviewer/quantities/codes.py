"""Telephones, postcodes, identity and account numbers, standards, model names, addresses of the net."""

import re
from functools import cache

from reviewer.lexicon import load
from reviewer.quantities.context import Context, Found
from reviewer.quantities.grammar import tail_at
from reviewer.schema.numbers import QuantityKind

_PHONE = re.compile(
    r"1[3-9][0-9]{9}(?![0-9])|1[3-9][0-9][- ][0-9]{4}[- ][0-9]{4}(?![0-9])"
    r"|0[0-9]{2,3} ?[-—] ?[0-9]{7,8}(?:[-—][0-9]{1,5})?(?![0-9])|[48]00[- ][0-9]{3,4}[- ]?[0-9]{3,4}(?![0-9])"
)
_CUED_PHONE = re.compile(r"[0-9][0-9\- ()/—]{3,24}[0-9]")
_SHORT_PHONE = re.compile(r"(?:12[0-9]{3}|9[56][0-9]{3}|1[012][0-9])(?![0-9.,])")
_QUOTED = re.compile(r"[0-9A-Za-z]+(?:[+\-·./×x][0-9A-Za-z]+)*")
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_CODE = re.compile(
    r"[0-9]{17}[0-9Xx](?![0-9A-Za-z])|[0-9]{4}(?: [0-9]{4}){3}(?: [0-9]{1,4})?(?![0-9])|[0-9]+(?:\.[0-9]+){2,}"
    r"|[0-9]+(?:\+[0-9]+)*\+[NXnx](?![A-Za-z])(?:\+[0-9NXnx]+)*"
)
_NAME = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?)[A-Za-z][0-9A-Za-z]*")
_CUED = re.compile(r"[0-9][0-9A-Za-z\-/]*")
_LONG = re.compile(r"(?:0[0-9]+|[0-9]{11,})(?![0-9.,])")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[0-9A-Za-z_./\-?=&%#:~+]+|[0-9A-Za-z_.\-]+@[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)+"
)
_LATIN = re.compile(
    r"(?!(?:RMB|CNY|USD|HKD) ?[0-9])(?P<rank>(?:No|NO|TOP|Top)\.? ?[0-9]+)"
    r"|(?!(?:RMB|CNY|USD|HKD) ?[0-9])[A-Za-z]{1,12}[-_.—]?[0-9][0-9A-Za-z]*(?:[-_./][0-9A-Za-z]+)*"
)


def _cues(group: str) -> str:
    words: list[str] = load("phrases")[group]["cues"]
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


@cache
def _phone_cue() -> re.Pattern[str]:
    return re.compile(rf"(?:{_cues('phone')})[^0-9，。；、,;]{{0,4}}$")


@cache
def _phone_behind() -> re.Pattern[str]:
    return re.compile(rf"[”\"’」』]?[\u4e00-\u9fff]{{0,8}}(?:{'|'.join(load('phrases')['phone']['behind'])})")


@cache
def _code_cue() -> re.Pattern[str]:
    return re.compile(rf"(?:{_cues('code')})(?:[为是:]| |号){{0,3}}$")


@cache
def _standard() -> re.Pattern[str]:
    names = sorted(load("phrases")["document_number"]["standards"], key=lambda word: (-len(word), word))
    return re.compile(
        rf"(?:{'|'.join(names)})(?:[0-9]{{2,4}})?(?:/[A-Z]+)?[ -]?[0-9]+(?:\.[0-9]+)*(?:[-—:] ?[0-9]{{2,4}})?(?![0-9])"
    )


def phone(context: Context, start: int) -> Found | None:
    """A telephone number by its shape, by the word before it, or by 热线 behind it."""
    text = context.text
    match = _PHONE.match(text, start)
    if match is None and (short := _SHORT_PHONE.match(text, start)) and not tail_at(text, short.end()):
        known = len(short.group()) == 5 or short.group() in load("phrases")["phone"]["short"]
        if known and (_phone_behind().match(text, short.end()) or _phone_cue().search(context.window(start))):
            match = short
    if match is None and (cued := _CUED_PHONE.match(text, start)) and sum(map(str.isdigit, cued.group())) >= 7:
        joined = (
            context.found
            and context.found[-1].kind is QuantityKind.PHONE
            and not text[context.last_end : start].strip("、/,;，；或 ")
        )
        if (joined or _phone_cue().search(context.window(start))) and not tail_at(text, cued.end()):
            match = cued
    return Found(start, match.end(), QuantityKind.PHONE) if match else None


def in_digits(context: Context, start: int) -> Found | None:
    """A code that begins with a digit; None for anything with a unit."""
    text = context.text
    if (match := _ADDRESS.match(text, start)) and any("0" <= c <= "9" for c in match.group()):
        return Found(start, match.end(), QuantityKind.CODE)
    quote = context.quoted(start)
    if quote and quote[0] == start and (match := _QUOTED.fullmatch(text, *quote)) and len(match.group()) > 1:
        # “246” names something; “100分” and “98.5%” measure.
        ends = {match.end(), _digits_end(text, start)}
        if not any(tail_at(text, end) for end in ends) and not _DECIMAL.fullmatch(match.group()):
            return Found(start, match.end(), QuantityKind.CODE)
    if match := _CODE.match(text, start):
        return None if tail_at(text, match.end()) else Found(start, match.end(), QuantityKind.CODE)
    if (match := _NAME.match(text, start)) and not tail_at(text, _digits_end(text, start)):
        return Found(start, match.end(), QuantityKind.CODE)
    match = _LONG.match(text, start)
    if match is None and _code_cue().search(context.window(start)):
        match = _CUED.match(text, start)
    if match and not tail_at(text, match.end()):
        return Found(start, match.end(), QuantityKind.CODE)
    return None


def _digits_end(text: str, start: int) -> int:
    while start < len(text) and (text[start].isdigit() or text[start] == "."):
        start += 1
    return start


def in_letters(context: Context, start: int) -> Found | None:
    """GB/T 19001-2016 (a document number), V2.0 and A4 (codes), TOP10 (a rank), an address."""
    text = context.text
    if start and (text[start - 1] == "\\" or (text[start - 1].isascii() and text[start - 1].isalnum())):
        return None
    if match := _standard().match(text, start):
        return Found(start, match.end(), QuantityKind.DOCUMENT_NUMBER)
    if (match := _ADDRESS.match(text, start)) and any("0" <= c <= "9" for c in match.group()):
        return Found(start, match.end(), QuantityKind.CODE)
    if match := _LATIN.match(text, start):
        return Found(start, match.end(), QuantityKind.ORDINAL if match["rank"] else QuantityKind.CODE)
    return None
