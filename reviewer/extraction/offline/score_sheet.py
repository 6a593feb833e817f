"""The scores of a report's prose in reading order: each with its full mark, alone, or lost."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.score_tables import ScoreTable
from reviewer.lexicon.measures import plain
from reviewer.schema import Role, Section

_PAIR_GAP = 40
"""Characters between a full mark and the score that goes with it."""
_SCORED = re.compile("[，,]?(?:自评|实际)?(?:得分?|实得)[为是:：]?[0-9０-９]")
"""The score right behind a full mark: what stands before the mark is none of it."""
_WHOLE = Decimal(100)
"""The full mark of a whole report: a score beside it is no section's."""


def topic(words: str) -> str:
    """What a heading, a table's label or the words before a mark are about: 履职效能 of 「履职效能部分的分值为」."""
    words = cue("score", "full_mark").sub("", plain(words).lstrip("（("))
    words = cue("score", "topic_opening").sub("", words)
    return cue("score", "topic_end").sub("", words)


@dataclass(frozen=True, slots=True)
class Pair:
    """A score printed beside its full mark: 「满分25分，得分24分」."""

    full: Mention
    score: Mention
    paragraph: Paragraph

    @property
    def section(self) -> Section:
        return self.paragraph.section

    @property
    def name(self) -> str:
        """What the words before it call it; empty where they only say 本部分."""
        first = min(self.full, self.score, key=lambda mention: mention.start)
        words = cue("score", "full_mark").sub("", plain(first.words).lstrip("（("))
        return "" if cue("score", "own").match(words) else topic(words)

    def says_again(self, head: "Pair") -> bool:
        """Whether it restates the section's own score: 「本指标满分25分，自评得24分」."""
        words = plain(self.paragraph.words(self.full.sentence_start, self.score.start))
        same = self.section.id == head.section.id and self.full.quantity.value == head.full.quantity.value
        return same and (cue("score", "again").search(words) is not None or self._names(head))

    def _names(self, head: "Pair") -> bool:
        """「自评得分：决策类满分20分，……自评18分」 below the heading 「1、项目决策情况。（满分20分，得分18分）」."""
        return self is not head and bool(self.name) and self.name in topic(self.section.title)


@dataclass(slots=True)
class ScoreSheet:
    """Every score and full mark of the report's prose, in reading order."""

    pairs: list[Pair] = field(default_factory=list)
    scores: list[tuple[Label, Paragraph]] = field(default_factory=list)
    """Scores without a full mark beside them."""
    marks: list[tuple[Mention, Paragraph]] = field(default_factory=list)
    """Full marks without a score beside them."""
    lost: list[tuple[Label, Paragraph]] = field(default_factory=list)
    """Marks lost: 失分, 扣分."""
    tables: list[ScoreTable] = field(default_factory=list)

    def add(self, paragraph: Paragraph, labels: dict[str, Label]) -> None:
        """Note a paragraph's scores."""
        full: Mention | None = None
        for mention in paragraph.mentions:
            label = labels.get(mention.quantity.id)
            if label is not None and label.listed:
                continue  # 「得分分别为18分、29分」: whose each is, is not told beside it
            role = label.role if label else None
            if label is not None and role is Role.LOST_MARK:
                self.lost.append((label, paragraph))
            if role is Role.FULL_MARK:
                if full is not None:
                    self.marks.append((full, paragraph))
                full = None if self._completes(paragraph, mention) else mention
            elif label is not None and role is Role.SCORE:
                parted = not is_whole(mention) and full is not None and full.quantity.value != _WHOLE
                if full is not None and parted and _near(paragraph, full, mention):
                    self.pairs.append(Pair(full, mention, paragraph))
                else:
                    self.scores.append((label, paragraph))
                    if full is not None:
                        self.marks.append((full, paragraph))
                full = None
        if full is not None:
            self.marks.append((full, paragraph))

    def _completes(self, paragraph: Paragraph, full: Mention) -> bool:
        """「得分24分（满分25分）」: the full mark behind its score."""
        if not self.scores or self.scores[-1][1] is not paragraph:
            return False
        score = self.scores[-1][0].mention
        between = plain(paragraph.words(score.end, full.start))
        behind = plain(paragraph.rest_of_sentence(full))
        if not cue("score", "mark_behind").match(between) or (between[0] in "，," and _SCORED.match(behind)):
            return False
        self.scores.pop()
        self.pairs.append(Pair(full, score, paragraph))
        return True

    def complete(self) -> None:
        """Join a mark printed behind an item's name with the only score told of it: 「1.合格率（6分）。……得6分。」."""
        for mark, paragraph in list(self.marks):
            before = plain(paragraph.words(paragraph.start, mark.start))
            alone = sum(other.section.id == paragraph.section.id for _, other in self.marks) == 1
            opens = cue("score", "item_mark").fullmatch(before) is not None
            named = before.endswith(("（", "(")) or mark.start < paragraph.section.body or opens
            later = [
                (label, other)
                for label, other in self.scores
                if _together(paragraph, other, alone) and label.mention.start > mark.end
            ]
            others = [m for m, other in self.marks if _together(paragraph, other, alone) and m is not mark]
            paired = any(_together(paragraph, pair.paragraph, alone) for pair in self.pairs)
            if named and len(later) == 1 and not others and not paired and not is_whole(later[0][0].mention):
                self.scores.remove(later[0])
                self.marks.remove((mark, paragraph))
                self.pairs.append(Pair(mark, later[0][0].mention, later[0][1]))
        self.pairs.sort(key=lambda pair: (pair.score.quantity.span.document, pair.score.start))

    @property
    def firsts(self) -> list[Pair]:
        """One pair a section, the first."""
        firsts: dict[str, Pair] = {}
        for pair in self.pairs:
            firsts.setdefault(pair.section.id, pair)
        return list(firsts.values())

    @property
    def heads(self) -> list[Pair]:
        """The pairs that are their sections' own scores: the first of the section, unless it is one of a list.

        「产出满分50分，得48分；效益满分30分，得30分」 is a list: the next pair stands in the same sentence, or the
        first names something else than the section.
        """
        heads: list[Pair] = []
        for section, group in groupby(self.pairs, key=lambda pair: pair.section.id):
            first, *rest = group
            listed = bool(rest) and rest[0].full.sentence_start == first.full.sentence_start
            if not any(head.section.id == section for head in heads) and _is_own(first) and not listed:
                heads.append(first)
        return heads


def _together(one: Paragraph, other: Paragraph, alone: bool) -> bool:
    """Whether two paragraphs are of one item: of one section, or where that marks several items, the same one."""
    return one.section.id == other.section.id if alone else one is other


def is_whole(score: Mention) -> bool:
    """Whether the words say that the score is the whole report's: 「满分100分，……自评总分93.5分」."""
    return cue("score", "strong_total").search(plain(score.words)) is not None


def _near(paragraph: Paragraph, full: Mention, score: Mention) -> bool:
    between = paragraph.words(full.end, score.start)
    return len(between) <= _PAIR_GAP and not re.search(r"[。！？\n]", between)


def _is_own(pair: Pair) -> bool:
    """Whether a pair's words name nothing but its section, so that it may be the section's own score."""
    title = topic(pair.section.title)
    return not pair.name or (bool(title) and (pair.name in title or title in pair.name))
