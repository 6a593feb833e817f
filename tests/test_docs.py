"""What the documentation shows is what happens."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from eval.docs import CARD, TARGET, data_card, rules_page

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def transcripts() -> list[tuple[str, str]]:
    """(command, output) of every console block of the README."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    return [
        (step.partition("\n")[0], step.partition("\n")[2])
        for block in blocks
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    ]


@pytest.mark.parametrize(("command", "shown"), transcripts())
def test_every_command_of_the_readme_prints_what_is_shown(command: str, shown: str, tmp_path: Path) -> None:
    words = [str(ROOT / word) if word.startswith("fixtures/") else word for word in shlex.split(command)]
    assert words[0] == "reviewer"
    done = subprocess.run(
        [sys.executable, "-m", "reviewer", *words[1:]], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False
    )
    printed = done.stdout if done.returncode == 0 else done.stderr
    at = 0
    for piece in re.split(r"^…\n", shown, flags=re.MULTILINE):
        found = printed.find(piece, at)
        assert found >= 0, f"the README shows\n{piece}\nbut this was printed:\n{printed[at : at + 2000]}"
        at = found + len(piece)


def test_every_command_and_option_is_in_the_readme() -> None:
    help_text = subprocess.run(
        [sys.executable, "-m", "reviewer", "review", "--help"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    for option in ("--format", "--lang", "--policy", "--fail-on", "--quiet"):
        assert option in help_text and option in README
    for command in ("review", "rules", "schema"):
        assert f"reviewer {command}" in README


def test_the_page_of_rules_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == rules_page(), "run `make docs`"


def test_the_data_card_is_up_to_date() -> None:
    written = CARD.read_text(encoding="utf-8")
    assert data_card(written) == written, "run `make docs`"


def test_the_glossary_names_exist() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "reviewer").rglob("*") if path.suffix in (".py", ".toml")
    )
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    names = re.findall(r"`([a-z_]+)`", glossary)
    assert names and [name for name in names if name not in code] == []


def test_a_term_stands_in_the_glossary_once() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE)
    terms = [row for row in rows if row not in ("term", "---")]
    assert len(terms) == len(set(terms))
