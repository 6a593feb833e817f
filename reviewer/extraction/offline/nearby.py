"""Rates, shares and averages beside the numbers they are computed from, told by place, unit and a word in common.

The claim offers every pair of the neighbourhood as a reading: it holds when any of them does, and the first one, which
the words favour, is judged wrong only where a single slip explains it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import permutations

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.levels import moves
from reviewer.extraction.offline.mentions import Mention, Paragraph
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Bound, ClaimKind, Closure, Dimension, Operand, OperandRole, OperandSet, Quantity

_COUNTED = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE, Dimension.SCORE, Dimension.TIME)
_RESULTS = (Dimension.PERCENT, Dimension.POINT)
_STATED = (Bound.EXACT, Bound.ABOUT)
_ALL = 100
_MOST, _LONGEST_SUM, _FAR = 14, 5, 2
_N, _D, _S = OperandRole.NUMERATOR, OperandRole.DENOMINATOR, OperandRole.SUBTRAHEND
_LIMITS = re.compile(load("rates")["counting"]["limits"])
Operands = tuple[tuple[OperandRole, Quantity], ...]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("quotients")[name])


def _says(name: str, words: str) -> bool:
    return _pattern(name).search(words) is not None


@dataclass(frozen=True, slots=True)
class _Place:
    """A result and the numbers around it."""

    paragraph: Paragraph
    result: Mention
    lead: str
    """The words of its clause before it; numbers inside stay as printed."""
    lead_start: int
    near: list[Mention]
    """Usable numbers of its sentence and of the sentences before, in the order of the text."""

    def own(self) -> list[Mention]:
        """Those of its sentence that stand before it."""
        return [m for m in self.near if m.sentence_start == self.result.sentence_start and m.start < self.result.start]


def _unit(quantity: Quantity) -> str:
    unit = (quantity.unit or "").removeprefix("万").removeprefix("亿")
    return "人" if re.fullmatch(_pattern("persons"), unit) else unit


def _alike(one: Quantity, other: Quantity) -> bool:
    """Numbers of one kind: one unit, persons however counted, or 64.8万 beside 23.7万人次."""
    if one.dimension is other.dimension:
        return one.dimension in (Dimension.MONEY, Dimension.SCORE) or _unit(one) == _unit(other)
    kinds = {one.dimension, other.dimension}
    large = all((q.scale or 1) > 1 for q in (one, other))
    return kinds == {Dimension.NONE, Dimension.COUNT} and large


def _usable(mention: Mention) -> bool:
    quantity = mention.quantity
    large = quantity.dimension is Dimension.NONE and (quantity.scale or 1) > 1
    return mention.exact and (quantity.dimension in _COUNTED or large) and not moves(mention)


def _words(mention: Mention) -> str:
    """What names a number: the words of its clause before it, and those behind it."""
    return f"{plain(mention.words)}|{plain(mention.after)}"


def _place(paragraph: Paragraph, result: Mention) -> _Place:
    text = paragraph.text[: result.start - paragraph.start]
    start = max((text.rfind(mark) for mark in "，；。：:！？\n（("), default=-1) + 1
    sentences = list(dict.fromkeys(m.sentence_start for m in paragraph.mentions if m.start <= result.start))
    sentences = [*sentences[-_FAR - 1 :], result.sentence_start]
    near = [m for m in paragraph.mentions if m.sentence_start in sentences and _usable(m) and m is not result]
    before = [m for m in near if m.start < result.start][-_MOST:]
    behind = [m for m in near if m.start > result.start][: _MOST // 2]
    return _Place(paragraph, result, plain(text[start:]), paragraph.start + start, [*before, *behind])


def _claim(builder: Builder, place: _Place, readings: Iterable[Operands], closure: Closure) -> None:
    sets = [tuple(Operand(role=role, quantity=q.id) for role, q in reading) for reading in readings]
    sets = list(dict.fromkeys(sets))
    span = builder.span(place.paragraph.document, place.lead_start, place.result.start)
    builder.claim(
        ClaimKind.RATIO,
        sets[0],
        place.result.quantity,
        cue=span if place.lead_start < place.result.start else None,
        concept="nearby",
        closure=closure,
        alternatives=tuple(OperandSet(label="", operands=other, permitted=True) for other in sets[1:]),
    )


def _ratio(numerator: Mention, denominator: Mention) -> Operands:
    return ((_N, numerator.quantity), (_D, denominator.quantity))


def _all_readings(numbers: Sequence[Mention]) -> list[Operands]:
    """Every pair of one kind, also what is left of the larger, the sum of neighbours, and neighbours as the whole."""
    found: list[Operands] = []
    for d in numbers:
        for n in numbers:
            if n is not d and _alike(n.quantity, d.quantity):
                found.append(_ratio(n, d))
                found.append(((_N, d.quantity), (_S, n.quantity), (_D, d.quantity)))
    for size in range(2, _LONGEST_SUM + 1):
        for at in range(len(numbers) - size + 1):
            run = numbers[at : at + size]
            if all(_alike(run[0].quantity, m.quantity) for m in run):
                found += [((_N, m.quantity), *((_D, o.quantity) for o in run)) for m in run]
                if size <= _LONGEST_SUM - 1:
                    above = tuple((_N, m.quantity) for m in run)
                    found += [
                        (*above, (_D, d.quantity))
                        for d in numbers
                        if d not in run and _alike(d.quantity, run[0].quantity)
                    ]
                    left = tuple((_S, m.quantity) for m in run)
                    found += [
                        ((_N, d.quantity), *left, (_D, d.quantity))
                        for d in numbers
                        if d not in run and _alike(d.quantity, run[0].quantity)
                    ]
    return found


def _in_kinds(numbers: list[Mention]) -> list[list[Mention]]:
    """The numbers by kind, in the order of the text."""
    kinds: list[list[Mention]] = []
    for mention in numbers:
        kind = next((k for k in kinds if _alike(k[0].quantity, mention.quantity)), None)
        kind.append(mention) if kind else kinds.append([mention])
    return kinds


def _named_by(stem: str, mention: Mention) -> int:
    """How much of a rate's name the words of a number share: 2 for two characters in a row, 1 for one of its own."""
    words, own = _words(mention), re.sub(_pattern("bland"), "", stem)
    if any(stem[i : i + 2] in words for i in range(len(stem) - 1) if stem[i] in own or stem[i + 1] in own):
        return 2
    return 1 if any(character in words for character in own) else 0


