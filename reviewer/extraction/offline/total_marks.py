"""What a 总分 is: a score where a grade is given for it, the full mark where grades are only laid down."""

import re
from decimal import Decimal

from reviewer.extraction.offline.bands import scales_in
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.lexicon.measures import plain
from reviewer.schema import Role

_HUNDRED = Decimal(100)


def role_of_total(paragraph: Paragraph, mention: Mention) -> Role | None:
    """Score or full mark where a number is called 总分; None where its words say nothing of the kind."""
    words, rest = plain(mention.words), paragraph.rest_of_sentence(mention)
    if not cue("score", "total_word").search(words):
        return None
    if cue("score", "scored_behind").search(rest):
        return Role.FULL_MARK
    if _is_graded(paragraph, mention, rest):
        return Role.SCORE
    scored = cue("score", "total_scored").search(words)
    out_of = mention.quantity.value == _HUNDRED and not cue("score", "total_own").search(words)
    if scored and not out_of and not cue("score", "divided").match(rest):
        return Role.SCORE
    return Role.FULL_MARK


def _is_graded(paragraph: Paragraph, mention: Mention, rest: str) -> bool:
    """Whether the sentence goes on with a grade: one outside any scale, and outside words on how grades are divided."""
    if not cue("score", "grade_near").search(rest):
        return False
    told, at = "", mention.end
    for scale in scales_in(paragraph.text, paragraph.start):
        if scale.end > at:
            told += re.sub(r"[^，,。；;（(]*$", "", paragraph.words(at, max(at, scale.start)))
            at = scale.end
    told = re.split("[。！？\n]", told + paragraph.words(at, paragraph.end))[0]
    clauses = re.split("[，,；;（(]", told)
    return any(cue("score", "grade_near").search(c) and not cue("score", "grades_listed").search(c) for c in clauses)
