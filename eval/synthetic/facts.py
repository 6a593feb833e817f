"""The numbers of a synthetic report, drawn so that every statement about them holds."""

import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from eval.synthetic.data import load
from reviewer.schema.source import DocumentKind

Value = Decimal | int | str
KINDS = (DocumentKind.DEPARTMENT_OVERALL, DocumentKind.PROJECT, DocumentKind.EVALUATION)
_CENT = Decimal("0.01")
_NUMERALS = "一二三四五六七八九十"


class Rule(str):
    """A fact that is said by a rule of the wording: which one depends on how things went."""

    __slots__ = ()


class Same(str):
    """A fact that is another one, told again: its name."""

    __slots__ = ()


@dataclass
class Facts:
    """What there is to tell. Amounts in 万元, rates in per cent, each as it is printed."""

    kind: DocumentKind
    values: dict[str, Value]
    sections: list[tuple[str, list[str]]] = field(default_factory=list)
    """Of the score: (section, its items), as prefixes of names of values."""
    outputs: list[str] = field(default_factory=list)
    """Items with a target and an actual value told in prose."""
    towns: list[str] = field(default_factory=list)
    """Where the project's money went, as prefixes too."""
    works: list[str] = field(default_factory=list)
    """The year's works, as prefixes too."""
    issues: list[dict[str, Any]] = field(default_factory=list)


def draw(chance: random.Random) -> Facts:
    """A unit, a year and all that is told of them."""
    kind = chance.choices(KINDS, weights=(5, 4, 2))[0]
    facts = Facts(kind, _unit(chance))
    facts.works = sorted(name.removesuffix("_work") for name in facts.values if name.endswith("_work"))
    _money(facts, chance, whole_unit=kind is DocumentKind.DEPARTMENT_OVERALL)
    _achievements(facts.values, chance)
    _scores(facts, chance)
    facts.issues = chance.sample(load("wording")["issues"], chance.choice((2, 3, 3)))
    return facts


def rounded(value: Decimal) -> Decimal:
    """To two decimals, halves upwards."""
    return value.quantize(_CENT, ROUND_HALF_UP)


def percent(part: Decimal | int, whole: Decimal | int) -> Decimal:
    """The part of the whole in per cent."""
    return rounded(Decimal(part) * 100 / Decimal(whole))


def _amount(chance: random.Random, low: int, high: int) -> Decimal:
    return Decimal(chance.randint(low * 100, high * 100)) / 100 + Decimal("0.00")


def _share(chance: random.Random, of: Decimal, low: float, high: float) -> Decimal:
    return rounded(of * Decimal(chance.randint(int(low * 10000), int(high * 10000))) / 10000)


