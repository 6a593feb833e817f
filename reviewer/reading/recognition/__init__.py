"""Text in pictures: a scanned page or a photograph becomes lines of characters and rulings, like any other page.

The work is done by RapidOCR's models (extra `ocr`), on this machine. Nothing it reads is corrected: what is doubtful is
marked by its confidence.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from reviewer.errors import MissingPart

if TYPE_CHECKING:
    from reviewer.reading.layout import Layout
    from reviewer.reading.page_lines import Page, Picture

__all__ = ["INSTALL", "installed", "lay_out", "recognise"]

INSTALL = "pip install 'budget-report-reviewer[ocr]'"
"""How the extra is installed, for hints."""


def installed() -> bool:
    """Whether the extra is there; nothing of it is loaded."""
    return find_spec("rapidocr_onnxruntime") is not None


def lay_out(raw: bytes, document_id: str, shown: str) -> "Layout":
    """The text of a picture file, page by page; `shown` names it in messages.

    Raises MissingPart without the extra, DamagedFile and OversizedFile.
    """
    if not installed():
        raise MissingPart(f"{shown}: a picture; nothing is installed to recognise its text with", hint=INSTALL)
    from reviewer.reading.paged import lay_out_pages
    from reviewer.reading.recognition.images import pages
    from reviewer.schema.source import Notice

    found = [recognise(picture) for picture in pages(raw, shown)]
    notice = Notice(kind="pages_recognised", count=len(found), pages=tuple(page.number for page in found))
    return lay_out_pages(found, document_id, "image", notices=(notice,))


def recognise(picture: "Picture") -> "Page":
    """What is printed on a picture of a page. MissingPart where the extra is not installed or cannot be loaded."""
    try:
        from reviewer.reading.recognition import page
        from reviewer.reading.recognition.models import models

        models()
    except ImportError as error:
        reason = " ".join(str(error).split())
        raise MissingPart(f"text recognition cannot be loaded: {reason}", hint=f"install it: {INSTALL}") from error
    return page.recognise(picture)
