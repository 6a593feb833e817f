"""Sums a paragraph states: 其中, 包括, 按…分类, 合计, brackets behind a number, and parts that make up a whole by
definition."""

import re
from dataclasses import dataclass, field

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import OPENING, Mention, Paragraph, bracket_depth, cue, same_kind
from reviewer.extraction.offline.roles import TOTAL
from reviewer.lexicon.measures import compositions
from reviewer.schema import (
    Bound,
    ClaimKind,
    Closure,
    Dimension,
    Operand,
    OperandRole,
    OperandSet,
    Quantity,
    Role,
)

_ADDITIVE = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.SCORE)
_MARKS = (Role.SCORE, Role.FULL_MARK)
_TOTALS = ("expenditure_total", "income_total", "asset_total")
_PLANNED = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
_FULL_STOP = re.compile(r"[。！？!?\n]")
_SENTENCES_BACK = 2
_LONGEST = 12
"""A longer list is not asked where it ends."""


@dataclass(slots=True)
class Lists:
    """The lists found in one paragraph: which quantity is whose part."""

    paragraph: Paragraph
    labels: dict[str, Label]
    whole_of: dict[str, Quantity] = field(default_factory=dict)

    def label(self, mention: Mention) -> Label | None:
        return self.labels.get(mention.quantity.id)

    def family(self, mention: Mention) -> str | None:
        label = self.label(mention)
        if label and label.family:
            return label.family
        words = cue("sum", "side").findall(mention.words)
        return {"收入": "income", "支出": "expenditure"}[words[-1]] if words else None

    def concept(self, mention: Mention) -> str | None:
        return label.concept if (label := self.label(mention)) else None

    def side(self, mention: Mention) -> str | None:
        """planned or spent, where the number's own words say so."""
        label = self.label(mention)
        if label is None or not (label.explicit or label.concept == TOTAL):
            return None
        return "planned" if label.role in _PLANNED else label.role.value

    def additive(self, mention: Mention) -> bool:
        """Whether the mention could be a part or a whole at all."""
        label = self.label(mention)
        return (
            mention.quantity.dimension in _ADDITIVE
            and mention.quantity.bound is not Bound.RANGE
            and (label is None or label.role is not Role.CHANGE)
        )

    def can_be_part(self, mention: Mention) -> bool:
        label = self.label(mention)
        return (
            self.additive(mention)
            and not (label and label.generic)
            and mention.quantity.id not in self.whole_of
            and not cue("sum", "not_part").search(mention.words)
        )


def _rank(gap: str) -> int:
    """How strongly a separator separates: 、 less than ， less than ；."""
    return 3 if re.search("[；;]", gap) else 2 if re.search("[，,]", gap) else 1


def _goes_on(lists: Lists, first: Mention, mention: Mention) -> bool:
    """Whether a number may belong to the list that `first` opened, by what it measures."""
    families = {lists.family(first), lists.family(mention)} - {None}
    sides = {lists.side(first), lists.side(mention)} - {None}
    one, other = lists.label(first), lists.label(mention)
    staff = (Role.HEADCOUNT, Role.ESTABLISHMENT)
    turned = one and other and one.role is not other.role and one.role in staff and other.role in staff
    return len(families) < 2 and len(sides) < 2 and not turned


def _parts(lists: Lists, start: int) -> list[Mention]:
    """The parts listed from `start` on: same kind, family and side, at one level of brackets and separators."""
    behind = [mention for mention in lists.paragraph.mentions if mention.start >= start]
    if not behind or not cue("sum", "first").search(lists.paragraph.words(start, behind[0].start)):
        return []
    parts: list[Mention] = []
    rank = 0
    for mention in behind:
        gap = lists.paragraph.words(parts[-1].end if parts else start, mention.start)
        depth = bracket_depth(gap)
        if _FULL_STOP.search(gap) or depth < 0:
            break
        if depth > 0 or not lists.can_be_part(mention):
            continue
        if not parts:
            parts.append(mention)
            continue
        here = _rank(gap)
        if rank and here > rank:
            break
        if not same_kind(parts[0].quantity, mention.quantity) or (rank and here < rank):
            continue
        if lists.concept(mention) in _TOTALS:
            break
        if not _goes_on(lists, parts[0], mention):
            if rank == 3 or lists.side(mention):
                continue
            break
        rank = rank or here
        parts.append(mention)
    return parts


def _in_a_list(lists: Lists, mention: Mention) -> bool:
    """Whether a list's cue stands before the number in its sentence."""
    words = lists.paragraph.words(mention.sentence_start, mention.start)
    return any(cue("sum", name).search(words) for name in ("open", "closed"))


def _same_period(lists: Lists, one: Mention, other: Mention) -> bool:
    periods = {label.period for mention in (one, other) if (label := lists.label(mention)) and label.period}
    return len(periods) < 2


