"""Scores that add up: items under their section, parts to the total, the prose against the scoring table."""

import re
from itertools import accumulate

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label, is_inside
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.score_sheet import Pair, ScoreSheet, topic
from reviewer.extraction.offline.score_tables import Group, Item, ScoreTable
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Closure, Operand, OperandRole, Quantity, Role

_LEAST = 2
"""Marks that make a list."""
_NAME = 4
"""Characters of a name that a report hardly gives to two items."""


def adds_up(builder: Builder, items: list[Pair], total: Quantity, whole: Operand) -> None:
    """The scores make up the total, provided that the full marks beside them make up the total's full mark."""
    operands = (*(Operand(role=OperandRole.PART, quantity=item.full.quantity.id) for item in items), whole)
    marks = next((claim for claim in builder.claims if claim.operands == operands), None) or builder.claim(
        ClaimKind.SCORE_TOTAL, operands, None, cue=items[0].full.quantity.span, concept="full_mark"
    )
    builder.claim(
        ClaimKind.SCORE_TOTAL,
        [(OperandRole.PART, item.score.quantity) for item in items],
        total,
        concept="score",
        requires=marks.id,
    )


def sections_add_up(builder: Builder, sheet: ScoreSheet, heads: list[Pair], totals: set[str]) -> None:
    """What is listed under a section's own score adds up to it."""
    for head in heads:
        inside = [
            pair
            for pair in sheet.pairs
            if pair.score.start > head.score.start
            and is_inside(builder.source, pair.section, head.section)
            and not any(pair is not own and pair.says_again(own) for own in heads)
        ]
        year = builder.source.document(head.paragraph.document).year
        scores = [
            label.mention
            for label, paragraph in sheet.scores
            if label.mention.start > head.score.start
            and is_inside(builder.source, paragraph.section, head.section)
            and label.mention.quantity.id not in totals
            and label.period in (None, str(year))
            and not re.search(
                "(?:加上|连同)[^，。；]{0,16}(?:部分|方面|类)",
                paragraph.words(label.mention.sentence_start, label.mention.start),
            )
        ]
        if len(inside) > 1:
            whole = Operand(role=OperandRole.WHOLE, quantity=head.full.quantity.id)
            adds_up(builder, inside, head.score.quantity, whole)
        elif len(scores) > 1 and not inside:
            builder.claim(
                ClaimKind.SCORE_TOTAL,
                [(OperandRole.PART, mention.quantity) for mention in scores],
                head.score.quantity,
                concept="score",
                closure=Closure.OPEN if _in_words(builder, head) else Closure.LISTED,
            )


def items_add_up(builder: Builder, sheet: ScoreSheet) -> None:
    """The items behind 其中 whose full marks make up their part's: 「决策20分，得20分。其中：立项8分，得8分，……」."""
    for at, head in enumerate(sheet.pairs):
        below = [pair for pair in sheet.pairs[at + 1 :] if pair.paragraph is head.paragraph]
        begins = max(head.full.end, head.score.end)
        if len(below) < _LEAST or not cue("score", "among").match(head.paragraph.words(begins, head.paragraph.end)):
            continue
        sums = list(accumulate(pair.full.quantity.value or 0 for pair in below))
        if (whole := head.full.quantity.value) in sums[_LEAST - 1 :]:
            items = below[: sums.index(whole) + 1]
            adds_up(
                builder, items, head.score.quantity, Operand(role=OperandRole.WHOLE, quantity=head.full.quantity.id)
            )


def _in_words(builder: Builder, head: Pair) -> bool:
    """Whether marks of a section are told without a number: 「该项得满分」."""
    below = [s for s in builder.source.sections if is_inside(builder.source, s, head.section)]
    text = "".join(builder.source.text(section.span) for section in below)
    return cue("score", "full_in_words").search(plain(text)) is not None


