"""STR: how a report is put together."""

import re
from collections import Counter
from collections.abc import Iterator

from reviewer.checks.chapters import Part, chapters, parts, whole, words
from reviewer.checks.registry import Context, Draft, rule, texts
from reviewer.lexicon.measures import plain
from reviewer.lexicon.numbering import breaks, marker_at, number_of, printed
from reviewer.schema import Document, Section, Severity, Span

_ANSWERED = 3
"""So many words a problem shares with a measure that answers it."""
_OTHERS = 2
"""So many other problems must be answered for one to stand out."""
_BY = ("offline",)


def _draft(context: Context, severity: Severity, spans: list[Span], key: str = "message", **filled: str) -> Draft:
    evidence = context.evidence(*spans)
    return Draft(
        severity=severity,
        evidence=evidence,
        by=_BY,
        key=key,
        words=filled,
        basis=texts(context.lang)["basis"]["own_words"],
        identity=tuple(piece.text for piece in evidence),
    )


def _style(section: Section) -> str | None:
    marker = marker_at(section.number or "")
    return marker.style if marker and marker.style not in ("digit_multi", "circled") else None


def _told_between(document: Document, first: Section, second: Section, missing: int) -> bool:
    """Whether the number that is missing among the headings stands in the text between them."""
    style = _style(second) or ""
    number = printed(missing) if style.startswith("cn") else f"{missing}"
    form = (
        rf"[（(]\s*{number}\s*[）)]"
        if style.endswith("_paren")
        else rf"(?<![0-9一二三四五六七八九十]){number}\s*[、.．是]"
    )
    return re.search(form, document.text[first.body : second.span.start]) is not None


@rule("STR001")
def broken_numbering(context: Context) -> Iterator[Draft]:
    """STR001 标题编号重复或跳号 | Numbers of headings repeated or skipped

    Finds: a heading with the number of the one before it on its level, or two further on where the number between
    stands nowhere in the text between.
    查什么: 同级标题编号与上一个重复，或跳过一个编号且中间文字也没有该编号。
    Why: a part may have been cut out or pasted in, and what refers to numbers goes wrong.
    为什么: 可能有内容被删改或拼接，引用编号也会出错。
    Example: （一）……（三）……
    示例: （一）……（三）……
    Basis: the report's own numbering
    依据: 报告自身编号
    Known misses: more than one number left out at once; numbers of list items inside a paragraph; 1.1 and 1.2.
    已知遗漏: 一次跳过两个以上编号；段落内的列举编号；1.1 之类的多级编号。
    """
    runs: dict[tuple[str, str | None, str], list[Section]] = {}
    for section in context.source.sections:
        if style := _style(section):
            runs.setdefault((section.span.document, section.parent, style), []).append(section)
    for (document, _, _), sections in runs.items():
        numbered = [(number, section) for section in sections if (number := number_of(section.number or ""))]
        for broken in breaks([number for number, _ in numbered]):
            (_, before), (_, section) = numbered[broken.before], numbered[broken.at]
            text = context.source.document(document)
            if broken.missing and _told_between(text, before, section, broken.missing):
                continue
            names = {"before": _heading(before), "heading": _heading(section)}
            if broken.repeated:
                yield _draft(context, Severity.NOTE, [before.span, section.span], "repeated", **names)
            else:
                yield _draft(context, Severity.NOTE, [before.span, section.span], **names)


def _heading(section: Section) -> str:
    return f"{section.number or ''}{section.title}"


def _listed(context: Context) -> tuple[set[int], list[Span]]:
    """The numbers of the annexes that the report lists or holds, and where."""
    numbers: set[int] = set()
    spans: list[Span] = []
    for document in context.source.documents:
        going_on = False
        for block in document.blocks:
            text = document.text[block.start : block.end]
            opens = words("annexes").match(text) is not None
            found = [*words("annex").findall(text[:40])]
            if opens or (going_on and marker_at(text)):
                found.extend(words("annex_item").findall(text))
                going_on = True
            elif block.kind == "paragraph" and text.strip():
                going_on = False
            if found or opens:
                spans.append(document.span(block.start, block.end))
            numbers |= {number for one in found if (number := number_of(one))}
    return numbers, spans


