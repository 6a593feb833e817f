"""What a paragraph of the file becomes in the text: one paragraph, or several where line breaks part it."""

from collections.abc import Callable, Iterator, Sequence

from reviewer.reading import words
from reviewer.reading.docx.runs import LINE_BREAK, PAGE_BREAK, Text
from reviewer.reading.layout import Passage
from reviewer.reading.pieces import is_blank, split_pieces
from reviewer.reading.wrapping import Line, Wrapping

_BREAKS = frozenset(LINE_BREAK + PAGE_BREAK)
_LONGEST_HEADING = 50
# More of a line's end tells nothing about how it goes on.
_END = 60

Part = tuple[Text, int, int]
"""A stretch of a text without breaks and without blanks at its ends."""


def passages(text: Text, *, heading: bool) -> Iterator[tuple[Passage, int]]:
    """The paragraphs of the text, each with the end of the bold characters it opens with.

    A line break inside a sentence or a number is one that was copied from a page; the lines of a short heading belong
    together.
    """
    if not _BREAKS.intersection(text.chars):
        yield _joined([(text, 0, len(text.chars))], words.glue)
        return
    groups = _groups(text)
    if heading and sum(end - start for group in groups for _, start, end in group) <= _LONGEST_HEADING:
        groups = [[part for group in groups for part in group]]
        yield _joined(groups[0], lambda first, second: " ")
        return
    for group in groups:
        yield _joined(group, words.glue)


def in_cell(texts: Sequence[Text]) -> Passage:
    """The paragraphs of a cell as one."""
    parts = [part for text in texts for group in _groups(text) for part in group]
    return _joined(parts, words.glue_in_cell)[0]


def _groups(text: Text) -> list[list[Part]]:
    """The stretches between breaks, those together that make up one paragraph."""
    chars = "".join(text.chars)
    begins = [0, *(index + 1 for index, char in enumerate(chars) if char == LINE_BREAK)]
    lines: list[Line] = []
    for piece in split_pieces(chars):
        broken = bool(lines) and lines[-1].piece.sheet != piece.sheet
        bounds = (0, len(piece.text))
        lines.append(Line.of(piece, bounds, heading=None, bullet=False, breaks_page=broken, after_block=False))
    groups = [lines] if len(lines) < 2 else Wrapping(lines).paragraphs()
    return [[_part(text, line, begins) for line in group] for group in groups]


def _part(text: Text, line: Line, begins: Sequence[int]) -> Part:
    start = begins[line.piece.line - 1] + line.piece.column
    return text, start, start + len(line.piece.text)


def _joined(parts: Sequence[Part], glue: Callable[[str, str], str]) -> tuple[Passage, int]:
    """The parts as one passage, and where the bold characters it opens with end."""
    whole = Text()
    for text, start, end in parts:
        if whole.chars and (between := glue("".join(whole.chars[-_END:]), "".join(text.chars[start:end]))):
            whole.add(between, None, whole.bold[-1])
        whole.extend(text.part(start, end))
    bold = next((index for index, mark in enumerate(whole.bold) if not mark and not is_blank(whole.chars[index])), None)
    return Passage("".join(whole.chars), whole.places), len(whole.chars) if bold is None else bold
