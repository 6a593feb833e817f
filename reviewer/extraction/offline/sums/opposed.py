"""Two answers that are all there are: 合格 and 不合格 of what was examined, 知晓 and 不知晓 of a hundred per cent."""

import re
from collections.abc import Iterator
from itertools import pairwise

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention, cue, same_kind
from reviewer.extraction.offline.sums.line import words
from reviewer.extraction.offline.sums.lists import Lists
from reviewer.lexicon.measures import plain
from reviewer.schema import Claim, ClaimKind, Closure, Dimension, OperandRole, Role

_CLASSES = 3
"""Classes of indicators that a scheme of marks is made of, at least."""
_MARKS = (Role.FULL_MARK, Role.THRESHOLD)
_COUNTED = (Dimension.COUNT, Dimension.MEASURE)


def opposed(builder: Builder, lists: Lists) -> None:
    """Note what two opposed numbers side by side make up."""
    for one, other in _pairs(lists):
        if one.quantity.dimension is Dimension.PERCENT and _is_rest(lists, other):
            _of_hundred(builder, lists, [one, other])
        elif one.quantity.dimension in _COUNTED:
            _of_whole(builder, lists, one, other)
    _shares_with_rest(builder, lists)
    _marks_of_levels(builder, lists)
    _among(builder, lists)


def _pairs(lists: Lists) -> Iterator[tuple[Mention, Mention]]:
    """Neighbours of one kind of which one denies what the other says: 不合格66批次，合格3,794批次."""
    for one, other in pairwise(lists.paragraph.mentions):
        gap = lists.paragraph.words(one.end, other.start)
        if not (one.exact and other.exact and same_kind(one.quantity, other.quantity)) or re.search("[。；;]", gap):
            continue
        first, second = _said(lists, one), _said(lists, other)
        if _denies(first, second) or _denies(second, first):
            yield one, other


def _is_rest(lists: Lists, mention: Mention) -> bool:
    """Whether a number is told as all that is left: without such words there may be a third answer."""
    return words("window", "rest").search(lists.paragraph.words(mention.words_start, mention.start)) is not None


def _said(lists: Lists, mention: Mention) -> str:
    """The words of a number's clause on both sides, up to the numbers beside it."""
    before = re.split(r"[，,。；;：:、\d]", lists.paragraph.words(lists.paragraph.start, mention.start))[-1]
    return plain(before + re.split(r"[，,、\d]", mention.after)[0])


def _denies(one: str, other: str) -> bool:
    """Whether a word that one clause denies is said in the other."""
    return any(
        match.group("word") in other and not words("window", "denied").search(other)
        for match in words("window", "denied").finditer(one)
    )


def _of_hundred(builder: Builder, lists: Lists, parts: list[Mention]) -> None:
    *others, last = parts
    builder.claim(
        ClaimKind.SUM,
        [(OperandRole.PART, part.quantity) for part in others],
        last.quantity,
        cue=builder.span(lists.paragraph.document, last.words_start, last.start),
        concept="hundred",
        closure=Closure.LISTED,
    )


def _of_whole(builder: Builder, lists: Lists, one: Mention, other: Mention) -> None:
    """The number that a list before divides as well, or the one that opens the sentence before."""
    wholes = {whole.id for whole in lists.whole_of.values()} - {one.quantity.id, other.quantity.id}
    before = [
        m for m in lists.paragraph.mentions if m.end <= one.start and m.exact and same_kind(m.quantity, one.quantity)
    ]
    divided = [m for m in before if m.quantity.id in wholes]
    alone = before if len(before) == 1 and lists.paragraph.words(before[0].end, one.start).count("。") < 2 else []
    known = {claim.result for claim in builder.claims if {one.quantity.id, other.quantity.id} <= _operands(claim)}
    for whole in (divided or alone)[-1:]:
        if whole.quantity.id in known:
            continue
        builder.claim(
            ClaimKind.SUM,
            [(OperandRole.PART, one.quantity), (OperandRole.PART, other.quantity)],
            whole.quantity,
            cue=builder.span(lists.paragraph.document, other.words_start, other.start),
            closure=Closure.LISTED,
            tied=False,
        )


