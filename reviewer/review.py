"""The pipeline on one screen: files of one report in, a review out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reviewer import (
    __version__,
    checks,
    extraction,
    judging,
    lexicon,
    linking,
    policies,
    quantities,
    reading,
    sections,
)
from reviewer.errors import UsageError
from reviewer.schema import (
    SCHEMA_VERSION,
    Coverage,
    Finding,
    PolicyUsed,
    Provenance,
    QuantityKind,
    Reading,
    Review,
    Section,
    Source,
    Usage,
)
from reviewer.settings import Settings

if TYPE_CHECKING:
    from reviewer.extraction.model import ModelReading, Narrative, Progress
    from reviewer.llm.asking import Ask, Asker, Spent

__all__ = ["planned", "read_source", "review", "review_with"]

_HEAD_START = 0.1
"""Seconds in which the first questions are written and sent; the rules would keep the interpreter from it."""


def review(paths: Sequence[str | Path], settings: Settings | None = None) -> Review:
    """Review one report offline; it may come in several files (the report and its annexes).

    Same files, same settings: the same review, byte for byte. InputError for a file that cannot be used, UsageError
    for a policy that cannot.
    """
    settings = settings or Settings()
    policy = policies.load_policy(settings.policy)
    source = read_source(paths, partial=settings.partial)
    judged = _offline(source, policy)
    findings = checks.check(source, judged, settings.lang)
    return _assembled(source, judged, findings, policy, settings)


async def review_with(
    asker: "Asker",
    paths: Sequence[str | Path],
    settings: Settings,
    *,
    progress: "Progress | None" = None,
    epoch: int = 0,
    context_tokens: int | None = None,
) -> Review:
    """Review one report with a language model beside the rules.

    Whatever the model or its server does, the review is complete: what went wrong stands in the sections' statuses
    and in the coverage, and every offline finding is there. Errors as for `review`, and ReviewerError for a model
    that cannot be used at all (a wrong key).
    """
    import asyncio

    from reviewer.extraction import model

    policy = policies.load_policy(settings.policy)
    # Rules take a second of pure computation; other reports' answers are not kept waiting for it.
    source = await asyncio.to_thread(read_source, paths, partial=settings.partial)
    offline_reading = asyncio.create_task(_in_the_meantime(source, policy))
    try:
        told = await model.read_with_model(
            source, offline_reading, asker, progress=progress, epoch=epoch, context_tokens=context_tokens
        )
        offline = await offline_reading
    finally:
        offline_reading.cancel()
    # Judged apart, so that nothing a model claims can change what the rules make of their own claims.
    merged = linking.merge(source, offline, judging.judge(source, told.reading))
    findings = checks.check(source, merged, settings.lang)
    written = model.Narrative()
    if settings.narrative:
        written = await model.narrate(source, findings, settings.lang, asker)
    marked = source.model_copy(update={"sections": tuple(_with_status(s, told) for s in source.sections)})
    return _assembled(marked, merged, findings, policy, settings, _Model(asker.name, told, written))


async def _in_the_meantime(source: Source, policy: policies.Policy) -> Reading:
    """The rules' reading, while the model is thinking: begun once the first questions are on their way."""
    import asyncio

    await asyncio.sleep(_HEAD_START)
    return await asyncio.to_thread(_offline, source, policy)


def planned(paths: Sequence[str | Path], policy: str = "generic", *, partial: bool = False) -> "tuple[Ask[Any], ...]":
    """The questions a review with a model would begin with; nothing is sent.

    The last one, over the table of figures, is as the offline reading would make it; the real one has the model's
    names.
    """
    from reviewer.extraction import model

    source = read_source(paths, partial=partial)
    return model.planned(source, _offline(source, policies.load_policy(policy)))


def _offline(source: Source, policy: policies.Policy) -> Reading:
    """What the rules make of a report, judged."""
    return judging.judge(source, linking.link(source, extraction.read_offline(source, policy)))


