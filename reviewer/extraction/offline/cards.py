"""Scored items of the prose as cards: each with its name, its full mark, its score in a number or in words.

「3.取证率，12分。目标值为不低于92%。……取证率94.02%，得12分。」, 「每项指标权重均为5分。……评定为满分。」
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reviewer.extraction.offline.bands import pattern
from reviewer.extraction.offline.mark_windows import Kind, Mark, marks_of
from reviewer.extraction.offline.mentions import Paragraph, cue, paragraph
from reviewer.extraction.offline.score_sheet import topic
from reviewer.lexicon.measures import plain
from reviewer.schema import Quantity, Section, Source

HEAD = 44
"""Characters at the beginning of an item in which its full mark stands."""
_WHOLE = Decimal(100)
_LEAST = 2
"""So many items make a list."""


@dataclass(frozen=True, slots=True)
class Card:
    """One scored item."""

    name: str
    told: Paragraph
    full: Quantity | None
    score: Quantity | None
    """The printed score, or the full mark where words say that it was reached."""
    lost: tuple[Quantity, ...] = ()
    """Marks taken off, where no score is printed."""
    at: int = 0
    """Where the score is told."""
    several: bool = False
    """Whether it is made of parts with scores of their own, of which none is said to be the sum."""
    worded: bool = False
    """Whether words say that it has all its marks."""

    @property
    def in_full(self) -> bool:
        """Whether it has all its marks."""
        return self.worded or (self.full is not None and self.score is not None and self.score.value == self.full.value)

    @property
    def complete(self) -> bool:
        """Whether both its full mark and what it got are told."""
        return self.full is not None and (self.score is not None or bool(self.lost))


@dataclass(frozen=True, slots=True)
class Deck:
    """The items of one section, with the section's own marks."""

    section: Section
    name: str
    full: Quantity | None
    score: Quantity | None
    cards: tuple[Card, ...]
    items: int = 0
    """How many items are told, scored or not; 0 where some of them stand for several."""

    @property
    def complete(self) -> bool:
        """Whether every item's marks are told."""
        return len(self.cards) >= _LEAST and all(card.complete for card in self.cards)


def _name(text: str) -> str:
    """The words that open an item, up to its mark or its first stop."""
    match = re.match(r"(?:[（(]?\d{1,2}[）).．、]|[（(]?[一二三四五六七八九十]{1,2}[）)、.．])*", plain(text))
    words = plain(text)[match.end() :] if match else plain(text)
    head = re.split("[，,。：:；;（(\t]", words)[0]
    return topic(re.sub(r"(?:的)?(?:满分|分值|权重)?(?:为|是|共|占)?\d+(?:\.\d+)?分?$", "", head))


def in_full_at(told: Paragraph, start: int = 0) -> int | None:
    """Where words say that all marks are given; None where they do not, or where they are a rule's."""
    for match in pattern("card", "in_full").finditer(told.text, start):
        if not pattern("card", "not_in_full").search(plain(told.text[max(0, match.start() - 14) : match.start()])):
            return told.start + match.start()
    return None


def _is_head_mark(told: Paragraph, mark: Mark) -> bool:
    """A bare mark right behind an item's name: 「4.按期开班率，8分。」."""
    before = plain(told.text[: mark.mention.start - told.start])
    behind = told.text[mark.mention.end - told.start :].lstrip()[:1]
    return pattern("card", "bare_head").fullmatch(before) is not None and behind in "。，,；;）)"


def _marks(told: Paragraph) -> list[Mark]:
    """The marks of an item; the bare one behind its name is its full mark."""
    found = marks_of(told)
    if found and found[0].mention.exact and _is_head_mark(told, found[0]):
        found[0] = replace(found[0], kind=Kind.FULL)
    return found


def card_of(told: Paragraph, inherited: Quantity | None = None, name: str = "") -> Card:
    """The card that an item's words make."""
    marks = _marks(told)
    name = name or _name(told.text)
    own = [m for m in marks if m.kind is Kind.FULL and not _is_each(told, m)]
    head = [m for m in own if m.mention.start - told.start <= HEAD or pattern("card", "of_item").search(m.clause)]
    printed = [m for m in own if pattern("card", "full_given").search(m.clause)]
    scored = [m for m in marks if m.kind is Kind.SCORE and not _is_each(told, m)]
    led = [m for m in head if m not in printed and _leads(told, m, scored)]
    full = led[0].quantity if led else inherited
    lost = [m for m in marks if m.kind is Kind.LOST and not pattern("sums", "summed").search(m.clause)]
    summed = [m for m in scored if pattern("card", "item_sum").search(m.clause)]
    listed = len({m.quantity.value for m in scored}) > 1 or sum(m not in printed for m in own) > 1
    if listed and len(summed) != 1:
        return Card(name, told, full, None, at=told.end, several=True)
    if scored or printed:
        first = (summed or scored or printed)[0]
        full = full or (None if scored else first.quantity)
        return Card(name, told, full, first.quantity, at=first.mention.start)
    at = in_full_at(told)
    if at is not None and not lost:
        return Card(name, told, full, full, at=at, worded=True)
    return Card(name, told, full, None, tuple(m.quantity for m in lost), at=lost[0].mention.start if lost else told.end)


def _leads(told: Paragraph, full: Mark, scored: Sequence[Mark]) -> bool:
    """Whether a full mark stands before all scores, or in the bracket behind one."""
    before = [m for m in scored if m.mention.start < full.mention.start]
    behind = plain(told.text[full.mention.end - told.start :])[:1]
    if behind in "为是的" or len(before) > 1:
        return False
    gap = plain(told.words(before[0].mention.end, full.mention.start)) if before else ""
    return not before or cue("score", "mark_behind").match(gap) is not None


