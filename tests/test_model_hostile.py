"""No number that is not in the report enters a review, however a model writes it."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

import pytest

from reviewer.extraction.model.grounding import Grounding
from reviewer.extraction.model.guard import cuts_a_number, grounded, grounded_sentences, joined, tidy
from reviewer.extraction.model.masking import Masker
from reviewer.extraction.model.tagging import Shown
from reviewer.review import read_source
from reviewer.schema import Concern, Figure, Indicator, Quantity, QuantityKind, Sentence, Source
from tests.model_kit import REPORTS, concern, grounding, indicator, label

# Numbers as they are written


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("支出874.36万元", "支出874.36万元"),
        ("支出８７４．３６万元", "支出874.36万元"),
        ("支出874.36", "支出874.36万元"),
        ("1200株", "1,200株"),
        ("增长3.5%", "增长3.5％"),
        ("增长百分之3.5", "增长3.5%"),
        ("3个任务", "3项任务"),
        ("12名职工", "12人"),
        ("叁佰万元", "三百万元"),
        ("廿三人", "二十三人"),
        ("二○二三年", "二〇二三年"),
        ("得8分", "得8分 | 8"),
        ("两处说法不能同时成立，全文没有一个指标提到。", "防火意识显著增强"),
        ("进一步统一口径，逐一核对，第三方机构一并说明，十分重要。", "防火意识显著增强"),
        ("一是没有指标，二是没有结果。", "防火意识显著增强"),
        ("上半年与下半年的说法不一致，千方百计、三公经费、一般公共预算。", "防火意识显著增强"),
        ("面积为300㎡", "面积为300平方米"),
    ],
)
def test_a_number_that_is_printed_may_be_told(said: str, printed: str) -> None:
    assert grounded(said, printed)


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("支出847.36万元", "支出874.36万元"),
        ("支出874.36亿元", "支出874.36万元"),
        ("支出874.36元", "支出874.36万元"),
        ("占874.36%", "支出874.36万元"),
        ("支出8743.6万元", "支出874.36万元"),
        ("支出８４７．３６万元", "支出874.36万元"),
        ("支出5万元", "得分 | 5"),
        ("提高3.5%", "提高3.5个百分点"),
        ("3.5‰", "3.5%"),
        ("千分之3.5", "3.5%"),
        ("百分之九十八点六", "百分之九十八点五"),
        ("百分之98", "百分之九十八点五"),
        ("九成八", "九成"),
        ("三分之二", "三分之一"),
        ("12人", "12人次"),
        ("12天", "12个月"),
        ("6个月", "6月底"),
        ("得分①", "得1分"),
        ("⑤件", "6件"),
        ("12²", "122"),
        ("½", "1个、2个"),
        ("Ⅳ类", "类"),
        ("III类水质", "类"),
        ("㈤项", "六项"),
        ("伍万元", "六万元"),
        ("廿五人", "二十三人"),
        ("卅人", "三十一人"),
        ("两项", "三项"),
        ("完成一项", "完成5项"),
        ("俩人", "3人"),
        ("排名第一", "排名第二"),
        ("第三季度", "第一季度"),
        ("完成一半", "完成"),
        ("过半数", "群众"),
        ("三年半", "三年"),
        ("翻一番", "增长"),
        ("翻两番", "翻一番"),
        ("近百人", "12人"),
        ("数十件", "12件"),
        ("零投诉", "5起投诉"),
        ("得分为五。", "得分为六。"),
        ("12，100人", "12100人"),
        ("12100人", "12，100人"),
        ("1O0人", "10人、100人"),
        ("8\u200b47万元", "874万元"),
        ("8\u03387\u03384", "8、74"),
        ("2024年", "2023年"),
        ("5—8件", "5件"),
        ("five items", "六项"),
        ("٥ items", "6"),
        ("㏤", "6日"),
    ],
)
def test_a_number_written_otherwise_than_it_is_printed_is_noticed(said: str, printed: str) -> None:
    assert not grounded(said, printed)


def test_sentences_are_judged_one_by_one() -> None:
    assert grounded_sentences("没有说明原因。应为9件！请补充", "8件") == ("没有说明原因。请补充", 1)
    assert grounded_sentences("", "8件") == ("", 0)


def test_signs_nobody_sees_do_not_reach_a_reader() -> None:
    assert tidy(" 8\u200b74\u202e万\u0336元\n") == "874万元"


@pytest.mark.parametrize(
    ("piece", "cut"),
    [("874.36万元", False), ("74.36万元", True), ("874.3", True), ("874", True), ("36万元", True), ("万元", True), ("支出", False)],
)  # fmt: skip
def test_a_piece_of_a_number_is_told_from_a_whole_one(piece: str, cut: bool) -> None:
    text = "支出874.36万元，"
    at = text.index(piece)
    assert cuts_a_number(text, at, at + len(piece)) is cut


# A hostile model

ALTERATIONS = 2000
_PLAIN = re.compile(r"\d+(?:\.\d+)?")
_UNITS = ("万元", "亿元", "元", "%", "‰", "个百分点", "件", "人", "人次", "分", "天", "个月", "平方米")
_HAN = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"


def swapped(digits: str, chance: random.Random) -> str:
    places = [i for i in range(len(digits) - 1) if digits[i].isdigit() and digits[i + 1].isdigit()]
    if not places:
        return changed(digits, chance)
    at = chance.choice(places)
    return digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]


def changed(digits: str, chance: random.Random) -> str:
    at = chance.choice([i for i, char in enumerate(digits) if char.isdigit()])
    return digits[:at] + chance.choice([d for d in "0123456789" if d != digits[at]]) + digits[at + 1 :]


def shifted(digits: str, chance: random.Random) -> str:
    whole, _, rest = digits.partition(".")
    if rest:
        return (
            f"{whole}{rest[0]}.{rest[1:]}".rstrip(".")
            if chance.random() < 0.5
            else f"{whole[:-1] or '0'}.{whole[-1]}{rest}"
        )
    return f"{digits}0" if chance.random() < 0.5 else f"{digits[:-1] or '0'}.{digits[-1]}"


def cut(digits: str, chance: random.Random) -> str:
    return digits[1:] if len(digits) > 1 and digits[1] not in "." else digits + chance.choice("123456789")


def in_full_width(digits: str, chance: random.Random) -> str:
    return changed(digits, chance).translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789."})


def in_chinese(digits: str, chance: random.Random) -> str:
    names = chance.choice((_HAN, _FORMAL))
    return "".join(names[int(c)] if c.isdigit() else "点" for c in changed(digits, chance))


def in_percent(digits: str, chance: random.Random) -> str:
    return "百分之" + "".join(_HAN[int(c)] if c.isdigit() else "点" for c in changed(digits, chance))


def circled(digits: str, chance: random.Random) -> str:
    return "①②③④⑤⑥⑦⑧⑨"[chance.randrange(9)]


def grouped(digits: str, chance: random.Random) -> str:
    whole, dot, rest = changed(digits, chance).partition(".")
    return (f"{int(whole):,}" if whole else "0") + dot + rest


WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    swapped, changed, shifted, cut, in_full_width, in_chinese, in_percent, circled, grouped,
)  # fmt: skip


@cache
def sources() -> tuple[Source, ...]:
    return tuple(read_source([path]) for path in REPORTS)


def sentences_with_numbers() -> list[tuple[Source, Sentence, tuple[Quantity, ...]]]:
    found = []
    for source in sources():
        for sentence in source.sentences:
            span = sentence.span
            numbers = tuple(
                q
                for q in source.within(span.document, span.start, span.end)
                if q.kind is QuantityKind.QUANTITY and q.span.end <= span.end and _PLAIN.match(q.text)
            )
            if numbers:
                found.append((source, sentence, numbers))
    return found


def offered(chance: random.Random) -> Iterator[tuple[Source, Sentence, str, str]]:
    """Sentences of the fixtures, each with one number altered: (…, the altered number, the sentence with it)."""
    pool = sentences_with_numbers()
    while True:
        source, sentence, numbers = chance.choice(pool)
        quantity = chance.choice(numbers)
        digits = _PLAIN.match(quantity.text)
        assert digits is not None
        if chance.random() < 0.15:
            unit = chance.choice([u for u in _UNITS if u not in quantity.text and u != quantity.unit])
            altered = digits.group() + unit
        else:
            altered = chance.choice(WAYS)(digits.group(), chance) + quantity.text[digits.end() :]
        start = quantity.span.start - sentence.span.start
        text = source.text(sentence.span)
        wrong = text[:start] + altered + text[start + len(quantity.text) :]
        # An alteration that happens to be printed somewhere in the sentence brings nothing new; a lone 一 is a word.
        if not printed(altered, text) and altered not in _HAN + _FORMAL:
            yield source, sentence, altered, wrong


def printed(altered: str, text: str) -> bool:
    """Whether a number stands in the text as it is written; told apart by its neighbours, and without the guard."""
    plain = altered.translate({ord(c) + 0xFEE0: c for c in "0123456789."}).replace(",", "")
    around = re.sub(r"(?<=\d),(?=\d{3})", "", text.translate({ord(c) + 0xFEE0: c for c in "0123456789."}))
    number = _PLAIN.match(plain)
    if number is None:
        return altered in text
    unit = plain[number.end() :].strip()
    alike = rf"(?<![\d.]){re.escape(number.group())}(?!\d|\.\d)\s*{re.escape(unit)}"
    return re.search(alike, around) is not None


def words_of(found: Sequence[Figure | Indicator | Concern]) -> Iterator[str]:
    """The words that a model has brought into a review."""
    for one in found:
        match one:
            case Figure(measure=measure, subject=subject):
                yield from (measure, subject or "")
            case Indicator(text=text, suggestion=suggestion):
                yield from (text, suggestion or "")
            case Concern(text=text, question=question):
                yield from (text, question or "")


def test_of_two_thousand_altered_numbers_none_enters_a_review() -> None:
    hostile = offered(random.Random(20230815))
    held: dict[str, Grounding] = {}
    entered: list[tuple[str, str]] = []
    answered = elsewhere = 0
    for _ in range(ALTERATIONS):
        source, sentence, altered, wrong = next(hostile)
        key = source.documents[0].sha256
        one = held[key] = held.get(key) or grounding(source)
        own = source.within(sentence.span.document, sentence.span.start, sentence.span.end)[0]
        shown = Shown("", {"q1": own}, {"s1": sentence})
        said = [altered, altered_words(wrong, altered), " ".join(wrong.split())]
        name = joined(source.text(sentence.span))[:2]
        indicators = one.indicators([indicator("s1", words) for words in said], shown)
        indicators += one.indicators(
            [indicator("s1", name, issues=["no_base"], suggestion=f"达到{s}") for s in said], shown
        )
        concerns = one.concerns(
            [concern(["s1"], f"报告称{s}，没有依据。请说明。", f"为何是{s}？") for s in said], shown
        )
        # Names may come from anywhere in the report; a number that stands elsewhere in it is nothing new.
        figures: list[Figure] = []
        if printed(altered, source.documents[0].text):
            elsewhere += 1
        else:
            figures = [f for s in said for f in one.figures([label("q1", s, s)], shown)]
            figures += [f for s in said for f in one.figures([label("q1", "支出", s)], shown)]
        entered += [(altered, w) for w in words_of([*figures, *indicators, *concerns]) if tells(w, altered)]
        answered += len(concerns)
    assert entered == []
    # The sentence beside the altered one stays: the guard is not simply deaf. And most names were put to the test.
    assert answered == 3 * ALTERATIONS
    assert elsewhere < ALTERATIONS / 2


def tells(text: str, altered: str) -> bool:
    """Whether a number stands in a text as a whole: 3.34 is not told by 703.34."""
    return re.search(rf"(?<![\d.０-９．]){re.escape(altered)}(?!\d|\.\d)", text) is not None


def altered_words(text: str, altered: str) -> str:
    """The altered number with a few characters on either side, as a name would have it."""
    at = text.index(altered)
    return text[max(0, at - 6) : at + len(altered) + 4]


def test_the_same_numbers_unaltered_may_be_told() -> None:
    """The guard must not be safe by refusing everything."""
    chance = random.Random(7)
    pool = sentences_with_numbers()
    dropped = []
    for source, sentence, numbers in chance.sample(pool, 400):
        quantity = chance.choice(numbers)
        said = f"报告称{' '.join(quantity.text.split())}，没有说明依据。"
        shown = Shown("", {}, {"s1": sentence})
        if not grounding(source, Masker.of(source)).concerns([concern(["s1"], said)], shown):
            dropped.append((quantity.text, source.text(sentence.span)))
    assert len(dropped) <= 4, dropped
