"""Relations a model proposes, as claims: only shapes that judging can decide, only numbers that can stand together."""

from collections import Counter
from collections.abc import Mapping, Sequence

from reviewer.extraction.model.answers import OperandAnswer, Place, RelationAnswer, RelationKind
from reviewer.schema import (
    Bound,
    Claim,
    ClaimKind,
    Closure,
    Dimension,
    Operand,
    OperandRole,
    Quantity,
    Role,
    Source,
)

_PROPORTIONS = (Dimension.PERCENT, Dimension.POINT)
_ROLES = {
    Place.PART: OperandRole.PART,
    Place.TAKEN_OFF: OperandRole.SUBTRAHEND,
    Place.NUMERATOR: OperandRole.NUMERATOR,
    Place.DENOMINATOR: OperandRole.DENOMINATOR,
    Place.CURRENT: OperandRole.CURRENT,
    Place.BASE: OperandRole.BASE,
    Place.ACTUAL: OperandRole.ACTUAL,
    Place.TARGET: OperandRole.TARGET,
    Place.SCORE: OperandRole.ITEM,
    Place.FULL_MARK: OperandRole.CAP,
    Place.SAME: OperandRole.ITEM,
}
_ADDED = (RelationKind.SUM, RelationKind.SCORE_TOTAL, RelationKind.BALANCE)
_NEEDED: dict[RelationKind, tuple[Place, ...]] = {
    RelationKind.RATIO: (Place.NUMERATOR, Place.DENOMINATOR),
    RelationKind.SHARE: (Place.NUMERATOR, Place.DENOMINATOR),
    RelationKind.CHANGE: (Place.CURRENT, Place.BASE),
    RelationKind.SCORE_CAP: (Place.SCORE, Place.FULL_MARK),
    RelationKind.TARGET_MET: (Place.ACTUAL, Place.TARGET),
}


