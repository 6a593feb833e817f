"""The rules by code, each one function; its docstring is the only source of what is said about it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from inspect import cleandoc
from typing import Any

from reviewer.errors import UsageError
from reviewer.lexicon import load
from reviewer.schema import (
    Claim,
    Evidence,
    Finding,
    Indicator,
    Outcome,
    Quantity,
    Reading,
    Reason,
    Severity,
    Source,
    Span,
)
from reviewer.settings import Language

OFFLINE = "offline"
"""How the reading by rules signs what it says."""


@dataclass(frozen=True)
class Context:
    """What a rule may look at. Rules do no arithmetic: they name and explain verdicts."""

    source: Source
    reading: Reading
    lang: Language

    def claims(self, *kinds: str) -> Iterator[Claim]:
        """Claims of these kinds that were contradicted."""
        for claim in self.reading.claims:
            if claim.kind in kinds and claim.verdict and claim.verdict.outcome is Outcome.CONTRADICTED:
                yield claim

    @cached_property
    def measures(self) -> dict[str, str]:
        """Quantity id → what it measures, in the report's words."""
        return {figure.quantity: figure.measure for figure in self.reading.figures}

    def quantities(self, claim: Claim) -> list[Quantity]:
        """The printed numbers a claim rests on, in reading order, each once."""
        ids = [operand.quantity for operand in claim.operands if operand.quantity]
        if claim.result:
            ids.append(claim.result)
        found = {quantity_id: self.source.quantity(quantity_id) for quantity_id in ids}
        return sorted(found.values(), key=lambda quantity: self.place(quantity.span))

    def operands(self, claim: Claim) -> list[Quantity]:
        """The printed operands in the order of the formula."""
        return [self.source.quantity(operand.quantity) for operand in claim.operands if operand.quantity]

    def open_claims(self, kind: str, concept: str) -> Iterator[Claim]:
        """Claims of a kind and concept that are undetermined for want of an explanation or of an operand."""
        for claim in self.reading.claims:
            verdict = claim.verdict
            if (claim.kind, claim.concept) != (kind, concept) or verdict is None:
                continue
            if verdict.outcome is Outcome.UNDETERMINED and verdict.reason is not Reason.NOT_EXACT:
                yield claim

    def place(self, span: Span) -> tuple[int, int]:
        """Where a span stands in reading order, over all documents."""
        return self._order[span.document], span.start

    @cached_property
    def _order(self) -> dict[str, int]:
        return {document.id: number for number, document in enumerate(self.source.documents)}

    def join(self, words: Iterable[str]) -> str:
        """Words as a list in the language of the review."""
        return texts(self.lang)["words"]["separator"].join(words)

    def identity(self, quantities: Iterable[Quantity]) -> tuple[str, ...]:
        """Measures and values, however they are laid out."""
        return tuple(f"{self.measures.get(q.id, '')} {q.value}{q.unit or ''}" for q in quantities)

    def named(self, quantity: Quantity) -> str:
        """「测度 数值」 for a message."""
        measure = self.measures.get(quantity.id, "")
        return f"{measure} {quantity.text}".strip()

    def evidence(self, *spans: Span) -> tuple[Evidence, ...]:
        """The sentences (or table rows) that hold these spans, verbatim, each once."""
        found: dict[tuple[str, int], Span] = {}
        for span in spans:
            sentence = self.source.sentence_at(span.document, span.start)
            whole = sentence.span if sentence else span
            found[whole.document, whole.start] = whole
        return tuple(Evidence(text=self.source.text(span), span=span) for span in found.values())


