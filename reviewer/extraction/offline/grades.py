"""The grade a report gives itself, tied to the score it is for: in its sentence, on either side, or in the next."""

import re
from dataclasses import dataclass
from functools import cache

from reviewer.extraction.offline.bands import nearest, pattern, scales, step_limits
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.scales import grade_words, limits, own_scale
from reviewer.lexicon.measures import plain
from reviewer.policies import Policy
from reviewer.schema import ClaimKind, Operand, OperandRole

_SENTENCES = 3
"""A grade named further off than the second sentence behind a score need not be that score's."""
_OPENING = 6
"""Characters that may stand before weak words which open a sentence: 「最终」 of 「最终结果为优」."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A grade in words, by its place in the document."""

    word: str
    start: int
    end: int


@cache
def _pattern(name: str, words: tuple[str, ...]) -> re.Pattern[str]:
    grades = "|".join(map(re.escape, words))
    return re.compile(cue("score", name).pattern.replace("GRADES", grades))


def _stated(text: str, policy: Policy) -> re.Match[str] | None:
    """The first grade that words state, unless they speak of another's, another year's or a wished-for one."""
    words = tuple(grade_words(policy))
    strong, weak = (_pattern(name, words).search(text) for name in ("grade", "grade_weak"))
    if weak and not _is_near(text[: weak.start()]):
        weak = None
    match = strong or weak
    if strong and pattern("grade", "of_scale").search(plain(text[: strong.start("grade")])):
        match = None
    if match is None:
        return None
    clause = re.split(r"[，,。！？；;\n]", text[: match.start()])[-1] + match.group()
    if cue("score", "other_grade" if strong else "other_result").search(clause):
        return None
    sentence = re.split(r"[。！？；;\n]", text[: match.start("grade")])[-1]
    return None if cue("score", "not_own_grade").search(sentence) else match


def _is_near(before: str) -> bool:
    """Whether weak words still speak of the score: in its own sentence, or opening the next."""
    stops = re.findall(r"[。！？\n]", before)
    return not stops or (len(stops) == 1 and len(re.split(r"[。！？\n]", before)[1]) <= _OPENING)


def statement(paragraph: Paragraph, score: Mention, policy: Policy, scored: set[str]) -> Statement | None:
    """The grade stated for a score; `scored` are the ids of the scores that others' grades may stand behind."""
    later = [m.start for m in paragraph.mentions if m.start > score.start and m.quantity.id in scored]
    end = min([paragraph.end, *later])
    behind = re.match(rf"(?:[^。！？\n]*[。！？\n]?){{0,{_SENTENCES}}}", paragraph.words(score.end, end))
    if behind and (match := _stated(behind.group(), policy)):
        at = score.end
        return Statement(match["grade"], at + match.start("grade"), at + match.end("grade"))
    before = [m.end for m in paragraph.mentions if m.start < score.start and m.quantity.id in scored]
    start = max([score.sentence_start, *before])
    if match := _stated(paragraph.words(start, score.start) + "，", policy):
        return Statement(match["grade"], start + match.start("grade"), start + match.end("grade"))
    return None


def claim_grade(builder: Builder, document: str, score: Mention, found: Statement, policy: Policy) -> None:
    """Note that a grade fits its score by the report's own scale, or the policy's where it prints none."""
    printed = nearest(scales(builder.source.document(document)), found.start, found.end, found.word)
    step = printed.step(found.word) if printed else None
    bounds = step_limits(builder.source, document, step) if step else []
    bounds = bounds or limits(own_scale(builder.source, document), policy, found.word)
    if any(operand.value == score.quantity.value for operand in bounds if operand.quantity):
        return
    if not bounds:
        return
    span = builder.span(document, found.start, found.end)
    builder.claim(
        ClaimKind.GRADE,
        [Operand(role=OperandRole.ITEM, quantity=score.quantity.id), *bounds],
        None,
        cue=span,
        concept="total_score",
        stated_text=found.word,
        stated_span=span,
    )
