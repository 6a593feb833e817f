"""Old formats: read through LibreOffice where it is there, one clear line where it is not."""

import io
import os
import shutil
import struct
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
from openpyxl import Workbook

from reviewer.errors import DamagedFile, MissingPart, ProtectedFile, UnsupportedFormat
from reviewer.reading import office, read
from reviewer.reading.files import FileKind, Loaded
from reviewer.review import review
from tests.docx.word_files import p, saved, word

ROOT = Path(__file__).resolve().parents[2]
REPORTS = [ROOT / "fixtures" / name for name in ("liyang-archives-2023.md", "lanxi-culture-2024.txt")]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.fixture(scope="module")
def soffice() -> str:
    """The program that reads old formats."""
    if (found := shutil.which("soffice")) is None:
        complaint = "LibreOffice (soffice) is not installed"
        if "CI" in os.environ:
            pytest.fail(complaint)
        pytest.skip(complaint)
    return found


def ole(name: str, first: bytes = b"") -> bytes:
    """An OLE file as far as it is looked at: a stream of this name that begins with these bytes."""
    header = bytearray(512)
    header[:8] = OLE
    header[30:32] = struct.pack("<H", 9)
    entry = bytearray(128)
    words = name.encode("utf-16-le") + b"\0\0"
    entry[: len(words)] = words
    entry[64:67] = struct.pack("<HB", len(words), 2)
    entry[116:120] = struct.pack("<I", 1)
    return bytes(header) + bytes(entry).ljust(512, b"\0") + first.ljust(512, b"\0")


def odf(kind: str, manifest: str = "") -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as packed:
        packed.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        packed.writestr("content.xml", "<a/>")
        packed.writestr("META-INF/manifest.xml", f"<m>{manifest}</m>")
    return raw.getvalue()


def loaded(raw: bytes, ending: str) -> Loaded:
    return Loaded(raw, FileKind.OFFICE, ending, f"r{ending}")


@pytest.fixture(scope="module", params=["docx", "doc", "rtf", "odt"])
def exported(request: pytest.FixtureRequest, soffice: str, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The reports as LibreOffice saves them in this format."""
    folder = tmp_path_factory.mktemp("exported")
    for path in REPORTS:
        (folder / f"{path.stem}.docx").write_bytes(saved(read(path, "d1")))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    sources = [str(folder / f"{path.stem}.docx") for path in REPORTS]
    command = [soffice, profile, "--headless", "--convert-to", request.param, "--outdir", str(folder / "out"), *sources]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return [folder / "out" / f"{path.stem}.{request.param}" for path in REPORTS]


def test_a_report_from_another_program_is_the_same_report(exported: list[Path]) -> None:
    """A unit that still sends .doc gets the same review, without anybody converting it by hand."""
    for path, original in zip(exported, REPORTS, strict=True):
        found, expected = review([path]), review([original])
        document, text = found.documents[0], expected.documents[0]
        assert document.text == text.text
        assert [len(table.rows) for table in document.tables] == [len(table.rows) for table in text.tables]
        assert [(f.code, f.message) for f in found.findings] == [(f.code, f.message) for f in expected.findings]
        converted = [] if path.suffix == ".docx" else [("converted", path.suffix[1:])]
        assert [(notice.kind, notice.detail) for notice in document.notices] == converted


@pytest.mark.parametrize("ending", ["xls", "ods"])
def test_a_workbook_in_an_old_format_is_a_workbook(soffice: str, ending: str, tmp_path: Path) -> None:
    """A scoring table read as text would lose its cells."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["指标", "分值", "得分"], ["数量", 20, 18.5], ["质量", 30, 29.25]):
        sheet.append(row)
    book.save(tmp_path / "report.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", ending, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "report.xlsx")], check=True, capture_output=True, timeout=120)
    document = read(tmp_path / f"report.{ending}", "d1")
    assert document.format == "xlsx" and document.text == "指标\t分值\t得分\n数量\t20\t18.5\n质量\t30\t29.25"
    cell = document.tables[0].rows[1][2]
    assert cell.address == "C2"


def test_several_at_once_do_not_disturb_each_other(soffice: str, tmp_path: Path) -> None:
    """A batch reads several files at a time; LibreOffice allows one run per profile."""
    for number in range(3):
        (tmp_path / f"{number}.rtf").write_text(rf"{{\rtf1 budget {number}5.5}}")
    with ThreadPoolExecutor(3) as pool:
        texts = list(pool.map(lambda number: read(tmp_path / f"{number}.rtf", "d1").text, range(3)))
    assert texts == ["budget 05.5", "budget 15.5", "budget 25.5"]


