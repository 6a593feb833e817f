"""Tables a text file can hold: pipe tables, and runs of lines with tabs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reviewer.lexicon.numbering import marker_at
from reviewer.reading import words
from reviewer.reading.pieces import Piece, trim

_RULE_LINE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_PIPE = re.compile(r"(?<!\\)\|")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as trimmed stretches of the piece's raw line; `pipes` are marks to omit."""

    piece: Piece
    cells: tuple[tuple[int, int], ...]
    pipes: tuple[int, ...] = ()

    def texts(self) -> list[str]:
        """The cells' words."""
        return [self.piece.raw[start:end] for start, end in self.cells]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table that takes the pieces [start, end); `rules` are its rule lines."""

    start: int
    end: int
    rows: tuple[Row, ...]
    rules: tuple[Piece, ...]
    header_rows: int
    pipes: bool


def find_tables(pieces: Sequence[Piece]) -> list[Grid]:
    """All tables, in order."""
    grids: list[Grid] = []
    index = 0
    while index < len(pieces):
        grid = _pipe_table(pieces, index) or _tab_table(pieces, index)
        if grid is None:
            index += 1
        else:
            grids.append(grid)
            index = grid.end
    return grids


def _pipe_table(pieces: Sequence[Piece], start: int) -> Grid | None:
    count = len(_PIPE.findall(pieces[start].text))
    if count == 0 or _is_rule_line(pieces[start]):
        return None
    end = start + 1
    rules: list[Piece] = []
    while end < len(pieces) and pieces[end].gap == 0:
        piece = pieces[end]
        pipes = len(_PIPE.findall(piece.text))
        if _is_rule_line(piece):
            rules.append(piece)
        elif pipes == 0 or (pipes != count and not (rules and piece.text.startswith("|"))):
            break
        end += 1
    rows = tuple(_pipe_row(piece) for piece in pieces[start:end] if not _is_rule_line(piece))
    if not rules and len(rows) < 2:
        return None
    return Grid(start, end, rows, tuple(rules), header_rows(rows[0].texts(), ruled=bool(rules)), pipes=True)


def _is_rule_line(piece: Piece) -> bool:
    return "|" in piece.text and _RULE_LINE.fullmatch(piece.text) is not None


def _pipe_row(piece: Piece) -> Row:
    raw = piece.raw
    left, right = trim(raw)
    pipes = [match.start() for match in _PIPE.finditer(raw)]
    bounds = [left - 1, *pipes, right]
    if pipes[0] == left:
        bounds = bounds[1:]
    if len(bounds) > 2 and pipes[-1] == right - 1:
        bounds = bounds[:-1]
    return Row(piece, _cells(raw, bounds), tuple(pipes))


def _tab_table(pieces: Sequence[Piece], start: int) -> Grid | None:
    if not _is_tab_row(pieces[start]) or "\t" not in pieces[start].text:
        return None
    header = _tab_row(pieces[start]).texts()
    end = start + 1
    while end < len(pieces) and _is_tab_row(pieces[end]):
        if pieces[end].gap and _tab_row(pieces[end]).texts() != header:
            break
        end += 1
    rows = tuple(_tab_row(piece) for piece in pieces[start:end])
    if sum("\t" in row.piece.text for row in rows) < 2:
        return None
    return Grid(start, end, rows, (), header_rows(rows[0].texts(), ruled=False), pipes=False)


def _is_tab_row(piece: Piece) -> bool:
    """A tab stands in the line, and not only between a list number and its words."""
    if "\t" not in piece.raw:
        return False
    cells = [cell for cell in _tab_row(piece).texts() if cell]
    if len(cells) == 2:
        number = marker_at(cells[0])
        return number is None or number.end != len(cells[0])
    return True


def _tab_row(piece: Piece) -> Row:
    tabs = [index for index, char in enumerate(piece.raw) if char == "\t"]
    return Row(piece, _cells(piece.raw, [-1, *tabs, len(piece.raw)]))


def _cells(raw: str, bounds: Sequence[int]) -> tuple[tuple[int, int], ...]:
    return tuple(_trimmed(raw, left + 1, right) for left, right in pairwise(bounds))


def _trimmed(raw: str, start: int, end: int) -> tuple[int, int]:
    left, right = trim(raw[start:end])
    return start + left, start + right


def header_rows(first: Sequence[str], *, ruled: bool) -> int:
    """How many rows name the columns, by the cells of the first: 1, or 0 when it is data.

    It is when it holds nothing but numbers, or, without a rule line under it (`ruled`), a number that is no year.
    """
    cells = [cell for cell in first if cell]
    numbers = [cell for cell in cells if words.number_only(cell)]
    if numbers and len(numbers) == len(cells):
        return 0
    if not ruled and any(not _YEAR.fullmatch(cell) for cell in numbers):
        return 0
    return 1
