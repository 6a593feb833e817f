"""Scores: each against its full mark, items against their section, sections against the total, and the grade."""

import re
from dataclasses import dataclass, field
from itertools import groupby

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label, is_inside
from reviewer.extraction.offline.mentions import OPENING, Mention, Paragraph, cue
from reviewer.extraction.offline.scales import Band, own_scale
from reviewer.extraction.offline.score_tables import ScoreTable
from reviewer.lexicon.measures import plain
from reviewer.policies import Policy
from reviewer.schema import (
    ClaimKind,
    Closure,
    Dimension,
    Operand,
    OperandRole,
    Quantity,
    Role,
    Section,
)

_PAIR_GAP = 40
"""Characters between a full mark and the score that goes with it."""
_TITLES_UP = 2
"""How far up the outline a title still says that a section concludes the report."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A score printed beside its full mark: 「满分25分，得分24分」."""

    full: Mention
    score: Mention
    paragraph: Paragraph

    @property
    def section(self) -> Section:
        return self.paragraph.section

    def says_again(self, head: "Pair") -> bool:
        """Whether it restates the section's own score: 「本指标满分25分，自评得24分」."""
        words = plain(self.paragraph.words(self.full.sentence_start, self.score.start))
        same = self.section.id == head.section.id and self.full.quantity.value == head.full.quantity.value
        return same and cue("score", "again").search(words) is not None


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
                if full is not None and _near(paragraph, full, mention) and not _is_whole(mention):
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
        if not cue("score", "mark_behind").match(between):
            return False
        self.scores.pop()
        self.pairs.append(Pair(full, score, paragraph))
        return True


def _is_whole(score: Mention) -> bool:
    """Whether the words say that the score is the whole report's: 「满分100分，……自评总分93.5分」."""
    return cue("score", "strong_total").search(plain(score.words)) is not None


def _near(paragraph: Paragraph, full: Mention, score: Mention) -> bool:
    between = paragraph.words(full.end, score.start)
    return len(between) <= _PAIR_GAP and not re.search(r"[。！？\n]", between)


def _is_own(pair: Pair) -> bool:
    """Whether a pair's words name nothing but its section, so that it may be the section's own score."""
    words = plain(pair.full.words).lstrip("（(")
    name = cue("score", "full_mark").sub("", words)
    title = plain(pair.section.title)
    return cue("score", "own").match(name) is not None or (bool(title) and (name in title or title in name))


def _heads(sheet: ScoreSheet) -> list[Pair]:
    """The pairs that are their sections' own scores: the first of the section, unless it is one of a list.

    「产出满分50分，得48分；效益满分30分，得30分」 is a list: the next pair stands in the same sentence, or the first
    names something else than the section.
    """
    heads: list[Pair] = []
    for section, group in groupby(sheet.pairs, key=lambda pair: pair.section.id):
        first, *rest = group
        listed = bool(rest) and rest[0].full.sentence_start == first.full.sentence_start
        if not any(head.section.id == section for head in heads) and _is_own(first) and not listed:
            heads.append(first)
    return heads


def _firsts(sheet: ScoreSheet) -> list[Pair]:
    """One pair a section, the first."""
    firsts: dict[str, Pair] = {}
    for pair in sheet.pairs:
        firsts.setdefault(pair.section.id, pair)
    return list(firsts.values())


def _cap(builder: Builder, score: Quantity, cap: Operand, concept: str | None = None) -> None:
    item = Operand(role=OperandRole.ITEM, quantity=score.id)
    builder.claim(ClaimKind.SCORE_CAP, [item, cap], score, concept=concept)


def _adds_up(builder: Builder, items: list[Pair], total: Quantity, whole: Operand) -> None:
    """The scores make up the total, provided that the full marks beside them make up the total's full mark."""
    operands = (*(Operand(role=OperandRole.PART, quantity=item.full.quantity.id) for item in items), whole)
    marks = next((claim for claim in builder.claims if claim.operands == operands), None) or builder.claim(
        ClaimKind.SCORE_TOTAL, operands, None, cue=items[0].full.quantity.span, concept="full_mark"
    )
    builder.claim(
        ClaimKind.SCORE_TOTAL,
        [(OperandRole.PART, item.score.quantity) for item in items],
        total,
        concept="score",
        requires=marks.id,
    )


