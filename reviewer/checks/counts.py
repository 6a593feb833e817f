"""CNT: counts against what they count."""

from collections.abc import Iterator

from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.schema import Severity


@rule("CNT001")
def count_against_list(context: Context) -> Iterator[Draft]:
    """CNT001 数量与所列名称不符 | Count does not match the list behind it

    Finds: a count with another number of names behind it (3个效益指标：…), before it (甲、乙、丙4个科室), or of
    items told one after another (一是…二是…, numbered paragraphs); a count of indicators that is not the number of
    items the report scores under that name.
    查什么: “N个……：甲、乙、丙”“甲、乙、丙N个……”或“一是……二是……”、分条列举的个数与N不一致；所设指标个数与正文逐项评分的
    指标个数不一致。
    Why: an indicator was dropped from the list, or the count was copied from another report.
    为什么: 可能漏列，或沿用了其他报告的数字。
    Example: 设置 4 个效益指标：便民程度、节约水量、公众认可.
    示例: 设置 4 个效益指标：便民程度、节约水量、公众认可。
    Basis: the report's own words
    依据: 报告自身表述
    Known misses: names that hold 、 or 和 of their own may be read either way, so a mismatch of one may pass; items
    under headings without numbers; lists of activities before their count.
    已知遗漏: 名称自身含“、”“和”的可有两种读法，相差一个时不提示；不编号的小标题、数量前罗列的活动名称不核对。
    """
    for claim in context.claims("count_of_list"):
        if claim.concept == "names":
            yield drafted(context, claim, Severity.WARNING, basis=texts(context.lang)["basis"]["consistency"])


@rule("CNT002")
def fewer_reported_than_set(context: Context) -> Iterator[Draft]:
    """CNT002 报告完成情况的指标少于所设指标 | Fewer indicators reported on than set

    Finds: a number of indicators said to be set, and fewer figures in the section that reports on them.
    查什么: 文中写明所设指标个数，而报告指标完成情况的章节中有数据的指标少于该个数。
    Why: an indicator nobody reports on cannot be scored.
    为什么: 没有报告完成情况的指标无法评分。
    Example: 设置了 4 个产出指标和 3 个效益指标 …… 完成情况只列出 5 个.
    示例: 设置了 4 个产出指标和 3 个效益指标，完成情况只列出 5 个。
    Basis: the report's own words
    依据: 报告自身表述
    Known misses: reports with an indicator table; results without a number.
    已知遗漏: 有指标表的报告；没有数字的完成情况。
    """
    for claim in context.claims("count_of_list"):
        if claim.concept == "reported":
            yield drafted(context, claim, Severity.NOTE, basis=texts(context.lang)["basis"]["consistency"])
