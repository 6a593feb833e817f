"""Operands that a rate's own sentence does not print, and the other operands its words permit."""

from reviewer.lexicon.measures import Rate, is_pool, plain, rate, role_in
from reviewer.linking.index import TOTAL, Index
from reviewer.schema import (
    Claim,
    Closure,
    Figure,
    Operand,
    OperandRole,
    OperandSet,
    Role,
)

_BASES = ("budget_initial", "budget_adjusted")


def _ratio_of(numerator: Figure, denominator: Figure) -> tuple[Operand, Operand]:
    return (
        Operand(role=OperandRole.NUMERATOR, quantity=numerator.quantity),
        Operand(role=OperandRole.DENOMINATOR, quantity=denominator.quantity),
    )


def _alternatives(index: Index, claim: Claim, near: Figure, definition: Rate, named: bool) -> list[OperandSet]:
    """Each other base this rate may have or is seen to be given, with the nearest amount that plays it."""
    concept = definition.of or TOTAL
    numerators = index.find(concept, definition.numerator, near)
    if claim.operands and (own := index.by_quantity.get(claim.operands[0].quantity or "")):
        numerators = [own, *numerators]
    if not numerators:
        return []
    sets: list[OperandSet] = []
    for role in definition.denominators:
        for figure in index.find(concept, (role,), near)[:1]:
            sets.append(
                OperandSet(
                    label=f"{numerators[0].role}/{role}",
                    operands=_ratio_of(numerators[0], figure),
                    permitted=not named and not claim.tied,
                )
            )
    for role in definition.mistaken:
        for figure in index.find("income_total", (role,), near)[:1]:
            operands = _ratio_of(numerators[0], figure)
            sets.append(OperandSet(label=f"{numerators[0].role}/{role}", operands=operands, permitted=False))
    return sets


def link_ratio(index: Index, claim: Claim) -> Claim:
    near = index.by_quantity.get(claim.result or "")
    if near is None or claim.concept is None:
        return claim
    definition = rate(claim.concept)
    words = plain(index.source.text(claim.cue)) if claim.cue else ""
    named = role_in(words) in _BASES
    sets = _alternatives(index, claim, near, definition, named)
    operands = claim.operands
    if claim.closure is Closure.LISTED:
        sets = []
    if not operands:
        # Only bases that the words or the definition allow may stand in for operands the sentence does not print.
        base = role_in(words)
        allowed = [s for s in sets if s.label.endswith(f"/{base}")] if named else [s for s in sets if s.permitted]
        operands = allowed[0].operands if allowed else ()
    others = tuple(s for s in sets if s.operands != operands)
    return claim.model_copy(update={"operands": operands, "alternatives": (*claim.alternatives, *others)})


def link_share(index: Index, claim: Claim) -> Claim:
    part = index.by_quantity.get(claim.operands[0].quantity or "")
    if part is None or claim.concept is None:
        return claim
    near = part.model_copy(update={"subject": None})
    budget = part.role in (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
    roles = (part.role.value,) if budget else ("actual", "income")
    operands = claim.operands
    if len(operands) == 1:
        found = [] if is_pool(claim.concept) else index.find(claim.concept, roles, near)
        bases = [base for base in found if base.quantity != part.quantity]
        operands = _ratio_of(part, bases[0]) if bases else operands
    sets = [
        OperandSet(label=f"part/{other}", operands=_ratio_of(part, figure), permitted=False)
        for other in ("expenditure_total", "income_total")
        for figure in index.find(other, roles, near)[:1]
        if other != claim.concept
    ]
    return claim.model_copy(update={"operands": operands, "alternatives": tuple(sets)})
