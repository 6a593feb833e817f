"""Columns that compute: what of, the other rows tell. A formula that holds in most rows is the column's own."""

import re
from collections.abc import Iterator, Sequence
from itertools import permutations

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, is_serial, is_total, whole_cell
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Bound, Cell, ClaimKind, Closure, Dimension, OperandRole, Quantity

_DIVISIBLE = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.SCORE, Dimension.NONE, Dimension.TIME)
_MOST_COLUMNS, _MOST_ROWS, _LONGEST_SUM = 9, 60, 15
_N, _D, _S = OperandRole.NUMERATOR, OperandRole.DENOMINATOR, OperandRole.SUBTRAHEND
_SUMMING = re.compile("^(?:总|合)|合计|总计")
_NEAR, _WAN = 0.02, 1e4
Row = dict[int, Quantity]
Operands = list[tuple[OperandRole, Quantity]]
Formula = tuple[str, list[Operands | None]]


def _rows(builder: Builder, rows: Sequence[tuple[Cell, ...]]) -> list[Row]:
    found = [{cell.column: whole_cell(builder.source, cell) for cell in row} for row in rows]
    return [{c: q for c, q in row.items() if q and q.bound is Bound.EXACT and q.dimension} for row in found]


def _results(grid: Grid, rows: list[Row]) -> list[int]:
    """Columns of percentages, and those whose header speaks of an average."""
    columns = sorted({column for row in rows for column in row})
    words = re.compile(load("quotients")["column"])
    return [
        column
        for column in columns
        if column < len(grid.headers)
        and (
            any(row[column].dimension is Dimension.PERCENT for row in rows if column in row)
            or words.search(plain(grid.headers[column]))
        )
    ]


def _constants(builder: Builder, grid: Grid, column: int) -> list[Quantity]:
    """Numbers printed in a column's header: 占预算（640万元）比例."""
    cells = [cell for row in grid.table.rows[: grid.table.header_rows] for cell in row if cell.column == column]
    return [
        q
        for cell in cells
        for q in builder.source.within(cell.span.document, cell.span.start, cell.span.end)
        if q.dimension in _DIVISIBLE and q.bound is Bound.EXACT
    ]


def _formulas(rows: list[Row], total: int | None, operands: list[int], constants: list[Quantity]) -> Iterator[Formula]:
    """Everything a column may compute of the others, row by row; None where the row lacks a number."""
    for a, b in permutations(operands, 2):
        both = [(row[a], row[b]) if a in row and b in row else None for row in rows]
        yield f"{a}/{b}", [[(_N, p[0]), (_D, p[1])] if p else None for p in both]
        if any(p and p[0].dimension is p[1].dimension for p in both):
            yield f"{a}-{b}/{b}", [[(_N, p[0]), (_S, p[1]), (_D, p[1])] if p else None for p in both]
    for a in operands:
        own = [row.get(a) for row in rows]
        if total is not None and (whole := rows[total].get(a)):
            parts = [q if index != total else None for index, q in enumerate(own)]
            yield f"{a}/total", [[(_N, q), (_D, whole)] if q else None for q in parts]
        elif 1 < len(present := [q for q in own if q]) <= _LONGEST_SUM:
            yield f"{a}/sum", [[(_N, q), *((_D, other) for other in present)] if q else None for q in own]
        for index, constant in enumerate(constants):
            yield f"{a}/c{index}", [[(_N, q), (_D, constant)] if q else None for q in own]
        steps = zip([None, *own], own, strict=False)
        yield f"{a} step", [[(_N, q), (_S, before), (_D, before)] if q and before else None for before, q in steps]


def _rough(operands: Operands, role: OperandRole) -> float:
    return sum(float((q.value or 0) * (q.scale or 1)) for of, q in operands if of is role)


def _likely(rows: list[Row], column: int, parts: list[Operands | None]) -> bool:
    """Whether a formula comes near enough in half of the rows to be worth proposing; the verdict is not taken here."""
    near = told = 0
    for row, operands in zip(rows, parts, strict=True):
        stated = row.get(column)
        if stated is None or operands is None or not (below := _rough(operands, _D)):
            continue
        told += 1
        found = (_rough(operands, _N) - _rough(operands, _S)) / below
        value = float(stated.value or 0)
        sizes = {value, value / 100, value * float(stated.scale or 1)}
        measures = [q for role, q in operands if role is _D and q.dimension is Dimension.MEASURE]
        if measures and len({q.dimension for _, q in operands}) > 1:
            found *= float(measures[0].scale or 1) / (_WAN if (measures[0].unit or "").startswith("万") else 1)
        near += any(abs(found - size) <= _NEAR * max(abs(found), _NEAR) for size in sizes)
    return near * 2 >= told > 0


def _told(grid: Grid, column: int, name: str) -> bool:
    """Whether the headers say so too: 合格率 of 合格批次 and 抽检批次."""
    match = re.fullmatch(r"(\d+)/(\d+)", name)
    if match is None:
        return False
    above, below, own = (plain(grid.headers[c]) for c in (int(match[1]), int(match[2]), column))
    words = load("quotients")
    stem = re.sub(words["bland"], "", re.split("率|比|进度|度", own)[0])
    named = any(character in above for character in stem) or re.search(words["result"], above) is not None
    return named and re.search(words["pool"], below) is not None


def extract_columns(builder: Builder, grid: Grid) -> None:
    """Propose every formula for every computed column; judging keeps those that the rows bear out."""
    body = grid.table.rows[grid.table.header_rows :]
    rows = _rows(builder, body)
    if not 2 <= len(rows) <= _MOST_ROWS or len(grid.headers) < 2:
        return
    totals = [i for i, row in enumerate(body) if any(is_total(plain(grid.text(cell))) for cell in row)]
    if not totals and any(_SUMMING.search(plain(grid.text(cell))) for cell in body[-1]):
        totals = [len(body) - 1]
    results = _results(grid, rows)
    numeric = [
        c
        for c, header in enumerate(grid.headers)
        if not is_serial(header) and sum(c in row and row[c].dimension in _DIVISIBLE for row in rows) >= 2
    ]
    for column in results:
        operands = [c for c in numeric if c != column][:_MOST_COLUMNS]
        total = totals[0] if len(totals) == 1 else None
        for name, parts in _formulas(rows, total, operands, _constants(builder, grid, column)):
            if not _likely(rows, column, parts):
                continue
            told = _told(grid, column, name)
            for index, (row, operands_of) in enumerate(zip(rows, parts, strict=True)):
                stated = row.get(column)
                if stated is None or operands_of is None or any(q.dimension not in _DIVISIBLE for _, q in operands_of):
                    continue
                loose = grid.is_indicators or index in totals
                builder.claim(
                    ClaimKind.RATIO,
                    operands_of,
                    stated,
                    concept="column",
                    closure=Closure.LISTED if loose else Closure.COMPLETE,
                    tied=told,
                    stated_text=f"{grid.table.id}:{column}={name}",
                )
