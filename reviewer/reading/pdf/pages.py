"""A page of a PDF to lines and rulings."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from reviewer.reading.page_lines import Page, PageLine
from reviewer.reading.pdf.glyphs import Glyph, glyphs_of
from reviewer.reading.pdf.objects import Box, Drawn, drawn_on
from reviewer.reading.pdf.setting import Char, set_lines
from reviewer.reading.pdf.upright import View, view_of
from reviewer.schema.source import OmissionReason

_FEW = 30
"""Characters: a page with a picture over it and no more than these (a page number, a stamp) is a scan."""
_SCAN_SHARE = 0.5
_SIZEABLE = 0.05
"""Of the page: a picture as large as this may hold a table; a smaller one is a logo or a seal."""
_TITLE_SIZE = 18.0
_TITLE_CHARACTERS = 6
_MOSTLY = 0.5
_WATERMARK_SIZE = 1.8
_OUTSIDE = 0.5
"""Of the type size: how far beyond the page's edge a character may stand and still be seen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page and what a person should know of it."""

    page: Page
    mapped: int
    unmapped: int
    scanned: bool
    """Pictures instead of text, or text that no font names: there is something to recognise."""
    layer: bool
    """Its text is the unseen layer that text recognition put over a scan."""
    hidden: int
    """Characters that are not seen on the page."""
    pictures: int
    """Pictures of some size beside its text; what they say is not read."""


def see(page: pdfium.FPDF_PAGE, number: int) -> Seen:
    """The page with this number. CrowdedPage when it holds more than any page of a report."""
    drawn = drawn_on(page)
    found = glyphs_of(page, drawn)
    box = _box(page)
    view = view_of(box, pdfium.FPDFPage_GetRotation(page), found.glyphs)
    covered = _share(drawn.pictures, box)
    layer = covered >= _SCAN_SHARE and _is_mostly_invisible(found.glyphs)
    on_page = [glyph for glyph in found.glyphs if _is_on(glyph, box)]
    hidden = [glyph for glyph in on_page if _is_hidden(glyph, drawn, layer)]
    out_of_sight = set(map(id, hidden))
    upright, turned, pale, aslant = _sorted_out([glyph for glyph in on_page if id(glyph) not in out_of_sight], view)
    lines = [
        *set_lines(_chars(upright, view)),
        *_in_order(turned, view, None),
        *_in_order(aslant, view, "watermark"),
        *set_lines(_chars(pale, view), "watermark"),
        *set_lines(_chars(hidden, view), "hidden"),
    ]
    shown = sum(not glyph.char.isspace() for glyph in upright)
    unnamed = found.unmapped > _MOSTLY * (found.unmapped + shown)
    sizeable = sum(_share([picture], box) >= _SIZEABLE for picture in drawn.pictures)
    few = shown <= _FEW and not _is_cover(upright)
    scanned = unnamed or (covered >= _SCAN_SHARE and few) or (shown == 0 and sizeable > 0)
    width, height = view.size
    return Seen(
        Page(number, width, height, tuple(lines), tuple(view.rulings(drawn.lines))),
        found.mapped,
        found.unmapped,
        scanned,
        layer,
        sum(not glyph.char.isspace() for glyph in hidden),
        0 if scanned or layer else sizeable,
    )


def _box(page: pdfium.FPDF_PAGE) -> Box:
    found = pdfium.FS_RECTF()
    if pdfium.FPDF_GetPageBoundingBox(page, found) and found.right > found.left and found.top > found.bottom:
        return found.left, found.bottom, found.right, found.top
    return 0.0, 0.0, pdfium.FPDF_GetPageWidthF(page) or 595.0, pdfium.FPDF_GetPageHeightF(page) or 842.0


def _share(pictures: Sequence[Box], box: Box) -> float:
    """How much of the page pictures cover, 0 to 1; strips of one scan count together."""
    left, bottom, right, top = box
    area = sum(
        max(0.0, min(r, right) - max(x, left)) * max(0.0, min(t, top) - max(b, bottom)) for x, b, r, t in pictures
    )
    return min(1.0, area / ((right - left) * (top - bottom)))


def _is_cover(glyphs: Sequence[Glyph]) -> bool:
    """Whether the few words of a page are a title over a picture."""
    return sum(glyph.size >= _TITLE_SIZE and glyph.char >= "\u2e80" for glyph in glyphs) >= _TITLE_CHARACTERS


def _is_mostly_invisible(glyphs: Sequence[Glyph]) -> bool:
    return sum(glyph.invisible for glyph in glyphs) > _MOSTLY * len(glyphs)


def _is_on(glyph: Glyph, box: Box) -> bool:
    left, bottom, right, top = box
    slack = _OUTSIDE * glyph.size
    x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
    return left - slack <= x <= right + slack and bottom - slack <= y <= top + slack


def _is_hidden(glyph: Glyph, drawn: Drawn, layer: bool) -> bool:
    """Drawn without colour, or under something white that is drawn later."""
    if glyph.invisible:
        return not layer
    if glyph.order < 0:
        return False
    x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
    return any(
        order > glyph.order and left <= x <= right and bottom <= y <= top
        for order, (left, bottom, right, top) in drawn.covers
    )


def _sorted_out(glyphs: Sequence[Glyph], view: View) -> tuple[list[Glyph], list[Glyph], list[Glyph], list[Glyph]]:
    """Upright text, text at a right angle to it, large pale text, and text that runs aslant."""
    shown = [glyph.size for glyph in glyphs if not glyph.char.isspace() and glyph.quarter == view.turns]
    large = _WATERMARK_SIZE * median(shown) if shown else 0.0
    upright: list[Glyph] = []
    turned: list[Glyph] = []
    pale: list[Glyph] = []
    aslant: list[Glyph] = []
    for glyph in glyphs:
        if glyph.quarter is None:
            aslant.append(glyph)
        elif glyph.quarter != view.turns:
            turned.append(glyph)
        elif glyph.pale and glyph.size >= large:
            pale.append(glyph)
        else:
            upright.append(glyph)
    return upright, turned, pale, aslant


def _chars(glyphs: Sequence[Glyph], view: View) -> list[Char]:
    chars: list[Char] = []
    for glyph in glyphs:
        left, _, right, _ = view.area((glyph.left, glyph.bottom, glyph.right, glyph.top))
        chars.append(Char(glyph.char, left, right, view.point(*glyph.base)[1], glyph.size, glyph.bold, glyph.order))
    return chars


def _in_order(glyphs: Sequence[Glyph], view: View, aside: OmissionReason | None) -> list[PageLine]:
    """Lines that do not run from left to right: the characters in the order in which they are drawn."""
    lines: list[PageLine] = []
    for _, group in groupby(glyphs, key=lambda glyph: glyph.order):
        drawn = [glyph for glyph in group if not glyph.char.isspace()]
        if not drawn:
            continue
        areas = [view.area((glyph.left, glyph.bottom, glyph.right, glyph.top)) for glyph in drawn]
        lines.append(
            PageLine(
                text="".join(glyph.char for glyph in drawn),
                lefts=tuple(area[0] for area in areas),
                rights=tuple(area[2] for area in areas),
                top=min(area[1] for area in areas),
                bottom=max(area[3] for area in areas),
                size=max(glyph.size for glyph in drawn),
                aside=aside,
            )
        )
    return lines
