"""TXT: words that cannot be right."""

from collections.abc import Iterator

from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.schema import Severity


@rule("TXT001")
def result_of_a_later_year(context: Context) -> Iterator[Draft]:
    """TXT001 数据所属年度晚于报告年度 | Result of a year that has not been

    Finds: an amount, rate or score told as a result of a year two or more after the evaluated one, where that year is
    printed nowhere else in the report.
    查什么: 把收支、比率或得分写成评价年度之后两年以上的结果，且该年份在报告中仅出现一次。
    Why: the year is a typing error, or the figure was taken from elsewhere; what is computed with it is of two years.
    为什么: 年份可能有笔误，或数据取自其他材料，与其有关的计算口径因此不一致。
    Example: a report on 2023: 2032年全年支出 620.50 万元.
    示例: 2023年度报告写“2032年全年支出620.50万元”。
    Basis: the period the report itself names
    依据: 报告自身载明的评价年度
    Known misses: years that are only one off; years in tables; the same wrong year twice.
    已知遗漏: 只差一年的；表格中的年份；同一错误年份出现两次的。
    """
    for claim in context.claims("bound"):
        if claim.concept == "future_year":
            yield drafted(context, claim, Severity.WARNING, basis=texts(context.lang)["basis"]["consistency"])
