"""Counts beside the list they count: names behind or before the count, items one after another."""

import re
from decimal import Decimal

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.items import items_behind
from reviewer.extraction.offline.mentions import CLOSING, OPENING, Mention, Paragraph
from reviewer.extraction.offline.names import CONJUNCTION, HIDDEN, Names, masked, names_in, words
from reviewer.schema import ClaimKind, Closure, Dimension, Operand, OperandRole

_STOPS = "。！？!?\n"
_LONGEST = 300
_TIMES = ("次", "场", "期", "场次", "轮")
_POINTS = ("点",)
_SINGLE = 20
"""A single name longer than this is a sentence."""
_EVEN = 4
"""So many names of one length are a list."""
_ENUMERATOR = re.compile(r"\s*(?:[一首][是为]|第一|首先|其一|[（(]?[1１一][）)、.．]|①)")


def is_count(mention: Mention) -> bool:
    """Whether a mention is an exact whole number of things."""
    return mention.quantity.dimension is Dimension.COUNT and mention.exact and mention.quantity.scale == 1


def _claim(
    builder: Builder, paragraph: Paragraph, mention: Mention, length: int, extent: tuple[int, int], *, is_open: bool
) -> None:
    builder.claim(
        ClaimKind.COUNT_OF_LIST,
        [Operand(role=OperandRole.ITEM, value=Decimal(length), source="list")],
        mention.quantity,
        cue=builder.span(paragraph.document, *extent),
        concept="names",
        closure=Closure.OPEN if is_open else Closure.COMPLETE,
    )


def _cut(shown: str) -> str:
    """The list at the beginning of a text whose brackets are masked: up to its stop, or the comma behind its 、."""
    listed = re.split(f"[{_STOPS}]", shown)[0][:_LONGEST]
    for marks in ("[；;]", "[，,]"):
        head = re.split(marks, listed)[0]
        pieces = re.split(marks, listed)
        alike = len({piece.strip()[-1:] for piece in pieces}) == 1 and max(map(len, pieces)) <= _SINGLE
        if "、" in head or not alike:
            listed = head
    return listed


def _inside(text: str, start: int) -> str | None:
    """What stands in the bracket that opens at `start`, where it closes again."""
    close = CLOSING[OPENING.index(text[start])]
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] == text[start]) - (text[at] == close)
        if depth == 0:
            return text[start + 1 : at]
    return None


def _plain_items(paragraph: Paragraph, mention: Mention, start: int, listed: str) -> bool:
    """Whether a list's items have no numbers outside brackets, or each one number of the same unit."""
    shown = masked(listed)
    inner = [
        m
        for m in paragraph.mentions
        if start <= m.start < start + len(listed)
        and shown[m.start - start].isdigit()
        and m.quantity.dimension is not Dimension.NONE
    ]
    units = {m.quantity.unit for m in inner}
    return not inner or (
        len(units) == 1 and mention.quantity.unit not in units and len(inner) == len(re.split("[、；，;,]", shown))
    )


def listed_whole(text: str, start: int) -> str:
    """The words of a list up to the end of its sentence."""
    return re.split(f"[{_STOPS}]", text[start:])[0]


def _clauses(shown: str) -> int:
    """How many clauses between semicolons a list has whose items hold commas; 0 where it is none."""
    pieces = [piece for piece in re.split("[；;]", shown) if piece.strip()]
    return len(pieces) if len(pieces) > 1 and re.search("[，,]", pieces[0]) and "、" not in pieces[0] else 0


