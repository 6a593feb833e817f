"""The number grammar, by example: what a reader of the sentence would say, the scanner says."""

from decimal import Decimal

import pytest

from reviewer.quantities import scan
from reviewer.schema.numbers import Bound, Dimension, Quantity, QuantityKind
from reviewer.schema.source import Section
from tests.planted import document, whole_section


def read(text: str) -> tuple[Quantity, ...]:
    report = document(text)
    return scan(report, whole_section(report))


def brief(q: Quantity) -> tuple[str, str | None, str | None]:
    """(text, value or low–high, unit) of a quantity; (text, kind, None) of anything else."""
    if q.kind is not QuantityKind.QUANTITY:
        return q.text, q.kind.value, None
    number = f"{q.low}–{q.high}" if q.bound is Bound.RANGE else str(q.value)
    return q.text, number, q.unit


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("支出1,133.49万元", ("1,133.49万元", "1133.49", "万元")),
        ("支出１，１３３．４９万元", ("１，１３３．４９万元", "1133.49", "万元")),
        ("支出1，133.49万元", ("1，133.49万元", "1133.49", "万元")),
        ("支出 986. 31 万元", ("986. 31 万元", "986.31", "万元")),
        ("支出 1 133.49 万元", ("1 133.49 万元", "1133.49", "万元")),
        ("预算 864.64 为万元,", ("864.64 为万元", "864.64", "万元")),
        ("同比－12.30%", ("－12.30%", "-12.30", "%")),
        ("增长率-5%", ("-5%", "-5", "%")),
        ("变动率为负3.5%", ("负3.5%", "-3.5", "%")),
        ("共1.05亿元", ("1.05亿元", "1.05", "亿元")),
        ("投入5千万元", ("5千万元", "5", "千万元")),
        ("共投入1亿2000万元", ("1亿2000万元", "12000", "万元")),
        ("惠及3万人次", ("3万人次", "3", "万人次")),
        ("惠及3万", ("3万", "3", "万")),
        ("建成30多家", ("30多家", "30", "家")),
        ("培训1200余人次", ("1200余人次", "1200", "人次")),
        ("补助2万余元", ("2万余元", "2", "万元")),
        ("标准为120元/人", ("120元/人", "120", "元/人")),
        ("造价3.2万元/公里", ("3.2万元/公里", "3.2", "万元/公里")),
        ("面积320㎡", ("320㎡", "320", "平方米")),
        ("下降0.5个百分点", ("0.5个百分点", "0.5", "个百分点")),
        ("达98.5％", ("98.5％", "98.5", "%")),
        (r"达98.5\%", (r"98.5\%", "98.5", "%")),
        ("办理三个", ("三个", "3", "个")),
        ("举办二十余次", ("二十余次", "20", "次")),
        ("惠及一千二百人", ("一千二百人", "1200", "人")),
        ("投入五千万元", ("五千万元", "5000", "万元")),
        ("用时半年", ("半年", "0.5", "年")),
        ("追加300余万元", ("300余万元", "300", "万元")),
        ("支出3 000万元", ("3 000万元", "3000", "万元")),
        ("得80-90分之间", ("80-90分", "80–90", "分")),
        ("历时一个半月", ("一个半月", "1.5", "个月")),
        ("历时3年半", ("3年半", "3.5", "年")),
        ("甲、五两个方面", ("两个", "2", "个")),
        ("历时一年半", ("一年半", "1.5", "年")),
        ("达百分之九十八点五", ("百分之九十八点五", "98.5", "%")),
        ("占千分之三", ("千分之三", "3", "‰")),
        ("满意的有九成五", ("九成五", "95", "%")),
        ("每次两三个", ("两三个", "2–3", "个")),
        ("每批5-8件", ("5-8件", "5–8", "件")),
        ("每批5～8件", ("5～8件", "5–8", "件")),
        ("每批5至8件", ("5至8件", "5–8", "件")),
        ("在3至5个工作日", ("3至5个工作日", "3–5", "个工作日")),
        ("在三至五个工作日", ("三至五个工作日", "3–5", "个工作日")),
        ("得80%(含)-90%", ("80%(含)-90%", "80–90", "%")),
        ("按90%-80%计分", ("90%-80%", "80–90", "%")),
        ("增幅10%—15%", ("10%—15%", "10–15", "%")),
        ("每天1名", ("1名", "1", "名")),
        ("得了十分。", ("十分", "10", "分")),
        ("完成 3.5 场", ("3.5 场", "3.5", "场")),
        ("3.5 场活动", ("3.5 场", "3.5", "场")),
        ("共 12. 其中", ("12", "12", None)),
    ],
)  # fmt: skip
def test_one_number(text: str, expected: tuple[str, str, str]) -> None:
    assert [brief(q) for q in read(text)] == [expected]


