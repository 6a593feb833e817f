"""What an expert says of a report: the schema of ``*.labels.toml``, as ``eval/LABELLING.md`` explains it."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
SUFFIX = ".labels.toml"
NUMERIC_FAMILIES = frozenset({"SUM", "RAT", "CHG", "DUP", "SCO", "TGT", "CNT", "BND"})
"""Families whose findings rest on printed numbers and can be decided by arithmetic."""


class LabelError(Exception):
    """A label file that does not follow the schema, or names a report that is not there."""


def _choices(value: object) -> object:
    return tuple(value.split("|")) if isinstance(value, str) else value


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Family = Literal["SUM", "RAT", "CHG", "DUP", "SCO", "TGT", "CNT", "BND", "EXP", "IND", "STR", "TXT", "SEC"]
Families = Annotated[tuple[Family, ...], BeforeValidator(_choices)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]

RoleName = Literal[
    "budget", "budget_initial", "budget_adjusted", "received", "actual", "income", "balance", "target", "score",
    "full_mark", "lost_mark", "rate", "share", "change", "count", "headcount", "establishment", "asset", "duration",
    "threshold", "amount",
]  # fmt: skip


class Label(BaseModel):
    """Base of all labels: nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Quote(Label):
    """Exact words of the report; square brackets mark the numbers meant."""

    at: str
    nth: int = 1


class FigureLabel(Quote):
    """The numbers marked in one quote. With several marks, `role` and the other lists have one entry for each."""

    id: str
    measure: Texts
    role: Texts
    unit: Texts = ()
    value: Texts = ()
    period: str | None = None
    direction: Literal[">=", "<="] | None = None

    @property
    def marks(self) -> int:
        """How many numbers the quote marks."""
        return self.at.count("[")

    @model_validator(mode="after")
    def _counted(self) -> Self:
        for name in ("measure", "role", "unit", "value"):
            given = len(getattr(self, name))
            if given not in (0, 1, self.marks):
                raise ValueError(f"{self.id}: {self.marks} numbers are marked, {name} has {given} entries")
        if not self.marks:
            raise ValueError(f"{self.id}: no number is marked in {self.at}")
        return self


class ClaimName(StrEnum):
    """Kinds of relations, named as in a review."""

    SUM = "sum"
    DIFFERENCE = "difference"
    BALANCE = "balance"
    SHARE = "share"
    RATIO = "ratio"
    CHANGE = "change"
    RESTATEMENT = "restatement"
    SCORE_TOTAL = "score_total"
    SCORE_CAP = "score_cap"
    SCORE_RULE = "score_rule"
    TARGET_MET = "target_met"
    GRADE = "grade"
    COUNT_OF_LIST = "count_of_list"
    BOUND = "bound"


OutcomeName = Literal["verified", "contradicted", "undetermined"]


class ClaimLabel(Label):
    """A relation the text states; ids are those of figures. Which fields are filled depends on the kind."""

    id: str | None = None
    kind: ClaimName
    outcome: OutcomeName
    result: str | None = None
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    over: tuple[str, str] | None = None
    change: tuple[str, str] | None = None
    same: tuple[str, ...] = ()
    cap: tuple[str, str] | None = None
    product: tuple[str, ...] = ()
    actual: str | None = None
    target: str | None = None
    direction: Literal[">=", "<=", "up", "down"] | None = None
    score: str | None = None
    at: str | None = None
    low: str | None = None
    high: str | None = None
    count: str | None = None
    items: tuple[str, ...] = ()
    less: tuple[str, str] | None = None
    possible: tuple[str, str] | None = None
    why: str | None = None


class FindingLabel(Label):
    """Something an expert would raise. `evidence` marks the numbers that disagree."""

    id: str | None = None
    family: Families
    severity: Literal["error", "warning", "note"]
    evidence: Texts
    why: str


class ToleratedLabel(Label):
    """Something an expert might raise: neither required nor a false alarm."""

    family: Families
    evidence: Texts
    why: str


IssueName = Literal[
    "no_number", "adjective_only", "no_unit", "no_target", "no_actual", "no_base", "no_time", "no_source",
    "task_not_result", "duplicated", "no_weight", "wrong_class",
]  # fmt: skip


class IndicatorLabel(Quote):
    """An indicator where the report tells of it, and what keeps it from being measurable."""

    issues: tuple[IssueName, ...] = ()


class JudgementLabel(Label):
    """A defect that only a reader of the whole text sees."""

    id: str | None = None
    kind: Literal[
        "contradiction", "no_evidence", "goal_without_indicator", "no_cause", "problem_without_measure",
        "measure_without_problem", "indicator_misses_goal", "other",
    ]  # fmt: skip
    evidence: Texts
    why: str


class TrapLabel(Quote):
    """What looks wrong and is not; `families` are the false alarms it would draw, any when empty."""

    families: Families = ()
    why: str


class Labels(Label):
    """All that is known of one report."""

    report: str
    set: Literal["counterpart", "clean", "defective", "frozen"]
    kind: Literal["department_overall", "project", "evaluation"]
    unit: str
    year: int
    template: str
    layout: str
    sound: bool | None = None
    """True where no error and no warning about numbers is due; the set `clean` implies it."""
    figures: tuple[FigureLabel, ...]
    others: tuple[str, ...] = ()
    claims: tuple[ClaimLabel, ...] = ()
    findings: tuple[FindingLabel, ...] = ()
    tolerated: tuple[ToleratedLabel, ...] = ()
    indicators: tuple[IndicatorLabel, ...] = ()
    judgements: tuple[JudgementLabel, ...] = ()
    traps: tuple[TrapLabel, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether any numeric error or warning on this report is a false alarm."""
        return self.sound if self.sound is not None else self.set == "clean"


@dataclass(frozen=True)
class Fixture:
    """A report and its labels."""

    path: Path
    labels: Labels

    @property
    def name(self) -> str:
        """The report's file name without its ending."""
        return self.path.stem


def load(path: Path) -> Fixture:
    """The fixture a label file describes. LabelError names the file and the first fault."""
    try:
        labels = Labels.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LabelError(f"{path.name}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise LabelError(f"{path.name}: {where}: {first['msg']} ({first.get('input')!r})") from None
    report = path.parent / labels.report
    if not report.is_file():
        raise LabelError(f"{path.name}: no report {labels.report} beside it")
    return Fixture(report, labels)


def load_all(folder: Path = FIXTURES) -> list[Fixture]:
    """All fixtures under a folder, by name."""
    return sorted((load(path) for path in folder.rglob(f"*{SUFFIX}")), key=lambda fixture: fixture.name)