def _is_each(told: Paragraph, mark: Mark) -> bool:
    """Whether a mark is one that each of several items has, or one named among others."""
    before = plain(told.text[: mark.mention.start - told.start])
    rest = plain(told.rest_of_sentence(mark.mention))
    return bool(pattern("card", "each").search(before) or pattern("card", "the_others").search(rest))


def _whole(source: Source, section: Section, bodies: Sequence[Paragraph]) -> Paragraph:
    """All of a section's own words as one paragraph."""
    return paragraph(source, section.span.document, bodies[0].start, bodies[-1].end)


def _inherited(opening: Sequence[Paragraph], name: str) -> Quantity | None:
    """The mark that each item of a section has: 「每项指标权重均为5分」, 「其余各项的分值均为6分」."""
    for one in opening:
        for mark in marks_of(one):
            before = plain(one.text[: mark.mention.start - one.start])
            clause = re.split("[。；;，,]", before)[-1]
            if name and pattern("card", "named_mark").search(clause) and name in clause:
                return mark.quantity
    for one in opening:
        for mark in marks_of(one):
            if mark.mention.exact and pattern("card", "each").search(plain(one.text[: mark.mention.start - one.start])):
                return mark.quantity
    return None


def _opens_item(one: Paragraph, *, inheriting: bool) -> bool:
    """Whether a paragraph is an item: a short name, then its mark; or only a stop where each has the same mark."""
    words = plain(one.text)
    if pattern("card", "other").match(words):
        return False
    if pattern("card", "marked_item").match(words):
        return True
    return pattern("card", "numbered_item" if not inheriting else "named_item").match(words) is not None


def _own_marks(bodies: Sequence[Paragraph]) -> tuple[Quantity | None, Quantity | None]:
    """(full mark, score) of a section, from its heading and the words before its items."""
    full = score = None
    for one in bodies:
        for mark in marks_of(one):
            if not mark.mention.exact or _is_each(one, mark):
                continue
            if mark.kind is Kind.FULL and full is None:
                full = mark.quantity
            elif mark.kind is Kind.SCORE and full is not None and score is None:
                score = mark.quantity
        if score is None and full is not None and in_full_at(one) is not None:
            score = full
    return full, score


def _others_in_full(opening: Sequence[Paragraph]) -> bool:
    """「除整改率按比例折算以外，其余5项指标均评定为满分」."""
    return any(pattern("card", "others_in_full").search(plain(one.text)) for one in opening)


def _with_rest(cards: list[Card], opening: Sequence[Paragraph]) -> tuple[Card, ...]:
    if not _others_in_full(opening):
        return tuple(cards)
    return tuple(
        replace(card, score=card.full, worded=True)
        if card.full and card.score is None and not card.lost and not card.several
        else card
        for card in cards
    )


def decks(source: Source, read: Sequence[Paragraph]) -> list[Deck]:
    """Every section that lists scored items, in numbered sections below it or in paragraphs of its own."""
    bodies: dict[str, list[Paragraph]] = {}
    for one in read:
        bodies.setdefault(one.section.id, []).append(one)
    found: dict[str, Deck] = {}
    for section in reversed(source.sections):
        children = [s for s in source.sections if s.parent == section.id and s.number is not None and s.id in bodies]
        own = bodies.get(section.id, [])
        deck = _of_children(source, section, own, children, bodies, found) if children else _of_paragraphs(section, own)
        if deck.cards:
            found[section.id] = deck
    return [found[section.id] for section in source.sections if section.id in found]


def _of_children(
    source: Source,
    section: Section,
    own: list[Paragraph],
    children: Sequence[Section],
    bodies: dict[str, list[Paragraph]],
    found: dict[str, Deck],
) -> Deck:
    """A section whose items are the sections below it; one that has items of its own keeps its own marks."""
    cards = []
    for child in children:
        told = _whole(source, child, bodies[child.id])
        deck = found.get(child.id)
        if deck is not None and len(deck.cards) >= _LEAST:
            cards.append(Card(deck.name, told, deck.full, deck.score, at=told.start, several=True))
        else:
            cards.append(card_of(told, _inherited(own, _name(child.title)), _name(child.title)))
    return _deck(section, own, cards)


def _of_paragraphs(section: Section, own: list[Paragraph]) -> Deck:
    """A section whose items are paragraphs of its own."""
    first = next(
        (at for at, one in enumerate(own) if at and _opens_item(one, inheriting=_inherited(own[:at], "") is not None)),
        len(own),
    )
    opening = own[:first]
    inheriting = _inherited(opening, "") is not None
    items = [one for one in own[first:] if _opens_item(one, inheriting=inheriting)]
    return _deck(section, opening, [card_of(one, _inherited(opening, _name(one.text))) for one in items])


def _deck(section: Section, opening: Sequence[Paragraph], cards: list[Card]) -> Deck:
    full, score = _own_marks(opening)
    name = topic(section.title)
    kept = [
        card
        for card in cards
        if (card.full or card.score or card.lost or card.worded or card.several) and card.name != name
    ]
    whole = any(card.full and card.full.value == _WHOLE for card in kept)
    gathered = any(pattern("card", "gathered").match(card.name) for card in cards)
    items = 0 if gathered or any(card.several for card in cards) else len(cards)
    return Deck(section, name, full, score, () if whole else _with_rest(kept, opening), items)
