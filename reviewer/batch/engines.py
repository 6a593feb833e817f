"""Who does the work: what every engine promises, and which there are."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal, Protocol

from reviewer.batch.records import Job
from reviewer.batch.working import Done, Work
from reviewer.errors import UsageError

__all__ = ["Asking", "Engine", "EngineName", "Limits", "engine_for"]

EngineName = Literal["local", "ray"]
Worker = Callable[[Job], Done]
"""Reviews one report offline; can be sent to another process, and never raises."""


class Engine(Protocol):
    """Reviews many reports at a time.

    Every job that is drawn gets exactly one outcome, in the order in which they are ready, unless the engine is closed
    before or says why it `stopped`. Jobs are drawn as there is room for them.
    """

    @property
    def stopped(self) -> str | None:
        """Why it drew no more jobs although there may be some; None as long as it did."""

    def run(self, jobs: Iterable[Job]) -> Iterator[Done]:
        """The outcomes. ReviewerError where no report at all can be reviewed."""

    def close(self) -> None:
        """Stop at once and leave nothing running. Does nothing the second time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an engine may take."""

    jobs: int
    """Reports at a time."""
    seconds: float
    """For one report."""
    memory: int | None = None
    """MiB for one report; None for no limit."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Reviews with a language model that the worker, on whatever machine, reaches by itself."""

    work: Work
    model: str | None
    """As the command names it; None where environment or reviewer.toml do."""
    base_url: str | None
    no_cache: bool


def engine_for(name: EngineName, work: Worker | Asking, limits: Limits, *, address: str | None = None) -> Engine:
    """The named engine, of which only ray asks models; `address` is that of a cluster.

    UsageError where what it needs is not installed.
    """
    if name == "local" and not isinstance(work, Asking):
        from reviewer.batch.local import LocalEngine

        return LocalEngine(work, limits)
    if find_spec("ray") is None:
        raise UsageError(
            "--engine ray needs an extra that is not installed", hint='pip install "budget-report-reviewer[ray]"'
        )
    from reviewer.batch.ray import RayEngine

    return RayEngine(work, limits, address)
