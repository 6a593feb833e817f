"""Numbers of one kind in a paragraph, in order, with what is said between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reviewer.extraction.offline.mentions import Mention, bracket_depth, same_kind
from reviewer.extraction.offline.sums.lists import FULL_STOP, Lists
from reviewer.lexicon import load
from reviewer.schema import Bound, Dimension, Role

_KINDS = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.SCORE)
PERSONS = ("人", "名", "个")
"""Posts and people are counted in any of these units."""


@cache
def words(group: str, name: str) -> re.Pattern[str]:
    """A compiled pattern of the lexicon's windows."""
    return re.compile(load("windows")[group][name])


@dataclass(frozen=True, slots=True)
class Line:
    """The exact numbers of one kind outside brackets."""

    lists: Lists
    mentions: tuple[Mention, ...]

    def lead(self, mention: Mention) -> str:
        """What is said since the number before, of any kind, or since the beginning of the sentence."""
        paragraph = self.lists.paragraph
        before = [m.end for m in paragraph.mentions if m.end <= mention.start]
        return paragraph.words(max([mention.sentence_start, paragraph.start, *before]), mention.start)

    def since(self, mention: Mention) -> str:
        """What is said since the number of this kind before, or since the beginning of the sentence."""
        before = [m.end for m in self.mentions if m.end <= mention.start]
        paragraph = self.lists.paragraph
        return paragraph.words(max([mention.sentence_start, paragraph.start, *before]), mention.start)

    def gap(self, one: Mention, other: Mention) -> str:
        return self.lists.paragraph.words(one.end, other.start)

    def stops(self, one: Mention, other: Mention) -> int:
        """Full stops between two numbers."""
        return len(FULL_STOP.findall(self.gap(one, other)))


def lines(lists: Lists, *, changes: bool = False) -> Iterator[Line]:
    """The paragraph's numbers by what they count; those in brackets explain others and are left out.

    `changes`: what was added to a level or taken from it counts as well.
    """
    paragraph = lists.paragraph
    groups: list[list[Mention]] = []
    for mention in paragraph.mentions:
        label = lists.label(mention)
        left_out = (Role.RATE, Role.SHARE) if changes else (Role.RATE, Role.SHARE, Role.CHANGE)
        if mention.quantity.dimension not in _KINDS or mention.quantity.bound is not Bound.EXACT:
            continue
        if label is not None and label.role in left_out:
            continue
        if bracket_depth(paragraph.words(paragraph.start, mention.start)) != 0:
            continue
        group = next((g for g in groups if same_kind(g[0].quantity, mention.quantity)), None)
        if group is None:
            groups.append([mention])
        else:
            group.append(mention)
    for group in groups:
        yield Line(lists, tuple(group))
