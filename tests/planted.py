"""Documents built in memory, and texts in which every number was put on purpose."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reviewer.quantities.numerals import to_chinese
from reviewer.schema.numbers import Bound, QuantityKind
from reviewer.schema.source import Block, Cell, Document, DocumentKind, LineRun, Section, Span, Table


def document(text: str, tables: Sequence[tuple[Sequence[Sequence[str]], int]] = ()) -> Document:
    """A Document of `text`, one paragraph a line, followed by `tables`: (rows of cell texts, header rows) each."""
    pieces, blocks, built = [text], [], []
    position = 0
    for line in text.split("\n"):
        blocks.append(Block(start=position, end=position + len(line), kind="paragraph"))
        position += len(line) + 1
    position = len(text)
    for number, (rows, header_rows) in enumerate(tables, 1):
        position += 1
        pieces.append("\n")
        start, cells = position, []
        for r, row in enumerate(rows):
            line_cells = []
            for c, words in enumerate(row):
                span = Span(
                    document="d1",
                    start=position,
                    end=position + len(words),
                    line=1,
                    table=f"t{number}",
                    row=r,
                    column=c,
                )
                line_cells.append(Cell(row=r, column=c, span=span))
                pieces.append(words + ("\t" if c < len(row) - 1 else "\n"))
                position += len(words) + 1
            cells.append(tuple(line_cells))
        built.append(Table(id=f"t{number}", start=start, end=position - 1, header_rows=header_rows, rows=tuple(cells)))
        blocks.append(Block(start=start, end=position - 1, kind="table", table=f"t{number}"))
    whole = "".join(pieces)
    starts = [0, *(i + 1 for i, c in enumerate(whole) if c == "\n")]
    return Document(
        id="d1", path="report.txt", sha256="0" * 64, format="text", encoding="utf-8", title=None, unit=None, year=None,
        kind=DocumentKind.UNKNOWN, pages=None, characters=len(whole), text=whole, blocks=tuple(blocks),
        tables=tuple(built), omitted=(),
        lines=tuple(LineRun(start=start, line=line, column=0) for line, start in enumerate(starts, 1)),
    )  # fmt: skip


def whole_section(document: Document) -> tuple[Section, ...]:
    """The text as one section without a heading."""
    return (
        Section(
            id="s1", number=None, title="", level=0, parent=None, body=0,
            span=document.span(0, len(document.text)),
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Planted:
    """What the scanner must find at [start, end)."""

    start: int
    end: int
    kind: QuantityKind
    value: Decimal | None
    unit: str | None
    bound: Bound


_FILLER = (
    "本馆按照方案推进相关工作", "经核对台账和凭证", "各科室分头落实责任", "服务对象普遍认可", "进一步完善内部制度", "统一安排志愿者值守",
    "按季报送材料", "场馆面貌有所改观", "一方面加强培训", "唯一要说明的是进度", "一系列措施陆续到位", "相关负责人到场督促", "一般经费从紧安排",
)  # fmt: skip
_STOPS = "，。；"
_UNITS = (
    "万元", "元", "亿元", "%", "个百分点", "分", "件", "批", "人", "人次", "次", "场", "篇", "份", "户", "个", "项", "家", "辆", "名", "台", "套",
    "册", "条", "张", "处", "座", "间", "平方米", "公里", "亩", "吨", "天", "个月", "小时", "倍", "个工作日",
)  # fmt: skip
_WHOLE = ("件", "人", "场", "项", "个", "名", "家", "次", "份", "天", "个月")
_BEFORE = (
    ("不低于", Bound.AT_LEAST), ("不少于", Bound.AT_LEAST), ("≥", Bound.AT_LEAST), ("超过", Bound.MORE_THAN), ("大于", Bound.MORE_THAN),
    ("不超过", Bound.AT_MOST), ("≤", Bound.AT_MOST), ("低于", Bound.LESS_THAN), ("不足", Bound.LESS_THAN), ("约", Bound.ABOUT),
)  # fmt: skip
_AFTER = (("以上", Bound.AT_LEAST), ("以内", Bound.AT_MOST), ("以下", Bound.LESS_THAN), ("左右", Bound.ABOUT))
_TYPED = (
    ("2023年度", QuantityKind.DATE), ("2024年5月18日", QuantityKind.DATE), ("2022—2024年", QuantityKind.DATE), ("9:30", QuantityKind.DATE),
    ("二〇二三年", QuantityKind.DATE), ("第三季度", QuantityKind.DATE), ("2023-08-15", QuantityKind.DATE), ("〔2023〕17号", QuantityKind.DOCUMENT_NUMBER),
    ("GB/T 19001-2016", QuantityKind.DOCUMENT_NUMBER), ("第12条", QuantityKind.ORDINAL), ("附件3", QuantityKind.ORDINAL), ("第二", QuantityKind.ORDINAL),
    ("13912345678", QuantityKind.PHONE), ("0571-87654321", QuantityKind.PHONE), ("110101199003074578", QuantityKind.CODE), ("V2.0", QuantityKind.CODE),
    ("三公经费", QuantityKind.PHRASE), ("一次性", QuantityKind.PHRASE), ("①", QuantityKind.HEADING),
)  # fmt: skip


def plant(seed: int, count: int = 40) -> tuple[str, list[Planted]]:
    """A text with `count` numbers among words that hold none, and where each of them stands; the same for the same seed."""
    random_ = random.Random(seed)
    text, planted = "", []
    for index in range(count):
        text += random_.choice(_FILLER) + random_.choice(_STOPS)
        if index % 7 == 6:
            text += "\n"
        text += random_.choice(("其中", "全年", "合计为", "实际完成", "共"))
        before, words, after, expected = _one(random_)
        text += before
        planted.append(Planted(len(text), len(text) + len(words), *expected))
        text += words + after + random_.choice(_STOPS)
    return text, planted


def _one(random_: random.Random) -> tuple[str, str, str, tuple[QuantityKind, Decimal | None, str | None, Bound]]:
    shape = random_.randrange(6)
    if shape == 0:
        words, kind = random_.choice(_TYPED)
        return "", words, "的内容", (kind, None, None, Bound.EXACT)
    if shape == 1:
        number, unit = random_.randrange(1, 10000), random_.choice(_WHOLE)
        words = to_chinese(number) + unit
        return "", words, "", (QuantityKind.QUANTITY, Decimal(number), unit, Bound.EXACT)
    unit = random_.choice(_UNITS)
    if shape == 2:
        low = random_.randrange(1, 500)
        high = low + random_.randrange(1, 500)
        words = f"{low}{random_.choice(('-', '—', '～', '至'))}{high}{unit}"
        return "", words, "", (QuantityKind.QUANTITY, None, unit, Bound.RANGE)
    value = Decimal(random_.randrange(0, 10**7)).scaleb(-random_.choice((0, 1, 2)))
    printed = f"{value:,}" if random_.random() < 0.3 else f"{value}"
    if random_.random() < 0.2:
        printed = printed.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
    words = printed + random_.choice(("", " ")) + unit
    if shape == 3:
        before, bound = random_.choice(_BEFORE)
        return before, words, "", (QuantityKind.QUANTITY, value, unit, bound)
    if shape == 4:
        after, bound = random_.choice(_AFTER)
        return "", words, after, (QuantityKind.QUANTITY, value, unit, bound)
    return "", words, "", (QuantityKind.QUANTITY, value, unit, Bound.EXACT)
