"""The memo as Markdown: `memo.md.j2` filled from the view."""

import re
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from reviewer.memo.markup import Safe, escape
from reviewer.memo.view import View
from reviewer.schema import Review
from reviewer.settings import Language

__all__ = ["markdown"]


def markdown(review: Review, lang: Language) -> str:
    """The whole memo, ending in one line feed."""
    environment = Environment(
        autoescape=False,  # HTML's rules do not fit Markdown; `finalize` escapes every expression instead
        finalize=escape,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["laid_out"] = Safe
    template = environment.from_string(files("reviewer.memo").joinpath("memo.md.j2").read_text(encoding="utf-8"))
    view = View(review, lang)
    memo = template.render(view=view, review=review, t=view.t, where=view.places.where)
    # Chapters that are left out leave their blank lines behind.
    return re.sub(r"\n{3,}", "\n\n", memo).rstrip("\n") + "\n"
