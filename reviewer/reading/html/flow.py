"""From the tree of a page to paragraphs and tables: what a reader sees, from the top down."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reviewer.reading import grids
from reviewer.reading.html.content import find_article, is_frame_line
from reviewer.reading.html.inline import Inline, paragraphs
from reviewer.reading.html.page import MOST_SHOWN, UNSEEN, is_hidden, oversized, parse, tag
from reviewer.reading.html.tables import MOST_CELLS, Cell, Table, data_tables, span
from reviewer.reading.layout import Layout, Writer
from reviewer.reading.numerals import printed
from reviewer.schema.source import Notice, OmissionReason

if TYPE_CHECKING:
    from lxml.etree import _Element

_BLOCKS = frozenset(
    (
        *("html", "body", "p", "div", "section", "article", "main", "header", "footer", "nav"),
        *("aside", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"),
        *("dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th"),
        *("caption", "center", "blockquote", "pre", "form", "fieldset", "legend", "address", "figure", "figcaption"),
        *("hr", "details", "summary", "dir", "menu", "noframes"),
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD = re.compile(r"font-weight\s*:\s*(\w+)", re.IGNORECASE)
_LISTS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_BARE_LIST = re.compile(r"list-style(?:-type)?\s*:[^;]*none", re.IGNORECASE)


@dataclass(slots=True)
class _State:
    """What holds inside an element."""

    region: Literal["header", "footer"] | None
    """Outside the article: before or behind it."""
    bold: bool = False
    raised: bool = False
    heading: int | None = None
    kept: bool = False
    """Whether line ends of the file are shown."""


@dataclass(slots=True)
class _List:
    next: int
    style: str
    numbered: bool


def lay_out(decoded: str, document_id: str, shown: str) -> Layout:
    """The article of a page. A line is a paragraph of it, counted from 1, those of table cells included.

    What stands before and behind the article and what is hidden goes to the omissions, each counted on its own.
    Raises OversizedFile and DamagedFile, naming `shown`.
    """
    root = parse(decoded, shown)
    return _Flow(root, document_id, shown).layout()


class _Flow:
    def __init__(self, root: "_Element", document_id: str, shown: str) -> None:
        self._writer = Writer(document_id)
        self._shown = shown
        self._root = next(iter(root.iter("body")), root)
        self._article = find_article(root)
        self._data = data_tables(self._root)
        self._states = [_State("header")]
        self._inline = Inline()
        self._lines: list[Inline] = []
        self._tables: list[Table] = []
        self._lists: list[_List] = []
        self._counts: dict[str | None, int] = {}
        self._cells = 0
        self._hidden = self._pictures = 0
        self._passed = False
        self._characters = 0

    def layout(self) -> Layout:
        """Walk the page, without recursion: pages nest deeper than Python does."""
        todo: list[tuple[_Element, bool]] = [(self._root, False)]
        while todo:
            element, closing = todo.pop()
            if closing:
                self._close(element)
            elif self._open(element):
                self._text(element.text)
                todo.append((element, True))
                todo.extend((child, False) for child in reversed(element))
                continue
            if element is not self._root:
                self._text(element.tail)
        self._flush()
        notices = [
            Notice(kind="hidden_text", count=self._hidden) if self._hidden else None,
            Notice(kind="pictures_ignored", count=self._pictures) if self._pictures else None,
        ]
        return self._writer.layout("html", None, notices=tuple(notice for notice in notices if notice))

    @property
    def _state(self) -> _State:
        return self._states[-1]

    def _text(self, text: str | None) -> None:
        if not text:
            return
        self._characters += len(text)
        if self._characters > MOST_SHOWN:
            raise oversized(self._shown)
        lines = text.split("\n") if self._state.kept else [text]
        for number, line in enumerate(lines):
            if number:
                self._flush()
            self._inline.add(line, bold=self._state.bold, raised=self._state.raised)

    def _open(self, element: "_Element") -> bool:
        """Enter an element; whether what it holds is read."""
        name = tag(element)
        if not name or name in UNSEEN:
            return False
        if is_hidden(element):
            self._omit("".join(element.itertext()), "hidden")
            return False
        if name in ("br", "hr"):
            self._break()
            return False
        if name == "img":
            self._pictures += self._state.region is None
            return False
        if name in _BLOCKS:
            self._flush()
        self._states.append(self._state_in(element, name))
        if self._state.region is None and name in ("table", "tr", "td", "th", "thead"):
            self._open_table(element, name)
        elif name in ("ol", "ul"):
            start = element.get("start") or "1"
            numbered = name == "ol" and _BARE_LIST.search(element.get("style") or "") is None
            first = int(start) if re.fullmatch("-?[0-9]{1,6}", start) else 1
            self._lists.append(_List(first, element.get("type") or "1", numbered))
        elif name == "li":
            self._number(element)
        return True

    def _state_in(self, element: "_Element", name: str) -> _State:
        outer = self._state
        region = outer.region
        if element is self._article.main or element is self._article.heading:
            region = None
        elif element in self._article.frames or (region is not None and self._passed):
            region = "footer"
        weight = _BOLD.search(element.get("style") or "")
        bold = outer.bold or name in ("b", "strong")
        if weight:
            bold = weight[1].lower() in ("bold", "bolder", "600", "700", "800", "900")
        return _State(
            region,
            bold,
            outer.raised or name == "sup",
            _HEADINGS.get(name, outer.heading),
            outer.kept or name == "pre",
        )

    def _close(self, element: "_Element") -> None:
        name = tag(element)
        if name in _BLOCKS:
            self._flush()
        if self._state.region is None and name in ("table", "tr", "td", "th", "thead"):
            self._close_table(element, name)
        if name in ("ol", "ul"):
            self._lists.pop()
        elif name == "li":
            self._inline.prefix = ""
        self._states.pop()
        self._passed = self._passed or element is self._article.main

    def _open_table(self, element: "_Element", name: str) -> None:
        if name == "table":
            if element in self._data:
                self._tables.append(Table())
            return
        table = self._table_of(element)
        if table is None:
            return
        if name == "thead":
            table.in_head = True
        elif name == "tr":
            table.rows.append([])
            table.named += table.in_head and table.named + 1 == len(table.rows)
        else:
            if not table.rows:
                table.rows.append([])
            at = (self._counts.get(None, 0) + 1, 0, None)
            columns = max(1, span(element.get("colspan")))
            table.cell = Cell(at, span(element.get("rowspan")), columns, name == "th")
            table.rows[-1].append(table.cell)

    def _table_of(self, element: "_Element") -> Table | None:
        """The table that is being read, if the row or cell is one of its own and not of a table for layout inside."""
        owner = next(element.iterancestors("table"), None)
        return self._tables[-1] if self._tables and owner in self._data else None

    def _close_table(self, element: "_Element", name: str) -> None:
        if name == "table":
            if element in self._data:
                done = self._tables.pop()
                if self._tables:
                    self._tables[-1].after.append(done)
                else:
                    self._write(done)
            return
        table = self._table_of(element)
        if table is not None and name == "thead":
            table.in_head = False
        elif table is not None and name in ("td", "th"):
            table.cell = None

    def _write(self, table: Table) -> None:
        """A table, then those that stand in its cells."""
        todo = [table]
        while todo:
            table = todo.pop()
            for caption in table.captions:
                self._writer.paragraph(caption)
            try:
                grid, named = table.grid(MOST_CELLS - self._cells)
            except OverflowError as error:
                raise oversized(self._shown) from error
            self._cells += sum(map(len, grid))
            grids.write(self._writer, grid, named)
            todo.extend(reversed(table.after))

    def _number(self, element: "_Element") -> None:
        if not self._lists or not self._lists[-1].numbered:
            return
        entry = self._lists[-1]
        if re.fullmatch("-?[0-9]{1,6}", value := element.get("value") or ""):
            entry.next = int(value)
        self._inline.prefix = f"{printed(entry.next, _LISTS.get(entry.style, 'decimal'))}."
        entry.next += 1

    def _omit(self, text: str, reason: OmissionReason) -> None:
        words = " ".join(text.split())
        if words:
            self._hidden += reason == "hidden"
            self._writer.omit(words, (self._next(reason), 0, None), reason)

    def _next(self, kind: str | None) -> int:
        self._counts[kind] = self._counts.get(kind, 0) + 1
        return self._counts[kind]

    def _break(self) -> None:
        """End the line."""
        self._lines.append(self._inline)
        self._inline = Inline(prefix="" if self._inline.chars else self._inline.prefix)

    def _flush(self) -> None:
        """End the paragraph."""
        self._break()
        for paragraph in paragraphs(self._lines):
            self._put(paragraph, self._state)
        self._lines = []

    def _put(self, inline: Inline, state: _State) -> None:
        text = "".join(inline.chars)
        if state.region is not None:
            self._omit(text, state.region)
            return
        passage = inline.passage(self._next(None))
        table = self._tables[-1] if self._tables else None
        if table is not None:
            (table.cell.lines if table.cell is not None else table.captions).append(passage.trimmed())
        elif is_frame_line(text):
            self._writer.omit(text, (self._counts[None], 0, None), "header")
        else:
            self._writer.paragraph(passage, heading=state.heading, bold=inline.bold_end(passage))
