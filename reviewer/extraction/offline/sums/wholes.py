"""Which number a list divides, and the claim that its parts make it up."""

import re
from itertools import pairwise

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention, bracket_depth, cue, same_kind
from reviewer.extraction.offline.roles import TOTAL
from reviewer.extraction.offline.sums.lists import FULL_STOP, TOTALS, Lists, goes_on
from reviewer.lexicon.measures import compositions, concept_in, plain
from reviewer.schema import ClaimKind, Closure, Dimension, Operand, OperandRole, OperandSet, Quantity, Role

_SENTENCES_BACK = 2
_LONGEST = 12
"""A longer list is not asked where it ends."""


def in_a_list(lists: Lists, mention: Mention) -> bool:
    """Whether a list's cue stands before the number in its sentence."""
    text, offset = lists.paragraph.text, lists.paragraph.start
    return any(
        match.end() <= mention.start - offset
        for name in ("open", "closed", "classes", "within")
        for match in cue("sum", name).finditer(text, mention.sentence_start - offset)
    )


def _is_sibling(lists: Lists, mention: Mention) -> bool:
    """Whether a number stands beside the other parts that make up a total by definition: 基本支出A，项目支出B。"""
    beside = {lists.concept(m) for m in lists.paragraph.mentions if m.sentence_start == mention.sentence_start}
    return any(lists.concept(mention) in members and members <= beside for _, members in compositions())


def _names(lists: Lists, words: str, mention: Mention) -> bool:
    """Whether the words before a cue name a number of the sentence before: 「项目支出B。项目支出包括……」."""
    words = plain(words)
    named = concept_in(words)
    return bool(words) and (
        plain(mention.measure).endswith(words) or (named is not None and named.concept.key == lists.concept(mention))
    )


def _same_period(lists: Lists, one: Mention, other: Mention) -> bool:
    periods = {label.period for mention in (one, other) if (label := lists.label(mention)) and label.period}
    return len(periods) < 2


def whole_before(lists: Lists, parts: list[Mention], before: int, *, far: bool) -> Mention | None:
    """The nearest number before the cue that can be the parts' whole; `far`, one sentence further back as well.

    A classification (`far`) may go back over more sentences of its paragraph, to a total.
    """
    for mention in reversed([m for m in lists.paragraph.mentions if m.end <= before]):
        between = lists.paragraph.words(mention.end, before)
        remote = len(FULL_STOP.findall(between)) > _SENTENCES_BACK - 1 + far
        if remote and not far:
            return None
        if (remote and lists.concept(mention) not in TOTALS) or _is_passed_over(lists, mention, parts, between, far):
            continue
        if _hides_the_whole(lists, mention, parts, between):
            return None
        if _is_of_another_family(lists, mention, parts, between):
            continue
        # The nearest fitting number decides: when it is only approximate, an older one is not the list's whole.
        return mention if mention.exact and mention.quantity.id not in {p.quantity.id for p in parts} else None
    return None


def _is_passed_over(lists: Lists, mention: Mention, parts: list[Mention], between: str, far: bool) -> bool:
    """Whether a number before the cue is no whole by its kind, its words or its place."""
    if not lists.additive(mention) or not same_kind(mention.quantity, parts[0].quantity):
        return True
    left_out = cue("sum", "not_part").search(mention.words) and lists.family(mention) != "balance"
    if left_out or cue("sum", "apposition").search(mention.words):
        return True
    parted = re.search("[；;。]" if far else "[；;]", between) or (
        FULL_STOP.search(between) and not _names(lists, FULL_STOP.split(between)[-1], mention)
    )
    # 「按性质分为A、B；按经济分类为……」 goes back to what A and B are parts of.
    return bool(parted and in_a_list(lists, mention)) or (far and _is_sibling(lists, mention))


def _hides_the_whole(lists: Lists, mention: Mention, parts: list[Mention], between: str) -> bool:
    """Whether a number leaves open what is divided: things counted further off, an amount of unknown kind."""
    if not _is_money(mention):
        return not cue("sum", "adjoining").search(cue("sum", "aside").sub("", between))
    known = lists.family(mention) or not any(lists.family(part) for part in parts) or mention.measure == "合计"
    other = not _same_period(lists, mention, parts[0]) or bracket_depth(between) < 0
    return not (known or other or cue("sum", "same").search(between)) and FULL_STOP.search(between) is not None


