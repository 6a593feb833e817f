"""Indicators in prose, and the first tests of whether an indicator is measurable."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.mentions import paragraph as whole
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Dimension, IndicatorIssue, QuantityKind, Source

_TELLING = (QuantityKind.DATE, QuantityKind.ORDINAL)
_NAME_LENGTH = 40


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = load("indicators")
    classes = "|".join(sorted(words["class"], key=len, reverse=True))
    return re.compile(words[name].replace("{class}", classes).replace("{{", "{").replace("}}", "}"))


@cache
def _vague() -> re.Pattern[str]:
    return re.compile("|".join(sorted(load("indicators")["vague"], key=len, reverse=True)))


def issues_of(
    source: Source,
    name: str,
    stated: Sequence[Paragraph],
    *,
    target: str | None = None,
    actual: str | None = None,
) -> tuple[IndicatorIssue, ...]:
    """What keeps an indicator from being measurable.

    `stated` are the words that say how it was done; `target` and `actual` are the words of a table's cells, None where
    the table has no such column. A proportion of a target that is nowhere printed measures nothing.
    """
    mentions = [m for p in stated for m in p.mentions if m.quantity.dimension is not Dimension.SCORE]
    of_target = [m for m in mentions if _pattern("of_target").search(plain(m.words))]
    if not mentions:
        # A date or a rank can be held against the facts as well as a number.
        others = [q for p in stated for q in source.within(p.document, p.start, p.end, measuring=False)]
        if any(q.kind in _TELLING and _pattern("telling").search(q.text) for q in others):
            return ()
        words = "".join(p.text for p in stated)
        vague = _vague().search(plain(words)) or (not words and _vague().search(plain(name)))
        return (IndicatorIssue.ADJECTIVE_ONLY if vague else IndicatorIssue.NO_NUMBER,)
    if len(of_target) == len(mentions):
        return (IndicatorIssue.NO_BASE,)
    issues: list[IndicatorIssue] = []
    if target is not None and not target.strip():
        issues.append(IndicatorIssue.NO_TARGET)
    if actual is not None and not actual.strip():
        issues.append(IndicatorIssue.NO_ACTUAL)
    if all(m.quantity.dimension is Dimension.NONE for m in mentions) and not re.search(r"[率%％（(]", name):
        issues.append(IndicatorIssue.NO_UNIT)
    return tuple(issues)


def _segments(paragraph: Paragraph) -> list[tuple[int, int, str | None, bool]]:
    """(start, end, class, whether a list of names) of what the paragraph says of each class of indicators."""
    cues = [(m.start(), m.end(), m.group(2), True) for m in _pattern("counted").finditer(paragraph.text)]
    covered = [(start, end) for start, end, _, _ in cues]
    heading = paragraph.section.body - paragraph.start
    for match in _pattern("prose").finditer(paragraph.text, max(0, heading)):
        counted = _pattern("count_before").search(paragraph.text[: match.start()])
        if not counted and not any(start <= match.start() < end for start, end in covered):
            cues.append((match.start(), match.end(), match.group(1), False))
    cues.sort()
    segments: list[tuple[int, int, str | None, bool]] = []
    for index, (_, end, name, listed) in enumerate(cues):
        limit = cues[index + 1][0] if index + 1 < len(cues) else len(paragraph.text)
        if item := _pattern("item").search(paragraph.text, end, limit):
            limit = item.start()
        segments.append((end, _segment_end(paragraph, end, limit, listed), name, listed))
    return segments


def _segment_end(paragraph: Paragraph, start: int, limit: int, listed: bool) -> int:
    """The first stop; but what is scored goes on to its score: 「质量指标，……。完成指标的130%，得分：6分」."""
    scores = [
        mention.end - paragraph.start
        for mention in paragraph.mentions
        if mention.quantity.dimension is Dimension.SCORE and start < mention.end - paragraph.start <= limit
    ]
    if scores and not listed:
        return scores[-1]
    stop = re.search(r"[。！？\n]", paragraph.text[start:limit])
    return start + stop.start() if stop else limit


def _statements(text: str, listed: bool) -> list[tuple[int, int]]:
    """Where the single indicators of a segment stand: the names of a list, or the clauses between semicolons."""
    if listed:
        head = re.match(r"[^，,；;]*", text)
        names = head.group() if head else ""
        return [match.span() for match in re.finditer(r"[^、]+", names)]
    return [match.span() for match in re.finditer(r"[^；;]+", text)]


def _titled(builder: Builder, paragraph: Paragraph) -> None:
    """A section whose heading names a class of indicators: all that it says is the indicator's."""
    section = paragraph.section
    title = _pattern("title").search(section.title)
    if title is None or paragraph.start != section.span.start:
        return
    body = whole(builder.source, paragraph.document, section.body, section.span.end)
    if body.text.strip():
        _note(builder, body, section.title, title.group(1), (section.body, section.span.end))


def _is_goal(mention: Mention) -> bool:
    """Whether a number is what was aimed at: a limit, or one its words call a target."""
    return not mention.exact or cue("target", "cue").search(plain(mention.words)) is not None


def _note(builder: Builder, about: Paragraph, name: str, level: str | None, extent: tuple[int, int]) -> None:
    """One indicator: its words without the blanks around them, and what they lack."""
    words = about.words(*extent)
    start = extent[0] + len(words) - len(words.lstrip())
    end = extent[0] + len(words.rstrip())
    stated = replace(
        about,
        start=start,
        end=end,
        text=about.words(start, end),
        mentions=tuple(
            mention
            for mention in about.mentions
            if start <= mention.start < end and mention.quantity.dimension is not Dimension.SCORE
        ),
    )
    numbers = {
        "target_value": next((m.quantity.id for m in stated.mentions if _is_goal(m)), None),
        "actual_value": next((m.quantity.id for m in stated.mentions if not _is_goal(m)), None),
        "full_mark": None,
        "score": None,
    }
    issues = issues_of(builder.source, name, [stated])
    builder.indicator(plain(name), builder.span(about.document, start, end), level, numbers, issues)


def extract_indicators(builder: Builder, paragraph: Paragraph) -> None:
    """Note the indicators a paragraph names by class, each with what it lacks."""
    _titled(builder, paragraph)
    for start, end, level, listed in _segments(paragraph):
        text = paragraph.text[start:end]
        for left, right in _statements(text, listed):
            statement = text[left:right].strip()
            # 「…指标：」 before a list of paragraphs says nothing itself.
            if len(plain(statement)) < 2 or statement.endswith(("：", ":")):
                continue
            # A list of names such as 及时率 or 场次 states no values yet; these follow elsewhere.
            if listed and _pattern("quantified").search(statement):
                continue
            name = re.split(r"[，,。：:]", statement)[0][:_NAME_LENGTH]
            extent = (paragraph.start + start + left, paragraph.start + start + right)
            _note(builder, paragraph, name, level, extent)
