"""Passages worded by people who had seen no rule: a sound one draws no alarm, its twin with one thing changed does.

What is not found yet is listed in `pairs/missed.toml`: a change that finds more shortens the list, none may lengthen it.
"""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from reviewer.review import review
from reviewer.schema import Finding, Severity

FOLDER = Path(__file__).parent / "pairs"
HEAD = "某县某局2023年度部门整体支出绩效自评报告"
FIGURES = ("SUM", "RAT", "CHG", "DUP", "SCO", "TGT", "CNT", "BND", "TXT")
MISSED = "missed"


@cache
def pairs() -> dict[str, dict[str, str]]:
    """Every pair by file and number."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        if path.stem != MISSED:
            entries = tomllib.loads(path.read_text(encoding="utf-8"))["pair"]
            found |= {f"{path.stem}-{number}": entry for number, entry in enumerate(entries, 1)}
    return found


def alarms(text: str, folder: Path) -> list[Finding]:
    path = folder / ("passage.md" if text.lstrip().startswith("|") or "\n|" in text else "passage.txt")
    path.write_text(f"{HEAD}\n\n{text.strip()}\n", encoding="utf-8")
    found = review([path]).findings
    return [f for f in found if f.severity is not Severity.NOTE and f.code.startswith(FIGURES)]


@pytest.mark.parametrize("name", pairs())
def test_a_sound_passage_draws_no_alarm(name: str, tmp_path: Path) -> None:
    told = [f"{finding.code} {finding.calculation}" for finding in alarms(pairs()[name]["sound"], tmp_path)]
    assert told == []


def test_no_broken_passage_is_missed_that_was_found_before(tmp_path: Path) -> None:
    listed = tomllib.loads((FOLDER / f"{MISSED}.toml").read_text(encoding="utf-8"))[MISSED]
    missed = [name for name, pair in pairs().items() if not alarms(pair["broken"], tmp_path)]
    assert missed == listed, "found or lost; write today's list into tests/pairs/missed.toml if it is shorter"
