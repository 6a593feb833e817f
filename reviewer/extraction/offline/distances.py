"""How far two numbers lie apart: 「控制价215.8万元，中标187.36万元，节约28.44万元」, in whatever words and order.

A distance is known by its word, its two levels by their place: the nearest numbers of its unit in its sentence. Which
of them was planned or came first is told by the words beside each; where nothing tells, only the size is claimed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, same_kind
from reviewer.extraction.offline.roles import in_a_rule
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Bound, ClaimKind, Closure, Dimension, Operand, OperandRole, OperandSet

_LEVELS = (
    Dimension.MONEY,
    Dimension.COUNT,
    Dimension.MEASURE,
    Dimension.TIME,
    Dimension.SCORE,
    Dimension.PERCENT,
)
_LIMITS = (Bound.EXACT, Bound.AT_LEAST, Bound.AT_MOST)
_MOTION = ("down", "up", "moved")
_CLASSES = ("under", "over", "apart", "down", "up", "moved", "left")
_TOWARDS = {"under": "down", "over": "up", "down": "down", "up": "up", "left": "down"}
_MOST = 5
"""So many numbers of one unit in a sentence are a list, and no two of them the levels."""
_YEARS = re.compile(r"(?:19|20)\d\d(?=年)")


@cache
def _pattern(group: str, name: str) -> re.Pattern[str]:
    return re.compile(load("distances")[group][name])


@cache
def _tails() -> dict[str, re.Pattern[str]]:
    words = load("distances")["word"]
    ending = r"(?:[（(][^）)]{0,12}[）)])?[:：]?$"
    behind = {name: words["moved_behind" if name in _MOTION else "behind"] for name in _CLASSES}
    return {name: re.compile(f"(?:{words[name]}){behind[name]}{ending}") for name in _CLASSES}


@dataclass(frozen=True, slots=True)
class _Word:
    """The word of distance before a number: its class, where in the words it stands, and its words."""

    kind: str
    at: int
    words: str


def _word(mention: Mention) -> _Word | None:
    words = plain(mention.words)
    if _pattern("word", "still").search(words) and _pattern("word", "missing").match(plain(mention.after)):
        return _Word("left", len(words), words)
    hits = [(_last(_tails()[name], words), name) for name in _CLASSES]
    at, kind = max(hits)
    if at < 0 or _pattern("word", "not").search(words) or _pattern("word", "to_limit").match(plain(mention.after)):
        return None
    return _Word(kind, at, words)


def _last(pattern: re.Pattern[str], words: str) -> int:
    """Where the last word of a class begins; the tail behind it may be searched from any start."""
    return max((at for at in range(len(words)) if pattern.match(words, at)), default=-1)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two neighbouring levels: which is the base, and how firmly the words say so."""

    current: Mention
    base: Mention
    known: str | None
    """path (由…到…), years, year (one of two is told), plan, half, compared; None where nothing tells the order."""


def _near(paragraph: Paragraph, mention: Mention) -> str:
    """The words since the number before, in the sentence."""
    ends = [other.end for other in paragraph.mentions if mention.sentence_start <= other.end <= mention.start]
    return plain(paragraph.words(max([mention.sentence_start, *ends]), mention.start))


def _rank(near: str) -> int | None:
    """The place in time that the words beside a level give it."""
    if years := _YEARS.findall(near):
        return int(years[-1]) * 2
    hits = [(m.start(), n) for n, name in enumerate(("before", "now")) for m in _pattern("level", name).finditer(near)]
    return max(hits)[1] if hits else None


def _dated(words: str) -> bool:
    return _rank(plain(words)) is not None


def _by_years(first: str, second: str) -> int:
    """-1 when the first is the earlier, 1 when the later, 0 when nothing tells."""
    one, other = _rank(first), _rank(second)
    if one is None and other is None:
        return 0
    if one is None or other is None:
        # Last year's stands out; a year alone beside a number without one says nothing.
        return -1 if one == 0 else 1 if other == 0 else 0
    if (one > 1) != (other > 1):
        return -1 if one == 0 or other == 1 else 1 if other == 0 or one == 1 else 0
    return (one > other) - (one < other)


def _plan(near: str) -> int:
    """1 for what was planned or needed, -1 for what was reached, 0 where nothing tells."""
    sides = (("reached", -1), ("planned", 1), ("done", -1))
    return next((side for name, side in sides if _pattern("level", name).search(near)), 0)


