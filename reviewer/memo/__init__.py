"""Review -> memo. Reads a review and nothing else, so a saved one renders again without its report."""

from dataclasses import dataclass
from typing import Literal

from reviewer.schema import Review
from reviewer.settings import Language

__all__ = ["Brief", "brief", "render"]


def render(review: Review, format: Literal["md", "json"], lang: Language | None = None) -> str:
    """The review as Markdown for people or as JSON for programs; the same review gives the same text.

    `lang` is the language of the memo's own words, by default that of the review. The findings' words were
    written when the report was reviewed and stay in that language.
    """
    if format == "json":
        return review.model_dump_json(indent=2) + "\n"
    # The template engine is loaded only by those who want a memo.
    from reviewer.memo.markdown import markdown

    return markdown(review, lang or review.provenance.settings.lang)


@dataclass(frozen=True, slots=True)
class Brief:
    """A review in a few words, as plain text."""

    headline: str
    """What the memo's conclusion names first."""
    places: tuple[tuple[str, ...], ...]
    """For each finding of the review, where its quotes stand, each place once."""


def brief(review: Review) -> Brief:
    """What a list of many reviews says of this one, in the review's own language."""
    from reviewer.memo.markup import plain
    from reviewer.memo.view import View

    view = View(review, review.provenance.settings.lang)
    return Brief(
        plain(view.headline),
        tuple(
            tuple(dict.fromkeys(plain(view.places.where(quote.span)) for quote in finding.evidence))
            for finding in review.findings
        ),
    )
