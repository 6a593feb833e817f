"""The parts first, then their total: 合计, 四类相加为, 共, and what remains of a number: 其余."""

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention, bracket_depth, cue, same_kind
from reviewer.extraction.offline.sums.lists import FULL_STOP, TOTALS, Lists, fitting, goes_on
from reviewer.extraction.offline.sums.wholes import add
from reviewer.schema import ClaimKind, Closure, Dimension, OperandRole


def totalled(builder: Builder, lists: Lists) -> None:
    """Parts first, then 合计 and the whole."""
    text, offset = lists.paragraph.text, lists.paragraph.start
    cues = [(m.start(), m.end(), Closure.COMPLETE) for m in cue("sum", "total").finditer(text)]
    cues += [(m.start(), m.end(), Closure.LISTED) for m in cue("sum", "loose_total").finditer(text)]
    for start, end, claimed in sorted(cues):
        behind = [m for m in lists.paragraph.mentions if m.start >= offset + end]
        if not behind or FULL_STOP.search(text[end : behind[0].start - offset]) or not lists.additive(behind[0]):
            continue
        whole = behind[0]
        opened = [m.end() + offset for m in cue("sum", "open").finditer(text, 0, start)]
        begin = max([whole.sentence_start, *opened])
        parts = [
            mention
            for mention in lists.paragraph.mentions
            if begin <= mention.start < offset + start
            and same_kind(mention.quantity, whole.quantity)
            and lists.can_be_part(mention)
            and bracket_depth(lists.paragraph.words(begin, mention.start)) == 0
            and lists.concept(mention) not in TOTALS
            and goes_on(lists, whole, mention)
        ]
        counted = [m for m in lists.paragraph.mentions if begin <= m.start < offset + start]
        mixed = whole.quantity.dimension is Dimension.COUNT and any(
            m.quantity.dimension is Dimension.COUNT and not same_kind(m.quantity, whole.quantity) for m in counted
        )
        # 「来信120件，来访85批次，合计205件」 may count the batches as well.
        closure = Closure.OPEN if mixed else claimed
        if len(parts) > 1 and all(goes_on(lists, parts[0], part) for part in parts):
            add(builder, lists, whole, fitting(lists, whole, parts), (offset + start, offset + end), closure)


def remaining(builder: Builder, lists: Lists) -> None:
    """「完好的48台，……，另外2台」: the whole, what is told of it, and the rest, in one sentence."""
    for rest in lists.paragraph.mentions:
        if not cue("sum", "remaining").search(rest.words) or rest.quantity.id in lists.taken or not rest.exact:
            continue
        alike = [
            m
            for m in lists.paragraph.mentions
            if m.sentence_start == rest.sentence_start
            and m.start <= rest.start
            and m.exact
            and same_kind(m.quantity, rest.quantity)
            and bracket_depth(lists.paragraph.words(rest.sentence_start, m.start)) == 0
        ]
        if len(alike) != _TOLD or any(m.quantity.id in lists.taken for m in alike):
            continue
        _noted(builder, lists, alike, rest)


_TOLD = 3
"""The whole, one part and the rest; with more numbers it is not told which of them make up the whole."""


def _noted(builder: Builder, lists: Lists, alike: list[Mention], rest: Mention) -> None:
    whole, part, _ = alike
    lists.taken |= {part.quantity.id, rest.quantity.id}
    builder.claim(
        ClaimKind.SUM,
        [(OperandRole.PART, part.quantity), (OperandRole.PART, rest.quantity)],
        whole.quantity,
        cue=builder.span(lists.paragraph.document, rest.words_start, rest.start),
        closure=Closure.OPEN,
        tied=False,
    )
