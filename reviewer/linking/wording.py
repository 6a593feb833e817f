"""Names of measures as sets of words, to tell whether two places speak of one thing."""

import re
from functools import cache

from reviewer.lexicon import load
from reviewer.lexicon.measures import plain


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load("goals")[name])


def told_in(name: str, text: str) -> bool:
    """Whether the lexicon's pattern `name` of goals occurs in a text."""
    return _pattern(name).search(text) is not None


def bare(measure: str) -> str:
    """A measure's name without the words of aiming around it: 确保…保持."""
    return _pattern("aiming_behind").sub("", _pattern("aiming_before").sub("", plain(measure)))


def stem(measure: str) -> str:
    """What a rate is about: 化解 of 参与化解成功率."""
    name = re.sub("[率度]$", "", bare(measure))
    for common in load("reasons")["common"]:
        name = name.replace(common, "")
    return name


def words(text: str) -> set[str]:
    """Pairs of neighbouring characters: the nearest thing to words without a dictionary."""
    letters = re.sub(r"[^\u4e00-\u9fff]+", " ", plain(text))
    return {letters[at : at + 2] for at in range(len(letters) - 1) if " " not in letters[at : at + 2]}


def name_words(measure: str) -> set[str]:
    """The words of a name that tell it from others."""
    return words(re.sub("(?:" + "|".join(load("reasons")["common"]) + ")", " ", re.sub("[率度性]$", "", bare(measure))))


def head(measure: str) -> str | None:
    """The word that says what a rate counts: 化解 of 疑难纠纷化解率; None for a name that is no rate's."""
    match = re.search(r"([\u4e00-\u9fff]{2})[率度性]$", bare(measure))
    return match.group(1) if match else None


def outcome(measure: str) -> int | None:
    """Which kind of outcome a rate's name tells (化解, 调处 and 办结 are one), as its number in the lexicon."""
    if not re.search("[率度性]$", bare(measure)):
        return None
    name = stem(measure)
    found = [
        (match.end(), kind)
        for kind, terms in enumerate(load("goals")["outcomes"])
        for match in re.finditer(terms, name)
    ]
    return max(found)[1] if found else None


def tells(measure: str, text: str) -> bool:
    """Whether a text tells an outcome of the kind that a rate's name tells."""
    kind = outcome(measure)
    return kind is not None and re.search(load("goals")["outcomes"][kind], text) is not None


def stretch(one: str, other: str) -> str:
    """The longest stretch of words in both."""
    found = ""
    for start in range(len(one)):
        while start + len(found) < len(one) and one[start : start + len(found) + 1] in other:
            found = one[start : start + len(found) + 1]
    return found
