"""IND: indicators that cannot be measured."""

from collections import defaultdict
from collections.abc import Iterator

from reviewer.checks.registry import Context, Draft, rule
from reviewer.lexicon.measures import plain
from reviewer.schema import Evidence, Indicator, IndicatorIssue, Severity, Span

_GOAL = "goal"
"""Level of what a chapter on goals says without any number."""


_GRAVER = frozenset({IndicatorIssue.NO_NUMBER, IndicatorIssue.ADJECTIVE_ONLY, IndicatorIssue.NO_BASE})
"""An indicator with one of these lacks a target as well; it is told once, by what weighs most."""


def _drafts(
    context: Context,
    severity: Severity,
    *issues: IndicatorIssue,
    goals: bool = False,
    told: frozenset[IndicatorIssue] = frozenset(),
) -> Iterator[Draft]:
    """One draft a section, over all its indicators (or its goals) with one of these issues and none of those `told`."""
    sections: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in context.reading.indicators:
        due = set(issues).intersection(indicator.issues) and not told.intersection(indicator.issues)
        if due and (indicator.level == _GOAL) is goals:
            sections[indicator.section].append(indicator)
    for indicators in sections.values():
        yield Draft(
            severity=severity,
            evidence=tuple(
                Evidence(text=context.source.text(span), span=span)
                for indicator in indicators
                for span in _places(context, indicator)
            ),
            indicators=tuple(indicators),
            basis="财预〔2020〕10号",
            words={"count": str(len(indicators)), "names": context.join(f"“{i.text}”" for i in indicators)},
            identity=tuple(indicator.text for indicator in indicators),
        )


def _places(context: Context, indicator: Indicator) -> list[Span]:
    """Where an indicator stands, and for a table's row the section of the same name, which says what was reached."""
    if indicator.span.table is None:
        return [indicator.span]
    named = [s.span for s in context.source.sections if plain(s.title) == indicator.text]
    return [indicator.span, *(span for span in named if span.document == indicator.span.document)]


@rule("IND001")
def no_number(context: Context) -> Iterator[Draft]:
    """IND001 指标没有可衡量的数值 | Indicator without a number

    Finds: a performance indicator stated without any number, in words that carry no measure (明显提升, 较好).
    查什么: 绩效指标没有任何数值，只用“明显提升”“较好”等定性表述。
    Why: nobody can say whether it was reached; full marks for it rest on nothing.
    为什么: 无法判断是否完成，给满分缺少依据。
    Example: 社会效益指标：阅读氛围明显提升.
    示例: 社会效益指标：阅读氛围明显提升。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: indicators in prose that neither their class (数量指标…) nor a heading of the results introduces; rows
    of a table on how money was planned and managed (决策, 过程), which are judged by criteria.
    已知遗漏: 正文中未以指标类别（数量指标等）引出、也不在完成情况章节中单独成条的指标；表中的决策、过程类指标。
    """
    yield from _drafts(context, Severity.WARNING, IndicatorIssue.NO_NUMBER, IndicatorIssue.ADJECTIVE_ONLY)


@rule("IND002")
def no_base(context: Context) -> Iterator[Draft]:
    """IND002 完成率缺少目标值和实际值 | Percentage of a target that is not printed

    Finds: an indicator said to be fulfilled by a percentage, with neither target nor actual value printed.
    查什么: 只写“完成指标的130%”，没有列出目标值和实际完成值。
    Why: the percentage cannot be checked, and over-fulfilment may only show that the target was low.
    为什么: 百分比无从核对，超额完成也可能是目标定得过低。
    Example: 完成年度指标的 130%.
    示例: 完成年度指标的 130%。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: a target printed in another section is not looked for.
    已知遗漏: 目标值写在其他章节的，暂不查找。
    """
    yield from _drafts(context, Severity.WARNING, IndicatorIssue.NO_BASE)


