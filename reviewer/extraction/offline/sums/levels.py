"""Levels and what lies between them: an initial amount with what was added, and differences of two amounts."""

import re
from collections.abc import Sequence
from itertools import pairwise

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention, bracket_depth, cue, same_kind
from reviewer.extraction.offline.roles import TOTAL
from reviewer.extraction.offline.sums.lists import FULL_STOP, Lists
from reviewer.lexicon.measures import concept_in, plain, role_in
from reviewer.schema import ClaimKind, Closure, Dimension, Operand, OperandRole, Quantity, Role

_BUDGETS = (Role.BUDGET, Role.BUDGET_INITIAL, Role.BUDGET_ADJUSTED)
_LEVELS = (Dimension.MONEY, Dimension.COUNT, Dimension.MEASURE)
_COUNTED = (Dimension.COUNT, Dimension.MEASURE)
_FIVE, _FAR = 5, 2
"""Numbers and full stops from what there was to what there is."""


def _step(mention: Mention) -> OperandRole | None:
    """Whether a number was added to a level or taken from it, by its words; a comparison does neither."""
    words = plain(mention.words)
    explained = cue("level", "explained").search(words)
    if mention.quantity.dimension not in _LEVELS or cue("level", "against").search(words) or explained:
        return None
    hits = [
        (match.start(), role)
        for name, role in (("added", OperandRole.PART), ("taken", OperandRole.SUBTRAHEND))
        for match in cue("level", name).finditer(words)
    ]
    return max(hits)[1] if hits else None


def _between(lists: Lists, one: Mention, other: Mention) -> int:
    """Full stops between two numbers."""
    return len(FULL_STOP.findall(lists.paragraph.words(one.end, other.start)))


def _alike(lists: Lists, first: Mention) -> list[Mention]:
    """The exact numbers of one kind outside brackets that are no parts of others, in order."""
    return [
        m
        for m in lists.paragraph.mentions
        if m.exact
        and m.quantity.id not in lists.taken
        and same_kind(m.quantity, first.quantity)
        and bracket_depth(lists.paragraph.words(lists.paragraph.start, m.start)) == 0
    ]


def adjusted(builder: Builder, lists: Lists) -> None:
    """A level, the steps from it, and the level they lead to.

    「年初预算A，追加B，调减C，调整后预算D」, 「当年A，加上以前年度的B，累计C」
    """
    read: set[str] = set()
    for mention in lists.paragraph.mentions:
        if mention.quantity.id in read | lists.taken or _step(mention) is None:
            continue
        line = _alike(lists, mention)
        if mention not in line or (at := line.index(mention)) == 0:
            continue
        steps = [mention]
        for follower in line[at + 1 :]:
            if _step(follower) is None or cue("level", "end").search(plain(follower.words)):
                break
            steps.append(follower)
        read |= {step.quantity.id for step in steps}
        if at + len(steps) < len(line):
            _led(builder, lists, line[at - 1], steps, line[at + len(steps)])


def _led(builder: Builder, lists: Lists, start: Mention, steps: Sequence[Mention], end: Mention) -> None:
    if not cue("level", "end").search(plain(end.words)) or start.quantity.id == end.quantity.id:
        return
    if _between(lists, start, steps[0]) > 1 or _between(lists, steps[-1], end) > 1:
        return
    between = [m for m in lists.paragraph.mentions if steps[-1].end <= m.start < end.start]
    if any(_step(m) is OperandRole.SUBTRAHEND for m in between):
        return  # a step that another list has taken up
    first, last = lists.label(start), lists.label(end)
    budgets = first is not None and last is not None and first.role in _BUDGETS and last.role in _BUDGETS
    if start.quantity.dimension is Dimension.MONEY and not (budgets or cue("level", "start").search(start.words)):
        return
    joined = cue("level", "joined").search(plain(steps[0].words)) is not None
    if not budgets and not joined:
        return
    operands = [Operand(role=OperandRole.PART, quantity=start.quantity.id)]
    operands += [Operand(role=_step(step) or OperandRole.PART, quantity=step.quantity.id) for step in steps]
    builder.claim(
        ClaimKind.SUM,
        operands,
        end.quantity,
        cue=builder.span(lists.paragraph.document, steps[0].words_start, steps[0].start),
        closure=Closure.COMPLETE,
        tied=False,
    )