def _behind(builder: Builder, paragraph: Paragraph, mention: Mention) -> bool:
    """「机关设5个科（室）：办公室、…」, 「2个服务点（甲站、乙码头）」; whether the words open a list."""
    text = paragraph.text[mention.end - paragraph.start :]
    noun = words("noun").match(text)
    assert noun is not None  # the pattern matches the empty string too
    opener = words("opener").match(text, noun.end()) or words("late_opener").match(text, noun.end())
    bracket = words("bracket").match(text, noun.end())
    if bracket:
        start, listed = bracket.end(), _inside(text, bracket.end() - 1)
    elif opener and not _ENUMERATOR.match(text, opener.end()):
        start, listed = opener.end(), _cut(masked(text[opener.end() :]))
        listed = text[start : start + len(listed)]
    else:
        return False
    if listed is not None and opener and (length := _clauses(masked(listed_whole(text, start)))):
        if length == int(mention.quantity.value or 0):
            extent = (mention.start, mention.end + start + len(listed))
            _claim(builder, paragraph, mention, length, extent, is_open=False)
        return True
    if listed is None or not _plain_items(paragraph, mention, mention.end + start, listed):
        return True
    names = names_in(listed, noun.group())
    if names is not None:
        told = text[noun.end() : start]
        loose = words("loose").search(told) and not words("branches").search(mention.measure + noun.group())
        # 「其中三类用于阅览（甲、乙）」: what is among others is counted, and the bracket names it in full.
        led = text[:start] + ("" if bracket else mention.words[-6:])
        is_open = names.open or bool(loose or words("open_opener").search(led))
        _judge(builder, paragraph, mention, names, (mention.start, mention.end + start + len(listed)), is_open=is_open)
    return True


def _in_row(paragraph: Paragraph, mention: Mention) -> bool:
    """Whether another count of the same unit stands right before: a list behind 「2项、3项，分别为」 may be of both."""
    before = [m for m in paragraph.mentions if m.end <= mention.start and m.quantity.unit == mention.quantity.unit]
    return bool(before) and not re.search("[，,。；;：:（(）)]", paragraph.words(before[-1].end, mention.start))


def _judge(
    builder: Builder, paragraph: Paragraph, mention: Mention, names: Names, extent: tuple[int, int], *, is_open: bool
) -> None:
    count = int(mention.quantity.value or 0)
    length = names.nearest(count)
    if length != count and _in_row(paragraph, mention):
        return
    single = names.most == 1 and length != count
    if single and not (words("branches").search(names.pieces[0][-2:]) and len(names.pieces[0]) <= _SINGLE):
        return
    _claim(builder, paragraph, mention, length, extent, is_open=is_open)


def _before(builder: Builder, paragraph: Paragraph, mention: Mention) -> None:
    """「设甲、乙、丙3个科室」, 「由决策、过程、产出、效益四部分组成」."""
    shown = masked(paragraph.words(mention.sentence_start, mention.start))
    ends = [m.end - mention.sentence_start for m in paragraph.mentions if m.end <= mention.start]
    since = max([end for end in ends if end > 0 and shown[end - 1] != HIDDEN], default=0)
    clause = re.split("[，,；;：:]", shown[since:])[-1]
    clause = re.sub("(?:共计|合计|一共|共有|共|这|上述|以上)?\\s*$", "", clause)
    first = re.search(f"、|{CONJUNCTION.pattern}", clause)
    if first is None or re.search("(?:各|均|每|分别)$", clause):
        return
    setting = list(words("setting").finditer(clause, 0, first.start()))
    listed = clause[setting[-1].end() :] if setting else clause
    after = words("noun").match(paragraph.text[mention.end - paragraph.start :])
    noun = after.group() if after else ""
    names = names_in(listed)
    if names is None or names.most < 2:
        return
    count = int(mention.quantity.value or 0)
    length = names.nearest(count)
    unit = mention.quantity.unit or ""
    class_noun = words("classes").search(unit + noun) is not None or unit in ("类", "种", "层")
    branches = all(words("branches").search(piece[-2:]) for piece in names.pieces)
    even = names.least == names.most >= _EVEN and len({len(piece) for piece in names.pieces}) == 1
    tied = (
        (branches and class_noun)
        or (even and class_noun)
        or (abs(length - count) <= 1 and class_noun and (bool(setting) or names.least > 2))
    )
    if length == count or (tied and not names.open):
        extent = (mention.start - len(listed), mention.end)
        _claim(builder, paragraph, mention, length, extent, is_open=names.open)


