"""The text of a Word file is what its printed page says: nothing hidden, deleted or doubled is reviewed."""

import pytest

from tests.docx.word_files import cells, omitted, p, paragraphs, r, read, tbl, tc, tr


def fld(part: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{part}"/></w:r>'


def field(code: str, *result: str) -> str:
    return f"{fld('begin')}<w:r><w:instrText>{code}</w:instrText></w:r>{fld('separate')}{''.join(result)}{fld('end')}"


def box(*inner: str) -> str:
    return f"<w:txbxContent>{''.join(inner)}</w:txbxContent>"


def kinds(layout: object) -> dict[str, int]:
    return {notice.kind: notice.count for notice in layout.notices}  # type: ignore[attr-defined]


def test_a_place_leads_to_the_paragraph_and_column() -> None:
    """A reviewer who looks up 87.40 % in Word finds it in the paragraph that is named."""
    layout = read(p("一、概况") + p() + tbl(tr("执行率", tc("前", "为87.40%"))) + p("余额3.5万元"))
    places = {}
    for words in ("87.40", "3.5"):
        offset = layout.text.index(words)
        run = [run for run in layout.lines if run.start <= offset][-1]
        places[words] = (run.line, run.column + offset - run.start)
    assert places == {"87.40": (5, 1), "3.5": (6, 2)}


def test_tracked_changes_are_read_as_accepted() -> None:
    """The old figure under a deletion would contradict the new one."""
    layout = read(
        p("支出", "<w:del><w:r><w:delText>900</w:delText></w:r></w:del>", f"<w:ins>{r('864.64')}</w:ins>", "万元")
        + p(f"<w:moveFrom>{r('结余12')}</w:moveFrom>", "甲", f"<w:moveTo>{r('结余12')}</w:moveTo>")
        + tbl(tr("甲", "1"), tr("乙", "2", properties="<w:del/>"), tr("丙", "3", properties="<w:ins/>"))
    )
    assert paragraphs(layout) == ["支出864.64万元", "甲结余12"]
    assert cells(layout) == [["甲", "1"], ["丙", "3"]]
    assert kinds(layout) == {"tracked_changes": 6}


def test_a_deleted_paragraph_end_joins_the_next() -> None:
    """A sentence would be torn in two where the author joined it."""
    deleted = "<w:rPr><w:del/></w:rPr>"
    layout = read(p("全年支出", properties=deleted) + p("1,2", properties=deleted) + p("66.90万元") + p("完"))
    assert paragraphs(layout) == ["全年支出1,266.90万元", "完"]


def test_hidden_text_is_left_out_and_said() -> None:
    """Hidden notes of the author are not part of the report, but nobody should wonder where they went."""
    styles = (
        '<w:style w:type="character" w:styleId="s"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="t"><w:basedOn w:val="u"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="u"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    layout = read(
        p("得分95", r("待核88", "<w:vanish/>"), r("77", '<w:rStyle w:val="s"/>'), r("分", '<w:vanish w:val="0"/>'))
        + p("66", r("见", '<w:vanish w:val="false"/>'), properties='<w:pStyle w:val="t"/>'),
        styles=styles,
    )
    assert paragraphs(layout) == ["得分95分", "见"]
    assert omitted(layout) == [("待核8877", "hidden"), ("66", "hidden")]
    assert kinds(layout) == {"hidden_text": 8}


def test_fields_show_their_result_only() -> None:
    """REF _Toc123456 would be read as a figure."""
    nested = field("IF ", field("REF _Ref9", r("88")), r("合计12.5"))
    layout = read(p("见", field("REF _Ref140", r("表3")), "：", nested, "万元"))
    assert paragraphs(layout)[0].startswith("见表3：")
    assert "140" not in layout.text and "合计12.5万元" in layout.text


def test_text_in_the_instruction_of_a_field_is_not_printed() -> None:
    """The condition of a mail merge holds figures that no page shows."""
    code = f"{fld('begin')}<w:r><w:instrText>IF </w:instrText></w:r>{r('99')}{fld('separate')}{r('12')}{fld('end')}"
    assert paragraphs(read(p("共", code, "项"))) == ["共12项"]


def test_an_unfinished_field_swallows_nothing() -> None:
    """A damaged field would take the rest of the report with it."""
    assert paragraphs(read(p(fld("begin"), "支出5万元") + p("收入6万元"))) == ["支出5万元", "收入6万元"]


def test_page_fields_are_left_out() -> None:
    """The number of a page would count as a figure."""
    simple = f'<w:fldSimple w:instr=" NUMPAGES ">{r("12")}</w:fldSimple>'
    layout = read(p("第", field(" PAGE \\* MERGEFORMAT ", r("3")), "页共", simple, "页"))
    assert paragraphs(layout) == ["第页共页"]
    assert omitted(layout) == [("3", "page_number"), ("12", "page_number")]


def test_headers_and_footers_are_told_apart() -> None:
    """The running title would be repeated in the text, and its year with it."""
    layout = read(p("正文"), header1=p("2023年度自评报告"), footer1=tbl(tr(tc("单位"), tc(p(field("PAGE", r("1")))))))
    assert layout.text == "正文"
    assert omitted(layout) == [("2023年度自评报告", "header"), ("单位", "footer"), ("1", "page_number")]


def test_a_text_box_is_read_once() -> None:
    """Word stores a text box twice, for new programs and for old: its amount would be counted twice, or lost."""
    new = f"<w:drawing><wps:txbx>{box(p('附注：另有3.2万元'))}</wps:txbx></w:drawing>"
    old = f"<w:pict><v:textbox>{box(p('附注：另有3.2万元'))}</v:textbox></w:pict>"
    both = f'<mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>'
    layout = read(p("支出", f"<w:r>{both}</w:r>", "5万元") + p(f"<w:r>{old}</w:r>"))
    assert paragraphs(layout) == ["支出5万元", "附注：另有3.2万元", "附注：另有3.2万元"]
    empty = "<mc:AlternateContent><mc:Choice><w:drawing/></mc:Choice><mc:Fallback>"
    layout = read(p(f"<w:r>{empty}{old}</mc:Fallback></mc:AlternateContent></w:r>"))
    assert paragraphs(layout) == ["附注：另有3.2万元"]


def test_notes_stand_behind_the_paragraph_that_refers_to_them() -> None:
    """A figure's reservation stands in its footnote."""
    footnotes = (
        '<w:footnote w:id="0" w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2">{p("<w:r><w:footnoteRef/></w:r>", "含上年结转4.1万元")}</w:footnote>'
    )
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    layout = read(p("支出9万元", mark, "。") + p("下段"), footnotes=footnotes)
    assert paragraphs(layout) == ["支出9万元。", "含上年结转4.1万元", "下段"]
    layout = read(tbl(tr("支出", tc(p("9", mark))), tr("收入", "8")), footnotes=footnotes)
    assert layout.text == "支出\t9\n收入\t8\n含上年结转4.1万元"


def test_controls_links_and_tags_are_transparent() -> None:
    """Figures filled into a form's controls are the form's content."""
    sdt = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    layout = read(
        sdt.format(
            p(
                "甲",
                sdt.format(r("1.5")),
                f"<w:hyperlink>{r('万元')}</w:hyperlink>",
                f"<w:smartTag>{r('整')}</w:smartTag>",
            )
        )
        + tbl(sdt.format(tr("乙", sdt.format(tc("2")))), f"<w:customXml>{tr('丙', '3')}</w:customXml>")
    )
    assert layout.text == "甲1.5万元整\n乙\t2\n丙\t3"


def test_signs_of_symbol_fonts_are_signs() -> None:
    """≥95 % read as 95 % would turn a bound into a value."""
    sym = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'
    layout = read(
        p(
            sym.format("Symbol", "F0B3"),
            "95%",
            sym.format("Wingdings", "F0FE"),
            "是",
            sym.format("Wingdings", "F0A8"),
            "否",
        )
        + p(r("\uf0a3", '<w:rFonts w:ascii="Symbol"/>'), "3日")
        + p(sym.format("Odd", "F0AA"), "甲")
    )
    assert paragraphs(layout) == ["≥95%☑是□否", "≤3日", "\uf0aa甲"]
    assert kinds(layout) == {"unmapped_characters": 1}


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("<w:r><w:t>2</w:t><w:noBreakHyphen/><w:t>3</w:t><w:softHyphen/><w:t>件</w:t></w:r>", "2-3件"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>12</w:t><w:tab/><w:t>34</w:t></w:r>", "甲 12 34"),
        (f"<w:r><w:ruby><w:rt>{r('lì')}</w:rt><w:rubyBase>{r('莉')}</w:rubyBase></w:ruby></w:r>", "莉"),
        ("<w:r><w:t> 甲 </w:t><w:t xml:space='preserve'>乙 丙</w:t></w:r>", "甲乙 丙"),
        ("<w:r><w:t>１２．５％</w:t></w:r>", "１２．５％"),
    ],
)
def test_small_signs(inner: str, text: str) -> None:
    """Each of them stands inside numbers of real reports."""
    assert paragraphs(read(f"<w:p>{inner}</w:p>")) == [text]


