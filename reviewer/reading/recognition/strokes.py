"""The ruling lines of a picture: dark strokes that are long, straight and thin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from reviewer.reading.recognition.cleaning import Mask
from reviewer.reading.recognition.models import Pixels

_SHORTEST = 8.0
"""Millimetres; the strokes of characters up to 二号 are shorter."""
_SURE = 16.0
_MEETING = 1.0
"""Millimetres: a stroke not longer than the sure length must end at strokes across it, as the sides of cells do and
the flat parts of a seal's outline do not."""
_THICKEST = 1.2
_GAP = 0.8
_MOST = 2_000
"""Strokes in one direction; beyond it the picture is no page of text."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line: horizontal at y = `at` from x = `start` to `end`, or vertical at x = `at`. In pixels."""

    horizontal: bool
    at: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


def strokes(pixels: Pixels, per_mm: float) -> list[Stroke]:
    """The ruling lines, level or upright, of a picture whose lines run level."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    # Dark against what is around it, not against a fixed grey: scans have shadows.
    around = max(15, round(per_mm * 4)) | 1
    method = (cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV)
    ink = cast("Mask", cv2.adaptiveThreshold(grey, 255, *method, around, 15))
    across, down = _along(ink, per_mm, horizontal=True), _along(ink, per_mm, horizontal=False)
    sure, near = _SURE * per_mm, _MEETING * per_mm
    return [
        *(stroke for stroke in across if stroke.length > sure or _is_between(stroke, down, near)),
        *(stroke for stroke in down if stroke.length > sure or _is_between(stroke, across, near)),
    ]


def _is_between(stroke: Stroke, others: Sequence[Stroke], near: float) -> bool:
    """Whether both its ends meet strokes across it."""
    return all(
        any(abs(other.at - end) <= near and other.start - near <= stroke.at <= other.end + near for other in others)
        for end in (stroke.start, stroke.end)
    )


def rulings_only(found: Iterable[Stroke], text: Sequence[tuple[int, int, int, int]]) -> list[Stroke]:
    """Without strokes inside a box of text (left, top, right, bottom): parts of large characters, underlining."""
    return [stroke for stroke in found if not any(_is_inside(stroke, box) for box in text)]


def _is_inside(stroke: Stroke, box: tuple[int, int, int, int]) -> bool:
    left, top, right, bottom = box
    (low, high), (first, last) = ((left, right), (top, bottom)) if stroke.horizontal else ((top, bottom), (left, right))
    return low <= stroke.start and stroke.end <= high and first <= stroke.at <= last


def _along(ink: Mask, per_mm: float, *, horizontal: bool) -> list[Stroke]:
    length, gap = round(per_mm * _SHORTEST), max(3, round(per_mm * _GAP))
    # Small gaps are closed and a stroke that climbs by a pixel is thickened, or it would be cut into short ones.
    bridged = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, _bar(gap, horizontal=horizontal))
    thick = cv2.dilate(bridged, _bar(3, horizontal=not horizontal))
    long = cv2.morphologyEx(thick, cv2.MORPH_OPEN, _bar(length, horizontal=horizontal))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(long, connectivity=8)
    if count > _MOST:
        return []
    found = []
    for left, top, width, height, area in boxes[1:].tolist():
        extent, breadth = (width, height) if horizontal else (height, width)
        if area / extent > _THICKEST * per_mm + 2 or breadth > extent / 3:
            continue
        start, across = (left, top) if horizontal else (top, left)
        found.append(Stroke(horizontal, across + breadth / 2, start, start + extent))
    return found


def _bar(length: int, *, horizontal: bool) -> Mask:
    return np.ones((1, length) if horizontal else (length, 1), np.uint8)
