"""What every engine promises: each report one outcome, whatever happens to the process that reviews it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from reviewer.batch.engines import Engine, EngineName, Limits, Worker, engine_for
from reviewer.batch.records import FailureKind, Job, Status
from reviewer.batch.working import Done, Work
from reviewer.errors import UsageError
from reviewer.memo import render
from reviewer.review import review
from reviewer.settings import Settings
from tests.batch.batch_kit import BROKEN, is_alive, job, pid_of, wait_until, works, write_reports

ENGINES: list[EngineName] = ["local", "ray"]

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are enforced on Linux")


class Made(Protocol):
    """Makes the engine a test is about."""

    def __call__(self, work: Worker = works, *, jobs: int = 2, seconds: float = 120, **more: Any) -> Engine: ...


@pytest.fixture(params=ENGINES)
def made(request: pytest.FixtureRequest) -> Made:
    name: EngineName = request.param
    address: str | None = request.getfixturevalue("cluster") if name == "ray" else None

    def made(work: Worker = works, *, jobs: int = 2, seconds: float = 120, **more: Any) -> Engine:
        return engine_for(name, work, Limits(jobs, seconds, **more), address=address)

    return made


def outcomes(engine: Engine, jobs: list[Job]) -> dict[str, Done]:
    found = [(done.result.id, done) for done in engine.run(jobs)]
    assert len(found) == len(dict(found)), "a report has two outcomes"
    return dict(found)


def named(folder: Path, *names: str) -> list[Job]:
    return [job(name, folder / f"{name}.txt") for name in names]


def test_every_report_gets_one_outcome_and_the_review_of_the_command_review(made: Made, tmp_path: Path) -> None:
    sound, broken = write_reports(tmp_path / "a", 3), write_reports(tmp_path / "b", 2, BROKEN)
    jobs = [job(f"r{number}", path) for number, path in enumerate([*sound, *broken])]
    settings = Settings(lang="en")
    found = outcomes(made(Work(settings, memo=True)), jobs)
    assert found.keys() == {one.id for one in jobs}
    for one in jobs:
        expected = review(one.paths, settings)
        assert (found[one.id].review, found[one.id].memo) == (render(expected, "json"), render(expected, "md"))
        assert found[one.id].result.errors == (1 if Path(one.paths[0]).parent.name == "b" else 0)


def test_a_file_that_cannot_be_used_fails_and_the_others_do_not(made: Made, tmp_path: Path) -> None:
    good, empty, binary = write_reports(tmp_path, 3)
    empty.write_bytes(b"  \n")
    binary.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    jobs = [job("good", good), job("empty", empty), job("binary", binary), job("gone", tmp_path / "gone.txt")]
    found = outcomes(made(Work(Settings())), jobs)
    assert found["good"].result.status is Status.REVIEWED
    for one in ("empty", "binary", "gone"):
        failure = found[one].result.failure
        assert failure is not None and failure.kind is FailureKind.UNREADABLE and failure.message and failure.hint


@pytest.mark.parametrize(("bad", "ending"), [("exit-1", "exit code 3"), ("kill-1", "SIGKILL")])
def test_a_process_that_dies_twice_fails_its_report_alone(made: Made, tmp_path: Path, bad: str, ending: str) -> None:
    jobs = named(tmp_path, "good-1", bad, "good-2", "good-3")
    found = outcomes(made(), jobs)
    assert found.keys() == {one.id for one in jobs}
    failure = found[bad].result.failure
    assert failure is not None and failure.kind is FailureKind.CRASHED and ending in failure.message
    assert all(found[f"good-{n}"].result.status is Status.REVIEWED for n in (1, 2, 3))


def test_a_report_whose_process_was_killed_once_is_reviewed_after_all(made: Made, tmp_path: Path) -> None:
    found = outcomes(made(), named(tmp_path, "once-1", "good-1"))
    assert found["once-1"].result.status is Status.REVIEWED


def test_a_report_that_never_ends_is_given_up_at_its_time(made: Made, tmp_path: Path) -> None:
    jobs = named(tmp_path, "hang-1", "good-1", "good-2")
    found = outcomes(made(seconds=1), jobs)
    failure = found["hang-1"].result.failure
    assert failure is not None and failure.kind is FailureKind.TIMED_OUT
    assert found["good-1"].result.status is found["good-2"].result.status is Status.REVIEWED
    wait_until(lambda: not is_alive(pid_of(jobs[0])))


@linux
def test_a_report_that_wants_all_memory_fails_alone(made: Made, tmp_path: Path) -> None:
    found = outcomes(made(memory=1024), named(tmp_path, "hog-1", "good-1"))
    failure = found["hog-1"].result.failure
    assert failure is not None and failure.kind is FailureKind.OUT_OF_MEMORY
    assert found["good-1"].result.status is Status.REVIEWED


def test_reports_are_drawn_only_as_there_is_room_for_them(made: Made, tmp_path: Path) -> None:
    """A million of them are never all in memory."""
    drawn = 0

    def coming() -> Iterator[Job]:
        nonlocal drawn
        for number in range(30):
            drawn += 1
            yield job(f"good-{number}", tmp_path / "r.txt")

    ahead = [drawn - done for done, _ in enumerate(made(jobs=2).run(coming()))]
    assert len(ahead) == 30 and max(ahead) <= 2 * 2 + 1


def test_closing_stops_everything_at_once(made: Made, tmp_path: Path) -> None:
    jobs = named(tmp_path, "good-1", "hang-1", "hang-2")
    engine = made()
    coming = engine.run(jobs)
    assert next(coming).result.id == "good-1"
    wait_until(lambda: all((tmp_path / f"{one.id}.{one.id}.pid").exists() for one in jobs))
    pids = [pid_of(one) for one in jobs]
    engine.close()
    engine.close()
    wait_until(lambda: not any(is_alive(pid) for pid in pids))


def test_nothing_to_do_is_done(made: Made) -> None:
    assert list(made().run([])) == []


# The local engine alone


def cannot_start() -> Worker:
    class Unknown:
        """Cannot be loaded in another process."""

        def __reduce__(self) -> tuple[Any, ...]:
            return (exec, ("raise SystemExit(7)",))

        def __call__(self, job: Job) -> Done:
            raise NotImplementedError

    return Unknown()


def test_processes_that_cannot_start_end_the_batch_instead_of_failing_every_report(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot be started \(exit code 7\)"):
        list(engine_for("local", cannot_start(), Limits(2, 120)).run(named(tmp_path, "good-1", "good-2")))


@linux
def test_a_process_that_has_grown_is_replaced(tmp_path: Path) -> None:
    """It took more than half of what it may take: what stays of that would be the next report's loss."""
    jobs = named(tmp_path, "good-1", "grow-2", "good-3")
    outcomes(engine_for("local", works, Limits(1, 120, 512)), jobs)
    first, second, third = (pid_of(one) for one in jobs)
    assert first == second != third


def test_an_engine_that_is_not_installed_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.batch.engines.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="extra that is not installed") as caught:
        engine_for("ray", works, Limits(1, 60))
    assert "pip install" in caught.value.hint
