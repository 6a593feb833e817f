"""Which lines of a file are the continuation of the line above.

Text taken from PDF keeps the page's line breaks. Where many lines near each other have nearly the same width on
the page, a line goes on if it is full: if the next word would not have fitted on it. Elsewhere one line is one
paragraph, save where a page break cut a sentence.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.lexicon.numbering import Marker
from reviewer.reading import words
from reviewer.reading.pieces import Piece, width

# Lines on each side that tell the measure of the page around a line.
_WINDOW = 15
_NARROWEST = 40
_ENOUGH = 3
_CERTAIN = 8
# Full-width punctuation, proportional digits and spaces around them make full lines differ by some columns.
_SLACK = 2
_TORN_FROM = 20
_TORN_AT_CONNECTIVE = 12
_HEADING_LONGEST = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of prose: `text` is the piece from `start` to `end`, without heading and bullet marks."""

    piece: Piece
    start: int
    end: int
    heading: int | None
    bullet: bool
    breaks_page: bool
    """A page number or form feed stands above."""
    after_block: bool
    """A table or rule stands above."""
    text: str
    columns: int
    marker: Marker | None
    opens: bool

    @classmethod
    def of(
        cls,
        piece: Piece,
        bounds: tuple[int, int],
        *,
        heading: int | None,
        bullet: bool,
        breaks_page: bool,
        after_block: bool,
    ) -> "Line":
        """The line with what layout asks of it looked up once."""
        text = piece.text[bounds[0] : bounds[1]]
        return cls(
            piece,
            *bounds,
            heading,
            bullet,
            breaks_page,
            after_block,
            text,
            width(text),
            words.marker(text),
            bullet or words.opens_item(text),
        )


