"""What a number means, from the words around it: measure, concept, role, period, subject."""

import re
from dataclasses import dataclass, replace

from reviewer.extraction.offline.mentions import CLOSING, OPENING, Mention, Paragraph, cue
from reviewer.lexicon.measures import Named, concept_in, names_a_rate, plain, rate_in, role_in
from reviewer.schema import Bound, Dimension, Quantity, QuantityKind, Role, Section, Source

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_SUBJECT = re.compile(r"([\u4e00-\u9fff“”]{1,20}(?:项目|工程|专项|经费))(?!支出|总支出)")
_NAME = 6
_BARE_SUBJECT = len("项目")
"""A subject this short names none: 项目, 经费."""
_ONE_SIDED = (Bound.AT_LEAST, Bound.MORE_THAN, Bound.AT_MOST, Bound.LESS_THAN)
TOTAL = "expenditure_total"
_BUDGETS = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)


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


def _context_role(source: Source, paragraph: Paragraph, before: int) -> str | None:
    """The role that earlier words of the paragraph give, those that name other numbers apart; else the titles'."""
    loose, at = "", paragraph.start
    for mention in paragraph.mentions:
        if mention.words_start >= before:
            break
        loose += paragraph.words(at, mention.words_start)
        at = mention.end
    if role := role_in(plain(loose + paragraph.words(at, max(at, before)))):
        return role
    titles = [section.title for section in source.path_to(paragraph.section)]
    return next((role for title in titles if (role := role_in(plain(title)))), None)


def _money_role(source: Source, paragraph: Paragraph, mention: Mention, named: Named | None) -> Role:
    words = plain(mention.words)
    family = named.concept.family if named else None
    own = role_in(words)
    if family == "balance":
        return Role.BALANCE
    if family == "asset":
        return Role.ASSET
    if family == "income":
        own = own or _context_role(source, paragraph, mention.words_start)
        return Role(own) if own and Role(own) in _BUDGETS else Role.INCOME
    if cue("change", "amount").search(words):
        return Role.CHANGE
    if own:
        return Role(own)
    if family is None:
        return Role.AMOUNT
    if named and named.concept.key == TOTAL:
        return Role.ACTUAL
    return Role(_context_role(source, paragraph, mention.words_start) or Role.ACTUAL)


def _percent_role(mention: Mention) -> Role | None:
    words = plain(mention.words)
    if mention.quantity.dimension is Dimension.POINT or cue("change", "cue").search(words):
        return Role.CHANGE
    if rate_in(words) is None and cue("share", "cue").search(words):
        return Role.SHARE
    if cue("score", "condition").search(plain(mention.after)):
        return Role.THRESHOLD
    if mention.quantity.bound in _ONE_SIDED or cue("target", "cue").search(words):
        return Role.TARGET
    return Role.RATE if mention.measure else None


def _in_brackets(paragraph: Paragraph, mention: Mention) -> bool:
    """Whether a number stands alone between brackets: 「预算执行（10分）」."""
    before = paragraph.text[: mention.start - paragraph.start].rstrip()
    behind = paragraph.text[mention.end - paragraph.start :].lstrip()
    return before[-1:] in tuple(OPENING) and behind[:1] in tuple(CLOSING)


def _score_role(paragraph: Paragraph, mention: Mention) -> Role:
    words = plain(mention.words)
    if not mention.exact:
        return Role.THRESHOLD
    if _in_brackets(paragraph, mention):
        return Role.SCORE if cue("score", "score").search(words.rstrip(OPENING)) else Role.FULL_MARK
    rest = paragraph.rest_of_sentence(mention)
    if cue("score", "total_word").search(words) and cue("score", "scored_behind").search(rest):
        return Role.FULL_MARK
    graded = cue("score", "grade_near").search(rest)
    if cue("score", "total_scored").search(words) or (graded and cue("score", "total_word").search(words)):
        return Role.SCORE
    for role, name in ((Role.FULL_MARK, "full_mark"), (Role.LOST_MARK, "lost_mark"), (Role.SCORE, "score")):
        if cue("score", name).search(words):
            return role
    return Role.THRESHOLD


def _count_role(mention: Mention) -> Role | None:
    if not mention.measure and not mention.after:
        return None
    if mention.quantity.bound in _ONE_SIDED and "余" not in mention.quantity.text and "多" not in mention.quantity.text:
        return Role.TARGET
    if mention.quantity.unit in ("人", "名"):
        around = mention.words + mention.after
        if "编" in around:
            return Role.ESTABLISHMENT
        if re.search("在职|人员|职工|干部|退休|实有", around):
            return Role.HEADCOUNT
    return Role.COUNT


def _role(source: Source, paragraph: Paragraph, mention: Mention, named: Named | None) -> Role | None:
    dimension = mention.quantity.dimension
    if dimension is Dimension.MONEY:
        return _money_role(source, paragraph, mention, named)
    if dimension in (Dimension.PERCENT, Dimension.POINT):
        return _percent_role(mention)
    if dimension is Dimension.SCORE:
        return _score_role(paragraph, mention)
    if dimension is Dimension.TIME:
        return Role.DURATION
    if dimension is Dimension.NONE:
        if mention.quantity.bound in _ONE_SIDED and cue("score", "score").search(plain(mention.after)):
            return Role.THRESHOLD
        return Role.RATE if names_a_rate(plain(mention.words)) else None
    return _count_role(mention)


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
    for named in (longer, concept_in(plain(mention.measure)), concept_in(plain(mention.words)[-_NAME:])):
        if named and not named.generic:
            return named
    return concept_in(plain(mention.measure))


def label(source: Source, paragraph: Paragraph, mention: Mention, before: Label | None = None) -> Label | None:
    """What the mention means; None when its words give it no measure or no role.

    `before` is the label of the number before it: 「“三公”经费预算5万元，实际支出4万元」 speaks of one thing.
    """
    if before is not None and _is_listed(paragraph, mention, before):
        return replace(before, mention=mention, period=None, listed=True)
    dimension = mention.quantity.dimension
    named = _concept(mention) if dimension is Dimension.MONEY else None
    role = _role(source, paragraph, mention, named)
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
    if found.generic and before and same_sentence and before.role is not role:
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
        if labels and labels[-1].role is Role.THRESHOLD and labels[-1].mention.exact:
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
        spending = own.family == "expenditure" and other.role in (*_BUDGETS, Role.ACTUAL)
        marks = own.role is Role.THRESHOLD and other.role in (Role.SCORE, Role.FULL_MARK)
        if spending or marks:
            inherited[part] = replace(own, role=other.role)
    return inherited


def is_inside(source: Source, section: Section, ancestor: Section) -> bool:
    """Whether `section` is `ancestor` or lies below it."""
    return any(parent.id == ancestor.id for parent in source.path_to(section))
