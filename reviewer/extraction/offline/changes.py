"""Changes a paragraph states: 比上年增长…%, 由A增加到B, 变动率; and differences of two rates in percentage points."""

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.counted import pairs_claim
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.levels import Pair, by_year, compared, direction, from_to, levels, moves, pairs
from reviewer.extraction.offline.mentions import Mention, Paragraph, cue, same_kind
from reviewer.extraction.offline.scopes import before, labelled
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Dimension, Operand, OperandRole, OperandSet, Role

_PLANNED = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
_CHANGING = (Dimension.PERCENT, Dimension.POINT, Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE)


def _operands(pair: Pair) -> tuple[Operand, Operand]:
    return (
        Operand(role=OperandRole.CURRENT, quantity=pair.current.quantity.id),
        Operand(role=OperandRole.BASE, quantity=pair.base.quantity.id),
    )


def _points(builder: Builder, paragraph: Paragraph, points: Mention) -> None:
    """「占比66%，较上年的61%提高5个百分点」: the difference of two rates printed beside it."""
    if points.quantity.dimension is not Dimension.POINT or not points.exact:
        return
    rates = [m for m in before(paragraph, points) if m.quantity.dimension is Dimension.PERCENT and m.exact][:2]
    if len(rates) < 2:
        return
    base, current = rates
    moved = plain(paragraph.words(base.end, points.start))
    if not cue("change", "moved").match(moved):
        return
    towards = direction(moved)
    if cue("change", "compared").search(plain(base.words)) is None:
        between = plain(paragraph.words(current.end, base.start))
        if not cue("change", "to").search(between) or not cue("change", "from").search(current.words):
            return
        current, base = base, current
    _claim(builder, paragraph, points, [Pair(current, base)], ClaimKind.DIFFERENCE, towards, tied=True)


def _claim(
    builder: Builder,
    paragraph: Paragraph,
    change: Mention,
    found: list[Pair],
    kind: ClaimKind,
    towards: str | None,
    *,
    tied: bool,
    concept: str | None = None,
) -> None:
    builder.claim(
        kind,
        _operands(found[0]),
        change.quantity,
        cue=builder.span(paragraph.document, change.words_start, change.start),
        stated_text=towards,
        tied=tied,
        concept=concept,
        alternatives=tuple(OperandSet(label="", operands=_operands(pair), permitted=True) for pair in found[1:]),
    )


def _percent_for_points(
    builder: Builder, paragraph: Paragraph, labels: dict[str, Label], change: Mention, year: int
) -> bool:
    """A distance of two rates printed in %: 「满意度96.1%，高于全市平均0.5%」; whether it is one."""
    if change.quantity.dimension is not Dimension.PERCENT:
        return False
    here = before(paragraph, change)
    rate = labels.get(here[0].quantity.id) if here else None
    if rate is None or rate.role not in (Role.RATE, Role.CHANGE) or here[0].quantity.dimension is not Dimension.PERCENT:
        return False
    words = plain(change.words)
    span = builder.span(paragraph.document, change.words_start, change.start)
    if cue("change", "level").search(words):
        operands = [Operand(role=OperandRole.MINUEND, quantity=here[0].quantity.id)]
        builder.claim(ClaimKind.DIFFERENCE, operands, change.quantity, cue=span, concept="rate_level")
        return True
    told = [level for level in levels(labels, here, year) if level.mention.quantity.dimension is Dimension.PERCENT]
    found = from_to(paragraph, told) or next(iter(compared(paragraph, change, told) or by_year(told[:2], year)), None)
    if found is not None and cue("change", "bare").match(words):
        _claim(builder, paragraph, change, [found], ClaimKind.DIFFERENCE, None, tied=True, concept="rate_level")
        return True
    return False


