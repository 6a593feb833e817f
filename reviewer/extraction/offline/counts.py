"""Counts that what stands beside them confirms: lists of names, batches and persons, a rate of a stated whole."""

import re
from collections.abc import Sequence
from decimal import Decimal

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.lists import extract_lists, is_count
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.sums.line import words as line_words
from reviewer.lexicon.measures import plain, rate_in
from reviewer.schema import ClaimKind, Dimension, Operand, OperandRole, Role

_RESULTS = (Role.RATE, Role.COUNT, Role.ACTUAL, Role.AMOUNT, Role.DURATION, Role.CHANGE, Role.HEADCOUNT)


def _pairs(paragraph: Paragraph) -> list[tuple[Mention, Mention]]:
    """(batches, persons) printed side by side: 「434批820人次」."""
    found = []
    for one, other in zip(paragraph.mentions, paragraph.mentions[1:], strict=False):
        gap = paragraph.words(one.end, other.start)
        if (
            is_count(one)
            and is_count(other)
            and cue("count", "batch").fullmatch(one.quantity.unit or "")
            and cue("count", "person").fullmatch(other.quantity.unit or "")
            and not plain(gap).strip("、，,")
        ):
            found.append((one, other))
    return found


def _batches(builder: Builder, paragraph: Paragraph) -> None:
    """No batch without a person: neither all of them, nor what a part of them leaves."""
    pairs = _pairs(paragraph)
    for index, (batches, persons) in enumerate(pairs):
        operands = [(OperandRole.WHOLE, batches.quantity)]
        builder.claim(ClaimKind.BOUND, operands, persons.quantity, concept="persons_per_batch")
        if index + 1 == len(pairs):
            continue
        inner = pairs[index + 1]
        between = paragraph.words(persons.end, inner[0].start)
        if cue("sum", "open").search(between) and not re.search("[。；;]", between):
            builder.claim(
                ClaimKind.BOUND,
                [
                    (OperandRole.WHOLE, batches.quantity),
                    (OperandRole.PART, inner[0].quantity),
                    (OperandRole.MINUEND, persons.quantity),
                    (OperandRole.SUBTRAHEND, inner[1].quantity),
                ],
                None,
                cue=batches.quantity.span,
                concept="remaining_batches",
            )


def _alone(paragraph: Paragraph, whole: Mention) -> bool:
    """Whether no other number of its unit stands in the sentence: of several, any may be the rate's whole."""
    return not any(
        other is not whole
        and other.sentence_start == whole.sentence_start
        and other.quantity.unit == whole.quantity.unit
        for other in paragraph.mentions
    )


def _rate_of_whole(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """「排查335起，化解率77.5%」: some whole number of the 335 must give the rate."""
    for whole, rate in zip(paragraph.mentions, paragraph.mentions[1:], strict=False):
        label = labels.get(rate.quantity.id)
        if (
            label is not None
            and label.role is Role.RATE
            and rate.quantity.dimension is Dimension.PERCENT
            and rate.exact
            and is_count(whole)
            and not line_words("flow", "closing_behind").search(whole.after)  # what is left is no base
            and whole.sentence_start == rate.sentence_start
            and rate_in(plain(rate.words)) is None
            and (outcome := cue("count", "outcome").search(plain(rate.words)))
            and outcome.group("verb") not in plain(whole.words)
            and cue("count", "settled").match(plain(rate.words))
            and cue("count", "case").fullmatch(whole.quantity.unit or "")
            and len(re.findall("[，,；;]", paragraph.words(whole.end, rate.start))) == 1
            and _alone(paragraph, whole)
        ):
            operands = [(OperandRole.WHOLE, whole.quantity)]
            builder.claim(ClaimKind.BOUND, operands, rate.quantity, concept="attainable_rate")


def extract_counts(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """Note every count that its own sentence can confirm or refute."""
    extract_lists(builder, paragraph)
    _batches(builder, paragraph)
    _rate_of_whole(builder, paragraph, labels)


def _opens_a_total(text: str, mention: Mention) -> bool:
    """「共设8个指标，其中……」 is the total of what follows; 「共设3个产出指标、5个效益指标」 is two counts."""
    behind = re.match(r"[^。；\n]{0,24}", text[mention.end :])
    return (
        "共" in mention.words
        and behind is not None
        and not re.search(r"[、和及]\s*[\d一二三四五六七八九十]", behind.group())
    )


def extract_reported(builder: Builder, paragraphs: Sequence[Paragraph], labels: dict[str, Label]) -> None:
    """「设置了3个产出指标和5个效益指标」 against the figures of the section that reports on them."""
    source = builder.source
    if any(indicator.target or indicator.actual for indicator in builder.indicators if indicator.span.table):
        return
    counts = [
        mention
        for paragraph in paragraphs
        for mention in paragraph.mentions
        if is_count(mention)
        and cue("count", "set").search(paragraph.words(mention.sentence_start, mention.start))
        and cue("count", "indicators").match(paragraph.text[mention.end - paragraph.start :])
    ]
    first = [mention for mention in counts if mention.sentence_start == counts[0].sentence_start]
    first = [m for m in first if _opens_a_total(source.document(m.quantity.span.document).text, m)] or first
    reported = [
        mention
        for paragraph in paragraphs
        if cue("count", "reporting").search(paragraph.section.title)
        for mention in paragraph.mentions
        if (label := labels.get(mention.quantity.id)) and label.role in _RESULTS
    ]
    if not counts or not reported:
        return
    builder.claim(
        ClaimKind.COUNT_OF_LIST,
        [
            *((OperandRole.PART, mention.quantity) for mention in first),
            Operand(role=OperandRole.ITEM, value=Decimal(len(reported)), source="list"),
        ],
        None,
        cue=source.document(first[0].quantity.span.document).span(first[0].start, first[-1].end),
        concept="reported",
    )
