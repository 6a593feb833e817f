"""Numbers as a text writes them: what the guard compares, whatever script and unit they come in."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from reviewer.lexicon import load

NUMERALS = "零一二三四五六七八九十百千万亿"
_DIGITS = re.compile(r"\d[\dOIl]*(?:[.,:/][\dOIl]*\d)*")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PART = re.compile(rf"([{NUMERALS}]+|\d+)分之((?:[{NUMERALS}]+(?:点[零一二三四五六七八九]+)?)|\d+(?:\.\d+)?)")
_RUN = re.compile(rf"[{NUMERALS}]+(?:点[零一二三四五六七八九]+)?")
_ROMAN = re.compile(r"(?<![A-Za-z])[IVX]{2,}(?![A-Za-z])")
_PERCENT = {"百": "%", "千": "‰", "万": "‱"}
_PAUSES = "。！？；：，、,.;:!?（(“\n"
# What full-width forms become: a comma or colon of prose parts two numbers, the half-width one may join them.
_KEPT = "，：；！？（）"
_SQUARED = "²³㎡㎥"
# Percentage points under a sign of their own: as it is written, the unit looks like a numeral.
_POINTS = re.compile("个?百分点")
_POINT = "\ue000"
_ARTICLES = ("一", "二")


@dataclass(frozen=True, slots=True)
class Written:
    """A number in the one form it is compared in."""

    form: str
    """Digits without thousands separators; Chinese numerals in their plain characters; 第 before an ordinal."""
    multiplier: str = ""
    """万 behind digits."""
    unit: str | None = None
    """Canonical, where one is printed."""

    def stands_for(self, printed: "Written") -> bool:
        """Whether this is the printed number, told with the same unit or none."""
        if self.form != printed.form:
            return False
        if self.unit is None:
            return self.multiplier in ("", printed.multiplier)
        if self.multiplier != printed.multiplier or printed.unit is None:
            return False
        if self.unit == printed.unit or {self.unit, printed.unit} <= _persons():
            return True
        of_things = _kinds().get(printed.unit) == "count" and printed.unit not in _persons()
        return of_things and self.unit in _general()

    @property
    def is_article(self) -> bool:
        """一个, 两处: as often a manner of speaking as a number."""
        unit = self.unit or ""
        return self.form in _ARTICLES and (_kinds().get(unit) == "count" or unit in load("written")["units"]["speech"])


@lru_cache(maxsize=4096)
def numbers_in(text: str) -> tuple[Written, ...]:
    """The numbers of a text in reading order; words such as 一致 or 进一步 hold none."""
    plain, signs = _plain(text)
    return (*(Written(sign) for sign in signs), *_found(_numerals(_without_words(plain))))


def _plain(text: str) -> tuple[str, list[str]]:
    """The text in plain characters, and the signs that are numbers by themselves: ⑤, Ⅳ, ½, a superscript."""
    pieces: list[str] = []
    signs: list[str] = []
    variants = load("written")["variants"]
    for char in text:
        category = unicodedata.category(char)
        if category in ("Cf", "Mn", "Me"):
            continue
        if char in variants:
            pieces.append(char)
        elif category == "Nd":
            pieces.append(str(unicodedata.digit(char)))
        elif char in _SQUARED and pieces and (char in "㎡㎥" or pieces[-1] in ("m", "米")):
            pieces.append(char)
        elif category in ("No", "Nl"):
            signs.append(char)
            pieces.append(" ")
        elif char in _KEPT:
            pieces.append(char)
        else:
            plain = unicodedata.normalize("NFKC", char)
            apart = plain != char and re.search(rf"[\d{NUMERALS}]", plain) and len(plain) > 1
            pieces.append(f" {plain} " if apart else plain)
    return _POINTS.sub(_POINT, re.sub(r"[ \t]+", " ", "".join(pieces))), signs


def _numerals(text: str) -> str:
    """两, 廿 and 叁佰 in plain numerals; a formal one by itself is part of a word, unless a unit follows or none."""
    formal = load("written")["formal"]
    text = text.translate(str.maketrans(load("written")["variants"]))

    def written(run: re.Match[str]) -> str:
        tail = _tail().match(text, run.end())
        alone = not re.match(r"[\u4e00-\u9fff]", text[run.end() : run.end() + 1])
        told = len(run.group()) > 1 or alone or (tail is not None and tail["unit"])
        return "".join(formal.get(char, char) for char in run.group()) if told else run.group()

    return _compiled(f"[{''.join(formal)}{NUMERALS}]+").sub(written, text)


def _without_words(text: str) -> str:
    return _words().sub(lambda word: "　" * len(word.group()), text)


@cache
def _words() -> re.Pattern[str]:
    """What holds a numeral and tells no number."""
    phrases = load("phrases")
    scored = "".join(f"(?<!{word})" for word in phrases["scored"])
    pauses = re.escape(_PAUSES)
    return re.compile(
        "|".join(
            (
                *load("written")["words"]["idioms"],
                *phrases["names"],
                rf"{scored}十分(?![、，。；：\s）)]|$)",
                rf"(?:(?<=[{pauses}])|^)第?[一二三四五六七八九十](?=[是、])",
                f"(?:{'|'.join(word for word in phrases['determiners'] if '(' not in word)})一(?![月日号季])",
            )
        )
    )


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Where a number may begin, in the order of preference at one place."""
    words = load("written")["words"]
    english = re.compile(rf"(?<![A-Za-z])(?:{words['english']})(?![A-Za-z])", re.IGNORECASE)
    halves = re.compile(words["halves"])
    return (
        ("part", _PART),
        ("digits", _DIGITS),
        ("half", halves),
        ("run", _RUN),
        ("roman", _ROMAN),
        ("english", english),
    )


