"""Marks of one paragraph that add up, or lie under a full mark: told apart by the word before each, not by phrases."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from reviewer.extraction.offline.bands import pattern
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import OPENING, Mention, Paragraph, cue
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Closure, Dimension, Operand, OperandRole, Quantity, Role

_HUNDRED = Decimal(100)
_FAR = Decimal("0.25")
_NUMERALS = "一二三四五六七八九十"
_STOP = re.compile("[。！？\n]")


class Kind(StrEnum):
    """What a mark is by the word right before it."""

    SCORE = "score"
    FULL = "full"
    LOST = "lost"
    ADDED = "added"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a paragraph."""

    mention: Mention
    kind: Kind
    words: str
    total: bool

    @property
    def clause(self) -> str:
        """The words since the last comma."""
        return re.split("[，,；;。（(]", self.words)[-1]

    @property
    def value(self) -> Decimal:
        return self.mention.quantity.value or Decimal(0)

    @property
    def quantity(self) -> Quantity:
        return self.mention.quantity


def _words(paragraph: Paragraph, mention: Mention, previous: Mention | None) -> str:
    """The words before a mark, back to the mark before it or the last comma but one."""
    start = max(mention.sentence_start, previous.end if previous else 0)
    return plain(paragraph.words(start, mention.start))


def marks_of(paragraph: Paragraph) -> list[Mark]:
    """Every exact mark of a paragraph with what it is."""
    marks: list[Mark] = []
    found = [m for m in paragraph.mentions if m.quantity.dimension is Dimension.SCORE]
    for index, mention in enumerate(found):
        words = _words(paragraph, mention, found[index - 1] if index else None)
        clause = re.split("[，,；;（(]", words)[-1]
        behind = paragraph.words(mention.end, min(paragraph.end, mention.end + 3))
        if pattern("sums", "each").search(clause) and mention.exact:
            kind = Kind.FULL
        elif (
            not mention.exact
            or _in_quotes(paragraph, mention)
            or pattern("sums", "rule").search(clause)
            or re.match("及?以[上下]|的?得", behind)
        ):
            kind = Kind.RULE
        elif pattern("sums", "lost").search(clause):
            kind = Kind.LOST
        elif (
            (clause.endswith("总分") and mention.quantity.value == _HUNDRED)
            or pattern("sums", "full").search(clause)
            or re.match("为|是|的", behind)
        ):
            kind = Kind.FULL
        elif pattern("sums", "added").search(clause):
            kind = Kind.ADDED
        elif pattern("sums", "got").search(clause) or not _is_bare(paragraph, mention):
            kind = Kind.SCORE
        else:
            kind = Kind.FULL
        total = pattern("sums", "total").search(clause) is not None
        marks.append(Mark(mention, kind, words, total))
    return marks


def _is_rule(clause: str, behind: str) -> bool:
    return pattern("sums", "rule").search(clause) is not None or re.match("及?以[上下]|的?得", behind) is not None


def _in_quotes(paragraph: Paragraph, mention: Mention) -> bool:
    before = paragraph.words(paragraph.start, mention.start)
    return before.count("“") > before.count("”")


def _is_bare(paragraph: Paragraph, mention: Mention) -> bool:
    """Whether a mark stands alone in a bracket, or has its score right behind it: 「完整性5分，得5分」."""
    before = paragraph.words(paragraph.start, mention.start).rstrip()
    behind = plain(paragraph.words(mention.end, min(paragraph.end, mention.end + 12)))
    scored = re.match(r"[）)]?[，,、/／]?(?:自评|实际|实)?(?:得分?|扣)[为:：]?\d", behind)
    return before.endswith(tuple(OPENING)) or scored is not None


def _number(words: str) -> int | None:
    """The number of parts that words speak of: 四项相加."""
    found = list(pattern("sums", "count").finditer(words))
    if not found:
        return None
    part = found[-1]["part"].replace("两", "二")
    if part.isdigit():
        return int(part)
    return _NUMERALS.index(part) + 1 if len(part) == 1 else None


def _claim(
    builder: Builder, parts: Sequence[Mark], total: Mark, *, sure: bool, taken: Sequence[Mark] = (), lost: bool = False
) -> None:
    of_result = [c for c in builder.claims if c.kind is ClaimKind.SCORE_TOTAL and c.result == total.quantity.id]
    given = {part.quantity.id for part in (*parts, *taken)}
    # Marks whose sum is far from the total are a list of something else.
    if not sure and abs(sum((part.value for part in parts), Decimal(0)) - total.value) > total.value * _FAR:
        return
    roles = {figure.quantity: figure.role for figure in builder.figures}
    if (
        total.kind is Kind.SCORE
        and len(parts) > 1
        and all(roles.get(part.quantity.id) is Role.FULL_MARK for part in parts)
    ):
        return  # 「满分100分，其中决策20分、过程20分……。自评总分94.53分」
    same = [claim for claim in of_result if {operand.quantity for operand in claim.operands} == given]
    if any(claim.closure is not Closure.OPEN or claim.requires for claim in same) or (same and not sure):
        return
    builder.claim(
        ClaimKind.SCORE_TOTAL,
        [
            *(Operand(role=OperandRole.PART, quantity=part.quantity.id) for part in parts),
            *(Operand(role=OperandRole.SUBTRAHEND, quantity=part.quantity.id) for part in taken),
        ],
        total.quantity,
        concept="lost_marks" if lost else "score",
        closure=Closure.LISTED if sure else Closure.OPEN,
    )


