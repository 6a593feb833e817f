"""From outcomes, one at a time, to what is said of all of them."""

import heapq
from array import array
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from statistics import median

from reviewer.batch.records import Result, Status
from reviewer.batch.run_record import Slow, Totals

__all__ = ["total"]

_SLOWEST = 10
_SUMMED = ("errors", "warnings", "notes", "characters", "quantities", "verified", "contradicted", "undetermined")
_SPENT = ("calls", "cached_calls", "prompt_tokens", "completion_tokens")


def total(results: Iterable[Result], *, reports: int, recorded: int) -> Totals:
    """The totals over `results`, the outcomes of so many `reports`; `recorded` counts those of others as well."""
    counts: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    seconds = array("d")
    slowest: list[tuple[float, str]] = []
    price: Decimal | None = Decimal(0)
    for result in results:
        counts[result.status] += 1
        if result.failure is not None:
            failures[result.failure.kind] += 1
        counts["with_errors"] += result.errors > 0
        counts["with_warnings"] += result.errors + result.warnings > 0
        counts["unread"] += result.unread > 0
        counts.update({name: getattr(result, name) for name in _SUMMED})
        if result.spent is not None:
            counts["asked"] += 1
            counts.update({name: getattr(result.spent, name) for name in _SPENT})
            price = None if price is None or result.spent.price is None else price + Decimal(result.spent.price)
        seconds.append(result.seconds)
        heapq.heappush(slowest, (result.seconds, result.id))
        if len(slowest) > _SLOWEST:
            heapq.heappop(slowest)
    known = len(seconds)
    return Totals(
        reports=reports,
        reviewed=counts[Status.REVIEWED],
        failed=counts[Status.FAILED],
        left=reports - known,
        failures=dict(sorted(failures.items())),
        with_errors=counts["with_errors"],
        with_warnings=counts["with_warnings"],
        unread=counts["unread"],
        **{name: counts[name] for name in (*_SUMMED, *_SPENT)},
        price=f"{price:f}" if counts["asked"] and price is not None else None,
        seconds_median=round(median(seconds), 3) if known else None,
        seconds_total=round(sum(seconds), 3),
        slowest=tuple(Slow(id=name, seconds=took) for took, name in sorted(slowest, key=lambda s: (-s[0], s[1]))),
        others=recorded - known,
    )
