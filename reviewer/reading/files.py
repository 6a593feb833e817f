"""A path to bytes, and which reader they are for: told by the content first, by the ending where it must."""

import io
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reviewer.errors import DamagedFile, EmptyReport, OversizedFile, UnreadableFile, UnsupportedFormat

TEXT_ENDINGS = frozenset({"", ".txt", ".text"})
MARKDOWN_ENDINGS = frozenset({".md", ".markdown"})
HTML_ENDINGS = frozenset({".html", ".htm", ".xhtml"})

LARGEST = 200 * 2**20
"""Bytes. Reports are a hundredth of it, with pictures a tenth."""


class FileKind(StrEnum):
    """Which reader a file is for."""

    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"
    IMAGE = "image"
    OFFICE = "office"
    """a format that another program has to convert: .doc, .wps, .rtf, .odt, .xls, .et, .ods"""


ENDINGS: dict[FileKind, frozenset[str]] = {
    FileKind.TEXT: TEXT_ENDINGS | MARKDOWN_ENDINGS,
    FileKind.HTML: HTML_ENDINGS,
    FileKind.DOCX: frozenset({".docx", ".docm"}),
    FileKind.XLSX: frozenset({".xlsx", ".xlsm"}),
    FileKind.PDF: frozenset({".pdf"}),
    FileKind.IMAGE: frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"}),
    FileKind.OFFICE: frozenset({".doc", ".wps", ".rtf", ".odt", ".xls", ".et", ".ods"}),
}

READABLE_ENDINGS = frozenset[str]().union(*ENDINGS.values())
"""Endings, in small letters, of the files that have a reader."""

_OTHER_HINT = "give the report as Word, PDF, Excel, a web page, text (.txt) or Markdown (.md)"
_BINARY_HINT = "check that this is the report; its name does not fit its content"

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_PACKED = (
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file"),
    (b"Rar!\x1a\x07", "a compressed file"),
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD_2003 = b'progid="Word.Document"'
_PDF_WITHIN = 1024
_BLANKS = b" \t\r\n\f\v\x00"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The bytes of a file and which reader they are for. `shown` is its path on one line, for messages."""

    raw: bytes
    kind: FileKind
    ending: str
    shown: str


def load(path: Path) -> Loaded:
    """The bytes of a file that one of the readers may try.

    Raises UnreadableFile, UnsupportedFormat (by content, or by an ending that nothing in the content belies),
    OversizedFile, DamagedFile (a ZIP file that is none) and EmptyReport.
    """
    shown = show(path)
    try:
        exists, folder = path.exists(), path.is_dir()
    except (OSError, ValueError) as error:
        raise UnreadableFile(f"{shown}: cannot be opened", hint="check the path") from error
    if not exists:
        raise UnreadableFile(f"{shown}: no such file", hint="check the path")
    if folder:
        raise UnreadableFile(f"{shown}: is a folder, not a file", hint="name the reports inside it")
    ending = path.suffix.lower()
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except PermissionError as error:
        raise UnreadableFile(f"{shown}: no permission to read it", hint="change the file's rights") from error
    except OSError as error:
        raise UnreadableFile(f"{shown}: cannot be read", hint="check the disk or the share") from error
    if len(raw) > LARGEST:
        raise OversizedFile(
            f"{shown}: no report is larger than {LARGEST // 2**20} MiB",
            hint="check that this is the report; pictures in it can be left out",
        )
    if not raw.strip(_BLANKS):
        raise empty(path)
    return Loaded(raw, _kind(raw, ending, shown), ending, shown)


def empty(path: str | Path) -> EmptyReport:
    """The error for a file without text."""
    return EmptyReport(f"{show(path)}: holds no text", hint="check that the export of the report worked")


def show(path: str | Path) -> str:
    """The path on one line."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in str(path))


def _kind(raw: bytes, ending: str, shown: str) -> FileKind:
    start = raw[:_PDF_WITHIN].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"%PDF-") or (ending == ".pdf" and b"%PDF-" in raw[:_PDF_WITHIN]):
        return FileKind.PDF
    if raw.startswith(_ZIP):
        return _packed(raw, shown)
    if raw.startswith(_OLE) or start.startswith(b"{\\rtf") or (start.startswith(b"<") and _WORD_2003 in start):
        return FileKind.OFFICE
    if raw.startswith(_PICTURES) or _is_bitmap(raw):
        return FileKind.IMAGE
    for magic, name in _PACKED:
        if raw.startswith(magic):
            raise UnsupportedFormat(f"{shown}: its content is {name}", hint="unpack it and give the report inside")
    if raw.startswith((b"GIF87a", b"GIF89a")):
        raise UnsupportedFormat(f"{shown}: its content is a GIF picture", hint="save it as PNG")
    if start[:512].lower().startswith((b"<!doctype html", b"<html")):
        return FileKind.HTML
    by_ending = next((kind for kind, endings in ENDINGS.items() if ending in endings), None)
    if by_ending in (FileKind.TEXT, FileKind.HTML):
        return by_ending
    if by_ending is None:
        raise UnsupportedFormat(f"{shown}: no reader for {ending} files", hint=_OTHER_HINT)
    raise DamagedFile(f"{shown}: its content is not that of a {ending} file", hint=_BINARY_HINT)


def _packed(raw: bytes, shown: str) -> FileKind:
    """Which Office format a ZIP file is."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RecursionError, MemoryError) as error:
        raise DamagedFile(f"{shown}: a ZIP or Office file that is damaged", hint="save it again and retry") from error
    # The main part may have any name: word/document2.xml.
    if "[Content_Types].xml" in names and any(name.lower().startswith(("word/", "word\\")) for name in names):
        return FileKind.DOCX
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    if "mimetype" in names and "content.xml" in names:
        return FileKind.OFFICE
    raise UnsupportedFormat(f"{shown}: its content is a ZIP file", hint="unpack it and give the report inside")


def _is_bitmap(raw: bytes) -> bool:
    bitmap = raw[:2] == b"BM" and raw[6:10] == b"\0\0\0\0" and len(raw) > 26
    return bitmap or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP")
