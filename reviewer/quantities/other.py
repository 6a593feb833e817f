"""Stretches with digits that measure nothing: headings, document numbers, ordinals, telephones, codes."""

import re

from reviewer.lexicon import load
from reviewer.lexicon.numbering import marker_at
from reviewer.quantities import units
from reviewer.quantities.context import Context, Found, Marker
from reviewer.quantities.grammar import tail_at
from reviewer.quantities.numerals import NUMERALS
from reviewer.schema.numbers import QuantityKind

CIRCLED = "①-⒛⓪-⓾㉑-㉟㊱-㊿㈠-㈩㊀-㊉❶-➓"
_CJK = r"\u4e00-\u9fff“‘《「"
_DIGIT_MARKER = re.compile(r"[0-9]{1,2}(?: ?[.、)]|(?:\.[0-9]{1,2}){1,3}[ 、])")
_NUMBER = re.compile(r"[0-9]{1,2}")
_CONSTANT = re.compile(r"100 ?%")
# An item of a list inside a paragraph is no longer than this.
_ITEM = 1000
_STOPS = "。;；!！?？:"


def heading(context: Context, start: int) -> Found | None:
    """A heading's number, or a list number at the start of a clause: 一、, （3）, 2., ②."""
    text = context.text
    if (end := context.numbered.get(start)) is not None:
        return Found(start, end, QuantityKind.HEADING)
    before = context.before(start)
    opening = before in "\n\t"
    first = text[start]
    if first.isdigit() and first.isascii():
        if not _DIGIT_MARKER.match(text, start):
            return None
    elif first == "(":
        pass
    elif not opening:
        return None
    line = text[start : start + 24].split("\n", 1)[0].split("\t", 1)[0]
    marker = marker_at(line)
    if marker is None or marker.start:
        return None
    end = start + marker.end
    if not _is_marker(context, start, end, marker.style, opening):
        return None
    digits = _NUMBER.search(line, 0, marker.end)
    if digits:
        context.marker = Marker(marker.style, int(digits.group()), start)
    return Found(start, end, QuantityKind.HEADING)


def _is_marker(context: Context, start: int, end: int, style: str, opening: bool) -> bool:
    """Whether a stretch shaped like a list number is one where it stands."""
    text = context.text
    if style in ("cn_paren", "circled", "part"):
        return True
    follows = context.after(end)
    before = context.before(start)
    if style == "cn_comma":
        return opening
    if style == "digit_multi":
        # 98.5 and 3.5 场 are measured; 1.2 目标 is numbered.
        number = [int(part) for part in re.findall("[0-9]+", text[start:end])]
        in_cell = context.document.cell_at(start) is not None
        return (
            opening
            and not in_cell
            and max(number) <= 30
            and bool(re.match(f"[{_CJK}]", follows))
            and (tail_at(text, end) is None)
        )
    if follows in "\n\t" or (follows.isdigit() and style == "digit_dot" and not opening):
        return False
    if opening:
        return True
    if style == "digit_half_paren":
        open_paren = text.rfind("(", max(0, start - 30), start)
        if open_paren > text.rfind(")", max(0, start - 30), start):
            return False
    if before in _STOPS:
        return True
    # Behind a blank or a comma only the successor of the last list number is one.
    number_match = _NUMBER.search(text, start, end)
    last = context.marker
    return (
        number_match is not None
        and last is not None
        and last.style == style
        and int(number_match.group()) == last.number + 1
        and start - last.at < _ITEM
        and "\n" not in text[last.at : start]
        and (before in ",，、”)》" or text[start - 1] == " ")
    )


def circled(context: Context, start: int) -> Found | None:
    """①: never a number that measures."""
    return Found(start, start + 1, QuantityKind.HEADING)


_BRACKETED = re.compile(
    r"[〔\[(【] ?(?:19|20)[0-9]{2} ?[〕\])】] ?第? ?[0-9]{1,5} ?号文?"
    r"|[〔\[] ?(?:19|20)[0-9]{2} ?[〕\]] ?[0-9]{1,5}(?![0-9])"
    r"|\((?:19|20)[0-9]{2}\)[\u4e00-\u9fff]{1,2}[0-9]{0,5}[\u4e00-\u9fff]{1,4}[0-9]+号"
)
_AREA = re.compile(r"\(0[0-9]{2,3}\) ?[0-9]{7,8}")


