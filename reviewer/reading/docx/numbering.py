"""The numbers a word processor prints before paragraphs but stores nowhere: 一、（一）1. ① and the rest.

A paragraph names a list (w:num) and a level in it; several lists can share one definition (w:abstractNum), and then
count on together unless one says that it starts again. ECMA-376, part 1, 17.9.
"""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reviewer.reading import numerals
from reviewer.reading.docx.styles import Numbered, Styles
from reviewer.reading.docx.xml import MC, W, find, on, value, whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_LEVELS = 9
_SLOT = re.compile("%([1-9])")
_LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    gap: bool
    """A tab or blank follows the number."""
    restart: int | None
    """The number starts again behind a paragraph of a level below this one; 0: never."""
    legal: bool
    """Every number in it is printed in plain digits."""
    style: str | None


@dataclass(slots=True)
class _List:
    definition: str
    overrides: dict[int, int] = field(default_factory=dict)
    levels: dict[int, _Level] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of a file, in its order."""

    def __init__(self, root: "_Element | None", styles: Styles) -> None:
        self._definitions: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        linked: dict[str, str] = {}
        for element in root.iterfind(f"{W}abstractNum"):
            name = element.get(f"{W}abstractNumId", "")
            self._definitions[name] = _levels(element)
            if link := value(element, "numStyleLink"):
                linked[name] = link
        for element in root.iterfind(f"{W}num"):
            self._lists[element.get(f"{W}numId", "")] = _list(element)
        for name, style in linked.items():
            target = self._lists.get(styles.lists.get(style, ""))
            if target is not None and target.definition != name:
                self._definitions[name] = self._definitions.get(target.definition, {})

    def next(self, numbered: Numbered | None) -> str:
        """What is printed before the next paragraph, with the gap behind it; nothing for one outside all lists."""
        found = self._lists.get(numbered.list) if numbered is not None else None
        if numbered is None or found is None:
            return ""
        levels = self._definitions.get(found.definition, {}) | found.levels
        at = numbered.level
        if at is None:
            at = next((i for i, level in levels.items() if level.style and level.style == numbered.style), 0)
        if (level := levels.get(at)) is None:
            return ""
        self._count(numbered.list, found, levels, at)
        text = self._text(found.definition, levels, at)
        if not text or level.form == "bullet":
            return ""
        # A gap keeps "1.2" from running into "2023"; behind 、 and ） it is only a matter of looks.
        return text + " " if level.gap and text[-1].isascii() else text

    def _count(self, name: str, found: _List, levels: dict[int, _Level], at: int) -> None:
        counts = self._counts.setdefault(found.definition, {})
        if name not in self._begun:
            self._begun.add(name)
            for index in found.overrides:
                counts.pop(index, None)
        start = found.overrides.get(at, levels[at].start)
        counts[at] = counts[at] + 1 if at in counts else start
        for index in range(at + 1, _LEVELS):
            restart = levels[index].restart if index in levels else None
            if restart is None or (restart > 0 and at < restart):
                counts.pop(index, None)

    def _text(self, definition: str, levels: dict[int, _Level], at: int) -> str:
        counts, own = self._counts[definition], levels[at]

        def one(match: re.Match[str]) -> str:
            index = int(match[1]) - 1
            level = levels.get(index)
            if level is None or index > at:
                return ""
            form = "decimal" if own.legal and index < at else level.form
            return numerals.printed(counts.get(index, level.start), form)

        return _SLOT.sub(one, own.text)


def _levels(element: "_Element") -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for level in element.iterfind(f"{W}lvl"):
        index = int(level.get(f"{W}ilvl", "0")) if level.get(f"{W}ilvl", "0").isdecimal() else _LEVELS
        if index < _LEVELS:
            found[index] = _level(level)
    return found


def _level(element: "_Element") -> _Level:
    form = find(element, "numFmt")
    if form is None:
        form = element.find(f"{MC}AlternateContent/{MC}Fallback/{W}numFmt")
    text = value(element, "lvlText") or ""
    start = whole(element, "start")
    return _Level(
        start=1 if start is None else start,
        form="decimal" if form is None else form.get(f"{W}val", "decimal"),
        # The text is no place for more than a number and its marks.
        text="".join(char if char.isprintable() else " " for char in text[:_LONGEST_TEXT]),
        gap=value(element, "suff") != "nothing",
        restart=whole(element, "lvlRestart"),
        legal=bool(on(element, "isLgl")),
        style=value(element, "pStyle"),
    )


def _list(element: "_Element") -> _List:
    found = _List(value(element, "abstractNumId") or "")
    for override in element.iterfind(f"{W}lvlOverride"):
        index = override.get(f"{W}ilvl", "")
        if not index.isdecimal() or int(index) >= _LEVELS:
            continue
        if (level := find(override, "lvl")) is not None:
            found.levels[int(index)] = _level(level)
        if (start := whole(override, "startOverride")) is not None:
            found.overrides[int(index)] = start
    return found
