"""Marks lost: with the score they make up the full mark, for the whole and for each item."""

import re
from collections.abc import Sequence

from reviewer.extraction.offline.bands import pattern
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, whole_cell
from reviewer.extraction.offline.mark_windows import Kind, Mark, marks_of
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.score_sheet import Pair, ScoreSheet, topic
from reviewer.lexicon.measures import plain
from reviewer.schema import Cell, ClaimKind, Dimension, Operand, OperandRole

_NAME = 4
"""Characters of a name that a rule hardly shares with another item."""


def lost_of_total(builder: Builder, sheet: ScoreSheet, total: Mention, paragraph: Paragraph, cap: Operand) -> None:
    """「得分93分，失分7分」: the full mark less the score."""
    here = [
        label
        for label, other in sheet.lost
        if other is paragraph and label.mention.sentence_start == total.sentence_start
    ]
    if len(here) != 1 or cue("score", "bonus").search(paragraph.rest_of_sentence(total)):
        return
    lost = here[0].mention
    first, second = sorted((total, lost), key=lambda mention: mention.start)
    gap = plain(paragraph.words(first.end, second.start))
    if cue("score", "lost_behind" if first is total else "score_behind").match(gap):
        full = cap.model_copy(update={"role": OperandRole.MINUEND})
        score = Operand(role=OperandRole.SUBTRAHEND, quantity=total.quantity.id)
        builder.claim(ClaimKind.DIFFERENCE, [full, score], lost.quantity, concept="lost_marks")


def lost_of_item(builder: Builder, sheet: ScoreSheet, pair: Pair) -> None:
    """What an item lost: 「10分，扣1分，得9分」, 「得9分，扣1分」, or later, where more may be lost untold."""
    paragraph = pair.paragraph
    lost = [label.mention for label, other in sheet.lost if other is paragraph]
    within = [m for m in lost if pair.full.start < m.start < pair.score.start]
    behind = [m for m in lost if m.start > pair.score.end and m.sentence_start == pair.score.sentence_start]
    scores = [m.start for m in paragraph.mentions if m.start > pair.score.start and _is_mark(m)]
    if not all(m.start == at for m, at in zip(behind, scores, strict=False)) or _sums_up(behind):
        behind = []  # the next item's, or of several items
    alone = sum(other.paragraph is paragraph for other in sheet.pairs) == 1 and len(lost) == 1
    after = [m for m in lost if m.start > pair.score.end] if alone and _is_bare(paragraph, pair.score, lost[0]) else []
    found = within or behind or after
    if len(found) == 1 and not _sums_up(found):
        builder.claim(
            ClaimKind.DIFFERENCE,
            [(OperandRole.MINUEND, pair.full.quantity), (OperandRole.SUBTRAHEND, found[0].quantity)],
            pair.score.quantity,
            concept="lost_marks",
            tied=found is not after,
        )


def _is_mark(mention: Mention) -> bool:
    return mention.quantity.dimension is Dimension.SCORE


def _sums_up(lost: list[Mention]) -> bool:
    return any(cue("score", "sum").search(plain(m.words)) for m in lost)


def _is_bare(paragraph: Paragraph, score: Mention, lost: Mention) -> bool:
    """Whether no other mark stands between a score and what was lost."""
    return not any(score.end <= m.start < lost.start and _is_mark(m) for m in paragraph.mentions)


def lost_in_row(builder: Builder, grid: Grid, row: tuple[Cell, ...]) -> None:
    """满分 | 扣分 | 得分."""
    cells = [grid.cell(row, kind) for kind in ("full_mark", "score", "lost_mark")]
    full, score, lost = (whole_cell(builder.source, cell) if cell else None for cell in cells)
    if full and score and lost and (full.value or 0) > 0 and (lost.value or 0) >= 0:
        operands = [(OperandRole.MINUEND, full), (OperandRole.SUBTRAHEND, score)]
        builder.claim(ClaimKind.DIFFERENCE, operands, lost, concept="lost_marks")


def lost_per_unit(builder: Builder, read: Sequence[Paragraph]) -> None:
    """「晚了3日，……每日扣1分，该项扣1分」: so many marks off for each, by the rule beside it or that of its heading."""
    rules = [(one, mark, found) for one in read for mark in marks_of(one) if (found := _per_unit(mark))]
    for one in read:
        lost = [m for m in marks_of(one) if m.kind is Kind.LOST and not cue("score", "sum").search(m.clause)]
        if len(lost) != 1:
            continue
        title = topic(one.section.title)
        for rule_of, mark, found in rules:
            own = rule_of is one and mark.mention.start < lost[0].mention.start
            if not own and not (len(title) >= _NAME and title in found.string and rule_of.document == one.document):
                continue
            counts = [
                m
                for m in one.mentions
                if m.quantity.unit == found["unit"]
                and m.exact
                and m.start < lost[0].mention.start
                and (m.quantity.value or 0) > 0
            ]
            if len(counts) == 1:
                operands = [(OperandRole.ITEM, counts[0].quantity), (OperandRole.SUBTRAHEND, mark.quantity)]
                builder.claim(ClaimKind.SCORE_RULE, operands, lost[0].quantity, concept="per_unit", tied=own)
                break


def _per_unit(mark: Mark) -> re.Match[str] | None:
    return pattern("card", "per_unit").search(mark.clause) if mark.kind is Kind.RULE and mark.mention.exact else None
