"""Pages that are pictures are named or recognised, never passed over in silence."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]

from reviewer.errors import UnreadablePages
from reviewer.reading.page_lines import Page, PageLine, Picture, Ruling
from reviewer.reading.paged import lay_out_pages
from reviewer.reading.pdf import lay_out
from tests.pdf.drawing import SONG, Drawing, one_page, rows
from tests.recognition.scanned import without_the_extra
from tests.test_cli import assert_refused, run


def scan(drawing: Drawing, width: float = 595, height: float = 842) -> None:
    picture = ImageReader(Image.new("RGB", (40, 60), "grey"))
    drawing.canvas.drawImage(picture, 0, 0, width, height)


def mixed() -> bytes:
    """Text on pages 1 and 4, scans on 2, 3 (with its page number) and 6, nothing on 5."""
    drawing = Drawing()
    drawing.put(90, 100, "第一页有12万元。")
    drawing.page()
    scan(drawing)
    drawing.page()
    scan(drawing)
    drawing.put(290, 820, "- 3 -", 9)
    drawing.page()
    drawing.put(90, 100, "第四页有34万元。")
    scan(drawing, 200, 200)
    drawing.page()
    drawing.page()
    scan(drawing)
    return drawing.pdf()


def test_pages_without_text_are_named_and_what_would_help() -> None:
    with pytest.raises(UnreadablePages) as caught:
        lay_out(mixed(), "d1", "report.pdf")
    assert "第2–3、6页" in caught.value.message
    assert "budget-report-reviewer[ocr]" in caught.value.hint and "--partial" in caught.value.hint


def test_the_readable_pages_are_read_when_asked_and_the_rest_is_named() -> None:
    layout = lay_out(mixed(), "d1", "report.pdf", partial=True)
    assert layout.text == "第一页有12万元。\n第四页有34万元。"
    assert layout.pages == 6
    assert {(notice.kind, notice.pages) for notice in layout.notices} == {
        ("pages_without_text", (2, 3, 6)),
        ("pictures_ignored", (4,)),
    }


def test_a_scan_alone_is_no_empty_report() -> None:
    drawing = Drawing()
    scan(drawing)
    with pytest.raises(UnreadablePages) as caught:
        lay_out(drawing.pdf(), "d1", "report.pdf", partial=True)
    assert "[ocr]" in caught.value.hint and "--partial" not in caught.value.hint


def test_a_cover_with_a_picture_behind_it_is_text() -> None:
    drawing = Drawing()
    scan(drawing)
    drawing.put(150, 300, "某某局2023年度自评报告", 22)
    assert drawing.read().text == "某某局2023年度自评报告"


def test_recognised_pages_take_their_place_among_the_others() -> None:
    seen: list[Picture] = []

    def recognise(picture: Picture) -> Page:
        seen.append(picture)
        words = f"识别{picture.number}"
        edges = tuple(100.0 + 12 * index for index in range(len(words)))
        line = PageLine(
            words, edges, tuple(edge + 12 for edge in edges), 300, 312, 12, confidences=(Decimal("0.91"),) * 3
        )
        return Page(picture.number, picture.width, picture.height, (line,))

    layout = lay_out(mixed(), "d1", "report.pdf", recognise=recognise)
    assert layout.text.split("\n") == ["第一页有12万元。", "识别2", "识别3", "第四页有34万元。", "识别6"]
    assert [(layout.text[r.start : r.end], r.confidence) for r in layout.recognised] == [
        (f"识别{number}", Decimal("0.91")) for number in (2, 3, 6)
    ]
    assert seen[0].image.size == (1654, 2339) and round(seen[0].width) == 595
    assert [notice.pages for notice in layout.notices if notice.kind == "pages_recognised"] == [(2, 3, 6)]


def test_cells_recognised_one_by_one_become_a_table_with_their_confidence() -> None:
    def seen(words: str, x: float, y: float) -> PageLine:
        edges = tuple(x + 12 * index for index in range(len(words)))
        sure = (Decimal("0.80"),) * len(words)
        return PageLine(words, edges, tuple(edge + 12 for edge in edges), y, y + 12, 12, confidences=sure)

    lines = (seen("项目", 95, 105), seen("金额", 205, 106), seen("办公费", 95, 127), seen("12.30", 205, 126))
    rulings = tuple(Ruling(True, y, 90, 300) for y in (100, 122, 144))
    rulings += tuple(Ruling(False, x, 100, 144) for x in (90, 200, 300))
    layout = lay_out_pages([Page(1, 595, 842, lines, rulings)], "d1", "image")
    assert rows(layout) == [["项目", "金额"], ["办公费", "12.30"]]
    assert [layout.text[r.start : r.end] for r in layout.recognised] == ["项目", "金额", "办公费", "12.30"]


def test_the_text_layer_of_a_scan_is_read_and_marked() -> None:
    drawing = Drawing()
    scan(drawing)
    layer = drawing.canvas.beginText(90, 700)
    layer.setTextRenderMode(3)
    layer.setFont(SONG, 12)
    layer.textLine("扫描件自带的文字层，预算1,234.56万元")
    drawing.canvas.drawText(layer)
    layout = drawing.read()
    assert "1,234.56" in layout.text
    assert [(r.start, r.end, r.confidence) for r in layout.recognised] == [(0, len(layout.text), Decimal(0))]
    assert [notice.kind for notice in layout.notices] == ["pages_recognised"]


def test_a_font_that_names_none_of_its_characters_is_no_text() -> None:
    shown = b"BT /F 12 Tf 90 700 Td <0030003100320033003400350036> Tj ET"
    described = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2"
        b"/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>]>>"
    )
    raw = one_page(shown, b"/Length %d" % len(shown), font=described)
    with pytest.raises(UnreadablePages, match="第1页"):
        lay_out(raw, "d1", "report.pdf")


def test_the_command_reviews_the_readable_pages_only_when_told_to(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(mixed())
    bare = without_the_extra(tmp_path)
    assert_refused(run("review", str(path), environment=bare), "第2–3、6页", "ocr", "--partial")
    done = run("review", str(path), "--partial", "--format", "json", environment=bare)
    assert done.returncode == 0, done.stderr
    review = json.loads(done.stdout)
    assert review["provenance"]["settings"]["partial"] is True
    assert review["documents"][0]["notices"][0]["pages"] == [2, 3, 6]
