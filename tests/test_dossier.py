"""Several files of one unit: the report, its forms and accounts, held against each other; and what was read of them."""

import json
from pathlib import Path

import pytest

from reviewer.reading import read
from reviewer.review import review
from tests.test_cli import ROOT, run

FIXTURES = sorted((ROOT / "fixtures").glob("*.labels.toml"))
REPORT = """青屿县水务局2024年部门整体支出绩效自评报告

一、基本情况

2024年年初预算数为1,286.40万元，全年支出1,302.55万元，其中：基本支出842.02万元，项目支出460.53万元。
"""
ACCOUNTS = """青屿县水务局2024年度部门决算表

| 项目 | 年初预算数 | 决算数 |
|---|---|---|
| 基本支出（万元） | 830.00 | 842.02 |
| 项目支出（万元） | 456.40 | 470.53 |
"""


def with_tables() -> list[Path]:
    reports = [next(path.parent.glob(f"{path.name.removesuffix('.labels.toml')}.[mt]*")) for path in FIXTURES]
    return [path for path in reports if read(path, "d1").tables]


@pytest.mark.parametrize("path", with_tables(), ids=lambda path: path.stem)
def test_a_report_and_its_own_tables_as_two_files_disagree_nowhere_new(path: Path, tmp_path: Path) -> None:
    """A unit that hands its tables in as a file of their own must not be asked more than one that does not."""
    whole = read(path, "d1")
    pieces: dict[str, list[str]] = {"paragraph": [], "table": [(whole.title or "").replace("报告", "表")]}
    for block in whole.blocks:
        pieces[block.kind].append(whole.text[block.start : block.end])
    (tmp_path / "report.txt").write_text("\n\n".join(pieces["paragraph"]), encoding="utf-8")
    (tmp_path / "form.txt").write_text("\n\n".join(pieces["table"]), encoding="utf-8")

    def differing(paths: list[Path], code: str) -> set[frozenset[str]]:
        found = review(paths)
        told = [claim for finding in found.findings if finding.code == code for claim in finding.claims]
        numbers = {quantity.id: str(quantity.value) for quantity in found.quantities}
        pairs = {
            c.id: frozenset(numbers[q] for q in (*(o.quantity for o in c.operands), c.result) if q)
            for c in found.claims
        }
        return {pairs[claim] for claim in told}

    both = differing([tmp_path / "report.txt", tmp_path / "form.txt"], "DUP003")
    assert both <= differing([path], "DUP001")


@pytest.fixture
def dossier(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "report.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "accounts.md").write_text(ACCOUNTS, encoding="utf-8")
    return str(tmp_path / "report.txt"), str(tmp_path / "accounts.md")


def test_what_disagrees_between_files_is_asked_and_each_file_is_named(dossier: tuple[str, str]) -> None:
    """A reviewer has to know which of two papers to open."""
    report, accounts = dossier
    done = run("review", report, "--with", accounts, "--fail-on", "warning")
    assert done.returncode == 1 and "DUP003" in done.stdout and "460.53 ≠ 470.53" in done.stdout
    assert "report.txt 第5行" in done.stdout and "accounts.md 表1第3行第3列" in done.stdout


def test_a_file_given_twice_is_refused(dossier: tuple[str, str]) -> None:
    report, _ = dossier
    done = run("review", report, "--with", report)
    assert done.returncode == 2 and "named twice" in done.stderr


def test_a_reason_in_the_report_answers_for_the_accounts(tmp_path: Path) -> None:
    """The form only prints that the budget was changed; why is told in the report."""
    told = REPORT + "\n年中因追加防汛经费，预算相应调整。\n"
    accounts = ACCOUNTS.replace("决算数 |", "全年预算数 | 决算数 |").replace("|---|---|---|", "|---|---|---|---|")
    accounts = accounts.replace("| 842.02 |", "| 842.02 | 842.02 |").replace("| 470.53 |", "| 460.53 | 460.53 |")
    accounts += "| 支出合计（万元） | 1,286.40 | 1,302.55 | 1,302.55 |\n"
    for report, asked in ((REPORT, True), (told, False)):
        (tmp_path / "report.txt").write_text(report, encoding="utf-8")
        (tmp_path / "accounts.md").write_text(accounts, encoding="utf-8")
        found = review([tmp_path / "report.txt", tmp_path / "accounts.md"])
        assert any(finding.code == "EXP001" for finding in found.findings) is asked


def test_reading_shows_outline_tables_and_numbers(dossier: tuple[str, str]) -> None:
    """A person sees at once whether the tool read what they read."""
    report, accounts = dossier
    shown = run("read", report, accounts).stdout
    assert "- 一、基本情况（report.txt 第3行）" in shown
    assert "3行3列，表头1行，数字4个：项目、年初预算数、决算数" in shown
    assert "金额4" in shown and "部门决算（预算）表" in shown
    found = json.loads(run("read", report, accounts, "--format", "json").stdout)
    assert [document["title"] for document in found["documents"]] == [
        "青屿县水务局2024年部门整体支出绩效自评报告",
        "青屿县水务局2024年度部门决算表",
    ]
    assert found["documents"][1]["measuring"] == {"money": 4}
    assert run("read", "no-such-file.txt").returncode == 2
