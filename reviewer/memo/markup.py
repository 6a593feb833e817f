"""Plain text into Markdown: what is escaped, and tables that a terminal shows aligned."""

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["Safe", "escape", "one_line", "plain", "table"]

# Characters that begin something in Markdown wherever they stand. `&` does so only as an entity (&lt;).
_MARKUP = re.compile(r"[\\`*_|#<\[~]|&(?=#?\w+;)")
_ESCAPED = re.compile(r"\\([\\`*_|#<\[~&])")
# A cell wider than this is not padded to, so that one long sentence does not stretch every row.
_WIDEST_COLUMN = 40


class Safe(str):
    """Markdown that is meant as such. Any other text is escaped on its way into the memo."""

    __slots__ = ()


def escape(value: object) -> Safe:
    """One line of text that Markdown shows exactly as it stands; `Safe` passes unchanged."""
    if isinstance(value, Safe):
        return value
    return Safe(_MARKUP.sub(r"\\\g<0>", one_line(str(value))))


def one_line(text: str) -> str:
    """The text with a blank for every line feed, tab and control character.

    They could break the layout, and an escape sequence in a report could steer the reader's terminal.
    """
    return "".join(" " if _unprintable(character) else character for character in text).strip()


def plain(text: Safe) -> str:
    """One line of Markdown without its escapes: what `escape` made of a text, as the text."""
    return _ESCAPED.sub(r"\1", text)


def _unprintable(character: str) -> bool:
    # Cf holds the marks that turn the writing direction and so can make 12 look like 21.
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def table(head: Sequence[object], rows: Sequence[Sequence[object]]) -> Safe:
    """A pipe table, columns padded by display width. ValueError for a row not as long as `head`."""
    lines: list[list[str]] = [[escape(cell) for cell in row] for row in (head, *rows)]
    if any(len(line) != len(head) for line in lines):
        raise ValueError("a row of the table is not as long as its head")
    widths = [max(3, *(min(_width(cell), _WIDEST_COLUMN) for cell in column)) for column in zip(*lines, strict=True)]
    rule = ["-" * width for width in widths]
    return Safe("\n".join(_row(line, widths) for line in (lines[0], rule, *lines[1:])))


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
