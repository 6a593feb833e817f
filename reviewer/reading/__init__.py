"""One reader per format: a file becomes a Document, with the line, column and page of every character."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from reviewer.errors import OversizedFile
from reviewer.reading import recognition
from reviewer.reading.encoding import decode
from reviewer.reading.files import MARKDOWN_ENDINGS, FileKind, Loaded, empty, load
from reviewer.reading.layout import Layout
from reviewer.reading.metadata import find_metadata
from reviewer.reading.text import lay_out
from reviewer.schema.source import Document

__all__ = ["LARGEST_TEXT", "read"]

LARGEST_TEXT = 4 * 2**20
"""Bytes of a text file: over a million characters, some thousand pages."""


def read(path: str | Path, document_id: str, *, partial: bool = False) -> Document:
    """The report at `path`, as the document `document_id`; with `partial` also if some of its pages cannot be read.

    Raises InputError: UnreadableFile (missing, a folder, no permission), UnsupportedFormat, UndecodableText,
    DamagedFile, ProtectedFile, OversizedFile, MissingPart, UnreadablePages and EmptyReport.
    """
    loaded = load(Path(path))
    layout, encoding = _laid_out(loaded, document_id, partial=partial)
    if not layout.text.strip():
        raise empty(path)
    found = find_metadata(layout.text, layout.blocks, layout.tables)
    return Document(
        id=document_id,
        path=str(path),
        sha256=sha256(loaded.raw).hexdigest(),
        format=layout.format,
        encoding=encoding,
        title=found.title,
        unit=found.unit,
        year=found.year,
        kind=found.kind,
        project=found.project,
        pages=layout.pages,
        characters=len(layout.text),
        text=layout.text,
        blocks=layout.blocks,
        tables=layout.tables,
        lines=layout.lines,
        omitted=layout.omitted,
        sheets=layout.sheets,
        recognised=layout.recognised,
        notices=layout.notices,
    )


def _laid_out(loaded: Loaded, document_id: str, *, partial: bool) -> tuple[Layout, str | None]:
    """The layout, and the encoding of a format that does not say it itself. Readers load when they are needed."""
    match loaded.kind:
        case FileKind.TEXT:
            if len(loaded.raw) > LARGEST_TEXT:
                raise OversizedFile(
                    f"{loaded.shown}: no text of a report is larger than {LARGEST_TEXT // 2**20} MiB",
                    hint="check that this is the report, and one report only",
                )
            decoded = decode(loaded.raw, loaded.shown)
            markdown = loaded.ending in MARKDOWN_ENDINGS
            return lay_out(decoded.text, document_id, markdown=markdown), decoded.encoding
        case FileKind.PDF:
            from reviewer.reading import pdf

            recognise = recognition.recognise if recognition.installed() else None
            return pdf.lay_out(loaded.raw, document_id, loaded.shown, partial=partial, recognise=recognise), None
        case FileKind.IMAGE:
            return recognition.lay_out(loaded.raw, document_id, loaded.shown), None
        case FileKind.HTML:
            from reviewer.reading import html

            decoded = html.decode_page(loaded.raw, loaded.shown)
            return html.lay_out(decoded.text, document_id, loaded.shown), decoded.encoding
        case FileKind.DOCX:
            from reviewer.reading import docx

            return docx.lay_out(loaded.raw, document_id, loaded.shown), None
        case FileKind.XLSX:
            from reviewer.reading import xlsx

            return xlsx.lay_out(loaded.raw, document_id, loaded.shown), None
        case FileKind.OFFICE:
            from reviewer.reading import office

            layout, encoding = _laid_out(office.converted(loaded), document_id, partial=partial)
            return replace(layout, notices=(office.notice(loaded), *layout.notices)), encoding
