"""The two levels of a change: this year's and last year's, in whatever order a sentence or paragraph tells them."""

import re
from dataclasses import dataclass
from itertools import pairwise

from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue, same_kind
from reviewer.extraction.offline.scopes import FAR, before
from reviewer.lexicon.measures import concept_in, plain
from reviewer.schema import Dimension, Role

_LEVELS = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.PERCENT, Dimension.TIME)
_NO_LEVELS = (Role.TARGET, Role.THRESHOLD, Role.CHANGE, Role.FULL_MARK)
_YEAR = re.compile(r"上年度?|去年|上一年度?|同期|本年度?|今年|当年|(?:19|20)\d\d年度?|比|较|与|和|同|由|从|的")


@dataclass(frozen=True, slots=True)
class Level:
    """A number that may be one year's level of something."""

    mention: Mention
    label: Label | None
    name: str
    """What is measured, without the words that tell the year."""
    year: int | None
    """Its year; None where nothing tells."""
    base: bool
    """Whether its own words compare with it: 比上年的35.10万人次."""


@dataclass(frozen=True, slots=True)
class Pair:
    """(current, base) of one change."""

    current: Mention
    base: Mention


def moves(mention: Mention) -> bool:
    """Whether a number is itself an amount of change: 「增加144人」, 「下降2.1%」."""
    return cue("change", "by").search(plain(mention.words)) is not None


def direction(words: str) -> str | None:
    """down or up, as the words of a change say; None when they leave it to the sign."""
    hits = [(m.start(), name) for name in ("down", "up") for m in cue("change", name).finditer(words)]
    return max(hits)[1] if hits else None


def levels(labels: dict[str, Label], mentions: list[Mention], year: int = 0) -> list[Level]:
    """Those of the mentions that are levels, in the same order."""
    found: list[Level] = []
    for other in mentions:
        label = labels.get(other.quantity.id)
        words = plain(other.words)
        if not other.exact or other.quantity.dimension not in _LEVELS or (label and label.listed) or moves(other):
            continue
        if label and label.role in _NO_LEVELS and not (label.role is Role.CHANGE and cue("change", "to").search(words)):
            continue
        base = cue("change", "compared").search(words) is not None
        found.append(Level(other, label, _YEAR.sub("", plain(other.measure)), _year(words, label, year), base))
    return found


def _year(words: str, label: Label | None, year: int) -> int | None:
    """The year of a level; 0 stands for the report's own where it prints none."""
    if cue("change", "last").search(words):
        return year - 1
    if label and label.period and label.period.isdigit():
        return int(label.period)
    return None if label and label.period else year


def _same_thing(one: Level, other: Level) -> bool:
    """Whether two levels may be one measure's: one kind of number, and no words that set them apart."""
    if not _alike(one, other):
        return False
    if one.label and other.label:
        if one.label.subject != other.label.subject and None not in (one.label.subject, other.label.subject):
            return False
        if one.label.concept and other.label.concept and one.label.concept != other.label.concept:
            return False
        roles = {one.label.role, other.label.role} - {Role.AMOUNT, Role.COUNT, Role.HEADCOUNT}
        if len(roles) > 1:
            return False
    return _same_name(one.name, other.name)


