"""The pipeline on one screen: files of one report in, a review out."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

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
    Source,
    Usage,
)
from reviewer.settings import Settings

__all__ = ["review"]


def review(paths: Sequence[str | Path], settings: Settings | None = None) -> Review:
    """Review one report, which may come in several files (the report and its annexes).

    Same files, same settings: the same review, byte for byte. InputError for a file that cannot be used, UsageError
    for a policy that cannot.
    """
    settings = settings or Settings()
    policy = policies.load_policy(settings.policy)
    source = _source(paths)
    found = extraction.read_offline(source, policy)
    linked = linking.link(source, found)
    judged = judging.judge(source, linked)
    findings = checks.check(source, judged, settings.lang)
    return _assembled(source, judged, findings, policy, settings)


def _source(paths: Sequence[str | Path]) -> Source:
    """What the files say, before anything is understood. Ids run on from file to file."""
    twice = [path for path, times in Counter(Path(path).resolve() for path in paths).items() if times > 1]
    if twice:
        raise UsageError(f"{twice[0]} is named twice", hint="name each file of the report once")
    source = Source(documents=(), sections=(), sentences=(), quantities=())
    for number, path in enumerate(paths, 1):
        document = reading.read(path, f"d{number}")
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


def _coverage(source: Source, found: Reading) -> Coverage:
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
    )


def _assembled(
    source: Source, found: Reading, findings: tuple[Finding, ...], policy: policies.Policy, settings: Settings
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
        disagreements=found.disagreements,
        rejected={},
        coverage=_coverage(source, found),
        usage=Usage(backend="offline"),
        provenance=Provenance(
            tool="reviewer",
            version=__version__,
            rules=checks.fingerprint(),
            lexicon=lexicon.fingerprint(),
            prompts={},
            policy=PolicyUsed(
                name=policy.name,
                title=policy.title if settings.lang == "zh" else policy.title_en,
                basis=policy.basis,
                sha256=policy.sha256,
            ),
            settings=settings,
        ),
    )