def test_equations_keep_their_figures() -> None:
    """执行率=436.71/486.00 is often set as an equation."""

    def t(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    fraction = f"<m:f><m:num>{t('436.71+1')}</m:num><m:den>{t('486.00')}</m:den></m:f>"
    power = f"<m:sSup><m:e>{t('m')}</m:e><m:sup>{t('2')}</m:sup></m:sSup>"
    layout = read(
        p(
            "执行率=",
            f"<m:oMathPara><m:oMath>{fraction}{t('×100%')}</m:oMath></m:oMathPara>",
            f"<m:oMath>{power}</m:oMath>",
        )
    )
    assert paragraphs(layout) == ["执行率=(436.71+1)/486.00×100%m^2"]


BR = "<w:r><w:br/></w:r>"


@pytest.mark.parametrize(
    ("inner", "texts"),
    [
        (["项目全部完成。", BR, "资金全部到位。"], ["项目全部完成。", "资金全部到位。"]),
        (["本年度按照批复的部门决算统计全年项目支出合计为1,2", BR, "66.90万元，占全年支出的一半。"], None),
        (["青禾县图书馆", '<w:r><w:br w:type="page"/></w:r>', "一、概况"], ["青禾县图书馆", "一、概况"]),
    ],
)
def test_line_breaks_part_paragraphs_but_no_number(inner: list[str], texts: list[str] | None) -> None:
    """A break inside 1,266.90 would make two wrong amounts of it."""
    found = paragraphs(read(p(*inner)))
    assert found == (texts or ["本年度按照批复的部门决算统计全年项目支出合计为1,266.90万元，占全年支出的一半。"])


def test_a_heading_on_two_lines_is_one() -> None:
    """第一部分 without its words would be a chapter without a name."""
    layout = read(p("第一部分", BR, "部门概况", properties='<w:outlineLvl w:val="0"/>'))
    assert paragraphs(layout) == ["第一部分 部门概况"] and layout.blocks[0].heading_level == 1


STYLES = (
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="x"><w:name w:val="小标题"/><w:basedOn w:val="1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="y"><w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="z"><w:name w:val="标题 3"/><w:basedOn w:val="z"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="toc1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="character" w:styleId="strong"><w:rPr><w:b/></w:rPr></w:style>'
)


@pytest.mark.parametrize(
    ("properties", "level"),
    [
        ('<w:pStyle w:val="1"/>', 1),
        ('<w:pStyle w:val="x"/>', 1),
        ('<w:pStyle w:val="y"/>', None),
        ('<w:pStyle w:val="z"/>', 3),
        ('<w:pStyle w:val="1"/><w:outlineLvl w:val="2"/>', 3),
        ('<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>', None),
        ('<w:pStyle w:val="none"/>', None),
    ],
)
def test_heading_levels_come_from_style_and_outline(properties: str, level: int | None) -> None:
    """The outline decides which chapter a figure belongs to."""
    layout = read(p("基本情况", properties=properties), styles=STYLES)
    assert layout.blocks[0].heading_level == level


@pytest.mark.parametrize(
    ("body", "bold"),
    [
        (p(r("履职情况。", "<w:b/>"), "全年完成。"), "履职情况。"),
        (p(r("履职情况", '<w:rStyle w:val="strong"/>'), "全年"), "履职情况"),
        (p("全年", r("完成", "<w:b/>")), None),
        (p("一、概况", properties='<w:pStyle w:val="1"/>'), None),
        (p("概况。", r("全年", '<w:b w:val="0"/>'), properties='<w:pStyle w:val="1"/>'), "概况。"),
    ],
)
def test_bold_openings_are_known(body: str, bold: str | None) -> None:
    """In reports without styles a bold opening is the only sign of a heading."""
    layout = read(body, styles=STYLES)
    end = layout.blocks[0].bold_end
    assert (None if end is None else layout.text[:end]) == bold


def test_a_table_of_contents_is_no_chapter() -> None:
    """Every chapter would be there twice, once without content."""
    entry = "<w:r><w:t>一、概况</w:t><w:tab/><w:t>3</w:t></w:r>"
    by_hand = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="8000"/></w:tabs>'
    layout = read(
        f'<w:p><w:pPr><w:pStyle w:val="toc1"/></w:pPr>{entry}</w:p><w:p><w:pPr>{by_hand}</w:pPr>{entry}</w:p>'
        f"<w:p>{entry}</w:p>",
        styles=STYLES,
    )
    assert paragraphs(layout) == ["一、概况…3", "一、概况…3", "一、概况 3"]


def test_what_is_not_read_is_said() -> None:
    """Comments, macros, pictures and links outside may hold what a reviewer misses."""
    link = '<Relationship Id="x" Type="http://x/image" Target="http://example.invalid/a.png" TargetMode="External"/>'
    layout = read(
        p("正文", "<w:r><w:pict><v:imagedata/></w:pict></w:r>"),
        comments=f"<w:comment>{p('请核实9')}</w:comment>",
        links=link,
        extra={"word/vbaProject.bin": b"x"},
    )
    assert layout.text == "正文"
    assert kinds(layout) == {"comments": 1, "external_ignored": 1, "macros_ignored": 1, "pictures_ignored": 1}
