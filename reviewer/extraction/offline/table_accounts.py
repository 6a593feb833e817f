"""Tables whose rows or columns are an account, and totals that every other row bears out.

Rows: 年初结余, 加：收入, 减：支出, 年末结余. Columns: 年初预算, 调增, 调减, 调整后预算; four quarters and the year.
What a column adds up need not be told: where it does so in one row, it does in all.
"""

import re
from collections.abc import Sequence

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, is_total, row_name, whole_cell
from reviewer.extraction.offline.mentions import paragraph, same_kind
from reviewer.extraction.offline.sums.flows import note, of_budgets, read, step_of
from reviewer.extraction.offline.sums.line import words
from reviewer.lexicon.measures import compositions, concept_in, plain
from reviewer.schema import Bound, Cell, ClaimKind, Closure, Dimension, OperandRole, Quantity

_ADDITIVE = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.NONE)
_LEAST = 3
"""An account has two levels and a move between them."""


def extract_table_accounts(builder: Builder, grid: Grid) -> None:
    """Note what rows and columns of a table say of each other by their names."""
    if grid.is_indicators or not grid.table.header_rows:
        return
    rows = list(grid.table.rows[grid.table.header_rows :])
    _down(builder, grid, rows)
    _across(builder, grid, rows)
    _wholes(builder, grid, rows)
    _compositions(builder, grid, rows)
    _under(builder, grid, rows)


def _number(builder: Builder, row: Sequence[Cell], column: int) -> Quantity | None:
    cell = next((cell for cell in row if cell.column == column), None)
    found = whole_cell(builder.source, cell) if cell else None
    return found if found and found.dimension in _ADDITIVE and found.bound is Bound.EXACT else None


def _accounts(builder: Builder, told: list[tuple[str, Quantity]]) -> None:
    if len(told) < _LEAST or not all(same_kind(told[0][1], number) for _, number in told):
        return
    steps = of_budgets([(name, step_of(name)) for name, _ in told])
    for account in read(list(zip((number for _, number in told), steps, strict=True))):
        note(builder, account)


def _down(builder: Builder, grid: Grid, rows: Sequence[Sequence[Cell]]) -> None:
    """Accounts in a column, by the names of its rows."""
    for column in range(1, len(grid.headers)):
        told = [
            (row_name(grid, tuple(row)), number)
            for row in rows
            if (number := _number(builder, row, column)) is not None
        ]
        _accounts(builder, told)


def _across(builder: Builder, grid: Grid, rows: Sequence[Sequence[Cell]]) -> None:
    """Accounts in a row, by the headers of its columns."""
    headers = [plain(header) for header in grid.headers]
    for row in rows:
        told = [(headers[c], number) for c in range(1, len(headers)) if (number := _number(builder, row, c))]
        _accounts(builder, told)


def _wholes(builder: Builder, grid: Grid, rows: Sequence[Sequence[Cell]]) -> None:
    """The last column of a run is its whole: by name where it divides a year, else by what the other rows bear out."""
    headers = [plain(header) for header in grid.headers]
    for at, header in enumerate(headers):
        if at < 3 or re.fullmatch(words("columns", "whole").pattern, header) is None:
            continue
        beside = [c for c in range(1, at) if grid.holds[c] is None]
        if any(words("columns", "inner").search(headers[c]) for c in beside):
            continue
        spans = [c for c in beside if words("columns", "spans").fullmatch(headers[c])]
        beside = spans if len(spans) > 1 else beside
        found = [
            (parts, whole)
            for row in rows
            if (whole := _number(builder, row, at))
            and len(parts := [n for c in beside if (n := _number(builder, row, c))]) == len(beside) > 1
            and all(same_kind(part, whole) for part in parts)
        ]
        known = {c.result for c in builder.claims if c.kind is ClaimKind.SUM and c.closure is not Closure.OPEN}
        for parts, whole in found:
            if whole.id not in known:
                _sum(builder, parts, whole, closed=len(spans) > 1)
        if len(spans) < _LEAST - 1:
            _borne_out(builder, [entry for entry in found if entry[1].id not in known])


def _borne_out(builder: Builder, found: list[tuple[list[Quantity], Quantity]]) -> None:
    """Each row's sum once more, firmly, provided that another row's sum comes out."""
    if len(found) < 2:
        return
    probes = {
        claim.result: claim.id
        for claim in builder.claims
        if claim.kind is ClaimKind.SUM and claim.closure is Closure.OPEN and claim.result
    }
    for index, (parts, whole) in enumerate(found):
        other = found[index - 1][1]
        if other.id in probes:
            _sum(builder, parts, whole, closed=True, requires=probes[other.id])


def _sum(
    builder: Builder, parts: Sequence[Quantity], whole: Quantity, *, closed: bool, requires: str | None = None
) -> None:
    builder.claim(
        ClaimKind.SUM,
        [(OperandRole.PART, part) for part in parts],
        whole,
        cue=whole.span,
        closure=Closure.LISTED if closed else Closure.OPEN,
        tied=False,
        requires=requires,
    )


def _compositions(builder: Builder, grid: Grid, rows: Sequence[Sequence[Cell]]) -> None:
    """人员经费 and 公用经费 right below 基本支出: parts by definition."""
    keys: list[str | None] = []
    for row in rows:
        name = re.sub("^其中[:：]?", "", row_name(grid, tuple(row)))
        named = None if is_total(name) else concept_in(name)
        keys.append(named.concept.key if named and not named.generic else None)
    for column in range(1, len(grid.headers)):
        for at, key in enumerate(keys):
            for concept, members in compositions():
                below = keys[at + 1 : at + 1 + len(members)]
                if key != concept or set(below) != members:
                    continue
                whole = _number(builder, rows[at], column)
                parts = [_number(builder, row, column) for row in rows[at + 1 : at + 1 + len(members)]]
                given = [part for part in parts if part is not None]
                if whole is None or len(given) < len(parts):
                    continue
                if not any(claim.result == whole.id and claim.kind is ClaimKind.SUM for claim in builder.claims):
                    _sum(builder, given, whole, closed=True)


def _under(builder: Builder, grid: Grid, rows: Sequence[Sequence[Cell]]) -> None:
    """「合计40人，……」 right behind a table that has no total of its own."""
    if any(is_total(row_name(grid, tuple(row))) for row in rows) or not rows:
        return
    document = grid.document
    end = max(cell.span.end for row in rows for cell in row)
    block = next((b for b in document.blocks if b.start >= end and b.kind == "paragraph"), None)
    if block is None or document.text[end : block.start].strip(" |\n\t"):
        return
    prose = paragraph(builder.source, document.id, block.start, block.end)
    first = prose.mentions[0] if prose.mentions else None
    if first is None or not words("columns", "under").search(prose.words(prose.start, first.start)):
        return
    for column in range(1, len(grid.headers)):
        parts = [_number(builder, row, column) for row in rows]
        given = [part for part in parts if part is not None]
        if len(given) != len(parts) or len(given) < _LEAST:
            continue
        if words("columns", "inner").search(grid.headers[column]):
            return
        # 「合计4类15台」 counts its rows first.
        heads = re.fullmatch("[个项类种户家]", first.quantity.unit or "")
        bare = all(part.dimension is Dimension.NONE for part in given) and not heads
        fits = bare or all(same_kind(part, first.quantity) for part in given)
        if fits and first.exact:
            _sum(builder, given, first.quantity, closed=True)
        return