def _same_name(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return (
        not short or long.endswith(short) or long.startswith(short) or bool(cue("change", "no_name").fullmatch(short))
    )


def _between(paragraph: Paragraph, one: Mention, other: Mention) -> str:
    return plain(paragraph.words(one.end, other.start))


def from_to(paragraph: Paragraph, found: list[Level]) -> Pair | None:
    """「由A增加到B」, 「从A降至B」: the two levels nearest before the change."""
    for current, base in pairwise(found):
        start = max(base.mention.sentence_start, base.mention.words_start)
        opened = cue("change", "from").search(paragraph.words(start, base.mention.start))
        if opened and cue("change", "to").search(_between(paragraph, base.mention, current.mention)):
            return Pair(current.mention, base.mention) if _alike(current, base) else None
    return None


def _alike(one: Level, other: Level) -> bool:
    """Whether two levels are of one kind; 「2,258.06元/人次，比上年的2,331.25元」 are."""
    first, second = one.mention.quantity, other.mention.quantity
    units = [(quantity.unit or "").partition("/") for quantity in (first, second)]
    return same_kind(first, second) or (units[0][0] == units[1][0] != "" and "" in (units[0][1], units[1][1]))


def compared(paragraph: Paragraph, change: Mention, found: list[Level]) -> list[Pair]:
    """「B，比上年的A增长X」: the base right before the change, the level before it what it became."""
    if not found or not found[0].base:
        return []
    base = found[0]
    if not cue("change", "moved").match(_between(paragraph, base.mention, change)):
        return []
    named = cue("change", "compared").split(plain(base.mention.words))[0].strip("，,的")
    return [
        Pair(current.mention, base.mention)
        for current in found[1:]
        if not current.base and _alike(current, base) and (not named or _names(named, current))
    ][:1]


def by_year(found: list[Level], year: int) -> list[Pair]:
    """Levels of two years that follow each other, in any order; each of one measure."""
    pairs = []
    for base in found:
        for current in found:
            if base.year is None or current.year != base.year + 1 or current.year > year:
                continue
            if _same_thing(current, base):
                pairs.append(Pair(current.mention, base.mention))
    return pairs


def _names(words: str, level: Level) -> bool:
    """Whether the words before a change name what the level measures."""
    measure = plain(level.mention.measure)
    named = concept_in(words)
    concept = level.label.concept if level.label else None
    if words in measure or measure in words or (named is not None and named.concept.key == concept):
        return True
    return named is None and concept is None and words[:2] in plain(level.mention.words) + plain(level.mention.after)


def pairs(paragraph: Paragraph, labels: dict[str, Label], change: Mention, year: int) -> tuple[list[Pair], bool]:
    """The pairs of levels that the words around a change allow, and whether its own sentence holds them."""
    words = plain(change.words)
    here = levels(labels, before(paragraph, change), year)
    near = bool(cue("change", "bare").match(words))
    if near and (pair := from_to(paragraph, here)) is not None:
        return [pair], True
    if found := compared(paragraph, change, here):
        return found, True
    if here and here[0].base and cue("change", "moved").match(_between(paragraph, here[0].mention, change)):
        # This year's level stands in a sentence before; which of them is not told.
        wide = [level for level in levels(labels, before(paragraph, change, FAR), year) if level not in here]
        return [
            Pair(level.mention, here[0].mention) for level in wide if _alike(level, here[0]) and not level.base
        ], False
    yearly = cue("change", "yearly").search(words)
    name = _YEAR.sub("", words[: yearly.start()]) if yearly else ""
    name = "" if cue("change", "no_name").fullmatch(name) else name
    if not yearly and not near:
        return [], False
    told = [pair for pair in by_year(here, year) if (_named(name, pair, here) if name else _nearest(pair, here))]
    if told:
        return told, True
    if here and not yearly:
        return [], False
    # Last year's level stands in a sentence before; this year's is the nearest in its own, or stands there as well.
    for back in range(1, FAR + 1):
        wide = levels(labels, before(paragraph, change, back), year)
        told = [pair for pair in by_year(wide, year) if not name or _named(name, pair, wide)]
        if here:
            told = [pair for pair in told if pair.current is here[0].mention]
        if told:
            return told, False
    return [], False


def _nearest(pair: Pair, found: list[Level]) -> bool:
    """Whether the level right before a change that names nothing is one of the pair."""
    return found[0].mention in (pair.current, pair.base)


def _named(name: str, pair: Pair, found: list[Level]) -> bool:
    return any(level.mention is pair.current and _names(name, level) for level in found)
