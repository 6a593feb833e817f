"""Operands that a rate's own sentence does not print, and the other operands its words permit."""

import re

from reviewer.lexicon import load
from reviewer.lexicon.measures import Rate, is_pool, plain, rate, rate_in, role_in
from reviewer.linking.index import TOTAL, Index
from reviewer.linking.names import headed
from reviewer.linking.wording import stretch
from reviewer.schema import (
    Bound,
    Claim,
    Closure,
    Figure,
    Operand,
    OperandRole,
    OperandSet,
    Role,
)

_MOST = 4
"""How many amounts that could be the numerator are tried."""
_PAIR = 2
_GRAM = 2
"""Characters in a row that two names of one thing share at least."""
_BASES = ("budget_initial", "budget_adjusted")


def _ratio_of(numerator: Figure, denominator: Figure) -> tuple[Operand, Operand]:
    return (
        Operand(role=OperandRole.NUMERATOR, quantity=numerator.quantity),
        Operand(role=OperandRole.DENOMINATOR, quantity=denominator.quantity),
    )


def _sets(index: Index, claim: Claim, near: Figure, definition: Rate, base: str | None) -> list[OperandSet]:
    """Each numerator and base that this rate may have, or is seen to be given, nearest first.

    A numerator that the sentence prints is kept; of those found elsewhere any may be meant.
    """
    own = index.by_quantity.get(claim.operands[0].quantity or "") if claim.operands else None
    concept = definition.of or (own.concept if own and own.concept else TOTAL)
    numerators = [own] if own else index.find(concept, definition.numerator, near)[:_MOST]
    sets: list[OperandSet] = []
    for numerator in numerators:
        for role in definition.denominators:
            for nearest, figure in enumerate(index.find(concept, (role,), near)[:_MOST]):
                permitted = not claim.tied and base in (None, role)
                label = f"{numerator.role}/{role}" if numerator is numerators[0] and not nearest else ""
                sets.append(OperandSet(label=label, operands=_ratio_of(numerator, figure), permitted=permitted))
    for role in definition.mistaken:
        for figure in index.find("income_total", (role,), near)[:1] if numerators else ():
            operands = _ratio_of(numerators[0], figure)
            sets.append(OperandSet(label=f"{numerators[0].role}/{role}", operands=operands, permitted=False))
    return sets


def _narrowed(index: Index, near: Figure) -> bool:
    """Whether the item over a rate narrows it: 「4.财政拨款执行率（5分）。执行率为97.57%」."""
    name = headed(index, near, index.quantity(near))
    found = rate_in(name)
    if found is None or found[0].of is not None:
        return False
    return re.match(load("cues")["rate"]["whole"], name[: name.rfind(found[1])]) is None


def link_ratio(index: Index, claim: Claim) -> Claim:
    near = index.by_quantity.get(claim.result or "")
    if near is None or claim.concept is None:
        return claim
    if len(claim.operands) < _PAIR and _narrowed(index, near):
        return claim
    definition = rate(claim.concept)
    words = plain(index.source.text(claim.cue)) if claim.cue else ""
    named = role_in(words)
    sets = _sets(index, claim, near, definition, named if named in _BASES else None)
    operands = claim.operands
    if claim.closure is Closure.LISTED:
        sets = []
    if len(operands) < 2:
        # Only bases that the words or the definition allow may stand in for operands the sentence does not print.
        operands = next((found.operands for found in sets if found.permitted), operands)
    others = tuple(found for found in sets if found.operands != operands)
    return claim.model_copy(update={"operands": operands, "alternatives": (*claim.alternatives, *others)})


def _of_target(index: Index, claim: Claim, part: Figure) -> Claim:
    """「全年接收3,040卷，……为目标的95%」: the target of the one indicator that counts the same thing."""
    own = index.quantity(part)
    named = [(indicator.target, indicator.text) for indicator in index.reading.indicators]
    named += [(figure.quantity, figure.measure) for figure in index.reading.figures if figure.role is Role.TARGET]
    heading = _heading(index, part)
    fitting = [
        (max(_shared(plain(part.measure), plain(name)), _shared(heading, plain(name))), target)
        for quantity, name in named
        if quantity is not None
        and (target := index.source.quantity(quantity)).unit == own.unit
        and target.value is not None
    ]
    best = max((size for size, _ in fitting), default=0)
    targets = [target for size, target in fitting if size == best >= _GRAM]
    base = targets[0] if len({target.value for target in targets}) == 1 else None
    if base is None:
        return claim
    operands = (
        Operand(role=OperandRole.NUMERATOR, quantity=part.quantity),
        Operand(role=OperandRole.DENOMINATOR, quantity=base.id),
    )
    return claim.model_copy(update={"operands": operands})


