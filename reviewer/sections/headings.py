"""Which paragraphs are headings, or begin with one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reviewer.lexicon.numbering import Marker, marker_at
from reviewer.schema.source import Block, Document

_LONGEST = 50
_LONGEST_WITH_STOP = 16
_LONGEST_RUN_IN = 16
_LONGEST_BOLD = 30
_LONGEST_MARKED_UP = 80

_BLANKS = " \t\r\f\v\u3000\u00a0\ufeff\u200b\u200c\u200d\u2060"
_RUN_IN = re.compile(rf"[{_BLANKS}]*([^，；：。！？:;,!?]{{2,{_LONGEST_RUN_IN}}})([。：:])")
_WEAK = re.compile(rf"[{_BLANKS}]*([^；：。！？:;!?]{{2,30}})。")
_ATTACHMENT = re.compile(r"(?:附件|附表|附录)[ \t]*(?:[0-9０-９]{1,2}|[一二三四五六七八九十])?[ \t]*(?:[：:].{0,40})?")
ATTACHMENT_STYLE = "attachment"
_RANKS = {
    "part": 0,
    "cn_comma": 1,
    "cn_paren": 2,
    "digit_dot": 3,
    "digit_multi": 3,
    "digit_paren": 4,
    "digit_half_paren": 4,
    "circled": 5,
}
"""How styles usually nest: only to tell where one list ends and the next begins."""
_ENUMERATED = re.compile("一是|首先")
_LEADER = re.compile(r"(?:[.．·…]{3,}|…)[ \t]*[0-9０-９]*$")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found at the start of a block."""

    start: int
    body: int
    style: str | None
    number: str | None
    title: str
    markup_level: int | None


def find_headings(document: Document) -> list[Heading]:
    """The headings, each judged by its words first and then beside its numbered neighbours."""
    text, blocks = document.text, document.blocks
    found: dict[int, Heading] = {}
    for index, block in enumerate(blocks):
        heading = _heading(text, block) or (_attachment(text, block) if found else None)
        if heading is not None:
            found[index] = heading
    for group in _siblings(document):
        strong = [index for index in group if index in found]
        weak = {
            index: heading
            for index in group
            if index not in found and (heading := _weak_heading(text, blocks[index])) is not None
        }
        others = len(group) - len(strong) - len(weak)
        outline_style = any(_style_rank(marker_at(text[blocks[i].start : blocks[i].end])) <= 2 for i in group[:1])
        if (strong and len(strong) + len(weak) > 2 * others) or (outline_style and len(weak) > 1 and not others):
            found |= weak
        for index in strong:
            if _is_list_item(text, blocks[index], found[index], len(strong) + len(weak), others):
                del found[index]
    return [found[index] for index in sorted(found)]


def _siblings(document: Document) -> Iterator[list[int]]:
    """Indexes of numbered paragraphs, those together that number one list or one level."""
    open_groups: dict[str, list[int]] = {}
    for index, block in enumerate(document.blocks):
        if block.kind == "table":
            continue
        words = document.text[block.start : block.end]
        marker = marker_at(words)
        if marker is None or marker.start > 0:
            continue
        style = _style(words, marker)
        for other in [name for name in open_groups if _RANKS[name.split(":")[0]] > _style_rank(marker)]:
            yield open_groups.pop(other)
        open_groups.setdefault(style, []).append(index)
    yield from open_groups.values()


def _style_rank(marker: Marker | None) -> int:
    return len(_RANKS) if marker is None else _RANKS[marker.style]


def _is_list_item(text: str, block: Block, heading: Heading, headings: int, others: int) -> bool:
    """A short numbered sentence among numbered sentences: 5.完成上级交办的其他任务。"""
    if block.heading_level is not None or block.bold_end is not None:
        return False
    if heading.body < block.end:
        return others > headings
    return text[block.end - 1] in "。！？" and others >= headings


def _weak_heading(text: str, block: Block) -> Heading | None:
    """A longer opening sentence that is a heading only if its neighbours are."""
    words = text[block.start : block.end]
    marker = marker_at(words)
    match = _WEAK.match(words, marker.end) if marker else None
    if marker is None or match is None or marker.style == "circled" or match[1].count("，") > 1:
        return None
    body = block.start + match.end()
    return _made(text, block, marker, body)


