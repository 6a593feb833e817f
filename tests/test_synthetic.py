"""Synthetic reports: what a batch is measured with must be sound where it says so, and broken where it says so."""

import csv
import json
import os
import random
from pathlib import Path

import pytest

from eval.__main__ import app
from eval.synthetic import Synthetic, synthetic
from eval.synthetic.broken import KINDS as BREAKAGES
from eval.synthetic.broken import break_
from eval.synthetic.data import load
from eval.synthetic.facts import draw
from eval.synthetic.plants import KINDS as PLANTS
from eval.synthetic.plants import Planted
from eval.synthetic.writing import write
from reviewer.errors import InputError
from reviewer.review import review
from reviewer.schema import Finding, Severity

SEED, COUNT = 7, 60
REPORTS = [synthetic(SEED, index) for index in range(COUNT)]
SOUND = [report for report in REPORTS if not report.planted]
BROKEN = [report for report in REPORTS if report.planted]
SIZES = {"one_line_30_mb": 30_000_000, "numbers_200000": 2_000_000}


def findings(report: Synthetic, folder: Path) -> tuple[Finding, ...]:
    path = folder / report.name
    path.write_bytes(report.data)
    return review([path]).findings


def alarms(report: Synthetic, folder: Path) -> list[str]:
    errors = [finding for finding in findings(report, folder) if finding.severity is Severity.ERROR]
    return [f"{error.code} {error.message} {error.calculation}" for error in errors]


def missed(report: Synthetic, folder: Path) -> list[Planted]:
    codes = {finding.code for finding in findings(report, folder)}
    return [planted for planted in report.planted if not codes & set(planted.codes)]


@pytest.mark.parametrize("report", SOUND, ids=lambda report: report.name)
def test_a_sound_report_draws_no_error(report: Synthetic, tmp_path: Path) -> None:
    assert alarms(report, tmp_path) == []


@pytest.mark.parametrize("report", BROKEN, ids=lambda report: report.name)
def test_a_planted_contradiction_draws_its_code(report: Synthetic, tmp_path: Path) -> None:
    assert missed(report, tmp_path) == []


def test_a_planted_report_differs_from_its_sound_twin_in_what_was_planted() -> None:
    for report in REPORTS:
        twins = zip(report.sound.splitlines(), report.text.splitlines(), strict=True)
        changed = sum(before != after for before, after in twins)
        assert bool(changed) == bool(report.planted)
        assert changed <= 5 * len(report.planted)


def test_every_kind_of_contradiction_is_planted_and_every_kind_of_report_made() -> None:
    many = [synthetic(SEED, index) for index in range(800)]
    assert {planted.kind for report in many for planted in report.planted} == set(PLANTS)
    assert {report.kind.value for report in many} == set(load("wording")["outline"])
    assert len({report.unit for report in many}) > 500
    assert all(2_000 <= len(report.text.encode()) <= 12_000 for report in many)


def test_no_two_reports_are_one() -> None:
    assert len({report.text for report in REPORTS}) == COUNT


def test_a_fact_is_never_taken_for_a_paragraph() -> None:
    """A rule of the grammar with a fact's name would print the bare number."""
    facts = {name for seed in range(40) for name in draw(random.Random(seed)).values}
    assert facts.isdisjoint(load("wording")["say"])


def test_the_same_seed_gives_the_same_files_whatever_the_count(tmp_path: Path) -> None:
    # Beside one another, so that neither the folder nor the count can leave a trace.
    for name, count in (("few", 12), ("many", 30)):
        write(tmp_path / name, count, SEED, broken_share=0.0)
    few = {path.name: path.read_bytes() for path in (tmp_path / "few").glob("0*")}
    many = {path.name: path.read_bytes() for path in (tmp_path / "many").glob("0*")}
    assert len(few) == 12 and len(many) == 30
    assert few.items() <= many.items()
    assert {report.name: report.data for report in REPORTS[:12]} == few
    assert synthetic(SEED + 1, 0).text != synthetic(SEED, 0).text


def test_the_lists_name_every_file_and_tell_what_was_done_to_it(tmp_path: Path) -> None:
    app(["synthetic", "--count", "40", "--seed", "7", "--to", str(tmp_path)], standalone_mode=False)
    told = [json.loads(line) for line in (tmp_path / "planted.jsonl").read_text(encoding="utf-8").splitlines()]
    with (tmp_path / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["path"] for row in rows] == [line["path"] for line in told] == [r.name for r in REPORTS[:40]]
    assert [(row["unit"], row["year"], row["kind"]) for row in rows] == [
        (report.unit, str(report.year), report.kind.value) for report in REPORTS[:40]
    ]
    assert [{planted["kind"] for planted in line["planted"]} for line in told] == [
        {planted.kind for planted in report.planted} for report in REPORTS[:40]
    ]
    assert not any(line["broken"] or line["must_fail"] for line in told)


@pytest.mark.parametrize("kind", sorted(BREAKAGES.keys() - SIZES.keys()))
def test_a_broken_file_fails_where_it_must_and_is_reviewed_where_only_its_name_is_odd(
    kind: str, tmp_path: Path
) -> None:
    broken = break_(BROKEN[0], kind, random.Random(1))
    path = tmp_path / broken.name
    if broken.folder:
        path.mkdir()
    else:
        path.write_bytes(broken.data)
        if broken.mode is not None:
            path.chmod(broken.mode)
    if broken.must_fail or broken.folder:
        with pytest.raises(InputError):
            review([path])
    else:
        assert review([path]).findings


@pytest.mark.parametrize(("kind", "least"), sorted(SIZES.items()))
def test_the_heavy_files_are_heavy(kind: str, least: int) -> None:
    data = break_(REPORTS[3], kind, random.Random(1)).data
    assert len(data) >= least
    assert kind != "one_line_30_mb" or b"\n" not in data


def test_broken_files_are_told_apart_and_the_rest_stays_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, 60, SEED, broken_share=0.2)
    told = [json.loads(line) for line in (tmp_path / "planted.jsonl").read_text(encoding="utf-8").splitlines()]
    whole = [line["path"] for line in told if line["broken"] is None]
    assert 30 < len(whole) < 60
    assert all((tmp_path / name).read_bytes() == _report(name).data for name in whole)
    assert all((tmp_path / line["path"]).exists() for line in told)
    closed = [line for line in told if line["broken"] == "no_permission"]
    assert all(line["must_fail"] is (os.geteuid() != 0) for line in closed)


def _report(name: str) -> Synthetic:
    return REPORTS[int(name[:5])]
