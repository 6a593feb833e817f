"""One measure stated more than once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.linking.closing import closing_scores
from reviewer.linking.index import TOTAL, Index
from reviewer.linking.names import MARKS, Name, is_plain, is_the_only, name_of, restatement, tie
from reviewer.linking.retold import retold
from reviewer.schema import (
    Claim,
    ClaimKind,
    Closure,
    Dimension,
    Role,
)

_MOST_BEFORE = 6
"""Figures named only alike that one is held against: the nearest ones."""
_SURE = Closure.COMPLETE
_TEMPLATE = 2
"""Names that two sections share by being written alike."""
_MOST_VALUES = 2
"""A name with more values than that names no one thing."""


def restatements(index: Index, first_id: int) -> list[Claim]:
    """Figures of one name, role, period and subject in two places, and scores told again at their section's end."""
    known = {
        frozenset((claim.operands[0].quantity, claim.result))
        for claim in index.reading.claims
        if claim.kind is ClaimKind.RESTATEMENT
    }
    named = _of_one_owner(index, list(_named_again(index)))
    found = [*_in_larger_units(index), *_perhaps_restated(index), *closing_scores(index), *named, *retold(index)]
    fresh: dict[frozenset[str | None], Claim] = {}
    for claim in found:
        pair = frozenset((claim.operands[0].quantity, claim.result))
        if pair not in known and _firmness(claim) > _firmness(fresh.get(pair)):
            fresh[pair] = claim
    return [claim.model_copy(update={"id": f"c{first_id + n}"}) for n, claim in enumerate(fresh.values())]


def _firmness(claim: Claim | None) -> int:
    """Of two ties between the same numbers the firmer counts."""
    return -1 if claim is None else (Closure.OPEN, Closure.LISTED, Closure.COMPLETE).index(claim.closure)


def _in_larger_units(index: Index) -> Iterator[Claim]:
    """「1,286.40万元，约合0.13亿元」."""
    gap = re.compile(load("restated")["context"]["apposition"])
    for first, again in pairwise(index.source.quantities):
        one, other = index.by_quantity.get(first.id), index.by_quantity.get(again.id)
        if one is None or other is None or first.unit == again.unit or first.span.document != again.span.document:
            continue
        words = index.source.document(first.span.document).text[first.span.end : again.span.start]
        if first.dimension is Dimension.MONEY and again.dimension is Dimension.MONEY and gap.match(plain(words)):
            yield restatement(one, other, one.concept, _SURE)


def _named_again(index: Index) -> Iterator[tuple[Claim, bool]]:
    """What is told twice, and whether the two names are one."""
    groups: dict[tuple[str, ...], list[Name]] = defaultdict(list)
    for figure in index.reading.figures:
        if name := name_of(index, figure):
            groups[name.kind].append(name)
    for names in groups.values():
        names.sort(key=lambda name: name.quantity.span.start)
        for number, name in enumerate(names):
            yield from _told_before(name, names[:number], names)


def _of_one_owner(index: Index, claims: list[tuple[Claim, bool]]) -> list[Claim]:
    """Without the names that two sections or tables share while their values mostly differ.

    Those that tell budget, spending and results of one project each are written alike and speak of different things.
    """
    pairs: dict[frozenset[str], list[Claim]] = defaultdict(list)
    same = [claim.result for claim, is_one in claims if is_one]
    for claim, _ in claims:
        pairs[frozenset(_place(index, name) for name in _numbers(claim))].append(claim)
    kept: list[Claim] = []
    for told in pairs.values():
        values = [claim for claim in told if index.by_quantity[claim.result or ""].role not in MARKS]
        equal = {claim.result for claim in values if len({_value(index, name) for name in _numbers(claim)}) == 1}
        unequal = [claim for claim in values if claim.result in same and claim.result not in equal]
        names = min(len({claim.operands[0].quantity for claim in unequal}), len({claim.result for claim in unequal}))
        own = (claim for claim in told if claim.concept not in (None, TOTAL, "target") and claim.closure is _SURE)
        kept += own if names >= _TEMPLATE and names > len(equal) else told
    return kept


def _place(index: Index, name: str) -> str:
    return index.source.quantity(name).span.table or index.by_quantity[name].section


def _value(index: Index, name: str) -> Decimal | None:
    return index.source.quantity(name).value


def _numbers(claim: Claim) -> list[str]:
    return [name for name in (claim.operands[0].quantity, claim.result) if name]


def _told_before(name: Name, before: list[Name], group: list[Name]) -> Iterator[tuple[Claim, bool]]:
    """The figure against the nearest one before it that surely is the same; else against those that may be."""
    ties = [(other, _tied(name, other, group)) for other in reversed(before)]
    sure = [other for other, closure in ties if closure is _SURE]
    if sure:
        concept = "target" if name.figure.role is Role.TARGET else name.term
        yield restatement(sure[0].figure, name.figure, concept, _SURE), sure[0].core == name.core
        return
    loose = [(other, closure) for other, closure in ties if closure is not None]
    for other, closure in loose[:_MOST_BEFORE]:
        yield restatement(other.figure, name.figure, name.term, closure), other.core == name.core


def _tied(name: Name, other: Name, group: list[Name]) -> Closure | None:
    closure = tie(name, other)
    if closure is _SURE and name.term is None and _values(name, group) > _MOST_VALUES:
        return Closure.LISTED
    if closure in (Closure.OPEN, Closure.LISTED) and is_the_only(name, other, group):
        return _SURE
    return closure


def _values(name: Name, group: Iterable[Name]) -> int:
    return len({other.quantity.value for other in group if other.core == name.core})


def _perhaps_restated(index: Index) -> Iterator[Claim]:
    """A budget of unnamed kind beside an initial or adjusted one of the same measure: perhaps the same, perhaps not."""
    plain_ones = [
        figure
        for figure in index.reading.figures
        if figure.concept is not None
        and figure.concept != TOTAL
        and figure.subject is None
        and index.quantity(figure).dimension is Dimension.MONEY
        and is_plain(figure.measure)
    ]
    for figure in (f for f in plain_ones if f.role is Role.BUDGET):
        named = [
            other
            for other in plain_ones
            if (other.concept, other.period) == (figure.concept, figure.period)
            and index.quantity(other).span.document == index.quantity(figure).span.document
            and other.role in (Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
        ]
        # One of them fits, or the reader has to ask: only a budget that is neither is worth a question.
        values = {index.quantity(other).value for other in named}
        if named and index.quantity(figure).value not in values:
            yield restatement(named[0], figure, "unnamed_budget", _SURE)