def _together(place: _Place, n: Mention) -> list[Mention]:
    """The list that ends with `n` where the words behind it speak of all: 「甲2,400万元、乙806万元均已到位」."""
    run = [n]
    for other in reversed([m for m in place.near if m.start < n.start]):
        gap = place.paragraph.words(other.end, run[0].start)
        if not _pattern("joined").fullmatch(gap) or not _alike(other.quantity, n.quantity):
            break
        run.insert(0, other)
    return run if _says("all_of_them", n.after) else [n]


def _parted(place: _Place, mention: Mention) -> bool:
    """Whether another rate of the sentence stands between, which has operands of its own."""
    return any(
        m.quantity.dimension in _RESULTS and mention.end <= m.start < place.result.start
        for m in place.paragraph.mentions
    )


def _rate(builder: Builder, place: _Place, stem: str) -> None:
    """Of two numbers of one unit, what came of it over what was due, tendered or asked."""
    ranked: list[tuple[int, int, Operands, Closure]] = []
    own = place.own()
    here = [m for m in place.near if m.sentence_start == place.result.sentence_start]
    numbers = [m for m in place.near if m.quantity.dimension is not Dimension.SCORE]
    # What was added to a budget or taken from it changes the base, printed or not.
    moved = _says("moved", place.paragraph.text[: place.result.start - place.paragraph.start])
    for kind in _in_kinds([m for m in numbers if not _says("earlier", _words(m))]):
        alone = sum(m in own for m in kind) == 2 or (len(kind) == 2 and any(m in here for m in kind))
        for n, d in permutations(kind, 2):
            if not (n in here or d in here):
                continue
            if n.quantity.dimension is Dimension.MONEY and (moved or not _says("of_money", stem)):
                continue
            shared = _named_by(stem, n)
            told = shared + _says("result", _words(n))
            pool = _says("pool", _words(d))
            if not (told or alone):
                continue
            due = _says("pool", _words(n)) and not _says("result", _words(n))
            score = told + 2 * pool + (d.start < n.start) + 2 * alone - 2 * due + (n in here) + (d in here)
            closure = Closure.OPEN
            if told or pool:
                closure = Closure.COMPLETE if told and pool and alone else Closure.LISTED
            parallel = _pattern("joined").fullmatch(place.paragraph.words(min(n.end, d.end), max(n.start, d.start)))
            if (parallel and not pool) or any(_parted(place, m) for m in (n, d)):
                closure = Closure.OPEN
            if any(limit not in _words(n) for limit in _LIMITS.findall(stem)):
                closure = Closure.OPEN  # done, but whether in time it does not say
            operands = _ratio(n, d)
            if _says("rest", _words(n)):
                operands = ((_N, d.quantity), (_S, n.quantity), (_D, d.quantity))
            elif d not in (run := _together(place, n)):
                operands = (*((_N, m.quantity) for m in run), (_D, d.quantity))
            distance = abs(n.start - place.result.start) + abs(d.start - place.result.start)
            ranked.append((score, -distance, operands, closure))
    if ranked and (place.result.quantity.value or 0) < _ALL:  # 100% is said of more than it is computed for
        _, _, operands, closure = max(ranked, key=lambda entry: entry[:2])
        _claim(builder, place, [operands, *_all_readings(numbers)], closure)


