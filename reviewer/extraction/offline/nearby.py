"""Rates, shares and averages beside the numbers they are computed from, told by place, unit and a word in common.

The claim offers every pair of the neighbourhood as a reading: it holds when any of them does, and the first one, which
the words favour, is judged wrong only where a single slip explains it.
"""

import re
from dataclasses import replace
from itertools import permutations

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.counted import qualified
from reviewer.extraction.offline.mentions import Mention, Paragraph
from reviewer.extraction.offline.places import (
    MOST,
    D,
    N,
    Operands,
    Place,
    S,
    alike,
    all_readings,
    in_kinds,
    in_part,
    is_among,
    opens_part,
    pattern,
    place_of,
    quotient,
    ratio,
    same_thing,
    says,
    spent_of,
    taken_from,
    unit_of,
    within,
    words_of,
)
from reviewer.lexicon.measures import plain
from reviewer.schema import Bound, ClaimKind, Closure, Dimension, Quantity

_RESULTS = (Dimension.PERCENT, Dimension.POINT)
_STATED = (Bound.EXACT, Bound.ABOUT)
_ALL = 100


def _named_by(stem: str, mention: Mention) -> int:
    """How much of a rate's name the words of a number share: 2 for two characters in a row, 1 for one of its own."""
    words, own = words_of(mention), re.sub(pattern("bland"), "", stem)
    if any(stem[i : i + 2] in words for i in range(len(stem) - 1) if stem[i] in own or stem[i + 1] in own):
        return 2
    return 1 if any(character in words for character in own) else 0


def _together(place: Place, n: Mention) -> list[Mention]:
    """The list that ends with `n` where the words behind it speak of all: 「甲2,400万元、乙806万元均已到位」."""
    run = [n]
    for other in reversed([m for m in place.near if m.start < n.start]):
        gap = place.paragraph.words(other.end, run[0].start)
        if not pattern("joined").fullmatch(gap) or not alike(other.quantity, n.quantity):
            break
        run.insert(0, other)
    return run if says("all_of_them", n.after) else [n]


def _parted(place: Place, mention: Mention) -> bool:
    """Whether another rate of the sentence stands between, which has operands of its own."""
    return any(
        m.quantity.dimension in _RESULTS and mention.end <= m.start < place.result.start
        for m in place.paragraph.mentions
    )


def _rate(builder: Builder, place: Place, stem: str) -> None:
    """Of two numbers of one unit, what came of it over what was due, tendered or asked."""
    ranked: list[tuple[int, int, Operands, Closure]] = []
    own = place.own()
    here = [m for m in place.near if m.sentence_start == place.result.sentence_start]
    numbers = [m for m in place.near if m.quantity.dimension is not Dimension.SCORE]
    # What was added to a budget or taken from it changes the base, printed or not.
    moved = says("moved", place.paragraph.text[: place.result.start - place.paragraph.start])
    for kind in in_kinds([m for m in numbers if not says("earlier", words_of(m))]):
        alone = sum(m in own for m in kind) == 2 or (len(kind) == 2 and any(m in here for m in kind))
        for n, d in permutations(kind, 2):
            if not (n in here or d in here):
                continue
            spent = spent_of(place, n, d)
            if n.quantity.dimension is Dimension.MONEY and ((moved and not spent) or not says("of_money", stem)):
                continue
            shared = _named_by(stem, n)
            told = shared + says("result", words_of(n))
            among = spent or (taken_from(place, n, d) and (shared > 0 or not opens_part(place, n, d)))
            named = told > 0 and d.start < n.start and same_thing(n, d)
            pool = says("pool", words_of(d)) or among or named
            if not (told or alone or among):
                continue
            due = says("pool", words_of(n)) and not says("result", words_of(n))
            score = told + 2 * pool + (d.start < n.start) + 2 * alone - 2 * due + (n in here) + (d in here)
            score += 3 * (among or named) + within(n, d) + 2 * all(in_part(place, m) for m in (n, d))
            closure = Closure.OPEN
            if told or pool:
                closure = Closure.COMPLETE if told and pool and (alone or among) else Closure.LISTED
            parallel = pattern("joined").fullmatch(place.paragraph.words(min(n.end, d.end), max(n.start, d.start)))
            if (parallel and not pool) or any(_parted(place, m) for m in (n, d)):
                closure = Closure.OPEN
            if not qualified(stem, words_of(n)):
                closure = Closure.OPEN  # done, but whether in time it does not say
            operands = ratio(n, d)
            if says("rest", words_of(n)):
                operands = ((N, d.quantity), (S, n.quantity), (D, d.quantity))
            elif d not in (run := _together(place, n)):
                operands = (*((N, m.quantity) for m in run), (D, d.quantity))
            distance = abs(n.start - place.result.start) + abs(d.start - place.result.start)
            ranked.append((score, -distance, operands, closure))
    if ranked and (place.result.quantity.value or 0) < _ALL:  # 100% is said of more than it is computed for
        _, _, operands, closure = max(ranked, key=lambda entry: entry[:2])
        quotient(builder, place, [operands, *all_readings(numbers)], closure)