class Wrapping:
    """The widths of a file's lines, and what follows from them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._measures = [self._measure_at(index) for index in range(len(lines))]
        self._indent = self._first_line_indent()
        self._blank_ends = self._blank_lines_end_paragraphs()
        self._labels = Counter(name for line in lines if (name := words.label(line.text)))
        self._first_item = next((index for index, line in enumerate(lines) if line.marker is not None), len(lines))

    def is_wrapped(self) -> bool:
        """Whether so many lines stop in mid-sentence at a margin that it was not by chance."""
        pairs = zip(self._lines, self._measures, strict=True)
        cut = sum(
            measure is not None and line.columns >= measure - 6 and not words.closed(line.text)
            for line, measure in pairs
        )
        return cut >= _CERTAIN

    def paragraphs(self) -> list[list[Line]]:
        """The lines, grouped."""
        groups: list[list[int]] = []
        for index in range(len(self._lines)):
            if groups and self._continues(groups[-1], index):
                groups[-1].append(index)
            else:
                groups.append([index])
        return [[self._lines[index] for index in group] for group in groups]

    def _continues(self, group: list[int], index: int) -> bool:
        """Whether line `index` belongs to the paragraph of the lines before it."""
        above, line = self._lines[index - 1], self._lines[index]
        if line.after_block or above.heading or line.heading or line.bullet:
            return False
        if words.never_first(line.text):
            return True
        full = self._is_full(group, index)
        if words.splits_number(above.text, line.text):
            return full or self._is_torn_number(group, index)
        if self._measures[index - 1] is not None and words.splits_amount(above.text, line.text):
            return True
        if line.opens:
            return above.text[-1] in "第条款按照" and words.clause_number(line.text)
        if words.is_date(line.text) or self._is_signature(index):
            return False
        if self._joins_title(group, index):
            return True
        if index < self._first_item and len(group) <= 2 and words.title_like(self._text(group)):
            return False
        if words.trails_off(above.text):
            return True
        if line.text.startswith(("**", "__")) and (words.closed(above.text) or not full):
            return False
        if self._measures[index - 1] is None:
            return self._is_torn(group, index)
        return full and not self._is_new_first_line(group, index)

    def _text(self, group: list[int]) -> str:
        return "".join(self._lines[index].text for index in group)

    # Wrapped files

    def _measure_at(self, index: int) -> int | None:
        """Columns of a full line around line `index`; None where lines are not wrapped."""
        around = self._lines[max(0, index - _WINDOW) : index + _WINDOW + 1]
        counts = Counter(line.columns for line in around if not line.heading)
        near = {
            columns: sum(counts[columns + step] for step in (-1, 0, 1)) for columns in counts if columns >= _NARROWEST
        }
        if not near or max(near.values()) < _ENOUGH:
            return None
        most = max(near.values())
        measure = max(columns for columns, n in near.items() if n >= max(_ENOUGH, 0.6 * most))
        measure = max(range(measure - 1, measure + 2), key=lambda columns: (counts[columns], columns))
        full = [line for line in around if measure - 6 <= line.columns <= measure + 4]
        open_ended = sum(not words.closed(line.text) for line in full)
        longer = sum(line.columns > measure + 8 for line in around)
        if open_ended < max(_ENOUGH, 0.25 * len(around)) or longer > 0.2 * len(around):
            return None
        return measure if self._lines[index].columns <= measure + 8 else None

    def _first_line_indent(self) -> int:
        """Columns by which a paragraph's first line is shorter: its indent, which extraction dropped."""
        shortfalls = []
        for index, line in enumerate(self._lines[:-1]):
            measure = self._measures[index]
            ended = index == 0 or (
                words.stopped(self._lines[index - 1].text) and self._lines[index - 1].columns < 0.8 * (measure or 0)
            )
            if measure and (line.opens or ended) and line.columns >= measure - 8 and not words.closed(line.text):
                shortfalls.append(measure - line.columns)
        if not shortfalls:
            return 0
        middle = sorted(shortfalls)[len(shortfalls) // 2]
        return 4 if 3 <= middle <= 6 else 0

    def _is_full(self, group: list[int], index: int) -> bool:
        """Whether the first word of line `index` would not have fitted on the line above."""
        above, line = self._lines[index - 1], self._lines[index]
        measure = self._measures[index - 1]
        if measure is None:
            return False
        if self._blank_ends and line.piece.gap and not line.breaks_page:
            return False
        if len(group) == 1:
            measure -= self._indent
        slack = 0 if words.stopped(above.text) else _SLACK
        number = above.marker.end if above.marker else 0
        if any(char.isascii() and char.isalnum() for char in above.text[number:]):
            slack += 2
        return above.columns + min(width(words.first_token(line.text)), 12) >= measure - slack

    def _is_new_first_line(self, group: list[int], index: int) -> bool:
        """Whether line `index` was set with an indent: it broke although the next word would have fitted.

        Asked only behind what may be an end: a numbered line without a stop (a heading that fills its line), or
        a full stop.
        """
        above, line = self._lines[index - 1], self._lines[index]
        measure = self._measures[index]
        heading = len(group) == 1 and above.marker is not None and not words.connects(above.text)
        if heading and words.enumerated(line.text):
            return True
        if not self._indent or measure is None or index + 1 >= len(self._lines):
            return False
        if not (heading or words.stopped(above.text)):
            return False
        following = self._lines[index + 1]
        if following.opens or following.heading or words.closed(line.text):
            return False
        first_line = measure - self._indent
        room = width(words.first_token(following.text))
        return first_line - 2 <= line.columns <= first_line + 1 and line.columns + room < measure

    def _blank_lines_end_paragraphs(self) -> bool:
        """Whether full lines in mid-sentence are followed directly by the next: then blank lines mean an end."""
        joined = apart = 0
        for above, line, measure in zip(self._lines, self._lines[1:], self._measures, strict=False):
            if measure is None or line.opens or line.breaks_page or words.closed(above.text):
                continue
            if above.columns >= measure - _SLACK:
                joined, apart = joined + (line.piece.gap == 0), apart + (line.piece.gap > 0)
        return joined >= _ENOUGH and joined >= 4 * apart

    def _is_torn_number(self, group: list[int], index: int) -> bool:
        """A number cut on a line that is not full; figures in a column are not one number."""
        above, line = self._lines[index - 1], self._lines[index]
        if not words.unit_after_number(line.text) or words.han(self._text(group)) == 0:
            return False
        inside = len(group) > 1 or words.unfinished_number(above.text)
        prose = self._measures[index - 1] is not None or words.has_clauses(above.text)
        return inside and prose

    # Files with one line to a paragraph

    def _is_torn(self, group: list[int], index: int) -> bool:
        """Whether the line above is long and stops in mid-sentence."""
        above, line = self._lines[index - 1], self._lines[index]
        if words.awaits_name(above.text) and not words.enumerated(line.text):
            return not self._is_label(line.text)
        if words.closed(above.text) or words.title_like(above.text) or words.enumerated(line.text):
            return False
        if self._is_label(line.text):
            return False
        if words.connects(above.text) and words.han(above.text) >= _TORN_AT_CONNECTIVE:
            return True
        if words.han(above.text) < _TORN_FROM:
            return False
        if len(group) == 1 and above.marker is not None and len(above.text) <= _HEADING_LONGEST:
            return self._is_torn_item(index - 1)
        return words.punctuated(above.text) or words.han(above.text) >= 30

    def _is_label(self, text: str) -> bool:
        name = words.label(text)
        return name is not None and (len(name) <= 6 or self._labels[name] > 1)

    def _is_torn_item(self, index: int) -> bool:
        """Whether a numbered line without a stop is half a sentence: its neighbours of the same numbering are
        sentences, or it ends in a word no heading ends in."""
        line = self._lines[index]
        if words.connects(line.text):
            return True
        assert line.marker is not None
        style = line.marker.style
        around = self._lines[max(0, index - 8) : index + 9]
        siblings = [
            words.closed(near.text)
            for near in around
            if near is not line and near.marker is not None and near.marker.style == style and not near.heading
        ]
        return words.has_clauses(line.text) and sum(siblings) * 2 > len(siblings) > 0

    # Covers and ends

    def _joins_title(self, group: list[int], index: int) -> bool:
        """Whether the line ends a title that the line above began."""
        if index >= self._first_item or len(group) > 2 or index > 15:
            return False
        above, line = self._text(group), self._lines[index].text
        return words.title_opening(above) and not words.title_like(above) and words.title_like(line)

    def _is_signature(self, index: int) -> bool:
        following = self._lines[index + 1] if index + 1 < len(self._lines) else None
        return words.is_signature(self._lines[index].text) and following is not None and words.is_date(following.text)
