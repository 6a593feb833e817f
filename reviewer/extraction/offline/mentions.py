"""Paragraphs cut into clauses, and each number with the words that name it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Block, Bound, Dimension, Quantity, Section, Source

OPENING, CLOSING = "（(〔[【", "）)〕]】"
_CLAUSE_ENDS = "，,。；;！？!?\n\t" + OPENING + CLOSING
_STOPS = "。！？!?\n"
_MEASURE_LENGTH = 30
_LINE = 20
"""Fewer characters are no line of a text that was broken by its width."""
_WRAPPED = 2
"""So many lines a paragraph are lines broken by their width."""
_COMPLETE = "。！？；：!?;:”）)》…"
"""What a finished paragraph ends with."""
_ONWARD = "，。；、的得为是等占在和与及"
"""What no paragraph begins with."""


@cache
def cue(group: str, name: str) -> re.Pattern[str]:
    """The compiled cue pattern `name` of table `group` in the lexicon's cues."""
    return re.compile(load("cues")[group][name])


@dataclass(frozen=True, slots=True)
class Mention:
    """One measuring number in a paragraph; offsets are the document's."""

    quantity: Quantity
    words: str
    """The words of its clause before it, verbatim."""
    words_start: int
    after: str
    """The words behind it up to the next stop or number, verbatim."""
    measure: str
    """What the words say is measured; may be empty."""
    sentence_start: int

    @property
    def start(self) -> int:
        return self.quantity.span.start

    @property
    def end(self) -> int:
        return self.quantity.span.end

    @property
    def exact(self) -> bool:
        return self.quantity.bound is Bound.EXACT


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose inside one section, with its measuring numbers in order."""

    document: str
    start: int
    end: int
    text: str
    section: Section
    mentions: tuple[Mention, ...]

    def words(self, start: int, end: int) -> str:
        """The paragraph's words between two offsets of the document."""
        return self.text[start - self.start : end - self.start]

    def rest_of_sentence(self, mention: Mention) -> str:
        """What stands behind a number up to the next full stop."""
        return re.split(r"[。！？\n]", self.text[mention.end - self.start :])[0]


def bracket_depth(text: str) -> int:
    """Brackets opened less brackets closed."""
    return sum(map(text.count, OPENING)) - sum(map(text.count, CLOSING))


