"""The chapter of the page on formats: what each one loses against the same content as text."""

from collections.abc import Iterable, Iterator

from eval.by_format import TABLES, FormatScore
from eval.detecting import VariantScore
from eval.scoring import Count, ReportScore
from eval.side_by_side import number
from eval.summary import Summary

_SEVERITIES = ("error", "warning", "note")
_COLUMNS = (
    "format", "reports", "not read", "findings found", "of", "planted found", "of",
    "false alarms: error, warning, note", "numbers read",
)  # fmt: skip


def by_format(summary: Summary) -> Iterator[str]:
    """Nothing where no formats were measured."""
    if not summary.formats:
        return
    formats = {score.name: score for score in summary.formats}
    yield "## Formats"
    yield ""
    yield "The open reports, and a sample of their planted errors, written as Word, PDF, web page and workbook and read"
    yield "again. In brackets: the same content as text. A workbook holds the tables alone; its findings, and those of"
    yield "the same tables as text, are counted where they rest on tables."
    yield ""
    yield f"| {' | '.join(_COLUMNS)} |"
    yield "|---" * len(_COLUMNS) + "|"
    for name, score in formats.items():
        if name != TABLES:
            yield _row(score, formats[TABLES] if name == "xlsx" and TABLES in formats else _as_text(summary, score))
    yield ""


def _as_text(summary: Summary, score: FormatScore) -> FormatScore:
    """The same reports and planted errors in the results over text."""
    reports, variants = {report.name for report in score.reports}, {variant.id for variant in score.variants}
    return FormatScore(
        name="text",
        reports=tuple(report for report in summary.reports if report.name in reports and not report.epoch),
        variants=tuple(variant for variant in summary.variants if variant.id in variants),
    )


def _row(score: FormatScore, text: FormatScore) -> str:
    due = sum(len(report.found) + len(report.missed) for report in score.reports)
    cells = (
        score.name,
        str(len(score.reports)),
        str(sum(report.failed is not None for report in score.reports)),
        f"{_found(score.reports)} ({_found(text.reports)})",
        str(due),
        f"{_hits(score.variants)} ({_hits(text.variants)})",
        str(len(score.variants)),
        f"{_alarms(score.reports)} ({_alarms(text.reports)})",
        f"{number(_recall(score.reports))} ({number(_recall(text.reports))})",
    )
    return f"| {' | '.join(cells)} |"


def _found(reports: Iterable[ReportScore]) -> int:
    return sum(len(report.found) for report in reports)


def _hits(variants: Iterable[VariantScore]) -> int:
    return sum(variant.detected for variant in variants)


def _alarms(reports: Iterable[ReportScore]) -> str:
    lines = [line for report in reports for line in report.false_alarms]
    return ", ".join(str(sum(line.startswith(f"{severity} ") for line in lines)) for severity in _SEVERITIES)


def _recall(reports: Iterable[ReportScore]) -> float | None:
    return sum((report.counts.get("figure.value_unit", Count()) for report in reports), Count()).recall
