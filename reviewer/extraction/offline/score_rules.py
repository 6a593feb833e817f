"""Scores held against the rule printed beside them, and full marks against the target they say was met."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue, paragraph, same_kind
from reviewer.extraction.offline.score_sheet import ScoreSheet, topic
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Bound, Claim, ClaimKind, Dimension, Operand, OperandRole, Quantity, Role

_HEAD = 16
"""Characters at the start of a paragraph in which it says what it is about."""
_NAME = 3
_SPENDING, _INCOME = "expenditure_total", "income_total"


@dataclass(frozen=True, slots=True)
class Scored:
    """One item: its marks, the words that give its rule, and the words that tell what was reached."""

    name: str
    full: Quantity
    score: Quantity
    rule: Paragraph
    told: Paragraph | None
    """Where the values stand; the rule's own paragraph for items of prose."""
    alone: bool = False
    """Whether its paragraph tells of no other item."""

    @property
    def lower(self) -> bool:
        """Whether less of it is better."""
        return re.search(load("reasons")["lower_is_better"], self.name) is not None


def extract_score_rules(
    builder: Builder, sheet: ScoreSheet, read: Sequence[Paragraph], labels: dict[str, Label]
) -> None:
    """Note, for every scored item whose rule or target can be computed, that its score follows from it."""
    for item in (*_of_prose(sheet), *_of_tables(builder, sheet, read)):
        found = (
            _product(builder, item)
            or _slope(builder, item)
            or _fall(builder, item, labels)
            or _initial_budget(builder, item)
        )
        if found is None and item.told is item.rule:
            _target(builder, item)


def _of_prose(sheet: ScoreSheet) -> Iterator[Scored]:
    for pair in sheet.pairs:
        words = pair.name or topic(pair.section.title)
        alone = sum(other.paragraph is pair.paragraph for other in sheet.pairs) == 1
        yield Scored(words, pair.full.quantity, pair.score.quantity, pair.paragraph, pair.paragraph, alone)


def _of_tables(builder: Builder, sheet: ScoreSheet, read: Sequence[Paragraph]) -> Iterator[Scored]:
    for table in sheet.tables:
        for item in table.items:
            if item.rule is None or item.full is None:
                continue
            span = item.rule.span
            rule = paragraph(builder.source, span.document, span.start, span.end)
            yield Scored(item.name, item.full, item.score, rule, _about(item.name, read, span.document))


def _about(name: str, read: Sequence[Paragraph], document: str) -> Paragraph | None:
    """The paragraph that opens with an item's name: 「（3）“三公经费”变动率。本年度……」."""
    found = [
        one
        for one in read
        if one.document == document
        and len(name) > _NAME
        and (name in plain(one.text[:_HEAD]) or topic(one.section.title) == name)
        and any(m.quantity.dimension is not Dimension.SCORE for m in one.mentions)
    ]
    return found[0] if len(found) == 1 else None


def _claim(builder: Builder, item: Scored, concept: str, operands: list[tuple[OperandRole, Quantity]]) -> Claim:
    cap = (OperandRole.CAP, item.full)
    return builder.claim(
        ClaimKind.SCORE_RULE,
        [*operands, cap],
        item.score,
        concept=concept,
        tied=item.told is item.rule,
    )


def _values(item: Scored, *, behind: bool = False) -> list[Mention]:
    """The exact values told of an item outside its rule, before its score or `behind` it as well."""
    if item.told is None:
        return []
    limit = item.score.span.start if item.told is item.rule and not behind else item.told.end
    rules = [m.sentence_start for m in item.rule.mentions if _is_rule(m)] if item.told is item.rule else []
    return [
        m
        for m in item.told.mentions
        if m.exact
        and item.full.span.start != m.start < limit
        and m.sentence_start not in rules
        and m.quantity.dimension is not Dimension.SCORE
        and not cue("rule", "not_value").search(plain(m.words))
    ]


def _is_rule(mention: Mention) -> bool:
    return cue("rule", "full_behind").match(plain(mention.after)) is not None


def _rate(item: Scored) -> Mention | None:
    """The one rate told of an item."""
    rates = [m for m in _values(item) if m.quantity.dimension is Dimension.PERCENT]
    named = [m for m in rates if item.name.endswith("率") and item.name in plain(m.words)]
    kept = named or rates
    return kept[-1] if kept and len({m.quantity.value for m in kept}) == 1 else None


def _product(builder: Builder, item: Scored) -> Claim | None:
    """「得分=安排率×5分」, 「以执行率乘以满分，得19.58分」, 「按完成比例得9.60分」."""
    rate = _rate(item)
    words = plain(item.rule.text)
    if rate is None or not cue("rule", "product").search(words) or cue("rule", "from").search(words):
        return None
    return _claim(builder, item, "product", [(OperandRole.ITEM, rate.quantity)])


