"""Labels are the yardstick: each quote must stand in its report, each relation hold, and faults must be noticed."""

from fractions import Fraction
from pathlib import Path

import pytest

from eval.arithmetic import NotComputable, holds
from eval.labels import SUFFIX, ClaimLabel, ClaimName, Fixture, LabelError, load, load_all
from eval.printed import Printed, UnreadableNumber, read
from eval.quoting import QuoteError, Squeezed, Stretch, squeeze, without_layout
from eval.validating import faults, text_of
from reviewer.review import review

FIXTURES = load_all()
each = pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)


@each
def test_labels_hold(fixture: Fixture) -> None:
    assert list(faults(fixture)) == []


@each
def test_the_report_is_read_as_the_labels_read_it(fixture: Fixture) -> None:
    """Quotes are found by what is left without layout: file and reading must agree on that, character by character."""
    assert squeeze(text_of(fixture.path)) == squeeze(review([fixture.path]).documents[0].text)


def test_there_are_the_reports_that_were_asked_for() -> None:
    by_set = [fixture.labels.set for fixture in FIXTURES]
    assert len(FIXTURES) >= 14
    assert by_set.count("counterpart") == 5
    assert by_set.count("clean") >= 5
    assert by_set.count("frozen") >= 4
    assert len({fixture.labels.unit for fixture in FIXTURES}) == len(FIXTURES)


def test_a_quote_is_found_across_layout_and_its_marks_are_exact() -> None:
    text = "一、收入\n\n全年支出总\n计874.36 万\n元，| 其中 | 8 |"
    squeezed = Squeezed(text)
    place = squeezed.find("支出总计[874.36万元]，其中|[8]")
    assert text[place.whole.start : place.whole.end].startswith("支出总")
    assert [text[s.start : s.end] for _, s in place.marks] == ["874.36 万\n元", "8"]
    assert squeezed.inside(place.marks[1][1]) == (squeezed.text.index("8", 20), len(squeezed.text))


def test_the_nth_place_of_a_quote() -> None:
    squeezed = Squeezed("得10分，得10分")
    assert squeezed.find("得[10分]", 2).marks[0][1] == Stretch(6, 9)
    assert squeezed.count("得10分") == 2
    with pytest.raises(QuoteError, match="2 times, not 3"):
        squeezed.find("得10分", 3)
    with pytest.raises(QuoteError, match="not in the report"):
        squeezed.find("得11分")


def test_page_lines_and_table_rules_are_blanked_in_place() -> None:
    text = "共\n— 3 —\n第 4 页 共 9 页\n| a |\n|---|:--:|\n-5万元"
    blanked = without_layout(text)
    assert len(blanked) == len(text)
    assert blanked.split() == ["共", "|", "a", "|", "-5万元"]


@pytest.mark.parametrize(
    ("marked", "unit", "value", "base", "base_unit"),
    [
        ("874.36万元", None, None, Fraction(8743600), "元"),
        ("1,314.00", "万元", None, Fraction(13140000), "元"),
        ("０.09亿元", None, None, Fraction(9000000), "元"),
        ("98.5％", None, None, Fraction(985, 1000), "%"),
        ("2.3个百分点", None, None, Fraction(23, 1000), "百分点"),
        ("-12.30%", None, None, Fraction(-123, 1000), "%"),
        ("126.4万页", None, None, Fraction(1264000), "页"),
        ("百分之九十八点五", None, None, Fraction(985, 1000), "%"),
        ("三分之二", None, None, Fraction(2, 3), ""),
        ("289/300", None, None, Fraction(289, 300), ""),
        ("十六家", None, None, Fraction(16), "家"),
        ("一百零五户", None, None, Fraction(105), "户"),
        ("二〇二三", None, None, Fraction(2023), ""),
        ("半分", "分", "0.5", Fraction(1, 2), "分"),
        ("30余次", None, None, Fraction(30), "次"),
        ("2公顷", None, None, Fraction(30), "亩"),
    ],
)
def test_marked_numbers_are_read(
    marked: str, unit: str | None, value: str | None, base: Fraction, base_unit: str
) -> None:
    printed = read(marked, unit, value)
    assert (printed.base, printed.unit) == (base, base_unit)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(UnreadableNumber):
        read("若干")


@pytest.mark.parametrize(
    ("marked", "low", "high"),
    [
        ("98.47%", Fraction(98465, 100000), Fraction(98475, 100000)),
        ("97.5分", Fraction(195, 2), Fraction(195, 2)),
        ("343批", Fraction(343), Fraction(343)),
        ("12.34元", Fraction(1234, 100), Fraction(1234, 100)),
        ("1.05亿元", Fraction(104500000), Fraction(105500000)),
        ("0%", Fraction(0), Fraction(0)),
        ("3公里", Fraction(2500), Fraction(3500)),
    ],
)
def test_a_number_stands_for_what_rounds_to_it(marked: str, low: Fraction, high: Fraction) -> None:
    assert (read(marked).low, read(marked).high) == (low, high)


