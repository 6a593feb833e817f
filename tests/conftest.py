"""Settings for every property test: no example is timed, and with CI set every run tries the same ones.

Fixtures for every test: `real_model`.
"""

import os

from hypothesis import settings

from tests.real_model import real_model

__all__ = ["real_model"]

if "CI" in os.environ:
    settings.register_profile("reviewer", deadline=None, derandomize=True)
else:
    settings.register_profile("reviewer", deadline=None)
settings.load_profile("reviewer")
