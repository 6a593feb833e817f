"""Changes against the year before whose two levels stand in a table or another paragraph of the section."""

import re
from collections.abc import Iterator
from functools import cache

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.linking.index import Index
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
    Role,
)

_LEAST = 2
"""Characters of a name by which its levels are found."""
_RELATED = (ClaimKind.CHANGE, ClaimKind.DIFFERENCE, ClaimKind.SUM, ClaimKind.BALANCE)
_LEVELS = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE)
_NEVER = (Role.CHANGE, Role.TARGET, Role.THRESHOLD, Role.FULL_MARK, Role.SCORE, Role.SHARE)
Pair = tuple[Figure, Figure]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("far")["yearly"][name])


def yearly_claims(index: Index, first_id: int) -> list[Claim]:
    """Each change against the year before that its own paragraph prints no levels for."""
    related = {
        claim.result
        for claim in index.reading.claims
        if claim.kind in _RELATED and claim.result and len(claim.operands) > 1
    }
    found = [
        claim
        for figure in index.reading.figures
        if figure.role is Role.CHANGE and figure.quantity not in related
        for claim in _claims(index, figure)
    ]
    return [claim.model_copy(update={"id": f"c{first_id + n}"}) for n, claim in enumerate(found)]


def _claims(index: Index, change: Figure) -> Iterator[Claim]:
    quantity = index.quantity(change)
    words = _words(index, quantity)
    told = _pattern("than_last_year").search(words)
    if told is None or quantity.bound is not Bound.EXACT or quantity.span.table:
        return
    name = re.sub(_pattern("front"), "", words[: told.start()])
    towards = [way for way in ("down", "up") if _pattern(way).search(words[told.end() :])]
    pairs = list(_pairs(index, change, quantity, name)) if len(name) >= _LEAST and len(towards) == 1 else []
    if not pairs:
        return
    sets = [_operands(pair) for pair in pairs]
    percent = quantity.dimension is Dimension.PERCENT
    yield Claim(
        id="",
        kind=ClaimKind.CHANGE if percent else ClaimKind.DIFFERENCE,
        operands=sets[0],
        result=change.quantity,
        stated_text=towards[0],
        concept="distance",
        closure=Closure.LISTED,
        tied=False,
        alternatives=tuple(OperandSet(label="", operands=other, permitted=True) for other in sets[1:]),
        section=change.section,
        by=change.by,
    )


def _words(index: Index, quantity: Quantity) -> str:
    """The clause before a number."""
    sentence = index.source.sentence_at(quantity.span.document, quantity.span.start)
    text = index.source.document(quantity.span.document).text
    before = text[sentence.span.start : quantity.span.start] if sentence else ""
    return plain(re.split(r"[，,。；;：:！？]", before)[-1])


def _pairs(index: Index, change: Figure, stated: Quantity, name: str) -> Iterator[Pair]:
    """(this year's, last year's) of one measure that the change's words name, in its section."""
    year = index.source.document(stated.span.document).year
    if year is None:
        return
    seen: set[tuple[object, ...]] = set()
    near = [f for f in index.reading.figures if f.section == change.section and f.role not in _NEVER]
    for base in (f for f in near if f.period == str(year - 1)):
        old = index.quantity(base)
        for current in (f for f in near if f.period == str(year) and (f.measure, f.role) == (base.measure, base.role)):
            new = index.quantity(current)
            values = (new.value, old.value)
            fits = old.dimension in _LEVELS and old.unit == new.unit and old.bound is new.bound is Bound.EXACT
            fits = fits and stated.dimension in (Dimension.PERCENT, old.dimension)
            if fits and _names(name, plain(base.measure)) and values not in seen:
                seen.add(values)
                yield current, base


def _names(name: str, measure: str) -> bool:
    bare = re.sub(r"[（(].*", "", measure)
    return bool(bare) and (name in bare or (len(bare) > _LEAST and bare in name))


def _operands(pair: Pair) -> tuple[Operand, Operand]:
    return (
        Operand(role=OperandRole.CURRENT, quantity=pair[0].quantity),
        Operand(role=OperandRole.BASE, quantity=pair[1].quantity),
    )
