"""Grades said of any score, in prose or a table's row: each tied to the nearest score, judged by the nearest scale."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reviewer.extraction.offline.bands import Scale, nearest, pattern, scales, step_limits
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import Grid, is_total, whole_cell
from reviewer.extraction.offline.mentions import Mention, Paragraph
from reviewer.extraction.offline.scales import grade_words, limits
from reviewer.lexicon.measures import plain
from reviewer.policies import Policy
from reviewer.schema import Bound, ClaimKind, Dimension, Operand, OperandRole, Quantity

_CLAUSE = re.compile(r"[，,。！？；;\n]")
_STOP = re.compile(r"[。！？\n]")
_LEAST = Decimal(30)
"""A score below it, without a scale of the report's own, may be an item's."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A grade in words, by its place in the document."""

    word: str
    start: int
    end: int
    firm: bool
    """Whether it is called a grade, so that it may stand in a sentence of its own."""


def _said(paragraph: Paragraph, found: Sequence[Scale], words: Sequence[str]) -> Iterator[_Said]:
    """The grades that a paragraph states, outside of scales."""
    own = {step.word for scale in found for step in scale.steps}
    listed = sorted({*words, *own}, key=len, reverse=True)
    for match in re.finditer("|".join(map(re.escape, listed)), paragraph.text):
        start, end = paragraph.start + match.start(), paragraph.start + match.end()
        if any(scale.start <= start < scale.end for scale in found):
            continue
        before = paragraph.text[max(0, match.start() - 24) : match.start()]
        if not pattern("grade", "behind").match(paragraph.text[match.end() : match.end() + 20]):
            continue
        clause = _CLAUSE.split(before)[-1]
        led = pattern("grade", "cue").search(before)
        apposed = pattern("grade", "apposed").search(before)
        if (
            not (led or apposed)
            or pattern("grade", "of_scale").search(plain(before))
            or pattern("grade", "foreign").search(clause)
        ):
            continue
        firm = led and (pattern("grade", "firm").search(led.group()) or pattern("grade", "own_result").search(clause))
        yield _Said(match.group(), start, end, bool(firm))


def _is_score(mention: Mention, paragraph: Paragraph, found: Sequence[Scale]) -> bool:
    quantity = mention.quantity
    words = plain(mention.words)
    inside = any(scale.start <= mention.start < scale.end for scale in found)
    behind = paragraph.words(mention.end, min(mention.end + 4, paragraph.end))
    return (
        quantity.dimension is Dimension.SCORE
        and quantity.bound is Bound.EXACT
        and quantity.value is not None
        and 0 < quantity.value <= 100
        and not inside
        and not pattern("grade", "no_score").search(words[-4:])
        and not re.match("以上|以下|[)）]?的?[分标]|的(?:[评为定列属]|可评)", behind)
    )


def _score_of(paragraph: Paragraph, said: _Said, scored: list[Mention]) -> Mention | None:
    """The score that a grade is for: the last one before it, else the first behind it in its sentence."""
    before = _wholes(paragraph, [m for m in scored if m.end <= said.start])
    behind = [m for m in scored if m.start >= said.end]
    if (
        before
        and behind
        and re.search("[；;。]", paragraph.words(before[-1].end, said.start))
        and not re.search("[；;。]", paragraph.words(said.end, behind[0].start))
    ):
        return behind[0]  # 「自评得分92分；财政复评等级为良，得分86分」
    if before:
        stops = len(_STOP.findall(paragraph.words(before[-1].end, said.start)))
        alone = sum(m.sentence_start == before[-1].sentence_start for m in before) == 1
        alone = alone or pattern("sums", "summed").search(plain(before[-1].words)) is not None
        if stops == 0 or (said.firm and alone and stops <= 2):
            return before[-1]
    if behind and not _STOP.search(paragraph.words(said.end, behind[0].start)):
        return behind[0]
    return None


def _wholes(paragraph: Paragraph, scored: list[Mention]) -> list[Mention]:
    """The scores without the parts told behind another: 「得94分，其中决策19分、过程20分」."""
    kept: list[Mention] = []
    for mention in scored:
        whole = kept[-1] if kept else None
        if (
            whole is not None
            and mention.quantity.is_below(whole.quantity)
            and pattern("grade", "parts").search(plain(paragraph.words(whole.end, mention.start)))
        ):
            continue
        kept.append(mention)
    return kept


