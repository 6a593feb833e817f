"""The memo's own words, one TOML file per language."""

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from reviewer.memo.markup import Safe, escape
from reviewer.settings import Language

__all__ = ["Texts", "load"]


@cache
def load(lang: Language) -> dict[str, dict[str, str]]:
    """Groups of texts as written in `texts.LANG.toml`."""
    raw = files("reviewer.memo").joinpath(f"texts.{lang}.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)


class Texts:
    """Looks up the memo's words: `texts("label.file", name=…)`. KeyError for a text that is not there."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang
        self._groups = load(lang)

    def __call__(self, key: str, **values: object) -> Safe:
        """The text of `group.name` with its placeholders filled; values are escaped."""
        group, _, name = key.partition(".")
        return Safe(self._groups[group][name].format(**{name: escape(value) for name, value in values.items()}))

    def names(self, group: str) -> list[str]:
        """The names of a group, in the order in which the memo tells them."""
        return list(self._groups[group])

    def join(self, items: Iterable[object]) -> Safe:
        """The items as an enumeration: 甲、乙、丙."""
        return Safe(self._groups["form"]["separator"].join(escape(item) for item in items))
