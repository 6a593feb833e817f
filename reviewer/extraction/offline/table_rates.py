"""Rows that compute: budget, spending and their rate; this year, last year and the change."""

import re

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, whole_cell
from reviewer.extraction.offline.mentions import same_kind
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain, role_in
from reviewer.schema import (
    Bound,
    Cell,
    ClaimKind,
    Dimension,
    Operand,
    OperandRole,
    OperandSet,
    Quantity,
    Role,
)

_BASES = (Role.BUDGET_ADJUSTED, Role.BUDGET, Role.BUDGET_INITIAL)


def _numbers(builder: Builder, row: tuple[Cell, ...]) -> dict[int, Quantity]:
    """The exact numbers of a row by column."""
    found = {cell.column: whole_cell(builder.source, cell) for cell in row}
    return {column: q for column, q in found.items() if q is not None and q.bound is Bound.EXACT}


def _columns(grid: Grid, pattern: str) -> list[int]:
    found = re.compile(load("tables")["row"][pattern])
    return [column for column, header in enumerate(grid.headers) if found.search(plain(header))]


def _rate(builder: Builder, grid: Grid, row: tuple[Cell, ...]) -> None:
    """预算数 | 执行数 | 执行率."""
    numbers = _numbers(builder, row)
    rates = [column for column in _columns(grid, "rate") if column in numbers]
    if len(rates) != 1 or numbers[rates[0]].dimension is not Dimension.PERCENT:
        return
    money = {c: role_in(plain(grid.headers[c])) for c, q in numbers.items() if q.dimension is Dimension.MONEY}
    spent = [column for column, role in money.items() if role == Role.ACTUAL]
    bases = [column for base in _BASES for column, role in money.items() if role == base]
    if len(spent) != 1 or not bases:
        return
    pairs = [
        (
            Operand(role=OperandRole.NUMERATOR, quantity=numbers[spent[0]].id),
            Operand(role=OperandRole.DENOMINATOR, quantity=numbers[base].id),
        )
        for base in bases
    ]
    builder.claim(
        ClaimKind.RATIO,
        pairs[0],
        numbers[rates[0]],
        concept="execution_rate",
        alternatives=tuple(
            OperandSet(label=f"actual/{money[base]}", operands=pair, permitted=True)
            for base, pair in zip(bases[1:], pairs[1:], strict=True)
        ),
    )


def _change(builder: Builder, grid: Grid, row: tuple[Cell, ...]) -> None:
    """本年 | 上年 | 增减额 | 增减率."""
    numbers = _numbers(builder, row)
    year = grid.document.year or 0
    current = [c for c in (*_columns(grid, "this_year"), *_year(grid, year)) if c in numbers]
    base = [c for c in (*_columns(grid, "last_year"), *_year(grid, year - 1)) if c in numbers]
    if len(current) != 1 or len(base) != 1 or not same_kind(numbers[current[0]], numbers[base[0]]):
        return
    operands = [(OperandRole.CURRENT, numbers[current[0]]), (OperandRole.BASE, numbers[base[0]])]
    for column in _columns(grid, "change"):
        result = numbers.get(column)
        if result is None or column in (current[0], base[0]):
            continue
        if result.dimension is Dimension.PERCENT and numbers[current[0]].dimension is not Dimension.PERCENT:
            builder.claim(ClaimKind.CHANGE, operands, result)
        elif same_kind(result, numbers[current[0]]):
            builder.claim(ClaimKind.DIFFERENCE, operands, result)


def _year(grid: Grid, year: int) -> list[int]:
    """Columns headed by a year and nothing that makes them a rate or a change."""
    other = re.compile("|".join(load("tables")["row"][name] for name in ("change", "rate")))
    return [c for c, header in enumerate(grid.headers) if f"{year}年" in header and not other.search(plain(header))]


def extract_table_rates(builder: Builder, grid: Grid) -> None:
    """Note the rates and changes that the rows of a table of amounts compute."""
    if grid.is_indicators:
        return
    for row in grid.table.rows[grid.table.header_rows :]:
        _rate(builder, grid, row)
        _change(builder, grid, row)