def _ordered(paragraph: Paragraph, first: Mention, second: Mention, kind: str) -> _Pair:
    """The pair with the base told apart; `first` stands before `second`."""
    one, other = _near(paragraph, first), _near(paragraph, second)
    if not _dated(other) and _dated(second.after):
        other += plain(second.after)
    if not _dated(one) and _dated(first.after):
        one += plain(first.after)
    opened = _pattern("level", "from").search(one)
    if opened and _pattern("level", "to").search(other):
        return _Pair(second, first, "path")
    by_year = _by_years(one, other)
    if by_year:
        known = "years" if None not in (_rank(one), _rank(other)) else "year"
        return _Pair(second, first, known) if by_year < 0 else _Pair(first, second, known)
    plan = _plan(one) - _plan(other)
    if plan and kind not in _MOTION:
        known = "plan" if abs(plan) > 1 else "half"
        return _Pair(second, first, known) if plan > 0 else _Pair(first, second, known)
    if _pattern("level", "compared").search(other):
        return _Pair(first, second, "compared")
    return _Pair(second, first, None)


def _flows(mention: Mention) -> bool:
    return _pattern("level", "flow").search(plain(mention.words)) is not None


def _is_level(mention: Mention, labels: dict[str, Label]) -> bool:
    label = labels.get(mention.quantity.id)
    return (
        mention.quantity.bound in _LIMITS
        and mention.quantity.dimension in _LEVELS
        and not (label is not None and label.listed)
    )


def _of_kind(change: Mention, other: Mention) -> bool:
    if change.quantity.dimension is Dimension.POINT:
        return other.quantity.dimension is Dimension.PERCENT
    if change.quantity.dimension is Dimension.PERCENT:
        return other.quantity.dimension is not Dimension.PERCENT
    if change.quantity.dimension is Dimension.TIME:
        return other.quantity.unit == change.quantity.unit
    return same_kind(change.quantity, other.quantity)


def _levels(paragraph: Paragraph, labels: dict[str, Label], change: Mention, kind: str) -> list[Mention]:
    """Numbers that may be levels of the distance, in the order of the text."""
    here = [
        other
        for other in paragraph.mentions
        if other is not change
        and other.sentence_start == change.sentence_start
        and _is_level(other, labels)
        and _of_kind(change, other)
        and (kind == "left" or (_word(other) is None and not _flows(other)))
    ]
    before = [other for other in here if other.start < change.start]
    if len(before) >= 2:
        return before
    return here if len(here) == 2 else _with_sentence_before(paragraph, labels, change, before)


def _with_sentence_before(
    paragraph: Paragraph, labels: dict[str, Label], change: Mention, here: list[Mention]
) -> list[Mention]:
    earlier = [other for other in paragraph.mentions if other.sentence_start < change.sentence_start]
    if not earlier:
        return here
    last = earlier[-1].sentence_start
    told = [
        other
        for other in earlier
        if other.sentence_start == last and _is_level(other, labels) and _of_kind(change, other) and not _word(other)
    ]
    return [*told, *here]


def _pairs(paragraph: Paragraph, change: Mention, found: Sequence[Mention], kind: str) -> list[_Pair]:
    """Neighbouring levels of one unit; those alone whose order the words tell, where there are such."""
    pairs = [
        _ordered(paragraph, one, other, kind)
        for one, other in pairwise(found)
        if same_kind(one.quantity, other.quantity)
        and one.quantity.unit == other.quantity.unit
        and not _pattern("level", "breaks").search(_near(paragraph, other))
    ]
    strong = [pair for pair in pairs if pair.known in ("path", "years")]
    return strong if len(strong) == 1 and kind in _MOTION else pairs


def _own_thing(word: _Word, change: Mention, pair: _Pair) -> bool:
    """Whether the words before a distance name nothing, or what its levels name: not some other thing."""
    before = word.words[: word.at]
    rest = _pattern("level", "idle").sub("", before)
    if len(rest) < 2:
        return True
    told = "".join(plain(m.words) + plain(m.after) + m.measure for m in (pair.current, pair.base))
    return any(rest[n : n + 2] in told for n in range(len(rest) - 1))


