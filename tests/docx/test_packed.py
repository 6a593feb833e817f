"""A file made to exhaust the machine, or that is broken, costs one clear line and not the batch."""

import io
import struct
import zipfile

import pytest

from reviewer.errors import DamagedFile, OversizedFile, ProtectedFile, ReviewerError
from reviewer.reading import packed
from reviewer.reading.packed import Package

PART = "word/document.xml"


def pack(parts: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return raw.getvalue()


def one(content: bytes) -> Package:
    return Package(pack({PART: content}), "r.docx")


def test_parts_come_by_name_whatever_its_case() -> None:
    """Some programs write Word/Document.xml; the report would be unreadable."""
    package = Package(pack({"Word\\Document.xml": b"<a>3.50</a>"}), "r.docx")
    assert PART in package and package.read(PART) == b"<a>3.50</a>"
    assert package.xml(PART).text == "3.50"


def test_a_missing_part_is_said() -> None:
    """A half-saved file would look like an empty report."""
    with pytest.raises(DamagedFile, match="is missing"):
        Package(pack({"a.xml": b"<a/>"}), "r.docx").read(PART)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """A few KB would fill the machine's memory."""
    with pytest.raises(OversizedFile, match="unpacks to 40 MiB"):
        one(b" " * (40 * 2**20))


def test_a_bomb_that_declares_little_gives_little() -> None:
    """The size in the directory is the sender's claim."""
    raw = bytearray(pack({PART: b" " * (40 * 2**20)}))
    directory = raw.rindex(b"PK\x01\x02")
    raw[directory + 24 : directory + 28] = struct.pack("<I", 1000)
    with pytest.raises(DamagedFile):
        Package(bytes(raw), "r.docx").read(PART)


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A directory of a million names takes minutes."""
    monkeypatch.setattr(packed, "MOST_PARTS", 3)
    raw = pack({f"{number}.xml": b"" for number in range(4)})
    with pytest.raises(OversizedFile, match="4 parts"):
        Package(raw, "r.docx")


def test_a_tree_too_large_for_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tag of four bytes takes a hundred as a tree."""
    monkeypatch.setattr(packed, "MOST_MARKUP", 10)
    with pytest.raises(OversizedFile, match="tags and attributes"):
        one(b"<a>" + b"<b/>" * 11 + b"</a>").xml(PART)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(encoding: str) -> None:
    """Entities inside entities unpack to gigabytes, others read files of the reviewer's machine."""
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "9">]><a>&b;</a>'
    package = one(text.encode(encoding))
    with pytest.raises(DamagedFile, match="document type"):
        package.xml(PART)
    with pytest.raises(DamagedFile, match="document type"):
        package.check_xml()


def test_an_unknown_entity_is_damage() -> None:
    """An entity left unread could be a lost figure."""
    with pytest.raises(DamagedFile, match="well-formed"):
        one(b"<a>&b;</a>").xml(PART)


def test_an_encrypted_part_asks_for_the_password_to_go() -> None:
    """Without the hint the reviewer would blame the tool."""
    raw = bytearray(pack({PART: b"<a/>"}))
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ProtectedFile, match="encrypted"):
        Package(bytes(raw), "r.docx")


def test_other_ways_of_packing_are_refused() -> None:
    """Some of them let a small file claim a dictionary of gigabytes."""
    with pytest.raises(DamagedFile, match="packed in a way"):
        Package(pack({PART: b"<a/>"}, method=zipfile.ZIP_LZMA), "r.docx")


def test_the_strict_variant_reads_like_the_usual_one() -> None:
    """「Strict Open XML」 is a choice in Word's save dialog; its tables would be lost."""
    root = one(b'<a xmlns="http://purl.oclc.org/ooxml/wordprocessingml/main"/>').xml(PART)
    assert root.tag == "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}a"


def test_relations_lead_to_parts_of_the_file() -> None:
    """A footnote's number is found by following them; a link outside is told apart and never fetched."""
    listed = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://x/footnotes" Target="footnotes.xml"/>'
        '<Relationship Id="r2" Type="http://x/styles" Target="/word/my%20styles.xml"/>'
        '<Relationship Id="r3" Type="http://x/image" Target="http://example.invalid/a.png" TargetMode="External"/>'
        "</Relationships>"
    )
    found = Package(pack({"word/_rels/document.xml.rels": listed.encode()}), "r.docx").relations(PART)
    assert (found["r1"].kind, found["r1"].target) == ("footnotes", "word/footnotes.xml")
    assert found["r2"].target == "word/my styles.xml"
    assert found["r3"].external


def test_any_damage_is_one_clear_line() -> None:
    """A traceback in the middle of the night ends the batch."""
    raw = pack({PART: b"<a>" + b"3.50 87.4% " * 40 + b"</a>", "[Content_Types].xml": b"<a/>"})
    outcomes = set()
    for at in range(len(raw)):
        for broken in (raw[:at], raw[:at] + bytes([raw[at] ^ 0x55]) + raw[at + 1 :]):
            try:
                Package(broken, "r.docx").xml(PART)
                outcomes.add("read")
            except ReviewerError as error:
                assert "\n" not in error.message and error.hint
                outcomes.add("refused")
    assert outcomes == {"read", "refused"}
