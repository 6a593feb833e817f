"""Counts whose list stands elsewhere: in rows of a table, in groups of paragraphs, in chapters of the report."""

import re
from collections.abc import Sequence
from decimal import Decimal

from reviewer.extraction.offline.builder import Builder
from reviewer.extraction.offline.grid import is_total
from reviewer.extraction.offline.lists import is_count
from reviewer.extraction.offline.mentions import Mention, Paragraph
from reviewer.extraction.offline.names import names_in, words
from reviewer.lexicon.measures import plain
from reviewer.schema import ClaimKind, Operand, OperandRole, Section

_LEAST = 3
"""A shorter list tells nothing by its length."""
_NEAR = 80
"""Characters before a table in which its caption stands."""
_GROUP = re.compile(r"[^：:，。；]{2,12}[：:]")


def _claim(builder: Builder, paragraph: Paragraph, mention: Mention, *lengths: int) -> None:
    """Note the list's length where it is the count, or misses it by one: other lists are lists of something else."""
    count = int(mention.quantity.value or 0)
    if abs(sum(lengths) - count) > 1:
        return
    builder.claim(
        ClaimKind.COUNT_OF_LIST,
        [Operand(role=OperandRole.ITEM, value=Decimal(length), source="list") for length in lengths],
        mention.quantity,
        cue=builder.span(paragraph.document, mention.start, mention.end),
        concept="names",
    )


def _noun(paragraph: Paragraph, mention: Mention) -> str:
    match = re.match(r"[\u4e00-\u9fff]{1,8}", paragraph.text[mention.end - paragraph.start :])
    return match.group() if match else ""


def _rows(builder: Builder, paragraph: Paragraph, mention: Mention) -> None:
    """「全县现有六个乡镇」 and a table of 各乡镇 with a row for each."""
    noun = _noun(paragraph, mention)
    document = builder.source.document(paragraph.document)
    if re.search("(?:上述|以上|表中|表列|上表)(?:所列)?$", mention.words):
        _rows_above(builder, paragraph, mention, noun)
    if len(noun) < len("乡镇") or not words("all_of_them").search(mention.words):
        return
    for table in document.tables:
        header = {plain(document.text[row[0].span.start : row[0].span.end]) for row in table.rows[: table.header_rows]}
        caption = document.text[max(0, table.start - _NEAR) : table.start]
        if noun not in header or f"各{noun}" not in caption:
            continue
        names = [document.text[row[0].span.start : row[0].span.end].strip() for row in table.rows[table.header_rows :]]
        names = [name for name in names if name and not is_total(name)]
        if len(set(names)) == len(names) >= _LEAST:
            _claim(builder, paragraph, mention, len(names))


def _rows_above(builder: Builder, paragraph: Paragraph, mention: Mention, noun: str) -> None:
    """「上述5个标段均已完工」 right behind a table with a column of 标段."""
    document = builder.source.document(paragraph.document)
    above = [table for table in document.tables if table.end <= paragraph.start]
    if not above or document.text[above[-1].end : paragraph.start].strip():
        return
    table = above[-1]
    headers = [plain(document.text[c.span.start : c.span.end]) for row in table.rows[: table.header_rows] for c in row]
    if not any(header[:2] and len(header) > 1 and noun.startswith(header[:2]) for header in headers):
        return
    rows = [[document.text[c.span.start : c.span.end].strip() for c in row] for row in table.rows[table.header_rows :]]
    rows = [row for row in rows if any(row) and not any(is_total(plain(text)) for text in row)]
    if len(rows) >= _LEAST:
        _claim(builder, paragraph, mention, len(rows))


