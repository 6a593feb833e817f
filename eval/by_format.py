"""The open reports and some planted errors once more in the formats they arrive in: what does each format lose?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval.detecting import VariantScore, detect
from eval.formats import WRITERS, content_of, tables_of
from eval.formats.projecting import on_tables
from eval.labels import NUMERIC_FAMILIES, Fixture
from eval.mutate import Variant
from eval.quoting import Stretch
from eval.scoring import ReportScore, score
from eval.store import ROOT, Store, hash_files, sha256
from reviewer import reading

FORMATS = ("docx", "pdf", "html", "xlsx")
TABLES = "tables"
"""Beside the workbooks: the same tables as text, since a workbook has no prose that could be lost."""
_OF_TABLES = frozenset({"xlsx", TABLES})
PER_KIND = 3
"""Planted errors of each kind, in each format."""
_METRICS = ("figure.value_unit", "finding.all", "finding.numeric")


@dataclass(frozen=True)
class Case:
    """A report, or one with a planted error, to be written in a format and reviewed."""

    format: str
    fixture: Fixture
    source: Path
    variant: Variant | None = None

    @property
    def id(self) -> str:
        """Its name in a run."""
        return f"{self.format}~{self.variant.id if self.variant else self.fixture.name}"

    @property
    def ending(self) -> str:
        """Of the file."""
        return "md" if self.format == TABLES else self.format

    def digest(self) -> str:
        """A hash over what decides the file: the text, and the code that writes it."""
        text = self.variant.data if self.variant else self.source.read_bytes()
        return sha256(f"{self.format} {sha256(text)} {_writers()}".encode())

    def write(self, folder: Path) -> Path:
        """Write the file and return its path."""
        content = content_of(reading.read(self.source, "d1"))
        if self.format in _OF_TABLES:
            content = tables_of(content)
        path = folder / f"{self.id}.{self.ending}"
        path.write_bytes(WRITERS[self.ending](content))
        return path


class FormatScore(BaseModel):
    """What a format came to."""

    model_config = ConfigDict(frozen=True)

    name: str
    reports: tuple[ReportScore, ...]
    variants: tuple[VariantScore, ...]


def cases(fixtures: Sequence[Fixture], planted: Sequence[Variant], store: Store) -> list[Case]:
    """Everything to be reviewed, format by format: all open reports (for tables, those that have some) and a sample
    of their planted errors, spread evenly over the reports of each kind."""
    reports = [fixture for fixture in fixtures if fixture.labels.set != "frozen"]
    variants = [variant for variant in planted if variant.fixture.labels.set != "frozen"]
    found: list[Case] = []
    for name in (*FORMATS, TABLES):
        tables = name in _OF_TABLES
        found.extend(Case(name, f, f.path) for f in reports if not tables or _has_tables(f.path))
        fitting = [v for v in variants if not tables or _about_tables(v)]
        found.extend(Case(name, v.fixture, v.path_in(store.variants), v) for v in _sample(fitting))
    return found


def format_scores(store: Store, todo: Sequence[Case]) -> tuple[FormatScore, ...]:
    """The scores of each format from the reviews that a run stored."""
    return tuple(_scored(store, name, list(group)) for name, group in groupby(todo, lambda case: case.format))


def _scored(store: Store, name: str, group: Sequence[Case]) -> FormatScore:
    done = store.done()
    reports: list[ReportScore] = []
    variants: list[VariantScore] = []
    for case in group:
        failed, review = done[case.id].failed, None if done[case.id].failed else store.review(case.id)
        if case.variant is None:
            reports.append(_lean(score(_labelled(case), review, failed), name))
        else:
            before = store.review(Case(name, case.fixture, case.fixture.path).id)
            variants.append(detect(case.variant, before, review, failed))
    return FormatScore(name=name, reports=tuple(reports), variants=tuple(variants))


def _labelled(case: Case) -> Fixture:
    return on_tables(case.fixture, reading.read(case.source, "d1")) if case.format in _OF_TABLES else case.fixture


def _lean(report: ReportScore, name: str) -> ReportScore:
    """What the page shows and the gate holds. Tables alone say nothing of a report's chapters and reasons."""
    counts = {metric: report.counts[metric] for metric in _METRICS if metric in report.counts}
    alarms = report.false_alarms
    if name in _OF_TABLES:
        alarms = tuple(line for line in alarms if line.split()[1][:3] in NUMERIC_FAMILIES)
    return report.model_copy(update={"counts": counts, "false_alarms": alarms})


def _sample(variants: Sequence[Variant]) -> Iterator[Variant]:
    for _, group in groupby(variants, lambda variant: variant.kind):
        of_kind = list(group)
        step = max(1, len(of_kind) // PER_KIND)
        yield from of_kind[::step][:PER_KIND]


@cache
def _has_tables(path: Path) -> bool:
    return bool(reading.read(path, "d1").tables)


def _about_tables(variant: Variant) -> bool:
    """Whether all numbers of the broken relation stand in tables."""
    return all(_in_table(variant.text, stretch) for stretch in variant.about)


def _in_table(text: str, stretch: Stretch) -> bool:
    start = text.rfind("\n", 0, stretch.start) + 1
    line = text[start : text.find("\n", stretch.start)]
    return "\t" in line or line.startswith("|")


@cache
def _writers() -> str:
    return hash_files((ROOT / "eval" / "formats").glob("*.py"), ROOT)