def _whole(lists: Lists, parts: list[Mention], before: int, *, far: bool) -> Mention | None:
    """The nearest number before the cue that can be the parts' whole; `far`, one sentence further back as well."""
    for mention in reversed([m for m in lists.paragraph.mentions if m.end <= before]):
        between = lists.paragraph.words(mention.end, before)
        if len(_FULL_STOP.findall(between)) > _SENTENCES_BACK - 1 + far:
            return None
        if not lists.additive(mention) or not same_kind(mention.quantity, parts[0].quantity):
            continue
        if cue("sum", "not_part").search(mention.words) or cue("sum", "apposition").search(mention.words):
            continue
        if re.search("[；;。]" if far else "[；;]", between) and _in_a_list(lists, mention):
            continue  # 「按性质分为A、B；按经济分类为……」 goes back to what A and B are parts of
        if not _is_money(mention) and not cue("sum", "adjoining").search(between):
            return None
        if bracket_depth(between) < 0 or not _same_period(lists, mention, parts[0]):
            continue  # 「……，较上年增长8%（上年1318万元），其中」
        family, families = lists.family(mention), {f for part in parts if (f := lists.family(part))}
        if families and family and family not in families:
            continue
        if families and not family and _FULL_STOP.search(between) and mention.measure != "合计":
            return None  # 「……。其中」 behind an amount of unknown kind: what is divided is not told
        if not all(_goes_on(lists, mention, part) for part in parts if lists.side(part) and lists.side(mention)):
            continue
        # The nearest fitting number decides: when it is only approximate, an older one is not the list's whole.
        return mention if mention.exact and mention.quantity.id not in {p.quantity.id for p in parts} else None
    return None


def _is_money(mention: Mention) -> bool:
    return mention.quantity.dimension is Dimension.MONEY


def _is_complete(lists: Lists, whole: Mention, parts: list[Mention]) -> bool:
    """Whether the parts make up the whole by definition."""
    for key, members in compositions():
        if lists.concept(whole) == key:
            concepts = [lists.concept(part) for part in parts]
            if len(parts) == len(members) and frozenset(concepts) == members:
                return True
    return False


def _rivals(lists: Lists, whole: Mention, parts: list[Mention]) -> list[Mention]:
    """Totals of the other side in the same sentence, where the parts do not say which side they are of.

    「总支出500万元，预算为520万元，其中基本支出……」 may divide either.
    """
    if lists.concept(whole) != TOTAL or any(lists.side(part) for part in parts):
        return []
    return [
        mention
        for mention in lists.paragraph.mentions
        if mention.sentence_start == whole.sentence_start
        and mention.end <= parts[0].start
        and lists.concept(mention) == TOTAL
        and lists.side(mention) != lists.side(whole)
        and mention.exact
        and same_kind(mention.quantity, whole.quantity)
    ]


def _add(
    builder: Builder, lists: Lists, whole: Mention, parts: list[Mention], at: tuple[int, int], closure: Closure
) -> None:
    if _is_complete(lists, whole, parts):
        closure = Closure.COMPLETE
    label = lists.label(whole)
    for part in parts:
        lists.whole_of[part.quantity.id] = whole.quantity
    if len(parts) < 2:
        if parts and lists.family(whole) != "asset" and whole.quantity.dimension is not Dimension.SCORE:
            of = [(OperandRole.WHOLE, whole.quantity)]
            span = builder.span(lists.paragraph.document, *at)
            builder.claim(ClaimKind.BOUND, of, parts[0].quantity, cue=span, concept="part_of_whole")
        return
    marks = whole.quantity.dimension is Dimension.SCORE
    # 「包括A和B，其中……」 may speak of B or of all; an asset's parts may be gross values.
    last = _in_a_list(lists, whole) and not re.search("[；;]", lists.paragraph.rest_of_sentence(parts[-1]))
    ambiguous = closure is Closure.OPEN and (last or lists.family(whole) == "asset")
    operands = [Operand(role=OperandRole.PART, quantity=part.quantity.id) for part in parts]
    # Where a list ends is not always marked: 「其中A、B，C」. Its first parts alone are a reading the words allow.
    shorter = tuple(
        OperandSet(label="shorter_list", operands=tuple(operands[:length]), permitted=True)
        for length in range(2, len(operands))
        if closure is not Closure.COMPLETE and len(operands) <= _LONGEST
    )
    others = tuple(
        OperandSet(
            label="other_whole",
            operands=(*operands, Operand(role=OperandRole.WHOLE, quantity=rival.quantity.id)),
            permitted=True,
        )
        for rival in _rivals(lists, whole, parts)
    )
    builder.claim(
        ClaimKind.SCORE_TOTAL if marks else ClaimKind.SUM,
        operands,
        whole.quantity,
        cue=builder.span(lists.paragraph.document, *at),
        concept="score" if label and label.role is Role.SCORE else None,
        closure=closure,
        tied=not ambiguous,
        alternatives=(*shorter, *others),
    )


