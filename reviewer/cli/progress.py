"""Where a batch stands, on stderr: a bar on a terminal, a line now and then elsewhere."""

import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from reviewer.cli.output import tell

if TYPE_CHECKING:
    from reviewer.batch.driver import Tally

__all__ = ["progress", "span", "told"]

_EVERY = 5.0
"""Seconds between two lines."""


def progress(*, quiet: bool) -> "AbstractContextManager[Any]":
    """Something with `show(tally)`; silent if asked."""
    if quiet:
        return _Silent()
    from rich.console import Console

    console = Console(stderr=True)
    return _Bar(console) if console.is_terminal else _Lines()


def told(tally: "Tally") -> str:
    """120 of 5,000 done · 2 failed · 4,880 left · 3.9/s · 21 min to go · 81,200 tokens, $0.12"""
    done = tally.skipped + tally.finished
    parts = [f"{done:,} of {tally.reports:,} done", f"{tally.failed:,} failed", f"{tally.left:,} left"]
    if (rate := tally.rate) is not None:
        parts.append(f"{rate:.1f}/s" if rate >= 1 else f"{rate * 60:.1f}/min")
        if tally.left:
            parts.append(f"{span(tally.left / rate)} to go")
    if tally.asks_a_model:
        price = "unpriced" if tally.price is None else f"${tally.price:.2f}"
        parts.append(f"{tally.tokens:,} tokens, {price}")
    return " · ".join(parts)


def span(seconds: float) -> str:
    """A length of time in the largest unit that suits it."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


class _Silent:
    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to take away."""

    def show(self, tally: "Tally") -> None:
        """Nothing is shown."""


class _Lines(_Silent):
    """At most a line every few seconds."""

    def __init__(self) -> None:
        self._next = time.monotonic() + _EVERY

    def show(self, tally: "Tally") -> None:
        if time.monotonic() >= self._next:
            tell(told(tally))
            self._next = time.monotonic() + _EVERY


class _Bar(_Silent):
    """One line that is written over."""

    def __init__(self, console: Any) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

        # Without markup: nothing of it comes from a report, but brackets would be taken for it all the same.
        columns = (SpinnerColumn(), BarColumn(bar_width=24), TextColumn("{task.description}", markup=False))
        self._progress = Progress(*columns, console=console, transient=True)
        self._task = self._progress.add_task("reading", total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, tally: "Tally") -> None:
        done = tally.skipped + tally.finished
        self._progress.update(self._task, completed=done, total=tally.reports, description=told(tally))
