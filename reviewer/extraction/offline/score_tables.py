"""Scoring tables: items against their levels' and the whole's full mark, their sum against the rows that add up."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, is_indicator_row, is_subtotal, is_total, numbering, whole_cell
from reviewer.lexicon.measures import plain
from reviewer.policies import Policy
from reviewer.schema import Cell, ClaimKind, Dimension, Operand, OperandRole, Quantity

_MARKS = (Dimension.SCORE, Dimension.NONE, Dimension.PERCENT)


@dataclass(frozen=True, slots=True)
class Item:
    """One row that is scored."""

    name: str
    style: str
    """How its number looks: 一、 or 1. or none."""
    score: Quantity
    full: Quantity | None
    row: tuple[Cell, ...]
    rule: Cell | None = None
    """The cell that says how it is scored."""


@dataclass(slots=True)
class Group:
    """The items of one indicator of a higher level: 「决策（20分）」."""

    name: str
    full: Quantity | None
    items: list[Item] = field(default_factory=list)


@dataclass(slots=True)
class ScoreTable:
    """What a scoring table adds to the scores of the prose."""

    groups: list[Group] = field(default_factory=list)
    """Of the first level."""
    items: list[Item] = field(default_factory=list)
    total: Quantity | None = None
    beside: list[Item] = field(default_factory=list)
    """Scored rows of a budget, which the total of the indicators below them counts: 「执行率 | 10 | 9.83」."""


@dataclass(slots=True)
class _Sum:
    """A row that adds up others."""

    score: Quantity
    full: Quantity | None
    items: list[Item]


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


def _name(words: str) -> str:
    """A label without its mark and its number."""
    words = plain(words).split("（")[0].split("(")[0]
    return words[len(numbering(words)[1]) :]


def _score(builder: Builder, grid: Grid, row: tuple[Cell, ...]) -> Quantity | None:
    cell = grid.cell(row, "score")
    return whole_cell(builder.source, cell) if cell else None


def _total_mark(builder: Builder, grid: Grid, row: tuple[Cell, ...], score: Quantity) -> Quantity | None:
    """The full mark of a row that adds up: in its column, in its label, else the number before its score."""
    if (column := grid.cell(row, "full_mark")) and (mark := whole_cell(builder.source, column)):
        return mark
    labelled = next((_mark_in(builder, cell) for cell in row if is_total(plain(grid.text(cell)))), None)
    if labelled is not None and labelled.id != score.id:
        return labelled
    numbers = [n for cell in row if (n := whole_cell(builder.source, cell)) and n.id != score.id]
    return next((n for n in numbers if n.span.start < score.span.start), None)


def _parts(quantities: list[Quantity]) -> list[Operand]:
    return [Operand(role=OperandRole.PART, quantity=quantity.id) for quantity in quantities]


def _adds_up(builder: Builder, items: list[Item], score: Quantity, whole: Operand) -> None:
    """The items' scores make up a score, provided that their full marks make up its full mark."""
    marks = [item.full for item in items if item.full]
    if len(items) < 2 or len(marks) < len(items):
        return
    claim = builder.claim(ClaimKind.SCORE_TOTAL, [*_parts(marks), whole], None, cue=marks[0].span, concept="full_mark")
    builder.claim(
        ClaimKind.SCORE_TOTAL, _parts([item.score for item in items]), score, concept="score", requires=claim.id
    )


def _whole(mark: Quantity) -> Operand:
    return Operand(role=OperandRole.WHOLE, quantity=mark.id)


def _levels(builder: Builder, grid: Grid, rows: list[tuple[Cell, ...]], column: int) -> list[tuple[Group, set[int]]]:
    """The groups of one column of labels with the rows they span; an empty cell goes on with the one above."""
    groups: list[tuple[Group, set[int]]] = []
    for index, row in enumerate(rows):
        cell = next((cell for cell in row if cell.column == column), None)
        words = plain(grid.text(cell)) if cell else ""
        broken = any(c.column < column and plain(grid.text(c)) and grid.kind(c) == "level" for c in row)
        name = _name(words)
        if words and (not groups or groups[-1][0].name != name or (broken and cell and _mark_in(builder, cell))):
            groups.append((Group(name, _level_mark(builder, grid, row, cell) if cell else None), set()))
        if groups:
            groups[-1][1].add(index)
    return groups


def _level_mark(builder: Builder, grid: Grid, row: tuple[Cell, ...], cell: Cell) -> Quantity | None:
    """The full mark of a label: inside it, or in the column of marks right behind it."""
    if (mark := _mark_in(builder, cell)) is not None:
        return mark
    leaf = grid.cell(row, "full_mark")
    beside = next((other for other in row if other.column == cell.column + 1), None)
    if beside is None or grid.kind(beside) != "full_mark" or (leaf and leaf.column == beside.column):
        return None
    return whole_cell(builder.source, beside)


