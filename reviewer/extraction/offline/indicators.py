"""Indicators in prose, and the first tests of whether an indicator is measurable."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.names import masked
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Dimension, IndicatorIssue, QuantityKind, Source

_NAME_LENGTH = 40
WITHOUT_VALUE = frozenset({IndicatorIssue.NO_NUMBER, IndicatorIssue.ADJECTIVE_ONLY})
"""What words without any number lack."""


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The compiled pattern `name` of the lexicon's indicators."""
    words = load("indicators")
    classes = "|".join(sorted(words["class"], key=len, reverse=True))
    return re.compile(words[name].replace("{class}", classes).replace("{{", "{").replace("}}", "}"))


@cache
def _vague() -> re.Pattern[str]:
    return re.compile("|".join(sorted(load("indicators")["vague"], key=len, reverse=True)))


def _tells_when(source: Source, stated: Paragraph) -> bool:
    """Whether words tell a rank, or the day by which something was or is to be done."""
    for quantity in source.within(stated.document, stated.start, stated.end, measuring=False):
        after = stated.text[quantity.span.end - stated.start :]
        dated = quantity.kind is QuantityKind.DATE and pattern("dated").match(after)
        if (dated or quantity.kind is QuantityKind.ORDINAL) and pattern("telling").search(quantity.text):
            return True
    return False


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
    numbers = [m for p in stated for m in p.mentions if m.quantity.dimension is not Dimension.SCORE]
    # 「一年来」 tells nothing of what was achieved.
    mentions = [m for m in numbers if m.quantity.text != "一年"]
    of_target = [m for m in mentions if pattern("of_target").search(plain(m.words))]
    if not mentions:
        # A date or a rank can be held against the facts as well as a number.
        if any(_tells_when(source, p) for p in stated):
            return ()
        words = "".join(p.text for p in stated)
        vague = _vague().search(plain(words)) or (not words and _vague().search(plain(name)))
        return (IndicatorIssue.ADJECTIVE_ONLY if vague else IndicatorIssue.NO_NUMBER,)
    # Neither a change nor a length of time is what the proportion is one of.
    values = [
        m
        for m in mentions
        if m not in of_target
        and m.quantity.dimension is not Dimension.TIME
        and not cue("change", "cue").search(plain(m.words))
    ]
    if of_target and not values:
        return (IndicatorIssue.NO_BASE, IndicatorIssue.NO_TARGET, IndicatorIssue.NO_ACTUAL)
    issues: list[IndicatorIssue] = []
    if target is not None and not target.strip():
        issues.append(IndicatorIssue.NO_TARGET)
    if actual is not None and not actual.strip():
        issues.append(IndicatorIssue.NO_ACTUAL)
    if all(m.quantity.dimension is Dimension.NONE for m in mentions) and not re.search(r"[率%％（(]", name):
        issues.append(IndicatorIssue.NO_UNIT)
    return tuple(issues)


@dataclass(frozen=True, slots=True)
class _Segment:
    """What a paragraph says of one class of indicators, or of one indicator of an enumeration; offsets are its own."""

    name: int
    """Where the cue's own name begins, which is the first indicator's."""
    start: int
    end: int
    level: str | None
    listed: bool
    """Whether it is a list of names behind a count."""


def _cues(paragraph: Paragraph, in_results: bool) -> list[tuple[re.Match[str], str]]:
    """The words that introduce indicators, in order, each with the name of its pattern."""
    heading = max(0, paragraph.section.body - paragraph.start)
    found = [(match, "counted") for match in pattern("counted").finditer(paragraph.text)]
    for kind in ("prose", "enumerated", "goals") if in_results else ("prose",):
        for match in pattern(kind).finditer(paragraph.text):
            if match.end() <= heading or (kind == "prose" and match.start() < heading):
                continue
            counted = kind == "prose" and pattern("count_before").search(paragraph.text[: match.start()])
            if not counted and not any(match.start() < o.end() and o.start() < match.end() for o, _ in found):
                found.append((match, kind))
    return sorted(found, key=lambda cue: cue[0].start())


