"""What a line of a report looks like: the few questions layout asks of it."""

import re
from functools import cache

from reviewer.lexicon import load
from reviewer.lexicon.numbering import Marker, marker_at

CLOSING = frozenset("。！？；：…”’）》』】〕」!?;:)")
FULL_STOPS = frozenset("。！？!?")
_COMMAS = frozenset("，,、")
_AMOUNT_ONLY = re.compile(r"\d[\d,.]*[ \t]*(?:[万亿]?元|%|％|个百分点)[。，；]")
_NEVER_FIRST = frozenset("。，、；：！？”’）》』】〕」%％,;:!?)…")
_MINUS = frozenset("-－−")
_OPENERS = frozenset("（(《〈“‘【〔「『[<")

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_SENTENCE_MARKS = re.compile(r"[，。；、：,;]")
_CLAUSE_MARKS = re.compile(r"[，。；,;]")
_LABEL = re.compile(r"([\u4e00-\u9fff]{2,10})[：:]")
_LAST_LABEL = re.compile(r"[；。，;,][\u4e00-\u9fff]{2,5}(?<![如以]下)(?<!包括)(?<!分别为)[：:]$")
_ENUMERATED = re.compile(r"[一二三四五六七八九十]{1,2}是|首先[，,]|其次[，,]|最后[，,]")
_ATTACHMENT = re.compile(r"(?:附件|附表|附录|附)[ \t]*[0-9０-９一二三四五六七八九十]*[ \t]*(?:[：:]|$)")
_CLAUSE_NUMBER = re.compile(r"[（(][ \t]*(?:[一二三四五六七八九十]+|[0-9]+)[ \t]*[）)][ \t]*(?:项|款|目|条)")
_DATE = re.compile(
    r"(?:(?:19|20)[0-9]{2}|二[〇零○Ｏ0O][一二三四五六七八九〇零○]{2})"
    r"[ \t]*年[ \t]*[0-9一二三四五六七八九十]{1,3}[ \t]*月"
    r"(?:[ \t]*[0-9一二三四五六七八九十]{1,3}[ \t]*日)?"
)
_NUMBER_ONLY = re.compile(r"[-+－＋—]?[ \t]*[0-9０-９][0-9０-９,，.．% ％]*")
_LIST_NUMBER = re.compile(r"[0-9０-９]{1,2}[ \t]*[.．、)）](?![0-9０-９])")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_TAIL = re.compile(r"[0-9][0-9,.]*$")
_HEAD = re.compile(r"[0-9][0-9,.]*")
_WELL_FORMED = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_BARE_INTEGER = re.compile(r"[0-9０-９]{1,4}")


def han(text: str) -> int:
    """Number of Chinese characters."""
    return len(_HAN.findall(text))


def closed(text: str) -> bool:
    """Whether the line ends like the end of a sentence."""
    return text[-1:] in CLOSING


def stopped(text: str) -> bool:
    """Whether the line ends in a full stop, or one inside closing quotes."""
    return text.rstrip("”’）)》』】")[-1:] in FULL_STOPS


def trails_off(text: str) -> bool:
    """Whether the line ends in a comma, so that it must go on."""
    return text[-1:] in _COMMAS


def never_first(text: str) -> bool:
    """Whether the line begins with a mark that no sentence begins with, or is an amount that ends one: 「0万元。」."""
    return text[:1] in _NEVER_FIRST or _AMOUNT_ONLY.match(text) is not None


def punctuated(text: str) -> bool:
    """Whether the line has the marks of running prose inside."""
    return _SENTENCE_MARKS.search(text) is not None


def has_clauses(text: str) -> bool:
    """Whether the line has commas, semicolons or stops."""
    return _CLAUSE_MARKS.search(text) is not None


def marker(text: str) -> Marker | None:
    """The heading or list number at the start, looked for behind bold marks too."""
    return marker_at(text[2:] if text.startswith(("**", "__")) else text)


def opens_item(text: str) -> bool:
    """Whether the line begins a heading, a list item or an attachment."""
    return marker(text) is not None or _ATTACHMENT.match(text) is not None


def clause_number(text: str) -> bool:
    """Whether the line begins with the number of a clause of some law: （二）项."""
    return _CLAUSE_NUMBER.match(text) is not None


def label(text: str) -> str | None:
    """The words before the colon a line begins with: 绩效目标：…"""
    match = _LABEL.match(text)
    if match is None or match[1][-1] in "下为是即有":
        return None
    return match[1]


def awaits_name(text: str) -> bool:
    """Whether a long line ends in a short label that waits for its words: …；副组长："""
    return _LAST_LABEL.search(text) is not None and han(text) >= 20


def enumerated(text: str) -> bool:
    """Whether the line begins 一是, 二是, 首先."""
    return _ENUMERATED.match(text) is not None


