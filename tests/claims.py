"""Claims built by hand from numbers as a report prints them, and the verdicts judging passes on them."""

import re
from decimal import Decimal

from reviewer.judging import judge
from reviewer.schema import (
    Bound,
    Claim,
    ClaimKind,
    Closure,
    Dimension,
    Operand,
    OperandRole,
    OperandSet,
    Outcome,
    Quantity,
    QuantityKind,
    Reading,
    Reason,
    Source,
    Span,
    Verdict,
)

WAN, YI = Decimal(10) ** 4, Decimal(10) ** 8
UNITS: dict[str, tuple[Decimal, Dimension]] = {
    "元": (Decimal(1), Dimension.MONEY),
    "万元": (WAN, Dimension.MONEY),
    "亿元": (YI, Dimension.MONEY),
    "%": (Decimal("0.01"), Dimension.PERCENT),
    "分": (Decimal(1), Dimension.SCORE),
    "人": (Decimal(1), Dimension.COUNT),
    "万人": (WAN, Dimension.COUNT),
}


class Report:
    """Numbers as printed and the claims made of them; a number is its own id: 「742.15万元」."""

    def __init__(self) -> None:
        self.quantities: dict[str, Quantity] = {}
        self.claims: list[Claim] = []

    def number(self, printed: str) -> str:
        """Note a printed number, which 约 or ≥ may precede, and return its id."""
        match = re.fullmatch(r"(约|≥)?(-?\d+(?:\.(\d+))?)(\D+)", printed)
        assert match is not None, printed
        sign, digits, decimals, unit = match.groups()
        scale, dimension = UNITS[unit]
        bound = {"约": Bound.ABOUT, "≥": Bound.AT_LEAST, None: Bound.EXACT}[sign]
        identity = f"q{len(self.quantities) + 1}"
        self.quantities[identity] = Quantity(
            id=identity,
            text=printed,
            value=Decimal(digits),
            low=Decimal(digits),
            high=Decimal(digits),
            ulp=Decimal(1).scaleb(-len(decimals or "")),
            unit=unit,
            scale=scale,
            dimension=dimension,
            bound=bound,
            kind=QuantityKind.QUANTITY,
            span=Span(document="d1", start=len(self.quantities), end=len(self.quantities) + 1, line=1),
        )
        return identity

    def operand(self, role: OperandRole, printed: str | Decimal) -> Operand:
        """A printed number, or a policy's value."""
        if isinstance(printed, Decimal):
            return Operand(role=role, value=printed, source="generic:test")
        return Operand(role=role, quantity=self.number(printed))

    def claim(
        self,
        kind: ClaimKind,
        operands: tuple[Operand, ...],
        result: str | None,
        *,
        closure: Closure = Closure.COMPLETE,
        alternatives: tuple[OperandSet, ...] = (),
        requires: str | None = None,
        concept: str | None = None,
    ) -> str:
        identity = f"c{len(self.claims) + 1}"
        self.claims.append(
            Claim(
                id=identity,
                kind=kind,
                operands=operands,
                result=self.number(result) if result else None,
                closure=closure,
                alternatives=alternatives,
                requires=requires,
                concept=concept,
                section="s1",
                by=("test",),
            )
        )
        return identity

    def judged(self) -> dict[str, Verdict]:
        source = Source(documents=(), sections=(), sentences=(), quantities=tuple(self.quantities.values()))
        reading = judge(source, Reading(claims=tuple(self.claims)))
        return {claim.id: claim.verdict for claim in reading.claims if claim.verdict}

    def verdict(self) -> Verdict:
        """The verdict on the only claim."""
        (verdict,) = self.judged().values()
        return verdict


def added(*printed: str, to: str, closure: Closure = Closure.COMPLETE) -> Verdict:
    """The verdict on parts said to add up to a whole."""
    report = Report()
    report.claim(ClaimKind.SUM, tuple(report.operand(OperandRole.PART, part) for part in printed), to, closure=closure)
    return report.verdict()


def divided(numerator: str, denominator: str, gives: str, *others: tuple[str, str, bool]) -> Verdict:
    """The verdict on a rate; `others` are further divisions (numerator, denominator, permitted)."""
    report = Report()

    def operands(top: str, bottom: str) -> tuple[Operand, ...]:
        return report.operand(OperandRole.NUMERATOR, top), report.operand(OperandRole.DENOMINATOR, bottom)

    sets = tuple(
        OperandSet(label=f"other/{number}", operands=operands(top, bottom), permitted=permitted)
        for number, (top, bottom, permitted) in enumerate(others)
    )
    report.claim(ClaimKind.RATIO, operands(numerator, denominator), gives, alternatives=sets)
    return report.verdict()


def restated(first: str, second: str) -> Verdict:
    report = Report()
    report.claim(ClaimKind.RESTATEMENT, (report.operand(OperandRole.ITEM, first),), second)
    return report.verdict()


def graded(score: str, lower: int, better: int | None) -> Verdict:
    """The verdict on a grade from `lower` up to, but not including, the next better one's `better`."""
    report = Report()
    operands = [report.operand(OperandRole.ITEM, score), report.operand(OperandRole.TARGET, Decimal(lower))]
    if better is not None:
        operands.append(report.operand(OperandRole.CAP, Decimal(better)))
    report.claim(ClaimKind.GRADE, tuple(operands), None)
    return report.verdict()


def capped(score: str, cap: str | Decimal) -> Verdict:
    report = Report()
    report.claim(
        ClaimKind.SCORE_CAP, (report.operand(OperandRole.ITEM, score), report.operand(OperandRole.CAP, cap)), None
    )
    return report.verdict()


def sheet(marks: tuple[str, ...], scores: tuple[str, ...], whole: str | Decimal, total: str) -> dict[str, Verdict]:
    """Verdicts on the full marks (c1) and on the scores that require them (c2)."""
    report = Report()
    cap = report.operand(OperandRole.WHOLE, whole)
    parts = tuple(report.operand(OperandRole.PART, mark) for mark in marks)
    full = report.claim(ClaimKind.SCORE_TOTAL, (*parts, cap), None, concept="full_mark")
    items = tuple(report.operand(OperandRole.PART, score) for score in scores)
    report.claim(ClaimKind.SCORE_TOTAL, items, total, requires=full, concept="score")
    return report.judged()


def said(verdict: Verdict) -> tuple[Outcome, Reason]:
    return verdict.outcome, verdict.reason


EXACT = (Outcome.VERIFIED, Reason.EXACT)
ROUNDED = (Outcome.VERIFIED, Reason.WITHIN_ROUNDING)
COARSE = (Outcome.UNDETERMINED, Reason.COARSE)
MISMATCH = (Outcome.CONTRADICTED, Reason.MISMATCH)
