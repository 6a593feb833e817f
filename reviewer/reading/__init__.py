"""One reader per format: a file becomes a Document, with the line, column and page of every character."""

from hashlib import sha256
from pathlib import Path

from reviewer.reading.encoding import decode
from reviewer.reading.files import MARKDOWN_ENDINGS, empty, load_bytes, show
from reviewer.reading.metadata import find_metadata
from reviewer.reading.text import lay_out
from reviewer.schema.source import Document

__all__ = ["read"]


def read(path: str | Path, document_id: str) -> Document:
    """The report at `path` (.txt, .text, .md, .markdown, or no ending), as the document `document_id`.

    Raises UnreadableFile (missing, a folder, no permission), UnsupportedFormat (by ending or by content),
    UndecodableText and EmptyReport.
    """
    file = Path(path)
    raw = load_bytes(file)
    decoded = decode(raw, show(path))
    layout = lay_out(decoded.text, document_id, markdown=file.suffix.lower() in MARKDOWN_ENDINGS)
    if not layout.text.strip():
        raise empty(path)
    found = find_metadata(layout.text, layout.blocks, layout.tables)
    return Document(
        id=document_id,
        path=str(path),
        sha256=sha256(raw).hexdigest(),
        format=layout.format,
        encoding=decoded.encoding,
        title=found.title,
        unit=found.unit,
        year=found.year,
        kind=found.kind,
        pages=layout.pages,
        characters=len(layout.text),
        text=layout.text,
        blocks=layout.blocks,
        tables=layout.tables,
        lines=layout.lines,
        omitted=layout.omitted,
    )
