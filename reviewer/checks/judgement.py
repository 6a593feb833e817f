"""JDG: what only a reader of the whole text sees. A language model raises it by sentences; it is never an error."""

from collections.abc import Iterator

from reviewer.checks.registry import Context, Draft, rule, texts
from reviewer.schema import ConcernKind, Severity


def _drafts(context: Context, kind: ConcernKind, severity: Severity) -> Iterator[Draft]:
    """One draft a concern of this kind, in the model's words, with the sentences it rests on."""
    spans = {sentence.id: sentence.span for sentence in context.source.sentences}
    words = texts(context.lang)
    for concern in context.reading.concerns:
        if concern.kind is not kind:
            continue
        yield Draft(
            severity=severity,
            evidence=context.evidence(*(spans[name] for name in concern.sentences)),
            by=concern.by,
            basis=words["basis"]["judgement"],
            words={"text": concern.text, "question": concern.question or words["words"]["explain"]},
            identity=(concern.text,),
        )


@rule("JDG001")
def contradicting_statements(context: Context) -> Iterator[Draft]:
    """JDG001 两处说法不能同时成立 | Two statements cannot both be true

    Finds: a summary, a score or a conclusion that another sentence of the report denies.
    查什么: 总结、得分或结论与报告另一处说法相互否定。
    Why: the problems chapter often admits what the summary and the marks deny.
    为什么: 问题部分承认的情况常被总结和得分否认。
    Example: 各项任务均已完成 …… 仍有两个项目尚未开工。
    示例: “各项任务均已完成”与“仍有两个项目尚未开工”。
    Basis: a model's judgement over the report's own words; to be checked by a person
    依据: 模型依据报告原文的判断，须人工核对
    Known misses: everything in an offline review; a model's answer may differ from one asking to the next.
    已知遗漏: 离线复核时不检查；模型每次回答可能不同。
    """
    yield from _drafts(context, ConcernKind.CONTRADICTION, Severity.WARNING)


@rule("JDG002")
def conclusion_without_evidence(context: Context) -> Iterator[Draft]:
    """JDG002 结论缺少依据 | Conclusion without evidence

    Finds: a conclusion for which the whole report shows no figure, fact or source.
    查什么: 结论在全文中没有数据、事实或来源支撑。
    Why: marks for effects rest on it.
    为什么: 效益得分以此为据。
    Example: 社会效益显著。
    示例: “社会效益显著”，全文无数据。
    Basis: a model's judgement over the report's own words; to be checked by a person
    依据: 模型依据报告原文的判断，须人工核对
    Known misses: everything in an offline review; a model's answer may differ from one asking to the next.
    已知遗漏: 离线复核时不检查；模型每次回答可能不同。
    """
    yield from _drafts(context, ConcernKind.NO_EVIDENCE, Severity.WARNING)


@rule("JDG003")
def goal_without_indicator(context: Context) -> Iterator[Draft]:
    """JDG003 目标没有对应的指标或结果 | Goal without indicator or result

    Finds: a goal or main task that no indicator, result or score takes up.
    查什么: 前文目标或重点任务在后文没有指标、结果或得分。
    Why: what is not measured may not have been done.
    为什么: 没有衡量的目标可能没有完成。
    Example: 目标：建立考核制度 …… (nothing later)
    示例: 目标为“建立考核制度”，后文未提。
    Basis: a model's judgement over the report's own words; to be checked by a person
    依据: 模型依据报告原文的判断，须人工核对
    Known misses: everything in an offline review; a model's answer may differ from one asking to the next.
    已知遗漏: 离线复核时不检查；模型每次回答可能不同。
    """
    yield from _drafts(context, ConcernKind.GOAL_WITHOUT_INDICATOR, Severity.WARNING)


