"""Error injection: sound relations of a report broken one at a time, each proven broken by the arithmetic of labels.

A variant is the report's own bytes with one stretch changed (`eval.breakers`). Seeded: the same labels give the same
variants.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.breakers import KINDS, Breaker, Edit, Site
from eval.labels import ClaimLabel, Fixture
from eval.quoting import Stretch
from eval.resolving import Resolved
from eval.validating import encoding_of, figures_of, raw_text, text_of

SEED = 20240401
PER_KIND = 24
"""Variants of one kind over all reports of a set; fewer where the reports have fewer relations of the kind."""


@dataclass(frozen=True)
class Variant:
    """A report with one planted error."""

    id: str
    fixture: Fixture
    kind: str
    edit: Edit
    about: tuple[Stretch, ...]
    """The numbers of the broken relation, as stretches of the changed text."""
    text: str

    @property
    def data(self) -> bytes:
        """The variant's file, in the fixture's encoding."""
        return self.text.encode(encoding_of(self.fixture.path))

    def write(self, folder: Path) -> Path:
        """Write the variant as a file of the fixture's format."""
        path = self.path_in(folder)
        path.write_bytes(self.data)
        return path

    def path_in(self, folder: Path) -> Path:
        """Where it is written."""
        return folder / f"{self.id}{self.fixture.path.suffix}"


def variants(fixtures: Sequence[Fixture], per_kind: int = PER_KIND) -> Iterator[Variant]:
    """Up to `per_kind` variants of each kind, spread over the reports as evenly as their relations allow."""
    resolved = [(fixture, Resolved(fixture.labels, text_of(fixture.path))) for fixture in fixtures]
    for kind, breaker in KINDS.items():
        queues = [list(_of_kind(kind, breaker, fixture, labels)) for fixture, labels in resolved]
        taken = 0
        while taken < per_kind and any(queues):
            for queue in queues:
                if queue and taken < per_kind:
                    yield queue.pop(0)
                    taken += 1


def _of_kind(kind: str, breaker: Breaker, fixture: Fixture, resolved: Resolved) -> Iterator[Variant]:
    chance = random.Random(f"{SEED}:{fixture.name}:{kind}")
    sound = [claim for claim in resolved.claims if claim.outcome == "verified"]
    chance.shuffle(sound)
    seen: set[tuple[Stretch, str]] = set()
    for claim in sound:
        edit = breaker(Site(resolved, claim, chance))
        if edit is None or (edit.stretch, edit.words) in seen:
            continue
        seen.add((edit.stretch, edit.words))
        yield _variant(f"{fixture.name}.{kind}.{len(seen)}", fixture, kind, resolved, claim, edit)


def _variant(name: str, fixture: Fixture, kind: str, resolved: Resolved, claim: ClaimLabel, edit: Edit) -> Variant:
    moved = len(edit.words) - (edit.stretch.end - edit.stretch.start)

    def shifted(stretch: Stretch) -> Stretch:
        if stretch == edit.stretch:
            return Stretch(stretch.start, stretch.start + len(edit.words))
        late = stretch.start >= edit.stretch.end
        return Stretch(stretch.start + moved, stretch.end + moved) if late else stretch

    raw = raw_text(fixture.path)
    text = raw[: edit.stretch.start] + edit.words + raw[edit.stretch.end :]
    own = [resolved.figures[n].stretch for n in figures_of(claim) if n in resolved.figures]
    return Variant(name, fixture, kind, edit, tuple(map(shifted, dict.fromkeys([*own, edit.stretch]))), text)
