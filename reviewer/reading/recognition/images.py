"""A file that is a picture: its pages as they would lie on a table, upright and on white."""

import warnings
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps

from reviewer.errors import DamagedFile, OversizedFile
from reviewer.reading.page_lines import Picture

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_MOST_PIXELS = 75_000_000
"""A3 at 600 dpi has 70 million."""
_MOST_PAGES = 300
_LONGEST_SIDE = 5000
_A4_LONG = 841.9
_LIKELY_DPI = range(90, 1201)
_LIKELY_POINTS = (200.0, 1300.0)
"""Of the longer side; cameras and screens write a resolution that makes pages of a metre."""


def pages(raw: bytes, shown: str) -> Iterator[Picture]:
    """The pages of a picture file, one after the other. DamagedFile, OversizedFile."""
    number = 0
    while (frame := _frame(raw, number, shown)) is not None:
        number += 1
        yield _picture(frame, number)


def _frame(raw: bytes, index: int, shown: str) -> Image.Image | None:
    """The page at `index`, decoded; None behind the last."""
    oversized = OversizedFile(
        f"{shown}: a picture of more than {_MOST_PIXELS // 10**6} million pixels or {_MOST_PAGES} pages",
        hint="scan it at 300 dpi; a report is no larger than that",
    )
    try:
        with warnings.catch_warnings():
            # Pillow warns of all that it repairs, and of sizes that are refused here.
            warnings.simplefilter("ignore")
            file = Image.open(BytesIO(raw), formats=_FORMATS)
            if index >= getattr(file, "n_frames", 1):
                return None
            file.seek(index)
            if index >= _MOST_PAGES or file.width * file.height > _MOST_PIXELS:
                raise oversized
            file.load()
            return file
    except OversizedFile:
        raise
    except Image.DecompressionBombError as error:
        raise oversized from error
    except Exception as error:
        raise DamagedFile(f"{shown}: a picture that is damaged", hint="scan or save it again") from error


def _picture(frame: Image.Image, number: int) -> Picture:
    dpi = frame.info.get("dpi", (0, 0))[0]
    longest = max(frame.size)
    image = ImageOps.exif_transpose(_on_white(frame))
    points = longest / dpi * 72 if dpi and round(dpi) in _LIKELY_DPI else 0.0
    if not _LIKELY_POINTS[0] <= points <= _LIKELY_POINTS[1]:
        points = _A4_LONG
    image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE), Image.Resampling.BOX)
    scale = points / max(image.size)
    return Picture(number, image, image.width * scale, image.height * scale)


def _on_white(frame: Image.Image) -> Image.Image:
    """In red, green and blue; what is transparent is paper."""
    if frame.mode.startswith("I"):
        # 16 bits to a pixel.
        frame = frame.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if frame.has_transparency_data:
        layer = frame.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        paper.alpha_composite(layer)
        frame = paper
    return frame.convert("RGB")
