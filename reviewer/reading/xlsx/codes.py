"""Number format codes taken apart: sections, and the tokens of each (ECMA-376 part 1, 18.8.31)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

LONGEST = 255
"""Characters of a code; Excel takes no more."""

_CONDITION = re.compile(r"(<=|>=|<>|<|>|=) ?(-?\d{1,15}(?:\.\d{1,15})?)")
_COLOUR = re.compile(
    r"black|blue|cyan|green|magenta|red|white|yellow|color ?\d+|[黑蓝青绿洋红白黄]+色?\d*", re.IGNORECASE
)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|[\\!](?P<escaped>.)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<space>_.)"
    r"|(?P<fill>\*.)"
    r"|(?P<general>General)"
    r"|(?P<half>AM/PM|A/P|上午/下午)"
    r"|(?P<exponent>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|a{3,4}|e+)"
    r"|(?P<digit>[0#?])"
    r"|(?P<mark>[.,%/@])"
    r"|(?P<plain>[^A-Za-z])",
    re.IGNORECASE | re.DOTALL,
)
_SPLIT = re.compile(r'"[^"]*"?|[\\!_*].|\[[^\]]*\]|(;)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: literal, digit, mark, date, elapsed, half, exponent, general."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the up to four parts of a code."""

    tokens: tuple[Token, ...]
    condition: tuple[str, Decimal] | None = None
    coloured: bool = False
    numerals: str = ""
    """1 or 2: digits are printed as 一二三 or 壹贰叁."""

    def has(self, *kinds: str) -> bool:
        """Whether a token of one of these kinds is in it."""
        return any(token.kind in kinds for token in self.tokens)


@lru_cache(maxsize=512)
def parse(code: str) -> tuple[Section, ...] | None:
    """The sections of a code; None for one that cannot be understood."""
    if len(code) > LONGEST:
        return None
    cuts = [match.start() for match in _SPLIT.finditer(code) if match[1]]
    parts = [code[start:end] for start, end in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(code)], strict=True)]
    sections = [_section(part) for part in parts[:4]]
    found = tuple(section for section in sections if section is not None)
    return found if len(found) == len(parts) else None


def _section(part: str) -> Section | None:
    tokens: list[Token] = []
    condition, coloured, numerals = None, False, ""
    at = 0
    while at < len(part):
        match = _TOKEN.match(part, at)
        if match is None:
            return None
        at = match.end()
        inner = match["bracket"]
        if inner is None:
            tokens += _tokens(match)
        elif compared := _CONDITION.fullmatch(inner):
            condition = compared[1], Decimal(compared[2])
        elif _COLOUR.fullmatch(inner):
            coloured = True
        elif inner.lower() in ("dbnum1", "dbnum2"):
            numerals = inner[-1]
        elif inner.startswith("$"):
            tokens.append(Token("literal", inner[1:].split("-")[0]))
        elif re.fullmatch(r"h+|m+|s+", inner, re.IGNORECASE):
            tokens.append(Token("elapsed", inner.lower()))
        else:
            return None
    return Section(tuple(tokens), condition, coloured, numerals)


def _tokens(match: re.Match[str]) -> Iterator[Token]:
    kind = str(match.lastgroup)
    text = match[0]
    if kind in ("quoted", "escaped", "plain"):
        yield Token("literal", match[kind])
    elif kind in ("date", "exponent"):
        yield Token(kind, text.lower())
    elif kind not in ("space", "fill"):
        yield Token(kind, text)
