"""The field's names for figures: which concept, which role, which rate the words before a number speak of."""

import re
from dataclasses import dataclass
from functools import cache

from reviewer.lexicon import load


@dataclass(frozen=True, slots=True)
class Concept:
    """A measure the field has a name for."""

    key: str
    dimension: str
    family: str
    """income, expenditure, balance, asset…: parts of a whole are of its family."""


@dataclass(frozen=True, slots=True)
class Named:
    """A concept found in words. `generic` when the word means the total of whatever is spoken of."""

    concept: Concept
    generic: bool
    term: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with a definition; roles are those of the figures to divide."""

    key: str
    of: str | None
    numerator: tuple[str, ...]
    denominators: tuple[str, ...]
    mistaken: tuple[str, ...]
    """Roles of the wrong bases that reports are seen to divide by."""


_QUOTES = re.compile(r"[“”\"'‘’]")
_BLANKS = re.compile(r"[ \t\u3000\u00a0]+")


def plain(words: str) -> str:
    """Words without quotation marks and blanks, as terms are written in the lexicon."""
    return _BLANKS.sub("", _QUOTES.sub("", words))


def _alternation(terms: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, terms), key=len, reverse=True)))


@cache
def _concept_terms(kind: str) -> tuple[dict[str, Concept], re.Pattern[str]]:
    """Terms of one kind, `terms` or `generic`, with what they name."""
    terms = {
        term: Concept(entry["key"], entry["dimension"], entry["class"])
        for entry in load("measures")["concept"]
        for term in entry.get(kind, ())
    }
    return terms, _alternation(list(terms))


def concept_in(words: str) -> Named | None:
    """The concept named last in `words` (plain); the longest term wins where several end together.

    A specific term is preferred to a generic one that merely qualifies it (三公经费实际支出 is 三公经费, actual).
    """
    for kind in ("terms", "generic"):
        terms, pattern = _concept_terms(kind)
        for term in reversed(pattern.findall(words)):
            if kind == "terms" or _speaks_of_the_whole(words, term):
                return Named(terms[term], kind == "generic", term)
    return None


def _speaks_of_the_whole(words: str, term: str) -> bool:
    """Whether a generic term stands alone: 「年度预算数」 does, 「养老保险缴费支出」 does not."""
    return re.search(load("measures")["generic"]["beside"], words.replace(term, "", 1)) is not None


@cache
def _roles() -> tuple[dict[str, str], re.Pattern[str]]:
    words = {word: entry["role"] for entry in load("measures")["role"] for word in entry["words"]}
    return words, _alternation(list(words))


@cache
def _neutral() -> re.Pattern[str]:
    return _alternation(load("measures")["neutral"][0]["words"])


def role_in(words: str) -> str | None:
    """The role named last in `words` (plain), if one is."""
    table, pattern = _roles()
    hits = [table[word] for word in pattern.findall(_neutral().sub("", words))]
    # 「年初收入预算」 is still the initial one.
    kinds = [role for role in hits if role.startswith("budget_")]
    return (kinds[-1] if kinds and hits[-1] == "budget" else hits[-1]) if hits else None


@cache
def _rates() -> tuple[dict[str, Rate], re.Pattern[str]]:
    by_key: dict[str, Rate] = {}
    named: list[str] = []
    for entry in load("rates")["rate"]:
        by_key[entry["key"]] = Rate(
            entry["key"],
            entry.get("of"),
            tuple(entry["numerator"]),
            tuple(entry["denominators"]),
            tuple(entry.get("mistaken", ())),
        )
        forms = "|".join([_alternation(entry["terms"]).pattern, *entry.get("forms", ())])
        named.append(f"(?P<{entry['key']}>{forms})")
    return by_key, re.compile(f"(?:{'|'.join(named)}){load('rates')['tail']}")


def rate_in(words: str) -> tuple[Rate, str] | None:
    """The defined rate that `words` (plain) end in, and the term that names it, if they do."""
    by_key, pattern = _rates()
    match = pattern.search(words)
    if match is None or match.lastgroup is None:
        return None
    return by_key[match.lastgroup], match.group(match.lastgroup)


def rate(key: str) -> Rate:
    """The rate with this key. KeyError when there is none."""
    return _rates()[0][key]


def is_pool(concept: str) -> bool:
    """Whether a concept stands for a family of figures rather than for one."""
    return concept in load("measures")["restated"]["not"]


def control_rate(concept: str | None) -> Rate | None:
    """The rate that a bare 控制率 means when `concept` is what is spoken of."""
    return next((rate for rate in _rates()[0].values() if concept and rate.of == concept), None)


@cache
def _named_rates() -> re.Pattern[str]:
    return _alternation(load("rates")["named"][0]["terms"])


def names_a_rate(words: str) -> bool:
    """Whether the words name any rate of the field, defined here or not."""
    return rate_in(words) is not None or _named_rates().search(words) is not None


@cache
def compositions() -> tuple[tuple[str, frozenset[str]], ...]:
    """Wholes whose parts are complete by definition, as (whole, parts)."""
    return tuple((entry["whole"], frozenset(entry["parts"])) for entry in load("measures")["composition"])
