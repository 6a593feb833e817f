"""Whatever a report holds, no digit is lost, none is read twice, and a printed number keeps its exact value."""

import re
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.quantities import scan
from reviewer.quantities.numerals import chinese, fold, last_digit, to_chinese
from reviewer.schema.numbers import Bound, Quantity, QuantityKind
from tests.planted import document, whole_section

_PIECES = st.sampled_from(
    [
        *"0123456789０１２９.,．，%％-—～~/:：()（）〔〕[]\"“”$\\<>≥≤=+×*、；。 \t\n①⑵②",
        *"一二三四五六七八九十百千万亿两零〇半第附表前余多来几约近超成分之至到由从为是负年月日时点号级内上下A", "V", "G", "km", "AB",
        "万元", "亿元", "元", "个百分点", "百分之", "分之", "人次", "人", "件", "个月", "小时", "季度", "不低于", "以上", "左右", "2023", "2024",
        "完成", "得分", "电话", "邮编", "附件", "热线", "项目", "\\leq", "12345", "138", "510000", "单位：", "GB/T ", "http://", "@",
    ]
)  # fmt: skip
TEXT = st.lists(_PIECES, max_size=40).map("".join)
ANY = st.text(max_size=80)


def _scan(text: str) -> tuple[Quantity, ...]:
    report = document(text)
    return scan(report, whole_section(report))


@settings(max_examples=600, deadline=None)
@given(st.one_of(TEXT, ANY))
def test_every_digit_belongs_to_exactly_one_quantity(text: str) -> None:
    position = 0
    covered: set[int] = set()
    for q in _scan(text):
        assert position <= q.span.start < q.span.end
        position = q.span.end
        assert q.text == text[q.span.start : q.span.end]
        covered.update(range(q.span.start, q.span.end))
    for match in re.finditer("[0-9０-９①⑵②]", text):
        assert match.start() in covered


@settings(max_examples=300, deadline=None)
@given(TEXT)
def test_the_fields_of_a_quantity_agree(text: str) -> None:
    for q in _scan(text):
        numbers = (q.value, q.low, q.high, q.ulp, q.numerator, q.denominator)
        if q.kind is not QuantityKind.QUANTITY:
            assert numbers == (None,) * 6 and q.unit is None and q.bound is Bound.EXACT
        elif q.bound is Bound.RANGE:
            assert q.value is None and q.low is not None and q.high is not None and q.low < q.high
        else:
            assert q.value is not None
            if q.bound is Bound.EXACT:
                assert q.low == q.high == q.value
        assert (q.unit is None) or (q.scale is not None)


@settings(max_examples=100, deadline=None)
@given(TEXT)
def test_the_same_text_is_read_the_same_way(text: str) -> None:
    assert _scan(text) == _scan(text)


@given(
    st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2),
    st.sampled_from(["万元", "元", "%", "分", "件", "个百分点", "亿元"]),
    st.booleans(),
)
def test_a_printed_decimal_is_read_exactly(value: Decimal, unit: str, separators: bool) -> None:
    printed = f"{value:,}" if separators else f"{value}"
    (q,) = _scan(f"实际完成{printed}{unit}。")
    assert (q.value, q.unit, q.ulp, q.text) == (value, unit, Decimal("0.01"), printed + unit)
    assert q.value is not None and str(q.value) == str(value)  # 1130.30 keeps its last zero


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_numerals_round_trip(value: int) -> None:
    assert chinese(to_chinese(value)) == (Decimal(value), Decimal(value))


@given(st.text())
def test_the_fold_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=0, max_value=10**6))
def test_the_last_digit_is_the_last_printed_one(value: Decimal) -> None:
    assert last_digit(value) == Decimal("0.001")
