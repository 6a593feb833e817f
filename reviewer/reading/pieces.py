"""The file's lines, as counted in an editor, and their non-blank pieces between form feeds."""

import re
import unicodedata
from dataclasses import dataclass

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_ZERO_WIDTH = frozenset("\ufeff\u200b\u200c\u200d\u2060")


@dataclass(frozen=True, slots=True)
class Piece:
    """A non-blank stretch of one file line; a form feed splits a line into several.

    `text` is trimmed and begins at `column`; `raw` is untrimmed and begins at `raw_column`. `gap` counts the blank
    lines above; `sheet` counts the form feeds before.
    """

    line: int
    column: int
    text: str
    raw: str
    raw_column: int
    gap: int
    sheet: int
    page: int | None = None

    def at(self, index: int = 0) -> tuple[int, int, int | None]:
        """Line, column and page of a character of `text`."""
        return self.line, self.column + index, self.page


def split_lines(text: str) -> list[str]:
    """The lines of a decoded file, without their ends: LF, CR, CRLF, NEL and the Unicode separators end one."""
    return _LINE_END.split(text)


def is_blank(char: str) -> bool:
    """White space, or a character of no width that extraction leaves at line ends."""
    return char.isspace() or char in _ZERO_WIDTH


def trim(text: str) -> tuple[int, int]:
    """Start and end of `text` without blanks at its ends; equal when it is all blank."""
    start, end = 0, len(text)
    while start < end and is_blank(text[start]):
        start += 1
    while end > start and is_blank(text[end - 1]):
        end -= 1
    return start, end


def width(text: str) -> int:
    """Columns on the page: a full-width character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text if char not in _ZERO_WIDTH)


def split_pieces(text: str) -> list[Piece]:
    """Every non-blank piece of the file, in order."""
    pieces: list[Piece] = []
    gap = sheet = 0
    for number, line in enumerate(split_lines(text), start=1):
        column, found = 0, False
        for part, raw in enumerate(line.split("\f")):
            if part:
                sheet, column = sheet + 1, column + 1
            start, end = trim(raw)
            if start < end:
                pieces.append(Piece(number, column + start, raw[start:end], raw, column, gap, sheet))
                gap, found = 0, True
            column += len(raw)
        if not found:
            gap += 1
    return pieces
