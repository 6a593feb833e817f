"""The characters of one paragraph, as the reader of the printed page sees them, and where each is stored."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from reviewer.errors import ReviewerError
from reviewer.reading.builder import Place
from reviewer.reading.docx import symbols
from reviewer.reading.docx.styles import Look, Styles
from reviewer.reading.docx.xml import (
    ALTERNATE,
    BOX,
    CHART,
    DELETED,
    PICTURE,
    SPACE,
    VML,
    M,
    W,
    chosen,
    find,
    on,
    value,
)
from reviewer.schema.source import OmissionReason

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_CHARACTERS = 1_000_000
"""Of one file: 700 pages. Each takes two hundred bytes while it is read."""

LINE_BREAK = "\n"
PAGE_BREAK = "\f"
_STORED_BREAKS = frozenset("\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029")
TAB = "\t"
_LEADER = "…"
_PAGE = re.compile(r"[ ]*[0-9０-９ivxIVX]{1,5}[ ]*")
_PAGE_FIELDS = frozenset({"PAGE", "NUMPAGES", "SECTIONPAGES"})
_PICTURES = (f"{PICTURE}pic", f"{VML}imagedata", f"{CHART}chart", f"{W}object")


class Bold(IntEnum):
    """Whether characters are bold, and by what."""

    NO = 0
    BY_STYLE = 1
    OWN = 2


@dataclass(slots=True)
class Text:
    """Characters with their places and whether they are bold. Breaks and tabs are among them; a tab has no place."""

    chars: list[str] = field(default_factory=list)
    places: list[Place | None] = field(default_factory=list)
    bold: list[Bold] = field(default_factory=list)

    def add(self, chars: str, place: Place | None, bold: Bold) -> None:
        """Append characters that stand at `place`, or that are inserted."""
        for char in chars:
            self.chars.append(char)
            self.places.append(place)
            self.bold.append(bold)

    def part(self, start: int, end: int) -> "Text":
        """The stretch from `start` to `end`."""
        return Text(self.chars[start:end], self.places[start:end], self.bold[start:end])

    def without_tabs(self) -> "Text":
        """With blanks in their place."""
        return Text([" " if char == TAB else char for char in self.chars], self.places, self.bold)

    def extend(self, other: "Text") -> None:
        """Append another text."""
        self.chars += other.chars
        self.places += other.places
        self.bold += other.bold


@dataclass(slots=True)
class Content:
    """What a paragraph holds. `boxes` and `notes` (kind and id) hang on it and are read behind it."""

    text: Text = field(default_factory=Text)
    omitted: list[tuple[str, Place, OmissionReason]] = field(default_factory=list)
    boxes: list["_Element"] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """What a person should know about, counted over the file."""

    hidden: int = 0
    pictures: int = 0
    unmapped: int = 0
    characters: int = 0


@dataclass(slots=True)
class _Field:
    """A field whose result the printed page shows and whose instruction it does not."""

    closes: bool
    """Its parts are complete in this paragraph; else nothing of it is taken for an instruction."""
    instruction: str = ""
    result: bool = False

    def hides(self) -> bool:
        """Whether what stands here is part of the instruction."""
        return self.closes and not self.result

    def is_page(self) -> bool:
        """Whether the result is the number of a page."""
        return self.result and self.instruction.strip().partition(" ")[0].upper() in _PAGE_FIELDS


class Runs:
    """Reads paragraphs one by one."""

    def __init__(self, styles: Styles, tally: Tally, too_long: Callable[[], ReviewerError]) -> None:
        self._styles = styles
        self._tally = tally
        self._too_long = too_long
        self._handlers: dict[str, Callable[[_Element], None]] = {
            f"{W}r": self._run,
            f"{M}r": self._run,
            f"{W}t": self._words,
            f"{M}t": self._words,
            f"{W}tab": self._tab,
            f"{W}ptab": self._tab,
            f"{W}br": self._break,
            f"{W}cr": self._break,
            f"{W}sym": self._symbol,
            f"{W}noBreakHyphen": lambda element: self._put("-"),
            f"{W}footnoteReference": self._note,
            f"{W}endnoteReference": self._note,
            f"{W}fldChar": self._field_part,
            f"{W}instrText": self._instruction,
            f"{W}fldSimple": self._simple_field,
            f"{W}drawing": self._graphic,
            f"{W}pict": self._graphic,
            f"{W}object": self._graphic,
            f"{M}f": self._fraction,
            f"{M}sup": self._raised,
            BOX: self._box,
            ALTERNATE: self._alternate,
        }

    def read(self, paragraph: "_Element", number: int, look: Look, *, leader: bool) -> Content:
        """The content of the paragraph with this number. `leader` says that its tabs stand for dots."""
        self._number, self._column = number, 0
        self._base = look
        self._content = Content()
        self._fields: list[_Field] = []
        self._unprinted = self._paged = 0
        self._closing = _closing_fields(paragraph)
        self._bold, self._hidden = Bold.NO, False
        self._signs = symbols.signs_of(())
        self._inside(paragraph)
        if leader:
            _dot_last_tab(self._content.text)
        return self._content

    def _inside(self, parent: "_Element") -> None:
        for child in parent:
            if child.tag in _SKIPPED or child.tag in DELETED:
                continue
            handler = self._handlers.get(str(child.tag))
            if handler is not None:
                handler(child)
            else:
                self._inside(child)

    def _run(self, run: "_Element") -> None:
        properties = find(run, "rPr")
        style = self._styles.character(properties)
        bold, hidden = on(properties, "b"), on(properties, "vanish")
        # Bold on bold of two styles is plain: the property toggles.
        by_style = Bold.BY_STYLE if self._base.bold != style.bold else Bold.NO
        self._bold = by_style if bold is None else Bold.OWN if bold else Bold.NO
        from_styles = style.hidden if style.hidden is not None else self._base.hidden
        self._hidden = bool(hidden if hidden is not None else from_styles)
        own = (value(properties, "rFonts", attribute=name) for name in ("ascii", "hAnsi"))
        self._signs = symbols.signs_of((*own, style.font, self._base.font))
        self._inside(run)

    def _words(self, element: "_Element") -> None:
        words = element.text or ""
        if element.tag == f"{W}t" and element.get(SPACE) != "preserve":
            words = words.strip(" \t\r\n")
        if self._tally.characters + len(words) > MOST_CHARACTERS:
            raise self._too_long()
        for char in words:
            if char in _STORED_BREAKS:
                self._put(" ", stored=False)
            else:
                self._put(self._sign(char, self._signs))

    def _sign(self, char: str, signs: Mapping[int, str]) -> str:
        if (drawn := symbols.mapped(char, signs)) is not None:
            return drawn
        self._tally.unmapped += symbols.is_private(char)
        return char

    def _symbol(self, element: "_Element") -> None:
        code = element.get(f"{W}char", "")
        try:
            char = chr(int(code, 16))
        except (ValueError, OverflowError):
            return
        char = self._sign(char, symbols.signs_of([element.get(f"{W}font")]))
        self._put(char if char.isprintable() or symbols.is_private(char) else "\ufffd")

    def _tab(self, element: "_Element") -> None:
        self._put(TAB, stored=False)

    def _break(self, element: "_Element") -> None:
        self._put(PAGE_BREAK if element.get(f"{W}type") in ("page", "column") else LINE_BREAK)

    def _put(self, char: str, *, stored: bool = True) -> None:
        """Add what one stored character shows: itself, or with `stored` off something inserted in its place."""
        if self._unprinted:
            return
        place = (self._number, self._column, None)
        self._column += 1
        self._tally.characters += 1
        if self._hidden:
            self._tally.hidden += 1
            self._content.omitted.append((char, place, "hidden"))
        elif self._paged:
            self._content.omitted.append((char, place, "page_number"))
        else:
            self._content.text.add(char, place if stored else None, self._bold)

    def _note(self, element: "_Element") -> None:
        kind = "footnotes" if element.tag == f"{W}footnoteReference" else "endnotes"
        if (name := element.get(f"{W}id")) is not None:
            self._content.notes.append((kind, name))

    def _field_part(self, element: "_Element") -> None:
        part = element.get(f"{W}fldCharType")
        if part == "begin":
            self._open(_Field(closes=element in self._closing))
        elif part in ("separate", "end") and self._fields:
            field = self._close()
            if part == "separate":
                field.result = True
                self._open(field)

    def _open(self, field: _Field) -> None:
        self._fields.append(field)
        self._unprinted += field.hides()
        self._paged += field.is_page()

    def _close(self) -> _Field:
        field = self._fields.pop()
        self._unprinted -= field.hides()
        self._paged -= field.is_page()
        return field

    def _instruction(self, element: "_Element") -> None:
        if self._fields and not self._fields[-1].result:
            self._fields[-1].instruction += element.text or ""

    def _simple_field(self, element: "_Element") -> None:
        depth = len(self._fields)
        self._open(_Field(closes=True, instruction=element.get(f"{W}instr", ""), result=True))
        self._inside(element)
        while len(self._fields) > depth:
            self._close()

    def _alternate(self, element: "_Element") -> None:
        if (branch := chosen(element)) is not None:
            self._inside(branch)

    def _graphic(self, element: "_Element") -> None:
        self._tally.pictures += next(element.iter(*_PICTURES), None) is not None
        self._boxes(element)

    def _box(self, element: "_Element") -> None:
        self._content.boxes.append(element)

    def _boxes(self, element: "_Element") -> None:
        for child in element:
            if child.tag == BOX:
                self._box(child)
            elif child.tag == ALTERNATE:
                if (branch := chosen(child)) is not None:
                    self._boxes(branch)
            else:
                self._boxes(child)

    def _fraction(self, element: "_Element") -> None:
        """A fraction of an equation, on one line: a/b, (a+b)/c."""
        for number, name in enumerate(("num", "den")):
            if number:
                self._content.text.add("/", None, Bold.NO)
            part = element.find(f"{M}{name}")
            if part is None:
                continue
            compound = any(char in "+-−×÷*/" for char in "".join(t.text or "" for t in part.iter(f"{M}t")))
            if compound:
                self._content.text.add("(", None, Bold.NO)
            self._inside(part)
            if compound:
                self._content.text.add(")", None, Bold.NO)

    def _raised(self, element: "_Element") -> None:
        self._content.text.add("^", None, Bold.NO)
        self._inside(element)


_SKIPPED = frozenset(
    f"{W}{name}"
    for name in (
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "smartTagPr",
        "customXmlPr",
        "delText",
        "delInstrText",
        "softHyphen",
        "rt",
        "rubyPr",
        "pgNum",
        "footnoteRef",
        "endnoteRef",
        "separator",
        "continuationSeparator",
        "ffData",
    )
)


def _closing_fields(paragraph: "_Element") -> set["_Element"]:
    """The beginnings of fields whose instruction ends in this paragraph."""
    open_fields: list[_Element] = []
    closing: set[_Element] = set()
    for part in paragraph.iter(f"{W}fldChar"):
        kind = part.get(f"{W}fldCharType")
        if kind == "begin":
            open_fields.append(part)
        elif open_fields:
            closing.add(open_fields[-1])
            if kind == "end":
                open_fields.pop()
    return closing


def deleted_mark(paragraph: "_Element") -> bool:
    """Whether a tracked change deleted the end of the paragraph, so that the next one continues it."""
    mark = find(paragraph, "pPr", "rPr")
    return mark is not None and any(child.tag in DELETED for child in mark)


def _dot_last_tab(text: Text) -> None:
    """The tab before the page of an entry in a table of contents is the dots that are printed."""
    last = max((index for index, char in enumerate(text.chars) if char == TAB), default=0)
    if last and _PAGE.fullmatch("".join(text.chars[last + 1 :])):
        text.chars[last] = _LEADER
