"""RAT: rates and shares against what they are computed from."""

from collections.abc import Iterator

from reviewer.checks.diagnosis import diagnosis, severity
from reviewer.checks.registry import Context, Draft, rule
from reviewer.schema import Severity


@rule("RAT001")
def rate_against_operands(context: Context) -> Iterator[Draft]:
    """RAT001 比率与计算结果不符 | Rate does not follow from its figures

    Finds: an execution, completion or control rate, or a share (占…的…%), that the amounts it is defined by
    cannot give.
    查什么: 预算执行率、完成率、控制率或占比，按其定义用文中金额重新计算，结果与所写不一致。
    Why: execution rates are scored; a wrong one changes marks and hides money not spent.
    为什么: 执行率直接计分，算错会影响得分、掩盖未执行资金。
    Example: 全年预算数 200 万元，执行数 150 万元，预算执行率 85% (150 / 200 = 75%).
    示例: 全年预算数 200 万元，执行数 150 万元，预算执行率 85%（150 / 200 = 75%）。
    Basis: 财预〔2020〕10号 (预算执行率 = 执行数 / 全年预算数)
    依据: 财预〔2020〕10号（预算执行率 = 执行数 / 全年预算数）
    Known misses: rates of things counted (办结率) and rates without a definition of their own; shares whose base is
    named in words that no figure of the report carries.
    已知遗漏: 按件数计算的比率（如办结率）及无统一定义的比率；占比的基数在文中没有对应数据的。
    """
    for claim in context.claims("ratio", "share"):
        assert claim.verdict is not None and claim.result is not None
        stated = context.source.quantity(claim.result)
        quantities = context.quantities(claim)
        yield Draft(
            severity=severity(claim, Severity.ERROR),
            evidence=context.evidence(*(quantity.span for quantity in quantities)),
            claims=(claim,),
            calculation=claim.verdict.formula,
            diagnosis=diagnosis(context, claim),
            basis="财预〔2020〕10号",
            key="message" if claim.tied else "elsewhere",
            words={"rate": context.named(stated), "operands": "、".join(map(context.named, context.operands(claim)))},
            identity=tuple(context.named(quantity) for quantity in quantities),
        )