def _found(text: str) -> Iterator[Written]:
    at = 0
    while matches := [(name, found) for name, pattern in _patterns() if (found := pattern.search(text, at))]:
        name, found = min(matches, key=lambda pair: pair[1].start())
        written, at = _one(name, found, text)
        if written is not None:
            yield written


def _one(name: str, found: re.Match[str], text: str) -> tuple[Written | None, int]:
    """The number a match is, if it is one, and where reading goes on."""
    end = found.end()
    if name == "part":
        return _proportion(found), end
    if name in ("half", "roman", "english"):
        return Written(found.group().lower()), end
    tail = _tail().match(text, end)
    assert tail is not None  # matches the empty string too
    multiplier, unit = tail["multiplier"] or "", tail["unit"]
    before = text[found.start() - 1 : found.start()]
    ordinal = "第" * (before == "第")
    if name == "digits":
        form = found.group()
        form = form.replace(",", "") if _GROUPED.fullmatch(form) else form
        return Written(ordinal + form, multiplier, _unit(unit)), tail.end()
    form = found.group()
    vague = form != "万" and _compiled(load("written")["words"]["vague"]).fullmatch(before)
    alone = form not in "百千万亿" and not re.match(r"[\u4e00-\u9fff]", text[end : end + 1])
    if not (ordinal or len(form) > 1 or unit or vague or alone or form == "零"):
        # 三农, 四川, 陆续: part of a word.
        return None, end
    return Written(ordinal + form, multiplier, _unit(unit)), max(end, tail.end())


def _proportion(found: re.Match[str]) -> Written:
    whole, part = found.groups()
    if whole in _PERCENT:
        return Written(part, "", _PERCENT[whole])
    return Written(f"{whole}分之{part}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@cache
def _spellings() -> dict[str, str]:
    units = load("units")["unit"]
    named = {spelling: unit["name"] for unit in units for spelling in (unit["name"], *unit.get("spellings", ()))}
    return {name: name for name in load("written")["units"]["more"]} | named | {_POINT: "个百分点"}


@cache
def _tail() -> re.Pattern[str]:
    """A multiplier and a unit, as they stand behind a number."""
    guards = {}
    for unit in load("units")["unit"]:
        for spelling in (unit["name"], *unit.get("spellings", ())):
            guards[spelling] = f"(?!{unit['not_before']})" if "not_before" in unit else ""
            if spelling[-1].isascii() and spelling[-1].isalpha():
                guards[spelling] += "(?![A-Za-z])"
    spelled = sorted(_spellings(), key=len, reverse=True)
    alternatives = "|".join(re.escape(name) + guards.get(name, "") for name in spelled)
    factors = "|".join(sorted(load("units")["multipliers"], key=len, reverse=True))
    return re.compile(rf" ?[余多来几]?(?P<multiplier>{factors})?[余多]? ?(?P<unit>{alternatives})?")


def _unit(spelling: str | None) -> str | None:
    return None if spelling is None else _spellings()[spelling]


@cache
def _kinds() -> dict[str, str]:
    return {unit["name"]: unit["dimension"] for unit in load("units")["unit"]}


@cache
def _persons() -> frozenset[str]:
    return frozenset(load("written")["units"]["persons"])


@cache
def _general() -> frozenset[str]:
    return frozenset(load("written")["units"]["general"])
