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
_BANDED_GAP = 0.5
"""The same between ruling lines, which already say that there is a table."""
_NARROWEST = 100.0
"""Points: shorter lines are underlines."""
_FEWEST_ROWS = 3
_NEAR = 3.2
"""Of the type size: rows of one table follow each other within it."""
_PROSE = 14
"""Han characters: cells longer than this on average are the columns of a page, not of a table."""
_FILLED = 0.6
_COLUMNS_OF_A_ROW = 3
_SAME_EXTENT = 6.0

Rows = list[list[Strip]]


def parted(strips: Sequence[Strip], gap: float) -> Rows:
    """The strips of one page by visual line, each cut at gaps of `gap` times its size; top to bottom."""
    ordered = sorted(strips, key=lambda strip: (strip.line, strip.left, strip.column))
    return [
        [part for strip in row for part in cut_at_gaps(strip, gap)]
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
    rows = parted(strips, _WIDE)
    tables: list[PageTable] = []
    for bands in _banded(strips, rulings):
        if (table := _table([row for band in bands for row in _rows_of(band)], page, ruled=True)) is not None:
            taken = {strip.line for strip in table.strips()}
            rows = [row for row in rows if row[0].line not in taken]
            tables.append(table)
    for run in _runs(rows):
        if len(run) >= _FEWEST_ROWS and (table := _table(run, page, ruled=False)) is not None:
            tables.append(table)
    return tables


def _banded(strips: Sequence[Strip], rulings: Sequence[Ruling]) -> list[list[Rows]]:
    """Groups of bands between horizontal lines of one extent: the lines of each band, cut at gaps."""
    left = sorted(
        (ruling for ruling in rulings if ruling.horizontal and ruling.end - ruling.start > _NARROWEST),
        key=lambda ruling: ruling.at,
    )
    groups: list[list[Rows]] = []
    while left:
        first = left[0]
        same = [
            ruling
            for ruling in left
            if abs(ruling.start - first.start) <= _SAME_EXTENT and abs(ruling.end - first.end) <= _SAME_EXTENT
        ]
        left = [ruling for ruling in left if ruling not in same]
        current: list[Rows] = []
        for above, below in pairwise(same):
            inside = [strip for strip in strips if above.at < strip.middle < below.at]
            band = parted(inside, _BANDED_GAP)
            if band and not _is_text(band, (above.end - above.start) / 2):
                current.append(band)
            elif band:
                groups.append(current)
                current = []
        groups.append(current)
    return [group for group in groups if len(group) >= 2 or (group and _is_row(group[0]))]


def _is_text(band: Rows, half: float) -> bool:
    """Whether most lines between two rulings run over half of the width: a paragraph between two tables."""
    return sum(len(row) == 1 and row[0].right - row[0].left > half for row in band) * 2 > len(band)


def _is_row(band: Rows) -> bool:
    """Whether a band alone is the last row of a table that began on the page before."""
    return max(len(row) for row in band) >= _COLUMNS_OF_A_ROW


def _rows_of(band: Rows) -> Rows:
    """The rows of a band: its lines where they are rows of their own (figures above figures, or all columns filled
    again and again), else all of it."""
    columns = _columns([strip for row in band for strip in row], _BANDED_GAP)
    figures = [{_column_of(strip, columns) for strip in row if words.number_only(strip.text)} for row in band]
    above_one_another = any(one & other for index, one in enumerate(figures) for other in figures[index + 1 :])
    full = len(columns) > 1 and all(len(row) == len(columns) for row in band)
    return band if above_one_another or full else [[strip for row in band for strip in row]]


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


def _table(rows: Rows, page: int, *, ruled: bool) -> PageTable | None:
    """The rows as a table; None where they are none. `ruled`: lines are drawn above and below it."""
    columns = _columns([strip for row in rows for strip in row], _BANDED_GAP if ruled else _COLUMN_GAP)
    if len(columns) < 2 or (len(rows) < 2 and not (ruled and len(columns) >= _COLUMNS_OF_A_ROW)):
        return None
    placed = [[_column_of(strip, columns) for strip in row] for row in rows]
    if not ruled and any(len(set(places)) < len(places) for places in placed):
        return None
    cells = [_cells(group, columns) for group in (rows if ruled else _joined_rows(rows, columns))]
    if not _is_table(cells, ruled=ruled):
        return None
    strips = [strip for row in rows for strip in row]
    top, bottom = min(strip.top for strip in strips), max(strip.bottom for strip in strips)
    return PageTable(page, top, bottom, (*(left for left, _ in columns), columns[-1][1]), cells, drawn=False)


def _columns(strips: Sequence[Strip], gap: float) -> list[tuple[float, float]]:
    """Where strips stand side by side with nothing between them on any row."""
    columns: list[tuple[float, float]] = []
    for strip in sorted(strips, key=lambda strip: strip.left):
        if columns and strip.left - columns[-1][1] < gap * strip.size:
            columns[-1] = (columns[-1][0], max(columns[-1][1], strip.right))
        else:
            columns.append((strip.left, strip.right))
    return columns


def _column_of(strip: Strip, columns: Sequence[tuple[float, float]]) -> int:
    return next(index for index, (left, right) in enumerate(columns) if left <= strip.left and strip.right <= right)


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
    if len(rows) < (1 if ruled else _FEWEST_ROWS) or len(filled) < _FILLED * len(texts) * len(texts[0]):
        return False
    if mean(words.han(text) for text in filled) > (2 * _PROSE if ruled else _PROSE):
        return False
    if ruled:
        return True
    if sum("：" in text or ":" in text for row in texts for text in row[:1]) * 2 > len(texts):
        return False
    numbers = sum(words.number_only(text) for row in texts for text in row[1:])
    return numbers >= len(texts) - 1 or (len(texts[0]) >= 3 and numbers * 2 >= len(texts))
