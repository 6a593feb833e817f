"""Two readings of one report made into one: the offline one and a model's, both judged.

What the offline rules found stays found: a model adds, names and doubts, it never takes a claim away. Where a cue
word or a column's head gave the offline label it stays, else the model's does; every difference is listed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reviewer.linking.goals import is_admitted
from reviewer.schema import (
    Claim,
    ClaimKind,
    Disagreement,
    Figure,
    Indicator,
    IndicatorIssue,
    OperandRole,
    Outcome,
    Reading,
    Source,
)

_COMPUTED = (
    ClaimKind.SUM,
    ClaimKind.SCORE_TOTAL,
    ClaimKind.BALANCE,
    ClaimKind.DIFFERENCE,
    ClaimKind.RATIO,
    ClaimKind.SHARE,
    ClaimKind.CHANGE,
)
"""Told apart by their numbers; what such a relation is called is a matter of taste."""
_COMPUTED_GROUP = "computed"
_OF_COLUMNS = (IndicatorIssue.NO_TARGET, IndicatorIssue.NO_ACTUAL)
"""What an empty cell under a column's head lacks, whoever reads it."""


def merge(source: Source, offline: Reading, model: Reading) -> Reading:
    """The offline reading with what a model adds; ids run on, everything says who said it.

    Both readings are judged already, each on its own, so that neither changes a verdict of the other.
    """
    figures = _Figures(source, offline.figures, model.figures)
    claims = _Claims(source, offline.claims, model.claims)
    indicators = tuple(_indicators(offline.indicators, model.indicators))
    return Reading(
        figures=figures.merged(),
        claims=claims.merged(),
        indicators=indicators,
        concerns=tuple(
            concern.model_copy(update={"id": f"k{number}"})
            for number, concern in enumerate((*offline.concerns, *model.concerns), 1)
        ),
        disagreements=(*offline.disagreements, *figures.disagreements, *claims.disagreements),
    )


@dataclass(slots=True)
class _Figures:
    """One figure for each number."""

    source: Source
    offline: tuple[Figure, ...]
    model: tuple[Figure, ...]
    disagreements: list[Disagreement] = field(default_factory=list)

    def merged(self) -> tuple[Figure, ...]:
        """In the order of the text, numbered anew."""
        own = {figure.quantity: figure for figure in self.offline}
        told = {figure.quantity: figure for figure in self.model}
        found: list[Figure] = []
        for quantity in self.source.quantities:
            one, other = own.get(quantity.id), told.get(quantity.id)
            figure = self._one(one, other) if one and other else one or other
            if figure is not None:
                found.append(figure.model_copy(update={"id": f"f{len(found) + 1}"}))
        return tuple(found)

    def _one(self, own: Figure, told: Figure) -> Figure:
        kept, other = (own, told) if own.cued else (told, own)
        for name in ("role", "period"):
            self._compare(name, kept, other)
        agreed = own.role is told.role
        return kept.model_copy(
            update={
                "measure": told.measure,
                "concept": own.concept,
                "subject": kept.subject or other.subject,
                "by": (*own.by, *told.by) if agreed else kept.by,
            }
        )

    def _compare(self, name: str, kept: Figure, other: Figure) -> None:
        values = getattr(kept, name), getattr(other, name)
        if values[0] != values[1]:
            kept_value, other_value = (str(value) if value is not None else "-" for value in values)
            self.disagreements.append(
                Disagreement(
                    subject=kept.quantity, field=name, kept=kept_value, other=other_value, by=(*kept.by, *other.by)
                )
            )


@dataclass(slots=True)
class _Claims:
    """The offline claims, borne out or not by a model's, and the claims only the model makes."""

    source: Source
    offline: tuple[Claim, ...]
    model: tuple[Claim, ...]
    disagreements: list[Disagreement] = field(default_factory=list)

    def merged(self) -> tuple[Claim, ...]:
        """All offline claims, then what the model adds; ids run on."""
        same = {_key(claim): claim for claim in self.offline}
        by_result: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.offline:
            for number in _decided(claim):
                by_result[number].append(claim)
        # Where one of a model's own readings of a number holds, its others were guesses.
        held = {(_group(c), n) for c in self.model if _outcome(c) is Outcome.VERIFIED for n in _decided(c)}
        confirmed: dict[str, tuple[str, ...]] = {}
        disputed: set[str] = set()
        added: list[Claim] = []
        for claim in self.model:
            if (twin := same.get(_key(claim))) is not None:
                confirmed[twin.id] = claim.by
                continue
            rivals = [rival for number in _decided(claim) for rival in by_result[number] if _rival(rival, claim)]
            if _outcome(claim) is Outcome.CONTRADICTED and rivals:
                # The number is decided by a cue already; a second opinion on what it is computed from alarms nobody.
                self._note(claim, rivals[0], claim)
                continue
            if _outcome(claim) is Outcome.CONTRADICTED and _is_guess(claim, held):
                continue
            if _outcome(claim) is Outcome.VERIFIED:
                disputed |= {rival.id for rival in rivals if _outcome(rival) is Outcome.CONTRADICTED}
                for rival in rivals:
                    if _outcome(rival) is Outcome.CONTRADICTED:
                        self._note(rival, rival, claim)
            added.append(_unless_admitted(self.source, claim))
        kept = [
            claim.model_copy(update={"by": (*claim.by, *confirmed.get(claim.id, ())), "disputed": claim.id in disputed})
            for claim in self.offline
        ]
        first = 1 + max((int(claim.id.removeprefix("c")) for claim in self.offline), default=0)
        return (*kept, *(claim.model_copy(update={"id": f"c{n}"}) for n, claim in enumerate(added, first)))

    def _note(self, about: Claim, kept: Claim, other: Claim) -> None:
        subject = about.result or next(o.quantity for o in about.operands if o.quantity)
        assert subject is not None
        formulas = [
            claim.verdict.formula if claim.verdict and claim.verdict.formula else "-" for claim in (kept, other)
        ]
        self.disagreements.append(
            Disagreement(subject=subject, field="claim", kept=formulas[0], other=formulas[1], by=(*kept.by, *other.by))
        )


