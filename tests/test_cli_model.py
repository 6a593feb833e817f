"""The command line with a model: what is sent, what is kept, what it says. Each test runs the command as its own process."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reviewer.llm.prompts import load, names
from tests.llm_kit import KEY
from tests.model_kit import ROOT, answering, fenced_in, mute, plausible
from tests.scripted_server import ScriptedServer
from tests.test_cli import assert_refused, loaded_by

REPORT = "fixtures/yunjiao-grain-reserve-2024.txt"
SPLITTERS = {"openai", "langchain_text_splitters", "tiktoken", "httpx", "genai_prices"}


class Run:
    """Runs the command with a cache of its own and nothing else of the developer's environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache" / "answers.sqlite3"

    def __call__(
        self, *args: str, environment: Mapping[str, str] | None = None, key: bool = True
    ) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "VIRTUAL_ENV") if name in os.environ}
        own = {"HOME": str(self.folder), "REVIEWER_CACHE": str(self.cache), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-m", "reviewer", *args],
            cwd=ROOT,
            env={**kept, **own, **({"REVIEWER_API_KEY": KEY} if key else {}), **(environment or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert KEY not in done.stdout + done.stderr
        return done

    def review(self, server: ScriptedServer, *args: str, **more: Any) -> subprocess.CompletedProcess[str]:
        return self("review", REPORT, "--model", "scripted-model", "--base-url", server.base_url, *args, **more)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(tmp_path)


# Prompts


def test_prompts_are_listed_with_version_and_hash(run: Run) -> None:
    lines = run("prompts").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(names())
    for line in lines:
        prompt = load(line.split()[0])
        assert f"v{prompt.version}  {prompt.sha256[:12]}  {prompt.purpose}" in line


def test_a_prompt_is_shown_as_it_is_written(run: Run) -> None:
    shown = run("prompts", "show", "raise_concerns").stdout
    prompt = load("raise_concerns")
    assert shown == f"[system]\n{prompt.system}\n\n[user]\n{prompt.user}\n"


def test_a_prompt_is_shown_exactly_as_it_would_be_sent(run: Run) -> None:
    with ScriptedServer(answering(mute)) as server:
        run.review(server, "-q")
    shown = run("prompts", "show", "critique_indicators", "--report", REPORT, key=False).stdout
    sent = [seen.body["messages"] for seen in server.requests]
    sent = [messages for messages in sent if messages[0]["content"] == load("critique_indicators").system]
    assert sent and shown.count("===== critique_indicators v") == len(sent)
    for messages in sent:
        assert "".join(f"[{message['role']}]\n{message['content']}\n\n" for message in messages) in shown


def test_a_prompt_that_is_not_is_refused_with_those_there_are(run: Run) -> None:
    assert_refused(run("prompts", "show", "summarize"), "no prompt 'summarize'", "label_figures")


def test_a_prompt_that_no_part_of_the_report_is_asked_says_so(run: Run) -> None:
    done = run("prompts", "show", "summarise_findings", "--report", REPORT)
    assert (done.returncode, done.stdout) == (0, f"no part of {REPORT} is asked summarise_findings\n")


# Asking


def test_a_review_with_a_model_says_what_goes_where_and_what_it_cost(run: Run) -> None:
    with ScriptedServer(answering(plausible)) as server:
        done = run.review(server)
        assert {seen.headers["authorization"] for seen in server.requests} == {f"Bearer {KEY}"}
    assert done.returncode == 0 and done.stdout.startswith("# 绩效自评报告复核意见")
    lines = done.stderr.splitlines()
    assert lines[0].startswith("the report's text goes to scripted-model") and "on this machine" in lines[0]
    assert lines[1].startswith(f"scripted-model: {len(server.requests)} calls, 0 from the cache")
    assert "scripted-model" in done.stdout and "3.4 文字判断" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


def test_what_the_model_did_not_answer_is_a_warning_on_stderr(run: Run) -> None:
    from tests.scripted_server import refuse

    with ScriptedServer([refuse()]) as server:
        done = run.review(server)
    assert done.returncode == 0
    (warning,) = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    assert re.search(r"\d+ sections, raise_concerns; the memo says which and why", warning)
    assert "模型拒绝" in done.stdout and "没有得到模型回答的全篇问题" in done.stdout


def test_an_answered_question_is_not_paid_for_twice(run: Run) -> None:
    with ScriptedServer(answering(plausible)) as server:
        first = run.review(server, "--format", "json", "-q")
        asked = len(server.requests)
        second = run.review(server, "--format", "json", "-q")
        assert len(server.requests) == asked > 0
        third = run.review(server, "--format", "json", "-q", "--no-cache")
        assert len(server.requests) == 2 * asked
    one, two, three = (json.loads(done.stdout) for done in (first, second, third))
    assert (one["usage"]["calls"], one["usage"]["cached_calls"]) == (asked, 0)
    assert (two["usage"]["calls"], two["usage"]["cached_calls"]) == (0, asked)
    for review in (one, two, three):
        del review["usage"]
    assert one == two == three


def test_the_cache_holds_no_key_and_can_be_looked_at_and_emptied(run: Run) -> None:
    assert run("cache", "info").stdout == f"path     {run.cache}\nanswers  0\nbytes    0\n"
    with ScriptedServer(answering(mute)) as server:
        run.review(server, "-q")
    asked = len(server.requests)
    info = run("cache", "info").stdout
    assert f"answers  {asked}\n" in info and "bytes    0\n" not in info
    assert KEY.encode() not in b"".join(path.read_bytes() for path in run.cache.parent.iterdir())
    assert run("cache", "clear").stdout == f"{asked} answers forgotten\n"
    with sqlite3.connect(run.cache) as db:
        assert db.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    db.close()
    assert "answers  0\n" in run("cache", "info").stdout


def test_a_summary_is_written_only_when_asked_for(run: Run) -> None:
    with ScriptedServer(answering(plausible)) as server:
        plain = run.review(server, "-q")
        assert not [seen for seen in server.requests if "归纳" in seen.body["messages"][0]["content"][:60]]
        told = run.review(server, "-q", "--narrative")
    assert "报告的数据有不能同时成立之处" in told.stdout.split("## 一、")[0]
    assert "报告的数据有不能同时成立之处" not in plain.stdout


# Before anything is sent


def test_a_dry_run_needs_no_key_and_sends_nothing(run: Run) -> None:
    with ScriptedServer(answering(mute)) as server:
        done = run.review(server, "--dry-run", key=False)
        assert server.requests == []
    assert done.returncode == 0 and not run.cache.exists()
    head, *rows, price, note = done.stdout.splitlines()
    assert head.split()[0] == "prompt"
    calls = {row.split()[0]: int(row.split()[1]) for row in rows}
    assert calls["all"] == sum(n for name, n in calls.items() if name != "all")
    assert set(calls) >= {"label_figures", "critique_indicators", "raise_concerns", "link_figures"}
    # On this machine nothing is charged.
    assert price.startswith("price: $0.0000") and "retries and --narrative add" in note


def test_a_dry_run_of_a_model_nobody_lists_says_that_it_is_unpriced(run: Run) -> None:
    done = run("review", REPORT, "--model", "m", "--base-url", "https://model.example/v1", "--dry-run", key=False)
    assert "price: unpriced\n" in done.stdout


def test_a_dry_run_of_a_listed_model_names_a_price(run: Run) -> None:
    done = run("review", REPORT, "--model", "openai:gpt-4o-mini", "--dry-run", key=False)
    assert re.search(r"^price: \$0\.\d{4} for the prompts alone, \$\d\.\d{4} at most$", done.stdout, re.MULTILINE)


def test_a_cap_on_cost_is_refused_where_no_price_is_known(run: Run) -> None:
    done = run("review", REPORT, "--model", "m", "--base-url", "https://model.invalid/v1", "--max-cost", "1")
    assert_refused_after_notice(done, "the price of m is unknown")


def assert_refused_after_notice(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """As `assert_refused`, with the line on what goes where before it."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("the report's text goes to")]
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(":")[0] for line in lines] == ["error", "hint"]
    assert all(word in done.stderr for word in words), done.stderr


def test_what_a_cap_on_cost_leaves_out_is_said(run: Run, tmp_path: Path) -> None:
    config = tmp_path / "reviewer.toml"
    with ScriptedServer(answering(mute)) as server:
        config.write_text(
            f'[profiles.priced]\nmodel = "scripted-model"\nbase_url = "{server.base_url}"\n'
            "price = { prompt = 1.0, completion = 1.0 }\n",
            encoding="utf-8",
        )
        done = run(
            "review", REPORT, "--model", "@priced", "--max-cost", "0.0001", environment={"REVIEWER_CONFIG": str(config)}
        )
        assert server.requests == []
    assert done.returncode == 0, done.stderr
    assert "cost cap" in done.stdout and "warning: not answered by the model" in done.stderr


@pytest.mark.parametrize("amount", ["-1", "NaN", "much"])
def test_a_cap_that_is_no_amount_is_refused(run: Run, amount: str) -> None:
    assert_refused(run("review", REPORT, "--model", "m", f"--max-cost={amount}"), "no amount of US dollars")


# Recording


def test_what_was_recorded_gives_the_same_review_without_a_model(run: Run, tmp_path: Path) -> None:
    tape = tmp_path / "answers.jsonl"
    with ScriptedServer(answering(plausible)) as server:
        live = run.review(server, "--format", "json", "-q", "--record", str(tape), "--no-cache")
    replayed = run("review", REPORT, "--replay", str(tape), "--format", "json", "-q", key=False)
    assert replayed.returncode == 0, replayed.stderr
    assert KEY not in tape.read_text("utf-8")
    first, second = json.loads(live.stdout), json.loads(replayed.stdout)
    assert second["provenance"]["settings"].pop("endpoint") == "replay"
    assert first["provenance"]["settings"].pop("endpoint") == server.base_url
    assert second["usage"]["cached_calls"] == first["usage"]["calls"] and second["usage"]["calls"] == 0
    del first["usage"], second["usage"]
    assert first == second


def test_a_question_that_was_not_recorded_is_an_error_and_asks_nobody(run: Run, tmp_path: Path) -> None:
    tape = tmp_path / "answers.jsonl"
    with ScriptedServer(answering(mute)) as server:
        run.review(server, "-q", "--record", str(tape))
    done = run("review", "fixtures/liyang-archives-2023.md", "--replay", str(tape), key=False)
    assert_refused(done, "no answer for", "record again")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--replay", "none.jsonl"], ["cannot be read"]),
        (["--replay", "x.jsonl", "--model", "m"], ["--replay asks no model; --model", "leave --model out"]),
        (["--replay", "x.jsonl", "--record", "y.jsonl"], ["--record"]),
        (["--replay", "x.jsonl", "--dry-run"], ["--dry-run needs a model"]),
        (["--dry-run"], ["--dry-run needs a model", "--model NAME"]),
        (["--narrative"], ["--narrative needs a model"]),
        (["--max-cost", "1"], ["--max-cost needs a model"]),
        (["--record", "y.jsonl"], ["--record needs a model"]),
        (["--base-url", "http://127.0.0.1:1/v1"], ["--base-url needs a model"]),
        (["--context-tokens", "4096"], ["--context-tokens needs a model"]),
        (["--threads", "2"], ["--threads needs a model"]),
        (["--model", "none", "--narrative"], ["--narrative needs a model"]),
    ],
    ids=" ".join,
)  # fmt: skip
def test_flags_that_cannot_be_honoured_are_refused_before_any_work(run: Run, args: list[str], words: list[str]) -> None:
    assert_refused(run("review", REPORT, *args), *words)


# What is never sent


def test_a_key_in_the_environment_sends_nothing_anywhere(run: Run) -> None:
    offline = run("review", REPORT, key=False)
    with ScriptedServer(answering(mute)) as server:
        environment = {"OPENAI_API_KEY": KEY, "DEEPSEEK_API_KEY": KEY, "OPENAI_BASE_URL": server.base_url}
        done = run("review", REPORT, environment={**environment, "REVIEWER_BASE_URL": server.base_url})
        assert server.requests == []
    assert done.returncode == 0 and done.stdout == offline.stdout and "未离开本机" in done.stdout


def test_a_named_model_without_a_key_is_not_asked(run: Run) -> None:
    done = run("review", REPORT, "--model", "openai:gpt-4o-mini", key=False)
    assert_refused_after_notice(done, "OPENAI_API_KEY")


def test_a_named_model_in_the_environment_counts_as_named(run: Run) -> None:
    with ScriptedServer(answering(mute)) as server:
        environment = {"REVIEWER_MODEL": "scripted-model", "REVIEWER_BASE_URL": server.base_url}
        done = run("review", REPORT, environment=environment)
        assert server.requests and fenced_in(server.requests[0].body["messages"][1]["content"])
        asked = len(server.requests)
        off = run("review", REPORT, "--model", "none", environment={"REVIEWER_MODEL": "scripted-model"})
        assert len(server.requests) == asked
    assert "the report's text goes to scripted-model" in done.stderr
    assert "未离开本机" in off.stdout


def test_an_offline_review_loads_nothing_that_asks_a_model() -> None:
    """It would cost every user a second, and most of them never name a model."""
    loaded = loaded_by("review", REPORT, "-q")
    assert "pydantic" in loaded and not SPLITTERS & loaded
    script = (
        "import sys\nfrom reviewer.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "review", REPORT, "-q"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    modules = set(done.stderr.splitlines()[-1].split())
    assert not {"rich.progress", "reviewer.extraction.model", "reviewer.llm.client", "sqlite3", "asyncio"} & modules


# Model files


def test_a_model_file_without_the_extra_says_what_to_install(run: Run, tmp_path: Path) -> None:
    model = tmp_path / "tiny.gguf"
    model.write_bytes(b"GGUF" + b"\0" * 64)
    hidden = tmp_path / "site" / "sitecustomize.py"
    hidden.parent.mkdir()
    # As if xllamacpp were not installed.
    hidden.write_text(
        "import importlib.util as u\n_find = u.find_spec\n"
        "u.find_spec = lambda name, package=None: None if name == 'xllamacpp' else _find(name, package)\n",
        encoding="utf-8",
    )
    environment = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(hidden.parent)])}
    done = run("review", REPORT, "--model", f"gguf:{model}", environment=environment, key=False)
    assert_refused(done, "an extra that is not installed", "budget-report-reviewer[local]")


def test_a_model_file_that_is_none_is_refused(run: Run, tmp_path: Path) -> None:
    assert_refused(run("review", REPORT, "--model", f"gguf:{tmp_path / 'none.gguf'}"), "No such file", "gguf:")
    text = tmp_path / "text.gguf"
    text.write_text("no model")
    assert_refused(run("review", REPORT, "--model", f"gguf:{text}"), "is not a GGUF file")