@dataclass(frozen=True, slots=True)
class Draft:
    """What a rule found: its message key and the words to fill it with; texts are in the catalogue."""

    severity: Severity
    evidence: tuple[Evidence, ...]
    claims: tuple[Claim, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    by: tuple[str, ...] = ()
    """Who says so, where no claim or indicator tells."""
    calculation: str | None = None
    diagnosis: str | None = None
    basis: str | None = None
    key: str = "message"
    """Which of the rule's messages in the catalogue, where it has several."""
    words: dict[str, str] = field(default_factory=dict)
    identity: tuple[str, ...] = ()
    """Measures and values that make this finding the same after a re-layout."""


Check = Callable[[Context], Iterator[Draft]]
_PARTS: dict[Language, tuple[str, ...]] = {
    "zh": ("查什么", "为什么", "示例", "依据", "已知遗漏"),
    "en": ("Finds", "Why", "Example", "Basis", "Known misses"),
}
_RULES: dict[str, "Rule"] = {}


def _joined(text: str) -> str:
    """A wrapped paragraph as one line; between Chinese characters a line end is no blank."""
    return re.sub(r"(?<=[^\x00-\xff]) (?=[^\x00-\xff])", "", " ".join(text.split()))


@dataclass(frozen=True)
class Rule:
    """A rule and its text. The first line of the docstring is `CODE 中文名 | English name`."""

    code: str
    check: Check
    doc: str

    @property
    def family(self) -> str:
        return self.code[:3]

    @cached_property
    def titles(self) -> dict[Language, str]:
        zh, en = self.doc.splitlines()[0].removeprefix(self.code).split("|")
        return {"zh": zh.strip(), "en": en.strip()}

    @cached_property
    def parts(self) -> dict[str, str]:
        """The labelled paragraphs of the docstring."""
        pieces = re.split(r"^([A-Z][A-Za-z ]*|[\u4e00-\u9fff]{2,6})[:：] ?", self.doc, flags=re.MULTILINE)
        return {label: _joined(text) for label, text in zip(pieces[1::2], pieces[2::2], strict=True)}

    def text(self, lang: Language) -> str:
        """Everything that is said about the rule, in one language."""
        shown = _PARTS[lang]
        lines = [f"{self.code} {self.titles[lang]}", ""]
        lines += [f"{label}: {self.parts[label]}" for label in shown if label in self.parts]
        return "\n".join(lines) + "\n"


def rule(code: str) -> Callable[[Check], Check]:
    """Register a check under a code that never changes."""

    def register(check: Check) -> Check:
        if code in _RULES:
            raise ValueError(f"rule {code} is registered twice")
        _RULES[code] = Rule(code, check, cleandoc(check.__doc__ or ""))
        return check

    return register


def registered() -> tuple[Rule, ...]:
    """All rules, by code."""
    return tuple(_RULES[code] for code in sorted(_RULES))


def find(code: str) -> Rule:
    """The rule with this code, in any case of letters. UsageError when there is none."""
    if (found := _RULES.get(code.upper())) is None:
        raise UsageError(f"no rule {code!r}", hint="`reviewer rules` lists them")
    return found


@cache
def texts(lang: Language) -> dict[str, dict[str, str]]:
    """The catalogue of messages, by rule code or group."""
    return {group: dict(entries) for group, entries in load(f"findings.{lang}").items()}


def fingerprint(code: str, identity: tuple[str, ...]) -> str:
    """Rule, measures and values as one short hash. Blanks do not count: line ends swallow some."""
    return sha256("\0".join((code, *("".join(part.split()) for part in identity))).encode()).hexdigest()[:16]


def finding(found: Rule, draft: Draft, context: Context) -> Finding:
    """The finding of a draft, in the language of the review."""
    catalogue = texts(context.lang)[found.code]
    by = sorted(
        {name for claim in draft.claims for name in claim.by}
        | set(draft.by)
        | {n for i in draft.indicators for n in i.by}
    )
    question = catalogue.get(f"{draft.key}_question", catalogue.get("question"))
    severity, message = _at_most(draft), catalogue[draft.key].format(**draft.words)
    if severity is Severity.ERROR and _from_pictures(draft, context):
        severity = Severity.WARNING
        message = texts(context.lang)["words"]["recognised"].format(message=message)
    return Finding(
        code=found.code,
        severity=severity,
        title=found.titles[context.lang],
        message=message,
        evidence=draft.evidence,
        claims=tuple(claim.id for claim in draft.claims),
        indicators=tuple(indicator.id for indicator in draft.indicators),
        calculation=draft.calculation,
        diagnosis=draft.diagnosis,
        question=question.format(**draft.words) if question else None,
        basis=draft.basis,
        by=tuple(by),
        fingerprint=fingerprint(found.code, draft.identity),
    )


def _at_most(draft: Draft) -> Severity:
    """No error rests on a reading that only a model makes, or that another reading of the same relation denies."""
    doubtful = draft.claims and all(claim.disputed or OFFLINE not in claim.by for claim in draft.claims)
    return Severity.WARNING if doubtful and draft.severity is Severity.ERROR else draft.severity


def _from_pictures(draft: Draft, context: Context) -> bool:
    """Whether anything a draft rests on was recognised in a picture, where a digit may have been misread."""
    numbers = (quantity for claim in draft.claims for quantity in context.quantities(claim))
    if any(quantity.confidence is not None for quantity in numbers):
        return True
    spans = (evidence.span for evidence in draft.evidence)
    return any(context.source.document(s.document).confidence(s.start, s.end) is not None for s in spans)


def drafted(context: Context, claim: Claim, severity: Severity, **more: Any) -> Draft:
    """The usual draft of one claim: its numbers as evidence, its formula, what makes it the same elsewhere.

    `more` adds to or replaces the draft's fields.
    """
    quantities = context.quantities(claim)
    usual: dict[str, Any] = {
        "severity": severity,
        "evidence": context.evidence(*(quantity.span for quantity in quantities)),
        "claims": (claim,),
        "calculation": claim.verdict.formula if claim.verdict else None,
        "words": {"values": context.join(context.named(quantity) for quantity in quantities)},
        "identity": context.identity(quantities),
    }
    return Draft(**{**usual, **more})
