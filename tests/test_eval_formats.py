"""The evaluation by format: what a format loses shows in the results, and the gate stops it."""

from dataclasses import replace
from pathlib import Path

import pytest

from eval import by_format
from eval.by_format import Case, cases
from eval.detecting import detect
from eval.format_table import by_format as chapter
from eval.formats import WRITERS
from eval.formats.projecting import on_tables
from eval.gating import comparison, losses
from eval.labels import FIXTURES, Fixture, load, load_all
from eval.mutate import Variant
from eval.report import page
from eval.resolving import Resolved
from eval.running import injected, run
from eval.store import RunError, Store
from eval.summary import Summary, summarise
from reviewer import reading
from reviewer.checks import registry
from reviewer.review import review
from tests.small_set import small_set

Everything = tuple[list[Fixture], list[Variant]]


@pytest.fixture
def everything(tmp_path: Path) -> Everything:
    fixtures = load_all(small_set(tmp_path / "set"))
    return fixtures, injected(fixtures, per_kind=2)


def only(monkeypatch: pytest.MonkeyPatch, *formats: str) -> None:
    monkeypatch.setattr(by_format, "FORMATS", formats)


def results(store: Store, everything: Everything) -> Summary:
    also = cases(*everything, store)
    run(store, *everything, cases=also, jobs=1)
    return summarise(store, *everything, cases=also)


def test_each_format_is_measured_on_the_same_reports_and_errors(
    tmp_path: Path, everything: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "md", "txt")
    summary = results(Store(tmp_path / "run"), everything)
    assert [score.name for score in summary.formats] == ["md", "txt"]
    for score in summary.formats:
        assert [report.name for report in score.reports] == [report.name for report in summary.reports]
        assert [report.found for report in score.reports] == [report.found for report in summary.reports]
        assert score.variants and all(variant.detected for variant in score.variants)
    assert "| md | 2 | 0 | 1 (1) | 1 |" in page(summary)


def test_a_run_goes_on_and_reviews_a_format_again_when_its_writer_changes(
    tmp_path: Path, everything: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "md")
    store = Store(tmp_path / "run")
    first = results(store, everything)
    also = cases(*everything, store)
    assert run(store, *everything, cases=also, jobs=1) == 0
    monkeypatch.setattr(by_format, "_writers", lambda: "another")
    with pytest.raises(RunError, match="run it again"):
        summarise(store, *everything, cases=also)
    assert run(store, *everything, cases=also, jobs=1) == len(also)
    assert list(losses(first, summarise(store, *everything, cases=also))) == []


def test_the_gate_tells_what_a_format_lost(
    tmp_path: Path, everything: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "md")
    good = results(Store(tmp_path / "good"), everything)
    silent = replace(registry.find("SUM001"), check=lambda context: iter(()))
    monkeypatch.setitem(registry._RULES, "SUM001", silent)
    broken = results(Store(tmp_path / "broken"), everything)
    told = list(losses(good, broken))
    assert "md: broken: finding lost: SUM 290" in told
    assert any(line.startswith("md: ") and "no longer detected" in line for line in told)
    (compared,) = (line for line in comparison(good, broken) if line.startswith("md: "))
    assert "A 1 findings" in compared and "B 0 findings" in compared
    assert "md: format no longer measured" in list(losses(good, good.model_copy(update={"formats": ()})))
    assert "md: format not in the baseline" in list(losses(good.model_copy(update={"formats": ()}), good))


def test_a_format_that_cannot_be_read_counts_as_missed(
    tmp_path: Path, everything: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(monkeypatch, "md")
    monkeypatch.setitem(WRITERS, "md", lambda content: b"\xff\xfe\x00")
    (score,) = results(Store(tmp_path / "run"), everything).formats
    assert all(report.failed for report in score.reports)
    assert score.reports[0].counts["figure.value_unit"].missed == 3
    assert score.variants and not any(variant.detected for variant in score.variants)


def test_frozen_reports_are_not_looked_at_in_other_formats(tmp_path: Path, everything: Everything) -> None:
    hidden, open_one = everything[0]
    frozen = replace(hidden, labels=hidden.labels.model_copy(update={"set": "frozen"}))
    planted = [replace(v, fixture=frozen) if v.fixture == hidden else v for v in everything[1]]
    found = cases([frozen, open_one], planted, Store(tmp_path / "run"))
    assert found and {case.fixture.name for case in found} == {open_one.name}


def test_an_error_is_found_where_the_format_has_only_a_part_of_the_text(tmp_path: Path, everything: Everything) -> None:
    variant = next(variant for variant in everything[1] if variant.kind == "part")
    before, after = tmp_path / "before.txt", tmp_path / "after.txt"
    before.write_text(
        "首页\n" + variant.fixture.path.read_text(encoding="utf-8").partition("\n\n")[2], encoding="utf-8"
    )
    after.write_text("首页\n" + variant.text.partition("\n\n")[2], encoding="utf-8")
    assert detect(variant, review([before]), review([after])).detected


def test_labels_of_tables_are_those_of_numbers_in_them() -> None:
    fixture = load(FIXTURES / "yuping-yinshui-2023.labels.toml")
    fewer = on_tables(fixture, reading.read(fixture.path, "d1"))
    case = Case("tables", fixture, fixture.path)
    assert 0 < len(fewer.labels.figures) < len(fixture.labels.figures)
    assert [label.family for label in fewer.labels.findings] == [("SUM",)]
    assert case.ending == "md"


def test_every_kept_label_is_found_in_the_tables_as_text(tmp_path: Path) -> None:
    for name in ("luxi-rural-roads-2024", "liyang-archives-2023", "qingting-justice-2023"):
        fixture = load(FIXTURES / f"{name}.labels.toml")
        path = Case("tables", fixture, fixture.path).write(tmp_path)
        resolved = Resolved(on_tables(fixture, reading.read(fixture.path, "d1")).labels, reading.read(path, "d1").text)
        assert resolved.faults == []


def test_nothing_is_said_of_formats_where_none_was_measured(tmp_path: Path, everything: Everything) -> None:
    store = Store(tmp_path / "run")
    run(store, *everything, jobs=1)
    assert list(chapter(summarise(store, *everything))) == []
