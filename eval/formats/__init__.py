"""The same report in the formats it reaches reviewers in."""

from collections.abc import Callable

from eval.formats import docx, html, pdf, text, xlsx
from eval.formats.content import Content, Grid, Paragraph, content_of, tables_of

__all__ = ["WRITERS", "Content", "Grid", "Paragraph", "Writer", "content_of", "tables_of"]

Writer = Callable[[Content], bytes]

WRITERS: dict[str, Writer] = {
    "txt": text.plain,
    "md": text.markdown,
    "docx": docx.docx,
    "docx-numbered": docx.numbered_docx,
    "pdf": pdf.pdf,
    "html": html.html,
    "xlsx": xlsx.xlsx,
}
"""By name of the format, which is the file's ending up to a hyphen. The same content gives the same bytes."""
