"""The command on a ray cluster: the same folder as without one, also when a worker is killed on the way."""

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

from eval.synthetic import synthetic
from tests.batch.batch_kit import batch, files, lines, timeless, write_reports

OPEN = {"RAY_AUTH_MODE": "disabled"}


def _workers() -> list[int]:
    """Processes of the cluster that are at a report."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdecimal() and (entry / "cmdline").read_bytes().startswith(b"ray::_reviewed"):
                found.append(int(entry.name))
    return found


def test_the_folder_is_the_same_and_a_killed_worker_costs_nothing(tmp_path: Path, cluster: str) -> None:
    (tmp_path / "in").mkdir()
    for index in range(16):
        report = synthetic(3, index)
        (tmp_path / "in" / report.name).write_bytes(report.data)
    killed: list[int] = []

    def kill_one() -> None:
        end = time.monotonic() + 120
        while not killed and time.monotonic() < end:
            # Not the very first: something has been recorded by then.
            if len(lines(tmp_path / "cluster")) >= 2 and (workers := _workers()):
                with suppress(ProcessLookupError):
                    os.kill(workers[0], signal.SIGKILL)
                    killed.append(workers[0])
            time.sleep(0.02)

    killer = threading.Thread(target=kill_one)
    killer.start()
    done = batch(tmp_path, "in", "-o", "cluster", "--engine", "ray", "--ray-address", cluster, "--memo", "md", env=OPEN)
    killer.join()
    assert done.returncode == 0, done.stderr
    assert killed, "no worker was there to be killed"
    assert batch(tmp_path, "in", "-o", "here", "--memo", "md").returncode == 0
    for folder in ("reviews", "memos"):
        assert files(tmp_path / "cluster" / folder) == files(tmp_path / "here" / folder)
    assert list(timeless(tmp_path / "cluster")) == list(timeless(tmp_path / "here"))


def test_without_an_address_a_cluster_is_made_for_the_run(tmp_path: Path) -> None:
    """One machine, nothing set up; what it prints of itself must not get into the data."""
    write_reports(tmp_path / "in", 3)
    done = batch(tmp_path, "in", "-o", "out", "--engine", "ray", "--jobs", "2", env={"HOME": str(tmp_path)})
    assert (done.returncode, done.stdout) == (0, "out/results.jsonl\n"), done.stderr
    assert [line["status"] for line in lines(tmp_path / "out")] == ["reviewed"] * 3


def test_no_cluster_at_the_address_is_one_line(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 1)
    done = batch(tmp_path, "in", "-o", "out", "-q", "--engine", "ray", "--ray-address", "127.0.0.1:1", env=OPEN)
    said = [line for line in done.stderr.splitlines() if line.startswith(("error: ", "hint: "))]
    assert done.returncode == 2 and len(said) == 2 and "no ray cluster at 127.0.0.1:1" in said[0]