@rule("IND003")
def no_target_or_actual(context: Context) -> Iterator[Draft]:
    """IND003 指标缺目标值、完成值或单位 | Indicator lacks target, actual value or unit

    Finds: a row of an indicator table whose target or actual cell is empty, or whose numbers have no unit.
    查什么: 指标表中目标值或实际完成值为空，或数值没有计量单位。
    Why: target and actual in one unit are the least an indicator needs.
    为什么: 有单位的目标值和完成值是指标的最低要求。
    Example: | 培训场次 | （空） | 5 |
    示例: | 培训场次 | （空） | 5 |
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: a unit that stands in the indicator's name in brackets is taken for one only where it is 率 or %.
    已知遗漏: 单位写在指标名称中的，仅识别“率”和“%”。
    """
    lacking = (IndicatorIssue.NO_TARGET, IndicatorIssue.NO_ACTUAL, IndicatorIssue.NO_UNIT)
    yield from _drafts(context, Severity.NOTE, *lacking, told=_GRAVER)


@rule("IND004")
def satisfaction_without_sample(context: Context) -> Iterator[Draft]:
    """IND004 满意度没有调查样本 | Satisfaction without a sample

    Finds: a satisfaction rate told as an indicator in a report that nowhere says how many were asked.
    查什么: 报告了满意度，但全文未写明调查人数或问卷份数。
    Why: a rate without the number of answers behind it cannot be checked.
    为什么: 没有样本数，满意度无从核对。
    Example: 采用走访或电话回访的形式，满意度为 97.69%.
    示例: 采用走访或电话回访的形式，满意度为 97.69%。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: satisfaction in tables; a number asked for another purpose passes for the sample.
    已知遗漏: 表格中的满意度；为其他目的调查的样本数视为已说明。
    """
    yield from _drafts(context, Severity.NOTE, IndicatorIssue.NO_SOURCE)


@rule("IND005")
def goals_without_number(context: Context) -> Iterator[Draft]:
    """IND005 绩效目标没有可衡量的数值 | Goals without any number

    Finds: a chapter on the year's goals that holds no number, and the efforts and degrees it names instead.
    查什么: 绩效目标章节没有任何数值，只写工作举措和程度性表述。
    Why: nobody can say at the year's end whether such goals were reached.
    为什么: 年末无法判断目标是否实现。
    Example: 绩效目标：扎实推进库存清查，有力保障市场平稳.
    示例: 绩效目标：扎实推进库存清查，有力保障市场平稳。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: chapters with a number somewhere; goals worded without a verb of effort.
    已知遗漏: 章节中另有数字的；不以“推进”“加强”等动词表述的目标。
    """
    yield from _drafts(context, Severity.NOTE, IndicatorIssue.NO_NUMBER, goals=True)


@rule("IND006")
def badly_built(context: Context) -> Iterator[Draft]:
    """IND006 指标设置不规范 | Indicator badly built

    Finds: an indicator that tells a task instead of a result, repeats another, stands in the wrong class, or lacks the
    marks or the period that others of its table have. Only a language model sees this.
    查什么: 指标写的是工作任务而非产出或效果、与其他指标重复、归类不当、缺少分值或时限。仅在使用模型时检查。
    Why: such an indicator is met by being busy, or counts one thing twice.
    为什么: 这类指标只要开展工作即告完成，或对同一事项重复计分。
    Example: 社会效益指标：组织开展宣传活动。
    示例: 社会效益指标：组织开展宣传活动。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: everything in an offline review; what a unit may permissibly class either way.
    已知遗漏: 离线复核时不检查；允许两种归类的指标。
    """
    yield from _drafts(
        context,
        Severity.NOTE,
        IndicatorIssue.TASK_NOT_RESULT,
        IndicatorIssue.DUPLICATED,
        IndicatorIssue.WRONG_CLASS,
        IndicatorIssue.NO_WEIGHT,
        IndicatorIssue.NO_TIME,
    )