def is_date(text: str) -> bool:
    """Whether the line is nothing but a date, as under a signature."""
    return _DATE.fullmatch(text) is not None


def is_signature(text: str) -> bool:
    """Whether the line is nothing but a unit's name."""
    suffixes = tuple(load("documents")["unit"]["suffixes"])
    return len(text) <= 30 and not punctuated(text) and text.endswith(suffixes)


def number_only(text: str) -> bool:
    """Whether the line or cell holds a number and nothing else."""
    return _NUMBER_ONLY.fullmatch(text) is not None


def bare_integer(text: str) -> int | None:
    """The value of a line that is nothing but one to four digits."""
    return int(text) if _BARE_INTEGER.fullmatch(text) else None


def starts_with_unit(text: str) -> bool:
    """Whether the line begins with what follows a number."""
    return text.lstrip().startswith(_units())


def awaits_number(text: str) -> bool:
    """Whether the line ends in a word that a number must follow."""
    return text.endswith(tuple(load("documents")["layout"]["awaits_number"]))


def connects(text: str) -> bool:
    """Whether the line ends in a word that no heading or sentence ends in."""
    layout = load("documents")["layout"]
    return text.endswith(tuple(layout["connectives"])) and not text.endswith(tuple(layout["not_connectives"]))


def splits_number(first: str, second: str) -> bool:
    """Whether the line break between the two stands inside one number: 1,2 | 66.90 万元."""
    tail, head = _TAIL.search(first), _HEAD.match(second)
    if tail is None or head is None or _LIST_NUMBER.match(second):
        return False
    if _YEAR.fullmatch(tail[0]) and _YEAR.fullmatch(head[0]):
        return False
    return _WELL_FORMED.fullmatch(tail[0] + head[0].rstrip(",.")) is not None


def parts_sign(first: str, second: str) -> bool:
    """Whether the line break stands between a minus sign and its number, as in narrow cells: - | 1.35%."""
    return first.strip() in _MINUS and second[:1].isdecimal()


def splits_amount(first: str, second: str) -> bool:
    """Whether the line break between the two parts a number from its unit: 5,243.24 | 万元."""
    return _TAIL.search(first) is not None and han(first) > 0 and starts_with_unit(second)


def unit_after_number(text: str) -> bool:
    """Whether the line begins with digits and goes on with a unit or a stop."""
    head = _HEAD.match(text)
    return head is not None and not _YEAR.fullmatch(head[0]) and starts_with_unit(text[head.end() :])


def unfinished_number(text: str) -> bool:
    """Whether the line ends in the middle of a number: 98. or 1,"""
    return re.search(r"[0-9][.,]$", text) is not None


def glue(first: str, second: str) -> str:
    """What a joined line break becomes: nothing, or one space between two ASCII words."""
    left, right = first[-1:], second[:1]
    if not (left.isascii() and right.isascii() and left.isalnum() and right.isalnum()):
        return ""
    if left.isdigit() and right.isdigit():
        return "" if splits_number(first, second) else " "
    return " "


def glue_in_cell(first: str, second: str) -> str:
    """What a paragraph break inside a table's cell becomes: a name cut to fit its column is one word, two items or two
    figures one below the other are two."""
    if closed(first) or opens_item(second):
        return " "
    if first[-1:].isdigit() and second[:1].isdigit():
        tail = _TAIL.search(first)
        cut = tail is not None and _WELL_FORMED.fullmatch(tail[0]) is None
        return "" if cut and splits_number(first, second) else " "
    return glue(first, second)


def first_token(text: str) -> str:
    """What a typesetter must keep together at the start of a line: openers, a character or word, closers."""
    end = 0
    while end < len(text) and text[end] in _OPENERS:
        end += 1
    word = re.compile(r"[!-~]+|.", re.DOTALL).match(text, end)
    end = word.end() if word else end
    while end < len(text) and text[end] in _NEVER_FIRST:
        end += 1
    return text[:end]


def title_like(text: str) -> bool:
    """Whether the line ends as titles of reports do and has no marks of prose."""
    title = load("documents")["title"]
    bare = re.sub(r"[ \t]*[（(][^（）()]*[）)]$", "", text)
    return len(text) <= title["longest"] and not has_clauses(text) and bare.endswith(tuple(title["endings"]))


def title_opening(text: str) -> bool:
    """Whether the line may be the first half of a title: it names a year or what is evaluated."""
    words = load("documents")["title"]["inside"]
    if has_clauses(text) or "：" in text or ":" in text or len(text) > 40:
        return False
    return any(word in text for word in words) or re.search(r"20[0-9]{2}[ \t]*年", text) is not None


@cache
def _units() -> tuple[str, ...]:
    return tuple(load("documents")["layout"]["units"])
