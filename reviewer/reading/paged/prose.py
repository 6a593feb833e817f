"""Lines of pages to paragraphs: the wrapping of text files, told by edges instead of character counts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reviewer.reading import markup, words
from reviewer.reading.layout import Passage
from reviewer.reading.paged.order import LEFT, RIGHT
from reviewer.reading.paged.strips import Strip
from reviewer.reading.pieces import Piece
from reviewer.reading.wrapping import Line, Wrapping

_INDENT = 0.8
"""Of the type size: what is set in by more begins a paragraph."""
_EDGE = 1.3
_ENOUGH = 3
_MOSTLY = 0.7
_SLACK = 0.3
_NEARLY = 6.0
_OTHER_SIZE = 1.12
_LARGER = 1.15
_LONGEST_HEADING = 50
_NARROWEST = 0.6
"""Of the width of the page or column: an edge that lines share nearer to its start is not its margin."""
_FAR = 1.4
"""Of the usual distance between lines: what is farther apart is two paragraphs."""
_SPACED = 1.2
"""Of the distance within paragraphs: from here on the distance between them is a sign of its own."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The left and right edge of a column of text."""

    left: float
    right: float


@dataclass(frozen=True, slots=True)
class ProseLine:
    """A visual line outside tables."""

    strips: tuple[Strip, ...]
    region: tuple[float, float, int]
    """Lines of one region share their margins: size of the page, column."""
    after_block: bool = False

    @property
    def left(self) -> float:
        """Left edge."""
        return self.strips[0].left

    @property
    def right(self) -> float:
        """Right edge."""
        return self.strips[-1].right

    @property
    def within(self) -> float:
        """Right edge of the last character that must stand before the margin: stops and closing marks may hang over."""
        last = self.strips[-1]
        return next(
            (
                right
                for char, right in zip(last.text[::-1], last.rights[::-1], strict=True)
                if not words.never_first(char)
            ),
            self.right,
        )

    @property
    def size(self) -> float:
        """Type size."""
        return max(strip.size for strip in self.strips)

    @property
    def page(self) -> int:
        """From 1."""
        return self.strips[0].page

    @property
    def middle(self) -> float:
        """Height on the page."""
        return self.strips[0].middle

    @property
    def text(self) -> str:
        """With a blank between strips."""
        return " ".join(strip.text for strip in self.strips)

    def width_of(self, count: int) -> float:
        """How wide its first `count` characters are."""
        first = self.strips[0]
        return first.rights[min(count, len(first.text)) - 1] - first.left if count else 0.0

    def x_of(self, index: int) -> float | None:
        """Left edge of a character of the first strip."""
        first = self.strips[0]
        return first.lefts[index] if index < len(first.lefts) else None

    def passage(self) -> Passage:
        """Its characters with their places."""
        whole = self.strips[0].passage()
        for strip in self.strips[1:]:
            whole = whole.joined(strip.passage(), " ")
        return whole

    def line(self, above: "ProseLine | None") -> Line:
        """As the wrapping of text files sees it."""
        text, first = self.text, self.strips[0]
        piece = Piece(first.line, first.column, text, text, first.column, 0, first.page - 1, first.page)
        return Line.of(
            piece,
            (0, len(text)),
            heading=None,
            bullet=markup.prefix(text).bullet,
            breaks_page=above is not None and above.page != self.page,
            after_block=self.after_block,
        )


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[ProseLine, ...]

    def passage(self) -> Passage:
        """The lines joined."""
        whole = self.lines[0].passage()
        for above, line in zip(self.lines, self.lines[1:], strict=False):
            whole = whole.joined(line.passage(), words.glue(above.text, line.text))
        return whole

    def bold(self) -> int:
        """Index in the passage where the bold characters it opens with end."""
        at = 0
        for above, line in zip((None, *self.lines), self.lines, strict=False):
            if above is not None:
                at += len(words.glue(above.text, line.text))
            for number, strip in enumerate(line.strips):
                at += number > 0
                bold = strip.bold or (False,) * len(strip.text)
                if not all(bold):
                    return at + bold.index(False) if at or any(bold) else 0
                at += len(strip.text)
        return at


