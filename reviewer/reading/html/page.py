"""The bytes of a page to a tree, within bounds; nothing is fetched and nothing runs."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reviewer.errors import DamagedFile, OversizedFile, UndecodableText
from reviewer.reading.encoding import Decoded, decode

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 16 * 2**20
"""Characters of a page without the pictures inside it; Word and Excel write ten for one that is shown."""
MOST_TAGS = 200_000
MOST_SHOWN = 2_000_000
"""Characters that a page shows; a report of 1,000 pages."""

_HINT = "check that this is the report; a browser can save its text"
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE)
_HEAD = 4096
_LOST_SHARE = 0.001
_PICTURE = re.compile(r"data:[\w.+/-]+;base64,[A-Za-z0-9+/=\s]*")
_DEPTH = "depth"

UNSEEN = frozenset(
    (
        *("script", "style", "noscript", "template", "head", "title", "object", "embed", "iframe", "svg"),
        *("canvas", "math", "select", "option", "textarea", "button", "audio", "video", "map", "xml"),
        "frameset",
    )
)
"""Tags whose words a browser does not show as text of the page."""
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)


def decode_page(raw: bytes, shown: str) -> Decoded:
    """The characters of a page: by what its bytes prove, else as it declares, one broken byte in a thousand allowed.

    Raises UndecodableText, naming `shown`.
    """
    try:
        return decode(raw, shown)
    except UndecodableText:
        declared = _DECLARED.search(raw[:_HEAD])
        if declared is None:
            raise
        name = declared[1].decode("ascii").lower()
        name = "gb18030" if name.startswith("gb") else name
        try:
            text = raw.decode(name, errors="replace")
        except LookupError:
            text = "\ufffd"
        if text.count("\ufffd") > _LOST_SHARE * len(text):
            raise
        return Decoded(text, name)


def parse(decoded: str, shown: str) -> "_Element":
    """The root of the page. Raises OversizedFile (too many tags, or nested as no page is) and DamagedFile."""
    from lxml import etree

    bare = _PICTURE.sub("data:", decoded)
    if len(bare) > LARGEST or bare.count("<") > MOST_TAGS:
        raise oversized(shown)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, default_doctype=False
    )
    try:
        root = etree.fromstring(bare.encode("utf-8", errors="replace"), parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise DamagedFile(f"{shown}: a web page that cannot be taken apart", hint=_HINT) from error
    if any(_DEPTH in entry.message.lower() for entry in parser.error_log):
        raise OversizedFile(f"{shown}: a web page nested deeper than any report", hint=_HINT)
    if root is None:
        raise DamagedFile(f"{shown}: a web page without content", hint=_HINT)
    return root


def oversized(shown: str) -> OversizedFile:
    """The error for a page that holds more than any report."""
    return OversizedFile(f"{shown}: a web page that holds more than any report", hint=_HINT)


def tag(element: "_Element") -> str:
    """Its name in lower case; empty for what is no element. Prefixed ones (o:p) keep their prefix."""
    return element.tag.lower() if isinstance(element.tag, str) else ""


def is_hidden(element: "_Element") -> bool:
    """Whether the element says that it is not shown."""
    if element.get("hidden") is not None or (tag(element) == "input"):
        return True
    return _HIDDEN.search(element.get("style") or "") is not None


def names(element: "_Element") -> set[str]:
    """Its id and classes, in lower case."""
    return set(f"{element.get('id') or ''} {element.get('class') or ''}".lower().split())


def words_in(root: "_Element") -> str:
    """All words of an element, shown or not, blanks left out."""
    return "".join("".join(part for part in root.itertext() if isinstance(part, str)).split())


def visible(root: "_Element") -> Iterator["_Element"]:
    """The elements of a tree in order, those that are not shown left out with all they hold."""
    todo = [root]
    while todo:
        element = todo.pop()
        name = tag(element)
        if name and name not in UNSEEN and not is_hidden(element):
            yield element
            todo.extend(reversed(element))
