"""Rows that compute: budget, spending and their rate; this year, last year and the change."""

import re
from collections.abc import Sequence

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, is_subtotal, is_total, whole_cell
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

_DIVISIBLE = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.NONE)
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
    rates = numbers[current[0]].dimension is Dimension.PERCENT
    for column in _columns(grid, "change"):
        result = numbers.get(column)
        if result is None or column in (current[0], base[0]):
            continue
        if rates and result.dimension in (Dimension.PERCENT, Dimension.POINT):
            builder.claim(ClaimKind.DIFFERENCE, operands, result, concept="points")
        elif result.dimension is Dimension.PERCENT and numbers[current[0]].dimension is not Dimension.PERCENT:
            builder.claim(ClaimKind.CHANGE, operands, result)
        elif same_kind(result, numbers[current[0]]):
            builder.claim(ClaimKind.DIFFERENCE, operands, result)


def _year(grid: Grid, year: int) -> list[int]:
    """Columns headed by a year and nothing that makes them a rate or a change."""
    other = re.compile("|".join(load("tables")["row"][name] for name in ("change", "rate")))
    return [c for c, header in enumerate(grid.headers) if f"{year}年" in header and not other.search(plain(header))]


def _score_rate(builder: Builder, grid: Grid, row: tuple[Cell, ...]) -> None:
    """满分 | 得分 | 得分率."""
    full, score = (_whole(builder, grid.cell(row, kind)) for kind in ("full_mark", "score"))
    rates = [q for column in _columns(grid, "score_rate") if (q := _numbers(builder, row).get(column))]
    if not full or not score or full.dimension is Dimension.PERCENT or not full.value:
        return
    if len(rates) == 1 and rates[0].dimension is Dimension.PERCENT:
        operands = [(OperandRole.NUMERATOR, score), (OperandRole.DENOMINATOR, full)]
        builder.claim(ClaimKind.RATIO, operands, rates[0])


def _whole(builder: Builder, cell: Cell | None) -> Quantity | None:
    return whole_cell(builder.source, cell) if cell else None


def _shares(builder: Builder, grid: Grid, rows: Sequence[tuple[Cell, ...]]) -> None:
    """金额 | 占比: each row's share of the total row, in the column before it."""
    totals = [row for row in rows if any(is_total(w := plain(grid.text(c))) and not is_subtotal(w) for c in row)]
    for column in _columns(grid, "share") if len(totals) == 1 else ():
        whole = _before(_numbers(builder, totals[0]), column)
        for row in rows:
            numbers = _numbers(builder, row)
            part, share = _before(numbers, column), numbers.get(column)
            if not whole or not part or not share or share.dimension is not Dimension.PERCENT:
                continue
            if part[0] == whole[0] and part[1].id != whole[1].id and same_kind(part[1], whole[1]):
                operands = [(OperandRole.NUMERATOR, part[1]), (OperandRole.DENOMINATOR, whole[1])]
                builder.claim(ClaimKind.SHARE, operands, share, tied=False)


def _before(numbers: dict[int, Quantity], column: int) -> tuple[int, Quantity] | None:
    """The nearest number that could be a part, left of a column of shares."""
    left = [c for c, q in numbers.items() if c < column and q.dimension in _DIVISIBLE]
    return (left[-1], numbers[left[-1]]) if left else None


def _per_head(builder: Builder, grid: Grid, row: tuple[Cell, ...]) -> None:
    """人次 | 补贴（万元） | 人均补贴（元/人次）."""
    numbers = _numbers(builder, row)
    results = [c for c in _columns(grid, "per_head") if c in numbers]
    heads = [c for c in _columns(grid, "heads") if c in numbers and c not in results]
    money = [c for c, q in numbers.items() if q.dimension is Dimension.MONEY and c not in results]
    if len(results) == len(heads) == len(money) == 1 and (numbers[results[0]].unit or "").startswith("元"):
        operands = [(OperandRole.NUMERATOR, numbers[money[0]]), (OperandRole.DENOMINATOR, numbers[heads[0]])]
        builder.claim(ClaimKind.RATIO, operands, numbers[results[0]], tied=False)


def extract_table_rates(builder: Builder, grid: Grid) -> None:
    """Note the rates, shares and changes that the rows of a table compute."""
    rows = grid.table.rows[grid.table.header_rows :]
    for row in rows:
        _score_rate(builder, grid, row)
    if grid.is_indicators:
        return
    _shares(builder, grid, rows)
    for row in rows:
        _rate(builder, grid, row)
        _change(builder, grid, row)
        _per_head(builder, grid, row)
