"""A picture file is opened upright and on white whatever its kind, and one that is no report ends in one clear line."""

import struct
import sys
import zlib
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image

from reviewer.errors import DamagedFile, MissingPart, OversizedFile, ReviewerError
from reviewer.reading import read
from reviewer.reading.recognition import images, recognise
from tests.pdf.test_pdf_scans import mixed
from tests.recognition.scanned import needs_recognition, picture, without_the_extra
from tests.test_cli import assert_refused, loaded_by, run

SIZE = (80, 120)


def packed(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def half_black(mode: str = "RGB") -> Image.Image:
    """White, its upper half black."""
    image = Image.new("RGB", SIZE, "white")
    image.paste("black", (0, 0, SIZE[0], SIZE[1] // 2))
    return image.convert(mode)


def halves(image: Image.Image) -> tuple[int, int]:
    """Brightness at the top and at the bottom."""
    grey = image.convert("L")
    top, bottom = (grey.getpixel((grey.width // 2, y)) for y in (5, grey.height - 5))
    assert isinstance(top, int) and isinstance(bottom, int)
    return top, bottom


def sixteen_bits() -> Image.Image:
    return Image.fromarray(np.asarray(half_black("L")).astype(np.uint16) * 256)


def on_nothing() -> Image.Image:
    """Its white is transparent black."""
    image = half_black("RGBA")
    image.putalpha(half_black("L").point(lambda value: 255 - value))
    return image


@pytest.mark.parametrize(
    ("image", "kind"),
    [
        (half_black(), "JPEG"),
        (half_black("CMYK"), "JPEG"),
        (half_black("1"), "TIFF"),
        (half_black("P"), "PNG"),
        (half_black("LA"), "PNG"),
        (sixteen_bits(), "PNG"),
        (on_nothing(), "PNG"),
        (half_black(), "BMP"),
        (half_black(), "WEBP"),
    ],
    ids=["jpg", "cmyk", "bits", "palette", "alpha", "16 bits", "transparent", "bmp", "webp"],
)
def test_black_is_black_and_paper_is_white(image: Image.Image, kind: str) -> None:
    (found,) = images.pages(packed(image, kind), "page")
    top, bottom = halves(found.image)
    assert found.image.mode == "RGB" and top < 40 and bottom > 215


def test_a_photograph_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = half_black().rotate(90, expand=True)
    (found,) = images.pages(packed(turned, "JPEG", exif=exif), "page")
    top, bottom = halves(found.image)
    assert found.image.size == SIZE and top < 40 and bottom > 215


def test_every_page_of_a_fax_is_a_page() -> None:
    fax = packed(half_black("1"), "TIFF", save_all=True, append_images=[half_black("1")] * 2, compression="group4")
    assert [found.number for found in images.pages(fax, "fax")] == [1, 2, 3]


def test_points_come_from_the_resolution_and_from_a4_where_it_cannot_be_true() -> None:
    sheet = Image.new("L", (1654, 2339), "white")
    for dpi, height in ((200, 842), (72, 842), (1, 842), (300, 561)):
        (found,) = images.pages(packed(sheet, "PNG", dpi=(dpi, dpi)), "page")
        assert round(found.height) == height


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is this large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [9_000, 12_000, 60_000, 2**31 - 1])
def test_a_picture_larger_than_any_page_is_refused_before_it_is_unpacked(side: int) -> None:
    with pytest.raises(OversizedFile):
        list(images.pages(bomb(side, side), "bomb.png"))


def test_a_damaged_picture_ends_in_one_clear_line_and_nothing_else() -> None:
    dice = Random(7)
    sound = [packed(half_black(), kind) for kind in ("PNG", "JPEG", "BMP", "WEBP", "TIFF")]
    outcomes = set()
    for raw in sound:
        for attempt in range(80):
            spoilt = bytearray(raw if attempt % 2 else raw[: dice.randrange(1, len(raw))])
            for _ in range(dice.randrange(1, 12)):
                spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
            try:
                list(images.pages(bytes(spoilt), "page"))
            except ReviewerError as error:
                assert "\n" not in error.message
                outcomes.add(type(error))
    assert DamagedFile in outcomes


@needs_recognition
@pytest.mark.parametrize("size", [(1, 1), (3, 4000), (4000, 3), (400, 400)])
def test_an_empty_picture_of_any_shape_holds_nothing(size: tuple[int, int]) -> None:
    found = recognise(picture(Image.new("RGB", size, "white")))
    assert (found.lines, found.rulings) == ((), ())


# Without the extra


def test_a_picture_without_the_extra_is_refused_in_one_line_that_says_how_to_install_it(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(packed(half_black(), "PNG"))
    done = run("review", str(path), environment=without_the_extra(tmp_path))
    assert_refused(done, "scan.png", "pip install 'budget-report-reviewer[ocr]'")


def test_an_extra_that_cannot_be_loaded_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reviewer.reading.recognition import models

    def broken() -> None:
        raise ImportError("libGL.so.1: cannot open shared object file")

    monkeypatch.setattr(models, "models", broken)
    with pytest.raises(MissingPart, match=r"libGL\.so\.1"):
        recognise(picture(half_black()))


def test_readable_pages_are_reviewed_without_the_extra_when_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    path = tmp_path / "report.pdf"
    path.write_bytes(mixed())
    document = read(path, "d1", partial=True)
    assert document.text.startswith("第一页有12万元。") and document.recognised == ()


def test_a_review_of_text_loads_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("全年支出12万元。", encoding="utf-8")
    assert not {"rapidocr_onnxruntime", "onnxruntime", "cv2", "numpy", "PIL"} & loaded_by("review", str(path))
