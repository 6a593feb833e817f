"""Goals stated early against results stated late."""

import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction

from reviewer.lexicon.measures import plain
from reviewer.linking.index import Index
from reviewer.linking.wording import name_words, outcome, stem, told_in, words
from reviewer.schema import Bound, Claim, ClaimKind, Dimension, Figure, Operand, OperandRole, Role, Source, Span

_NEAR = 20
"""Characters before a result in which its span of time is named."""
_FULL_NAME = 4
"""Characters of a name that two places hardly give to different things."""
_CLOSE = Fraction(1, 4)
"""The least that two sentences must share to speak of one thing: a word that hardly any other sentence has."""
_AFTERWARDS = 120
"""Characters behind a result in which a shortfall is admitted."""

Closeness = Callable[[Figure, Figure], Fraction]


def _sentence(index: Index, figure: Figure) -> set[str]:
    span = index.quantity(figure).span
    sentence = index.source.sentence_at(span.document, span.start)
    return words(index.source.text(sentence.span)) if sentence else set()


def _closeness(index: Index) -> Closeness:
    """How much two figures' sentences share, rare words counting more; the shared name itself does not count."""
    spread = Counter(word for sentence in index.source.sentences for word in words(index.source.text(sentence.span)))

    def closeness(goal: Figure, result: Figure) -> Fraction:
        if len(goal.measure) >= _FULL_NAME and goal.measure == result.measure:
            return Fraction(1)
        shared = _sentence(index, goal) & _sentence(index, result) - words(goal.measure) - words(result.measure)
        return sum((Fraction(1, spread[word]) for word in shared), Fraction(0))

    return closeness


def _is_partial(index: Index, result: Figure) -> bool:
    """Whether a result is only a quarter's, a half-year's or a month's."""
    span = index.quantity(result).span
    before = index.source.document(span.document).text[max(0, span.start - _NEAR) : span.start]
    return re.search("季度|半年|月份|截至", re.split("[。；;]", before)[-1]) is not None


def is_admitted(source: Source, span: Span) -> bool:
    """Whether the report itself says that the result printed here falls short, or what was marked down for it."""
    text = source.document(span.document).text
    return told_in("admitted", text[span.end : span.end + _AFTERWARDS].split("\n")[0])


def _behind(index: Index, goal: Figure, result: Figure) -> bool:
    """Whether a result could be the goal's: of the same year and unit, later and in another section."""
    aimed, told = index.quantity(goal), index.quantity(result)
    return (
        result.period == goal.period
        and result.section != goal.section
        and aimed.unit == told.unit
        and aimed.span.document == told.span.document
        and told.span.start > aimed.span.start
        and not _is_partial(index, result)
    )


def _same_name(goal: Figure, result: Figure) -> bool:
    return len(stem(goal.measure)) > 1 and stem(goal.measure) == stem(result.measure)


def _only_partner(goal: Figure, result: Figure, goals: list[Figure], results: list[Figure]) -> bool:
    """Whether the names tell one kind of outcome and share a word nobody else has: 调处化解率, 参与调处成功率."""
    shared = name_words(goal.measure) & name_words(result.measure)
    others = [f for f in (*goals, *results) if f is not goal and f is not result]
    alike = outcome(goal.measure) is not None and outcome(goal.measure) == outcome(result.measure)
    return bool(shared) and alike and not any(shared & name_words(other.measure) for other in others)


def _claim(index: Index, number: int, goal: Figure, result: Figure) -> Claim:
    return Claim(
        id=f"c{number}",
        kind=ClaimKind.TARGET_MET,
        operands=(
            Operand(role=OperandRole.ACTUAL, quantity=result.quantity),
            Operand(role=OperandRole.TARGET, quantity=goal.quantity),
        ),
        result=None,
        tied=False,
        concept="admitted" if is_admitted(index.source, index.quantity(result).span) else None,
        section=result.section,
        by=result.by,
    )


def _counted(index: Index) -> list[tuple[Figure, Figure]]:
    """(goal, result) of things counted or measured, where one goal and one result bear the same full name."""
    kinds = (Dimension.COUNT, Dimension.MEASURE)
    figures = [f for f in index.reading.figures if index.quantity(f).dimension in kinds]
    goals = [f for f in figures if f.role is Role.TARGET and index.quantity(f).bound is Bound.AT_LEAST]
    pairs = []
    for goal in goals:
        same = [f for f in figures if len(stem(goal.measure)) >= _FULL_NAME and _same_name(goal, f)]
        results = [f for f in same if f is not goal and index.quantity(f).bound is Bound.EXACT]
        if len(same) == 1 + len(results) == 2 and _behind(index, goal, results[0]):
            pairs.append((goal, results[0]))
    return pairs


def _rated(index: Index) -> list[tuple[Figure, Figure]]:
    """(goal, result) of rates: for each result the earlier goal of its name whose sentence comes nearest to its own."""
    percent = [f for f in index.reading.figures if index.quantity(f).dimension is Dimension.PERCENT]
    goals = [f for f in percent if f.role is Role.TARGET and index.quantity(f).bound is not Bound.RANGE]
    results = [f for f in percent if f.role is Role.RATE and f.concept is None]
    pairs: list[tuple[Figure, Figure]] = []
    if not goals:
        return pairs
    closeness = _closeness(index)
    for result in results:
        before = [goal for goal in goals if _behind(index, goal, result)]
        same = [goal for goal in before if _same_name(goal, result)] or [
            goal
            for goal in before
            if _only_partner(goal, result, goals, results)
            and not any(_same_name(goal, other) for other in results if _behind(index, goal, other))
        ]
        if not same:
            continue
        # Of equally close goals the later one is the more particular: overall goals come first in these reports.
        best = max(same, key=lambda goal: (closeness(goal, result), index.quantity(goal).span.start))
        if not _same_name(best, result) or closeness(best, result) >= _CLOSE:
            pairs.append((best, result))
    return pairs


def goal_pairs(index: Index) -> list[tuple[Figure, Figure]]:
    """Each goal with a later result that answers it."""
    return [*_rated(index), *_counted(index)]


def goal_claims(index: Index, first_id: int) -> list[Claim]:
    """Each result against the earlier goal it answers."""
    met = [claim for claim in index.reading.claims if claim.kind is ClaimKind.TARGET_MET]
    told = {operand.quantity for claim in met for operand in claim.operands if operand.role is OperandRole.ACTUAL}
    pairs = [(goal, result) for goal, result in goal_pairs(index) if result.quantity not in told]
    return [_claim(index, first_id + number, goal, result) for number, (goal, result) in enumerate(pairs)]


def is_goal_place(index: Index, section_id: str) -> bool:
    """Whether a section tells what is aimed at, by its own heading or one above it."""
    titles = [plain(section.title) for section in index.source.path_to(index.source.section(section_id))]
    return any(told_in("place", title) for title in titles) and not any(told_in("result_place", t) for t in titles)