def _holds(parts: Sequence[Mark], total: Mark) -> bool:
    return sum((part.value for part in parts), Decimal(0)) == total.value


def _before(builder: Builder, paragraph: Paragraph, marks: Sequence[Mark], at: int) -> None:
    """The marks before a total of the same kind, back to another total; as many as the words say, where they say."""
    total = marks[at]
    listed: list[Mark] = []
    for mark in reversed(marks[:at]):
        if mark.kind is not total.kind:
            continue
        if mark.total or pattern("sums", "foreign").search(mark.words):
            break
        listed.insert(0, mark)
    number = _number(total.words)
    if number and 1 < number < len(listed) and not _holds(listed, total):
        listed = listed[-number:]
    stops = len(_STOP.findall(paragraph.words(listed[0].mention.end, total.mention.start))) if listed else 0
    summed = pattern("sums", "summed").search(total.words) is not None
    if len(listed) < 2 or (len(listed) == 2 and not summed and stops):
        return
    if any(_holds(listed[cut:], total) for cut in range(len(listed) - 1)):
        return
    _claim(builder, listed, total, sure=number == len(listed) and summed, lost=total.kind is Kind.LOST)


def _behind(builder: Builder, paragraph: Paragraph, marks: Sequence[Mark], at: int) -> None:
    """The marks behind a total that words open as its parts, up to the next total."""
    total = marks[at]
    listed: list[Mark] = []
    for mark in marks[at + 1 :]:
        if mark.total or pattern("sums", "foreign").search(mark.words):
            break
        if mark.kind is total.kind:
            listed.append(mark)
    if len(listed) < 2:
        return
    lead = paragraph.words(total.mention.end, listed[0].mention.start)
    if not pattern("sums", "opens").search(lead) or len(_STOP.findall(lead)) > 1:
        return
    if any(_holds(listed[:cut], total) for cut in range(2, len(listed) + 1)):
        return
    number = _number(lead)
    _claim(builder, listed, total, sure=number == len(listed) or "具体" in lead, lost=total.kind is Kind.LOST)


def _weights(builder: Builder, paragraph: Paragraph, marks: Sequence[Mark]) -> None:
    """「总分100分，分为五块：甲20分，……」: as many full marks as the words say make up the hundred."""
    for at, whole in enumerate(marks):
        listed = [m for m in marks[at + 1 :] if m.mention.sentence_start == whole.mention.sentence_start]
        if whole.value != _HUNDRED or whole.kind is not Kind.FULL or len(listed) < 2:
            continue
        lead = paragraph.words(whole.mention.end, listed[0].mention.start)
        bare = not any(m.total or m.kind is Kind.LOST or m.clause.endswith("得") for m in listed)
        if bare and _number(lead) == len(listed):
            parts = [Operand(role=OperandRole.PART, quantity=m.quantity.id) for m in listed]
            builder.claim(ClaimKind.SCORE_TOTAL, parts, whole.quantity, concept="marks", closure=Closure.LISTED)


def _steps(builder: Builder, paragraph: Paragraph, marks: Sequence[Mark]) -> None:
    """A full hundred or a base, marks off and on, and what is left: 「满分100分，扣2分，扣1分，最终得97分」."""
    if not marks or marks[-1].kind is not Kind.SCORE or not marks[-1].total:
        return
    first, last, inner = marks[0], marks[-1], marks[1:-1]
    base = (first.kind is Kind.FULL and first.value == _HUNDRED) or "基础分" in first.words
    if not base or not inner or any(mark.kind not in (Kind.LOST, Kind.ADDED) or mark.total for mark in inner):
        return
    taken = [mark for mark in inner if mark.kind is Kind.LOST]
    added = [mark for mark in inner if mark.kind is Kind.ADDED]
    _claim(builder, [first, *added], last, sure=True, taken=taken)


