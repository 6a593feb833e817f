"""EXP: what a report should have explained."""

from collections.abc import Iterator

from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.schema import Severity


@rule("EXP001")
def adjustment_without_reason(context: Context) -> Iterator[Draft]:
    """EXP001 预算调整未说明原因 | Budget adjusted without a reason

    Finds: an initial and an adjusted budget that differ, where neither their paragraphs nor the next ones give
    a reason.
    查什么: 年初预算数与调整后（全年）预算数不同，相关段落未说明调整原因。
    Why: an adjustment without a reason hides poor planning, and makes an execution rate of 100 % easy.
    为什么: 无理由的调整掩盖预算编制问题，也使执行率轻易达到 100%。
    Example: 年初预算 500 万元，调整预算 420 万元，支出 420 万元，执行率 100%.
    示例: 年初预算 500 万元，调整预算 420 万元，支出 420 万元，执行率 100%。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: a reason given far from the figures is not seen; one that is no real reason is taken for one.
    已知遗漏: 远离数据处的说明不识别；有“因”无实质理由的视为已说明。
    """
    for claim in context.open_claims("change", "adjustment"):
        yield drafted(context, claim, Severity.WARNING, basis="财预〔2020〕10号")


@rule("EXP002")
def moved_to_basic_spending(context: Context) -> Iterator[Draft]:
    """EXP002 项目支出低于预算而基本支出超预算 | Projects below budget, basic spending above it

    Finds: project spending below its budget and the rest of spending above its own by about the same sum.
    查什么: 项目支出低于预算，而其余（基本）支出超出预算的金额与之相近。
    Why: money meant for projects may have been spent on running costs.
    为什么: 可能以项目资金弥补基本支出。
    Example: 预算 1000 万元（项目 400 万元），支出 995 万元（项目 350 万元）.
    示例: 预算 1000 万元（其中项目 400 万元），支出 995 万元（其中项目 350 万元）。
    Basis: the report's own figures
    依据: 报告自身数据
    Known misses: reports that print no project budget.
    已知遗漏: 未列项目支出预算的报告。
    """
    for claim in context.open_claims("difference", "shift"):
        yield drafted(context, claim, Severity.NOTE)


@rule("EXP003")
def low_execution(context: Context) -> Iterator[Draft]:
    """EXP003 执行率偏低未说明原因 | Low execution without a reason

    Finds: an execution rate below the policy's limit where neither its paragraph nor the next one gives a reason.
    查什么: 预算执行率低于口径规定的下限，所在段落及下一段未说明原因。
    Why: unspent money was asked for without need, or the work was not done.
    为什么: 资金未执行，可能是预算编制过高或工作未完成。
    Example: 预算执行率 76.3%, and nothing said about it.
    示例: 预算执行率 76.3%，未说明原因。
    Basis: the policy in use; some provinces ask for a reason below 90 %
    依据: 所用口径（部分省份要求执行率低于90%须说明原因）
    Known misses: reasons given further away; words such as 进度 or 因 are taken for a reason.
    已知遗漏: 远离数据处的说明；出现“进度”“因”等字样即视为已说明。
    """
    for claim in context.open_claims("bound", "low_execution"):
        policy = next((operand.source.rsplit(":", 1)[0] for operand in claim.operands if operand.source), "")
        basis = texts(context.lang)["basis"]["policy"].format(policy=policy)
        yield drafted(context, claim, Severity.NOTE, basis=basis)


@rule("EXP004")
def surplus_unexplained(context: Context) -> Iterator[Draft]:
    """EXP004 结余未说明原因或未披露 | Surplus without a reason, or not disclosed

    Finds: money left at the year's end of which nothing more is said, or income above expenditure in a report that
    prints no balance.
    查什么: 年末结余未说明原因或用途；或收入大于支出而未列结余。
    Why: what is left shows what was budgeted without need; it must be told, carried over or given back.
    为什么: 结余反映预算编制是否合理，应披露并按规定结转或上缴。
    Example: 收支相抵，年末结余 38.04 万元。
    示例: 收支相抵，年末结余 38.04 万元。
    Basis: the report's own figures
    依据: 报告自身数据
    Known misses: a reason given further away; words such as 因 or 主要是 are taken for a reason.
    已知遗漏: 远离数据处的说明；出现“因”“主要是”等字样即视为已说明。
    """
    for claim in context.open_claims("bound", "unexplained_surplus"):
        yield drafted(context, claim, Severity.NOTE)
    for claim in context.open_claims("difference", "undisclosed_surplus"):
        yield drafted(context, claim, Severity.NOTE, key="undisclosed")
