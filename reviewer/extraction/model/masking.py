"""What is hidden before text leaves the machine, and put back into what comes back.

Telephone, identity and account numbers are hidden wherever they stand; personal names only where a role marks them
(局长、组长、联系人…), and from then on everywhere in the report. That is best effort: a name no role marks is sent.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, partial

from reviewer.lexicon import load
from reviewer.schema import QuantityKind, Source

_WORDS = {"phone": "电话", "identity": "证件号", "account": "账号", "mail": "邮箱", "name": "姓名"}
_MASK = re.compile(r"⟦(?:电话|证件号|账号|邮箱|姓名)[A-Z]+⟧")


@dataclass(slots=True)
class Masker:
    """Replaces what is private by marks such as ⟦电话A⟧, each thing by the same mark everywhere.

    Marks carry letters, never digits: no number may enter a text through them.
    """

    names: frozenset[str]
    phones: frozenset[str]
    _marks: dict[str, str] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source) -> "Masker":
        """A masker that knows the names and telephone numbers of a report."""
        texts = [document.text for document in source.documents]
        phones = (q.text for q in source.quantities if q.kind is QuantityKind.PHONE)
        return cls(names_in(texts), frozenset(text for text in phones if len(re.findall(r"\d", text)) > 6))

    def masked(self, text: str) -> str:
        """The text with everything private replaced."""
        for kind in ("identity", "account", "phone", "mail"):
            text = _pattern(kind).sub(partial(self._found, kind), text)
        for phone in sorted(self.phones, key=len, reverse=True):
            text = text.replace(phone, self._mark("phone", phone)) if phone in text else text
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(name, self._mark("name", name)) if name in text else text
        return text

    def masked_once(self, text: str) -> str:
        """`masked`, remembered: what stands in every request is masked once."""
        if text not in self._known:
            self._known[text] = self.masked(text)
        return self._known[text]

    def unmasked(self, text: str) -> str:
        """The text with every mark that was given out put back."""
        originals = {mark: original for original, mark in self._marks.items()}
        return _MASK.sub(lambda found: originals.get(found.group(), found.group()), text)

    @property
    def count(self) -> int:
        """How many different things were hidden."""
        return len(self._marks)

    def _found(self, kind: str, found: re.Match[str]) -> str:
        return self._mark(kind, found.group())

    def _mark(self, kind: str, original: str) -> str:
        if original not in self._marks:
            number = self._counts.get(kind, 0)
            self._counts[kind] = number + 1
            self._marks[original] = f"⟦{_WORDS[kind]}{_letters(number)}⟧"
        return self._marks[original]


def _letters(number: int) -> str:
    """A, B … Z, AA, AB …"""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return re.compile(load("privacy")["patterns"][kind])


@cache
def _named() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Names behind a role, and names before a title; both in group `name`."""
    words = load("privacy")
    family = f"[{''.join(words['families'].split())}]"
    no_name = "|".join(words["not_names"])
    name = rf"(?P<name>{family}(?!{no_name})[\u4e00-\u9fff](?:(?!{no_name})[\u4e00-\u9fff])?)"
    roles = "|".join(sorted(words["roles"], key=len, reverse=True))
    after = "|".join(words["after"])
    # The name ends at a mark, a blank or a word that cannot be part of it; otherwise the role begins a plain sentence.
    behind = re.compile(
        rf"(?:{roles})(?:[：:]|[\s　]*[（(]|[\s　]*)[\s　]*{name}(?=[\s　，,、。；;）)（(]|$|{after}|任|为|电话)"
    )
    before = re.compile(
        rf"(?:^|[\s　，,、。；;：:（(由科股室处办])(?:{name})(?=(?:{after})(?:[\s　，,、。；;）)]|$|任|为|带队|，|,))"
    )
    return behind, before


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """Personal names that a role or a title marks."""
    found = {match.group("name") for text in texts for pattern in _named() for match in pattern.finditer(text)}
    return frozenset(name for name in found if not any(role in name for role in load("privacy")["roles"]))