def sentences_add_up(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """「决策19.5分、过程28分、产出50分，合计97.5分」: a sentence's marks against the total in it or right before it."""
    for role, concept in ((Role.SCORE, "score"), (Role.LOST_MARK, "lost_marks")):
        marks = [m for m in paragraph.mentions if (own := labels.get(m.quantity.id)) and own.role is role]
        for start in dict.fromkeys(mention.sentence_start for mention in marks):
            sentence = [m for m in marks if m.sentence_start == start]
            totals = [m for m in sentence if cue("score", "sum").search(plain(m.words))]
            total = totals[0] if len(totals) == 1 else None if totals else _told_before(paragraph, marks, start)
            if total is not None:
                parts = [m for m in sentence if m is not total]
                if parts:
                    _list(builder, paragraph, parts, total, concept)


def _told_before(paragraph: Paragraph, marks: list[Mention], start: int) -> Mention | None:
    """The total in the sentence before one that begins at `start`: 「自评得98分。四个部分依次为：……」."""
    before = [m for m in marks if m.sentence_start < start]
    if not before or not cue("score", "total").match(plain(before[-1].words)):
        return None
    return before[-1] if len(re.findall("[。！？]", paragraph.words(before[-1].end, start))) == 1 else None


def _list(builder: Builder, paragraph: Paragraph, parts: list[Mention], total: Mention, concept: str) -> None:
    """A list of marks all before its total, or all behind it where words open it as the total's parts."""
    before = [m for m in parts if m.start < total.start]
    if len(parts) < (_LEAST if total.sentence_start == parts[0].sentence_start else _LEAST + 1):
        return
    if (before and len(before) < len(parts)) or any(cue("score", "other_whole").search(plain(m.words)) for m in parts):
        return
    if before and cue("score", "not_listed").search(paragraph.words(parts[0].start, total.start)):
        return
    if not before and not cue("score", "list_opening").search(paragraph.words(total.end, parts[0].start)):
        return
    operands = tuple(Operand(role=OperandRole.PART, quantity=part.quantity.id) for part in parts)
    if any(claim.operands == operands and claim.result == total.quantity.id for claim in builder.claims):
        return
    listed = before or cue("score", "list_of_parts").search(plain(paragraph.words(total.end, parts[0].start)))
    closure = Closure.LISTED if listed else Closure.OPEN
    builder.claim(ClaimKind.SCORE_TOTAL, operands, total.quantity, concept=concept, closure=closure)


def says_again(builder: Builder, sheet: ScoreSheet, heads: list[Pair]) -> None:
    """A section's score, told again at its end, is the same; so is its full mark."""
    for head in heads:
        for pair in sheet.pairs:
            if pair is not head and pair.says_again(head):
                item = [(OperandRole.ITEM, head.score.quantity)]
                builder.claim(ClaimKind.RESTATEMENT, item, pair.score.quantity, concept="item_score")


def against_table(builder: Builder, sheet: ScoreSheet, table: ScoreTable, heads: list[Pair]) -> None:
    """What the prose says of a section's or an item's score, held against the scoring table."""
    for pair in sheet.pairs:
        if any(pair is not head and pair.says_again(head) for head in heads):
            continue
        name = pair.name or (topic(pair.section.title) if pair in heads else "")
        groups = [group for group in table.groups if group.name and group.name in name]
        if len(groups) == 1 and len(groups[0].items) > 1:
            _group(builder, groups[0], pair)
        items = [item for item in table.items if len(item.name) >= _NAME and item.name == name]
        if len(items) == 1 and items[0].full and items[0].full.value == pair.full.quantity.value:
            _item(builder, items[0], pair)


def _group(builder: Builder, group: Group, pair: Pair) -> None:
    marks = [Operand(role=OperandRole.PART, quantity=item.full.id) for item in group.items if item.full]
    whole = Operand(role=OperandRole.WHOLE, quantity=pair.full.quantity.id)
    claim = builder.claim(
        ClaimKind.SCORE_TOTAL, [*marks, whole], None, cue=pair.full.quantity.span, concept="full_mark"
    )
    builder.claim(
        ClaimKind.SCORE_TOTAL,
        [(OperandRole.PART, item.score) for item in group.items],
        pair.score.quantity,
        concept="score",
        requires=claim.id,
    )


def _item(builder: Builder, item: Item, pair: Pair) -> None:
    builder.claim(
        ClaimKind.RESTATEMENT,
        [(OperandRole.ITEM, pair.score.quantity)],
        item.score,
        concept="item_score",
        tied=False,
    )