def _segments(paragraph: Paragraph, in_results: bool) -> list[_Segment]:
    cues = _cues(paragraph, in_results)
    segments: list[_Segment] = []
    for index, (match, kind) in enumerate(cues):
        limit = cues[index + 1][0].start() if index + 1 < len(cues) else len(paragraph.text)
        if item := pattern("item").search(paragraph.text, match.end(), limit):
            limit = item.start()
        end = _segment_end(paragraph, match, limit, kind)
        name = match.start(1) if kind == "enumerated" else match.end()
        level = match.group(2) if kind == "counted" else None if kind == "goals" else match.group(1)
        segments.append(_Segment(name, match.end(), end, level, kind == "counted"))
    return segments


def _segment_end(paragraph: Paragraph, match: re.Match[str], limit: int, kind: str) -> int:
    """The first stop; but what is scored goes on to its score: 「质量指标，……。完成指标的130%，得分：6分」."""
    scores = [
        mention.end - paragraph.start
        for mention in paragraph.mentions
        if mention.quantity.dimension is Dimension.SCORE and match.end() < mention.end - paragraph.start <= limit
    ]
    if scores and kind != "counted":
        return scores[-1]
    if kind == "goals" or (kind == "enumerated" and match.group().endswith("。")):
        return limit
    stop = re.search(r"[。！？\n]", paragraph.text[match.end() : limit])
    return match.end() + stop.start() if stop else limit


def _statements(text: str, listed: bool) -> list[tuple[int, int]]:
    """Where the single indicators of a segment stand: the names of a list, or the clauses between semicolons."""
    if listed:
        head = re.match(r"[^，,；;]*", masked(text))
        names = head.group() if head else ""
        return [match.span() for match in re.finditer(r"[^、]+", names)]
    marks = [match.span() for match in pattern("circled").finditer(text)]
    if marks and not text[: marks[0][0]].strip():
        ends = [start for start, _ in marks[1:]] + [len(text)]
        return [(end, stop) for (_, end), stop in zip(marks, ends, strict=True)]
    scored = [match.end() for match in re.finditer(r"得分?[为是：:]?\s*[0-9.]+\s*分[；;。]", text)]
    if len(scored) > 1:
        return list(zip([0, *scored[:-1]], scored, strict=True))
    return [match.span() for match in re.finditer(r"[^；;]+", text)]


def _is_goal(mention: Mention) -> bool:
    """Whether a number is what was aimed at: a limit, or one its words call a target."""
    return not mention.exact or cue("target", "cue").search(plain(mention.words)) is not None


def note(builder: Builder, about: Paragraph, name: str, level: str | None, extent: tuple[int, int]) -> None:
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


def _is_class(name: str) -> bool:
    """Whether a name in a list is a class of indicators and no indicator: 产出（数量、质量）."""
    return re.sub("[（(].*|指标", "", plain(name)) in load("indicators")["class"]


def extract_indicators(builder: Builder, paragraph: Paragraph) -> None:
    """Note the indicators a paragraph names by class, each with what it lacks."""
    titles = [plain(section.title) for section in builder.source.path_to(paragraph.section)]
    in_results = not any(pattern("not_results").search(title) for title in titles)
    for segment in _segments(paragraph, in_results):
        text = paragraph.text[segment.start : segment.end]
        for left, right in _statements(text, segment.listed):
            statement = text[left:right].strip()
            # 「…指标：」 before a list of paragraphs says nothing itself.
            if len(plain(statement)) < 2 or statement.endswith(("：", ":")):
                continue
            # A list of names such as 及时率 or 场次 states no values yet; these follow elsewhere.
            if segment.listed and (pattern("quantified").search(statement) or _is_class(statement)):
                continue
            begin = segment.name if left == 0 else segment.start + left
            name = re.split(r"[，,。：:]", statement)[0][:_NAME_LENGTH]
            extent = (paragraph.start + begin, paragraph.start + segment.start + right)
            note(builder, paragraph, name, segment.level, extent)
