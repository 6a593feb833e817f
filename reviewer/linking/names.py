"""What the words around a figure call it, and what in them makes it another value of the same name."""

import re
from dataclasses import dataclass
from functools import cache

from reviewer.lexicon import load
from reviewer.lexicon.measures import concept_in, is_pool, plain, rate_in, role_in
from reviewer.linking.index import TOTAL, Index
from reviewer.schema import (
    Claim,
    ClaimKind,
    Closure,
    Dimension,
    Figure,
    Operand,
    OperandRole,
    Quantity,
    Role,
)

_MONEY_ROLES = (
    Role.TARGET,
    Role.BUDGET,
    Role.BUDGET_INITIAL,
    Role.BUDGET_ADJUSTED,
    Role.ACTUAL,
    Role.INCOME,
    Role.RECEIVED,
    Role.BALANCE,
    Role.AMOUNT,
)
_REACHED = (Role.ACTUAL, Role.COUNT, Role.RATE)
_OTHERS = (Role.TARGET, Role.HEADCOUNT, Role.ESTABLISHMENT)
MARKS = (Role.SCORE, Role.FULL_MARK)
_BUDGETS = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
_LEAST, _SPECIFIC, _LONG = 2, 4, 6
"""Characters of a name: fewer say nothing; so many may be one thing; so many, said in two places, are one thing."""


@cache
def _pattern(group: str, name: str) -> re.Pattern[str]:
    return re.compile(load("restated")[group][name])


@cache
def _role_words() -> re.Pattern[str]:
    words = (word for entry in load("measures")["role"] for word in entry["words"])
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Name:
    """What one figure is called, and where."""

    figure: Figure
    quantity: Quantity
    kind: tuple[str, ...]
    """Document, period, role, unit and subject: only figures of one kind can be the same."""
    term: str | None
    """The field's own term for it, where the name says nothing beside it."""
    behind: str
    """The noun behind a counted number: 143个建制村."""
    core: str
    """The name without year, owner and words of its role."""
    explicit: bool
    """Whether term and role are in its own words: 执行数 says neither whose nor of what, 基本支出 not which value."""
    marks: frozenset[str]
    funds: frozenset[str]
    sentence: str
    chapter: str


def is_plain(measure: str) -> bool:
    """Whether a measure is the field's term and nothing that narrows it (a project's, a branch's)."""
    named = concept_in(plain(measure))
    rest = _role_words().sub("", plain(measure).replace(named.term, "", 1) if named else plain(measure))
    return not _pattern("money", "beside").sub("", rest).strip("支出收入（）")


def _term(figure: Figure, money: bool) -> tuple[str | None, bool]:
    """(the field's term, whether the words name both it and the role)."""
    words = plain(figure.measure)
    if money:
        if _pattern("money", "total").fullmatch(words) and figure.role in (Role.ACTUAL, *_BUDGETS):
            return figure.concept or TOTAL, False
        if figure.concept is None or is_pool(figure.concept):
            return None, False
        named = concept_in(words)
        if not is_plain(words):
            return None, False
        said = figure.role is Role.INCOME or figure.concept == TOTAL or role_in(words) is not None
        return figure.concept, said and named is not None and not named.generic
    rate = rate_in(words)
    if rate is None or _pattern("core", "front").sub("", words.replace(rate[1], "", 1)).strip("率的"):
        return None, False
    return rate[0].key, False


def _core(words: str, role: Role, money: bool = False) -> str:
    words = _pattern("core", "front").sub("", plain(words))
    if role in MARKS:
        words = _pattern("core", "score_back").sub("", words)
    words = _pattern("core", "back").sub("", words)
    if _pattern("context", "staff").match(words):
        return "在职" if role is Role.HEADCOUNT else "编制"
    return _pattern("core", "money_back").sub("", words) if money else words


def _lent(index: Index, figure: Figure, quantity: Quantity) -> str:
    """The name of a figure whose own words have none: of what it exceeds, of its column, of the heading over it."""
    if quantity.span.table:
        return _core(re.sub(r"[（(].*", "", _header(index, quantity)), figure.role)
    if figure.role is Role.TARGET and (before := _before(index, quantity)):
        return _core(before.measure, figure.role)
    head = headed(index, figure, quantity)
    rivals = [
        other
        for other in index.reading.figures
        if (other.section, other.role) == (figure.section, figure.role)
        and index.quantity(other).span.table is None
        and index.quantity(other).unit == quantity.unit
        and not _core(other.measure, other.role)
        and headed(index, other, index.quantity(other)) == head
    ]
    return head if len(rivals) == 1 else ""


def headed(index: Index, figure: Figure, quantity: Quantity) -> str:
    """The indicator named with its full mark before a figure of its section (办结率（6分）。……), else the heading."""
    marked = [
        other
        for other in index.marks_of(figure.section)
        if index.quantity(other).span.start < quantity.span.start and len(_core(other.measure, other.role)) > _LEAST
    ]
    last = marked[-1] if marked else None
    return _core(last.measure if last else index.source.section(figure.section).title, Role.FULL_MARK)