@pytest.mark.parametrize(
    ("text", "bound", "low", "high"),
    [
        ("不低于95%", Bound.AT_LEAST, "95", None),
        ("≥ 95%", Bound.AT_LEAST, "95", None),
        (r"\geq 95\%", Bound.AT_LEAST, "95", None),
        ("达95%以上", Bound.AT_LEAST, "95", None),
        ("达95%（含）以上", Bound.AT_LEAST, "95", None),
        ("比上年增加超过5%", Bound.MORE_THAN, "5", None),
        ("培训30余次", Bound.MORE_THAN, "30", None),
        ("不超过3万元", Bound.AT_MOST, None, "3"),
        ("在15日以内", Bound.AT_MOST, None, "15"),
        ("10个工作日内", Bound.AT_MOST, None, "10"),
        ("低于60分", Bound.LESS_THAN, None, "60"),
        ("60分以下", Bound.LESS_THAN, None, "60"),
        ("60分（含）以下", Bound.AT_MOST, None, "60"),
        ("约3万元", Bound.ABOUT, None, None),
        ("节约3万元", Bound.EXACT, "3", "3"),
        ("30人左右", Bound.ABOUT, None, None),
        ("近三年", Bound.EXACT, "3", "3"),
        ("75 ≤ 得分", Bound.AT_LEAST, "75", None),
        (r"$75 \leq$ 得分", Bound.AT_LEAST, "75", None),
        ("85分>得分", Bound.LESS_THAN, None, "85"),
        ("高于全市平均 0.37%", Bound.EXACT, "0.37", "0.37"),
        ("每超过1个百分点", Bound.EXACT, "1", "1"),
        ("至少一次", Bound.AT_LEAST, "1", None),
    ],
)
def test_bounds(text: str, bound: Bound, low: str | None, high: str | None) -> None:
    (q,) = read(text)
    assert (q.bound, q.low, q.high) == (bound, low and Decimal(low), high and Decimal(high))


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        *(
            (f"于{date}完成", QuantityKind.DATE, date)
            for date in (
                "2023年", "2023 年度", "2023年5月1日", "5月1日", "2024-12-31", "2024/12/31", "2024.12.31", "2023年12月底", "2021—2023年",
                "二〇二三年", "二○二三年十二月", "一季度", "第三季度", "上半年", "23年度", "9:00", "17:30", "3月", "12月底", "2023年初", "1-6月", "六月",
                "9时30分",
            )
        ),
        *(
            (f"依据{number}执行", QuantityKind.DOCUMENT_NUMBER, number)
            for number in ("〔2019〕5号", "[2025]13号", "(2018)34 号", "第431号", "GB/T 19001-2016", "第 12 号")
        ),
        *(
            (f"见{number}，", QuantityKind.ORDINAL, number)
            for number in ("附件2", "附表1", "表 2", "图3", "第三", "第5批", "前三名")
        ),
        ("电话：88223344", QuantityKind.PHONE, "88223344"),
        ("手机13512345678", QuantityKind.PHONE, "13512345678"),
        ("传真0571-88223344", QuantityKind.PHONE, "0571-88223344"),
        ("拨打12345热线", QuantityKind.PHONE, "12345"),
        ("邮编：310000", QuantityKind.CODE, "310000"),
        ("身份证330102199001012318", QuantityKind.CODE, "330102199001012318"),
        ("账户6222020200112233445", QuantityKind.CODE, "6222020200112233445"),
        ("使用A4纸", QuantityKind.CODE, "A4"),
        ("覆盖5G网络", QuantityKind.CODE, "5G"),
        ("系统V2.0上线", QuantityKind.CODE, "V2.0"),
        ("按“246”机制", QuantityKind.CODE, "246"),
        ("控制三公经费", QuantityKind.PHRASE, "三公经费"),
        ("共建一带一路", QuantityKind.PHRASE, "一带一路"),
        ("党的二十大精神", QuantityKind.PHRASE, "二十大"),
        ("落实“四个走进”要求", QuantityKind.PHRASE, "四个走进"),
        ("给予一次性补贴", QuantityKind.PHRASE, "一次性"),
        ("大家一起参加", QuantityKind.PHRASE, "一起"),
        ("十分重要", QuantityKind.PHRASE, "十分"),
        ("办好每一件事", QuantityKind.PHRASE, "一件"),
        ("完成；②落实", QuantityKind.HEADING, "②"),
        ("完成；（四）督促检查", QuantityKind.HEADING, "（四）"),
    ],
)  # fmt: skip
def test_what_measures_nothing(text: str, kind: QuantityKind, words: str) -> None:
    (q,) = read(text)
    assert (q.kind, q.text, q.value, q.unit) == (kind, words, None, None)