def cumulated(builder: Builder, lists: Lists) -> None:
    """「至2023年底累计改造86个，2024年续排32个，累计将达到118个」: what there was, this year's, and all of it."""
    counted = [m for m in lists.paragraph.mentions if m.exact and m.quantity.dimension in _COUNTED]
    for first in counted:
        line = [m for m in counted if same_kind(m.quantity, first.quantity) and m.start >= first.start][:_FIVE]
        if not cue("level", "so_far").search(plain(first.words)):
            continue
        end = next((m for m in line[1:] if cue("level", "in_all").search(plain(m.words))), None)
        between = line[1 : line.index(end)] if end else []
        this = [m for m in between if cue("level", "this_year").search(plain(m.words))]
        others = [m for m in between if m not in this and not cue("level", "touching").search(plain(m.words))]
        if end is None or len(this) != 1 or others or _between(lists, first, end) > _FAR:
            continue
        if not any(claim.result == end.quantity.id for claim in builder.claims):
            builder.claim(
                ClaimKind.SUM,
                [(OperandRole.PART, first.quantity), (OperandRole.PART, this[0].quantity)],
                end.quantity,
                cue=builder.span(lists.paragraph.document, end.words_start, end.start),
                closure=Closure.LISTED,
                tied=False,
            )


def _levels_before(lists: Lists, mention: Mention, sentences: int) -> list[Mention]:
    """Levels of the same kind before a number, nearest first, as far back as so many sentences."""
    found = []
    for other in reversed([m for m in lists.paragraph.mentions if m.end <= mention.start]):
        if _between(lists, other, mention) > sentences:
            break
        label = lists.label(other)
        level = label is None or label.role not in (Role.CHANGE, Role.TARGET, Role.THRESHOLD)
        level = level and not cue("target", "cue").search(plain(other.words))
        if level and other.exact and same_kind(other.quantity, mention.quantity):
            found.append(other)
    return found


def _difference(
    builder: Builder, lists: Lists, minuend: Quantity, subtrahend: Quantity, result: Mention, *, near: bool
) -> None:
    builder.claim(
        ClaimKind.DIFFERENCE,
        [(OperandRole.MINUEND, minuend), (OperandRole.SUBTRAHEND, subtrahend)],
        result.quantity,
        cue=builder.span(lists.paragraph.document, result.words_start, result.start),
        concept="remainder",
        closure=Closure.COMPLETE if near else Closure.OPEN,
        tied=False,
    )


def compared(builder: Builder, lists: Lists) -> None:
    """「比预算少支出3.90万元」, 「收入比调整后预算多出7.75万元」: the level named behind 比, and the one spoken of."""
    for mention in lists.paragraph.mentions:
        words = plain(mention.words)
        if not mention.exact or mention.quantity.dimension not in _LEVELS or mention.quantity.id in lists.taken:
            continue
        match = cue("level", "compared").search(words)
        if match is None or cue("change", "yearly").search(words):
            continue
        role = role_in(match.group("base"))
        levels = _levels_before(lists, mention, 1)
        base = _with_role(lists, levels, role)
        current = next((level for level in levels if base is not None and level is not base), None)
        named = concept_in(words[: match.start()])
        if base is None or current is None or lists.side(current) == lists.side(base):
            _compared_far(builder, lists, mention, match, role)
            continue
        if named and not named.generic and lists.concept(current) != named.concept.key:
            continue
        # 「两项合计支出C，比预算节约D」 is held against both budgets.
        totalled = cue("clause", "total").search(current.words) and not cue("clause", "total").search(base.words)
        near = base.sentence_start == mention.sentence_start == current.sentence_start and not totalled
        pair = (current.quantity, base.quantity) if match.group("more") else (base.quantity, current.quantity)
        _difference(builder, lists, *pair, mention, near=near)


def _with_role(lists: Lists, levels: Sequence[Mention], role: str | None) -> Mention | None:
    if role is None:
        return None
    wanted = _BUDGETS if role == Role.BUDGET else (role,)
    known = {label.mention.quantity.id: label for label in lists.earlier} | lists.labels
    return next((m for m in levels if (label := known.get(m.quantity.id)) and label.role in wanted), None)


def _compared_far(builder: Builder, lists: Lists, mention: Mention, match: re.Match[str], role: str | None) -> None:
    """Totals of the paragraphs before, where the words name both sides: 「收入比调整后预算多出7.75万元」."""
    side = cue("sum", "side").findall(match.string[: match.start()])
    if not side or role is None or mention.quantity.dimension is not Dimension.MONEY:
        return
    concept = {"收入": "income_total", "支出": "expenditure_total"}[side[-1]]
    known = [*lists.earlier, *(label for m in lists.paragraph.mentions if (label := lists.label(m)))]
    before = [label for label in reversed(known) if label.mention.end <= mention.start and label.subject is None]
    exact = [label for label in before if label.mention.exact]
    current = next(
        (label for label in exact if label.concept == concept and label.role in (Role.INCOME, Role.ACTUAL)), None
    )
    base = next((label for label in exact if label.role == role and label.concept == "expenditure_total"), None)
    if current and base:
        one, other = current.mention.quantity, base.mention.quantity
        pair = (one, other) if match.group("more") else (other, one)
        _difference(builder, lists, *pair, mention, near=False)


