"""A result with the numbers around it, and every pair of them it may be computed from."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.levels import moves
from reviewer.extraction.offline.mentions import Mention, Paragraph
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Closure, Dimension, Operand, OperandRole, OperandSet, Quantity

_COUNTED = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.SCORE, Dimension.TIME)
MOST = 14
"""Numbers before a result that are looked at."""
_LONGEST_SUM, _FAR = 5, 2
_NAME = 3
"""Characters of a name by which a number is known again."""
N, D, S = OperandRole.NUMERATOR, OperandRole.DENOMINATOR, OperandRole.SUBTRAHEND
Operands = tuple[tuple[OperandRole, Quantity], ...]


@cache
def pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("quotients")[name])


def says(name: str, words: str) -> bool:
    return pattern(name).search(words) is not None


@dataclass(frozen=True, slots=True)
class Place:
    """A result and the numbers around it."""

    paragraph: Paragraph
    result: Mention
    lead: str
    """The words of its clause before it; numbers inside stay as printed."""
    lead_start: int
    near: list[Mention]
    """Usable numbers of its sentence and of the sentences before, in the order of the text."""

    def own(self) -> list[Mention]:
        """Those of its sentence that stand before it."""
        return [m for m in self.near if m.sentence_start == self.result.sentence_start and m.start < self.result.start]


def unit_of(quantity: Quantity) -> str:
    unit = (quantity.unit or "").removeprefix("万").removeprefix("亿")
    return "人" if re.fullmatch(pattern("persons"), unit) else unit


def alike(one: Quantity, other: Quantity) -> bool:
    """Numbers of one kind: one unit, persons however counted, or 64.8万 beside 23.7万人次."""
    if one.dimension is other.dimension:
        return one.dimension in (Dimension.MONEY, Dimension.SCORE) or unit_of(one) == unit_of(other)
    kinds = {one.dimension, other.dimension}
    large = all((q.scale or 1) > 1 for q in (one, other))
    return kinds == {Dimension.NONE, Dimension.COUNT} and large


def _usable(mention: Mention) -> bool:
    quantity = mention.quantity
    large = quantity.dimension is Dimension.NONE and (quantity.scale or 1) > 1
    return mention.exact and (quantity.dimension in _COUNTED or large) and not moves(mention)


def words_of(mention: Mention) -> str:
    """What names a number: the words of its clause before it, and those behind it."""
    return f"{plain(mention.words)}|{plain(mention.after)}"


def place_of(paragraph: Paragraph, result: Mention) -> Place:
    text = paragraph.text[: result.start - paragraph.start]
    start = max((text.rfind(mark) for mark in "，；。：:！？\n（("), default=-1) + 1
    sentences = list(dict.fromkeys(m.sentence_start for m in paragraph.mentions if m.start <= result.start))
    sentences = [*sentences[-_FAR - 1 :], result.sentence_start]
    near = [m for m in paragraph.mentions if m.sentence_start in sentences and _usable(m) and m is not result]
    before = [m for m in near if m.start < result.start][-MOST:]
    behind = [m for m in near if m.start > result.start][: MOST // 2]
    return Place(paragraph, result, plain(text[start:]), paragraph.start + start, [*before, *behind])


def quotient(builder: Builder, place: Place, readings: Iterable[Operands], closure: Closure) -> None:
    sets = [tuple(Operand(role=role, quantity=q.id) for role, q in reading) for reading in readings]
    sets = list(dict.fromkeys(sets))
    span = builder.span(place.paragraph.document, place.lead_start, place.result.start)
    builder.claim(
        ClaimKind.RATIO,
        sets[0],
        place.result.quantity,
        cue=span if place.lead_start < place.result.start else None,
        concept="nearby",
        closure=closure,
        alternatives=tuple(OperandSet(label="", operands=other, permitted=True) for other in sets[1:]),
    )


def ratio(numerator: Mention, denominator: Mention) -> Operands:
    return ((N, numerator.quantity), (D, denominator.quantity))


def all_readings(numbers: Sequence[Mention]) -> list[Operands]:
    """Every pair of one kind, also what is left of the larger, the sum of neighbours, and neighbours as the whole."""
    found: list[Operands] = []
    for d in numbers:
        for n in numbers:
            if n is not d and alike(n.quantity, d.quantity):
                found.append(ratio(n, d))
                found.append(((N, d.quantity), (S, n.quantity), (D, d.quantity)))
    for size in range(2, _LONGEST_SUM + 1):
        for at in range(len(numbers) - size + 1):
            run = numbers[at : at + size]
            if all(alike(run[0].quantity, m.quantity) for m in run):
                found += [((N, m.quantity), *((D, o.quantity) for o in run)) for m in run]
                if size <= _LONGEST_SUM - 1:
                    above = tuple((N, m.quantity) for m in run)
                    found += [
                        (*above, (D, d.quantity))
                        for d in numbers
                        if d not in run and alike(d.quantity, run[0].quantity)
                    ]
                    left = tuple((S, m.quantity) for m in run)
                    found += [
                        ((N, d.quantity), *left, (D, d.quantity))
                        for d in numbers
                        if d not in run and alike(d.quantity, run[0].quantity)
                    ]
    return found


def in_kinds(numbers: list[Mention]) -> list[list[Mention]]:
    """The numbers by kind, in the order of the text."""
    kinds: list[list[Mention]] = []
    for mention in numbers:
        kind = next((k for k in kinds if alike(k[0].quantity, mention.quantity)), None)
        kind.append(mention) if kind else kinds.append([mention])
    return kinds


def taken_from(place: Place, n: Mention, d: Mention) -> bool:
    """Whether the words put one number among the other: 「86个班次中有82个按时拨付」, 「从2,725份档案中抽取120份」."""
    between = [m for m in place.near if d.start < m.start < n.start and alike(m.quantity, n.quantity)]
    return d.start < n.start and not between and says("among", plain(place.paragraph.words(d.end, n.start)))


def spent_of(place: Place, n: Mention, d: Mention) -> bool:
    """「268.00万元灾毁修复资金已支出262.31万元」: what was spent of the very amount before it."""
    return d.start < n.start and says("spent_of", plain(place.paragraph.words(d.end, n.start)))


def opens_part(place: Place, n: Mention, d: Mention) -> bool:
    """Whether a number only opens a list of parts: 「245万元，其中县级配套45万元」."""
    return n.quantity.dimension is Dimension.MONEY or "其中" in place.paragraph.words(d.end, n.start)


def same_thing(n: Mention, d: Mention) -> bool:
    """Whether the words before a part name its whole: 「食用农产品920批次。……食用农产品一类有892批次合格」."""
    names = [re.sub(pattern("unnamed"), "", plain(m.words)) for m in (n, d)]
    return any(names[1][i : i + _NAME] in names[0] for i in range(len(names[1]) - _NAME + 1))


def is_among(place: Place, n: Mention, d: Mention) -> bool:
    """「参训人员2,418人，……参训人员里有女性1,467人，占60.67%」."""
    inside = says("inside", plain(n.words)) and same_thing(n, d)
    return inside or taken_from(place, n, d)


def in_part(place: Place, mention: Mention) -> bool:
    """Whether a number stands before the result with no semicolon between."""
    between = place.paragraph.words(mention.end, place.result.start) if mention.start < place.result.start else "；"
    return not re.search("[；;。]", between)


def within(n: Mention, d: Mention) -> bool:
    """Whether one number can be a part of the other."""
    values = [(m.quantity.value or 0) * (m.quantity.scale or 1) for m in (n, d)]
    return values[0] <= values[1]
