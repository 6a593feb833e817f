"""Counts of indicators against the items that the report really scores, and counts told inside another count."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import takewhile

from reviewer.extraction.offline.bands import pattern
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.cards import Deck
from reviewer.extraction.offline.lists import is_count
from reviewer.extraction.offline.mentions import Mention, Paragraph
from reviewer.extraction.offline.names import names_in
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Closure, Operand, OperandRole

_LEAST = 2
_PARTS = 3
"""So many classes of indicators under a count are all of them."""


def _claim(builder: Builder, paragraph: Paragraph, mention: Mention, length: int) -> None:
    """Note the items' number where it is the count, or misses it by one: other lists are lists of something else."""
    known = {claim.result for claim in builder.claims if claim.kind is ClaimKind.COUNT_OF_LIST}
    if mention.quantity.id in known or abs(length - int(mention.quantity.value or 0)) > 1:
        return
    builder.claim(
        ClaimKind.COUNT_OF_LIST,
        [Operand(role=OperandRole.ITEM, value=Decimal(length), source="list")],
        mention.quantity,
        cue=builder.span(paragraph.document, mention.start, mention.end),
        concept="names",
    )


def _is_indicators(paragraph: Paragraph, mention: Mention) -> bool:
    behind = plain(paragraph.words(mention.end, min(paragraph.end, mention.end + 16)))
    return (
        pattern("card", "counted").match(behind) is not None
        or pattern("card", "counted_before").search(plain(mention.words)) is not None
    )


def _named(words: str, decks: Sequence[Deck]) -> list[Deck]:
    return [deck for deck in decks if len(deck.name) > 1 and deck.name in words]


def _of_decks(builder: Builder, paragraph: Paragraph, mention: Mention, decks: Sequence[Deck]) -> None:
    """「履职效能细化为七项指标」, 「按产出、效果细化为10项指标」 against the items under these names."""
    sentence = plain(paragraph.words(mention.sentence_start, mention.start) + "|" + paragraph.rest_of_sentence(mention))
    clause = re.split("[，,；;：:]", plain(mention.words))[-1]
    named = _named(clause, decks) or _named(sentence, decks)
    later = [deck for deck in named if deck.section.span.start > mention.end]
    names = [deck.name for deck in later]
    if not later or len(later) < len(named) or len(set(names)) < len(names):
        return
    classes = {
        match.group() for match in pattern("card", "classes").finditer(clause if _named(clause, decks) else sentence)
    }
    if any(not any(one in deck.name for deck in later) for one in classes):
        return
    if not pattern("card", "set").search(sentence) or not all(deck.items for deck in later):
        return
    _claim(builder, paragraph, mention, sum(deck.items for deck in later))


def _the_rest(builder: Builder, paragraph: Paragraph, mention: Mention, decks: Sequence[Deck]) -> None:
    """「除安全隐患整改率按比例折算以外，其余5项指标均评定为满分」 in the section that lists them."""
    match = pattern("card", "rest_count").search(plain(paragraph.words(mention.sentence_start, mention.start)))
    own = [deck for deck in decks if deck.section.id == paragraph.section.id and deck.items >= _LEAST]
    names = names_in(match["names"]) if match else None
    if own and names and not names.open and names.least == names.most:
        _claim(builder, paragraph, mention, own[0].items - names.least)


def _nested(builder: Builder, paragraph: Paragraph, mention: Mention) -> None:
    """「共设指标10项，其中产出指标6项、效益指标3项、满意度指标1项」."""
    later = [m for m in paragraph.mentions if m.start > mention.end and m.sentence_start == mention.sentence_start]
    parts = list(
        takewhile(
            lambda m: is_count(m) and m.quantity.unit == mention.quantity.unit and _is_indicators(paragraph, m), later
        )
    )
    lead = plain(paragraph.words(mention.end, parts[0].start)) if parts else ""
    if len(parts) < _PARTS or not re.search("其中|包括|分别|[：:（(]", lead):
        return
    builder.claim(
        ClaimKind.SUM,
        [(OperandRole.PART, part.quantity) for part in parts],
        mention.quantity,
        closure=Closure.LISTED,
        concept="indicators",
    )


def extract_card_counts(builder: Builder, found: Sequence[Deck], read: Sequence[Paragraph]) -> None:
    """Note every count of indicators that the items of the report confirm or refute."""
    holding = {deck.section.parent for deck in found}
    for paragraph in read:
        decks = [d for d in found if d.section.span.document == paragraph.document and d.section.id not in holding]
        for mention in paragraph.mentions:
            if is_count(mention) and _is_indicators(paragraph, mention):
                _nested(builder, paragraph, mention)
                _the_rest(builder, paragraph, mention, decks)
                _of_decks(builder, paragraph, mention, decks)
