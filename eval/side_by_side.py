"""The reports that have recorded answers, reviewed without and with them: what a model adds, and what it costs."""

from collections.abc import Iterator, Sequence

from eval.scoring import ReportScore
from eval.statistics import bootstrap
from eval.summary import METRICS, Measure, Summary, alarms_on_sound, price, tokens

_SHOWN = (
    "figures, with role: F1",
    "figures, with measure: F1",
    "figures, with measure and role: F1",
    "claims, all: F1",
    "claims, contradicted: F1",
    "findings, numeric: P",
    "findings, numeric: R",
    "errors: P",
    "errors: R",
    "warnings: P",
    "traps kept out of",
    "indicators, found: R",
    "indicators, flagged: P",
    "indicators, flagged: R",
    "indicators, flagged: F1",
    "indicators, issues: F1",
    "judgement defects: P",
    "judgement defects: R",
    "coverage",
)
_MORE = ("figures, with role: F1", "indicators, flagged: F1", "indicators, issues: F1", "judgement defects: R")
"""What a model has to be better at than the rules."""
_JUDGED = 0.85

Pair = tuple[ReportScore, ReportScore]


def number(value: float | None) -> str:
    """A share to three places, or a dash."""
    return "–" if value is None else f"{value:.3f}"


def side_by_side(offline: Summary, replayed: Summary) -> Iterator[str]:
    """The chapter of the page, over the reports that both results hold."""
    own = {report.name: report for report in offline.reports}
    pairs = [(own[report.name], report) for report in replayed.reports if report.name in own]
    prompt, answer = tokens(merged for _, merged in pairs)
    cost = price(merged for _, merged in pairs)
    yield "## With a language model"
    yield ""
    yield "The answers are recorded: people answered the exact prompts, without sight of the labels or of any rule."
    yield "They show what the merging makes of good answers; **they are not a benchmark of any named model.**"
    yield ""
    yield f"{len(pairs)} readings of {len({merged.name for _, merged in pairs})} reports, "
    yield f"{prompt / len(pairs):,.0f} prompt and {answer / len(pairs):,.0f} answer tokens a report (estimated), "
    yield f"price: {'unpriced' if cost is None else f'${cost}'}."
    yield ""
    yield "| asked | reached | |"
    yield "|---|---|---|"
    for title, met, reached in _bars(pairs):
        yield f"| {title} | {reached} | {'met' if met else '**missed**'} |"
    yield ""
    for title, chosen in (
        ("All reports with recorded answers", pairs),
        ("Frozen ones among them", [pair for pair in pairs if pair[0].set == "frozen"]),
    ):
        if chosen:
            yield from _table(title, chosen)


def _bars(pairs: Sequence[Pair]) -> Iterator[tuple[str, bool, str]]:
    for name in _MORE:
        left, right = (_value(pairs, METRICS[name], side) or 0.0 for side in (0, 1))
        yield f"{name}: merged beats offline", right > left, f"{number(left)} → {number(right)}"
    judged = _value(pairs, METRICS["judgement defects: R"], 1)
    yield f"judgement defects reported ≥ {_JUDGED}", (judged or 0.0) >= _JUDGED, number(judged)
    alarms = [sum(_false_errors(pair[side]) for pair in pairs) for side in (0, 1)]
    yield "no more false alarms of level error", alarms[1] <= alarms[0], f"{alarms[0]} → {alarms[1]}"


def _false_errors(report: ReportScore) -> int:
    return report.counts["severity.error"].wrong if "severity.error" in report.counts else 0


def _value(pairs: Sequence[Pair], measure: Measure, side: int) -> float | None:
    return measure([pair[side] for pair in pairs])


def _table(title: str, pairs: Sequence[Pair]) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    yield "| | offline | merged | difference, 95 % interval |"
    yield "|---|---|---|---|"
    for name in _SHOWN:
        measure = METRICS[name]
        left, right = (_value(pairs, measure, side) for side in (0, 1))
        yield f"| {name} | {number(left)} | {number(right)} | {_difference(pairs, measure)} |"
    for severity in ("error", "warning"):
        counts = [alarms_on_sound((pair[side] for pair in pairs if pair[side].sound), severity) for side in (0, 1)]
        yield f"| false alarms of level {severity} on sound reports | {counts[0]} | {counts[1]} | |"
    yield ""


def _difference(pairs: Sequence[Pair], measure: Measure) -> str:
    def between(drawn: Sequence[Pair]) -> float | None:
        left, right = (_value(drawn, measure, side) for side in (0, 1))
        return None if left is None or right is None else right - left

    interval, value = bootstrap(pairs, between), between(pairs)
    if interval is None or value is None:
        return ""
    tied = ", tied" if interval[0] <= 0 <= interval[1] else ""
    return f"{value:+.3f} [{interval[0]:+.3f}, {interval[1]:+.3f}]{tied}"