def _unless_admitted(source: Source, claim: Claim) -> Claim:
    """A result against a goal set in an earlier chapter: worth asking about, unless the report says so itself."""
    if claim.kind is not ClaimKind.TARGET_MET or claim.concept != "admitted":
        return claim
    actual, target = (
        source.quantity(next(o.quantity for o in claim.operands if o.role == role and o.quantity)).span
        for role in (OperandRole.ACTUAL, OperandRole.TARGET)
    )
    if actual.table is not None:
        return claim  # its row has marks of its own for what is short
    apart = source.section_at(actual.document, actual.start).id != source.section_at(target.document, target.start).id
    if not apart or target.start > actual.start or is_admitted(source, actual):
        return claim
    return claim.model_copy(update={"concept": None, "tied": False})


def _group(claim: Claim) -> str:
    return _COMPUTED_GROUP if claim.kind in _COMPUTED else claim.kind.value


def _key(claim: Claim) -> tuple[str, frozenset[str | None], str | None]:
    numbers = frozenset(operand.quantity for operand in claim.operands if operand.quantity)
    if claim.kind is ClaimKind.RESTATEMENT:
        return _group(claim), numbers | {claim.result}, None
    if claim.kind in (ClaimKind.TARGET_MET, ClaimKind.SCORE_CAP):
        return _group(claim), frozenset(_decided(claim)), None
    return _group(claim), numbers, claim.result


def _decided(claim: Claim) -> tuple[str, ...]:
    """The numbers a claim says are right or wrong."""
    if claim.kind is ClaimKind.RESTATEMENT:
        return tuple(n for n in (claim.operands[0].quantity, claim.result) if n)
    if claim.kind is ClaimKind.TARGET_MET:
        return tuple(o.quantity for o in claim.operands if o.role == "actual" and o.quantity)
    return (claim.result,) if claim.result else ()


def _rival(own: Claim, told: Claim) -> bool:
    """Whether two claims decide one number in one way, and the offline one has an opinion."""
    return _group(own) == _group(told) and _outcome(own) in (Outcome.VERIFIED, Outcome.CONTRADICTED)


def _is_guess(claim: Claim, held: set[tuple[str, str]]) -> bool:
    """Whether another reading of the same result holds; a number told twice may be right once and wrong once."""
    return _group(claim) == _COMPUTED_GROUP and any((_group(claim), number) in held for number in _decided(claim))


def _outcome(claim: Claim) -> Outcome | None:
    return claim.verdict.outcome if claim.verdict else None


def _indicators(offline: Iterable[Indicator], model: Iterable[Indicator]) -> Iterator[Indicator]:
    """Each indicator once: the model's critique of what both see, with the offline reading's numbers and place.

    What a table's columns lack, the offline reading saw in its header; that stays.
    """
    told = list(model)
    merged: list[Indicator] = []
    for own in offline:
        twin = next((other for other in told if _one_indicator(own, other)), None)
        if twin is not None:
            told.remove(twin)
        merged.append(own if twin is None else _criticised(own, twin))
    merged += told
    merged.sort(key=lambda indicator: (indicator.span.document, indicator.span.start))
    for number, indicator in enumerate(merged, 1):
        yield indicator.model_copy(update={"id": f"i{number}"})


def _one_indicator(own: Indicator, told: Indicator) -> bool:
    if own.span.document != told.span.document:
        return False
    meets = own.span.start < told.span.end and told.span.start < own.span.end
    same_row = own.span.table is not None and (own.span.table, own.span.row) == (told.span.table, told.span.row)
    return meets or same_row


def _criticised(own: Indicator, told: Indicator) -> Indicator:
    lacking = [issue for issue in own.issues if own.span.table is not None and issue in _OF_COLUMNS]
    issues = dict.fromkeys((*lacking, *told.issues))
    return own.model_copy(
        update={
            "level": own.level or told.level,
            "target": own.target or told.target,
            "actual": own.actual or told.actual,
            "weight": own.weight or told.weight,
            "score": own.score or told.score,
            "issues": tuple(issues),
            "suggestion": told.suggestion,
            "by": (*own.by, *told.by),
        }
    )
