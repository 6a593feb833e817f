"""Whole reports as Word files: every figure is there once, at its place, and gives the same findings."""

import io
import re
from collections import Counter
from pathlib import Path

import docx as python_docx
import pytest

from reviewer.reading import read
from reviewer.reading.pieces import is_blank
from reviewer.review import review
from reviewer.schema.source import Document
from tests.docx.word_files import saved

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = sorted(
    path for path in (ROOT / "fixtures").glob("*") if path.suffix in {".txt", ".md"} and path.stem != "README"
)
REVIEWED = [
    path for path in FIXTURES if path.stem in ("liyang-archives-2023", "lanxi-culture-2024", "yanchuan-boarding-2022")
]


def stored(raw: bytes) -> list[str]:
    """The paragraphs of a Word file in its order, by another library."""
    body = python_docx.Document(io.BytesIO(raw)).element.body
    space = f"{{{body.nsmap['w']}}}"
    return ["".join(words.text or "" for words in element.iter(f"{space}t")) for element in body.iter(f"{space}p")]


@pytest.fixture(scope="module", params=FIXTURES, ids=lambda path: path.stem)
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Document, Document, bytes]:
    """A report as text, the same as a Word file, and that file."""
    text = read(request.param, "d1")
    raw = saved(text)
    path = tmp_path_factory.mktemp("word") / f"{request.param.stem}.docx"
    path.write_bytes(raw)
    return text, read(path, "d1"), raw


def test_every_character_stands_where_the_file_has_it(pair: tuple[Document, Document, bytes]) -> None:
    """A figure quoted from the wrong paragraph, or changed on the way, is no evidence."""
    _, document, raw = pair
    paragraphs = stored(raw)
    seen: Counter[tuple[int, int]] = Counter()
    for offset, char in enumerate(document.text):
        if is_blank(char):
            continue
        line, column, page = document.locate(offset)
        assert paragraphs[line - 1][column] == char and page is None
        seen[line, column] += 1
    all_stored = (
        (line, column)
        for line, words in enumerate(paragraphs, start=1)
        for column, char in enumerate(words)
        if not is_blank(char)
    )
    assert seen == Counter(all_stored)


def test_no_digit_is_lost_or_doubled(pair: tuple[Document, Document, bytes]) -> None:
    """A missing digit is a figure that nobody checks."""
    _, document, raw = pair
    digits = re.findall(r"\d", document.text + "".join(omission.text for omission in document.omitted))
    assert Counter(digits) == Counter(re.findall(r"\d", "".join(stored(raw))))


def test_the_layout_is_that_of_the_text(pair: tuple[Document, Document, bytes]) -> None:
    """Headings, bold openings and tables decide what a figure means."""
    text, document, _ = pair
    assert document.text == text.text and document.format == "docx"
    assert document.blocks == text.blocks
    places = [[(c.row, c.column, c.span.start, c.span.end) for row in t.rows for c in row] for t in document.tables]
    assert places == [[(c.row, c.column, c.span.start, c.span.end) for row in t.rows for c in row] for t in text.tables]
    assert [table.header_rows for table in document.tables] == [table.header_rows for table in text.tables]
    assert (document.title, document.unit, document.year, document.kind) == (
        text.title,
        text.unit,
        text.year,
        text.kind,
    )


@pytest.mark.parametrize("path", REVIEWED, ids=lambda path: path.stem)
def test_the_findings_are_those_of_the_text(path: Path, tmp_path: Path) -> None:
    """A unit that sends Word instead of text is not judged otherwise."""
    word = tmp_path / f"{path.stem}.docx"
    word.write_bytes(saved(read(path, "d1")))
    found, expected = review([word]), review([path])
    assert [(f.code, f.message) for f in found.findings] == [(f.code, f.message) for f in expected.findings]
    assert expected.findings


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two runs that differ cannot be compared."""
    path = tmp_path / "r.docx"
    path.write_bytes(saved(read(FIXTURES[0], "d1")))
    assert read(path, "d1").model_dump_json() == read(path, "d1").model_dump_json()
