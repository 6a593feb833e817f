"""Text in pictures: a scanned page or a photograph becomes lines of characters and rulings, like any other page.

The work is done by RapidOCR's models (extra `ocr`), on this machine. Nothing it reads is corrected: what is doubtful is
marked by its confidence.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

from reviewer.errors import MissingPart

if TYPE_CHECKING:
    from reviewer.reading.page_lines import Page, Picture

__all__ = ["INSTALL", "installed", "recognise"]

INSTALL = "pip install 'budget-report-reviewer[ocr]'"
"""How the extra is installed, for hints."""


def installed() -> bool:
    """Whether the extra is there; nothing of it is loaded."""
    return find_spec("rapidocr_onnxruntime") is not None


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