def _lost(builder: Builder, paragraph: Paragraph, marks: Sequence[Mark]) -> None:
    """「得分93分，失分7分」: one score and one loss of a whole, nothing between them but what the score is out of."""
    if cue("score", "bonus").search(paragraph.text):
        return
    for score, lost in pairwise(mark for mark in marks if mark.kind is not Kind.FULL):
        bare = pattern("sums", "lost_alone").fullmatch(lost.clause)
        known = [c for c in builder.claims if c.result == lost.quantity.id and c.concept == "lost_marks"]
        marked = [mark.value for mark in marks if mark.kind is Kind.FULL]
        if score.kind is not Kind.SCORE or lost.kind is not Kind.LOST or not bare or known or score.value < 50:
            continue
        others = [m for m in marks if m.kind in (Kind.LOST, Kind.ADDED)]
        if (
            len(others) > 1
            or lost.mention.after.startswith("的")
            or "基础" in score.words
            or any(value != _HUNDRED for value in marked)
        ):
            continue
        whole = next((mark for mark in marks if mark.kind is Kind.FULL), None)
        full = (
            Operand(role=OperandRole.MINUEND, quantity=whole.quantity.id)
            if whole
            else Operand(role=OperandRole.MINUEND, value=_HUNDRED, source="generic:full_mark")
        )
        builder.claim(
            ClaimKind.DIFFERENCE,
            [full, Operand(role=OperandRole.SUBTRAHEND, quantity=score.quantity.id)],
            lost.quantity,
            concept="lost_marks",
        )


def _cap(builder: Builder, score: Mark, full: Mark) -> None:
    if any(c.kind is ClaimKind.SCORE_CAP and c.result == score.quantity.id for c in builder.claims):
        return
    operands = [(OperandRole.ITEM, score.quantity), (OperandRole.CAP, full.quantity)]
    builder.claim(ClaimKind.SCORE_CAP, operands, score.quantity)


def _beside(builder: Builder, paragraph: Paragraph, marks: Sequence[Mark]) -> None:
    """A full mark in the bracket behind its score; 「12分/11分（前者为分值）」."""
    full_first = re.search("前者为?(?:分值|满分|权重)|(?:分值|满分)[和与/、]得分", paragraph.text)
    for one, other in pairwise(marks):
        gap = plain(paragraph.words(one.mention.end, other.mention.start))
        if one.kind is Kind.SCORE and re.fullmatch("[（(][^）)，。]{0,6}(?:满分|分值|权重)[为是:：]?", gap):
            _cap(builder, one, other)
        elif full_first and re.fullmatch("[/／]", gap):
            _cap(builder, other, one)


def _caps(builder: Builder, paragraph: Paragraph, marks: Sequence[Mark]) -> None:
    """A score behind the only full mark of its paragraph, or behind one that each of several items has."""
    text = paragraph.text
    _beside(builder, paragraph, marks)
    for index, full in enumerate(marks):
        before = plain(paragraph.words(full.mention.sentence_start, full.mention.start))
        each = pattern("sums", "each").search(before) is not None
        alone = sum(mark.kind is Kind.FULL for mark in marks) == 1 and index == 0
        single = full.kind is Kind.FULL or (index == 0 and re.search("(?:只有|共|单独|单设)[^，。；]{0,4}$", before))
        if not single or not (each or alone):
            continue
        for mark in marks[index + 1 :]:
            if mark.kind is not Kind.SCORE or pattern("sums", "whole").search(mark.clause):
                continue
            if pattern("sums", "foreign").search(mark.clause) or pattern("grade", "no_score").search(mark.clause[-2:]):
                continue
            tied = each or pattern("sums", "anaphora").search(mark.words)
            if not tied:
                continue
            _cap(builder, mark, full)
            break
    if pattern("sums", "hundred").search(text) and not pattern("sums", "bonus").search(text):
        for mark in marks:
            if mark.kind is Kind.SCORE and not mark.words.endswith("满分") and mark.value > _HUNDRED:
                cap = Operand(role=OperandRole.CAP, value=_HUNDRED, source="generic:full_mark")
                item_of = Operand(role=OperandRole.ITEM, quantity=mark.quantity.id)
                known = [c for c in builder.claims if c.kind is ClaimKind.SCORE_CAP and c.result == mark.quantity.id]
                if not known:
                    builder.claim(ClaimKind.SCORE_CAP, [item_of, cap], mark.quantity, concept="total_score")


def extract_mark_windows(builder: Builder, read: Sequence[Paragraph]) -> None:
    """Note the sums, steps and caps that the marks of each paragraph claim."""
    for paragraph in read:
        marks = [mark for mark in marks_of(paragraph) if mark.kind is not Kind.RULE]
        for at, mark in enumerate(marks):
            if (
                mark.total
                and mark.kind in (Kind.SCORE, Kind.LOST)
                and not pattern("sums", "foreign").search(mark.words)
            ):
                _before(builder, paragraph, marks, at)
                _behind(builder, paragraph, marks, at)
        _weights(builder, paragraph, marks)
        _steps(builder, paragraph, marks)
        _lost(builder, paragraph, marks)
        _caps(builder, paragraph, marks)
