"""Numbers that stand side by side and make up one among them, whatever words say so.

A window is a row of numbers of one kind in one or two sentences, with its whole at one end. Nothing in it is left out
or picked: the ties are a stated number of heads (三个渠道相加, 分四批), a part that is the rest, words that close the
list, or names that are parallel. Without such a tie only a telling slip proves anything.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention, cue
from reviewer.extraction.offline.sums.line import Line, lines, words
from reviewer.extraction.offline.sums.lists import FULL_STOP, Lists, goes_on
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Closure, Dimension, Operand, OperandRole, OperandSet, Role

_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_MOST = 12
_HEADS = ("个", "项", "类", "方", "档", "段", "块", "处", "种", "级", "层", "条", "批")


@dataclass(frozen=True, slots=True)
class _Window:
    """A whole, the parts that stand beside it, and how firmly the words tie them."""

    whole: Mention
    parts: tuple[Mention, ...]
    tie: str
    """closed: nothing is left over and nothing counted twice; disjoint: no part overlaps another; loose."""
    row: tuple[Mention, ...] = ()
    """All numbers the list could have gone on to; how far it goes is not always marked."""


def extract_windows(builder: Builder, lists: Lists) -> None:
    """Note the sums of neighbours that no other reading has claimed."""
    for line in lines(lists):
        found = [w for whole in line.mentions for w in (_before(line, whole), _behind(line, whole)) if w]
        # The firmest reading of each number comes first; a part of one list is no part of another.
        found.sort(key=lambda window: (window.tie == "loose", -len(window.parts)))
        used: set[str] = set()
        for window in found:
            ids = {part.quantity.id for part in window.parts}
            if window.whole.quantity.id in used or ids & used:
                continue
            if _note(builder, line, window):
                used |= ids | {window.whole.quantity.id}


def _eligible(line: Line, whole: Mention, mention: Mention) -> bool:
    """Whether a number may be a part of the whole beside it: neither compared with another nor one for each."""
    told = re.split("[，,。；;：:]", line.lead(mention))[-1]
    label, above = line.lists.label(mention), line.lists.label(whole)
    marks = (Role.SCORE, Role.FULL_MARK, Role.LOST_MARK)
    if mention.quantity.dimension is Dimension.SCORE:
        lost = above is not None and (above.role is Role.LOST_MARK or re.search("扣|失", line.lead(whole)))
        if not lost or label is None or label.role is not Role.LOST_MARK:
            return False
    if label is not None and label.role in marks and mention.quantity.dimension is not Dimension.SCORE:
        return False
    if words("window", "running").search(told) or words("window", "gross").search(told):
        return False
    return not words("window", "aside").search(told) and goes_on(line.lists, whole, mention)


def _heads(text: str, *, adjoining: bool = False) -> list[int]:
    """The numbers of heads a stretch of text announces; 「其中3个」 are some of them.

    `adjoining`: with no other number behind them.
    """
    return [
        _DIGITS[n] if (n := match.group("n")) in _DIGITS else int(n)
        for match in words("window", "heads").finditer(text)
        if "其中" not in text[: match.start()] and not (adjoining and re.search(r"\d|占", text[match.end() :]))
    ]


def _before(line: Line, whole: Mention) -> _Window | None:
    """Parts first: 「A，B，C，三个渠道相加为D」, 「A，B。两项共计C」, 「分两批拨付：A，B，累计C」."""
    at = line.mentions.index(whole)
    lead = line.lead(whole)
    told = lead + whole.after[:6]
    total = words("window", "total").search(told)
    summed = words("window", "summed").search(lead)
    if (
        at < 2
        or (_is_head(whole) and not summed)
        or not (total or summed)
        or words("window", "aside").search(re.split("[，,；;]", lead)[-1])
    ):
        return None
    row: list[Mention] = []
    for mention in reversed(line.mentions[:at]):
        if line.stops(mention, whole) > 1 or (row and line.stops(mention, row[-1])) or len(row) == _MOST:
            break
        if not _eligible(line, whole, mention) or words("window", "own_total").search(_own(line, mention)):
            break
        row.append(mention)
    row.reverse()
    if len(row) < 2:
        return None
    between = line.gap(row[-1], whole)
    # 「两期相隔两年，全部工程概算800万元」: heads in another clause, where nothing is said to be added.
    spoken = between if summed or "构成" in between else re.split("[，,；;。]", between)[-1]
    announced = [n for n in _heads(spoken, adjoining=True) if 1 < n <= len(row)]
    if announced:
        return _Window(whole, tuple(row[-announced[-1] :]), "closed", tuple(row))
    beside = line.lead(whole) == between or bool(summed or words("window", "back").search(lead))
    for start in range(len(row) - 1) if beside else ():
        opening = _heads(line.since(row[start]))
        if opening and opening[-1] == len(row) - start:
            return _Window(whole, tuple(row[start:]), "closed", tuple(row))
    parts = tuple(m for m in row if line.stops(m, row[-1]) == 0)
    far = line.stops(parts[-1], whole)
    if len(parts) < 2 or "其中" in line.lead(parts[0]):
        return None
    joined = any(words("window", "joined").search(line.lead(part)) for part in parts[1:])
    collective = summed is not None and (not far or words("window", "back").search(between) is not None)
    near = not far and line.lead(whole) == between
    alike = _parallel(line, parts) or _pair(line, parts)
    if near and (_halves(line, parts) or joined or (alike and collective)):
        return _Window(whole, parts, "closed", tuple(row))
    return _Window(
        whole, parts, "closed" if summed and far and re.search("各项|合在一起|加", lead) else "loose", tuple(row)
    )


def _behind(line: Line, whole: Mention) -> _Window | None:
    """The whole first: 「A，由三块构成，即B、C和D」, 「A。其中B，C，其余D」."""
    sentence = line.lists.paragraph.words(whole.sentence_start, whole.start)
    if whole.quantity.id in line.lists.taken or "其中" in sentence or _is_head(whole):
        return None
    row = _row_behind(line, whole)
    if len(row) < 2 or words("window", "aside").search(_own(line, whole)):
        return None
    gap = line.gap(whole, row[0])
    total = words("window", "total").search(line.lead(whole) + whole.after) is not None
    divides = words("window", "divides").search(gap) is not None
    partly = words("window", "partly").search(gap) is not None
    near_heads = [n for n in _heads(line.since(whole)) if n == len(row) and n > 2]
    if near_heads and total and _echoed(line, row) and not partly:
        return _Window(whole, row, "closed", row)
    if not _goes_back(whole, gap):
        return None
    found = _closed(line, row, gap, told=total or divides, partly=partly)
    if found:
        return _Window(whole, found[0], found[1], row)
    near = _same_clauses(line, row)
    tail = line.lists.paragraph.rest_of_sentence(row[-1]).split("；")[0]
    partly = partly or words("window", "unnumbered").search(tail) is not None
    if (_pair(line, near[:2]) or _halves(line, near[:2])) and not partly:
        return _Window(whole, near[:2], "closed", row)
    staff = _staff(line, near)
    if len(staff) > 1 and divides and not partly:
        return _Window(whole, staff, "disjoint", row)
    return _Window(whole, row, "loose", row) if total or divides else None


def _row_behind(line: Line, whole: Mention) -> tuple[Mention, ...]:
    """The numbers that may be the whole's parts: those behind it in its sentence or in the next one."""
    row: list[Mention] = []
    for mention in line.mentions[line.mentions.index(whole) + 1 :]:
        if line.stops(whole, mention) > 1 or len(row) == _MOST or not _eligible(line, whole, mention):
            break
        if row and ("其中" in line.lead(mention) or line.stops(row[-1], mention)):
            break
        row.append(mention)
    return tuple(row)


