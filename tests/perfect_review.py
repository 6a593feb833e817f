"""A review that says exactly what the labels of a fixture say: what a perfect tool would print."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from eval.labels import ClaimLabel, Fixture
from eval.printed import Printed, split_unit
from eval.quoting import Stretch
from eval.resolving import ExpectedFigure, Resolved
from eval.validating import figures_of
from reviewer.review import review
from reviewer.schema import (
    Claim,
    ClaimKind,
    Concern,
    ConcernKind,
    Evidence,
    Figure,
    Finding,
    Indicator,
    IndicatorIssue,
    Operand,
    OperandRole,
    Outcome,
    Quantity,
    QuantityKind,
    Reason,
    Review,
    Role,
    Severity,
    Span,
    Verdict,
)


def perfect(fixture: Fixture) -> Review:
    """The report as really read, with the labels instead of what the tool found."""
    read = review([fixture.path])
    resolved = Resolved(fixture.labels, read.documents[0].text)
    assert not resolved.faults
    ids = {name: f"q{number}" for number, name in enumerate(resolved.figures)}
    return read.model_copy(
        update={
            "quantities": tuple(quantity(read, ids[name], figure) for name, figure in resolved.figures.items()),
            "figures": tuple(_figure(read, ids[name], figure) for name, figure in resolved.figures.items()),
            "claims": tuple(_claims(resolved, ids)),
            "indicators": tuple(_indicators(read, resolved)),
            "findings": tuple(_findings(read, resolved)),
            "concerns": tuple(_concerns(read, resolved)),
        }
    )


def empty(fixture: Fixture) -> Review:
    """The report as really read, and nothing said of it."""
    nothing = dict.fromkeys(("quantities", "figures", "claims", "indicators", "findings", "concerns"), ())
    return review([fixture.path]).model_copy(update=nothing)


def _span(read: Review, stretch: Stretch) -> Span:
    return read.documents[0].span(stretch.start, stretch.end)


def quantity(read: Review, name: str, figure: ExpectedFigure) -> Quantity:
    """The number a label marks, as the tool would print it."""
    printed = figure.printed
    assert printed is not None
    value, numerator, denominator = _decimal(printed)
    return Quantity(
        id=name,
        text=figure.words,
        value=value,
        numerator=numerator,
        denominator=denominator,
        unit=printed.unit,
        scale=Decimal(1),
        kind=QuantityKind.QUANTITY,
        span=_span(read, figure.stretch),
    )


def _decimal(printed: Printed) -> tuple[Decimal, Decimal | None, Decimal | None]:
    exact = printed.base / split_unit(printed.unit)[0]
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(value) == exact:
        return value, None, None
    return value, Decimal(printed.base.numerator), Decimal(printed.base.denominator)


def _figure(read: Review, name: str, figure: ExpectedFigure) -> Figure:
    return Figure(
        id=f"f{name}",
        quantity=name,
        measure=figure.measures[0],
        concept=None,
        role=Role(figure.roles[0]),
        subject=None,
        period=figure.period,
        section=read.sections[0].id,
        by=("label",),
    )


def _claims(resolved: Resolved, ids: dict[str, str]) -> Iterator[Claim]:
    for label in resolved.claims:
        if label.same:
            first, *others = label.same
            for other in others:
                yield _claim(label, [(OperandRole.ITEM, ids[first])], ids[other])
            continue
        roles = {label.actual: OperandRole.ACTUAL, label.target: OperandRole.TARGET, label.score: OperandRole.ITEM}
        if label.cap:
            roles |= {label.cap[0]: OperandRole.ITEM, label.cap[1]: OperandRole.CAP}
        names = [name for name in figures_of(label) if name != label.result]
        operands = [(roles.get(name, OperandRole.PART), ids[name]) for name in names]
        yield _claim(label, operands, ids[label.result] if label.result else None)


def _claim(label: ClaimLabel, operands: list[tuple[OperandRole, str]], result: str | None) -> Claim:
    return Claim(
        id="c",
        kind=ClaimKind(label.kind.value),
        operands=tuple(Operand(role=role, quantity=name) for role, name in operands),
        result=result,
        section="s1",
        by=("label",),
        verdict=Verdict(outcome=Outcome(label.outcome), reason=Reason.EXACT),
    )


def _findings(read: Review, resolved: Resolved) -> Iterator[Finding]:
    for number, expected in enumerate(resolved.findings):
        text = read.documents[0].text
        label = expected.label
        yield Finding(
            code=f"{label.family[0]}001",
            severity=Severity(resolved.labels.findings[number].severity),
            title=label.why,
            message=label.why,
            evidence=tuple(
                Evidence(text=text[place.start : place.end], span=_span(read, place)) for place in expected.places
            ),
            by=("label",),
            fingerprint=f"{number}",
        )


def _indicators(read: Review, resolved: Resolved) -> Iterator[Indicator]:
    for number, label in enumerate(resolved.labels.indicators):
        place = resolved.place(label.at, label.nth)
        assert place is not None
        yield Indicator(
            id=f"i{number}",
            text=label.at,
            span=_span(read, place.whole),
            level=None,
            target=None,
            actual=None,
            weight=None,
            score=None,
            issues=tuple(map(IndicatorIssue, label.issues)),
            section="s1",
            by=("label",),
        )


def _concerns(read: Review, resolved: Resolved) -> Iterator[Concern]:
    for number, label in enumerate(resolved.labels.judgements):
        places = resolved.evidence(label)
        cited = [
            sentence.id
            for sentence in read.sentences
            if any(Stretch(sentence.span.start, sentence.span.end).meets(place) for place in places)
        ]
        yield Concern(
            id=f"k{number}", kind=ConcernKind(label.kind), text=label.why, sentences=tuple(cited), by=("label",)
        )