def _fits(lists: Lists, whole: Mention, parts: list[Mention]) -> list[Mention]:
    """The parts that can belong to this whole; marks only under marks of the same role."""
    if whole.quantity.dimension is not Dimension.SCORE:
        return parts
    label = lists.label(whole)
    if label is None or label.role not in _MARKS:
        return []
    roles = {part.quantity.id: found.role if (found := lists.label(part)) else None for part in parts}
    return [part for part in parts if roles[part.quantity.id] in (label.role, Role.THRESHOLD)]


def _listed(builder: Builder, lists: Lists) -> None:
    """Whole first, cue, parts. Inner lists are read before outer ones, so that a part's parts are not counted twice."""
    text, offset = lists.paragraph.text, lists.paragraph.start
    cues = [(m.start(), m.end(), Closure.OPEN) for m in cue("sum", "open").finditer(text)]
    cues += [(m.start(), m.end(), Closure.LISTED) for m in cue("sum", "closed").finditer(text)]
    for mention in lists.paragraph.mentions:
        if bracket := cue("sum", "bracket").match(text, mention.end - offset):
            cues.append((bracket.start(), bracket.end(), Closure.OPEN))
    for start, end, closure in sorted(cues, reverse=True):
        parts = _parts(lists, offset + end)
        if not parts:
            continue
        # 「按性质分，……。按经济分类分，……」: a second classification goes back over the first.
        whole = _whole(lists, parts, offset + start, far=text[start] == "按")
        bracketed = text[start] in OPENING
        if whole is None or (bracketed and (whole.end - offset != start or len(parts) < 2)):
            continue
        counted = [m for m in lists.paragraph.mentions if whole.end <= m.start < offset + start]
        # 「项目支出400万元，其中重点项目3个，分别为……」 lists the three projects, not the whole.
        of_others = any(m.quantity.dimension is Dimension.COUNT for m in counted)
        if parts := _fits(lists, whole, parts):
            at = (offset + start, offset + end)
            _add(builder, lists, whole, parts, at, Closure.OPEN if of_others else closure)


def _totalled(builder: Builder, lists: Lists) -> None:
    """Parts first, then 合计 and the whole."""
    text, offset = lists.paragraph.text, lists.paragraph.start
    cues = [(m.start(), m.end(), Closure.COMPLETE) for m in cue("sum", "total").finditer(text)]
    cues += [(m.start(), m.end(), Closure.LISTED) for m in cue("sum", "loose_total").finditer(text)]
    for start, end, closure in sorted(cues):
        behind = [m for m in lists.paragraph.mentions if m.start >= offset + end]
        if not behind or _FULL_STOP.search(text[end : behind[0].start - offset]) or not lists.additive(behind[0]):
            continue
        whole = behind[0]
        opened = [m.end() + offset for m in cue("sum", "open").finditer(text, 0, start)]
        begin = max([whole.sentence_start, *opened])
        parts = [
            mention
            for mention in lists.paragraph.mentions
            if begin <= mention.start < offset + start
            and same_kind(mention.quantity, whole.quantity)
            and lists.can_be_part(mention)
            and bracket_depth(lists.paragraph.words(begin, mention.start)) == 0
            and lists.concept(mention) not in _TOTALS
        ]
        if len(parts) > 1 and all(_goes_on(lists, parts[0], part) for part in parts):
            _add(builder, lists, whole, _fits(lists, whole, parts), (offset + start, offset + end), closure)


def _by_definition(builder: Builder, lists: Lists) -> None:
    """基本支出 and 项目支出 in one sentence behind a total, without any cue."""
    for key, members in compositions():
        free = [m for m in lists.paragraph.mentions if m.quantity.id not in lists.whole_of and lists.additive(m)]
        parts = [m for m in free if lists.concept(m) in members and lists.can_be_part(m)]
        if {lists.concept(m) for m in parts} != members or len(parts) != len(members):
            continue
        wholes = [
            m
            for m in free
            if lists.concept(m) == key
            and m.end <= parts[0].start
            and m.sentence_start == parts[0].sentence_start == parts[-1].sentence_start
        ]
        if wholes and all(_goes_on(lists, wholes[-1], part) for part in parts):
            at = (parts[0].words_start, parts[0].start)
            _add(builder, lists, wholes[-1], parts, at, Closure.COMPLETE)


def extract_sums(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> Lists:
    """Note every sum the paragraph states; what is whose part is returned for the shares."""
    lists = Lists(paragraph, labels)
    _listed(builder, lists)
    _totalled(builder, lists)
    _by_definition(builder, lists)
    return lists
