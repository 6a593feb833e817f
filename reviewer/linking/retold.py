"""One fact told again in other words: in its heading, behind 上述, in a clause that shares a long name.

Names decide which two numbers may be one; only a slip between them (judging) then says that they should have been.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.linking.index import Index
from reviewer.linking.names import told_twice
from reviewer.linking.wording import stretch
from reviewer.schema import (
    Bound,
    Claim,
    Closure,
    Dimension,
    Quantity,
    QuantityKind,
    Role,
    Span,
)

_DIMENSIONS = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.PERCENT)
_BUDGETS = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
_ANY = (Role.AMOUNT, Role.COUNT, Role.CHANGE)
_NEVER = (Role.THRESHOLD, Role.FULL_MARK, Role.LOST_MARK, Role.SHARE)
_GRAM, _ENDING = 4, 3
"""Characters that two names share to be perhaps one; fewer do where both end in them."""
_LONG = 6
"""Characters shared by a fact and its repetition where a word says that it is one: 据此填报."""
_HEADING, _UNDER = 45, 800
"""Characters of a heading, and of what is still told under it."""
_MOST = 12
"""A name that so many numbers share is the report's subject, and no one's."""
_LENGTHS = {"米", "公里", "千米"}
_LEFT = "年末结余"
"""Money left at the end of a year is known again by that, however it is told."""
_YEARS = re.compile(r"(?:19|20)\d\d")
_STOP = re.compile("[，,。；;！？!?\n\t|]")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("retold")[name])


@cache
def _marks() -> re.Pattern[str]:
    return re.compile(load("restated")["context"]["marks"])


@dataclass(frozen=True, slots=True)
class _Told:
    """A number with its clause."""

    quantity: Quantity
    before: str
    after: str
    sentence: str
    role: Role | None

    @property
    def words(self) -> str:
        return re.sub(r"[\d,.%]+", "", _pattern("common").sub("|", f"{self.before}|{self.after}"))

    @property
    def apart(self) -> frozenset[str]:
        """What makes it another value of its name."""
        before = _pattern("of_year").sub("", self.before)
        if self.left_over:
            before = _pattern("left_over").sub("", before)
        return frozenset(_marks().findall(before) + _pattern("group").findall(before + self.after))

    @property
    def left_over(self) -> bool:
        """Whether it is what a year left: 年末结转33.85万元, 年末尚有38.35万元结转."""
        said = _pattern("year_end").search(self.before)
        return said is not None and _pattern("left_over").search(self.before[said.end() :] + self.after[:4]) is not None

    @property
    def years(self) -> frozenset[str]:
        return frozenset(_YEARS.findall(self.before))


def _told(index: Index, quantity: Quantity) -> _Told | None:
    if quantity.kind is not QuantityKind.QUANTITY or quantity.value is None or quantity.dimension is None:
        return None
    text = index.source.document(quantity.span.document).text
    sentence = index.source.sentence_at(quantity.span.document, quantity.span.start)
    opens = sentence.span.start if sentence else quantity.span.start
    before = text[opens : quantity.span.start]
    clauses = _STOP.split(before)
    own = clauses[-1]
    # 「本部门公务接待费连续三年下降，2023年为2.46万元」: the clause before holds the name.
    if len(clauses) > 1 and len(re.sub(r"[\d,.%|]+", "", _pattern("common").sub("", plain(own)))) < 2:
        own = f"{clauses[-2]}，{own}"
    after = _STOP.split(text[quantity.span.end : quantity.span.end + 16])[0]
    figure = index.by_quantity.get(quantity.id)
    name = quantity.span.table or (sentence.id if sentence else "")
    return _Told(quantity, plain(own), plain(after), name, figure.role if figure else None)


def _claim(index: Index, first: Quantity, again: Quantity, concept: str, closure: Closure) -> Claim:
    section = index.source.section_at(again.span.document, again.span.start)
    return told_twice(first.id, again.id, concept, closure, section=section.id, by=("offline",))


def _one_kind(one: Quantity, other: Quantity) -> bool:
    if one.dimension is not other.dimension or one.span.document != other.span.document:
        return False
    if one.dimension is Dimension.COUNT:
        return (one.unit or "").lstrip("万千百亿") == (other.unit or "").lstrip("万千百亿")
    if one.dimension is Dimension.MEASURE:
        units = {(quantity.unit or "").lstrip("万百亿") for quantity in (one, other)}
        return len(units) == 1 or units <= _LENGTHS
    return one.dimension in _DIMENSIONS


def _one_role(one: _Told, other: _Told) -> bool:
    roles = {one.role, other.role}
    if roles & set(_NEVER):
        return False
    return len({"budget" if role in _BUDGETS else "done" for role in roles - {None, *_ANY}}) < 2


def _same_value(one: Quantity, other: Quantity) -> bool:
    return (one.value, one.scale) == (other.value, other.scale)


def _shares(one: str, other: str, size: int) -> bool:
    return any("|" not in one[n : n + size] and one[n : n + size] in other for n in range(len(one) - size + 1))


def _headings(index: Index, told: dict[str, _Told]) -> Iterator[Claim]:
    """「（一）改造户厕2,150座」 and the number of its unit under it that its words speak of."""
    for line, end in _heading_lines(index):
        inside = index.source.within(line.document, line.start, end)
        heads = [q for q in inside if q.span.start < line.end and q.id in told and q.dimension in _DIMENSIONS]
        body = [q for q in inside if q.span.start >= line.end and q.id in told]
        for head in heads:
            same = [q for q in body if _one_kind(head, q)]
            if any(_same_value(head, q) for q in same):
                continue
            name = told[head.id].words
            for q in same:
                pointed = _pattern("again").search(told[q.id].before)
                near = told[q.id].apart <= told[head.id].apart and _shares(name, told[q.id].words, 2)
                near = near and not _siblings(name, told[q.id].words) and not _pattern("part").search(told[q.id].before)
                if near or pointed:
                    yield _claim(index, head, q, "retold", Closure.LISTED)


def _heading_lines(index: Index) -> Iterator[tuple[Span, int]]:
    """Numbered lines that are no sentences, and where what stands under each of them ends."""
    for document in index.source.documents:
        text = document.text
        marks = [q for q in index.source.quantities if q.kind is QuantityKind.HEADING]
        starts = [
            q.span
            for q in marks
            if q.span.document == document.id and not text[text.rfind("\n", 0, q.span.start) + 1 : q.span.start].strip()
        ]
        ends = [*(span.start for span in starts), len(text)][1:]
        for span, end in zip(starts, ends, strict=True):
            line_end = text.find("\n", span.start)
            line = text[span.start : line_end].rstrip()
            if 0 <= line_end < end and len(line) <= _HEADING and not line.endswith(("。", "；", "，", "、")):
                yield span.model_copy(update={"end": line_end}), min(end, line_end + _UNDER)


def _pointed(index: Index, told: list[_Told]) -> Iterator[Claim]:
    """「上述1,274万元改造补助」: the number of that name before it."""
    for place, again in enumerate(told):
        noun = _pattern("noun").match(again.after)
        if noun is None or not _pattern("again").search(again.before) or again.quantity.dimension not in _DIMENSIONS:
            continue
        earlier = [one for one in told[max(0, place - 6) : place] if _one_kind(one.quantity, again.quantity)]
        if not earlier or any(_same_value(one.quantity, again.quantity) for one in earlier):
            continue
        named = [
            one
            for one in reversed(earlier)
            if any(noun.group(1)[n : n + 2] in one.before + one.after for n in range(len(noun.group(1)) - 1))
        ]
        text = index.source.document(again.quantity.span.document).text
        for one in named[:1]:
            between = text[one.quantity.span.end : again.quantity.span.start]
            whole = noun.group(1)[:_GRAM] in one.before + one.after
            sure = whole and one is earlier[-1] and _pattern("pointing").search(again.before)
            closure = Closure.COMPLETE if sure and _sure(again, between) else Closure.LISTED
            yield _claim(index, one.quantity, again.quantity, "retold", closure)


def _sure(again: _Told, between: str) -> bool:
    """Whether nothing but the first number can be meant: no list between, and no number small enough to count one."""
    small = len(re.sub(r"\D", "", again.quantity.text)) < 2
    left_out = _pattern("except").search(again.after) is not None
    return not small and not left_out and _pattern("chosen").search(between) is None and "、" not in between


def _grams(one: _Told) -> Iterator[str]:
    """The stretches of words by which a number may be known again."""
    words = one.words
    if one.left_over and one.quantity.dimension is Dimension.MONEY:
        yield _LEFT
    yield from (gram for n in range(len(words) - _GRAM + 1) if "|" not in (gram := words[n : n + _GRAM]))
    before = re.sub(r"[\d,.%]+", "", _pattern("common").sub("|", one.before)).rstrip("|")
    if _pattern("ending").search(before):
        yield before[-_ENDING:]


def _alike(index: Index, told: list[_Told]) -> Iterator[Claim]:
    """Numbers of one kind in two sentences whose clauses share a long stretch of words."""
    groups: dict[str, list[_Told]] = defaultdict(list)
    for one in told:
        if one.quantity.bound is Bound.EXACT and one.quantity.dimension in _DIMENSIONS:
            for gram in dict.fromkeys(_grams(one)):
                if not (one.quantity.dimension is Dimension.MONEY and _pattern("siblings").search(gram)):
                    groups[gram].append(one)
    pairs: dict[tuple[str, str], tuple[_Told, _Told]] = {}
    for group in groups.values():
        if len(group) <= _MOST:
            pairs |= {(a.quantity.id, b.quantity.id): (a, b) for n, b in enumerate(group) for a in group[:n]}
    for one, again in pairs.values():
        if _may_be_one(one, again):
            # 「据此填报为31处」 says itself that it repeats; else only a slip that is no later year's value tells.
            sure = _pattern("repeating").search(again.before) and _shares(one.words, again.words, _LONG)
            closure = Closure.COMPLETE if sure else Closure.LISTED
            yield _claim(index, one.quantity, again.quantity, "retold_loosely", closure)


def _siblings(one: str, other: str) -> bool:
    """Whether each name has words of its own before what they share: 城区公厕改造 and 农村公厕改造."""
    shared = stretch(one, other)
    fronts = [words.partition(shared)[0].rpartition("|")[2] for words in (one, other)]
    return all(fronts) and all(
        not any(front[n : n + 2] in told for n in range(max(1, len(front) - 1)))
        for front, told in zip(fronts, (other, one), strict=True)
    )


def _may_be_one(one: _Told, again: _Told) -> bool:
    if one.sentence == again.sentence or not _one_kind(one.quantity, again.quantity):
        return False
    if not _one_role(one, again) or one.apart != again.apart:
        return False
    if _siblings(one.words, again.words):
        return False
    return not (one.years and again.years and one.years != again.years)


def _marks_again(index: Index, told: list[_Told]) -> Iterator[Claim]:
    """「如前所述，……效益类指标得24.5分」: the mark of that name before it, in a table set as text or in prose."""
    marks = [one for one in told if one.quantity.dimension in (Dimension.SCORE, Dimension.NONE)]
    for place, again in enumerate(marks):
        text = index.source.document(again.quantity.span.document).text
        sentence = index.source.sentence_at(again.quantity.span.document, again.quantity.span.start)
        if sentence is None or not _pattern("repeats").search(text[sentence.span.start : again.quantity.span.start]):
            continue
        name = _mark(again)
        named = [one for one in marks[:place] if name and _mark(one) == name and one.sentence != again.sentence]
        if len(named) == 1:
            yield _claim(index, named[0].quantity, again.quantity, "retold", Closure.COMPLETE)


def _mark(one: _Told) -> str:
    return _pattern("mark").sub("", one.before)


def retold(index: Index) -> Iterator[Claim]:
    """Every number that names, a heading or a pointing word tie to one before it."""
    found = {q.id: one for q in index.source.quantities if (one := _told(index, q)) is not None}
    told = list(found.values())
    yield from _pointed(index, told)
    yield from _headings(index, found)
    yield from _marks_again(index, told)
    yield from _alike(index, told)
