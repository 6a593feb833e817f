"""The whole first, then its parts: 其中, 包括, 从经济分类看, brackets, shares behind each part, and by definition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention, cue, same_kind
from reviewer.extraction.offline.sums.lists import FULL_STOP, TOTALS, Lists, fitting, goes_on, parts_from
from reviewer.extraction.offline.sums.wholes import add, add_far, earlier_total, whole_before
from reviewer.lexicon.measures import compositions, concept_in, plain, role_in
from reviewer.schema import Closure, Dimension, Role


@dataclass(frozen=True, slots=True, order=True)
class _Cue:
    """Words that open a list; offsets are the paragraph's."""

    start: int
    end: int
    name: str

    @property
    def closure(self) -> Closure:
        return Closure.LISTED if self.name in ("closed", "classes") else Closure.OPEN

    @property
    def loose(self) -> bool:
        return self.name == "loose"


def _cues(lists: Lists) -> Iterator[_Cue]:
    text, offset = lists.paragraph.text, lists.paragraph.start
    for name in ("open", "closed", "classes", "aspects", "loose"):
        for match in cue("sum", name).finditer(text):
            # 「行政人员和事业人员分别为122人、39人」: the list begins with its names.
            named = re.search(r"[^，,。；;：:]*$", text[: match.start()]) if match.group().startswith("分别") else None
            yield _Cue(named.start() if named else match.start(), match.end(), name)
    for mention in lists.paragraph.mentions:
        if bracket := cue("sum", "bracket").match(text, mention.end - offset):
            yield _Cue(bracket.start(), bracket.end(), "bracket")


def _of_another_fund(lists: Lists, start: int, whole: Mention) -> bool:
    """Whether the words up to the list name a fund that the whole does not: 「财政拨款支出从用途看」."""
    words = re.split("[。；;]", lists.paragraph.words(whole.end, start))[-1]
    return any(fund not in whole.words for fund in cue("sum", "fund").findall(words))


def divided(builder: Builder, lists: Lists) -> None:
    """A cue behind the whole. Inner lists are read before outer ones, so that a part's parts are not counted twice."""
    offset = lists.paragraph.start
    for found in sorted(_cues(lists), reverse=True):
        start, end = offset + found.start, offset + found.end
        parts = parts_from(lists, end)
        inside = found.name == "open" and cue("sum", "inside").match(lists.paragraph.text, found.end)
        if not parts or inside:
            continue  # 「其中第二批中有……」 divides the second batch
        # 「按性质分，……。按经济分类分，……」: a second classification goes back over the first.
        whole = whole_before(lists, parts, start, far=found.name in ("classes", "aspects"))
        if whole is None:
            _made_up(builder, lists, found, parts)
            continue
        loose = found.loose or lists.family(whole) == "balance"
        if found.name == "bracket" and (whole.end != start or len(parts) < 2):
            continue
        counted = [m for m in lists.paragraph.mentions if whole.end <= m.start < start]
        # 「项目支出400万元，其中重点项目3个，分别为……」 lists the three projects, not the whole.
        of_others = any(m.quantity.dimension is Dimension.COUNT for m in counted)
        apart = found.name == "classes" and _of_another_fund(lists, end, whole)
        if parts := fitting(lists, whole, parts):
            # 「……考核费4.72万元，其余零星支出用于宣传」: the rest is not told.
            behind = lists.paragraph.rest_of_sentence(parts[-1])
            goes_on_behind = cue("sum", "and_others").match(behind) or cue("sum", "rest_untold").search(behind)
            closure = Closure.OPEN if of_others or goes_on_behind else found.closure
            add(builder, lists, whole, parts, (start, end), closure, loose=loose or apart, apart=apart)


def _made_up(builder: Builder, lists: Lists, found: _Cue, parts: list[Mention]) -> None:
    """「由A、B组成，总额C」: the whole right behind its parts."""
    closing = cue("sum", "made_up").match(lists.paragraph.rest_of_sentence(parts[-1]))
    if not closing or len(parts) < 2:
        return
    whole = next((m for m in lists.paragraph.mentions if m.start >= parts[-1].end + closing.end()), None)
    here = whole is not None and whole.sentence_start == parts[-1].sentence_start
    if whole and here and lists.additive(whole) and whole.exact and same_kind(whole.quantity, parts[0].quantity):
        at = (lists.paragraph.start + found.start, lists.paragraph.start + found.end)
        add(builder, lists, whole, parts, at, Closure.LISTED)


