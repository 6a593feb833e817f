"""The output folder: what was found out is never lost, and never taken for something else."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from reviewer.batch.records import Declared, Failure, FailureKind, Job, Status
from reviewer.batch.run_record import Run, Totals
from reviewer.batch.store import Store
from reviewer.batch.working import Done, Work, failed
from reviewer.errors import UsageError
from reviewer.settings import Settings
from tests.batch.batch_kit import job, lines, report, run_record, write_reports

SETTINGS = {"version": "1", "lang": "zh"}


def jobs_in(folder: Path, count: int = 3) -> list[Job]:
    return [job(path.stem, path) for path in write_reports(folder, count)]


def filled(out: Path, jobs: Iterable[Job], work: Work | None = None) -> None:
    with Store.opened(out, SETTINGS) as store:
        for one in jobs:
            store.keep((work or Work(Settings(), memo=True))(one))


def done_in(out: Path, jobs: Iterable[Job], *, retry_failed: bool = False) -> list[bool]:
    with Store.opened(out, SETTINGS) as store:
        return [store.is_done(one, retry_failed=retry_failed) for one in jobs]


def test_what_is_recorded_is_done_also_for_the_next_process(tmp_path: Path) -> None:
    jobs = jobs_in(tmp_path / "in")
    filled(tmp_path / "out", jobs[:2])
    assert done_in(tmp_path / "out", jobs) == [True, True, False]
    line = lines(tmp_path / "out")[0]
    assert (tmp_path / "out" / line["review"]).is_file() and (tmp_path / "out" / line["memo"]).is_file()


def test_a_line_that_was_not_finished_is_cut_off_and_made_again(tmp_path: Path) -> None:
    jobs, results = jobs_in(tmp_path / "in"), tmp_path / "out" / "results.jsonl"
    filled(tmp_path / "out", jobs)
    whole = results.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for length in (last + 1, len(whole) - 1):
        results.write_bytes(whole[:length])
        assert done_in(tmp_path / "out", jobs) == [True, True, False]
        assert results.read_bytes() == whole[:last]
    filled(tmp_path / "out", jobs[2:])
    assert [line["id"] for line in lines(tmp_path / "out")] == [one.id for one in jobs]


def test_a_line_that_a_failing_disk_left_is_no_outcome(tmp_path: Path) -> None:
    jobs, results = jobs_in(tmp_path / "in"), tmp_path / "out" / "results.jsonl"
    filled(tmp_path / "out", jobs)
    first, *others = results.read_bytes().splitlines(keepends=True)
    results.write_bytes(b"\0" * (len(first) - 1) + b"\n" + b"".join(others))
    assert done_in(tmp_path / "out", jobs) == [False, True, True]


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no limit on a file's size")
def test_a_line_for_which_there_is_no_room_ends_it_clearly_and_nothing_else_is_lost(tmp_path: Path) -> None:
    """What is left of the line must not stay behind to fail all that comes after, closing included."""
    import resource

    jobs, out = jobs_in(tmp_path / "in"), tmp_path / "out"
    filled(out, jobs[:1])
    before = (out / "results.jsonl").read_bytes()
    failure = Failure(kind=FailureKind.CRASHED, message="it crashed", hint="try again")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Store.opened(out, SETTINGS) as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 9, limits[1]))
        try:
            with pytest.raises(UsageError, match="cannot write to"):
                store.keep(failed(jobs[1], failure, 0.0))
            assert (out / "results.jsonl").read_bytes() == before
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        store.settle([jobs[0].id])
        store.keep(failed(jobs[2], failure, 0.0))
    assert [line["id"] for line in lines(out)] == [jobs[0].id, jobs[2].id]


def test_a_review_without_its_line_is_not_done(tmp_path: Path) -> None:
    """Killed between the two: the file may be whole, but nobody has said so."""
    (one, *_) = jobs_in(tmp_path / "in", 1)
    filled(tmp_path / "out", [one])
    (tmp_path / "out" / "results.jsonl").write_bytes(b"")
    assert (tmp_path / "out" / "reviews" / f"{one.id}.json").is_file()
    assert done_in(tmp_path / "out", [one]) == [False]


@pytest.mark.parametrize("text", [report("砺阳县档案馆"), report("清禾县第7图书馆")])
def test_a_report_that_changed_is_reviewed_again(tmp_path: Path, text: str) -> None:
    """Of another length, and of the same."""
    (one, *_) = jobs_in(tmp_path / "in", 1)
    filled(tmp_path / "out", [one])
    Path(one.paths[0]).write_text(text, encoding="utf-8")
    assert done_in(tmp_path / "out", [one]) == [False]
    Path(one.paths[0]).unlink()
    assert done_in(tmp_path / "out", [one]) == [False]


def test_what_the_manifest_says_now_counts(tmp_path: Path) -> None:
    (one, *_) = jobs_in(tmp_path / "in", 1)
    filled(tmp_path / "out", [one])
    said = one.model_copy(update={"declared": Declared(year=2022)})
    assert done_in(tmp_path / "out", [said]) == [False]
    filled(tmp_path / "out", [said])
    assert lines(tmp_path / "out")[-1]["differs"] == ["year"]


def test_a_review_that_was_taken_away_is_made_again(tmp_path: Path) -> None:
    (one, *_) = jobs_in(tmp_path / "in", 1)
    filled(tmp_path / "out", [one])
    (tmp_path / "out" / "reviews" / f"{one.id}.json").unlink()
    assert done_in(tmp_path / "out", [one]) == [False]


def test_failed_reports_are_done_unless_they_are_to_be_tried_again(tmp_path: Path) -> None:
    gone = job("gone", tmp_path / "gone.txt")
    filled(tmp_path / "out", [gone])
    assert lines(tmp_path / "out")[0]["failure"]["kind"] == "unreadable"
    assert done_in(tmp_path / "out", [gone]) == [True]
    assert done_in(tmp_path / "out", [gone], retry_failed=True) == [False]
    (tmp_path / "gone.txt").write_text(report("清禾县图书馆"), encoding="utf-8")
    assert done_in(tmp_path / "out", [gone]) == [False]


def test_a_report_that_fails_now_has_no_review_left(tmp_path: Path) -> None:
    (one, *_) = jobs_in(tmp_path / "in", 1)
    filled(tmp_path / "out", [one])
    failure = Failure(kind=FailureKind.CRASHED, message="it crashed", hint="try again")
    with Store.opened(tmp_path / "out", SETTINGS) as store:
        store.keep(failed(one, failure, 0.0))
    assert not list((tmp_path / "out" / "reviews").iterdir()) and not list((tmp_path / "out" / "memos").iterdir())


def test_settled_lines_are_one_per_report_in_order_and_none_is_lost(tmp_path: Path) -> None:
    jobs, out = jobs_in(tmp_path / "in"), tmp_path / "out"
    filled(out, [jobs[2], jobs[0], jobs[1], jobs[0]])
    with Store.opened(out, SETTINGS) as store:
        store.settle([jobs[0].id, "never reviewed", jobs[1].id])
        assert [line["id"] for line in lines(out)] == [jobs[0].id, jobs[1].id, jobs[2].id]
        result = store.results.get(jobs[1].id)
        assert result is not None and result.status is Status.REVIEWED
        store.keep(Work(Settings())(jobs[1]))
    assert [line["id"] for line in lines(out)] == [jobs[0].id, jobs[1].id, jobs[2].id, jobs[1].id]
    assert done_in(out, jobs) == [True, True, True]


def test_two_processes_do_not_share_a_folder(tmp_path: Path) -> None:
    with Store.opened(tmp_path / "out", SETTINGS), pytest.raises(UsageError, match="another batch is writing"):
        Store.opened(tmp_path / "out", SETTINGS)
    Store.opened(tmp_path / "out", SETTINGS).__exit__()


def test_other_settings_are_refused_by_name(tmp_path: Path) -> None:
    filled(tmp_path / "out", [])
    with pytest.raises(UsageError, match=r"lang \(zh → en\)$") as caught:
        Store.opened(tmp_path / "out", {**SETTINGS, "lang": "en"})
    assert "--fresh" in caught.value.hint


def test_fresh_takes_away_what_batches_made_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    filled(out, [])
    made = Done(Work(Settings())(job("甲-0123456789ab", tmp_path / "gone")).result, "{}", "memo")
    with Store.opened(out, SETTINGS) as store:
        store.keep(made)
    (out / "summary.xlsx").write_text("of the batch")
    (out / "mine.txt").write_text("mine")
    (out / "reviews" / "mine.json").write_text("mine")
    with Store.opened(out, {**SETTINGS, "lang": "en"}, fresh=True) as store:
        assert len(store.results) == 0
    left = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert left == [".batch.lock", "mine.txt", "results.jsonl", "reviews/mine.json", "run.json"]


@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("name", ["thesis.docx", "run.json"])
def test_a_folder_that_no_batch_made_is_not_touched(tmp_path: Path, name: str, fresh: bool) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / name).write_text('{"format": "something else"}')
    with pytest.raises(UsageError):
        Store.opened(out, SETTINGS, fresh=fresh)
    assert [path.name for path in out.iterdir()] == [name]


def test_a_folder_whose_batch_was_killed_at_its_very_start_is_taken_up(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".batch.lock").touch()
    filled(tmp_path / "out", [])
    assert run_record(tmp_path / "out")["fingerprint"] == SETTINGS


def test_what_was_killed_half_written_is_neither_in_the_way_nor_left(tmp_path: Path) -> None:
    """Its own half file would make the folder somebody else's, for good."""
    out = tmp_path / "out"
    out.mkdir()
    (out / ".run.json.4711.tmp").write_text("{")
    filled(out, [])
    half = (out / ".results.jsonl.tmp", out / ".summary.xlsx.12.tmp", out / "reviews" / ".甲-0123456789ab.json.7.tmp")
    mine = out / "reviews" / ".mine.tmp"
    for path in (*half, mine):
        path.touch()
    filled(out, [])
    assert not (out / ".run.json.4711.tmp").exists()
    assert [path for path in (*half, mine) if path.exists()] == [mine]


def test_a_run_that_was_killed_stays_in_the_record_without_an_end(tmp_path: Path) -> None:
    run = Run(command="reviewer batch in -o out", engine="local", jobs=2, begun="2026-01-01T00:00:00+00:00")
    with Store.opened(tmp_path / "out", SETTINGS) as store:
        store.begin(run)
    with Store.opened(tmp_path / "out", SETTINGS) as store:
        store.begin(run)
        store.end(run.model_copy(update={"ended": "2026-01-01T00:01:00+00:00"}), Totals(reports=3))
    record = run_record(tmp_path / "out")
    assert [one["ended"] for one in record["runs"]] == [None, "2026-01-01T00:01:00+00:00"]
    assert record["totals"]["reports"] == 3


def test_a_review_is_that_of_the_command_review(tmp_path: Path) -> None:
    from reviewer.memo import render
    from reviewer.review import review

    (one, *_) = jobs_in(tmp_path / "in", 1)
    filled(tmp_path / "out", [one])
    kept = (tmp_path / "out" / "reviews" / f"{one.id}.json").read_text(encoding="utf-8")
    assert kept == render(review(one.paths), "json") and json.loads(kept)["schema_version"]
