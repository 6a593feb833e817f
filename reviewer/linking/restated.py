"""One measure stated more than once."""

import re
from collections import defaultdict

from reviewer.lexicon import load
from reviewer.lexicon.measures import concept_in, is_pool, plain, role_in
from reviewer.linking.index import TOTAL, Index
from reviewer.schema import Claim, ClaimKind, Dimension, Figure, Operand, OperandRole, Role

_RESTATED = (Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED, Role.ACTUAL, Role.INCOME)
_QUALIFIER = re.compile(r"(?:19|20)\d\d年(?:度|初|末|底)?|[本我全该年度初末部门单位局数共总的]|实有|情况")


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


def _restatement(number: int, first: Figure, again: Figure, concept: str | None) -> Claim:
    return Claim(
        id=f"c{number}",
        kind=ClaimKind.RESTATEMENT,
        operands=(Operand(role=OperandRole.ITEM, quantity=first.quantity),),
        result=again.quantity,
        concept=concept,
        tied=False,
        section=again.section,
        by=again.by,
    )


def restatements(index: Index, first_id: int) -> list[Claim]:
    """One measure, in plain words and with its role named, stated more than once for the same period."""
    groups: dict[tuple[str, str | None, Role, str | None], list[Figure]] = defaultdict(list)
    for figure in index.reading.figures:
        explicit = figure.role is Role.INCOME or figure.concept == TOTAL or role_in(plain(figure.measure)) is not None
        known = figure.concept is not None and not is_pool(figure.concept)
        if known and explicit and figure.role in _RESTATED and figure.subject is None and _is_plain(figure):
            document = index.quantity(figure).span.document
            groups[document, figure.concept, figure.role, figure.period].append(figure)
    claims: list[Claim] = _perhaps_restated(index, first_id)
    for (_, concept, _, _), figures in groups.items():
        for figure in figures[1:]:
            claims.append(_restatement(first_id + len(claims), figures[0], figure, concept))
    return claims


def _perhaps_restated(index: Index, first_id: int) -> list[Claim]:
    """A budget of unnamed kind beside an initial or adjusted one of the same measure: perhaps the same, perhaps not."""
    plain_ones = [
        figure
        for figure in index.reading.figures
        if figure.concept is not None
        and figure.concept != TOTAL
        and figure.subject is None
        and index.quantity(figure).dimension is Dimension.MONEY
        and _is_plain(figure)
    ]
    claims: list[Claim] = []
    for figure in (f for f in plain_ones if f.role is Role.BUDGET):
        named = [
            other
            for other in plain_ones
            if (other.concept, other.period) == (figure.concept, figure.period)
            and index.quantity(other).span.document == index.quantity(figure).span.document
            and other.role in (Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
        ]
        # One of them fits, or the reader has to ask: only a budget that is neither is worth a question.
        values = {index.quantity(other).value for other in named}
        if named and index.quantity(figure).value not in values:
            claims.append(_restatement(first_id + len(claims), named[0], figure, "unnamed_budget"))
    return claims
