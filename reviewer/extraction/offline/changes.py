"""Changes a paragraph states: 比上年增长…%, 由A增加到B, 变动率; and differences of two rates printed as per cent."""

import re

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue, same_kind
from reviewer.lexicon.measures import concept_in, plain
from reviewer.schema import ClaimKind, Dimension, OperandRole, Role, Source

_CHANGING = (Dimension.PERCENT, Dimension.MONEY, Dimension.COUNT)


def direction(words: str) -> str | None:
    """down or up, as the words of a change say; None when they leave it to the sign."""
    hits = [(m.start(), name) for name in ("down", "up") for m in cue("change", name).finditer(words)]
    return max(hits)[1] if hits else None


def _amounts(paragraph: Paragraph, labels: dict[str, Label], mention: Mention) -> list[Label]:
    """Levels of the same sentence before the change, nearest first."""
    return [
        label
        for other in reversed(paragraph.mentions)
        if other.start < mention.start
        and other.sentence_start == mention.sentence_start
        and (label := labels.get(other.quantity.id)) is not None
        and label.role is not Role.CHANGE
        and not label.listed
        and other.exact
    ]


def _same_thing(one: Label, other: Label) -> bool:
    if not same_kind(one.mention.quantity, other.mention.quantity) or one.subject != other.subject:
        return False
    if one.concept or other.concept:
        return one.concept == other.concept and one.role is other.role
    names = [re.sub("上年度?|去年|本年度?", "", plain(label.mention.measure)) for label in (one, other)]
    return names[0] == names[1] or not names[1] or not names[0]


def _by_year(source: Source, paragraph: Paragraph, amounts: list[Label]) -> tuple[Label, Label] | None:
    """(this year's, last year's) level of one measure, nearest first."""
    year = source.document(paragraph.document).year
    if year is None:
        return None
    for base in amounts:
        for current in amounts:
            if base.period == str(year - 1) and current.period == str(year) and _same_thing(current, base):
                return current, base
    return None


def _by_words(paragraph: Paragraph, amounts: list[Label]) -> tuple[Label, Label] | None:
    """(B, A) of 「由A增加到B」."""
    if len(amounts) < 2:
        return None
    current, base = amounts[0], amounts[1]
    start = max(base.mention.sentence_start, base.mention.words_start)
    before = paragraph.words(start, base.mention.start)
    between = paragraph.words(base.mention.end, current.mention.start)
    if cue("change", "from").search(before) and cue("change", "to").search(between):
        return (current, base) if same_kind(current.mention.quantity, base.mention.quantity) else None
    return None


def _names(words: str, level: Label) -> bool:
    """Whether the words before a change name what the level measures."""
    measure = plain(level.mention.measure)
    named = concept_in(words)
    return words in measure or measure in words or (named is not None and named.concept.key == level.concept)


def _points(builder: Builder, paragraph: Paragraph) -> None:
    """「占比66%，较上年的61%提高5个百分点」: the difference of two rates printed side by side."""
    for current, base, points in zip(*(paragraph.mentions[start:] for start in range(3)), strict=False):
        rates = (current.quantity.dimension, base.quantity.dimension) == (Dimension.PERCENT, Dimension.PERCENT)
        if not rates or points.quantity.dimension is not Dimension.POINT:
            continue
        if not (current.exact and base.exact and points.exact and current.sentence_start == points.sentence_start):
            continue
        between = plain(paragraph.words(current.end, base.start))
        moved = plain(paragraph.words(base.end, points.start))
        if cue("change", "against").match(between) and cue("change", "moved").match(moved):
            builder.claim(
                ClaimKind.DIFFERENCE,
                [(OperandRole.CURRENT, current.quantity), (OperandRole.BASE, base.quantity)],
                points.quantity,
                cue=builder.span(paragraph.document, points.words_start, points.start),
                stated_text=direction(moved),
            )


def extract_changes(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """Note every change whose two levels stand in its sentence, and every 高于…% between two rates."""
    _points(builder, paragraph)
    told = {claim.result for claim in builder.claims if claim.kind is ClaimKind.DIFFERENCE}
    for mention in paragraph.mentions:
        label = labels.get(mention.quantity.id)
        if label is None or label.role is not Role.CHANGE or not mention.exact:
            continue
        if mention.quantity.dimension not in _CHANGING or mention.quantity.id in told:
            continue
        words = plain(mention.words)
        amounts = _amounts(paragraph, labels, mention)
        span = builder.span(paragraph.document, mention.words_start, mention.start)
        nearest = amounts[0] if amounts else None
        if (
            cue("change", "level").search(words)
            and mention.quantity.dimension is Dimension.PERCENT
            and nearest is not None
            and nearest.role is Role.RATE
        ):
            operands = [(OperandRole.MINUEND, nearest.mention.quantity)]
            builder.claim(ClaimKind.DIFFERENCE, operands, mention.quantity, cue=span, concept="rate_level")
            continue
        if cue("change", "other").search(words):
            continue
        bare = cue("change", "bare").match(words) is not None
        pair = _by_words(paragraph, amounts) if bare else None
        yearly = cue("change", "yearly").search(words)
        if pair is None and yearly:
            pair = _by_year(builder.source, paragraph, amounts)
            named = words[: yearly.start()]
            if pair and named and not _names(named, pair[0]):
                continue
        if pair is None or (mention.quantity.dimension is Dimension.PERCENT and pair[0].role is Role.RATE):
            continue
        if mention.quantity.dimension is not Dimension.PERCENT and not same_kind(
            mention.quantity, pair[0].mention.quantity
        ):
            continue
        builder.claim(
            ClaimKind.CHANGE if mention.quantity.dimension is Dimension.PERCENT else ClaimKind.DIFFERENCE,
            [(OperandRole.CURRENT, pair[0].mention.quantity), (OperandRole.BASE, pair[1].mention.quantity)],
            mention.quantity,
            cue=span,
            stated_text=direction(words),
        )
