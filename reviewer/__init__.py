"""Review of Chinese budget-performance self-evaluation reports (绩效自评报告).

`reviewer.review.review` turns the files of one report into a `Review`; everything a `Review` holds is described in
`reviewer.schema`. The names here are loaded when first used, so that `reviewer --help` answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reviewer.errors import ReviewerError
    from reviewer.schema import Review
    from reviewer.settings import Settings

__version__ = "0.1.0"

__all__ = ["Review", "ReviewerError", "Settings", "__version__"]

_HOMES = {"Review": "reviewer.schema", "ReviewerError": "reviewer.errors", "Settings": "reviewer.settings"}


def __getattr__(name: str) -> object:
    if (home := _HOMES.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
