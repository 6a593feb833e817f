"""CHG: changes against the levels they are computed from."""

from collections.abc import Iterator
from dataclasses import replace

from reviewer.checks.diagnosis import diagnosis, severity
from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.schema import Severity


@rule("CHG001")
def change_against_levels(context: Context) -> Iterator[Draft]:
    """CHG001 增减变动与两期数据不符 | Change does not follow from its two levels

    Finds: a change (同比增长, 变动率, 由A增加到B, 增加144人、增幅14.08%) whose size or direction the two levels printed
    beside it or in the paragraph cannot give.
    查什么: 同句或同段列有两期数据的增减额、增减率、变动率或增减方向，重新计算后大小或方向与所写不一致。
    Why: a decrease printed as an increase turns a good result into a bad one, or hides that it is one.
    为什么: 方向写反会颠倒结论，变动率也常直接计分。
    Example: “三公”经费本年 4.5 万元，上年 5 万元，变动率为 10% ((4.5 - 5) / 5 = -10%).
    示例: “三公”经费本年 4.5 万元，上年 5 万元，变动率为 10%（(4.5 - 5) / 5 = -10%）。
    Basis: arithmetic on the report's own figures
    依据: 报告自身数据的算术关系
    Known misses: changes whose base stands in another paragraph.
    已知遗漏: 基期数据在其他段落的，暂不核对。
    """
    for kind in ("change", "difference"):
        for claim in context.claims(kind):
            told = claim.result is not None and claim.concept in (None, "of_increase", "distance")
            if not told and claim.concept != "direction":
                continue
            shown = context.source.quantity(claim.result) if claim.result else context.operands(claim)[0]
            draft = drafted(
                context,
                claim,
                severity(claim, Severity.ERROR),
                diagnosis=diagnosis(context, claim),
                basis=texts(context.lang)["basis"]["arithmetic"],
                words={"change": context.named(shown)},
            )
            if claim.concept == "distance":
                yield replace(draft, key="distance")
            else:
                yield draft if told else replace(draft, key="direction")


@rule("CHG002")
def percent_for_points(context: Context) -> Iterator[Draft]:
    """CHG002 百分点误写为百分比 | Per cent written for percentage points

    Finds: the distance of one rate from another (高于、低于全市平均) printed in % where 个百分点 is meant.
    查什么: 两个比率之差（高于、低于某水平）以“%”表示，应为“个百分点”。
    Why: the two are different numbers wherever the rate is not near 100 %.
    为什么: 百分比与百分点含义不同，容易造成误读。
    Example: 满意度 96.1%，高于全区平均 0.5%.
    示例: 满意度 96.1%，高于全区平均 0.5%。
    Basis: usage of statistics
    依据: 统计用语规范
    Known misses: 提高、下降 are left alone, for they may mean a relative change.
    已知遗漏: “提高”“下降”可能指相对变化，不报。
    """
    for claim in context.open_claims("difference", "rate_level"):
        yield drafted(context, claim, Severity.NOTE, calculation=None, basis=texts(context.lang)["basis"]["usage"])
