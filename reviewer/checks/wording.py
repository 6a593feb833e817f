"""TXT: words that cannot be right."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache

from reviewer.checks.registry import Context, Draft, drafted, rule, texts
from reviewer.lexicon import load
from reviewer.lexicon.measures import plain
from reviewer.schema import Document, Sentence, Severity, Span

_LEAP_YEAR = 2024
"""Where no year is printed, 29 February may be."""


@cache
def _words(name: str) -> re.Pattern[str]:
    return re.compile(load("wording")[name])


@cache
def _slips() -> re.Pattern[str]:
    return re.compile("|".join(load("wording")["slips"]))


def _draft(context: Context, severity: Severity, *spans: Span, key: str = "message", **filled: str) -> Draft:
    evidence = context.evidence(*spans)
    return Draft(
        severity=severity,
        evidence=evidence,
        by=("offline",),
        key=key,
        words=filled,
        basis=texts(context.lang)["basis"]["own_words"],
        identity=tuple(piece.text for piece in evidence),
    )


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


def _is_day(year: str | None, month: str, day: str) -> bool:
    try:
        date(int(year or _LEAP_YEAR), int(month), int(day))
    except ValueError:
        return False
    return True


@rule("TXT002")
def impossible_date(context: Context) -> Iterator[Draft]:
    """TXT002 日期不存在 | A day that does not exist

    Finds: a date that no calendar has.
    查什么: 历法上不存在的日期。
    Why: the date of a payment, a deadline or an event cannot be checked, and may have been made up.
    为什么: 支付、完工等时间无从核实，可能为笔误或随意填写。
    Example: 实际于2024年9月31日完成验收
    示例: 实际于2024年9月31日完成验收
    Basis: the calendar
    依据: 公历
    Known misses: dates in Chinese characters, and such as 2024-09-31.
    已知遗漏: 汉字日期；2024-09-31 一类写法。
    """
    for document in context.source.documents:
        for match in _words("day").finditer(document.text):
            if not _is_day(*match.groups()):
                yield _draft(context, Severity.ERROR, document.span(*match.span()), date=match.group())


@rule("TXT003")
def slip_of_the_pen(context: Context) -> Iterator[Draft]:
    """TXT003 疑似错别字或重复字 | Suspected slip of the pen

    Finds: a character or a mark printed twice, a character that only looks like the right one (末能 for 未能), words in
    an order nobody writes (864.64为万元).
    查什么: 重复的字或标点、形近错字（末能）、语序错误（864.64为万元）。
    Why: a report nobody read through may hold graver slips.
    为什么: 文字差错反映报告未经认真校核。
    Example: 把整改反馈的的路子理顺
    示例: 把整改反馈的的路子理顺
    Basis: the report's own words
    依据: 报告自身文字
    Known misses: any slip that gives another right word.
    已知遗漏: 错成另一个词的差错。
    """
    for sentence in context.source.sentences:
        found = [match.group() for match in _slips().finditer(context.source.text(sentence.span))]
        told = [words for words in dict.fromkeys(found) if not re.search("[\n\t]", words)]
        if told:
            yield _draft(context, Severity.NOTE, sentence.span, words=context.join(told))


def _own(document: Document, name: str) -> bool:
    """Whether a name is the reporting unit's, in full or shortened (退役局 for 退役军人事务局)."""
    unit = plain(document.unit or "")
    letters = iter(unit)
    short = all(letter in letters for letter in _words("level").sub("", name))
    return not unit or short or unit in name or _words("itself").match(name) is not None


def _foreign(document: Document, name: str) -> bool:
    """Whether a name is a unit's that the report names nowhere else, while it names its own again and again."""
    told = document.text.count(document.unit or "\0") > 1
    return told and bool(_words("body").search(name)) and not _own(document, name) and document.text.count(name) == 1


@rule("TXT004")
def name_of_another(context: Context) -> Iterator[Draft]:
    """TXT004 疑似其他单位或地区名称 | Name of another unit or place

    Finds: a name that stands once in the report where its own unit must be meant: before 「2023年度部门整体支出」, as
    the owner of offices, cars or reception money, or, of a county, as what the work laid a foundation for.
    查什么: 在应指本单位处出现仅一次的其他单位名称（如“……2023年度部门整体支出”“……的办公用房”），或结论中其他县区名称。
    Why: the text was copied from another report, and what it says may not be this unit's.
    为什么: 可能套用其他报告，所述内容未必属实。
    Example: a report of 农业机械化服务中心: 县畜牧水产服务中心2023年度部门整体支出管理规范
    示例: 农业机械化服务中心的报告写“县畜牧水产服务中心2023年度部门整体支出管理规范”
    Basis: the unit the report names as its own
    依据: 报告载明的单位名称
    Known misses: other phrases; a foreign name that stands twice; reports whose title names no unit.
    已知遗漏: 其他表述；出现两次以上的；标题未写明单位的报告。
    """
    for document in context.source.documents:
        for pattern in ("of_overall", "own_things"):
            for match in _words(pattern).finditer(document.text):
                name = _words("opening").sub("", match.group(1))
                if _foreign(document, name):
                    yield _draft(context, Severity.WARNING, document.span(*match.span(1)), name=name)
        named = set(_words("place").findall(f"{document.unit or ''} {document.title or ''}"))
        own = {place for place in named if document.text.count(place) > 1}
        for match in _words("for_place").finditer(document.text):
            place = match.group(1)
            alike = any(place.endswith(end) and other.endswith(end) for other in own for end in "县区市")
            if alike and place not in own and document.text.count(place) == 1:
                yield _draft(context, Severity.WARNING, document.span(*match.span(1)), name=place)


