"""A computed value against a printed one: the heart of every verdict on a number."""

from reviewer.intervals import Interval
from reviewer.judging.excuses import as_printed, rounds_to, written
from reviewer.judging.formulas import Computed, in_unit, suffix
from reviewer.judging.operands import Value
from reviewer.schema import Bounds, Outcome, Reason, Verdict

_NARROW = 4
"""A computed interval of so many last digits still tells a right value from a wrong one."""
_RELATIONS = {
    Reason.EXACT: "",
    Reason.WITHIN_ROUNDING: " ~ ",
    Reason.COARSE: " ↔ ",
    Reason.MISMATCH: " ≠ ",
}


def compared(computed: Computed, result: Value, printed: str | None = None) -> Verdict:
    """The verdict on one result before any excuse; `printed` is how the result reads, where not by its digits alone."""
    if rounds_to(computed, result):
        outcome, reason = Outcome.VERIFIED, Reason.EXACT
    elif not computed.interval.meets(result.interval):
        outcome, reason = Outcome.CONTRADICTED, Reason.MISMATCH
    elif computed.interval.width <= _NARROW * result.ulp:
        outcome, reason = Outcome.VERIFIED, Reason.WITHIN_ROUNDING
    else:
        outcome, reason = Outcome.UNDETERMINED, Reason.COARSE
    formula = written(computed, result)
    if relation := _RELATIONS[reason]:
        formula += f"{relation}{printed or result.printed}{suffix(computed, result)}"
    return Verdict(
        outcome=outcome,
        reason=reason,
        stated=bounds(result.interval, result),
        computed=bounds(computed.interval, result),
        value=as_printed(computed, result),
        formula=formula,
    )


def decided(holds: bool, formula: str) -> Verdict:
    """The verdict on what either holds or does not, without rounding."""
    return Verdict(
        outcome=Outcome.VERIFIED if holds else Outcome.CONTRADICTED,
        reason=Reason.EXACT if holds else Reason.MISMATCH,
        formula=formula,
    )


def undetermined(reason: Reason, formula: str | None = None) -> Verdict:
    """A verdict that nothing can be said, and why."""
    return Verdict(outcome=Outcome.UNDETERMINED, reason=reason, formula=formula)


def bounds(interval: Interval, result: Value) -> Bounds:
    """An interval of the base unit in the result's printed unit."""
    return Bounds(low=in_unit(interval.low, result.scale), high=in_unit(interval.high, result.scale))
