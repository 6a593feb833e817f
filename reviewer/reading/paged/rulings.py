"""Ruling lines to grids: which lines belong together, where their cells are, and which cells are merged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviewer.reading.page_lines import Ruling

_TOUCH = 3.0
"""Points: lines nearer than this are one (double rulings), or meet (rounded and dashed ones)."""
_DASH = 4.5
_COVERED = 0.6
"""Of a cell's side: as much of it must be drawn to part two cells."""
_OPEN_SIDE = 12.0
_MOST_LINES = 600
"""In one direction on one page; beyond it the page holds a drawing."""
_MOST_PLACES = 20_000


@dataclass(frozen=True, slots=True)
class Box:
    """A cell: its place in the grid and how many rows and columns it takes."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Frame:
    """A grid: the x of its column borders and the y of its row borders, and the cells between them."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    boxes: tuple[Box, ...]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point is inside."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]


def joined(rulings: Iterable[Ruling]) -> list[Ruling]:
    """The rulings with double lines made one and broken ones whole, in order."""
    found: list[Ruling] = []
    for horizontal in (True, False):
        same = sorted(
            (ruling for ruling in rulings if ruling.horizontal is horizontal),
            key=lambda ruling: (ruling.at, ruling.start, ruling.end),
        )
        level: list[Ruling] = []
        for ruling in same:
            if level and ruling.at - level[0].at > _TOUCH:
                found.extend(_whole(level))
                level = []
            level.append(ruling)
        found.extend(_whole(level))
    return found


def _whole(level: Sequence[Ruling]) -> list[Ruling]:
    """The lines of one height, end to end."""
    if not level:
        return []
    at = sum(ruling.at for ruling in level) / len(level)
    lines: list[Ruling] = []
    for ruling in sorted(level, key=lambda ruling: (ruling.start, ruling.end)):
        if lines and ruling.start <= lines[-1].end + _DASH:
            before = lines.pop()
            lines.append(Ruling(ruling.horizontal, at, before.start, max(before.end, ruling.end)))
        else:
            lines.append(Ruling(ruling.horizontal, at, ruling.start, ruling.end))
    return lines


def frames(rulings: Sequence[Ruling]) -> list[Frame]:
    """The grids of a page, top to bottom: two columns at least. `rulings` as `joined` gives them."""
    across = [ruling for ruling in rulings if ruling.horizontal]
    down = [ruling for ruling in rulings if not ruling.horizontal]
    if max(len(across), len(down)) > _MOST_LINES:
        return []
    found = [frame for group in _groups(across, down) if (frame := _frame(*group)) is not None]
    outer = [frame for frame in found if not any(_is_inside(frame, other) for other in found if other is not frame)]
    return sorted(outer, key=lambda frame: (frame.ys[0], frame.xs[0]))


def _is_inside(frame: Frame, other: Frame) -> bool:
    """Whether a grid is drawn within a cell of another."""
    return (
        other.xs[0] <= frame.xs[0]
        and frame.xs[-1] <= other.xs[-1]
        and other.ys[0] <= frame.ys[0]
        and frame.ys[-1] <= other.ys[-1]
    )


def _groups(across: Sequence[Ruling], down: Sequence[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Lines that meet one another, directly or through others."""
    left = list(down)
    unseen = list(across)
    groups: list[tuple[list[Ruling], list[Ruling]]] = []
    while unseen:
        rows, columns, at = [unseen.pop(0)], [], 0
        while at < len(rows):
            meeting = [line for line in left if _meet(rows[at], line)]
            left = [line for line in left if not _meet(rows[at], line)]
            for line in meeting:
                rows.extend(other for other in unseen if _meet(other, line))
                unseen = [other for other in unseen if not _meet(other, line)]
            columns.extend(meeting)
            at += 1
        groups.append((rows, columns))
    return groups


def _meet(across: Ruling, down: Ruling) -> bool:
    return (
        down.start - _TOUCH <= across.at <= down.end + _TOUCH
        and across.start - _TOUCH <= down.at <= across.end + _TOUCH
    )


def _frame(across: Sequence[Ruling], down: Sequence[Ruling]) -> Frame | None:
    if not down:
        return None
    # Where outer sides are not drawn, or a page break has cut a row, a table ends where its other lines do.
    xs, ys = _bounded(down, across), _bounded(across, down)
    if len(ys) < 2 or len(xs) < 3 or (len(xs) - 1) * (len(ys) - 1) > _MOST_PLACES:
        return None
    boxes = _boxes(xs, ys, across, down)
    if len(boxes) < 2:
        return None
    return Frame(tuple(xs), tuple(ys), tuple(boxes))


def _bounded(lines: Sequence[Ruling], crossing: Sequence[Ruling]) -> list[float]:
    """Where the lines of one direction are, and where those that cross them end far outside."""
    levels = _levels([line.at for line in lines])
    start, end = min(line.start for line in crossing), max(line.end for line in crossing)
    before = [start] if start < levels[0] - _OPEN_SIDE else []
    behind = [end] if end > levels[-1] + _OPEN_SIDE else []
    return [*before, *levels, *behind]


def _levels(values: Sequence[float]) -> list[float]:
    levels: list[float] = []
    for value in sorted(values):
        if not levels or value - levels[-1] > _TOUCH:
            levels.append(value)
    return levels


def _boxes(xs: Sequence[float], ys: Sequence[float], across: Sequence[Ruling], down: Sequence[Ruling]) -> list[Box]:
    """Cells: places of the grid with no line between them are one, as long as they make a rectangle."""
    rows, columns = len(ys) - 1, len(xs) - 1
    at_x, at_y = _by_level(down, xs), _by_level(across, ys)
    home = {(row, column): (row, column) for row in range(rows) for column in range(columns)}

    def root(place: tuple[int, int]) -> tuple[int, int]:
        while home[place] != place:
            home[place] = home[home[place]]
            place = home[place]
        return place

    for row in range(rows):
        for column in range(columns):
            if column + 1 < columns and not _is_drawn(at_x[column + 1], ys[row], ys[row + 1]):
                home[root((row, column + 1))] = root((row, column))
            if row + 1 < rows and not _is_drawn(at_y[row + 1], xs[column], xs[column + 1]):
                home[root((row + 1, column))] = root((row, column))
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place in home:
        members.setdefault(root(place), []).append(place)
    boxes: list[Box] = []
    for places in members.values():
        top, left = min(row for row, _ in places), min(column for _, column in places)
        height = max(row for row, _ in places) - top + 1
        breadth = max(column for _, column in places) - left + 1
        if height * breadth == len(places):
            boxes.append(Box(top, left, height, breadth))
        else:
            boxes.extend(Box(row, column, 1, 1) for row, column in places)
    return sorted(boxes, key=lambda box: (box.row, box.column))


def _by_level(lines: Sequence[Ruling], levels: Sequence[float]) -> list[list[Ruling]]:
    return [[line for line in lines if abs(line.at - level) <= _TOUCH] for level in levels]


def _is_drawn(lines: Sequence[Ruling], start: float, end: float) -> bool:
    covered = sum(max(0.0, min(line.end, end) - max(line.start, start)) for line in lines)
    return covered >= _COVERED * (end - start)
