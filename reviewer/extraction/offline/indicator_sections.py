"""Indicators that are whole sections: rates as headings in the chapters on results, goals without a number."""

import re

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.indicators import pattern
from reviewer.extraction.offline.mentions import Paragraph
from reviewer.lexicon.measures import plain
from reviewer.schema import Dimension, IndicatorIssue, Quantity, Section

_NOTHING: dict[str, str | None] = {"target_value": None, "actual_value": None, "full_mark": None, "score": None}
_LEAST = 12
"""A body shorter than this only names the indicator."""


def _measuring(builder: Builder, section: Section) -> list[Quantity]:
    span = section.span
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
    rated = any(q.dimension is Dimension.PERCENT or q.denominator is not None for q in _measuring(builder, section))
    issues = () if rated else (IndicatorIssue.NO_NUMBER,)
    end = section.span.start + len(text[section.span.start : section.span.end].rstrip())
    span = builder.span(section.span.document, section.span.start, end)
    if not any(i.span.start < end and section.span.start < i.span.end for i in builder.indicators if not i.span.table):
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
    inside = {other.id for other in below}
    for paragraph in told:
        if paragraph.section.id not in inside:
            continue
        for clause in re.finditer(r"[^，。；：,;:\n]+", paragraph.text):
            start = paragraph.start + clause.start()
            if start < paragraph.section.body or not pattern("effort").search(plain(clause.group())):
                continue
            span = builder.span(paragraph.document, start, start + len(clause.group().rstrip()))
            builder.indicator(plain(clause.group()), span, "goal", _NOTHING, (IndicatorIssue.NO_NUMBER,))


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


def extract_indicator_sections(builder: Builder, told: tuple[Paragraph, ...]) -> None:
    """Note the indicators that only whole sections tell, and satisfaction that rests on no number of answers."""
    for section in builder.source.sections:
        _rate_headings(builder, section)
        _bare_goals(builder, section, told)
    _unsampled(builder)
