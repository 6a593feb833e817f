"""What bare marks of a list are, from the sentence they stand in: scores, full marks or marks lost."""

import re
from dataclasses import replace
from itertools import pairwise

from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Paragraph, cue
from reviewer.lexicon.measures import plain
from reviewer.schema import Dimension, Role

_MARKS = (Role.SCORE, Role.FULL_MARK, Role.LOST_MARK)
_LEAST = 3
"""Marks of one sentence, the total among them, from which on they are a list."""


def with_roles_of_scores(paragraph: Paragraph, labels: dict[str, Label]) -> dict[str, Label]:
    """The labels with what a rule prints told from what was lost, and bare marks of a list as what the list is of."""
    found = dict(labels)
    marks = [label for label in labels.values() if label.mention.quantity.dimension is Dimension.SCORE]
    for label in marks:
        words = plain(paragraph.words(label.mention.sentence_start, label.mention.start))
        tier = label.role is Role.SCORE and cue("score", "tier").match(plain(label.mention.words))
        if tier or (label.role is Role.LOST_MARK and cue("score", "per_unit").search(words)):
            found[label.mention.quantity.id] = replace(label, role=Role.THRESHOLD)
    for start in dict.fromkeys(label.mention.sentence_start for label in marks):
        sentence = [found[label.mention.quantity.id] for label in marks if label.mention.sentence_start == start]
        scored = [label for label in sentence[:-1] if label.role is Role.SCORE]
        last = sentence[-1]
        if len(scored) >= _LEAST - 1 and _is_total_score(last):
            found[last.mention.quantity.id] = sentence[-1] = replace(last, role=Role.SCORE)
        paired = any(label.role is Role.FULL_MARK for label in sentence)
        if len(sentence) >= _LEAST and not paired and (role := _role_of_list(paragraph, sentence)) is not None:
            for label in sentence:
                if label.role is Role.THRESHOLD and label.mention.exact:
                    found[label.mention.quantity.id] = replace(label, role=role)
    for before, label in pairwise(marks):
        role = found[before.mention.quantity.id].role
        goes_on = cue("clause", "list").match(paragraph.words(before.mention.end, label.mention.start))
        if label.role is Role.THRESHOLD and label.mention.exact and role in _MARKS and goes_on:
            found[label.mention.quantity.id] = replace(label, role=role)
    for full, lost, score in zip(marks, marks[1:], marks[2:], strict=False):
        roles = [found[label.mention.quantity.id].role for label in (full, lost, score)]
        stops = paragraph.words(full.mention.end, score.mention.start)
        if (
            roles == [Role.THRESHOLD, Role.LOST_MARK, Role.SCORE]
            and full.mention.exact
            and not re.search("[。；;]", stops)
        ):
            found[full.mention.quantity.id] = replace(full, role=Role.FULL_MARK)
    return found


def _is_total_score(label: Label) -> bool:
    """Whether a 总分 behind scores is theirs: 「……分别得19分、28分，总分47分」."""
    words = plain(label.mention.words)
    return label.role is Role.FULL_MARK and cue("score", "total_word").search(words) is not None


def _role_of_list(paragraph: Paragraph, sentence: list[Label]) -> Role | None:
    """What the bare marks of a sentence are: what its total is; None where they belong to a rule."""
    first, last = sentence[0].mention, sentence[-1].mention
    words = plain(paragraph.words(first.sentence_start, last.start) + paragraph.rest_of_sentence(last))
    if all(label.role is Role.THRESHOLD for label in sentence[: _LEAST - 1]) and cue("score", "list_of_marks").search(
        plain(paragraph.words(first.sentence_start, first.start))
    ):
        return Role.FULL_MARK
    if cue("score", "marks_of_rule").search(words):
        return None
    totals = [label for label in sentence if cue("score", "sum").search(plain(label.mention.words))]
    led = plain(paragraph.words(first.sentence_start, first.start))
    if not totals:
        return Role.SCORE if cue("score", "list_of_scores").search(led) or _follows_a_score(paragraph, led) else None
    if len(totals) != 1:
        return None
    if totals[0].role is Role.LOST_MARK or cue("score", "lost_words").search(led):
        return Role.LOST_MARK if cue("score", "lost_words").search(led) else Role.SCORE
    return totals[0].role if totals[0].role in _MARKS else Role.SCORE


def _follows_a_score(paragraph: Paragraph, led: str) -> bool:
    """「自评得98.24分。四个部分依次为：预算执行率9.50分……」."""
    return cue("score", "list_of_parts").search(led) is not None and "得" in paragraph.text
