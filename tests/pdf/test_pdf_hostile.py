"""A file that is damaged, locked or made to harm costs one clear line, never a traceback, the machine or the day."""

import random
import zlib
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption  # type: ignore[import-untyped]

from reviewer.errors import DamagedFile, InputError, OversizedFile, ProtectedFile, ReviewerError
from reviewer.reading import read
from reviewer.reading.pdf import MOST_PAGES, lay_out
from reviewer.reading.pdf.forms import drawn_too_often
from tests.pdf.drawing import Drawing, one_page, rows, written

XS = (90, 200, 300)
ROWS = [["项目", "金额"], ["办公费", "12.30"]]


def good() -> bytes:
    drawing = Drawing()
    drawing.canvas.setPageCompression(0)
    drawing.put(90, 100, "预算安排1,234.56万元")
    drawing.table(XS, 130, ROWS)
    drawing.page()
    drawing.put(90, 100, "第二页")
    return drawing.pdf()


def locked(user: str, owner: str) -> bytes:
    drawing = Drawing()
    drawing.canvas._doc.encrypt = StandardEncryption(user, owner, strength=128)
    drawing.table(XS, 130, ROWS)
    return drawing.pdf()


def test_a_file_that_needs_a_password_is_named_so() -> None:
    with pytest.raises(ProtectedFile, match="password"):
        lay_out(locked("secret", "owner"), "d1", "report.pdf")


def test_a_file_that_only_forbids_changes_is_read() -> None:
    assert rows(lay_out(locked("", "owner"), "d1", "report.pdf")) == ROWS


def test_a_broken_index_of_objects_is_repaired() -> None:
    raw = good()
    table, trailer = raw.rindex(b"xref\n0"), raw.rindex(b"trailer")
    broken = raw[:table] + b"xref\n0 1\nnonsense\n" + raw[trailer : raw.rindex(b"startxref")] + b"startxref\n99\n%%EOF"
    assert "1,234.56" in lay_out(broken, "d1", "report.pdf").text


def test_what_is_no_pdf_behind_its_first_line_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 8)
    with pytest.raises(DamagedFile, match="PDF"):
        read(path, "d1")


def test_more_pages_than_any_report_has_are_refused() -> None:
    kids = b"3 0 R " * 5000
    raw = written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count 5000>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    )
    with pytest.raises(OversizedFile, match=f"5,000 pages; no report has more than {MOST_PAGES:,}"):
        lay_out(raw, "d1", "report.pdf")


def test_pages_that_contain_themselves_end() -> None:
    raw = written(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")
    with pytest.raises(InputError):
        lay_out(raw, "d1", "report.pdf")


@pytest.mark.parametrize("layers", [1, 2])
def test_a_small_stream_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked(layers: int) -> None:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 2**20) for _ in range(200)) + packer.flush()
    for _ in range(layers - 1):
        packed = zlib.compress(packed, 9)
    raw = one_page(packed, b"/Filter[" + b"/FlateDecode " * layers + b"]/Length %d" % len(packed))
    with pytest.raises(OversizedFile, match="unpacks"):
        lay_out(raw, "d1", "report.pdf")


def forms(*contents: bytes, packed: bool = False) -> bytes:
    """Forms of these contents, each of which may draw the next as X; the page draws the first."""
    head = b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>"
    bodies = [zlib.compress(content) if packed else content for content in contents]
    how = b"/Filter/FlateDecode" if packed else b""
    inner = [
        head % (6 + number) + how + b"/Length %d>>\nstream\n%s\nendstream" % (len(body), body)
        for number, body in enumerate(bodies)
    ]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>"
    return written(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        page,
        b"<</Length 5>>\nstream\n/X Do\nendstream",
        *inner,
    )


@pytest.mark.parametrize("packed", [False, True])
def test_forms_that_draw_forms_by_the_million_are_refused_before_they_are_drawn(packed: bool) -> None:
    """Two kilobytes of them took twelve gigabytes."""
    with pytest.raises(OversizedFile, match="unpacks"):
        lay_out(forms(*[b"/X Do " * 10] * 9, b"", packed=packed), "d1", "report.pdf")


def test_forms_as_reports_have_them_and_forms_in_a_circle_are_no_reason_to_refuse() -> None:
    assert not drawn_too_often(forms(*[b"/X Do "] * 30, b""))
    assert not drawn_too_often(forms(b"/X Do " * 40, b""))
    assert not drawn_too_often(forms(b"/X Do ").replace(b"/X 6 0 R", b"/X 5 0 R"))


def test_a_stream_that_claims_two_gigabytes_costs_nothing() -> None:
    raw = one_page(b"BT /F 12 Tf 90 700 Td (Budget 12.5) Tj ET", b"/Length 2147483647")
    assert lay_out(raw, "d1", "report.pdf").text == "Budget 12.5"


def test_a_page_with_more_characters_than_any_page_is_refused() -> None:
    shown = b"BT /F 1 Tf 9 9 Td " + b"(0123456789) Tj " * 7000 + b"ET"
    with pytest.raises(OversizedFile, match="page 1"):
        lay_out(one_page(shown, b"/Length %d" % len(shown)), "d1", "report.pdf")


def test_a_page_full_of_lines_is_read_without_making_tables_of_them() -> None:
    lines = b"".join(
        b"%d 0 m %d 800 l S 0 %d m 590 %d l S " % (n % 590, n % 590, n % 800, n % 800) for n in range(30000)
    )
    shown = lines + b"BT /F 12 Tf 90 700 Td (Map 12.5) Tj ET"
    layout = lay_out(one_page(shown, b"/Length %d" % len(shown)), "d1", "report.pdf")
    assert (layout.text, layout.tables) == ("Map 12.5", ())


@pytest.mark.parametrize("seed", range(60))
def test_damage_anywhere_gives_text_or_one_line(seed: int) -> None:
    chance = random.Random(seed)
    raw = bytearray(good())
    match seed % 3:
        case 0:
            raw = raw[: chance.randrange(len(raw))]
        case 1:
            for _ in range(chance.choice((1, 5, 40))):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
        case _:
            digits = [index for index, byte in enumerate(raw) if byte in b"0123456789"]
            at = chance.choice(digits)
            raw[at : at + 1] = b"9999999"
    try:
        layout = lay_out(bytes(raw), "d1", "report.pdf", partial=True)
    except ReviewerError as error:
        assert error.message.startswith("report.pdf") and error.hint
    else:
        assert len(layout.text) < 1000
