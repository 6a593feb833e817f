"""Units that stand elsewhere: a bare number in a table takes the unit of its header, its row or the caption."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from reviewer.lexicon import load
from reviewer.quantities import units
from reviewer.quantities.context import Context, Found
from reviewer.schema.numbers import Bound, Dimension, QuantityKind
from reviewer.schema.source import Table

_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]{1,14})[)\]】]")
_BOUND_ONLY = re.compile(r"[\s$≥≤<>=\\a-z不低于少超过高大小约近至至少达到含()以上下内左右及]*")
_TRAILING = re.compile(r"(?:/|:)?([%‰]|[百千]?[万亿]?元)$")


@dataclass(frozen=True, slots=True)
class Source:
    """A unit and where it is printed."""

    unit: units.Unit
    span: tuple[int, int]


@dataclass(slots=True)
class _Label:
    """What a header or a row label says about the numbers it names."""

    text: str
    source: Source | None = None
    kind: QuantityKind = QuantityKind.QUANTITY
    amount: bool = True


@cache
def _words(name: str) -> tuple[str, ...]:
    words: list[str] = load("units")["cells"][name]
    return tuple(words)


@cache
def _caption() -> re.Pattern[str]:
    names = "|".join(sorted(_words("caption"), key=lambda word: (-len(word), word)))
    return re.compile(rf"(?:{names}) ?: ?(?:人民币)? ?([^\s，。；;)）]{{1,8}})")


def _printed_unit(text: str, offset: int) -> Source | None:
    """The unit in brackets or at the end of a label that begins at `offset`: 预算数（万元）, 单位：万元, 占比%."""
    for match in _BRACKET.finditer(text):
        inner = match[1].strip()
        lead = _caption().match(inner)
        start = match.start(1) + match[1].index(inner)
        if lead:
            inner, start = lead[1], start + lead.start(1)
        if unit := units.named(inner):
            return Source(unit, (offset + start, offset + start + len(inner)))
    for named in (_caption().search(text), _TRAILING.search(text.rstrip())):
        if named and (unit := units.named(named[1])):
            return Source(unit, (offset + named.start(1), offset + named.end(1)))
    return None


def _label(context: Context, spans: list[tuple[int, int]], *, header: bool) -> _Label:
    """The label made of these cells, the lowest first."""
    label = _Label("".join("".join(context.text[start:end].split()) for start, end in spans))
    for start, end in reversed(spans):
        if source := _printed_unit(context.text[start:end], start):
            label.source = source
            label.amount = source.unit.dimension is Dimension.MONEY
            return label
    own = "".join(context.text[slice(*spans[-1])].split()) if spans else ""
    if not own:
        return label
    if header and own in _words("serial"):
        label.kind = QuantityKind.HEADING
    elif header and own.endswith(_words("code")):
        label.kind = QuantityKind.CODE
    elif header and own.endswith(_words("year")):
        label.kind = QuantityKind.DATE
    elif own.endswith(_words("score")):
        found = max((own.rfind(word), len(word)) for word in _words("score") if own.endswith(word))
        at = context.text.find(own[found[0]], spans[-1][0])
        label.source = Source(units.resolve("分"), (at, spans[-1][1]))
        label.amount = False
    elif own.endswith(_words("rate")) or own.endswith(_words("count")):
        label.amount = False
    return label


class _Sheet:
    """One table: its column labels, row labels and caption."""

    def __init__(self, context: Context, table: Table, above: Source | None) -> None:
        """`above` is the caption of the table right above, which is this one's too."""
        self.context, self.table = context, table
        self.labels = self._columns()
        self.caption = self._find_caption() or above
        self.unit_columns = {column for column, label in self.labels.items() if label.text in _words("unit_column")}

    def _columns(self) -> dict[int, _Label]:
        columns: dict[int, list[tuple[int, int]]] = {}
        header = self.table.rows[: self.table.header_rows]
        for depth, row in enumerate(header):
            carried: tuple[int, int] | None = None
            for cell in row:
                span = (cell.span.start, cell.span.end)
                if cell.covered:
                    holder = self.table.holder(cell)
                    span = (holder.span.start, holder.span.end) if holder and holder.row == cell.row else span
                elif span[0] < span[1]:
                    carried = span
                # A heading that spans several columns is printed over the first of them only.
                elif depth < len(header) - 1 and carried:
                    span = carried
                if span[0] < span[1]:
                    columns.setdefault(cell.column, []).append(span)
        return {column: _label(self.context, spans, header=True) for column, spans in columns.items()}

    def _find_caption(self) -> Source | None:
        text, table = self.context.text, self.table
        start = table.start
        for _ in range(3):
            start = max(0, text.rfind("\n", 0, max(0, start - 1)))
        # Header rows come after the block before the table: what stands nearest to the numbers is meant.
        regions = [(start, table.start)]
        regions += [(c.span.start, c.span.end) for row in table.rows[:2] for c in row]
        found = None
        for begin, end in regions:
            for match in _caption().finditer(text, begin, end):
                if unit := units.named(match[1]):
                    found = Source(unit, (match.start(1), match.end(1)))
        return found

    def merged_source(self, row: int, column: int) -> Source | None:
        """The unit of a merged label that stands beside several rows: 项目资金（万元）."""
        beside = [cell for cell in self.table.rows[row] if cell.column < column and cell.covered]
        holders = [holder for cell in reversed(beside) if (holder := self.table.holder(cell)) and holder.rows > 1]
        found = (_printed_unit(self.context.text[h.span.start : h.span.end], h.span.start) for h in holders)
        return next((source for source in found if source is not None), None)

    def row_source(self, row: int, column: int) -> _Label | None:
        """What the cells left of the number, nearest first, or the row's unit column, say about it."""
        cells = self.table.rows[row]
        for cell in cells:
            if cell.column in self.unit_columns:
                spelled = self.context.text[cell.span.start : cell.span.end].strip()
                if unit := units.named(spelled):
                    return _Label(spelled, Source(unit, (cell.span.start, cell.span.end)))
        for cell in sorted(cells, key=lambda cell: -cell.column):
            if cell.column < column and cell.span.start < cell.span.end:
                words = self.context.text[cell.span.start : cell.span.end]
                # A value such as 95分 names nothing; a label such as 3.参观人数（人） does.
                if any(c.isalpha() for c in words) and ("(" in words or not any(c.isdigit() for c in words)):
                    return _label(self.context, [(cell.span.start, cell.span.end)], header=False)
        return None


