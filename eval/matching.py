"""Which part of a review answers which label. Places decide, never wording: evidence and numbers must meet."""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from eval.labels import ClaimLabel, ClaimName
from eval.printed import split_unit
from eval.quoting import Stretch, any_meet
from eval.resolving import ExpectedFigure, ExpectedFinding, ExpectedTrap, Resolved
from eval.validating import figures_of
from reviewer.schema import Bound, Claim, Figure, Finding, Indicator, OperandRole, Quantity, QuantityKind, Review, Span

_COMPUTED = frozenset(
    {"sum", "difference", "balance", "score_total", "ratio", "share", "change", "score_rule"}
)  # told apart by their numbers: which of them a relation is called is a matter of taste
_MAIN = {OperandRole.ITEM, OperandRole.ACTUAL}


def stretch_of(span: Span) -> Stretch:
    """A span of a review as a stretch of the document's text."""
    return Stretch(span.start, span.end)


def base_value(quantity: Quantity) -> Fraction | None:
    """A quantity in its base unit, by the unit's name as the harness reads it."""
    if quantity.value is None:
        return None
    if _is_fraction(quantity):
        return Fraction(int(quantity.numerator or 0), int(quantity.denominator or 1))
    return Fraction(quantity.value) * split_unit(quantity.unit or "")[0]


def same_number(expected: ExpectedFigure, quantity: Quantity) -> bool:
    """Whether a quantity has the value and the unit a label states; of a range, either of its printed ends."""
    if quantity.bound is Bound.RANGE and quantity.low is not None and quantity.high is not None:
        ends = (
            quantity.model_copy(update={"value": end, "bound": Bound.EXACT}) for end in (quantity.low, quantity.high)
        )
        return any(same_number(expected, end) for end in ends)
    if expected.printed is None or base_value(quantity) != expected.printed.base:
        return False
    return _is_fraction(quantity) or split_unit(quantity.unit or "")[1] == expected.printed.unit


def _is_fraction(quantity: Quantity) -> bool:
    return quantity.denominator is not None


def same_measure(expected: ExpectedFigure, figure: Figure) -> bool:
    """Whether a figure is named as a label names it: one name holds the other, and is at most twice as long."""
    told = {_plain(figure.measure), _plain((figure.subject or "") + figure.measure)}
    for name in map(_plain, expected.measures):
        for words in told:
            short, long = sorted((name, words), key=len)
            if short and short in long and len(long) <= 2 * len(short):
                return True
    return False


def _plain(words: str) -> str:
    return "".join(c for c in words if c not in "“”\"'‘’的 \t\n（）()《》、，")


