"""A picture of a page to its lines of characters and rulings."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from statistics import fmean, median
from typing import cast

import cv2
import numpy as np

from reviewer.reading.page_lines import Page, PageLine, Picture, Ruling
from reviewer.reading.recognition.cleaning import levelled, slope, without_seals
from reviewer.reading.recognition.models import LONGEST_SIDE, Corners, Glyphs, Models, Pixels, models
from reviewer.reading.recognition.strokes import Stroke, rulings_only, strokes

_MM = 72 / 25.4
_TALL = 1.5
_STACKED = 2.2
"""Height to width from which a box holds characters one below the other, not a narrow digit."""
_SURE = 0.75
_ILLEGIBLE = 0.5
"""A line read with less confidence is no text (stains, what is left of a seal), unless it holds a digit."""
_CENT = Decimal("0.01")
_MARGIN = 0.15
"""Of the height of a box."""
_EM = 0.72
"""Of the height of a detected box, the height of a full-width character in it."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a line that is read by itself, in pixels of the levelled picture."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, pixels: Pixels) -> Pixels:
        return pixels[self.top : self.bottom, self.left : self.right]


@dataclass(frozen=True, slots=True)
class _Reading:
    """All that one way of holding the picture gave."""

    pixels: Pixels
    parts: Sequence[_Part]
    glyphs: Sequence[Glyphs]
    drawn: Sequence[Stroke]

    @property
    def confidence(self) -> float:
        """Of an average character."""
        return fmean([c for glyphs in self.glyphs for c in glyphs.confidences] or [0.0])


def recognise(picture: Picture) -> Page:
    """What is printed on a picture of a page. ImportError without the extra."""
    reader = models()
    pixels = _bounded(np.ascontiguousarray(np.asarray(picture.image.convert("RGB"))[:, :, ::-1]))
    per_point = pixels.shape[1] / picture.width
    pixels = without_seals(pixels, per_point * _MM)
    boxes = reader.boxes(pixels)
    sideways = _is_sideways(boxes)
    if sideways:
        pixels = _turned(pixels, 1)
        boxes = reader.boxes(pixels)
    reading = _read(pixels, boxes, per_point, reader)
    if boxes and (sideways or reading.confidence < _SURE):
        pixels = _turned(pixels, 2)
        other = _read(pixels, reader.boxes(pixels), per_point, reader)
        reading = max(reading, other, key=lambda reading: reading.confidence)
    lines = [
        line
        for part, glyphs in zip(reading.parts, reading.glyphs, strict=True)
        if (line := _line(part, glyphs, per_point)) is not None
    ]
    return Page(
        number=picture.number,
        width=picture.height if sideways else picture.width,
        height=picture.width if sideways else picture.height,
        lines=tuple(sorted(lines, key=lambda line: (line.top, line.left))),
        rulings=tuple(
            Ruling(stroke.horizontal, stroke.at / per_point, stroke.start / per_point, stroke.end / per_point)
            for stroke in reading.drawn
        ),
    )


def _bounded(pixels: Pixels) -> Pixels:
    share = LONGEST_SIDE / max(pixels.shape[:2])
    if share >= 1:
        return pixels
    return cast("Pixels", cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_AREA))


def _turned(pixels: Pixels, quarters: int) -> Pixels:
    return np.ascontiguousarray(np.rot90(pixels, quarters))


def _is_sideways(boxes: Sequence[Corners]) -> bool:
    """Whether most of the text runs up or down the page."""
    up = along = 0.0
    for width, height in (np.ptp(box, axis=0).tolist() for box in boxes):
        if height > _TALL * width:
            up += height
        else:
            along += width
    return up > along


def _read(pixels: Pixels, boxes: Sequence[Corners], per_point: float, reader: Models) -> _Reading:
    pixels, boxes = levelled(pixels, boxes, slope(pixels))
    areas = [area for box in boxes if (area := _area(box, pixels)) is not None]
    bounds = [(area.left, area.top, area.right, area.bottom) for area in areas]
    drawn = rulings_only(strokes(pixels, per_point * _MM), bounds)
    parts = [part for area in areas for piece in _between(area, drawn) for part in _stack(piece, pixels)]
    return _Reading(pixels, parts, reader.read([part.of(pixels) for part in parts]), drawn)