def _is_of_another_family(lists: Lists, mention: Mention, parts: list[Mention], between: str) -> bool:
    """Whether a number is another year's, another side's or of another kind of money than the parts."""
    if bracket_depth(between) < 0 or not _same_period(lists, mention, parts[0]):
        return True  # 「……，较上年增长8%（上年1318万元），其中」
    family, families = lists.family(mention), {f for part in parts if (f := lists.family(part))}
    if families and family and family not in families and not cue("sum", "same").search(between):
        return True
    return not all(goes_on(lists, mention, part) for part in parts if lists.side(part) and lists.side(mention))


def earlier_total(lists: Lists, parts: list[Mention], lead: str) -> Quantity | None:
    """The nearest total of the parts' family in the paragraphs before: what a paragraph of parts alone divides.

    `lead` are the words before the first part; they may name the family where the parts do not.
    """
    named = concept_in(plain(lead))
    families = {f for part in parts if (f := lists.family(part))} | ({named.concept.family} if named else set())
    sides = {side for part in parts if (side := lists.side(part))}
    for label in reversed(lists.earlier):
        mention = label.mention
        if label.concept not in TOTALS or not mention.exact or not same_kind(mention.quantity, parts[0].quantity):
            continue
        if {label.family} == families and label.subject is None and sides <= {lists.side_of(label)}:
            return mention.quantity
    return None


def _is_money(mention: Mention) -> bool:
    return mention.quantity.dimension is Dimension.MONEY


def _is_complete(lists: Lists, whole: Mention, parts: list[Mention]) -> bool:
    """Whether the parts make up the whole by definition."""
    named = [concept for part in parts for concept in lists.concepts(part)]
    return any(
        lists.concept(whole) == key and len(named) == len(members) and frozenset(named) == members
        for key, members in compositions()
    )


def _are_all(lists: Lists, whole: Mention, parts: list[Mention]) -> bool:
    """Whether a list behind 其中 names every part all the same: it ends in the rest, or in all kinds of staff."""
    gap = lists.paragraph.words(parts[-2].end, parts[-1].start)
    if cue("sum", "rest").search(parts[-1].measure) and not re.search("[；;]", gap):
        return True
    if _are_classes(lists, parts) or _are_payers(lists, parts):
        return True
    label = lists.label(whole)
    if label is None or label.role not in (Role.HEADCOUNT, Role.ESTABLISHMENT):
        return False
    kinds = [set(cue("sum", "staff").findall(part.measure or part.after)) for part in parts]
    return all(kinds) and len(set().union(*kinds)) == len(parts) and bool({"事业", "工勤"} & set().union(*kinds))


def _are_classes(lists: Lists, parts: list[Mention]) -> bool:
    """产出指标6项、效益指标3项、满意度指标1项: the classes every scheme of indicators is made of."""
    names = [found.group("level") if (found := cue("sum", "class").search(plain(m.words))) else None for m in parts]
    return all(names) and len(set(names)) == len(names) and "产出" in names and len(names) > 2


def _are_payers(lists: Lists, parts: list[Mention]) -> bool:
    """「省级补助资金1,500万元，县级配套资金860万元」: each level of government once, down to the one that spends."""
    if not all(_is_money(part) for part in parts):
        return False
    payers = [cue("sum", "payer").findall(plain(part.words)) for part in parts]
    last = cue("sum", "last_payer").search(plain(parts[-1].words)) is not None
    return last and all(len(set(found)) == 1 for found in payers) and len({found[0] for found in payers}) == len(parts)


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


