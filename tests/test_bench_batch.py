"""The bars of the batch: a bench that passes a batch which loses reports, or lets memory grow, would be worse than none."""

import json
import sys
from pathlib import Path

import pytest

from eval.bench import BenchError
from eval.bench_batch import Run, bars, compared, differences, interrupted, main, measured
from eval.synthetic.writing import write

# Stands in for `reviewer batch`: one line and one review a file. The run that is to be killed waits for it at half.
STAND_IN = """
import json, sys, time
from pathlib import Path
source, out = Path(sys.argv[1]), Path(sys.argv[3])
(out / "reviews").mkdir(parents=True, exist_ok=True)
journal = out / "results.jsonl"
lines = journal.read_text().split("\\n")[:-1] if journal.exists() else []
done = {json.loads(line)["id"] for line in lines} if RESUMES else set()
with journal.open("a") as file:
    paths = sorted(source.glob("0*"))
    for number, path in enumerate(paths):
        if "killed" in out.name and not lines and number * 2 >= len(paths) > 1:
            time.sleep(600)
        if path.name not in done:
            (out / "reviews" / (path.name + ".json")).write_bytes(path.read_bytes())
            file.write(json.dumps({"id": path.name, "seconds": time.perf_counter()}) + "\\n")
            file.flush()
# Long enough for its memory to be sampled.
time.sleep(0.3)
"""


def stand_in(folder: Path, *, resumes: bool = True) -> tuple[str, ...]:
    script = folder / "batch.py"
    script.write_text(STAND_IN.replace("RESUMES", str(resumes)), encoding="utf-8")
    return sys.executable, str(script)


def test_a_batch_that_goes_on_after_a_kill_differs_in_nothing(tmp_path: Path) -> None:
    command, reports = stand_in(tmp_path), tmp_path / "reports"
    write(reports, 10, 7)
    run = measured(command, reports, tmp_path / "whole", 2)
    assert run.reports == 10
    assert run.peak > 1_000_000 and run.written > 10 * 2_000
    assert interrupted(command, reports, tmp_path / "killed", 2, tmp_path / "whole") == []


def test_a_batch_that_starts_over_after_a_kill_is_found_out(tmp_path: Path) -> None:
    command, reports = stand_in(tmp_path, resumes=False), tmp_path / "reports"
    write(reports, 10, 7)
    measured(command, reports, tmp_path / "whole", 2)
    assert any(
        "recorded 2 times" in line for line in interrupted(command, reports, tmp_path / "killed", 2, tmp_path / "whole")
    )


def test_a_batch_that_cannot_be_killed_at_half_is_no_result(tmp_path: Path) -> None:
    command, reports = stand_in(tmp_path), tmp_path / "reports"
    write(reports, 1, 7)
    measured(command, reports, tmp_path / "whole", 2)
    with pytest.raises(BenchError, match="1 of 1"):
        interrupted(command, reports, tmp_path / "killed", 2, tmp_path / "whole")


def output(folder: Path, ids: list[str], reviews: dict[str, str], last: str = "") -> Path:
    (folder / "reviews").mkdir(parents=True)
    lines = [json.dumps({"id": name, "errors": 0, "seconds": number}) for number, name in enumerate(ids)]
    (folder / "results.jsonl").write_text("".join(f"{line}\n" for line in lines) + last, encoding="utf-8")
    for name, text in reviews.items():
        (folder / "reviews" / name).write_text(text, encoding="utf-8")
    return folder


def test_what_was_lost_doubled_or_changed_is_named(tmp_path: Path) -> None:
    whole = output(tmp_path / "whole", ["a", "b"], {"a.json": "1", "b.json": "2"})
    same = output(tmp_path / "same", ["b", "a"], {"a.json": "1", "b.json": "2"}, last='{"id": "c", "err')
    other = output(tmp_path / "other", ["a", "a"], {"a.json": "1 ", "c.json": ""})
    assert list(differences(whole, same)) == []
    assert list(differences(whole, other)) == [
        "a: recorded 2 times",
        "b: record lost",
        "a.json: another review",
        "b.json: review lost",
        "c.json: review from nowhere",
    ]


def test_the_bars_are_on_growth_not_on_size() -> None:
    small = [Run(100, 10.0, 50, 1), Run(100, 12.0, 52, 1)]
    assert [bar.met for bar in bars(small, Run(1000, 110.0, 62, 1), [])] == [True, True, True]
    assert [bar.met for bar in bars(small, Run(1000, 130.0, 63, 1), ["a: record lost"])] == [False, False, False]


def test_every_record_must_be_there(tmp_path: Path) -> None:
    command = stand_in(tmp_path)
    held, told = compared(6, 12, 2, command)
    assert [bar.title for bar in held] == [line[:44].rstrip() for line in told[-3:]]
    assert held[-1].met
    losing = tmp_path / "losing.py"
    losing.write_text(
        (tmp_path / "batch.py").read_text(encoding="utf-8").replace('"0*"', '"0000[0-3]*"'), encoding="utf-8"
    )
    with pytest.raises(BenchError, match="4 records of 6 reports"):
        compared(6, 12, 2, (command[0], str(losing)))


def test_a_batch_that_does_not_run_is_an_error_with_its_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = tmp_path / "failing.py"
    failing.write_text(
        "import sys\nprint('error: no disk\\nhint: find one', file=sys.stderr)\nsys.exit(3)\n", encoding="utf-8"
    )
    with pytest.raises(BenchError, match="the batch ended with exit code"):
        measured((sys.executable, "-c", "raise SystemExit(2)"), tmp_path, tmp_path / "out", 2)
    monkeypatch.setattr("eval.bench_batch.compared", lambda *_: compared(1, 1, 1, (sys.executable, str(failing))))
    assert main(["--small", "1", "--large", "1"]) == 2
    assert "error: no disk" in capsys.readouterr().err
