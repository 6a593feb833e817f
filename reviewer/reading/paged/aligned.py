"""Tables without vertical lines: columns told by gaps that run through several rows.

Prose must never become a table, so that a page's lines are taken for one only where several gaps in a row say so.
"""

from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import mean

from reviewer.reading import words
from reviewer.reading.page_lines import Ruling
from reviewer.reading.paged.cells import PageCell, PageTable
from reviewer.reading.paged.strips import Strip
from reviewer.reading.pieces import is_blank

_WIDE = 1.5
"""Of the type size: a gap that no word or sentence has."""
_COLUMN_GAP = 0.7
_FEWEST_ROWS = 3
_NEAR = 3.2
"""Of the type size: rows of one table follow each other within it."""
_PROSE = 14
"""Han characters: cells longer than this on average are the columns of a page, not of a table."""
_FILLED = 0.6
_SAME_EXTENT = 6.0

Rows = list[list[Strip]]


def parted(strips: Sequence[Strip]) -> Rows:
    """The strips of one page by visual line, each cut at wide gaps; top to bottom."""
    ordered = sorted(strips, key=lambda strip: (strip.line, strip.left, strip.column))
    return [
        [part for strip in row for part in cut_at_gaps(strip, _WIDE)]
        for _, row in groupby(ordered, key=lambda strip: strip.line)
    ]


def cut_at_gaps(strip: Strip, wide: float) -> list[Strip]:
    """The strip, cut at every gap of `wide` times its type size or more."""
    if strip.turned:
        return [strip]
    cuts, seen = [0], 0
    for index in range(1, len(strip.text)):
        if is_blank(strip.text[index]):
            continue
        if strip.lefts[index] - strip.rights[seen] >= wide * strip.size:
            cuts.append(index)
        seen = index
    cuts.append(len(strip.text))
    return [part for start, end in pairwise(cuts) if (part := strip.cut(start, end)) is not None]


def aligned_tables(strips: Sequence[Strip], rulings: Sequence[Ruling], page: int) -> list[PageTable]:
    """The tables among strips that no grid of lines holds; `rulings` as joined."""
    rows = parted(strips)
    tables: list[PageTable] = []
    for top, bottom, levels in _banded(rulings):
        inside = [row for row in rows if top < row[0].middle < bottom]
        table = _table(inside, page, levels)
        if table is not None:
            taken = {row[0].line for row in inside}
            rows = [row for row in rows if row[0].line not in taken]
            tables.append(table)
    for run in _runs(rows):
        if len(run) >= _FEWEST_ROWS and (table := _table(run, page, ())) is not None:
            tables.append(table)
    return tables


def _banded(rulings: Sequence[Ruling]) -> list[tuple[float, float, tuple[float, ...]]]:
    """Where several horizontal lines of one extent stand above one another: the y of the outer ones, and of all."""
    across = [ruling for ruling in rulings if ruling.horizontal and ruling.end - ruling.start > 100]
    found: list[tuple[float, float, tuple[float, ...]]] = []
    left = sorted(across, key=lambda ruling: ruling.at)
    while left:
        first = left[0]
        same = [
            ruling
            for ruling in left
            if abs(ruling.start - first.start) <= _SAME_EXTENT and abs(ruling.end - first.end) <= _SAME_EXTENT
        ]
        left = [ruling for ruling in left if ruling not in same]
        if len(same) >= _FEWEST_ROWS:
            levels = tuple(ruling.at for ruling in same)
            found.append((levels[0], levels[-1], levels))
    return found


def _runs(rows: Rows) -> list[Rows]:
    """Neighbouring rows of several parts; a single part between them may be the rest of a cell."""
    runs: list[Rows] = []
    current: Rows = []
    for row in rows:
        near = current and row[0].top - current[-1][0].bottom <= _NEAR * row[0].size
        if current and not near:
            runs.append(current)
            current = []
        if len(row) >= 2 or (current and len(current[-1]) >= 3):
            current.append(row)
        elif current:
            runs.append(current)
            current = []
    runs.append(current)
    return [_trimmed(run) for run in runs]


