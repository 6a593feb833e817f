"""What cards of scored items claim: no score above its mark, items that make up their section, targets met in full."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reviewer.extraction.offline.bands import pattern
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.cards import Card, Deck, decks
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mark_windows import Kind, Mark, marks_of
from reviewer.extraction.offline.mentions import Paragraph
from reviewer.extraction.offline.score_sheet import ScoreSheet, topic
from reviewer.extraction.offline.score_tables import ScoreTable
from reviewer.lexicon.measures import plain
from reviewer.policies import Policy
from reviewer.schema import ClaimKind, Closure, Operand, OperandRole, Quantity, Role

_PART, _TAKEN = OperandRole.PART, OperandRole.SUBTRAHEND


@dataclass(frozen=True, slots=True)
class Told:
    """A mark told of something by its name: 「产出指标得49分」; `quantity` is None for 「满意度指标得满分」."""

    name: str
    kind: Kind
    quantity: Quantity | None
    paragraph: Paragraph
    at: int
    mark: Mark | None = None


_ROLES = {Role.FULL_MARK: Kind.FULL, Role.SCORE: Kind.SCORE, Role.LOST_MARK: Kind.LOST}


def _named(clause: str) -> str:
    """The name before a mark, without the words of marks and what leads up to a list."""
    words = pattern("card", "mark_words").sub("", clause.lstrip("）)"))
    return topic(pattern("card", "led").split(words)[-1])


def told_marks(read: Sequence[Paragraph], labels: dict[str, Label]) -> list[Told]:
    """Every mark of the prose with the name before it; a score behind its full mark bears the same name."""
    found: list[Told] = []
    for one in read:
        here: list[Told] = []
        before: Mark | None = None
        for mark in marks_of(one):
            label = labels.get(mark.quantity.id)
            kind = _ROLES.get(label.role, mark.kind) if label else mark.kind
            name = _named(mark.clause)
            if not name and here and before is not None and kind is Kind.SCORE and here[-1].kind is Kind.FULL:
                name = here[-1].name
            if not name and kind is Kind.FULL and mark.mention.start > one.start:
                name = _named(
                    re.split(
                        "[，,；;。：:]", plain(one.words(mark.mention.sentence_start, mark.mention.start)).rstrip("（(")
                    )[-1].split("（")[0]
                )
            here.append(Told(name, kind, mark.quantity, one, mark.mention.start, mark))
            before = mark
        for match in pattern("card", "named_full").finditer(one.text):
            if name := topic(plain(match["name"])):
                here.append(Told(name, Kind.SCORE, None, one, one.start + match.start()))
        found += sorted(here, key=lambda told: told.at)
    return found


def _unique(told: Sequence[Told], name: str, kind: Kind) -> Quantity | None:
    """The one mark of a kind told of a name; None where there is none, or several that differ."""
    values = {
        one.quantity.value: one.quantity for one in told if one.name == name and one.kind is kind and one.quantity
    }
    return next(iter(values.values())) if len(values) == 1 else None


def _is_full(told: Sequence[Told], name: str) -> bool:
    return any(one.name == name and one.kind is Kind.SCORE and one.quantity is None for one in told)


def _operand(role: OperandRole, quantity: Quantity) -> Operand:
    return Operand(role=role, quantity=quantity.id)


def _sum(
    builder: Builder, fulls: Sequence[Quantity], whole: Operand, parts: Sequence[Operand], total: Quantity
) -> None:
    """The scores make up the total, provided that the full marks make up the total's."""
    given = {(part.role, part.quantity) for part in parts}
    for claim in builder.claims:
        same = claim.kind is ClaimKind.SCORE_TOTAL and claim.result == total.id
        if same and claim.requires and {(o.role, o.quantity) for o in claim.operands} == given:
            return
    operands = [*(_operand(_PART, full) for full in fulls), whole]
    marks = builder.claim(ClaimKind.SCORE_TOTAL, operands, None, cue=fulls[0].span, concept="full_mark")
    builder.claim(ClaimKind.SCORE_TOTAL, parts, total, concept="score", requires=marks.id)


def _got(card: Card) -> list[Operand]:
    """What an item contributes: its score, or its full mark less what it lost."""
    if card.score is not None:
        return [_operand(_PART, card.score)]
    assert card.full is not None
    return [_operand(_PART, card.full), *(_operand(_TAKEN, lost) for lost in card.lost)]


