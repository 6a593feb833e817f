"""The report before it is understood, with the look-ups every later room needs."""

from bisect import bisect_left, bisect_right
from functools import cached_property

from reviewer.schema.base import Model
from reviewer.schema.numbers import Quantity, QuantityKind
from reviewer.schema.source import Document, Section, Sentence, Span


class Source(Model):
    """Documents, their sections and sentences, and every number in them; all in reading order."""

    documents: tuple[Document, ...]
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    quantities: tuple[Quantity, ...]

    @cached_property
    def _documents(self) -> dict[str, Document]:
        return {document.id: document for document in self.documents}

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    @cached_property
    def _quantities(self) -> dict[str, Quantity]:
        return {quantity.id: quantity for quantity in self.quantities}

    @cached_property
    def _order(self) -> dict[str, tuple[list[int], list[Quantity]]]:
        order: dict[str, tuple[list[int], list[Quantity]]] = {d.id: ([], []) for d in self.documents}
        for quantity in self.quantities:
            starts, items = order[quantity.span.document]
            starts.append(quantity.span.start)
            items.append(quantity)
        return order

    def document(self, document_id: str) -> Document:
        """The document with this id. KeyError when there is none."""
        return self._documents[document_id]

    def section(self, section_id: str) -> Section:
        """The section with this id. KeyError when there is none."""
        return self._sections[section_id]

    def quantity(self, quantity_id: str) -> Quantity:
        """The quantity with this id. KeyError when there is none."""
        return self._quantities[quantity_id]

    def text(self, span: Span) -> str:
        """The exact words of a span."""
        return self._documents[span.document].text[span.start : span.end]

    def within(self, document_id: str, start: int, end: int, *, measuring: bool = True) -> list[Quantity]:
        """Quantities that begin in [start, end); by default only numbers that measure something."""
        starts, items = self._order[document_id]
        found = items[bisect_left(starts, start) : bisect_left(starts, end)]
        return [q for q in found if q.kind is QuantityKind.QUANTITY] if measuring else found

    @cached_property
    def _section_starts(self) -> dict[str, tuple[list[int], list[Section]]]:
        starts: dict[str, tuple[list[int], list[Section]]] = {d.id: ([], []) for d in self.documents}
        for section in self.sections:
            starts[section.span.document][0].append(section.span.start)
            starts[section.span.document][1].append(section)
        return starts

    def section_at(self, document_id: str, offset: int) -> Section:
        """The section whose stretch holds `offset`."""
        starts, sections = self._section_starts[document_id]
        return sections[max(0, bisect_right(starts, offset) - 1)]

    @cached_property
    def _sentence_starts(self) -> dict[str, tuple[list[int], list[Sentence]]]:
        starts: dict[str, tuple[list[int], list[Sentence]]] = {d.id: ([], []) for d in self.documents}
        for sentence in self.sentences:
            starts[sentence.span.document][0].append(sentence.span.start)
            starts[sentence.span.document][1].append(sentence)
        return starts

    def sentence_at(self, document_id: str, offset: int) -> Sentence | None:
        """The sentence that holds `offset`, if any."""
        starts, sentences = self._sentence_starts[document_id]
        index = bisect_right(starts, offset) - 1
        if index < 0 or offset >= sentences[index].span.end:
            return None
        return sentences[index]

    def path_to(self, section: Section) -> list[Section]:
        """The section and its ancestors, innermost first."""
        path = [section]
        while path[-1].parent is not None:
            path.append(self._sections[path[-1].parent])
        return path
