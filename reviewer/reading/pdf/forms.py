"""Forms that draw forms: a few of them, each drawing the next ten times, are a page of a billion marks.

PDFium expands them when it loads a page, so they are counted before, from what the file says in the open.
"""

import re
import zlib

from reviewer.reading.pdf.streams import LARGEST

MOST_DRAWN = 20_000
"""Forms one form may draw, those inside it included. Pages of reports draw some dozens."""

_OBJECT = re.compile(rb"(?<![0-9])([0-9]{1,9})\s+[0-9]{1,5}\s+obj\b")
_STREAM = re.compile(rb"stream\r?\n")
_REFERENCE = re.compile(rb"/([^\s/<>\[\]()%]+)\s+([0-9]{1,9})\s+[0-9]{1,5}\s+R\b")
_RESOURCES = re.compile(rb"/(?:Resources|XObject)\s+([0-9]{1,9})\s+[0-9]{1,5}\s+R\b")
_DRAWN = re.compile(rb"/([^\s/<>\[\]()%]+)\s+Do\b")
_FORM = re.compile(rb"/Subtype\s*/Form\b")
_DICTIONARY = 1 << 16
_LEVELS = 40


def drawn_too_often(raw: bytes) -> bool:
    """Whether a form of the file draws more forms, all in all, than anything a report shows."""
    if not _FORM.search(raw):
        return False
    heads = {int(match[1]): match.end() for match in _OBJECT.finditer(raw)}
    drawn = {number: found for number, at in heads.items() if (found := _draws(raw, at, heads)) is not None}
    totals: dict[int, int] = {}
    # Each round adds a level of nesting; what grows at every level has reached the limit long before the last.
    for _ in range(_LEVELS):
        before = dict(totals)
        for number, inner in drawn.items():
            times = sum(1 + totals.get(other, 0) for other in inner if other in drawn)
            totals[number] = min(times, MOST_DRAWN + 1)
        if max(totals.values()) > MOST_DRAWN:
            return True
        if totals == before:
            return False
    return False


def _draws(raw: bytes, at: int, heads: dict[int, int]) -> list[int] | None:
    """The objects a form draws, as often as it does; None for what is no form."""
    head = _dictionary(raw, at)
    if not _FORM.search(head):
        return None
    start = _STREAM.search(raw, at, at + _DICTIONARY)
    if start is None:
        return None
    places = [head]
    for _ in range(2):  # /Resources 5 0 R, and in it /XObject 6 0 R
        inner = (heads[int(m[1])] for place in places for m in _RESOURCES.finditer(place) if int(m[1]) in heads)
        places += [_dictionary(raw, where) for where in dict.fromkeys(inner)]
    named = {match[1]: int(match[2]) for place in places for match in _REFERENCE.finditer(place)}
    return [named[match[1]] for match in _DRAWN.finditer(_content(raw, start.end())) if match[1] in named]


def _dictionary(raw: bytes, at: int) -> bytes:
    """What an object says of itself."""
    ends = [end for word in (b"endobj", b"stream") if (end := raw.find(word, at, at + _DICTIONARY)) >= 0]
    return raw[at : min(ends, default=at)]


def _content(raw: bytes, start: int) -> bytes:
    end = raw.find(b"endstream", start)
    packed = raw[start : end if end >= 0 else len(raw)]
    try:
        return zlib.decompressobj().decompress(packed, LARGEST)
    except zlib.error:
        return packed[:LARGEST]
