"""Text in pictures: a scanned page or a photograph becomes lines of characters and rulings, like any other page.

The work is done by RapidOCR's models (extra `ocr`), on this machine. Nothing it reads is corrected: what is doubtful is
marked by its confidence.
"""

from importlib.util import find_spec

__all__ = ["INSTALL", "installed"]

INSTALL = "pip install 'budget-report-reviewer[ocr]'"
"""How the extra is installed, for hints."""


def installed() -> bool:
    """Whether the extra is there; nothing of it is loaded."""
    return find_spec("rapidocr_onnxruntime") is not None
