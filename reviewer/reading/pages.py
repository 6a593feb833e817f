"""Page numbers: which lines are, and on which page every piece of the file stands."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from reviewer.reading import words
from reviewer.reading.pieces import Piece

_DIGITS = "([0-9０-９]{1,4})"
_DECORATED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"[—–―─－\-]{{1,3}}[ \t\u3000]*{_DIGITS}[ \t\u3000]*[—–―─－\-]{{1,3}}",
        rf"[·•~～][ \t]*{_DIGITS}[ \t]*[·•~～]",
        rf"第[ \t]*{_DIGITS}[ \t]*页(?:[ \t]*[,，/／]?[ \t]*共[ \t]*[0-9０-９]{{1,4}}[ \t]*页)?",
        rf"Page[ \t]*{_DIGITS}(?:[ \t]*(?:of|/)[ \t]*[0-9]{{1,4}})?",
    )
)
_OF_TOTAL = re.compile(rf"{_DIGITS}[ \t]*[/／][ \t]*{_DIGITS}")
# Running numbers on a page are a page apart.
_FAR_APART = 8


def page_numbers(pieces: Sequence[Piece]) -> dict[int, int]:
    """Index of every piece that is a page number, and the number.

    A decorated number alone on its line always is one. A bare integer is one only beside a form feed, in a
    series that runs through the file, or between the two halves of a sentence: a column of figures from a
    table that came apart must stay in the text.
    """
    found = {index: number for index, piece in enumerate(pieces) if (number := decorated(piece.text)) is not None}
    bare = {index: value for index, piece in enumerate(pieces) if (value := words.bare_integer(piece.text)) is not None}
    lonely = {index: value for index, value in bare.items() if _is_lonely(pieces, index)}
    if _is_series(bare) and len(lonely) == len(bare):
        return found | bare
    found |= _beside_form_feeds(pieces, lonely)
    for index, value in lonely.items():
        if index not in found and _inside_sentence(pieces, index):
            found[index] = value
    return found


def assign_pages(pieces: Sequence[Piece], marks: dict[int, int]) -> list[int | None]:
    """The page of each piece: by form feeds, else by page numbers that run from 1 without a gap."""
    if any(piece.sheet for piece in pieces):
        return [piece.sheet + 1 for piece in pieces]
    if not marks or list(marks[index] for index in sorted(marks)) != list(range(1, len(marks) + 1)):
        return [None] * len(pieces)
    header = min(marks) == 0
    pages: list[int | None] = []
    page = 1
    for index in range(len(pieces)):
        if index in marks:
            page = marks[index]
        pages.append(page)
        if index in marks and not header:
            page += 1
    return pages


def decorated(text: str) -> int | None:
    """The number of a line that is a page number by its look: — 3 —, 第3页 共20页, Page 3, 3/20."""
    for pattern in _DECORATED:
        if match := pattern.fullmatch(text):
            return int(match[1])
    match = _OF_TOTAL.fullmatch(text)
    return int(match[1]) if match and 1 <= int(match[1]) <= int(match[2]) else None


def _is_lonely(pieces: Sequence[Piece], index: int) -> bool:
    """No other number stands alone above or below, and what follows does not belong to a number."""
    around = [pieces[near].text for near in (index - 1, index + 1) if 0 <= near < len(pieces)]
    if any(words.number_only(text) for text in around):
        return False
    following = pieces[index + 1].text if index + 1 < len(pieces) else ""
    before = pieces[index - 1].text if index else ""
    if words.stopped(before):
        return True
    return not words.starts_with_unit(following) and not (before and words.awaits_number(before))


def _is_series(bare: dict[int, int]) -> bool:
    """At least two, each one more than the last and far from it."""
    indexes = sorted(bare)
    steps = list(pairwise(indexes))
    return bool(steps) and all(bare[right] == bare[left] + 1 and right - left >= _FAR_APART for left, right in steps)


def _beside_form_feeds(pieces: Sequence[Piece], bare: dict[int, int]) -> dict[int, int]:
    """Bare integers next to a form feed whose distance to the count of form feeds is the file's usual one."""
    beside: dict[int, int] = {}
    for index in bare:
        sheet = pieces[index].sheet
        first = index > 0 and pieces[index - 1].sheet != sheet
        last = pieces[index + 1].sheet != sheet if index + 1 < len(pieces) else sheet > 0
        if first or last:
            beside[index] = bare[index] - sheet
    if not beside:
        return {}
    usual, _ = min(Counter(beside.values()).items(), key=lambda item: (-item[1], abs(item[0] - 1)))
    return {index: bare[index] for index, offset in beside.items() if offset == usual}


def _inside_sentence(pieces: Sequence[Piece], index: int) -> bool:
    if not 0 < index < len(pieces) - 1:
        return False
    before, after = pieces[index - 1].text, pieces[index + 1].text
    if not (pieces[index].gap or pieces[index + 1].gap):
        return False
    prose = words.han(before) >= 12 and words.punctuated(before)
    open_end = not words.closed(before) and not before[-1:].isdigit()
    return prose and open_end and not words.opens_item(after) and words.han(after) >= 2
