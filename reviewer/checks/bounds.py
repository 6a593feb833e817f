"""BND: values that cannot be."""

from collections.abc import Iterator

from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.schema import Dimension, Severity


@rule("BND001")
def rate_no_count_gives(context: Context) -> Iterator[Draft]:
    """BND001 比率无法由整数件数得出 | No whole number of cases gives the rate

    Finds: a rate of cases (化解率, 办结率) printed behind the number of cases, or a satisfaction rate behind the number
    of valid questionnaires, which no whole number of them can give.
    查什么: 紧接在总件数之后的办结率、化解率，或有效问卷份数之后的满意度等，不存在能得出该比率的整数件数。
    Why: the rate was computed from another base, or not computed at all.
    为什么: 说明比率的基数不是所列件数，或并非计算得出。
    Example: 排查隐患 200 处，整改率 97.3% (194/200 = 97%, 195/200 = 97.5%).
    示例: 排查隐患 200 处，整改率 97.3%（194/200 = 97%，195/200 = 97.5%）。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: rates whose base stands in another sentence, and bases so large that every rate can be had.
    已知遗漏: 基数在其他句子的；件数很大时任何比率都可能成立。
    """
    for claim in context.claims("bound"):
        if claim.concept == "attainable_rate":
            yield drafted(context, claim, Severity.WARNING, basis=texts(context.lang)["basis"]["arithmetic"])


@rule("BND002")
def fewer_persons_than_batches(context: Context) -> Iterator[Draft]:
    """BND002 人次少于批次 | Fewer persons than batches

    Finds: visits counted in batches and persons where the persons, or those that a stated part leaves over, are fewer
    than the batches.
    查什么: 批次与人次并列的数据中，人次少于批次，或扣除“其中”部分后剩余人次少于剩余批次。
    Why: every batch has at least one person.
    为什么: 每批至少一人，剩余人次不可能少于剩余批次。
    Example: 接待 300 批 620 人次，其中集体 60 批 400 人 (240 batches, 220 persons left).
    示例: 接待 300 批 620 人次，其中集体 60 批 400 人（剩余 240 批、220 人）。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: batches and persons printed in separate clauses.
    已知遗漏: 批次与人次不相邻的，暂不核对。
    """
    for claim in context.claims("bound"):
        if claim.concept in ("persons_per_batch", "remaining_batches"):
            yield drafted(context, claim, Severity.ERROR, basis=texts(context.lang)["basis"]["arithmetic"])


@rule("BND003")
def part_above_whole(context: Context) -> Iterator[Draft]:
    """BND003 分项大于总数 | Part above its whole

    Finds: a single part named under 其中 or 中有 that is greater than the number it is a part of.
    查什么: “其中”“中有”所列的单项大于其总数。
    Why: a part cannot exceed its whole; one of the two is wrong, or another whole is meant.
    为什么: 分项不可能大于总数，两者之一有误或口径不同。
    Example: 培训 86 人次，其中女职工 91 人次.
    示例: 培训 86 人次，其中女职工 91 人次。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: parts in another unit than their whole; assets, whose parts may be gross values.
    已知遗漏: 计量单位不同的分项；资产（分项可能为原值）。
    """
    for claim in context.claims("bound"):
        if claim.concept == "part_of_whole" and claim.result:
            counted = context.source.quantity(claim.result).dimension is Dimension.COUNT
            severity = Severity.ERROR if counted else Severity.WARNING
            yield drafted(context, claim, severity, basis=texts(context.lang)["basis"]["arithmetic"])


@rule("BND004")
def persons_above_times(context: Context) -> Iterator[Draft]:
    """BND004 人数多于人次 | More persons than attendances

    Finds: persons told beside the times they came (培训学员146人次，参训学员158人) that are more than these.
    查什么: 同句并列的人数与人次，人数多于人次。
    Why: whoever takes part does so at least once; one of the two counts is wrong, and targets hang on them.
    为什么: 每人至少参加一次，人数不可能多于人次，说明统计口径有误或笔误。
    Example: 参加培训的学员2,140人，累计培训1,870人次.
    示例: 参加培训的学员2,140人，累计培训1,870人次。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: persons and attendances in two sentences, or named by words that have nothing in common.
    已知遗漏: 人数与人次不在同一句，或两处名称没有共同词语的。
    """
    for claim in context.claims("bound"):
        if claim.concept == "persons_above_times":
            yield drafted(context, claim, Severity.ERROR, basis=texts(context.lang)["basis"]["arithmetic"])
