"""Lists of names: how many a stretch of words can hold, where names may have 和, 、 or brackets of their own."""

import re
from dataclasses import dataclass
from functools import cache

from reviewer.extraction.offline.mentions import CLOSING, OPENING
from reviewer.lexicon import load

_QUOTED = {"“": "”", "《": "》", "‘": "’", "「": "」"} | dict(zip(OPENING, CLOSING, strict=True))
HIDDEN = "\ufffc"
"""Stands for every character inside brackets and quotation marks."""
_SHORT = 4
"""Names this short hold no conjunction of their own."""
_LONG = 9
"""Names this long on both sides of a conjunction are two."""
CONJUNCTION = re.compile("以及|(?<![共总饱])和(?![谐平解睦])|(?<![涉普触以])及(?![时格早])|(?<!参)与(?!会)|暨")


@cache
def words(name: str) -> re.Pattern[str]:
    """The compiled pattern `name` of the lexicon's lists."""
    return re.compile(load("lists")[name])


def masked(text: str) -> str:
    """The text with the insides of brackets, quotation marks and titles hidden, at the same length."""
    shown: list[str] = []
    closers: list[str] = []
    for at, character in enumerate(text):
        if closers and character == closers[-1]:
            closers.pop()
            # 《甲办法》《乙细则》: titles side by side need no mark between them.
            shown.append("、" if text[at : at + 2] == "》《" else HIDDEN)
        elif character in _QUOTED and _QUOTED[character] in text:
            closers.append(_QUOTED[character])
            shown.append(HIDDEN)
        else:
            shown.append(HIDDEN if closers else character)
    # A bracket that never closes hides nothing.
    return text if closers else "".join(shown)


@dataclass(frozen=True, slots=True)
class Names:
    """How many names a list can be read as."""

    least: int
    most: int
    open: bool
    """Whether the list says that there are more."""
    pieces: tuple[str, ...]

    def nearest(self, count: int) -> int:
        """The number of names that comes nearest to a count."""
        return min(max(count, self.least), self.most)


def _bare(name: str) -> str:
    return name.replace(HIDDEN, "").strip()


def _is_branch(name: str) -> bool:
    return _bare(name)[-1:] in tuple(load("lists")["family"])


def _joined(name: str, others: list[str], noun: str) -> tuple[int, int]:
    """(least, most) names that the last one of a list holds: 「白沙站和古市站」, 「监测和预警科」."""
    found = list(CONJUNCTION.finditer(name))
    if not found or not name[: found[-1].start()].strip() or not name[found[-1].end() :].strip():
        return 1, 1
    left, right = _bare(name[: found[-1].start()]), _bare(name[found[-1].end() :])
    head = right.removesuffix(noun) if noun and right != noun else right
    sizes = [len(_bare(other)) for other in others]
    apart = (
        found[-1].group() == "以及"
        or left[-1:] == right[-1:]
        or (_is_branch(left) and _is_branch(right))
        or min(len(left), len(right)) >= _LONG
        or (bool(others) and len(left) <= _SHORT and len(head) <= _SHORT and max(sizes) <= _SHORT + 1)
    )
    return (2 if apart else 1), 1 + (len(found) if not others else 1)


def _fused(pieces: list[str]) -> int:
    """How many 、 may stand inside names: the one behind 水情 in 「办公室、水情、水质科」."""
    if sum(map(_is_branch, pieces)) * 2 < len(pieces):
        return 0
    return sum(not _is_branch(piece) for piece in pieces[:-1])


def names_in(text: str, noun: str = "") -> Names | None:
    """The names of a list without its opening words; None where the words list nothing.

    `noun` is what is counted: the last name may carry it for all (「城东、城西分馆」).
    """
    shown = masked(text)
    is_open = words("open_list").search(shown.strip()) is not None
    shown = re.sub("等$", "", re.split("等(?=[^、；，]{0,12}$)", shown)[0]).strip(" 、；，,;:：")
    mark = next((mark for mark in ("、", "；", "，") if mark in shown.replace(";", "；").replace(",", "，")), None)
    pieces = re.split({"、": "、", "；": "[；;]", "，": "[，,]"}[mark], shown) if mark else [shown]
    pieces = [piece for piece in pieces if _bare(piece) or HIDDEN in piece]
    if not pieces:
        return None
    least, most = _joined(pieces[-1], pieces[:-1], noun)
    doubled = sum(
        left[-1:] == right[-1:]
        for piece in pieces[:-1]
        if (found := CONJUNCTION.search(piece)) and (left := _bare(piece[: found.start()]))
        if (right := _bare(piece[found.end() :]))
    )
    rest = len(pieces) - 1
    return Names(rest - _fused(pieces) + least, rest + doubled + most, is_open, tuple(map(_bare, pieces)))
