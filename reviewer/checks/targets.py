"""TGT: targets against actual values."""

from collections import defaultdict
from collections.abc import Iterator

from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.schema import Dimension, Figure, Role, Severity

_SAME = 3
"""So many different rates with one value are worth a look."""


@rule("TGT001")
def missed_with_full_marks(context: Context) -> Iterator[Draft]:
    """TGT001 未达目标却得满分 | Target missed, full marks given

    Finds: a row of an indicator table, or an item of the prose, with full marks (also in words: 得满分) whose actual
    value falls short of the target told beside it or set among the goals.
    查什么: 指标表或正文所列指标的实际完成值未达到同处或绩效目标章节的指标值，却得满分（含“得满分”等文字表述）。
    Why: marks are to be reduced in proportion; full marks lift the total and perhaps the grade.
    为什么: 未完成的应按比例扣分，得满分会抬高总分和等级。
    Example: | 培训人次 | ≥500 | 430 | 分值 10 | 得分 10 |
    示例: | 培训人次 | ≥500 | 430 | 分值 10 | 得分 10 |
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: targets in words and dates; targets and actual values in different units; goals under another name.
    已知遗漏: 文字目标和日期目标；单位不同的目标与完成值；名称不同的目标。
    """
    for claim in context.claims("target_met"):
        if claim.tied:
            yield drafted(context, claim, Severity.WARNING, basis="财预〔2020〕10号")


@rule("TGT002")
def goal_not_reached(context: Context) -> Iterator[Draft]:
    """TGT002 结果低于前文目标 | Result below a goal stated earlier

    Finds: a result reported late that misses the goal set early for a measure of the same name, or of the only name
    that shares a word with it; unless the report says itself that the goal was missed.
    查什么: 后文报告的结果未达到前文为同名（或唯一近似名称）指标设定的目标，且文中未说明未达目标。
    Why: the goal is often forgotten by the time results are scored.
    为什么: 自评时常忽略年初目标，未达目标也得满分。
    Example: 目标：整改率大于 95% …… 整改率 91.2%.
    示例: 目标为整改率大于 95%，完成情况为整改率 91.2%。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: goals without a number, and results under an altogether different name; whether the two are one
    measure is a question.
    已知遗漏: 没有数字的目标、名称完全不同的结果；是否为同一指标需核实。
    """
    for claim in context.claims("target_met"):
        if not claim.tied and claim.concept != "admitted":
            yield drafted(context, claim, Severity.WARNING, basis="财预〔2020〕10号")


@rule("TGT003")
def identical_rates(context: Context) -> Iterator[Draft]:
    """TGT003 多个指标完成值完全相同 | Several rates with one value

    Finds: three or more different rates in one section with the same value other than 100 % and 0 %.
    查什么: 同一章节中三个以上不同比率的数值完全相同（100%、0%除外）。
    Why: rates of different things are rarely equal; they may have been filled in, not measured.
    为什么: 不同指标的比率很少完全相同，可能未经测算直接填写。
    Example: 培训率、办结率、受理率、转交率均为 97%.
    示例: 培训率为 97%，办结率为 97%，受理率为 97%。
    Basis: the report's own figures
    依据: 报告自身数据
    Known misses: values that merely lie close together.
    已知遗漏: 数值接近但不相同的。
    """
    groups: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for figure in context.reading.figures:
        quantity = context.source.quantity(figure.quantity)
        percent = quantity.dimension is Dimension.PERCENT and quantity.value not in (None, 0, 100)
        if percent and figure.role is Role.RATE and figure.concept is None:
            groups[figure.section, f"{quantity.value}"].append(figure)
    for figures in groups.values():
        if len({figure.measure for figure in figures}) < _SAME:
            continue
        quantities = [context.source.quantity(figure.quantity) for figure in figures]
        yield Draft(
            severity=Severity.NOTE,
            evidence=context.evidence(*(quantity.span for quantity in quantities)),
            by=("offline",),
            basis=texts(context.lang)["basis"]["consistency"],
            words={"values": context.join(map(context.named, quantities)), "count": str(len(quantities))},
            identity=context.identity(quantities),
        )


@rule("TGT004")
def goal_without_result(context: Context) -> Iterator[Draft]:
    """TGT004 目标无完成值 | Goal without a result

    Finds: a goal with a number in the chapter on goals that no later sentence or table row reports on.
    查什么: 绩效目标章节写明的量化目标，后文各处均未报告完成值。
    Why: a goal nobody reports on may have been missed; marks for it rest on nothing.
    为什么: 未报告的目标可能没有完成，得分缺少依据。
    Example: 目标：疑难纠纷评议上报率达到 100%, and no rate later.
    示例: 目标为疑难纠纷评议上报率达到 100%，后文未见该比率。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: goals without a number or under headings without 目标 or 指标; a result under an altogether different
    name is taken for none.
    已知遗漏: 没有数字的目标、标题不含“目标”“指标”的目标；以完全不同名称报告的结果视为未报告。
    """
    for claim in context.open_claims("target_met", "unreported"):
        yield drafted(context, claim, Severity.WARNING, basis="财预〔2020〕10号")
