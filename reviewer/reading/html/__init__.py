"""Web pages, and what Word, WPS and Excel save as one."""

from reviewer.reading.html.flow import lay_out
from reviewer.reading.html.page import decode_page

__all__ = ["decode_page", "lay_out"]