def _deck_adds_up(builder: Builder, deck: Deck, told: Sequence[Told]) -> None:
    outside = [one for one in told if not deck.section.span.start <= one.at < max(card.told.end for card in deck.cards)]
    full = deck.full or (_unique(outside, deck.name, Kind.FULL) if deck.name else None)
    score = deck.score or (_unique(outside, deck.name, Kind.SCORE) if deck.name else None)
    if score is None and deck.name and _is_full(outside, deck.name):
        score = full
    fulls = [card.full for card in deck.cards if card.full]
    only = deck.cards[0].score if len(deck.cards) == deck.items == 1 else None
    if only and score and full and fulls and fulls[0].value == full.value:
        # A section of one item: its score is the item's.
        item = [(OperandRole.ITEM, score)]
        builder.claim(ClaimKind.RESTATEMENT, item, only, concept="item_score", tied=False)
    if full is None or score is None or not deck.complete:
        return
    _sum(builder, fulls, _operand(OperandRole.WHOLE, full), [o for card in deck.cards for o in _got(card)], score)


def _caps(builder: Builder, deck: Deck) -> None:
    known = {c.result for c in builder.claims if c.kind is ClaimKind.SCORE_CAP}
    for card in deck.cards:
        if card.full and card.score and card.score.id != card.full.id and card.score.id not in known:
            operands = [_operand(OperandRole.ITEM, card.score), _operand(OperandRole.CAP, card.full)]
            builder.claim(ClaimKind.SCORE_CAP, operands, card.score)


def _parts_of_total(told: Sequence[Told], total: Told) -> list[Told]:
    """The named scores listed behind a total, or before it, in its sentence or the next one."""
    here = [one for one in told if one.paragraph is total.paragraph]
    at = here.index(total)
    behind: list[Told] = []
    for one in here[at + 1 :]:
        gap = total.paragraph.words(total.mark.mention.end if total.mark else total.at, one.at)
        if len(re.findall("[。！？]", gap)) > 1 or (one.mark is not None and one.mark.total):
            break
        if one.kind is Kind.SCORE and one.name:
            behind.append(one)
    return behind


def _totals_add_up(builder: Builder, told: Sequence[Told], policy: Policy) -> None:
    """「总得分97.5分。其中执行率得9.5分，产出得49分，效益得29分，满意度得满分」, the full marks told elsewhere."""
    for total in told:
        mark = total.mark
        if total.kind is not Kind.SCORE or mark is None or not mark.total or mark.value < policy.full_mark / 2:
            continue
        if pattern("sums", "foreign").search(mark.clause):
            continue
        parts = _parts_of_total(told, total)
        fulls = [_unique(told, part.name, Kind.FULL) for part in parts]
        if len(parts) < 2 or len({part.name for part in parts}) < len(parts) or None in fulls:
            continue
        whole = Operand(role=OperandRole.WHOLE, value=policy.full_mark, source=f"{policy.name}:full_mark")
        scores = [part.quantity or full for part, full in zip(parts, fulls, strict=True)]
        kept = [full for full in fulls if full]
        _sum(builder, kept, whole, [_operand(_PART, score) for score in scores if score], mark.quantity)


def _of_tables(builder: Builder, tables: Sequence[ScoreTable], told: Sequence[Told]) -> None:
    """「产出指标得49.55分」 below a table that scores its items, where the prose prints no full mark."""
    known = {c.result for c in builder.claims if c.kind is ClaimKind.SCORE_TOTAL}
    for table in tables:
        for group in table.groups:
            score = _unique(told, topic(group.name), Kind.SCORE) if group.name else None
            if score is None or score.id in known or len(group.items) < 2:
                continue
            parts = [(_PART, item.score) for item in group.items]
            builder.claim(ClaimKind.SCORE_TOTAL, parts, score, concept="score", closure=Closure.LISTED)


def extract_cards(
    builder: Builder,
    read: Sequence[Paragraph],
    labels: dict[str, Label],
    sheets: dict[str, ScoreSheet],
    policy: Policy,
) -> list[Deck]:
    """Note what the scored items of the prose claim; returns them for the rules that go on from there."""
    found = decks(builder.source, read)
    for document in builder.source.documents:
        here = [one for one in read if one.document == document.id]
        told = told_marks(here, labels)
        for deck in found:
            if deck.section.span.document == document.id:
                _caps(builder, deck)
                _deck_adds_up(builder, deck, told)
        _totals_add_up(builder, told, policy)
        _of_tables(builder, sheets[document.id].tables, told)
    return found