class SetWrapping(Wrapping):
    """Which lines go on: a line is full when the next word would not have fitted before the right edge."""

    def __init__(self, prose: Sequence[ProseLine]) -> None:
        self._prose = prose
        self._edges = _measures(prose)
        self._far = _FAR * _usual_pitch(prose)
        self._spaced = False
        super().__init__([line.line(above) for above, line in zip((None, *prose), prose, strict=False)])
        self._set_in = self._is_set_in()
        self._find_spacing()
        self._items_at_edge = any(
            line.opens and self._at_edge(index) and not self._is_nearly_full(index)
            for index, line in enumerate(self._lines)
            if index
        )

    def _measure_at(self, index: int) -> int | None:
        return self._lines[index].columns

    def _first_line_indent(self) -> int:
        return 0

    def _blank_lines_end_paragraphs(self) -> bool:
        return False

    def _edge(self, index: int) -> Measure:
        return self._edges[self._prose[index].region]

    def _is_full(self, group: list[int], index: int) -> bool:
        above, line = self._prose[index - 1], self._prose[index]
        if self._is_far(index):
            return False
        needed = line.width_of(len(words.first_token(line.text)))
        return above.right + min(needed, 7 * line.size) > self._edge(index - 1).right - _SLACK * above.size

    def _is_nearly_full(self, index: int) -> bool:
        """Typesetters keep quotes and figures together with what stands beside them, so that lines end early."""
        above = self._prose[index - 1]
        return above.right > self._edge(index - 1).right - _NEARLY * above.size

    def _at_edge(self, index: int) -> bool:
        line = self._prose[index]
        return line.left - self._edge(index).left <= _INDENT * line.size

    def _is_far(self, index: int) -> bool:
        above, line = self._prose[index - 1], self._prose[index]
        if above.region != line.region or above.page != line.page:
            return False
        return line.middle - above.middle > self._far * max(above.size, line.size)

    def _is_new_first_line(self, group: list[int], index: int) -> bool:
        above = self._lines[index - 1]
        heading = len(group) == 1 and above.marker is not None and not words.connects(above.text)
        return heading and words.enumerated(self._lines[index].text)

    def _continues(self, group: list[int], index: int) -> bool:
        above, line = self._prose[index - 1], self._prose[index]
        if line.after_block or words.never_first(line.text):
            return super()._continues(group, index)
        if max(above.size, line.size) > _OTHER_SIZE * min(above.size, line.size):
            return False
        if self._begins(group, index):
            return False
        if self._set_in and self._at_edge(index) and self._goes_on_at_edge(group, index):
            return True
        if self._spaced and above.page == line.page and self._is_full(group, index) and not self._lines[index].bullet:
            # No distance above it although paragraphs have some.
            return True
        return super()._continues(group, index)

    def _find_spacing(self) -> None:
        """Learn whether paragraphs stand apart: what distance lines that surely go on, and that surely do not, have."""
        within: list[float] = []
        between: list[float] = []
        for index, line in enumerate(self._prose):
            above = self._prose[index - 1] if index else None
            if above is None or (above.page, above.region, above.size) != (line.page, line.region, line.size):
                continue
            pitch = (line.middle - above.middle) / line.size
            if not self._is_nearly_full(index):
                between.append(pitch)
            elif not words.closed(above.text) and not self._lines[index].opens:
                within.append(pitch)
        if min(len(within), len(between)) < _ENOUGH:
            return
        tight, wide = median(within), median(between)
        self._spaced = tight > 0 and wide > _SPACED * tight
        if self._spaced:
            self._far = (tight + wide) / 2

    def _goes_on_at_edge(self, group: list[int], index: int) -> bool:
        """Whether a line that is not set in, in a report that sets first lines in, goes on the line above."""
        if self._lines[index].bullet or self._is_far(index) or self._is_heading(group, index - 1):
            return False
        if not words.closed(self._prose[index - 1].text) and self._is_nearly_full(index):
            return True
        return self._is_full(group, index) and not (self._lines[index].opens and self._items_at_edge)

    def _is_heading(self, group: list[int], index: int) -> bool:
        """Whether a line may be a heading that fills its line."""
        line = self._lines[index]
        return len(group) == 1 and line.marker is not None and not words.has_clauses(line.text)

    def _begins(self, group: list[int], index: int) -> bool:
        """Whether the line is set in as first lines are, in a report that sets them in."""
        above, line = self._prose[index - 1], self._prose[index]
        if not self._set_in or self._at_edge(index):
            return False
        if line.size > _OTHER_SIZE * self._body or words.closed(above.text) or not self._is_full(group, index):
            return line.size <= _OTHER_SIZE * self._body
        if self._lines[index].opens:
            return True
        if len(group) > 1:
            return abs(line.left - above.left) > 0.5 * line.size
        marker = self._lines[index - 1].marker
        hanging = above.x_of(marker.end) if marker is not None else None
        return hanging is None or abs(line.left - hanging) > 0.6 * line.size

    def _is_set_in(self) -> bool:
        """Whether lines that go on a sentence stand at the left edge, so that first lines can be told from them."""
        self._body = body_size(self._prose)
        going_on = [
            self._at_edge(index)
            for index, line in enumerate(self._prose)
            if index
            and line.size <= _OTHER_SIZE * self._body
            and not words.closed(self._prose[index - 1].text)
            and not self._lines[index].opens
            and self._is_full([index - 1], index)
        ]
        return len(going_on) >= _ENOUGH and sum(going_on) >= _MOSTLY * len(going_on)


