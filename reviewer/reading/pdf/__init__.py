"""PDF: pages of text as they are seen, laid out; pages without text are left to text recognition."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from reviewer.errors import DamagedFile, OversizedFile, ProtectedFile, ReviewerError, UnreadablePages
from reviewer.reading.layout import Layout
from reviewer.reading.page_lines import Page, Recognise
from reviewer.reading.paged import lay_out_pages
from reviewer.reading.pdf.drawing import draw
from reviewer.reading.pdf.forms import drawn_too_often
from reviewer.reading.pdf.glyphs import CrowdedPage
from reviewer.reading.pdf.pages import Seen, see
from reviewer.reading.pdf.streams import inflated_too_far
from reviewer.schema.source import Notice

__all__ = ["MOST_PAGES", "lay_out"]

MOST_PAGES = 1000
_MOST_ENTRIES = 2000
"""Looked at on one page."""
_LONGEST = 120.0
"""Seconds, looked at between pages: ten times what the largest file within the limits takes."""
_UNSTATED = Decimal(0)
"""Confidence of a scan's own text layer, which does not say how sure it is."""

_DAMAGED_HINT = "open it in a PDF viewer and print it to a new PDF"
_OCR_HINT = "pip install 'budget-report-reviewer[ocr]' to have them recognised"
_PARTIAL_HINT = ", or --partial to review the readable pages"
# PDFium may be used by one thread at a time.
_PDFIUM = threading.Lock()


def lay_out(
    raw: bytes, document_id: str, shown: str, *, partial: bool = False, recognise: Recognise | None = None
) -> Layout:
    """The text of a PDF; `shown` names it in messages.

    Pages without text go to `recognise`; without it they are named in a notice if `partial`, else UnreadablePages is
    raised. Also raises ProtectedFile, DamagedFile and OversizedFile.
    """
    if inflated_too_far(raw) or drawn_too_often(raw):
        raise OversizedFile(
            f"{shown}: unpacks to far more than any report holds",
            hint="print it to a new PDF, without drawings and maps",
        )
    with _PDFIUM, _opened(raw, shown) as document:
        try:
            seen = list(_pages(document, shown))
            pages, recognised, unread = _readable(document, seen, recognise)
        except ReviewerError:
            raise
        except Exception as error:
            raise DamagedFile(f"{shown}: a PDF that cannot be taken apart", hint=_DAMAGED_HINT) from error
    if unread and (not partial or not pages):
        hint = _OCR_HINT + _PARTIAL_HINT * bool(pages)
        raise UnreadablePages(f"{shown}: no text but pictures on {_named(unread)}", hint=hint)
    return lay_out_pages(
        pages, document_id, "pdf", count=len(seen), notices=_notices(seen, recognised=recognised, unread=unread)
    )


@contextmanager
def _opened(raw: bytes, shown: str) -> Iterator[pdfium.FPDF_DOCUMENT]:
    document = pdfium.FPDF_LoadMemDocument64(raw, len(raw), None)
    if not document:
        if pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ProtectedFile(f"{shown}: a PDF that needs a password", hint="save it without a password")
        raise DamagedFile(f"{shown}: a PDF that is damaged", hint=_DAMAGED_HINT)
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


def _pages(document: pdfium.FPDF_DOCUMENT, shown: str) -> Iterator[Seen]:
    count = pdfium.FPDF_GetPageCount(document)
    if count > MOST_PAGES:
        raise OversizedFile(
            f"{shown}: {count:,} pages; no report has more than {MOST_PAGES:,}", hint="give the report's own pages"
        )
    if count < 1:
        raise DamagedFile(f"{shown}: a PDF without pages", hint=_DAMAGED_HINT)
    until = time.monotonic() + _LONGEST
    for index in range(count):
        if time.monotonic() > until:
            raise OversizedFile(
                f"{shown}: takes too long to read (stopped at page {index + 1} of {count})",
                hint="print it to a new PDF, without drawings and maps",
            )
        with _page(document, index) as page:
            try:
                yield see(page, index + 1)
            except CrowdedPage as error:
                raise OversizedFile(
                    f"{shown}: page {index + 1} holds more than any page of a report", hint="check that this is it"
                ) from error