def _closed(
    line: Line, row: tuple[Mention, ...], gap: str, *, told: bool, partly: bool
) -> tuple[tuple[Mention, ...], str] | None:
    """The parts that the words say are all: up to the rest, as many as announced, or up to words that close them."""
    if not told:
        return None
    rest = next((i for i, m in enumerate(row) if i and words("window", "rest").search(_own(line, m))), None)
    if rest is not None:
        # 「参评A公里，其中优良B公里；余下C公里未参评」: behind a semicolon the rest may be of a wider whole.
        parted = re.search("[；;]", line.gap(row[rest - 1], row[rest]))
        return row[: rest + 1], "loose" if partly or parted else "closed"
    paragraph = line.lists.paragraph
    left = words("window", "unnumbered").search(paragraph.rest_of_sentence(row[-1]).split("；")[0])
    announced = [n for n in _heads(gap) if 1 < n <= len(row)]
    if announced and not partly and not left:
        return row[: announced[0]], "closed"
    for count in range(2, len(row) + 1):
        last = count == len(row)
        behind = paragraph.rest_of_sentence(row[-1]) if last else line.gap(row[count - 1], row[count])
        if words("window", "closed").search(behind):
            return row[:count], "closed"
    return None


def _goes_back(whole: Mention, gap: str) -> bool:
    """Whether a list in the next sentence is of this whole: it is named again, or nothing else is named."""
    *_, lead = FULL_STOP.split(gap)
    if lead == gap:
        return True
    if re.match(r"\s*其中|按|从|分", lead):
        return True
    named = re.match(r"\s*([^，,。；;：:\d]{2,12}?)(?:里|之)?(?:中|由|包括|分|来自|，)", lead)
    return named is not None and len(set(named.group(1)) & set(whole.measure + whole.after)) > 1


def _is_head(whole: Mention) -> bool:
    """Whether a number counts heads itself: 3个, 2项, of whatever kind."""
    return whole.quantity.dimension is Dimension.COUNT and whole.quantity.unit in _HEADS