def _marks_add_up(builder: Builder, grid: Grid, rows: list[tuple[Cell, ...]], fulls: list[Quantity | None]) -> None:
    """The full marks of each level make up those of the level above, in tables that print them."""
    columns = sorted({cell.column for row in rows for cell in row if grid.kind(cell) == "level"})
    levels = [_levels(builder, grid, rows, column) for column in columns]
    for upper, lower in zip(levels, [*levels[1:], None][: len(levels)], strict=True):
        for group, spanned in upper:
            if group.full is None:
                continue
            if lower and all(inner.full for inner, _ in lower):
                parts = [inner.full for inner, rows_of in lower if rows_of <= spanned]
            else:
                parts = [fulls[index] for index in sorted(spanned)]
            found = [part for part in parts if part is not None]
            if len(found) > 1 and len(found) == len(parts):
                builder.claim(
                    ClaimKind.SCORE_TOTAL,
                    _parts(found),
                    group.full,
                    cue=group.full.span,
                    concept="marks",
                )


def _nested(items: list[Item]) -> list[tuple[Item, list[Item]]]:
    """Items of the outer style of numbering with those of an inner one below each: 「一、投入」 above 「1. 目标」."""
    outer = items[0].style if items else ""
    found: list[tuple[Item, list[Item]]] = []
    for item in items:
        if item.style == outer or not found:
            found.append((item, []))
        else:
            found[-1][1].append(item)
    return found


@dataclass(slots=True)
class _Read:
    """A scoring table by its rows."""

    items: list[Item] = field(default_factory=list)
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    fulls: list[Quantity | None] = field(default_factory=list)
    """Of every row about an indicator, scored or not."""
    sums: list[_Sum] = field(default_factory=list)
    whole: tuple[tuple[Cell, ...], Quantity] | None = None
    """The row that adds up everything, with its score."""
    complete: bool = True
    """Whether no row lacks only its score or only its mark."""


def _read(builder: Builder, grid: Grid) -> _Read:
    read = _Read()
    since: list[Item] = []
    for row in grid.table.rows[grid.table.header_rows :]:
        score = _score(builder, grid, row)
        adding = next((words for cell in row if is_total(words := plain(grid.text(cell)))), None)
        if adding is not None:
            if score is not None and is_subtotal(adding):
                read.sums.append(_Sum(score, _total_mark(builder, grid, row, score), since))
            elif score is not None:
                read.whole = row, score
            since = []
        elif is_indicator_row(grid, row):
            full = _full_mark(builder, grid, row)
            read.rows.append(row)
            read.fulls.append(full)
            if score is None or full is None or not {score.dimension, full.dimension} <= set(_MARKS):
                read.complete = read.complete and score is None and full is None
                continue
            named = grid.cell(row, "name") or row[0]
            label = next((words for cell in row if (words := plain(grid.text(cell)))), "")
            since.append(Item(_name(grid.text(named)), numbering(label)[0], score, full, row, grid.cell(row, "rule")))
            read.items.append(since[-1])
    return read


def _of_budget(builder: Builder, grid: Grid) -> list[Item]:
    """Rows of amounts that are scored."""
    found: list[Item] = []
    for row in grid.table.rows[grid.table.header_rows :]:
        score, full = _score(builder, grid, row), _full_mark(builder, grid, row)
        if score and full and {score.dimension, full.dimension} <= set(_MARKS):
            found.append(Item("", "", score, full, row))
    return found


def extract_score_table(builder: Builder, grid: Grid, policy: Policy, beside: Sequence[Item] = ()) -> ScoreTable:
    """Note the claims of a scoring table; what the prose may be held against is returned.

    `beside` are scored rows of the tables before it.
    """
    if "score" not in grid.holds:
        return ScoreTable()
    if grid.is_budget:
        return ScoreTable(beside=_of_budget(builder, grid))
    read = _read(builder, grid)
    for item in read.items:
        if grid.cell(item.row, "full_mark") is None and item.full and (item.full.value or 0) > 0:
            builder.claim(
                ClaimKind.SCORE_CAP, [(OperandRole.ITEM, item.score), (OperandRole.CAP, item.full)], item.score
            )
    _marks_add_up(builder, grid, read.rows, read.fulls)
    outer = _nested(read.items)
    for parent, children in outer:
        if parent.full is not None:
            _adds_up(builder, children, parent.score, _whole(parent.full))
    for added in read.sums:
        if added.full is not None:
            _adds_up(builder, added.items, added.score, _whole(added.full))
    if read.whole is not None and read.complete:
        mark = _total_mark(builder, grid, *read.whole)
        by_policy = Operand(role=OperandRole.WHOLE, value=policy.full_mark, source=f"{policy.name}:full_mark")
        sums = [Item("", "", added.score, added.full, ()) for added in read.sums]
        inner = [parts for parts in ([parent for parent, _ in outer], sums) if len(parts) < len(read.items)]
        for parts in [read.items, *inner, *([[*beside, *read.items]] if beside else [])]:
            _adds_up(builder, parts, read.whole[1], _whole(mark) if mark else by_policy)
    return ScoreTable(_groups(grid, builder, read), read.items, read.whole[1] if read.whole else None)


def _groups(grid: Grid, builder: Builder, read: _Read) -> list[Group]:
    """The items of each label of the first column, where that names a level."""
    columns = sorted({cell.column for row in read.rows for cell in row if grid.kind(cell) == "level"})
    groups: list[Group] = []
    for group, spanned in _levels(builder, grid, read.rows, columns[0]) if columns else ():
        inside = [read.rows[index] for index in spanned]
        group.items = [item for item in read.items if item.row in inside]
        groups.append(group)
    return groups
