"""Tables: what each cell's number means by its column and row, scores against full marks, rows that are indicators."""

import re

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.columns import extract_columns
from reviewer.extraction.offline.grid import Grid, is_indicator_row, is_total, row_name, whole_cell
from reviewer.extraction.offline.indicators import WITHOUT_VALUE, issues_of, pattern
from reviewer.extraction.offline.labels import Label, label
from reviewer.extraction.offline.lost_marks import lost_in_row
from reviewer.extraction.offline.mentions import cue, paragraph, same_kind
from reviewer.extraction.offline.score_sheet import ScoreSheet
from reviewer.extraction.offline.score_tables import Item, extract_score_table
from reviewer.extraction.offline.table_accounts import extract_table_accounts
from reviewer.extraction.offline.table_rates import extract_table_rates
from reviewer.extraction.offline.table_sums import extract_table_sums
from reviewer.lexicon import load
from reviewer.lexicon.measures import compositions, concept_in, names_a_rate, plain, role_in
from reviewer.policies import Policy
from reviewer.schema import (
    Bound,
    Cell,
    ClaimKind,
    Dimension,
    OperandRole,
    Quantity,
    Role,
)

_ROLES = {
    "rule": Role.THRESHOLD,
    "full_mark": Role.FULL_MARK,
    "lost_mark": Role.LOST_MARK,
    "score": Role.SCORE,
    "actual_value": Role.ACTUAL,
    "target_value": Role.TARGET,
}


def _figures(builder: Builder, grid: Grid, row: tuple[Cell, ...], name: str) -> None:
    """What each number of a row means: by its cell's own words where it has any, else by its column and row."""
    for cell in row:
        prose = paragraph(builder.source, grid.document.id, cell.span.start, cell.span.end)
        whole = whole_cell(builder.source, cell)
        for mention in prose.mentions:
            found = None if whole else label(builder.source, prose, mention)
            role, concept, subject = _meaning(grid, cell, name, mention.quantity, found)
            measure = name or (found.mention.measure if found else plain(grid.header(cell)))
            if role is not None and measure:
                cued = role is not Role.AMOUNT if whole else found is not None and found.explicit
                builder.figure(mention.quantity, measure, concept, role, subject, _period(grid, cell), cued=cued)


def _period(grid: Grid, cell: Cell) -> str | None:
    """The year a column is about: the one its header names, the one before for 上年, else the report's."""
    header, year = plain(grid.header(cell)), grid.document.year
    if years := re.findall(r"(?:19|20)\d\d", header):
        return str(years[-1])
    if year is None:
        return None
    return str(year - 1 if re.search(load("tables")["row"]["last_year"], header) else year)


def _meaning(
    grid: Grid, cell: Cell, name: str, quantity: Quantity, found: Label | None
) -> tuple[Role | None, str | None, str | None]:
    """(role, concept, subject) of a number in a cell; `found` is what the cell's own words say."""
    header = plain(grid.header(cell))
    holds = grid.kind(cell)
    if holds in ("name", "level"):
        return (Role.FULL_MARK if quantity.dimension is Dimension.SCORE else found.role if found else None), None, None
    if (role := _ROLES.get(holds or "")) is not None:
        return role, None, None
    if quantity.dimension is Dimension.SCORE:
        return Role.FULL_MARK, None, None
    if found is not None:
        return found.role, found.concept, found.subject
    if re.search(load("tables")["row"]["change"], header):
        return Role.CHANGE, None, None
    if quantity.dimension is Dimension.MONEY:
        own, heading = concept_in(plain(name)), concept_in(header)
        if is_total(name) and (whole := _whole_of_rows(grid)):
            return _money_role(header, name), whole, None
        if is_total(name) and heading and heading.generic and _speaks_of_others(grid):
            return _money_role(header, name), None, plain(grid.headers[0]) or name
        named = own or heading
        # 「甲项目 | 年初预算数」: the header names the amount, the row whose it is.
        subject = name if heading and not own and not is_total(name) else None
        return _money_role(header, name), named.concept.key if named else None, subject
    if quantity.dimension is Dimension.PERCENT:
        rate = names_a_rate(header) or names_a_rate(name) or holds == "rate"
        return (Role.SHARE if "占" in header else Role.RATE if rate else None), None, None
    if cue("played", "stock").search(header + name):
        return Role.ASSET, None, None
    return (Role.COUNT if header else None), None, None


def _whole_of_rows(grid: Grid) -> str | None:
    """What a table's total is when its rows are the parts of one whole: 三公经费 of 公务接待费 and the like."""
    names = [row_name(grid, row) for row in grid.table.rows[grid.table.header_rows :]]
    rows = {named.concept.key if (named := concept_in(name)) else "" for name in names if not is_total(name)}
    return next((whole for whole, parts in compositions() if rows and rows <= parts), None)


def _speaks_of_others(grid: Grid) -> bool:
    """Whether no row is a kind of expenditure or income: the total of a list of projects is theirs alone."""
    names = [row_name(grid, row) for row in grid.table.rows[grid.table.header_rows :]]
    return not any(concept_in(name) for name in names if not is_total(name))