def _heading(index: Index, figure: Figure) -> str:
    """The name of an indicator that opens the figure's paragraph: 「（3）职工技能培训人次。……」."""
    span = index.quantity(figure).span
    document = index.source.document(span.document)
    start = max((block.start for block in document.blocks if block.start <= span.start), default=span.start)
    opened = re.match(load("far")["run_in"], plain(document.text[start : span.start]))
    return opened.group("name") if opened else ""


def _shared(one: str, other: str) -> int:
    """How many characters in a row two names have in common."""
    return len(stretch(one, other))


def _called(index: Index, figure: Figure, base: str) -> bool:
    """Whether a figure bears a name: in its words, or as the noun right behind a count (全部改造小区: 32个小区)."""
    span = index.quantity(figure).span
    if plain(figure.measure).endswith(base):
        return True
    noun = re.match(r"[\u4e00-\u9fff]{2,6}", index.source.document(span.document).text[span.end : span.end + 6])
    whole = re.match(load("far")["all_of"], base)
    return bool(noun and whole) and base.endswith(noun.group()[:_GRAM]) if noun else False


def _of_named(index: Index, claim: Claim, part: Figure) -> Claim:
    """「占列养里程的8.62%」: every figure of that name; only a slip of the pen then tells against the share."""
    words = re.search(load("cues")["share"]["named"], plain(index.source.text(claim.cue))) if claim.cue else None
    if words is None:
        return claim
    own, base = index.quantity(part), words.group("base")
    pairs = {
        (found.value, found.unit): _ratio_of(part, figure)
        for figure in index.reading.figures
        if _called(index, figure, base)
        and (found := index.quantity(figure)).bound is Bound.EXACT
        and found.dimension is own.dimension
        and found.unit == own.unit
        and figure.quantity != part.quantity
    }
    if not pairs:
        return claim
    first, *others = pairs.values()
    sets = tuple(OperandSet(label="", operands=other, permitted=True) for other in others)
    named_so = all(plain(index.by_quantity[o.quantity or ""].measure) == base for o in first[1:])
    closure = Closure.COMPLETE if named_so and not others else Closure.OPEN
    update = {"operands": first, "alternatives": (*claim.alternatives, *sets), "closure": closure}
    return claim.model_copy(update=update)


def link_share(index: Index, claim: Claim) -> Claim:
    part = index.by_quantity.get(claim.operands[0].quantity or "")
    if part is None:
        return claim
    if claim.concept is None:
        return _of_named(index, claim, part) if len(claim.operands) == 1 else claim
    if claim.concept == "completion":
        return _of_target(index, claim, part)
    near = part.model_copy(update={"subject": None})
    budget = part.role in (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
    roles = (part.role.value,) if budget else ("actual", "income")
    operands = claim.operands
    others: list[OperandSet] = []
    if len(operands) == 1:
        found = [] if is_pool(claim.concept) else index.find(claim.concept, roles, near)
        # Of several amounts of the base's name any may be meant.
        bases = {index.quantity(f).value: f for f in reversed(found[:_MOST]) if f.quantity != part.quantity}
        pairs = [_ratio_of(part, base) for base in found if base in bases.values()]
        operands = pairs[0] if pairs else operands
        others = [OperandSet(label="", operands=pair, permitted=True) for pair in pairs[1:]]
    sets = [
        OperandSet(label=f"part/{other}", operands=_ratio_of(part, figure), permitted=False)
        for other in ("expenditure_total", "income_total")
        for figure in index.find(other, roles, near)[:1]
        if other != claim.concept
    ]
    return claim.model_copy(update={"operands": operands, "alternatives": (*claim.alternatives, *others, *sets)})
