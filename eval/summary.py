"""What a run comes to: scores of reports and variants, and the metrics over them."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from eval.by_format import Case, FormatScore, format_scores
from eval.detecting import VariantScore, detect
from eval.labels import Fixture
from eval.mutate import Variant
from eval.running import item_id
from eval.scoring import Count, ReportScore, score
from eval.store import Provenance, RunError, Store, sha256

Measure = Callable[[Sequence[ReportScore]], float | None]


class Blessing(BaseModel):
    """Why a person accepted results as the ones to hold on to."""

    model_config = ConfigDict(frozen=True)

    reason: str
    code: str


class Summary(BaseModel):
    """The results of a run; `eval/results.json` holds the blessed ones."""

    model_config = ConfigDict(frozen=True)

    provenance: Provenance
    reports: tuple[ReportScore, ...]
    variants: tuple[VariantScore, ...]
    formats: tuple[FormatScore, ...] = ()
    """The open reports and a sample of the planted errors in each format."""
    seconds: float
    """Time of all reviews added up."""
    blessed: tuple[Blessing, ...] = ()

    def of(self, *, frozen: bool) -> list[ReportScore]:
        """The frozen reports, or the others."""
        return [report for report in self.reports if (report.set == "frozen") is frozen]

    def planted(self, *, frozen: bool) -> list[VariantScore]:
        """The variants of the frozen reports, or of the others."""
        return [variant for variant in self.variants if (variant.set == "frozen") is frozen]


def load(path: Path) -> Summary:
    """Stored results: a file of them, or a run's folder. RunError when there are none."""
    try:
        return Summary.model_validate_json((path / "summary.json" if path.is_dir() else path).read_bytes())
    except (OSError, ValueError) as error:
        raise RunError(f"{path}: no results: {error}") from None


def summarise(
    store: Store,
    fixtures: Sequence[Fixture],
    planted: Sequence[Variant],
    epochs: int = 1,
    cases: Sequence[Case] = (),
) -> Summary:
    """Score what a run stored. RunError for an item it does not hold, or holds of another text."""
    done = store.done()
    for name, digest in _expected(fixtures, planted, epochs, cases):
        if name not in done or done[name].sha256 != digest:
            raise RunError(f"{store.folder} has no review of {name} as it is now; run it again")
    reviews = {fixture.name: store.review(fixture.name) for fixture in fixtures}
    reports = []
    for fixture in fixtures:
        for epoch in range(epochs):
            item = done[item_id(fixture.name, epoch)]
            scored = score(fixture, store.review(item.id), item.failed)
            reports.append(scored.model_copy(update={"seconds": item.seconds, "epoch": epoch}))
    variants = [
        detect(v, reviews[v.fixture.name], None if done[v.id].failed else store.review(v.id), done[v.id].failed)
        for v in planted
    ]
    return Summary(
        provenance=store.provenance(),
        reports=tuple(_veiled(report) for report in reports),
        variants=tuple(variants),
        formats=format_scores(store, cases),
        seconds=round(sum(item.seconds for item in done.values()), 1),
    )


def _expected(
    fixtures: Sequence[Fixture], planted: Sequence[Variant], epochs: int, cases: Sequence[Case]
) -> Iterable[tuple[str, str]]:
    for fixture in fixtures:
        for epoch in range(epochs):
            yield item_id(fixture.name, epoch), sha256(fixture.path.read_bytes())
    for variant in planted:
        yield variant.id, sha256(variant.data)
    for case in cases:
        yield case.id, case.digest()


def _veiled(report: ReportScore) -> ReportScore:
    """A frozen report's findings as hashes: enough for a gate, nothing to tune a rule on."""
    if report.set != "frozen":
        return report
    names = ("found", "missed", "false_alarms", "sprung")
    hidden = {name: tuple(sha256(line.encode())[:12] for line in getattr(report, name)) for name in names}
    return report.model_copy(update=hidden)


def counted(reports: Iterable[ReportScore], metric: str) -> Count:
    """The counts of one metric over reports."""
    return sum((report.counts[metric] for report in reports if metric in report.counts), Count())


def _f1(metric: str) -> Measure:
    return lambda reports: counted(reports, metric).f1


def _precision(metric: str) -> Measure:
    return lambda reports: counted(reports, metric).precision


def _recall(metric: str) -> Measure:
    return lambda reports: counted(reports, metric).recall


def _coverage(reports: Sequence[ReportScore]) -> float | None:
    shares = [report.coverage for report in reports if report.coverage is not None]
    return sum(shares) / len(reports) if reports and shares else None


METRICS: dict[str, Measure] = {
    **{
        f"figures, {title}: {letter}": measure(f"figure.{metric}")
        for title, metric in (
            ("value and unit", "value_unit"),
            ("with measure", "measure"),
            ("with role", "role"),
            ("with measure and role", "measure_role"),
        )
        for letter, measure in (("P", _precision), ("R", _recall), ("F1", _f1))
    },
    **{
        f"claims, {outcome}: {letter}": measure(f"claim.{outcome}")
        for outcome in ("all", "verified", "contradicted", "undetermined")
        for letter, measure in (("P", _precision), ("R", _recall), ("F1", _f1))
    },
    "findings, numeric: P": _precision("finding.numeric"),
    "findings, numeric: R": _recall("finding.numeric"),
    "findings, numeric: F1": _f1("finding.numeric"),
    "findings, all: P": _precision("finding.all"),
    "findings, all: R": _recall("finding.all"),
    "findings, all: F1": _f1("finding.all"),
    "errors: P": _precision("severity.error"),
    "errors: R": _recall("severity.error"),
    "warnings: P": _precision("severity.warning"),
    "warnings: R": _recall("severity.warning"),
    "notes: P": _precision("severity.note"),
    "notes: R": _recall("severity.note"),
    "traps kept out of": _recall("trap"),
    "indicators, found: R": _recall("indicator.found"),
    "indicators, flagged: P": _precision("indicator.flagged"),
    "indicators, flagged: R": _recall("indicator.flagged"),
    "indicators, flagged: F1": _f1("indicator.flagged"),
    "indicators, issues: P": _precision("indicator.issue"),
    "indicators, issues: R": _recall("indicator.issue"),
    "indicators, issues: F1": _f1("indicator.issue"),
    "judgement defects: P": _precision("judgement"),
    "judgement defects: R": _recall("judgement"),
    "coverage": _coverage,
}


def tokens(reports: Iterable[ReportScore]) -> tuple[int, int]:
    """(prompt, completion) tokens of all reviews."""
    spent = [report.tokens for report in reports if report.tokens is not None]
    return sum(prompt for prompt, _ in spent), sum(answer for _, answer in spent)


def price(reports: Iterable[ReportScore]) -> Decimal | None:
    """US dollars of all reviews; None where one is unpriced."""
    prices = [report.price for report in reports]
    return sum(map(Decimal, filter(None, prices)), Decimal(0)) if all(prices) else None


def alarms_on_sound(reports: Iterable[ReportScore], severity: str) -> int:
    """False alarms of a severity on reports whose numbers are all in order."""
    return sum(line.startswith(f"{severity} ") for r in reports if r.sound for line in r.false_alarms)
