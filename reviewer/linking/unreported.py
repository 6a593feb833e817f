"""Goals that no later sentence reports on."""

from fractions import Fraction

from reviewer.lexicon.measures import plain
from reviewer.linking.goals import goal_pairs, is_goal_place
from reviewer.linking.index import Index
from reviewer.linking.wording import bare, head, name_words, tells, told_in, words
from reviewer.schema import Bound, Claim, ClaimKind, Dimension, Figure, Operand, OperandRole, Role, Sentence

_KINDS = (Dimension.PERCENT, Dimension.COUNT, Dimension.MEASURE)
_SHARED, _SHARED_OF_RATE, _SHARED_WITH_OUTCOME = Fraction(2, 5), Fraction(3, 5), Fraction(1, 4)
"""How much of a goal's name a sentence must hold to speak of it: of a count, of a rate, and of a rate whose outcome
(化解, 整改…) the sentence names too."""
_ONE_SIDED = (Bound.AT_LEAST, Bound.MORE_THAN, Bound.AT_MOST, Bound.LESS_THAN)
_LIMITS = (Bound.AT_MOST, Bound.LESS_THAN)
_NAME = 2
_LATER = 2
"""Sections behind the goals that a report needs before one can say that it does not report on them."""


def _goals(index: Index) -> list[Figure]:
    """Goals with a number in prose: limits, and rates to be reached or kept."""
    return [
        figure
        for figure in index.reading.figures
        if (quantity := index.quantity(figure)).dimension in _KINDS
        and quantity.span.table is None
        and figure.concept is None
        and (
            (figure.role is Role.TARGET and (quantity.bound in _ONE_SIDED or quantity.dimension is Dimension.PERCENT))
            or (figure.role is Role.RATE and told_in("aimed", figure.measure))
        )
        and len(name_words(figure.measure)) >= _NAME
        and not told_in("arranged", figure.measure)
        and is_goal_place(index, figure.section)
        and figure.period == str(index.source.document(quantity.span.document).year)
    ]


def _speaks_of(goal: Figure, text: str) -> bool:
    name = name_words(goal.measure)
    shared = Fraction(len(name & words(text)), len(name))
    if (own := head(goal.measure)) is None:
        return shared >= _SHARED
    return shared >= _SHARED_OF_RATE or (shared >= _SHARED_WITH_OUTCOME and (own in text or tells(goal.measure, text)))


def _is_row_of(index: Index, goal: Figure, sentence: Sentence) -> bool:
    """Whether a sentence is a table's row whose shorter name ends the goal's: 列养率 of 农村公路列养率."""
    found = index.source.within(sentence.span.document, sentence.span.start, sentence.span.end)
    names = {bare(index.by_quantity[q.id].measure) for q in found if q.span.table and q.id in index.by_quantity}
    return any(len(name) > _NAME and bare(goal.measure).endswith(name) for name in names)


def _before(index: Index, sentence: Sentence) -> str:
    """The sentence before in the same section, which may only name the item: 「2.供餐人次，分值8分。全年供餐……」."""
    at = index.source.sentences.index(sentence)
    other = index.source.sentences[at - 1] if at else None
    text = index.source.text(other.span) if other is not None and other.section == sentence.section else ""
    return text if told_in("marked", text) else ""


def _reports(index: Index, goal: Figure, sentence: Sentence) -> bool:
    """Whether a sentence reports on a goal: with a number of its kind, or in words that leave none open."""
    title = plain(index.source.section(sentence.section).title) if sentence.section else ""
    text = f"{title}。{_before(index, sentence)}{index.source.text(sentence.span)}"
    if not _speaks_of(goal, text) and not _is_row_of(index, goal, sentence):
        return False
    aimed = index.quantity(goal)
    span = sentence.span
    same = [
        quantity
        for quantity in index.source.within(span.document, span.start, span.end)
        if quantity.dimension is aimed.dimension
        and (aimed.dimension is Dimension.PERCENT or quantity.unit == aimed.unit)
    ]
    return bool(same) or (told_in("in_full", text) and (aimed.bound in _LIMITS or aimed.value == 100))


def _is_reported(index: Index, goal: Figure, places: set[str]) -> bool:
    """Whether some later sentence reports on a goal, or too little stands behind it to say."""
    here = index.quantity(goal).span
    later = [
        sentence
        for sentence in index.source.sentences
        if sentence.span.document == here.document
        and sentence.span.start > here.start
        and sentence.section not in places
    ]
    enough = len({sentence.section for sentence in later}) >= _LATER
    return not enough or any(_reports(index, goal, sentence) for sentence in later)


def _results_elsewhere(index: Index) -> bool:
    """Whether the report refers to a form that is not in the text."""
    attached = any(section.title.startswith(("附件", "附表")) for section in index.source.sections)
    tables = any(document.tables for document in index.source.documents)
    referred = any(told_in("reported_elsewhere", document.text) for document in index.source.documents)
    return referred and not attached and not tables


def _answered(index: Index) -> set[str | None]:
    """The goals that an item's result was held against before."""
    met = [claim for claim in index.reading.claims if claim.kind is ClaimKind.TARGET_MET]
    return {operand.quantity for claim in met for operand in claim.operands if operand.role is OperandRole.TARGET}


def unreported_claims(index: Index, first_id: int) -> list[Claim]:
    """One claim for each goal of which nothing is told behind the chapter on goals."""
    places = {section.id for section in index.source.sections if is_goal_place(index, section.id)}
    answered = {goal.quantity for goal, _ in goal_pairs(index)} | _answered(index)
    goals = [goal for goal in _goals(index) if goal.quantity not in answered]
    missing = [goal for goal in goals if not _is_reported(index, goal, places)]
    if len(missing) == len(goals) and not answered and _results_elsewhere(index):
        return []
    return [
        Claim(
            id=f"c{first_id + number}",
            kind=ClaimKind.TARGET_MET,
            operands=(Operand(role=OperandRole.TARGET, quantity=goal.quantity),),
            result=None,
            tied=False,
            concept="unreported",
            section=goal.section,
            by=goal.by,
        )
        for number, goal in enumerate(missing)
    ]
