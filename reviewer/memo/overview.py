"""The head of the memo: what was reviewed, and the amounts and the score the report puts first."""

from collections.abc import Iterator
from dataclasses import dataclass

from reviewer.memo.markup import Safe
from reviewer.memo.places import Places
from reviewer.memo.texts import Texts
from reviewer.schema import Claim, ClaimKind, Dimension, Document, Figure, Notice, OperandRole, Review, Role

__all__ = ["heading", "key_amounts", "portrait", "recognised", "self_rating", "told_notice"]

_CONCEPTS = ("income_total", "expenditure_total", "basic_expenditure", "project_expenditure")
_TOTAL = "total_score"
_RECOGNISED = "pages_recognised"


@dataclass(frozen=True)
class _Rating:
    """The score or the grade a report gives itself, and where."""

    what: Safe
    text: object
    place: Safe


def heading(review: Review, t: Texts) -> Safe:
    """The units and years that were reviewed, each once."""
    units = dict.fromkeys(d.unit for d in review.documents if d.unit)
    years = dict.fromkeys(t("form.year", year=d.year) for d in review.documents if d.year is not None)
    return t(
        "form.heading",
        unit=t.join(units) if units else t("form.no_unit"),
        year=t.join(years) if years else t("form.no_year"),
    )


def portrait(document: Document, places: Places, t: Texts) -> list[Safe]:
    """One line per thing known of a file."""
    extent = t("overview.characters", characters=document.characters)
    if document.pages is not None:
        extent = t("overview.pages", pages=document.pages, characters=document.characters)
    return [
        t("overview.file", file=places.files[document.id]),
        t("overview.unit", unit=document.unit or t("form.no_unit")),
        t("overview.year", year=t("form.no_year") if document.year is None else document.year),
        t("overview.kind", kind=t(f"kind.{document.kind}")),
        extent,
        *(told_notice(notice, document, places, t) for notice in document.notices if notice.kind != _RECOGNISED),
    ]


def told_notice(notice: Notice, document: Document, places: Places, t: Texts) -> Safe:
    """What a person should know about how a file was read, on one line."""
    text = t(f"notice.{notice.kind}", count=notice.count)
    if notice.pages:
        text = t("notice.where", text=text, where=places.pages(document, notice.pages))
    if notice.detail:
        text = t("notice.detail", text=text, detail=notice.detail)
    return t("notice.line", text=text)


def recognised(review: Review, places: Places, t: Texts) -> list[Safe]:
    """One line for each file with pages that were read from pictures: which ones, and what that asks of a person."""
    lines = []
    for document in review.documents:
        for notice in (notice for notice in document.notices if notice.kind == _RECOGNISED):
            where = places.pages(document, notice.pages)
            if len(review.documents) > 1:
                where = t("place.file", file=places.files[document.id], place=where)
            lines.append(t("head.recognised", where=where))
    return lines


def key_amounts(review: Review, places: Places, t: Texts) -> list[tuple[object, ...]]:
    """Rows (what, role, period, amount, places) for the unit's own totals, each amount once."""
    found: dict[tuple[int, int, str, str], list[Figure]] = {}
    roles = list(Role)
    for figure in review.figures:
        quantity = places.quantity(figure.quantity)
        wanted = figure.concept in _CONCEPTS and figure.subject is None and quantity.dimension is Dimension.MONEY
        if wanted and figure.concept is not None:
            order = (_CONCEPTS.index(figure.concept), roles.index(figure.role))
            found.setdefault((*order, figure.period or "", places.shown(quantity.id)), []).append(figure)
    return [
        (
            t(f"concept.{_CONCEPTS[concept]}"),
            t(f"role.{roles[role]}"),
            period_word(period or None, t),
            Safe(shown),
            t.join(dict.fromkeys(places.where(places.quantity(f.quantity).span) for f in figures)),
        )
        for (concept, role, period, shown), figures in sorted(found.items(), key=lambda item: item[0][:3])
    ]


def period_word(period: str | None, t: Texts) -> object:
    """A year as it stands, "cumulative" in words, nothing for an unknown period."""
    if period is None:
        return t("form.blank")
    return t("form.cumulative") if period == "cumulative" else period


def self_rating(review: Review, places: Places, t: Texts) -> list[_Rating]:
    """The total score and the grade, as far as a claim about the grade or about a score's cap names them."""
    return [*_scores(review, places, t), *_grades(review, places, t)]


def _scores(review: Review, places: Places, t: Texts) -> Iterator[_Rating]:
    # Every item's score has a cap too; only the whole report's is marked as the total.
    named = {q for claim in review.claims if claim.concept == _TOTAL for q in _scored(claim)}
    seen: set[str] = set()
    for quantity in (q for q in review.quantities if q.id in named):
        if quantity.text not in seen:
            seen.add(quantity.text)
            yield _Rating(t("overview.score"), places.shown(quantity.id), places.where(quantity.span))


def _scored(claim: Claim) -> set[str]:
    """The scores a claim about a grade or a cap judges."""
    places = (OperandRole.ITEM, OperandRole.ACTUAL)
    return {o.quantity for o in claim.operands if o.role in places and o.quantity is not None}


def _grades(review: Review, places: Places, t: Texts) -> Iterator[_Rating]:
    seen: set[str] = set()
    for claim in review.claims:
        if claim.kind is ClaimKind.GRADE and claim.stated_text and claim.stated_text not in seen:
            seen.add(claim.stated_text)
            yield _Rating(t("overview.grade"), claim.stated_text, places.claim_where(claim))
