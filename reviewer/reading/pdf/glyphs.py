"""The characters of a PDF's page as they are drawn: what, where, how large, in which direction."""

import ctypes
import math
from dataclasses import dataclass

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from reviewer.reading.pdf.ideographs import unified
from reviewer.reading.pdf.objects import Drawn, same_object

MOST_CHARACTERS = 60_000
"""Of one page; the fullest page of a report has a tenth of it."""

_HYPHENS = frozenset("\x02\ufffe")
_NOT_TEXT = frozenset("\r\n\ufeff\u200b\u200c\u200d\u2060\xad")
_BLANKS = frozenset("\t\x0b\x0c\x85\u2028\u2029\x1c\x1d\x1e\x1f")
_SKEWED = 5.0
"""Degrees off the page's directions from which text is no line of the page."""
_BOLD_FROM = 600
_BOLD_NAMES = ("bold", "heavy", "black", "simhei")
_FORCED_BOLD = 1 << 18
_FILLED_AND_STROKED = 2


class CrowdedPage(Exception):
    """A page holds more than any page of a report."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box in the PDF's own space (y upwards); `base` is a point of its base line."""

    char: str
    left: float
    bottom: float
    right: float
    top: float
    base: tuple[float, float]
    size: float
    quarter: int | None
    """Quarter turns of its base line against the clock; None when it is aslant."""
    bold: bool
    invisible: bool
    pale: bool
    order: int
    """Place of the object that draws it among all that the page draws; -1 when not known."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """All of a page. `mapped` counts radicals replaced, `unmapped` characters that the font does not name."""

    glyphs: list[Glyph]
    mapped: int
    unmapped: int


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    quarter: int | None
    bold: bool
    invisible: bool
    pale: bool
    order: int


def glyphs_of(page: pdfium.FPDF_PAGE, drawn: Drawn) -> Glyphs:
    """Every character that the page's content draws; CrowdedPage when it has more than any page of a report."""
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return Glyphs([], 0, 0)
    try:
        return _read(text, drawn)
    finally:
        pdfium.FPDFText_ClosePage(text)


def _read(text: pdfium.FPDF_TEXTPAGE, drawn: Drawn) -> Glyphs:
    found: list[Glyph] = []
    styles: dict[int | None, _Style] = {}
    bold: dict[int | None, bool] = {}
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    mapped = unmapped = 0
    count = pdfium.FPDFText_CountChars(text)
    if count > MOST_CHARACTERS:
        raise CrowdedPage(f"{count} characters on one page")
    for index in range(count):
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(text, index)
        if code == 0 or pdfium.FPDFText_HasUnicodeMapError(text, index) == 1:
            unmapped += 1
            continue
        raw = chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"
        if raw in _NOT_TEXT:
            continue
        raw = "-" if raw in _HYPHENS else " " if raw in _BLANKS else raw
        if raw < " ":
            unmapped += 1
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text, index, box) or not pdfium.FPDFText_GetCharOrigin(
            text, index, x, y
        ):
            continue
        edges = (box.left, box.bottom, box.right, box.top)
        if not all(map(math.isfinite, (*edges, x.value, y.value))):
            continue
        holder = same_object(pdfium.FPDFText_GetTextObject(text, index))
        style = styles.get(holder)
        if style is None:
            style = styles[holder] = _style(text, index, drawn.order.get(holder, -1), bold)
        char = unified(raw)
        mapped += char != raw
        unmapped += char == "\ufffd" or _is_private(char)
        found.append(
            Glyph(
                char,
                *edges,
                (x.value, y.value),
                style.size,
                style.quarter,
                style.bold,
                style.invisible,
                style.pale,
                style.order,
            )
        )
    return Glyphs(found, mapped, unmapped)


def _style(text: pdfium.FPDF_TEXTPAGE, index: int, order: int, bold: dict[int | None, bool]) -> _Style:
    """How the object that draws the character does it; `bold` remembers which fonts are."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    turns = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
    quarter = round(turns) % 4 if abs(turns - round(turns)) * 90 <= _SKEWED else None
    holder = pdfium.FPDFText_GetTextObject(text, index)
    font = same_object(pdfium.FPDFTextObj_GetFont(holder)) if holder else None
    if font is None or font not in bold:
        bold[font] = _is_bold(text, index)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(holder) if holder else 0
    return _Style(
        size=abs(size) if math.isfinite(size) and size else 1.0,
        quarter=quarter,
        bold=mode == _FILLED_AND_STROKED or bold[font],
        invisible=mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP),
        pale=_is_pale(text, index),
        order=order,
    )


def _is_bold(text: pdfium.FPDF_TEXTPAGE, index: int) -> bool:
    flags, name = ctypes.c_int(), ctypes.create_string_buffer(256)
    pdfium.FPDFText_GetFontInfo(text, index, name, 256, flags)
    said = name.value.decode("utf-8", "replace").lower()
    weight = pdfium.FPDFText_GetFontWeight(text, index)
    return weight >= _BOLD_FROM or bool(flags.value & _FORCED_BOLD) or any(word in said for word in _BOLD_NAMES)


def _is_pale(text: pdfium.FPDF_TEXTPAGE, index: int) -> bool:
    """Light grey or see-through, as watermarks are."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFText_GetFillColor(text, index, red, green, blue, alpha):
        return False
    return alpha.value < 160 or min(red.value, green.value, blue.value) >= 150


def _is_private(char: str) -> bool:
    """A code that only the font can tell; symbol fonts use U+F000 to U+F0FF for their bullets and boxes."""
    return "\ue000" <= char <= "\uf8ff" and not "\uf000" <= char <= "\uf0ff"
