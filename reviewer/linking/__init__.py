"""What no single paragraph tells: operands printed elsewhere, measures stated twice, goals and what became of them.

Figures are linked by measure, subject and period only; never by value.
"""

from collections.abc import Iterator, Sequence

from reviewer.linking.across import across_documents
from reviewer.linking.budgets import budget_claims
from reviewer.linking.far import far_claims
from reviewer.linking.goals import goal_claims
from reviewer.linking.index import Index
from reviewer.linking.merging import merge
from reviewer.linking.naming import named
from reviewer.linking.operands import link_ratio, link_share
from reviewer.linking.restated import restatements
from reviewer.linking.unreported import unreported_claims
from reviewer.linking.yearly import yearly_claims
from reviewer.schema import Claim, ClaimKind, Reading, Source

__all__ = ["link", "merge"]

_PLACED = ("nearby", "column")
"""Operands told by their place beside the result; none are to be looked for elsewhere."""


def link(source: Source, reading: Reading) -> Reading:
    """The reading with operands found across sections, and the claims that only the whole report makes."""
    index = Index(source, reading)
    claims = [_linked(index, claim) for claim in reading.claims]
    for more in (
        restatements,
        budget_claims,
        goal_claims,
        unreported_claims,
        far_claims,
        yearly_claims,
        across_documents,
    ):
        claims += more(index, len(claims) + 1)
    return reading.model_copy(update={"claims": tuple(_once(claims)), "figures": named(index)})


def _once(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Each relation of the same numbers once; what another claim requires keeps its place.

    A sum that full marks bear out says more than the bare list of the same numbers; judging keeps the one that decides.
    """
    required = {claim.requires for claim in claims}
    seen: set[tuple[object, ...]] = set()
    for claim in claims:
        # What a sum is called changes nothing about it; of other kinds the concept says how they are judged.
        concept = None if claim.kind is ClaimKind.SUM else claim.concept
        key = (claim.kind, claim.operands, claim.result, concept, claim.stated_text, claim.requires is None)
        if key in seen and claim.id not in required:
            continue
        seen.add(key)
        yield claim


def _linked(index: Index, claim: Claim) -> Claim:
    if claim.kind is ClaimKind.RATIO and claim.concept not in _PLACED:
        return link_ratio(index, claim)
    return link_share(index, claim) if claim.kind is ClaimKind.SHARE else claim
