"""What a batch costs as it grows, and whether a killed one goes on as if nothing had been.

``python -m eval.bench_batch [--small 200] [--large 2000] [--jobs 2]`` (part of ``make bench``)

Synthetic reports are reviewed by whole processes of ``reviewer batch``: the small batch, the large one, the small one
again, so that a machine that grows slower or faster weighs on both alike. Time and memory are compared within the run:
the bars are on ratios of large to small. Memory is the driver's own, not its workers'. Then the small batch is begun
anew, killed with SIGKILL at half, and run again. Exit code 1 when a bar is missed, 2 when a command did not run.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from eval.bench import BenchError, positive
from eval.synthetic.writing import write

BATCH = (sys.executable, "-m", "reviewer", "batch")
SEED = 7
MOST_TIME, MOST_MEMORY = 1.15, 1.2
_SAMPLED = 0.05
_FINISHED = (0, 1)
"""Exit codes of a batch that reviewed everything: without findings at its threshold, and with."""
_MIB = 1 << 20


@dataclass(frozen=True)
class Run:
    """One whole batch."""

    reports: int
    seconds: float
    peak: int
    """Bytes of memory that the driver held at its highest."""
    written: int
    """Bytes in the output folder."""

    @property
    def each(self) -> float:
        """Seconds a report."""
        return self.seconds / self.reports


@dataclass(frozen=True)
class Bar:
    """Something that must hold: `value` is at most `most`."""

    title: str
    value: float
    most: float

    @property
    def met(self) -> bool:
        """Whether it does."""
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{self.title:<44} {self.value:>7.2f}  at most {self.most:<5g} {'met' if self.met else 'MISSED'}"


class Driver:
    """A running batch; leaving it ends it."""

    def __init__(self, command: Sequence[str], reports: Path, out: Path, jobs: int) -> None:
        self.peak = 0
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the process writes to it
        words = [*command, str(reports), "-o", str(out), "--jobs", str(jobs), "--quiet"]
        self._process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._log)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the driver at once, as a machine that goes down would; its workers are its own to end."""
        self._process.kill()
        self._process.wait()
        self._log.close()

    def going(self) -> bool:
        """Whether it still runs, after a moment; takes its peak memory meanwhile."""
        self.peak = max(self.peak, _peak(self._process.pid))
        try:
            self._process.wait(_SAMPLED)
        except subprocess.TimeoutExpired:
            return True
        return False

    def finish(self) -> None:
        """Wait for its end; BenchError unless it reviewed everything."""
        while self.going():
            pass
        if self._process.returncode not in _FINISHED:
            self._log.seek(0)
            said = self._log.read().decode(errors="replace").strip().splitlines()
            told = next((line for line in said if line.startswith("error:")), said[-1] if said else "")
            raise BenchError(f"the batch ended with exit code {self._process.returncode}: {told}")


def measured(command: Sequence[str], reports: Path, out: Path, jobs: int) -> Run:
    """Review all of a folder."""
    start = time.perf_counter()
    with Driver(command, reports, out, jobs) as driver:
        driver.finish()
    seconds = time.perf_counter() - start
    written = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return Run(len(recorded(out)), seconds, driver.peak, written)


def interrupted(command: Sequence[str], reports: Path, out: Path, jobs: int, whole: Path) -> list[str]:
    """Kill a batch at half, run it again, and say how it differs from the one that was left alone in `whole`."""
    expected = len(recorded(whole))
    with Driver(command, reports, out, jobs) as driver:
        while driver.going() and len(recorded(out)) * 2 < expected:
            pass
    done = len(recorded(out))
    if not 0 < done < expected:
        raise BenchError(f"the batch was to be killed at half, but had recorded {done} of {expected} reports")
    with Driver(command, reports, out, jobs) as driver:
        driver.finish()
    return list(differences(whole, out))


