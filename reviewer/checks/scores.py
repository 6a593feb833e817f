"""SCO: scores against full marks, totals and grades."""

from collections import defaultdict
from collections.abc import Iterator

from reviewer.checks.diagnosis import diagnosis, severity
from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.schema import Claim, OperandRole, Severity


def _policy(context: Context, claim: Claim) -> str | None:
    """The policy a claim's limit comes from, when the report prints none of its own."""
    sources = {operand.source.split(":")[0] for operand in claim.operands if operand.source}
    return ", ".join(sorted(sources)) or None


def _basis(context: Context, policy: str | None) -> str:
    return texts(context.lang)["basis"]["policy"].format(policy=policy) if policy else "财预〔2020〕10号"


_BY_ROWS = ("proportion", "proportion_lower")
"""Concepts of rules that the other rows of a table show."""


@rule("SCO001")
def score_above_full_mark(context: Context) -> Iterator[Draft]:
    """SCO001 得分超过满分 | Score above its full mark

    Finds: a score greater than the full mark printed beside it, or a total score above the full mark of the whole.
    查什么: 得分大于其满分（分值、权重）；总分大于总分满分。
    Why: no indicator may earn more than its weight; one that does lifts the total and the grade.
    为什么: 指标得分不得超过其分值，超过会抬高总分和等级。
    Example: 满分 3 分，得分 4 分.
    示例: 满分 3 分，得分 4 分。
    Basis: 财预〔2020〕10号; for a total whose full mark the report does not print, the policy in use
    依据: 财预〔2020〕10号；报告未写明总分满分的，按所用口径
    Known misses: reports that mention bonus marks are not held to the policy's full mark.
    已知遗漏: 报告提到加分项的，不按口径满分核对总分。
    """
    for claim in context.claims("score_cap"):
        assert claim.verdict is not None and claim.result is not None
        policy = _policy(context, claim)
        quantities = context.quantities(claim)
        cap = next(operand for operand in claim.operands if operand.role is OperandRole.CAP)
        limit = context.source.quantity(cap.quantity).text if cap.quantity else f"{cap.value}"
        yield Draft(
            severity=Severity.WARNING if policy else Severity.ERROR,
            evidence=context.evidence(*(quantity.span for quantity in quantities)),
            claims=(claim,),
            calculation=claim.verdict.formula,
            basis=_basis(context, policy),
            key="policy" if policy else "message",
            words={
                "score": context.named(context.source.quantity(claim.result)),
                "cap": limit,
                "policy": policy or "",
            },
            identity=context.identity(quantities),
        )


@rule("SCO002")
def items_against_total(context: Context) -> Iterator[Draft]:
    """SCO002 分项得分与总分不符 | Item scores do not add up to the stated score

    Finds: scores listed under a section or the whole report, in prose or in a scoring table, whose sum is not the score
    stated for it; full marks of a table's level that miss the mark of the level above; marks lost that miss their sum.
    An error when the full marks beside the scores make up the full mark of the whole, so that none can be missing.
    查什么: 正文或评分表中各部分（各指标）得分相加与所写的部分得分或总分不一致；下级指标分值合计与上级分值不一致；
    各项失分合计与所写失分不一致。各部分满分合计等于总满分的，判为错误。
    Why: the total decides the grade, and the grade decides money.
    为什么: 总分决定等级，等级影响资金安排。
    Example: 满分 25、25、50 分，得分 24、25、48 分，总分 96 分 (24 + 25 + 48 = 97).
    示例: 满分 25、25、50 分，得分 24、25、48 分，总分 96 分（24 + 25 + 48 = 97）。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: scores written as fractions of their full marks; lists that leave out a large part.
    已知遗漏: 以“得分/满分”形式书写的得分；未列全主要部分的清单。
    """
    groups: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in context.claims("score_total"):
        assert claim.verdict is not None
        groups[*(operand.quantity or "" for operand in claim.operands), claim.verdict.formula or ""].append(claim)
    for claims in groups.values():
        first = claims[0]
        assert first.verdict is not None
        stated = [context.source.quantity(claim.result) for claim in claims if claim.result]
        spans = [quantity.span for claim in claims for quantity in context.quantities(claim)]
        yield Draft(
            severity=severity(first, Severity.ERROR if first.requires else Severity.WARNING),
            evidence=context.evidence(*sorted(spans, key=context.place)),
            claims=tuple(claims),
            calculation=first.verdict.formula,
            diagnosis=diagnosis(context, first),
            basis=texts(context.lang)["basis"]["arithmetic"],
            words={"score": context.join(map(context.named, stated)), "count": str(len(first.operands))},
            identity=context.identity(context.quantities(first)),
        )