def _before(index: Index, quantity: Quantity) -> Figure | None:
    """The figure of the same unit right before in the sentence."""
    sentence = index.source.sentence_at(quantity.span.document, quantity.span.start)
    if sentence is None:
        return None
    found = index.source.within(quantity.span.document, sentence.span.start, quantity.span.start)
    return index.by_quantity.get(found[-1].id) if found and found[-1].unit == quantity.unit else None


def _kind(figure: Figure, quantity: Quantity) -> tuple[str, ...] | None:
    """None for what is never restated under its own name: limits, changes, shares."""
    role, unit = figure.role, str(quantity.dimension)
    if role in MARKS and quantity.dimension in (Dimension.SCORE, Dimension.NONE):
        unit = Dimension.SCORE
    elif quantity.dimension is Dimension.TIME:
        if role is not Role.TARGET:
            return None
        unit = (quantity.unit or "").removeprefix("个").removeprefix("工作")
    elif role is Role.TARGET and _pattern("context", "price").match(quantity.unit or ""):
        unit = Dimension.MONEY  # 2,400元/人次 is told again as 2,400元
    elif quantity.dimension is Dimension.MONEY:
        if role not in _MONEY_ROLES:
            return None
        role = Role.BUDGET if role in _BUDGETS else Role.ACTUAL if role is Role.AMOUNT and not figure.concept else role
    elif quantity.dimension in (Dimension.COUNT, Dimension.MEASURE, Dimension.PERCENT):
        if role not in (*_REACHED, *_OTHERS):
            return None
        role = Role.ACTUAL if role in _REACHED else role
        unit = unit if quantity.dimension is Dimension.PERCENT else (quantity.unit or "").lstrip("万千百亿")
    else:
        return None
    if figure.period is None or _pattern("context", "rules").search(figure.subject or ""):
        return None
    return quantity.span.document, figure.period, role, unit, figure.subject or ""


def _around(index: Index, quantity: Quantity) -> tuple[str, str, str]:
    """(the words since the number before, those since the sentence's start, the sentence's id or the table's)."""
    span = quantity.span
    text = index.source.document(span.document).text
    sentence = index.source.sentence_at(span.document, span.start)
    start = sentence.span.start if sentence else span.start
    before = index.source.within(span.document, start, span.start)
    since = before[-1].span.end if before else start
    place = span.table or (sentence.id if sentence else "")
    return plain(text[since : span.start]), plain(text[start : span.start]), place


def _header(index: Index, quantity: Quantity) -> str:
    """The words of a table's column header over a number."""
    span = quantity.span
    document = index.source.document(span.document)
    table = next((table for table in document.tables if table.id == span.table), None)
    if table is None:
        return ""
    cells = (cell for row in table.rows[: table.header_rows] for cell in row if cell.column == span.column)
    return plain("".join(index.source.text(cell.span) for cell in cells))


def _behind(index: Index, quantity: Quantity) -> str:
    if quantity.dimension is not Dimension.COUNT:
        return ""
    text = index.source.document(quantity.span.document).text
    noun = re.match(r"[\u4e00-\u9fff]{2,8}", text[quantity.span.end : quantity.span.end + 8])
    found = noun.group() if noun else ""
    return "" if _pattern("context", "behind").match(found) else found


def name_of(index: Index, figure: Figure) -> Name | None:
    """The figure's name; None when it has none that could be said twice."""
    quantity = index.quantity(figure)
    kind = _kind(figure, quantity)
    if kind is None or quantity.value is None:
        return None
    money = quantity.dimension is Dimension.MONEY
    term, explicit = _term(figure, money)
    core = term or _core(figure.measure, figure.role, money) or _lent(index, figure, quantity)
    near, sentence, place = _around(index, quantity)
    if quantity.span.table:
        near = sentence = _header(index, quantity)
    titles = index.source.path_to(index.source.section(figure.section))
    marks = "target" if figure.role is Role.TARGET else "marks"
    own = plain(figure.measure)
    if _pattern("core", "none").search(own):
        return None
    if money and index.carries_over:
        # What was carried over is in the 总计 and not in the 合计 of the year.
        own += "".join(_pattern("context", "grand").findall(near))
    # A list of results names many projects; a list of amounts, whose money they are.
    whose = sentence if money else f"{re.split('[，；：]', sentence)[0]}｜{near}"
    heads = "｜".join(title.title for title in titles[:-1])
    if index.source.document(quantity.span.document).project:
        # 「项目资金情况」 of a report on one project narrows nothing, 「饮水项目」 may be one of several.
        heads = re.sub("(?<![\u4e00-\u9fff])项目", "", heads)
    funds = _pattern("context", "neutral").sub("", f"{own}｜{whose}｜{heads}")
    return Name(
        figure=figure,
        quantity=quantity,
        kind=kind,
        term=term,
        behind=_behind(index, quantity),
        core=core,
        explicit=explicit,
        marks=frozenset(_pattern("context", marks).findall(f"{near}｜{own}｜{core}")),
        funds=frozenset(_pattern("context", "funds").findall(funds) + _pattern("context", "grand").findall(own)),
        sentence=place,
        chapter=titles[-1].id,
    )


