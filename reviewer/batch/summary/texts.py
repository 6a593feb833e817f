"""The words of the workbook and of the page, one TOML file per language."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from reviewer.batch.records import Result
from reviewer.memo import texts as memo
from reviewer.settings import Language

__all__ = ["Texts", "load"]


@cache
def load(lang: Language) -> dict[str, dict[str, str]]:
    """Groups of texts as written in `texts.LANG.toml`, and the memo's names of severities."""
    raw = files("reviewer.batch.summary").joinpath(f"texts.{lang}.toml").read_text(encoding="utf-8")
    return {**tomllib.loads(raw), "severity": memo.load(lang)["severity"]}


class Texts:
    """Looks up words: `texts("table.shown", shown=…)`. KeyError for a text that is not there."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang
        self._groups = load(lang)

    def __call__(self, key: str, **values: object) -> str:
        """The text of `group.name` with its placeholders filled."""
        group, _, name = key.partition(".")
        text = self._groups[group][name]
        return text.format(**values) if values else text

    def group(self, name: str) -> dict[str, str]:
        """All texts of a group, in the order in which they are written."""
        return dict(self._groups[name])

    def differences(self, result: Result) -> Iterator[str]:
        """What the manifest says differently from the report, each in words."""
        for name in result.differs:
            declared, found = getattr(result.declared, name), getattr(result, name)
            if name == "kind":
                declared, found = self(f"kind.{declared}"), self(f"kind.{found}")
            yield self(f"differs.{name}", declared=declared, found=found)
