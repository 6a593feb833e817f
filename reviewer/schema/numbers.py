"""Every number of a report, and what its printed form allows it to mean."""

from decimal import Decimal
from enum import StrEnum

from reviewer.schema.base import Model
from reviewer.schema.source import Span


class QuantityKind(StrEnum):
    """A number that measures something, or why a stretch with digits is none."""

    QUANTITY = "quantity"
    DATE = "date"
    """年度、年月日、季度, and clock times."""
    DOCUMENT_NUMBER = "document_number"
    """〔2024〕5号, standards, case numbers."""
    HEADING = "heading"
    """Numbers of headings and list items: 一、（一）1.（1）①."""
    ORDINAL = "ordinal"
    """第三、附件2、表1."""
    PHONE = "phone"
    """Telephone, hotline, fax."""
    CODE = "code"
    """Postcodes, identity and account numbers, model names."""
    PHRASE = "phrase"
    """Set phrases: 三公经费, “一带一路”."""


class Dimension(StrEnum):
    """What a unit measures. Only quantities of one dimension are added or compared."""

    MONEY = "money"
    PERCENT = "percent"
    """% and ‰: a proportion."""
    POINT = "point"
    """个百分点: a difference of two proportions."""
    SCORE = "score"
    COUNT = "count"
    """Things, persons, times; compared only under the same unit."""
    TIME = "time"
    MEASURE = "measure"
    """Lengths, areas, weights, volumes, energy."""
    NONE = "none"
    """A bare number."""


class Bound(StrEnum):
    """How the words around a number limit it."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    """≥, 不低于, 以上 (the limit included)"""
    MORE_THAN = "more_than"
    """>, 超过, 余, 多"""
    AT_MOST = "at_most"
    """≤, 不超过, 以内"""
    LESS_THAN = "less_than"
    """<, 低于, 不足, 以下"""
    ABOUT = "about"
    """约, 近, 左右"""
    RANGE = "range"
    """5–8件; `low` and `high` are the printed ends"""


class Quantity(Model):
    """One number of the text.

    `value`, `low`, `high` and `ulp` are in the printed unit; times `scale` they are in the base unit of the dimension
    (元 for money, 1 for percentages: 98 % has value 98 and scale 0.01). All are null unless kind is `quantity`.
    A range has no value; a one-sided bound leaves the open side null; an exact number has low = high = value.
    """

    id: str
    text: str
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    ulp: Decimal | None = None
    """One unit of the last printed digit: 0.01 for 620.50, 1 for 99, 0.01 for 1.05亿 (in 亿)."""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    unit: str | None = None
    """The unit's canonical name: 万元, %, 个百分点, 分, 件…"""
    scale: Decimal | None = None
    dimension: Dimension | None = None
    bound: Bound = Bound.EXACT
    kind: QuantityKind
    span: Span
    """The number with its sign and unit, and the 余/多 inside it; bounding words around it are not part of it."""
    unit_span: Span | None = None
    """Where the unit is printed when that is elsewhere: a table's header or caption."""
    confidence: Decimal | None = None
    """How sure a recogniser was, 0 to 1, where the number or its unit was read from a picture; null elsewhere."""

    def is_below(self, other: "Quantity") -> bool:
        """Whether this number is smaller than another of its dimension; false where either has no single value."""
        if self.value is None or other.value is None or self.scale is None or other.scale is None:
            return False
        return self.value * self.scale < other.value * other.scale

    def may_equal(self, other: "Quantity") -> bool:
        """Whether both may be one value of their dimension, each rounded to its last printed digit."""
        sides = [(q.value, q.scale, q.ulp) for q in (self, other)]
        if self.dimension is not other.dimension or any(None in side for side in sides):
            return False
        (one, scale, ulp), (value, other_scale, other_ulp) = sides
        assert one is not None and scale is not None and ulp is not None
        assert value is not None and other_scale is not None and other_ulp is not None
        return abs(one * scale - value * other_scale) * 2 <= ulp * scale + other_ulp * other_scale
