"""Collects what the extractors find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reviewer.extraction.offline.labels import Label
from reviewer.schema import (
    Claim,
    ClaimKind,
    Figure,
    Indicator,
    IndicatorIssue,
    Operand,
    OperandRole,
    Quantity,
    Reading,
    Role,
    Source,
    Span,
)

OFFLINE = ("offline",)


@dataclass(slots=True)
class Builder:
    """Claims, figures and indicators of one reading; ids in the order of finding."""

    source: Source
    figures: list[Figure] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)

    def claim(
        self,
        kind: ClaimKind,
        operands: Sequence[tuple[OperandRole, Quantity] | Operand],
        result: Quantity | None,
        *,
        cue: Span | None = None,
        **more: object,
    ) -> Claim:
        """Note a claim and return it; its id is final."""
        given = tuple(o if isinstance(o, Operand) else Operand(role=o[0], quantity=o[1].id) for o in operands)
        anchor = result.span if result else cue if cue else self._first(given)
        claim = Claim.model_validate(
            {
                "id": f"c{len(self.claims) + 1}",
                "kind": kind,
                "operands": given,
                "result": result.id if result else None,
                "cue": cue,
                "section": self.source.section_at(anchor.document, anchor.start).id,
                "by": OFFLINE,
                **more,
            }
        )
        self.claims.append(claim)
        return claim

    def figure(
        self,
        quantity: Quantity,
        measure: str,
        concept: str | None,
        role: Role,
        subject: str | None,
        period: str | None,
        *,
        cued: bool,
    ) -> None:
        """Note what a number means; `cued` says whether its own words or its column's head name the role."""
        self.figures.append(
            Figure(
                id=f"f{len(self.figures) + 1}",
                quantity=quantity.id,
                measure=measure,
                concept=concept,
                role=role,
                subject=subject,
                period=period,
                section=self.source.section_at(quantity.span.document, quantity.span.start).id,
                cued=cued,
                by=OFFLINE,
            )
        )

    def labelled(self, label: Label) -> None:
        """Note what the words around a number say it means."""
        quantity = label.mention.quantity
        self.figure(
            quantity,
            label.mention.measure,
            label.concept,
            label.role,
            label.subject,
            label.period,
            cued=label.explicit,
        )

    def indicator(
        self,
        text: str,
        span: Span,
        level: str | None,
        numbers: Mapping[str, str | None],
        issues: tuple[IndicatorIssue, ...],
    ) -> None:
        """Note an indicator; `numbers` gives the quantity ids of its target, actual, full mark and score."""
        self.indicators.append(
            Indicator(
                id=f"i{len(self.indicators) + 1}",
                text=text,
                span=span,
                level=level,
                target=numbers["target_value"],
                actual=numbers["actual_value"],
                weight=numbers["full_mark"],
                score=numbers["score"],
                issues=issues,
                section=self.source.section_at(span.document, span.start).id,
                by=OFFLINE,
            )
        )

    def reading(self) -> Reading:
        """Everything noted so far."""
        return Reading(figures=tuple(self.figures), claims=tuple(self.claims), indicators=tuple(self.indicators))

    def _first(self, operands: tuple[Operand, ...]) -> Span:
        return next(self.source.quantity(o.quantity).span for o in operands if o.quantity)

    def span(self, document: str, start: int, end: int) -> Span:
        """A span of one of the report's documents."""
        return self.source.document(document).span(start, end)
