"""Which part a number plays: budget, actual, target, score, limit of a rule… from the words around it."""

import re

from reviewer.extraction.offline.mentions import CLOSING, OPENING, Mention, Paragraph, cue
from reviewer.extraction.offline.total_marks import role_of_total
from reviewer.lexicon.measures import Named, names_a_rate, plain, rate_in, role_in
from reviewer.schema import Bound, Dimension, Role, Source

TOTAL = "expenditure_total"
BUDGETS = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
_FLOWS = (("spent", Role.ACTUAL), ("received", Role.INCOME))
_BARE = (("bare_full", Role.FULL_MARK), ("bare_score", Role.SCORE), ("bare_lost", Role.LOST_MARK))
_LIST = 3
"""So many marks in one sentence are a list of them."""
_NEAR = 12
_LISTED = ("个", "项", "类", "条", "方面", "大类")
"""Units of what a text lists: 「五项目标」 counts goals and is none."""
_ONE_SIDED = (Bound.AT_LEAST, Bound.MORE_THAN, Bound.AT_MOST, Bound.LESS_THAN)


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


def in_a_rule(paragraph: Paragraph, mention: Mention) -> bool:
    """Whether a number is a limit or a step of a printed rule: 「评分规则：达到95%得满分，每低1个百分点扣0.5分」."""
    before = plain(paragraph.words(mention.sentence_start, mention.start))
    if cue("printed_rule", "lead").search(before):
        return True
    clauses = re.split("[，,；;]", before)[-2:]
    stepped = [bool(cue("printed_rule", "step").search(clause)) for clause in clauses]
    return stepped[-1] or (len(stepped) > 1 and stepped[0] and cue("score", "lost_mark").search(before) is not None)


def is_base(mention: Mention) -> bool:
    """Whether a number is the level a change starts from: the 548 of 「比上年的548万人次多64万人次」."""
    at_start = cue("change", "base").fullmatch(plain(mention.words).strip("，,。；"))
    return at_start is not None and cue("change", "onward").match(plain(mention.after)) is not None


def _money_role(source: Source, paragraph: Paragraph, mention: Mention, named: Named | None) -> Role:
    words = plain(mention.words)
    family = named.concept.family if named else None
    own = role_in(words)
    if family == "balance":
        return Role.BALANCE
    if family == "asset":
        return Role.ASSET
    if family == "income" and cue("played", "from_income").search(words):
        return Role.ACTUAL
    if family == "income":
        own = own or _context_role(source, paragraph, mention.words_start)
        return Role(own) if own and Role(own) in BUDGETS else Role.INCOME
    if cue("change", "amount").search(words):
        return Role.CHANGE
    if own:
        return Role(own)
    if cue("played", "aimed").search(words):
        return Role.TARGET
    if family is None:
        return _nameless(paragraph, mention)
    if named and named.concept.key == TOTAL:
        return Role.ACTUAL
    return Role(_context_role(source, paragraph, mention.words_start) or Role.ACTUAL)


def _nameless(paragraph: Paragraph, mention: Mention) -> Role:
    """An amount the field has no name for is what the words nearest before it speak of: spending or receipts."""
    for words in (plain(mention.words), plain(paragraph.words(mention.sentence_start, mention.words_start))):
        hits = [(m.start(), role) for name, role in _FLOWS for m in cue("played", name).finditer(words)]
        if hits:
            flow = max(hits)[1]
            told = role_in(_lead(paragraph, mention)) if flow is Role.ACTUAL else None
            return Role(told) if told else flow
        if cue("played", "reached").search(words):
            return Role.ACTUAL
    return Role.AMOUNT


def _lead(paragraph: Paragraph, mention: Mention) -> str:
    """The words that open a number's sentence and name none of its numbers: 「年初预算按科目分别是：……」."""
    first = next(m for m in paragraph.mentions if m.sentence_start == mention.sentence_start)
    return plain(paragraph.words(mention.sentence_start, max(mention.sentence_start, first.words_start)))


def _percent_role(source: Source, paragraph: Paragraph, mention: Mention) -> Role | None:
    words = plain(mention.words)
    if is_base(mention):
        return Role.RATE
    if cue("target", "behind").match(plain(mention.after)) and mention.quantity.bound is not Bound.RANGE:
        return Role.TARGET
    if mention.quantity.dimension is Dimension.POINT or cue("change", "cue").search(words):
        return Role.CHANGE
    if rate_in(words) is None and cue("share", "cue").search(words):
        return Role.SHARE
    if cue("share", "base_between").search(plain(paragraph.words(mention.sentence_start, mention.start))):
        return Role.SHARE
    if cue("score", "condition").search(plain(mention.after)):
        return Role.THRESHOLD
    if mention.quantity.bound in _ONE_SIDED or _is_promised(source, paragraph, mention):
        return Role.TARGET
    fulfilled = cue("target", "fulfilled").search(words) or cue("share", "named").search(words)
    if cue("target", "cue").search(words) and not fulfilled:
        return Role.TARGET
    return Role.RATE if mention.measure else None


