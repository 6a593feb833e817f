"""A stretch of the report as a model sees it: every sentence and every number under a short id of this request alone.

Ids begin anew in each request (s1, q1 …), so that a change in one chapter leaves the requests of all others as they
were: their answers stay cached, and recorded answers stay good.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviewer.extraction.model.masking import Masker
from reviewer.schema import Quantity, Sentence, Source

_CELL = " | "


@dataclass(frozen=True, slots=True)
class Shown:
    """Text with ids, and what each id stands for."""

    text: str
    quantities: dict[str, Quantity]
    sentences: dict[str, Sentence]


def show(
    source: Source, sentences: Sequence[Sentence], masker: Masker, *, numbers: bool = True, headings: bool = True
) -> Shown:
    """The sentences, each on a line under its id; with `numbers`, every measuring number is tagged {q1:874.36万元}.

    A heading line opens each section, so that a model knows where it reads. A unit that is printed elsewhere (a
    column's head, a caption) follows the number behind a middle dot.
    """
    lines: list[str] = []
    known_quantities: dict[str, Quantity] = {}
    known_sentences: dict[str, Sentence] = {}
    section = None
    for sentence in sentences:
        if headings and sentence.section != section:
            section = sentence.section
            if trail := _trail(source, sentence):
                lines.append(f"## {trail}")
        name = f"s{len(known_sentences) + 1}"
        known_sentences[name] = sentence
        row = " 表格行" if sentence.span.row is not None else ""
        text = _tagged(source, sentence, known_quantities, masker) if numbers else _words(source, sentence, masker)
        lines.append(f"[{name}{row}] {text}")
    return Shown("\n".join(lines), known_quantities, known_sentences)


def _trail(source: Source, sentence: Sentence) -> str:
    """The titles of the sections above this one, outermost first."""
    path = source.path_to(source.section(sentence.section))
    return " > ".join("".join(section.title.split()) for section in reversed(path[1:]) if section.title)


def _words(source: Source, sentence: Sentence, masker: Masker) -> str:
    return masker.masked(_flat(source.text(sentence.span)))


def _flat(text: str) -> str:
    """On one line: cells apart by bars, line ends and the blanks around them gone."""
    cells = text.split("\t")
    return _CELL.join(" ".join(cell.split()) for cell in cells)


def _tagged(source: Source, sentence: Sentence, known: dict[str, Quantity], masker: Masker) -> str:
    span, at = sentence.span, sentence.span.start
    text = source.document(span.document).text
    pieces: list[str] = []
    for quantity in source.within(span.document, span.start, span.end):
        if quantity.span.end > span.end or quantity.span.start < at:
            continue
        name = f"q{len(known) + 1}"
        known[name] = quantity
        pieces += [masker.masked(_between(text[at : quantity.span.start])), f"{{{name}:{_number(quantity)}}}"]
        at = quantity.span.end
    pieces.append(masker.masked(_between(text[at : span.end])))
    return "".join(pieces).strip()


def _between(text: str) -> str:
    """Words between two numbers: blanks at either end kept as one, cells apart by bars."""
    return _CELL.join(
        (" " if cell[:1].isspace() else "")
        + " ".join(cell.split())
        + (" " if cell[-1:].isspace() and cell.strip() else "")
        for cell in text.replace("\n", " ").split("\t")
    )


def _number(quantity: Quantity) -> str:
    printed = " ".join(quantity.text.split())
    return f"{printed}·{quantity.unit}" if quantity.unit_span is not None and quantity.unit else printed


def outline(source: Source) -> str:
    """The headings of the report, indented by level."""
    lines = [
        f"{'  ' * max(0, section.level - 1)}{section.number or ''}{''.join(section.title.split())}"
        for section in source.sections
        if section.title
    ]
    return "\n".join(lines)


def about(source: Source, masker: Masker) -> str:
    """One line on what is reviewed: kind, unit, year."""
    document = source.documents[0]
    parts: Iterable[str | None] = (document.title, document.unit, f"{document.year}年" if document.year else None)
    return masker.masked_once("；".join(" ".join(part.split()) for part in parts if part))
