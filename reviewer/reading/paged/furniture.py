"""What stands on the margins of pages and is no part of the text: headers, footers, page numbers."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from reviewer.reading import words
from reviewer.reading.paged.strips import Strip
from reviewer.reading.pages import decorated
from reviewer.schema.source import OmissionReason

_MARGIN = 0.13
"""Of the page's height, at its top and at its bottom."""
_OUTERMOST = 3
"""Lines of a page that may be its header or its footer."""
_MOST_PAGES = 0.5
_SAME_HEIGHT = 6.0
_LARGER = 1.15
_DIGITS = re.compile("[0-9０-９]+")


@dataclass(frozen=True, slots=True)
class _Candidate:
    page: int
    strips: tuple[Strip, ...]
    text: str
    top: bool

    @property
    def height(self) -> float:
        return self.strips[0].middle

    @property
    def numbers(self) -> list[int]:
        return [int(number) for number in _DIGITS.findall(self.text)]


def furniture(pages: Sequence[tuple[int, float, Sequence[Strip]]]) -> dict[tuple[int, int], OmissionReason]:
    """(page, line) of every line on a margin that is no text, and why. `pages`: number, height, strips outside tables.

    A page number is one by its look, or a bare number that counts on from page to page. A header or footer is the
    same words at the same height on at least half of the pages, or of those of one side.
    """
    body = _body_size([strip for _, _, strips in pages for strip in strips])
    candidates = [found for number, height, strips in pages for found in _candidates(number, height, strips)]
    reasons: dict[tuple[int, int], OmissionReason] = {}
    counts_on = _counts_on(candidates)
    for candidate in candidates:
        if decorated(candidate.text) is not None or _offset(candidate) in counts_on:
            reasons[_key(candidate)] = "page_number"
    # Titles that several pages begin with, those of forms, are larger than the text; headers are not.
    others = [c for c in candidates if _key(c) not in reasons and c.strips[0].size <= _LARGER * body]
    for candidate in _repeated(others, [number for number, _, _ in pages]):
        reasons[_key(candidate)] = "header" if candidate.top else "footer"
    return reasons


def _key(candidate: _Candidate) -> tuple[int, int]:
    return candidate.page, candidate.strips[0].line


def _candidates(page: int, height: float, strips: Sequence[Strip]) -> list[_Candidate]:
    ordered = sorted((strip for strip in strips if not strip.turned), key=lambda strip: (strip.line, strip.column))
    lines = [tuple(line) for _, line in groupby(ordered, key=lambda strip: strip.line)]
    found: list[_Candidate] = []
    for index, line in enumerate(lines):
        top = index < _OUTERMOST and line[0].middle < _MARGIN * height
        bottom = index >= len(lines) - _OUTERMOST and line[0].middle > (1 - _MARGIN) * height
        if top or bottom:
            found.append(_Candidate(page, line, " ".join(strip.text for strip in line), top))
    return found


def _offset(candidate: _Candidate) -> int | None:
    """How far a bare number is from the number of its page."""
    number = words.bare_integer(candidate.text)
    return None if number is None else number - candidate.page


def _counts_on(candidates: Sequence[_Candidate]) -> set[int | None]:
    """The offset that bare numbers on several pages share; on a single page, that of its own number."""
    offsets: dict[int, set[int]] = defaultdict(set)
    for candidate in candidates:
        if (offset := _offset(candidate)) is not None:
            offsets[offset].add(candidate.page)
    several = {offset for offset, on in offsets.items() if len(on) >= 2}
    return {*(several or ({0} if 0 in offsets else set()))}


def _repeated(candidates: Sequence[_Candidate], pages: Sequence[int]) -> list[_Candidate]:
    groups: dict[tuple[bool, str], list[_Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[candidate.top, _DIGITS.sub("#", candidate.text)].append(candidate)
    found: list[_Candidate] = []
    for group in groups.values():
        heights = Counter(round(candidate.height / _SAME_HEIGHT) for candidate in group)
        usual = heights.most_common(1)[0][0]
        near = [c for c in group if abs(round(c.height / _SAME_HEIGHT) - usual) <= 1]
        same = near if _count_on_or_stay(near) else _alike(near)
        on = {candidate.page for candidate in same}
        if len(on) >= 2 and (len(on) >= _MOST_PAGES * len(pages) or _on_one_side(on, pages)):
            found.extend(same)
    return found


def _count_on_or_stay(group: Sequence[_Candidate]) -> bool:
    """Whether each number in the line is the same on all pages or counts them."""
    for values in zip(*(candidate.numbers for candidate in group), strict=True):
        offsets = {value - candidate.page for value, candidate in zip(values, group, strict=True)}
        if len(set(values)) > 1 and len(offsets) > 1:
            return False
    return True


def _alike(group: Sequence[_Candidate]) -> list[_Candidate]:
    """Those with the very same words as most."""
    usual = Counter(candidate.text for candidate in group).most_common(1)[0][0]
    return [candidate for candidate in group if candidate.text == usual]


def _body_size(strips: Sequence[Strip]) -> float:
    sizes = Counter[float]()
    for strip in strips:
        sizes[round(strip.size, 1)] += len(strip.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=1.0)


def _on_one_side(on: set[int], pages: Sequence[int]) -> bool:
    """Whether the pages are all even or all odd, and most of those."""
    sides = {page % 2 for page in on}
    side = [page for page in pages if page % 2 in sides]
    return len(sides) == 1 and len(on) >= 3 and len(on) >= _MOST_PAGES * len(side)