def divided_before(builder: Builder, lists: Lists) -> None:
    """A cue whose whole stands in a paragraph before: named in the cue's clause, or the total that is classified."""
    offset = lists.paragraph.start
    for found in sorted(_cues(lists), reverse=True):
        parts = parts_from(lists, offset + found.end) if found.name in ("closed", "classes") else []
        if len(parts) < 2:
            continue
        at = (offset + found.start, offset + found.end)
        own = re.split("[。；;，,]", lists.paragraph.text[: found.start])[-1]
        lead = lists.paragraph.words(parts[0].sentence_start, parts[0].start)
        named = _named(lists, own, at[0]) if found.name == "closed" and own else None
        total = named.quantity if named and named.start < offset else None
        if found.name == "classes" and whole_before(lists, parts, at[0], far=True) is None:
            total = earlier_total(lists, parts, lead)
        if total is not None and same_kind(total, parts[0].quantity):
            every = named is not None and cue("sum", "told_all").search(
                own + lists.paragraph.text[found.start : found.end]
            )
            add_far(builder, lists, total, parts, at, Closure.LISTED if every else Closure.OPEN)


def headed(builder: Builder, lists: Lists) -> None:
    """A paragraph under a title such as 经济分类 or 资金来源 that divides a total told before it."""
    paragraph = lists.paragraph
    if not cue("sum", "division").search(paragraph.section.title):
        return
    first = next((m for m in paragraph.mentions if m.quantity.dimension is Dimension.MONEY), None)
    if first is None or paragraph.start > paragraph.section.span.start + len(paragraph.section.title) + 8:
        return
    start = max(first.sentence_start, paragraph.start)
    lead = re.split("[。：:]", paragraph.words(start, first.start))[-1]
    parts = parts_from(lists, first.start - len(lead))
    if len(parts) > 1 and (total := earlier_total(lists, parts, lead)):
        add_far(builder, lists, total, parts, (start, first.start))


def within(builder: Builder, lists: Lists) -> None:
    """「基本支出里，人员经费A，公用经费B」, 「少执行的24.65万元中，A为……，B为……」: the whole is named, then divided."""
    offset = lists.paragraph.start
    for match in cue("sum", "within").finditer(lists.paragraph.text):
        start, end = offset + match.start(), offset + match.end()
        parts = parts_from(lists, end)
        if len(parts) < 2:
            continue
        right_before = [m for m in lists.paragraph.mentions if m.end == start]
        whole = right_before[0] if right_before else _named(lists, match.group("name") or "", start)
        if whole is None or not same_kind(whole.quantity, parts[0].quantity) or not whole.exact:
            continue
        if whole.quantity.id in {part.quantity.id for part in parts}:
            continue
        near = whole.start >= lists.paragraph.start
        if near and (fit := fitting(lists, whole, parts)):
            add(builder, lists, whole, fit, (start, end), Closure.OPEN, loose=not right_before)
        elif not near:
            add_far(builder, lists, whole.quantity, parts, (start, end))


def _named(lists: Lists, name: str, before: int) -> Mention | None:
    """The nearest amount before that bears a name: its measure's words, or the same concept and role."""
    name = plain(name)
    concept, role = concept_in(name), role_in(name)
    here = [label for m in lists.paragraph.mentions if (label := lists.label(m)) and m.end <= before]
    for label in reversed([*lists.earlier, *here]):
        if not label.mention.exact or cue("sum", "apposition").search(label.mention.words):
            continue
        measure = plain(label.mention.measure)
        if len(name) > 1 and measure.endswith(name):
            return label.mention
        known = concept is not None and label.concept == concept.concept.key
        if known and label.subject is None and (role is None or role == label.role):
            return label.mention
    return None