def _items(builder: Builder, sheet: ScoreSheet, heads: list[Pair], totals: set[str]) -> None:
    """What is listed under a section's own score adds up to it."""
    for head in heads:
        inside = [
            pair
            for pair in sheet.pairs
            if pair.score.start > head.score.start
            and is_inside(builder.source, pair.section, head.section)
            and not any(pair is not own and pair.says_again(own) for own in heads)
        ]
        year = builder.source.document(head.paragraph.document).year
        scores = [
            label.mention
            for label, paragraph in sheet.scores
            if label.mention.start > head.score.start
            and is_inside(builder.source, paragraph.section, head.section)
            and label.mention.quantity.id not in totals
            and label.period in (None, str(year))
        ]
        if len(inside) > 1:
            whole = Operand(role=OperandRole.WHOLE, quantity=head.full.quantity.id)
            _adds_up(builder, inside, head.score.quantity, whole)
        elif len(scores) > 1 and not inside:
            builder.claim(
                ClaimKind.SCORE_TOTAL,
                [(OperandRole.PART, mention.quantity) for mention in scores],
                head.score.quantity,
                concept="score",
                closure=Closure.LISTED,
            )


@dataclass(frozen=True, slots=True)
class Total:
    """A score that is the whole report's."""

    mention: Mention
    paragraph: Paragraph
    period: str | None
    whose: str | None
    """The project it is of, or the scorer when that is not the unit itself."""


def _totals(builder: Builder, sheet: ScoreSheet, heads: list[Pair]) -> list[Total]:
    """Lone scores that are the whole report's: their words mean the whole, and a conclusion or a grade is near."""
    found: list[Total] = []
    concluded: set[str] = set()
    for label, paragraph in sheet.scores:
        mention = label.mention
        unit = builder.source.document(paragraph.document).unit
        words = re.sub(r"(?:19|20)\d\d年度?", "", plain(mention.words)).replace(unit or "\0", "")
        words = cue("clause", "opening").sub("", words)
        inside = any(is_inside(builder.source, paragraph.section, head.section) for head in heads)
        if not cue("score", "total").match(words) or (inside and not _is_whole(mention)):
            continue
        titles = [section.title for section in builder.source.path_to(paragraph.section)[:_TITLES_UP]]
        said = _is_whole(mention) or cue("score", "grade_near").search(paragraph.rest_of_sentence(mention))
        concluding = any(cue("score", "conclusion").search(title) for title in titles)
        if said or (concluding and paragraph.section.id not in concluded):
            scorer = cue("score", "scorer").search(paragraph.words(mention.sentence_start, mention.start))
            whose = scorer.group() if scorer else label.subject
            found.append(Total(mention, paragraph, label.period, whose))
            concluded.add(paragraph.section.id)
    return found


def _grade(builder: Builder, paragraph: Paragraph, total: Mention, policy: Policy) -> None:
    """The grade named right behind a total fits the report's own scale, or the policy's where it prints none."""
    bands = own_scale(builder.source, paragraph.document)
    words = {band.word: band for band in bands} if bands else _policy_bands(policy)
    names = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    pattern = rf"{cue('score', 'grade').pattern}({names})(?=[”\"。，；）)]|等|档|级|$)"
    match = re.match(pattern, paragraph.rest_of_sentence(total))
    if match is None or cue("period", "previous").search(match.group()):
        return
    band = words[match.group(1)]
    limits = band.operands() if isinstance(band, Band) else band
    operands = [Operand(role=OperandRole.ITEM, quantity=total.quantity.id), *limits]
    span = builder.span(paragraph.document, total.end + match.start(1), total.end + match.end(1))
    builder.claim(
        ClaimKind.GRADE,
        operands,
        None,
        cue=span,
        concept="total_score",
        stated_text=match.group(1),
        stated_span=span,
    )


def _policy_bands(policy: Policy) -> dict[str, list[Operand]]:
    """The limits of the policy's grades by the words reports write for them."""
    source = f"{policy.name}:grade"
    limits: dict[str, list[Operand]] = {}
    for index, grade in enumerate(policy.grades):
        operands = [Operand(role=OperandRole.TARGET, value=grade.lower, source=source)]
        if index:
            better = policy.grades[index - 1].lower
            operands.append(Operand(role=OperandRole.CAP, value=better, source=source))
        limits.update(dict.fromkeys(grade.words, operands))
    return limits


