"""Sentences: what a finding quotes."""

from collections.abc import Iterator, Sequence

from reviewer.schema.source import Block, Document, Section, Sentence

_BLANKS = " \t\r\f\v\u3000\u00a0\ufeff\u200b\u200c\u200d\u2060"
_STOPS = frozenset("。！？；")
_ASCII_STOPS = frozenset(";!?")
_CLOSERS = frozenset('”’）》』】〕」)"')
_PAIRS = {
    "（": "）",
    "(": ")",
    "“": "”",
    "‘": "’",
    "《": "》",
    "【": "】",
    "〔": "〕",
    "「": "」",
    "『": "』",
    "[": "]",
}
_SHORT_BRACKET = 60


def split_sentences(document: Document, sections: Sequence[Section], first: int = 1) -> tuple[Sentence, ...]:
    """The sentences of the sections, `n{first}` on: a heading is one, a table row is one."""
    sentences: list[Sentence] = []
    blocks = iter(document.blocks)
    block = next(blocks, None)
    tables = {table.id: table for table in document.tables}
    for section in sections:
        if section.body > section.span.start:
            _add(sentences, document, section, section.span.start, section.body, first)
        while block is not None and block.start < section.span.end:
            if block.kind == "table" and block.table in tables:
                _add_rows(sentences, document, section, block, first)
            else:
                start = max(block.start, section.body)
                for left, right in _prose(document.text, start, block.end):
                    _add(sentences, document, section, left, right, first)
            block = next(blocks, None)
    return tuple(sentences)


def _add(sentences: list[Sentence], document: Document, section: Section, start: int, end: int, first: int) -> None:
    """Append the stretch without its blanks, unless nothing is left."""
    text = document.text
    while start < end and (text[start].isspace() or text[start] in _BLANKS):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _BLANKS):
        end -= 1
    if start < end:
        name = f"n{first + len(sentences)}"
        sentences.append(Sentence(id=name, section=section.id, span=document.span(start, end)))


def _add_rows(sentences: list[Sentence], document: Document, section: Section, block: Block, first: int) -> None:
    """Append each row of a table that holds a word."""
    start = block.start
    for row, line in enumerate(document.text[block.start : block.end].split("\n")):
        left = start + len(line) - len(line.lstrip())
        right = start + len(line.rstrip())
        if left < right:
            span = document.span(left, right, table=block.table, row=row)
            name = f"n{first + len(sentences)}"
            sentences.append(Sentence(id=name, section=section.id, span=span))
        start += len(line) + 1


def _prose(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of one paragraph, stops and closing quotes included."""
    at = begin = start
    while at < end:
        closing = _matching(text, at, end)
        if closing is not None:
            at = closing + 1
            if not (text[closing - 1] in "。！？" and text[closing] in _CLOSERS):
                continue
        elif _is_stop(text, at):
            at += 1
        else:
            at += 1
            continue
        while at < end and (text[at] in _CLOSERS or text[at] in _STOPS):
            at += 1
        yield begin, at
        begin = at
    if begin < end:
        yield begin, end


def _is_stop(text: str, at: int) -> bool:
    if text[at] in _STOPS:
        return True
    if text[at] not in _ASCII_STOPS or at + 1 >= len(text):
        return text[at] in _ASCII_STOPS
    return not text[at + 1].isascii() or text[at + 1].isspace()


def _matching(text: str, at: int, end: int) -> int | None:
    """Where the bracket or quote opened at `at` closes, if it does so soon."""
    closer = _PAIRS.get(text[at])
    if closer is None:
        return None
    depth = 0
    for index in range(at, min(end, at + _SHORT_BRACKET)):
        if text[index] == text[at]:
            depth += 1
        elif text[index] == closer:
            depth -= 1
            if depth == 0:
                return index
    return None
