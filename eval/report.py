"""RESULTS.md: stored results as a page, made from `eval/results.json` alone, so that staleness can be checked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from eval.breakers import KINDS
from eval.detecting import VariantScore
from eval.format_table import by_format
from eval.scoring import ReportScore
from eval.side_by_side import number, side_by_side
from eval.statistics import bootstrap, wilson
from eval.summary import METRICS, Measure, Summary, alarms_on_sound

FAMILIES = ("SUM", "RAT", "CHG", "DUP", "SCO", "TGT", "CNT", "BND", "EXP", "IND", "STR", "TXT", "SEC")


@dataclass(frozen=True)
class Bar:
    """What was asked for."""

    title: str
    least: float
    value: float | None
    counts: str = ""

    @property
    def met(self) -> bool:
        """Whether it was reached."""
        return self.value is not None and self.value >= self.least


def page(summary: Summary, replayed: Summary | None = None) -> str:
    """The whole page; `replayed` are the results with recorded answers."""
    return "\n".join(_lines(summary, replayed)) + "\n"


def bars(summary: Summary) -> Iterator[Bar]:
    """The bars the offline review is held to, on the reports that are not frozen."""
    reports, planted = summary.of(frozen=False), summary.planted(frozen=False)
    for title, least, metric in (
        ("error-level precision", 0.97, "errors: P"),
        ("recall of numeric findings", 0.90, "findings, numeric: R"),
        ("figures, value and unit: recall", 0.995, "figures, value and unit: R"),
        ("figures, role: F1", 0.90, "figures, with role: F1"),
    ):
        yield Bar(title, least, METRICS[metric](reports))
    yield Bar("planted errors detected", 0.97, _share(planted), f"{_hits(planted)} of {len(planted)}")
    kinds = [(kind, of_kind) for kind in KINDS if (of_kind := [v for v in planted if v.kind == kind])]
    if kinds:
        worst, least_found = min(kinds, key=lambda item: _share(item[1]) or 0.0)
        yield Bar(f"planted errors, worst kind ({worst})", 0.90, _share(least_found), f"{len(kinds)} kinds")


def _share(variants: Sequence[VariantScore]) -> float | None:
    return _hits(variants) / len(variants) if variants else None


def _hits(variants: Iterable[VariantScore]) -> int:
    return sum(variant.detected for variant in variants)


def _lines(summary: Summary, replayed: Summary | None) -> Iterator[str]:
    yield "# Results"
    yield ""
    yield "Written by `python -m eval bless` from `eval/results.json`; do not edit."
    yield "How it is measured: [README.md](README.md)."
    yield ""
    provenance = summary.provenance
    yield f"{provenance.tool}, backend `{provenance.backend}`, labels `{provenance.labels[:12]}`."
    yield "Intervals are 95 %: over whole reports drawn again and again (1,000 times, seeded) for metrics,"
    yield "Wilson's for planted errors."
    yield ""
    yield "## Bars"
    yield ""
    yield "On the reports that may be looked at while rules are written; the frozen ones stand apart below."
    yield ""
    yield "| | asked | reached | |"
    yield "|---|---|---|---|"
    for bar in bars(summary):
        shown = number(bar.value) + (f" ({bar.counts})" if bar.counts else "")
        yield f"| {bar.title} | ≥ {bar.least:g} | {shown} | {'met' if bar.met else '**missed**'} |"
    open_reports = summary.of(frozen=False)
    errors = alarms_on_sound(open_reports, "error")
    yield f"| false alarms of level error on sound reports | 0 | {errors} | {'**missed**' if errors else 'met'} |"
    yield ""
    for title, frozen in (("Open reports", False), ("Frozen reports", True)):
        yield from _part(title, summary.of(frozen=frozen), summary.planted(frozen=frozen))
    yield from by_format(summary)
    if replayed is not None and replayed.reports:
        yield from side_by_side(summary, replayed)
    yield from _details(open_reports)
    yield "## Blessings"
    yield ""
    yield from (f"- {blessing.reason}" for blessing in summary.blessed)


def _part(title: str, reports: Sequence[ReportScore], planted: Sequence[VariantScore]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    if title.startswith("Frozen"):
        yield "Written and labelled without sight of any rule or line of code; nothing is tuned on them."
        yield ""
    yield "| | value | 95 % interval |"
    yield "|---|---|---|"
    for name, measure in METRICS.items():
        yield f"| {name} | {number(measure(reports))} | {_interval(reports, measure)} |"
    sound = [report for report in reports if report.sound]
    for severity in ("error", "warning"):
        count = alarms_on_sound(reports, severity)
        yield f"| false alarms of level {severity} on {len(sound)} sound reports | {count} | |"
    yield f"| verified relations no label states | {sum(report.verified_unlabelled for report in reports)} | |"
    yield ""
    yield "### Findings by family"
    yield ""
    yield "| family | given | right | due | found |"
    yield "|---|---|---|---|---|"
    for family in FAMILIES:
        cells = [report.counts[f"finding.{family}"] for report in reports if f"finding.{family}" in report.counts]
        right, wrong = sum(c.right for c in cells), sum(c.wrong for c in cells)
        found, missed = sum(c.found for c in cells), sum(c.missed for c in cells)
        if cells:
            yield f"| {family} | {right + wrong} | {right} | {found + missed} | {found} |"
    yield ""
    yield "### Planted errors"
    yield ""
    yield "| kind | variants | detected | 95 % interval |"
    yield "|---|---|---|---|"
    for kind in (*KINDS, "all"):
        chosen = [v for v in planted if kind in (v.kind, "all")]
        if chosen:
            low, high = wilson(_hits(chosen), len(chosen))
            yield f"| {kind} | {len(chosen)} | {_hits(chosen)} | {low:.3f} – {high:.3f} |"
    yield ""


def _details(reports: Sequence[ReportScore]) -> Iterator[str]:
    yield "## Report by report"
    yield ""
    yield "Frozen reports are left out, so that nobody tunes a rule on them by accident."
    yield ""
    for report in reports:
        yield f"### {report.name}"
        yield ""
        if report.failed:
            yield f"Not reviewed: {report.failed}"
            yield ""
        due = len(report.found) + len(report.missed)
        yield (
            f"{len(report.found)} of {due} labelled findings raised, {report.tolerated} tolerated ones, "
            f"{len(report.false_alarms)} false alarms."
        )
        yield ""
        yield from (f"- missed: {line}" for line in report.missed)
        yield from (f"- false alarm: {_cell(line)}" for line in report.false_alarms)
        yield from (f"- trap sprung: {line}" for line in report.sprung)
        if report.missed or report.false_alarms or report.sprung:
            yield ""


def _cell(text: str) -> str:
    return " ".join(text.split())


def _interval(reports: Sequence[ReportScore], measure: Measure) -> str:
    interval = bootstrap(reports, measure)
    return "" if interval is None else f"{interval[0]:.3f} – {interval[1]:.3f}"