def _part(place: Place, own: list[Mention]) -> list[Mention]:
    """The numbers that may be the part, likeliest first: the one its words name, else the nearest."""
    words = re.split("占|比重|份额", place.lead)[0]
    if "前者" in words:
        return own
    named = re.split("在|于", words)[0]
    nearest = list(reversed(own))
    return sorted(nearest, key=lambda m: -_overlap(named, words_of(m)))


def _overlap(one: str, other: str) -> int:
    return sum(one[i : i + 2] in other for i in range(len(one) - 1))


def _share(builder: Builder, place: Place) -> None:
    """The amount before it, of the number inside its words, the one they name, or the whole that is told."""
    inside = [m for m in place.near if place.lead_start <= m.start < place.result.start]
    share_at = place.lead_start + max(place.lead.rfind(word) for word in ("占", "比重", "份额"))
    inside = [m for m in inside if m.start > share_at]
    own = [m for m in place.own() if m not in inside]
    match = pattern("base").search(place.lead)
    base = match.group("base") if match else ""
    for n in _part(place, own):
        kind = [m for m in place.near if m is not n and alike(m.quantity, n.quantity)]
        named = [m for m in kind if _shares_words(base, m)]
        whole = [m for m in kind if m.start < n.start and says("whole", words_of(m))]
        readings = all_readings(place.near)
        if any(m in kind for m in inside):
            quotient(builder, place, [ratio(n, next(m for m in inside if m in kind)), *readings], Closure.COMPLETE)
        elif named:
            quotient(builder, place, [ratio(n, named[-1]), *readings], Closure.COMPLETE)
        elif not base and (among := [m for m in kind if m.start < n.start and is_among(place, n, m)]):
            quotient(builder, place, [ratio(n, among[-1]), *readings], Closure.COMPLETE)
        elif (
            (says("sum_of", place.lead) or (not whole and says("sum_base", place.lead)))
            and (run := [m for m in own if m in kind or m is n])
            and len(run) > 1
        ):
            quotient(builder, place, [((N, n.quantity), *((D, m.quantity) for m in run)), *readings], Closure.LISTED)
        elif whole:
            quotient(builder, place, [ratio(n, whole[-1]), *readings], Closure.LISTED)
        elif kind:
            first = next((m for m in kind if m in own), kind[-1])
            same = first.sentence_start == n.sentence_start
            closure = (Closure.COMPLETE if same else Closure.LISTED) if len(kind) == 1 else Closure.OPEN
            quotient(builder, place, [ratio(n, first), *readings], closure)
        else:
            continue
        return


def _shares_words(base: str, mention: Mention) -> bool:
    words = words_of(mention)
    return any(base[i : i + 2] in words for i in range(len(base) - 1))


def _shares_of_list(builder: Builder, paragraph: Paragraph, results: list[Mention]) -> None:
    """「甲、乙分别占合计的60%、40%」: each percentage is of the number of its place in the list before."""
    place = place_of(paragraph, results[0])
    own = place.own()
    inside = [m for m in own if m.start >= place.lead_start and m.start > place.lead_start + place.lead.find("占")]
    inside = inside if "占" in place.lead else []
    parts = [m for m in own if m not in inside][-len(results) :]
    if len(parts) != len(results) or len(in_kinds(parts)) != 1:
        return
    wholes = [m for m in place.near if m not in parts and alike(m.quantity, parts[0].quantity)]
    base = next((m for m in inside if m in wholes), next((m for m in reversed(wholes)), None))
    for part, result in zip(parts, results, strict=True):
        each = place_of(paragraph, result)
        total = ((N, part.quantity), *((D, m.quantity) for m in parts))
        readings = [total, *(ratio(part, m) for m in wholes)]
        if base is not None:
            # What all of a list's shares are of is its sum, unless the words put another number there.
            readings.insert(0 if base in inside else 1, ratio(part, base))
        quotient(builder, each, readings, Closure.LISTED)
    if len(parts) > 2:
        _by_one_base(builder, paragraph, parts, results)


