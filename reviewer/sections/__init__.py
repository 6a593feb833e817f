"""The outline of a report: its headings, the sections they open, and the sentences inside.

Numbers in such reports repeat, skip and change style, and Markdown levels come from font sizes. So nothing is
lost on a wrong number: a heading only ever begins a section, and sections are a flat partition of the text.
"""

from dataclasses import dataclass

from reviewer.schema.source import Document, Section
from reviewer.sections.headings import ATTACHMENT_STYLE, Heading, find_headings
from reviewer.sections.sentences import split_sentences

__all__ = ["split_sections", "split_sentences"]


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading whose section later ones may nest in."""

    id: str
    style: str | None
    markup_level: int | None


def split_sections(document: Document, first: int = 1) -> tuple[Section, ...]:
    """The sections of the document, `s{first}` on; they begin at 0, end at the text's end and leave no gap."""
    text = document.text
    headings = find_headings(document)
    starts = [heading.start for heading in headings]
    sections: list[Section] = []
    if text and (not starts or starts[0] > 0):
        end = starts[0] if starts else len(text)
        sections.append(
            Section(
                id=f"s{first}",
                number=None,
                title="",
                level=0,
                parent=None,
                body=0,
                span=document.span(0, end),
            )
        )
    outline = _Outline()
    ends = [*starts[1:], len(text)] if starts else []
    for heading, end in zip(headings, ends, strict=True):
        name = f"s{first + len(sections)}"
        level, parent = outline.place(name, heading)
        sections.append(
            Section(
                id=name,
                number=heading.number,
                title=heading.title,
                level=level,
                parent=parent,
                body=heading.body,
                span=document.span(heading.start, end),
            )
        )
    return tuple(sections)


class _Outline:
    """The stack of open headings: numbering styles nest in the order the document nests them."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._numbered = False

    def place(self, name: str, heading: Heading) -> tuple[int, str | None]:
        """Level and parent of the next heading, which is open from now on."""
        if heading.style is None:
            self._close_for_unnumbered(heading.markup_level)
        else:
            self._close_for_numbered(heading.style)
            self._numbered = True
        parent = self._open[-1].id if self._open else None
        self._open.append(_Open(name, heading.style, heading.markup_level))
        return len(self._open), parent

    def _close_for_numbered(self, style: str) -> None:
        """A style already open ends what stands below it; the report's title holds no numbered heading."""
        styles = [entry.style for entry in self._open]
        if style in {"part", ATTACHMENT_STYLE}:
            self._open.clear()
        elif style in styles:
            del self._open[styles.index(style) :]
        elif not self._numbered and (style == "cn_comma" or all(entry.markup_level == 1 for entry in self._open)):
            self._open.clear()
        elif self._open and self._open[-1].style is None and self._open[-1].markup_level is None:
            self._open.pop()

    def _close_for_unnumbered(self, level: int | None) -> None:
        """Marked-up headings close their equals; bold words close other bold words."""
        while self._open:
            last = self._open[-1]
            lead_in = last.style is None and last.markup_level is None
            equal = level is not None and last.markup_level is not None and last.markup_level >= level
            if not (lead_in or equal):
                return
            self._open.pop()
