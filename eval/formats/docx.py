"""Word documents: headings by style or by look only, typed numbers or automatic ones, real tables."""

import io
import re
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph as WordParagraph

from eval.formats.content import Content, Grid, Paragraph
from eval.formats.packed import dateless

_HAN = "一二三四五六七八九十"
_LEVELS = (re.compile(rf"([{_HAN}]{{1,3}})、"), re.compile(rf"（([{_HAN}]{{1,3}})）"))
_NUMBERING = """
<w:abstractNum {ns} w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/>
<w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:suff w:val="nothing"/>
<w:lvlText w:val="（%2）"/></w:lvl>
</w:abstractNum>"""


def docx(content: Content) -> bytes:
    """Every number is typed."""
    return _written(content, {})


def numbered_docx(content: Content) -> bytes:
    """Heading numbers that run regularly are left to the word processor's automatic numbering."""
    return _written(content, automatic(content.parts))


def automatic(parts: Sequence[Paragraph | Grid]) -> dict[int, tuple[int, int]]:
    """By index of a paragraph: the level of its automatic number and how many characters it stands for.

    Only where every number of a level is the one that Word would count there.
    """
    found: dict[int, tuple[int, int]] = {}
    for level, pattern in enumerate(_LEVELS):
        counted, own = 0, {}
        for index, part in enumerate(parts):
            if level and found.get(index, (level, 0))[0] < level:
                counted = 0
            match = pattern.match(part.text) if isinstance(part, Paragraph) else None
            if match is None:
                continue
            counted += 1
            if match[1] != _chinese(counted):
                return found
            own[index] = (level, match.end())
        found |= own
    return found


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _HAN[tens - 1] + "十") + (_HAN[ones - 1] if ones else "")


def _written(content: Content, numbers: dict[int, tuple[int, int]]) -> bytes:
    document = Document()
    if numbers:
        _define(document)
    _margins(document, content.title)
    for index, part in enumerate(content.parts):
        if isinstance(part, Grid):
            _table(document, part)
            continue
        level, typed = numbers.get(index, (None, 0))
        _paragraph(document, part, typed, level)
    saved = io.BytesIO()
    document.save(saved)
    return dateless(saved.getvalue())


def _define(document: WordDocument) -> None:
    numbering: Any = document.part.numbering_part.element
    numbering.insert(0, parse_xml(_NUMBERING.format(ns=nsdecls("w"))))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))


def _margins(document: WordDocument, title: str) -> None:
    """A running header and a page number at the foot."""
    section = document.sections[0]
    section.header.paragraphs[0].text = title
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind in ("begin", "instrText", "separate", "shown", "end"):
        run = foot.add_run("1" if kind == "shown" else "")
        if kind == "instrText":
            code = OxmlElement("w:instrText")
            code.text = " PAGE "
            run._r.append(code)
        elif kind != "shown":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _paragraph(document: WordDocument, part: Paragraph, typed: int, level: int | None) -> None:
    words = part.text[typed:]
    made = document.add_paragraph(style=f"Heading {part.heading}" if part.heading else None)
    if level is not None:
        _number(made, level)
    if part.is_title:
        made.alignment = WD_ALIGN_PARAGRAPH.CENTER
        made.add_run(words).font.size = Pt(22)
        return
    if not part.heading:
        made.paragraph_format.first_line_indent = Pt(32)
    bold = max(0, part.bold - typed)
    if bold:
        made.add_run(words[:bold]).bold = True
    made.add_run(words[bold:])


def _number(paragraph: WordParagraph, level: int) -> None:
    made: Any = paragraph._p.get_or_add_pPr()
    properties = made.get_or_add_numPr()
    properties.get_or_add_ilvl().val = level
    properties.get_or_add_numId().val = 90


def _table(document: WordDocument, grid: Grid) -> None:
    table = document.add_table(len(grid.rows), len(grid.rows[0]), style="Table Grid")
    cells = [list(row.cells) for row in table.rows]
    for number, row in enumerate(grid.rows):
        for column, words in enumerate(row):
            if words:
                cells[number][column].text = words
    for number in range(grid.header_rows):
        properties = table.rows[number]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:tblHeader"))
    for (number, column), tall in grid.heights().items():
        merged = cells[number][column].merge(cells[number + tall - 1][column])
        for empty in [p for p in merged.paragraphs if not p.text][: len(merged.paragraphs) - 1]:
            empty._p.getparent().remove(empty._p)