def _is_bare(context: Context, start: int, end: int, inside: list[Found]) -> bool:
    """Whether the cell holds one number without unit and nothing but signs of a bound."""
    if len(inside) != 1 or inside[0].kind is not QuantityKind.QUANTITY or inside[0].numerator is not None:
        return False
    found = inside[0]
    if found.unit is not None and found.unit not in units.multipliers():
        return False
    rest = context.text[start : found.start], context.text[found.end : end]
    return all(_BOUND_ONLY.fullmatch(part) for part in rest)


def inherit(context: Context) -> None:
    """Give the bare numbers of every table their unit or kind; changes the numbers of `context.found`."""
    starts = [found.start for found in context.found]
    end, caption = -1, None
    for table in context.document.tables:
        follows = not context.text[end : table.start].strip() if end >= 0 else False
        sheet = _Sheet(context, table, caption if follows else None)
        end, caption = table.end, sheet.caption
        for row_index, row in enumerate(table.rows[table.header_rows :], table.header_rows):
            for cell in row:
                start, end = cell.span.start, cell.span.end
                inside = context.found[bisect_left(starts, start) : bisect_left(starts, end)]
                if inside and _is_bare(context, start, end, inside):
                    _settle(sheet, inside[0], row_index, cell.column)


def _settle(sheet: _Sheet, found: Found, row: int, column: int) -> None:
    label = sheet.labels.get(column, _Label(""))
    if label.kind is not QuantityKind.QUANTITY:
        whole = found.value is not None and found.value == found.value.to_integral_value()
        if label.kind is not QuantityKind.DATE or (whole and found.value is not None and 1900 < found.value < 2100):
            _retype(found, label.kind)
            return
    source = label.source
    if source is None:
        beside = sheet.row_source(row, column)
        if beside is not None and beside.source is not None:
            source = beside.source
        elif column and label.amount and (beside is None or beside.amount):
            source = sheet.merged_source(row, column) or sheet.caption
    if source is None:
        return
    unit = source.unit
    if found.unit in units.multipliers():
        # 3万 under a header in 元; a header in 万元 would multiply twice and is left alone.
        if unit.name != "元":
            return
        unit = units.resolve("元", found.unit or "")
    found.unit, found.scale, found.dimension, found.unit_span = (
        unit.name,
        unit.scale,
        unit.dimension,
        source.span,
    )


def _retype(found: Found, kind: QuantityKind) -> None:
    found.kind, found.bound = kind, Bound.EXACT
    found.value = found.low = found.high = found.ulp = None
