"""Scores: each against its full mark, items against their section, sections against the total, and the grade."""

import re
from dataclasses import dataclass

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grades import claim_grade, statement
from reviewer.extraction.offline.labels import Label, is_inside
from reviewer.extraction.offline.lost_marks import lost_of_item, lost_of_total
from reviewer.extraction.offline.mentions import OPENING, Mention, Paragraph, cue
from reviewer.extraction.offline.score_sheet import Pair, ScoreSheet, is_whole
from reviewer.extraction.offline.score_sums import adds_up, against_table, items_add_up, says_again, sections_add_up
from reviewer.lexicon.measures import plain
from reviewer.policies import Policy
from reviewer.schema import ClaimKind, Dimension, Operand, OperandRole, Quantity

_TITLES_UP = 2
"""How far up the outline a title still says that a section concludes the report."""
_MARKS = (Dimension.SCORE, Dimension.NONE)


@dataclass(frozen=True, slots=True)
class Total:
    """A score that is the whole report's."""

    mention: Mention
    paragraph: Paragraph
    period: str | None
    whose: str | None
    """The project it is of, or the scorer when that is not the unit itself."""


def _cap(builder: Builder, score: Quantity, cap: Operand, concept: str | None = None) -> None:
    item = Operand(role=OperandRole.ITEM, quantity=score.id)
    builder.claim(ClaimKind.SCORE_CAP, [item, cap], score, concept=concept)


def _words(builder: Builder, mention: Mention, document: str) -> str:
    """The words before a score without year and unit."""
    unit = builder.source.document(document).unit
    words = re.sub(r"(?:19|20)\d\d年度?", "", plain(mention.words)).replace(unit or "\0", "")
    return cue("clause", "opening").sub("", words)


def _means_the_whole(words: str) -> bool:
    """Whether words before a score name no part: 「自评得分」, 「某某项目综合得分」, but not 「产出部分得分」."""
    if cue("score", "total").match(words):
        return True
    return cue("score", "total_end").search(words) is not None and not cue("score", "part_name").search(words)


def _graded(builder: Builder, sheet: ScoreSheet) -> set[str]:
    """The ids of the scores that a grade may be for."""
    return {
        label.mention.quantity.id
        for label, paragraph in sheet.scores
        if _means_the_whole(_words(builder, label.mention, paragraph.document))
    }


def _totals(builder: Builder, sheet: ScoreSheet, heads: list[Pair], policy: Policy) -> list[Total]:
    """Lone scores that are the whole report's: their words mean the whole, and a conclusion or a grade is near."""
    found: list[Total] = []
    concluded: set[str] = set()
    graded = _graded(builder, sheet)
    for label, paragraph in sheet.scores:
        mention = label.mention
        inside = any(is_inside(builder.source, paragraph.section, head.section) for head in heads)
        if mention.quantity.id not in graded or (inside and not is_whole(mention)):
            continue
        titles = [section.title for section in builder.source.path_to(paragraph.section)[:_TITLES_UP]]
        said = (
            is_whole(mention)
            or cue("score", "grade_near").search(paragraph.rest_of_sentence(mention)) is not None
            or (not inside and statement(paragraph, mention, policy, graded) is not None)
        )
        concluding = any(cue("score", "conclusion").search(title) for title in titles)
        concluding = concluding and paragraph.section.id not in concluded
        if said or concluding or _leads(builder, sheet, label.mention, paragraph):
            found.append(Total(mention, paragraph, label.period, _whose(builder, label, paragraph)))
            concluded.add(paragraph.section.id)
    return found


def _whose(builder: Builder, label: Label, paragraph: Paragraph) -> str | None:
    """The scorer or the project a total is of, unless it is the report's own."""
    scorer = cue("score", "scorer").search(paragraph.words(label.mention.sentence_start, label.mention.start))
    if scorer:
        return scorer.group()
    title = plain(builder.source.document(paragraph.document).title or "")
    return None if label.subject and label.subject in title else label.subject