@rule("STR002")
def missing_annex(context: Context) -> Iterator[Draft]:
    """STR002 引用的附件未列出 | Annex referred to, but not listed

    Finds: a reference to an annex whose number the report's list of annexes, or the annexes themselves, do not have; a
    reference to annex 3 in a report that nowhere names annexes 1 and 2.
    查什么: 正文引用的附件编号不在附件清单（或所附附件）中；或只引用附件3而未见附件1、2。
    Why: the evidence the text points to is not there.
    为什么: 正文所指的依据材料缺失或编号有误。
    Example: 问卷汇总情况详见附件3；文末只列附件1、2。
    示例: 问卷汇总情况详见附件3；文末只列附件1、2。
    Basis: the report's own list of annexes
    依据: 报告自身附件清单
    Known misses: annexes named by title only; 附表; annexes sent as separate files that no list names.
    已知遗漏: 仅以名称引用的附件；附表；未列清单而另行报送的附件。
    """
    numbers, spans = _listed(context)
    told: list[tuple[int, str, Span]] = []
    for document in context.source.documents:
        for match in words("refers").finditer(document.text):
            if number := number_of(match.group(1)):
                told.append((number, match.group(1), document.span(match.start(), match.end())))
    named = numbers | {number for number, _, _ in told}
    for number, printed_as, span in told:
        if numbers and number not in numbers:
            yield _draft(context, Severity.WARNING, [span, *spans], annex=printed_as)
        elif not numbers and not spans and number > 1 and not any(other < number for other in named):
            yield _draft(context, Severity.NOTE, [span], "alone", annex=printed_as)


@rule("STR003")
def template_residue(context: Context) -> Iterator[Draft]:
    """STR003 模板残留或空白内容 | Residue of a form, or a part left blank

    Finds: words of the form that were to be replaced (（如有）, XX万元), a part on results or goals that says 无.
    查什么: 模板提示语未删除（如“（如有）”“XX万元”），或绩效、目标等部分仅写“无”。
    Why: the form was not filled in with care; what it asked for may be missing.
    为什么: 说明未按要求填写，应有内容可能缺失。
    Example: 七、其他需要说明的问题（如有）
    示例: 七、其他需要说明的问题（如有）
    Basis: the report's own words
    依据: 报告自身文字
    Known misses: instructions in other words; blanks filled with dots.
    已知遗漏: 其他表述的填表说明；以省略号代替的空白。
    """
    for document in context.source.documents:
        for match in words("residue").finditer(document.text):
            yield _draft(
                context, Severity.NOTE, [document.span(match.start(), match.end())], words=match.group().strip()
            )
    for section in context.source.sections:
        text = context.source.document(section.span.document).text[section.body : section.span.end].strip()
        title = plain(section.title)
        if words("nothing").fullmatch(text) and words("due").search(title) and not words("not_due").search(title):
            place = re.compile(r"\S").search(context.source.document(section.span.document).text, section.body)
            body = [context.source.document(section.span.document).span(*place.span())] if place else []
            yield _draft(context, Severity.NOTE, [section.span, *body], "empty", title=title)


