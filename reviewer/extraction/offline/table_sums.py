"""Tables that add up: total rows under their columns, total columns beside their rows."""

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, is_total, whole_cell
from reviewer.extraction.offline.mentions import same_kind
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.lexicon.numbering import marker_at
from reviewer.schema import Bound, Cell, ClaimKind, Closure, Dimension, OperandRole, Quantity

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


def _add(builder: Builder, cue: Cell, parts: list[Quantity], whole: Quantity | None) -> None:
    if whole is None or len(parts) < 2 or not all(same_kind(part, whole) for part in parts):
        return
    builder.claim(
        ClaimKind.SUM,
        [(OperandRole.PART, part) for part in parts],
        whole,
        cue=cue.span,
        closure=Closure.COMPLETE,
    )


def _down(builder: Builder, grid: Grid, rows: list[tuple[Cell, ...]], column: int) -> None:
    """合计 under a column is the sum of its 小计, or of all its rows when there are none; 小计 of those before it."""
    subtotals: list[Quantity] = []
    items: list[Quantity] = []
    since: list[Quantity] = []
    top: str | None = None
    totals: list[tuple[Cell, Quantity, bool]] = []
    for row in rows:
        label = _label(grid, row)
        number = _number(builder, _cell(row, column))
        if is_total(label):
            if number is not None and label in load("tables")["subtotals"]:
                _add(builder, row[0], since, number)
                subtotals.append(number)
            elif number is not None:
                totals.append((row[0], number, not items))
            since = []
            continue
        if number is None or label.startswith("其中"):
            continue
        style = _style(label)
        top = style if not items else top
        if style == top:  # 一、 above （一）: the inner rows are parts of the outer ones
            items.append(number)
            since.append(number)
    for cue, number, _ in totals:
        _add(builder, cue, subtotals if len(subtotals) > 1 else items, number)


def _across(builder: Builder, grid: Grid, row: tuple[Cell, ...], total: int) -> None:
    """A column headed 合计 is the sum of the columns of its kind beside it."""
    whole = _number(builder, _cell(row, total))
    beside = [cell for cell in row if cell.column != total and grid.holds[cell.column] is None]
    parts = [number for cell in beside if (number := _number(builder, cell)) and not _is_other(grid, cell)]
    _add(builder, row[0], parts, whole)


def _is_other(grid: Grid, cell: Cell) -> bool:
    header = plain(grid.headers[cell.column])
    return any(word in header for word in load("tables")["not_added"])


def extract_table_sums(builder: Builder, grid: Grid) -> None:
    """Note the sums of a table that is no scoring or indicator table."""
    if grid.is_indicators or not grid.table.header_rows:
        return
    rows = list(grid.table.rows[grid.table.header_rows :])
    for column, header in enumerate(grid.headers):
        if column and grid.holds[column] is None and not any(word in header for word in load("tables")["rates"]):
            _down(builder, grid, rows, column)
        if column and is_total(plain(header)):
            for row in rows:
                _across(builder, grid, row, column)
