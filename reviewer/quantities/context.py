"""What the matchers share: the folded text, what stands around an offset, and the numbers found so far."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from reviewer.quantities.numerals import fold
from reviewer.schema.numbers import Bound, Dimension, QuantityKind
from reviewer.schema.source import Document, Section

_QUOTED = re.compile(r"[“‘「『\"]([^“”‘’「」『』\"\n\t]{1,40})[”’」』\"]")
_TITLE = re.compile(r"[《〈]([^《》〈〉\n\t]{1,80})[》〉]")


@dataclass(slots=True)
class Found:
    """A number of the text before it becomes a Quantity; fields as there."""

    start: int
    end: int
    kind: QuantityKind = QuantityKind.QUANTITY
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    ulp: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    unit: str | None = None
    scale: Decimal | None = None
    dimension: Dimension = Dimension.NONE
    bound: Bound = Bound.EXACT
    unit_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Marker:
    """The last list number seen: an inline one counts only as its successor."""

    style: str
    number: int
    at: int


class Context:
    """One document under the scanner. `text` is folded: same offsets as `Document.text`."""

    def __init__(self, document: Document, sections: Sequence[Section]) -> None:
        self.document = document
        self.text = fold(document.text)
        self.found: list[Found] = []
        self.marker: Marker | None = None
        self.numbered: dict[int, int] = {}
        for section in sections:
            if section.number:
                start = section.span.start
                while start < section.span.end and self.text[start].isspace():
                    start += 1
                if self.text.startswith(fold(section.number), start):
                    self.numbered[start] = start + len(section.number)

    def before(self, offset: int) -> str:
        """The character in front of `offset`, blanks skipped; a line feed at the start of the text."""
        while offset > 0:
            offset -= 1
            if self.text[offset] != " ":
                return self.text[offset]
        return "\n"

    def after(self, offset: int) -> str:
        """The character at `offset` or behind it, blanks skipped; a line feed at the end of the text."""
        while offset < len(self.text):
            if self.text[offset] != " ":
                return self.text[offset]
            offset += 1
        return "\n"

    def window(self, offset: int, width: int = 12) -> str:
        """Up to `width` characters in front of `offset`, of the same line and cell."""
        window = self.text[max(0, offset - width) : offset]
        return window[max(window.rfind("\n"), window.rfind("\t")) + 1 :]

    @property
    def last_end(self) -> int:
        """Where the last number found ends."""
        return self.found[-1].end if self.found else 0

    def quoted(self, offset: int) -> tuple[int, int] | None:
        """The inside of the quotation marks around `offset`, if they hold no more than forty characters."""
        return _inside(self._quotes, offset)

    def titled(self, offset: int) -> bool:
        """Whether `offset` stands between 《 and 》."""
        return _inside(self._titles, offset) is not None

    @cached_property
    def _quotes(self) -> list[tuple[int, int]]:
        return [match.span(1) for match in _QUOTED.finditer(self.text)]

    @cached_property
    def _titles(self) -> list[tuple[int, int]]:
        return [match.span(1) for match in _TITLE.finditer(self.text)]


def _inside(spans: list[tuple[int, int]], offset: int) -> tuple[int, int] | None:
    index = bisect_right(spans, (offset, 1 << 60)) - 1
    if index >= 0 and spans[index][0] <= offset < spans[index][1]:
        return spans[index]
    return None
