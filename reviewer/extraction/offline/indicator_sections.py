"""Indicators that are whole sections: rates as headings in the chapters on results, goals without a number."""

import re

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.indicator_items import (
    extract_indicator_items,
    printed_elsewhere,
    taken,
    tells_only_marks,
)
from reviewer.extraction.offline.indicators import WITHOUT_VALUE, note, pattern
from reviewer.extraction.offline.mentions import Paragraph
from reviewer.extraction.offline.mentions import paragraph as whole
from reviewer.lexicon.measures import plain
from reviewer.schema import Dimension, IndicatorIssue, Quantity, Section, Span

_NOTHING: dict[str, str | None] = {"target_value": None, "actual_value": None, "full_mark": None, "score": None}
_GOAL_ISSUES = (IndicatorIssue.NO_NUMBER, IndicatorIssue.NO_TARGET)
GOAL = "goal"
"""Level of what a chapter on goals names without any number."""
_LEAST = 12
"""A body shorter than this only names the indicator."""


def _titled(builder: Builder, section: Section) -> None:
    """A section whose heading names a class of indicators: all that it says is the indicator's."""
    source = builder.source
    titles = [plain(parent.title) for parent in source.path_to(section)]
    title = pattern("title").search(plain(section.title))
    if title is None or any(pattern("not_results").search(words) for words in titles):
        return
    body = whole(source, section.span.document, section.body, section.span.end)
    if not body.text.strip() or any(other.parent == section.id for other in source.sections):
        return
    about = whole(source, section.span.document, section.span.start, section.span.end)
    if not tells_only_marks(about) and not taken(builder, section.span.document, section.body, section.span.end):
        level = title.group(1) or title.group(2)
        note(builder, about, section.title, level, (section.span.start, section.span.end))


def _measuring(builder: Builder, section: Section) -> list[Quantity]:
    return _within(builder, section.span)


def _rated(builder: Builder, span: Span) -> bool:
    return any(q.dimension is Dimension.PERCENT or q.denominator is not None for q in _within(builder, span))


def _within(builder: Builder, span: Span) -> list[Quantity]:
    return builder.source.within(span.document, span.start, span.end)


def _is_result(builder: Builder, section: Section) -> bool:
    titles = [plain(parent.title) for parent in builder.source.path_to(section)[1:]]
    return any(pattern("results").search(title) for title in titles) and not any(
        pattern("not_results").search(title) for title in titles
    )


def _rate_headings(builder: Builder, section: Section) -> None:
    """「（3）成本节约率。」 under the results, with no percentage in what is said of it."""
    text = builder.source.document(section.span.document).text
    words = text[section.body : section.span.end].strip()
    if (
        not pattern("rate_title").search(plain(section.title))
        or not _is_result(builder, section)
        or len(words) < _LEAST
    ):
        return
    issues = () if _rated(builder, section.span) else (IndicatorIssue.NO_NUMBER,)
    end = section.span.start + len(text[section.span.start : section.span.end].rstrip())
    span = builder.span(section.span.document, section.span.start, end)
    if not taken(builder, section.span.document, section.span.start, end):
        builder.indicator(plain(section.title), span, None, _NOTHING, issues)


def _bare_goals(builder: Builder, section: Section, told: tuple[Paragraph, ...]) -> None:
    """Efforts and degrees that a chapter on goals names where it holds no number at all."""
    below = [
        other
        for other in builder.source.sections
        if any(parent.id == section.id for parent in builder.source.path_to(other))
    ]
    if not pattern("goal_title").search(plain(section.title)) or any(_measuring(builder, other) for other in below):
        return
    # A general aim in words is fine beside a section that puts it into figures.
    beside = [o for o in builder.source.sections if o.parent == section.parent and o.id != section.id]
    if pattern("general_aim").search(plain(section.title)) and any(
        pattern("other_goals").search(plain(o.title)) for o in beside
    ):
        return
    inside = {other.id for other in below}
    for paragraph in told:
        if paragraph.section.id not in inside:
            continue
        for clause in re.finditer(r"[^，。；：,;:\n]+", paragraph.text):
            start = paragraph.start + clause.start()
            if start < paragraph.section.body or not pattern("effort").search(plain(clause.group())):
                continue
            span = builder.span(paragraph.document, start, start + len(clause.group().rstrip()))
            builder.indicator(plain(clause.group()), span, GOAL, _NOTHING, _GOAL_ISSUES)


def _unsampled(builder: Builder) -> None:
    """A satisfaction rate of a report that nowhere says how many were asked."""
    sampled = any(
        pattern("asked").fullmatch(quantity.unit or "")
        and pattern("sampled").search(builder.source.text(sentence.span))
        for sentence in builder.source.sentences
        for quantity in builder.source.within(sentence.span.document, sentence.span.start, sentence.span.end)
    )
    for number, indicator in enumerate(builder.indicators):
        words = builder.source.text(indicator.span)
        rated = builder.source.within(indicator.span.document, indicator.span.start, indicator.span.end)
        if (
            not sampled
            and not indicator.issues
            and indicator.span.table is None
            and pattern("satisfaction").search(f"{indicator.level}{indicator.text}{words}")
            and any(q.dimension is Dimension.PERCENT for q in rated)
        ):
            builder.indicators[number] = indicator.model_copy(update={"issues": (IndicatorIssue.NO_SOURCE,)})


def _settle(builder: Builder, told: tuple[Paragraph, ...]) -> None:
    """What only the whole report tells: a value printed elsewhere, a row of the same name that holds marks only."""
    for number, indicator in enumerate(builder.indicators):
        issues = set(indicator.issues)
        if indicator.span.table is not None or indicator.level == GOAL:
            continue
        unrated = not issues and pattern("rate_title").search(indicator.text) and not _rated(builder, indicator.span)
        if not unrated and not issues & WITHOUT_VALUE:
            continue
        found: tuple[IndicatorIssue, ...] = indicator.issues
        if printed_elsewhere(told, indicator.text):
            found = ()
        elif unrated or IndicatorIssue.NO_NUMBER in issues:
            found = (IndicatorIssue.NO_NUMBER, IndicatorIssue.NO_TARGET)
        builder.indicators[number] = indicator.model_copy(update={"issues": found})
    rows = {(i.span.document, i.text): at for at, i in enumerate(builder.indicators) if i.span.table and not i.target}
    twice = {at: rows.get((i.span.document, i.text)) for at, i in enumerate(builder.indicators) if not i.span.table}
    for at, row in twice.items():
        if row is not None:
            issues_too = builder.indicators[row].issues or builder.indicators[at].issues
            builder.indicators[row] = builder.indicators[row].model_copy(update={"issues": issues_too})
    kept = [indicator for at, indicator in enumerate(builder.indicators) if twice.get(at) is None]
    order = {document.id: at for at, document in enumerate(builder.source.documents)}
    kept.sort(key=lambda indicator: (order[indicator.span.document], indicator.span.start))
    builder.indicators[:] = [i.model_copy(update={"id": f"i{at}"}) for at, i in enumerate(kept, 1)]


def extract_indicator_sections(builder: Builder, told: tuple[Paragraph, ...]) -> None:
    """Note the indicators that only whole sections tell, and satisfaction that rests on no number of answers."""
    extract_indicator_items(builder, told)
    for section in builder.source.sections:
        _titled(builder, section)
        _rate_headings(builder, section)
        _bare_goals(builder, section, told)
    _settle(builder, told)
    _unsampled(builder)