def paragraphs(prose: Sequence[ProseLine]) -> list[Paragraph]:
    """The lines, in order, as paragraphs."""
    wrapping = SetWrapping(prose)
    found: list[Paragraph] = []
    at = 0
    for group in wrapping.paragraphs():
        found.append(Paragraph(tuple(prose[at : at + len(group)])))
        at += len(group)
    return found


def body_size(prose: Sequence[ProseLine]) -> float:
    """The size most characters have."""
    counts: dict[float, int] = defaultdict(int)
    for line in prose:
        counts[round(line.size * 2) / 2] += len(line.text)
    return max(counts.items(), key=lambda item: (item[1], -item[0]))[0] if counts else 1.0


def heading_levels(found: Sequence[Paragraph]) -> dict[float, int]:
    """The level of each type size that is clearly larger than the body's, by rank."""
    body = body_size([line for paragraph in found for line in paragraph.lines])
    sizes = {
        size
        for paragraph in found
        if (size := heading_size(paragraph)) >= _LARGER * body and len(paragraph.passage().chars) <= _LONGEST_HEADING
    }
    return {size: level for level, size in enumerate(sorted(sizes, reverse=True), start=1)}


def heading_size(paragraph: Paragraph) -> float:
    """The type size of its smallest line, to half a point."""
    return round(min(line.size for line in paragraph.lines) * 2) / 2


def _measures(prose: Sequence[ProseLine]) -> dict[tuple[float, float, int], Measure]:
    lines: dict[tuple[float, float, int], list[ProseLine]] = defaultdict(list)
    for line in prose:
        lines[line.region].append(line)
    measures: dict[tuple[float, float, int], Measure] = {}
    for region, members in lines.items():
        lefts = [(-line.left, line.size) for line in members]
        left = -(_shared(lefts) or max(lefts)[0])
        rights = [(line.within, line.size) for line in members]
        right = _shared(rights) or 0.0
        reached = _shared([(line.right, line.size) for line in members]) or 0.0
        end = region[0] / 2 if region[2] == LEFT else region[0]
        start = region[0] / 2 if region[2] == RIGHT else 0.0
        if reached - start < _NARROWEST * (end - start):
            # Lines too few or too short to tell the right margin: it is as wide as the left one.
            right = max(max(rights)[0], end - max(0.0, left - start))
        measures[region] = Measure(left, right)
    return measures


def _shared(edges: Sequence[tuple[float, float]]) -> float | None:
    """The largest edge that several lines come near; each edge with its line's type size."""
    ordered = sorted(edges, reverse=True)
    for (edge, size), (other, _) in zip(ordered, ordered[_ENOUGH - 1 :], strict=False):
        if edge - other <= _EDGE * size:
            return edge
    return None


def _usual_pitch(prose: Sequence[ProseLine]) -> float:
    """The distance from line to line, in type sizes."""
    steps = [
        (line.middle - above.middle) / line.size
        for above, line in pairwise(prose)
        if above.page == line.page and above.region == line.region and line.middle > above.middle
    ]
    return median(steps) if steps else 1.5
