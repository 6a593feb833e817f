"""A folder of synthetic reports, with what a batch is told of them and what was done to them."""

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from eval.synthetic import Synthetic, synthetic
from eval.synthetic.broken import Broken, broken

MANIFEST, PLANTED = "manifest.csv", "planted.jsonl"


def write(folder: Path, count: int, seed: int, broken_share: float = 0.0) -> None:
    """`count` files and the two lists. The folder is made where it is missing; files of the same names are replaced.

    manifest.csv has the columns path, unit, year, kind; planted.jsonl tells of each file the contradictions planted
    (`codes`: the rules of which one must find it), how it is broken, and whether it then must fail.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (
        (folder / MANIFEST).open("w", encoding="utf-8", newline="") as listed,
        (folder / PLANTED).open("w", encoding="utf-8") as told,
    ):
        manifest = csv.writer(listed, lineterminator="\n")
        manifest.writerow(("path", "unit", "year", "kind"))
        for report, damage in made(count, seed, broken_share):
            name = _put(folder, report, damage)
            if damage is None or not damage.folder:
                manifest.writerow((name, report.unit, report.year, report.kind.value))
            told.write(json.dumps({"path": name, **_account(report, damage)}, ensure_ascii=False) + "\n")


def made(count: int, seed: int, broken_share: float) -> Iterator[tuple[Synthetic, Broken | None]]:
    """The first so many reports of a seed, each as it is or broken."""
    for index in range(count):
        report = synthetic(seed, index)
        chance = random.Random(f"{seed}:{index}:broken")
        yield report, broken(report, chance) if chance.random() < broken_share else None


def _account(report: Synthetic, damage: Broken | None) -> dict[str, Any]:
    whole = damage is None or damage.data == report.data
    return {
        "planted": [asdict(planted) for planted in report.planted] if whole else [],
        "broken": damage.kind if damage else None,
        "must_fail": damage is not None and damage.must_fail,
    }


def _put(folder: Path, report: Synthetic, damage: Broken | None) -> str:
    if damage is None:
        (folder / report.name).write_bytes(report.data)
        return report.name
    path = folder / damage.name
    if damage.folder:
        path.mkdir(exist_ok=True)
        return damage.name
    path.unlink(missing_ok=True)
    path.write_bytes(damage.data)
    if damage.mode is not None:
        path.chmod(damage.mode)
    return damage.name
