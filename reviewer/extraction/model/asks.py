"""The exact questions: a prompt, what it is shown, and which ids an answer may use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reviewer.extraction.model import answers
from reviewer.extraction.model.masking import Masker
from reviewer.extraction.model.parts import Part
from reviewer.extraction.model.tagging import Shown, about, outline, show
from reviewer.llm.asking import Ask
from reviewer.llm.prompts import load
from reviewer.schema import Figure, Quantity, Role, Sentence, Source

A = TypeVar("A", bound=answers.Answer)


@dataclass(frozen=True, slots=True)
class Asked(Generic[A]):
    """A question with what its ids stand for."""

    ask: Ask[A]
    shown: Shown


def label_figures(source: Source, part: Part, masker: Masker, epoch: int = 0) -> Asked[answers.LabelAnswer]:
    """What the numbers of a part mean."""
    shown = show(source, part.sentences, masker)
    return _asked(source, "label_figures", answers.LabelAnswer, shown, masker, _label_ids, epoch)


def critique_indicators(source: Source, part: Part, masker: Masker, epoch: int = 0) -> Asked[answers.CritiqueAnswer]:
    """Which indicators a part holds and what they lack."""
    shown = show(source, part.sentences, masker)
    return _asked(source, "critique_indicators", answers.CritiqueAnswer, shown, masker, _critique_ids, epoch)


def raise_concerns(
    source: Source, sentences: Sequence[Sentence], masker: Masker, epoch: int = 0
) -> Asked[answers.ConcernsAnswer]:
    """What only a reader of the whole sees."""
    shown = show(source, sentences, masker, numbers=False)
    return _asked(source, "raise_concerns", answers.ConcernsAnswer, shown, masker, _concern_ids, epoch)


def link_figures(
    source: Source, figures: Sequence[Figure], masker: Masker, epoch: int = 0
) -> Asked[answers.LinkAnswer]:
    """Which figures of different chapters belong together; marks and limits of rules are left out."""
    known: dict[str, Quantity] = {}
    rows: list[str] = []
    for figure in figures:
        if figure.role in (Role.THRESHOLD, Role.FULL_MARK):
            continue
        name = f"q{len(known) + 1}"
        known[name] = source.quantity(figure.quantity)
        rows.append(f"{name} | {_row(source, figure, masker)}")
    shown = Shown("\n".join(rows), known, {})
    return _asked(source, "link_figures", answers.LinkAnswer, shown, masker, _link_ids, epoch)


def _row(source: Source, figure: Figure, masker: Masker) -> str:
    quantity = source.quantity(figure.quantity)
    number = " ".join(quantity.text.split())
    unit = quantity.unit if quantity.unit_span is not None and quantity.unit else ""
    path = source.path_to(source.section(figure.section))
    chapter = next((section for section in reversed(path) if section.title), path[0])
    own = " > ".join("".join(s.title.split()) for s in dict.fromkeys((chapter, path[0])) if s.title)
    subject, period = figure.subject or "-", figure.period or "-"
    return masker.masked(f"{number}{unit} | {figure.measure} | {figure.role} | {subject} | {period} | {own or '-'}")


def _asked(
    source: Source,
    name: str,
    answer: type[A],
    shown: Shown,
    masker: Masker,
    ids: Callable[[A], tuple[list[str], list[str]]],
    epoch: int,
) -> Asked[A]:
    prompt = load(name)
    values = {"about": about(source, masker), "report": shown.text}
    if "outline" in prompt.inputs:
        values["outline"] = masker.masked_once(outline(source))

    def check(given: A) -> tuple[str, ...]:
        quantities, sentences = ids(given)
        unknown = [name for name in quantities if name not in shown.quantities]
        unknown += [name for name in sentences if name not in shown.sentences]
        return tuple(f"编号 {name} 不在本段" for name in dict.fromkeys(unknown))

    ask = Ask(
        task=name,
        version=prompt.version,
        messages=prompt.messages(values),
        answer=answer,
        parameters=prompt.parameters,
        check=check,
        epoch=epoch,
    )
    return Asked(ask, shown)


def _relation_ids(relations: Sequence[answers.RelationAnswer]) -> list[str]:
    named = [operand.quantity for relation in relations for operand in relation.operands]
    return named + [relation.result for relation in relations if relation.result is not None]


def _label_ids(answer: answers.LabelAnswer) -> tuple[list[str], list[str]]:
    return [figure.quantity for figure in answer.figures] + _relation_ids(answer.relations), answer.unmarked


def _critique_ids(answer: answers.CritiqueAnswer) -> tuple[list[str], list[str]]:
    numbers = [n for i in answer.indicators for n in (i.target, i.actual, i.weight, i.score) if n is not None]
    return numbers, [indicator.sentence for indicator in answer.indicators]


def _concern_ids(answer: answers.ConcernsAnswer) -> tuple[list[str], list[str]]:
    return [], [name for concern in answer.concerns for name in concern.sentences]


def _link_ids(answer: answers.LinkAnswer) -> tuple[list[str], list[str]]:
    return [name for group in answer.same for name in group.quantities] + _relation_ids(answer.relations), []
