"""Which part of a page is the article: a known container, else the one element beside which only a frame stands."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from reviewer.lexicon import load
from reviewer.reading.html.page import names, tag, visible, words_in

if TYPE_CHECKING:
    from lxml.etree import _Element

_HEADINGS = frozenset({"h1", "h2", "h3"})
_WRAPPERS = frozenset(
    (
        *("html", "body", "div", "section", "article", "main", "center", "form", "font", "table"),
        *("tbody", "tr", "td", "fieldset", "span"),
    )
)
_LINKED = 0.6
"""Share of its words in links that makes an element a menu."""
_MENU, _SMALL = 40, 300
"""Characters of the shortest menu, and of the largest frame that is known by its name alone."""
_SHORTEST, _LONGEST = 5, 80
"""Characters of an article's heading."""
_OPENING = 400


@dataclass(frozen=True, slots=True)
class Article:
    """The element with the article, and the heading that stands outside it."""

    main: "_Element"
    heading: "_Element | None"
    frames: frozenset["_Element"]
    """Inside it: menus, bars to share and print."""


@cache
def _line() -> re.Pattern[str]:
    return re.compile(load("web")["content"]["frame_lines"])


def is_frame_line(words: str) -> bool:
    """Whether a paragraph tells of the page, not of what it reports: 当前位置, 浏览次数, ICP备."""
    return len(words) <= load("web")["content"]["longest_frame_line"] and _line().match(words.strip()) is not None


def find_article(root: "_Element") -> Article:
    """The article of a page; all of the page when nothing sets it apart."""
    body = next(iter(root.iter("body")), root)
    sizes = _sizes(body)
    main = _container(body, sizes)
    main = _descend(body, sizes) if main is None else main
    frames = frozenset(element for element in main.iter() if element in sizes and _is_frame(element, sizes[element]))
    return Article(main, _heading(root, body, main), frames - {main})


@dataclass(slots=True)
class _Size:
    """Characters of an element: all, and those in links."""

    words: int = 0
    linked: int = 0

    @property
    def free(self) -> int:
        return self.words - self.linked


def _sizes(body: "_Element") -> dict["_Element", _Size]:
    sizes: dict[_Element, _Size] = defaultdict(_Size)
    linked: set[_Element] = set()
    order = list(visible(body))
    for element in order:
        parent = element.getparent()
        if tag(element) == "a" or parent in linked:
            linked.add(element)
        count = len((element.text or "").strip())
        sizes[element].words += count
        sizes[element].linked += count if element in linked else 0
        for child in element:
            behind = len((child.tail or "").strip())
            sizes[element].words += behind
            sizes[element].linked += behind if element in linked else 0
    for element in reversed(order[1:]):
        parent = element.getparent()
        if parent is not None:
            sizes[parent].words += sizes[element].words
            sizes[parent].linked += sizes[element].linked
    return sizes


def _container(body: "_Element", sizes: dict["_Element", _Size]) -> "_Element | None":
    """The smallest of the known containers that hold nearly as much as the largest of them."""
    data = load("web")["content"]
    known = set(data["containers"])
    found = [element for element in sizes if names(element) & known or tag(element) in ("article", "main")]
    most = max((sizes[element].free for element in found), default=0)
    if not most or most < data["share"] * sizes[body].free:
        return None
    enough = [element for element in found if sizes[element].free == most]
    return enough[-1]


def _descend(body: "_Element", sizes: dict["_Element", _Size]) -> "_Element":
    """Down from the body as long as one child holds all that is no frame."""
    main = body
    while True:
        if any(text.strip() for text in [main.text or "", *(child.tail or "" for child in main)]):
            return main
        children = [child for child in main if child in sizes and sizes[child].words]
        holding = [child for child in children if not _is_beside(child, sizes[child])]
        if len(holding) != 1 or tag(holding[0]) not in _WRAPPERS:
            return main
        main = holding[0]


def _is_frame(element: "_Element", size: _Size) -> bool:
    """Whether an element is the page's frame: a list of links, or something small with the name of one."""
    if size.words and size.linked > _LINKED * size.words and size.words >= _MENU:
        return tag(element) not in ("a", "p", "td") and "附件" not in words_in(element)
    data = load("web")["content"]
    parts = {part for name in names(element) for part in re.split(r"[-_]", name)}
    named = tag(element) in data["frame_tags"] or not parts.isdisjoint(data["frame_names"])
    return named and size.free <= _SMALL and next(element.iter("table"), None) is None


def _is_beside(element: "_Element", size: _Size) -> bool:
    """Whether an element is no part of an article."""
    if _is_frame(element, size) or size.linked > _LINKED * size.words:
        return True
    return size.words <= load("web")["content"]["longest_frame_line"] * 4 and is_frame_line(words_in(element)[:100])


def _heading(root: "_Element", body: "_Element", main: "_Element") -> "_Element | None":
    """The article's heading in front of the article, unless the article opens with the same words."""
    opening = words_in(main)[:_OPENING]
    told = _told(root)
    within = set(main.iterancestors())
    marks = set(load("web")["content"]["headings"])
    best: _Element | None = None
    for element in visible(body):
        if element is main:
            break
        if element in within or not (tag(element) in _HEADINGS or names(element) & marks):
            continue
        words = words_in(element)
        if not _SHORTEST <= len(words) <= _LONGEST or is_frame_line(words):
            continue
        if best is None or words in told or not any(words_in(best) in title for title in told):
            best = element
    return best if best is not None and words_in(best) not in opening else None


def _told(root: "_Element") -> list[str]:
    """What the page says its heading is."""
    meta = set(load("web")["content"]["meta"])
    named = [
        "".join((element.get("content") or "").split())
        for element in root.iter("meta")
        if (element.get("name") or element.get("property") or "").lower() in meta
    ]
    return [*filter(None, named), *(words_in(element) for element in root.iter("title"))]
