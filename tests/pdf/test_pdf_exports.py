"""A report printed by another program is the same report: same words, same tables, same findings, no digit lost."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from reviewer.reading import read
from reviewer.review import review
from reviewer.schema import Document, QuantityKind, Review
from tests.pdf.exporting import FIXTURES, printed_by_chromium, printed_by_libreoffice, program

EXPORTED = ["luxi-rural-roads-2024.md", "yunhe-market-regulation-2023.txt", "puhe-union-2023.txt"]


@pytest.fixture(scope="module")
def prints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("prints")
    return printed_by_libreoffice([FIXTURES / name for name in EXPORTED], folder)


@pytest.fixture(scope="module")
def web_print(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return printed_by_chromium(FIXTURES / EXPORTED[0], tmp_path_factory.mktemp("web"))


def bare_blocks(document: Document) -> list[str]:
    """Paragraphs and rows without blanks, which a line's end swallows; tabs between cells stay."""
    found = [document.text[block.start : block.end] for block in document.blocks]
    return [re.sub("[ \u3000]", "", line) for block in found for line in block.split("\n")]


def assert_same_report(printed: Review, original: Review) -> None:
    def findings(found: Review) -> Counter[tuple[str, str]]:
        return Counter((finding.code, finding.severity.value) for finding in found.findings)

    def values(found: Review) -> Counter[str]:
        return Counter(f"{q.value} {q.unit}" for q in found.quantities if q.kind is QuantityKind.QUANTITY)

    assert findings(printed) == findings(original)
    assert values(printed) == values(original)
    assert printed.coverage.claims == original.coverage.claims


@pytest.mark.parametrize("name", EXPORTED)
def test_a_word_processors_print_gives_the_same_blocks_and_findings(name: str, prints: dict[str, Path]) -> None:
    fixture, printed = FIXTURES / name, prints[name.rpartition(".")[0]]
    assert bare_blocks(read(printed, "d1")) == bare_blocks(read(fixture, "d1"))
    assert_same_report(review([printed]), review([fixture]))


def test_a_browsers_print_gives_the_same_blocks_and_findings(web_print: Path) -> None:
    fixture = FIXTURES / EXPORTED[0]
    assert bare_blocks(read(web_print, "d1")) == bare_blocks(read(fixture, "d1"))
    assert_same_report(review([web_print]), review([fixture]))


def test_no_digit_is_lost_or_doubled(prints: dict[str, Path], web_print: Path) -> None:
    extractor = program("pdftotext")
    for printed in (*prints.values(), web_print):
        document = read(printed, "d1")
        ours = Counter(re.findall("[0-9]", document.text + "".join(left.text for left in document.omitted)))
        done = subprocess.run(
            [extractor, "-layout", str(printed), "-"], capture_output=True, encoding="utf-8", check=True
        )
        assert ours == Counter(re.findall("[0-9]", done.stdout))


def test_the_same_file_gives_the_same_document(web_print: Path) -> None:
    assert read(web_print, "d1") == read(web_print, "d1")
