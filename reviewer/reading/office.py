"""Formats that LibreOffice reads: .doc, .wps, .rtf, .odt, .xls, .et, .ods become .docx or .xlsx, then a reader's turn.

The program runs apart: with a profile of its own, so that several can run at once, macros and links off, no way to the
network, and for a limited time. Protected files are told from the file itself, before the program is asked.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from reviewer.errors import DamagedFile, InputError, MissingPart, OversizedFile, ProtectedFile, UnsupportedFormat
from reviewer.reading.files import LARGEST, FileKind, Loaded
from reviewer.reading.packed import Package
from reviewer.schema.source import Notice

__all__ = ["converted", "notice"]

TIME_LIMIT = 60
"""Seconds. A report takes two to five, most of it the program's start."""

_SHEETS = frozenset({".xls", ".et", ".ods"})
_FILTERS = {FileKind.DOCX: ("docx", "docx:MS Word 2007 XML"), FileKind.XLSX: ("xlsx", "xlsx:Calc MS Excel 2007 XML")}
_ODF_TEXT, _ODF_SHEET = "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet"

# A directory entry of an OLE file: 128 bytes, the name in UTF-16, at 64 its length, at 66 its kind, at 116 its sector.
_ENTRY = 128
_STREAM = 2
_WORD_MAGIC = b"\xec\xa5"
_WORD_ENCRYPTED = 0x0100
_SHEET_BEGIN, _SHEET_PASSWORD = 0x0809, 0x002F
_FIRST_RECORDS = 10

# Values of LibreOffice's registry: macros never run, links are never followed, and a proxy that is not there.
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("org.openoffice.Office.Calc/Content/Update", "Link", "1"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "2"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def converted(loaded: Loaded) -> Loaded:
    """The file as .docx or .xlsx.

    Raises MissingPart (no LibreOffice on this machine), ProtectedFile, DamagedFile (it cannot be opened, or not in
    time), UnsupportedFormat (an Office file that is neither text nor tables) and OversizedFile.
    """
    kind = _target(loaded)
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise MissingPart(
            f"{loaded.shown}: LibreOffice is needed to read {loaded.ending or 'old Office'} files and is not installed",
            hint=f"install LibreOffice, or save the file as .{_FILTERS[kind][0]}",
        )
    with tempfile.TemporaryDirectory(prefix="reviewer-office-", ignore_cleanup_errors=True) as folder:
        result = _run(program, loaded, kind, Path(folder))
    return replace(loaded, raw=result, kind=kind)


def notice(loaded: Loaded) -> Notice:
    """What a person should know: the text was not read from the file itself."""
    return Notice(kind="converted", detail=loaded.ending.lstrip("."))


def _target(loaded: Loaded) -> FileKind:
    """Whether the file holds text or sheets, by its content where that says so."""
    raw = loaded.raw
    if raw.startswith(b"PK"):
        return _open_document(loaded)
    if _stream(raw, "EncryptedPackage") is not None:
        raise _protected(loaded)
    if (start := _stream(raw, "WordDocument")) is not None:
        if raw[start : start + 2] == _WORD_MAGIC and _number(raw, start + 10) & _WORD_ENCRYPTED:
            raise _protected(loaded)
        return FileKind.DOCX
    for name in ("Workbook", "Book"):
        if (start := _stream(raw, name)) is not None:
            if _SHEET_PASSWORD in _records(raw, start):
                raise _protected(loaded)
            return FileKind.XLSX
    if raw.startswith(b"\xd0\xcf"):
        # LibreOffice would take what it does not know for plain text and convert noise.
        raise UnsupportedFormat(
            f"{loaded.shown}: an Office file without text or sheets, or a damaged one", hint="save it as .docx"
        )
    return FileKind.XLSX if loaded.ending in _SHEETS else FileKind.DOCX


def _open_document(loaded: Loaded) -> FileKind:
    package = Package(loaded.raw, loaded.shown)
    manifest = "META-INF/manifest.xml"
    if manifest in package and b"encryption-data" in package.read(manifest):
        raise _protected(loaded)
    kind = package.read("mimetype").decode("ascii", "replace").strip()
    if kind.startswith(_ODF_TEXT):
        return FileKind.DOCX
    if kind.startswith(_ODF_SHEET):
        return FileKind.XLSX
    raise UnsupportedFormat(f"{loaded.shown}: an OpenDocument file without text or sheets", hint="save it as .docx")


def _stream(raw: bytes, name: str) -> int | None:
    """Where the stream of this name begins in an OLE file; None when there is none."""
    sought = name.encode("utf-16-le") + b"\0\0"
    at = raw.find(sought)
    while at >= 0:
        fits = at % _ENTRY == 0 and _number(raw, at + 64) == len(sought) and raw[at + 66 : at + 67] == bytes([_STREAM])
        if fits:
            sector = int.from_bytes(raw[at + 116 : at + 120], "little")
            return (sector + 1) << min(_number(raw, 30), 12)
        at = raw.find(sought, at + 1)
    return None


def _records(raw: bytes, at: int) -> Iterator[int]:
    """The kinds of a workbook's first records."""
    if _number(raw, at) != _SHEET_BEGIN:
        return
    for _ in range(_FIRST_RECORDS):
        yield _number(raw, at)
        at += 4 + _number(raw, at + 2)


def _number(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 2], "little")


def _run(program: str, loaded: Loaded, kind: FileKind, folder: Path) -> bytes:
    """The bytes LibreOffice writes; nothing of `folder` is used elsewhere."""
    ending, target = _FILTERS[kind]
    source = folder / f"report{loaded.ending or '.doc'}"
    source.write_bytes(loaded.raw)
    _write_profile(folder / "profile")
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
        *("--convert-to", target, "--outdir", str(folder / "out"), str(source)),
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=os.environ | {"HOME": str(folder), "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        process.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired as error:
        raise _failed(loaded, f"did not open it within {TIME_LIMIT} seconds") from error
    finally:
        _end(process)
    written = folder / "out" / f"report.{ending}"
    if not written.is_file():
        raise _failed(loaded, "cannot open it")
    if (size := written.stat().st_size) > LARGEST:
        raise OversizedFile(f"{loaded.shown}: {size // 2**20:,} MiB as .{ending}", hint="check that this is the report")
    return written.read_bytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )


def _protected(loaded: Loaded) -> ProtectedFile:
    return ProtectedFile(f"{loaded.shown}: is protected by a password", hint="save it without a password")


def _failed(loaded: Loaded, what: str) -> InputError:
    return DamagedFile(
        f"{loaded.shown}: LibreOffice {what}", hint="open it in Word, Excel or WPS and save it as .docx or .xlsx"
    )
