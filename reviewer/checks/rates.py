"""RAT: rates and shares against what they are computed from."""

import re
from collections.abc import Iterator

from reviewer.checks.diagnosis import diagnosis, severity
from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.lexicon import load
from reviewer.schema import ClaimKind, Outcome, Role, Severity

_PLACED = ("nearby", "column")
"""Operands told by their place beside the result; their claim may be open without standing elsewhere."""


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
    Known misses: rates of things counted (办结率) unless both counts stand in the sentence; rates without a definition
    of their own; shares whose base is named in words that no figure of the report carries.
    已知遗漏: 件数不在同句的办结率等；无统一定义的比率；占比的基数在文中没有对应数据的。
    """
    for claim in context.claims("ratio", "share"):
        assert claim.result is not None
        stated = context.source.quantity(claim.result)
        placed = claim.concept in _PLACED
        defined = claim.kind is ClaimKind.RATIO and claim.concept is not None and not placed
        yield drafted(
            context,
            claim,
            # What a rate of cases is of (received, due, examined) is seldom said: a question, not an error.
            severity(claim, Severity.ERROR if defined or claim.kind == "share" else Severity.WARNING),
            diagnosis=diagnosis(context, claim),
            basis="财预〔2020〕10号" if defined else texts(context.lang)["basis"]["arithmetic"],
            key="message" if claim.tied or placed else "elsewhere",
            words={
                "rate": context.named(stated),
                "operands": context.join(map(context.named, context.operands(claim))),
            },
        )


@rule("RAT002")
def rate_by_another_base(context: Context) -> Iterator[Draft]:
    """RAT002 比率所用分母未说明 | Rate by a base that its words do not name

    Finds: a rate that holds, but by another of the bases the report prints than the one its definition prefers (by the
    initial budget where an adjusted one is printed), while its words do not say which.
    查什么: 比率本身可以成立，但所用分母不是定义优先采用的口径（如文中列有调整后预算，却按年初预算计算），且未说明口径。
    Why: rates by different bases cannot be compared, and a unit may choose the one that looks better.
    为什么: 分母不同的比率不可比，单位可能选用对自己有利的口径。
    Example: 年初预算 100 万元，调整后预算 120 万元，支出 96 万元，预算执行率 96%.
    示例: 年初预算 100 万元，调整后预算 120 万元，支出 96 万元，预算执行率 96%。
    Basis: 财预〔2020〕10号 (预算执行率 = 执行数 / 全年预算数)
    依据: 财预〔2020〕10号（预算执行率 = 执行数 / 全年预算数）
    Known misses: a base that the report names somewhere else than beside the rate.
    已知遗漏: 在其他位置说明口径的，暂不识别。
    """
    for claim in context.reading.claims:
        verdict = claim.verdict
        if claim.kind is not ClaimKind.RATIO or verdict is None or verdict.outcome is not Outcome.VERIFIED:
            continue
        if verdict.excuse is None or not verdict.excuse.label or claim.result is None:
            continue
        yield drafted(
            context,
            claim,
            Severity.NOTE,
            diagnosis=diagnosis(context, claim),
            basis="财预〔2020〕10号",
            words={"rate": context.named(context.source.quantity(claim.result))},
        )


@rule("RAT003")
def rate_against_printed_rule(context: Context) -> Iterator[Draft]:
    """RAT003 比率分母与所列评分标准不符 | Rate not by the base of the printed rule

    Finds: an execution or completion rate by the adjusted budget in a report whose own scoring rule goes by
    the initial.
    查什么: 预算执行（完成）率按调整后预算计算，而报告所附评分标准以年初预算为准。
    Why: by the adjusted budget the rate is nearly always full marks.
    为什么: 按调整后预算计算几乎总能得满分。
    Example: 评分标准“完成年初预算计 5 分”，完成率按调整预算计算为 100%.
    示例: 评分标准“完成年初预算计 5 分”，完成率按调整预算计算为 100%。
    Basis: the scoring rule printed in the report
    依据: 报告所附评分标准
    Known misses: rules that name the base in other words than 年初预算.
    已知遗漏: 评分标准以其他措辞说明分母的。
    """
    words = load("rates")["printed_rule"]
    printed = [s for s in context.source.sentences if re.search(words["initial"], context.source.text(s.span))]
    roles = {figure.quantity: figure.role for figure in context.reading.figures}
    rates = [claim for claim in context.reading.claims if claim.concept == "execution_rate"]
    by_initial = any(roles.get(o.quantity or "") is Role.BUDGET_INITIAL for claim in rates for o in claim.operands)
    for claim in rates if not by_initial else ():
        holds = claim.verdict is not None and claim.verdict.outcome is Outcome.VERIFIED
        if not printed or not holds or claim.result is None:
            continue
        if any(roles.get(operand.quantity or "") is Role.BUDGET_ADJUSTED for operand in claim.operands):
            quantities = context.quantities(claim)
            yield drafted(
                context,
                claim,
                Severity.NOTE,
                evidence=context.evidence(*(quantity.span for quantity in quantities), printed[0].span),
                basis=texts(context.lang)["basis"]["printed_rule"],
                words={"rate": context.named(context.source.quantity(claim.result))},
            )
            return


@rule("RAT004")
def rate_of_nothing(context: Context) -> Iterator[Draft]:
    """RAT004 执行率或控制率为零但有支出 | Rate of nought where money was spent

    Finds: an execution or control rate printed as 0 where the text does not say that nothing was budgeted or spent.
    查什么: 控制率、执行率等写为 0，而文中并未说明没有安排或没有发生支出。
    Why: such a rate is spending divided by budget; nought usually means that a change or an excess
    was computed instead.
    为什么: 该类比率为实际支出与预算之比，为零多半是把变动率或超支率当成了控制率。
    Example: 公用经费按年初预算列支，控制率为 0.
    示例: 公用经费按年初预算列支，控制率为 0。
    Basis: 财预〔2020〕10号 (预算执行率 = 执行数 / 全年预算数)
    依据: 财预〔2020〕10号（预算执行率 = 执行数 / 全年预算数）
    Known misses: a zero written in words (控制率为零).
    已知遗漏: 以汉字书写的零（控制率为零）。
    """
    for claim in context.open_claims("bound", "zero_rate"):
        assert claim.result is not None
        yield drafted(
            context,
            claim,
            Severity.WARNING,
            calculation=None,
            basis="财预〔2020〕10号",
            words={"rate": context.named(context.source.quantity(claim.result))},
        )
