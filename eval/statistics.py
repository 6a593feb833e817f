"""Uncertainty: intervals for shares and for sums over reports."""

from collections.abc import Callable, Sequence
from math import sqrt
from random import Random
from typing import TypeVar

T = TypeVar("T")

_Z = 1.959963984540054
"""97.5 % point of the normal distribution."""
RESAMPLES = 1000
SEED = 20240401


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % interval of a share by Wilson's score method (Wilson 1927); (0, 1) when there is nothing to count."""
    if total == 0:
        return 0.0, 1.0
    share = hits / total
    spread = _Z * sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    centre = share + _Z**2 / (2 * total)
    scale = 1 + _Z**2 / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def bootstrap(reports: Sequence[T], measure: Callable[[Sequence[T]], float | None]) -> tuple[float, float] | None:
    """95 % percentile interval of a measure over reports drawn with replacement, whole reports at a time; seeded.

    None when the measure is not defined on the reports.
    """
    if not reports or measure(reports) is None:
        return None
    random = Random(SEED)
    drawn = (measure(random.choices(reports, k=len(reports))) for _ in range(RESAMPLES))
    values = sorted(value for value in drawn if value is not None)
    return values[round(0.025 * (len(values) - 1))], values[round(0.975 * (len(values) - 1))]
