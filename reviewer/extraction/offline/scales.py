"""The scale of grades a report prints itself: 「得分≥85分为优秀；75≤得分<85分为良好」."""

from dataclasses import dataclass

from reviewer.extraction.offline.mentions import cue
from reviewer.lexicon.measures import plain
from reviewer.schema import Bound, Dimension, Operand, OperandRole, Quantity, Source

_LOWER = (Bound.AT_LEAST, Bound.MORE_THAN)
_UPPER = (Bound.AT_MOST, Bound.LESS_THAN)


@dataclass(frozen=True, slots=True)
class Band:
    """A grade and the printed limits of its scores; a range is both of its limits."""

    word: str
    lower: Quantity | None
    upper: Quantity | None

    def operands(self) -> list[Operand]:
        """The limits as operands of a grade claim."""
        found = [(OperandRole.TARGET, self.lower), (OperandRole.CAP, self.upper)]
        return [Operand(role=role, quantity=quantity.id) for role, quantity in found if quantity]


def own_scale(source: Source, document: str) -> list[Band]:
    """The bands of the scale, in the order printed; empty when the report prints none."""
    text = source.document(document).text
    bands: list[Band] = []
    before: Quantity | None = None
    for quantity in source.within(document, 0, len(text)):
        previous, before = before, quantity
        if quantity.dimension not in (Dimension.SCORE, Dimension.NONE) or quantity.bound is Bound.EXACT:
            continue
        named = cue("score", "band").match(plain(text[quantity.span.end : quantity.span.end + 24]))
        if named is None:
            continue
        word = named.group("grade")
        if quantity.bound is Bound.RANGE:
            bands.append(Band(word, quantity, quantity))
        elif quantity.bound in _LOWER:
            bands.append(Band(word, quantity, None))
        elif quantity.bound in _UPPER:
            gap = plain(text[previous.span.end : quantity.span.start]) if previous else None
            joined = (
                previous
                if previous and previous.bound in _LOWER and gap and cue("score", "within").match(gap)
                else None
            )
            bands.append(Band(word, joined, quantity))
    return bands