def _whole_mark(sheet: ScoreSheet, builder: Builder, heads: list[Pair], policy: Policy) -> Operand:
    """The report's own full mark for the whole where it prints one, else the policy's."""
    for mention, paragraph in sheet.marks:
        inside = any(is_inside(builder.source, paragraph.section, head.section) for head in heads)
        bracketed = paragraph.words(paragraph.start, mention.words_start).rstrip().endswith(tuple(OPENING))
        if not inside and not bracketed and cue("score", "whole_mark").search(plain(mention.words)):
            return Operand(role=OperandRole.CAP, quantity=mention.quantity.id)
    return Operand(role=OperandRole.CAP, value=policy.full_mark, source=f"{policy.name}:full_mark")


def extract_scores(builder: Builder, sheet: ScoreSheet, policy: Policy) -> None:
    """Note every claim about scores in the prose."""
    for pair in sheet.pairs:
        _cap(builder, pair.score.quantity, Operand(role=OperandRole.CAP, quantity=pair.full.quantity.id))
    heads = _heads(sheet)
    totals = _totals(builder, sheet, heads)
    _items(builder, sheet, heads, {total.mention.quantity.id for total in totals})
    top = [
        pair
        for pair in _firsts(sheet)
        if not any(other is not pair and is_inside(builder.source, pair.section, other.section) for other in heads)
    ]
    # Several parts may share a section: 「决策满分25分，得分24分；过程满分…」. Their full marks tell which it is.
    flat = [
        pair
        for first in top
        for pair in sheet.pairs
        if pair.section.id == first.section.id and (pair is first or not pair.says_again(first))
    ]
    cap = _whole_mark(sheet, builder, heads, policy)
    for total in totals:
        year = builder.source.document(total.paragraph.document).year
        of_this_year = total.period in (None, str(year))
        bonus = cue("score", "bonus").search(builder.source.document(total.paragraph.document).text)
        if not (bonus and cap.quantity is None):
            _cap(builder, total.mention.quantity, cap, "total_score")
        for parts in [top] if flat == top else [top, flat]:
            if len(parts) > 1 and total.whose is None and of_this_year:
                whole = cap.model_copy(update={"role": OperandRole.WHOLE})
                _adds_up(builder, parts, total.mention.quantity, whole)
        _grade(builder, total.paragraph, total.mention, policy)
        _lost(builder, sheet, total, cap)
    for first, second in ((totals[0], other) for other in totals[1:]):
        if (first.period, first.whose) == (second.period, second.whose):
            item = (OperandRole.ITEM, first.mention.quantity)
            builder.claim(ClaimKind.RESTATEMENT, [item], second.mention.quantity, concept="total_score")
    own = [total for total in totals if total.whose is None]
    for table in sheet.tables:
        _against_table(builder, table, heads, own)


def _lost(builder: Builder, sheet: ScoreSheet, total: Total, cap: Operand) -> None:
    """「得分93分，失分7分」: the full mark less the score."""
    here = [
        (label, paragraph)
        for label, paragraph in sheet.lost
        if paragraph is total.paragraph and label.mention.sentence_start == total.mention.sentence_start
    ]
    for label, paragraph in here if len(here) == 1 else ():
        gap = plain(paragraph.words(total.mention.end, label.mention.start))
        if cue("score", "lost_behind").match(gap) and not cue("score", "bonus").search(
            paragraph.rest_of_sentence(total.mention)
        ):
            full = cap.model_copy(update={"role": OperandRole.MINUEND})
            score = Operand(role=OperandRole.SUBTRAHEND, quantity=total.mention.quantity.id)
            builder.claim(ClaimKind.DIFFERENCE, [full, score], label.mention.quantity, concept="lost_marks")


def _against_table(builder: Builder, table: ScoreTable, heads: list[Pair], totals: list[Total]) -> None:
    """What the prose says of a section's or the whole's score, held against the scoring table."""
    for group in table.groups:
        for head in heads:
            named = group.name and group.name in plain(head.section.title)
            if named and group.full and group.full.value == head.full.quantity.value and group.marks_claim:
                builder.claim(
                    ClaimKind.SCORE_TOTAL,
                    [(OperandRole.PART, score) for score in group.scores],
                    head.score.quantity,
                    concept="score",
                    requires=group.marks_claim,
                )
    marks = (Dimension.SCORE, Dimension.NONE)
    if table.total is not None and table.total.dimension in marks and totals:
        item = (OperandRole.ITEM, totals[0].mention.quantity)
        builder.claim(ClaimKind.RESTATEMENT, [item], table.total, concept="total_score")
