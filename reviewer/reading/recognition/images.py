"""A file that is a picture: its pages as they would lie on a table, upright and on white."""

import warnings
from collections.abc import Iterator
from io import BytesIO

from PIL import Image, ImageOps

from reviewer.errors import DamagedFile, OversizedFile
from reviewer.reading.page_lines import Picture
from reviewer.reading.recognition.models import LONGEST_SIDE

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_MOST_PIXELS = 75_000_000
"""A3 at 600 dpi has 70 million."""
_MOST_PAGES = 300
_A4_LONG = 841.9
_LIKELY_DPI = range(90, 1201)
_LIKELY_POINTS = (200.0, 1300.0)
"""Of the longer side; cameras and screens write a resolution that makes pages of a metre."""


def pages(raw: bytes, shown: str) -> Iterator[Picture]:
    """The pages of a picture file, one after the other. DamagedFile, OversizedFile."""
    number = 0
    while (found := _frame(raw, number, shown)) is not None:
        image, points = found
        number += 1
        scale = points / max(image.size)
        yield Picture(number, image, image.width * scale, image.height * scale)


def _frame(raw: bytes, index: int, shown: str) -> tuple[Image.Image, float] | None:
    """The page at `index` and the points of its longer side; None behind the last."""
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
            points = _points(file)
            # A large JPEG is unpacked in half its size or less; does nothing for others.
            file.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            file.load()
            return _upright(file), points
    except (OversizedFile, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise oversized from error
    except Exception as error:
        raise DamagedFile(f"{shown}: a picture that is damaged", hint="scan or save it again") from error


def _points(file: Image.Image) -> float:
    dpi = file.info.get("dpi", (0, 0))[0]
    points = max(file.size) / dpi * 72 if dpi and round(dpi) in _LIKELY_DPI else 0.0
    return points if _LIKELY_POINTS[0] <= points <= _LIKELY_POINTS[1] else _A4_LONG


def _upright(frame: Image.Image) -> Image.Image:
    """In red, green and blue, no larger than is of use, as a person holds it; what is transparent is paper."""
    image = frame
    if image.mode.startswith("I"):
        # 16 bits to a pixel.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    elif image.mode in ("1", "P"):
        image = image.convert("RGBA" if image.has_transparency_data else "L" if image.mode == "1" else "RGB")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    image = image.convert("RGB")
    if turned := frame.getexif():
        image.getexif().update(turned)
    return ImageOps.exif_transpose(image)