def _part(place: _Place, own: list[Mention]) -> list[Mention]:
    """The numbers that may be the part, likeliest first: the one its words name, else the nearest."""
    words = re.split("占|比重|份额", place.lead)[0]
    if "前者" in words:
        return own
    named = re.split("在|于", words)[0]
    nearest = list(reversed(own))
    return sorted(nearest, key=lambda m: -_overlap(named, _words(m)))


def _overlap(one: str, other: str) -> int:
    return sum(one[i : i + 2] in other for i in range(len(one) - 1))


def _share(builder: Builder, place: _Place) -> None:
    """The amount before it, of the number inside its words, the one they name, or the whole that is told."""
    inside = [m for m in place.near if place.lead_start <= m.start < place.result.start]
    share_at = place.lead_start + max(place.lead.rfind(word) for word in ("占", "比重", "份额"))
    inside = [m for m in inside if m.start > share_at]
    own = [m for m in place.own() if m not in inside]
    match = _pattern("base").search(place.lead)
    base = match.group("base") if match else ""
    for n in _part(place, own):
        kind = [m for m in place.near if m is not n and _alike(m.quantity, n.quantity)]
        named = [m for m in kind if _shares_words(base, m)]
        whole = [m for m in kind if m.start < n.start and _says("whole", _words(m))]
        readings = _all_readings(place.near)
        if any(m in kind for m in inside):
            _claim(builder, place, [_ratio(n, next(m for m in inside if m in kind)), *readings], Closure.COMPLETE)
        elif named:
            _claim(builder, place, [_ratio(n, named[-1]), *readings], Closure.COMPLETE)
        elif (
            (_says("sum_of", place.lead) or (not whole and _says("sum_base", place.lead)))
            and (run := [m for m in own if m in kind or m is n])
            and len(run) > 1
        ):
            _claim(builder, place, [((_N, n.quantity), *((_D, m.quantity) for m in run)), *readings], Closure.LISTED)
        elif whole:
            _claim(builder, place, [_ratio(n, whole[-1]), *readings], Closure.LISTED)
        elif kind:
            first = next((m for m in kind if m in own), kind[-1])
            same = first.sentence_start == n.sentence_start
            closure = (Closure.COMPLETE if same else Closure.LISTED) if len(kind) == 1 else Closure.OPEN
            _claim(builder, place, [_ratio(n, first), *readings], closure)
        else:
            continue
        return


def _shares_words(base: str, mention: Mention) -> bool:
    words = _words(mention)
    return any(base[i : i + 2] in words for i in range(len(base) - 1))


def _shares_of_list(builder: Builder, paragraph: Paragraph, results: list[Mention]) -> None:
    """「甲、乙分别占合计的60%、40%」: each percentage is of the number of its place in the list before."""
    place = _place(paragraph, results[0])
    own = place.own()
    inside = [m for m in own if m.start >= place.lead_start and m.start > place.lead_start + place.lead.find("占")]
    inside = inside if "占" in place.lead else []
    parts = [m for m in own if m not in inside][-len(results) :]
    if len(parts) != len(results) or len(_in_kinds(parts)) != 1:
        return
    wholes = [m for m in place.near if m not in parts and _alike(m.quantity, parts[0].quantity)]
    base = next((m for m in inside if m in wholes), next((m for m in reversed(wholes)), None))
    for part, result in zip(parts, results, strict=True):
        each = _place(paragraph, result)
        total = ((_N, part.quantity), *((_D, m.quantity) for m in parts))
        readings = [*(_ratio(part, m) for m in wholes), total]
        if base is not None:
            readings.insert(0, _ratio(part, base))
        _claim(builder, each, readings, Closure.LISTED)


