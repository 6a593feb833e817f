"""Targets and what was reached side by side in prose or in rows without a header, said to be met."""

import re
from collections.abc import Sequence

from reviewer.extraction.offline.bands import pattern
from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.goal_rows import claim_met
from reviewer.extraction.offline.mentions import Mention, Paragraph, paragraph, same_kind
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Bound, Dimension

_NEAR = 160
_GAP = 40


def _pairs(one: Paragraph) -> list[tuple[Mention, Mention]]:
    """(target, actual) that stand beside one another in a sentence."""
    found = []
    for aimed, reached in zip(one.mentions, one.mentions[1:], strict=False):
        gap = one.words(aimed.end, reached.start)
        if (
            pattern("goal", "aimed").search(plain(one.words(aimed.sentence_start, aimed.start)))
            and pattern("goal", "reached").search(plain(gap))
            and reached.exact
            and aimed.quantity.bound is not Bound.RANGE
            and aimed.quantity.dimension not in (Dimension.SCORE, Dimension.MONEY)
            and same_kind(aimed.quantity, reached.quantity)
            and len(gap) <= _GAP
            and not re.search("[。；;\n]", gap)
        ):
            found.append((aimed, reached))
    return found


def _met(words: str) -> bool:
    return pattern("goal", "said_met").search(words) is not None and pattern("goal", "denied").search(words) is None


def _note(builder: Builder, one: Paragraph, aimed: Mention, reached: Mention) -> None:
    name = plain(one.words(aimed.sentence_start, aimed.start))
    head = re.split("目标|指标值|计划|任务|要求|[，,：:（(\t]", name)[0]
    lower = any(re.search(load("reasons")["lower_is_better"], words) for words in (head, plain(aimed.measure)))
    claim_met(builder, reached.quantity, aimed.quantity, [], head + aimed.measure, lower=lower)


def extract_goals_told(builder: Builder, read: Sequence[Paragraph]) -> None:
    """Note every target said to be met beside what was reached."""
    for one in read:
        pairs = _pairs(one)
        for index, (aimed, reached) in enumerate(pairs):
            end = pairs[index + 1][0].sentence_start if index + 1 < len(pairs) else one.end
            end = max(end, reached.end)
            if _met(re.split("[。\n]", one.words(reached.end, end))[0]):
                _note(builder, one, aimed, reached)
    for document in builder.source.documents:
        for table in document.tables:
            behind = document.text[table.end : table.end + _NEAR].strip().split("\n")[0]
            together = any(
                pattern("goal", "all_met").search(sentence) and not pattern("goal", "except").search(sentence)
                for sentence in re.split("[。；;]", behind)
            )
            for row in table.rows if together else ():
                one = paragraph(builder.source, document.id, row[0].span.start, row[-1].span.end)
                for aimed, reached in _pairs(one):
                    _note(builder, one, aimed, reached)
