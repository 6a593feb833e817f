"""Three sentences for the head of the memo, written by a model over findings that stand already."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.extraction.model.answers import NarrativeAnswer
from reviewer.extraction.model.guard import grounded, tidy
from reviewer.extraction.model.masking import Masker
from reviewer.extraction.model.tagging import about
from reviewer.llm.asking import Ask, Asker, Spent
from reviewer.llm.prompts import load
from reviewer.schema import Finding, Severity, Source
from reviewer.settings import Language

_MOST = 40
_SENTENCES = 3
_LEVELS = {Severity.ERROR: "错误", Severity.WARNING: "疑点", Severity.NOTE: "提示"}
_LANGUAGES: dict[Language, str] = {"zh": "中文", "en": "英文"}


@dataclass(frozen=True, slots=True)
class Narrative:
    """What a model wrote over the findings, and how asking it went."""

    sentences: tuple[str, ...] = ()
    spent: Spent = field(default_factory=Spent)
    prompts: dict[str, str] = field(default_factory=dict)
    gaps: tuple[str, ...] = ()


async def narrate(source: Source, findings: Sequence[Finding], language: Language, asker: Asker) -> Narrative:
    """Up to three sentences; those that cite no finding or bring a number of their own are left out."""
    if not findings:
        return Narrative()
    masker = Masker.of(source)
    named = {f"f{number}": finding for number, finding in enumerate(findings[:_MOST], 1)}
    rows = [f"{name} | {_LEVELS[f.severity]} | {f.title} | {f.message}" for name, f in named.items()]
    prompt = load("summarise_findings")
    values = {
        "language": _LANGUAGES[language],
        "about": about(source, masker),
        "findings": masker.masked("\n".join(rows)),
    }

    def check(answer: NarrativeAnswer) -> tuple[str, ...]:
        cited = [name for sentence in answer.sentences for name in sentence.findings]
        return tuple(f"编号 {name} 不在所列发现中" for name in dict.fromkeys(cited) if name not in named)

    ask = Ask(prompt.name, prompt.version, prompt.messages(values), NarrativeAnswer, prompt.parameters, check)
    reply = await asker.ask(ask)
    sent = {prompt.name: prompt.stamp}
    if reply.answer is None:
        return Narrative(spent=reply.spent, prompts=sent, gaps=(f"{prompt.name}: {reply.reason or reply.status}",))
    kept: list[str] = []
    for sentence in reply.answer.sentences[:_SENTENCES]:
        cited = [named[name] for name in sentence.findings if name in named]
        grounds = [text for f in cited for text in (f.message, f.calculation or "", *(e.text for e in f.evidence))]
        text = tidy(masker.unmasked(sentence.text))
        if cited and text and grounded(text, *grounds):
            kept.append(text)
    return Narrative(tuple(kept), reply.spent, sent)
