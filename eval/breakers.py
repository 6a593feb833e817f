"""The ways people break a relation: one number, unit, word or year of a report changed.

Each breaker proposes an edit to one site, and only one after which the labelled relation fails beyond all rounding
(`eval.arithmetic.holds`), or, for a grade or a year, after which the words contradict the printed scale or calendar.
"""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from eval.arithmetic import NotComputable, holds
from eval.labels import ClaimLabel, ClaimName
from eval.printed import Printed, UnreadableNumber, read
from eval.quoting import Stretch
from eval.resolving import ExpectedFigure, Resolved
from eval.validating import figures_of

_TRIES = 40
_COMPUTED = (ClaimName.SUM, ClaimName.BALANCE, ClaimName.DIFFERENCE, ClaimName.RATIO, ClaimName.SHARE, ClaimName.CHANGE)
_OPPOSITES = (
    ("增长", "下降"),
    ("增加", "减少"),
    ("上升", "下降"),
    ("提高", "降低"),
    ("提升", "下降"),
    ("上涨", "下跌"),
)
_GRADES = ("优", "良", "中", "差")


@dataclass(frozen=True)
class Edit:
    """Replace a stretch of the file's text. `figure` is the label's name when the stretch is a labelled number."""

    stretch: Stretch
    words: str
    figure: str | None = None


@dataclass(frozen=True)
class Site:
    """A relation that could be broken, in its report."""

    resolved: Resolved
    claim: ClaimLabel
    random: random.Random

    def figure(self, name: str) -> ExpectedFigure:
        """The labelled number of this name."""
        return self.resolved.figures[name]

    def raw(self, name: str) -> str:
        """Its words in the file, line breaks included."""
        stretch = self.figure(name).stretch
        return self.resolved.text[stretch.start : stretch.end]

    def pick(self, names: Sequence[str]) -> str | None:
        """One of the names whose number is written in plain digits."""
        plain = [name for name in names if name in self.resolved.printed and re.search(r"\d", self.raw(name))]
        return self.random.choice(plain) if plain else None

    def breaks(self, edits: dict[str, str]) -> bool:
        """Whether the relation fails once these figures have these words."""
        figures = dict(self.resolved.printed)
        for name, words in edits.items():
            changed = reread(self.figure(name), words, figures[name])
            if changed is None:
                return False
            figures[name] = changed
        try:
            return not holds(self.claim, figures)
        except NotComputable:
            return False


def reread(figure: ExpectedFigure, words: str, old: Printed) -> Printed | None:
    """The number that new words print; a unit the words do not hold stays the label's."""
    try:
        new = read("".join(words.split()))
    except UnreadableNumber:
        return None
    if not new.unit and old.unit and not re.search(r"[^\d.,\s]", words):
        new = replace(new, scale=old.scale, unit=old.unit)
    return new


Breaker = Callable[[Site], Edit | None]


def _replaced(site: Site, name: str | None, change: Callable[[Site, str], str | None]) -> Edit | None:
    """Change one figure until the relation breaks; None when it does not in a bounded number of tries."""
    if name is None:
        return None
    for _ in range(_TRIES):
        words = change(site, name)
        if words is not None and words != site.raw(name) and site.breaks({name: words}):
            return Edit(site.figure(name).stretch, words, name)
    return None


def _digit(site: Site, name: str) -> str | None:
    """One digit another; the first stays above zero."""
    raw = site.raw(name)
    places = [match.start() for match in re.finditer(r"\d", raw)]
    at = site.random.choice(places)
    others = [d for d in "0123456789" if d != raw[at] and not (d == "0" and at == places[0])]
    return raw[:at] + site.random.choice(others) + raw[at + 1 :]


def _transposed(site: Site, name: str) -> str | None:
    raw = site.raw(name)
    pairs = [m.start() for m in re.finditer(r"(?=\d\d)", raw) if raw[m.start()] != raw[m.start() + 1]]
    pairs = [at for at in pairs if raw[at + 1] != "0" or re.search(r"\d", raw[:at])]
    if not pairs:
        return None
    at = site.random.choice(pairs)
    return raw[:at] + raw[at + 1] + raw[at] + raw[at + 2 :]


def _shifted(site: Site, name: str) -> str | None:
    raw = site.raw(name)
    match = re.search(r"(\d[\d,]*)\.(\d+)", raw)
    if match is None:
        return None
    whole, decimals = match.group(1).replace(",", ""), match.group(2)
    if site.random.random() < 0.5 and len(whole) > 1:
        number = f"{whole[:-1]}.{whole[-1]}{decimals}"
    else:
        number = f"{whole}{decimals[0]}.{decimals[1:]}".rstrip(".").lstrip("0") or "0"
    return raw[: match.start()] + number + raw[match.end() :]


