"""Cutting a report into requests: whole sections while they fit, long ones between paragraphs or sentences.

Short sections travel together, since every request carries the instructions; a request whose answer would be too long
is halved. Nothing is asked twice in the same form.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from reviewer.schema import Sentence, Source

_CHARACTERS = 1500
_NUMBERS = 60
_SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", ";", "，", "、", " ", ""]


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences that are asked about together, in reading order."""

    sentences: tuple[Sentence, ...]

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections it has sentences of."""
        return tuple(dict.fromkeys(sentence.section for sentence in self.sentences))

    def halves(self) -> tuple["Part", "Part"] | None:
        """Two parts, cut between sections if it has several, else between sentences; None for a single sentence."""
        if len(self.sentences) < 2:
            return None
        middle = len(self.sentences) // 2
        borders = [
            index
            for index in range(1, len(self.sentences))
            if self.sentences[index].section != self.sentences[index - 1].section
        ]
        cut = min(borders, key=lambda index: abs(index - middle)) if borders else middle
        return Part(self.sentences[:cut]), Part(self.sentences[cut:])


def split_parts(source: Source, characters: int = _CHARACTERS, numbers: int = _NUMBERS) -> tuple[Part, ...]:
    """The report in parts of at most so many characters and numbers; a single sentence is never cut."""
    parts: list[Part] = []
    packed: list[Sentence] = []
    for block in _blocks(source, characters, numbers):
        if packed and _exceeds(source, [*packed, *block], characters, numbers):
            parts.append(Part(tuple(packed)))
            packed = []
        packed += block
    if packed:
        parts.append(Part(tuple(packed)))
    return tuple(parts)


def _exceeds(source: Source, sentences: Sequence[Sentence], characters: int, numbers: int) -> bool:
    if len({sentence.span.document for sentence in sentences}) > 1:
        return True
    length = sum(sentence.span.end - sentence.span.start for sentence in sentences)
    return length > characters or sum(_numbers(source, sentence) for sentence in sentences) > numbers


def _numbers(source: Source, sentence: Sentence) -> int:
    return len(source.within(sentence.span.document, sentence.span.start, sentence.span.end))


def _blocks(source: Source, characters: int, numbers: int) -> Iterator[list[Sentence]]:
    """Sections, or the pieces of those that are too long for one request."""
    for _, group in groupby(source.sentences, key=lambda sentence: sentence.section):
        section = list(group)
        if _exceeds(source, section, characters, 10**9):
            for piece in _pieces(source, section, characters):
                yield from _by_numbers(source, piece, numbers)
        else:
            yield from _by_numbers(source, section, numbers)


def _by_numbers(source: Source, sentences: list[Sentence], numbers: int) -> Iterator[list[Sentence]]:
    piece: list[Sentence] = []
    held = 0
    for sentence in sentences:
        count = _numbers(source, sentence)
        if piece and held + count > numbers:
            yield piece
            piece, held = [], 0
        piece.append(sentence)
        held += count
    if piece:
        yield piece


def _pieces(source: Source, sentences: list[Sentence], characters: int) -> Iterator[list[Sentence]]:
    """A long section cut where Chinese prose may be cut; offsets are counted here, and a sentence stays whole."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    span = sentences[0].span
    text = source.document(span.document).text[span.start : sentences[-1].span.end]
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=characters,
        chunk_overlap=0,
        separators=_SEPARATORS,
        keep_separator="end",
        strip_whitespace=False,
        length_function=len,
    )
    borders, at = [], span.start
    for chunk in splitter.split_text(text):
        at += len(chunk)
        borders.append(at)
    piece: list[Sentence] = []
    for sentence in sentences:
        while borders and sentence.span.start >= borders[0]:
            borders.pop(0)
            if piece:
                yield piece
                piece = []
        piece.append(sentence)
    if piece:
        yield piece
