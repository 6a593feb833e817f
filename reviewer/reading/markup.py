"""Markdown marks, also where extraction from PDF left them in plain text."""

import re
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,6})[ \t\u3000\u00a0]+(\S.*?)(?:[ \t]+(#+))?")
_BULLET = re.compile(r"[-*+][ \t\u3000]+(?![-+－]?[ \t]*[0-9０-９%])(?=\S)")
_GLYPH_BULLET = re.compile(r"[•●○■□▪◆◇►➢✓·\uf06c\uf0b7\uf0d8\uf0fc]")
_RULE = re.compile(r"(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|={3,}")
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_STARS = re.compile(r"(?<!\*)\*\*(?!\*)(?=\S)(.+?)(?<=\S)(?<!\*)\*\*(?!\*)", re.DOTALL)
_UNDERSCORES = re.compile(r"(?<![\w_])__(?!_)(?=\S)(.{2,}?)(?<=\S)(?<!_)__(?![\w_])", re.DOTALL)
_NO_WORD = re.compile(r"[\W_]*")
_CLOSERS = frozenset("。，、；：！？”’）》』】〕」,.;:!?)")


@dataclass(frozen=True, slots=True)
class Prefix:
    """How a line opens: content runs from `start` to `end`, everything outside are marks."""

    start: int
    end: int
    heading: int | None = None
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """Indexes of characters that are markup, and where the bold words at the start end (0: there are none)."""

    dropped: frozenset[int]
    bold: int


def prefix(text: str) -> Prefix:
    """Heading and bullet marks of a line."""
    if match := _HEADING.fullmatch(text):
        return Prefix(match.start(2), match.end(2), heading=len(match[1]))
    if match := _BULLET.match(text):
        return Prefix(match.end(), len(text), bullet=True)
    return Prefix(0, len(text), bullet=_GLYPH_BULLET.match(text) is not None)


def rule(text: str) -> str | None:
    """The character a horizontal rule (or the underline of a heading) is made of."""
    return text[0] if _RULE.fullmatch(text) else None


def marks(text: str, *, escapes: bool) -> Marks:
    """Bold marks of a paragraph, and with `escapes` the backslashes before punctuation."""
    dropped: set[int] = set()
    masked = text
    if escapes:
        for match in _ESCAPE.finditer(text):
            at = match.start()
            if at and at - 1 in dropped:
                continue
            dropped.add(at)
            masked = masked[:at] + "\x01\x01" + masked[at + 2 :]
    bold = 0
    for pattern in (_STARS, _UNDERSCORES):
        at = 0
        while (bold_words := pattern.search(masked, at)) is not None:
            if not _is_bold(masked, bold_words):
                at = bold_words.start() + 2
                continue
            start, end = bold_words.span()
            dropped |= {start, start + 1, end - 2, end - 1}
            if not masked[:start].strip():
                bold = end - 2
            at = end
    return Marks(frozenset(dropped), bold)


def _is_bold(text: str, match: re.Match[str]) -> bool:
    """Not a masked name (张**、王**) and not a power (5**2)."""
    inner = match[1]
    if _NO_WORD.fullmatch(inner):
        return False
    before = text[match.start() - 1] if match.start() else " "
    if before.isalnum() and inner[0] in _CLOSERS:
        return False
    return not (before.isascii() and before.isdigit() and inner[0].isdigit())
