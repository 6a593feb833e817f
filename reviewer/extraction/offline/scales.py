"""The scale of grades a report prints itself, in prose, formulas or a table: 「得分≥85分为优秀」, 「良（80-90分）」."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.extraction.offline.mentions import cue
from reviewer.lexicon.measures import plain
from reviewer.policies import Policy
from reviewer.schema import Bound, Dimension, Operand, OperandRole, Quantity, Source

_LOWER = (Bound.AT_LEAST, Bound.MORE_THAN)
_UPPER = (Bound.AT_MOST, Bound.LESS_THAN)
_WORDS = 24
"""Characters beside a limit in which its grade is named."""


@dataclass(frozen=True, slots=True)
class Band:
    """A grade and the printed limits of its scores; a range is both of its limits."""

    word: str
    lower: Quantity | None
    upper: Quantity | None


def own_scale(source: Source, document: str) -> list[Band]:
    """The bands of the scale, in the order printed; empty when the report prints none."""
    text = source.document(document).text
    bands: list[Band] = []
    before: Quantity | None = None
    for quantity in source.within(document, 0, len(text)):
        previous, before = before, quantity
        if quantity.dimension not in (Dimension.SCORE, Dimension.NONE) or quantity.bound is Bound.EXACT:
            continue
        lower = _joined(text, previous, quantity) if quantity.bound in _UPPER else None
        word = _grade_beside(text, (lower or quantity).span.start, quantity.span.end)
        if word is None:
            continue
        if quantity.bound is Bound.RANGE:
            bands.append(Band(word, quantity, quantity))
        elif quantity.bound in _LOWER:
            bands.append(Band(word, quantity, None))
        elif quantity.bound in _UPPER:
            if lower and bands and bands[-1] == Band(word, lower, None):
                bands.pop()
            bands.append(Band(word, lower, quantity))
    return bands


def _joined(text: str, previous: Quantity | None, upper: Quantity) -> Quantity | None:
    """The lower limit of the same grade right before the upper one: 「75≤得分<85」."""
    if previous is None or previous.bound not in _LOWER:
        return None
    gap = plain(text[previous.span.end : upper.span.start])
    return previous if gap and cue("score", "within").match(gap) else None


def _grade_beside(text: str, start: int, end: int) -> str | None:
    """The grade before the limits, 「优秀（得分≥85分）」, else the one behind them, 「85分以上为优秀」."""
    led = re.split(r"[\n。；;]", text[max(0, start - _WORDS) : start])[-1].replace("\t", "：")
    before = cue("score", "band_before").search(plain(led))
    behind = before or cue("score", "band").match(plain(re.split(r"[\n。]", text[end : end + _WORDS])[0]))
    return behind.group("grade") if behind else None


def limits(bands: Sequence[Band], policy: Policy, word: str) -> list[Operand]:
    """The limits of a grade: the report's own where it prints a scale, else the policy's; empty where none is told."""
    if not bands:
        return _policy_limits(policy).get(word, [])
    rank = _ranks(policy)
    own = next((band for band in bands if rank.get(band.word) == rank[word]), None)
    better = [band for band in bands if band.lower and rank.get(band.word, rank[word]) < rank[word] and band is not own]
    next_better = max(better, key=lambda band: rank[band.word], default=None)
    if own is None:  # 「90分以上为优」 alone: what is worse than 优 lies below it
        bound = next_better.lower if next_better else None
        return [Operand(role=OperandRole.CAP, quantity=bound.id)] if bound else []
    upper = own.upper or (next_better.lower if next_better else None)
    if next_better and own.upper and own.upper.bound is Bound.RANGE and _leaves_a_gap(own.upper, next_better.lower):
        upper = next_better.lower  # 「80-89分为良，90-100分为优」: a score of 89.5 is no 优
    found = [(OperandRole.TARGET, own.lower), (OperandRole.CAP, upper)]
    return [Operand(role=role, quantity=quantity.id) for role, quantity in found if quantity]


def _leaves_a_gap(own: Quantity, better: Quantity | None) -> bool:
    return better is not None and own.high is not None and better.low is not None and own.high < better.low


def _ranks(policy: Policy) -> dict[str, int]:
    """How good a grade is by its word, 0 the best."""
    return {word: rank for rank, grade in enumerate(policy.grades) for word in grade.words}


def grade_words(policy: Policy) -> list[str]:
    """What reports write for grades, longest first."""
    return sorted(_ranks(policy), key=len, reverse=True)


def _policy_limits(policy: Policy) -> dict[str, list[Operand]]:
    """The limits of the policy's grades by the words reports write for them."""
    source = f"{policy.name}:grade"
    found: dict[str, list[Operand]] = {}
    for index, grade in enumerate(policy.grades):
        operands = [Operand(role=OperandRole.TARGET, value=grade.lower, source=source)]
        if index:
            better = policy.grades[index - 1].lower
            operands.append(Operand(role=OperandRole.CAP, value=better, source=source))
        found.update(dict.fromkeys(grade.words, operands))
    return found
