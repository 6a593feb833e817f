"""Scales of grades as a grammar: limits and words in turn, with nothing but connecting words between them.

「90分（含）以上为优秀，75—90分为良好」, 「A（90分以上）、B（75—90分）」, 「[90,100] | 优」, 「90>S≥80为良，其余为差」.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise

from reviewer.lexicon import load
from reviewer.schema import Document, Operand, OperandRole, Source

_MOST = Decimal(100)
_LEAST_BANDS = 2
_TOUCH = Decimal(1)
"""How far apart two neighbouring bands may be printed: 80–89, 90–100."""
_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d+)?(?![\d.]|\s*[%％年月日号个项万元])")


@cache
def pattern(table: str, name: str) -> re.Pattern[str]:
    """The compiled pattern `name` of a table of the lexicon's marks."""
    return re.compile(load("marks")[table][name])


@dataclass(frozen=True, slots=True)
class Limit:
    """A printed number that ends a band."""

    value: Decimal
    start: int
    is_upper: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A grade and the limits of its scores."""

    word: str
    lower: Limit | None
    upper: Limit | None


@dataclass(frozen=True, slots=True)
class Scale:
    """All the steps of one printed scale, best first, and where it stands."""

    steps: tuple[Step, ...]
    start: int
    end: int

    def step(self, word: str) -> Step | None:
        """The step of a grade, also under its longer or shorter word: 优 and 优秀."""
        named = [step for step in self.steps if step.word == word]
        named += [step for step in self.steps if step.word[0] == word[0] and step.word[0] in "优良中"]
        return named[0] if named else None


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    after: str
    before: str
    number: Decimal | None


def _tokens(text: str, offset: int) -> list[_Token]:
    """Numbers and words of grades in a text, each with the words up to its neighbours."""
    word = pattern("scale", "word")
    found = sorted([*_NUMBER.finditer(text), *word.finditer(text)], key=lambda match: match.start())
    found = [m for before, m in pairwise([None, *found]) if m and (before is None or m.start() >= before.end())]
    tokens = []
    for index, match in enumerate(found):
        start = found[index - 1].end() if index else 0
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        value = Decimal(match.group()) if match.group()[0].isdigit() else None
        before, after = text[start : match.start()], text[match.end() : end]
        tokens.append(_Token(match.group(), offset + match.start(), offset + match.end(), after, before, value))
    return tokens


def _runs(tokens: Sequence[_Token]) -> list[list[_Token]]:
    """Stretches of tokens with nothing but connecting words between them."""
    runs: list[list[_Token]] = []
    for token in tokens:
        joined = pattern("scale", "gap").fullmatch(token.before) is not None
        if runs and joined:
            runs[-1].append(token)
        else:
            runs.append([token])
    return runs


def _is_upper(token: _Token) -> bool:
    near = re.split("[，,、；;：:]", token.after)[0][:6]
    return (
        re.match(r"分?(?:[（(][^）)]*[）)])?(?:及)?以下|\s*[>＞]", near) is not None
        or pattern("scale", "upper").search(token.before[-4:]) is not None
    )


def _step(word: _Token, numbers: Sequence[_Token]) -> Step | None:
    limits = [Limit(token.number, token.start, _is_upper(token)) for token in numbers if token.number is not None]
    if not limits:
        rest = pattern("scale", "rest").search(word.before)
        return Step(word.text, None, None) if rest else None
    if len(limits) > 2 or any(limit.value > _MOST for limit in limits):
        return None
    if len(limits) == 2:
        lower, upper = sorted(limits, key=lambda limit: limit.value)
        return Step(word.text, lower, upper) if lower.value < upper.value else None
    return Step(word.text, None, limits[0]) if limits[0].is_upper else Step(word.text, limits[0], None)


def _grouped(run: Sequence[_Token]) -> list[Step]:
    """The steps of a run: limits before each word, or behind it."""
    words = [index for index, token in enumerate(run) if token.number is None]
    if not words:
        return []
    led = words[0] > 0
    edges = [-1, *words] if led else [*words, len(run)]
    steps: list[Step] = []
    for index, (left, right) in enumerate(pairwise(edges)):
        step = _step(run[words[index]], run[left + 1 : right])
        if step is None:
            break
        steps.append(step)
    return steps


def _breaks(run: Sequence[_Token]) -> int:
    """Commas inside bands: the reading that has fewer of them tells whether the limits lead their words."""
    led = run[0].number is not None
    return sum(
        re.search("[，,、；;|]", after.before) is not None
        for before, after in pairwise(run)
        if not (before.number is None if led else after.number is None)
    )


def _ordered(steps: list[Step]) -> list[Step] | None:
    """The steps best first with every limit filled in from its neighbour; None where they are no scale."""
    if len(steps) < _LEAST_BANDS or len({step.word for step in steps}) < len(steps):
        return None
    known = [(step.lower or step.upper) for step in steps]
    values = [limit.value for limit in known if limit]
    if len(values) < _LEAST_BANDS:
        return None
    if values[0] < values[-1] or (values[0] == values[-1] and steps[0].lower is None):
        steps = steps[::-1]
    filled: list[Step] = []
    for step in steps:
        better = filled[-1].lower if filled else None
        upper = step.upper
        if filled and better is None:
            return None
        if better is not None:
            if upper is not None and (upper.value > better.value or better.value - upper.value > _TOUCH):
                return None
            if step.lower is not None and step.lower.value >= better.value:
                return None
            upper = better
        filled.append(Step(step.word, step.lower, upper))
    if filled[0].lower is None:
        return None
    return filled


def _scales_of(tokens: Sequence[_Token]) -> list[Scale]:
    scales = []
    for run in _runs(tokens):
        read = [(_breaks(run[at:]), at, steps) for at in (0, 1) if (steps := _ordered(_grouped(run[at:])))]
        if read:
            _, at, steps = min(read, key=lambda one: one[:2])
            scales.append(Scale(tuple(steps), run[at].start, run[-1].end))
    return scales


def scales_in(text: str, offset: int) -> list[Scale]:
    """Every scale of grades in prose that stands at an offset of its document."""
    return _scales_of(_tokens(text, offset))


def scales(document: Document) -> list[Scale]:
    """Every scale of grades that a document prints, in prose or in a table, in either direction."""
    found: list[Scale] = []
    for block in document.blocks:
        if block.kind == "paragraph":
            found += scales_in(document.text[block.start : block.end], block.start)
    for table in document.tables:
        width = max((len(row) for row in table.rows), default=0)
        columns = [[row[at] for row in table.rows if at < len(row)] for at in range(width)]
        for lines in (table.rows, columns):
            tokens = [
                t
                for line in lines
                for cell in line
                for t in _tokens(document.text[cell.span.start : cell.span.end], cell.span.start)
            ]
            read = [scale for scale in _scales_of(tokens) if len(scale.steps) > _LEAST_BANDS]
            if read:
                scale = read[0]
                found.append(Scale(scale.steps, table.start, table.end))
                break
    return sorted(found, key=lambda scale: scale.start)


def nearest(found: Sequence[Scale], start: int, end: int, word: str) -> Scale | None:
    """The scale that holds for a grade said at [start, end): the nearest one that names it."""
    named = [scale for scale in found if scale.step(word)]
    return min(named, key=lambda scale: max(scale.start - end, start - scale.end, 0), default=None)


def step_limits(source: Source, document: str, step: Step) -> list[Operand]:
    """The limits of a grade as operands: the printed numbers, whatever bound the words beside them set."""
    operands = []
    for role, limit in ((OperandRole.TARGET, step.lower), (OperandRole.CAP, step.upper)):
        if limit is None or limit.value >= _MOST:
            continue
        holding = source.within(document, max(0, limit.start - 12), limit.start + 12)
        quantity = next((q for q in holding if q.span.start <= limit.start < q.span.end), None)
        if quantity is not None:
            operands.append(Operand(role=role, quantity=quantity.id, value=limit.value))
    return operands
