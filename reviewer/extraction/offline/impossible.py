"""Numbers that bound each other: persons by the times they came, answers by the whole questionnaires."""

import re
from functools import cache
from itertools import pairwise

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Dimension, OperandRole, Role

_PERSONS = ("人", "名", "位")
_GRAM = 2
"""Characters that the words of two counts share to be of one matter."""


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("quotients")[name])


def _counts(mention: Mention) -> bool:
    return mention.exact and mention.quantity.dimension is Dimension.COUNT and bool(mention.quantity.value)


def _surveyed(builder: Builder, paragraph: Paragraph) -> None:
    """「收回有效问卷180份，……满意度为96.80%」: some whole number of the 180 must give the rate."""
    for whole, rate in pairwise(paragraph.mentions):
        if not _counts(whole) or rate.quantity.dimension is not Dimension.PERCENT or not rate.exact:
            continue
        between = plain(paragraph.words(whole.end, rate.start))
        asked = _pattern("answered").search(plain(whole.words) + plain(whole.after)[:4])
        told = _pattern("satisfied").search(between) and not _pattern("not_counted").search(between)
        if asked and told and len(re.findall("[。！？]", between)) <= 1:
            operands = [(OperandRole.WHOLE, whole.quantity)]
            builder.claim(ClaimKind.BOUND, operands, rate.quantity, concept="attainable_rate")


def _of_one_matter(one: Mention, other: Mention) -> bool:
    first, second = (
        re.sub(_pattern("no_matter"), "|", plain(m.words) + "|" + plain(m.after)[:4]) for m in (one, other)
    )
    shared = any(
        "|" not in first[n : n + _GRAM] and first[n : n + _GRAM] in second for n in range(len(first) - _GRAM + 1)
    )
    return shared or all(_pattern("trained").search(words) for words in (first, second))


def _persons(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """「培训学员146人次，参训学员158人」: whoever came came at least once."""
    for one, other in pairwise(paragraph.mentions):
        units = {one.quantity.unit: one, other.quantity.unit: other}
        times = units.get("人次")
        persons = next((m for unit, m in units.items() if unit in _PERSONS), None)
        if times is None or persons is None or not (_counts(times) and _counts(persons)):
            continue
        roles = {label.role for m in (one, other) if (label := labels.get(m.quantity.id))}
        said = paragraph.words(one.words_start, other.end)
        gap = paragraph.words(one.end, other.start)
        aside = roles & {Role.TARGET, Role.THRESHOLD, Role.CHANGE, Role.ESTABLISHMENT}
        if aside or re.search("[。；;]", gap) or _pattern("other_matter").search(said):
            continue
        if _of_one_matter(one, other):
            operands = [(OperandRole.WHOLE, times.quantity)]
            builder.claim(ClaimKind.BOUND, operands, persons.quantity, concept="persons_above_times")


def extract_impossible(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """Note every number that another one beside it bounds."""
    _surveyed(builder, paragraph)
    _persons(builder, paragraph, labels)
