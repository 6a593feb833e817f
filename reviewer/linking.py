"""What no single paragraph tells: operands printed elsewhere, other operands a rate permits, measures stated twice.

Figures are linked by measure, subject and period only; never by value.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from reviewer.lexicon import load
from reviewer.lexicon.measures import Rate, concept_in, plain, rate, role_in
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
    Reading,
    Role,
    Source,
)

__all__ = ["link"]

_TOTAL = "expenditure_total"
_BASES = ("budget_initial", "budget_adjusted")
_RESTATED = (Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED, Role.ACTUAL, Role.INCOME)
_QUALIFIER = re.compile(r"(?:19|20)\d\d年(?:度|初|末|底)?|[本我全该年度初末部门单位局数共总的]|实有|情况")


@dataclass(frozen=True)
class _Index:
    source: Source
    reading: Reading

    @cached_property
    def by_quantity(self) -> dict[str, Figure]:
        return {figure.quantity: figure for figure in self.reading.figures}

    def quantity(self, figure: Figure) -> Quantity:
        return self.source.quantity(figure.quantity)

    def find(self, concept: str, roles: Iterable[str], near: Figure) -> list[Figure]:
        """Amounts of the same subject and period with one of `roles`, in order of role, then of distance to `near`."""
        here = self.quantity(near).span
        found: list[Figure] = []
        for role in roles:
            same = [
                figure
                for figure in self.reading.figures
                if figure.concept == concept
                and figure.role == role
                and figure.subject == near.subject
                and figure.period == near.period
                and self.quantity(figure).dimension is Dimension.MONEY
                and self.quantity(figure).bound is Bound.EXACT
            ]
            same.sort(key=lambda f: (f.section != near.section, abs(self.quantity(f).span.start - here.start)))
            found += same
        return found


def _ratio_of(numerator: Figure, denominator: Figure) -> tuple[Operand, Operand]:
    return (
        Operand(role=OperandRole.NUMERATOR, quantity=numerator.quantity),
        Operand(role=OperandRole.DENOMINATOR, quantity=denominator.quantity),
    )


def _alternatives(index: _Index, claim: Claim, near: Figure, definition: Rate, named: bool) -> list[OperandSet]:
    """Each other base this rate may have or is seen to be given, with the nearest amount that plays it."""
    concept = definition.of or _TOTAL
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
    for _, role, _ in definition.also:
        for figure in index.find("income_total", (role,), near)[:1]:
            operands = _ratio_of(numerators[0], figure)
            sets.append(OperandSet(label=f"{numerators[0].role}/{role}", operands=operands, permitted=False))
    return sets


def _link_ratio(index: _Index, claim: Claim) -> Claim:
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


def _link_share(index: _Index, claim: Claim) -> Claim:
    part = index.by_quantity.get(claim.operands[0].quantity or "")
    if part is None or claim.concept is None:
        return claim
    near = part.model_copy(update={"subject": None})
    budget = part.role in (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
    roles = (part.role.value,) if budget else ("actual", "income")
    operands = claim.operands
    if len(operands) == 1:
        bases = index.find(claim.concept, roles, near)
        operands = _ratio_of(part, bases[0]) if bases else operands
    sets = [
        OperandSet(label=f"part/{other}", operands=_ratio_of(part, figure), permitted=False)
        for other in ("expenditure_total", "income_total")
        for figure in index.find(other, roles, near)[:1]
        if other != claim.concept
    ]
    return claim.model_copy(update={"operands": operands, "alternatives": tuple(sets)})


def _is_plain(figure: Figure) -> bool:
    """Whether the measure's words are the field's term and nothing that narrows it (a project's, a branch's)."""
    named = concept_in(plain(figure.measure))
    if named is None or named.generic:
        return False
    rest = plain(figure.measure).replace(named.term, "", 1)
    for entry in load("measures")["role"]:
        for word in sorted(entry["words"], key=len, reverse=True):
            rest = rest.replace(word, "")
    return not _QUALIFIER.sub("", rest).strip("支出收入（）")


def _restatements(index: _Index, first_id: int) -> list[Claim]:
    """One measure, in plain words and with its role named, stated more than once for the same period."""
    groups: dict[tuple[str | None, Role, str | None], list[Figure]] = defaultdict(list)
    for figure in index.reading.figures:
        explicit = figure.role is Role.INCOME or role_in(plain(figure.measure)) is not None
        known = figure.concept is not None and figure.concept not in load("measures")["restated"]["not"]
        if known and explicit and figure.role in _RESTATED and figure.subject is None and _is_plain(figure):
            groups[figure.concept, figure.role, figure.period].append(figure)
    claims: list[Claim] = []
    for (concept, _, _), figures in groups.items():
        for figure in figures[1:]:
            claims.append(
                Claim(
                    id=f"c{first_id + len(claims)}",
                    kind=ClaimKind.RESTATEMENT,
                    operands=(Operand(role=OperandRole.ITEM, quantity=figures[0].quantity),),
                    result=figure.quantity,
                    concept=concept,
                    tied=False,
                    section=figure.section,
                    by=figure.by,
                )
            )
    return claims


def link(source: Source, reading: Reading) -> Reading:
    """The reading with operands found across sections and one claim for every measure stated again."""
    index = _Index(source, reading)
    claims = [
        _link_ratio(index, claim)
        if claim.kind is ClaimKind.RATIO
        else _link_share(index, claim)
        if claim.kind is ClaimKind.SHARE
        else claim
        for claim in reading.claims
    ]
    claims += _restatements(index, len(claims) + 1)
    return reading.model_copy(update={"claims": tuple(claims)})
