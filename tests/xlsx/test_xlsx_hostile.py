"""A workbook made to harm gets one line and a hint, and never much memory."""

import random
from pathlib import Path

import pytest

from reviewer.errors import DamagedFile, OversizedFile, ReviewerError
from reviewer.reading.xlsx import lay_out
from tests.xlsx.books import SHEET, form_book, packed, rezipped, with_sheet, with_strings


def test_rows_that_hold_only_formats_cost_nothing() -> None:
    empty = "".join(f'<row r="{row}" s="1" customFormat="1"><c r="A{row}" s="1"/></row>' for row in range(2, 30_000))
    layout = lay_out(
        with_sheet(
            f'<row r="1"><c r="A1"><v>1</v></c></row>{empty}<row r="1048576"><c r="B1048576"><v>5</v></c></row>'
        ),
        "d1",
        "form.xlsx",
    )
    assert layout.text == "1\n5"


@pytest.mark.parametrize(
    "rows",
    [
        "".join(f'<row r="{row}">' + '<c t="b"><v>1</v></c>' * 16_000 + "</row>" for row in range(1, 5)),
        '<row r="1"><c t="inlineStr"><is><t>' + "数" * 3_100_000 + "</t></is></c></row>",
        "".join(f'<row r="{row}"><c r="{"A" * (row % 3 + 1)}{row}"><v>1</v></c></row>' for row in range(1, 61_000)),
    ],
    ids=["cells", "characters", "rows"],
)
def test_more_than_any_report_is_refused(rows: str) -> None:
    with pytest.raises(OversizedFile):
        lay_out(with_sheet(rows), "d1", "form.xlsx")


def test_merged_cells_may_claim_the_whole_sheet_but_not_lie_over_each_other() -> None:
    row = '<row r="1"><c r="A1"><v>5</v></c></row><row r="9"><c r="C9"><v>6</v></c></row>'
    layout = lay_out(with_sheet(row, '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), "d1", "form.xlsx")
    assert layout.text == "5"
    piled = "".join(f'<mergeCell ref="A{top}:XFD1048576"/>' for top in range(1, 1000))
    rows = "".join(f'<row r="{number}"><c r="A{number}"><v>5</v></c></row>' for number in range(1, 1000))
    with pytest.raises(DamagedFile):
        lay_out(with_sheet(rows, f"<mergeCells>{piled}</mergeCells>"), "d1", "form.xlsx")


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (SHEET, b"<worksheet"),
        (SHEET, b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'),
        ("xl/workbook.xml", b"<workbook/"),
        ("xl/styles.xml", b"\x00\x01"),
    ],
)
def test_a_damaged_part_is_told_in_one_line(part: str, content: bytes) -> None:
    with pytest.raises(DamagedFile) as caught:
        lay_out(rezipped(packed(form_book()), part, lambda _: content), "d1", "form.xlsx")
    assert "\n" not in caught.value.message and caught.value.hint


def test_a_string_that_is_not_there_is_damage() -> None:
    with pytest.raises(DamagedFile):
        lay_out(with_strings('<row r="1"><c t="s"><v>7</v></c></row>', "<si><t>甲</t></si>"), "d1", "form.xlsx")


def test_no_damage_ends_in_anything_but_a_message() -> None:
    chance = random.Random(2024)
    raw = packed(form_book())
    for trial in range(60):
        if trial % 3 == 0:
            harmed = raw[: chance.randrange(len(raw))]
        elif trial % 3 == 1:
            flipped = bytearray(raw)
            for _ in range(chance.randrange(1, 6)):
                flipped[chance.randrange(len(raw))] = chance.randrange(256)
            harmed = bytes(flipped)
        else:
            harmed = rezipped(raw, SHEET, lambda xml: _with_slips(xml, chance))
        try:
            lay_out(harmed, "d1", "form.xlsx")
        except ReviewerError as error:
            assert "\n" not in error.message


def _with_slips(xml: bytes, chance: random.Random) -> bytes:
    slipped = bytearray(xml)
    for _ in range(3):
        slipped[chance.randrange(len(xml))] = chance.choice(b'0123456789AZ<>"=/ &')
    return bytes(slipped)


def test_the_same_workbook_gives_the_same_text(tmp_path: Path) -> None:
    raw = packed(form_book())
    assert lay_out(raw, "d1", "form.xlsx") == lay_out(raw, "d1", "form.xlsx")
