"""Was a planted error noticed: a new error or warning about the relation that was broken."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from eval.labels import Labels
from eval.matching import Reviewed
from eval.mutate import Variant
from eval.quoting import Squeezed, Stretch, without_layout
from reviewer.schema import Review, Severity

_AROUND = (0, 2, 4, 8, 12, 16, 24, 32, 48, 64)
"""Characters on each side."""


class VariantScore(BaseModel):
    """What became of one variant."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: str
    set: Literal["counterpart", "clean", "defective", "frozen"]
    detected: bool
    failed: str | None = None
    by: tuple[str, ...] = ()
    """Codes of the new findings about the broken relation."""


def detect(variant: Variant, before: Review | None, after: Review | None, failed: str | None = None) -> VariantScore:
    """Hold the review of a variant against that of the unchanged report; None for one that failed."""
    labels: Labels = variant.fixture.labels
    if before is None or after is None:
        reason = failed or "no review of the unchanged report"
        return VariantScore(id=variant.id, kind=variant.kind, set=labels.set, detected=False, failed=reason)
    known = {finding.fingerprint for finding in before.findings}
    about = _in_document(variant, after.documents[0].text)
    reviewed = Reviewed(after)
    codes = []
    for finding in after.findings:
        if finding.fingerprint in known or finding.severity is Severity.NOTE:
            continue
        told = reviewed.numbers(finding) if finding.claims else reviewed.evidence(finding)
        if any(a.meets(b) for a in told for b in about):
            codes.append(finding.code)
    return VariantScore(
        id=variant.id, kind=variant.kind, set=labels.set, detected=bool(codes), by=tuple(sorted(set(codes)))
    )


def _in_document(variant: Variant, text: str) -> list[Stretch]:
    """The variant's stretches in the text a reader made of its file, or of the same report in another format.

    The same characters, counted without layout; where a format has not all of them, the same words around.
    """
    own, read = Squeezed(without_layout(variant.text)), Squeezed(text)
    found = []
    for stretch in variant.about:
        start, end = own.inside(stretch)
        if own.text != read.text:
            start, end = _by_neighbours(own.text, start, end, read.text)
        if (there := read.outside(start, end)) is not None:
            found.append(there)
    return found


def _by_neighbours(own: str, start: int, end: int, other: str) -> tuple[int, int]:
    """Where the other text has [start, end), by the fewest words around it that occur once; (0, 0) for nowhere."""
    for around in _AROUND:
        before = min(around, start)
        words = own[start - before : end + around]
        if own.count(words) == 1:
            at = other.find(words)
            return (0, 0) if at < 0 else (at + before, at + before + end - start)
    return 0, 0
