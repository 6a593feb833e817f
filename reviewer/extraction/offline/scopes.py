"""Which numbers of a paragraph a rate or a change may be about: those before it, sentence by sentence."""

from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph
from reviewer.schema import Dimension

FAR = 2
"""How many sentences with numbers before its own a result may take its operands from."""
_RESULTS = (Dimension.PERCENT, Dimension.POINT)


def before(paragraph: Paragraph, mention: Mention, back: int = 0) -> list[Mention]:
    """Mentions before `mention`, nearest first, in its own sentence and in `back` sentences with numbers before it."""
    earlier = [other for other in reversed(paragraph.mentions) if other.start < mention.start]
    starts = list(dict.fromkeys([mention.sentence_start, *(other.sentence_start for other in earlier)]))
    return [other for other in earlier if other.sentence_start in starts[: back + 1]]


def behind(paragraph: Paragraph, mention: Mention) -> list[Mention]:
    """Mentions behind `mention` in its sentence, up to the next rate."""
    found: list[Mention] = []
    for other in paragraph.mentions:
        if other.start <= mention.start:
            continue
        if other.sentence_start != mention.sentence_start or other.quantity.dimension in _RESULTS:
            break
        found.append(other)
    return found


def of_result(paragraph: Paragraph, mention: Mention, back: int = 0, *, past: bool = False) -> list[Mention]:
    """Mentions before a result, up to the result before it: an earlier rate has operands of its own.

    With `past`, two results between which nothing stands share what stands before both.
    """
    found: list[Mention] = []
    for other in before(paragraph, mention, back):
        if other.quantity.dimension not in _RESULTS:
            found.append(other)
        elif other.sentence_start == mention.sentence_start and (found or not past):
            break
    return found


def rate_opened(paragraph: Paragraph, mention: Mention) -> Mention | None:
    """The rate right before `mention` in its sentence, where 其中 follows it: 「回收率93%；其中满意266份，…」."""
    results = [other for other in before(paragraph, mention) if other.quantity.dimension in _RESULTS]
    if results and paragraph.words(results[0].end, mention.start).lstrip("，,；; ").startswith("其中"):
        return results[0]
    return None


def labelled(labels: dict[str, Label], mentions: list[Mention]) -> list[Label]:
    """The labels of those mentions that have one."""
    return [label for mention in mentions if (label := labels.get(mention.quantity.id)) is not None]
