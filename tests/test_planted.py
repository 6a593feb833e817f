"""A number the scanner cuts short, misplaces or misnames is wrong in every memo; here each was planted and is known."""

import re
from pathlib import Path

import pytest

from eval.labels import load_all
from eval.validating import encoding_of
from reviewer.quantities import scan
from reviewer.reading import read
from reviewer.schema.numbers import QuantityKind
from reviewer.sections import split_sections
from tests.planted import document, plant, whole_section

ROOT = Path(__file__).parent.parent
REPORTS = sorted(fixture.path for fixture in load_all())
SEEDS = sorted((ROOT.parent / "shared" / "seeds").glob("*.txt"))

# Independent of the grammar on purpose: what a reader would call a number.
DIGITS = re.compile("[0-9０-９]+")
CIRCLED = re.compile("[①-⑳]")
CHINESE = re.compile(
    r"(?<![零〇一二三四五六七八九十百千万亿两])[一二三四五六七八九十两][零〇一二三四五六七八九十百千万亿两]*余?"
    r"(?:万元|亿元|元|人次|平方米|公里|小时|分钟|个|名|人(?!民)|件|场|篇|户|辆|套|项|份|次(?!要))"
)


@pytest.mark.parametrize("seed", range(60))
def test_every_planted_number_is_found_where_it_stands(seed: int) -> None:
    text, planted = plant(seed)
    report = document(text)
    found = scan(report, whole_section(report))
    for expected in planted:
        match = [q for q in found if q.span.start == expected.start and q.span.end == expected.end]
        here = text[max(0, expected.start - 12) : expected.end + 8]
        assert match, (
            here,
            text[expected.start : expected.end],
            [q.text for q in found if abs(q.span.start - expected.start) < 9],
        )
        q = match[0]
        assert (q.kind, q.unit, q.bound) == (expected.kind, expected.unit, expected.bound), here
        assert q.value == expected.value, here
    assert len(found) == len(planted), {q.text for q in found} - {text[p.start : p.end] for p in planted}


@pytest.mark.parametrize("as_read", [True, False], ids=["read", "raw"])
@pytest.mark.parametrize("path", [*REPORTS, *SEEDS], ids=lambda path: path.name)
def test_no_number_of_a_report_is_left_out(path: Path, as_read: bool) -> None:
    report = read(path, "d1") if as_read else document(path.read_bytes().decode(encoding_of(path)))
    quantities = scan(report, split_sections(report) if as_read else whole_section(report))
    covered: set[int] = set()
    for q in quantities:
        assert q.text == report.text[q.span.start : q.span.end]
        assert not covered & set(range(q.span.start, q.span.end)), q
        covered.update(range(q.span.start, q.span.end))
    for pattern in (DIGITS, CIRCLED, CHINESE):
        for match in pattern.finditer(report.text):
            first = match.start()
            # A Chinese numeral is accounted for with its first character; digits with every one of them.
            wanted = range(first, match.end()) if pattern is not CHINESE else range(first, first + 1)
            assert covered.issuperset(wanted), report.text[max(0, first - 15) : match.end() + 10]
    assert [q.id for q in quantities] == [f"q{n}" for n in range(1, len(quantities) + 1)]
    assert any(q.kind is QuantityKind.QUANTITY for q in quantities)
