"""A web page as government sites show a report: the article among menus, links and the site's footer."""

from collections.abc import Iterator
from html import escape

from eval.formats.content import Content, Grid, Paragraph

_TOP = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<title>{title}_澄江政务网</title>
<style>.article p {{ text-indent: 2em; }} table {{ border-collapse: collapse; }}</style>
<script>var visits = 10286; document.title = "政务公开";</script>
</head>
<body>
<div class="header"><div class="logo">澄江政务网</div>
<ul class="nav"><li><a href="/">首页</a></li>
<li><a href="/zwgk/">政务公开</a></li>
<li><a href="/bsfw/">办事服务</a></li></ul>
</div>
<div class="breadcrumb">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt;
<a href="/yjs/">预决算公开</a></div>
<div class="main">
<h1 class="article-title">{title}</h1>
<div class="article-info">发布日期：2025-03-28 10:26　来源：本站　浏览次数：1286次
<span class="share">分享到：微信 微博</span></div>
<div class="article" id="content">
"""
_BOTTOM = """</div>
<div class="related"><h3>相关文章</h3><ul>
<li><a href="/a.html">2023年度部门决算公开（收入合计3,206.18万元）</a></li></ul></div>
</div>
<div class="footer"><p>主办：澄江区人民政府办公室　联系电话：0000-8612345</p>
<p>ICP备案号：浙ICP备05000001号-1　网站标识码：3300000001　公安备案33000002000001号</p></div>
</body>
</html>
"""


def html(content: Content) -> bytes:
    """The page. Headings are marked up where the fixture's are; the title stands above the article."""
    lines = [_TOP.format(title=escape(content.title, quote=False))]
    for part in content.parts:
        if isinstance(part, Grid):
            lines.extend(_table(part))
        elif not part.is_title:
            lines.append(_paragraph(part))
    return ("\n".join(lines) + "\n" + _BOTTOM).encode()


def _paragraph(part: Paragraph) -> str:
    text = escape(part.text, quote=False)
    if part.bold:
        bold, rest = part.text[: part.bold], part.text[part.bold :]
        text = f"<strong>{escape(bold, quote=False)}</strong>{escape(rest, quote=False)}"
    tag = f"h{min(part.heading, 6)}" if part.heading else "p"
    return f"<{tag}>{text}</{tag}>"


def _table(grid: Grid) -> Iterator[str]:
    heights = grid.heights()
    covered = {(row + below, column) for (row, column), tall in heights.items() for below in range(1, tall)}
    yield '<table border="1">'
    for number, row in enumerate(grid.rows):
        tag = "th" if number < grid.header_rows else "td"
        cells = []
        for column, cell in enumerate(row):
            if (number, column) not in covered:
                tall = heights.get((number, column), 1)
                span = f' rowspan="{tall}"' if tall > 1 else ""
                cells.append(f"<{tag}{span}>{escape(cell, quote=False)}</{tag}>")
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</table>"
