"""Answers held against the report: ids that were shown, names the report prints, no number it does not.

What cannot be held is refused and counted, item by item; the rest stands.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from reviewer.extraction.model import answers
from reviewer.extraction.model.answers import Period
from reviewer.extraction.model.guard import (
    cuts_a_number,
    grounded,
    grounded_sentences,
    joined,
    squeezed,
    tidy,
    without_ids,
)
from reviewer.extraction.model.masking import Masker
from reviewer.extraction.model.tagging import Shown
from reviewer.schema import Concern, Figure, Indicator, Quantity, Sentence, Source, Span

_BRACKETS = re.compile(r"（[^（）]*）|\([^()]*\)")
# Brackets that may have been shown in full width.
_SHOWN_AS = {"［": r"[［\[]", "｛": r"[｛{]"}
_LONGEST = 40
_MOST_CITED = 6


class Grounding:
    """Turns answers about one report into figures, indicators and concerns."""

    def __init__(self, source: Source, masker: Masker, by: tuple[str, ...], offline: Mapping[str, Figure]) -> None:
        self._source = source
        self._masker = masker
        self._by = by
        self._offline = offline
        self.rejected: Counter[str] = Counter()

    @cached_property
    def _printed(self) -> dict[str, str]:
        """Each document's words as names are looked up in them; made when the first name is."""
        return {document.id: squeezed(document.text) for document in self._source.documents}

    @cached_property
    def _unbracketed(self) -> dict[str, str]:
        return {d.id: squeezed(_BRACKETS.sub(" ", d.text)) for d in self._source.documents}

    def figures(self, given: Iterable[answers.FigureAnswer], shown: Shown) -> list[Figure]:
        """One figure for each number at most, without ids; the name must be the report's own."""
        found: dict[str, Figure] = {}
        for answer in given:
            quantity = shown.quantities.get(answer.quantity)
            if quantity is None:
                self.rejected["unknown_id"] += 1
            elif quantity.id in found:
                self.rejected["duplicate_id"] += 1
            elif (figure := self._figure(answer, quantity)) is not None:
                found[quantity.id] = figure
        return list(found.values())

    def _figure(self, answer: answers.FigureAnswer, quantity: Quantity) -> Figure | None:
        own = self._offline.get(quantity.id)
        measure = self._words(answer.measure)
        if not self._prints(measure, quantity.span.document):
            self.rejected["name_not_in_report"] += 1
            if own is None:
                return None
            measure = own.measure
        subject = self._words(answer.subject) if answer.subject else None
        if subject is not None and not self._prints(subject, quantity.span.document):
            self.rejected["name_not_in_report"] += 1
            subject = None
        if subject == measure:
            subject = None
        return Figure(
            id="",
            quantity=quantity.id,
            measure=measure,
            concept=own.concept if own is not None else None,
            role=answer.role,
            subject=subject,
            period=self._period(answer.period, quantity, own),
            section=self._source.section_at(quantity.span.document, quantity.span.start).id,
            by=self._by,
        )

    def _period(self, period: Period, quantity: Quantity, own: Figure | None) -> str | None:
        """The year meant, where the report prints it; "other" years are taken from the offline reading."""
        if period is Period.CUMULATIVE:
            return "cumulative"
        if period is Period.OTHER:
            return own.period if own is not None else None
        year = self._source.document(quantity.span.document).year
        if year is None:
            return None
        return str(year + {Period.CURRENT: 0, Period.PREVIOUS: -1, Period.NEXT: 1}[period])

    def _prints(self, words: str, document: str) -> bool:
        """Whether the report prints these words, whatever blanks, quotes, brackets or 的 stand between them.

        A number in them is a whole number of the report: neither cut off nor run together.
        """
        wanted = squeezed(words)
        if not wanted or len(wanted) > _LONGEST:
            return False
        return any(
            not cuts_a_number(text, found.start(), found.end())
            for text in (self._printed[document], self._unbracketed[document])
            for found in re.finditer(re.escape(wanted), text)
        )

    def _words(self, text: str) -> str:
        """A model's words with what was hidden from it put back."""
        return tidy(self._masker.unmasked(text))

    def _ground(self, sentence: Sentence) -> str:
        """A sentence, and behind it the numbers whose unit is printed elsewhere: a column's head, a caption."""
        span = sentence.span
        inherited = [
            f"{quantity.text}{quantity.unit}"
            for quantity in self._source.within(span.document, span.start, span.end)
            if quantity.unit_span is not None and quantity.unit
        ]
        return "\n".join([self._source.text(span), *inherited])

    def indicators(self, given: Iterable[answers.IndicatorAnswer], shown: Shown) -> list[Indicator]:
        """Indicators without ids; each must be named as its sentence words it."""
        found: list[Indicator] = []
        taken: set[tuple[str, int]] = set()
        for answer in given:
            sentence = shown.sentences.get(answer.sentence)
            if sentence is None:
                self.rejected["unknown_id"] += 1
                continue
            span = self._named(self._words(answer.name), sentence)
            if span is None:
                self.rejected["name_not_in_report"] += 1
                continue
            if (span.document, span.start) in taken:
                self.rejected["duplicate_id"] += 1
                continue
            taken.add((span.document, span.start))
            found.append(self._indicator(answer, shown, sentence, span))
        return found

    def _indicator(self, answer: answers.IndicatorAnswer, shown: Shown, sentence: Sentence, span: Span) -> Indicator:
        return Indicator(
            id="",
            text=joined(self._source.text(span)),
            span=span,
            level=answer.level.value if answer.level else None,
            target=self._id(answer.target, shown),
            actual=self._id(answer.actual, shown),
            weight=self._id(answer.weight, shown),
            score=self._id(answer.score, shown),
            issues=tuple(dict.fromkeys(answer.issues)),
            suggestion=self._suggestion(answer, sentence),
            section=sentence.section,
            by=self._by,
        )

    def _suggestion(self, answer: answers.IndicatorAnswer, sentence: Sentence) -> str | None:
        """The rewritten indicator, if it brings no number of its own."""
        if not answer.suggestion or not answer.issues:
            return None
        suggestion = self._words(answer.suggestion)
        year = self._source.document(sentence.span.document).year
        if not grounded(suggestion, self._ground(sentence), f"{year}年" if year else ""):
            self.rejected["ungrounded_number"] += 1
            return None
        return suggestion

    def _id(self, name: str | None, shown: Shown) -> str | None:
        if name is None:
            return None
        if name not in shown.quantities:
            self.rejected["unknown_id"] += 1
            return None
        return shown.quantities[name].id

    def _named(self, name: str, sentence: Sentence) -> Span | None:
        """Where a sentence prints a name, blanks and line ends between its characters allowed."""
        wanted = [_SHOWN_AS.get(char, re.escape(char)) for char in "".join(name.split())]
        if not wanted:
            return None
        text = self._source.text(sentence.span)
        matches = re.finditer(r"\s*".join(wanted), text)
        found = next((match for match in matches if not cuts_a_number(text, *match.span())), None)
        if found is None:
            return None
        start = sentence.span.start
        document = self._source.document(sentence.span.document)
        return document.span(start + found.start(), start + found.end())

    def concerns(self, given: Iterable[answers.ConcernAnswer], shown: Shown) -> list[Concern]:
        """Concerns without ids: each cites sentences, and what it says brings no number they do not print."""
        found: list[Concern] = []
        for answer in given:
            known = [shown.sentences[name] for name in dict.fromkeys(answer.sentences) if name in shown.sentences]
            self.rejected["unknown_id"] += sum(name not in shown.sentences for name in answer.sentences)
            if not known or len(known) > _MOST_CITED:
                self.rejected["without_evidence"] += 1
                continue
            grounds = [self._ground(sentence) for sentence in known]
            text, dropped = grounded_sentences(self._words(without_ids(answer.text)), *grounds)
            self.rejected["ungrounded_number"] += dropped
            if not text:
                continue
            question = self._words(without_ids(answer.question)) if answer.question else None
            if question is not None and not grounded(question, *grounds):
                self.rejected["ungrounded_number"] += 1
                question = None
            found.append(
                Concern(
                    id="",
                    kind=answer.kind,
                    text=text,
                    sentences=tuple(sentence.id for sentence in known),
                    question=question or None,
                    by=self._by,
                )
            )
        return found
