"""Tables that go on over a page break: joined, without the header rows that are printed again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reviewer.reading import words
from reviewer.reading.layout import CellContent, Passage
from reviewer.reading.paged.cells import PageCell, PageTable
from reviewer.reading.paged.strips import Strip
from reviewer.reading.tables import header_rows

_SAME_COLUMN = 4.0
_MOST_HEADERS = 4
_FEWEST_COLUMNS = 3
_OVERLAP = 0.6

Row = list[PageCell | None]


@dataclass(slots=True)
class WholeTable:
    """A table, whichever pages it stands on. `repeated` are the header rows left out."""

    parts: list[PageTable]
    rows: list[Row]
    repeated: list[Strip] = field(default_factory=list)
    named: int | None = None
    """How many rows at the top name the columns, where they are printed again on another page."""
    xs: tuple[float, ...] = ()
    """The edges of the columns, as far from the first as on the page where most were seen."""

    @classmethod
    def of(cls, part: PageTable) -> "WholeTable":
        """A table of one page so far."""
        return cls([part], [list(row) for row in part.rows], xs=part.xs)

    def goes_on_with(self, part: PageTable) -> bool:
        """Whether `part`, the first thing on the page behind, may be more of this table."""
        last = self.parts[-1]
        if part.page != last.page + 1:
            return False
        if part.drawn and last.drawn and self._drawn_alike(part):
            return True
        if len(part.xs) != len(self.xs):
            return False
        if not (part.drawn and last.drawn):
            columns = zip(pairwise(part.xs), pairwise(last.xs), strict=True)
            if all(_overlap(*pair) for pair in columns):
                return True
        return self._repeats(part.rows) > 0

    def _drawn_alike(self, part: PageTable) -> bool:
        """Whether the edges of one are edges of the other: a column that no row of a page has is not drawn there."""
        if len(part.xs) == len(self.xs):
            return _edges(part.xs, self.xs) is not None
        few, many = sorted((part.xs, self.xs), key=len)
        return len(few) > _FEWEST_COLUMNS and _edges(few, many) is not None

    def add(self, part: PageTable) -> None:
        """Go on with the rows of `part`."""
        rows = [list(row) for row in part.rows]
        if len(part.xs) > len(self.xs):
            self.rows = _placed(self.rows, self.xs, part.xs)
            self.xs = part.xs
        elif len(part.xs) < len(self.xs):
            rows = _placed(rows, part.xs, self.xs)
        again = self._repeats(rows)
        for row in rows[:again]:
            self.repeated.extend(strip for cell in row if cell is not None for strip in cell.strips)
        rows = rows[again:]
        self.named = again or self.named
        if rows and _is_rest(self.rows[-1], rows[0], self.parts[-1].padding):
            for above, cell in zip(self.rows[-1], rows[0], strict=True):
                if above is not None and cell is not None:
                    above.strips.extend(cell.strips)
            rows = rows[1:]
        self.parts.append(part)
        self.rows.extend(rows)

    def header_rows(self) -> int:
        """How many rows at the top name the columns."""
        first = [cell.text if cell is not None else "" for cell in self.rows[0]]
        if not header_rows(first, ruled=False):
            return 0
        boxes = [cell for cell in self.rows[0] if cell is not None]
        deep = max(cell.rows for cell in boxes)
        if deep == 1 or all(cell.columns == 1 for cell in boxes) or deep >= len(self.rows):
            return 1
        below = [cell.text for row in self.rows[1:deep] for cell in row if cell is not None and cell.strips]
        return deep if not any(words.number_only(text) for text in below) else 1

    def contents(self) -> list[list[CellContent | None]]:
        """The rows for the writer."""
        padding = min(part.padding for part in self.parts)
        at = next((strip.at() for part in self.parts for strip in part.strips()), (1, 0, self.parts[0].page))
        contents: list[list[CellContent | None]] = []
        for number, row in enumerate(self.rows):
            at = next((cell.strips[0].at() for cell in row if cell is not None and cell.strips), at)
            line: list[CellContent | None] = []
            for cell in row:
                if cell is None:
                    line.append(None)
                    continue
                passage = cell.passage(padding) if cell.strips else Passage("", [])
                start = next((place for place in passage.places if place is not None), (at[0], 0, at[2]))
                rows = min(cell.rows, len(self.rows) - number)
                line.append(CellContent(passage, start, rows, cell.columns))
            contents.append(line)
        return contents

    def _repeats(self, rows: Sequence[Row]) -> int:
        """How many of `rows`, from the first, say what the table's first rows say."""
        again = 0
        for first, row in zip(self.rows[:_MOST_HEADERS], rows, strict=False):
            texts = [cell.text if cell is not None else None for cell in row]
            if texts != [cell.text if cell is not None else None for cell in first] or not any(texts):
                break
            again += 1
        heads = self.header_rows()
        return again if again < len(rows) and 0 < heads <= again else 0


def _edges(few: Sequence[float], many: Sequence[float]) -> list[int] | None:
    """Which of the edges `many` the edges `few` are, wherever on the page they stand; None if one is none of them."""
    shift = few[0] - many[0]
    found = [min(range(len(many)), key=lambda index: abs(many[index] + shift - x)) for x in few]
    near = all(abs(many[index] + shift - x) <= _SAME_COLUMN for index, x in zip(found, few, strict=True))
    return found if near and found[-1] == len(many) - 1 and len(set(found)) == len(found) else None


def _placed(rows: Sequence[Row], few: Sequence[float], many: Sequence[float]) -> list[Row]:
    """The rows with cells over as many columns as they take between the edges `many`."""
    at = _edges(few, many)
    assert at is not None
    placed: list[Row] = []
    for row in rows:
        wide: Row = [None] * (len(many) - 1)
        for column, cell in enumerate(row):
            if cell is not None:
                cell.columns = at[column + cell.columns] - at[column]
                wide[at[column]] = cell
        placed.append(wide)
    return placed


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two columns, each from where its words begin to where the next one's do, are the same."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared >= _OVERLAP * min(one[1] - one[0], other[1] - other[0])


def _is_rest(above: Sequence[PageCell | None], row: Sequence[PageCell | None], padding: float) -> bool:
    """Whether a row is only the rest of the one above, which a page break cut: each of its cells goes on a line that
    is full and not ended, and some cells have nothing left to say."""
    pairs = [(a, c) for a, c in zip(above, row, strict=True) if c is not None and c.strips]
    empty = [
        a for a, c in zip(above, row, strict=True) if a is not None and a.strips and c is not None and not c.strips
    ]
    if not pairs or not empty:
        return False
    for before, cell in pairs:
        if before is None or not before.strips:
            return False
        last, first = before.strips[-1], cell.strips[0]
        if words.parts_sign(last.text, first.text):
            continue
        if words.number_only(cell.text) or before.leaves_room(last, first, padding) or words.stopped(last.text):
            return False
    return True
