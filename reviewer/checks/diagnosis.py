"""What a verdict's excuse says, in words, and how far it softens a finding."""

from reviewer.checks.registry import Context, texts
from reviewer.schema import Claim, ExcuseKind, Severity

_MILDER = (ExcuseKind.TRUNCATED, ExcuseKind.OTHER_OPERANDS, ExcuseKind.UNIT_SLIP, ExcuseKind.SIGN)
"""Explanations that a unit may rightly give; a suspected typing error is none: the figures still disagree."""
_OTHER_YEAR = "change/other_year"
"""A change divided by the wrong year's level is named, but no way to compute it."""


def _roles(context: Context, label: str) -> str:
    words = texts(context.lang)["roles"]
    return "/".join(words.get(part, part) for part in label.split("/"))


def diagnosis(context: Context, claim: Claim) -> str | None:
    """The explanation the arithmetic found, or None."""
    excuse = claim.verdict.excuse if claim.verdict else None
    if excuse is None:
        return None
    words = {"formula": excuse.formula, "label": "", "text": ""}
    if excuse.kind is ExcuseKind.OTHER_OPERANDS and excuse.label:
        words["label"] = _roles(context, excuse.label)
    elif excuse.label:
        words["text"] = context.source.quantity(excuse.label).text
    slip = excuse.kind in (ExcuseKind.UNIT_SLIP, ExcuseKind.DIGIT_SLIP) and excuse.label is None
    return texts(context.lang)["diagnosis"][f"{excuse.kind}_restated" if slip else excuse.kind].format(**words)


def severity(claim: Claim, worst: Severity) -> Severity:
    """`worst`, or a warning where the report itself offers an explanation or does not tie the figures together."""
    excuse = claim.verdict.excuse if claim.verdict else None
    if not claim.tied or (excuse and excuse.kind in _MILDER and excuse.label != _OTHER_YEAR):
        return Severity.WARNING if worst is Severity.ERROR else worst
    return worst
