"""Rates of things counted, whose name tells what is counted (合格率, 办结率), and averages (人均, 户均)."""

import re
from functools import cache

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.levels import moves
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue, same_kind
from reviewer.extraction.offline.scopes import FAR, behind, of_result, rate_opened
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain, rate_in
from reviewer.schema import (
    Bound,
    ClaimKind,
    Closure,
    Dimension,
    Operand,
    OperandRole,
    OperandSet,
    Quantity,
    Role,
)

_COUNTED = (Dimension.COUNT, Dimension.MEASURE)
_ALL = 100
"""100% is also said of a group of its own."""
_LIMITS = (Bound.EXACT, Bound.AT_LEAST)
_ROLES = {"headcount": Role.HEADCOUNT, "establishment": Role.ESTABLISHMENT}


def pairs_claim(
    builder: Builder,
    paragraph: Paragraph,
    result: Mention,
    pairs: list[tuple[Quantity, Quantity]],
    *,
    kind: ClaimKind = ClaimKind.RATIO,
    concept: str | None = None,
    tied: bool = True,
    closure: Closure = Closure.COMPLETE,
) -> None:
    """One claim for all the pairs that the words allow: it fails only when every one of them does."""
    operands = [
        (
            Operand(role=OperandRole.NUMERATOR, quantity=numerator.id),
            Operand(role=OperandRole.DENOMINATOR, quantity=denominator.id),
        )
        for numerator, denominator in pairs
    ]
    builder.claim(
        kind,
        operands[0],
        result.quantity,
        cue=builder.span(paragraph.document, result.words_start, result.start),
        concept=concept,
        tied=tied,
        closure=closure,
        alternatives=tuple(OperandSet(label="", operands=pair, permitted=True) for pair in operands[1:]),
    )


@cache
def _names() -> list[tuple[tuple[str, ...], re.Pattern[str], dict[str, str]]]:
    entries = load("rates")["counted"]
    return [(tuple(entry["names"]), re.compile(entry.get("words", "(?!)")), entry) for entry in entries]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("rates")["counting"][name])


def _stem(words: str) -> str | None:
    """What a rate's name says is counted: 合格 of 产品抽检合格率."""
    match = _pattern("name").search(words)
    if match is None or _pattern("no_stem").search(match.group("stem")):
        return None
    return match.group("stem")


def _counts(stem: str) -> re.Pattern[str]:
    """Words beside a number that make it the number of cases `stem` speaks of."""
    for names, words, _ in _names():
        if stem.endswith(names):
            return words
    last = re.escape(stem[-2:])
    return re.compile(f"{last}|{re.escape(stem[-2:][::-1])}")


def _near(mention: Mention) -> str:
    """The words that name a number: those before it in its clause, and those behind it."""
    return f"{plain(mention.words)}|{plain(mention.after)}"


def _negated(words: str, counts: re.Pattern[str]) -> bool:
    return re.search(rf"{_pattern('not').pattern}(?:{counts.pattern})", words) is not None


def _due(words: str) -> bool:
    return _pattern("due").search(words) is not None


def qualified(stem: str, words: str) -> bool:
    """Whether the words carry whatever limits the rate's name to some of the cases: 及时 or 按期, 有效, 一次性."""
    in_time = _pattern("in_time")
    return all(
        limit in words or (in_time.search(limit) and in_time.search(words))
        for limit in _pattern("limits").findall(stem)
    )


def _usable(mention: Mention, labels: dict[str, Label]) -> bool:
    label = labels.get(mention.quantity.id)
    return mention.quantity.bound in _LIMITS and not (label and label.listed)


def _counted_so(counts: re.Pattern[str], mention: Mention) -> bool:
    """Whether a number is counted by what the rate says: 「表示满意的266份」, not 「就业困难学员200人，就业率99%」."""
    return re.search(f"(?:{counts.pattern}){_pattern('so_many').pattern}$", plain(mention.words)) is not None


