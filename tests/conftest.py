"""Settings for every property test: no example is timed, and with CI set every run tries the same ones."""

import os

from hypothesis import settings

if "CI" in os.environ:
    settings.register_profile("reviewer", deadline=None, derandomize=True)
else:
    settings.register_profile("reviewer", deadline=None)
settings.load_profile("reviewer")
