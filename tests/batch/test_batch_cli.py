"""The command `reviewer batch`: what people and scripts rely on. Each test runs the command as a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.memo import render
from reviewer.review import review
from reviewer.settings import Settings
from tests.batch.batch_kit import (
    BROKEN,
    batch,
    environment,
    files,
    lines,
    report,
    run_record,
    start,
    timeless,
    wait_until,
    write_reports,
)
from tests.test_cli import loaded_by


def refused(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    said = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(said)) == (2, "", 2), done.stderr
    assert said[0].startswith("error: ") and said[1].startswith("hint: ")
    assert all(word in done.stderr for word in words), done.stderr


def test_a_folder_of_reports_gives_a_folder_of_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_reports(tmp_path / "in", 2)
    write_reports(tmp_path / "in" / "b", 1, BROKEN)
    done = batch(tmp_path, "in", "-o", "out", "--memo", "md", "--lang", "en", "--jobs", "2")
    assert (done.returncode, done.stdout) == (0, "out/results.jsonl\n")
    assert "3 reports: 3 reviewed, 0 failed · 1 with errors" in done.stderr
    found = lines(tmp_path / "out")
    assert [line["paths"] for line in found] == [["in/b/报告000.txt"], ["in/报告000.txt"], ["in/报告001.txt"]]
    assert [line["errors"] for line in found] == [1, 0, 0]
    monkeypatch.chdir(tmp_path)
    for line in found:
        expected = review(line["paths"], Settings(lang="en"))
        assert (tmp_path / "out" / line["review"]).read_text(encoding="utf-8") == render(expected, "json")
        assert (tmp_path / "out" / line["memo"]).read_text(encoding="utf-8") == render(expected, "md")
    record = run_record(tmp_path / "out")
    assert record["totals"]["reviewed"] == 3 and record["runs"][0]["how"] == "complete"
    assert record["fingerprint"]["lang"] == "en" and record["totals"]["seconds_median"] > 0


def test_the_same_command_again_reviews_only_what_is_new(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 2)
    batch(tmp_path, "in", "-o", "out")
    before = files(tmp_path / "out" / "reviews")
    added = tmp_path / "in" / "报告000a.txt"
    added.write_text(report("砺阳县档案馆"), encoding="utf-8")
    done = batch(tmp_path, "in", "-o", "out")
    assert (done.returncode, run_record(tmp_path / "out")["runs"][-1]["reviewed"]) == (0, 1)
    assert files(tmp_path / "out" / "reviews").items() >= before.items()
    assert [Path(line["paths"][0]).name for line in lines(tmp_path / "out")] == [
        "报告000.txt",
        "报告000a.txt",
        "报告001.txt",
    ]


def test_results_of_reports_that_are_not_named_any_more_are_kept_and_not_counted(tmp_path: Path) -> None:
    first, second = write_reports(tmp_path, 2, BROKEN)
    batch(tmp_path, first.name, second.name, "-o", "out")
    done = batch(tmp_path, second.name, "-o", "out")
    assert "1 earlier results are of reports not named now" in done.stderr
    assert [line["paths"] for line in lines(tmp_path / "out")] == [[second.name], [first.name]]
    totals = run_record(tmp_path / "out")["totals"]
    assert (totals["reports"], totals["errors"], totals["others"]) == (1, 1, 1)


def test_limit_reviews_so_many_and_says_how_to_go_on(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 3)
    done = batch(tmp_path, "in", "-o", "out", "--limit", "2")
    assert (done.returncode, len(lines(tmp_path / "out"))) == (0, 2)
    assert "1 reports are left (--limit)" in done.stderr
    assert "hint: go on by the same command: reviewer batch in -o out --limit 2\n" in done.stderr
    assert batch(tmp_path, "in", "-o", "out", "--limit", "2").returncode == 0
    assert len(lines(tmp_path / "out")) == 3
    assert [run["how"] for run in run_record(tmp_path / "out")["runs"]] == ["limit", "complete"]


def test_a_bad_report_is_an_outcome_and_the_exit_code_says_so(tmp_path: Path) -> None:
    good, empty, picture = write_reports(tmp_path / "in", 3, BROKEN)
    empty.write_bytes(b"")
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    done = batch(tmp_path, "in", "-o", "out", "--fail-on", "error")
    assert done.returncode == 3
    assert "warning: 2 reports failed: 2 unreadable" in done.stderr
    found = {Path(line["paths"][0]).name: line for line in lines(tmp_path / "out")}
    assert found[good.name]["status"] == "reviewed"
    assert "holds no text" in found[empty.name]["failure"]["message"]
    assert picture.name in found[picture.name]["failure"]["message"]
    # Repaired, it is reviewed; what is still bad is not tried again unless asked.
    empty.write_text(report("清禾县图书馆"), encoding="utf-8")
    picture.unlink()
    assert batch(tmp_path, "in", "-o", "out", "--fail-on", "error").returncode == 1


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("never", 0)])
def test_fail_on_sets_the_exit_code(tmp_path: Path, fail_on: str, code: int) -> None:
    write_reports(tmp_path / "in", 1, BROKEN)
    assert batch(tmp_path, "in", "-o", "out", "--fail-on", fail_on).returncode == code


def test_failed_reports_are_tried_again_when_asked(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 2)[0].write_bytes(b"")
    for flag, failed in ((), 1), ((), 0), (("--retry-failed",), 1):
        assert batch(tmp_path, "in", "-o", "out", *flag).returncode == 3
        assert run_record(tmp_path / "out")["runs"][-1]["failed"] == failed


def test_a_report_over_its_time_is_given_up(tmp_path: Path) -> None:
    """A pipe that nobody writes to never ends."""
    (good,) = write_reports(tmp_path, 1)
    os.mkfifo(tmp_path / "pipe.txt")
    done = batch(tmp_path, "pipe.txt", good.name, "-o", "out", "--timeout", "1", "--jobs", "1")
    assert done.returncode == 3
    assert [line["status"] for line in lines(tmp_path / "out")] == ["failed", "reviewed"]
    assert lines(tmp_path / "out")[0]["failure"]["kind"] == "timed_out"


def test_a_manifest_in_gbk_with_a_missing_file(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 1)
    text = "路径,单位,年度\r\nin/报告000.txt,砺阳县档案馆,2023\r\nin/缺.txt,清禾县图书馆,2023\r\n"
    (tmp_path / "list.csv").write_bytes(text.encode("gbk"))
    assert batch(tmp_path, "list.csv", "-o", "out").returncode == 3
    first, second = lines(tmp_path / "out")
    assert first["differs"] == ["unit"] and second["failure"]["kind"] == "unreadable"
    assert second["unit"] == "清禾县图书馆"


def test_what_cannot_be_meant_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 1)
    write_reports(tmp_path / "in" / "b", 1)
    (tmp_path / "list.csv").write_text("path,year\nin/报告000.txt,soon\n", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    refused(batch(tmp_path, "gone", "-o", "out"), "gone: no such file or folder")
    refused(batch(tmp_path, "empty", "-o", "out"), "no report in empty", "--glob")
    refused(batch(tmp_path, "list.csv", "-o", "out"), "list.csv, row 2: 'soon' is no year")
    refused(batch(tmp_path, "in", "-o", "out", "--policy", "nobody"), "no policy 'nobody'")
    refused(batch(tmp_path, "in", "-o", "out", "--max-cost", "1"), "--max-cost needs a model")
    refused(batch(tmp_path, "in", "-o", "out", "--ray-address", "auto"), "--ray-address needs --engine ray")
    refused(batch(tmp_path, "in", "-o", "out", "--max-memory", "3"), "--max-memory 3 is too little")
    refused(batch(tmp_path, "in", "-o", "out", "--timeout", "inf"), "'--timeout'")
    refused(batch(tmp_path, "in", "-o", "empty/../in/b"), "in/b holds files that no batch made")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "in", "list.csv"]


def test_other_settings_in_an_old_folder_are_refused_unless_one_starts_over(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 1)
    batch(tmp_path, "in", "-o", "out")
    refused(batch(tmp_path, "in", "-o", "out", "--lang", "en"), "lang (zh → en)", "--fresh")
    done = batch(tmp_path, "in", "-o", "out", "--lang", "en", "--fresh", "--limit", "1")
    assert done.returncode == 0 and run_record(tmp_path / "out")["fingerprint"]["lang"] == "en"
    # What would start over is not part of how to go on.
    assert "--fresh" not in run_record(tmp_path / "out")["runs"][-1]["command"]


def test_a_second_batch_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    first = start(tmp_path, "pipe.txt", "-o", "out")
    try:
        wait_until((tmp_path / "out" / "results.jsonl").exists)
        refused(batch(tmp_path, "pipe.txt", "-o", "out"), "another batch is writing to out")
    finally:
        first.kill()
        first.communicate()


def test_results_do_not_depend_on_how_many_are_reviewed_at_a_time(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 6, BROKEN)
    for jobs in ("1", "3"):
        batch(tmp_path, "in", "-o", f"out{jobs}", "--jobs", jobs)
    assert list(timeless(tmp_path / "out1")) == list(timeless(tmp_path / "out3"))
    assert files(tmp_path / "out1" / "reviews") == files(tmp_path / "out3" / "reviews")


def test_quiet_says_nothing_but_where_the_results_are(tmp_path: Path) -> None:
    write_reports(tmp_path / "in", 1)
    done = batch(tmp_path, "in", "-o", "out", "--quiet")
    assert (done.stdout, done.stderr) == ("out/results.jsonl\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no file that is always full")
def test_a_log_that_cannot_be_written_costs_no_report(tmp_path: Path) -> None:
    """`2> log` on a full disk, `2>&1 | head`: the batch of a night must not end with it."""
    write_reports(tmp_path / "in", 2)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", "batch", "in", "-o", "out", "--fail-on", "error"],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=full,
            check=False,
        )
    assert (done.returncode, done.stdout) == (0, b"out/results.jsonl\n")
    assert len(lines(tmp_path / "out")) == 2 and (tmp_path / "out" / "index.html").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a file's name is text")
def test_a_name_that_is_no_text_is_that_reports_outcome(tmp_path: Path) -> None:
    """As archives packed on another system leave them."""
    write_reports(tmp_path / "in", 1)
    name = os.fsdecode("报告.txt".encode("gbk"))
    (tmp_path / name).write_text(report("清禾县图书馆"), encoding="utf-8")
    assert batch(tmp_path, "in", name, "-o", "out", "--max-memory", str(1 << 60)).returncode == 3
    assert [line["status"] for line in lines(tmp_path / "out")] == ["reviewed", "failed"]


def test_offline_nothing_heavy_is_loaded_and_nothing_is_asked_of_a_network(tmp_path: Path) -> None:
    # openpyxl and jinja2 come at the end, for the summaries.
    heavy = {"openai", "httpx", "langchain_text_splitters", "docx", "pdfplumber", "pypdfium2", "cv2", "ray"}
    write_reports(tmp_path / "in", 1)
    assert not heavy & loaded_by("batch", str(tmp_path / "in"), "-o", str(tmp_path / "out"))
    assert "filelock" not in loaded_by("batch", "--help")
    assert len(lines(tmp_path / "out")) == 1


def test_a_bar_is_shown_on_a_terminal_and_gone_afterwards(tmp_path: Path) -> None:
    import pty

    write_reports(tmp_path / "in", 3)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "reviewer", "batch", "in", "-o", "out", "--jobs", "1"],
        cwd=tmp_path,
        env=environment(TERM="xterm", COLUMNS="120"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert process.wait() == 0
    text = shown.decode()
    assert "of 3 done · 0 failed · " in text and "3 reports: 3 reviewed" in text.splitlines()[-1]


def test_results_are_json_one_object_a_line(tmp_path: Path) -> None:
    """A report may be called anything; a line ends only where the record does."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a\u2028b.txt").write_text(report("清禾县图书馆"), encoding="utf-8")
    (tmp_path / "in" / "=HYPERLINK(1).txt").write_text(report("清禾县图书馆"), encoding="utf-8")
    assert batch(tmp_path, "in", "-o", "out").returncode == 0
    raw = (tmp_path / "out" / "results.jsonl").read_bytes().split(b"\n")
    assert len(raw) == 3 and [json.loads(line)["status"] for line in raw[:2]] == ["reviewed"] * 2