def _within(short: str, long: str) -> bool:
    """Whether all characters of one name stand in the other, in order: 接收 in 接收进馆档案卷数."""
    letters = iter(long)
    return all(letter in letters for letter in short)


def _says_enough(name: Name) -> bool:
    """Whether a name is long enough to mean one thing wherever it stands."""
    if name.core in ("在职", "编制"):
        return True
    bare = _pattern("core", "verb").sub("", name.core)
    least = _SPECIFIC if name.figure.role is Role.TARGET else _LONG
    return len(_pattern("core", "digits").sub("", _pattern("context", "common").sub("", bare))) >= least


def _same_name(one: Name, other: Name) -> Closure | None:
    if one.funds != other.funds or len(one.core) < _LEAST:
        return Closure.OPEN
    tables = {one.quantity.span.table, other.quantity.span.table}
    # Of two tables each may be a project's own.
    apart = None in tables and (one.chapter != other.chapter or len(tables) > 1)
    known = one.figure.role is not Role.AMOUNT and other.figure.role is not Role.AMOUNT
    return Closure.COMPLETE if apart and known and _says_enough(one) else Closure.LISTED


def _same_term(one: Name, other: Name) -> Closure | None:
    roles = {one.figure.role, other.figure.role}
    if roles == {Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED}:
        return None
    if one.funds != other.funds:
        return Closure.OPEN
    if len(roles) > 1:
        return Closure.LISTED
    unnamed = roles == {Role.BUDGET} and one.term != TOTAL and one.chapter != other.chapter
    sure = (one.explicit and other.explicit) or (unnamed and (one.explicit or other.explicit))
    return Closure.COMPLETE if sure else Closure.LISTED


def tie(one: Name, other: Name) -> Closure | None:
    """How firmly words tie two figures of one kind; None when they are not the same.

    complete: the names leave no doubt; listed: alike, so that only a slip proves a contradiction; open: only perhaps
    the same, so that equal values may be told and unequal ones say nothing.
    """
    if one.marks != other.marks or one.sentence == other.sentence:
        return None
    if one.behind and one.behind == other.behind and not (one.term or one.core == other.core):
        return _alike(one, other)
    if one.term and other.term:
        if one.term != other.term:
            return None
        return _same_term(one, other)
    if one.term or other.term or not one.core or not other.core:
        return None
    if one.core == other.core:
        return _same_name(one, other)
    if one.quantity.dimension is Dimension.MONEY or one.figure.role in MARKS:
        return None
    return _alike(one, other)


def _alike(one: Name, other: Name) -> Closure | None:
    short, long = sorted((one.core, other.core), key=len)
    special = not _pattern("context", "units").fullmatch(one.kind[3]) and one.kind[3] != Dimension.PERCENT
    if len(short) >= _LEAST and _within(short, long):
        enough = len(short) >= _SPECIFIC or special
        return Closure.LISTED if enough and one.funds == other.funds else Closure.OPEN
    heads = [_pattern("context", "heads").search(name.core) for name in (one, other)]
    if one.behind and one.behind[:_LEAST] == other.behind[:_LEAST]:
        return Closure.LISTED if one.funds == other.funds else Closure.OPEN
    return Closure.OPEN if heads[0] and heads[1] and heads[0].group() == heads[1].group() else None


def _ends_alike(one: Name, other: Name) -> bool:
    short, long = sorted((one.core, other.core), key=len)
    common = _pattern("context", "common").fullmatch(short)
    return len(short) > _LEAST and not common and long.endswith(short)


def is_the_only(one: Name, other: Name, group: list[Name]) -> bool:
    """Whether two names alike have no rivals: one such target in the prose, one in a table."""
    if one.figure.role is Role.TARGET and _ends_alike(one, other) and one.chapter != other.chapter:
        short = min((one.core, other.core), key=len)
        return sum(name.core.endswith(short) for name in group) == 2
    head = _pattern("context", "heads")
    if head.search(one.core) and head.search(other.core):
        rivals = [name for name in group if head.search(name.core)]
        staff = {bool(_pattern("context", "inside").search(name.core)) for name in (one, other)}
        if len(staff) > 1:
            return False
    elif one.figure.role is Role.TARGET and not _pattern("context", "units").fullmatch(one.kind[3]):
        rivals = [name for name in group if name.kind[3] != Dimension.PERCENT]
    else:
        return False
    return len(rivals) == 2 and bool(one.quantity.span.table) != bool(other.quantity.span.table)


def restatement(first: Figure, again: Figure, concept: str | None, closure: Closure) -> Claim:
    """The claim that two figures are one."""
    return told_twice(first.quantity, again.quantity, concept, closure, section=again.section, by=again.by)


def told_twice(
    first: str, again: str, concept: str | None, closure: Closure, *, section: str, by: tuple[str, ...]
) -> Claim:
    """The claim that two quantities are one; its id is given when all are known."""
    return Claim(
        id="",
        kind=ClaimKind.RESTATEMENT,
        operands=(Operand(role=OperandRole.ITEM, quantity=first),),
        result=again,
        concept=concept,
        closure=closure,
        tied=False,
        section=section,
        by=by,
    )
