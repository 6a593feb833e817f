"""Sums a paragraph states: 其中, 包括, 按…分类, 合计, and parts that make up a whole by definition."""

import re
from dataclasses import dataclass

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue, same_kind
from reviewer.lexicon.measures import compositions
from reviewer.schema import Bound, ClaimKind, Closure, Dimension, OperandRole, Quantity, Role

_ADDITIVE = (Dimension.MONEY, Dimension.COUNT)
_FULL_STOP = re.compile(r"[。！？!?\n]")
_SENTENCES_BACK = 2


@dataclass(slots=True)
class Lists:
    """The lists found in one paragraph: which quantity is whose part."""

    paragraph: Paragraph
    labels: dict[str, Label]
    whole_of: dict[str, Quantity]

    def family(self, mention: Mention) -> str | None:
        label = self.labels.get(mention.quantity.id)
        return label.family if label else None

    def concept(self, mention: Mention) -> str | None:
        label = self.labels.get(mention.quantity.id)
        return label.concept if label else None

    def is_generic(self, mention: Mention) -> bool:
        label = self.labels.get(mention.quantity.id)
        return label is not None and label.generic

    def additive(self, mention: Mention) -> bool:
        """Whether the mention could be a part or a whole at all."""
        label = self.labels.get(mention.quantity.id)
        return (
            mention.quantity.dimension in _ADDITIVE
            and mention.quantity.bound is not Bound.RANGE
            and (label is None or label.role is not Role.CHANGE)
        )


def _depth(text: str) -> int:
    return sum(text.count(opening) for opening in "（(") - sum(text.count(closing) for closing in "）)")


def _can_be_part(lists: Lists, mention: Mention) -> bool:
    return (
        lists.additive(mention)
        and mention.quantity.id not in lists.whole_of
        and not cue("sum", "not_part").search(mention.words)
    )


def _parts(lists: Lists, start: int) -> list[Mention]:
    """The parts listed from `start` on: same kind and family, at one level of brackets and separators."""
    behind = [mention for mention in lists.paragraph.mentions if mention.start >= start]
    if not behind or not cue("sum", "first").search(lists.paragraph.words(start, behind[0].start)):
        return []
    parts: list[Mention] = []
    separator = ""
    for mention in behind:
        gap = lists.paragraph.words(parts[-1].end if parts else start, mention.start)
        depth = _depth(gap)
        if _FULL_STOP.search(gap) or depth < 0:
            break
        if depth > 0 or not _can_be_part(lists, mention):
            continue
        if not parts:
            parts.append(mention)
            continue
        first, here = parts[0], "；" if re.search("[；;]", gap) else "，"
        if not same_kind(first.quantity, mention.quantity) or lists.is_generic(mention):
            continue
        if lists.family(first) != lists.family(mention) and None not in (lists.family(first), lists.family(mention)):
            break
        separator = separator or here
        if separator == "，" and here == "；":
            break
        if separator == "；" and here == "，":
            continue
        parts.append(mention)
    return parts


def _whole(lists: Lists, parts: list[Mention], before: int) -> Mention | None:
    """The nearest number before the cue that can be the parts' whole."""
    families = {family for part in parts if (family := lists.family(part))}
    for mention in reversed([m for m in lists.paragraph.mentions if m.end <= before]):
        between = lists.paragraph.words(mention.end, before)
        if len(_FULL_STOP.findall(between)) > _SENTENCES_BACK - 1:
            return None
        if not (mention.exact and lists.additive(mention) and same_kind(mention.quantity, parts[0].quantity)):
            continue
        if cue("sum", "not_part").search(mention.words):
            continue
        if mention.quantity.dimension is Dimension.COUNT and not cue("sum", "adjoining").search(between):
            return None
        family = lists.family(mention)
        if families and (family not in families if family else _FULL_STOP.search(between)):
            continue
        return mention
    return None


def _is_complete(lists: Lists, whole: Mention, parts: list[Mention]) -> bool:
    concepts = frozenset(concept for part in parts if (concept := lists.concept(part)))
    return any(
        lists.concept(whole) == key and concepts == members and len(parts) == len(members)
        for key, members in compositions()
    )


def _add(
    builder: Builder,
    lists: Lists,
    whole: Mention,
    parts: list[Mention],
    at: tuple[int, int],
    closure: Closure,
) -> None:
    for part in parts:
        lists.whole_of[part.quantity.id] = whole.quantity
    if len(parts) < 2:
        return
    if _is_complete(lists, whole, parts):
        closure = Closure.COMPLETE
    builder.claim(
        ClaimKind.SUM,
        [(OperandRole.PART, part.quantity) for part in parts],
        whole.quantity,
        cue=builder.span(lists.paragraph.document, *at),
        closure=closure,
    )


def _listed(builder: Builder, lists: Lists) -> None:
    """Whole first, cue, parts. Inner lists are read before outer ones, so that a part's parts are not counted twice."""
    text, offset = lists.paragraph.text, lists.paragraph.start
    cues = [(m.start(), m.end(), Closure.OPEN) for m in cue("sum", "open").finditer(text)]
    cues += [(m.start(), m.end(), Closure.LISTED) for m in cue("sum", "closed").finditer(text)]
    for start, end, closure in sorted(cues, reverse=True):
        parts = _parts(lists, offset + end)
        if not parts:
            continue
        whole = _whole(lists, parts, offset + start)
        if whole is not None:
            _add(builder, lists, whole, parts, (offset + start, offset + end), closure)


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
            and _can_be_part(lists, mention)
        ]
        if len(parts) > 1:
            _add(builder, lists, whole, parts, (offset + start, offset + end), closure)


def _by_definition(builder: Builder, lists: Lists) -> None:
    """基本支出 and 项目支出 in one sentence behind a total, without any cue."""
    for key, members in compositions():
        free = [m for m in lists.paragraph.mentions if _can_be_part(lists, m)]
        parts = [m for m in free if lists.concept(m) in members]
        if {lists.concept(m) for m in parts} != members or len(parts) != len(members):
            continue
        wholes = [
            m
            for m in free
            if lists.concept(m) == key
            and m.end <= parts[0].start
            and m.sentence_start == parts[0].sentence_start == parts[-1].sentence_start
        ]
        if wholes:
            at = (parts[0].words_start, parts[0].start)
            _add(builder, lists, wholes[-1], parts, at, Closure.COMPLETE)


def extract_sums(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> Lists:
    """Note every sum the paragraph states; what is whose part is returned for the shares."""
    lists = Lists(paragraph, labels, {})
    _listed(builder, lists)
    _totalled(builder, lists)
    _by_definition(builder, lists)
    return lists
