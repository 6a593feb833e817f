"""A page of a PDF as a picture, for text recognition."""

import ctypes

import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from reviewer.reading.page_lines import Picture

_DPI = 200
_LARGEST_SIDE = 6000
"""Pixels; a larger page is drawn coarser."""
_WHITE = 0xFFFFFFFF


def draw(page: pdfium.FPDF_PAGE, number: int) -> Picture:
    """The page as it is seen, in 200 dots per inch."""
    from PIL import Image

    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    scale = min(_DPI / 72, _LARGEST_SIDE / max(width, height, 1.0))
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_BGR, None, 0)
    if not bitmap:
        raise MemoryError(f"a picture of {columns} x {rows}")
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, _WHITE)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, pdfium.FPDF_ANNOT)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    image = Image.frombytes("RGB", (columns, rows), pixels, "raw", "BGR", stride, 1)
    return Picture(number, image, width, height)
