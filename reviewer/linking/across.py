"""One measure in two documents of a dossier: the report against its forms and accounts.

Documents are held against each other only where they speak of the same unit, year and scope; of two that may not (a
department's report, a project's form), names that are alike are told only where the values are a slip apart.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import combinations

from reviewer.lexicon.measures import plain
from reviewer.linking.index import Index
from reviewer.linking.names import Name, is_the_only, name_of, restatement, tie, told_twice
from reviewer.linking.naming import OWN_TOTAL, named
from reviewer.schema import Claim, ClaimKind, Closure, Document, DocumentKind, Quantity, Role

CONCEPT = "across"
"""What marks a claim as one between documents."""
_WHOLE_UNIT = (DocumentKind.DEPARTMENT_OVERALL, DocumentKind.ACCOUNTS)
_TOTAL_ROWS = ("总分", "合计", "总计", "总得分", "自评总分", "得分合计")
_FULL = 100


class _Scope(IntEnum):
    """Whether two documents speak of the same thing."""

    APART = 0
    UNSURE = 1
    SAME = 2


def across_documents(index: Index, first_id: int) -> list[Claim]:
    """Restatements between documents: of total scores and of everything that has the same name."""
    found: list[Claim] = []
    if len(index.source.documents) > 1:
        names, totals = _named(index), _total_scores(index)
        for one, other in combinations(index.source.documents, 2):
            scope = _scope(one, other)
            if scope is _Scope.SAME:
                found += _scores(index, totals.get(one.id, []), totals.get(other.id, []))
            if scope is not _Scope.APART:
                found += _restated(names.get(one.id, []), names.get(other.id, []), scope)
    return [claim.model_copy(update={"id": f"c{first_id + number}"}) for number, claim in enumerate(found)]


def _scope(one: Document, other: Document) -> _Scope:
    if not other.names(one.unit) or (one.year and other.year and one.year != other.year):
        return _Scope.APART
    if not _may_be_one(one.unit, other.unit):
        return _Scope.UNSURE  # a subordinate's form, which names the unit above it
    if one.kind in _WHOLE_UNIT and other.kind in _WHOLE_UNIT:
        return _Scope.SAME
    named = one.project is not None and other.project is not None
    if named and not _may_be_one(one.project, other.project):
        return _Scope.APART
    if one.kind is other.kind and one.kind in (DocumentKind.PROJECT, DocumentKind.EVALUATION) and named:
        return _Scope.SAME
    return _Scope.UNSURE


def _may_be_one(one: str | None, other: str | None) -> bool:
    """Whether two names may be one's: one is unknown, or written out longer than the other."""
    return not one or not other or plain(one) in plain(other) or plain(other) in plain(one)


def _named(index: Index) -> dict[str, list[Name]]:
    """The names of each document's figures, in the order of its text."""
    names: dict[str, list[Name]] = defaultdict(list)
    for figure in index.reading.figures:
        if figure.role not in (Role.SCORE, Role.FULL_MARK) and (name := name_of(index, figure)):
            names[name.quantity.span.document].append(name)
    for group in names.values():
        group.sort(key=lambda name: name.quantity.span.start)
    return names


def _restated(one: Sequence[Name], other: Sequence[Name], scope: _Scope) -> Iterator[Claim]:
    """Of each name in the second document, the figure of the first that it restates."""
    kinds: dict[tuple[str, ...], tuple[list[Name], list[Name]]] = defaultdict(lambda: ([], []))
    for side, names in enumerate((one, other)):
        for name in names:
            kinds[name.kind[1:]][side].append(name)
    told: set[tuple[object, ...]] = set()
    for firsts, seconds in kinds.values():
        for again in seconds:
            key = (again.term or again.core, again.figure.role, again.kind[1:])
            if key in told:
                continue
            ties = [(first, _tied(first, again, firsts + seconds, scope)) for first in firsts]
            pairs = [(first, closure) for first, closure in ties if closure is not None]
            if not pairs:
                continue
            told.add(key)
            alike = [name for name in seconds if (name.term or name.core, name.figure.role) == key[:2]]
            yield _claim(pairs, alike)


def _claim(pairs: Sequence[tuple[Name, Closure]], alike: Sequence[Name]) -> Claim:
    """One claim for a name: where any two of its values agree, the documents do."""
    for first, closure in pairs:
        for name in alike:
            if first.quantity.may_equal(name.quantity):
                return restatement(first.figure, name.figure, CONCEPT, closure)
    first, closure = max(pairs, key=lambda pair: tuple(Closure).index(pair[1]))
    return restatement(first.figure, alike[0].figure, CONCEPT, closure)


def _tied(one: Name, other: Name, group: list[Name], scope: _Scope) -> Closure | None:
    """How firmly two names in two documents are one; None where nothing can be said."""
    if one.term and other.term:
        same = one.term == other.term and one.funds == other.funds and one.marks == other.marks
        # 年初预算数 and 调整预算数 are two things; an unnamed budget may be either.
        exact = one.figure.role is other.figure.role and one.figure.role is not Role.BUDGET
        return Closure.COMPLETE if same and exact and scope is _Scope.SAME else None
    closure = tie(one, other)
    if closure is Closure.OPEN and is_the_only(one, other, group):
        closure = Closure.LISTED
    if closure is Closure.OPEN:
        return None
    return Closure.LISTED if closure and scope is _Scope.UNSURE else closure


def _scores(index: Index, first: Sequence[Quantity], again: Sequence[Quantity]) -> Iterator[Claim]:
    """The total score that both documents print."""
    if not first or not again:
        return
    values = {quantity.value for quantity in first}
    told = next((quantity for quantity in again if quantity.value in values), again[0])
    before = next((quantity for quantity in first if quantity.value == told.value), first[0])
    section = index.by_quantity[told.id].section
    yield told_twice(before.id, told.id, CONCEPT, Closure.COMPLETE, section=section, by=index.by_quantity[told.id].by)


def _total_scores(index: Index) -> dict[str, list[Quantity]]:
    """Scores of each whole document: named so in prose, or in the row of a table whose full mark is 100."""
    summed = {claim.result for claim in index.reading.claims if claim.kind is ClaimKind.SCORE_TOTAL}
    marks = (index.quantity(figure) for figure in index.reading.figures if figure.role is Role.FULL_MARK)
    full = {_row(mark) for mark in marks if mark.value == _FULL}
    totals: dict[str, list[Quantity]] = defaultdict(list)
    for figure in named(index):
        if figure.role is not Role.SCORE:
            continue
        score = index.quantity(figure)
        told = score.span.table is None and figure.measure == OWN_TOTAL
        summed_up = score.id in summed and _row(score) in full and plain(figure.measure) in _TOTAL_ROWS
        if told or summed_up:
            totals[score.span.document].append(score)
    return totals


def _row(quantity: Quantity) -> tuple[str, str | None, int | None]:
    return quantity.span.document, quantity.span.table, quantity.span.row
