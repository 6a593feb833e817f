"""What a number means, from the words around it: measure, concept, role, period, subject."""

import re
from dataclasses import dataclass, replace

from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.roles import BUDGETS, TOTAL, in_a_rule, is_base, role_of
from reviewer.lexicon.measures import Named, concept_in, plain, rate_in, role_in
from reviewer.schema import Dimension, Quantity, QuantityKind, Role, Section, Source

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_SUBJECT = re.compile(r"([\u4e00-\u9fff“”]{1,20}(?:项目|工程|专项|经费))(?!支出|总支出)")
_NAME = 6
_BARE_SUBJECT = len("项目")
"""A subject this short names none: 项目, 经费."""


@dataclass(frozen=True, slots=True)
class Label:
    """The meaning of one mention."""

    mention: Mention
    concept: str | None
    family: str | None
    role: Role
    subject: str | None
    period: str | None
    generic: bool = False
    """Whether its words do not say whose total they speak of: 执行数."""
    explicit: bool = False
    """Whether its own words name its role."""
    listed: bool = False
    """Whether it is one of several numbers under one name: 「分别为42%、31%」."""
    narrowed: str | None = None
    """The concept a rate is limited to by its words: 「基本支出执行率」."""


def _period(source: Source, paragraph: Paragraph, mention: Mention) -> str | None:
    year = source.document(paragraph.document).year
    sentence = paragraph.words(mention.sentence_start, mention.words_start)
    if cue("period", "cumulative").search(mention.words) or cue("period", "part").search(sentence):
        return "cumulative"
    if cue("period", "previous").search(mention.words):
        return None if year is None else str(year - 1)
    if found := _YEAR.findall(mention.words):
        return str(found[-1])
    dates = [
        quantity
        for quantity in source.within(paragraph.document, mention.sentence_start, mention.start, measuring=False)
        if quantity.kind is QuantityKind.DATE
    ]
    years = [match.group(1) for date in dates if (match := _YEAR.match(date.text))]
    years = years or [
        year for section in source.path_to(paragraph.section)[:1] for year in _YEAR.findall(section.title)
    ]
    return years[-1] if years else None if year is None else str(year)


def _subject(source: Source, paragraph: Paragraph, mention: Mention) -> str | None:
    """The project, fund or branch that is spoken of, unless it is the report's own."""
    document = source.document(paragraph.document)
    before = paragraph.words(mention.sentence_start, mention.start)
    for clause in reversed(re.split("[；;]", before)):
        if (lead := cue("subject", "lead").match(clause)) and plain(lead.group(1)) != document.unit:
            return plain(lead.group(1))
    # A project is spoken of from the sentence's first clause on, or in the number's own; one between is another's.
    first = re.split("[，,；;]", before)[0]
    hits = _SUBJECT.findall(mention.words) or _SUBJECT.findall(first)
    project = cue("subject", "opening").sub("", plain(hits[-1])) if hits else ""
    named = concept_in(project)
    if len(project) > _BARE_SUBJECT and (named is None or named.generic):
        return project
    for section in source.path_to(paragraph.section):
        if cue("subject", "title").search(section.title) and plain(section.title) != document.unit:
            return plain(section.title)
    return None


def _is_listed(paragraph: Paragraph, mention: Mention, before: Label | None) -> bool:
    """Whether a number only goes on with a list: the 31 of 「分别为42%、31%」."""
    if before is None or before.mention.quantity.dimension is not mention.quantity.dimension:
        return False
    gap = paragraph.words(before.mention.end, mention.start)
    return cue("clause", "list").match(gap) is not None


def _narrowed(source: Source, paragraph: Paragraph, mention: Mention, term: str) -> tuple[str | None, str | None]:
    """(concept, subject) that the words before a rate's name narrow it to; both None for the unit as a whole."""
    words = plain(mention.words)
    unit = source.document(paragraph.document).unit
    before = words[: words.rfind(term)].replace(unit or "\0", "")
    before = before.split("：")[-1]
    named = concept_in(before + "支出" if term.startswith("支出") else before)
    if named and not named.generic and named.concept.key != TOTAL:
        return named.concept.key, None
    return (None, None) if cue("rate", "whole").match(before) else (None, before)


def _concept(mention: Mention) -> Named | None:
    """What the words before an amount name; 合计 and the like belong to some names (收入合计) and not to others."""
    tail = cue("clause", "total").findall(plain(mention.words))
    longer = concept_in(plain(mention.measure) + tail[-1]) if tail else None
    # 「本年收入」 is a name, of which the measure keeps only 收入.
    words = cue("clause", "copula").sub("", plain(mention.words))
    for named in (longer, concept_in(plain(mention.measure)), concept_in(words[-_NAME:])):
        if named and not named.generic:
            return named
    return concept_in(plain(mention.measure))


