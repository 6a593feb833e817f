"""Runs go on where they stopped, count what failed, and the gate lets nothing slip."""

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval import __main__ as command
from eval import running
from eval.gating import comparison, losses
from eval.labels import Fixture, load_all
from eval.mutate import Variant
from eval.report import page
from eval.running import injected, run
from eval.statistics import bootstrap, wilson
from eval.store import RunError, Store
from eval.summary import Summary, load, summarise
from reviewer.checks import registry
from tests.small_set import small_set

Everything = tuple[list[Fixture], list[Variant]]


@pytest.fixture
def everything(tmp_path: Path) -> Everything:
    fixtures = load_all(small_set(tmp_path / "set"))
    return fixtures, injected(fixtures, per_kind=2)


def results(store: Store, everything: Everything) -> Summary:
    run(store, *everything, jobs=1)
    return summarise(store, *everything)


def test_a_run_goes_on_where_it_was_killed(tmp_path: Path, everything: Everything) -> None:
    store = Store(tmp_path / "run")
    total = len(everything[0]) + len(everything[1])
    assert run(store, *everything, jobs=1) == total
    whole = summarise(store, *everything)
    log = tmp_path / "run" / "items.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join(lines[:-2]) + lines[-2][:20], encoding="utf-8")
    assert run(store, *everything, jobs=1) == 2
    again = summarise(store, *everything)
    assert again.model_dump(exclude={"seconds": True, "reports": {"__all__": {"seconds"}}}) == whole.model_dump(
        exclude={"seconds": True, "reports": {"__all__": {"seconds"}}}
    )
    assert run(store, *everything, jobs=1) == 0


def test_a_changed_report_is_reviewed_again_and_never_scored_by_its_old_review(
    tmp_path: Path, everything: Everything
) -> None:
    store = Store(tmp_path / "run")
    run(store, *everything, jobs=1)
    report = everything[0][1].path
    report.write_text(report.read_text(encoding="utf-8") + "\n补充说明。\n", encoding="utf-8")
    with pytest.raises(RunError, match="run it again"):
        summarise(store, *everything)
    fixtures = load_all(report.parent)
    assert run(store, fixtures, [], jobs=1) == 1


def test_a_run_of_another_backend_is_not_gone_on_with(
    tmp_path: Path, everything: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "run")
    run(store, everything[0], [], jobs=1)
    monkeypatch.setitem(running.BACKENDS, "other", running.offline)
    with pytest.raises(RunError, match="holds a run of offline"):
        run(store, everything[0], [], backend="other", jobs=1)
    with pytest.raises(RunError, match="no run"):
        Store(tmp_path / "nothing").provenance()


def test_a_report_that_cannot_be_reviewed_is_a_result(tmp_path: Path, everything: Everything) -> None:
    fixtures, _ = everything
    fixtures[0].path.write_bytes(b"")
    store = Store(tmp_path / "run")
    run(store, fixtures, [], jobs=1)
    failed, fine = summarise(store, fixtures, []).reports
    assert failed.failed and not fine.failed
    assert failed.counts["finding.all"].missed == 1
    assert failed.counts["figure.value_unit"].missed == 3


def test_the_small_set_is_reviewed_without_fault(tmp_path: Path, everything: Everything) -> None:
    summary = results(Store(tmp_path / "run"), everything)
    assert [report.missed for report in summary.reports] == [(), ()]
    assert [report.false_alarms for report in summary.reports] == [(), ()]
    assert summary.variants and all(variant.detected for variant in summary.variants)


