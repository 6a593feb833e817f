"""A damaged or malicious Word file is one line on the screen; the rest of the batch goes on."""

import io
import random
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.errors import DamagedFile, OversizedFile, ReviewerError
from reviewer.reading import docx
from reviewer.reading import read as read_path
from reviewer.reading.docx import runs, tables
from tests.docx.word_files import p, paragraphs, r, read, tbl, tc, tr, word

NOTE_MARK = '<w:r><w:footnoteReference w:id="2"/></w:r>'
NUMBERED = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
BODY = (
    p("概况", properties=NUMBERED)
    + p("支出", r("864.64", "<w:b/>"), "万元", NOTE_MARK)
    + tbl(
        tr(tc("科目", properties='<w:vMerge w:val="restart"/>'), tc("预算", properties='<w:gridSpan w:val="2"/>')),
        tr(tc(properties="<w:vMerge/>"), "1", "2"),
    )
    + p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>', "9")
)
NUMBERING = (
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
)
STYLES = '<w:style w:styleId="a"><w:basedOn w:val="a"/><w:name w:val="heading 1"/></w:style>'
FOOTNOTES = f'<w:footnote w:id="2">{p("注", NOTE_MARK)}</w:footnote>'
VALID = word(BODY, numbering=NUMBERING, styles=STYLES, footnotes=FOOTNOTES)
with zipfile.ZipFile(io.BytesIO(VALID)) as _packed:
    XML = {name: _packed.read(name).decode() for name in _packed.namelist()}


def outcome(raw: bytes) -> str:
    """ "read", or "refused" with a line and a hint."""
    try:
        docx.lay_out(raw, "d1", "r.docx")
    except ReviewerError as error:
        assert error.message and "\n" not in error.message and error.hint
        return "refused"
    return "read"


def test_the_sample_is_sound() -> None:
    """Else the tests below would break a file that is broken already."""
    assert docx.lay_out(VALID, "d1", "r.docx").text == "1. 概况\n支出864.64万元\n注\n科目\t预算\t\n\t1\t2\n9"


def test_damaged_bytes_are_refused() -> None:
    """Half a download, or a bad disk."""
    chance = random.Random(7)
    outcomes = {outcome(VALID[:at]) for at in range(0, len(VALID), 7)}
    for _ in range(1500):
        broken = bytearray(VALID)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        outcomes.add(outcome(bytes(broken)))
    assert outcomes == {"read", "refused"}


_TAG = re.compile(r"<[^<>]+>")


@given(st.sampled_from(sorted(XML)), st.data())
def test_parts_that_contradict_each_other_are_refused_or_read(name: str, data: st.DataObject) -> None:
    """Programs that write Word files by hand leave out, double and misplace elements and values."""
    content = XML[name]
    tags = list(_TAG.finditer(content))
    for _ in range(data.draw(st.integers(1, 3))):
        tag = data.draw(st.sampled_from(tags))
        other = data.draw(st.sampled_from(tags))[0]
        value = data.draw(st.sampled_from(["-1", "99999999999999999999", "", "x", "\u0663", "0"]))
        change = data.draw(st.sampled_from(["drop", "double", "swap", "value"]))
        new = {
            "drop": "",
            "double": tag[0] * 2,
            "swap": other,
            "value": re.sub(r'w:(\w+)="[^"]*"', rf'w:\1="{value}"', tag[0]),
        }
        content = content.replace(tag[0], new[change], 1)
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        for part, text in (XML | {name: content}).items():
            packed.writestr(part, text)
    outcome(raw.getvalue())


def test_deep_nesting_is_read_or_refused() -> None:
    """Tables within tables must not end in a traceback."""
    for depth, expected in ((20, "read"), (60, "read"), (120, "refused"), (2000, "refused")):
        nested = "甲"
        for _ in range(depth):
            nested = tbl(tr("乙", tc(nested, p())))
        assert outcome(word(nested)) == expected
    controls = "<w:sdt><w:sdtContent>" * 5000 + p("甲") + "</w:sdtContent></w:sdt>" * 5000
    assert outcome(word(controls)) == "refused"


def test_too_many_characters_or_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few KB of packed blanks become gigabytes of places."""
    monkeypatch.setattr(runs, "MOST_CHARACTERS", 100)
    with pytest.raises(OversizedFile, match="characters"):
        read(p("9" * 101))
    monkeypatch.setattr(tables, "MOST_CELLS", 5)
    with pytest.raises(OversizedFile, match="cells"):
        read(tbl(tr("1", "2", "3"), tr("1", "2", "3")))


def test_styles_and_notes_that_refer_to_themselves_end() -> None:
    """A circle would never come to an end."""
    note = f'<w:footnote w:id="2">{p("注9")[:-6]}<w:r><w:footnoteReference w:id="2"/></w:r></w:p></w:footnote>'
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    )
    layout = read(
        p("甲", '<w:r><w:footnoteReference w:id="2"/></w:r>', properties='<w:pStyle w:val="a"/>'),
        styles=styles,
        footnotes=note,
    )
    assert paragraphs(layout) == ["甲", "注9"]


def test_a_document_without_a_body_is_damaged() -> None:
    """It would pass for an empty report."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        packed.writestr("word/document.xml", "<a/>")
    with pytest.raises(DamagedFile, match="no body"):
        docx.lay_out(raw.getvalue(), "d1", "r.docx")


def test_a_main_part_of_another_name_is_found(tmp_path: Path) -> None:
    """Files from an online Word keep their text in document2.xml."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        for name, text in XML.items():
            packed.writestr(
                name.replace("word/document", "word/document2").replace("document.xml.rels", "document2.xml.rels"), text
            )
        packed.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document2.xml"/></Relationships>',
        )
    path = tmp_path / "r.docx"
    path.write_bytes(raw.getvalue())
    assert "864.64" in read_path(path, "d1").text
