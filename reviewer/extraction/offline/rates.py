"""Ratios and shares a paragraph states: 执行率, 完成预算的…%, 占…的…%."""

import re

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue
from reviewer.extraction.offline.sums import Lists
from reviewer.lexicon.measures import Rate, concept_in, plain, rate_in, role_in
from reviewer.schema import ClaimKind, Dimension, OperandRole, Quantity, Role

_NAMED_BASE = re.compile(r"占(.*?)(?:的(?:比重|比例)?|比重|比例)?(?:为|约|达到?)?$")
_BASE_ROLES = ("budget_initial", "budget_adjusted")


def _scope(paragraph: Paragraph, labels: dict[str, Label], mention: Mention) -> list[Label]:
    """Labels of the same sentence before the rate, nearest first, up to the rate before it."""
    found: list[Label] = []
    for other in reversed(paragraph.mentions):
        if other.start >= mention.start:
            continue
        if other.sentence_start != mention.sentence_start:
            break
        label = labels.get(other.quantity.id)
        if label and label.role is Role.RATE:
            break
        if label and other.quantity.dimension is Dimension.MONEY:
            found.append(label)
    return found


def _pick(scope: list[Label], roles: tuple[str, ...], of: str | None) -> Label | None:
    """The nearest label with the first of `roles` that any has; of one concept, or speaking of it generically."""
    for role in roles:
        for label in scope:
            if (
                label.role == role
                and label.family not in ("income", "balance")
                and (of is None or label.concept == of or label.generic)
            ):
                return label
    return None


def _roles(rate: Rate, words: str) -> tuple[str, ...]:
    """Roles the base may have: the one the words before the rate name, else what the definition prefers."""
    named = role_in(words)
    return (named,) if named in _BASE_ROLES else rate.denominators


def _ratio(
    builder: Builder, paragraph: Paragraph, labels: dict[str, Label], mention: Mention, rate: Rate, term: str
) -> None:
    scope = _scope(paragraph, labels, mention)
    numerator = _pick(scope, rate.numerator, rate.of)
    denominator = _pick(scope, _roles(rate, term), rate.of)
    operands: list[tuple[OperandRole, Quantity]] = []
    if numerator and denominator:
        operands = [
            (OperandRole.NUMERATOR, numerator.mention.quantity),
            (OperandRole.DENOMINATOR, denominator.mention.quantity),
        ]
    builder.claim(
        ClaimKind.RATIO,
        operands,
        mention.quantity,
        cue=builder.span(paragraph.document, mention.words_start, mention.start),
        concept=rate.key,
        tied=bool(operands),
    )


def _numerator(paragraph: Paragraph, mention: Mention) -> Mention | None:
    for other in reversed(paragraph.mentions):
        if other.start >= mention.start:
            continue
        if other.sentence_start != mention.sentence_start:
            return None
        if other.quantity.dimension in (Dimension.MONEY, Dimension.COUNT):
            return other
    return None


def _base(paragraph: Paragraph, labels: dict[str, Label], numerator: Mention, words: str) -> Quantity | None:
    """The number of the paragraph that the words behind 占 name: nearest before the numerator."""
    named = concept_in(words)
    for other in reversed(paragraph.mentions):
        label = labels.get(other.quantity.id)
        if other.start >= numerator.start or label is None:
            continue
        if other.quantity.dimension is not numerator.quantity.dimension:
            continue
        if named and not named.generic and label.concept == named.concept.key:
            return other.quantity
        if words and plain(other.measure).endswith(words):
            return other.quantity
    return None


def _share(
    builder: Builder,
    paragraph: Paragraph,
    labels: dict[str, Label],
    lists: Lists,
    mention: Mention,
    base: str,
) -> None:
    numerator = _numerator(paragraph, mention)
    if numerator is None:
        return
    operands = [(OperandRole.NUMERATOR, numerator.quantity)]
    whole = _base(paragraph, labels, numerator, base) if base else lists.whole_of.get(numerator.quantity.id)
    if whole is not None:
        operands.append((OperandRole.DENOMINATOR, whole))
    named = concept_in(base)
    builder.claim(
        ClaimKind.SHARE,
        operands,
        mention.quantity,
        cue=builder.span(paragraph.document, mention.words_start, mention.start),
        concept=named.concept.key if named else None,
        tied=whole is not None,
    )


def extract_rates(builder: Builder, paragraph: Paragraph, labels: dict[str, Label], lists: Lists) -> None:
    """Note every ratio and share whose definition or words tell what it is computed from."""
    for mention in paragraph.mentions:
        if mention.quantity.dimension is not Dimension.PERCENT or not mention.exact:
            continue
        words = plain(mention.words)
        label = labels.get(mention.quantity.id)
        if label is None or label.role not in (Role.RATE, Role.SHARE):
            continue
        if (found := rate_in(words)) is not None:
            _ratio(builder, paragraph, labels, mention, *found)
        elif cue("share", "cue").search(words) and (named := _NAMED_BASE.search(words)):
            _share(builder, paragraph, labels, lists, mention, named.group(1))
