"""Reports as web pages, for the tests."""

from html import escape
from pathlib import Path

from reviewer.reading import read
from reviewer.schema.source import Block, Document

HEAD = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}_砺阳县人民政府</title><script>var visits = 123456;</script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li></ul></div>
<div class="crumb">您当前的位置：<a href="/">首页</a> &gt; <a href="/zwgk">2024年预决算公开</a></div>
<div class="info">发布时间：2024-03-15 10:30 浏览次数：8,341</div>
<div class="TRS_Editor">
"""
FOOT = """</div>
<div class="footer"><p>主办单位：砺阳县人民政府办公室 联系电话：0672-5550100</p><p>ICP备20240001号</p></div>
</body></html>
"""


def as_page(document: Document) -> str:
    """The report as a page of a government's site."""
    body = "\n".join(_block(document, block) for block in document.blocks)
    return HEAD.format(title=escape(document.title or "")) + body + FOOT


def _block(document: Document, block: Block) -> str:
    words = document.text[block.start : block.end]
    if block.kind == "paragraph":
        cut = (block.bold_end or block.start) - block.start
        inner = (f"<strong>{escape(words[:cut])}</strong>" if cut else "") + escape(words[cut:])
        name = f"h{block.heading_level}" if block.heading_level else "p"
        return f"<{name}>{inner}</{name}>"
    table = next(table for table in document.tables if table.id == block.table)
    rows = []
    for number, row in enumerate(table.rows):
        name = "th" if number < table.header_rows else "td"
        cells = [escape(document.text[cell.span.start : cell.span.end]) for cell in row]
        rows.append("<tr>" + "".join(f"<{name}>{cell}</{name}>" for cell in cells) + "</tr>")
    return "<table>" + "\n".join(rows) + "</table>"


def read_page(page: str | bytes, folder: Path, name: str = "page.html") -> Document:
    """The page as the reviewer reads it."""
    path = folder / name
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    return read(path, "d1")


def shown(document: Document) -> list[str]:
    """The words of the paragraphs and, cell by cell, of the tables."""
    return document.text.split("\n")