def _base_told(word: _Word, paragraph: Paragraph, pair: _Pair) -> bool:
    """Whether the level a distance says it is measured from (比上年, 较计划) is one of the pair."""
    if _pattern("level", "than_year").search(word.words):
        later = _near(paragraph, pair.current)
        adjusted = pair.known == "path" and _pattern("level", "adjusted").search(later)
        return pair.known in ("years", "year", "compared", "path") and not adjusted
    if _pattern("level", "than_plan").search(word.words[: word.at] + word.words[word.at :]):
        return pair.known == "plan" or _plan(_near(paragraph, pair.base)) > 0
    return True


def _firm(paragraph: Paragraph, change: Mention, word: _Word, pairs: list[_Pair], found: list[Mention]) -> bool:
    """Whether the words leave no doubt that these are its two levels."""
    if len(pairs) != 1 or (word.kind == "left" and not _pattern("word", "still").search(word.words)):
        return False
    pair = pairs[0]
    levels = sorted((pair.current, pair.base), key=lambda level: level.start)
    if any(level.sentence_start != change.sentence_start for level in levels) or levels[1].start > change.start:
        return False
    # Nothing of its unit may stand nearer, nor another distance share the gap with it.
    between = [m for m in found if levels[1].start < m.start < change.start]
    shared = [
        m
        for m in paragraph.mentions
        if m is not change
        and m.sentence_start == change.sentence_start
        and same_kind(m.quantity, change.quantity)
        and m.start > levels[1].start
        and _word(m) is not None
    ]
    # Rates in 元 and what they cost in 万元: a distance is not told in a larger unit than its levels.
    scales = [m.quantity.scale or 1 for m in (change, pair.base)]
    if change.quantity.dimension is Dimension.MONEY and scales[0] > scales[1]:
        return False
    if between or shared or (len(found) > 2 and pair.known not in ("path", "years")):
        return False
    if not _own_thing(word, change, pair) or not _base_told(word, paragraph, pair):
        return False
    if pair.known is None:
        # What is still missing of a number is missing to the one before it.
        return word.kind == "left" or (bool(_pattern("level", "both").search(word.words)) and len(found) == 2)
    return pair.known in ("path", "years", "year", "compared") or word.kind not in _MOTION


def _tells(change: Mention) -> bool:
    """Whether a number is printed as it is, or behind a word that a limit could have as well: 「超出48元」."""
    beyond = change.quantity.bound is Bound.MORE_THAN and _pattern("word", "beyond").search(plain(change.words))
    return change.exact or bool(beyond)


def extract_distances(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """Note every distance whose two levels stand beside it."""
    for change in paragraph.mentions:
        if not _tells(change) or change.quantity.dimension is Dimension.NONE or in_a_rule(paragraph, change):
            continue
        word = _word(change)
        percent = change.quantity.dimension is Dimension.PERCENT
        if word is None or (percent and word.kind in ("apart", "left", "under", "over") and not _more(word)):
            continue
        found = _levels(paragraph, labels, change, word.kind)
        if not 2 <= len(found) <= _MOST:
            continue
        pairs = _pairs(paragraph, change, found, word.kind)
        if not pairs:
            continue
        sets = [_operands(pair) for pair in pairs]
        towards = _TOWARDS.get(word.kind)
        builder.claim(
            ClaimKind.CHANGE if percent else ClaimKind.DIFFERENCE,
            sets[0],
            change.quantity,
            cue=builder.span(paragraph.document, change.words_start, change.start),
            stated_text=towards if pairs[0].known else None,
            concept="distance",
            closure=Closure.COMPLETE if _firm(paragraph, change, word, pairs, found) else Closure.LISTED,
            tied=len(pairs) == 1 and pairs[0].known not in (None, "half"),
            alternatives=tuple(OperandSet(label="", operands=one, permitted=True) for one in sets[1:]),
        )


def _more(word: _Word) -> bool:
    """「多了25%」, 「高出25%」 of two amounts is a rate of change; 「节约率」 is another rate."""
    return re.search("[多少高低](?:了|出)?$", word.words) is not None


def _operands(pair: _Pair) -> tuple[Operand, Operand]:
    return (
        Operand(role=OperandRole.CURRENT, quantity=pair.current.quantity.id),
        Operand(role=OperandRole.BASE, quantity=pair.base.quantity.id),
    )