def _trimmed(run: Rows) -> Rows:
    """Without single parts at the end that are wide: the paragraph under the table."""
    while run and len(run[-1]) < 2:
        run = run[:-1]
    return run


def _table(rows: Rows, page: int, levels: tuple[float, ...]) -> PageTable | None:
    """The rows as a table; None where they are none. `levels` are lines drawn between rows, if there are any."""
    columns = _columns([strip for row in rows for strip in row])
    if len(columns) < 2 or len(rows) < 2:
        return None
    placed = [[_column_of(strip, columns) for strip in row] for row in rows]
    if any(len(set(places)) < len(places) for places in placed) and not levels:
        return None
    grouped = _banded_rows(rows, levels) if len(levels) > 3 else _joined_rows(rows, columns)
    cells = [_cells(group, columns) for group in grouped]
    if not _is_table(cells, ruled=bool(levels)):
        return None
    top, bottom = min(strip.top for strip in rows[0]), max(strip.bottom for strip in rows[-1])
    return PageTable(page, top, bottom, (*(left for left, _ in columns), columns[-1][1]), cells)


def _columns(strips: Sequence[Strip]) -> list[tuple[float, float]]:
    """Where strips stand side by side with nothing between them on any row."""
    columns: list[tuple[float, float]] = []
    for strip in sorted(strips, key=lambda strip: strip.left):
        if columns and strip.left - columns[-1][1] < _COLUMN_GAP * strip.size:
            columns[-1] = (columns[-1][0], max(columns[-1][1], strip.right))
        else:
            columns.append((strip.left, strip.right))
    return columns


def _column_of(strip: Strip, columns: Sequence[tuple[float, float]]) -> int:
    return next(index for index, (left, right) in enumerate(columns) if left <= strip.left and strip.right <= right)


def _banded_rows(rows: Rows, levels: tuple[float, ...]) -> list[list[Strip]]:
    """One row for each band between two lines."""
    bands = [
        [strip for row in rows for strip in row if above < strip.middle <= below] for above, below in pairwise(levels)
    ]
    return [band for band in bands if band]


def _joined_rows(rows: Rows, columns: Sequence[tuple[float, float]]) -> list[list[Strip]]:
    """One row for each line, save lines that only go on with cells of the row above."""
    grouped: list[list[Strip]] = []
    for row in rows:
        filled = {_column_of(strip, columns) for strip in row}
        above = {_column_of(strip, columns) for strip in grouped[-1]} if grouped else set()
        rest = 0 not in filled and filled < above and len(filled) * 2 <= len(columns)
        if rest and not any(words.number_only(strip.text) for strip in row):
            grouped[-1].extend(row)
        else:
            grouped.append(list(row))
    return grouped


def _cells(strips: Sequence[Strip], columns: Sequence[tuple[float, float]]) -> list[PageCell | None]:
    cells = [PageCell(left, right) for left, right in columns]
    for strip in strips:
        cells[_column_of(strip, columns)].strips.append(strip)
    return list(cells)


def _is_table(rows: Sequence[Sequence[PageCell | None]], *, ruled: bool) -> bool:
    texts = [[cell.text if cell is not None else "" for cell in row] for row in rows]
    filled = [text for row in texts for text in row if text]
    if len(rows) < (2 if ruled else _FEWEST_ROWS) or len(filled) < _FILLED * len(texts) * len(texts[0]):
        return False
    if mean(words.han(text) for text in filled) > _PROSE:
        return False
    if ruled:
        return True
    if sum("：" in text or ":" in text for row in texts for text in row[:1]) * 2 > len(texts):
        return False
    numbers = sum(words.number_only(text) for row in texts for text in row[1:])
    return numbers >= len(texts) - 1 or (len(texts[0]) >= 3 and numbers * 2 >= len(texts))