def _groups(builder: Builder, paragraph: Paragraph, mention: Mention) -> None:
    """「下设19个二级指标，分值如下。」 before paragraphs 「决策：甲4分、乙4分。」."""
    rest = paragraph.text[mention.end - paragraph.start :]
    if not words("as_follows").fullmatch(rest.strip()):
        return
    document = builder.source.document(paragraph.document)
    lengths: list[int] = []
    for block in document.blocks:
        text = document.text[block.start : block.end]
        group = _GROUP.match(text) if block.start >= paragraph.end and block.kind == "paragraph" else None
        if block.start < paragraph.end:
            continue
        if group is None or (names := names_in(re.split("。", text[group.end() :])[0])) is None or names.open:
            break
        lengths.append(names.nearest(int(mention.quantity.value or 0)) if names.least == names.most else names.least)
    if len(lengths) > 1:
        _claim(builder, paragraph, mention, *lengths)


def _children(builder: Builder, section: Section) -> int:
    return sum(other.parent == section.id and other.number is not None for other in builder.source.sections)


def _per_class(builder: Builder, paragraph: Paragraph, mention: Mention) -> None:
    """「设有4个产出指标。时效指标是甲率和乙率，…；质量指标是…」: the names of all classes together."""
    rest = paragraph.text[mention.end - paragraph.start :]
    if not words("classed_count").match(rest):
        return
    told = re.split(r"[0-9一二三四五六七八九十]\s*个[^，。；]{0,8}指标", rest)[0]
    listed = [names_in(match.group("names")) for match in words("classed").finditer(told)]
    found = [names for names in listed if names is not None and not names.open]
    if len(found) < len("两类") or len(found) < len(listed):
        return
    count = int(mention.quantity.value or 0)
    least, most = sum(names.least for names in found), sum(names.most for names in found)
    _claim(builder, paragraph, mention, min(max(count, least), most))


def _per_part(builder: Builder, paragraph: Paragraph, mention: Mention) -> None:
    """「分履职效能、管理效率两部分，每部分各设五项」 against the sections of the two chapters."""
    sentence = paragraph.words(mention.sentence_start, mention.start)
    if not words("per_part").search(sentence):
        return
    chapters = [
        section
        for section in builder.source.sections
        if (name := re.sub("(?:情况|分析|部分|指标|[，,（(].*)+$", "", plain(section.title)))
        and len(name) >= _LEAST
        and name in sentence
    ]
    counts = {_children(builder, chapter) for chapter in chapters}
    if len(chapters) > 1 and len(counts) == 1 and (length := counts.pop()) >= _LEAST:
        _claim(builder, paragraph, mention, length)


def _chapters(builder: Builder, told: Sequence[tuple[Paragraph, Mention]]) -> None:
    """「目标分解为九项指标」 against the chapters that say 共有五项指标 and 共有四项指标 and list them."""
    listed = {
        claim.result: claim.operands[0].value
        for claim in builder.claims
        if claim.kind is ClaimKind.COUNT_OF_LIST and claim.result and claim.operands[0].value is not None
    }
    indicators = [(p, m) for p, m in told if _noun(p, m).startswith("指标")]
    parts = [
        (p, m) for p, m in indicators if words("in_chapter").search(m.words) and _children(builder, p.section) >= _LEAST
    ]
    lengths = [int(listed[m.quantity.id] or 0) for _, m in parts if m.quantity.id in listed]
    if len(lengths) < len(parts) or len(parts) < len("两章"):
        return
    for paragraph, mention in indicators:
        if mention.end < parts[0][1].start and words("divided").search(mention.words):
            _claim(builder, paragraph, mention, *lengths)
            return


def extract_announced(builder: Builder, paragraphs: Sequence[Paragraph]) -> None:
    """Note the counts whose list is told elsewhere, unless a list beside them was found."""
    counted = {claim.result for claim in builder.claims if claim.kind is ClaimKind.COUNT_OF_LIST}
    told = [(p, m) for p in paragraphs for m in p.mentions if is_count(m)]
    for paragraph, mention in told:
        if mention.quantity.id not in counted:
            _rows(builder, paragraph, mention)
            _groups(builder, paragraph, mention)
            _per_class(builder, paragraph, mention)
            _per_part(builder, paragraph, mention)
    _chapters(builder, told)