def _wholes_opened(paragraph: Paragraph, rate: Mention, stem: str) -> list[Mention]:
    """The numbers before another rate that 其中 goes back to: 「收回280份，回收率93%；其中满意266份，满意度95%」.

    None where both rates are one, of all and of a group: 「参保率98%，其中脱贫人口620人全部参保，参保率100%」.
    """
    earlier = rate_opened(paragraph, rate)
    named = _pattern("name").search(plain(earlier.words)) if earlier else None
    if earlier is None or named is None or stem.endswith(named["stem"]) or named["stem"].endswith(stem):
        return []
    return of_result(paragraph, earlier) if (rate.quantity.value or 0) < _ALL else []


def _cases(
    paragraph: Paragraph, labels: dict[str, Label], rate: Mention, stem: str, back: int
) -> tuple[list[Mention], list[Mention]]:
    """(numerators, denominators) that the words around the rate offer, nearest first."""
    counts = _counts(stem)
    money = _pattern("of_money").search(stem) is not None
    dimensions = (*_COUNTED, Dimension.MONEY) if money else _COUNTED
    scope = [m for m in of_result(paragraph, rate, back) if m.quantity.dimension in dimensions and _usable(m, labels)]
    if not any(counts.search(_near(m)) for m in scope):
        scope += [m for m in behind(paragraph, rate) if m.quantity.dimension in dimensions and _usable(m, labels)]
    named = [m for m in scope if counts.search(_near(m)) and not _negated(_near(m), counts)]
    numerators = [m for m in named if m.exact and not _due(_near(m)) and qualified(stem, _near(m))]
    if not back and numerators and all(_counted_so(counts, m) for m in numerators):
        opened = _wholes_opened(paragraph, rate, stem)
        scope += [m for m in opened if m.quantity.dimension in dimensions and _usable(m, labels)]
    denominators = [m for m in scope if m not in numerators and not (counts.search(_near(m)) and not _due(_near(m)))]
    return numerators, denominators


def _fits(stem: str, numerator: Mention, denominator: Mention) -> bool:
    if not same_kind(numerator.quantity, denominator.quantity):
        return False
    due = _due(_near(denominator))
    if numerator.quantity.dimension is Dimension.MONEY:
        return denominator.exact
    if _pattern("of_target").search(stem):
        return due
    if denominator.sentence_start != numerator.sentence_start and not _pattern("pool").search(_near(denominator)):
        return False
    if not denominator.exact:
        return False
    return due or denominator.start < numerator.start


def _counted(builder: Builder, paragraph: Paragraph, labels: dict[str, Label], rate: Mention, stem: str) -> None:
    nearest: list[Mention] = []
    for back in range(FAR + 1):
        numerators, denominators = _cases(paragraph, labels, rate, stem, back)
        nearest = nearest or numerators
        pairs = [
            (numerator.quantity, denominator.quantity)
            for numerator in numerators
            for denominator in denominators
            if _fits(stem, numerator, denominator)
        ]
        if pairs:
            # Of several numbers of the same name (非常满意, 满意) the rate may be of their sum.
            several = len(numerators) > 1
            money = numerators[0].quantity.dimension is Dimension.MONEY
            if money and not any(_due(_near(denominator)) for denominator in denominators):
                continue
            told = [m for m in denominators if _due(_near(m)) or _pattern("pool").search(_near(m))]
            several = several or (len(denominators) > 1 and not told and not money)
            more = any(_pattern("more").search(_near(denominator)) for denominator in denominators)
            closure = Closure.OPEN if several or more or (money and back) else Closure.COMPLETE
            tied = back < (1 if money else FAR) and not several
            pairs_claim(builder, paragraph, rate, pairs, tied=tied, closure=closure)
            return
    if len(nearest) == 1 and _pattern("of_target").search(stem):
        _of_distant_target(builder, paragraph, rate, nearest)


