"""Reports and statements in which everything holds, in many writers' habits: one false alarm costs a reviewer's trust."""

import tomllib
from pathlib import Path

import pytest

from reviewer.review import review
from reviewer.schema import Severity

FOLDER = Path(__file__).parent / "sound"
REPORTS = sorted(path for path in FOLDER.iterdir() if path.suffix in (".txt", ".md"))
SNIPPETS = tomllib.loads((FOLDER / "snippets.toml").read_text(encoding="utf-8"))["sound"]
FIGURES = ("SUM", "RAT001", "CHG001", "DUP", "SCO")


def alarms(path: Path) -> list[str]:
    return [
        f"{finding.code} {finding.message} {finding.calculation}"
        for finding in review([path]).findings
        if finding.severity is Severity.ERROR or finding.code.startswith(FIGURES)
    ]


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_a_sound_report_raises_no_alarm_about_its_figures(path: Path) -> None:
    assert alarms(path) == []


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda snippet: snippet["text"][:24])
def test_a_sound_statement_raises_no_alarm_about_its_figures(snippet: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(f"{snippet['head']}\n\n{snippet['text']}\n", encoding="utf-8")
    assert alarms(path) == []