def _leads(builder: Builder, sheet: ScoreSheet, mention: Mention, paragraph: Paragraph) -> bool:
    """Whether a score stands above all scored sections: 「四方面合计得97分，扣3分，具体如下：」."""
    below = [pair for pair in sheet.pairs if pair.score.start > mention.start]
    return (
        cue("score", "sum").search(plain(mention.words)) is not None
        and len(below) == len(sheet.pairs) > 1
        and all(is_inside(builder.source, pair.section, paragraph.section) for pair in below)
        and any(pair.section.id != paragraph.section.id for pair in below)
    )


def _whole_mark(sheet: ScoreSheet, builder: Builder, heads: list[Pair], policy: Policy) -> Operand:
    """The report's own full mark for the whole where it prints one, else the policy's."""
    for mention, paragraph in sheet.marks:
        inside = any(is_inside(builder.source, paragraph.section, head.section) for head in heads)
        bracketed = paragraph.words(paragraph.start, mention.words_start).rstrip().endswith(tuple(OPENING))
        if not inside and not bracketed and cue("score", "whole_mark").search(plain(mention.words)):
            return Operand(role=OperandRole.CAP, quantity=mention.quantity.id)
    return Operand(role=OperandRole.CAP, value=policy.full_mark, source=f"{policy.name}:full_mark")


def _top(builder: Builder, sheet: ScoreSheet, heads: list[Pair]) -> list[list[Pair]]:
    """The parts of the whole, read in either of two ways; their full marks tell which it is."""
    top = [
        pair
        for pair in sheet.firsts
        if not any(other is not pair and is_inside(builder.source, pair.section, other.section) for other in heads)
    ]
    # Several parts may share a section: 「决策满分25分，得分24分；过程满分…」.
    flat = [
        pair
        for first in top
        for pair in sheet.pairs
        if pair.section.id == first.section.id and (pair is first or not pair.says_again(first))
    ]
    return [parts for parts in ([top] if flat == top else [top, flat]) if len(parts) > 1]


def _items(builder: Builder, sheet: ScoreSheet) -> None:
    """Each score of an item against its full mark and the marks it lost."""
    for pair in sheet.pairs:
        _cap(builder, pair.score.quantity, Operand(role=OperandRole.CAP, quantity=pair.full.quantity.id))
        lost_of_item(builder, sheet, pair)


def extract_scores(builder: Builder, sheet: ScoreSheet, policy: Policy) -> None:
    """Note every claim about scores in the prose."""
    sheet.complete()
    _items(builder, sheet)
    heads = sheet.heads
    totals = _totals(builder, sheet, heads, policy)
    sections_add_up(builder, sheet, heads, {total.mention.quantity.id for total in totals})
    items_add_up(builder, sheet)
    says_again(builder, sheet, heads)
    graded = _graded(builder, sheet)
    cap = _whole_mark(sheet, builder, heads, policy)
    parts = _top(builder, sheet, heads)
    for total in totals:
        document = builder.source.document(total.paragraph.document)
        bonus = cue("score", "bonus").search(document.text)
        if not (bonus and cap.quantity is None):
            _cap(builder, total.mention.quantity, cap, "total_score")
        if total.whose is None and total.period in (None, str(document.year)):
            for group in parts:
                whole = cap.model_copy(update={"role": OperandRole.WHOLE})
                adds_up(builder, group, total.mention.quantity, whole)
        if found := statement(total.paragraph, total.mention, policy, graded):
            claim_grade(builder, total.paragraph.document, total.mention, found, policy)
        lost_of_total(builder, sheet, total.mention, total.paragraph, cap)
    for first, second in ((totals[0], other) for other in totals[1:]):
        if (first.period, first.whose) == (second.period, second.whose):
            item = (OperandRole.ITEM, first.mention.quantity)
            builder.claim(ClaimKind.RESTATEMENT, [item], second.mention.quantity, concept="total_score")
    own = [total for total in totals if total.whose is None]
    for table in sheet.tables:
        against_table(builder, sheet, table, heads)
        if table.total is not None and table.total.dimension in _MARKS and own:
            item = (OperandRole.ITEM, own[0].mention.quantity)
            builder.claim(ClaimKind.RESTATEMENT, [item], table.total, concept="total_score")
