"""What a paragraph or its characters take from their style, and that style from the one it is based on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reviewer.reading.docx.xml import W, find, on, value, whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADING_NAME = re.compile(r"(?:heading|标题)[ ]?([1-9])", re.IGNORECASE)
_CONTENTS_NAME = re.compile(r"(?:toc|目录)[ ]?[1-9]", re.IGNORECASE)
_BODY_LEVEL = 9
_LEADERS = frozenset({"dot", "middleDot", "hyphen"})


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph's place in a list: the list's id, and its level from 0 where one is named."""

    list: str
    level: int | None
    style: str | None = None
    """The style that says so; the list may tell the level by it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says; None where it says nothing."""

    heading: int | None = None
    """From 1; 0 says that it is body text."""
    bold: bool = False
    hidden: bool | None = None
    numbered: Numbered | None = None
    leader: bool = False
    """A tab stop is led up to by dots, as in a table of contents."""
    font: str | None = None


_PLAIN = Look()


class Styles:
    """The styles of a file; an unknown one says nothing."""

    def __init__(self, root: "_Element | None") -> None:
        self._elements: dict[tuple[str, str], _Element] = {}
        self._default: dict[str, str] = {}
        self._bold_by_default = bool(on(find(root, "docDefaults", "rPrDefault", "rPr"), "b"))
        self._looks: dict[tuple[str, str], Look] = {}
        for style in root.iterfind(f"{W}style") if root is not None else ():
            kind, name = style.get(f"{W}type", "paragraph"), style.get(f"{W}styleId", "")
            self._elements[kind, name] = style
            if style.get(f"{W}default", "0") in ("1", "true", "on"):
                self._default[kind] = name

    def paragraph(self, properties: "_Element | None") -> Look:
        """What the style named in a paragraph's properties says, or the file's usual one."""
        return self._look("paragraph", value(properties, "pStyle") or self._default.get("paragraph"))

    def character(self, properties: "_Element | None") -> Look:
        """What the style named in a run's properties says."""
        name = value(properties, "rStyle")
        return self._look("character", name) if name is not None else _PLAIN

    @cached_property
    def lists(self) -> dict[str, str]:
        """Which list a list style stands for, by the style's id."""
        return {
            name: found
            for (kind, name), style in self._elements.items()
            if kind == "numbering" and (found := value(style, "pPr", "numPr", "numId"))
        }

    def _look(self, kind: str, name: str | None) -> Look:
        key = (kind, name or "")
        if key not in self._looks:
            self._looks[key] = self._made(kind, name)
        return self._looks[key]

    def _made(self, kind: str, name: str | None) -> Look:
        chain = list(self._chain(kind, name))
        marks = [mark for style in chain if (mark := on(find(style, "rPr"), "b")) is not None]
        bold = marks[0] if marks else kind == "paragraph" and self._bold_by_default
        hidden = [mark for style in chain if (mark := on(find(style, "rPr"), "vanish")) is not None]
        headings = [level for style in chain if (level := _heading(style)) is not None]
        numbered = [place for style in chain if (place := numbered_by(find(style, "pPr"), _id(style))) is not None]
        fonts = [font for style in chain if (font := value(style, "rPr", "rFonts", attribute="ascii"))]
        leader = any(leads(find(style, "pPr")) or _CONTENTS_NAME.match(_name(style)) for style in chain)
        return Look(
            heading=headings[0] if headings else None,
            bold=bold,
            hidden=hidden[0] if hidden else None,
            numbered=numbered[0] if numbered else None,
            leader=leader,
            font=fonts[0] if fonts else None,
        )

    def _chain(self, kind: str, name: str | None) -> Iterator["_Element"]:
        """The style and those it is based on, each once."""
        seen: set[str] = set()
        while name is not None and name not in seen and (style := self._elements.get((kind, name))) is not None:
            seen.add(name)
            yield style
            name = value(style, "basedOn")


def heading_of(properties: "_Element | None", look: Look) -> int | None:
    """The level, from 1, that the paragraph or its style has as a heading; None for body text."""
    level = _outline(properties)
    return (level if level is not None else look.heading) or None


def numbered_by(properties: "_Element | None", style: str | None = None) -> Numbered | None:
    """The list that paragraph properties name."""
    found = find(properties, "numPr")
    if found is None:
        return None
    name = value(found, "numId")
    return None if name is None else Numbered(name, whole(found, "ilvl"), style)


def level_by(properties: "_Element | None") -> int | None:
    """The level in a list that paragraph properties name, with or without the list."""
    return whole(properties, "numPr", "ilvl")


def leads(properties: "_Element | None") -> bool:
    """Whether a tab stop is led up to by dots."""
    tabs = find(properties, "tabs")
    return tabs is not None and any(tab.get(f"{W}leader") in _LEADERS for tab in tabs)


def _outline(properties: "_Element | None") -> int | None:
    level = whole(properties, "outlineLvl")
    if level is None:
        return None
    return level + 1 if 0 <= level < _BODY_LEVEL else 0


def _heading(style: "_Element") -> int | None:
    level = _outline(find(style, "pPr"))
    if level is None and (match := _HEADING_NAME.fullmatch(_name(style))):
        return int(match[1])
    return level


def _name(style: "_Element") -> str:
    return value(style, "name") or ""


def _id(style: "_Element") -> str:
    return style.get(f"{W}styleId", "")