def _average(builder: Builder, place: _Place, per: str) -> None:
    """An amount over the number of what stands behind 每 or before 均."""
    stated = place.result.quantity

    def counted(mention: Mention) -> bool:
        unit, behind = _unit(mention.quantity), plain(mention.after)[:6]
        if mention.quantity.dimension is Dimension.MONEY or not unit:
            return False
        wanted = "人" if re.fullmatch(_pattern("persons"), per[:1]) else per
        time = mention.quantity.dimension is Dimension.TIME and {unit, wanted[:1]} <= {"日", "天"}
        return time or unit.startswith(wanted) or wanted.startswith(unit) or (len(unit) == 1 and per[0] in behind)

    def amount(mention: Mention) -> bool:
        average = _says("average", plain(mention.words)) or _says("priced", plain(mention.words))
        return not average and _of_stated(mention.quantity, stated)

    over = [m for m in place.near if counted(m)]
    amounts = [m for m in place.near if amount(m) and m not in over]
    pairs = [(n, d) for n in amounts for d in over if n is not d]
    if not pairs:
        return
    here = place.result.sentence_start
    pairs.sort(
        key=lambda p: (
            (p[0].sentence_start != here) + (p[1].sentence_start != here),
            abs(p[0].start - place.result.start) + abs(p[1].start - place.result.start),
        )
    )
    own = [p for p in pairs if all(m.sentence_start == here and m.start < place.result.start for m in p)]
    told = len(own) == 1
    pairs = [*own, *(p for p in pairs if p not in own)]
    priced = _says("priced", place.lead) or _says("priced", plain(place.result.after))
    closure = Closure.OPEN if priced else Closure.COMPLETE if told else Closure.LISTED
    _claim(builder, place, [_ratio(n, d) for n, d in pairs], closure)


def _of_stated(quantity: Quantity, stated: Quantity) -> bool:
    if quantity.dimension is stated.dimension:
        return stated.dimension is Dimension.MONEY or _unit(quantity) == _unit(stated)
    return False


def _divided(builder: Builder, paragraph: Paragraph) -> None:
    """「462.38÷458.00×100%＝93.10%」."""
    mentions = paragraph.mentions
    for at in range(len(mentions) - 2):
        n, d, rest = mentions[at], mentions[at + 1], mentions[at + 2 : at + 4]
        if not _pattern("divided").fullmatch(paragraph.words(n.end, d.start)):
            continue
        for result in rest:
            gap = paragraph.words(d.end, result.start).replace("100%", "").replace("100％", "")
            if _pattern("equals").fullmatch(gap) and result.exact and n.exact and d.exact:
                place = _place(paragraph, result)
                _claim(builder, place, [_ratio(n, d)], Closure.COMPLETE)


def _compared(place: _Place) -> bool:
    """Whether an average is last year's, or the one that is allowed."""
    return _says("level", place.lead) or _says("level", plain(place.result.after))


def _run(paragraph: Paragraph, at: int) -> list[Mention]:
    """The percentages of one list, from the one at `at` on: 60%、30%和10%."""
    run = [paragraph.mentions[at]]
    for other in paragraph.mentions[at + 1 :]:
        gap = paragraph.words(run[-1].end, other.start)
        if other.quantity.dimension is not Dimension.PERCENT or not _pattern("list_gap").fullmatch(gap):
            break
        run.append(other)
    return run


def _placed(paragraph: Paragraph, at: int) -> _Place:
    mention, earlier = paragraph.mentions[at], paragraph.mentions[at - 1] if at else None
    opened = earlier is not None and paragraph.words(earlier.end, mention.start) in ("（", "(")
    if earlier and opened and earlier.quantity.dimension is Dimension.PERCENT:  # 「占全部资金的四成（40.02%）」
        return replace(_place(paragraph, earlier), result=mention)
    return _place(paragraph, mention)


def _percentage(builder: Builder, place: _Place) -> None:
    if _says("set", place.lead):
        return
    if _says("share", place.lead):
        _share(builder, place)
    elif (match := _pattern("rate").search(place.lead)) and not _says("not_rate", match.group("stem")):
        _rate(builder, place, match.group("stem"))


def extract_nearby(builder: Builder, paragraph: Paragraph) -> None:
    """Note the rates, shares and averages whose operands stand around them."""
    _divided(builder, paragraph)
    listed: set[str] = set()
    for at, mention in enumerate(paragraph.mentions):
        quantity = mention.quantity
        if quantity.bound not in _STATED or quantity.id in listed:
            continue
        place = _placed(paragraph, at)
        if quantity.dimension is not Dimension.PERCENT:
            if (match := _pattern("average").search(place.lead)) and not _compared(place):
                _average(builder, place, match.group("per") or match.group("each"))
            continue
        run = _run(paragraph, at)
        listed |= {m.quantity.id for m in run}
        if len(run) == 1:
            _percentage(builder, place)
        elif _says("share", place.lead):
            _shares_of_list(builder, paragraph, run)