class Reviewed:
    """A review with the look-ups that matching needs."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self._quantities = {quantity.id: quantity for quantity in review.quantities}
        self._claims = {claim.id: claim for claim in review.claims}
        self._figures = {figure.quantity: figure for figure in review.figures}
        self.measuring = [q for q in review.quantities if q.kind is QuantityKind.QUANTITY]

    def figure_of(self, quantity: Quantity) -> Figure | None:
        """What the review says a number means."""
        return self._figures.get(quantity.id)

    def at(self, stretch: Stretch) -> Quantity | None:
        """The measuring number that meets a stretch."""
        return next((q for q in self.measuring if stretch_of(q.span).meets(stretch)), None)

    def of_claim(self, claim: Claim, *, main: bool = False) -> list[Quantity]:
        """The numbers a claim rests on; with `main` only the ones a cap or a target is about."""
        ids = [o.quantity for o in claim.operands if o.quantity and (not main or o.role in _MAIN)]
        if claim.result and not main:
            ids.append(claim.result)
        return [self._quantities[name] for name in dict.fromkeys(ids)]

    def evidence(self, finding: Finding) -> list[Stretch]:
        """The stretches a finding quotes."""
        return [stretch_of(evidence.span) for evidence in finding.evidence]

    def numbers(self, finding: Finding) -> list[Stretch]:
        """The numbers a finding is about: those of its claims, else all that it quotes."""
        claimed = [q for name in finding.claims for q in self.of_claim(self._claims[name])]
        quoted = self.evidence(finding)
        told = claimed or [q for q in self.measuring if any(stretch_of(q.span).meets(e) for e in quoted)]
        return [stretch_of(q.span) for q in told]


def raises(reviewed: Reviewed, finding: Finding, expected: ExpectedFinding) -> bool:
    """Whether a finding of the tool is the one a label asks for: its family, and its numbers or its words."""
    if finding.code[:3] not in expected.label.family:
        return False
    if expected.numbers and not finding.indicators:
        return any_meet(reviewed.numbers(finding), expected.numbers)
    return any_meet(reviewed.evidence(finding), expected.places)


def springs(reviewed: Reviewed, finding: Finding, trap: ExpectedTrap) -> bool:
    """Whether a finding rests on what a trap says is in order."""
    if trap.label.families and finding.code[:3] not in trap.label.families:
        return False
    if trap.numbers and not finding.indicators:
        return any_meet(reviewed.numbers(finding), trap.numbers)
    return any_meet(reviewed.evidence(finding), (trap.place,))


def _kind(name: str) -> str:
    return "computed" if name in _COMPUTED else name


def _values(values: Iterable[Fraction | None]) -> Counter[Fraction | None]:
    return Counter(None if value is None else abs(value) for value in values)


def pair_claims(reviewed: Reviewed, resolved: Resolved) -> Iterator[tuple[ClaimLabel | None, Claim | None]]:
    """Each labelled claim with the tool's claim about the same numbers, and what is left on either side.

    Computed relations are the same when all their numbers are; of several the one in the label's own place. The others
    are the same when they are about the same number, a restatement when both its numbers are in the label's.
    """
    left = list(reviewed.review.claims)
    for label in resolved.claims:
        candidates = [claim for claim in left if _same_claim(reviewed, resolved, claim, label)]
        own = set(_stretches(resolved, figures_of(label)))
        candidates.sort(key=lambda claim: -sum(stretch_of(q.span) in own for q in reviewed.of_claim(claim)))
        best = candidates[0] if candidates else None
        if label.kind is ClaimName.RESTATEMENT:
            left = [claim for claim in left if claim not in candidates]
        elif best is not None:
            left.remove(best)
        yield label, best
    for claim in left:
        yield None, claim


def _stretches(resolved: Resolved, names: Iterable[str]) -> list[Stretch]:
    return [resolved.figures[name].stretch for name in names if name in resolved.figures]


def _same_claim(reviewed: Reviewed, resolved: Resolved, claim: Claim, label: ClaimLabel) -> bool:
    if _kind(claim.kind.value) != _kind(label.kind.value):
        return False
    if _kind(label.kind.value) == "computed":
        # 「满分均为5分，四项全部满分」 adds one printed number four times; a claim names it once.
        names = dict.fromkeys(figures_of(label))
        told = _values(resolved.printed[n].base if n in resolved.printed else None for n in names)
        return told == _values(base_value(q) for q in reviewed.of_claim(claim))
    if label.kind is ClaimName.RESTATEMENT:
        own = _stretches(resolved, label.same)
        return all(any_meet([stretch_of(q.span)], own) for q in reviewed.of_claim(claim))
    main = {
        ClaimName.SCORE_CAP: label.cap[:1] if label.cap else (),
        ClaimName.TARGET_MET: (label.actual or "",),
        ClaimName.GRADE: (label.score or "",),
        ClaimName.COUNT_OF_LIST: (label.count or "",),
        ClaimName.BOUND: (*(label.less or ()), *(label.possible or ())),
    }[label.kind]
    numbers = reviewed.of_claim(claim, main=label.kind in (ClaimName.SCORE_CAP, ClaimName.TARGET_MET))
    return any_meet([stretch_of(q.span) for q in numbers], _stretches(resolved, main))


def pair_indicators(review: Review, resolved: Resolved) -> Iterator[tuple[tuple[str, ...] | None, Indicator | None]]:
    """Each labelled indicator's issues with the tool's indicator in the same place, and what is left on either side."""
    left = list(review.indicators)
    for label in resolved.labels.indicators:
        place = resolved.place(label.at, label.nth)
        near = [i for i in left if place and stretch_of(i.span).meets(place.whole)]
        found = min(near, key=lambda i: abs(i.span.start - place.whole.start) if place else 0, default=None)
        if found is not None:
            left.remove(found)
        yield label.issues, found
    for indicator in left:
        yield None, indicator
