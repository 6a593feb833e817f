"""The examples of a rule, as `tests/rules/CODE.toml` holds them; some come with the answer of a model."""

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from reviewer.extraction.model.answers import IndicatorClass
from reviewer.schema import ConcernKind, ExcuseKind, IndicatorIssue, Severity
from tests.model_kit import lines_in, mute

Kind = Literal["flagged", "passing", "excused", "known_miss", "known_alarm"]


class Said(BaseModel):
    """A concern as a model raises it, its sentences given by words of theirs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ConcernKind
    sentences: tuple[str, ...]
    text: str
    question: str | None = None


class Critique(BaseModel):
    """An indicator as a model criticises it: words of its sentence, its name, what it lacks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sentence: str
    name: str
    issues: tuple[IndicatorIssue, ...]
    level: IndicatorClass | None = None
    suggestion: str | None = None


class Example(BaseModel):
    """A small report and what a rule has to make of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str
    why: str
    others: tuple[str, ...] = ()
    """Further documents of the same dossier."""
    severity: Severity | None = None
    """Of the finding; an excused example without one is silent."""
    calculation: str | None = None
    excuse: ExcuseKind | None = None
    verified: str | None = None
    """Formula of a claim that must be verified, so that the silence has a reason."""
    noted: str | None = None
    """Name of an indicator that must be noted, so that the silence has a reason."""
    concerns: tuple[Said, ...] | None = None
    critiques: tuple[Critique, ...] | None = None
    """With either, the report is reviewed with a model that answers this; without, by rules alone."""
    rejected: dict[str, int] | None = None
    """What of the model's answer must be refused, so that the silence has a reason."""

    @property
    def has_model(self) -> bool:
        return self.concerns is not None or self.critiques is not None


class Examples(BaseModel):
    """A rule's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    no_excuse: str | None = None
    flagged: tuple[Example, ...] = ()
    passing: tuple[Example, ...] = ()
    excused: tuple[Example, ...] = ()
    known_miss: tuple[Example, ...] = ()
    known_alarm: tuple[Example, ...] = ()

    def of(self, kind: Kind) -> tuple[Example, ...]:
        return {
            "flagged": self.flagged,
            "passing": self.passing,
            "excused": self.excused,
            "known_miss": self.known_miss,
            "known_alarm": self.known_alarm,
        }[kind]


def answered(example: Example, task: str, text: str) -> dict[str, Any]:
    """What the example's model says to one question; words that are nowhere shown give an id that is not there."""
    lines = {name: re.sub(r"\{q\d+:([^}]*)\}", r"\1", line) for name, line in lines_in(text)}

    def id_of(words: str) -> str:
        return next((name for name, line in lines.items() if words in line), "s999")

    match task:
        case "raise_concerns":
            said = [c.model_dump(mode="json") for c in example.concerns or ()]
            return {"concerns": [{**c, "sentences": [id_of(words) for words in c["sentences"]]} for c in said]}
        case "critique_indicators":
            nothing = dict.fromkeys(("target", "actual", "weight", "score"))
            found = [{**c.model_dump(mode="json"), **nothing} for c in example.critiques or ()]
            return {"indicators": [{**c, "sentence": id_of(c["sentence"])} for c in found]}
    return mute(task, text)
