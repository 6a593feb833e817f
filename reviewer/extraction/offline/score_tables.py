"""Scoring tables: items against their section's and the whole's full mark, their sum against the total row."""

from dataclasses import dataclass, field

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, is_indicator_row, is_total, whole_cell
from reviewer.lexicon.measures import plain
from reviewer.policies import Policy
from reviewer.schema import Cell, ClaimKind, Dimension, Operand, OperandRole, Quantity


@dataclass(slots=True)
class Group:
    """The items of one top-level indicator: 「决策（20分）」."""

    name: str
    full: Quantity | None
    scores: list[Quantity] = field(default_factory=list)
    marks: list[Quantity] = field(default_factory=list)
    marks_claim: str | None = None


@dataclass(slots=True)
class ScoreTable:
    """What a scoring table adds to the scores of the prose."""

    groups: list[Group] = field(default_factory=list)
    total: Quantity | None = None


def _mark_in(builder: Builder, cell: Cell) -> Quantity | None:
    """The full mark printed inside a label: 「绩效目标合理性（5分）」."""
    found = [
        quantity
        for quantity in builder.source.within(cell.span.document, cell.span.start, cell.span.end)
        if quantity.dimension is Dimension.SCORE
    ]
    return found[-1] if found else None


def _full_mark(builder: Builder, grid: Grid, row: tuple[Cell, ...]) -> Quantity | None:
    column, named = grid.cell(row, "full_mark"), grid.cell(row, "name")
    if column is not None:
        return whole_cell(builder.source, column)
    return _mark_in(builder, named) if named else None


def _name(grid: Grid, cell: Cell) -> str:
    return plain(grid.text(cell)).split("（")[0].split("(")[0]


def _total_full_mark(builder: Builder, row: tuple[Cell, ...], score: Quantity) -> Quantity | None:
    """The full mark of a total row: the number before its score."""
    numbers = [n for cell in row if (n := whole_cell(builder.source, cell)) and n.id != score.id]
    return next((n for n in numbers if n.span.start < score.span.start), None)


def _parts(quantities: list[Quantity]) -> list[Operand]:
    return [Operand(role=OperandRole.PART, quantity=quantity.id) for quantity in quantities]


def _marks(builder: Builder, marks: list[Quantity], whole: Operand) -> str:
    claim = builder.claim(ClaimKind.SCORE_TOTAL, [*_parts(marks), whole], None, cue=marks[0].span, concept="full_mark")
    return claim.id


def extract_score_table(builder: Builder, grid: Grid, policy: Policy) -> ScoreTable:
    """Note the claims of a scoring table; what the prose may be held against is returned."""
    table = ScoreTable()
    if "score" not in grid.holds:
        return table
    total_row: tuple[Cell, ...] | None = None
    for row in grid.table.rows[grid.table.header_rows :]:
        score_cell = grid.cell(row, "score")
        score = whole_cell(builder.source, score_cell) if score_cell else None
        if any(is_total(plain(grid.text(cell))) for cell in row):
            table.total, total_row = score or table.total, row
            continue
        if not is_indicator_row(grid, row):
            continue
        first = row[0]
        if grid.holds[first.column] == "level" and plain(grid.text(first)):
            table.groups.append(Group(_name(grid, first), _mark_in(builder, first)))
        full = _full_mark(builder, grid, row)
        if score is None or full is None:
            return ScoreTable()  # an item without its mark: nothing can be added up
        if not table.groups:
            table.groups.append(Group("", None))
        table.groups[-1].scores.append(score)
        table.groups[-1].marks.append(full)
        if grid.cell(row, "full_mark") is None and (full.value or 0) > 0:
            builder.claim(ClaimKind.SCORE_CAP, [(OperandRole.ITEM, score), (OperandRole.CAP, full)], score)
    for group in table.groups:
        if group.full is not None and len(group.marks) > 1:
            whole = Operand(role=OperandRole.WHOLE, quantity=group.full.id)
            group.marks_claim = _marks(builder, group.marks, whole)
    scores = [score for group in table.groups for score in group.scores]
    marks = [mark for group in table.groups for mark in group.marks]
    if table.total is not None and total_row is not None and len(scores) > 1:
        full = _total_full_mark(builder, total_row, table.total)
        whole = (
            Operand(role=OperandRole.WHOLE, quantity=full.id)
            if full
            else Operand(role=OperandRole.WHOLE, value=policy.full_mark, source=f"{policy.name}:full_mark")
        )
        requires = _marks(builder, marks, whole)
        builder.claim(ClaimKind.SCORE_TOTAL, _parts(scores), table.total, concept="score", requires=requires)
    return table
