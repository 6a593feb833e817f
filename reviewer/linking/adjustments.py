"""What a report should explain of its budget: the adjustment within the year, and what was left at its end."""

import re

from reviewer.lexicon import load
from reviewer.lexicon.measures import concept_in, plain
from reviewer.lexicon.reasons import explains_adjustment, explains_far_away, explains_surplus, is_headed_as_explanation
from reviewer.linking.index import TOTAL, Index
from reviewer.schema import Bound, Claim, ClaimKind, Dimension, Figure, Operand, OperandRole, Role, Span

_AROUND = 1
"""Paragraphs behind an amount that may still explain it."""
_WHOLE = (TOTAL, "income_total", None)


def budget_claim(
    number: int, kind: ClaimKind, operands: list[tuple[OperandRole, Figure]], near: Figure, **more: object
) -> Claim:
    """A claim found by linking figures: never an error."""
    return Claim.model_validate(
        {
            "id": f"c{number}",
            "kind": kind,
            "operands": tuple(Operand(role=role, quantity=figure.quantity) for role, figure in operands),
            "result": None,
            "tied": False,
            "section": near.section,
            "by": near.by,
            **more,
        }
    )


def _around(index: Index, figure: Figure) -> str:
    """The paragraph that prints an amount, and the next one."""
    span: Span = index.quantity(figure).span
    document = index.source.document(span.document)
    first = next(n for n, block in enumerate(document.blocks) if block.start <= span.start < block.end)
    around = document.blocks[first : first + _AROUND + 1]
    return document.text[around[0].start : around[-1].end]


def _is_explained(index: Index, initial: list[Figure], adjusted: list[Figure]) -> bool:
    """Whether a sentence near one of the amounts gives a reason, or one anywhere speaks of the budget's adjustment."""
    if any(explains_adjustment(_around(index, figure)) for figure in (*initial, *adjusted)):
        return True
    before, after = index.quantity(initial[0]), index.quantity(adjusted[0])
    cut = after.is_below(before)
    headed = any(is_headed_as_explanation(section.title) for section in index.source.sections)
    return headed or any(explains_far_away(document.text, cut=cut) for document in index.source.documents)


def _before(index: Index, figure: Figure) -> str:
    """The words of its sentence before a figure."""
    span = index.quantity(figure).span
    sentence = index.source.sentence_at(span.document, span.start)
    return plain(index.source.document(span.document).text[sentence.span.start if sentence else 0 : span.start])


def _of_the_unit(index: Index, figure: Figure) -> bool:
    """Whether an amount is the unit's whole budget: nothing narrower is named before it in its sentence."""
    words = _before(index, figure)
    named = [concept_in(part) for part in re.split("[，,；;：:（(、]", words)]
    return all(name is None or name.generic or name.concept.key in _WHOLE for name in named)


def _budgets(index: Index, document: str, period: str, name: str, *roles: Role) -> list[Figure]:
    """Whole budgets of the year with one of these roles whose own words match the lexicon's pattern."""
    pattern = re.compile(load("reasons")[name])
    return [
        figure
        for figure in index.reading.figures
        if figure.role in roles
        and figure.concept in _WHOLE
        and figure.subject is None
        and figure.period == period
        and index.quantity(figure).span.document == document
        and index.quantity(figure).dimension is Dimension.MONEY
        and index.quantity(figure).bound is Bound.EXACT
        and index.quantity(figure).span.table is None
        and pattern.search(plain(figure.measure))
        and _of_the_unit(index, figure)
    ]


def adjustment(index: Index, number: int, document: str, period: str) -> list[Claim]:
    """年初预算 against 调整后预算 where the report says nothing of why they differ."""
    initial = index.amounts(document, TOTAL, Role.BUDGET_INITIAL, period) or _budgets(
        index, document, period, "initial", Role.BUDGET_INITIAL, Role.BUDGET
    )
    adjusted = [f for f in index.amounts(document, TOTAL, Role.BUDGET_ADJUSTED, period) if _of_the_unit(index, f)]
    adjusted = adjusted or _budgets(index, document, period, "later", Role.BUDGET_ADJUSTED, Role.BUDGET)
    adjusted = [figure for figure in adjusted if figure not in initial]
    if not initial or not adjusted or _is_explained(index, initial, adjusted):
        return []
    operands = [(OperandRole.CURRENT, adjusted[0]), (OperandRole.BASE, initial[0])]
    return [budget_claim(number, ClaimKind.CHANGE, operands, adjusted[0], concept="adjustment")]


def surplus(index: Index, number: int, document: str, period: str) -> list[Claim]:
    """What was left at the year's end and why, or income above expenditure with no word of what was left."""
    words = load("reasons")
    balances = [
        figure
        for figure in index.reading.figures
        if figure.role is Role.BALANCE and index.quantity(figure).span.document == document
    ]
    own = [
        figure
        for figure in balances
        if figure.period == period
        and figure.subject is None
        and figure.measure.startswith(tuple(words["balance"]))
        and index.quantity(figure).span.table is None
    ]
    if own:
        if any(explains_surplus(_around(index, figure)) for figure in own):
            return []
        return [
            budget_claim(number, ClaimKind.BOUND, [(OperandRole.WHOLE, own[0])], own[0], concept="unexplained_surplus")
        ]
    income = index.amounts(document, "income_total", Role.INCOME, period)
    spent = index.amounts(document, TOTAL, Role.ACTUAL, period)
    same = [(i, s) for i in income for s in spent if i.section == s.section]
    if not same or any(index.quantity(figure).value for figure in balances):
        return []
    received, paid = same[0]
    told = index.source.text(index.source.section(received.section).span)
    if re.search(words["other_flows"], told):
        return []
    operands = [(OperandRole.CURRENT, received), (OperandRole.BASE, paid)]
    return [budget_claim(number, ClaimKind.DIFFERENCE, operands, received, concept="undisclosed_surplus")]
