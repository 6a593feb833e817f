"""Indicators told one by one in the chapters on results: a name, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.indicators import note, pattern
from reviewer.extraction.offline.mentions import Paragraph
from reviewer.extraction.offline.mentions import paragraph as whole
from reviewer.lexicon.measures import plain
from reviewer.lexicon.numbering import marker_at
from reviewer.schema import Dimension, Section, Source

_STOPS = ("。", "；", "！", ";")


@dataclass(frozen=True, slots=True)
class _Item:
    """One indicator: its name and the offsets of the document between which it is told."""

    name: str
    start: int
    end: int
    surely: bool = False
    """Whether the words around it call it an indicator."""


def _in_results(source: Source, section: Section, *, itself: bool) -> bool:
    """Whether the nearest heading that tells speaks of outputs and effects, not of how money was managed.

    `itself`: whether the section's own heading is an indicator's name and tells nothing of the chapter.
    """
    titles = [plain(parent.title) for parent in source.path_to(section)]
    if any(pattern("not_results").search(title) for title in titles):
        return False
    for title in titles[1 if itself else 0 :]:
        if pattern("outcomes").search(title):
            return True
        if pattern("managing").search(title):
            return False
    return False


def _is_name(words: str) -> bool:
    """Whether words name what is measured: no effort, no class of indicators, no sentence."""
    name = plain(words)
    return (
        pattern("item_name").fullmatch(name) is not None
        and not pattern("effort").search(name)
        and not pattern("not_a_name").search(name)
        and not pattern("title").search(name)
    )


def _opening(paragraph: Paragraph) -> str | None:
    """The name an indicator's paragraph opens with: 「2.到馆人次，满分8分，得8分。」, 「整改率。全年排查……」."""
    marker = marker_at(paragraph.text)
    match = pattern("item_opening").match(paragraph.text, marker.end if marker else 0)
    return match.group(1) if match and _is_name(match.group(1)) else None


def _told(source: Source, told: tuple[Paragraph, ...]) -> Iterator[tuple[Paragraph, _Item]]:
    """The sections and the paragraphs that are one indicator each."""
    parents = {section.parent for section in source.sections}
    lists = {p.section.id for p in told if p.start > p.section.span.start and _opening(p) is not None}
    for paragraph in told:
        section = paragraph.section
        heads = section.title != "" and paragraph.start == section.span.start
        leaf = heads and section.id not in parents | lists and _is_name(section.title)
        if not _in_results(source, section, itself=leaf):
            continue
        if leaf:
            yield paragraph, _Item(section.title, section.span.start, section.span.end)
        elif not heads and (name := _opening(paragraph)) is not None:
            yield paragraph, _Item(name, paragraph.start, _end(source, paragraph, told))
        else:
            yield from ((paragraph, item) for item in _in_words(paragraph))


def _end(source: Source, paragraph: Paragraph, told: tuple[Paragraph, ...]) -> int:
    """Where what a paragraph begins to tell ends: a line broken in the middle of a sentence goes on in the next."""
    end, text = paragraph.end, source.document(paragraph.document).text
    for other in told:
        if other.document == paragraph.document and other.start >= end and other.section.id == paragraph.section.id:
            if text[paragraph.start : end].rstrip().endswith(_STOPS) or _opening(other) is not None:
                break
            end = other.end
    return end


def _in_words(paragraph: Paragraph) -> Iterator[_Item]:
    """「其余为定性指标，合计8分。其中，甲方面，……；乙方面，……」: one indicator a clause."""
    found = list(pattern("aspect").finditer(paragraph.text)) if pattern("in_words").search(paragraph.text) else []
    ends = [match.start() for match in found[1:]] + [len(paragraph.text)]
    for match, end in zip(found, ends, strict=False):
        yield _Item(match.group(1), paragraph.start + match.start(1), paragraph.start + end, surely=True)


def printed_elsewhere(told: tuple[Paragraph, ...], name: str) -> bool:
    """Whether the report prints a value under this name, or under the kind of rate it ends in, somewhere else."""
    core = plain(name)
    rate = pattern("rate_kind").search(core)
    wanted = rate.group().rstrip("度率") if rate and "满意" in rate.group() else rate.group() if rate else core
    return any(
        (mention.quantity.dimension is Dimension.PERCENT if rate else mention.quantity.dimension is not Dimension.SCORE)
        and mention.exact
        and wanted in plain(mention.words)
        for paragraph in told
        for mention in paragraph.mentions
    )


def extract_indicator_items(builder: Builder, told: tuple[Paragraph, ...]) -> None:
    """Note the indicators of the chapters on results that are told under a name of their own."""
    source = builder.source
    for paragraph, item in _told(source, told):
        about = whole(source, paragraph.document, item.start, item.end)
        if tells_only_marks(about):
            continue
        judged = item.surely or pattern("judged").search(about.text) or pattern("measured").search(plain(item.name))
        if judged and not taken(builder, paragraph.document, item.start, item.end):
            note(builder, about, item.name, None, (item.start, item.end))


def tells_only_marks(about: Paragraph) -> bool:
    """Whether nothing but marks is told: of a class of indicators, its own and those of its parts."""
    return pattern("only_marks").fullmatch(plain(about.text)) is not None


def taken(builder: Builder, document: str, start: int, end: int) -> bool:
    """Whether an indicator of the prose is told within these offsets already."""
    prose = (i.span for i in builder.indicators if i.span.document == document and i.span.table is None)
    return any(span.start < end and start < span.end for span in prose)