def _opening(context: Context, sentence: Sentence) -> Span:
    """The first words of the section that a sentence stands in: by them a passage is found again."""
    section = context.source.section(sentence.section)
    document = context.source.document(section.span.document)
    first = re.compile(r"\S").search(document.text, section.body, section.span.end)
    return document.span(*first.span()) if first else sentence.span


@rule("TXT005")
def told_twice(context: Context) -> Iterator[Draft]:
    """TXT005 段落重复 | A passage told twice

    Finds: several long sentences of one section that another section of the report repeats word for word.
    查什么: 一个部分的多句文字在报告另一部分逐字重复。
    Why: what was planned, what was done and what came of it are different things; one text cannot tell all.
    为什么: 工作内容、完成情况与绩效应分别说明，同一段文字不能互相替代。
    Example: the year's work, repeated as 目标实现程度
    示例: “年度重点工作”一段在“目标实现程度”中原样重复
    Basis: the report's own words
    依据: 报告自身文字
    Known misses: passages reworded on the way; sentences broken differently.
    已知遗漏: 改写后的重复；断句不同的重复。
    """
    for document in context.source.documents:
        told_at: dict[str, list[Sentence]] = defaultdict(list)
        for sentence in context.source.sentences:
            if sentence.span.document == document.id and sentence.span.table is None:
                text = re.sub(r"\W", "", context.source.text(sentence.span))
                if len(text) >= load("wording")["repeated_sentence"]:
                    told_at[text].append(sentence)
        pairs: dict[tuple[str, str], list[tuple[str, Sentence, Sentence]]] = defaultdict(list)
        for text, sentences in told_at.items():
            for again in sentences[1:]:
                pairs[sentences[0].section, again.section].append((text, sentences[0], again))
        for (first, second), told in pairs.items():
            if first != second and len("".join(text for text, _, _ in told)) >= load("wording")["repeated_text"]:
                places = [
                    _opening(context, told[0][1]),
                    told[0][1].span,
                    _opening(context, told[0][2]),
                    told[0][2].span,
                ]
                titles = [context.source.section(name).title for name in (first, second)]
                yield _draft(context, Severity.NOTE, *places, first=titles[0], second=titles[1])


@rule("TXT006")
def heading_of_another_year(context: Context) -> Iterator[Draft]:
    """TXT006 标题年度与报告年度不符 | Heading of another year

    Finds: a heading on the goals, the score or the results that names an earlier year than the report's.
    查什么: 绩效目标、得分或结论的标题写的是评价年度之前的年份。
    Why: the chapter may have been left from last year's report.
    为什么: 可能沿用上年报告内容。
    Example: a report on 2023: 二、2022年度绩效目标设定
    示例: 2023年度报告：二、2022年度绩效目标设定
    Basis: the year the report itself names
    依据: 报告自身载明的评价年度
    Known misses: years in the text below a heading; later years.
    已知遗漏: 标题以下正文中的年份；晚于评价年度的。
    """
    for section in context.source.sections:
        year = context.source.document(section.span.document).year
        years = {int(found) for found in _words("years").findall(section.title)}
        title = plain(section.title)
        if (
            year
            and len(years) == 1
            and max(years) < year
            and section.number
            and _words("of_the_year").search(title)
            and not _words("other_years").search(title)
        ):
            yield _draft(context, Severity.WARNING, section.span, title=title)


@rule("TXT007")
def document_of_another(context: Context) -> Iterator[Draft]:
    """TXT007 材料的单位或年度与报告不符 | Document of another unit or year

    Finds: in a review of several files, a form or account that names another unit or another year than the report, the
    first of the files. Its figures are held against nothing.
    查什么: 一并提交的材料写明的单位或年度与报告（第一份材料）不同；其数据不与报告核对。
    Why: a wrong attachment supports nothing, and what it should show stays unchecked.
    为什么: 附错的材料不能佐证报告，应核对的数据也未能核对。
    Example: a report on 2024 with the final accounts of 2023
    示例: 2024年度自评报告后附2023年度决算表
    Basis: what the documents say of themselves
    依据: 各份材料载明的单位和年度
    Known misses: documents that name neither.
    已知遗漏: 未写明单位和年度的材料。
    """
    report, *others = context.source.documents
    for document in others:
        differ = [] if document.names(report.unit) else [f"{report.unit} / {document.unit}"]
        if report.year and document.year and report.year != document.year:
            differ.append(f"{report.year} / {document.year}")
        if differ:
            first = next(
                sentence.span for sentence in context.source.sentences if sentence.span.document == document.id
            )
            yield _draft(context, Severity.WARNING, first, words=context.join(differ))
