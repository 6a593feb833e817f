"""What a verdict means to a reviewer: rules name and explain, they never compute."""

from hashlib import sha256

from reviewer.checks import (
    bounds,
    changes,
    counts,
    duplicates,
    explanations,
    indicators,
    judgement,
    rates,
    scores,
    security,
    structure,
    sums,
    targets,
    wording,
)
from reviewer.checks.registry import Context, Rule, find, finding, registered
from reviewer.schema import Finding, Reading, Severity, Source
from reviewer.settings import Language

__all__ = ["FAMILIES", "Rule", "check", "fingerprint", "rule", "rules"]

FAMILIES = (
    sums,
    rates,
    changes,
    duplicates,
    scores,
    targets,
    counts,
    bounds,
    explanations,
    indicators,
    structure,
    wording,
    judgement,
    security,
)
"""Importing a family registers its rules."""

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


def rules() -> tuple[Rule, ...]:
    """All rules, by code."""
    return registered()


def rule(code: str) -> Rule:
    """The rule with this code. UsageError when there is none."""
    return find(code)


def fingerprint() -> str:
    """Hash over the rules' codes and texts."""
    return sha256("\0".join(found.doc for found in registered()).encode()).hexdigest()[:16]


def check(source: Source, reading: Reading, lang: Language) -> tuple[Finding, ...]:
    """Every rule's findings: errors first, then in the order of the text."""
    context = Context(source, reading, lang)
    found = [finding(item, draft, context) for item in registered() for draft in item.check(context)]
    found.sort(key=lambda f: (_ORDER[f.severity], *context.place(f.evidence[0].span), f.code))
    return tuple(found)
