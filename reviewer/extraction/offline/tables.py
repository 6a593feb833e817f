"""Tables: what each cell's number means by its column and row, scores against full marks, rows that are indicators."""

import re
from dataclasses import dataclass
from functools import cache

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.indicators import issues_of
from reviewer.extraction.offline.labels import label
from reviewer.extraction.offline.mentions import paragraph
from reviewer.lexicon import load
from reviewer.lexicon.measures import concept_in, names_a_rate, plain, role_in
from reviewer.schema import (
    Cell,
    ClaimKind,
    Dimension,
    Document,
    OperandRole,
    Quantity,
    Role,
    Table,
)

_ROLES = {
    "rule": Role.THRESHOLD,
    "full_mark": Role.FULL_MARK,
    "lost_mark": Role.LOST_MARK,
    "score": Role.SCORE,
    "actual_value": Role.ACTUAL,
    "target_value": Role.TARGET,
}


@cache
def _column_words() -> tuple[tuple[str, str], ...]:
    return tuple((word, entry["holds"]) for entry in load("tables")["column"] for word in entry["words"])


def _holds(header: str) -> str | None:
    words = plain(header)
    return next((holds for word, holds in _column_words() if word in words), None)


@dataclass(slots=True)
class _Grid:
    """A table with the words of its headers and the labels of its rows."""

    document: Document
    table: Table
    headers: list[str]
    holds: list[str | None]

    @classmethod
    def of(cls, document: Document, table: Table) -> "_Grid":
        width = max((len(row) for row in table.rows), default=0)
        headers = [""] * width
        for row in table.rows[: table.header_rows]:
            for cell in row:
                headers[cell.column] += document.text[cell.span.start : cell.span.end]
        return cls(document, table, headers, [_holds(header) for header in headers])

    def text(self, cell: Cell) -> str:
        return self.document.text[cell.span.start : cell.span.end]

    @property
    def is_indicators(self) -> bool:
        return "name" in self.holds and any(kind in self.holds for kind in ("target_value", "actual_value", "score"))

    def cell(self, row: tuple[Cell, ...], holds: str) -> Cell | None:
        """The row's last cell under a header of this kind."""
        found = [cell for cell in row if cell.column < len(self.holds) and self.holds[cell.column] == holds]
        return found[-1] if found else None


def _whole_cell(builder: Builder, cell: Cell) -> Quantity | None:
    """The quantity that is all a cell holds, up to brackets and comparison signs."""
    found = builder.source.within(cell.span.document, cell.span.start, cell.span.end)
    if len(found) != 1:
        return None
    text = builder.source.text(cell.span)
    rest = text.replace(found[0].text, "", 1).strip(" ()（）≥≤><=＝不低于高超过少多以上下及含约")
    return found[0] if not rest else None


def _figures(builder: Builder, grid: _Grid, row: tuple[Cell, ...], name: str) -> None:
    document = grid.document
    for cell in row:
        holds = grid.holds[cell.column] if cell.column < len(grid.holds) else None
        header = plain(grid.headers[cell.column]) if cell.column < len(grid.headers) else ""
        role = _ROLES.get(holds or "")
        whole = _whole_cell(builder, cell)
        prose = paragraph(builder.source, document.id, cell.span.start, cell.span.end)
        for mention in prose.mentions:
            quantity = mention.quantity
            found = None if whole else label(builder.source, prose, mention)
            concept = None
            here = role
            if holds in ("name", "level") or (role is None and quantity.dimension is Dimension.SCORE):
                here = Role.FULL_MARK if quantity.dimension is Dimension.SCORE else (found.role if found else None)
            elif found and role is None:
                here, concept = found.role, found.concept
            elif role is None and quantity.dimension is Dimension.MONEY:
                named = concept_in(plain(name)) or concept_in(header)
                concept = named.concept.key if named else None
                here = Role(role_in(header) or "amount")
            elif role is None and quantity.dimension is Dimension.PERCENT:
                here = Role.SHARE if "占" in header else Role.RATE if names_a_rate(header) else None
            elif role is None and header:
                here = Role.COUNT
            measure = name or (found.mention.measure if found else header)
            if here is not None and measure:
                year = document.year
                builder.figure(quantity, measure, concept, here, None, None if year is None else str(year))


def _row_name(grid: _Grid, row: tuple[Cell, ...]) -> str:
    """What a row is about: its indicator's name, else its first words."""
    named = grid.cell(row, "name")
    if named is not None and re.search(r"[^\W\d]", grid.text(named)):
        return plain(grid.text(named))
    return next((plain(text) for cell in row if (text := grid.text(cell)) and not text[0].isdigit()), "")


def _is_header(grid: _Grid, row: tuple[Cell, ...]) -> bool:
    """A header printed again, as on every page of a long table."""
    return all(grid.text(cell) == grid.headers[cell.column] for cell in row)


def _indicator(builder: Builder, grid: _Grid, row: tuple[Cell, ...], name: str, level: str | None) -> None:
    cells = {kind: grid.cell(row, kind) for kind in ("target_value", "actual_value", "full_mark", "score")}
    numbers = {kind: _whole_cell(builder, cell) if cell else None for kind, cell in cells.items()}
    target, actual = cells["target_value"], cells["actual_value"]
    stated = [cell for cell in (target, actual) if cell]
    issues = issues_of(
        name,
        "".join(grid.text(cell) for cell in stated),
        [
            mention
            for cell in stated
            for mention in paragraph(builder.source, grid.document.id, cell.span.start, cell.span.end).mentions
        ],
        target=(grid.text(target) if target else "") if "target_value" in grid.holds else None,
        actual=(grid.text(actual) if actual else "") if "actual_value" in grid.holds else None,
    )
    if not stated:  # a scoring table: items with marks only, no values to be measured
        issues = ()
    named = grid.cell(row, "name") or row[0]
    builder.indicator(
        name,
        builder.span(grid.document.id, named.span.start, (actual or target or row[-1]).span.end),
        level,
        {kind: quantity.id if quantity else None for kind, quantity in numbers.items()},
        issues,
    )


def _score_cap(builder: Builder, grid: _Grid, row: tuple[Cell, ...]) -> None:
    full, score = grid.cell(row, "full_mark"), grid.cell(row, "score")
    cap = _whole_cell(builder, full) if full else None
    item = _whole_cell(builder, score) if score else None
    if cap and item:
        builder.claim(ClaimKind.SCORE_CAP, [(OperandRole.ITEM, item), (OperandRole.CAP, cap)], item)


def extract_tables(builder: Builder) -> None:
    """Note what the tables of every document hold."""
    for document in builder.source.documents:
        for table in document.tables:
            grid = _Grid.of(document, table)
            level: str | None = None
            for row in table.rows[table.header_rows :]:
                name = _row_name(grid, row)
                _figures(builder, grid, row, name)
                _score_cap(builder, grid, row)
                if cell := grid.cell(row, "level"):
                    level = plain(grid.text(cell)) or level
                named = grid.cell(row, "name")
                if grid.is_indicators and named and plain(grid.text(named)) == name and not _is_header(grid, row):
                    _indicator(builder, grid, row, name, level)
