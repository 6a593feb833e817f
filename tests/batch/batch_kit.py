"""What the tests of batches share: small reports, the command as a process, and workers that misbehave on purpose."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from reviewer.batch.records import Job, Result, Status
from reviewer.batch.working import Done

ROOT = Path(__file__).resolve().parent.parent.parent
SOUND = "全年支出总计100.00万元，其中：基本支出60.00万元，项目支出40.00万元。"
BROKEN = "全年支出总计120.00万元，其中：基本支出60.00万元，项目支出40.00万元。"


def report(unit: str, sentence: str = SOUND) -> str:
    return f"{unit}2023年度部门整体支出绩效自评报告\n\n一、基本情况\n\n{sentence}\n"


def write_reports(folder: Path, count: int, sentence: str = SOUND) -> list[Path]:
    """So many small reports, each of another unit."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"报告{number:03}.txt" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(report(f"清禾县第{number}图书馆", sentence), encoding="utf-8")
    return paths


def job(name: str, path: Path | str = "report.txt") -> Job:
    return Job(id=name, paths=(str(path),))


# Workers; what they do with a job stands in its id: kill-1 is killed, exit-2 exits.


def works(job: Job) -> Done:
    """Behaves, or not."""
    what = job.id.partition("-")[0]
    Path(job.paths[0]).with_suffix(f".{job.id}.pid").write_text(str(os.getpid()))
    if what == "exit":
        os._exit(3)
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "once":
        marker = Path(job.paths[0])
        if not marker.exists():
            marker.touch()
            os._exit(3)
    if what == "hang":
        time.sleep(3600)
    if what == "grow":
        assert b"x" * (300 << 20)
    if what == "hog":
        bytearray(64 << 30)
    return Done(Result(id=job.id, paths=job.paths, status=Status.REVIEWED, seconds=0.0))


def pid_of(job: Job) -> int:
    return int(Path(job.paths[0]).with_suffix(f".{job.id}.pid").read_text())


def is_alive(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Until it holds; fails where it does not in a time that is far more than enough."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


# The command


def environment(**more: str) -> dict[str, str]:
    """Only what Python needs, so that no setting of the developer's decides a test."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "VIRTUAL_ENV") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "HOME": "/nonexistent", **more}


def start(folder: Path, *args: str, env: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    """`reviewer batch …` in a folder, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "reviewer", "batch", *args],
        cwd=folder,
        env=environment(**(env or {})),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def batch(folder: Path, *args: str, env: Mapping[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    """`reviewer batch …` until it ends."""
    process = start(folder, *args, env=env)
    stdout, stderr = process.communicate(timeout=300)
    assert "Traceback" not in stderr, stderr
    return subprocess.CompletedProcess(args, process.returncode, stdout, stderr)


def lines(out: Path) -> list[dict[str, Any]]:
    """results.jsonl, less a last line that is not finished."""
    path = out / "results.jsonl"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [json.loads(line) for line in text.split("\n")[:-1]]


def run_record(out: Path) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return record


def files(folder: Path) -> dict[str, bytes]:
    """The files of a folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def timeless(out: Path) -> Iterator[dict[str, Any]]:
    """The lines of results.jsonl without what the clock says."""
    for line in lines(out):
        yield {name: value for name, value in line.items() if name != "seconds"}
