"""Whether words give a reason for what figures show."""

import re

from reviewer.lexicon import load


def explains_adjustment(text: str) -> bool:
    """Whether some sentence says why a budget was adjusted: what changed and because of what."""
    words = load("reasons")
    return any(
        re.search(words["alone"], sentence)
        or (re.search(words["adjusted"], sentence) and re.search(words["because"], sentence))
        for sentence in re.split("[。；;\n]", text)
    )


def explains_far_away(text: str, *, cut: bool) -> bool:
    """Whether a sentence anywhere says what changed, that it was the budget, which way, and because of what."""
    words = load("reasons")
    way = words["cut" if cut else "raised"]
    return any(
        re.search(words["budget"], sentence) and re.search(way, sentence) and re.search(words["because"], sentence)
        for sentence in re.split("[。\n]", text)
    )


def explains_surplus(text: str) -> bool:
    """Whether the words say why money was left, or what became of it."""
    return any(
        re.search(load("reasons")["left"], sentence) and re.search(load("reasons")["left_because"], sentence)
        for sentence in re.split("[。\n]", text)
    )


def is_headed_as_explanation(title: str) -> bool:
    """Whether a heading announces the explanation of an adjustment."""
    return re.search(load("reasons")["alone"], title) is not None


def explains_shortfall(text: str) -> bool:
    """Whether the words say why money was not spent."""
    return re.search(load("reasons")["unspent"], text) is not None
