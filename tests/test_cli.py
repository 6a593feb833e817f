"""The command line: what a script around it relies on. Each test runs the command as a process of its own."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from reviewer import __version__

ROOT = Path(__file__).resolve().parent.parent
DEFECTIVE = "fixtures/liyang-archives-2023.md"
CLEAN = "fixtures/qinghe-library-2023.txt"


def run(*args: str, cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    # Only what Python needs: a locale, NO_COLOR or a REVIEWER_… variable of the developer must not decide a test.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "VIRTUAL_ENV") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", *args],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    # A crash ends with 1 as well, the code for findings.
    assert "Traceback" not in done.stderr, done.stderr
    return done


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, one line on what happened, one on what to do, nothing else."""
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (2, "", 2), done.stderr
    assert lines[0].startswith("error: ") and lines[1].startswith("hint: ")
    assert all(word in done.stderr for word in words), done.stderr


def loaded_by(*args: str) -> set[str]:
    """Names of all modules a run has imported."""
    script = (
        "import sys\nfrom reviewer.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *args], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return {name.partition(".")[0] for name in done.stderr.splitlines()[-1].split()}


# Reviewing


def test_a_defective_report_gives_a_memo_and_exit_code_0_unless_asked() -> None:
    done = run("review", DEFECTIVE)
    assert done.returncode == 0
    assert done.stdout.startswith("# 绩效自评报告复核意见\n\n砺阳县档案馆，2023年度\n")
    assert "错误" in done.stdout


def test_a_clean_report_gives_exit_code_0() -> None:
    done = run("review", CLEAN)
    assert done.returncode == 0
    assert "清禾县图书馆" in done.stdout


@pytest.mark.parametrize(("fail_on", "code"), [("error", 1), ("warning", 1), ("never", 0)])
def test_fail_on_sets_the_exit_code(fail_on: str, code: int) -> None:
    assert run("review", DEFECTIVE, "--fail-on", fail_on).returncode == code


def test_one_line_on_stderr_sums_up_and_quiet_drops_it() -> None:
    (line,) = run("review", DEFECTIVE).stderr.splitlines()
    assert "error" in line and "relation" in line and "undecided" in line and line.endswith(" s")
    assert run("review", DEFECTIVE, "--quiet").stderr == ""


def test_json_is_a_whole_review_and_the_same_each_time() -> None:
    first, second = (run("review", DEFECTIVE, "--format", "json", "-q").stdout for _ in range(2))
    assert first == second
    assert json.loads(first)["documents"][0]["unit"] == "砺阳县档案馆"
    assert "砺阳县档案馆" in first


def test_english_memo() -> None:
    assert run("review", CLEAN, "--lang", "en").stdout.startswith("# Review memo")


# Writing files


@pytest.mark.parametrize(
    ("name", "start"), [("m.md", "# "), ("m.markdown", "# "), ("m.json", "{\n"), ("m.JSON", "{\n")]
)
def test_output_goes_to_the_file_in_the_format_of_its_ending(tmp_path: Path, name: str, start: str) -> None:
    target = tmp_path / name
    done = run("review", CLEAN, "-o", str(target))
    assert (done.returncode, done.stdout) == (0, "")
    assert str(target) in done.stderr.splitlines()[0]
    assert target.read_text(encoding="utf-8").startswith(start)
    assert b"\r" not in target.read_bytes()
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


def test_quiet_with_a_file_says_nothing_at_all(tmp_path: Path) -> None:
    done = run("review", CLEAN, "-q", "-o", str(tmp_path / "m.md"))
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
def test_a_new_file_is_as_readable_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    run("review", CLEAN, "-o", str(tmp_path / "m.md"))
    assert stat.S_IMODE((tmp_path / "m.md").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_a_refused_report_leaves_the_old_memo_alone(tmp_path: Path) -> None:
    target = tmp_path / "m.md"
    target.write_text("old", encoding="utf-8")
    assert_refused(run("review", str(tmp_path / "absent.md"), "-o", str(target)))
    assert target.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["-o", "memo.pdf"], ["memo.pdf", ".md"]),
        (["-o", "memo"], ["memo", ".json"]),
        (["-o", "memo.md", "--format", "json"], ["--format json", "memo.md"]),
        (["-o", "absent/memo.md"], ["absent/memo.md", "folder"]),
        (["-o", "folder.md"], ["folder.md", "folder"]),
        (["-o", "report.md"], ["report.md", "itself"]),
        (["-o", f"{'x' * 300}.md"], ["cannot write"]),
    ],
)
def test_an_output_that_cannot_be_is_refused_before_the_review(
    tmp_path: Path, args: Sequence[str], words: Sequence[str]
) -> None:
    (tmp_path / "folder.md").mkdir()
    report = tmp_path / "report.md"
    report.write_bytes((ROOT / CLEAN).read_bytes())
    assert_refused(run("review", "report.md", *args, cwd=tmp_path), *words)
    assert report.read_bytes() == (ROOT / CLEAN).read_bytes()


