"""Items announced by their number and told one after another: 一是…二是…, （1）…（2）…, numbered paragraphs."""

import re
from collections.abc import Iterator

from reviewer.extraction.offline.mentions import Mention, Paragraph
from reviewer.extraction.offline.names import words
from reviewer.schema import Block, Source

_CHINESE = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"
_NUMERAL = r"[一二三四五六七八九十]{1,2}|[0-9０-９]{1,2}"
_STYLES = tuple(
    re.compile(pattern.format(n=_NUMERAL))
    for pattern in (
        "({n})[是为]",
        "第({n})[，,、：:]|第({n})是",
        "其({n})[，,、是：:]",
        "[（(]([一二三四五六七八九十]{{1,2}})[）)]",
        "[（(]([0-9０-９]{{1,2}})[）)]",
        r"([0-9０-９]{{1,2}})[.．、)）](?![0-9])",
        f"([{_CIRCLED}])",
        "([一二三四五六七八九十]{{1,2}})、",
    )
)
_CLAUSE_START = "。；;：:，,！!？? \t\u3000"
_MORE = re.compile("(?:^|[。；;，,])(?:最后|此外|另外|另有|还有|除此)")


def _number(numeral: str) -> int:
    """The number of a marker: 三, 十二, 12, ③."""
    if numeral in _CIRCLED:
        return _CIRCLED.index(numeral) + 1
    if numeral[0] not in _CHINESE:
        return int(numeral)
    values = [_CHINESE.index(character) + 1 for character in numeral]
    return values[0] if len(values) == 1 else 10 + values[1] if values[0] == 10 else 0


def _marker(style: re.Pattern[str], text: str, at: int) -> int | None:
    """The number of the marker of this style that stands at an offset."""
    match = style.match(text, at)
    return _number(next(group for group in match.groups() if group)) if match else None


def _starts(text: str, start: int, end: int) -> Iterator[int]:
    """Where clauses begin in a stretch."""
    return (at for at in range(start, end) if at == 0 or text[at - 1] in _CLAUSE_START + "\n")


def _blocks_behind(source: Source, paragraph: Paragraph) -> list[Block]:
    """The paragraphs behind one, in its section and those below it; all of them where no heading stands above."""
    document = source.document(paragraph.document)
    if paragraph.section.level == 0:
        return [block for block in document.blocks if paragraph.end <= block.start]
    inside = [
        section
        for section in source.sections
        if section.span.document == paragraph.document
        and any(parent.id == paragraph.section.id for parent in source.path_to(section))
    ]
    end = max(section.span.end for section in inside)
    return [block for block in document.blocks if paragraph.end <= block.start < end]


def _run_in(text: str, style: re.Pattern[str], start: int, end: int) -> tuple[int, int]:
    """(number of the last item, where it begins) of the items inside one paragraph, the first at `start`."""
    reached, last = 1, start
    for at in _starts(text, start + 1, end):
        if _marker(style, text, at) == reached + 1:
            reached, last = reached + 1, at
    return reached, last


def _followed(text: str, style: re.Pattern[str], reached: int, blocks: list[Block]) -> int | None:
    """The number of the last of the items that go on in further paragraphs; None where their numbers are broken."""
    for block in blocks:
        number = _marker(style, text, block.start)
        if number is None:
            continue
        if number == 1:
            break
        if number != reached + 1:
            return None
        reached = number
    return reached


def items_behind(source: Source, paragraph: Paragraph, mention: Mention) -> tuple[int, bool] | None:
    """(number of items, whether a colon announces them) told behind a count; None where none are.

    Nothing but the count's own noun may stand between the count and the first item.
    """
    text = source.document(paragraph.document).text
    blocks = _blocks_behind(source, paragraph)
    first = next(
        (at for at in _starts(text, mention.end, paragraph.end) if any(_marker(s, text, at) == 1 for s in _STYLES)),
        None,
    )
    if first is None:
        if not blocks or blocks[0].kind == "table":
            return None
        first, blocks = blocks[0].start, blocks[1:]
    inside = first < paragraph.end
    gap = text[mention.end : min(first, paragraph.end)]
    style = next((style for style in _STYLES if _marker(style, text, first) == 1), None)
    if style is None or not words("announced").match(gap):
        return None
    reached, last = _run_in(text, style, first, paragraph.end) if inside else (1, first)
    count = _followed(text, style, reached, blocks)
    if count is None or (count == reached and _MORE.search(text[last : paragraph.end])):
        return None
    return count, gap.rstrip()[-1:] in ("：", ":")
