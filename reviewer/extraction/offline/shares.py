"""Shares: 占…的…%, 占比, 相当于…的…%, 为目标的…%; what is divided by what is told by words, lists and layout."""

from dataclasses import dataclass

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.counted import pairs_claim
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.levels import moves
from reviewer.extraction.offline.mentions import Mention, Paragraph, bracket_depth, cue, same_kind
from reviewer.extraction.offline.scopes import FAR, before
from reviewer.extraction.offline.sums import Lists
from reviewer.lexicon.measures import compositions, concept_in, is_pool, plain, role_in
from reviewer.schema import Bound, ClaimKind, Closure, Dimension, OperandRole, Quantity, Role

_COUNTABLE = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE)
_PLANNED = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
_TOTALS = ("expenditure_total", "income_total")
_SHORTEST = 2
"""Names of one character say too little to be recognised by."""


@dataclass(frozen=True, slots=True)
class _Share:
    """A share as its words put it."""

    mention: Mention
    part: str
    """What it is of the base; empty for the number right before it."""
    base: str
    """What it is a share of; empty where the words leave that open."""
    inside: Mention | None = None
    """The base, where its number stands inside the words: 占总数1,250个的40%."""


def _read(paragraph: Paragraph, mention: Mention) -> _Share | None:
    words = plain(mention.words)
    earlier = before(paragraph, mention)
    if earlier and cue("share", "of_number").fullmatch(plain(paragraph.words(earlier[0].end, mention.start))):
        opened = cue("share", "opened").search(plain(earlier[0].words))
        if opened and earlier[0].quantity.dimension in _COUNTABLE:
            part = opened.group("part") or ""
            return _Share(mention, part.strip("的，、其中"), plain(opened.group("base")), earlier[0])
        return None
    if named := cue("share", "named").search(words):
        return _Share(mention, named.group("part").strip("的，、其中"), named.group("base"))
    if bare := cue("share", "bare").search(words):
        return _Share(mention, bare.group("part").strip("的，、其中"), "")
    return None


def _same_words(one: str, other: str) -> bool:
    """Whether two names may be one thing: the shorter ends or opens the longer."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST and (long.endswith(short) or long.startswith(short))


def _numerator(paragraph: Paragraph, labels: dict[str, Label], share: _Share) -> Mention | None:
    """What a share is of: the number right before it, or the one its own words name."""
    named = [
        other
        for other in before(paragraph, share.mention)
        if share.part and other.quantity.dimension in _COUNTABLE and plain(other.measure) == share.part
    ]
    if len(named) == 1 and named[0] is not share.inside:
        return named[0]
    rates = (Dimension.PERCENT,) if cue("share", "target").search(share.base) else ()
    # 「满意度93.92%。……达到目标值的98.86%」: what was reached may stand a sentence before.
    for other in before(paragraph, share.mention, FAR if share.part else len(rates)):
        label = labels.get(other.quantity.id)
        if other is share.inside or other.quantity.dimension not in (*_COUNTABLE, *rates) or (label and label.listed):
            continue
        if bracket_depth(paragraph.words(other.end, share.mention.start)) < 0:
            continue  # 「392人（其中护士186人），占……」 speaks of the 392
        if other.quantity.dimension is Dimension.PERCENT and not _measures(other, label):
            continue
        if not share.part and cue("share", "no_part").search(other.words):
            if rates:
                continue
            return None
        if _is_base(share, other, label):
            continue
        if not share.part or _same_words(share.part, plain(other.measure)) or _counted_as(share.part, other):
            return other
        if other.sentence_start == share.mention.sentence_start and not cue("share", "far").search(share.part):
            return None
    return None


def _measures(other: Mention, label: Label | None) -> bool:
    """Whether a rate says how things stand, not itself how much of a target was reached."""
    told = plain(other.words)
    return (
        label is not None and label.role is Role.RATE and not cue("share", "target").search(told) and "完成" not in told
    )


def _is_base(share: _Share, other: Mention, label: Label | None) -> bool:
    """Whether a number is what the share's words call its base: 「目标3,200卷，为目标的95%」."""
    if not share.base or share.part:
        return False
    if cue("share", "target").search(share.base):
        return _is_target(other, label)
    return _same_words(share.base, plain(other.measure))