def _is_promised(source: Source, paragraph: Paragraph, mention: Mention) -> bool:
    """Whether a number stands among goals: under their heading, or in a sentence that opens as a list of them."""
    before = plain(paragraph.words(mention.sentence_start, mention.start))
    if cue("played", "reached").search(plain(mention.words)) or cue("played", "achieved").search(before):
        return False
    titles = (section.title for section in source.path_to(paragraph.section)[:2])
    return any(cue("played", "goals").search(title) for title in titles) or bool(
        cue("played", "promised").search(before)
    )


def _in_brackets(paragraph: Paragraph, mention: Mention) -> bool:
    """Whether a number stands alone between brackets: 「预算执行（10分）」."""
    before = paragraph.text[: mention.start - paragraph.start].rstrip()
    behind = paragraph.text[mention.end - paragraph.start :].lstrip()
    return before[-1:] in tuple(OPENING) and behind[:1] in tuple(CLOSING)


def _score_role(source: Source, paragraph: Paragraph, mention: Mention) -> Role:
    words = plain(mention.words)
    if not mention.exact or cue("score", "of_each").search(words):
        return Role.THRESHOLD
    if _in_brackets(paragraph, mention):
        return Role.SCORE if cue("score", "score").search(words.rstrip(OPENING)) else Role.FULL_MARK
    opening = plain(paragraph.words(paragraph.start, mention.start))
    behind = paragraph.words(mention.end, min(mention.end + 1, paragraph.end))
    if cue("score", "item_name").fullmatch(opening) and behind in ("。", "，", ",", "；"):
        return Role.FULL_MARK  # 「1.培训人数，12分。目标是……」
    if total := role_of_total(paragraph, mention):
        return total
    for role, name in ((Role.FULL_MARK, "full_mark"), (Role.LOST_MARK, "lost_mark"), (Role.SCORE, "score")):
        if cue("score", name).search(words):
            return role
    return _bare_mark(source, paragraph, mention)


def _bare_mark(source: Source, paragraph: Paragraph, mention: Mention) -> Role:
    """A mark in a list of marks, without words of its own: what the nearest such words before it say."""
    marks = [
        m
        for m in paragraph.mentions
        if m.quantity.dimension is Dimension.SCORE and m.sentence_start == mention.sentence_start
    ]
    text = source.document(paragraph.document).text
    before = plain(text[paragraph.section.span.start : mention.start])
    sides = (mention.words_start - 1, mention.words_start, mention.end)
    listed = any(paragraph.words(at, at + 1) == "、" for at in sides)
    if len(marks) < _LIST or not listed or cue("printed_rule", "step").search(before[-_NEAR:]):
        return Role.THRESHOLD
    hits = [(m.start(), role) for name, role in _BARE for m in cue("score", name).finditer(before)]
    return max(hits)[1] if hits else Role.THRESHOLD


def _count_role(source: Source, paragraph: Paragraph, mention: Mention) -> Role | None:
    if not mention.measure and not mention.after:
        return None
    if mention.quantity.bound in _ONE_SIDED and "余" not in mention.quantity.text and "多" not in mention.quantity.text:
        return Role.TARGET
    words = plain(mention.words)
    if cue("played", "aimed").search(words):
        return Role.TARGET
    promised = _is_promised(source, paragraph, mention)
    if mention.quantity.unit in ("人", "名"):
        around = mention.words + mention.after
        if cue("played", "posts").search(around):
            return Role.ESTABLISHMENT
        if cue("played", "staff").search(around):
            return Role.HEADCOUNT
    if cue("change", "moved").search(words) and not is_base(mention):
        return Role.CHANGE
    if cue("played", "reached").search(words):
        return Role.ACTUAL
    if promised and mention.quantity.unit not in _LISTED:
        return Role.TARGET
    return Role.ASSET if cue("played", "stock").search(plain(mention.measure)) else Role.COUNT


def role_of(source: Source, paragraph: Paragraph, mention: Mention, named: Named | None) -> Role | None:
    dimension = mention.quantity.dimension
    if in_a_rule(paragraph, mention):
        full = dimension is Dimension.SCORE and _score_role(source, paragraph, mention) is Role.FULL_MARK
        return Role.FULL_MARK if full else Role.THRESHOLD
    if dimension is Dimension.MONEY:
        return _money_role(source, paragraph, mention, named)
    if dimension in (Dimension.PERCENT, Dimension.POINT):
        return _percent_role(source, paragraph, mention)
    if dimension is Dimension.SCORE:
        return _score_role(source, paragraph, mention)
    if dimension is Dimension.TIME:
        return Role.TARGET if cue("played", "aimed").search(plain(mention.words)) else Role.DURATION
    if dimension is Dimension.NONE:
        if mention.quantity.bound in _ONE_SIDED and cue("score", "score").search(plain(mention.after)):
            return Role.THRESHOLD
        return Role.RATE if names_a_rate(plain(mention.words)) else None
    return _count_role(source, paragraph, mention)
