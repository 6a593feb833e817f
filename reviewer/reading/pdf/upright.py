"""A page turned so that its text stands upright, and measured from its top left corner."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from reviewer.reading.page_lines import Ruling
from reviewer.reading.pdf.glyphs import Glyph
from reviewer.reading.pdf.objects import Box


@dataclass(frozen=True, slots=True)
class View:
    """The page's box in the PDF's own space, seen after `turns` quarter turns with the clock."""

    box: Box
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as seen."""
        left, bottom, right, top = self.box
        return (top - bottom, right - left) if self.turns % 2 else (right - left, top - bottom)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point as seen: right and down from the top left corner."""
        left, bottom, right, top = self.box
        match self.turns:
            case 0:
                return x - left, top - y
            case 1:
                return y - bottom, x - left
            case 2:
                return right - x, y - bottom
            case _:
                return top - y, right - x

    def area(self, box: Box) -> Box:
        """Left, top, right, bottom of a box as seen."""
        (x0, y0), (x1, y1) = self.point(box[0], box[1]), self.point(box[2], box[3])
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def rulings(self, lines: Iterable[Box]) -> Iterable[Ruling]:
        """Thin boxes as straight lines."""
        for line in lines:
            left, top, right, bottom = self.area(line)
            if right - left >= bottom - top:
                yield Ruling(True, (top + bottom) / 2, left, right)
            else:
                yield Ruling(False, (left + right) / 2, top, bottom)


def view_of(box: Box, rotation: int, glyphs: Iterable[Glyph]) -> View:
    """The page as most of its text is read; `rotation` in quarter turns, the page's own, where it has none."""
    turns = Counter(glyph.quarter for glyph in glyphs if glyph.quarter is not None and not glyph.char.isspace())
    if not turns:
        return View(box, rotation % 4)
    most = max(turns.values())
    return View(box, min(quarter for quarter, n in turns.items() if n == most))