def _told_again(before: Label, found: Label) -> Label | None:
    """A number without a name of its own that is of the thing before it: another year's, or in another unit."""
    same = before.mention.quantity.dimension is found.mention.quantity.dimension
    if not same or before.role in (Role.CHANGE, Role.THRESHOLD, Role.LOST_MARK):
        return None
    if is_base(found.mention):
        return replace(before, mention=found.mention, period=found.period, explicit=False, listed=False)
    if cue("change", "again").match(plain(found.mention.words).strip("，,（(")):
        return replace(before, mention=found.mention, listed=False)
    return None


def label(source: Source, paragraph: Paragraph, mention: Mention, before: Label | None = None) -> Label | None:
    """What the mention means; None when its words give it no measure or no role.

    `before` is the label of the number before it: 「“三公”经费预算5万元，实际支出4万元」 speaks of one thing.
    """
    if before is not None and _is_listed(paragraph, mention, before):
        return replace(before, mention=mention, period=None, listed=True)
    dimension = mention.quantity.dimension
    named = _concept(mention) if dimension is Dimension.MONEY else None
    role = role_of(source, paragraph, mention, named)
    if role is None or not (mention.measure or named):
        return None
    found = Label(
        mention,
        named.concept.key if named else None,
        named.concept.family if named else None,
        role,
        _subject(source, paragraph, mention),
        _period(source, paragraph, mention),
        generic=named is not None and named.generic,
        explicit=role_in(plain(mention.words)) is not None,
    )
    if role is Role.RATE and (rate := rate_in(plain(mention.words))):
        narrowed, subject = _narrowed(source, paragraph, mention, rate[1]) if rate[0].of is None else (None, None)
        return replace(found, concept=rate[0].key, narrowed=narrowed, subject=subject or found.subject)
    same_sentence = before is not None and before.mention.sentence_start == mention.sentence_start
    if before is not None and same_sentence and (told := _told_again(before, found)) is not None:
        return told
    # 「追加的经费一是……二是人员经费82.50万元，追加后全年预算为……」 comes back to the whole.
    words = plain(mention.words)
    steps = cue("level", "after_steps").match(words.strip("，,"))
    again = cue("rate", "whole_year").search(words) and before is not None and before.role not in BUDGETS
    if found.generic and before and same_sentence and before.role is not role and not (steps or again):
        if before.concept and before.family == found.family and before.concept != TOTAL:
            return replace(found, concept=before.concept, subject=before.subject)
        if before.subject and before.generic:
            return replace(found, subject=before.subject, period=before.period)
    return found


def label_all(source: Source, paragraph: Paragraph) -> dict[str, Label]:
    """The labels of a paragraph's numbers by quantity id."""
    labels: list[Label] = []
    for mention in paragraph.mentions:
        found = label(source, paragraph, mention, labels[-1] if labels else None)
        if found is None:
            continue
        if labels and found.listed and not labels[-1].listed:
            # 「2022年、2023年分别为……」: which of the list's numbers is of which year is not told here.
            labels[-1] = replace(labels[-1], listed=True, period=None)
        bare = labels and labels[-1].role is Role.THRESHOLD and labels[-1].mention.exact
        each = bare and cue("score", "of_each").search(plain(labels[-1].mention.words))
        if bare and not each and not in_a_rule(paragraph, labels[-1].mention):
            gap = plain(paragraph.words(labels[-1].mention.end, mention.start))
            a_mark = labels[-1].mention.quantity.dimension is Dimension.SCORE
            if a_mark and found.role is Role.SCORE and cue("score", "behind").match(gap):
                labels[-1] = replace(labels[-1], role=Role.FULL_MARK)
            elif found.role is Role.FULL_MARK and cue("score", "mark_behind").match(gap):
                labels[-1] = replace(labels[-1], role=Role.SCORE)
        labels.append(found)
    return {found.mention.quantity.id: found for found in labels}


def with_roles_of_wholes(labels: dict[str, Label], whole_of: dict[str, Quantity]) -> dict[str, Label]:
    """The labels with each part of a budget a budget, and of what was spent spent, unless its own words differ."""
    inherited = dict(labels)
    for part, whole in whole_of.items():
        own, other = labels.get(part), labels.get(whole.id)
        if own is None or other is None or own.explicit:
            continue
        nameless = own.role is Role.AMOUNT or (own.family is None and own.role is Role.ACTUAL)
        spending = own.family == "expenditure" and other.role in (*BUDGETS, Role.ACTUAL)
        money = nameless and other.role in (*BUDGETS, Role.ACTUAL, Role.INCOME, Role.BALANCE)
        marks = own.role is Role.THRESHOLD and other.role in (Role.SCORE, Role.FULL_MARK, Role.LOST_MARK)
        people = own.role is Role.COUNT and other.role in (Role.HEADCOUNT, Role.ESTABLISHMENT)
        if spending or money or marks or people:
            inherited[part] = replace(own, role=other.role)
    return inherited


def is_inside(source: Source, section: Section, ancestor: Section) -> bool:
    """Whether `section` is `ancestor` or lies below it."""
    return any(parent.id == ancestor.id for parent in source.path_to(section))
