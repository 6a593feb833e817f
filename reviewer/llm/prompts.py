"""The prompts: Markdown files with front matter, a system part that never changes and a user part that ends in the
report.

The part that is the same in every request comes first, so that a provider's prefix cache serves it. Text of the report
enters only through a fence that it cannot close.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from reviewer.llm.asking import Message, Parameters

_PARTS = re.compile(r"^# (system|user)\n", re.MULTILINE)
_SLOT = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_LOCK = "prompts.lock"


class PromptFault(Exception):
    """A prompt file that breaks the house rules; a fault of ours, found by a test."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt file."""

    name: str
    version: str
    purpose: str
    inputs: tuple[str, ...]
    fenced: tuple[str, ...]
    """Inputs that are the report's own text."""
    output_schema: str
    parameters: Parameters
    system: str
    user: str
    sha256: str
    """Over the file and its examples."""

    @property
    def stamp(self) -> str:
        """Version and hash, for the record of a review."""
        return f"{self.version} {self.sha256[:16]}"

    def messages(self, values: Mapping[str, str]) -> tuple[Message, ...]:
        """The messages to send. PromptFault unless exactly the declared inputs are given."""
        if set(values) != set(self.inputs):
            raise PromptFault(f"{self.name} takes {', '.join(self.inputs)}, was given {', '.join(sorted(values))}")
        filled = {name: fence(value) if name in self.fenced else value for name, value in values.items()}
        user = _SLOT.sub(lambda slot: filled[slot.group(1)], self.user)
        return Message("system", self.system), Message("user", user)


def fence(text: str) -> str:
    """The text between two lines that name a hash of it: a text cannot hold the hash of itself."""
    mark = sha256(text.encode()).hexdigest()[:12]
    return f"<<<原文 {mark}\n{text}\n原文 {mark}>>>"


def folder() -> Path:
    """Where the prompts lie: inside the installed package, or beside it in the source tree."""
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_prompts"
    return shipped if shipped.is_dir() else package.parent / "prompts"


@cache
def load(name: str) -> Prompt:
    """The prompt of this name. PromptFault for a file that breaks the rules; KeyError for no such prompt."""
    path = folder() / f"{name}.md"
    if name not in names():
        raise KeyError(name)
    text = path.read_text(encoding="utf-8")
    head, _, body = text.removeprefix("+++\n").partition("\n+++\n")
    front = tomllib.loads(head)
    examples = folder() / "examples" / f"{name}.md"
    shots = examples.read_text(encoding="utf-8").strip() if examples.is_file() else ""
    pieces = _PARTS.split(body)
    if front["name"] != name or pieces[1::2] != ["system", "user"]:
        raise PromptFault(f"{path.name}: its name and the parts `# system` and `# user` are needed")
    system, user = (piece.strip() for piece in pieces[2::2])
    return _checked(front, system.replace("{{ examples }}", shots), user, sha256((text + shots).encode()).hexdigest())


def _checked(front: dict[str, Any], system: str, user: str, digest: str) -> Prompt:
    inputs, fenced = tuple(front["inputs"]), tuple(front["fenced"])
    if _SLOT.search(system) or set(_SLOT.findall(user)) != set(inputs) or not set(fenced) <= set(inputs):
        raise PromptFault(f"{front['name']}: the system part takes no inputs, the user part all that are declared")
    if fenced and _SLOT.findall(user)[-1] not in fenced:
        raise PromptFault(f"{front['name']}: the report's text comes last")
    return Prompt(
        name=front["name"],
        version=front["version"],
        purpose=front["purpose"],
        inputs=inputs,
        fenced=fenced,
        output_schema=front["output_schema"],
        parameters=Parameters(**front["parameters"]),
        system=system,
        user=user,
        sha256=digest,
    )


@cache
def names() -> tuple[str, ...]:
    """All prompts, by name."""
    return tuple(sorted(path.stem for path in folder().glob("*.md") if path.stem != "README"))


def locked() -> dict[str, dict[str, str]]:
    """`prompts.lock`: for each prompt the hash of every version that was ever shipped."""
    path = folder() / _LOCK
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def lock() -> str:
    """What `prompts.lock` should say now. PromptFault where a text changed and its version did not."""
    table = {name: dict(versions) for name, versions in locked().items()}
    for name in names():
        prompt = load(name)
        known = table.setdefault(name, {})
        if known.setdefault(prompt.version, prompt.sha256) != prompt.sha256:
            raise PromptFault(f"{name} changed: raise its version from {prompt.version}")
    lines = [f"[{name}]\n" + "".join(f'"{v}" = "{h}"\n' for v, h in table[name].items()) for name in sorted(table)]
    return "# Written by `make docs`: a changed prompt needs a new version.\n\n" + "\n".join(lines)
