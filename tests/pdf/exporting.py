"""A fixture as other programs print it: as a Word document through LibreOffice, as a web page through Chromium."""

import html
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from docx import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from reviewer.reading import read
from reviewer.schema.source import Document

FIXTURES = Path(__file__).parents[2] / "fixtures"


def program(*names: str) -> str:
    """The path of the first of these programs that is installed. Skips the test without one; fails it in CI."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        if "CI" in os.environ:
            pytest.fail(f"{names[0]} is not installed")
        pytest.skip(f"{names[0]} is not installed")
    return found


def printed_by_libreoffice(fixtures: list[Path], folder: Path) -> dict[str, Path]:
    """The fixtures as PDF, by stem: first lines set in, a title in large type, a header on every page."""
    office = program("soffice", "libreoffice")
    sources = [_as_word(read(fixture, "d1"), folder / f"{fixture.stem}.docx") for fixture in fixtures]
    subprocess.run(
        [
            *(office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"),
            *("--outdir", str(folder), *map(str, sources)),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {source.stem: source.with_suffix(".pdf") for source in sources}


def printed_by_chromium(fixture: Path, folder: Path) -> Path:
    """The fixture as a web page prints it: paragraphs set apart, tables with lines between rows only."""
    browser = program("chromium", "chromium-browser", "google-chrome")
    page, target = folder / f"{fixture.stem}.html", folder / f"{fixture.stem}.pdf"
    page.write_text(_as_page(read(fixture, "d1")), encoding="utf-8")
    subprocess.run(
        [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/browser"),
            *(f"--print-to-pdf={target}", page.as_uri()),
        ],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return target


def _as_word(document: Document, target: Path) -> Path:
    word = WordDocument()
    normal = word.styles["Normal"]
    normal.font.size, normal.font.name = Pt(14), "Noto Serif CJK SC"
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
    word.sections[0].header.paragraphs[0].text = "绩效自评材料"
    tables = {table.id: table for table in document.tables}
    for block in document.blocks:
        words = document.text[block.start : block.end]
        if block.table is not None:
            rows = tables[block.table].rows
            grid = word.add_table(len(rows), max(map(len, rows)))
            grid.style = "Table Grid"
            for number, row in enumerate(rows):
                for cell in row:
                    grid.cell(number, cell.column).text = document.text[cell.span.start : cell.span.end]
            continue
        paragraph = word.add_paragraph()
        run = paragraph.add_run(words)
        if words == document.title:
            paragraph.alignment, run.font.size = WD_ALIGN_PARAGRAPH.CENTER, Pt(22)
        else:
            paragraph.paragraph_format.first_line_indent = Pt(28)
    word.save(str(target))
    return target


def _as_page(document: Document) -> str:
    tables = {table.id: table for table in document.tables}
    parts: list[str] = []
    for block in document.blocks:
        if block.table is None:
            parts.append(f"<p>{html.escape(document.text[block.start : block.end])}</p>")
            continue
        rows = (
            "".join(f"<td>{html.escape(document.text[cell.span.start : cell.span.end])}</td>" for cell in row)
            for row in tables[block.table].rows
        )
        parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    style = (
        "body { font-size: 13px } p { margin: 8px 0 } table { border-collapse: collapse; width: 100% }"
        "td { border-top: 1px solid #666; border-bottom: 1px solid #666; padding: 4px 6px }"
    )
    return f"<meta charset=utf-8><style>{style}</style>{''.join(parts)}"
