"""What is seen on one page: lines of characters and ruling lines, with their places.

A PDF's own text and text recognised in a picture both become this; what is a header, a table or a paragraph is decided
from it alone, so that it is decided the same way for both.

All measures are points (1/72 inch) on the page as a person sees it (turned upright): x to the right and y down, from
the top left corner.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from reviewer.schema.source import OmissionReason

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class PageLine:
    """Characters that stand beside one another on one base line, from left to right.

    The cells of a table's row may come as one of these or as several: they are parted at rulings and wide gaps.
    """

    text: str
    """Without tabs and line feeds; a space where the page shows one."""
    lefts: tuple[float, ...]
    """Left edge of each character of `text`."""
    rights: tuple[float, ...]
    """Right edge of each character of `text`."""
    top: float
    bottom: float
    size: float
    """Size of the type: the height of a full-width character."""
    bold: tuple[bool, ...] = ()
    """Of each character; empty when none is, or when it is not known."""
    confidences: tuple[Decimal, ...] = ()
    """Of each character of text recognised in a picture, 0 to 1; empty where none was."""
    aside: OmissionReason | None = None
    """Why it is no part of the running text, where its look says so: a watermark."""

    @property
    def left(self) -> float:
        """Left edge of the first character."""
        return self.lefts[0]

    @property
    def right(self) -> float:
        """Right edge of the last character."""
        return self.rights[-1]

    @property
    def middle(self) -> float:
        """Half-way between top and bottom."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line: horizontal at y = `at` from x = `start` to `end`, or vertical at x = `at`."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `lines` in any order; none is empty."""

    number: int
    """From 1."""
    width: float
    height: float
    lines: tuple[PageLine, ...]
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A page without text, as pixels (RGB), and its size in points."""

    number: int
    image: "Image"
    width: float
    height: float


Recognise = Callable[[Picture], Page]
"""Reads a picture of a page. Every line of the page it gives has confidences."""
