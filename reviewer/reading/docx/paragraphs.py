"""What a paragraph of the file becomes in the text: one paragraph, or several where line breaks part it."""

from collections.abc import Callable, Iterator, Sequence

from reviewer.reading import words
from reviewer.reading.docx.runs import LINE_BREAK, PAGE_BREAK, Bold, Text
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
        yield _with_bold(_joined([(text, 0, len(text.chars))], words.glue), heading=heading)
        return
    groups = _groups(text)
    if heading and sum(end - start for group in groups for _, start, end in group) <= _LONGEST_HEADING:
        groups = [[part for group in groups for part in group]]
        yield _with_bold(_joined(groups[0], lambda first, second: " "), heading=heading)
        return
    for group in groups:
        yield _with_bold(_joined(group, words.glue), heading=heading)


def in_cell(texts: Sequence[Text]) -> Passage:
    """The paragraphs of a cell as one."""
    parts = [part for text in texts for group in _groups(text) for part in group]
    return _passage(_joined(parts, words.glue_in_cell))


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


def _joined(parts: Sequence[Part], glue: Callable[[str, str], str]) -> Text:
    whole = Text()
    for text, start, end in parts:
        if whole.chars and (between := glue("".join(whole.chars[-_END:]), "".join(text.chars[start:end]))):
            whole.add(between, None, whole.bold[-1])
        whole.extend(text.part(start, end))
    return whole


def _passage(text: Text) -> Passage:
    return Passage("".join(text.chars), text.places)


def _with_bold(text: Text, *, heading: bool) -> tuple[Passage, int]:
    """With the end of the bold characters it opens with. That all of a heading is bold by its style tells nothing."""
    marks = [mark for char, mark in zip(text.chars, text.bold, strict=True) if not is_blank(char)]
    least = Bold.OWN if heading and Bold.NO not in marks else Bold.BY_STYLE
    pairs = enumerate(zip(text.chars, text.bold, strict=True))
    end = next((at for at, (char, mark) in pairs if mark < least and not is_blank(char)), len(text.chars))
    return _passage(text), end