def _by_one_base(builder: Builder, paragraph: Paragraph, parts: list[Mention], results: list[Mention]) -> None:
    """Every base that all of a list's shares may be of; judging keeps the one that the other shares bear out."""
    first = parts[0].quantity
    wholes = [m for m in paragraph.mentions if m.start < parts[0].start and m.exact and alike(m.quantity, first)]
    bases = [[m.quantity for m in parts], *([m.quantity] for m in reversed(wholes[-MOST:]))]
    for number, base in enumerate(bases):
        for part, result in zip(parts, results, strict=True):
            builder.claim(
                ClaimKind.RATIO,
                [(N, part.quantity), *((D, quantity) for quantity in base)],
                result.quantity,
                cue=builder.span(paragraph.document, results[0].words_start, results[0].start),
                concept="column",
                tied=False,
                stated_text=f"{results[0].quantity.id}={number}",
            )


def _average(builder: Builder, place: Place, per: str) -> None:
    """An amount over the number of what stands behind 每 or before 均."""
    stated = place.result.quantity

    def counted(mention: Mention) -> bool:
        unit, behind = unit_of(mention.quantity), plain(mention.after)[:6]
        if mention.quantity.dimension is Dimension.MONEY or not unit:
            return False
        wanted = "人" if re.fullmatch(pattern("persons"), per[:1]) else per
        time = mention.quantity.dimension is Dimension.TIME and {unit, wanted[:1]} <= {"日", "天"}
        return time or unit.startswith(wanted) or wanted.startswith(unit) or (len(unit) == 1 and per[0] in behind)

    def amount(mention: Mention) -> bool:
        average = says("average", plain(mention.words)) or says("priced", plain(mention.words))
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
    priced = says("priced", place.lead) or says("priced", plain(place.result.after))
    closure = Closure.OPEN if priced else Closure.COMPLETE if told else Closure.LISTED
    quotient(builder, place, [ratio(n, d) for n, d in pairs], closure)


def _of_stated(quantity: Quantity, stated: Quantity) -> bool:
    if quantity.dimension is stated.dimension:
        return stated.dimension is Dimension.MONEY or unit_of(quantity) == unit_of(stated)
    return False


def _divided(builder: Builder, paragraph: Paragraph) -> None:
    """「462.38÷458.00×100%＝93.10%」."""
    mentions = paragraph.mentions
    for at in range(len(mentions) - 2):
        n, d, rest = mentions[at], mentions[at + 1], mentions[at + 2 : at + 4]
        if not pattern("divided").fullmatch(paragraph.words(n.end, d.start)):
            continue
        for result in rest:
            gap = paragraph.words(d.end, result.start).replace("100%", "").replace("100％", "")
            if pattern("equals").fullmatch(gap) and result.exact and n.exact and d.exact:
                place = place_of(paragraph, result)
                quotient(builder, place, [ratio(n, d)], Closure.COMPLETE)


def _compared(place: Place) -> bool:
    """Whether an average is last year's, or the one that is allowed."""
    return says("level", place.lead) or says("level", plain(place.result.after))


def _run(paragraph: Paragraph, at: int) -> list[Mention]:
    """The percentages of one list, from the one at `at` on: 60%、30%和10%."""
    run = [paragraph.mentions[at]]
    for other in paragraph.mentions[at + 1 :]:
        gap = paragraph.words(run[-1].end, other.start)
        if other.quantity.dimension is not Dimension.PERCENT or not pattern("list_gap").fullmatch(gap):
            break
        run.append(other)
    return run


def _placed(paragraph: Paragraph, at: int) -> Place:
    mention, earlier = paragraph.mentions[at], paragraph.mentions[at - 1] if at else None
    opened = earlier is not None and paragraph.words(earlier.end, mention.start) in ("（", "(")
    if earlier and opened and earlier.quantity.dimension is Dimension.PERCENT:  # 「占全部资金的四成（40.02%）」
        return replace(place_of(paragraph, earlier), result=mention)
    return place_of(paragraph, mention)


def _percentage(builder: Builder, place: Place) -> None:
    if says("set", place.lead):
        return
    if says("share", place.lead):
        _share(builder, place)
    elif (match := pattern("rate").search(place.lead)) and not says("not_rate", match.group("stem")):
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
            if (match := pattern("average").search(place.lead)) and not _compared(place):
                _average(builder, place, match.group("per") or match.group("each"))
            continue
        run = _run(paragraph, at)
        listed |= {m.quantity.id for m in run}
        if len(run) == 1:
            _percentage(builder, place)
        elif says("share", place.lead):
            _shares_of_list(builder, paragraph, run)