def _same_clauses(line: Line, parts: Sequence[Mention]) -> tuple[Mention, ...]:
    """The parts up to the first semicolon between two of them."""
    kept = [parts[0]]
    for part in parts[1:]:
        if re.search("[；;]", line.gap(kept[-1], part)):
            break
        kept.append(part)
    return tuple(kept)


def _own(line: Line, mention: Mention) -> str:
    """The clause that a number's name stands in."""
    return re.split("[，,。；;：:]", line.lead(mention))[-1]


def _names(line: Line, parts: Sequence[Mention]) -> list[str]:
    names = []
    for part in parts:
        own = cue("clause", "copula").sub("", plain(_own(line, part)).lstrip("、和与及"))
        own = cue("clause", "opening").sub("", own)
        names.append(own if len(own) > 1 else plain(part.measure))
    return names


def _parallel(line: Line, parts: Sequence[Mention]) -> bool:
    """Whether the names are of one kind: different words before one noun."""
    names = _names(line, parts)
    columns = zip(*(reversed(name) for name in names), strict=False)
    suffix = "".join(column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns))[::-1]
    if not suffix or len(set(names)) < len(names) or any(name == suffix for name in names):
        return False
    return re.search(words("window", "class").pattern + "$", suffix) is not None


def _pair(line: Line, parts: Sequence[Mention]) -> bool:
    """Whether two names are all there is of something: 男 and 女, 专职 and 兼职."""
    return any(_opposed(line, parts, pair) for pair in load("windows")["window"]["pairs"])


def _halves(line: Line, parts: Sequence[Mention]) -> bool:
    """Whether two parts are the halves of a year."""
    return _opposed(line, parts, load("windows")["window"]["halves"])


def _opposed(line: Line, parts: Sequence[Mention], pair: Sequence[str]) -> bool:
    if len(parts) != len(pair):
        return False
    told = [_own(line, part) + _after(part) for part in parts]
    # 「不合格」 holds 「合格」: the longer word counts first.
    inner, outer = sorted(pair, key=len)
    named = [[w for w in pair if w in (text.replace(outer, "") if w == inner else text)] for text in told]
    return sorted(word for words_ in named for word in words_) == sorted(pair) and all(named)


def _staff(line: Line, parts: Sequence[Mention]) -> tuple[Mention, ...]:
    """The parts, from the first on, that are each another kind of staff: nobody is of two."""
    found: list[Mention] = []
    seen: set[str] = set()
    for part in parts:
        own = _own(line, part)
        kinds = set(words("window", "staff").findall(own) or words("window", "staff").findall(_after(part)))
        if not kinds or kinds & seen or words("window", "total").search(own):
            break
        seen |= kinds
        found.append(part)
    return tuple(found)


def _after(mention: Mention) -> str:
    """The noun right behind a number: 「41名女性」."""
    return re.split("[、和与及]", mention.after)[0][:6]


def _echoed(line: Line, parts: Sequence[Mention]) -> bool:
    """Whether several parts are named by what was counted: 一标段, 二标段."""
    names = _names(line, parts)
    return sum(re.search(words("window", "class").pattern + "$", name) is not None for name in names) > 1


def _note(builder: Builder, line: Line, window: _Window) -> bool:
    """Add the claim, or make firmer the same claim noted before; whether anything was noted."""
    ids = [part.quantity.id for part in window.parts]
    whole = window.whole.quantity
    at = next(
        (
            i
            for i, claim in enumerate(builder.claims)
            if claim.kind in (ClaimKind.SUM, ClaimKind.SCORE_TOTAL, ClaimKind.BALANCE, ClaimKind.DIFFERENCE)
            and claim.result == whole.id
            and (claim.closure is not Closure.OPEN or {o.quantity for o in claim.operands} == set(ids))
        ),
        None,
    )
    closure = Closure.OPEN if window.tie == "loose" else Closure.LISTED
    if at is not None:
        old = builder.claims[at]
        if old.closure is not Closure.OPEN or closure is Closure.OPEN or old.kind is not ClaimKind.SUM:
            return True
        builder.claims[at] = old.model_copy(
            update={"closure": closure, "tied": False, "alternatives": (), "concept": window.tie}
        )
        return True
    builder.claim(
        ClaimKind.SUM,
        [Operand(role=OperandRole.PART, quantity=quantity) for quantity in ids],
        whole,
        cue=builder.span(line.lists.paragraph.document, window.whole.words_start, window.whole.start),
        concept=window.tie,
        closure=closure,
        tied=False,
        alternatives=tuple(_others(window)),
    )
    return True


def _others(window: _Window) -> Iterator[OperandSet]:
    """Other stretches of the row beside the whole, which the words may mean as well."""
    ids = [part.quantity.id for part in window.parts]
    row = [mention.quantity.id for mention in window.row]
    behind = window.whole.start < window.parts[0].start
    for length in range(2, len(row) + 1):
        other = row[:length] if behind else row[-length:]
        if other != ids:
            operands = tuple(Operand(role=OperandRole.PART, quantity=quantity) for quantity in other)
            yield OperandSet(label="shorter_list", operands=operands, permitted=True)
