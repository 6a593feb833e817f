"""The parts of a workbook that its sheets share: their names, the strings, the number formats."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reviewer.lexicon import load
from reviewer.reading.packed import Package

if TYPE_CHECKING:
    from lxml.etree import _Element

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_TRUE = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class Style:
    """How cells of a style print."""

    code: str = "General"
    indent: int = 0
    """Steps of three blanks that the cell's words stand in from its left edge."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet of the workbook; `part` is None for one without cells (a chart)."""

    name: str
    hidden: bool
    part: str | None


def local(element: "_Element") -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def is_true(value: str | None) -> bool:
    """Whether an attribute says yes."""
    return value in _TRUE


def printed_string(element: "_Element") -> str:
    """The characters of a string (`si` or `is`): its runs without the phonetic ones, escaped characters decoded."""
    found: list[str] = []
    for child in element:
        if local(child) == "t":
            found.append(child.text or "")
        elif local(child) == "r":
            found += [text.text or "" for text in child if local(text) == "t"]
    text = "".join(found)
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class Workbook:
    """What the sheets of a workbook need to be read. Raises what `Package` raises."""

    def __init__(self, package: Package) -> None:
        self.package = package
        main = [relation.target for relation in package.relations("").values() if relation.kind == "officeDocument"]
        self.part = main[0] if main and main[0] in package else "xl/workbook.xml"
        self._root = package.xml(self.part)
        self._relations = package.relations(self.part)

    @cached_property
    def from_1904(self) -> bool:
        """Whether days are counted from 1904."""
        return any(is_true(element.get("date1904")) for element in self._root if local(element) == "workbookPr")

    @cached_property
    def sheets(self) -> tuple[SheetPart, ...]:
        """In the order of their tabs."""
        found: list[SheetPart] = []
        for element in self._root.iter():
            if local(element) != "sheet":
                continue
            target = next((str(value) for key, value in element.attrib.items() if str(key).endswith("}id")), "")
            relation = self._relations.get(target)
            cells = relation is not None and relation.kind == "worksheet" and relation.target in self.package
            if relation is not None and relation.kind == "worksheet" and not cells:
                raise self.package.damaged(f"{relation.target} is missing")
            hidden = element.get("state") in ("hidden", "veryHidden")
            found.append(SheetPart(element.get("name", ""), hidden, relation.target if relation and cells else None))
        return tuple(found)

    @cached_property
    def strings(self) -> Sequence[str]:
        """The shared strings."""
        part = self._target("sharedStrings")
        if part is None:
            return ()
        return [printed_string(element) for element in self.package.stream(part, "si")]

    @cached_property
    def styles(self) -> Sequence[Style]:
        """By the number that cells give."""
        part = self._target("styles")
        if part is None:
            return ()
        root = self.package.xml(part)
        codes = {int(key): str(code) for key, code in load("sheets")["built_in"].items()}
        for element in root.iter("{*}numFmt"):
            if (number := element.get("numFmtId", "")).isdigit():
                codes[int(number)] = element.get("formatCode", "General")
        return [_style(xf, codes) for formats in root if local(formats) == "cellXfs" for xf in formats]

    def _target(self, kind: str) -> str | None:
        targets = [relation.target for relation in self._relations.values() if relation.kind == kind]
        return next((target for target in targets if target in self.package), None)


def _style(xf: "_Element", codes: Mapping[int, str]) -> Style:
    number = xf.get("numFmtId", "0")
    indent = next((child.get("indent", "0") for child in xf if local(child) == "alignment"), "0")
    return Style(
        codes.get(int(number), "General") if number.isdigit() else "General",
        min(int(indent), 250) if indent.isdigit() else 0,
    )
