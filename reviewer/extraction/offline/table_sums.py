"""Tables that add up: total rows under their columns, total columns beside their rows."""

import re

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, is_subtotal, is_total, whole_cell
from reviewer.extraction.offline.mentions import same_kind
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.lexicon.numbering import marker_at
from reviewer.schema import Bound, Cell, ClaimKind, Closure, Dimension, OperandRole, Quantity

_SHAPES = {
    "chinese": re.compile(r"[一二三四五六七八九十]+[、.．]?"),
    "bracketed": re.compile(r"[（(][一二三四五六七八九十\d]+[）)]"),
    "decimal": re.compile(r"\d+(?:[.．]\d+)+"),
    "digits": re.compile(r"\d{1,2}[、.．]?"),
    "code": re.compile(r"\d{3,}"),
}
_ADDITIVE = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.NONE)


def _label(grid: Grid, row: tuple[Cell, ...]) -> str:
    """The word that makes a row a total wherever it stands, else the row's first words."""
    words = [plain(grid.text(cell)) for cell in row if plain(grid.text(cell))]
    return next((word for word in words if is_total(word)), words[0] if words else "")


def _style(label: str) -> str | None:
    marker = marker_at(label)
    return marker.style if marker else None


def _number(builder: Builder, cell: Cell | None) -> Quantity | None:
    found = whole_cell(builder.source, cell) if cell else None
    return found if found and found.dimension in _ADDITIVE and found.bound is Bound.EXACT else None


def _cell(row: tuple[Cell, ...], column: int) -> Cell | None:
    return next((cell for cell in row if cell.column == column), None)


def _nested(grid: Grid, rows: list[tuple[Cell, ...]]) -> bool:
    """Whether the rows show signs of standing inside one another; then a total may add only some of them.

    Signs: 其中, numbers of several styles, codes that begin with other codes, indented names, totals of parts by name.
    """
    labels = [_label(grid, row) for row in rows if not is_total(_label(grid, row))]
    first = [plain(grid.text(row[0])) for row in rows if row and not is_total(_label(grid, row))]
    document = grid.document
    columns = {document.locate(row[0].span.start)[1] for row in rows if row and plain(grid.text(row[0]))}
    codes = sorted({words for words in first if words.isdigit()})
    return (
        any("其中" in label or label.endswith(("合计", "总计")) for label in labels)
        or len({_style(words) for words in labels}) > 1
        or len({_shape(words) for words in first if words}) > 1
        or any(longer.startswith(code) and longer != code for code in codes for longer in codes if len(code) > 1)
        or len(columns) > 1
    )


def _shape(words: str) -> str:
    """The look of a cell that may hold a row's number: 一, （一）, 1, 1.1 or words."""
    for name, pattern in _SHAPES.items():
        if pattern.fullmatch(words):
            return name
    return "words"


def _add(builder: Builder, cue: Cell, parts: list[Quantity], whole: Quantity | None, *, strict: bool) -> None:
    if whole is None or len(parts) < 2 or not all(same_kind(part, whole) for part in parts):
        return
    builder.claim(
        ClaimKind.SUM,
        [(OperandRole.PART, part) for part in parts],
        whole,
        cue=cue.span,
        closure=Closure.COMPLETE if strict else Closure.OPEN,
        tied=strict,
    )


def _down(builder: Builder, grid: Grid, rows: list[tuple[Cell, ...]], column: int, *, strict: bool) -> None:
    """合计 under a column is the sum of its 小计, or of all its rows when there are none; 小计 of those before it."""
    subtotals: list[Quantity] = []
    items: list[Quantity] = []
    since: list[Quantity] = []
    top: str | None = None
    alone = False
    totals: list[tuple[Cell, Quantity]] = []
    for row in rows:
        label = _label(grid, row)
        number = _number(builder, _cell(row, column))
        if is_total(label):
            if number is not None and is_subtotal(label):
                strict = strict and bool(since)  # a subtotal above its rows: which it adds is not told
                _add(builder, row[0], since, number, strict=strict)
                subtotals.append(number)
            elif number is not None:
                totals.append((row[0], number))
                alone = bool(since)
            since = []
            continue
        if number is None or label.startswith("其中"):
            continue
        style = _style(label)
        top = style if not items else top
        if style == top:  # 一、 above （一）: the inner rows are parts of the outer ones
            items.append(number)
            since.append(number)
    for cue, number in totals:
        # Rows behind the last sub-total are in none: then only the rows themselves make up the total.
        parts = subtotals if len(subtotals) > 1 and not alone else items
        _add(builder, cue, parts, number, strict=strict and len(totals) == 1)


def _across(builder: Builder, grid: Grid, row: tuple[Cell, ...], total: int) -> None:
    """A column headed 合计 is the sum of the columns of its kind beside it."""
    whole = _number(builder, _cell(row, total))
    beside = [cell for cell in row if cell.column != total and grid.holds[cell.column] is None]
    parts = [number for cell in beside if (number := _number(builder, cell)) and not _is_other(grid, cell)]
    # Sums of money divide it; persons and things may fall under several heads.
    money = whole is not None and whole.dimension is Dimension.MONEY
    _add(builder, row[0], parts, whole, strict=money and "其中" not in "".join(grid.headers))


def _is_other(grid: Grid, cell: Cell) -> bool:
    header = plain(grid.headers[cell.column])
    return any(word in header for word in load("tables")["not_added"])


def extract_table_sums(builder: Builder, grid: Grid) -> None:
    """Note the sums of a table that is no scoring or indicator table."""
    if grid.is_indicators or not grid.table.header_rows:
        return
    rows = list(grid.table.rows[grid.table.header_rows :])
    strict = not _nested(grid, rows)
    for column, header in enumerate(grid.headers):
        if column and grid.holds[column] is None and not any(word in header for word in load("tables")["rates"]):
            _down(builder, grid, rows, column, strict=strict)
        if column and is_total(plain(header)):
            for row in rows:
                _across(builder, grid, row, column)