def _with_status(section: Section, told: "ModelReading") -> Section:
    if section.id not in told.statuses:
        return section
    status, reason = told.statuses[section.id]
    return section.model_copy(update={"status": status, "reason": reason})


def read_source(paths: Sequence[str | Path], *, partial: bool = False) -> Source:
    """What the files say, before anything is understood. Ids run on from file to file.

    With `partial`, pages that cannot be read are left out and named in the documents' notices.
    """
    twice = [path for path, times in Counter(Path(path).resolve() for path in paths).items() if times > 1]
    if twice:
        raise UsageError(f"{twice[0]} is named twice", hint="name each file of the report once")
    source = Source(documents=(), sections=(), sentences=(), quantities=())
    for number, path in enumerate(paths, 1):
        document = reading.read(path, f"d{number}", partial=partial)
        if source.documents and document.year is None:
            # A form that names no year is one of the report it was handed in with.
            document = document.model_copy(update={"year": source.documents[0].year})
        outline = sections.split_sections(document, len(source.sections) + 1)
        source = Source(
            documents=(*source.documents, document),
            sections=(*source.sections, *outline),
            sentences=(
                *source.sentences,
                *sections.split_sentences(document, outline, len(source.sentences) + 1),
            ),
            quantities=(*source.quantities, *quantities.scan(document, outline, len(source.quantities) + 1)),
        )
    return source


@dataclass(frozen=True, slots=True)
class _Model:
    """What a model added to a review."""

    name: str
    told: "ModelReading"
    written: "Narrative"

    @property
    def usage(self) -> Usage:
        spent: Spent = self.told.spent + self.written.spent
        return Usage(
            backend="model",
            model=self.name,
            calls=spent.calls,
            cached_calls=spent.cached_calls,
            prompt_tokens=spent.prompt_tokens,
            completion_tokens=spent.completion_tokens,
            price=None if spent.price is None else f"{spent.price:f}",
            masked=self.told.masked,
        )


def _coverage(source: Source, found: Reading, gaps: tuple[str, ...]) -> Coverage:
    measuring = [q.id for q in source.quantities if q.kind is QuantityKind.QUANTITY]
    labelled = {figure.quantity for figure in found.figures}
    unlabelled = tuple(quantity_id for quantity_id in measuring if quantity_id not in labelled)
    outcomes = Counter(claim.verdict.outcome.value for claim in found.claims if claim.verdict)
    return Coverage(
        quantities=len(measuring),
        labelled=len(measuring) - len(unlabelled),
        typed_other=len(source.quantities) - len(measuring),
        unlabelled=len(unlabelled),
        unlabelled_ids=unlabelled,
        claims=dict(sorted(outcomes.items())),
        sections=dict(sorted(Counter(section.status.value for section in source.sections).items())),
        gaps=gaps,
    )


def _assembled(
    source: Source,
    found: Reading,
    findings: tuple[Finding, ...],
    policy: policies.Policy,
    settings: Settings,
    model: _Model | None = None,
) -> Review:
    return Review(
        schema_version=SCHEMA_VERSION,
        documents=source.documents,
        sections=source.sections,
        sentences=source.sentences,
        quantities=source.quantities,
        figures=found.figures,
        claims=found.claims,
        indicators=found.indicators,
        concerns=found.concerns,
        findings=findings,
        narrative=model.written.sentences if model else (),
        disagreements=found.disagreements,
        rejected=model.told.rejected if model else {},
        coverage=_coverage(source, found, (*model.told.gaps, *model.written.gaps) if model else ()),
        usage=model.usage if model else Usage(backend="offline"),
        provenance=Provenance(
            tool="reviewer",
            version=__version__,
            rules=checks.fingerprint(),
            lexicon=lexicon.fingerprint(),
            prompts={**model.told.prompts, **model.written.prompts} if model else {},
            policy=PolicyUsed(
                name=policy.name,
                title=policy.title if settings.lang == "zh" else policy.title_en,
                basis=policy.basis,
                sha256=policy.sha256,
            ),
            settings=settings,
        ),
    )