class Proposals:
    """Turns a model's relations into claims and counts what it refuses."""

    def __init__(self, source: Source, by: tuple[str, ...], rejected: Counter[str], roles: Mapping[str, Role]) -> None:
        """`roles` tells what the model says a quantity is; it may grow while claims are made."""
        self._source = source
        self._roles = roles
        self._by = by
        self._rejected = rejected
        self._seen: set[tuple[object, ...]] = set()

    def claims(self, relations: Sequence[RelationAnswer], known: Mapping[str, Quantity], *, tied: bool) -> list[Claim]:
        """The relations that make sense as claims, without ids; `tied` says whether they stand in one passage."""
        found: list[Claim] = []
        for relation in relations:
            names = [operand.quantity for operand in relation.operands]
            if any(name not in known for name in [*names, *([relation.result] if relation.result else [])]):
                self._rejected["unknown_id"] += 1
                continue
            claim = self._claim(relation, known, tied)
            if claim is None:
                self._rejected["unfit_relation"] += 1
            elif (key := _key(claim)) not in self._seen:
                self._seen.add(key)
                found.append(claim)
        return found

    def same(self, groups: Sequence[Sequence[str]], known: Mapping[str, Quantity]) -> list[Claim]:
        """Each number of a group against its first, where they can be one fact."""
        found: list[Claim] = []
        for group in groups:
            numbers = [known[name] for name in dict.fromkeys(group) if name in known]
            self._rejected["unknown_id"] += sum(name not in known for name in group)
            for other in numbers[1:]:
                if claim := self._restatement(numbers[0], other, tied=False):
                    if (key := _key(claim)) not in self._seen:
                        self._seen.add(key)
                        found.append(claim)
                else:
                    self._rejected["unfit_relation"] += 1
        return found

    def _claim(self, relation: RelationAnswer, known: Mapping[str, Quantity], tied: bool) -> Claim | None:
        operands = [(operand, known[operand.quantity]) for operand in relation.operands]
        result = known[relation.result] if relation.result else None
        ids = [quantity.id for _, quantity in operands]
        if len(set(ids)) != len(ids) or (result is not None and result.id in ids):
            return None
        if relation.kind is RelationKind.RESTATEMENT:
            same = [quantity for _, quantity in operands] + ([result] if result else [])
            return self._restatement(same[0], same[1], tied=tied) if len(same) == 2 else None
        if relation.kind in _ADDED:
            return self._sum(relation, operands, result, tied)
        if relation.kind is RelationKind.DIFFERENCE:
            return self._difference(operands, result, tied)
        return self._placed(relation, operands, result, tied)

    def _sum(
        self,
        relation: RelationAnswer,
        operands: list[tuple[OperandAnswer, Quantity]],
        result: Quantity | None,
        tied: bool,
    ) -> Claim | None:
        fits = result is not None and all(_addable(quantity, result) for _, quantity in operands)
        places = {operand.place for operand, _ in operands}
        if not fits or len(operands) < 2 or not places <= {Place.PART, Place.TAKEN_OFF} or Place.PART not in places:
            return None
        closure = Closure.LISTED if relation.complete or relation.kind is RelationKind.BALANCE else Closure.OPEN
        return self._made(ClaimKind(relation.kind.value), operands, result, tied, closure=closure)

    def _difference(
        self, operands: list[tuple[OperandAnswer, Quantity]], result: Quantity | None, tied: bool
    ) -> Claim | None:
        if result is None or len(operands) != 2 or not all(_subtractable(q, result) for _, q in operands):
            return None
        # A difference is printed without its sign: the larger number stands first, whichever way the model put them.
        pair = [quantity for _, quantity in operands]
        if pair[0].is_below(pair[1]):
            pair.reverse()
        roles = (OperandRole.MINUEND, OperandRole.SUBTRAHEND)
        given = tuple(Operand(role=role, quantity=quantity.id) for role, quantity in zip(roles, pair, strict=True))
        marks = any(self._roles.get(quantity.id) is Role.LOST_MARK for quantity in (*pair, result))
        return self._built(ClaimKind.DIFFERENCE, given, result, tied, concept="lost_marks" if marks else "remainder")

    def _placed(
        self,
        relation: RelationAnswer,
        operands: list[tuple[OperandAnswer, Quantity]],
        result: Quantity | None,
        tied: bool,
    ) -> Claim | None:
        by_place = {operand.place: quantity for operand, quantity in operands}
        needed = _NEEDED[relation.kind]
        if len(by_place) != len(operands) or not set(needed) <= set(by_place):
            return None
        first, second = (by_place[place] for place in needed)
        kind = relation.kind
        if kind is RelationKind.TARGET_MET:
            return self._target_met(by_place, tied)
        if kind is RelationKind.SCORE_CAP:
            scores = {first.dimension, second.dimension} <= {Dimension.SCORE, Dimension.NONE}
            return self._made(ClaimKind.SCORE_CAP, operands, first, tied) if scores and len(operands) == 2 else None
        if result is None or len(operands) != 2:
            return None
        ordered = sorted(operands, key=lambda pair: needed.index(pair[0].place))
        if kind in (RelationKind.RATIO, RelationKind.SHARE):
            fits = result.dimension is not Dimension.PERCENT or first.dimension is second.dimension
            return self._made(ClaimKind(kind.value), ordered, result, tied) if fits else None
        if first.dimension is not second.dimension:
            return None
        direction = {"stated_text": relation.direction} if relation.direction != "none" else {}
        if result.dimension is Dimension.PERCENT and first.dimension not in _PROPORTIONS:
            return self._made(ClaimKind.CHANGE, ordered, result, tied, **direction)
        return self._difference(ordered, result, tied)

    def _target_met(self, by_place: Mapping[Place, Quantity], tied: bool) -> Claim | None:
        actual, target = by_place[Place.ACTUAL], by_place[Place.TARGET]
        # Whether more or fewer days are better is not told by an exact number of them.
        unclear = target.dimension is Dimension.TIME and target.bound is Bound.EXACT
        if actual.dimension is not target.dimension or actual.unit != target.unit or unclear:
            return None
        score, full = by_place.get(Place.SCORE), by_place.get(Place.FULL_MARK)
        given = [(OperandRole.ACTUAL, actual), (OperandRole.TARGET, target)]
        full_marks = score is not None and full is not None and score.value == full.value
        if full_marks and score is not None and full is not None:
            given += [(OperandRole.ITEM, score), (OperandRole.CAP, full)]
        operands = tuple(Operand(role=role, quantity=quantity.id) for role, quantity in given)
        # A target that was missed and marked down is told openly: nothing to object to.
        concept = None if full_marks else "admitted"
        return self._built(ClaimKind.TARGET_MET, operands, None, tied and full_marks, concept=concept)

    def _restatement(self, first: Quantity, again: Quantity, *, tied: bool) -> Claim | None:
        alike = first.dimension is again.dimension and first.id != again.id
        counted = first.dimension in (Dimension.COUNT, Dimension.TIME) and first.unit != again.unit
        if not alike or counted or (first.bound is not again.bound):
            return None
        given = (Operand(role=OperandRole.ITEM, quantity=first.id),)
        return self._built(ClaimKind.RESTATEMENT, given, again, tied)

    def _made(
        self,
        kind: ClaimKind,
        operands: Sequence[tuple[OperandAnswer, Quantity]],
        result: Quantity | None,
        tied: bool,
        **more: object,
    ) -> Claim:
        given = tuple(Operand(role=_ROLES[operand.place], quantity=quantity.id) for operand, quantity in operands)
        return self._built(kind, given, result, tied, **more)

    def _built(
        self, kind: ClaimKind, operands: tuple[Operand, ...], result: Quantity | None, tied: bool, **more: object
    ) -> Claim:
        anchor = result or self._source.quantity(operands[0].quantity or "")
        return Claim.model_validate(
            {
                "id": "",
                "kind": kind,
                "operands": operands,
                "result": result.id if result else None,
                "tied": tied,
                "section": self._source.section_at(anchor.span.document, anchor.span.start).id,
                "by": self._by,
                **more,
            }
        )


def _key(claim: Claim) -> tuple[object, ...]:
    numbers = frozenset(operand.quantity for operand in claim.operands)
    if claim.kind is ClaimKind.RESTATEMENT:
        return claim.kind, numbers | {claim.result}
    return claim.kind, numbers, claim.result


def _addable(part: Quantity, whole: Quantity) -> bool:
    if part.dimension is not whole.dimension:
        return False
    return part.dimension not in (Dimension.COUNT, Dimension.TIME, Dimension.MEASURE) or part.unit == whole.unit


def _subtractable(level: Quantity, difference: Quantity) -> bool:
    if difference.dimension in _PROPORTIONS:
        return level.dimension in _PROPORTIONS
    return _addable(level, difference)
