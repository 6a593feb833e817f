"""Contradictions planted in a sound report: one printed number changed, beyond all rounding."""

import random
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal

from eval.synthetic.facts import Facts, Value, percent

Change = Callable[[Facts, random.Random], dict[str, Value]]


@dataclass(frozen=True)
class Plant:
    """A way to break a report."""

    told: tuple[str, ...]
    """Facts that the report must tell, so that the contradiction can be seen."""
    codes: tuple[str, ...]
    """The rules that say so; one of them must."""
    change: Change
    relation: str
    """Two plants of one relation could undo each other; a report gets only one of them."""


@dataclass(frozen=True)
class Planted:
    """A contradiction in a report."""

    kind: str
    codes: tuple[str, ...]


def plant(facts: Facts, told: Set[str], chance: random.Random, *, table: bool) -> list[Planted]:
    """Change one or two numbers of `facts`, among those the report tells; fewer where nothing else can be changed."""
    wanted = chance.choice((1, 1, 2))
    planted: list[Planted] = []
    touched: set[str] = set()
    kinds = sorted(KINDS)
    chance.shuffle(kinds)
    for kind in kinds:
        if len(planted) == wanted:
            break
        way = KINDS[kind]
        if way.relation in touched or not set(way.told) <= told or (kind in _IN_TABLES and not table):
            continue
        changes = way.change(facts, chance)
        if changes:
            facts.values.update(changes)
            planted.append(Planted(kind, way.codes))
            touched.add(way.relation)
    return planted


def _digit(name: str) -> Change:
    """The first digit of an amount another."""

    def change(facts: Facts, chance: random.Random) -> dict[str, Value]:
        words = str(facts.values[name])
        digit = chance.choice([d for d in "123456789" if d != words[0]])
        return {name: type(facts.values[name])(digit + words[1:])}

    return change


def _moved(name: str, *steps: str) -> Change:
    """A rate or a score moved by one of the steps, up or down."""

    def change(facts: Facts, chance: random.Random) -> dict[str, Value]:
        value, step = Decimal(facts.values[name]), Decimal(chance.choice(steps))
        return {name: value - step if value > step else value + step}

    return change


def _swapped(name: str, source: str) -> Change:
    """Two neighbouring digits changed places."""

    def change(facts: Facts, chance: random.Random) -> dict[str, Value]:
        words = str(facts.values[source])
        whole = words.index(".")
        pairs = [n for n in range(whole - 1) if words[n] != words[n + 1] and (n or words[n + 1] != "0")]
        if not pairs:
            return {}
        n = chance.choice(pairs)
        return {name: Decimal(words[:n] + words[n + 1] + words[n] + words[n + 2 :])}

    return change


def _opposite(facts: Facts, chance: random.Random) -> dict[str, Value]:
    pairs = {"增加": "减少", "减少": "增加", "增长": "下降", "下降": "增长"}
    return {name: pairs[str(facts.values[name])] for name in ("change_word", "growth_word")}


def _item_score(facts: Facts, chance: random.Random) -> dict[str, Value]:
    item = chance.choice([item for _, items in facts.sections if len(items) > 1 for item in items])
    return {f"{item}_score": Decimal(facts.values[f"{item}_score"]) - chance.choice((1, 2))}


def _above_full(facts: Facts, chance: random.Random) -> dict[str, Value]:
    item = chance.choice([item for _, items in facts.sections for item in items])
    return {f"{item}_score": Decimal(facts.values[f"{item}_full"]) + chance.choice((1, 2))}


def _other_grade(facts: Facts, chance: random.Random) -> dict[str, Value]:
    return {"grade": chance.choice([grade for grade in "优良中" if grade != facts.values["grade"]])}


def _few_guests(facts: Facts, chance: random.Random) -> dict[str, Value]:
    batches = int(facts.values["batches"])
    return {"guests": batches - chance.randint(1, batches // 4)}


def _missed_in_full(facts: Facts, chance: random.Random) -> dict[str, Value]:
    reached = [item for item in facts.outputs if facts.values[f"{item}_result"] == "result_met"]
    if not reached:
        return {}
    item = chance.choice(reached)
    target = int(facts.values[f"{item}_target"])
    actual = target - max(1, target * chance.randint(8, 20) // 100)
    return {f"{item}_actual": actual, f"{item}_done": percent(actual, target)}


def _one_more(name: str) -> Change:
    return lambda facts, chance: {name: int(facts.values[name]) + 1}


def _more_persons(facts: Facts, chance: random.Random) -> dict[str, Value]:
    return {"trainees": int(facts.values["attendances"]) + chance.randint(12, 60)}


_POINTS = ("3.2", "4.5", "6.1", "8.7")
_IN_TABLES = {"missed_target"}
KINDS: Mapping[str, Plant] = {
    "part": Plant(("basic_budget", "project_budget"), ("SUM001",), _digit("basic_budget"), "budget"),
    "source": Plant(("upper", "local"), ("SUM001",), _digit("upper"), "budget"),
    "class": Plant(("wages", "basic_spent"), ("SUM001",), _digit("wages"), "classes"),
    "use": Plant(("works_cost", "spent"), ("SUM001",), _digit("works_cost"), "classes"),
    "table_row": Plant(("t1_budget",), ("SUM001",), _digit("t1_budget"), "towns"),
    "table_rate": Plant(("t2_rate",), ("RAT001",), _moved("t2_rate", *_POINTS), "towns"),
    "headcount": Plant(("staff_admin", "staff"), ("SUM001",), _digit("staff_admin"), "staff"),
    "rate": Plant(("rate", "budget"), ("RAT001",), _moved("rate", *_POINTS), "execution"),
    "control_rate": Plant(("control_rate", "staff"), ("RAT001",), _moved("control_rate", *_POINTS), "control"),
    "share": Plant(("basic_share", "basic_spent"), ("RAT001",), _moved("basic_share", *_POINTS), "composition"),
    "satisfaction": Plant(("satisfaction", "valid"), ("RAT001",), _moved("satisfaction", *_POINTS), "survey"),
    "change": Plant(("change_rate",), ("CHG001", "RAT001"), _moved("change_rate", *_POINTS), "change"),
    "direction": Plant(("spent_now",), ("CHG001",), _opposite, "change"),
    "restatement": Plant(("spent_again",), ("DUP001",), _swapped("spent_again", "spent"), "execution"),
    "balance": Plant(("balance", "income"), ("SUM002",), _digit("balance"), "balance"),
    "saving": Plant(("saved",), ("SUM003", "CHG001"), _digit("saved"), "procurement"),
    "item_score": Plant(("s1i1_score",), ("SCO002",), _item_score, "scores"),
    "score_total": Plant(("total",), ("SCO002", "SCO004"), _moved("total", "1", "2", "3"), "scores"),
    "above_full_mark": Plant(("s1i1_score",), ("SCO001",), _above_full, "scores"),
    "marks_lost": Plant(("lost",), ("SCO004",), _moved("lost", "0.7", "1", "2"), "scores"),
    "grade": Plant(("grade",), ("SCO003",), _other_grade, "scores"),
    "missed_target": Plant((), ("TGT001",), _missed_in_full, "outputs"),
    "batch_person": Plant(("batches",), ("BND002",), _few_guests, "guests"),
    "person_attendance": Plant(("trainees",), ("BND004",), _more_persons, "training"),
    "list_count": Plant(("office_count",), ("CNT001",), _one_more("office_count"), "offices"),
}
