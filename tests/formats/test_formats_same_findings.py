"""One report in any format gives the same findings: a bureau that sends Word must not get another memo than one that
sends PDF."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from eval.formats import WRITERS, Grid, content_of, tables_of
from eval.labels import FIXTURES
from reviewer import reading
from reviewer.review import review
from reviewer.schema import Review

REPORTS = (
    "liyang-archives-2023.md",  # Markdown headings, bold openings, two tables
    "luxi-rural-roads-2024.md",  # four tables, no finding of weight
    "yuping-yinshui-2023.md",  # a fund table and an indicator table with errors
    "chengzhou-relics-2024.md",  # a table that belongs to a sentence
    "yunjiao-grain-reserve-2024.txt",  # text with Markdown headings of uneven level, no table
    "lanling-nongji-2023.txt",  # one paragraph a line, no table
    "puhe-union-2023.txt",  # hard-wrapped
    "yunhe-market-regulation-2023.txt",  # hard-wrapped, page numbers, GB18030, tables with tabs
    "qingting-justice-2023.txt",  # a long score table whose levels hold for several rows
    "yanchuan-boarding-2022.txt",  # a score table with errors
)
FORMATS = ("txt", "md", "docx", "docx-numbered", "pdf", "html")


@cache
def source(name: str) -> Review:
    return review([FIXTURES / name])


def said(found: Review) -> Counter[tuple[str, str, str, str]]:
    """What is told: rule, severity, the values it rests on, and the calculation for whoever reads a failure."""
    return Counter((f.code, f.severity.value, f.fingerprint, f.calculation or "") for f in found.findings)


def digits(found: Review) -> str:
    """All digits of the text, in its order."""
    return "".join(char for char in found.documents[0].text if char.isdigit())


def written(folder: Path, name: str, format: str) -> Path:
    path = folder / f"report.{format.split('-')[0]}"
    path.write_bytes(WRITERS[format](content_of(reading.read(FIXTURES / name, "d1"))))
    return path


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format", FORMATS)
def test_a_report_gives_the_findings_of_its_text(format: str, name: str, tmp_path: Path) -> None:
    found = review([written(tmp_path, name, format)])
    assert said(found) == said(source(name))
    assert digits(found) == digits(source(name))


@pytest.mark.parametrize("name", [name for name in REPORTS if reading.read(FIXTURES / name, "d1").tables])
def test_a_workbook_gives_the_findings_of_its_tables(name: str, tmp_path: Path) -> None:
    content = tables_of(content_of(reading.read(FIXTURES / name, "d1")))
    book, text = tmp_path / "report.xlsx", tmp_path / "report.md"
    book.write_bytes(WRITERS["xlsx"](content))
    text.write_bytes(WRITERS["md"](content))
    of_book = review([book])
    of_text = review([text])
    assert said(of_book) == said(of_text)
    assert digits(of_book) == digits(of_text)
    assert len(of_book.documents[0].sheets) == sum(isinstance(part, Grid) for part in content.parts)


def test_the_reports_have_findings_to_lose() -> None:
    told = [len(source(name).findings) for name in REPORTS]
    assert sum(told) > 80 and min(told) > 1
