"""Names for numbers whose own words only say what part they play: 得4分, 目标不低于95%, 比上年提高1.36个百分点.

A mark, a target, a result is named by the item whose paragraph it stands in; a change and the level it starts from by
the number before them; a counted thing by the noun behind it. Names change nothing that is computed or linked.
"""

import re
from collections.abc import Iterator
from functools import cache

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.linking.index import Index
from reviewer.linking.names import headed
from reviewer.schema import Dimension, Figure, Quantity, Role

_MARKS = (Role.SCORE, Role.FULL_MARK, Role.LOST_MARK)
_OF_ITEM = (*_MARKS, Role.THRESHOLD, Role.TARGET, Role.ACTUAL, Role.RATE, Role.COUNT, Role.DURATION, Role.AMOUNT)
OWN_TOTAL = "自评总分"
"""The name of the score of the whole report."""
_SHORTEST, _LONGEST = 2, 16
"""Characters of a heading that names something measured."""
_CLAUSE = re.compile(r"[，,。；;：:！？\n]")


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("naming")[name])


def named(index: Index) -> tuple[Figure, ...]:
    """The figures, each with the shortest name that says what it measures."""
    names = {figure.id: figure.measure for figure in _named(index)}
    return tuple(figure.model_copy(update={"measure": names[figure.id]}) for figure in index.reading.figures)


def _named(index: Index) -> Iterator[Figure]:
    before: Figure | None = None
    for figure in sorted(index.reading.figures, key=lambda f: _place(index, f)):
        quantity = index.quantity(figure)
        name = _name(index, figure, quantity, before) if quantity.span.table is None else None
        before = figure.model_copy(update={"measure": name}) if name else figure
        yield before


def _place(index: Index, figure: Figure) -> tuple[str, int]:
    span = index.quantity(figure).span
    return span.document, span.start


def _name(index: Index, figure: Figure, quantity: Quantity, before: Figure | None) -> str | None:
    """A better name than its own words give; None where there is none."""
    words = plain(figure.measure)
    if figure.role is Role.THRESHOLD and quantity.dimension is Dimension.SCORE and (grade := _grade(index, quantity)):
        return grade
    if _pattern("own_total").search(words) and figure.role is Role.SCORE:
        return OWN_TOTAL
    if _pattern("relative").fullmatch(words):
        return _of_before(index, quantity, before)
    if figure.role is Role.SHARE and (part := _part(index, quantity, words, before)):
        return part
    if (noun := _noun(index, quantity, words)) is not None:
        return noun
    if figure.role in _OF_ITEM and _pattern("generic").fullmatch(words):
        return _item(index, figure, quantity, before)
    if figure.role in _MARKS and (tail := _pattern("marked").search(words)):
        return words[: tail.start()] if tail.start() >= _SHORTEST else None
    if figure.role in _OF_ITEM and (rate := _pattern("bare_rate").fullmatch(words)):
        item = _item(index, figure, quantity, None)
        return item if item and item.endswith(rate.group("rate")) else None
    if lead := _pattern("front").match(words):
        rest = words[lead.end() :]
        return rest if len(rest) >= _SHORTEST else None
    return None


def _item(index: Index, figure: Figure, quantity: Quantity, before: Figure | None) -> str | None:
    """The item that a section or the marks in its first words name; a mark under a whole class, the number before."""
    name = plain(headed(index, figure, quantity))
    name = re.split(r"[，,（(]", re.sub(_pattern("class_before"), "", name))[0]
    if figure.role in _MARKS:
        name = re.sub(_pattern("item_end"), "", name)
        if _pattern("whole_class").fullmatch(name) and figure.role is not Role.FULL_MARK:
            told = _of_before(index, quantity, before)
            name = told if told and not _pattern("generic").fullmatch(plain(told)) else name
    unfit = _pattern("no_mark" if figure.role in _MARKS else "no_item").search(name)
    return name if _SHORTEST <= len(name) <= _LONGEST and not unfit else None


def _of_before(index: Index, quantity: Quantity, before: Figure | None) -> str | None:
    """The name of the number before in the same sentence."""
    if before is None:
        return None
    other = index.quantity(before).span
    if other.document != quantity.span.document or other.table is not None:
        return None
    sentence = index.source.sentence_at(other.document, other.start)
    here = index.source.sentence_at(other.document, quantity.span.start)
    together = sentence is not None and here is not None and sentence.id == here.id
    return before.measure if together and not _pattern("relative").fullmatch(plain(before.measure)) else None


def _part(index: Index, quantity: Quantity, words: str, before: Figure | None) -> str | None:
    """「女性1,467人，占60.67%」: the part and that it is a share; 「占支出总计的60.54%」: of what."""
    told = _pattern("share").match(words)
    if told is None:
        inside = _pattern("inside").match(words)
        return words[inside.end() :] if inside else None
    part = _of_before(index, quantity, before)
    if part is None:
        return None
    part = re.sub(_pattern("inside"), "", plain(part)).removesuffix("占比")
    return f"{part}{words}" if told.group("base") else f"{part}占比"


def _noun(index: Index, quantity: Quantity, words: str) -> str | None:
    """The noun behind a count whose words before it name nothing, or something else."""
    if quantity.dimension is not Dimension.COUNT:
        return None
    text = index.source.document(quantity.span.document).text
    clause = plain(_CLAUSE.split(text[max(0, quantity.span.start - 40) : quantity.span.start])[-1])
    behind = _pattern("noun").match(plain(text[quantity.span.end : quantity.span.end + 12]))
    inherited = words not in clause
    if behind is None or not (inherited or _pattern("verb").fullmatch(words) or clause == ""):
        return None
    return behind.group("noun")


def _grade(index: Index, quantity: Quantity) -> str | None:
    """「95分（含）以上为优」: a limit is named by the grade it opens."""
    text = index.source.document(quantity.span.document).text
    found = _pattern("grade").match(plain(text[quantity.span.end : quantity.span.end + 20]))
    return found.group("grade") if found else None
