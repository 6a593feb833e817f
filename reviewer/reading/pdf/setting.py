"""Characters to lines: what stands on one base line, with a space where the page shows one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from reviewer.reading.page_lines import PageLine
from reviewer.schema.source import OmissionReason

_SAME_LINE = 0.45
"""Of the type size: how far the middles of one line's characters may lie apart (raised footnote marks do)."""
_UNSEEN_SPACE = 0.08
_OVER = 0.3
_OVER_MARK = 0.7
_RAISED = 0.75
_GAPS = {"wide": 0.9, "number": 0.3, "word": 0.2, "mixed": 0.6}
"""Of the type size: gaps beyond which a space is seen, between two full-width characters, two characters of a number,
two of words, and one of each kind (typesetters leave a quarter between Chinese and Latin)."""
_ABOVE_BASE = 0.88


@dataclass(slots=True)
class Char:
    """A character as seen: x to the right, y down; `base` is its base line."""

    char: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    order: int = -1
    """What draws it; the same number for characters drawn at once."""

    middle: float = field(init=False)
    """Half the height of its body."""

    def __post_init__(self) -> None:
        self.middle = self.base - (_ABOVE_BASE - 0.5) * self.size


def set_lines(chars: Iterable[Char], aside: OmissionReason | None = None) -> list[PageLine]:
    """The lines of characters that all run from left to right."""
    rows: list[list[Char]] = []
    largest: Char | None = None
    for char in sorted(chars, key=lambda char: (char.middle, char.left, char.char)):
        if largest is not None and char.middle - largest.middle <= _SAME_LINE * max(largest.size, char.size):
            rows[-1].append(char)
            largest = char if char.size > largest.size else largest
        else:
            rows.append([char])
            largest = char
    return [line for row in rows for lane in _lanes(row) if (line := _line(lane, aside)) is not None]


def _lanes(row: Sequence[Char]) -> list[list[Char]]:
    """The characters from left to right; apart where words are printed over one another, as a number that is wider
    than its cell is over the next one."""
    chars = sorted(row, key=lambda char: (char.left, char.right, char.base, char.char))
    if all(_is_beside(left, right) for left, right in pairwise(chars)):
        return [chars]
    words: dict[int, list[list[Char]]] = {}
    for char in chars:
        drawn = words.setdefault(char.order, [[]])
        if drawn[-1] and char.left - drawn[-1][-1].right > char.size:
            drawn.append([])
        drawn[-1].append(char)
    lanes: list[list[Char]] = []
    for word in sorted((word for drawn in words.values() for word in drawn), key=lambda word: word[0].left):
        lane = next((lane for lane in lanes if _is_beside(lane[-1], word[0])), None)
        if lane is None:
            lanes.append(word)
        else:
            lane.extend(word)
    return lanes


def _is_beside(left: Char, right: Char) -> bool:
    """Whether two characters are not printed over one another; half of a full-width mark's body is empty."""
    over = _OVER_MARK if _is_mark(left.char) or _is_mark(right.char) else _OVER
    return right.left > left.right - over * left.size


def _is_mark(char: str) -> bool:
    return "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uff65" or "\u2010" <= char <= "\u2027"


def _line(chars: Sequence[Char], aside: OmissionReason | None) -> PageLine | None:
    chars = _with_gaps(_without_unseen_spaces(chars))
    while chars and chars[-1].char.isspace():
        chars.pop()
    while chars and chars[0].char.isspace():
        chars.pop(0)
    if not chars:
        return None
    size = max(char.size for char in chars)
    bold = tuple(char.bold for char in chars)
    return PageLine(
        text="".join(char.char for char in chars),
        lefts=tuple(char.left for char in chars),
        rights=tuple(char.right for char in chars),
        top=min(char.base - _ABOVE_BASE * char.size for char in chars),
        bottom=max(char.base + (1 - _ABOVE_BASE) * char.size for char in chars),
        size=size,
        bold=bold if any(bold) else (),
        aside=aside,
    )


def _without_unseen_spaces(chars: Sequence[Char]) -> list[Char]:
    """Without spaces whose neighbours stand as close as if there were none."""
    kept: list[Char] = []
    for index, char in enumerate(chars):
        following = chars[index + 1] if index + 1 < len(chars) else None
        if char.char == " " and kept and following is not None and not following.char.isspace():
            between = following.left - kept[-1].right
            if kept[-1].char != " " and between <= _UNSEEN_SPACE * char.size:
                continue
        kept.append(char)
    return kept


def _with_gaps(chars: Sequence[Char]) -> list[Char]:
    usual = _letter_spacing(chars)
    spaced: list[Char] = []
    for char in chars:
        if spaced and _shows_space(spaced[-1], char, usual):
            before = spaced[-1]
            spaced.append(Char(" ", before.right, max(before.right, char.left), before.base, before.size, before.bold))
        spaced.append(char)
    return spaced


def _letter_spacing(chars: Sequence[Char]) -> float:
    """The gap that the whole line has between its characters."""
    gaps = [right.left - left.right for left, right in pairwise(chars)]
    return max(0.0, min(median(gaps), 0.5 * chars[0].size)) if len(gaps) >= 4 else 0.0


def _shows_space(before: Char, char: Char, usual: float) -> bool:
    if before.char.isspace() or char.char.isspace():
        return False
    size = min(before.size, char.size)
    if (
        before.char.isdigit()
        and char.char.isdigit()
        and min(before.size, char.size) < _RAISED * max(before.size, char.size)
    ):
        # A footnote mark behind a number is not its last digit.
        return True
    left, right = _is_wide(before.char), _is_wide(char.char)
    if left and right:
        kind = "wide"
    elif left or right:
        kind = "mixed"
    else:
        kind = "number" if before.char in _NUMERIC and char.char in _NUMERIC else "word"
    return char.left - before.right - usual > _GAPS[kind] * size


_NUMERIC = frozenset("0123456789.,%+-")


def _is_wide(char: str) -> bool:
    return char >= "\u2e80"