def _each(builder: Builder, paragraph: Paragraph, mention: Mention) -> bool:
    """「办了两次，一次在总馆，一次在分馆」; 「六月和十一月各发一批，……，两批共收回」."""
    unit = re.escape(mention.quantity.unit or "")
    rest = paragraph.rest_of_sentence(mention)
    told = len(re.findall(f"[，,；;：:（(](?:其中|另)?一{unit}", rest)) if unit else 0
    before = paragraph.words(mention.sentence_start, mention.start)
    each = list(re.finditer(f"([^，。；：,;:]+?)各[^，。；,;]{{0,4}}[一1]\\s*{unit}", before)) if unit else []
    names = names_in(each[-1].group(1)) if each else None
    if told > 1 and re.match(f"[^，。；：,;:、]{{0,8}}[，,；;：:（(](?:其中)?一{unit}", rest):
        _claim(builder, paragraph, mention, told, (mention.start, mention.end + len(rest)), is_open=False)
        return True
    if names is not None and names.most > 1 and not names.open:
        length = names.nearest(int(mention.quantity.value or 0))
        extent = (mention.sentence_start + each[-1].start(), mention.end)
        _claim(builder, paragraph, mention, length, extent, is_open=False)
        return True
    return False


def _items(builder: Builder, paragraph: Paragraph, mention: Mention) -> bool:
    """「共四项目标：一是…二是…」; 「共有五项指标。」 before numbered paragraphs."""
    found = items_behind(builder.source, paragraph, mention)
    if found is None:
        return False
    length, colon = found
    count = int(mention.quantity.value or 0)
    noun = words("noun").match(paragraph.text[mention.end - paragraph.start :])
    class_noun = words("announcing").search((noun.group() if noun else "") + mention.measure) is not None
    if length > 1 and (length == count or colon or (class_noun and abs(length - count) == 1)):
        _claim(builder, paragraph, mention, length, (mention.start, mention.end), is_open=False)
    return True


def _summed_up(builder: Builder, paragraph: Paragraph, mention: Mention) -> bool:
    """「开展行动：甲、乙、丙，前后3次」, 「时间依次为2月、5月和8月」 behind 「3次」: a list beside a count of times."""
    before = paragraph.words(mention.sentence_start, mention.start)
    count = int(mention.quantity.value or 0)
    led = re.search("[：:]([^：:。；;]+?)[，,](?:前后|先后|合计|共计|总计|总共|一共|共|累计|计)$", before)
    rest = paragraph.rest_of_sentence(mention)
    behind = re.match(
        "[^、：:；;]{0,14}?[，,：:]?[^、，,：:；;]{0,6}(?:分别|依次|各次)(?:为|是|在|于)([^，,；;]+)", rest
    )
    found = led or behind
    names = names_in(found.group(1)) if found else None
    named = behind is not None and "分别" in behind.group() and names is not None and names.least > 1
    if names is None or names.open or not (named or names.least >= _EVEN):
        return False
    if names.most > names.least + 1:
        return False
    length = names.nearest(count)
    extent = (mention.sentence_start, mention.end) if led else (mention.start, mention.end + len(rest))
    _claim(builder, paragraph, mention, length, extent, is_open=False)
    return True


def extract_lists(builder: Builder, paragraph: Paragraph) -> None:
    """Note every count of a list printed beside it."""
    for mention in paragraph.mentions:
        if not is_count(mention) or _each(builder, paragraph, mention):
            continue
        unit = mention.quantity.unit or ""
        if unit in _TIMES and _summed_up(builder, paragraph, mention):
            continue
        if unit in _POINTS:
            _items(builder, paragraph, mention)
        if not words("units").fullmatch(unit):
            continue
        if not _items(builder, paragraph, mention) and not _behind(builder, paragraph, mention):
            _before(builder, paragraph, mention)
