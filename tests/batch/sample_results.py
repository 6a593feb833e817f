"""Results as a batch keeps them: real reviews of the fixtures, and as many reports as a test asks for."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from reviewer.batch.records import Declared, Failure, FailureKind, FindingLine, Result, Status
from reviewer.batch.summary import RunFacts
from reviewer.memo.places import Places
from reviewer.memo.texts import Texts
from reviewer.review import review
from reviewer.schema import DocumentKind, Finding, Outcome, Severity
from reviewer.settings import Language, Settings

FIXTURES = Path(__file__).parents[2] / "fixtures"
NAMES = (
    "liyang-archives-2023.md",
    "lanling-nongji-2023.txt",
    "qinghe-library-2023.txt",
    "yuping-yinshui-2023.md",
    "liuting-street-2024.txt",
    "tangxi-veterans-training-2023.txt",
)

RUN = RunFacts(
    version="0.1.0",
    command="reviewer batch reports -o out",
    begun="2024-05-06T08:00:00+08:00",
    ended="2024-05-06T08:01:30+08:00",
    fingerprint={"version": "0.1.0", "rules": "d0d0", "model": None, "narrative": False, "prompts": {"read": "ab12"}},
)


@cache
def reviewed(name: str, lang: Language = "zh") -> Result:
    """The result of a fixture."""
    found = review([FIXTURES / name], Settings(lang=lang))
    places = Places(found, Texts(lang))
    severities = Counter(finding.severity for finding in found.findings)
    document, claims = found.documents[0], found.coverage.claims

    def line(finding: Finding) -> FindingLine:
        told = {name: getattr(finding, name) for name in FindingLine.model_fields if name != "places"}
        return FindingLine(**told, places=tuple(dict.fromkeys(places.where(e.span) for e in finding.evidence)))

    return Result(
        id=Path(name).stem,
        paths=(f"reports/{name}",),
        status=Status.REVIEWED,
        unit=document.unit,
        year=document.year,
        kind=document.kind,
        title=document.title,
        errors=severities[Severity.ERROR],
        warnings=severities[Severity.WARNING],
        notes=severities[Severity.NOTE],
        headline=found.findings[0].message if found.findings else "没有提出问题",
        findings=tuple(line(finding) for finding in found.findings),
        characters=document.characters,
        quantities=found.coverage.quantities,
        labelled=found.coverage.labelled,
        verified=claims.get(Outcome.VERIFIED, 0),
        contradicted=claims.get(Outcome.CONTRADICTED, 0),
        undetermined=claims.get(Outcome.UNDETERMINED, 0),
        review=f"reviews/{Path(name).stem}.json",
        memo=f"memos/{Path(name).stem}.md",
        seconds=0.5,
    )


def failed(number: int = 1) -> Result:
    """A report that could not be read."""
    return Result(
        id=f"scan-{number}",
        paths=(f"reports/scan-{number}.pdf",),
        status=Status.FAILED,
        failure=Failure(
            kind=FailureKind.UNREADABLE, message="the PDF holds pictures of pages only", hint="recognise its text first"
        ),
        headline="the PDF holds pictures of pages only",
        seconds=0.1,
    )


def differing(result: Result) -> Result:
    """The result of a report of which a manifest says another unit and kind."""
    declared = Declared(unit="另一单位", year=result.year, kind=DocumentKind.EVALUATION)
    return result.model_copy(update={"declared": declared, "differs": ("unit", "kind")})


def sample(lang: Language = "zh") -> list[Result]:
    """Six reviewed reports, one of them unlike the manifest, and one that failed."""
    found = [reviewed(name, lang) for name in NAMES]
    return [differing(found[0]), *found[1:], failed()]


def many(count: int, lang: Language = "zh") -> Iterator[Result]:
    """As many results, made of the sample's with names of their own and some of their findings."""
    found = sample(lang)
    for number in range(count):
        result = found[number % len(found)]
        kept = result.findings[number // len(found) % 4 :]
        severities = Counter(finding.severity for finding in kept)
        yield result.model_copy(
            update={
                "id": f"{result.id}-{number}",
                "paths": tuple(path.replace("reports/", f"reports/{number:05}-") for path in result.paths),
                "unit": result.unit and f"{result.unit}{number:05}",
                "findings": kept,
                "errors": severities[Severity.ERROR],
                "warnings": severities[Severity.WARNING],
                "notes": severities[Severity.NOTE],
            }
        )
