"""What became of the budget: adjustments nobody explains, money moved from projects to basic spending, the balance."""

import re

from reviewer.lexicon import load
from reviewer.lexicon.reasons import explains_adjustment, is_headed_as_explanation
from reviewer.linking.index import TOTAL, Index
from reviewer.schema import Claim, ClaimKind, Figure, Operand, OperandRole, OperandSet, Role, Span

_AROUND = 1
"""Paragraphs behind an amount that may still explain it."""
_SUBCHAPTER = 2
"""Level of sections from which on all that stands below speaks of one matter."""


def _claim(
    number: int, kind: ClaimKind, operands: list[tuple[OperandRole, Figure]], near: Figure, **more: object
) -> Claim:
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


def _is_explained(index: Index, figures: tuple[Figure, ...]) -> bool:
    """Whether a sentence of a paragraph that prints one of the amounts, or of the next one, gives a reason."""
    for figure in figures:
        span: Span = index.quantity(figure).span
        document = index.source.document(span.document)
        first = next(n for n, block in enumerate(document.blocks) if block.start <= span.start < block.end)
        around = document.blocks[first : first + _AROUND + 1]
        if explains_adjustment(document.text[around[0].start : around[-1].end]):
            return True
    return any(is_headed_as_explanation(section.title) for section in index.source.sections)


def _adjustment(index: Index, number: int, document: str, period: str) -> list[Claim]:
    """年初预算 against 调整后预算 where the report says nothing of why they differ."""
    initial = index.amounts(document, TOTAL, Role.BUDGET_INITIAL, period)
    adjusted = index.amounts(document, TOTAL, Role.BUDGET_ADJUSTED, period)
    if not initial or not adjusted or _is_explained(index, (*initial, *adjusted)):
        return []
    operands = [(OperandRole.CURRENT, adjusted[0]), (OperandRole.BASE, initial[0])]
    return [_claim(number, ClaimKind.CHANGE, operands, adjusted[0], concept="adjustment")]


def _shift(index: Index, number: int, document: str, period: str) -> list[Claim]:
    """Projects below their budget while the total is spent: the rest went to basic spending."""
    budgets = (Role.BUDGET_ADJUSTED, Role.BUDGET, Role.BUDGET_INITIAL)
    for role in budgets:
        planned = index.amounts(document, "project_expenditure", role, period)
        totals = (role, Role.BUDGET_ADJUSTED) if role is Role.BUDGET else (role, Role.BUDGET)
        total = next((found for other in totals if (found := index.amounts(document, TOTAL, other, period))), [])
        spent = index.amounts(document, "project_expenditure", Role.ACTUAL, period)
        paid = index.amounts(document, TOTAL, Role.ACTUAL, period)
        if planned and total and spent and paid:
            operands = [
                (OperandRole.MINUEND, planned[0]),
                (OperandRole.SUBTRAHEND, spent[0]),
                (OperandRole.BASE, total[0]),
                (OperandRole.CURRENT, paid[0]),
            ]
            return [_claim(number, ClaimKind.DIFFERENCE, operands, spent[0], concept="shift")]
    return []


def _near(index: Index, one: Figure, other: Figure) -> bool:
    """Whether two figures stand in one section, in sections side by side, or below one section of a chapter."""
    first, second = index.source.section(one.section), index.source.section(other.section)
    if first.id == second.id or (first.parent is not None and first.parent == second.parent):
        return True
    above = {section.id for section in index.source.path_to(first) if section.level >= _SUBCHAPTER}
    return any(section.id in above for section in index.source.path_to(second))


def _has_other_flows(index: Index, figures: tuple[Figure, ...]) -> bool:
    texts = (index.source.text(index.source.section(figure.section).span) for figure in figures)
    return any(re.search(load("reasons")["other_flows"], text) for text in texts)


def _balance(index: Index, number: int, document: str, period: str) -> list[Claim]:
    """年初结转 + 收入 − 支出 = 年末结余, told in one place; total income may already hold what was carried over."""
    balances = [
        figure
        for figure in index.reading.figures
        if figure.role is Role.BALANCE and index.quantity(figure).span.document == document
    ]
    words = load("reasons")["balance"]
    carried = [
        figure
        for figure in balances
        if re.search(load("reasons")["carried"], figure.measure) and index.quantity(figure).value
    ]
    left = [
        figure
        for figure in balances
        if figure.period == period and figure.subject is None and any(figure.measure.startswith(word) for word in words)
    ]
    income = index.amounts(document, "income_total", Role.INCOME, period)
    spent = index.amounts(document, TOTAL, Role.ACTUAL, period)
    same = [(i, s, b) for b in left for i in income for s in spent if _near(index, i, b) and _near(index, s, b)]
    if not same:
        return []
    same.sort(key=lambda found: len({figure.section for figure in found}))
    received, paid, balance = same[0]
    if _has_other_flows(index, same[0]) or len({index.quantity(figure).value for figure in carried}) > 1:
        return []
    operands = [(OperandRole.MINUEND, received), (OperandRole.SUBTRAHEND, paid)]
    if not carried:
        return [_claim(number, ClaimKind.BALANCE, operands, balance, result=balance.quantity)]
    held = tuple(Operand(role=role, quantity=figure.quantity) for role, figure in operands)
    return [
        _claim(
            number,
            ClaimKind.BALANCE,
            [operands[0], (OperandRole.PART, carried[0]), operands[1]],
            balance,
            result=balance.quantity,
            alternatives=(OperandSet(label="income_with_carried", operands=held, permitted=True),),
        )
    ]


def budget_claims(index: Index, first_id: int) -> list[Claim]:
    """The claims about the evaluated year's budget as a whole."""
    claims: list[Claim] = []
    for document in index.source.documents:
        if document.year is None:
            continue
        for make in (_adjustment, _shift, _balance):
            claims += make(index, first_id + len(claims), document.id, str(document.year))
    return claims
