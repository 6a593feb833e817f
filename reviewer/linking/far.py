"""Rates whose operands stand in another part of the report: counted cases, staff, the budget by another base.

A table prints 「抽查合格率 93.75%」 and a paragraph 「抽查的160段中，150段合格」; a heading of the scoring chapter
names 在职人员控制率, and the first chapter the posts and the persons. Names lead from one to the other; judging then
lets only a single slip contradict.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain, rate_in
from reviewer.linking.index import TOTAL, Index
from reviewer.linking.names import headed
from reviewer.linking.wording import stretch
from reviewer.schema import (
    Bound,
    Claim,
    ClaimKind,
    Closure,
    Dimension,
    Figure,
    Operand,
    OperandRole,
    OperandSet,
    Quantity,
    QuantityKind,
    Role,
    Sentence,
)

_N, _D, _S = OperandRole.NUMERATOR, OperandRole.DENOMINATOR, OperandRole.SUBTRAHEND
_COUNTED = (Dimension.COUNT, Dimension.MEASURE)
_RATED = (Role.RATE, Role.ACTUAL, Role.SHARE)
_BUDGETS = (Role.BUDGET_ADJUSTED, Role.BUDGET)
_HEAD, _GRAM, _NOUN, _NAME = 2, 2, 3, 4
"""Characters of the word that says what a rate counts, of a word shared, of a noun that two places share, of a name."""
_MOST = 6
_ALL = 100
_STOPS = re.compile("[，,。；;：:！？\n|（(0-9]")
Operands = tuple[tuple[OperandRole, str], ...]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("far")[name])


@dataclass(frozen=True)
class _Rate:
    """A percentage with its name."""

    figure: Figure
    quantity: Quantity
    name: str

    @cached_property
    def stem(self) -> str:
        return re.sub(_pattern("ending"), "", self.name)

    @property
    def head(self) -> str:
        """What makes a case one of those that count: 合格 of 日常养护抽查合格率."""
        return self.stem[-_HEAD:]

    @property
    def front(self) -> str:
        """Of what cases it speaks: 日常养护抽查."""
        return re.sub(_pattern("bland"), "", self.stem[:-_HEAD])


def far_claims(index: Index, first_id: int) -> list[Claim]:
    """Each rate without operands of its own, by those that its name leads to."""
    found = [claim for rate in _rates(index) for claim in _claims(index, rate)]
    return [claim.model_copy(update={"id": f"c{first_id + n}"}) for n, claim in enumerate(found)]


def _rates(index: Index) -> Iterator[_Rate]:
    for figure in index.reading.figures:
        quantity = index.quantity(figure)
        percent = quantity.dimension is Dimension.PERCENT and quantity.bound is Bound.EXACT
        if not percent or quantity.value in (0, _ALL, None) or figure.role not in _RATED:
            continue
        year = index.source.document(quantity.span.document).year
        if year is not None and figure.period != str(year):
            continue
        own = plain(figure.measure)
        generic = _pattern("generic").fullmatch(own)
        yield _Rate(figure, quantity, (headed(index, figure, quantity) if generic else own))


def _claims(index: Index, rate: _Rate) -> Iterator[Claim]:
    for find in (_by_other_base, _of_heading, _of_staff, _of_adjustment, _of_goal, _of_cases, _of_counted_noun):
        if readings := find(index, rate):
            # A rate of fulfilment by its own goal's name leaves no doubt what it is of.
            yield _claim(rate, _different(index, readings), sure=find is _of_goal)
            return


def _different(index: Index, readings: Sequence[Operands]) -> list[Operands]:
    """Without readings that divide the same numbers, printed elsewhere."""
    kept: dict[tuple[object, ...], Operands] = {}
    for reading in readings:
        values = (index.source.quantity(name) for _, name in reading)
        kept.setdefault(tuple((q.value, q.scale) for q in values), reading)
    return list(kept.values())


def _claim(rate: _Rate, readings: Sequence[Operands], *, sure: bool) -> Claim:
    sets = [tuple(Operand(role=role, quantity=name) for role, name in reading) for reading in readings]
    return Claim(
        id="",
        kind=ClaimKind.RATIO,
        operands=sets[0],
        result=rate.quantity.id,
        concept="nearby",
        closure=Closure.OPEN if len(sets) > 1 else Closure.COMPLETE if sure else Closure.LISTED,
        tied=False,
        alternatives=tuple(OperandSet(label="", operands=other, permitted=True) for other in sets[1:]),
        section=rate.figure.section,
        by=rate.figure.by,
    )


def _sentence(index: Index, quantity: Quantity) -> Sentence | None:
    return index.source.sentence_at(quantity.span.document, quantity.span.start)


def _before(index: Index, quantity: Quantity) -> str:
    """The words of its sentence before a number."""
    sentence = _sentence(index, quantity)
    text = index.source.document(quantity.span.document).text
    return plain(text[sentence.span.start : quantity.span.start]) if sentence else ""


def _amounts(index: Index, rate: _Rate, roles: Sequence[Role]) -> list[Figure]:
    near = rate.figure.model_copy(update={"subject": None})
    return index.find(TOTAL, [role.value for role in roles], near)[:_MOST]


def _by_other_base(index: Index, rate: _Rate) -> list[Operands]:
    """「如改以年初预算为基数，该比率为103.51%」."""
    told = list(_pattern("base").finditer(_before(index, rate.quantity)))
    own = _pattern("own_base").search(plain(rate.figure.measure))
    if not own and not (told and _pattern("of_spending").search(rate.figure.measure)):
        return []
    base = own.group() if own else told[-1].group("base")
    named = (("initial", (Role.BUDGET_INITIAL,)), ("adjusted", _BUDGETS), ("received", (Role.RECEIVED,)))
    roles = next((roles for name, roles in named if _pattern(name).search(base)), ())
    below = _amounts(index, rate, roles)
    if Role.RECEIVED in roles:
        below = [
            f
            for f in index.reading.figures
            if f.role is Role.RECEIVED and index.quantity(f).dimension is Dimension.MONEY and f.subject is None
        ]
    return [
        ((_N, spent.quantity), (_D, other.quantity))
        for spent in _amounts(index, rate, (Role.ACTUAL,))
        for other in below
    ]


def _of_heading(index: Index, rate: _Rate) -> list[Operands]:
    """三公经费控制率 in a heading, and under it 「实际支出相当于预算的98.42%」."""
    named = rate_in(rate.name) if rate.name != plain(rate.figure.measure) else None
    if named is None or named[0].of is None:
        return []
    near = rate.figure.model_copy(update={"subject": None})
    return [
        ((_N, spent.quantity), (_D, planned.quantity))
        for spent in index.find(named[0].of, named[0].numerator, near)[:_MOST]
        for planned in index.find(named[0].of, named[0].denominators, near)[:_MOST]
    ]


def _of_staff(index: Index, rate: _Rate) -> list[Operands]:
    """在职人员控制率: persons over posts, printed once each in the chapter on the unit."""
    if not _pattern("staff_rate").search(rate.name):
        return []
    people = [f for f in index.reading.figures if index.quantity(f).bound is Bound.EXACT and f.subject is None]
    own = [f for f in people if f.role is Role.HEADCOUNT and _pattern("in_service").search(plain(f.measure))]
    posts = [f for f in people if f.role is Role.ESTABLISHMENT]
    return [((_N, n.quantity), (_D, d.quantity)) for n in own[:_MOST] for d in posts[:_MOST]]


def _of_adjustment(index: Index, rate: _Rate) -> list[Operands]:
    """预算调整率: how far the adjusted budget lies from the initial one."""
    if not _pattern("adjustment_rate").search(rate.name):
        return []
    return [
        ((_N, later.quantity), (_S, first.quantity), (_D, first.quantity))
        for first in _amounts(index, rate, (Role.BUDGET_INITIAL,))
        for later in _amounts(index, rate, _BUDGETS)
    ]


def _of_goal(index: Index, rate: _Rate) -> list[Operands]:
    """「受益人口完成率97%」: what was reached of that name over its target, in a table or where the goals are set."""
    told = re.search(_pattern("fulfilled"), rate.name)
    if told is None:
        return []
    named = [f for f in index.reading.figures if plain(f.measure).endswith(told.group("name"))]
    targets = [f for f in named if f.role is Role.TARGET and index.quantity(f).dimension in _COUNTED]
    reached = [f for f in named if f.role in (Role.ACTUAL, Role.COUNT) and index.quantity(f).dimension in _COUNTED]
    return [
        ((_N, done.quantity), (_D, aim.quantity))
        for done in reached[:_MOST]
        for aim in targets[:_MOST]
        if index.quantity(done).unit == index.quantity(aim).unit
    ]


def _of_cases(index: Index, rate: _Rate) -> list[Operands]:
    """Two numbers of one unit in a sentence that speaks of the same cases, one of them of what the rate counts."""
    if (
        rate.figure.role is Role.SHARE
        or len(rate.front) < _GRAM
        or not _pattern("ending").search(rate.name)
        or _pattern("no_cases").search(rate.name)
    ):
        return []
    own = _sentence(index, rate.quantity)
    found = []
    for sentence in index.source.sentences:
        if sentence.span.document != rate.quantity.span.document or (own and sentence.id == own.id):
            continue
        words = plain(index.source.text(sentence.span))
        if len(shared := stretch(rate.front, words)) * 2 < len(rate.front) or len(shared) < _GRAM:
            continue
        found += [(len(shared), pair) for pair in _cases(index, sentence, rate)]
    best = max((size for size, _ in found), default=0)
    return [pair for size, pair in found if size == best][:_MOST]


def _cases(index: Index, sentence: Sentence, rate: _Rate) -> Iterator[Operands]:
    span = sentence.span
    numbers = [
        q
        for q in index.source.within(span.document, span.start, span.end)
        if q.kind is QuantityKind.QUANTITY and q.dimension in _COUNTED and q.bound is Bound.EXACT
    ]
    for n in numbers:
        words = _around(index, n)
        if rate.head not in words or _pattern("not").search(words.split(rate.head)[0][-_HEAD:]):
            continue
        for d in numbers:
            if d.span.start < n.span.start and d.unit == n.unit and rate.head not in _around(index, d):
                yield ((_N, n.id), (_D, d.id))


def _around(index: Index, quantity: Quantity) -> str:
    """The words of a number's clause, up to the numbers beside it."""
    text = index.source.document(quantity.span.document).text
    before = _STOPS.split(text[max(0, quantity.span.start - 40) : quantity.span.start])[-1]
    return plain(before + _STOPS.split(text[quantity.span.end : quantity.span.end + 20])[0])


