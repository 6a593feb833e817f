"""Synthetic reports for batches: invented units, sound numbers, some with planted contradictions, some files broken."""

import random
from dataclasses import dataclass
from pathlib import PurePath

from eval.synthetic.facts import Facts, draw
from eval.synthetic.plants import Planted, plant
from eval.synthetic.wording import Wording
from reviewer.schema.source import DocumentKind

PLANTED_SHARE = 0.3
_ENCODINGS = (("utf-8", 60), ("gb18030", 25), ("utf-8-sig", 5), ("utf-16-le", 5), ("utf-16-be", 5))
_LINE_ENDS = (("\n", 60), ("\r\n", 35), ("\r", 5))
_MARKS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


@dataclass(frozen=True)
class Synthetic:
    """A report that nobody wrote."""

    name: str
    unit: str
    year: int
    kind: DocumentKind
    text: str
    """Lines end in \\n, whatever the file has."""
    sound: str
    """The text without what was planted; the same where nothing was."""
    planted: tuple[Planted, ...]
    data: bytes
    """The file."""

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePath(self.name).stem


def synthetic(seed: int, index: int) -> Synthetic:
    """Report number `index` of a seed; it does not depend on how many others there are."""
    facts = draw(_chance(seed, index, "facts"))
    form = _chance(seed, index, "form")
    ending = form.choice((".txt", ".md"))
    sound, wording = _said(facts, seed, index, ending)
    planted: list[Planted] = []
    text = sound
    planting = _chance(seed, index, "planted")
    if planting.random() < PLANTED_SHARE:
        planted = plant(facts, wording.told, planting, table=wording.table)
        text, _ = _said(facts, seed, index, ending)
    encoding = _drawn(form, _ENCODINGS)
    body = text.replace("\n", _drawn(form, _LINE_ENDS))
    unit, year = str(facts.values["unit"]), int(facts.values["year"])
    data = _MARKS.get(encoding, b"") + body.encode(encoding)
    return Synthetic(f"{index:05}-{unit}{ending}", unit, year, facts.kind, text, sound, tuple(planted), data)


def _said(facts: Facts, seed: int, index: int, ending: str) -> tuple[str, Wording]:
    wording = Wording(facts, _chance(seed, index, "wording"), markdown=ending == ".md")
    return wording.report(), wording


def _chance(seed: int, index: int, purpose: str) -> random.Random:
    return random.Random(f"{seed}:{index}:{purpose}")


def _drawn(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    names, weights = zip(*weighted, strict=True)
    return str(chance.choices(names, weights=weights)[0])