def _area(box: Corners, pixels: Pixels) -> _Part | None:
    """The box and a margin at its ends, where the detector cuts off full stops and points."""
    left, top = np.floor(box.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(box.max(axis=0)).astype(int).tolist()
    margin = round((bottom - top) * _MARGIN)
    area = _Part(max(0, left - margin), max(0, top), min(pixels.shape[1], right + margin), min(pixels.shape[0], bottom))
    return area if area.right - area.left > 3 and area.bottom - area.top > 3 else None


def _between(area: _Part, drawn: Sequence[Stroke]) -> Iterator[_Part]:
    """The pieces of a box between the upright rulings that cross it: each is in a cell of its own."""
    middle, height = (area.top + area.bottom) / 2, area.bottom - area.top
    crossing = sorted(
        stroke.at
        for stroke in drawn
        if not stroke.horizontal and stroke.start <= middle <= stroke.end and area.left < stroke.at < area.right
    )
    edges = [area.left, *(round(at) for at in crossing), area.right]
    inset = max(3, height // 12)
    for number in range(len(edges) - 1):
        left = edges[number] + (inset if number else 0)
        right = edges[number + 1] - (inset if number + 2 < len(edges) else 0)
        # What is left at an end is the margin the detector puts around its boxes.
        if not crossing or right - left > height // 3:
            yield _Part(left, area.top, right, area.bottom)


def _stack(part: _Part, pixels: Pixels) -> Iterator[_Part]:
    """The part, or the characters of a part that runs from top to bottom, each for itself."""
    width, height = part.right - part.left, part.bottom - part.top
    count = round(height / width)
    if height < _STACKED * width:
        yield part
        return
    grey = cv2.cvtColor(part.of(pixels), cv2.COLOR_BGR2GRAY)
    light = grey.mean(axis=1)
    cuts = [0]
    for number in range(1, count):
        at, reach = number * height // count, height // count // 3
        cuts.append(at - reach + int(np.argmax(light[at - reach : at + reach + 1])))
    for top, bottom in zip(cuts, [*cuts[1:], height], strict=True):
        yield _Part(part.left, part.top + top, part.right, part.top + bottom)


def _line(part: _Part, glyphs: Glyphs, per_point: float) -> PageLine | None:
    if not glyphs.text.strip():
        return None
    noise = fmean(glyphs.confidences) < _ILLEGIBLE and not any(char.isdigit() for char in glyphs.text)
    left, width = part.left / per_point, (part.right - part.left) / per_point
    middles = [left + share * width for share in glyphs.middles]
    size = _size(glyphs.text, middles) or (part.bottom - part.top) / per_point * _EM
    lefts, rights = _edges(glyphs.text, middles, size)
    return PageLine(
        text=glyphs.text,
        lefts=lefts,
        rights=rights,
        top=part.top / per_point,
        bottom=part.bottom / per_point,
        size=size,
        confidences=tuple(Decimal(c).quantize(_CENT, ROUND_DOWN) for c in glyphs.confidences),
        aside="illegible" if noise else None,
    )


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WFA"


def _size(text: str, middles: Sequence[float]) -> float | None:
    """The usual distance of two full-width characters side by side; None where there are too few."""
    steps = [
        middles[index + 1] - middles[index]
        for index in range(len(text) - 1)
        if _is_wide(text[index]) and _is_wide(text[index + 1])
    ]
    return median(steps) if len(steps) > 2 else None


def _edges(text: str, middles: Sequence[float], size: float) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Left and right edges: characters touch, unless they are further apart than their widths explain."""
    halves = [size / 2 if _is_wide(char) else size / 4 for char in text]
    lefts = [middle - half for middle, half in zip(middles, halves, strict=True)]
    rights = [middle + half for middle, half in zip(middles, halves, strict=True)]
    for index in range(len(text) - 1):
        room, needed = middles[index + 1] - middles[index], halves[index] + halves[index + 1]
        if room < needed + size / 2:
            meeting = middles[index] + max(room, 0.0) * halves[index] / needed
            rights[index] = lefts[index + 1] = meeting
    return tuple(lefts), tuple(rights)