@rule("STR004")
def problems_without_measures(context: Context) -> Iterator[Draft]:
    """STR004 有问题无改进措施 | Problems without any measure

    Finds: a chapter on problems in a report that has no chapter on measures and says nowhere in the problems what will
    be done.
    查什么: 列出了存在的问题，但没有改进措施部分，问题中也未写明如何改进。
    Why: a self-evaluation is to lead to corrections.
    为什么: 自评结果应当用于改进。
    Example: 五、存在的问题（一）……（二）…… 报告到此结束
    示例: 五、存在的问题（一）……（二）…… 报告到此结束
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: measures that answer none of the problems.
    已知遗漏: 措施与问题不对应的。
    """
    told = chapters(context.source, "problems")
    if not told or any(words("measures").search(plain(section.title)) for section in context.source.sections):
        return
    for section in told:
        span = whole(context.source, section)
        rest = context.source.document(span.document).text[span.start :]
        if parts(context.source, section) and not words("onward").search(rest):
            yield _draft(context, Severity.WARNING, [section.span], title=section.title)


@rule("STR005")
def problem_without_measure(context: Context) -> Iterator[Draft]:
    """STR005 个别问题没有对应措施 | A problem that no measure answers

    Finds: a problem that shares no words with any of the measures, while at least two other problems share several.
    查什么: 某一问题与各项措施均无共同用语，而其他问题大多有对应措施。
    Why: the problem will be in next year's report again.
    为什么: 没有措施的问题往往来年仍在。
    Example: 问题：（三）网格员队伍流动频繁；措施：提升助餐服务、规范资产处置。
    示例: 问题：（三）网格员队伍流动频繁；措施：提升助餐服务、规范资产处置。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: a measure in other words is not recognised as the answer, one that shares words by chance is.
    已知遗漏: 用语完全不同的措施不能识别为对应；偶然用语相同的视为对应。
    """
    problems = [part for chapter in chapters(context.source, "problems") for part in parts(context.source, chapter)]
    measures = [part for chapter in chapters(context.source, "measures") for part in parts(context.source, chapter)]
    often = _told_by_several(problems) | _told_by_several(measures)
    shared = [max((len((p.pairs & m.pairs).difference(often)) for m in measures), default=0) for p in problems]
    if len([common for common in shared if common >= _ANSWERED]) < _OTHERS:
        return
    for problem, common in zip(problems, shared, strict=True):
        if common <= 1:
            yield _draft(context, Severity.NOTE, [problem.span], problem=_opening(problem))


def _told_by_several(items: list[Part]) -> frozenset[str]:
    counts = Counter(pair for item in items for pair in item.pairs)
    return frozenset(pair for pair, times in counts.items() if times > 1)


def _opening(part: Part) -> str:
    return re.split("[。；：:\n]", part.text)[0]


@rule("STR006")
def measure_without_owner(context: Context) -> Iterator[Draft]:
    """STR006 措施缺责任主体或时限 | Measures without owner or date

    Finds: a chapter on measures none of which says who is to act or by when; a single measure that says neither, where
    the others say both.
    查什么: 各项措施均未写明责任主体和完成时限；或其他措施均已写明而某一项都没有写。
    Why: what nobody is to do by any day cannot be checked.
    为什么: 没有责任主体和时限的措施无法督促落实。
    Example: 进一步加强学习，不断完善指标体系，切实提高管理水平。
    示例: 进一步加强学习，不断完善指标体系，切实提高管理水平。
    Basis: 财预〔2020〕10号
    依据: 财预〔2020〕10号
    Known misses: a date or an office mentioned for another purpose is taken for the measure's.
    已知遗漏: 措施中因其他事由出现的日期、科室视为已写明。
    """
    for chapter in chapters(context.source, "measures"):
        items = parts(context.source, chapter)
        bare = [item for item in items if not words("who").search(item.text) and not words("when").search(item.text)]
        full = [item for item in items if words("who").search(item.text) and words("when").search(item.text)]
        if items and len(bare) == len(items):
            yield _draft(context, Severity.NOTE, [chapter.span, items[0].span], "all", title=chapter.title)
        elif len(bare) == 1 and len(full) > 1:
            span = bare[0].span
            said = [s.span for s in context.source.sentences if s.span.document == span.document]
            inside = [one for one in said if span.start <= one.start < span.end]
            yield _draft(context, Severity.WARNING, inside, measure=_opening(bare[0]))