def moved(builder: Builder, lists: Lists) -> None:
    """Both levels printed before the change: 「支出A，比2022年的B增加C」, 「A，和上年的B相比少了C」."""
    for base, change in pairwise(lists.paragraph.mentions):
        if change.quantity.dimension not in _LEVELS or not same_kind(base.quantity, change.quantity):
            continue
        before = lists.paragraph.words(base.words_start, base.start)
        between = plain(lists.paragraph.words(base.end, change.start))
        if not (cue("level", "against_base").search(before) and cue("level", "moved").match(between)):
            continue
        # 「支出A，比预算B减少C；比上年D减少E」: B is no level that E came from.
        levels = [m for m in _levels_before(lists, base, 0) if not cue("level", "against_base").search(m.words)]
        current = levels[0] if levels else None
        if current is None or not (base.exact and change.exact):
            continue
        builder.claim(
            ClaimKind.DIFFERENCE,
            [(OperandRole.CURRENT, current.quantity), (OperandRole.BASE, base.quantity)],
            change.quantity,
            cue=builder.span(lists.paragraph.document, change.words_start, change.start),
            stated_text="down" if cue("change", "down").search(between) else "up",
            tied=False,
        )


def net(builder: Builder, lists: Lists) -> None:
    """「年初预算A，……，调整后预算B，净增C」: what all steps together came to."""
    for mention in lists.paragraph.mentions:
        found = cue("level", "net").search(plain(mention.words))
        if not found or not mention.exact:
            continue
        levels = _levels_before(lists, mention, 3)
        end = _with_role(lists, levels, Role.BUDGET_ADJUSTED)
        start = _with_role(lists, levels, Role.BUDGET_INITIAL)
        if end is None or start is None:
            continue
        pair = (start.quantity, end.quantity) if found.group("less") else (end.quantity, start.quantity)
        _difference(builder, lists, *pair, mention, near=True)


def left_over(builder: Builder, lists: Lists) -> None:
    """「预算168.50万元，实际采购164.60万元，节约3.90万元」: what was planned or received, less what was spent."""
    for mention in lists.paragraph.mentions:
        words = plain(mention.words)
        if not mention.exact or mention.quantity.dimension is not Dimension.MONEY:
            continue
        behind = cue("level", "unspent_behind").search(plain(mention.after)) is not None
        late = cue("level", "not_received").search(words) is not None
        if cue("level", "against").search(words) or not (late or behind or cue("level", "left_over").search(words)):
            continue
        less = (Role.RECEIVED,) if late else (Role.ACTUAL,)
        levels = [m for m in _levels_before(lists, mention, 1) if not cue("level", "left_over").search(m.words)][:2]
        labels = [label for m in levels if (label := lists.label(m))]
        if len(levels) < 2 and behind:
            _unspent(builder, lists, mention)
        if len(labels) < 2:
            continue
        spent, planned = (labels[0], labels[1]) if labels[0].role in less else (labels[1], labels[0])
        if spent.role not in less or planned.role not in (*_BUDGETS, *(() if late else (Role.RECEIVED,))):
            continue
        if spent.subject != planned.subject or not (spent.generic or late or spent.concept == planned.concept):
            continue
        others = [
            m
            for m in lists.paragraph.mentions
            if m is not mention
            and m.sentence_start == mention.sentence_start
            and cue("level", "left_over").search(m.words)
        ]
        near = not others and spent.mention.sentence_start == planned.mention.sentence_start == mention.sentence_start
        ends = sorted((spent.mention.end, planned.mention.end))
        if any(ends[0] < m.end < ends[1] and _step(m) for m in lists.paragraph.mentions):
            continue  # 「年初预算500万元，追加60万元，支出540万元，结余20万元」
        over = cue("level", "over").search(words) is not None
        pair = (spent, planned) if over else (planned, spent)
        _difference(builder, lists, pair[0].mention.quantity, pair[1].mention.quantity, mention, near=near)


def _unspent(builder: Builder, lists: Lists, mention: Mention) -> None:
    """「调整后预算中有27.60万元没有形成支出」: the totals of the paragraphs before, by the role that is named."""
    role = role_in(plain(mention.words))
    totals = [label for label in reversed(lists.earlier) if label.concept == TOTAL and label.subject is None]
    exact = [label.mention for label in totals if label.mention.exact and lists.side_of(label)]
    planned, spent = _with_role(lists, exact, role), _with_role(lists, exact, Role.ACTUAL)
    if role in _BUDGETS and planned and spent:
        _difference(builder, lists, planned.quantity, spent.quantity, mention, near=False)