def _attachment(text: str, block: Block) -> Heading | None:
    """附件 1：… on a line of its own, behind the report's body."""
    words = text[block.start : block.end]
    if block.kind == "table" or block.heading_level is not None or not _ATTACHMENT.fullmatch(words):
        return None
    return Heading(block.start, block.end, ATTACHMENT_STYLE, None, words.strip(_BLANKS + "：:"), None)


def _heading(text: str, block: Block) -> Heading | None:
    """The heading the block begins with, if it looks like one taken by itself."""
    if block.kind == "table":
        return None
    words = text[block.start : block.end]
    marker = marker_at(words)
    if marker is not None and marker.start > 0:
        marker = None
    if _LEADER.search(words) and block.heading_level is None and len(words) <= 60:
        return None
    bold = None if block.bold_end is None else block.bold_end - block.start
    body = _body(words, marker, block.heading_level, bold)
    if body is None:
        return None
    return _made(text, block, marker, block.start + body)


def _made(text: str, block: Block, marker: Marker | None, body: int) -> Heading | None:
    """The heading from the start of `block` to `body`; None without a word in it."""
    words = text[block.start : body]
    title = words[marker.end if marker else 0 :].strip(_BLANKS + "。：:.")
    if not title and marker is None:
        return None
    return Heading(
        start=block.start,
        body=body,
        style=None if marker is None else _style(words, marker),
        number=None if marker is None else words[marker.start : marker.end],
        title=title,
        markup_level=block.heading_level,
    )


def _body(words: str, marker: Marker | None, level: int | None, bold: int | None) -> int | None:
    """Where the heading at the start of `words` ends; None if there is none."""
    if level is not None and len(words) <= _LONGEST:
        return _run_in(words, marker) or len(words)
    if bold is not None and (end := _bold_lead_in(words, bold, marker)) is not None:
        return end
    if marker is None:
        return len(words) if level is not None and len(words) <= _LONGEST_MARKED_UP else None
    if marker.style == "circled":
        alone = len(words) <= _LONGEST_BOLD and not re.search("[，。；：,;:]", words)
        return len(words) if alone else None
    if (end := _run_in(words, marker)) is not None:
        return end
    if _stands_alone(words, marker) or (level is not None and len(words) <= _LONGEST_MARKED_UP):
        return len(words)
    return None


def _run_in(words: str, marker: Marker | None) -> int | None:
    """End of a short numbered title that its own text follows in the same paragraph."""
    if marker is None or marker.style == "circled":
        return None
    match = _RUN_IN.match(words, marker.end)
    if match is None or len(_HAN.findall(match[1])) < 2:
        return None
    rest = words[match.end() :].strip()
    if not rest or (match[2] != "。" and len(rest) <= 20 and "。" not in rest):
        return None
    return match.end()


def _bold_lead_in(words: str, bold: int, marker: Marker | None) -> int | None:
    """End of a bold opening that is set off from what follows: by a stop, by a blank, or by its number."""
    lead = words[:bold]
    if len(lead) > _LONGEST_BOLD or len(_HAN.findall(lead)) < 2:
        return None
    if _ENUMERATED.match(lead) and "二是" in words[bold:]:
        return None
    if bold >= len(words):
        return None if lead.endswith(("；", ";", "，", ",")) else len(words)
    set_off = lead.endswith(("。", "：", ":", "？", "！")) or marker is not None or words[bold] in _BLANKS
    end = bold
    while end < len(words) and words[end] in "。：:":
        end, set_off = end + 1, True
    return end if set_off else None


def _stands_alone(words: str, marker: Marker) -> bool:
    """A short numbered paragraph that is no sentence, no list item and no filled-in field."""
    if words.endswith(("；", ";", "，", ",", "、")) or not words[marker.end :].strip():
        return False
    if re.match(r"[ \t]*[\u4e00-\u9fff]{2,10}[：:][^：:]+$", words[marker.end :]):
        return False
    if words.endswith(("。", "！", "？", "!", "?")):
        return len(words) <= _LONGEST_WITH_STOP
    return len(words) <= _LONGEST and len(_HAN.findall(words[marker.end :])) >= 2 and "。" not in words


def _style(words: str, marker: Marker) -> str:
    """The marker's style; 1.2 and 1.2.3 are two."""
    if marker.style != "digit_multi":
        return marker.style
    return f"{marker.style}:{len(re.findall('[.．]', words[marker.start : marker.end]))}"
