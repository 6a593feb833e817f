"""What became of the budget: adjustments nobody explains, money moved from projects to basic spending, the balance."""

import re
from collections.abc import Callable

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.linking.adjustments import adjustment, budget_claim, surplus
from reviewer.linking.index import TOTAL, Index
from reviewer.schema import (
    Bound,
    Claim,
    ClaimKind,
    Closure,
    Dimension,
    DocumentKind,
    Figure,
    Operand,
    OperandRole,
    OperandSet,
    Role,
)

_MOST_PAIRS = 4
"""How many pairs of totals that two names may mean are tried."""
_Maker = Callable[[Index, int, str, str], list[Claim]]
_SUBCHAPTER = 2
"""Level of sections from which on all that stands below speaks of one matter."""


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
    if any(claim.concept == "account" and claim.result == balance.quantity for claim in index.reading.claims):
        return []  # the account was told in one piece
    if _has_other_flows(index, same[0]) or len({index.quantity(figure).value for figure in carried}) > 1:
        return []
    operands = [(OperandRole.MINUEND, received), (OperandRole.SUBTRAHEND, paid)]
    if not carried:
        return [budget_claim(number, ClaimKind.BALANCE, operands, balance, result=balance.quantity)]
    held = tuple(Operand(role=role, quantity=figure.quantity) for role, figure in operands)
    return [
        budget_claim(
            number,
            ClaimKind.BALANCE,
            [operands[0], (OperandRole.PART, carried[0]), operands[1]],
            balance,
            result=balance.quantity,
            alternatives=(OperandSet(label="income_with_carried", operands=held, permitted=True),),
        )
    ]


def _before(index: Index, figure: Figure) -> str:
    """The words of its sentence before an amount."""
    span = index.quantity(figure).span
    sentence = index.source.sentence_at(span.document, span.start)
    start = sentence.span.start if sentence else span.start
    return plain(index.source.document(span.document).text[start : span.start])


def _named_side(index: Index, document: str, period: str, words: str) -> list[Figure]:
    """The amounts that one side of 「A与B相抵」 may mean, each value once."""
    if re.search(load("reasons")["side_received"], words):
        found = [
            figure
            for figure in index.reading.figures
            if (figure.role, figure.subject, figure.period) == (Role.RECEIVED, None, period)
            and index.quantity(figure).span.document == document
            and index.quantity(figure).dimension is Dimension.MONEY
            and re.search(load("reasons")["all_received"], figure.measure)
        ]
    elif "预算" in words:
        found = index.amounts(document, TOTAL, Role.BUDGET_ADJUSTED, period)
    elif re.search(load("reasons")["side_spent"], words):
        found = index.amounts(document, TOTAL, Role.ACTUAL, period)
    else:
        found = index.amounts(document, "income_total", Role.INCOME, period)
    values = {(index.quantity(f).value, index.quantity(f).scale): f for f in reversed(found)}
    return list(values.values())[::-1]


def _offset(index: Index, number: int, document: str, period: str) -> list[Claim]:
    """「实际到位资金与实际支出相抵，年末结转1.26万元」: what is left of two totals, wherever these are printed."""
    claims: list[Claim] = []
    known = {c.result for c in index.reading.claims if c.kind in (ClaimKind.DIFFERENCE, ClaimKind.BALANCE)}
    for figure in index.reading.figures:
        quantity = index.quantity(figure)
        money = quantity.dimension is Dimension.MONEY and quantity.bound is Bound.EXACT and quantity.span.table is None
        told = re.search(load("reasons")["offset"], _before(index, figure)) if money else None
        if told is None or quantity.span.document != document or figure.quantity in known:
            continue
        pairs = [
            (one, other)
            for one in _named_side(index, document, period, told.group("one"))
            for other in _named_side(index, document, period, told.group("other"))
            if figure.quantity not in (one.quantity, other.quantity)
        ]
        if not pairs:
            continue
        sets = [[(OperandRole.MINUEND, one), (OperandRole.SUBTRAHEND, other)] for one, other in pairs[:_MOST_PAIRS]]
        others = tuple(
            OperandSet(
                label="", operands=tuple(Operand(role=role, quantity=f.quantity) for role, f in one), permitted=True
            )
            for one in sets[1:]
        )
        claims.append(
            budget_claim(
                number + len(claims),
                ClaimKind.DIFFERENCE,
                sets[0],
                figure,
                result=figure.quantity,
                concept="remainder",
                closure=Closure.OPEN if others else Closure.LISTED,
                alternatives=others,
            )
        )
    return claims


def budget_claims(index: Index, first_id: int) -> list[Claim]:
    """The claims about the evaluated year's budget as a whole."""
    claims: list[Claim] = []
    for document in index.source.documents:
        if document.year is None:
            continue
        makers: tuple[_Maker, ...] = (adjustment, _shift, _balance, _offset, surplus)
        if document.kind is DocumentKind.ACCOUNTS and document is not index.source.documents[0]:
            # Tables beside a report explain nothing; what the report tells of them is asked of the report.
            makers = (_balance,) if any(claim.concept == "adjustment" for claim in claims) else (adjustment, _balance)
        for make in makers:
            claims += make(index, first_id + len(claims), document.id, str(document.year))
    return claims