def _counted_as(part: str, other: Mention) -> bool:
    return _same_words(part, plain(other.after)) or _same_words(part.removesuffix("人员"), plain(other.words))


def _bases(paragraph: Paragraph, labels: dict[str, Label], numerator: Mention, base: str) -> list[Mention]:
    """The numbers of the paragraph that the words of a base name; those before the numerator first, nearest first."""
    named = concept_in(base)
    ordered = [m for m in reversed(paragraph.mentions) if m.start < numerator.start]
    ordered += [m for m in paragraph.mentions if m.start > numerator.start]
    found: list[Mention] = []
    for other in ordered:
        label = labels.get(other.quantity.id)
        if other.quantity.bound not in (Bound.EXACT, Bound.AT_LEAST) or moves(other):
            continue
        if not same_kind(other.quantity, numerator.quantity):
            continue
        specific = named is not None and not named.generic and not is_pool(named.concept.key)
        concept = specific and named is not None and label is not None and label.concept == named.concept.key
        target = cue("share", "target").search(base) and _is_target(other, label)
        staff = "编" in base and label is not None and label.role is Role.ESTABLISHMENT
        budget = label is not None and label.generic and label.role in _PLANNED and role_in(base) == label.role
        words = bool(base) and not specific and _same_words(base, plain(other.measure))
        if budget or ((concept or target or staff or words) and _same_side(labels, numerator, other)):
            found.append(other)
    return found


def _is_target(other: Mention, label: Label | None) -> bool:
    if other.quantity.dimension is Dimension.PERCENT:
        return label is not None and label.role is Role.TARGET
    return bool(cue("share", "target").search(plain(other.words))) or (label is not None and label.role is Role.TARGET)


def _same_side(labels: dict[str, Label], numerator: Mention, base: Mention) -> bool:
    """Parts of a budget are shares of a budget, what was spent of what was spent or received."""
    one, other = labels.get(numerator.quantity.id), labels.get(base.quantity.id)
    if one is None or other is None or not (one.explicit or one.role in _PLANNED):
        return True
    if numerator.quantity.dimension is not Dimension.MONEY:
        return True
    return (one.role in _PLANNED) is (other.role in _PLANNED) or not other.explicit


def _head(paragraph: Paragraph, labels: dict[str, Label], numerator: Mention) -> Mention | None:
    """The total that opens the numerator's sentence: 「收入总计100万元，来源为财政拨款90万元，占比90%」."""
    sentence = [m for m in paragraph.mentions if m.sentence_start == numerator.sentence_start]
    numbers = [m for m in sentence if m.quantity.dimension in (*_COUNTABLE, Dimension.PERCENT)]
    head, second = (*numbers, None, None)[:2]
    if head is None or second is None or head.start >= numerator.start or not head.exact:
        return None
    if second.quantity.dimension is Dimension.PERCENT or not same_kind(head.quantity, numerator.quantity):
        return None
    label = labels.get(head.quantity.id)
    total = label is not None and label.concept in _TOTALS
    among = cue("share", "among").match(paragraph.text[head.end - paragraph.start :])
    return head if total or among or cue("share", "head").search(plain(head.words)) else None


def _composed(paragraph: Paragraph, labels: dict[str, Label], numerator: Mention) -> Mention | None:
    """The whole that the numerator is a part of by definition, nearest before it in the paragraph."""
    own = labels.get(numerator.quantity.id)
    if own is None or own.concept is None:
        return None
    whole = next((whole for whole, parts in compositions() if own.concept in parts), None)
    for other in reversed(paragraph.mentions):
        label = labels.get(other.quantity.id)
        if other.start < numerator.start and label and label.concept == whole and label.role is not Role.SHARE:
            if not other.exact or not same_kind(other.quantity, numerator.quantity):
                continue
            return other if _same_side(labels, numerator, other) and label.subject == own.subject else None
    return None


def _whole(
    builder: Builder, paragraph: Paragraph, labels: dict[str, Label], lists: Lists, numerator: Mention
) -> tuple[Quantity, bool] | None:
    """What a share is of that does not say of what, and whether a list or a total line tells so."""
    known = lists.whole_of.get(numerator.quantity.id)
    if known is not None and same_kind(known, numerator.quantity):
        return known, True
    if (head := _head(paragraph, labels, numerator)) is not None:
        return head.quantity, True
    composed = _composed(paragraph, labels, numerator)
    return (composed.quantity, False) if composed else None


