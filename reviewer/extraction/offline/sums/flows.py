"""Stocks and flows: what there was, what came and went, and what there is; posts, those filled and those vacant."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import takewhile

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.mentions import Mention
from reviewer.extraction.offline.sums.line import PERSONS, Line, lines, words
from reviewer.extraction.offline.sums.lists import Lists
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Closure, Dimension, Operand, OperandRole, OperandSet, Quantity

_LEAST = 3
"""An account has two levels and a move between them."""
_FAR = 1
"""Full stops between two neighbours of one account."""


class Step(Enum):
    """What a number does in an account."""

    OPENING = auto()
    CLOSING = auto()
    IN = auto()
    OUT = auto()
    BUDGET_OPENING = auto()
    BUDGET_CLOSING = auto()
    INNER = auto()
    """a part of the number before, told behind 其中"""


_LEVELS = {
    "opening": Step.OPENING,
    "closing": Step.CLOSING,
    "budget_opening": Step.BUDGET_OPENING,
    "budget_closing": Step.BUDGET_CLOSING,
}


def step_of(told: str, after: str = "") -> Step | None:
    """The step of an account that words before a number tell; the clause nearest to the number that tells one."""
    if words("flow", "against").search(re.split("[，,。；;]", told)[-1]):
        return None
    if words("flow", "closing_behind").search(after) and not words("flow", "opening").search(told):
        return Step.CLOSING
    for clause in reversed(re.split("[，,。；;！？\n]", told)):
        if step := _in_clause(plain(clause)):
            return step
    return None


def _in_clause(clause: str) -> Step | None:
    if words("flow", "used").search(clause):
        return None
    spoken = words("flow", "cause").sub(lambda match: "，" * len(match.group()), clause)
    moves = [
        (match.start(), match.end(), step)
        for name, step in (("in", Step.IN), ("out", Step.OUT))
        for match in words("flow", name).finditer(spoken)
    ]
    # 「调整后预算的形成：财政年初下达」: the level named last, unless it moves: 「年初预算调整增加」.
    levels = [
        (match.end(), step)
        for name, step in _LEVELS.items()
        for match in words("flow", name).finditer(clause)
        if not any(start >= match.end() for start, _, _ in moves)
    ]
    if levels:
        return max(levels, key=lambda found: found[0])[1]
    left = words("flow", "left").search(clause)
    if left and not any(start >= left.end() for start, _, _ in moves) and not re.search("上年|去年|上期", clause):
        return Step.CLOSING
    if not moves or re.search("上年|去年|上期", clause):
        return None
    # 「因……退出452人」: the verb at the number; else 「拨入……金389.20万元」: the verb that governs what is named.
    last = max(moves)
    return last[2] if not re.sub("[了共为达的：:]", "", spoken[last[1] :]) else min(moves)[2]


def _year(told: str) -> int | None:
    found = re.findall(r"((?:19|20)\d\d)\s*年(?:度)?(?:[末底终]|12月31日)", told)
    return int(found[-1]) if found else None


@dataclass(slots=True)
class Account:
    """An account as far as it is read."""

    opening: Quantity | None = None
    closing: Quantity | None = None
    moves: list[tuple[Quantity, Step]] = field(default_factory=list)

    @property
    def full(self) -> bool:
        return self.opening is not None and self.closing is not None and bool(self.moves)


def _steps(line: Line) -> list[tuple[Mention, Step | None]]:
    """Each number with its step. Of two year-ends the earlier is where the later one starts from."""
    told = [(mention, line.lead(mention)) for mention in line.mentions]
    steps: list[tuple[Mention, Step | None]] = []
    years = {_year(lead) for _, lead in told} - {None}
    side: Step | None = None
    for mention, lead in told:
        before = steps[-1] if steps else None
        step = step_of(lead, mention.after)
        year = _year(lead)
        levels = [found for _, found in steps[-2:]]
        both = Step.OPENING in levels and Step.CLOSING in levels  # 「由86人减到82人，其中退休3人、调入……」
        listed = before is not None and before[1] is Step.INNER
        if "其中" in lead and not both:
            side = steps[-1][1] if steps else None
            step = Step.INNER
        elif listed and (step is side or not re.search("[，,。；;]", lead)):
            step = Step.INNER  # 「收入500万元，其中拨款450万元，事业收入50万元」
        elif before is not None and step is None and re.fullmatch(r"[^，,。；;]*[、和及][^，,。；;]*", lead):
            step = before[1] if before[1] in (Step.IN, Step.OUT, Step.INNER) else None
        elif step is Step.CLOSING and year is not None and len(years) > 1 and year == min(y for y in years if y):
            step = Step.OPENING
        steps.append((mention, step))
    return steps


def of_budgets(told: Sequence[tuple[str, Step | None]]) -> list[Step | None]:
    """「年初预算、追加、调整后预算」 is one account, what was spent of it another."""
    budgets = {Step.BUDGET_OPENING: Step.OPENING, Step.BUDGET_CLOSING: Step.CLOSING, Step.INNER: Step.INNER}
    if not any(step in (Step.BUDGET_OPENING, Step.BUDGET_CLOSING) for _, step in told):
        return [step for _, step in told]
    moves = (Step.IN, Step.OUT)
    return [
        step if step in moves and words("flow", "adjusts").search(lead) else budgets.get(step) if step else None
        for lead, step in told
    ]


def accounts(builder: Builder, lists: Lists) -> None:
    """「年初A，收到B，支出C，年末D」 in whatever order the four are told."""
    for line in lines(lists, changes=True):
        if line.mentions[0].quantity.dimension is Dimension.SCORE or len(line.mentions) < _LEAST:
            continue
        steps = _steps(line)
        budgets = of_budgets([(line.lead(mention), step) for mention, step in steps])
        for run in [*_runs(builder, line, budgets), *_runs(builder, line, _of_money(steps))]:
            for account in read(run):
                note(builder, account)
                lists.taken |= {q.id for q, _ in account.moves}
                lists.taken |= {q.id for q in (account.opening, account.closing) if q}


def _of_money(steps: Sequence[tuple[Mention, Step | None]]) -> list[Step | None]:
    """What came and went besides the budget: 「调整后预算……。本年收入A，上年结转B，支出C，年末结转D」."""
    levels = [at for at, (_, step) in enumerate(steps) if step in (Step.BUDGET_OPENING, Step.BUDGET_CLOSING)]
    begin = levels[-1] + 1 if levels else len(steps)
    return [step if at >= begin else None for at, (_, step) in enumerate(steps)]


def _subtotal(builder: Builder, run: Sequence[tuple[Quantity, Step | None]], total: Mention, kind: Step) -> None:
    """「增拨A，下达B，共调增C」: the moves before a number that says it is their sum."""
    moves = list(takewhile(lambda told: told[1] is kind, reversed(run)))
    if any(claim.result == total.quantity.id for claim in builder.claims):
        return
    builder.claim(
        ClaimKind.SUM,
        [(OperandRole.PART, quantity) for quantity, _ in reversed(moves)],
        total.quantity,
        cue=total.quantity.span,
        closure=Closure.LISTED,
        tied=False,
    )


def _runs(builder: Builder, line: Line, kinds: Sequence[Step | None]) -> list[list[tuple[Quantity, Step | None]]]:
    """The numbers with their steps, cut where more is said between two of them; a subtotal of moves is none."""
    runs: list[list[tuple[Quantity, Step | None]]] = [[]]
    last: Mention | None = None
    moves = (Step.IN, Step.OUT)
    for mention, kind in zip(line.mentions, kinds, strict=True):
        if last is not None and line.stops(last, mention) > _FAR:
            runs.append([])
        told = [step for _, step in runs[-1][-2:]]
        adds_up = told == [kind, kind] and words("flow", "subtotal").search(plain(line.lead(mention)))
        if kind is not None and kind in moves and adds_up:
            _subtotal(builder, runs[-1], mention, kind)
        runs[-1].append((mention.quantity, Step.INNER if kind in moves and adds_up else kind))
        last = mention
    return runs


def read(steps: Sequence[tuple[Quantity, Step | None]]) -> Iterator[Account]:
    """The accounts that a row of numbers tells."""
    account = Account()
    for quantity, step in steps:
        if step is Step.INNER:
            continue
        again = (step is Step.OPENING and account.opening) or (step is Step.CLOSING and account.closing)
        if step is None or again:
            if account.full:
                yield account
            account = Account()
        if step is Step.OPENING:
            account.opening = quantity
        elif step is Step.CLOSING:
            account.closing = quantity
        elif step is not None:
            account.moves.append((quantity, step))
        if step is Step.CLOSING and account.full:
            yield account
            account = Account()
    if account.full:
        yield account


def note(builder: Builder, account: Account) -> None:
    """Claim that an account comes out; one that was opened with nothing says nothing of its opening."""
    assert account.opening is not None and account.closing is not None
    closing = account.closing
    if any(claim.result == closing.id and claim.closure is not Closure.OPEN for claim in builder.claims):
        return
    moves = [
        Operand(role=OperandRole.PART if step is Step.IN else OperandRole.SUBTRAHEND, quantity=quantity.id)
        for quantity, step in account.moves
    ]
    # Money spent of what was there, with nothing told of what came: what came may stand elsewhere.
    one_sided = closing.dimension is Dimension.MONEY and not any(step is Step.IN for _, step in account.moves)
    opening = [Operand(role=OperandRole.PART, quantity=account.opening.id)] if account.opening.value else []
    builder.claim(
        ClaimKind.BALANCE,
        [*opening, *moves],
        closing,
        cue=closing.span,
        concept="account",
        closure=Closure.OPEN if one_sided else Closure.LISTED,
        tied=False,
        # 「本年收入」 may hold what was carried over already.
        alternatives=(OperandSet(label="", operands=tuple(moves), permitted=True),) if len(moves) > 1 else (),
    )


def vacancies(builder: Builder, lists: Lists) -> None:
    """「核定编制30名，在编27人，空编3名」: the posts, those who fill them, and what is left."""
    paragraph = lists.paragraph
    people = [
        m
        for m in paragraph.mentions
        if m.exact and m.quantity.dimension is Dimension.COUNT and m.quantity.unit in PERSONS
    ]
    line = Line(lists, tuple(people))
    for mention in people:
        told = re.split("[，,。；;]", line.lead(mention))[-1]
        behind = re.match(r"[^，,。；;]{0,4}", mention.after)
        over = words("flow", "over").search(told)
        vacant = words("flow", "vacant").search(told + "|" + (behind.group() if behind else ""))
        if (not over and not vacant) or not mention.quantity.value or "其中" in line.lead(mention):
            continue
        near = [m for m in people if m is not mention and line.stops(*sorted((m, mention), key=lambda x: x.start)) == 0]
        segment = [
            m
            for m in near
            if not re.search("[；;]", paragraph.words(min(m.end, mention.end), max(m.start, mention.start)))
        ]
        segment = [m for m in segment if "其中" not in line.lead(m)]
        posts = [m for m in segment if _role(line, m) == "posts" and m.start < mention.start]
        filled = [m for m in segment if _role(line, m) == "filled"]
        told_before = [m for m in segment if m.start < mention.start and words("flow", "vacant").search(line.lead(m))]
        if len(posts) != 1 or len(filled) != 1 or told_before:
            continue
        pair = (filled[0], posts[0]) if over else (posts[0], filled[0])
        if any(claim.result == mention.quantity.id for claim in builder.claims):
            continue
        builder.claim(
            ClaimKind.DIFFERENCE,
            [(OperandRole.MINUEND, pair[0].quantity), (OperandRole.SUBTRAHEND, pair[1].quantity)],
            mention.quantity,
            cue=builder.span(paragraph.document, mention.words_start, mention.start),
            concept="remainder",
            tied=False,
        )
        lists.taken |= {m.quantity.id for m in (*pair, mention)}


def _role(line: Line, mention: Mention) -> str | None:
    told = re.split("[，,。；;]", line.lead(mention))[-1]
    if words("flow", "vacant").search(told) or words("flow", "over").search(told):
        return None
    if words("flow", "filled").search(told):
        return "filled"
    return "posts" if words("flow", "posts").search(told) else None