@rule("SCO003")
def grade_against_scale(context: Context) -> Iterator[Draft]:
    """SCO003 等级与得分不符 | Grade does not fit the score

    Finds: a grade named beside a total score that the report's own scale, or the policy's where it prints none, gives
    to another range of scores.
    查什么: 总分与所写评价等级不在同一分数段（先按报告自列的等级标准，未列的按所用口径）。
    Why: a grade too high is a decision error: it changes what the report is used for.
    为什么: 等级错误会直接影响结果应用。
    Example: 自评得分 88 分，评价等级为优 (优 from 90).
    示例: 自评得分 88 分，评价等级为优（90 分及以上为优）。
    Basis: the scale printed in the report, else the policy in use
    依据: 报告自列的等级标准；未列的，按所用口径
    Known misses: grades named in a table's row, or more than two sentences from their score.
    已知遗漏: 仅在表格中列示的等级；与得分相距较远的等级。
    """
    for claim in context.claims("grade"):
        assert claim.verdict is not None and claim.stated_span is not None
        total, *others = context.operands(claim)
        limits = [quantity.span for quantity in others]
        policy = _policy(context, claim)
        yield Draft(
            severity=Severity.WARNING if policy else Severity.ERROR,
            evidence=context.evidence(total.span, claim.stated_span, *limits),
            claims=(claim,),
            calculation=claim.verdict.formula,
            basis=_basis(context, policy) if policy else texts(context.lang)["basis"]["own_scale"],
            key="message" if policy else "own",
            words={"score": context.named(total), "grade": claim.stated_text or "", "policy": policy or ""},
            identity=(*context.identity([total]), claim.stated_text or ""),
        )


@rule("SCO004")
def lost_marks(context: Context) -> Iterator[Draft]:
    """SCO004 失分与得分不符 | Marks lost do not fit the score

    Finds: marks lost, printed in the paragraph of a total score, beside an item's score or in a table's column, that
    are not the full mark less the score.
    查什么: 与总分同段、与单项得分同处或表中所列的失分（扣分）不等于满分减得分。
    Why: one of the two is wrong, and with it the total.
    为什么: 两者之一有误，总分因此存疑。
    Example: 得分 95 分，失分 4 分 (100 - 95 = 5).
    示例: 得分 95 分，失分 4 分（100 - 95 = 5）。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: several losses of one item, told one by one.
    已知遗漏: 同一指标分多处写明的扣分。
    """
    for claim in context.claims("difference"):
        if claim.concept == "lost_marks":
            policy = _policy(context, claim)
            basis = _basis(context, policy) if policy else texts(context.lang)["basis"]["arithmetic"]
            yield drafted(context, claim, severity(claim, Severity.WARNING if policy else Severity.ERROR), basis=basis)


@rule("SCO005")
def score_against_rule(context: Context) -> Iterator[Draft]:
    """SCO005 得分与所列评分标准不符 | Score does not follow the printed rule

    Finds: a score that the rule printed beside it does not give: a rate times the full mark, marks off for each
    percentage point or thing that went wrong, a share in proportion to what was reached, marks promised for a fall, a
    share of the initial budget; a row that does not cost a missed target
    in proportion where the other rows of its table do.
    查什么: 得分与同处所列评分标准按报告数据计算的结果不一致（得分=率×分值、每低一个百分点扣分、下降得分、
    按年初预算比例计分等）；表中其他未达标指标均按完成比例计分，而该行不成比例。
    Why: scores that ignore their own rule cannot be compared between units.
    为什么: 不按评分标准计分，单位之间的得分不可比。
    Example: 得分等于分值（8 分）乘以执行率，执行率 98.32%，得 7.97 分 (7.87).
    示例: 得分等于分值（8 分）乘以执行率，执行率 98.32%，得 7.97 分（应为 7.87 分）。
    Basis: the rule printed in the report
    依据: 报告所列评分标准
    Known misses: rules by tiers, by points of a checklist, or by judgement; rules whose rate is not printed.
    已知遗漏: 分档、按要点或凭评议计分的标准；所用比率未列出的标准。
    """
    for claim in context.claims("score_rule"):
        if claim.concept in _BY_ROWS:
            basis = texts(context.lang)["basis"]["arithmetic"]
            yield drafted(context, claim, Severity.WARNING, key="proportion", basis=basis)
        else:
            yield drafted(context, claim, Severity.WARNING, basis=texts(context.lang)["basis"]["own_rule"])
