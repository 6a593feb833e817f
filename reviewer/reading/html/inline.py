"""Words of a page as a browser shows them: blanks collapsed, one paragraph at a time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.reading import words
from reviewer.reading.builder import Place
from reviewer.reading.layout import Passage

_RUNS = re.compile(r"[ \t\r\n\f]+|[^ \t\r\n\f]+")
_RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_TAIL = 100
_ASCII_WORD = re.compile(r"[!-~]")


@dataclass(slots=True)
class Inline:
    """The paragraph that is being read."""

    chars: list[str] = field(default_factory=list)
    bold: int = 0
    """Characters at its start that are bold."""
    prefix: str = ""
    """The number that a list prints before it."""
    _pending: str = ""

    def add(self, text: str, *, bold: bool, raised: bool) -> None:
        """Add the words of a text node. Digits that stand raised become raised digits: 10⁴ is not 104."""
        for match in _RUNS.finditer(text):
            run = match[0]
            if run[0] in " \t\r\n\f":
                self._pending = "\n" if "\n" in run or "\r" in run else self._pending or " "
                continue
            self._pend(run)
            if bold and self.bold == len(self.chars):
                self.bold += len(run)
            self.chars.extend(run.translate(_RAISED) if raised else run)

    def _pend(self, run: str) -> None:
        """The blank before a run: a line end of the file between Chinese characters is none."""
        if self._pending and self.chars:
            broken = self._pending == "\n"
            if not broken or (_ASCII_WORD.match(self.chars[-1]) and _ASCII_WORD.match(run)):
                if self.bold == len(self.chars):
                    self.bold += 1
                self.chars.append(" ")
        self._pending = ""

    def tail(self) -> str:
        """Its last words: a break is told by the characters beside it."""
        return "".join(self.chars[-_TAIL:])

    def go_on(self, other: "Inline") -> None:
        """Take the next line of the file's own breaking as part of the paragraph."""
        between = words.glue(self.tail(), "".join(other.chars))
        if self.bold == len(self.chars) and not between:
            self.bold += other.bold
        self.chars += [*between, *other.chars]

    def passage(self, line: int) -> Passage:
        """The paragraph, as the page's `line`."""
        text = "".join(self.chars)
        number = self.prefix if words.marker(text) is None else ""
        places: list[Place | None] = [None] * len(number)
        places.extend((line, column, None) for column in range(len(text)))
        return Passage(number + text, places)

    def bold_end(self, passage: Passage) -> int:
        """Where the bold words end that the passage opens with."""
        return self.bold + len(passage.chars) - len(self.chars) if self.bold else 0


def _goes_on(first: str, second: str) -> bool:
    """Whether a line break inside a paragraph stands inside a sentence: a number or word would be torn."""
    if words.opens_item(second):
        return False
    torn = words.splits_number(first, second) or words.splits_amount(first, second) or words.unfinished_number(first)
    return torn or words.trails_off(first) or words.never_first(second)


def paragraphs(lines: Sequence[Inline]) -> list[Inline]:
    """The lines of a block, those joined that its line breaks tear."""
    found: list[Inline] = []
    for line in lines:
        text = "".join(line.chars)
        if not text.strip():
            continue
        if found and _goes_on(found[-1].tail(), text):
            found[-1].go_on(line)
        else:
            found.append(line)
    return found
