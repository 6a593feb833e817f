"""Word files for tests: written part by part as XML, or from a report with python-docx."""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from docx import Document as WordDocument

from reviewer.reading import docx
from reviewer.reading.layout import Layout
from reviewer.schema.source import Document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_ROOTS = {"numbering": "numbering", "styles": "styles", "footnotes": "footnotes", "comments": "comments"}
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(body: str, *, extra: Mapping[str, bytes] | None = None, links: str = "", **parts: str) -> bytes:
    """A file with this body. `parts` are numbering, styles, footnotes, comments, header1, footer1: their content."""
    raw = io.BytesIO()
    listed = links
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", f"<w:document {_SPACES}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            kind = name.rstrip("0123456789")
            root = _ROOTS.get(kind, {"header": "hdr", "footer": "ftr"}.get(kind, kind))
            packed.writestr(f"word/{name}.xml", f"<w:{root} {_SPACES}>{content}</w:{root}>")
            listed += f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{name}.xml"/>'
        packed.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{_RELATIONS}">{listed}</Relationships>')
        for name, content_bytes in (extra or {}).items():
            packed.writestr(name, content_bytes)
    return raw.getvalue()


def r(text: str, properties: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*runs: str, properties: str = "") -> str:
    """A paragraph of runs; plain words become one."""
    inner = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def tc(*inner: str, properties: str = "") -> str:
    """A cell of paragraphs or tables; plain words become a paragraph."""
    content = "".join(part if part.startswith("<") else p(part) for part in inner) or p()
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    """A row of cells; plain words become one."""
    inner = "".join(cell if cell.startswith("<") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def tbl(*rows: str) -> str:
    """A table."""
    return f"<w:tbl><w:tblPr/>{''.join(rows)}</w:tbl>"


def read(body: str, *, extra: Mapping[str, bytes] | None = None, links: str = "", **parts: str) -> Layout:
    """The file with this body, read."""
    return docx.lay_out(word(body, extra=extra, links=links, **parts), "d1", "r.docx")


def paragraphs(layout: Layout) -> list[str]:
    """The paragraphs of the text, tables left out."""
    return [layout.text[block.start : block.end] for block in layout.blocks if block.kind == "paragraph"]


def cells(layout: Layout, table: int = 0) -> list[list[str | None]]:
    """A table's words; None where a merged cell covers."""
    return [
        [None if cell.covered else layout.text[cell.span.start : cell.span.end] for cell in row]
        for row in layout.tables[table].rows
    ]


def omitted(layout: Layout) -> list[tuple[str, str]]:
    """What was left out, and why."""
    return [(omission.text, omission.reason) for omission in layout.omitted]


def saved(report: Document) -> bytes:
    """A report as Word saves it: headings by style, bold openings, real tables."""
    written = WordDocument()
    tables = {table.id: table for table in report.tables}
    for block in report.blocks:
        if block.table is not None:
            rows = tables[block.table].rows
            made = written.add_table(len(rows), len(rows[0]))
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    made.cell(number, column).text = report.text[cell.span.start : cell.span.end]
            continue
        words = report.text[block.start : block.end]
        bold = (block.bold_end or block.start) - block.start
        paragraph = written.add_paragraph(style=f"Heading {block.heading_level}" if block.heading_level else None)
        if bold:
            paragraph.add_run(words[:bold]).bold = True
        paragraph.add_run(words[bold:])
    raw = io.BytesIO()
    written.save(raw)
    return raw.getvalue()
