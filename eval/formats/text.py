"""Plain text and Markdown."""

import re

from eval.formats.content import Content, Grid, Paragraph

_MARKS = re.compile(r"([\\*_|`#])")
_UNSEEN = re.compile(r"^([-+>])")


def plain(content: Content) -> bytes:
    """One paragraph a line, tables with tabs; headings and bold words look like all others."""
    blocks = [
        part.text if isinstance(part, Paragraph) else "\n".join("\t".join(row) for row in part.rows)
        for part in content.parts
    ]
    return ("\n\n".join(blocks) + "\n").encode()


def markdown(content: Content) -> bytes:
    """Headings with number signs, the title's too; pipe tables."""
    return ("\n\n".join(map(_block, content.parts)) + "\n").encode()


def _block(part: Paragraph | Grid) -> str:
    if isinstance(part, Grid):
        rows = [f"| {' | '.join(map(_escaped, row))} |" for row in part.rows]
        rule = "|" + "---|" * len(part.rows[0])
        return "\n".join([*rows[:1], rule, *rows[1:]])
    level = part.heading or (1 if part.is_title else 0)
    text = _escaped(part.text)
    if part.bold:
        text = f"**{_escaped(part.text[: part.bold])}**{_escaped(part.text[part.bold :])}"
    return f"{'#' * level} {text}" if level else text


def _escaped(text: str) -> str:
    return _UNSEEN.sub(r"\\\1", _MARKS.sub(r"\\\1", text))
