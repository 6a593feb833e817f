"""The guard on words a model writes: a number in them must stand in the text they rest on.

DESIGN: a number that is not in the report cannot enter a review. Numbers are compared as they are read: full-width
digits as half-width ones, without thousands separators, with the unit they are told in.
"""

import re
import unicodedata

from reviewer.extraction.model.written import NUMERALS, Written, numbers_in

__all__ = ["between_numbers", "cuts_a_number", "folded", "grounded", "grounded_sentences", "joined", "tidy"]

_UNSEEN = ("Cf", "Mn", "Me", "Cc")
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")
_NUMERIC = re.compile(rf"[\d{NUMERALS}〇两半%％‰]")
# Anything that may be such a sign; Chinese and ASCII are the long stretches between them.
_SIGNS = re.compile(r"([^\x00-\xb1\u3400-\u9fff\uff01-\uff5e])")
_BLANKS = re.compile(r"\s+")


def tidy(text: str) -> str:
    """A model's words without what a reader cannot see: joiners, marks of direction, combining strokes."""
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) not in _UNSEEN).strip()


def folded(text: str) -> str:
    """Full-width forms as half-width ones; signs that are numbers by themselves stay: ⑤ is no 5."""
    return "".join(
        piece if unicodedata.category(piece[0]) in ("No", "Nl") else unicodedata.normalize("NFKC", piece)
        for piece in _SIGNS.split(text)
        if piece
    )


def grounded(text: str, *grounds: str) -> bool:
    """Whether every number of a text stands in one of the grounds, digit for digit and in its unit."""
    known = [number for ground in grounds for number in numbers_in(ground)]
    return all(_stands(number, known) for number in numbers_in(text))


def _stands(number: Written, known: list[Written]) -> bool:
    if any(number.stands_for(printed) for printed in known):
        return True
    # Where nothing is counted in this unit, 一个 and 两处 are manners of speaking.
    return number.is_article and all(printed.unit != number.unit for printed in known)


def grounded_sentences(text: str, *grounds: str) -> tuple[str, int]:
    """The sentences of a text that bring no number of their own, and how many were dropped."""
    sentences = [found.group() for found in _SENTENCE.finditer(text) if found.group().strip()]
    kept = [sentence for sentence in sentences if grounded(sentence, *grounds)]
    return "".join(kept).strip(), len(sentences) - len(kept)


def cuts_a_number(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins or ends inside a number: 74.36万元 of 874.36万元."""
    return _inside(text, start) or _inside(text, end)


def _inside(text: str, at: int) -> bool:
    if at <= 0 or at >= len(text):
        return False
    point = at if text[at] in ".," else at - 1 if text[at - 1] in ".," else None
    if point is not None:
        return text[point - 1 : point].isdecimal() and text[point + 1 : point + 2].isdecimal()
    return is_numeric(text[at - 1]) and is_numeric(text[at])


def is_numeric(char: str) -> bool:
    """Whether a character may be part of a number, a blank or another sign beside it left aside."""
    return bool(_NUMERIC.fullmatch(char))


def joined(text: str) -> str:
    """The text without blanks, one kept where two numbers would become one."""
    return _BLANKS.sub(lambda found: " " * between_numbers(found), text.strip())


def between_numbers(found: re.Match[str]) -> bool:
    """Whether what was found stands between two characters of numbers."""
    text = found.string
    return is_numeric(text[found.start() - 1 : found.start()]) and is_numeric(text[found.end() : found.end() + 1])