def _money_role(header: str, name: str) -> Role:
    """What an amount in a table is, by its column's header, else by its row's name."""
    if role := role_in(header):
        return Role(role)
    return Role.ACTUAL if cue("played", "spent").search(header + name) else Role.AMOUNT


def _indicator(builder: Builder, grid: Grid, row: tuple[Cell, ...], name: str, level: str | None) -> None:
    cells = {kind: grid.cell(row, kind) for kind in ("target_value", "actual_value", "full_mark", "score")}
    numbers = {kind: whole_cell(builder.source, cell) if cell else None for kind, cell in cells.items()}
    target, actual = cells["target_value"], cells["actual_value"]
    stated = [cell for cell in (target, actual) if cell]
    issues = issues_of(
        builder.source,
        name,
        [paragraph(builder.source, grid.document.id, cell.span.start, cell.span.end) for cell in stated],
        target=(grid.text(target) if target else "") if "target_value" in grid.holds else None,
        actual=(grid.text(actual) if actual else "") if "actual_value" in grid.holds else None,
    )
    # A scoring table's items have marks only; how money was planned and managed is judged by criteria, not measured.
    if not stated or (pattern("managing").search(level or "") and not WITHOUT_VALUE.isdisjoint(issues)):
        issues = ()
    named = grid.cell(row, "name") or row[0]
    builder.indicator(
        name,
        builder.span(grid.document.id, named.span.start, (actual or target or row[-1]).span.end),
        level,
        {kind: quantity.id if quantity else None for kind, quantity in numbers.items()},
        issues,
    )


def _target_met(builder: Builder, grid: Grid, row: tuple[Cell, ...], name: str) -> None:
    """Full marks say that the target was met."""
    cells = [grid.cell(row, kind) for kind in ("actual_value", "target_value", "score", "full_mark")]
    actual, target, score, full = (whole_cell(builder.source, cell) if cell else None for cell in cells)
    if not (actual and target and score and full) or score.value != full.value or not same_kind(actual, target):
        return
    lower = re.search(load("reasons")["lower_is_better"], name.split("（")[0]) is not None
    if target.dimension is Dimension.TIME and target.bound is Bound.EXACT and not lower:
        return  # 开放天数 is better when longer, 办理天数 when shorter
    builder.claim(
        ClaimKind.TARGET_MET,
        [
            (OperandRole.ACTUAL, actual),
            (OperandRole.TARGET, target),
            (OperandRole.ITEM, score),
            (OperandRole.CAP, full),
        ],
        None,
        cue=actual.span,
        concept="lower_is_better" if lower else None,
    )


def _proportion(builder: Builder, grid: Grid, row: tuple[Cell, ...], name: str) -> None:
    """「≥62公里 | 59.8公里 | 5 | 4.82」: what a target missed costs, if the table's other rows go by proportion too."""
    cells = [grid.cell(row, kind) for kind in ("actual_value", "target_value", "score", "full_mark")]
    actual, target, score, full = (whole_cell(builder.source, cell) if cell else None for cell in cells)
    if not (actual and target and score and full) or not same_kind(actual, target) or score.span == full.span:
        return
    lower = target.bound in (Bound.AT_MOST, Bound.LESS_THAN)
    builder.claim(
        ClaimKind.SCORE_RULE,
        [(OperandRole.ACTUAL, actual), (OperandRole.TARGET, target), (OperandRole.CAP, full)],
        score,
        concept="proportion_lower" if lower else "proportion",
        stated_text=grid.table.id,
    )


def _score_cap(builder: Builder, grid: Grid, row: tuple[Cell, ...]) -> None:
    full, score = grid.cell(row, "full_mark"), grid.cell(row, "score")
    cap = whole_cell(builder.source, full) if full else None
    item = whole_cell(builder.source, score) if score else None
    if cap and item and (cap.value or 0) > 0 and {cap.dimension, item.dimension} <= {Dimension.SCORE, Dimension.NONE}:
        builder.claim(ClaimKind.SCORE_CAP, [(OperandRole.ITEM, item), (OperandRole.CAP, cap)], item)


def extract_tables(builder: Builder, sheets: dict[str, ScoreSheet], policy: Policy) -> None:
    """Note what the tables of every document hold; scoring tables join the scores of the prose."""
    for document in builder.source.documents:
        beside: list[Item] = []
        for table in document.tables:
            grid = Grid.of(document, table)
            extract_table_sums(builder, grid)
            extract_table_accounts(builder, grid)
            extract_table_rates(builder, grid)
            extract_columns(builder, grid)
            scored = extract_score_table(builder, grid, policy, beside)
            sheets[document.id].tables.append(scored)
            beside = [] if scored.total else [*beside, *scored.beside]
            level: str | None = None
            for row in table.rows[table.header_rows :]:
                name = row_name(grid, row)
                _figures(builder, grid, row, name)
                _score_cap(builder, grid, row)
                lost_in_row(builder, grid, row)
                if cell := grid.cell(row, "level"):
                    level = plain(grid.text(cell)) or level
                if is_indicator_row(grid, row):
                    _target_met(builder, grid, row, name)
                    _proportion(builder, grid, row, name)
                    if grid.names_items:
                        _indicator(builder, grid, row, name, level)