# Bad input and bad flags


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], ["command"]),
        (["frobnicate"], ["frobnicate"]),
        (["revew"], ["review"]),
        (["--frobnicate"], ["--frobnicate"]),
        (["review"], ["REPORT"]),
        (["review", DEFECTIVE, "--frobnicate"], ["--frobnicate", "reviewer review --help"]),
        (["review", DEFECTIVE, "--format", "pdf"], ["pdf", "json"]),
        (["review", DEFECTIVE, "--fail-on", "note"], ["note", "warning"]),
        (["review", DEFECTIVE, "--lang", "fr"], ["fr"]),
        (["review", DEFECTIVE, "-o"], ["-o"]),
        (["review", DEFECTIVE, "--policy", "no-such-policy"], ["no-such-policy", "generic"]),
        (["review", "absent.md"], ["absent.md"]),
        (["review", "fixtures"], ["fixtures"]),
        (["rules", "XYZ999"], ["XYZ999"]),
    ],
)
def test_what_cannot_be_used_gets_one_line_and_a_hint(args: Sequence[str], words: Sequence[str]) -> None:
    assert_refused(run(*args), *words)


def test_a_line_feed_in_a_file_name_does_not_break_the_line() -> None:
    assert_refused(run("review", "no\nsuch.md"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="file names are bytes on Linux only")
def test_a_file_name_that_is_no_text_is_refused() -> None:
    assert_refused(run("review", os.fsdecode(b"\xff.md")), "UTF-8")


# Streams


@pytest.mark.parametrize(
    "locale",
    [
        {"LANG": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
    ],
)
def test_stdout_is_utf8_whatever_the_locale(locale: dict[str, str]) -> None:
    done = run("review", CLEAN, environment=locale)
    assert done.returncode == 0, done.stderr
    assert "清禾县图书馆" in done.stdout and " · " in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX pipes")
def test_a_closed_pipe_is_quiet() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", "review", DEFECTIVE, "-q", "--fail-on", "error"],
            cwd=ROOT,
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
def test_a_closed_stdout_is_no_crash() -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m reviewer schema >&-', sys.executable], cwd=ROOT, stderr=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_behind_stdout_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", "schema"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert [line.split(b":")[0] for line in done.stderr.splitlines()] == [b"error", b"hint"]


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_an_interrupt_is_one_line_and_130() -> None:
    script = (
        "import sys, time, types\nfake = types.ModuleType('reviewer.review')\n"
        "def review(paths, settings):\n    print('begun', flush=True)\n    time.sleep(30)\n"
        "fake.review = review\nsys.modules['reviewer.review'] = fake\n"
        "from reviewer.cli import main\nmain(['review', 'x.md'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as waiting:
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == b"begun\n"
        waiting.send_signal(signal.SIGINT)
        _, stderr = waiting.communicate(timeout=20)
    assert (waiting.returncode, stderr) == (130, b"interrupted\n")


def test_an_unexpected_exception_keeps_its_traceback() -> None:
    script = (
        "import sys, types\nfake = types.ModuleType('reviewer.review')\n"
        "def review(paths, settings):\n    raise LookupError('a bug')\n"
        "fake.review = review\nsys.modules['reviewer.review'] = fake\n"
        "from reviewer.cli import main\nmain(['review', 'x.md'])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.stderr.startswith("Traceback (most recent call last):") and "LookupError: a bug" in done.stderr


# Help, version, rules, schema


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["review", "--help"], ["rules", "--help"], ["schema", "--help"]])
def test_help_is_plain_text_on_stdout(args: Sequence[str]) -> None:
    done = run(*args, environment={"NO_COLOR": "1"})
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: reviewer" in done.stdout
    assert "\x1b" not in done.stdout and "╭" not in done.stdout


def test_version() -> None:
    assert run("--version").stdout == f"reviewer {__version__}\n"


@pytest.mark.parametrize("args", [["--help"], ["--version"]])
def test_help_and_version_load_nothing_heavy(args: Sequence[str]) -> None:
    assert not loaded_by(*args) & {
        "pydantic",
        "jinja2",
        "rich",
        "openai",
        "langchain_text_splitters",
        "httpx",
    }


def test_help_on_a_command_needs_no_room_of_the_pipeline() -> None:
    assert not loaded_by("review", "--help") & {
        "jinja2",
        "rich",
        "openai",
        "langchain_text_splitters",
        "httpx",
    }


def test_an_offline_review_never_loads_a_model_client() -> None:
    assert not loaded_by("review", CLEAN, "-q") & {"openai", "langchain_text_splitters", "httpx", "rich"}


def test_json_needs_no_template_engine() -> None:
    assert "jinja2" not in loaded_by("review", CLEAN, "-q", "--format", "json")


def test_rules_lists_every_rule_and_explains_one() -> None:
    listed = run("rules").stdout.splitlines()
    codes = [line.split()[0] for line in listed]
    assert "SUM001" in codes and len(set(codes)) == len(codes)
    explained = run("rules", "SUM001").stdout
    assert explained.strip() and "SUM001" in explained
    assert run("rules", "SUM001", "--lang", "en").stdout != explained


def test_schema_is_the_json_schema_of_a_review() -> None:
    schema = json.loads(run("schema").stdout)
    assert schema["title"] == "Review"
    assert {"findings", "coverage", "provenance"} <= set(schema["required"])


def test_shell_completion_is_offered() -> None:
    done = run("--show-completion", "bash")
    if done.returncode:  # typers that look at the running shell take no name
        pytest.fail(done.stderr)
    assert "_REVIEWER_COMPLETE" in done.stdout