def _of_counted_noun(index: Index, rate: _Rate) -> list[Operands]:
    """「开通公交的建制村263个，通公交率94.60%」: of all the 建制村 that another sentence counts."""
    own = _sentence(index, rate.quantity)
    if own is None or rate.quantity.span.table or not _pattern("ending").search(rate.name):
        return []
    span = rate.quantity.span
    before = [
        q
        for q in index.source.within(span.document, own.span.start, span.start)
        if q.kind is QuantityKind.QUANTITY and q.bound is Bound.EXACT
    ]
    if not before or before[-1].dimension is not Dimension.COUNT:
        return []
    part = before[-1]
    words = _around(index, part)
    if not any(rate.stem[i : i + _GRAM] in words for i in range(len(rate.stem) - 1)):
        return []
    wholes = [
        q
        for figure in index.reading.figures
        if figure.period == rate.figure.period
        and (q := index.quantity(figure)).unit == part.unit
        and q.bound is Bound.EXACT
        and q.span.document == span.document
        and q.span.start < own.span.start
        and any(name in words for name in _called(index, figure))
    ]
    return [((_N, part.id), (_D, whole.id)) for whole in wholes[:_MOST]]


def _called(index: Index, figure: Figure) -> Iterator[str]:
    """The noun right behind a counted number (278个建制村), or the end of the words before it (收回有效问卷482份)."""
    span = index.quantity(figure).span
    text = index.source.document(span.document).text
    if found := re.match(rf"[\u4e00-\u9fff]{{{_NOUN},6}}", text[span.end : span.end + 6]):
        yield found.group()
    if len(end := plain(figure.measure)[-_NAME:]) == _NAME and not _pattern("verb").search(end):
        yield f"{end}中"