def _slope(builder: Builder, item: Scored) -> Claim | None:
    """「达到95%得满分，每低1个百分点扣0.2分」, 「未超过100%的得5分，超出部分每1个百分点扣0.1分」."""
    rate = _rate(item)
    marks = [m for m in item.rule.mentions if m.quantity.dimension in (Dimension.PERCENT, Dimension.POINT)]
    steps = [m for m in marks if cue("rule", "step").search(plain(m.words))]
    if rate is None or len(steps) != 1:
        return None
    percents = [m for m in marks if m.quantity.dimension is Dimension.PERCENT]
    limits = [m for m in percents if m.end <= steps[0].start and _is_limit(m, item)]
    limits = limits or [m for m in percents if cue("rule", "target").search(plain(m.words))]
    lost = [m for m in item.rule.mentions if m.start > steps[0].end and m.quantity.dimension is Dimension.SCORE]
    if len(limits) != 1 or not lost:
        return None
    if not cue("rule", "taken").match(plain(item.rule.words(steps[0].end, lost[0].start))):
        return None
    beyond = cue("rule", "above").search(plain(steps[0].words) or plain(item.rule.words(limits[0].end, steps[0].start)))
    concept = "slope_above" if beyond else "slope_below"
    return _claim(
        builder,
        item,
        concept,
        [
            (OperandRole.ACTUAL, rate.quantity),
            (OperandRole.TARGET, limits[0].quantity),
            (OperandRole.BASE, steps[0].quantity),
            (OperandRole.SUBTRAHEND, lost[0].quantity),
        ],
    )


def _is_limit(mention: Mention, item: Scored) -> bool:
    """Whether full marks are due from this value on: 「达到95%得满分」, 「100%以内计5分」."""
    if _is_rule(mention):
        return True
    behind = plain(item.rule.words(mention.end, item.rule.end))
    marks = re.match(cue("rule", "marks_behind").pattern, behind)
    return (
        marks is not None and item.full.value is not None and marks.group("marks") == f"{item.full.value.normalize():f}"
    )


def _fall(builder: Builder, item: Scored, labels: dict[str, Label]) -> Claim | None:
    """「比上年下降的得5分」: what the marks printed for a fall were given for."""
    marks = [
        m for m in item.rule.mentions if cue("rule", "fall").search(plain(item.rule.words(item.rule.start, m.start)))
    ]
    if item.told is None or item.told is item.rule or len(marks) != 1:
        return None
    year = builder.source.document(item.told.document).year
    money = [m for m in item.told.mentions if m.quantity.dimension is Dimension.MONEY and m.exact]
    periods = {labels[m.quantity.id].period: m for m in money if m.quantity.id in labels}
    current, base = periods.get(str(year)), periods.get(str((year or 0) - 1))
    if len(money) != 2 or current is None or base is None:
        return None
    operands = [(OperandRole.CURRENT, current.quantity), (OperandRole.BASE, base.quantity)]
    return _claim(builder, item, "fall", [*operands, (OperandRole.TARGET, marks[0].quantity)])


def _initial_budget(builder: Builder, item: Scored) -> Claim | None:
    """「年初预算全部完成的得5分，未全部完成的按比例扣分」: what was spent of the initial budget."""
    if item.told is item.rule or not cue("rule", "initial_budget").search(plain(item.rule.text)):
        return None
    spent, budget = (_total(builder, item.full.span.document, role) for role in (Role.ACTUAL, Role.BUDGET_INITIAL))
    if spent is None or budget is None:
        return None
    return _claim(builder, item, "quotient", [(OperandRole.NUMERATOR, spent), (OperandRole.DENOMINATOR, budget)])


def _total(builder: Builder, document: str, role: Role) -> Quantity | None:
    """What the unit spent, or its budget at the beginning of the year, of expenditure or of income, its equal."""
    concepts = [_SPENDING] if role is Role.ACTUAL else [_SPENDING, _INCOME]
    for figure in builder.figures:
        own = figure.role is role or (role is Role.BUDGET_INITIAL and "年初" in figure.measure)
        if own and figure.concept in concepts and figure.subject is None:
            quantity = builder.source.quantity(figure.quantity)
            if quantity.span.document == document and quantity.bound is Bound.EXACT:
                return quantity
    return None


def _target(builder: Builder, item: Scored) -> None:
    """Full marks say that the target told beside them was met, and a target met by the rule earns them.

    「目标值≥98%，实际98.61%，得6分」; 「执行率达到90%的得满分」.
    """
    others = [m for m in item.rule.mentions if m.quantity.dimension is not Dimension.SCORE]
    named = [m for m in others if m.start < item.score.span.start and cue("rule", "target").search(plain(m.words))]
    rules = [m for m in others if _is_rule(m)]
    targets = named or rules
    full = item.score.value == item.full.value
    if len(targets) != 1 or not (full or rules == targets):
        return
    target = targets[0]
    told = _values(item, behind=item.alone)
    later = [m for m in told if same_kind(m.quantity, target.quantity) and (m.start > target.end or not named)]
    actual = [m for m in later if cue("rule", "actual").search(plain(m.words))] or later
    if len(actual) != 1:
        return
    lower = item.lower
    if target.quantity.dimension is Dimension.TIME and target.quantity.bound is Bound.EXACT and not lower:
        return
    if not full:
        _claim(builder, item, "due", [(OperandRole.ACTUAL, actual[0].quantity), (OperandRole.TARGET, target.quantity)])
        return
    builder.claim(
        ClaimKind.TARGET_MET,
        [
            Operand(role=OperandRole.ACTUAL, quantity=actual[0].quantity.id),
            Operand(role=OperandRole.TARGET, quantity=target.quantity.id),
            Operand(role=OperandRole.ITEM, quantity=item.score.id),
            Operand(role=OperandRole.CAP, quantity=item.full.id),
        ],
        None,
        cue=actual[0].quantity.span,
        concept="lower_is_better" if lower else None,
    )
