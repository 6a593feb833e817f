"""Results told for a year that cannot have been when the report was written."""

import re
from decimal import Decimal

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Operand, OperandRole, QuantityKind, Role, Sentence, Source

_YEAR = re.compile(r"((?:19|20)\d\d)\s*年")
_LATEST = 1
"""Years after the evaluated one in which a report is written; what it tells of later ones has not been."""
_PAST = (
    *(Role.ACTUAL, Role.INCOME, Role.BALANCE, Role.RECEIVED, Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED),
    *(Role.RATE, Role.SCORE, Role.COUNT, Role.HEADCOUNT, Role.ASSET),
)


def _year_before(source: Source, paragraph: Paragraph, mention: Mention) -> int | None:
    """The year named before a number in its sentence, with no other number between."""
    told = source.within(paragraph.document, mention.sentence_start, mention.start, measuring=False)
    dates = [number for number in told if number.kind is not QuantityKind.PHRASE]  # 三公 is no number
    if not dates or dates[-1].kind is not QuantityKind.DATE:
        return None
    match = _YEAR.match(dates[-1].text)
    return int(match.group(1)) if match else None


def _speaks_of_plans(source: Source, sentence: Sentence) -> bool:
    """Whether a sentence, or the title above it, speaks of what is to come."""
    words = (source.text(sentence.span), source.section(sentence.section).title)
    return any(cue("period", "ahead").search(plain(text)) for text in words)


def extract_years(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """Note each result of the unit told for a year two or more after the evaluated one.

    A year that is told as past only once is a slip of the pen; one that comes back is what the report is about.
    """
    source, document = builder.source, builder.source.document(paragraph.document)
    for mention in paragraph.mentions:
        label = labels.get(mention.quantity.id)
        year = _year_before(source, paragraph, mention)
        if label is None or label.role not in _PAST or year is None or document.year is None:
            continue
        if year - document.year <= _LATEST:
            continue
        told = [s for s in source.sentences if s.span.document == document.id and f"{year}" in source.text(s.span)]
        told = [sentence for sentence in told if not _speaks_of_plans(source, sentence)]
        if len(told) == 1 and told[0].span.start <= mention.start < told[0].span.end:
            operands = [
                Operand(role=OperandRole.ITEM, value=Decimal(year), source="date"),
                Operand(role=OperandRole.CAP, value=Decimal(document.year), source="title"),
            ]
            builder.claim(ClaimKind.BOUND, operands, mention.quantity, concept="future_year")
