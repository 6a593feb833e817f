"""What a number means, from the words around it: measure, concept, role, period, subject."""

import re
from dataclasses import dataclass, replace

from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.lexicon.measures import Named, concept_in, names_a_rate, plain, rate_in, role_in
from reviewer.schema import Bound, Dimension, Quantity, QuantityKind, Role, Section, Source

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_SUBJECT = re.compile(r"([\u4e00-\u9fff“”]{2,20}(?:项目|工程|专项|经费))(?!支出|总支出)")
_ONE_SIDED = (Bound.AT_LEAST, Bound.MORE_THAN, Bound.AT_MOST, Bound.LESS_THAN)
TOTAL = "expenditure_total"
_BUDGETS = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)


@dataclass(frozen=True, slots=True)
class Label:
    """The meaning of one mention. `generic` when its words do not say whose total they speak of."""

    mention: Mention
    concept: str | None
    family: str | None
    role: Role
    subject: str | None
    period: str | None
    generic: bool


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


def _score_role(paragraph: Paragraph, mention: Mention) -> Role:
    words = plain(mention.words)
    rest = paragraph.text[mention.end - paragraph.start :].split("。")[0]
    if mention.exact and (
        cue("score", "total_scored").search(words)
        or (cue("score", "total_word").search(words) and cue("score", "grade_near").search(rest))
    ):
        return Role.SCORE
    for role, name in ((Role.FULL_MARK, "full_mark"), (Role.LOST_MARK, "lost_mark"), (Role.SCORE, "score")):
        if mention.exact and cue("score", name).search(words):
            return role
    if mention.exact and not words and mention.after == "":
        return Role.FULL_MARK  # 「预算执行率（10分）」
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
    if cue("period", "cumulative").search(mention.words):
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
    return years[-1] if years else None if year is None else str(year)


def _subject(paragraph: Paragraph, mention: Mention) -> str | None:
    """The project or fund the sentence speaks of before the number, unless it is the report's own."""
    hits = _SUBJECT.findall(paragraph.words(mention.sentence_start, mention.start))
    if not hits or hits[-1].startswith(("该", "本", "此", "我")):
        return None
    return plain(hits[-1])


def label(source: Source, paragraph: Paragraph, mention: Mention, before: Label | None = None) -> Label | None:
    """What the mention means; None when its words give it no measure or no role.

    `before` is the label of the number before it: 「“三公”经费预算5万元，实际支出4万元」 speaks of one thing.
    """
    dimension = mention.quantity.dimension
    named = concept_in(plain(mention.measure)) if dimension is Dimension.MONEY else None
    role = _role(source, paragraph, mention, named)
    if role is None or not (mention.measure or named):
        return None
    concept = named.concept.key if named else None
    generic = named is not None and named.generic
    has_subject = generic or concept is None
    if role is Role.RATE and (found := rate_in(plain(mention.words))):
        concept = found[0].key
        has_subject = found[0].of is None
    family = named.concept.family if named else None
    if generic and before and before.mention.sentence_start == mention.sentence_start and before.role is not role:
        if before.concept and before.family == family and before.concept != TOTAL:
            concept, has_subject = before.concept, False
        elif before.subject and before.generic:
            return Label(mention, concept, family, role, before.subject, before.period, generic)
    return Label(
        mention,
        concept,
        family,
        role,
        _subject(paragraph, mention) if has_subject else None,
        _period(source, paragraph, mention),
        generic,
    )


def label_all(source: Source, paragraph: Paragraph) -> dict[str, Label]:
    """The labels of a paragraph's numbers by quantity id."""
    labels: dict[str, Label] = {}
    before: Label | None = None
    for mention in paragraph.mentions:
        found = label(source, paragraph, mention, before)
        if found is not None:
            labels[mention.quantity.id] = found
            before = found
    return labels


def with_roles_of_wholes(labels: dict[str, Label], whole_of: dict[str, Quantity]) -> dict[str, Label]:
    """The labels with each part of a budget a budget, and of what was spent spent, unless its own words differ."""
    inherited = dict(labels)
    for part, whole in whole_of.items():
        own, other = labels.get(part), labels.get(whole.id)
        if own is None or other is None or own.family != "expenditure" or other.role not in (*_BUDGETS, Role.ACTUAL):
            continue
        if role_in(plain(own.mention.words)) is None:
            inherited[part] = replace(own, role=other.role)
    return inherited


def is_inside(source: Source, section: Section, ancestor: Section) -> bool:
    """Whether `section` is `ancestor` or lies below it."""
    return any(parent.id == ancestor.id for parent in source.path_to(section))
