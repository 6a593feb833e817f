"""A scanned page is read like any other: its figures exact, its table a table, whatever scanner and seal did to it."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]

from eval.pictures import PAGE, Press, sealed, skewed, speckled
from reviewer.memo import render
from reviewer.reading import read
from reviewer.reading.paged import lay_out_pages
from reviewer.reading.recognition import recognise
from reviewer.reading.recognition.cleaning import slope
from reviewer.reading.recognition.models import Models, models
from reviewer.review import review
from reviewer.schema import Document, Severity
from tests.pdf.drawing import Drawing
from tests.recognition.scanned import NUMBERS, PARAGRAPHS, TABLE, needs_recognition, page, picture

pytestmark = needs_recognition

_NUMBER = re.compile(r"[0-9]+(?:[,.][0-9]+)*")


def cells(document: Document) -> list[list[str]]:
    (table,) = document.tables
    return [[document.text[cell.span.start : cell.span.end] for cell in row] for row in table.rows]


def as_file(image: Image.Image, path: Path) -> Path:
    image.save(path, dpi=(200, 200))
    return path


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return read(as_file(page().image, tmp_path_factory.mktemp("scan") / "page.png"), "d1")


def test_a_clean_scan_is_read_word_for_word(clean: Document) -> None:
    assert clean.format == "image" and clean.pages == 1
    assert clean.text.split("\n")[: len(PARAGRAPHS)] == list(PARAGRAPHS)
    assert cells(clean) == [list(row) for row in TABLE]
    assert clean.tables[0].header_rows == 1


def test_every_character_says_how_sure_it_is_and_where_it_stands(clean: Document) -> None:
    bare = [at for at, char in enumerate(clean.text) if not char.isspace() and clean.confidence(at, at + 1) is None]
    assert bare == []
    at = clean.text.index("231.47")
    span = clean.span(at, at + 6)
    assert (span.page, span.table, span.row, span.column) == (1, "d1t1", 2, 2)
    assert [(notice.kind, notice.pages) for notice in clean.notices] == [("pages_recognised", (1,))]


def spoilt(image: Image.Image) -> Image.Image:
    """A seal over the table's figures, laid askew on a dirty glass."""
    return speckled(skewed(sealed(image, (0.68, 0.33)), -1.2))


def sideways(image: Image.Image) -> Image.Image:
    return image.rotate(90, expand=True)


@pytest.mark.parametrize("change", [spoilt, sideways])
def test_figures_and_table_survive(change: Callable[[Image.Image], Image.Image]) -> None:
    found = recognise(picture(change(page().image)))
    assert found.width < found.height
    layout = lay_out_pages([found], "d1", "image")
    (table,) = layout.tables
    shown = [[layout.text[cell.span.start : cell.span.end] for cell in row] for row in table.rows]
    assert shown == [list(row) for row in TABLE]
    assert _NUMBER.findall(layout.text[: table.start]) == NUMBERS


def test_a_seal_copied_in_grey_does_not_break_the_table() -> None:
    """Pieces of it are read as letters; its outline must not be taken for sides of cells."""
    grey = sealed(page().image, (0.48, 0.33)).convert("L")
    (table,) = lay_out_pages([recognise(picture(grey))], "d1", "image").tables
    assert [len(row) for row in table.rows] == [len(row) for row in TABLE]


@pytest.mark.parametrize("degrees", [0.0, 0.7, -2.0])
def test_a_page_of_short_cells_is_made_level(degrees: float) -> None:
    """No line of text is long enough there to tell; a ruling a hair askew cuts the first digits of the cells below."""
    press = Press(150)
    press.table([(str(row), f"{row * 137}.25", "10", "9.5") for row in range(1, 20)])
    turned = skewed(press.pages[0].image, degrees)
    assert slope(np.ascontiguousarray(np.asarray(turned)[:, :, ::-1])) == pytest.approx(-degrees, abs=0.05)


def test_the_seal_really_lies_over_the_figures() -> None:
    """Else the test above would prove nothing."""
    covered = ImageChops.difference(page().image, sealed(page().image, (0.68, 0.33))).getbbox()
    assert covered is not None
    left, top, right, bottom = covered
    assert left < 0.7 * page().image.width < right and top < 0.33 * page().image.height < bottom


def test_the_same_picture_is_read_the_same_by_a_fresh_start(clean: Document, tmp_path: Path) -> None:
    path = as_file(page().image, tmp_path / "page.png")
    models.cache_clear()
    assert isinstance(models(), Models)
    again = read(path, "d1")
    assert again.model_copy(update={"path": clean.path}) == clean


def test_scanned_pages_of_a_pdf_are_reviewed_and_no_error_rests_on_them(tmp_path: Path) -> None:
    drawing = Drawing()
    drawing.put(90, 100, "附件目录见后。")
    drawing.page()
    packed = BytesIO()
    page().image.save(packed, "PNG")
    drawing.canvas.drawImage(ImageReader(packed), 0, 0, *PAGE)
    drawing.page()
    path = tmp_path / "report.pdf"
    path.write_bytes(drawing.pdf())
    made = review([path])
    found = {finding.code: finding for finding in made.findings}
    assert found["SUM001"].severity is Severity.WARNING and "图像识别" in found["SUM001"].message
    assert not [finding for finding in made.findings if finding.severity is Severity.ERROR]
    marked = {quantity.text: quantity.span.page for quantity in made.quantities if quantity.confidence is not None}
    assert marked["902.36万元"] == 2
    memo = render(made, "md")
    assert "> 第2页由图像识别得到，数字请对照原件核实。" in memo
    assert re.search(r"第2页第\d+行，图像识别", memo)
