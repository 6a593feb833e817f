"""Names of WordprocessingML and the questions every module asks of its elements."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
VML = "{urn:schemas-microsoft-com:vml}"
PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

PARAGRAPH, TABLE, BOX, ALTERNATE = f"{W}p", f"{W}tbl", f"{W}txbxContent", f"{MC}AlternateContent"
DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
TRACKED = (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo")

_OFF = frozenset({"0", "false", "off", "none"})
_READABLE = (BOX, f"{W}t", f"{M}t")


def find(parent: "_Element | None", *path: str) -> "_Element | None":
    """The first child of this name, its first child of the next, and so on."""
    for name in path:
        if parent is None:
            return None
        parent = parent.find(f"{W}{name}")
    return parent


def value(parent: "_Element | None", *path: str, attribute: str = "val") -> str | None:
    """An attribute of the element at `path`; None without it."""
    element = find(parent, *path)
    return None if element is None else element.get(f"{W}{attribute}")


def whole(parent: "_Element | None", *path: str, attribute: str = "val") -> int | None:
    """The same as a whole number; None where it is none of a sane size."""
    text = value(parent, *path, attribute=attribute)
    if text is None or len(text) > 9 or not text.lstrip("-").isdecimal():
        return None
    return int(text)


def on(parent: "_Element | None", name: str) -> bool | None:
    """A property that is switched on or off; None where it is not mentioned."""
    element = find(parent, name)
    return None if element is None else element.get(f"{W}val", "true").lower() not in _OFF


def chosen(alternate: "_Element") -> "_Element | None":
    """The one branch of alternatives that is read: the first that holds text, else the first."""
    branches = [branch for branch in alternate if branch.tag in (f"{MC}Choice", f"{MC}Fallback")]
    with_text = (branch for branch in branches if next(branch.iter(*_READABLE), None) is not None)
    return next(with_text, branches[0] if branches else None)


def children(parent: "_Element") -> Iterator["_Element"]:
    """The children of a story, table or row, those inside content controls, custom XML and alternatives included."""
    for child in parent:
        if child.tag in _WRAPPERS:
            yield from children(child)
        elif child.tag == ALTERNATE:
            if (branch := chosen(child)) is not None:
                yield from children(branch)
        else:
            yield child


_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"))