def test_a_broken_check_does_not_pass_the_gate(
    tmp_path: Path, everything: Everything, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = results(Store(tmp_path / "good"), everything)
    silent = replace(registry.find("SUM001"), check=lambda context: iter(()))
    monkeypatch.setitem(registry._RULES, "SUM001", silent)
    broken = results(Store(tmp_path / "broken"), everything)
    told = list(losses(good, broken))
    assert "broken: finding lost: SUM 290" in told
    assert sum("no longer detected" in line for line in told) > 1


def test_the_gate_tells_every_loss(tmp_path: Path, everything: Everything) -> None:
    good = results(Store(tmp_path / "run"), everything)
    assert list(losses(good, good)) == []
    first, second = good.reports
    missed = first.model_copy(update={"found": (), "missed": first.found})
    alarmed = second.model_copy(update={"false_alarms": ("error SUM001 1 ≠ 2",), "sprung": ("a trap",)})
    blind = tuple(variant.model_copy(update={"detected": False}) for variant in good.variants)
    worse = good.model_copy(update={"reports": (missed, alarmed), "variants": blind})
    told = list(losses(good, worse))
    assert len(told) == len(first.found) + 2 + len(good.variants)
    assert list(losses(good, good.model_copy(update={"reports": (first,)}))) == ["sound: no longer reviewed"]
    assert any("not in the baseline" in line for line in losses(good.model_copy(update={"reports": ()}), good))
    crashed = good.model_copy(update={"reports": (first.model_copy(update={"failed": "crash"}), second)})
    assert "broken: crash" in list(losses(good, crashed))
    # What got better is no loss.
    assert list(losses(worse, good)) == []


def test_a_comparison_says_tied_where_nothing_can_be_told(tmp_path: Path, everything: Everything) -> None:
    summary = results(Store(tmp_path / "run"), everything)
    lines = list(comparison(summary, summary))
    assert lines[0] == "2 reports in both"
    measured = [line for line in lines if "[" in line]
    assert measured and all(line.endswith("tied") for line in measured)


def test_the_page_shows_misses_of_open_reports_and_hides_those_of_frozen_ones(
    tmp_path: Path, everything: Everything
) -> None:
    summary = results(Store(tmp_path / "run"), everything)
    report = summary.reports[0].model_copy(update={"missed": ("SUM of something",), "found": ()})
    assert "SUM of something" in page(summary.model_copy(update={"reports": (report,)}))
    frozen = report.model_copy(update={"set": "frozen"})
    assert "SUM of something" not in page(summary.model_copy(update={"reports": (frozen,)}))


def test_wilson_and_bootstrap() -> None:
    low, high = wilson(97, 100)
    assert (round(low, 4), round(high, 4)) == (0.9155, 0.9897)
    assert wilson(0, 0) == (0.0, 1.0)
    mean = lambda drawn: sum(drawn) / len(drawn)  # noqa: E731
    interval = bootstrap([0.0, 1.0] * 20, mean)
    assert interval is not None and interval[0] < 0.5 < interval[1]
    assert bootstrap([0.0, 1.0] * 20, mean) == interval
    assert bootstrap([], mean) is None


def invoke(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(command.app, list(args))
    return result.exit_code, result.output


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, kept = small_set(tmp_path / "set"), str(tmp_path / "run")
    monkeypatch.setattr(command, "FIXTURES", folder)
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(command, "REPLAYED", tmp_path / "results.replayed.json")
    monkeypatch.setattr(command, "PAGE", tmp_path / "RESULTS.md")
    common = ("--run", kept, "--jobs", "1")
    code, output = invoke("validate", *map(str, sorted(folder.glob("*.toml"))))
    assert code == 0 and "2 label files, 0 with faults" in output
    code, output = invoke("run", "--fixtures", str(folder), "--per-kind", "1", *common)
    assert code == 0 and "error-level precision" in output
    code, output = invoke("score", "--fixtures", str(folder), "--per-kind", "1", "--run", kept)
    assert code == 0 and "error-level precision" in output
    code, output = invoke("bless", "--reason", "first", *common)
    assert code == 0 and load(tmp_path / "results.json").blessed[0].reason == "first"
    code, output = invoke("gate", str(tmp_path / "results.json"), *common)
    assert code == 0 and "nothing lost" in output
    (tmp_path / "RESULTS.md").write_text("old", encoding="utf-8")
    code, output = invoke("gate", str(tmp_path / "results.json"), *common)
    assert code == 1 and "stale" in output
    monkeypatch.setitem(registry._RULES, "SUM001", replace(registry.find("SUM001"), check=lambda context: iter(())))
    code, output = invoke("gate", str(tmp_path / "results.json"), "--run", str(tmp_path / "broken"), "--jobs", "1")
    assert code == 1 and "broken: finding lost: SUM 290" in output and "losses against results.json" in output
    code, output = invoke("compare", kept, str(tmp_path / "results.json"))
    assert code == 0 and "2 reports in both" in output


def test_faults_in_labels_fail_the_command(tmp_path: Path) -> None:
    folder = small_set(tmp_path / "set")
    labels = folder / "sound.labels.toml"
    labels.write_text(labels.read_text(encoding="utf-8").replace("60.00", "61.00"), encoding="utf-8")
    code, output = invoke("validate", str(labels))
    assert code == 1 and "not in the report" in output


def test_what_cannot_be_done_is_one_line_and_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for args in (["compare", str(tmp_path), str(tmp_path)], ["run", "--fixtures", str(tmp_path)]):
        with pytest.raises(SystemExit) as stopped:
            command.main(args)
        assert stopped.value.code == 2
        told = capsys.readouterr().err.splitlines()
        assert told[-2].startswith("error: ") and told[-1].startswith("hint: ")