def by_shares(builder: Builder, lists: Lists) -> None:
    """「收入X，A为a，占比p；B为b，占比q」: amounts with a share behind each are parts of the amount before them."""
    mentions = lists.paragraph.mentions
    pairs = [
        part
        for part, share in pairwise(mentions)
        if share.quantity.dimension is Dimension.PERCENT
        and part.quantity.dimension is Dimension.MONEY
        and cue("share", "behind_part").match(plain(lists.paragraph.words(part.end, share.start)))
        and lists.can_be_part(part)
    ]
    for first in pairs:
        run = [part for part in pairs if part.sentence_start == first.sentence_start and lists.can_be_part(part)]
        if run[:1] != [first] or len(run) < 2 or not all(goes_on(lists, first, part) for part in run):
            continue
        whole = whole_before(lists, run, first.words_start, far=False)
        if whole is None:
            continue
        near = whole.sentence_start == first.sentence_start and lists.concept(whole) in TOTALS
        add(builder, lists, whole, run, (first.words_start, first.start), Closure.OPEN, loose=not near)


def by_definition(builder: Builder, lists: Lists) -> None:
    """基本支出 and 项目支出 in one sentence behind a total, without any cue."""
    for key, members in compositions():
        free = [m for m in lists.paragraph.mentions if m.quantity.id not in lists.taken and lists.additive(m)]
        parts = [m for m in free if set(lists.concepts(m)) <= members and lists.can_be_part(m)]
        named = [concept for m in parts for concept in lists.concepts(m)]
        if set(named) != members or len(named) != len(members):
            continue
        wholes = [
            m
            for m in free
            if lists.concept(m) == key
            and m.end <= parts[0].start
            and m.sentence_start == parts[0].sentence_start == parts[-1].sentence_start
        ]
        if wholes and all(goes_on(lists, wholes[-1], part) for part in parts):
            at = (parts[0].words_start, parts[0].start)
            add(builder, lists, wholes[-1], parts, at, Closure.COMPLETE)


def reasons(builder: Builder, lists: Lists) -> None:
    """「追加53.10万元。追加的理由是：……31.60万元，……21.50万元」: the items an adjustment is put down to."""
    offset = lists.paragraph.start
    for match in cue("sum", "reasons").finditer(lists.paragraph.text):
        start, end = offset + match.start(), offset + match.end()
        before = [m for m in reversed(lists.paragraph.mentions) if m.end <= start]
        whole = next((m for m in before if _is_adjustment(lists, m)), None)
        bare = cue("sum", "adjusting").match(match.group()) is None
        if whole is None or (bare and (whole is not before[0] or cue("level", "against").search(whole.words))):
            continue
        if len(FULL_STOP.findall(lists.paragraph.words(whole.end, start))) > (not bare):
            continue
        parts: list[Mention] = []
        for mention in lists.paragraph.mentions:
            if mention.start < end or not same_kind(mention.quantity, whole.quantity):
                continue
            ended = cue("sum", "adjusted").search(mention.words)
            if ended or not mention.exact or FULL_STOP.search(lists.paragraph.words(end, mention.start)):
                break
            parts.append(mention)
        if len(parts) > 1:
            told = _one_by_one(lists, end, parts)
            closure = Closure.LISTED if told else Closure.OPEN
            add(builder, lists, whole, parts, (start, end), closure, loose=not told)


def _one_by_one(lists: Lists, start: int, parts: list[Mention]) -> bool:
    """Whether every item has its amount, and the list ends in the new level: 「一是……A，二是……B，追加后……」."""
    text, offset = lists.paragraph.text, lists.paragraph.start
    opened = max(0, start - offset - 2)
    items = cue("sum", "items").findall(text[opened : parts[-1].end - offset])
    behind = lists.paragraph.rest_of_sentence(parts[-1])
    return len(items) == len(parts) and cue("sum", "adjusted_behind").match(plain(behind)) is not None


def _is_adjustment(lists: Lists, mention: Mention) -> bool:
    label = lists.label(mention)
    return mention.exact and label is not None and label.role is Role.CHANGE