def bracketed(context: Context, start: int) -> Found | None:
    """〔2024〕5号, (020)12345678."""
    if match := _BRACKETED.match(context.text, start):
        return Found(start, match.end(), QuantityKind.DOCUMENT_NUMBER)
    if match := _AREA.match(context.text, start):
        return Found(start, match.end(), QuantityKind.PHONE)
    return None


_NTH = re.compile(
    rf"第 ?(?:(?P<document>[0-9]+ ?号[令文]?)|(?P<quarter>[一二三四1-4](?: ?[-—~至到、] ?[一二三四1-4])? ?季度)"
    rf"|(?:[0-9]+|[{NUMERALS}]+)(?:[-—~至到、] ?第?[0-9]+)?)"
)


def ordinal(context: Context, start: int) -> Found | None:
    """第三, 第12批, 第一季度 (a date), 第431号 (a document number)."""
    match = _NTH.match(context.text, start)
    if match is None:
        return None
    kind = QuantityKind.ORDINAL
    if match["document"]:
        kind = QuantityKind.DOCUMENT_NUMBER
    elif match["quarter"]:
        kind = QuantityKind.DATE
    end = match.end()
    blank = context.text.startswith(" ", end)
    if kind is QuantityKind.ORDINAL and (unit := units.match(context.text, end + blank)):
        end = unit.end("unit")
    return Found(start, end, kind)


_REFERENCE = re.compile(
    r"(?:附[件表录图]|[表图]) ?(?:[0-9]+(?:[-.—][0-9]+)*|[一二三四五六七八九十]{1,3}(?![\u4e00-\u9fff]))"
)
_COUNTED = re.compile(r" ?(?:份|张|个|套|项|幅|页|类|册)")
_FIRST = re.compile(r"前 ?(?:[0-9]{1,3}|[一二三四五六七八九十百]{1,3}) ?(?:名|位|列|强)")
_FIRST_QUARTERS = re.compile(r"前 ?[一二三1-3] ?(?:个)?季度")


def reference(context: Context, start: int) -> Found | None:
    """附件2, 表1-2, 图3."""
    text = context.text
    match = _REFERENCE.match(text, start)
    if match is None or _COUNTED.match(text, match.end()):
        return None
    if text[start] in "表图" and start:
        before = text[start - 1]
        if "\u4e00" <= before <= "\u9fff" and before not in load("phrases")["reference_before"]:
            return None
    return Found(start, match.end(), QuantityKind.ORDINAL)


def leading(context: Context, start: int) -> Found | None:
    """前三名 (a rank), 前三季度 (a period)."""
    if match := _FIRST_QUARTERS.match(context.text, start):
        return Found(start, match.end(), QuantityKind.DATE)
    match = _FIRST.match(context.text, start)
    return Found(start, match.end(), QuantityKind.ORDINAL) if match else None


_ISSUE = re.compile(r"[0-9]+(?:[-—][0-9]+)? ?号")
_GRADE = re.compile(r"[0-9]+ ?(?:级|楼|届|年级|#|期工程)")


def numbered(context: Context, start: int) -> Found | None:
    """5号 (a document behind 令 or 文, else a place or a post), 3级, 排名 2."""
    text = context.text
    if match := _ISSUE.match(text, start):
        official = context.before(start) in "令告字函发文〕]" or text[match.end() : match.end() + 1] in (
            "令",
            "文",
        )
        return Found(start, match.end(), QuantityKind.DOCUMENT_NUMBER if official else QuantityKind.ORDINAL)
    match = _GRADE.match(text, start)
    if match is None:
        match = _NUMBER.match(text, start)
        ranks = tuple(load("phrases")["ordinal"]["ranks"])
        if match is None or not context.window(start).rstrip(" :为第在").endswith(ranks):
            return None
        if text[match.end() : match.end() + 1] in (*"0123456789", ".") or tail_at(text, match.end()):
            return None
    return Found(start, match.end(), QuantityKind.ORDINAL)


def constant(context: Context, start: int) -> Found | None:
    """The 100 % that a printed formula is multiplied by: 「实际支出/预算数×100%」."""
    match = _CONSTANT.match(context.text, start)
    multiplied = match is not None and context.text[:start].rstrip().endswith(("×", "*", "✕"))
    return Found(start, match.end(), QuantityKind.PHRASE) if match and multiplied else None