def differences(whole: Path, resumed: Path) -> Iterator[str]:
    """In what two outputs of the same batch differ: records lost, doubled or changed, reviews not the same bytes."""
    expected, got = ({record["id"]: record for record in recorded(out)} for out in (whole, resumed))
    for name, times in Counter(record["id"] for record in recorded(resumed)).items():
        if times > 1:
            yield f"{name}: recorded {times} times"
    yield from _unlike("record", expected, got)
    yield from _unlike("review", _reviews(whole), _reviews(resumed))


def recorded(out: Path) -> list[dict[str, Any]]:
    """The lines of results.jsonl, without the times they took; a last line cut off is none."""
    path = out / "results.jsonl"
    lines = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    records = [json.loads(line) for line in lines if line.endswith(b"\n")]
    return [{key: value for key, value in record.items() if key != "seconds"} for record in records]


def _reviews(out: Path) -> dict[str, bytes]:
    folder = out / "reviews"
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def _unlike(what: str, expected: dict[str, Any], got: dict[str, Any]) -> Iterator[str]:
    for name in sorted(expected.keys() | got.keys()):
        if name not in got:
            yield f"{name}: {what} lost"
        elif name not in expected:
            yield f"{name}: {what} from nowhere"
        elif expected[name] != got[name]:
            yield f"{name}: another {what}"


def _peak(process: int) -> int:
    """The high-water mark of a process's own memory, in bytes; 0 once it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    marks = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(marks[0]) * 1024 if marks else 0


def bars(small: Sequence[Run], large: Run, unlike: Sequence[str]) -> list[Bar]:
    """What must hold of the large batch beside the small ones, and of the resumed one."""
    each = sum(run.each for run in small) / len(small)
    return [
        Bar("seconds a report, large / small", large.each / each, MOST_TIME),
        Bar("memory of the driver, large / small", large.peak / max(run.peak for run in small), MOST_MEMORY),
        Bar("killed at half and resumed: differences", len(unlike), 0),
    ]


def lines(small: Sequence[Run], large: Run, held: Sequence[Bar], unlike: Sequence[str]) -> Iterator[str]:
    """The result as text."""
    yield f"{'reports':>8} {'s/report':>9} {'reports/min':>12} {'driver MiB':>11} {'KiB/report':>11}"
    for run in (small[0], large, *small[1:]):
        yield (
            f"{run.reports:>8} {run.each:>9.3f} {60 / run.each:>12.0f}"
            f" {run.peak / _MIB:>11.1f} {run.written / run.reports / 1024:>11.1f}"
        )
    yield ""
    yield from map(str, held)
    yield from (f"  {line}" for line in unlike[:10])


def compared(small: int, large: int, jobs: int, command: Sequence[str] = BATCH) -> tuple[list[Bar], list[str]]:
    """All of it, in a temporary folder: (what must hold, the result as text)."""
    if not Path("/proc/self/status").is_file():
        raise BenchError("the driver's memory is read from /proc, which this system does not have")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, many, whole = folder / "small", folder / "large", folder / "out"
        write(few, small, SEED)
        write(many, large, SEED)
        first = measured(command, few, whole, jobs)
        most = measured(command, many, folder / "out-large", jobs)
        again = measured(command, few, folder / "out-again", jobs)
        for run, count in ((first, small), (most, large), (again, small)):
            if run.reports != count:
                raise BenchError(f"{run.reports} records of {count} reports")
        unlike = interrupted(command, few, folder / "out-killed", jobs, whole)
    held = bars((first, again), most, unlike)
    return held, list(lines((first, again), most, held, unlike))


def main(argv: Sequence[str] | None = None) -> int:
    """Print the comparison to stdout. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m eval.bench_batch", description="Time and interrupt whole batches.")
    parser.add_argument("--small", type=positive, default=200, metavar="N", help="reports (default: %(default)s)")
    parser.add_argument("--large", type=positive, default=2000, metavar="N", help="reports (default: %(default)s)")
    parser.add_argument("--jobs", type=positive, default=2, metavar="N", help="processes (default: %(default)s)")
    options = parser.parse_args(argv)
    try:
        held, told = compared(options.small, options.large, options.jobs)
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(told))
    return 0 if all(bar.met for bar in held) else 1


if __name__ == "__main__":
    sys.exit(main())
