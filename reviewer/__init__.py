"""Review of Chinese budget-performance self-evaluation reports (绩效自评报告).

The public surface: `review` turns the files of one report into a `Review`; everything a `Review` holds is
described in `reviewer.schema`.
"""

__version__ = "0.1.0"

__all__ = ["Review", "ReviewerError", "Settings", "__version__", "review"]

from reviewer.errors import ReviewerError
from reviewer.review import review
from reviewer.schema import Review
from reviewer.settings import Settings
