"""Sums, balances and differences a paragraph states, however it divides its totals.

`lists` says what may stand together in a list, `wholes` which number a list divides; `divided` reads wholes before
their parts, `totalled` parts before their total, `levels` what was added to a level or lies between two.
"""

from collections.abc import Sequence

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.labels import Label
from reviewer.extraction.offline.mentions import Paragraph
from reviewer.extraction.offline.sums.divided import (
    by_definition,
    by_shares,
    divided,
    divided_before,
    headed,
    reasons,
    within,
)
from reviewer.extraction.offline.sums.flows import accounts, vacancies
from reviewer.extraction.offline.sums.levels import adjusted, compared, cumulated, left_over, moved, net
from reviewer.extraction.offline.sums.lists import Lists
from reviewer.extraction.offline.sums.opposed import opposed
from reviewer.extraction.offline.sums.totalled import remaining, totalled
from reviewer.extraction.offline.sums.windows import extract_windows

__all__ = ["Lists", "extract_sums"]


def extract_sums(
    builder: Builder, paragraph: Paragraph, labels: dict[str, Label], earlier: Sequence[Label] = ()
) -> Lists:
    """Note every sum the paragraph states; what is whose part is returned for the shares.

    `earlier` are the labels of the paragraphs of this document before it.
    """
    lists = Lists(paragraph, labels, earlier)
    for divide in (reasons, within, divided, totalled, by_definition, by_shares, divided_before, headed):
        divide(builder, lists)
    for relate in (
        remaining,
        adjusted,
        cumulated,
        net,
        compared,
        moved,
        left_over,
        vacancies,
        accounts,
        extract_windows,
        opposed,
    ):
        relate(builder, lists)
    return lists