@pytest.mark.parametrize(
    "text",
    ["统一部署", "进一步加强", "一方面", "一系列", "单位：万元", "金额单位:元", "一是加强", "万一", "两者", "千方百计"],
)
def test_words_without_a_number_are_left_alone(text: str) -> None:
    assert read(text) == ()


def test_a_change_is_two_numbers() -> None:
    assert [brief(q) for q in read("从5件增加到8件")] == [("5件", "5", "件"), ("8件", "8", "件")]
    assert [brief(q) for q in read("由5件到8件")] == [("5件", "5", "件"), ("8件", "8", "件")]
    assert [brief(q) for q in read("由12%降至9%")] == [("12%", "12", "%"), ("9%", "9", "%")]


def test_fractions_and_ratios_keep_both_numbers() -> None:
    for text, numerator, denominator in (
        ("58/61", 58, 61),
        ("三分之二", 2, 3),
        ("比例为1:3", 1, 3),
        ("比例为3：7", 3, 7),
    ):
        (q,) = read(text)
        assert (q.numerator, q.denominator) == (Decimal(numerator), Decimal(denominator))
        assert q.ulp is None and q.unit is None
        assert q.value == Decimal(numerator) / Decimal(denominator)


def test_unit_dimension_and_scale() -> None:
    (money, percent, point, score, count, time) = read("1.05亿元，98%，2个百分点，9.5分，3万人次，5天")
    assert (money.dimension, money.scale, money.ulp) == (Dimension.MONEY, Decimal(10**8), Decimal("0.01"))
    assert (percent.dimension, percent.scale) == (Dimension.PERCENT, Decimal("0.01"))
    assert (point.dimension, point.scale) == (Dimension.POINT, Decimal("0.01"))
    assert (score.dimension, score.scale, score.ulp) == (Dimension.SCORE, Decimal(1), Decimal("0.1"))
    assert (count.dimension, count.scale, count.ulp) == (Dimension.COUNT, Decimal(10000), Decimal(1))
    assert time.dimension is Dimension.TIME


def test_a_list_inside_a_cell_is_numbered_and_its_decimals_are_kept() -> None:
    kinds = [(q.text, q.kind.value) for q in read("1.接收档案98.5卷。2.整理3.5场 3.上架")]
    assert kinds == [
        ("1.", "heading"), ("98.5卷", "quantity"), ("2.", "heading"), ("3.5场", "quantity"), ("3.", "heading"),
    ]  # fmt: skip


def test_the_number_of_a_section_is_a_heading() -> None:
    report = document("2024 目标\n完成5件")
    section = Section(
        id="s1", number="2024", title="目标", level=1, parent=None, body=8, span=report.span(0, len(report.text))
    )
    assert [q.kind.value for q in scan(report, [section], first=7)] == ["heading", "quantity"]
    assert [q.id for q in scan(report, [section], first=7)] == ["q7", "q8"]


def cells(
    rows: list[list[str]], header_rows: int = 1, before: str = "说明"
) -> dict[str, tuple[str | None, str | None]]:
    """Unit of every number in the table's body, and the words where it is printed."""
    report = document(before, [(rows, header_rows)])
    units: dict[str, tuple[str | None, str | None]] = {}
    for q in scan(report, whole_section(report)):
        if q.span.row is not None and q.span.row >= header_rows:
            printed = report.text[q.unit_span.start : q.unit_span.end] if q.unit_span else None
            units[q.text] = (q.unit if q.kind is QuantityKind.QUANTITY else q.kind.value, printed)
    return units


def test_a_bare_cell_takes_the_unit_of_its_header() -> None:
    rows = [
        ["序号", "指标", "预算数（万元）", "完成率(%)", "得分", "人数"],
        ["1", "购书", "552.38", "98.5", "9.5", "40"],
        ["2", "办展", "71.56", "≥90", "10分", "－"],
    ]
    assert cells(rows, before="单位：元") == {
        "1": ("heading", None), "552.38": ("万元", "万元"), "98.5": ("%", "%"), "9.5": ("分", "得分"), "40": (None, None),
        "2": ("heading", None), "71.56": ("万元", "万元"), "90": ("%", "%"), "10分": ("分", None),
    }  # fmt: skip


def test_a_caption_reaches_amounts_only() -> None:
    rows = [["科目", "决算数", "占比", "户数"], ["购书", "552.38", "63.2", "12"]]
    assert cells(rows, before="表\n单位：万元") == {
        "552.38": ("万元", "万元"),
        "63.2": (None, None),
        "12": (None, None),
    }


def test_a_row_label_and_a_unit_column_name_units() -> None:
    assert cells([["项目", "数值"], ["参观人数（人次）", "340"], ["门票（元）", "28"]]) == {
        "340": ("人次", "人次"), "28": ("元", "元"),
    }  # fmt: skip
    assert cells([["项目", "计量单位", "数值"], ["参观", "人次", "340"]]) == {"340": ("人次", "人次")}