def _other_unit(site: Site, name: str) -> str | None:
    raw = site.raw(name)
    if "亿元" in raw:
        return raw.replace("亿元", "万元")
    if "万元" in raw:
        return raw.replace("万元", "元")
    return raw[:-1] + "万元" if raw.endswith("元") else None


def _stepped(least: Decimal, most: Decimal | None) -> Callable[[Site, str], str | None]:
    """A score moved by half marks or whole ones, within its limits."""

    def change(site: Site, name: str) -> str | None:
        raw = site.raw(name)
        match = re.search(r"\d+(?:\.\d+)?", raw)
        if match is None:
            return None
        step = site.random.choice([Decimal(s) for s in ("-2", "-1", "-0.5", "0.5", "1", "2")])
        new = Decimal(match.group()) + step
        if new < least or (most is not None and new > most):
            return None
        return raw[: match.start()] + _shown(new) + raw[match.end() :]

    return change


def _shown(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _roles(site: Site, names: Sequence[str], *roles: str) -> list[str]:
    figures = site.resolved.figures
    return [name for name in names if name in figures and set(figures[name].roles) & set(roles)]


def _full_mark(site: Site, score: str) -> Decimal | None:
    for claim in site.resolved.claims:
        if claim.cap is not None and claim.cap[0] == score:
            value = site.resolved.printed[claim.cap[1]].value
            return Decimal(value.numerator) / Decimal(value.denominator)
    return None


def part(site: Site) -> Edit | None:
    """A part of a sum."""
    return _replaced(site, site.pick(site.claim.plus), _digit) if site.claim.kind is ClaimName.SUM else None


def total(site: Site) -> Edit | None:
    """The total of a sum."""
    return _replaced(site, _result(site), _digit) if site.claim.kind is ClaimName.SUM else None


def rate(site: Site) -> Edit | None:
    """A printed rate."""
    return _replaced(site, _result(site), _digit) if site.claim.kind is ClaimName.RATIO else None


def share(site: Site) -> Edit | None:
    """A printed share."""
    return _replaced(site, _result(site), _digit) if site.claim.kind is ClaimName.SHARE else None


def _result(site: Site) -> str | None:
    return site.pick([site.claim.result] if site.claim.result else [])


def direction(site: Site) -> Edit | None:
    """增长 for 下降, or the other way round, before a rate of change."""
    claim = site.claim
    if claim.kind is not ClaimName.CHANGE or claim.result is None:
        return None
    if site.resolved.printed[claim.result].value == 0:
        return None
    flipped = claim.model_copy(update={"direction": "up" if claim.direction == "down" else "down"})
    if holds(flipped, site.resolved.printed):
        return None
    end = site.figure(claim.result).stretch.start
    before = site.resolved.text[max(0, end - 12) : end]
    for pair in _OPPOSITES:
        for word, other in (pair, pair[::-1]):
            if (at := before.rfind(word)) >= 0 and not re.search(r"[，。；,;]", before[at:]):
                start = end - len(before) + at
                return Edit(Stretch(start, start + len(word)), other)
    return None


def transposed(site: Site) -> Edit | None:
    """Two neighbouring digits swapped."""
    return _replaced(site, site.pick(figures_of(site.claim)), _transposed) if site.claim.kind in _COMPUTED else None


def shifted_point(site: Site) -> Edit | None:
    """The decimal point one place off."""
    return _replaced(site, site.pick(figures_of(site.claim)), _shifted) if site.claim.kind in _COMPUTED else None


def unit(site: Site) -> Edit | None:
    """元 for 万元, 万元 for 亿元, or the other way round."""
    return _replaced(site, site.pick(figures_of(site.claim)), _other_unit) if site.claim.kind in _COMPUTED else None


def restatement(site: Site) -> Edit | None:
    """One of two places that tell the same fact."""
    return _replaced(site, site.pick(site.claim.same), _digit) if site.claim.kind is ClaimName.RESTATEMENT else None


def item_score(site: Site) -> Edit | None:
    """The score of one item of a total."""
    if site.claim.kind is not ClaimName.SCORE_TOTAL:
        return None
    name = site.pick(_roles(site, site.claim.plus, "score"))
    return _replaced(site, name, _stepped(Decimal(0), _full_mark(site, name))) if name else None


def score_total(site: Site) -> Edit | None:
    """A stated total score."""
    if site.claim.kind is not ClaimName.SCORE_TOTAL or site.claim.result is None:
        return None
    name = site.pick(_roles(site, [site.claim.result], "score"))
    return _replaced(site, name, _stepped(Decimal(0), _full_mark(site, name) or Decimal(100))) if name else None


def above_full_mark(site: Site) -> Edit | None:
    """A score above its full mark."""
    if site.claim.cap is None:
        return None
    most = _full_mark(site, site.claim.cap[0])

    def over(site: Site, name: str) -> str | None:
        excess = site.random.choice([Decimal(s) for s in ("0.5", "1", "2")])
        number = _shown((most or Decimal(0)) + excess)
        return re.sub(r"\d+(?:\.\d+)?", number, site.raw(name), count=1)

    return _replaced(site, site.pick(site.claim.cap[:1]), over)


def grade(site: Site) -> Edit | None:
    """Another grade than the score's."""
    claim = site.claim
    if claim.kind is not ClaimName.GRADE or claim.at is None:
        return None
    place = site.resolved.place(claim.at)
    if place is None or len(place.marks) != 1:
        return None
    words, stretch = place.marks[0]
    own = next((g for g in _GRADES if g in words), None)
    if own is None:
        return None
    other = site.random.choice([g for g in _GRADES[:3] if g != own])
    named = {"优": "优秀", "良": "良好", "中": "中等"}[other] if len(words) == 2 and "等" not in words else other
    return Edit(stretch, named if len(words) <= 2 and words != own else words.replace(own, other))


def list_count(site: Site) -> Edit | None:
    """A number of things beside the list of them."""
    if site.claim.kind is not ClaimName.COUNT_OF_LIST or site.claim.count is None:
        return None
    name = site.claim.count
    words = "".join(site.raw(name).split())
    value = site.resolved.printed[name].value
    new = int(value) + (1 if value <= 2 or site.random.random() < 0.5 else -1)
    if re.match(r"\d", words):
        return Edit(site.figure(name).stretch, re.sub(r"^\d+", str(new), words), name)
    numerals = "零一二三四五六七八九十"
    if new > 10 or not re.match(r"[一二两三四五六七八九十]", words):
        return None
    return Edit(site.figure(name).stretch, re.sub(r"^[一二两三四五六七八九十]+", numerals[new], words), name)


def headcount(site: Site) -> Edit | None:
    """A number of people in a sum or a rate of staff."""
    names = _roles(site, figures_of(site.claim), "headcount", "establishment")
    return _replaced(site, site.pick(names), _digit) if site.claim.kind in _COMPUTED else None


def missed_target(site: Site) -> Edit | None:
    """An actual value short of its target where full marks are given."""
    claim = site.claim
    if claim.kind is not ClaimName.TARGET_MET or claim.actual is None or claim.target is None:
        return None
    row = claim.actual.rpartition(".")[0]
    caps = [c.cap for c in site.resolved.claims if c.cap and row and c.cap[0].rpartition(".")[0] == row]
    printed = site.resolved.printed
    if not caps or printed[caps[0][0]].base != printed[caps[0][1]].base:
        return None
    target = printed[claim.target]

    def short(site: Site, name: str) -> str | None:
        factor = Decimal(site.random.randint(70, 92)) / 100
        if claim.direction == "<=":
            factor = 2 - factor
        raw = site.raw(name)
        match = re.search(r"\d[\d,]*(?:\.\d+)?", raw)
        if match is None or target.scale != printed[name].scale:
            return None
        digits = match.group().partition(".")[2]
        goal = Decimal(target.value.numerator) / Decimal(target.value.denominator)
        new = (goal * factor).quantize(Decimal(1).scaleb(-len(digits)))
        return raw[: match.start()] + f"{new:f}" + raw[match.end() :]

    return _replaced(site, site.pick([claim.actual]), short)


def year(site: Site) -> Edit | None:
    """A result told for a year that has not been: a later one than the report's."""
    names = [n for n in figures_of(site.claim) if n in site.resolved.figures and site.figure(n).period is None]
    own = str(site.resolved.labels.year)
    for name in _roles(site, names, "actual", "income", "budget_initial", "budget_adjusted", "balance"):
        end = site.figure(name).stretch.start
        before = site.resolved.text[max(0, end - 16) : end]
        at = before.rfind(f"{own}年")
        if at >= 0 and not re.search(r"[。；\n]|\d", before[at + 4 :]):
            start = end - len(before) + at
            later = site.random.choice([int(own) + 2, int(own) + 10, int(own) + 20])
            return Edit(Stretch(start, start + 4), str(later))
    return None


KINDS: dict[str, Breaker] = {
    breaker.__name__: breaker
    for breaker in (
        part, total, rate, share, direction, transposed, shifted_point, unit, restatement, item_score, score_total,
        above_full_mark, grade, list_count, headcount, missed_target, year,
    )
}  # fmt: skip