def _rate_of_increase(
    builder: Builder, paragraph: Paragraph, labels: dict[str, Label], change: Mention, year: int
) -> bool:
    """「达1,167人，比上年增加144人，增幅14.08%」: the rate of an increase printed beside it; whether it is one."""
    here = before(paragraph, change)
    if change.quantity.dimension is not Dimension.PERCENT or not here or not moves(here[0]):
        return False
    moved = here[0]
    gap = plain(paragraph.words(moved.end, change.start))
    if not moved.exact or not cue("change", "beside").fullmatch(gap):
        return False
    towards = direction(plain(change.words)) or direction(plain(moved.words))
    found, tied = pairs(paragraph, labels, moved, year)
    if found:
        _claim(builder, paragraph, change, found, ClaimKind.CHANGE, towards, tied=tied)
        return True
    current = next(iter(levels(labels, before(paragraph, moved), year)), None)
    if current is not None and current.base and same_kind(current.mention.quantity, moved.quantity):
        # 「比上年的96件减少了24件，降幅25%」: what it became is not printed, and not needed.
        pairs_claim(builder, paragraph, change, [(moved.quantity, current.mention.quantity)])
        return True
    yearly = cue("change", "yearly").search(plain(moved.words))
    if current is None or not yearly or current.base or not same_kind(current.mention.quantity, moved.quantity):
        return True
    builder.claim(
        ClaimKind.CHANGE,
        [(OperandRole.CURRENT, current.mention.quantity), (OperandRole.BASE, moved.quantity)],
        change.quantity,
        cue=builder.span(paragraph.document, change.words_start, change.start),
        stated_text=towards,
        concept="of_increase",
    )
    return True


def _against_plan(paragraph: Paragraph, labels: dict[str, Label], change: Mention) -> list[Pair]:
    """「采购预算168.50万元，实际采购164.60万元，比预算少支出3.90万元」: what was spent against what was planned."""
    if not cue("change", "than_plan").search(plain(change.words)):
        return []
    here = [label for label in labelled(labels, before(paragraph, change)) if label.mention.exact and not label.listed]
    return [
        Pair(spent.mention, planned.mention)
        for spent in here
        for planned in here
        if spent.role in (Role.ACTUAL, Role.INCOME)
        and planned.role in _PLANNED
        and spent.concept == planned.concept
        and spent.subject == planned.subject
        and same_kind(spent.mention.quantity, planned.mention.quantity)
    ]


def _directions(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """「由32.1万元下降到30.5万元」: the level must have gone the way the words say."""
    for mention in paragraph.mentions:
        found = levels(labels, [mention, *before(paragraph, mention)[:1]])
        if len(found) < 2 or found[0].mention is not mention:
            continue
        base = found[1].mention
        pair = from_to(paragraph, found)
        towards = direction(plain(paragraph.words(base.end, mention.start)))
        if pair is not None and towards is not None:
            builder.claim(
                ClaimKind.DIFFERENCE,
                _operands(pair),
                None,
                cue=builder.span(paragraph.document, base.end, mention.start),
                stated_text=towards,
                concept="direction",
            )


def extract_changes(builder: Builder, paragraph: Paragraph, labels: dict[str, Label]) -> None:
    """Note every change whose levels its sentence or paragraph prints, and every 高于…% between two rates."""
    year = builder.source.document(paragraph.document).year or 0
    _directions(builder, paragraph, labels)
    for mention in paragraph.mentions:
        _points(builder, paragraph, mention)
        if not mention.exact or mention.quantity.dimension not in _CHANGING:
            continue
        if mention.quantity.dimension is Dimension.POINT or _percent_for_points(
            builder, paragraph, labels, mention, year
        ):
            continue
        if not moves(mention):
            continue
        words = plain(mention.words)
        planned = _against_plan(paragraph, labels, mention)
        if cue("change", "other").search(words) and not planned:
            continue
        if not planned and _rate_of_increase(builder, paragraph, labels, mention, year):
            continue
        found, tied = (planned, True) if planned else pairs(paragraph, labels, mention, year)
        percent = mention.quantity.dimension is Dimension.PERCENT
        found = [
            pair
            for pair in found
            if (percent and pair.current.quantity.dimension is not Dimension.PERCENT)
            or (not percent and same_kind(mention.quantity, pair.current.quantity))
        ]
        if found:
            kind = ClaimKind.CHANGE if percent else ClaimKind.DIFFERENCE
            _claim(builder, paragraph, mention, found, kind, direction(words), tied=tied)