def same_kind(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities could be added: one dimension, and for things counted or measured one unit."""
    if one.dimension is not other.dimension:
        return False
    return one.dimension not in (Dimension.COUNT, Dimension.MEASURE) or one.unit == other.unit


def _clean(words: str) -> str:
    words = cue("clause", "copula").sub("", plain(words))
    words = re.split("[:：]", words)[-1] or words
    words = re.sub(r"^[我本该全]?(?:局|单位|部门|市|区|县)?(?=(?:19|20)\d\d年)", "", words)
    if lead := cue("clause", "lead").match(words):
        words = words[lead.end() :] or words
    words = cue("clause", "opening").sub("", words)
    words = re.sub(
        r"^(?:20\d\d(?:年度|年(?![初末底])|(?=年[初末底]))|(?:本|当|该)年度?|今年(?:以来)?|全年(?![预执收支]))+",
        "",
        words,
    )
    words = cue("clause", "preposition").sub("", words).strip("的了，,：:、")
    return words[-_MEASURE_LENGTH:]


def _left(text: str, begin: int, end: int) -> int:
    """Start of the clause that ends at `end`; a colon right before the number does not end it."""
    cut = end
    while cut > begin and text[cut - 1] in " \t：:\u3000":
        cut -= 1
    while cut > begin:
        if (bracket := _short_bracket(text, begin, cut)) is not None:
            cut = bracket
        elif text[cut - 1] in _CLAUSE_ENDS:
            break
        else:
            cut -= 1
    return max(cut, begin)


def _short_bracket(text: str, begin: int, end: int) -> int | None:
    """Start of the short bracket without numbers that ends at `end`, as in 因公出国（境）费; None when none does."""
    if text[end - 1] not in CLOSING:
        return None
    match = re.search(r"[（(〔\[][^\d（(〔\[]{1,6}$", text[begin : end - 1])
    return begin + match.start() if match and match.start() > 0 else None


def _measure_after(after: str) -> str:
    match = re.match(r"\s*的?([\u4e00-\u9fff“”（）、]{2,14})", after)
    return plain(match.group(1)).strip("的、（）").removesuffix("中") if match else ""


def _named(words: str, after: str, quantity: Quantity) -> str:
    measure = _clean(words)
    if quantity.dimension is Dimension.MONEY and measure in ("", "在", "从", "对") and after.startswith("的"):
        return _measure_after(after)
    counts = quantity.dimension in (Dimension.COUNT, Dimension.TIME, Dimension.MEASURE)
    if counts and (not measure or cue("clause", "verb").search(measure)):
        return _measure_after(after) or measure
    return measure


def _mentions(source: Source, document: str, text: str, start: int, end: int) -> Iterator[Mention]:
    quantities = source.within(document, start, end)
    floor = 0
    previous = ""
    for index, quantity in enumerate(quantities):
        at, stop = quantity.span.start - start, quantity.span.end - start
        left = _left(text, floor, at)
        limit = quantities[index + 1].span.start - start if index + 1 < len(quantities) else len(text)
        behind = re.match(r"[^，,。；;！？!?\n\t（(]*", text[stop:limit])
        after = behind.group() if behind else ""
        measure = _named(text[left:at], after, quantity)
        sentence = max((text.rfind(mark, 0, at) for mark in _STOPS), default=-1) + 1
        if not measure and cue("clause", "total").search(text[left:at]):
            measure = "合计"
        if not measure and left > max(floor, sentence) and quantity.dimension is not Dimension.TIME:
            # The clause holds no name: 「…指标，8分」. Its name stands in the clause before.
            left = _left(text, max(floor, sentence), left - 1)
            measure = _named(text[left:at], after, quantity)
        measure = f"{previous}占比" if measure == "占" else measure or previous
        yield Mention(quantity, text[left:at], start + left, after, measure, start + sentence)
        previous, floor = measure or previous, stop


def paragraph(source: Source, document: str, start: int, end: int) -> Paragraph:
    """The words [start, end) of one section as a paragraph; also used for a cell that holds prose."""
    text = source.document(document).text[start:end].replace("\n", " ")
    section = source.section_at(document, start)
    return Paragraph(document, start, end, text, section, tuple(_mentions(source, document, text, start, end)))


def _goes_on(source: Source, document: str, block: Block, following: Block) -> bool:
    """Whether a paragraph breaks off in mid-sentence and the next block goes on: a line end nobody meant."""
    text = source.document(document).text
    section = source.section_at(document, block.end - 1)
    return (
        block.kind == following.kind == "paragraph"
        and following.heading_level is None
        and section.body < block.end - 1
        and block.end - block.start >= _LINE
        and (
            text[block.end - 1] not in _COMPLETE
            or (text[block.end - 1] in CLOSING and text[following.start] in _ONWARD)
        )
        and re.search("[，。；、]", text[block.start : block.end]) is not None
        and section.span.end > following.start
        and re.match(
            r"\s*(?:[一二三四五六七八九十]+[、是]|[（(][\d一二三四五六七八九十]|\d{1,2}[.．、](?!\d))",
            text[following.start :],
        )
        is None
    )


def paragraphs(source: Source) -> Iterator[Paragraph]:
    """Every paragraph of prose, cut where a section ends inside it (run-in headings)."""
    for document in source.documents:
        blocks = list(document.blocks)
        wrapped = len(document.lines) > len(blocks) * _WRAPPED
        for index, block in enumerate(blocks):
            if wrapped and index and _goes_on(source, document.id, blocks[index - 1], block):
                continue
            stop = index
            while wrapped and stop + 1 < len(blocks) and _goes_on(source, document.id, blocks[stop], blocks[stop + 1]):
                stop += 1
            last = blocks[stop].end
            start = block.start if block.kind == "paragraph" else block.end
            while start < last:
                end = min(last, source.section_at(document.id, start).span.end)
                yield paragraph(source, document.id, start, end)
                start = max(end, start + 1)