def add(
    builder: Builder,
    lists: Lists,
    whole: Mention,
    parts: list[Mention],
    at: tuple[int, int],
    closure: Closure,
    *,
    loose: bool = False,
    apart: bool = False,
) -> None:
    """Note that the parts make up the whole.

    `loose`: the words only suggest it, so that nothing but a slip proves it; unless the parts are all by definition,
    which does not count where list and whole are of funds named `apart`.
    """
    complete = not apart and _is_complete(lists, whole, parts)
    loose = loose and not complete
    if complete:
        closure = Closure.COMPLETE
    elif closure is Closure.OPEN and not loose and len(parts) > 1 and _are_all(lists, whole, parts):
        closure = Closure.LISTED
    if loose and len(parts) < 2:
        return
    label = lists.label(whole)
    for part in parts:
        lists.taken.add(part.quantity.id)
        if not loose:
            lists.whole_of[part.quantity.id] = whole.quantity
    # 「包括A和B，其中……」 may speak of B or of all; an asset's parts may be gross values.
    last = in_a_list(lists, whole)
    if len(parts) < 2:
        if not last or whole.quantity.dimension is not Dimension.MONEY:
            _single(builder, lists, whole, parts, at)
        return
    lost = label is not None and label.role is Role.LOST_MARK
    marks = whole.quantity.dimension is Dimension.SCORE and not lost
    last = last and not re.search("[；;]", lists.paragraph.rest_of_sentence(parts[-1]))
    ambiguous = closure is Closure.OPEN and (last or lists.family(whole) == "asset")
    builder.claim(
        ClaimKind.SCORE_TOTAL if marks else ClaimKind.SUM,
        operands := [Operand(role=OperandRole.PART, quantity=part.quantity.id) for part in parts],
        whole.quantity,
        cue=builder.span(lists.paragraph.document, *at),
        concept={Role.SCORE: "score", Role.FULL_MARK: "full_mark"}.get(label.role) if label else None,
        closure=Closure.OPEN if loose else closure,
        tied=not (ambiguous or loose),
        alternatives=(
            *_shorter(operands, closure, lists, parts),
            *(_of_rival(operands, rival) for rival in _rivals(lists, whole, parts)),
        ),
    )


def add_far(
    builder: Builder,
    lists: Lists,
    whole: Quantity,
    parts: list[Mention],
    at: tuple[int, int],
    closure: Closure = Closure.OPEN,
) -> None:
    """Note that the parts may make up a whole of another paragraph: only a slip proves it where not all are told."""
    lists.taken |= {part.quantity.id for part in parts}
    operands = [Operand(role=OperandRole.PART, quantity=part.quantity.id) for part in parts]
    builder.claim(
        ClaimKind.SUM,
        operands,
        whole,
        cue=builder.span(lists.paragraph.document, *at),
        closure=closure,
        tied=False,
        alternatives=_shorter(operands, closure, lists, parts),
    )


def _single(builder: Builder, lists: Lists, whole: Mention, parts: list[Mention], at: tuple[int, int]) -> None:
    """One part alone is at most its whole."""
    if parts and lists.family(whole) != "asset" and whole.quantity.dimension is not Dimension.SCORE:
        of = [(OperandRole.WHOLE, whole.quantity)]
        span = builder.span(lists.paragraph.document, *at)
        builder.claim(ClaimKind.BOUND, of, parts[0].quantity, cue=span, concept="part_of_whole")


def _shorter(operands: list[Operand], closure: Closure, lists: Lists, parts: list[Mention]) -> tuple[OperandSet, ...]:
    """Where a list ends is not always marked: 「其中A、B，C」. Its first parts alone are a reading the words allow.

    A list that runs on without a pause (A、B、C) does not end within.
    """
    if closure is Closure.COMPLETE or len(operands) > _LONGEST:
        return ()
    gaps = [lists.paragraph.words(one.end, other.start).strip() for one, other in pairwise(parts)]
    if len(gaps) > 1 and all(re.match("[、和及与]", gap) and not re.search("[，,；;]", gap) for gap in gaps):
        return ()
    return tuple(
        OperandSet(label="shorter_list", operands=tuple(operands[:length]), permitted=True)
        for length in range(2, len(operands))
    )


def _of_rival(operands: list[Operand], rival: Mention) -> OperandSet:
    whole = Operand(role=OperandRole.WHOLE, quantity=rival.quantity.id)
    return OperandSet(label="other_whole", operands=(*operands, whole), permitted=True)
