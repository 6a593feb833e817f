"""SUM: parts against their total."""

from collections.abc import Iterator
from dataclasses import replace

from reviewer.checks.diagnosis import diagnosis, severity
from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.schema import Claim, Closure, Severity


def _short(claim: Claim) -> bool:
    """Whether the parts fall short of the whole; then one may simply be missing from the list."""
    verdict = claim.verdict
    return bool(verdict and verdict.computed and verdict.stated and verdict.computed.high < verdict.stated.low)


@rule("SUM001")
def parts_against_total(context: Context) -> Iterator[Draft]:
    """SUM001 分项之和与总数不符 | Parts do not add up to the stated total

    Finds: a total printed with its parts (其中, 包括, 合计, 由…组成, 按…分类) that the parts, added with the rounding
    they are printed with, cannot give; shares said to be all there are (其余…%, 不知晓…%) that do not make 100%.
    查什么: 文中列明构成关系（其中、包括、合计、由…组成、按…分类）的总数，与所列分项相加的结果不一致，
    且四舍五入无法解释；已列全（其余…%、不知晓…%）的各项占比之和不为100%。
    Why: the base of every rate and of the accounts; a part is wrong, missing or counted twice.
    为什么: 总数是各项比率和决算的基础，不符说明有分项写错、漏列或重复。
    Example: 总支出 100 万元，其中：基本支出 60 万元，项目支出 45 万元 (60 + 45 = 105).
    示例: 总支出 100 万元，其中：基本支出 60 万元，项目支出 45 万元（60 + 45 = 105）。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: parts that fall short under 其中, and parts in another paragraph than their whole, are reported only
    where the list is complete by definition or one typing error explains the gap to its last digit.
    已知遗漏: “其中”所列分项小于总数，或分项与总数不在同一段落的，仅在定义上完整或一处笔误即可完全解释差额时报告。
    """
    for claim in context.claims("sum"):
        assert claim.result is not None
        hundred = claim.concept == "hundred"
        missing = _short(claim) and claim.closure is not Closure.COMPLETE
        total = context.source.quantity(claim.result)
        draft = drafted(
            context,
            claim,
            severity(claim, Severity.WARNING if missing or hundred else Severity.ERROR),
            diagnosis=diagnosis(context, claim),
            basis=texts(context.lang)["basis"]["arithmetic"],
            key="short" if missing else "message",
            words={"total": context.named(total), "count": str(len(claim.operands))},
        )
        if hundred:
            values = context.join(context.named(quantity) for quantity in context.quantities(claim))
            yield replace(draft, key="hundred", words={"values": values})
        else:
            yield draft


@rule("SUM002")
def balance_against_flows(context: Context) -> Iterator[Draft]:
    """SUM002 收入、支出与结余不符 | Income less expenditure is not the balance

    Finds: income, expenditure and year-end balance in one section or side by side, with what was carried over from the
    year before, that do not go together.
    查什么: 同一章节或相邻章节列有收入、支出和年末结余，上年结转加收入减支出不等于结余。
    Why: a balance that does not fit means money not disclosed.
    为什么: 收支结余不符，说明有资金未列明。
    Example: 收入 900 万元，支出 860 万元，年末结余 30 万元 (900 - 860 = 40).
    示例: 收入 900 万元，支出 860 万元，年末结余 30 万元（900 - 860 = 40）。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: balances of single funds; figures in chapters far apart; years with other flows (结余分配, 收回).
    已知遗漏: 单项资金的结余；相距较远章节的数据；另有结余分配、收回等情形的。
    """
    for claim in context.claims("balance"):
        yield drafted(context, claim, Severity.WARNING, basis=texts(context.lang)["basis"]["arithmetic"])


@rule("SUM003")
def difference_against_levels(context: Context) -> Iterator[Draft]:
    """SUM003 差额与所列两数不符 | Difference does not follow from its two amounts

    Finds: an amount saved, left over, overspent or added in all (比预算少, 节约, 结余, 超支, 净增) that the two
    amounts it lies between cannot give.
    查什么: 文中写明的节约、结余、超支、净增或“比预算少（多）”的金额，与所列两个数额之差不一致。
    Why: savings and remainders are what the money is asked back by.
    为什么: 节约、结余金额是收回或结转资金的依据。
    Example: 采购预算 168.50 万元，实际采购 164.60 万元，节约 4.90 万元 (168.50 - 164.60 = 3.90).
    示例: 采购预算 168.50 万元，实际采购 164.60 万元，节约 4.90 万元（168.50 - 164.60 = 3.90）。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: differences whose two amounts stand in other sentences are reported only where one typing error
    explains them.
    已知遗漏: 所依据的两个数额在其他句子的，仅在一处笔误即可解释时报告。
    """
    for claim in context.claims("difference"):
        if claim.concept == "remainder" and claim.result is not None:
            yield drafted(
                context,
                claim,
                severity(claim, Severity.WARNING),
                diagnosis=diagnosis(context, claim),
                basis=texts(context.lang)["basis"]["arithmetic"],
                words={"difference": context.named(context.source.quantity(claim.result))},
            )
