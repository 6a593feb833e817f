"""What became of the budget: adjustments nobody explains, money moved from projects to basic spending, the balance."""

import re

from reviewer.lexicon import load
from reviewer.linking.adjustments import adjustment, budget_claim, surplus
from reviewer.linking.index import TOTAL, Index
from reviewer.schema import Claim, ClaimKind, OperandRole, Role


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
            return [budget_claim(number, ClaimKind.DIFFERENCE, operands, spent[0], concept="shift")]
    return []


def _balance(index: Index, number: int, document: str, period: str) -> list[Claim]:
    """收入 − 支出 = 年末结余, where nothing was carried over from the year before."""
    balances = [
        figure
        for figure in index.reading.figures
        if figure.role is Role.BALANCE and index.quantity(figure).span.document == document
    ]
    words = load("reasons")["balance"]
    carried = [figure for figure in balances if re.search(load("reasons")["carried"], figure.measure)]
    if any(index.quantity(figure).value for figure in carried):
        return []
    left = [
        figure
        for figure in balances
        if figure.period == period and figure.subject is None and any(figure.measure.startswith(word) for word in words)
    ]
    income = index.amounts(document, "income_total", Role.INCOME, period)
    spent = index.amounts(document, TOTAL, Role.ACTUAL, period)
    same = [(i, s, b) for b in left for i in income for s in spent if i.section == s.section == b.section]
    if not same:
        return []
    received, paid, balance = same[0]
    section = index.source.section(balance.section)
    if re.search(load("reasons")["other_flows"], index.source.text(section.span)):
        return []
    operands = [(OperandRole.MINUEND, received), (OperandRole.SUBTRAHEND, paid)]
    return [budget_claim(number, ClaimKind.BALANCE, operands, balance, result=balance.quantity)]


def budget_claims(index: Index, first_id: int) -> list[Claim]:
    """The claims about the evaluated year's budget as a whole."""
    claims: list[Claim] = []
    for document in index.source.documents:
        if document.year is None:
            continue
        for make in (adjustment, _shift, _balance, surplus):
            claims += make(index, first_id + len(claims), document.id, str(document.year))
    return claims
