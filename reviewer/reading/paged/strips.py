"""The visual lines of a page, numbered as a person counts them, and stretches of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reviewer.reading.builder import Place
from reviewer.reading.layout import Passage
from reviewer.reading.page_lines import PageLine
from reviewer.reading.pieces import trim

_SAME_LINE = 0.45
"""Of the smaller type size."""
_TURNED = 2.5


@dataclass(frozen=True, slots=True)
class Strip:
    """Characters of one visual line, from its character `column` on; trimmed and never empty."""

    page: int
    line: int
    column: int
    text: str
    lefts: tuple[float, ...]
    rights: tuple[float, ...]
    top: float
    bottom: float
    size: float
    bold: tuple[bool, ...]
    confidences: tuple[Decimal, ...]

    @property
    def left(self) -> float:
        """Left edge."""
        return min(self.lefts)

    @property
    def right(self) -> float:
        """Right edge."""
        return max(self.rights)

    @property
    def middle(self) -> float:
        """Half-way between top and bottom."""
        return (self.top + self.bottom) / 2

    @property
    def turned(self) -> bool:
        """Whether it runs along the side of the page: it is far higher than its type."""
        return len(self.text) > 1 and self.bottom - self.top > _TURNED * self.size

    def cut(self, start: int, end: int) -> "Strip | None":
        """The characters [start, end) without blanks at the ends; None when nothing is left."""
        first, last = trim(self.text[start:end])
        if first == last:
            return None
        start, end = start + first, start + last
        return Strip(
            self.page,
            self.line,
            self.column + start,
            self.text[start:end],
            self.lefts[start:end],
            self.rights[start:end],
            self.top,
            self.bottom,
            self.size,
            self.bold[start:end],
            self.confidences[start:end],
        )

    def at(self) -> Place:
        """Where it begins in the file."""
        return self.line, self.column, self.page

    def passage(self) -> Passage:
        """Its characters with their places."""
        return Passage.straight(self.text, self.line, self.column, self.page)


def strips_of(number: int, lines: Sequence[PageLine]) -> list[Strip]:
    """The lines as strips, top to bottom and left to right: what stands at one height is one line of the page."""
    strips: list[Strip] = []
    for index, row in enumerate(rows_of(lines), start=1):
        column = 0
        for line in sorted(row, key=lambda line: (min(line.lefts), line.top, line.text)):
            whole = Strip(
                number,
                index,
                column,
                line.text,
                line.lefts,
                line.rights,
                line.top,
                line.bottom,
                line.size,
                line.bold,
                line.confidences,
            )
            column += len(line.text) + 1
            if (strip := whole.cut(0, len(line.text))) is not None:
                strips.append(strip)
    return strips


def rows_of(lines: Sequence[PageLine]) -> list[list[PageLine]]:
    """The lines in rows of one height."""
    rows: list[list[PageLine]] = []
    for line in sorted(lines, key=lambda line: (line.middle, min(line.lefts), line.text)):
        if rows and line.middle - rows[-1][0].middle <= _SAME_LINE * min(rows[-1][0].size, line.size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows
