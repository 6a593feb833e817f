"""What is done to a picture before it is read: seals out of the way, lines level."""

import math
from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from reviewer.reading.recognition.models import Corners, Pixels

Mask = NDArray[np.uint8]

_STAIN = 40
"""How much redder than green and blue a pixel of seal ink is at least, of 255."""
_SEAL = (18.0, 65.0)
"""Millimetres across: seals of offices are 38 to 45, of persons 18 to 20 and square, ellipses up to 60."""
_AROUND = 72
_RING = 0.6
"""Of the directions from its middle, in so many an outline must be met."""
_LEVEL = 0.05
_PROFILED = 1600
"""Pixels of the longer side on which rows are compared."""


def without_seals(pixels: Pixels, per_mm: float) -> Pixels:
    """The picture with red round seals made as pale as paper; what is printed under them stays.

    Only within such a seal: red headings and figures elsewhere stay as they are. `per_mm` is pixels to a millimetre.
    """
    blue, green, red = (pixels[:, :, channel].astype(np.int16) for channel in range(3))
    stain = ((red - np.maximum(blue, green)) > _STAIN).astype(np.uint8)
    if int(stain.sum()) < (per_mm * _SEAL[0]) ** 2 / 50:
        return pixels
    # A worn outline is broken; its pieces are brought together before they are measured.
    reach = max(3, round(per_mm * 1.5)) | 1
    whole = cast("Mask", cv2.morphologyEx(stain, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(whole, connectivity=8)
    cleaned = pixels
    for left, top, width, height, _ in boxes[1:count].tolist():
        if not all(_SEAL[0] * per_mm <= side <= _SEAL[1] * per_mm for side in (width, height)):
            continue
        inside = (slice(top, top + height), slice(left, left + width))
        if _is_ring(whole[inside]):
            if cleaned is pixels:
                cleaned = pixels.copy()
            cleaned[inside] = _through_red_glass(pixels[inside], stain[inside])[:, :, None]
    return cleaned


def _through_red_glass(pixels: Pixels, stain: Mask) -> Mask:
    """The part in grey, as seen through a red glass: red ink is as bright as paper, black print as dark as ever."""
    red = pixels[:, :, 2].astype(np.float32)
    bare = float(np.percentile(red[stain > 0], 75))
    red[stain > 0] *= 255 / max(bare, 1.0)
    return np.clip(red, 0, 255).astype(np.uint8)


def _is_ring(stain: Mask) -> bool:
    """Whether most directions from the middle meet ink near the border of the box, as an ellipse's outline does."""
    height, width = stain.shape
    met = 0
    for step in range(_AROUND):
        angle = 2 * math.pi * step / _AROUND
        for share in (0.97, 0.94, 0.91, 0.88, 0.85):
            x = round(width / 2 + math.cos(angle) * width / 2 * share)
            y = round(height / 2 + math.sin(angle) * height / 2 * share)
            if stain[min(y, height - 1), min(x, width - 1)]:
                met += 1
                break
    return met >= _RING * _AROUND


def slope(pixels: Pixels) -> float:
    """Degrees by which the lines fall to the right, up to 8: where rows of text and rulings stand out most.

    More exact than the boxes of the text, whose corners are whole pixels: half a millimetre at the foot of a page puts
    a ruling through its figures.
    """
    share = _PROFILED / max(pixels.shape[:2])
    grey = cv2.cvtColor(cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15).astype(np.float32)
    height, width = ink.shape

    def contrast(angle: float) -> float:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
        rows = cv2.warpAffine(ink, turn, (width, height)).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    best = max((step / 2 for step in range(-16, 17)), key=lambda angle: (contrast(angle), -abs(angle)))
    for fineness in (0.1, 0.02):
        around = [best + step * fineness for step in range(-6, 7)]
        best = max(around, key=lambda angle: (contrast(angle), -abs(angle)))
    return best if abs(best) > _LEVEL else 0.0


def levelled(pixels: Pixels, boxes: Sequence[Corners], angle: float) -> tuple[Pixels, list[Corners]]:
    """The picture turned about its middle so that lines falling by `angle` degrees run level, and the boxes with it."""
    if not angle:
        return pixels, list(boxes)
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    paper = cast("list[float]", np.median(pixels[::16, ::16].reshape(-1, 3), axis=0).tolist())
    level = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=paper)
    turned = [cv2.transform(box.reshape(1, 4, 2).astype(np.float32), turn)[0] for box in boxes]
    return cast("Pixels", level), cast("list[Corners]", turned)