@contextmanager
def _page(document: pdfium.FPDF_DOCUMENT, index: int) -> Iterator[pdfium.FPDF_PAGE]:
    page = pdfium.FPDF_LoadPage(document, index)
    if page and _has_entries(page) and pdfium.FPDFPage_Flatten(page, pdfium.FLAT_PRINT) == pdfium.FLATTEN_SUCCESS:
        pdfium.FPDF_ClosePage(page)
        page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        raise ValueError(f"page {index + 1} cannot be loaded")
    try:
        yield page
    finally:
        pdfium.FPDF_ClosePage(page)


def _has_entries(page: pdfium.FPDF_PAGE) -> bool:
    """Whether words stand on the page that are no part of its content: entries of a form, typed remarks."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST_ENTRIES)):
        entry = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(entry) if entry else pdfium.FPDF_ANNOT_UNKNOWN
        pdfium.FPDFPage_CloseAnnot(entry)
        if kind in (pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_FREETEXT):
            return True
    return False


def _readable(
    document: pdfium.FPDF_DOCUMENT, seen: Sequence[Seen], recognise: Recognise | None
) -> tuple[list[Page], list[int], list[int]]:
    """The pages that can be read, the numbers of those recognised, and of those that cannot be read."""
    pages: list[Page] = []
    recognised: list[int] = []
    unread: list[int] = []
    for found in seen:
        number = found.page.number
        if found.layer:
            recognised.append(number)
            lines = tuple(replace(x, confidences=(_UNSTATED,) * len(x.text)) for x in found.page.lines)
            pages.append(replace(found.page, lines=lines))
        elif not found.scanned:
            pages.append(found.page)
        elif recognise is None:
            unread.append(number)
        else:
            with _page(document, number - 1) as page:
                picture = draw(page, number)
            recognised.append(number)
            pages.append(recognise(picture))
    return pages, recognised, unread


def _notices(seen: Sequence[Seen], *, recognised: Sequence[int], unread: Sequence[int]) -> tuple[Notice, ...]:
    hidden = [found for found in seen if found.hidden and not found.scanned]
    unmapped = [found for found in seen if found.unmapped and not found.scanned]
    mapped = sum(found.mapped for found in seen)
    notices: list[Notice] = []
    if unread:
        notices.append(Notice(kind="pages_without_text", count=len(unread), pages=tuple(unread)))
    if recognised:
        notices.append(Notice(kind="pages_recognised", count=len(recognised), pages=tuple(recognised)))
    if hidden:
        pages = tuple(found.page.number for found in hidden)
        notices.append(Notice(kind="hidden_text", count=sum(found.hidden for found in hidden), pages=pages))
    if unmapped:
        pages = tuple(found.page.number for found in unmapped)
        count = sum(found.unmapped for found in unmapped)
        notices.append(Notice(kind="unmapped_characters", count=count, pages=pages))
    if pictured := [found for found in seen if found.pictures]:
        pages = tuple(found.page.number for found in pictured)
        count = sum(found.pictures for found in pictured)
        notices.append(Notice(kind="pictures_ignored", count=count, pages=pages))
    if mapped:
        pages = tuple(found.page.number for found in seen if found.mapped)
        notices.append(Notice(kind="radicals_mapped", count=mapped, pages=pages))
    return tuple(notices)


def _named(pages: Sequence[int]) -> str:
    """第2、5–7页"""
    runs = [[page for _, page in run] for _, run in groupby(enumerate(pages), key=lambda pair: pair[1] - pair[0])]
    return "第" + "、".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs) + "页"