def _of_distant_target(builder: Builder, paragraph: Paragraph, rate: Mention, numerators: list[Mention]) -> None:
    """「路基工程当年完成9.8公里，完成率77.78%」: the target stands where the goals are set."""
    builder.claim(
        ClaimKind.SHARE,
        [(OperandRole.NUMERATOR, numerators[0].quantity)],
        rate.quantity,
        cue=builder.span(paragraph.document, rate.words_start, rate.start),
        concept="completion",
        tied=False,
    )


def _staff(builder: Builder, paragraph: Paragraph, labels: dict[str, Label], rate: Mention) -> None:
    """「编制30名，在职28名，在职人员控制率93.33%」, 「在职人员占编制的93.33%」."""
    for back in range(FAR + 1):
        scope = [m for m in of_result(paragraph, rate, back) if m.exact]
        playing = {
            name: [m for m in scope if (found := labels.get(m.quantity.id)) and found.role is role]
            for name, role in _ROLES.items()
        }
        own = [m for m in playing["headcount"] if "在职" in _near(m) or "在编" in _near(m) or "实有" in _near(m)]
        pairs = [(n.quantity, d.quantity) for n in own or playing["headcount"] for d in playing["establishment"]]
        if pairs:
            pairs_claim(builder, paragraph, rate, pairs, tied=back < FAR)
            return


def _scored(builder: Builder, paragraph: Paragraph, labels: dict[str, Label], rate: Mention) -> None:
    """「满分20分，得分19分，得分率95%」."""
    scope = of_result(paragraph, rate)
    roles = {m.quantity.id: label.role for m in scope if (label := labels.get(m.quantity.id))}
    pairs = [
        (n.quantity, d.quantity)
        for n in scope
        for d in scope
        if (roles.get(n.quantity.id), roles.get(d.quantity.id)) == (Role.SCORE, Role.FULL_MARK)
    ]
    if pairs:
        pairs_claim(builder, paragraph, rate, pairs)


def counted_rate(builder: Builder, paragraph: Paragraph, labels: dict[str, Label], rate: Mention) -> None:
    """Note a rate of things counted, from the counts its own name or its words point to."""
    words = plain(rate.words)
    if rate.quantity.dimension is not Dimension.PERCENT or not rate.exact or rate_in(words) is not None:
        return
    if cue("count", "staff_rate").search(words):
        _staff(builder, paragraph, labels, rate)
    elif _pattern("score_rate").search(words):
        _scored(builder, paragraph, labels, rate)
    elif (stem := _stem(words)) is not None:
        _counted(builder, paragraph, labels, rate, stem)


def _per(words: str) -> re.Pattern[str] | None:
    """The units of what an average is taken over: 人 and 名 for 人均."""
    for entry in load("rates")["average"]:
        if re.search(entry["words"], words):
            return re.compile(entry["units"])
    return None


def average(builder: Builder, paragraph: Paragraph, labels: dict[str, Label], mean: Mention) -> None:
    """「发放补贴36万元，惠及1,200人，人均300元」: an amount over the number of those it was for."""
    words = plain(mean.words)
    if mean.quantity.dimension is not Dimension.MONEY or not mean.exact:
        return
    units = _per(words)
    if units is None or _pattern("not_average").search(words + plain(mean.after)):
        return
    scope = [m for m in (*of_result(paragraph, mean), *behind(paragraph, mean)) if m.exact and _usable(m, labels)]
    scope = [m for m in scope if not moves(m)]
    amounts = [m for m in scope if m.quantity.dimension is Dimension.MONEY and _per(plain(m.words)) is None]
    over = [m for m in scope if m.quantity.dimension in _COUNTED and units.fullmatch(m.quantity.unit or "")]
    pairs = [(n.quantity, d.quantity) for n in amounts for d in over]
    if pairs:
        pairs_claim(builder, paragraph, mean, pairs)
