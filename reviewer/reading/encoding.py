"""Bytes to text: the encoding is found out, not assumed.

Reports come as UTF-8, as GB18030 or its older subsets, or as UTF-16. Each candidate is decoded strictly; what
decodes is then weighed as Chinese prose, because GB18030 and UTF-16 give *some* text for almost any bytes.
"""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache

from reviewer.errors import UndecodableText
from reviewer.lexicon import load

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CANDIDATES = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")

# A Chinese report is nearly all first-level GB 2312 characters; names and places add a few others.
_COMMON_SHARE = 0.8
# Prose holds about half of its characters from the frequent list; a table of names still holds a tenth.
_FREQUENT_SHARE = 0.1
_FREQUENT_FROM = 40
# Symbol fonts leave private-use bullets behind in text taken from PDF.
_STRAY_SHARE = 0.02
_ALLOWED_CONTROLS = frozenset("\t\n\r\f\v\x1a\x1c\x1d\x1e\x1f\x85")

HINT = "save the report as UTF-8 text and try again"


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` without its byte order mark; `encoding` is Python's name of the codec."""

    text: str
    encoding: str


def decode(raw: bytes, path: str) -> Decoded:
    """The text of `raw`. UndecodableText, naming `path`, when no encoding gives plausible text."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            text = _strict(raw, encoding)
            if text is not None and _clean(text):
                return Decoded(text.removeprefix("\ufeff"), encoding)
    best: tuple[float, Decoded] | None = None
    for encoding in _CANDIDATES:
        text = _strict(raw, encoding)
        if text is None:
            continue
        score = plausibility(text, certain=encoding == "utf-8")
        if score > 0 and (best is None or score > best[0]):
            best = score, Decoded(text, encoding)
    if best is None:
        raise UndecodableText(f"{path}: not text in UTF-8, GB18030 or UTF-16", hint=HINT)
    return best[1]


def plausibility(text: str, *, certain: bool = False) -> float:
    """How much `text` looks like a Chinese report, 0 (not at all) to 1.

    `certain` says that the decoding proves itself (UTF-8 does not decode other encodings by chance), so that
    any script is accepted and only broken characters count against it.
    """
    counts = Counter(char for char in text if not char.isspace())
    total = counts.total()
    if total == 0:
        return 1.0
    if not _clean(text):
        return 0.0
    level_one, frequent = _common(), _frequent()
    han = sum(n for char, n in counts.items() if _is_han(char))
    common = sum(n for char, n in counts.items() if char in level_one)
    plain = sum(n for char, n in counts.items() if char.isascii() or _is_punctuation(char))
    if not certain:
        often = sum(n for char, n in counts.items() if char in frequent)
        others = total - han - plain
        if common < _COMMON_SHARE * han or others > 0.2 * total:
            return 0.0
        if han >= _FREQUENT_FROM and often < _FREQUENT_SHARE * han:
            return 0.0
        if han == 0 and plain < total:
            return 0.0
    return max((common + plain) / total, 0.01)


def _strict(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _clean(text: str) -> bool:
    """No control characters, and next to nothing that is private, unassigned or a replacement."""
    stray = 0
    for char, n in Counter(text).items():
        category = unicodedata.category(char)
        if category == "Cc" and char not in _ALLOWED_CONTROLS:
            return False
        if category in {"Co", "Cn", "Cs"} or char == "\ufffd":
            stray += n
    return stray <= _STRAY_SHARE * len(text)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\U00020000"


def _is_punctuation(char: str) -> bool:
    return "\u3000" <= char <= "\u303f" or "\uff01" <= char <= "\uffee" or "\u2010" <= char <= "\u203f"


@cache
def _common() -> frozenset[str]:
    """The 3,755 first-level characters of GB 2312: rows 16 to 55."""
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset("".join(pair.decode("gb2312", errors="ignore") for pair in pairs))


@cache
def _frequent() -> frozenset[str]:
    return frozenset(load("documents")["encoding"]["frequent"])
