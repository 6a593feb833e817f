"""The arithmetic of labels: does a labelled relation hold for the printed numbers? Shares no code with the tool."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor

from eval.labels import ClaimLabel, ClaimName
from eval.printed import Printed

Interval = tuple[Fraction, Fraction]
Figures = Mapping[str, Printed]


class NotComputable(ValueError):
    """A claim that lacks what its kind needs, or names a figure that is not labelled."""


def holds(claim: ClaimLabel, figures: Figures) -> bool:
    """Whether some numbers that round to the printed ones make the relation true. NotComputable when it cannot be
    told what the relation is."""
    return _RULES[claim.kind](claim, figures)


def _figure(name: str | None, figures: Figures) -> Printed:
    if name is None:
        raise NotComputable("a figure is missing")
    if name not in figures:
        raise NotComputable(f"no figure {name}")
    return figures[name]


def _meet(a: Interval, b: Interval) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _of(printed: Printed) -> Interval:
    return printed.low, printed.high


def _linear(claim: ClaimLabel, figures: Figures) -> bool:
    if not claim.plus:
        raise NotComputable("plus is empty")
    plus = [_figure(name, figures) for name in claim.plus]
    minus = [_figure(name, figures) for name in claim.minus]
    low = sum((p.low for p in plus), Fraction()) - sum((m.high for m in minus), Fraction())
    high = sum((p.high for p in plus), Fraction()) - sum((m.low for m in minus), Fraction())
    return _meet((low, high), _of(_figure(claim.result, figures)))


def _quotient(top: Printed, bottom: Printed) -> Interval:
    if bottom.low <= 0 <= bottom.high:
        raise NotComputable("division by zero")
    per = Fraction(1) if top.unit == bottom.unit else bottom.per / top.per
    ends = [a / b * per for a in _of(top) for b in _of(bottom)]
    return min(ends), max(ends)


def _over(claim: ClaimLabel, figures: Figures) -> bool:
    if claim.over is None:
        raise NotComputable("over is missing")
    top, bottom = (_figure(name, figures) for name in claim.over)
    return _meet(_quotient(top, bottom), _of(_figure(claim.result, figures)))


def _change(claim: ClaimLabel, figures: Figures) -> bool:
    if claim.change is None:
        raise NotComputable("change is missing")
    current, base = (_figure(name, figures) for name in claim.change)
    low, high = (end - 1 for end in _quotient(current, base))
    if claim.direction == "down":
        low, high = -high, -low
    return _meet((low, high), _of(_figure(claim.result, figures)))


def _same(claim: ClaimLabel, figures: Figures) -> bool:
    if len(claim.same) < 2:
        raise NotComputable("same needs two figures")
    told = [_figure(name, figures) for name in claim.same]
    return all(
        a.base == b.base if a.ulp * a.scale == b.ulp * b.scale else _meet(_of(a), _of(b)) for a in told for b in told
    )


def _cap(claim: ClaimLabel, figures: Figures) -> bool:
    if claim.cap is None:
        raise NotComputable("cap is missing")
    score, full = (_figure(name, figures) for name in claim.cap)
    return score.base <= full.base


def _product(claim: ClaimLabel, figures: Figures) -> bool:
    if len(claim.product) < 2:
        raise NotComputable("product needs two figures")
    low = high = Fraction(1)
    for name in claim.product:
        factor = _figure(name, figures)
        # "0.5 marks for each percentage point": points count as a number of things.
        scale = factor.scale if factor.unit == "百分点" else Fraction(1)
        low, high = low * factor.low / scale, high * factor.high / scale
    result = _figure(claim.result, figures)
    # A score may be rounded to any digit it is printed to; nothing else of it is in doubt.
    half = result.ulp * result.scale / 2
    return _meet((low, high), (result.base - half, result.base + half))


def _target(claim: ClaimLabel, figures: Figures) -> bool:
    actual, target = _figure(claim.actual, figures), _figure(claim.target, figures)
    return actual.base <= target.base if claim.direction == "<=" else actual.base >= target.base


def _grade(claim: ClaimLabel, figures: Figures) -> bool:
    if claim.low is None or claim.high is None:
        raise NotComputable("low or high is missing")
    score = _figure(claim.score, figures).value
    return Fraction(claim.low) <= score and (score < Fraction(claim.high) or claim.high == "100")


def _count(claim: ClaimLabel, figures: Figures) -> bool:
    return _figure(claim.count, figures).base == len(claim.items)


def _bound(claim: ClaimLabel, figures: Figures) -> bool:
    if claim.less is not None:
        part, whole = (_figure(name, figures) for name in claim.less)
        return part.low <= whole.high
    if claim.possible is None:
        raise NotComputable("less or possible is missing")
    rate, whole = (_figure(name, figures) for name in claim.possible)
    n = whole.base
    return floor(rate.high * n) >= ceil(rate.low * n)


_RULES: dict[ClaimName, Callable[[ClaimLabel, Figures], bool]] = {
    ClaimName.SUM: _linear,
    ClaimName.DIFFERENCE: _linear,
    ClaimName.BALANCE: _linear,
    ClaimName.SCORE_TOTAL: _linear,
    ClaimName.SHARE: _over,
    ClaimName.RATIO: _over,
    ClaimName.CHANGE: _change,
    ClaimName.RESTATEMENT: _same,
    ClaimName.SCORE_CAP: _cap,
    ClaimName.SCORE_RULE: _product,
    ClaimName.TARGET_MET: _target,
    ClaimName.GRADE: _grade,
    ClaimName.COUNT_OF_LIST: _count,
    ClaimName.BOUND: _bound,
}
