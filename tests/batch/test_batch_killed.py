"""A batch that is killed or interrupted at any moment: nothing is lost, nothing is done twice, nobody is left running."""

import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from tests.batch.batch_kit import (
    ROOT,
    batch,
    files,
    is_alive,
    lines,
    run_record,
    start,
    timeless,
    wait_until,
    write_reports,
)

REPORTS = sorted((ROOT / "fixtures").glob("l[ai]*-20*.*"))
REPORTS = [path for path in REPORTS if path.suffix in (".md", ".txt")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Reports that take a moment each."""
    (tmp_path / "in").mkdir()
    for path in REPORTS:
        shutil.copy(path, tmp_path / "in")
    return tmp_path


def children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in found.stdout.split()]


def opened(pid: int) -> list[str]:
    """The files a process has open."""
    found = []
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(OSError):
            found.append(os.readlink(link))
    return found


def test_killed_at_half_and_run_again_it_comes_out_as_if_it_never_was(folder: Path) -> None:
    out = folder / "out"
    process = start(folder, "in", "-o", "out", "--jobs", "2", "--memo", "md")
    wait_until(lambda: len(lines(out)) >= 2)
    workers = children(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wait_until(lambda: not any(is_alive(pid) for pid in workers))
    known = {line["id"]: line for line in lines(out)}
    assert workers and 2 <= len(known) < len(REPORTS)

    assert batch(folder, "in", "-o", "out", "--jobs", "2", "--memo", "md").returncode == 0
    found = lines(out)
    assert [line for line in found if line["id"] in known] == [
        known[line["id"]] for line in found if line["id"] in known
    ], "a finished report was reviewed again"
    assert run_record(out)["runs"][-1]["reviewed"] == len(REPORTS) - len(known)

    assert batch(folder, "in", "-o", "whole", "--jobs", "2", "--memo", "md").returncode == 0
    assert list(timeless(out)) == list(timeless(folder / "whole"))
    for kind in ("reviews", "memos"):
        assert files(out / kind) == files(folder / "whole" / kind) and len(files(out / kind)) == len(REPORTS)


def test_interrupted_once_it_finishes_what_is_under_way_and_says_how_to_go_on(folder: Path) -> None:
    process = start(folder, "in", "-o", "out", "--jobs", "1", "--fresh")
    wait_until(lambda: len(lines(folder / "out")) >= 1)
    workers = children(process.pid)
    # As a terminal does: to every process of the group.
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=120)
    assert (process.returncode, stdout) == (130, "out/results.jsonl\n")
    assert "stopping: the reports under way are being finished" in stderr
    assert "hint: go on by the same command: reviewer batch in -o out --jobs 1\n" in stderr
    # Python's own tracker of resources, a child as well, ends a moment after its parent.
    wait_until(lambda: not any(is_alive(pid) for pid in workers))
    known = len(lines(folder / "out"))
    run = run_record(folder / "out")["runs"][-1]
    assert 1 <= known < len(REPORTS) and (run["how"], run["reviewed"]) == ("interrupted", known)
    assert batch(folder, "in", "-o", "out", "--jobs", "1").returncode == 0
    assert run_record(folder / "out")["runs"][-1]["skipped"] == known


def test_interrupted_twice_it_ends_at_once(tmp_path: Path) -> None:
    """One report never ends: waiting for it would last until its time limit."""
    (good,) = write_reports(tmp_path, 1)
    os.mkfifo(tmp_path / "pipe.txt")
    process = start(tmp_path, good.name, "pipe.txt", "-o", "out", "--jobs", "2")
    wait_until(lambda: len(lines(tmp_path / "out")) == 1)
    workers = children(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    assert process.stderr is not None
    while "stopping" not in (line := process.stderr.readline()):
        assert line
    assert process.poll() is None and any(is_alive(pid) for pid in workers)
    os.killpg(process.pid, signal.SIGINT)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130 and "Traceback" not in stderr
    assert "1 reports are left (interrupted)" in stderr
    wait_until(lambda: not any(is_alive(pid) for pid in workers))
    assert [line["paths"] for line in lines(tmp_path / "out")] == [[good.name]]


def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    """The system ends the process that takes most memory; its report is begun again."""
    (good,) = write_reports(tmp_path, 1)
    os.mkfifo(tmp_path / "pipe.txt")
    process = start(tmp_path, "pipe.txt", good.name, "-o", "out", "--jobs", "2")
    wait_until(lambda: len(lines(tmp_path / "out")) == 1)
    wait_until(lambda: len(children(process.pid)) == 3)
    for pid in children(process.pid):
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        if b"spawn_main" in command:
            os.kill(pid, signal.SIGKILL)
    # Now the pipe says something: the second try reads a report. Opened for both, it waits for no reader.
    with (tmp_path / "pipe.txt").open("r+b", buffering=0) as pipe:
        pipe.write(good.read_bytes())
        wait_until(lambda: any("pipe.txt" in link for pid in children(process.pid) for link in opened(pid)))
    process.communicate(timeout=120)
    assert process.returncode == 0
    assert [line["status"] for line in lines(tmp_path / "out")] == ["reviewed", "reviewed"]