@rule("JDG004")
def cause_not_given(context: Context) -> Iterator[Draft]:
    """JDG004 未说明原因 | Cause not given

    Finds: a shortfall, deviation or loss of marks without a reason anywhere, or with one that does not fit.
    查什么: 未完成、偏差或扣分在全文没有说明原因，或原因不相符。
    Why: without a cause there is nothing to mend.
    为什么: 不说明原因就无从整改。
    Example: 3个项目未完工 …… (no reason)
    示例: “3个项目未完工”，未说明原因。
    Basis: a model's judgement over the report's own words; to be checked by a person
    依据: 模型依据报告原文的判断，须人工核对
    Known misses: everything in an offline review; a model's answer may differ from one asking to the next.
    已知遗漏: 离线复核时不检查；模型每次回答可能不同。
    """
    yield from _drafts(context, ConcernKind.NO_CAUSE, Severity.WARNING)


@rule("JDG005")
def problem_without_measure(context: Context) -> Iterator[Draft]:
    """JDG005 问题没有对应措施 | Problem without a measure

    Finds: a problem told that no measure answers.
    查什么: 提出的问题没有对应的改进措施。
    Why: a self-evaluation is meant to lead to a change.
    为什么: 自评应落到整改。
    Example: 问题：人员不足 …… 措施：加强宣传。
    示例: 问题为人员不足，措施只有加强宣传。
    Basis: a model's judgement over the report's own words; to be checked by a person
    依据: 模型依据报告原文的判断，须人工核对
    Known misses: everything in an offline review; a model's answer may differ from one asking to the next.
    已知遗漏: 离线复核时不检查；模型每次回答可能不同。
    """
    yield from _drafts(context, ConcernKind.PROBLEM_WITHOUT_MEASURE, Severity.NOTE)


@rule("JDG006")
def measure_without_problem(context: Context) -> Iterator[Draft]:
    """JDG006 措施没有对应问题 | Measure without a problem

    Finds: a measure that answers no problem told.
    查什么: 措施不对应任何已说明的问题。
    Why: it may have been copied from elsewhere, or a problem was left out.
    为什么: 可能照抄他处，或有问题未写明。
    Example: 措施：规范公务接待。
    示例: “规范公务接待”不对应所列问题。
    Basis: a model's judgement over the report's own words; to be checked by a person
    依据: 模型依据报告原文的判断，须人工核对
    Known misses: everything in an offline review; a model's answer may differ from one asking to the next.
    已知遗漏: 离线复核时不检查；模型每次回答可能不同。
    """
    yield from _drafts(context, ConcernKind.MEASURE_WITHOUT_PROBLEM, Severity.NOTE)


@rule("JDG007")
def indicator_misses_goal(context: Context) -> Iterator[Draft]:
    """JDG007 指标不能衡量其目标 | Indicator does not measure its goal

    Finds: an indicator that measures something else than what it stands for.
    查什么: 指标衡量的内容不是它所代表的目标。
    Why: marks for effects are then given for effort.
    为什么: 以投入或工作量代替效果得分。
    Example: 防火意识增强：发放手册5000册。
    示例: 以发放手册数量说明意识增强。
    Basis: a model's judgement over the report's own words; to be checked by a person
    依据: 模型依据报告原文的判断，须人工核对
    Known misses: everything in an offline review; a model's answer may differ from one asking to the next.
    已知遗漏: 离线复核时不检查；模型每次回答可能不同。
    """
    yield from _drafts(context, ConcernKind.INDICATOR_MISSES_GOAL, Severity.NOTE)


@rule("JDG008")
def other_concern(context: Context) -> Iterator[Draft]:
    """JDG008 其他需核实的判断 | Other doubt worth asking about

    Finds: anything else a reader of the whole would ask about: money and contents that do not fit, things compared
    that cannot be.
    查什么: 通读全文可见的其他疑问：资金与内容不符、不可比的比较等。
    Why: no rule can compute it.
    为什么: 无法由规则计算。
    Example: 与上年全市平均比较 (of another year)
    示例: 与口径不同的平均值比较。
    Basis: a model's judgement over the report's own words; to be checked by a person
    依据: 模型依据报告原文的判断，须人工核对
    Known misses: everything in an offline review; a model's answer may differ from one asking to the next.
    已知遗漏: 离线复核时不检查；模型每次回答可能不同。
    """
    yield from _drafts(context, ConcernKind.OTHER, Severity.NOTE)
