"""Goals stated early against results stated late."""

import re
from collections import Counter
from collections.abc import Callable
from fractions import Fraction

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.linking.index import Index
from reviewer.schema import Claim, ClaimKind, Dimension, Figure, Operand, OperandRole, Role

_NEAR = 20
"""Characters before a result in which its span of time is named."""
_FULL_NAME = 4
"""Characters of a name that two places hardly give to different things."""
_CLOSE = Fraction(1, 4)
"""The least that two sentences must share to speak of one thing: a word that hardly any other sentence has."""


def _stem(measure: str) -> str:
    """What a rate is about: 化解 of 参与化解成功率."""
    words = re.sub("[率度]$", "", plain(measure))
    for common in load("reasons")["common"]:
        words = words.replace(common, "")
    return words


def _words(text: str) -> set[str]:
    """Pairs of neighbouring characters: the nearest thing to words without a dictionary."""
    letters = re.sub(r"[^\u4e00-\u9fff]+", " ", plain(text))
    return {letters[at : at + 2] for at in range(len(letters) - 1) if " " not in letters[at : at + 2]}


def _sentence(index: Index, figure: Figure) -> set[str]:
    span = index.quantity(figure).span
    sentence = index.source.sentence_at(span.document, span.start)
    return _words(index.source.text(sentence.span)) if sentence else set()


def _closeness(index: Index) -> Callable[[Figure, Figure], Fraction]:
    """How much two figures' sentences share, rare words counting more; the shared name itself does not count."""
    spread = Counter(word for sentence in index.source.sentences for word in _words(index.source.text(sentence.span)))

    def closeness(goal: Figure, result: Figure) -> Fraction:
        if len(goal.measure) >= _FULL_NAME and goal.measure == result.measure:
            return Fraction(1)
        shared = _sentence(index, goal) & _sentence(index, result) - _words(goal.measure) - _words(result.measure)
        return sum((Fraction(1, spread[word]) for word in shared), Fraction(0))

    return closeness


def _is_partial(index: Index, result: Figure) -> bool:
    """Whether a result is only a quarter's, a half-year's or a month's."""
    span = index.quantity(result).span
    before = index.source.document(span.document).text[max(0, span.start - _NEAR) : span.start]
    return re.search("季度|半年|月份|截至", re.split("[。；;]", before)[-1]) is not None


def goal_claims(index: Index, first_id: int) -> list[Claim]:
    """For each result, the earlier goal of its name whose sentence comes nearest to its own."""
    percent = [f for f in index.reading.figures if index.quantity(f).dimension is Dimension.PERCENT]
    goals = [f for f in percent if f.role is Role.TARGET and index.quantity(f).low is not None]
    results = [f for f in percent if f.role is Role.RATE and f.concept is None]
    closeness = _closeness(index) if goals else None
    claims: list[Claim] = []
    for result in results:
        before = [
            goal
            for goal in goals
            if result.period == goal.period
            and not _is_partial(index, result)
            and result.section != goal.section
            and index.quantity(result).span.document == index.quantity(goal).span.document
            and index.quantity(result).span.start > index.quantity(goal).span.start
            and len(_stem(goal.measure)) > 1
            and _stem(goal.measure) == _stem(result.measure)
        ]
        if not before or closeness is None:
            continue
        # Of equally close goals the later one is the more particular: overall goals come first in these reports.
        best = max(before, key=lambda goal: (closeness(goal, result), index.quantity(goal).span.start))
        if closeness(best, result) < _CLOSE:
            continue
        claims.append(
            Claim(
                id=f"c{first_id + len(claims)}",
                kind=ClaimKind.TARGET_MET,
                operands=(
                    Operand(role=OperandRole.ACTUAL, quantity=result.quantity),
                    Operand(role=OperandRole.TARGET, quantity=best.quantity),
                ),
                result=None,
                tied=False,
                section=result.section,
                by=result.by,
            )
        )
    return claims
