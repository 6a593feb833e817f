"""Reviewing everything a dataset asks for, in parallel, once."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from eval import recordings
from eval.by_format import Case
from eval.labels import SUFFIX, Fixture
from eval.mutate import PER_KIND, Variant, variants
from eval.store import Done, Store, provenance, sha256
from reviewer.errors import ReviewerError
from reviewer.memo import render
from reviewer.review import review

Backend = Callable[[Path, int], bytes]
"""The review of a report as JSON; the number tells several readings of one report apart."""


def offline(path: Path, epoch: int) -> bytes:
    """The review of a report without a model: the same every time."""
    return render(review([path]), "json").encode()


def replayed(path: Path, epoch: int) -> bytes:
    """The review of a report with the answers recorded for it."""
    return render(recordings.replayed(path, epoch), "json").encode()


BACKENDS: dict[str, Backend] = {"offline": offline, "replayed": replayed}


@dataclass(frozen=True)
class Item:
    """A file to review."""

    id: str
    path: Path
    epoch: int = 0
    case: Case | None = None
    """The format the file is written in first, into the folder `path`."""

    def digest(self) -> str:
        """A hash over what is reviewed."""
        return self.case.digest() if self.case else sha256(self.path.read_bytes())

    def file(self) -> Path:
        """The file, written where it has to be."""
        return self.case.write(self.path) if self.case else self.path


def item_id(name: str, epoch: int) -> str:
    """The name of one reading of a report: the first has the report's own."""
    return f"{name}@{epoch}" if epoch else name


def injected(fixtures: Sequence[Fixture], per_kind: int = PER_KIND) -> list[Variant]:
    """The variants of all reports: frozen ones are drawn on their own, so that they take no other's place."""
    frozen = [fixture for fixture in fixtures if fixture.labels.set == "frozen"]
    others = [fixture for fixture in fixtures if fixture.labels.set != "frozen"]
    return [*variants(others, per_kind), *variants(frozen, per_kind)]


def items(
    fixtures: Sequence[Fixture],
    planted: Sequence[Variant],
    store: Store,
    epochs: int = 1,
    cases: Sequence[Case] = (),
) -> Iterator[Item]:
    """Everything to be reviewed; variants are written to the run's folder first."""
    for fixture in fixtures:
        for epoch in range(epochs):
            yield Item(item_id(fixture.name, epoch), fixture.path, epoch)
    for variant in planted:
        yield Item(variant.id, variant.write(store.variants))
    for case in cases:
        yield Item(case.id, store.formats, case=case)


def run(
    store: Store,
    fixtures: Sequence[Fixture],
    planted: Sequence[Variant],
    *,
    backend: str = "offline",
    epochs: int = 1,
    cases: Sequence[Case] = (),
    jobs: int | None = None,
    progress: Callable[[int], object] | None = None,
) -> int:
    """Review what the store does not hold yet; returns how many were reviewed now.

    A report that cannot be reviewed is recorded with its reason and counts as missed everywhere. An item whose file has
    changed since is reviewed again.
    """
    folder = fixtures[0].path.parent if fixtures else Path.cwd()
    files = [path for f in fixtures for path in (f.path, f.path.with_name(f.path.stem + SUFFIX))]
    root = Path(os.path.commonpath([path.parent for path in files])) if files else folder
    store.open(provenance(backend, files, root))
    known = {name: done.sha256 for name, done in store.done().items()}
    due = [
        (item, digest)
        for item in items(fixtures, planted, store, epochs, cases)
        if known.get(item.id) != (digest := item.digest())
    ]
    if not due:
        return 0
    for item, digest, (text, seconds, failed) in _all_reviewed(backend, due, jobs or os.cpu_count() or 1):
        store.add(Done(id=item.id, sha256=digest, seconds=round(seconds, 3), failed=failed), text)
        if progress is not None:
            progress(1)
    return len(due)


def _all_reviewed(
    backend: str, due: Sequence[tuple[Item, str]], jobs: int
) -> Iterator[tuple[Item, str, tuple[bytes | None, float, str | None]]]:
    """Each item with its review, in the order they are done; with one job, in this process."""
    if jobs == 1:
        for item, digest in due:
            yield item, digest, _reviewed(backend, item)
        return
    with ProcessPoolExecutor(jobs) as pool:
        waiting = {pool.submit(_reviewed, backend, item): (item, digest) for item, digest in due}
        for future in as_completed(waiting):
            yield *waiting[future], future.result()


def _reviewed(backend: str, item: Item) -> tuple[bytes | None, float, str | None]:
    start = time.perf_counter()
    try:
        text = BACKENDS[backend](item.file(), item.epoch)
    except ReviewerError as error:
        return None, time.perf_counter() - start, error.message
    except Exception as error:  # a fault of the tool is a result, too: everything about the report is missed
        return None, time.perf_counter() - start, f"{type(error).__name__}: {error}"
    return text, time.perf_counter() - start, None