def _operands(claim: Claim) -> set[str | None]:
    return {operand.quantity for operand in claim.operands}


def _shares_with_rest(builder: Builder, lists: Lists) -> None:
    """「中央补助占35.4%，省级占46.1%，其余18.5%为县级自筹」: the rest closes a hundred per cent."""
    mentions = lists.paragraph.mentions
    for at, rest in enumerate(mentions):
        own = plain(re.split("[，,；;。]", lists.paragraph.words(rest.sentence_start, rest.start))[-1])
        if rest.quantity.dimension is not Dimension.PERCENT or not words("window", "rest_share").fullmatch(own):
            continue
        sentence = [m for m in mentions[:at] if m.sentence_start == rest.sentence_start]
        shares = [m for m in sentence if m.quantity.dimension is Dimension.PERCENT]
        told = all(cue("share", "cue").search(plain(m.words)) for m in shares[:1]) and shares == sentence
        if len(shares) > 1 and told and all(m.exact for m in (*shares, rest)):
            _of_hundred(builder, lists, [*shares, rest])


def _marks_of_levels(builder: Builder, lists: Lists) -> None:
    """「满分100分，由决策（20分）、过程（25分）、产出（30分）、效益（25分）构成」: the classes of every scheme."""
    for whole in lists.paragraph.mentions:
        label = lists.label(whole)
        if whole.quantity.dimension is not Dimension.SCORE or label is None or label.role not in _MARKS:
            continue
        if not (whole.exact and words("window", "all_marks").search(plain(whole.words))) or _class_of(whole):
            continue
        parts = [
            m
            for m in lists.paragraph.mentions
            if m.sentence_start == whole.sentence_start
            and m is not whole
            and m.exact
            and m.quantity.dimension is Dimension.SCORE
            and (own := lists.label(m)) is not None
            and own.role in _MARKS
        ]
        names = [_class_of(m) for m in parts]
        known = [name for name in names if name]
        if len(known) < _CLASSES or len(known) != len(parts) or len(set(known)) < len(known):
            continue
        if {claim.result for claim in builder.claims if claim.kind is ClaimKind.SUM} & {whole.quantity.id}:
            continue
        builder.claim(
            ClaimKind.SUM,
            [(OperandRole.PART, part.quantity) for part in parts],
            whole.quantity,
            cue=builder.span(lists.paragraph.document, whole.words_start, whole.start),
            closure=Closure.LISTED,
            tied=False,
        )


def _class_of(mention: Mention) -> str | None:
    found = words("window", "levels").search(plain(mention.words).rstrip("（("))
    return found.group("level") if found else None


def _among(builder: Builder, lists: Lists) -> None:
    """「86个班次中有82个按时拨付」: a part is at most its whole."""
    for whole, part in pairwise(lists.paragraph.mentions):
        gap = plain(lists.paragraph.words(whole.end, part.start))
        counted = whole.quantity.dimension is Dimension.COUNT and same_kind(whole.quantity, part.quantity)
        if not (counted and whole.exact and part.exact and words("window", "among").fullmatch(gap)):
            continue
        # 「3个乡镇中有15个村」: of another noun a count is no part.
        noun = re.split("[中当]", plain(whole.after))[0]
        same = bool(noun) and plain(part.after).startswith(noun[-1])
        if (words("window", "noun").match(plain(part.after)) and not same) or lists.whole_of.get(part.quantity.id):
            continue
        builder.claim(
            ClaimKind.BOUND,
            [(OperandRole.WHOLE, whole.quantity)],
            part.quantity,
            cue=builder.span(lists.paragraph.document, whole.end, part.start),
            concept="part_of_whole",
        )
