"""Targets of scored items: told beside the result or in the chapter on goals; full marks say that they were met."""

import re
from collections.abc import Sequence
from decimal import Decimal

from reviewer.extraction.offline.bands import pattern
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.cards import HEAD, Card, Deck, card_of
from reviewer.extraction.offline.goal_rows import claim_met
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue, same_kind
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Bound, ClaimKind, Dimension, OperandRole, Source

_MARKS = (Dimension.SCORE, Dimension.NONE)
_ALIKE = Decimal("0.6")
"""So much of an item's name a goal's words must hold to be its goal."""
_NAME = 4
_NEAR = 40
"""Characters before a score in which is told what it goes by."""
_LIMITS = (Bound.AT_LEAST, Bound.AT_MOST, Bound.MORE_THAN, Bound.LESS_THAN, Bound.EXACT)


def _own_target(card: Card) -> Mention | None:
    """The target in an item's own words: 「目标是全年培训460人以上」, 「目标值为不低于92%」."""
    found = [
        m
        for m in card.told.mentions
        if m.quantity.dimension not in _MARKS
        and m.quantity.bound in _LIMITS
        and pattern("card", "aim").search(plain(card.told.words(m.sentence_start, m.start)))
    ]
    return found[0] if found else None


def _reached(card: Card, target: Mention, start: int) -> Mention | None:
    """The one value that an item tells for its target, before its score."""
    limit = card.at if card.at > max(start, card.told.start + HEAD) else card.told.end
    told = [
        m
        for m in card.told.mentions
        if start <= m.start < limit
        and m.exact
        and same_kind(m.quantity, target.quantity)
        and m.quantity.id != target.quantity.id
        and not pattern("card", "no_result").search(plain(m.words))
        and not pattern("card", "no_result_behind").match(plain(m.after))
    ]
    tail = card.name[-3:]
    for kept in (
        [m for m in told if tail in plain(m.words)],
        [m for m in told if pattern("card", "result").search(plain(m.words))],
        told,
    ):
        if len({m.quantity.value for m in kept}) == 1:
            return kept[-1]
        if kept:
            return None
    return None


def _pairs(text: str) -> set[str]:
    letters = re.sub(r"[^\u4e00-\u9fff]+", " ", plain(text))
    return {letters[at : at + 2] for at in range(len(letters) - 1) if " " not in letters[at : at + 2]}


def _goals(source: Source, read: Sequence[Paragraph]) -> list[tuple[Mention, str]]:
    """(number, the words of its clause) of every goal in the chapters that tell what is aimed at."""
    found = []
    for one in read:
        titles = [plain(section.title) for section in source.path_to(one.section)]
        place = any(re.search(load("goals")["place"], title) for title in titles)
        if not place or any(re.search(load("goals")["result_place"], title) for title in titles):
            continue
        for m in one.mentions:
            if m.quantity.dimension in _MARKS or m.quantity.bound not in _LIMITS:
                continue
            before = re.split("[；;。：:，,]", one.words(one.start, m.start))[-1]
            behind = re.split("[；;。：:，,]", one.words(m.end, one.end))[0]
            found.append((m, before + "|" + behind))
    return found


def _set_target(card: Card, goals: Sequence[tuple[Mention, str]]) -> Mention | None:
    """The goal set earlier whose words hold most of an item's name, where only one does."""
    name = _pairs(card.name)
    if len(card.name) < _NAME or not name:
        return None
    alike = [(Decimal(len(name & _pairs(words))) / len(name), goal) for goal, words in goals]
    best = max((share for share, _ in alike), default=Decimal(0))
    kept = [goal for share, goal in alike if share == best]
    return kept[0] if best >= _ALIKE and len(kept) == 1 and kept[0].end < card.told.start else None


def _claim(builder: Builder, card: Card, target: Mention, actual: Mention) -> None:
    if not card.in_full:
        operands = [(OperandRole.ACTUAL, actual.quantity), (OperandRole.TARGET, target.quantity)]
        builder.claim(ClaimKind.TARGET_MET, operands, None, cue=actual.quantity.span, concept="admitted", tied=False)
        return
    marks = [card.score, card.full] if card.score and card.full else []
    money = target.quantity.dimension is Dimension.MONEY and target.quantity.bound is Bound.EXACT
    if not money:
        claim_met(builder, actual.quantity, target.quantity, marks, card.name, lower=_is_lower(card))


def _proportioned(card: Card) -> str:
    """The words by which an item's score goes by what was reached; empty where it does not."""
    told = card.told
    before = plain(told.words(max(told.start, card.at - _NEAR), card.at))
    clauses = (re.split("[。；;]", before)[-1], plain(re.split("[；;]", told.words(card.at, told.end))[0]))
    return next((match.group() for words in clauses if (match := pattern("card", "by_rate").search(words))), "")


def _rate(card: Card) -> Mention | None:
    """The one rate that an item tells of what was reached."""
    rates = [
        m
        for m in card.told.mentions
        if m.exact and m.quantity.dimension is Dimension.PERCENT and not cue("rule", "target").search(plain(m.words))
    ]
    tail = card.name[-3:]
    near = [m for m in rates if pattern("card", "rate_reached").search(plain(m.words)) or tail in plain(m.words)]
    return near[0] if len({m.quantity.value for m in near}) == 1 else None


def _in_proportion(builder: Builder, card: Card, target: Mention | None, actual: Mention | None) -> None:
    """「整改率90.80%，按整改率折算得4.54分」: the rate's share of the full mark, or what was reached of the target.

    「按比例」 alone goes by a rate of completion, else by the target; a rate whose target is not told says nothing.
    """
    words = _proportioned(card)
    if card.full is None or card.score is None or card.in_full or not words:
        return
    if any(c.kind is ClaimKind.SCORE_RULE and c.result == card.score.id for c in builder.claims):
        return
    cap = (OperandRole.CAP, card.full)
    rate = _rate(card)
    if rate and (pattern("card", "of_rate").search(words) or pattern("card", "completion").search(plain(rate.words))):
        builder.claim(ClaimKind.SCORE_RULE, [(OperandRole.ITEM, rate.quantity), cap], card.score, concept="product")
    elif target and actual and target.quantity.bound in (Bound.EXACT, Bound.AT_LEAST) and not _is_lower(card):
        operands = [(OperandRole.ACTUAL, actual.quantity), (OperandRole.TARGET, target.quantity), cap]
        builder.claim(ClaimKind.SCORE_RULE, operands, card.score, concept="part_of_target")


def _is_lower(card: Card) -> bool:
    return re.search(load("reasons")["lower_is_better"], card.name) is not None


def extract_card_targets(builder: Builder, found: Sequence[Deck], read: Sequence[Paragraph]) -> None:
    """Note what full marks and proportional ones say of each item's target."""
    for document in builder.source.documents:
        goals = _goals(builder.source, [one for one in read if one.document == document.id])
        decks = [deck for deck in found if deck.section.span.document == document.id]
        cards = [card for deck in decks for card in deck.cards if not card.several]
        told = [card_of(one) for one in read if one.document == document.id]
        cards += [card for card in told if card.worded and _own_target(card)]
        for card in cards:
            own = _own_target(card)
            target = own or _set_target(card, goals)
            actual = _reached(card, target, own.end if own else card.told.start) if target else None
            _in_proportion(builder, card, target, actual)
            if target and actual:
                _claim(builder, card, target, actual)
