"""Rows of a table with a target and what was reached, whatever their headers: full marks say that it was met."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.extraction.offline.bands import pattern
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, is_serial, is_total, row_name, whole_cell
from reviewer.extraction.offline.mentions import Paragraph, same_kind
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Bound, Cell, ClaimKind, Dimension, Operand, OperandRole, Quantity

_NEAR = 200
"""Characters behind a table in which a sentence may speak of all its rows."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a table keeps what; None for what it does not hold."""

    target: int
    actual: int
    full: int | None
    score: int | None
    both: int | None
    status: int | None


def columns(grid: Grid) -> Columns | None:
    """The columns of targets and of what was reached, by their headers; None where there is not one of each."""
    headers = [plain(header) for header in grid.headers]

    def holding(name: str, among: Sequence[int]) -> list[int]:
        return [at for at in among if pattern("goal", name).search(headers[at])]

    every = [at for at in range(len(headers)) if headers[at] and not is_serial(headers[at])]
    both = holding("both", every)
    score = holding("score", [at for at in every if at not in both and not headers[at].endswith("率")])
    full = holding("full", [at for at in every if at not in both and at not in score])
    rest = [
        at
        for at in every
        if at not in (*both, *score, *full) and at > 0 and not pattern("goal", "neither").search(headers[at])
    ]
    numeric = [at for at in rest if _numeric(grid, at)]
    target = [
        at
        for at in numeric
        if pattern("goal", "target").search(headers[at]) and not re.search("实际|完成情况", headers[at])
    ]
    actual = [at for at in numeric if at not in target[:1] and pattern("goal", "actual").search(headers[at])]
    if not target or len(actual) != 1 or len(target) > 1 or actual[0] < target[0]:
        return None
    status = holding("status", [at for at in rest if at not in numeric])
    own = [at for at in score if "自评" in headers[at]] or score
    return Columns(target[0], actual[0], _only(full), own[0] if own else None, _only(both), _only(status))


def _only(found: Sequence[int]) -> int | None:
    return found[0] if len(found) == 1 else None


def _numeric(grid: Grid, column: int) -> bool:
    """Whether most of a column's cells hold a number."""
    texts = [
        grid.text(cell) for row in grid.table.rows[grid.table.header_rows :] for cell in row if cell.column == column
    ]
    return bool(texts) and sum(any(map(str.isdigit, text)) for text in texts) * 2 > len(texts)


def _is_lower(header: str, name: str) -> bool:
    lower = load("reasons")["lower_is_better"]
    return (
        pattern("goal", "lower").search(header) is not None
        or re.search(lower, name.split("（")[0].split("(")[0]) is not None
    )


def _quantity(builder: Builder, cells: dict[int, Cell], column: int | None) -> Quantity | None:
    return whole_cell(builder.source, cells[column]) if column is not None and column in cells else None


def _says_met(builder: Builder, grid: Grid, cells: dict[int, Cell], at: Columns) -> tuple[bool | None, list[Quantity]]:
    """Whether a row says that its target was met; None where it does not tell. With the marks that say so."""
    score, full = _quantity(builder, cells, at.score), _quantity(builder, cells, at.full)
    if score and full and score.value is not None and full.value:
        return score.value == full.value, [score, full]
    if at.both is not None and at.both in cells:
        span = cells[at.both].span
        marks = builder.source.within(span.document, span.start, span.end)
        printed = re.fullmatch(
            r"\s*(\d+(?:\.\d+)?)\s*分?\s*[/／]\s*(\d+(?:\.\d+)?)\s*分?\s*", grid.text(cells[at.both])
        )
        if printed:
            return float(printed[1]) == float(printed[2]), marks[:0]
    if at.status is not None and at.status in cells:
        return pattern("goal", "met").match(plain(grid.text(cells[at.status]))) is not None, []
    return None, []


def _all_met(builder: Builder, grid: Grid) -> bool:
    """Whether a sentence right behind the table says that all its targets were met."""
    text = grid.document.text[grid.table.end : grid.table.end + _NEAR]
    return any(
        pattern("goal", "all_met").search(sentence)
        and re.search("目标|指标|任务|上限|控制|达标", sentence)
        and not pattern("goal", "except").search(sentence)
        for sentence in re.split("[。；;]", text.strip().split("\n")[0])
    )


def claim_met(
    builder: Builder, actual: Quantity, target: Quantity, marks: Sequence[Quantity], name: str, *, lower: bool
) -> None:
    """Note that a target was met, unless that was noted before or which side is better is not told."""
    met = [c for c in builder.claims if c.kind is ClaimKind.TARGET_MET]
    if any(operand.quantity == actual.id for claim in met for operand in claim.operands):
        return
    unsure = target.dimension is Dimension.TIME or pattern("goal", "unsure").search(name)
    if unsure and target.bound is Bound.EXACT and not lower:
        return
    roles = (OperandRole.ITEM, OperandRole.CAP)
    builder.claim(
        ClaimKind.TARGET_MET,
        [
            Operand(role=OperandRole.ACTUAL, quantity=actual.id),
            Operand(role=OperandRole.TARGET, quantity=target.id),
            *(Operand(role=role, quantity=mark.id) for role, mark in zip(roles, marks, strict=False)),
        ],
        None,
        cue=actual.span,
        concept="lower_is_better" if lower else None,
    )


def extract_goal_rows(builder: Builder, read: Sequence[Paragraph]) -> None:
    """Note, for every row that claims it, that what was reached meets the target."""
    for document in builder.source.documents:
        for table in document.tables:
            grid = Grid.of(document, table)
            at = columns(grid)
            if at is None:
                continue
            together = _all_met(builder, grid)
            for row in table.rows[table.header_rows :]:
                cells = {cell.column: cell for cell in row}
                if any(is_total(plain(grid.text(cell))) for cell in row):
                    continue
                target, actual = _quantity(builder, cells, at.target), _quantity(builder, cells, at.actual)
                said, marks = _says_met(builder, grid, cells, at)
                if not (target and actual) or not same_kind(target, actual) or not (together if said is None else said):
                    continue
                name = row_name(grid, row)
                if re.search("预算执行|资金|支出", name):
                    continue
                header = plain(grid.headers[at.target])
                claim_met(builder, actual, target, marks, name, lower=_is_lower(header, name))
