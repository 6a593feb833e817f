"""Finding a quote in a text, whatever the layout: white space, table bars and Markdown marks do not count."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

_IGNORED = re.compile(r"[\s|*#\u200b\ufeff]")
_PAGE_LINE = re.compile(
    r"^[ \t\u3000]*(?:[—–\-－]+[ \t]*\d+[ \t]*[—–\-－]+|第[ \t]*\d+[ \t]*页.*)[ \t]*$", re.MULTILINE
)
_TABLE_RULE = re.compile(r"^[ \t]*(?:\|(?:[ \t]*:?-+:?[ \t]*\|)+|(?:[ \t]*:?-{3,}:?[ \t]*\|?)+)[ \t]*$", re.MULTILINE)


class QuoteError(Exception):
    """A quote that is not in the text, or not as often as asked."""


@dataclass(frozen=True)
class Stretch:
    """[start, end) in the text a `Squeezed` was made from."""

    start: int
    end: int

    def meets(self, other: "Stretch") -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


def any_meet(some: Iterable[Stretch], others: Iterable[Stretch]) -> bool:
    """Whether a stretch of one side shares a character with one of the other."""
    others = tuple(others)
    return any(a.meets(b) for a in some for b in others)


@dataclass(frozen=True)
class Place:
    """Where a quote stands, and the numbers it marks: their words and their stretches."""

    whole: Stretch
    marks: tuple[tuple[str, Stretch], ...]


class Squeezed:
    """A text without what does not count, and the way back to its offsets."""

    def __init__(self, text: str) -> None:
        kept = [(i, c) for i, c in enumerate(text) if not _IGNORED.match(c)]
        self.text = "".join(c for _, c in kept)
        self._offsets = [i for i, _ in kept]

    def find(self, quote: str, nth: int = 1) -> Place:
        """The `nth` place (from 1) of a quote with marks. QuoteError when there is none."""
        squeezed = squeeze(quote)
        plain = squeezed.replace("[", "").replace("]", "")
        if not plain:
            raise QuoteError("an empty quote")
        at = -1
        for found in range(nth):
            at = self.text.find(plain, at + 1)
            if at < 0:
                times = f"{found} times, not {nth}" if found else "not in the report"
                raise QuoteError(f"{times}: {quote}")
        return Place(self._stretch(at, at + len(plain)), tuple(self._marked(squeezed, at)))

    def count(self, quote: str) -> int:
        """How often a quote occurs, overlapping ones included."""
        plain = squeeze(quote).replace("[", "").replace("]", "")
        return len(re.findall(f"(?={re.escape(plain)})", self.text))

    def _marked(self, squeezed: str, at: int) -> list[tuple[str, Stretch]]:
        marks = []
        for seen, match in enumerate(re.finditer(r"\[([^\[\]]+)\]", squeezed)):
            start = at + match.start() - 2 * seen
            marks.append((match.group(1), self._stretch(start, start + len(match.group(1)))))
        return marks

    def _stretch(self, start: int, end: int) -> Stretch:
        return Stretch(self._offsets[start], self._offsets[end - 1] + 1)

    def inside(self, stretch: Stretch) -> tuple[int, int]:
        """[start, end) of a stretch of the original text in the squeezed one."""
        return bisect_left(self._offsets, stretch.start), bisect_left(self._offsets, stretch.end)

    def outside(self, start: int, end: int) -> Stretch | None:
        """[start, end) of the squeezed text in the original one; None where there is no such stretch."""
        return self._stretch(start, end) if 0 <= start < end <= len(self._offsets) else None


def squeeze(text: str) -> str:
    """The text without what does not count."""
    return _IGNORED.sub("", text)


def without_layout(text: str) -> str:
    """A file's text with page-number lines and the rules of Markdown tables blanked, offsets unchanged."""
    for pattern in (_PAGE_LINE, _TABLE_RULE):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text