NUMBERS: dict[str, Printed] = {
    name: read(words)
    for name, words in {
        "a": "627.61万元", "b": "246.75万元", "whole": "874.36万元", "rate": "71.78%", "coarse": "0.09亿元",
        "last": "800.00万元", "growth": "9.30%", "fall": "8.51%", "score": "9分", "full": "10分", "ninety": "90%",
        "three": "3个", "persons": "335件", "share": "77.52%", "points": "2.5个百分点", "half": "0.5分", "lost": "1.25分",
        "cost": "33.1万元", "paid": "1979.38万元", "road": "59.8公里",
    }.items()
}  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "true"),
    [
        ({"kind": "sum", "plus": ("a", "b"), "result": "whole"}, True),
        ({"kind": "sum", "plus": ("a", "a"), "result": "whole"}, False),
        ({"kind": "difference", "plus": ("whole",), "minus": ("a",), "result": "b"}, True),
        ({"kind": "ratio", "over": ("a", "whole"), "result": "rate"}, True),
        ({"kind": "ratio", "over": ("b", "whole"), "result": "rate"}, False),
        ({"kind": "ratio", "over": ("paid", "road"), "result": "cost"}, True),
        ({"kind": "change", "change": ("whole", "last"), "result": "growth"}, True),
        ({"kind": "change", "change": ("whole", "last"), "result": "growth", "direction": "down"}, False),
        ({"kind": "change", "change": ("last", "whole"), "result": "fall", "direction": "down"}, True),
        ({"kind": "restatement", "same": ("whole", "coarse")}, True),
        ({"kind": "restatement", "same": ("whole", "last")}, False),
        ({"kind": "score_cap", "cap": ("score", "full")}, True),
        ({"kind": "score_cap", "cap": ("full", "score")}, False),
        ({"kind": "score_rule", "product": ("full", "ninety"), "result": "score"}, True),
        ({"kind": "score_rule", "product": ("points", "half"), "result": "lost"}, True),
        ({"kind": "target_met", "actual": "ninety", "target": "share"}, True),
        ({"kind": "target_met", "actual": "ninety", "target": "share", "direction": "<="}, False),
        ({"kind": "grade", "score": "score", "low": "8", "high": "9"}, False),
        ({"kind": "grade", "score": "score", "low": "9", "high": "100"}, True),
        ({"kind": "count_of_list", "count": "three", "items": ("x", "y", "z")}, True),
        ({"kind": "count_of_list", "count": "three", "items": ("x", "y")}, False),
        ({"kind": "bound", "less": ("a", "whole")}, True),
        ({"kind": "bound", "possible": ("share", "persons")}, False),
        ({"kind": "bound", "possible": ("ninety", "persons")}, True),
    ],
    ids=lambda value: str(value)[:60],
)
def test_the_arithmetic_of_labels(claim: dict[str, object], true: bool) -> None:
    assert holds(ClaimLabel.model_validate({"outcome": "verified", **claim}), NUMBERS) is true


@pytest.mark.parametrize("kind", list(ClaimName))
def test_a_claim_without_its_operands_is_refused(kind: ClaimName) -> None:
    with pytest.raises(NotComputable):
        holds(ClaimLabel(kind=kind, outcome="verified"), NUMBERS)


HEAD = """
report = "r.txt"
set = "defective"
kind = "project"
unit = "甲县某局"
year = 2023
template = "t"
layout = "l"
"""
REPORT = "甲县某局2023年度报告\n\n全年支出10.00万元，其中基本支出4.00万元，项目支出5.00万元。\n"
FIGURES = """
figures = [
 { id = "whole", at = "全年支出[10.00万元]", measure = "支出", role = "actual" },
 { id = "a", at = "基本支出[4.00万元]", measure = "基本支出", role = "actual" },
 { id = "b", at = "项目支出[5.00万元]", measure = "项目支出", role = "actual" },
]
"""
FINDING = """
claims = [ { kind = "sum", plus = ["a", "b"], result = "whole", outcome = "contradicted" } ]
findings = [ { family = "SUM", severity = "error", evidence = "全年支出[10.00万元]", why = "9" } ]
"""


def labelled(folder: Path, labels: str) -> Path:
    (folder / "r.txt").write_text(REPORT, encoding="utf-8")
    path = folder / f"r{SUFFIX}"
    path.write_text(HEAD + labels, encoding="utf-8")
    return path


def test_right_labels_have_no_fault(tmp_path: Path) -> None:
    assert list(faults(load(labelled(tmp_path, FIGURES + FINDING)))) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("基本支出[4.00万元]", "基本支出[4.50万元]", "not in the report"),
        ('outcome = "contradicted"', 'outcome = "verified"', "by the printed numbers it is false"),
        ('outcome = "contradicted"', 'outcome = "undetermined"', "but why"),
        ('role = "actual" },\n]', 'role = "spent" },\n]', "no role spent"),
        (
            ' { id = "b", at = "项目支出[5.00万元]", measure = "项目支出", role = "actual" },\n',
            "",
            "no label for the number",
        ),
        ('id = "a"', 'id = "b"', "used twice"),
        ('"全年支出[10.00万元]", why', '"全年支出10.00万元", why', "no finding marks"),
        ('plus = ["a", "b"]', 'plus = ["a", "c"]', "no figure c"),
        ('at = "全年支出[10.00万元]", measure', 'at = "支出[10.00万元]，其中基本[支]", measure', "no plain number"),
    ],
)
def test_each_fault_of_labels_is_told(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = FIGURES + FINDING
    assert old in text
    try:
        told = list(faults(load(labelled(tmp_path, text.replace(old, new, 1)))))
    except LabelError as error:
        told = [str(error)]
    assert any(fault in line for line in told), told


def test_a_sound_report_may_have_no_numeric_finding(tmp_path: Path) -> None:
    path = labelled(tmp_path, FIGURES + FINDING)
    path.write_text(path.read_text(encoding="utf-8").replace('"defective"', '"clean"'), encoding="utf-8")
    assert any("a sound report has a finding" in line for line in faults(load(path)))


@pytest.mark.parametrize(
    "text", ["report = ", HEAD + "surprise = 1\nfigures = []", HEAD.replace("r.txt", "x.txt") + "figures = []"]
)
def test_a_broken_label_file_is_one_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / f"r{SUFFIX}"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LabelError, match=r"r\.labels\.toml"):
        load(path)