def distributed(builder: Builder, paragraph: Paragraph, lists: Lists, first: Mention) -> bool:
    """「甲60万元、乙40万元，分别占60%、40%」: the shares of a list, in its order; whether it is one."""
    if not cue("share", "each").search(plain(first.words)):
        return False
    numbers = [m for m in paragraph.mentions if m.sentence_start == first.sentence_start]
    at = numbers.index(first)
    shares = [first]
    for other in numbers[at + 1 :]:
        gap = paragraph.words(shares[-1].end, other.start)
        if other.quantity.dimension is not Dimension.PERCENT or not cue("clause", "list").match(gap):
            break
        shares.append(other)
    parts = numbers[max(0, at - len(shares)) : at]
    wholes = {whole.id: whole for part in parts if (whole := lists.whole_of.get(part.quantity.id)) is not None}
    if len(parts) != len(shares) or len(wholes) != 1:
        return True
    whole = next(iter(wholes.values()))
    for part, stated in zip(parts, shares, strict=True):
        if part.exact and stated.exact and same_kind(part.quantity, whole):
            pairs_claim(builder, paragraph, stated, [(part.quantity, whole)], kind=ClaimKind.SHARE)
    return True


def share(builder: Builder, paragraph: Paragraph, labels: dict[str, Label], lists: Lists, mention: Mention) -> bool:
    """Note a share whose words tell what it is of; whether the words are a share's at all."""
    read = _read(paragraph, mention)
    if read is None:
        return False
    numerator = _numerator(paragraph, labels, read)
    if numerator is None:
        return True
    if read.inside is not None:
        if same_kind(read.inside.quantity, numerator.quantity):
            pairs_claim(builder, paragraph, mention, [(numerator.quantity, read.inside.quantity)], kind=ClaimKind.SHARE)
        return True
    open_base = not read.base or cue("share", "whole").fullmatch(read.base)
    bases = [] if open_base else _bases(paragraph, labels, numerator, read.base)
    bases = [base for base in bases if base is not mention]
    named = concept_in(read.base)
    concept = named.concept.key if named and not (named.generic and "项目" in read.base) else None
    if bases:
        parts = [numerator.quantity]
        if not read.part and (listed := lists.whole_of.get(numerator.quantity.id)) is not None:
            # Behind a list, the words may go on about its whole: 「3,040卷，包括……860卷，为目标的95%」.
            parts.append(listed)
        pairs = [(part, base.quantity) for part in parts for base in bases if base.quantity is not part]
        pairs_claim(builder, paragraph, mention, pairs, kind=ClaimKind.SHARE, concept=concept)
        return True
    if role_in(read.base) in _PLANNED and not cue("share", "target").search(read.base):
        return True  # of a budget that the paragraph does not print
    whole = _whole(builder, paragraph, labels, lists, numerator) if open_base else None
    if whole is not None:
        pairs_claim(
            builder,
            paragraph,
            mention,
            [(numerator.quantity, whole[0])],
            kind=ClaimKind.SHARE,
            tied=whole[1],
            closure=Closure.COMPLETE if whole[1] else Closure.OPEN,
        )
        return True
    _alone(builder, paragraph, labels, read, lists.whole_of.get(numerator.quantity.id) or numerator.quantity, concept)
    return True


def _alone(
    builder: Builder,
    paragraph: Paragraph,
    labels: dict[str, Label],
    read: _Share,
    numerator: Quantity,
    concept: str | None,
) -> None:
    """A share whose base stands elsewhere in the report, by its name, its definition or the indicator's target."""
    own = labels.get(numerator.id)
    if cue("share", "target").search(read.base):
        concept = "completion"
    elif concept is None and not read.base and own is not None:
        concept = next((whole for whole, parts in compositions() if own.concept in parts), None)
    builder.claim(
        ClaimKind.SHARE,
        [(OperandRole.NUMERATOR, numerator)],
        read.mention.quantity,
        cue=builder.span(paragraph.document, read.mention.words_start, read.mention.start),
        concept=concept,
        tied=False,
        closure=Closure.COMPLETE if read.base else Closure.OPEN,
    )