def _unit(chance: random.Random) -> dict[str, Value]:
    data = load("units")
    places, bureau = data["places"], chance.choice(data["bureau"])
    place = chance.choice(places["first"]) + chance.choice(places["second"]) + chance.choice(places["level"])
    year = chance.randint(2021, 2024)
    works = chance.sample(bureau["works"], chance.randint(3, len(bureau["works"])))
    offices = chance.sample(data["offices"]["names"], chance.randint(4, 7))
    quota = chance.randint(24, 160)
    staff = quota - chance.randint(0, quota // 8)
    admin = chance.randint(staff // 4, staff // 2)
    return {
        "place": place, "unit": place + bureau["name"], "bureau": bureau["name"], "people": bureau["people"],
        "project": chance.choice(bureau["projects"]),
        "year": str(year), "last_year": str(year - 1), "next_year": str(year + 1),
        "sign_month": chance.randint(3, 6), "sign_day": chance.randint(1, 28),
        **{f"w{n}_work": work for n, work in enumerate(works)},
        "work_list": "；".join(f"{_NUMERALS[n]}是{work}" for n, work in enumerate(works)),
        "office_count": len(offices), "office_list": "、".join(offices),
        "quota": quota, "staff": staff, "staff_admin": admin, "staff_service": staff - admin,
        "control_rate": percent(staff, quota),
    }  # fmt: skip


def _money(facts: Facts, chance: random.Random, *, whole_unit: bool) -> None:
    """Budget, spending and what they are made of; basic spending only for a whole unit."""
    values = facts.values
    basic = _amount(chance, 300, 3000) if whole_unit else Decimal(0)
    project = _amount(chance, 200, 6000)
    budget = basic + project
    basic_spent = _share(chance, basic, 0.96, 1.0)
    project_spent = _by_town(facts, chance, project)
    spent = basic_spent + project_spent
    values |= {
        "budget": budget, "spent": spent, "spent_again": spent, "rate": percent(spent, budget),
        **_adjustment(chance, budget), **_year_on_year(chance, spent), **_procurement(chance, project_spent),
    }  # fmt: skip
    if whole_unit:
        carried = _share(chance, budget, 0.01, 0.08)
        values |= {
            "basic_budget": basic, "project_budget": project, "basic_spent": basic_spent,
            "project_spent": project_spent, "basic_share": percent(basic_spent, spent),
            "project_share": percent(project_spent, spent), "carried": carried, "income": budget - carried,
            "balance": budget - spent, "balance_reason": _listed(chance, "balance_reasons"),
            **_divided(chance, basic_spent, "wages", "goods", "subsidies"), **_public(chance),
        }  # fmt: skip
    else:
        values |= _divided(chance, spent, "works_cost", "service_cost", "admin_cost")
        upper = _share(chance, budget, 0.3, 0.8)
        values |= {"upper": upper, "local": budget - upper}


def _by_town(facts: Facts, chance: random.Random, project: Decimal) -> Decimal:
    """The project's money town by town; returns what they spent together."""
    names = load("units")["towns"]["names"]
    towns = chance.sample(names, chance.randint(4, len(names)))
    weights = [chance.randint(3, 9) for _ in towns]
    left, total = project, Decimal(0)
    for n, (town, weight) in enumerate(zip(towns, weights, strict=True), 1):
        budget = left if n == len(towns) else rounded(project * weight / sum(weights))
        spent = _share(chance, budget, 0.91, 0.995)
        left, total = left - budget, total + spent
        told: dict[str, Value] = {"name": town, "budget": budget, "spent": spent, "rate": percent(spent, budget)}
        facts.values |= {f"t{n}_{key}": value for key, value in told.items()}
        facts.towns.append(f"t{n}")
    facts.values |= {"towns_budget": project, "towns_spent": total, "towns_rate": percent(total, project)}
    return total


def _listed(chance: random.Random, name: str) -> str:
    return str(chance.choice(load("wording")["lists"][name]))


def _adjustment(chance: random.Random, budget: Decimal) -> dict[str, Value]:
    added = _share(chance, budget, 0.02, 0.15)
    story = Rule(chance.choice(("budget_plain", "budget_adjusted")))
    reason = _listed(chance, "adjust_reasons")
    return {"added": added, "initial": budget - added, "budget_story": story, "adjust_reason": reason}


def _year_on_year(chance: random.Random, now: Decimal) -> dict[str, Value]:
    before = _share(chance, now, 0.82, 1.18)
    if before == now:
        before += 1
    grew = now > before
    return {
        "spent_now": Same("spent"), "last_spent": before,
        "change_amount": abs(now - before), "change_rate": percent(abs(now - before), before),
        "change_word": "增加" if grew else "减少", "growth_word": "增长" if grew else "下降",
        "change_reason": _listed(chance, "up_reasons" if grew else "down_reasons"),
    }  # fmt: skip


def _divided(chance: random.Random, whole: Decimal, most: str, some: str, rest: str) -> dict[str, Value]:
    first = _share(chance, whole, 0.6, 0.75)
    second = _share(chance, whole, 0.15, 0.22)
    return {most: first, some: second, rest: whole - first - second}


def _public(chance: random.Random) -> dict[str, Value]:
    cars, reception = _amount(chance, 4, 40), _amount(chance, 1, 9)
    total = cars + reception
    last = _share(chance, total, 1.02, 1.4)
    batches = chance.randint(20, 120)
    return {
        "cars": cars, "reception": reception, "public_total": total, "public_last": last, "public_word": "减少",
        "public_amount": last - total, "public_growth": "下降", "public_rate": percent(last - total, last),
        "batches": batches, "guests": batches * chance.randint(5, 9) + chance.randint(0, batches),
    }  # fmt: skip


def _procurement(chance: random.Random, spent: Decimal) -> dict[str, Value]:
    tender = _share(chance, spent, 0.2, 0.5)
    bought = _share(chance, tender, 0.9, 0.985)
    return {
        "tender": tender,
        "bought": bought,
        "saved": tender - bought,
        "saved_rate": percent(tender - bought, tender),
    }


def _achievements(values: dict[str, Value], chance: random.Random) -> None:
    bureau = next(b for b in load("units")["bureau"] if b["name"] == values["bureau"])
    check, check_unit, check_rate = bureau["checks"]
    cover, cover_unit, cover_rate, low, high = bureau["covers"]
    checked, coverable = chance.randint(160, 900), chance.randint(low, high)
    passed = checked - chance.randint(1, checked // 25)
    reached = coverable - chance.randint(1, max(1, coverable // 12))
    issued = chance.randint(200, 900)
    valid = issued - chance.randint(4, issued // 12)
    satisfied = valid - chance.randint(3, valid // 14)
    attendances = chance.randint(300, 1800)
    visits_last = chance.randint(6000, 90000)
    visits = visits_last + chance.randint(visits_last // 50, visits_last // 6)
    values |= {
        "check_name": check, "check_unit": check_unit, "check_rate_name": check_rate, "checked": checked,
        "passed": passed, "check_rate": percent(passed, checked),
        "cover_name": cover, "cover_unit": cover_unit, "cover_rate_name": cover_rate, "coverable": coverable,
        "reached": reached, "cover_rate": percent(reached, coverable),
        "issued": issued, "valid": valid, "satisfied": satisfied, "return_rate": percent(valid, issued),
        "satisfaction": percent(satisfied, valid),
        "courses": chance.randint(3, 24), "attendances": attendances,
        "trainees": attendances - chance.randint(attendances // 10, attendances // 3),
        "visits_last": visits_last, "visits": visits, "visits_more": visits - visits_last,
        "visits_rate": percent(visits - visits_last, visits_last),
    }  # fmt: skip


def _scores(facts: Facts, chance: random.Random) -> None:
    """Marks: in proportion for a rate or a missed target, full for what was reached, a little off elsewhere."""
    bureau = next(b for b in load("units")["bureau"] if b["name"] == facts.values["bureau"])
    outputs = iter(chance.sample(bureau["outputs"], 3))
    strict = chance.choice((0.1, 0.25, 0.6))
    total = Decimal(0)
    for s, (name, full, items) in enumerate(load("wording")["schemes"][facts.kind.value], 1):
        section, own, score = f"s{s}", [], Decimal(0)
        for i, entry in enumerate(items, 1):
            item = f"{section}i{i}"
            item_name, _, mark = entry.partition(":")
            if item_name == "#output":
                told = _output(chance, next(outputs), int(mark))
                facts.outputs.append(item)
            else:
                told = _other(facts.values, chance, item_name, int(mark), strict)
            facts.values |= {f"{item}_{key}": value for key, value in {**told, "full": int(mark)}.items()}
            score += Decimal(told["score"])
            own.append(item)
        facts.values |= {f"{section}_name": name, f"{section}_full": full, f"{section}_score": _plain(score)}
        facts.sections.append((section, own))
        total += score
    facts.values |= {"total": _plain(total), "lost": _plain(100 - total), "grade": grade_of(total)}


def grade_of(total: Decimal) -> str:
    """By the scale that every synthetic report prints."""
    return next(word for least, word in ((90, "优"), (80, "良"), (60, "中"), (0, "差")) if total >= least)


def _plain(score: Decimal) -> Decimal:
    """Without trailing noughts, as marks are written."""
    return score.quantize(Decimal(1)) if score == score.to_integral_value() else score.normalize()


def _output(chance: random.Random, entry: tuple[str, str, int, int], full: int) -> dict[str, Value]:
    name, unit, low, high = entry
    step = 1 if high < 100 else 10 if high < 3000 else 100
    target = chance.randrange(low, high, step)
    missed = chance.random() < 0.2
    over = target * chance.randint(0, 15) // 100
    actual = target - max(1, target * chance.randint(3, 12) // 100) if missed else target + over
    return {
        "name": name, "unit": unit, "target": target, "actual": actual, "done": percent(actual, target),
        "goal_cell": f"≥{target}{unit}", "result": Rule("result_missed" if missed else "result_met"),
        "score": _plain(rounded(Decimal(full) * actual / target)) if missed else Decimal(full),
        "reason": _listed(chance, "missed_reasons") if missed else "无", "sign_word": chance.choice(("不少于", "≥")),
    }  # fmt: skip


_RATES = {
    "质量达标": ("check_rate", 95), "社会效益": ("cover_rate", 90), "服务对象满意度": ("satisfaction", 90),
}  # fmt: skip


def _other(values: dict[str, Value], chance: random.Random, name: str, full: int, strict: float) -> dict[str, Value]:
    mark = Decimal(full)
    if name == "预算执行率":
        rate = Decimal(values["rate"])
        return {"name": name, "goal_cell": "100%", "actual": Same("rate"), "unit": "%",
                "score": _plain(rounded(rate * full / 100)),
                "reason": "部分款项结转下年支付"}  # fmt: skip
    if name in _RATES:
        source, least = _RATES[name]
        return {"name": name, "goal_cell": f"≥{least}%", "actual": Same(source), "unit": "%",
                "score": mark, "reason": "无"}  # fmt: skip
    if name == "可持续影响":
        return {"name": name, "goal_cell": "≥3年", "actual": "3", "unit": "年", "score": mark, "reason": "无"}
    lost = Decimal(chance.choice(("0.5", "1", "1.5", "2"))) if chance.random() < strict else Decimal(0)
    reason = "佐证材料不够齐全" if lost else "无"
    return {"name": name, "goal_cell": "符合要求", "actual": "基本符合" if lost else "符合", "unit": "",
            "score": _plain(mark - lost), "reason": reason}  # fmt: skip
