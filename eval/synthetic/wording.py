"""Facts to text: an outline of headings and paragraphs, each said in one of several phrasings.

The phrasing is drawn apart from the facts, so that a report with a changed number differs from its sound twin in that
number alone.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from eval.synthetic.data import load
from eval.synthetic.facts import Facts, Rule, Same

_NUMERALS = "一二三四五六七八九十"
_LEFT_OUT = (0.05, 0.35, 1.0)
"""How often what may be left out is: in a long report, in a usual one, in a short one."""
_SENTENCES = (1, 3, 6)
"""Told of each of the year's works."""
_TABLES = 0.6
"""How often scores are told in a table."""
_COLUMNS = ("一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因")


class Wording:
    """Says facts by the rules of the grammar, and keeps which facts it told."""

    def __init__(self, facts: Facts, chance: random.Random, *, markdown: bool) -> None:
        self.told: set[str] = set()
        self.table = False
        """Whether the scores were told in a table."""
        self._facts = facts
        self._chance = chance
        self._markdown = markdown
        self._left_out = chance.choices(_LEFT_OUT, weights=(3, 5, 2))[0]
        self._grouped = chance.random() < 0.25
        self._rules: Mapping[str, Sequence[str]] = load("wording")["say"]

    def report(self) -> str:
        """The whole text, lines ended by \\n."""
        kind = self._facts.kind.value
        title = self.say(f"title_{kind}")
        paragraphs = [f"# {title}" if self._markdown else title, self.say(f"opening_{kind}")]
        for number, chapter in enumerate(self._kept(load("wording")["outline"][kind])):
            paragraphs += self._chapter(number, chapter)
        return "\n\n".join([*paragraphs, self.say("signature")]) + "\n"

    def say(self, rule: str, item: str = "") -> str:
        """One of the rule's phrasings, filled in."""
        return self._filled(self._chance.choice(self._rules[rule]), item)

    def show(self, name: str) -> str:
        """A fact as it is printed."""
        self.told.add(name)
        value = self._facts.values[name]
        if isinstance(value, Rule):
            return self.say(value)
        if isinstance(value, Same):
            return self.show(value)
        if isinstance(value, Decimal | int):
            return f"{value:,}" if self._grouped else str(value)
        return value

    def _filled(self, phrasing: str, item: str = "") -> str:
        return phrasing.format_map(_Slots(self, item))

    def known(self, name: str) -> bool:
        """Whether there is a fact of this name."""
        return name in self._facts.values

    def _chapter(self, number: int, chapter: dict[str, Any]) -> Iterator[str]:
        title = self.say(chapter["heading"].removesuffix("?"))
        yield f"{'## ' if self._markdown else ''}{_NUMERALS[number]}、{title}"
        yield from self._paragraphs(chapter["say"])
        for part, section in enumerate(self._kept(chapter.get("parts", ()))):
            title = self.say(section["heading"].removesuffix("?"))
            yield f"{'### ' if self._markdown else ''}（{_NUMERALS[part]}）{title}"
            yield from self._paragraphs(section["say"])

    def _kept(self, chapters: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        return [chapter for chapter in chapters if not self._omitted(chapter["heading"])]

    def _omitted(self, name: str) -> bool:
        return name.endswith("?") and self._chance.random() < self._left_out

    def _paragraphs(self, names: Sequence[str]) -> Iterator[str]:
        several = {
            "@goals": self._goals,
            "@towns": self._towns,
            "@works": self._works,
            "@sections": self._sections,
            "@scores": self._scores,
            "@results": self._results,
            "@problems": self._problems,
            "@measures": self._measures,
        }
        for name in names:
            if self._omitted(name):
                continue
            bare = name.removesuffix("?")
            if bare in several:
                yield from several[bare]()
            else:
                yield self._filled(f"{{{bare}}}")

    def _goals(self) -> Iterator[str]:
        for n, item in enumerate(self._facts.outputs, 1):
            yield f"{n}. {self.say('goal', item)}。"

    def _towns(self) -> Iterator[str]:
        yield self.say("towns_caption")
        rows = [("乡镇", "全年预算数", "实际支出", "执行率"), ("---",) * 4]
        for town in self._facts.towns:
            rows.append((self.show(f"{town}_name"), *self._spending(town)))
        yield "\n".join(map(_row, [*rows, ("合计", *self._spending("towns"))]))

    def _spending(self, who: str) -> tuple[str, str, str]:
        return self.show(f"{who}_budget"), self.show(f"{who}_spent"), self.show(f"{who}_rate") + "%"

    def _works(self) -> Iterator[str]:
        sentences = list(load("wording")["lists"]["work_told"])
        self._chance.shuffle(sentences)
        each = self._chance.choice(_SENTENCES)
        for n, work in enumerate(self._facts.works):
            told = sentences[n * each : (n + 1) * each]
            yield self.say("work_opening", work) + "".join(self._filled(sentence) + "。" for sentence in told)

    def _sections(self) -> Iterator[str]:
        phrasing = self._chance.choice(self._rules["section_score"])
        told = [self._filled(phrasing, section) for section, _ in self._facts.sections]
        yield self.say("sections_opening") + self._chance.choice("，；").join(told) + "。"

    def _scores(self) -> Iterator[str]:
        self.table = self._chance.random() < _TABLES
        if self.table:
            yield self.say("table_caption")
            yield "\n".join(self._rows())
            return
        phrasing = self._chance.choice(self._rules["mark"])
        for number, (section, items) in enumerate(self._facts.sections, 1):
            marks = "，".join(self._filled(phrasing, item) for item in items)
            yield f"{number}. {self.say('section_intro', section)}其中：{marks}。"

    def _rows(self) -> Iterator[str]:
        yield _row(_COLUMNS)
        yield _row(["---"] * len(_COLUMNS))
        for section, items in self._facts.sections:
            for item in items:
                actual = self.show(f"{item}_actual") + self.show(f"{item}_unit")
                cells = (f"{section}_name", f"{item}_name", f"{item}_goal_cell", "", f"{item}_full", f"{item}_score")
                shown = [self.show(name) if name else actual for name in cells]
                yield _row([*shown, self.show(f"{item}_reason")])
        yield _row(["合计", "", "", "", "100", self.show("total"), ""])

    def _results(self) -> Iterator[str]:
        for n, item in enumerate(self._facts.outputs, 1):
            rule = self._facts.values[f"{item}_result"]
            yield f"{n}. {self.say(str(rule), item)}"

    def _problems(self) -> Iterator[str]:
        for n, issue in enumerate(self._facts.issues):
            yield f"（{_NUMERALS[n]}）{issue['problem']}。"

    def _measures(self) -> Iterator[str]:
        for n, issue in enumerate(self._facts.issues):
            yield f"（{_NUMERALS[n]}）{self._filled(self._chance.choice(issue['measures']))}"


class _Slots(dict[str, str]):
    """What stands in braces: a fact, else a rule."""

    def __init__(self, wording: Wording, item: str) -> None:
        super().__init__()
        self._wording = wording
        self._item = item

    def __missing__(self, name: str) -> str:
        if name.startswith("item_"):
            return self._wording.show(f"{self._item}_{name.removeprefix('item_')}")
        return self._wording.show(name) if self._wording.known(name) else self._wording.say(name)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
