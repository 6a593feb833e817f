"""What a model may answer: flat records of ids, enums and short words.

They are kept to what strict structured output, llama.cpp's grammars and xgrammar all take: no open dictionaries, no
tuples, no patterns or limits, every field present, `null` where there is nothing. None has a field for a number's
value.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from reviewer.schema import ConcernKind, IndicatorIssue, Role


class Answer(BaseModel):
    """A record without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Period(StrEnum):
    """When a number is of, against the evaluated year."""

    CURRENT = "current"
    PREVIOUS = "previous"
    NEXT = "next"
    CUMULATIVE = "cumulative"
    OTHER = "other"


class RelationKind(StrEnum):
    """The relations a text may claim between its numbers."""

    SUM = "sum"
    SCORE_TOTAL = "score_total"
    BALANCE = "balance"
    DIFFERENCE = "difference"
    RATIO = "ratio"
    SHARE = "share"
    CHANGE = "change"
    RESTATEMENT = "restatement"
    TARGET_MET = "target_met"
    SCORE_CAP = "score_cap"


class Place(StrEnum):
    """The place of a number in its relation."""

    PART = "part"
    TAKEN_OFF = "taken_off"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    CURRENT = "current"
    BASE = "base"
    ACTUAL = "actual"
    TARGET = "target"
    SCORE = "score"
    FULL_MARK = "full_mark"
    SAME = "same"


class IndicatorClass(StrEnum):
    """The class an indicator belongs to by what it measures."""

    QUANTITY = "数量"
    QUALITY = "质量"
    TIMELINESS = "时效"
    COST = "成本"
    ECONOMIC = "经济效益"
    SOCIAL = "社会效益"
    ECOLOGICAL = "生态效益"
    SUSTAINED = "可持续影响"
    SATISFACTION = "满意度"


class FigureAnswer(Answer):
    """What one number means."""

    quantity: str
    measure: str
    """In words of the report, copied."""
    role: Role
    subject: str | None
    """Whose it is, copied; null for the reporting unit as a whole."""
    period: Period


class OperandAnswer(Answer):
    """A number and its place in a relation."""

    quantity: str
    place: Place


class RelationAnswer(Answer):
    """A relation the text itself claims; `result` is the number said to follow from the operands."""

    kind: RelationKind
    operands: list[OperandAnswer]
    result: str | None
    complete: bool
    """For sums: whether the text presents the parts as all of the whole."""
    direction: Literal["up", "down", "none"]
    """For changes: the way the words say it went."""


class LabelAnswer(Answer):
    """Answer to `label_figures`."""

    figures: list[FigureAnswer]
    relations: list[RelationAnswer]
    unmarked: list[str]
    """Sentences that hold a number which carries no id; for our log only."""


class IndicatorAnswer(Answer):
    """One indicator and what it lacks."""

    sentence: str
    name: str
    """As the sentence words it, copied."""
    level: IndicatorClass | None
    target: str | None
    actual: str | None
    weight: str | None
    score: str | None
    issues: list[IndicatorIssue]
    suggestion: str | None
    """A measurable wording, with ____ where the report gives no number."""


class CritiqueAnswer(Answer):
    """Answer to `critique_indicators`."""

    indicators: list[IndicatorAnswer]


class SameAnswer(Answer):
    """Numbers that tell one fact: same measure, subject and period."""

    quantities: list[str]


class LinkAnswer(Answer):
    """Answer to `link_figures`."""

    same: list[SameAnswer]
    relations: list[RelationAnswer]


class ConcernAnswer(Answer):
    """A doubt that no arithmetic decides."""

    kind: ConcernKind
    sentences: list[str]
    text: str
    question: str | None


class ConcernsAnswer(Answer):
    """Answer to `raise_concerns`."""

    concerns: list[ConcernAnswer]


class NarrativeSentence(Answer):
    """One sentence of the memo's summary, with the findings it speaks of."""

    text: str
    findings: list[str]


class NarrativeAnswer(Answer):
    """Answer to `summarise_findings`."""

    sentences: list[NarrativeSentence]
