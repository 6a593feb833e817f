"""What a PDF's page draws besides text: straight lines, white covers and pictures, in the order of drawing."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

MOST_OBJECTS = 40_000
MOST_SEGMENTS = 60_000
"""What is drawn beyond these is not looked at: drawings and maps, not tables."""
_DEEPEST = 8
_THIN = 4.0
"""Points: a filled rectangle as narrow as this is a line."""
_STRAIGHT = 1.0
_SHORTEST = 2.0
_WHITE = 245

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in the PDF's own space."""
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Drawn:
    """`lines` are as thin as rulings; `covers` are opaque white areas and `pictures` images, with their order."""

    order: dict[int | None, int] = field(default_factory=dict)
    lines: list[Box] = field(default_factory=list)
    covers: list[tuple[int, Box]] = field(default_factory=list)
    pictures: list[Box] = field(default_factory=list)


def same_object(pointer: object) -> int | None:
    """What tells one object of the page from another."""
    return ctypes.cast(pointer, ctypes.c_void_p).value if pointer else None  # type: ignore[arg-type]


def drawn_on(page: pdfium.FPDF_PAGE) -> Drawn:
    """Everything the page draws, as far as tables and covers need it."""
    drawn = Drawn()
    segments = 0
    for number, (item, matrix) in enumerate(_objects(page)):
        if number >= MOST_OBJECTS:
            break
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            drawn.order[same_object(item)] = number
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE and (box := _bounds(item, matrix)):
            drawn.pictures.append(box)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and segments < MOST_SEGMENTS:
            segments += _path(item, matrix, number, drawn)
    return drawn


def _objects(page: pdfium.FPDF_PAGE) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, _Matrix]]:
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _with_inner(pdfium.FPDFPage_GetObject(page, index), _IDENTITY, 0)


def _with_inner(
    item: pdfium.FPDF_PAGEOBJECT, outer: _Matrix, depth: int
) -> Iterator[tuple[pdfium.FPDF_PAGEOBJECT, _Matrix]]:
    if not item:
        return
    yield item, outer
    if depth >= _DEEPEST or pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_FORM:
        return
    inner = _times(_matrix(item), outer)
    for index in range(pdfium.FPDFFormObj_CountObjects(item)):
        yield from _with_inner(pdfium.FPDFFormObj_GetObject(item, index), inner, depth + 1)


def _path(item: pdfium.FPDF_PAGEOBJECT, outer: _Matrix, number: int, drawn: Drawn) -> int:
    """Note the lines and covers of a path; how many segments it has."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(item, fill, stroke):
        return 1
    filled = fill.value != 0 and _is_opaque(item)
    stroked = stroke.value != 0 and not _is_white(item, stroke=True)
    if not filled and not stroked:
        return 1
    white = filled and _is_white(item, stroke=False)
    matrix = _times(_matrix(item), outer)
    count = 0
    for points in _subpaths(item, matrix):
        count += len(points)
        left, right = min(x for x, _ in points), max(x for x, _ in points)
        bottom, top = min(y for _, y in points), max(y for _, y in points)
        if not all(map(math.isfinite, (left, right, bottom, top))):
            continue
        thin = min(right - left, top - bottom) <= _THIN
        if white and not thin and len(points) <= 6:
            drawn.covers.append((number, (left, bottom, right, top)))
        if filled and not white and thin and max(right - left, top - bottom) >= _SHORTEST:
            drawn.lines.append((left, bottom, right, top))
        elif stroked:
            drawn.lines.extend(_straight(points))
    return count


def _subpaths(item: pdfium.FPDF_PAGEOBJECT, matrix: _Matrix) -> Iterator[list[tuple[float, float]]]:
    """The corners of each part of a path; curves end one, so that only straight runs are kept together."""
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(min(pdfium.FPDFPath_CountSegments(item), MOST_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        at = _apply(matrix, x.value, y.value)
        if kind != pdfium.FPDF_SEGMENT_LINETO and points:
            if len(points) > 1:
                yield points
            points = []
        points.append(at)
        if pdfium.FPDFPathSegment_GetClose(segment) and len(points) > 2:
            points.append(points[0])
    if len(points) > 1:
        yield points


def _straight(points: list[tuple[float, float]]) -> Iterator[Box]:
    for (x0, y0), (x1, y1) in pairwise(points):
        across, up = abs(x1 - x0), abs(y1 - y0)
        if min(across, up) <= _STRAIGHT and max(across, up) >= _SHORTEST:
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _bounds(item: pdfium.FPDF_PAGEOBJECT, outer: _Matrix) -> Box | None:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(item, *edges):
        return None
    left, bottom, right, top = (edge.value for edge in edges)
    corners = [_apply(outer, x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _is_opaque(item: pdfium.FPDF_PAGEOBJECT) -> bool:
    return _colour(item, stroke=False)[3] >= _WHITE


def _is_white(item: pdfium.FPDF_PAGEOBJECT, *, stroke: bool) -> bool:
    return min(_colour(item, stroke=stroke)[:3]) >= _WHITE


def _colour(item: pdfium.FPDF_PAGEOBJECT, *, stroke: bool) -> tuple[int, int, int, int]:
    parts = [ctypes.c_uint() for _ in range(4)]
    get = pdfium.FPDFPageObj_GetStrokeColor if stroke else pdfium.FPDFPageObj_GetFillColor
    if not get(item, *parts):
        return 0, 0, 0, 255
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _matrix(item: pdfium.FPDF_PAGEOBJECT) -> _Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, found):
        return _IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: _Matrix, second: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