def _of_a_part(paragraph: Paragraph, score: Mention) -> bool:
    """Whether the score is out of another full mark than a hundred."""
    near = plain(paragraph.words(score.sentence_start, score.end))
    marks = re.findall(r"(?:满分|分值|权重|总分)[值为是:：]*(\d+(?:\.\d+)?)", near)
    # 「管理效率50分，得47.71分」: the mark right before a score is its own full mark.
    own = re.search(r"(\d+(?:\.\d+)?)分[，,（(]?(?:自评)?实?得分?[为是:：]*[\d.]+分?$", near)
    marks += [own.group(1)] if own else []
    return any(Decimal(mark) != 100 for mark in marks)


def _claim(
    builder: Builder, score: Quantity, said: _Said, found: Sequence[Scale], policy: Policy, *, fallback: bool
) -> None:
    document = score.span.document
    if any(c.kind is ClaimKind.GRADE and c.operands[0].quantity == score.id for c in builder.claims):
        return
    scale = nearest(found, said.start, said.end, said.word)
    step = scale.step(said.word) if scale else None
    if step is not None:
        bounds = step_limits(builder.source, document, step)
    elif fallback and not found:
        bounds = limits([], policy, said.word)
    else:
        return
    # On a limit itself the words 含 and 不含 decide, which reports seldom print.
    if not bounds or any(operand.value == score.value for operand in bounds):
        return
    span = builder.span(document, said.start, said.end)
    builder.claim(
        ClaimKind.GRADE,
        [Operand(role=OperandRole.ITEM, quantity=score.id), *bounds],
        None,
        cue=span,
        concept="total_score",
        stated_text=said.word,
        stated_span=span,
    )


def _rows(builder: Builder, grid: Grid, found: Sequence[Scale], policy: Policy) -> None:
    """A table with a column of scores and one of grades."""
    headers = [plain(header) for header in grid.headers]
    scores = [at for at, words in enumerate(headers) if pattern("grade", "score_column").search(words)]
    graded = [at for at, words in enumerate(headers) if pattern("grade", "column").search(words)]
    if len(scores) != 1 or len(graded) != 1 or "full_mark" in grid.holds:
        return
    for row in grid.table.rows[grid.table.header_rows :]:
        cells = {cell.column: cell for cell in row}
        if scores[0] not in cells or graded[0] not in cells or any(is_total(plain(grid.text(cell))) for cell in row):
            continue
        score = whole_cell(builder.source, cells[scores[0]])
        word = plain(grid.text(cells[graded[0]])).strip('“”"')
        span = cells[graded[0]].span
        marks = (Dimension.SCORE, Dimension.NONE)
        if score is None or score.dimension not in marks or score.value is None or score.bound is not Bound.EXACT:
            continue
        known = word in grade_words(policy) or any(scale.step(word) for scale in found)
        if known and _LEAST < score.value <= 100:
            _claim(builder, score, _Said(word, span.start, span.end, True), found, policy, fallback=True)


def extract_graded(builder: Builder, read: Sequence[Paragraph], policy: Policy) -> None:
    """Note every grade that stands beside a score of its own."""
    for document in builder.source.documents:
        found = scales(document)
        before: Mention | None = None
        for paragraph in (one for one in read if one.document == document.id):
            scored = [m for m in paragraph.mentions if _is_score(m, paragraph, found)]
            for said in _said(paragraph, found, grade_words(policy)):
                score = _score_of(paragraph, said, scored)
                own = score is not None
                if score is None and said.firm and not any(m.start < said.start for m in scored):
                    score = before
                # A score that opens its paragraph is torn from what says of what it is one.
                torn = score is not None and own and not plain(paragraph.words(paragraph.start, score.start)).strip()
                if score is None or torn or (own and _of_a_part(paragraph, score)):
                    continue
                part = pattern("grade", "part").search(plain(score.words)) is not None
                value = score.quantity.value or Decimal(0)
                _claim(builder, score.quantity, said, found, policy, fallback=own and not part and value > _LEAST)
            before = scored[-1] if len(scored) == 1 else None
        for table in document.tables:
            _rows(builder, Grid.of(document, table), found, policy)
