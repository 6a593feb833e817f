"""DUP: one measure, two values."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from reviewer.checks.diagnosis import diagnosis, severity
from reviewer.checks.registry import Context, Draft, rule, texts
from reviewer.schema import Claim, Severity

_UNNAMED, _ACROSS = "unnamed_budget", "across"


@rule("DUP001")
def one_measure_two_values(context: Context) -> Iterator[Draft]:
    """DUP001 同一指标前后数值不一致 | One measure, two values

    Finds: a figure told in two places under one name, for the same role, period, subject and unit, with values that no
    rounding makes equal: amounts, counts, percentages, targets, headcounts, a score in a heading and in the sentence
    that closes its section, prose against table. Where the names are only alike, only values that are one slip apart
    (a digit, two neighbours, the decimal point, the unit) in numbers long enough that this is no coincidence.
    查什么: 名称、口径、年度、对象和单位相同的数据（金额、数量、比率、目标值、人数、标题与段末的得分、正文与表格）
    在不同位置数值不一致，且四舍五入无法解释。名称仅相近的，只提示相差一处笔误（错一位、相邻颠倒、小数点或单位）的。
    Why: at least one is wrong, and every rate built on it too.
    为什么: 至少有一处是错的，以其为基础的比率也随之存疑。
    Example: “三公”经费实际支出 7.26 万元 … “三公”经费实际支出 7.62 万元.
    示例: 前文“三公”经费实际支出 7.26 万元，后文为 7.62 万元。
    Basis: the report's own figures
    依据: 报告自身数据前后一致
    Known misses: one fact in other words (来馆群众, 读者); small counts under short names; two values in one sentence.
    已知遗漏: 同一事实换了说法（来馆群众、读者）；名称简短的小数目；同一句内的两个数值。
    """
    told = (claim for claim in context.claims("restatement") if claim.concept not in (_UNNAMED, _ACROSS))
    for claims in _joined(told):
        found = {quantity.id: quantity for claim in claims for quantity in context.quantities(claim)}
        quantities = sorted(found.values(), key=lambda quantity: context.place(quantity.span))
        worst = next((claim for claim in claims if claim.concept == "total_score"), claims[0])
        yield Draft(
            severity=severity(worst, Severity.ERROR if worst.concept == "total_score" else Severity.WARNING),
            evidence=context.evidence(*(quantity.span for quantity in quantities)),
            claims=tuple(claims),
            calculation=" · ".join(dict.fromkeys(c.verdict.formula or "" for c in claims if c.verdict)),
            diagnosis=diagnosis(context, worst),
            basis=texts(context.lang)["basis"]["consistency"],
            words={"values": context.join(context.named(quantity) for quantity in quantities)},
            identity=context.identity(quantities),
        )


def _joined(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Claims that share a number, together: one measure, one finding."""
    groups: list[tuple[set[str | None], list[Claim]]] = []
    for claim in claims:
        numbers, members = {claim.operands[0].quantity, claim.result}, [claim]
        for group in [group for group in groups if group[0] & numbers]:
            groups.remove(group)
            numbers |= group[0]
            members = [*group[1], *members]
        groups.append((numbers, members))
    return [members for _, members in groups]


@rule("DUP002")
def perhaps_one_measure(context: Context) -> Iterator[Draft]:
    """DUP002 两处预算数口径是否一致 | Two budgets that may be one

    Finds: a budget whose kind is not named (安排项目支出) beside an initial or adjusted budget of the same measure with
    another value.
    查什么: 同一科目既有年初（或调整后）预算数，又有未注明口径的预算数，且数值不同。
    Why: it may be another kind of budget or a mistake; rates built on it depend on which.
    为什么: 可能是口径不同，也可能是笔误；以其为分母的比率因此不同。
    Example: 年初预算项目支出 420 万元 … 部门预算安排项目支出 350 万元.
    示例: 年初预算项目支出 420 万元，后文“部门预算安排项目支出 350 万元”。
    Basis: the report's own figures
    依据: 报告自身数据前后一致
    Known misses: the total budget, which reports name too loosely to compare.
    已知遗漏: 预算总额的表述较笼统，不比较。
    """
    groups: dict[str | None, list[Claim]] = defaultdict(list)
    for claim in context.claims("restatement"):
        if claim.concept == _UNNAMED:
            groups[claim.operands[0].quantity].append(claim)
    for claims in groups.values():
        found = {quantity.id: quantity for claim in claims for quantity in context.quantities(claim)}
        quantities = list(found.values())
        yield Draft(
            severity=Severity.NOTE,
            evidence=context.evidence(*(quantity.span for quantity in quantities)),
            claims=tuple(claims),
            calculation=claims[0].verdict.formula if claims[0].verdict else None,
            basis=texts(context.lang)["basis"]["consistency"],
            words={"values": context.join(context.named(quantity) for quantity in quantities)},
            identity=context.identity(quantities),
        )


@rule("DUP003")
def two_documents_two_values(context: Context) -> Iterator[Draft]:
    """DUP003 同一指标在两份材料中数值不一致 | Two documents, two values

    Finds: in a review of several files, a measure that the report and a form or account of the same unit, year and
    scope state differently: total expenditure, basic and project expenditure, income, what an indicator reached, the
    total score. A name with several values in a document is flagged only if none of them agrees. Where two documents
    may speak of different things (a department, one of its projects), only values that are one slip apart are.
    查什么: 一并提交的多份材料中，单位、年度和范围相同的报告与附表（自评表、决算表等），同一数据数值不一致：支出合计、
    基本支出、项目支出、收入、指标完成值、自评总分等。一份材料中同一名称有多个数值的，全都对不上才提示；范围可能不同的
    （部门与其项目），只提示相差一处笔误的。
    Why: one of the two is wrong, or they count differently and ought to say so.
    为什么: 至少有一份有误，或者口径不同而未说明。
    Example: report: 项目支出 460.53 万元; final accounts: 470.53 万元.
    示例: 报告中项目支出 460.53 万元，决算表中为 470.53 万元。
    Basis: the report's own figures
    依据: 报告自身数据前后一致
    Known misses: a measure under another name in the form; sums over several projects' forms.
    已知遗漏: 附表中换了名称的数据；多张项目自评表的合计。
    """
    for claim in context.claims("restatement"):
        if claim.concept == _ACROSS:
            quantities = context.quantities(claim)
            yield Draft(
                severity=Severity.WARNING,
                evidence=context.evidence(*(quantity.span for quantity in quantities)),
                claims=(claim,),
                calculation=claim.verdict.formula if claim.verdict else None,
                diagnosis=diagnosis(context, claim),
                basis=texts(context.lang)["basis"]["consistency"],
                words={"values": context.join(context.named(quantity) for quantity in quantities)},
                identity=context.identity(quantities),
            )
