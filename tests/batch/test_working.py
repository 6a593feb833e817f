"""A job to its outcome: what the record says of a report, and what it never says."""

from pathlib import Path

import pytest

from reviewer.batch import working
from reviewer.batch.records import Declared, FailureKind, Job
from reviewer.batch.working import Work
from reviewer.memo import brief
from reviewer.memo.markup import escape, plain
from reviewer.review import review
from reviewer.schema import DocumentKind
from reviewer.settings import Settings
from tests.batch.batch_kit import BROKEN, ROOT, SOUND, job, report

DEFECTIVE = ROOT / "fixtures" / "liyang-archives-2023.md"


def test_the_record_says_what_the_memo_says() -> None:
    result = Work(Settings())(job("r", DEFECTIVE)).result
    found = review([DEFECTIVE])
    assert (result.unit, result.year, result.kind) == ("砺阳县档案馆", 2023, DocumentKind.DEPARTMENT_OVERALL)
    assert [(line.code, line.message, line.calculation) for line in result.findings] == [
        (finding.code, finding.message, finding.calculation) for finding in found.findings
    ]
    assert result.errors == sum(1 for finding in found.findings if finding.severity == "error") > 0
    assert result.findings[0].places == ("第27行",)
    assert result.verified == found.coverage.claims["verified"]
    assert result.headline.startswith("最需要关注的是：“分项之和与总数不符”（第27行）")
    assert "问题1" not in result.headline


def test_a_report_without_findings_is_not_called_sound(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_text("清禾县图书馆2023年度工作总结\n\n一、基本情况\n\n全年开展活动，群众满意。\n", encoding="utf-8")
    assert "不能据此认为报告没有问题" in Work(Settings())(job("r", path)).result.headline


def test_headlines_come_in_the_language_of_the_review(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_text(report("清禾县图书馆", BROKEN), encoding="utf-8")
    told = brief(review([path], Settings(lang="en")))
    assert told.headline.startswith("What matters most: “") and told.places[0] == ("line 5",)


def test_plain_words_are_those_that_were_escaped() -> None:
    for text in ("a_b*c", r"C:\x\*", "[甲](乙)|丙<b>", "&lt; & #1 ~"):
        assert plain(escape(text)) == text


@pytest.mark.parametrize(
    ("declared", "differs"),
    [
        (Declared(), ()),
        (Declared(unit="清禾县 图书馆", year=2023, kind=DocumentKind.DEPARTMENT_OVERALL), ()),
        (Declared(unit="清禾县文化馆", year=2022, kind=DocumentKind.PROJECT), ("unit", "year", "kind")),
    ],
)
def test_what_the_manifest_says_differently_is_named(
    tmp_path: Path, declared: Declared, differs: tuple[str, ...]
) -> None:
    path = tmp_path / "r.txt"
    path.write_text(report("清禾县图书馆"), encoding="utf-8")
    result = Work(Settings())(Job(id="r", paths=(str(path),), declared=declared)).result
    assert result.differs == differs and result.unit == "清禾县图书馆"


def test_what_the_report_does_not_say_the_manifest_does(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_text(f"一、基本情况\n\n{SOUND}\n", encoding="utf-8")
    declared = Declared(unit="清禾县图书馆", year=2021, kind=DocumentKind.PROJECT)
    result = Work(Settings())(Job(id="r", paths=(str(path),), declared=declared)).result
    assert (result.unit, result.year, result.kind, result.differs) == ("清禾县图书馆", 2021, DocumentKind.PROJECT, ())


def test_several_files_are_one_report(tmp_path: Path) -> None:
    for name, sentence in (("a.txt", SOUND), ("b.txt", BROKEN)):
        (tmp_path / name).write_text(report("清禾县图书馆", sentence), encoding="utf-8")
    result = Work(Settings())(Job(id="r", paths=(str(tmp_path / "a.txt"), str(tmp_path / "b.txt")))).result
    assert [one.sha256 is not None for one in result.inputs] == [True, True]
    assert any("b.txt" in place for line in result.findings for place in line.places)


def test_a_fault_of_ours_is_an_outcome_that_tells_nothing_of_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.txt"
    path.write_text(report("清禾县图书馆"), encoding="utf-8")

    def fails(*_: object) -> str:
        raise ValueError("机密：清禾县图书馆")

    monkeypatch.setattr("reviewer.memo.render", fails)
    failure = Work(Settings())(job("r", path)).result.failure
    assert failure is not None and failure.kind is FailureKind.CRASHED
    assert "ValueError in reviewer/batch/working.py, line" in failure.message
    assert "机密" not in failure.model_dump_json()


def test_running_out_of_memory_is_an_outcome(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "r.txt"
    path.write_text(report("清禾县图书馆"), encoding="utf-8")

    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("reviewer.review.review", fails)
    failure = Work(Settings())(job("r", path)).result.failure
    assert failure is not None and failure.kind is FailureKind.OUT_OF_MEMORY


def test_an_input_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_bytes(b"abc")
    found = working.input_of(str(path))
    assert (found.size, (found.sha256 or "")[:8]) == (3, "ba7816bf")
    for missing in (str(tmp_path), "\0", str(tmp_path / "gone.txt")):
        assert working.input_of(missing).size is None and working.input_of(missing).sha256 is None
