"""Do labels hold? Every quote found, every relation recomputed, every printed digit accounted for."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from eval.arithmetic import NotComputable, holds
from eval.labels import NUMERIC_FAMILIES, ClaimLabel, ClaimName, Fixture, RoleName
from eval.quoting import QuoteError, Stretch, without_layout
from eval.resolving import Resolved

_ROLES = frozenset(get_args(RoleName))
_ENCODINGS = ("utf-8-sig", "gb18030")
_DIGITS = re.compile(r"[0-9０-９]+(?:[.,，．][0-9０-９]+)*")
_MEASURES_NOTHING = (
    r"(?:19|20)\d{2}\s*[-—–～~至]\s*(?:19|20)\d{2}\s*年",
    r"(?:19|20)\d{2}\s*(?:年度?|/)(?:\s*\d{1,2}\s*(?:月|/)(?:\s*\d{1,2}\s*日?)?)?",
    r"\d{1,2}\s*[-—–～~至]\s*\d{1,2}\s*月",
    r"\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?(?!以上)",
    r"[〔\[（(](?:19|20)\d{2}[〕\]）)]\s*第?\s*\d+\s*号",
    r"第\s*\d+\s*[条款号项页季]",
    r"(?:0\d{2,3}[-—－]\s*\d{7,8}|1[3-9]\d{9}|\b12345\b)",
    r"(?:附件|附表|表|图|附)\s*\d+",
    r"\d{1,2}[:：]\d{2}",
    r"^[\s#*>（(|\-]*\d{1,2}(?:\.\d{1,2}){0,3}\s*[.、．)）]",
    r"(?<=[。；：\s|])[（(]?\d{1,2}[.、．)）](?!\d)",
    r"[（(]\d{1,2}[）)]",
)
_NOTHING = re.compile("|".join(_MEASURES_NOTHING), re.MULTILINE)


def encoding_of(path: Path) -> str:
    """The encoding a report's bytes are in: UTF-8 or GB18030."""
    data = path.read_bytes()
    for encoding in _ENCODINGS:
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise ValueError(f"{path.name}: neither UTF-8 nor GB18030")


def raw_text(path: Path) -> str:
    """A report's text, in whichever encoding it comes."""
    return path.read_bytes().decode(encoding_of(path))


def text_of(path: Path) -> str:
    """A report's text with what is layout only (page numbers, table rules) blanked; offsets are those of `raw_text`."""
    return without_layout(raw_text(path))


def faults(fixture: Fixture) -> Iterator[str]:
    """Everything that is wrong with a fixture's labels, one line each."""
    resolved = Resolved(fixture.labels, text_of(fixture.path))
    yield from dict.fromkeys(resolved.faults)
    yield from _names(resolved)
    yield from _ambiguous(resolved)
    yield from _claims(resolved)
    yield from _quotes(resolved)
    yield from _families(resolved)
    yield from _uncovered(resolved)


def _names(resolved: Resolved) -> Iterator[str]:
    given = Counter(label.id for label in resolved.labels.figures)
    yield from (f"figure id used twice: {name}" for name, times in given.items() if times > 1)
    for figure in resolved.figures.values():
        if unknown := set(figure.roles) - _ROLES:
            yield f"{figure.name}: no role {', '.join(sorted(unknown))}"
        if not all(figure.measures):
            yield f"{figure.name}: no measure"
    taken: dict[Stretch, str] = {}
    for figure in resolved.figures.values():
        if (other := taken.setdefault(figure.stretch, figure.name)) != figure.name:
            yield f"{figure.name} and {other} mark the same number"


def _ambiguous(resolved: Resolved) -> Iterator[str]:
    """Figures whose quote occurs more often, unless every occurrence is labelled."""
    labelled = {figure.stretch for figure in resolved.figures.values()}
    for label in resolved.labels.figures:
        times = resolved.squeezed.count(label.at)
        places = [resolved.squeezed.find(label.at, nth) for nth in range(1, times + 1)]
        if any(stretch not in labelled for place in places for _, stretch in place.marks):
            yield f"{label.id}: occurs {times} times; quote more, or label the others: {label.at}"


def _claims(resolved: Resolved) -> Iterator[str]:
    for claim in resolved.claims:
        shown = claim.id or claim.model_dump_json(exclude_defaults=True)
        try:
            true = holds(claim, resolved.printed)
        except NotComputable as error:
            yield f"claim {shown}: {error}"
            continue
        if claim.outcome == "undetermined" and not claim.why:
            yield f"claim {shown}: undetermined, but why?"
        if claim.outcome != "undetermined" and true is not (claim.outcome == "verified"):
            yield f"claim {shown}: labelled {claim.outcome}, but by the printed numbers it is {str(true).lower()}"
        yield from _items(claim, resolved, shown)
        # A target that is not met is told openly as often as not; only a finding says whether it is a defect.
        admitted = claim.kind is ClaimName.TARGET_MET
        if claim.outcome == "contradicted" and claim in resolved.labels.claims and not admitted:
            yield from _unexplained(claim, resolved, shown)


def _items(claim: ClaimLabel, resolved: Resolved, shown: str) -> Iterator[str]:
    for quote in (*claim.items, *((claim.at,) if claim.at else ())):
        try:
            resolved.squeezed.find(quote)
        except QuoteError as error:
            yield f"claim {shown}: {error}"


def _unexplained(claim: ClaimLabel, resolved: Resolved, shown: str) -> Iterator[str]:
    """A contradiction that no finding and no tolerated one marks."""
    involved = {resolved.figures[name].stretch for name in figures_of(claim) if name in resolved.figures}
    told = {number for finding in (*resolved.findings, *resolved.tolerated) for number in finding.numbers}
    if involved and not involved & told:
        yield f"claim {shown}: contradicted, but no finding marks one of its numbers"


def figures_of(claim: ClaimLabel) -> tuple[str, ...]:
    """Names of all figures a claim rests on, its result last."""
    pairs = (claim.over, claim.change, claim.cap, claim.less, claim.possible)
    single = (claim.actual, claim.target, claim.score, claim.count, claim.result)
    return (
        *claim.plus,
        *claim.minus,
        *(name for pair in pairs if pair for name in pair),
        *claim.same,
        *claim.product,
        *(name for name in single if name),
    )


def _quotes(resolved: Resolved) -> Iterator[str]:
    known = len(resolved.faults)
    for label in resolved.labels.indicators:
        resolved.place(label.at, label.nth)
    for judgement in resolved.labels.judgements:
        resolved.evidence(judgement)
    for quote in resolved.labels.others:
        resolved.place(quote)
    yield from resolved.faults[known:]


def _families(resolved: Resolved) -> Iterator[str]:
    if not resolved.labels.is_sound:
        return
    for label in resolved.labels.findings:
        if label.severity != "note" and NUMERIC_FAMILIES.intersection(label.family):
            yield f"a sound report has a finding {'|'.join(label.family)}: {label.why}"


def _uncovered(resolved: Resolved) -> Iterator[str]:
    covered = [figure.stretch for figure in resolved.figures.values()]
    for quote in resolved.labels.others:
        if place := resolved.place(quote):
            covered.extend(stretch for _, stretch in place.marks)
    covered.extend(Stretch(*match.span()) for match in _NOTHING.finditer(resolved.text))
    for match in _DIGITS.finditer(resolved.text):
        if not any(stretch.meets(Stretch(*match.span())) for stretch in covered):
            around = resolved.text[max(0, match.start() - 12) : match.end() + 6].replace("\n", " ")
            yield f"no label for the number in: …{around}…"