def test_nothing_is_fetched_or_left_behind(soffice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that names a file of this machine must not bring it into the review."""
    secret = tmp_path / "secret.txt"
    secret.write_text("4711")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "scratch").mkdir()
    path = tmp_path / "r.rtf"
    path.write_text(rf"{{\rtf1 text {{\field{{\*\fldinst INCLUDETEXT \"{secret.as_uri()}\"}}{{\fldrslt old}}}}}}")
    assert "4711" not in read(path, "d1").text
    assert not list((tmp_path / "scratch").iterdir())


def test_word_xml_of_2003_is_read(soffice: str, tmp_path: Path) -> None:
    """Office systems fill in templates of it and name them .doc."""
    path = tmp_path / "r.doc"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body><w:p><w:r><w:t>支出864.64万元'
        "</w:t></w:r></w:p></w:body></w:wordDocument>",
        encoding="utf-8",
    )
    assert read(path, "d1").text == "支出864.64万元"


def test_a_file_libreoffice_cannot_open_is_one_line(soffice: str) -> None:
    """Whatever the program says goes nowhere; the user is told what to do."""
    with pytest.raises(DamagedFile, match="LibreOffice cannot open it") as caught:
        office.converted(loaded(ole("WordDocument"), ".doc"))
    assert "save it as .docx" in caught.value.hint


def test_a_run_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bad file would hold up the batch for ever."""
    slow = tmp_path / "soffice"
    slow.write_text(f"#!/bin/sh\nsleep 600 & echo $! > {tmp_path}/child\nwait\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(office, "TIME_LIMIT", 1)
    with pytest.raises(DamagedFile, match="within 1 seconds"):
        office.converted(loaded(rb"{\rtf1 a}", ".rtf"))
    state = Path(f"/proc/{(tmp_path / 'child').read_text().strip()}/stat")
    for _ in range(200):
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        sleep(0.05)
    pytest.fail("what the program started is still running")


def test_without_libreoffice_the_user_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback for a program that is not there."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingPart, match="LibreOffice is needed") as caught:
        office.converted(loaded(rb"{\rtf1 a}", ".rtf"))
    assert "save the file as .docx" in caught.value.hint


@pytest.mark.parametrize(
    "raw",
    [
        ole("EncryptedPackage"),
        ole("WordDocument", b"\xec\xa5\0\0\0\0\0\0\0\0\x00\x01"),
        ole("Workbook", struct.pack("<HHI", 0x0809, 4, 0) + struct.pack("<HH", 0x2F, 0)),
        odf("text", "<encryption-data/>"),
    ],
    ids=["docx", "doc", "xls", "odt"],
)
def test_a_password_is_named_as_the_reason(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """「Cannot open」 would send the reviewer looking for damage; no program is needed to tell."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ProtectedFile, match="password"):
        office.converted(loaded(raw, ".doc"))


@pytest.mark.parametrize(
    ("raw", "ending", "kind"),
    [
        (ole("WordDocument", b"\xec\xa5"), ".xls", FileKind.DOCX),
        (ole("Workbook", b"\x09\x08"), ".doc", FileKind.XLSX),
        (odf("spreadsheet"), ".odt", FileKind.XLSX),
        (odf("text"), ".ods", FileKind.DOCX),
        (rb"{\rtf1 a}", ".doc", FileKind.DOCX),
    ],
)
def test_text_and_sheets_are_told_apart_by_content(
    raw: bytes, ending: str, kind: FileKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table read as text loses its cells."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingPart) as caught:
        office.converted(loaded(raw, ending))
    assert caught.value.hint.endswith(f".{kind.value}")


@pytest.mark.parametrize("raw", [ole("PowerPoint Document"), odf("presentation")], ids=["ppt", "odp"])
def test_slides_are_no_report(raw: bytes) -> None:
    """They would come out as an empty text."""
    with pytest.raises(UnsupportedFormat):
        office.converted(loaded(raw, ".ppt"))


def test_macros_are_not_run_and_said(tmp_path: Path) -> None:
    """A .docm is read like any other report."""
    path = tmp_path / "r.docm"
    path.write_bytes(word(p("支出9.5万元"), extra={"word/vbaProject.bin": b"x"}))
    document = read(path, "d1")
    assert document.text == "支出9.5万元" and [notice.kind for notice in document.notices] == ["macros_ignored"]


def test_noise_behind_the_head_of_an_old_file_is_refused(tmp_path: Path) -> None:
    """LibreOffice makes text of it, and a review of noise finds nothing wrong."""
    path = tmp_path / "old.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(1, 256)) * 20)
    with pytest.raises(UnsupportedFormat, match="damaged"):
        read(path, "d1")
