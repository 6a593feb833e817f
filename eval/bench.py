"""How long a user waits: whole processes of the command, each timed against ``import openai``.

``python -m eval.bench [-n PAIRS] [REPORT ...]``

The yardstick is what a tool that loads a model client pays before it has read a byte. The two commands run in
turn (A B A B ...) after one warm-up each, so that a busy machine slows both alike; the ratio is taken within
each pair and the median printed. A slow result is reported, never failed: exit code 1 means that a command
did not run.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
REPORT_SUFFIXES = {".md", ".txt"}
IMPORT_OPENAI = (sys.executable, "-c", "import openai")


class BenchError(Exception):
    """A command could not be timed."""


@dataclass(frozen=True)
class Subject:
    """A command to time."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True)
class Timing:
    """Seconds of each paired run, in the order they were taken."""

    subject: Subject
    seconds: tuple[float, ...]
    baseline: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Median over the pairs of subject / baseline; below 1 is faster than the baseline."""
        return median(a / b for a, b in zip(self.seconds, self.baseline, strict=True))


BASELINE = Subject("import openai", IMPORT_OPENAI)


def run(subject: Subject) -> float:
    """Wall-clock seconds of one whole process; raises BenchError if it fails or writes a traceback."""
    start = time.perf_counter()
    done = subprocess.run(
        subject.command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    elapsed = time.perf_counter() - start
    if done.returncode != 0 or b"Traceback" in done.stderr:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise BenchError(f"{subject.name} ended with exit code {done.returncode}: {last}")
    return elapsed


def compare(subject: Subject, pairs: int) -> Timing:
    """Time ``subject`` and the baseline in alternating runs, ``pairs`` of each."""
    run(subject)
    run(BASELINE)
    taken = [(run(subject), run(BASELINE)) for _ in range(pairs)]
    return Timing(subject, tuple(a for a, _ in taken), tuple(b for _, b in taken))


def longest_report() -> Path:
    """The fixture with the most bytes: the slowest review that the project knows."""
    reports = [p for p in FIXTURES.rglob("*") if p.suffix in REPORT_SUFFIXES and p.stem.lower() != "readme"]
    if not reports:
        raise BenchError(f"no report in {FIXTURES}")
    return max(reports, key=lambda p: (p.stat().st_size, p.name))


def subjects(reports: Sequence[Path]) -> Iterator[Subject]:
    """The commands that a user waits for."""
    reviewer = (sys.executable, "-m", "reviewer")
    for report in reports:
        yield Subject(f"review {report.name}", (*reviewer, "review", os.fspath(report)))
    yield Subject("--help", (*reviewer, "--help"))


def lines(timings: Sequence[Timing]) -> Iterator[str]:
    """The result as text: ratios first, then the medians behind them."""
    width = max(len(t.subject.name) for t in timings)
    for t in timings:
        yield f"{t.subject.name:<{width}}  {t.ratio:.2f} x import openai"
    yield ""
    for t in timings:
        own, base = median(t.seconds) * 1000, median(t.baseline) * 1000
        yield f"{t.subject.name:<{width}}  {own:.0f} ms, import openai {base:.0f} ms"


def positive(text: str) -> int:
    """An argument that counts runs."""
    if (value := int(text)) < 1:
        raise ValueError(text)
    return value


def main(argv: Sequence[str] | None = None) -> int:
    """Print the comparison to stdout. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m eval.bench", description="Time whole reviews.")
    parser.add_argument("reports", nargs="*", type=Path, metavar="REPORT", help="default: longest fixture")
    parser.add_argument("-n", type=positive, default=9, metavar="PAIRS", help="default: %(default)s")
    options = parser.parse_args(argv)
    try:
        timings = [compare(subject, options.n) for subject in subjects(options.reports or [longest_report()])]
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{options.n} alternating pairs of whole processes, medians, Python {sys.version.split()[0]}\n")
    print("\n".join(lines(timings)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
