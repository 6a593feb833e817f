"""PDF as a word processor exports it: A4, lines broken at the margin, tables that run on over pages."""

import io
from copy import deepcopy
from functools import cache
from html import escape
from typing import Any

from reportlab.lib import colors  # type: ignore[import-untyped]
from reportlab.lib.enums import TA_CENTER, TA_LEFT  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.pdfbase import cidfonts, pdfmetrics  # type: ignore[import-untyped]
from reportlab.platypus import Flowable, LongTable, SimpleDocTemplate, TableStyle  # type: ignore[import-untyped]
from reportlab.platypus import Paragraph as Words

from eval.formats.content import Content, Grid, Paragraph

_FACE, _BOLD = "STSong-Light", "STSong-Bold"
_MARGIN = 72
_SIZE, _LEADING = 14, 24
_HEADING_SIZES = (22, 16, 15)
_CELL_SIZE, _CELL_LEADING = 10.5, 14


def pdf(content: Content) -> bytes:
    """The document; its font is one that every PDF reader brings along."""

    _fonts()
    written = io.BytesIO()
    template = SimpleDocTemplate(
        written,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=content.title,
        invariant=1,
    )
    width = A4[0] - 2 * _MARGIN - 12
    flow = [_table(part, width) if isinstance(part, Grid) else _paragraph(part) for part in content.parts]

    def margins(canvas: Any, _: object) -> None:
        canvas.setFont(_FACE, 9)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 45, content.title)
        canvas.drawCentredString(A4[0] / 2, 40, f"— {canvas.getPageNumber()} —")

    template.build(flow, onFirstPage=margins, onLaterPages=margins)
    return written.getvalue()


@cache
def _fonts() -> None:
    """Register the font and its bold face, which is the same one under the name that readers thicken."""

    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont(_FACE))
    bold = cidfonts.UnicodeCIDFont(_FACE)
    cidfonts.CIDFontInfo[_BOLD] = _renamed(deepcopy(cidfonts.CIDFontInfo[_FACE]))
    bold.name = bold.fontName = bold.face.name = _BOLD
    pdfmetrics.registerFont(bold)
    pdfmetrics.registerFontFamily(_FACE, normal=_FACE, bold=_BOLD, italic=_FACE, boldItalic=_BOLD)


def _renamed(info: Any) -> Any:
    if isinstance(info, dict):
        return {key: _renamed(value) for key, value in info.items()}
    if isinstance(info, list):
        return [_renamed(value) for value in info]
    return info.replace(f"/{_FACE}", f"/{_FACE},Bold") if isinstance(info, str) else info


def _paragraph(part: Paragraph) -> Flowable:

    level = part.heading or (1 if part.is_title else 0)
    size = _HEADING_SIZES[min(level, len(_HEADING_SIZES)) - 1] if level else _SIZE
    centred = part.is_title
    style = ParagraphStyle(
        "paragraph",
        fontName=_FACE,
        fontSize=size,
        leading=max(_LEADING, size * 1.4),
        firstLineIndent=0 if centred else 2 * size,
        alignment=TA_CENTER if centred else TA_LEFT,
        spaceAfter=size if centred else 0,
        wordWrap="CJK",
    )
    words = escape(part.text[part.bold :], quote=False)
    if part.bold:
        words = f"<b>{escape(part.text[: part.bold], quote=False)}</b>{words}"
    return Words(words, style)


def _table(grid: Grid, width: float) -> Flowable:

    style = ParagraphStyle("cell", fontName=_FACE, fontSize=_CELL_SIZE, leading=_CELL_LEADING, wordWrap="CJK")
    rows = [[Words(escape(cell, quote=False), style) for cell in row] for row in grid.rows]
    looks: list[tuple[Any, ...]] = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    for (number, column), tall in grid.heights().items():
        looks.append(("SPAN", (column, number), (column, number + tall - 1)))
    return LongTable(
        rows, colWidths=_widths(grid, width), repeatRows=grid.header_rows, style=TableStyle(looks), spaceBefore=6,
        spaceAfter=6,
    )  # fmt: skip


def _widths(grid: Grid, width: float) -> list[float]:
    """Wider columns for longer words, none so narrow that a figure would break."""
    longest = [max(len(row[column]) for row in grid.rows) for column in range(len(grid.rows[0]))]
    wanted = [min(max(letters, 4), 16) * _CELL_SIZE + 12 for letters in longest]
    return [share * width / sum(wanted) for share in wanted]
