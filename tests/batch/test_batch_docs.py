"""docs/batch.md names every option, field and exit code there is."""

import re
import subprocess
import sys

import pytest

from reviewer.batch.manifest import _names
from reviewer.batch.records import Declared, Failure, FailureKind, FindingLine, Input, Result, Spent, Status
from reviewer.batch.run_record import Run, RunRecord, Slow, Totals
from reviewer.schema.base import Model
from tests.batch.batch_kit import ROOT

PAGE = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")
MODELS = [Result, Failure, Input, Declared, FindingLine, Spent, RunRecord, Totals, Run, Slow]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_is_explained(model: type[Model]) -> None:
    assert [name for name in model.model_fields if f"`{name}`" not in PAGE] == []


def test_every_option_is_named() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "reviewer", "batch", "--help"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    options = {option for option in re.findall(r"--[a-z-]+", told) if option != "--help"}
    assert len(options) > 15
    assert sorted(option for option in options if f"`{option}" not in PAGE) == []


def test_every_word_for_an_outcome_and_a_column_is_named() -> None:
    words = [*Status, *FailureKind, *_names("columns").values(), *_names("kinds").values()]
    assert [word for word in words if f"`{word}`" not in PAGE] == []
