"""The conclusion in three sentences. What was not checked, or could not be, is never told as "no problem"."""

from collections import Counter
from collections.abc import Sequence

from reviewer.memo.markup import Safe
from reviewer.memo.texts import Texts
from reviewer.schema import Outcome, Review, SectionStatus, Severity

__all__ = ["conclusion", "foremost", "judged"]


def conclusion(review: Review, found: Sequence[Safe], *, form_reported: bool, t: Texts) -> list[Safe]:
    """What matters most, how many findings, how much was checked; each with the limits that belong to it."""
    return [foremost(review, found, t), _counts(review, t), _checked(review, form_reported, t)]


def foremost(review: Review, found: Sequence[Safe], t: Texts) -> Safe:
    """What matters most: the gravest findings, `found` in words, or why there are none."""
    if found:
        return t("conclusion.foremost", items=t.join(found))
    if review.findings:
        return t("conclusion.only_notes")
    # Without a single recomputed relation, the absence of findings means nothing at all.
    return t("conclusion.none") if judged(review) else t("conclusion.none_unchecked")


def judged(review: Review) -> int:
    """How many relations the arithmetic decided, one way or the other."""
    claims = review.coverage.claims
    return claims.get(Outcome.VERIFIED, 0) + claims.get(Outcome.CONTRADICTED, 0)


def _counts(review: Review, t: Texts) -> Safe:
    by_severity = Counter(finding.severity for finding in review.findings)
    return t(
        "conclusion.counts",
        total=len(review.findings),
        error=by_severity[Severity.ERROR],
        warning=by_severity[Severity.WARNING],
        note=by_severity[Severity.NOTE],
    )


def _checked(review: Review, form_reported: bool, t: Texts) -> Safe:
    coverage = review.coverage
    sentences = [
        t(
            "conclusion.checked",
            quantities=coverage.quantities,
            labelled=coverage.labelled,
            unlabelled=coverage.unlabelled,
            verified=coverage.claims.get(Outcome.VERIFIED, 0),
            contradicted=coverage.claims.get(Outcome.CONTRADICTED, 0),
            undetermined=coverage.claims.get(Outcome.UNDETERMINED, 0),
        )
    ]
    if not coverage.claims.get(Outcome.VERIFIED, 0):
        sentences.append(t("conclusion.nothing_verified" if not judged(review) else "conclusion.none_held"))
    if unread := sum(1 for section in review.sections if section.status is not SectionStatus.OK):
        sentences.append(t("conclusion.unread", count=unread))
    if coverage.gaps:
        sentences.append(t("conclusion.gaps", count=len(coverage.gaps)))
    sentences.append(t("conclusion.evidence_unchecked" if form_reported else "conclusion.form_unchecked"))
    return Safe(t("form.sentence_gap").join(sentences))
