"""A path to bytes: what can be opened, and what no reader knows."""

from pathlib import Path

from reviewer.errors import EmptyReport, UnreadableFile, UnsupportedFormat

TEXT_ENDINGS = frozenset({"", ".txt", ".text"})
MARKDOWN_ENDINGS = frozenset({".md", ".markdown"})
READABLE_ENDINGS = TEXT_ENDINGS | MARKDOWN_ENDINGS
"""Endings, in small letters, of the files that have a reader."""

_PDF_HINT = "extract its text first, for example with: pdftotext report.pdf report.txt"
_OFFICE_HINT = "save it from the word processor as plain text (.txt, UTF-8)"
_OTHER_HINT = "give the report as text (.txt) or Markdown (.md)"
_IMAGE_HINT = "a picture has to go through text recognition (OCR) first; give its text as .txt"

_ENDING_HINTS = {
    ".pdf": _PDF_HINT,
    **dict.fromkeys((".doc", ".docx", ".wps", ".rtf", ".odt", ".xls", ".xlsx", ".et"), _OFFICE_HINT),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"), _IMAGE_HINT),
}

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF-", "a PDF", _PDF_HINT),
    (b"PK\x03\x04", "a ZIP or Office file", _OFFICE_HINT),
    (b"PK\x05\x06", "a ZIP or Office file", _OFFICE_HINT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file", _OFFICE_HINT),
    (b"{\\rtf", "an RTF file", _OFFICE_HINT),
    (b"\x89PNG\r\n\x1a\n", "a picture", _IMAGE_HINT),
    (b"\xff\xd8\xff", "a picture", _IMAGE_HINT),
    (b"GIF87a", "a picture", _IMAGE_HINT),
    (b"GIF89a", "a picture", _IMAGE_HINT),
    (b"II*\x00", "a picture", _IMAGE_HINT),
    (b"MM\x00*", "a picture", _IMAGE_HINT),
    (b"\x1f\x8b", "a compressed file", _OTHER_HINT),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file", _OTHER_HINT),
    (b"Rar!\x1a\x07", "a compressed file", _OTHER_HINT),
)
_BLANKS = b" \t\r\n\f\v\x00"


def load_bytes(path: Path) -> bytes:
    """The bytes of a file that a text reader may try.

    Raises UnreadableFile, UnsupportedFormat (by ending or by content) and EmptyReport.
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
    if ending not in READABLE_ENDINGS:
        hint = _ENDING_HINTS.get(ending, _OTHER_HINT)
        raise UnsupportedFormat(f"{shown}: no reader for {ending} files", hint=hint)
    try:
        raw = path.read_bytes()
    except PermissionError as error:
        raise UnreadableFile(f"{shown}: no permission to read it", hint="change the file's rights") from error
    except OSError as error:
        raise UnreadableFile(f"{shown}: cannot be read", hint="check the disk or the share") from error
    if not raw.strip(_BLANKS):
        raise empty(path)
    _refuse_binary(raw, shown)
    return raw


def empty(path: str | Path) -> EmptyReport:
    """The error for a file without text."""
    return EmptyReport(f"{show(path)}: holds no text", hint="check that the export of the report worked")


def show(path: str | Path) -> str:
    """The path on one line."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in str(path))


def _refuse_binary(raw: bytes, shown: str) -> None:
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, name, hint in _MAGIC:
        if raw.startswith(magic) or start.startswith(magic):
            raise UnsupportedFormat(f"{shown}: its content is {name}, not text", hint=hint)
    if raw[:2] == b"BM" and raw[6:10] == b"\0\0\0\0" and len(raw) > 26:
        raise UnsupportedFormat(f"{shown}: its content is a picture, not text", hint=_IMAGE_HINT)
    if raw[:4] == b"RIFF" and raw[8:12] == b"WEBP":
        raise UnsupportedFormat(f"{shown}: its content is a picture, not text", hint=_IMAGE_HINT)
