"""The models: where on a picture text stands, and what a line of it says."""

import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Height × width × 3."""
Corners = NDArray[np.float32]
"""Four corners (x, y) of a box, clockwise from its top left, in pixels."""

LONGEST_SIDE = 3600
"""Pixels of the longer side beyond which pictures are made smaller: A4 at 300 dpi, A3 at 218. They say nothing more."""
DETECTED_SIDE = 1500
"""Pixels of the longer side on which text is looked for: 1500 for A4 finds the small print of tables; more costs time
and memory in proportion and finds nothing more (measured, docs/formats.md). Lines are read in full size."""

_LINE_HEIGHT = 48
"""Pixels to which the recogniser scales a line."""
_WORKERS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """What one line says: each character, its middle as a share of the line's width, its confidence."""

    text: str
    middles: tuple[float, ...]
    confidences: tuple[float, ...]


class Models:
    """RapidOCR's detector and recogniser. Same pixels, same answer, whatever else is being read."""

    def __init__(self) -> None:
        from rapidocr_onnxruntime import RapidOCR  # type: ignore[import-untyped]

        # Its loggers write to stderr at every level.
        for name in ("RapidOCR", "OrtInferSession"):
            logging.getLogger(name).setLevel(logging.ERROR)
        # One thread to a line, several lines at once; a batch would pad lines to its longest and so change them.
        engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, rec_batch_num=1)
        self._detector: Any = engine.text_det
        self._recogniser: Any = engine.text_rec

    def boxes(self, pixels: Pixels) -> list[Corners]:
        """Where text stands."""
        from rapidocr_onnxruntime.ch_ppocr_det.utils import (  # type: ignore[import-untyped]
            DetPreProcess,
        )

        detector = self._detector
        side = min(DETECTED_SIDE, max(pixels.shape[:2]))
        prepared = DetPreProcess(side, "max", detector.mean, detector.std)(pixels)
        if prepared is None:
            return []
        found, _ = detector.postprocess_op(detector.infer(prepared)[0], pixels.shape[:2])
        return list(detector.filter_tag_det_res(found, pixels.shape[:2]))

    def read(self, lines: Sequence[Pixels]) -> list[Glyphs]:
        """What each of these pictures of one line says."""
        with ThreadPoolExecutor(_WORKERS) as pool:
            return list(pool.map(self._glyphs, lines))

    def _glyphs(self, line: Pixels) -> Glyphs:
        (text, _, (steps, _, columns, _, confidences)), *_ = self._recogniser([line], return_word_box=True)[0]
        if not text:
            return Glyphs("", (), ())
        middles = [(column + 0.5) / steps for word in columns for column in word]
        return Glyphs(text, tuple(middles), tuple(confidences))


@cache
def models() -> Models:
    """Loaded once; ImportError without the extra."""
    return Models()
