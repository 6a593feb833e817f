"""Did a change make anything worse? The gate for every commit, and a comparison with intervals for people."""

from collections.abc import Iterator, Sequence

from eval.detecting import VariantScore
from eval.scoring import ReportScore
from eval.statistics import bootstrap
from eval.summary import METRICS, Measure, Summary


def losses(baseline: Summary, fresh: Summary) -> Iterator[str]:
    """Everything the baseline had that the fresh results have not, and every new false alarm, one line each.

    Reviews offline and with recorded answers are deterministic: there is no tolerance.
    """
    yield from _reports(baseline.reports, fresh.reports)
    yield from _variants(baseline.variants, fresh.variants)
    now = {score.name: score for score in fresh.formats}
    for before in baseline.formats:
        after = now.pop(before.name, None)
        if after is None:
            yield f"{before.name}: format no longer measured"
            continue
        lost = (*_reports(before.reports, after.reports), *_variants(before.variants, after.variants))
        yield from (f"{before.name}: {line}" for line in lost)
    yield from (f"{name}: format not in the baseline" for name in now)


def _reports(baseline: Sequence[ReportScore], fresh: Sequence[ReportScore]) -> Iterator[str]:
    now = {(report.name, report.epoch): report for report in fresh}
    for before in baseline:
        after = now.pop((before.name, before.epoch), None)
        if after is None:
            yield f"{before.name}: no longer reviewed"
            continue
        if after.failed and not before.failed:
            yield f"{before.name}: {after.failed}"
        yield from (f"{before.name}: finding lost: {line}" for line in _gone(before.found, after.found))
        yield from (f"{before.name}: false alarm: {line}" for line in _gone(after.false_alarms, before.false_alarms))
        yield from (f"{before.name}: trap sprung: {line}" for line in _gone(after.sprung, before.sprung))
    yield from (f"{name}: not in the baseline" for name, _ in now)


def _variants(baseline: Sequence[VariantScore], fresh: Sequence[VariantScore]) -> Iterator[str]:
    now = {variant.id: variant for variant in fresh}
    for before in baseline:
        after = now.get(before.id)
        if after is None:
            yield f"{before.id}: no longer reviewed"
        elif before.detected and not after.detected:
            yield f"{before.id}: planted error no longer detected{f': {after.failed}' if after.failed else ''}"


def _gone(before: Sequence[str], after: Sequence[str]) -> list[str]:
    left = list(after)
    gone = []
    for line in before:
        if line in left:
            left.remove(line)
        else:
            gone.append(line)
    return gone


def comparison(a: Summary, b: Summary) -> Iterator[str]:
    """Each metric of two results over the reports both have: values, difference B - A with its 95 % interval."""
    first, second = ({report.name: report for report in summary.reports if not report.epoch} for summary in (a, b))
    shared = sorted(first.keys() & second.keys())
    for name in sorted(first.keys() ^ second.keys()):
        yield f"only in {'A' if name in first else 'B'}: {name}"
    pairs = [(first[name], second[name]) for name in shared]
    width = max(map(len, METRICS))
    yield f"{len(pairs)} reports in both"
    yield f"{'':{width}}      A      B   B - A  95 % interval"
    for title, measure in METRICS.items():
        yield f"{title:{width}} {_compared(pairs, measure)}"
    both = {v.id for v in a.variants} & {v.id for v in b.variants}
    if both:
        hits = [sum(v.detected for v in summary.variants if v.id in both) for summary in (a, b)]
        yield f"planted errors detected: A {hits[0]}, B {hits[1]} of {len(both)}"
    yield from _formats(a, b)


def _formats(a: Summary, b: Summary) -> Iterator[str]:
    known = {score.name: score for score in a.formats}
    for after in b.formats:
        if (before := known.get(after.name)) is not None:
            told = [
                f"{sum(len(report.found) for report in score.reports)} findings, "
                f"{sum(variant.detected for variant in score.variants)} planted errors, "
                f"{sum(len(report.false_alarms) for report in score.reports)} false alarms"
                for score in (before, after)
            ]
            yield f"{after.name}: A {told[0]}; B {told[1]}"


def _compared(pairs: Sequence[tuple[ReportScore, ReportScore]], measure: Measure) -> str:
    def difference(drawn: Sequence[tuple[ReportScore, ReportScore]]) -> float | None:
        left, right = measure([x for x, _ in drawn]), measure([y for _, y in drawn])
        return None if left is None or right is None else right - left

    values = [measure([pair[side] for pair in pairs]) for side in (0, 1)]
    shown = "".join(f"{'-' if value is None else f'{value:.3f}':>7}" for value in values)
    between = difference(pairs)
    interval = bootstrap(pairs, difference)
    if between is None or interval is None:
        return shown
    tied = interval[0] <= 0 <= interval[1]
    return f"{shown} {between:+.3f}  [{interval[0]:+.3f}, {interval[1]:+.3f}]{'  tied' if tied else ''}"
