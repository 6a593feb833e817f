"""What a report says about itself: title, unit, evaluated year, kind; never guessed from the body."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from reviewer.lexicon import load
from reviewer.lexicon.numbering import marker_at
from reviewer.reading import words
from reviewer.schema.source import Block, DocumentKind, Table

_BLANKS = re.compile(r"[\s\u3000\u00a0\ufeff\u200b]+")
_CHINESE_DIGITS = str.maketrans("〇零○ＯO一二三四五六七八九０１２３４５６７８９", "000001234567890123456789")
_YEAR = r"(20[0-9]{2}|２０[０-９]{2}|二[〇零○ＯO0][一二三四五六七八九〇零○]{2})"
_TITLE_YEAR = re.compile(rf"(?:20[0-9]{{2}}[ \t]*[-—–~至][ \t]*)?{_YEAR}[ \t]*(?:年度|年|财年|预算年度)")
_BODY_YEAR = re.compile(rf"{_YEAR}[ \t]*年度")
_ANY_YEAR = re.compile(_YEAR)
# A cover is short; beyond it, a paragraph without a number above it is body.
_COVER_BLOCKS = 20


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of Document of the same names."""

    title: str | None
    unit: str | None
    year: int | None
    kind: DocumentKind
    project: str | None


def find_metadata(text: str, blocks: Sequence[Block], tables: Sequence[Table]) -> Metadata:
    """Title, unit, year and kind of a document laid out as `text` and `blocks`."""
    cover = _cover(text, blocks)
    fields = _fields(cover, text, tables)
    title, above = _title(cover)
    unit, kind = _unit(fields, title, above), _kind(title)
    return Metadata(title, unit, _year(fields, title, text), kind, _project(fields, title, unit))


def _cover(text: str, blocks: Sequence[Block]) -> list[str]:
    """Paragraphs before the first numbered heading."""
    cover: list[str] = []
    for block in blocks[:_COVER_BLOCKS]:
        paragraph = text[block.start : block.end].strip()
        if block.kind == "table":
            continue
        if marker_at(paragraph) is not None:
            break
        cover.append(paragraph)
    return cover


def _title(cover: Sequence[str]) -> tuple[str | None, str | None]:
    """The title, and the paragraph above it.

    Where several lines read like one (a cover's and the report's own), the first that names the unit wins, then
    the first that names the year.
    """
    candidates: list[tuple[str, str | None]] = []
    for index, paragraph in enumerate(cover):
        above = cover[index - 1] if index else None
        if words.title_like(paragraph) and "：" not in paragraph and ":" not in paragraph:
            candidates.append((paragraph, above))
        elif index + 1 < len(cover) and words.title_opening(paragraph):
            both = paragraph + words.glue(paragraph, cover[index + 1]) + cover[index + 1]
            if words.title_like(both) and not words.title_opening(cover[index + 1][:4]):
                candidates.append((both, above))
    if not candidates:
        return None, None
    return max(
        candidates,
        key=lambda found: (unit_of_title(found[0]) is not None, _TITLE_YEAR.search(found[0]) is not None),
    )


def unit_of_title(title: str) -> str | None:
    """The title without its year and the template's words; None when what is left is not clearly a unit."""
    bare = _BLANKS.sub("", title)
    bare = re.sub(r"^(?:附件[0-9一二三四五]*[：:]?|关于)", "", bare)
    if year := _TITLE_YEAR.search(bare):
        before = bare[: year.start()].removesuffix("关于")
        if before and before.endswith(_suffixes()):
            return before
        if before:
            return _authority(before)
        bare = bare[year.end() :]
    match = _unit_pattern().match(bare)
    return match[1] if match else _authority(bare)


def _authority(words: str) -> str | None:
    """The unit before a project's name: 「桐湾市教育局教师培训项目」; None where it may be part of that name."""
    data = load("documents")
    match = re.match(rf"({data['unit']['authority']})(?!{data['unit']['authority_goes_on']})(?=.*(?:项目|专项))", words)
    return match[1] if match and not re.search(data["unit"]["several"], match[1]) else None


def _unit(fields: dict[str, str], title: str | None, above: str | None) -> str | None:
    for name in load("documents")["unit"]["cover"]:
        if value := fields.get(name):
            return value
    if title is not None and (unit := unit_of_title(title)):
        return unit
    if title is not None and above is not None and len(above) <= 30 and above.endswith(_suffixes()):
        return _BLANKS.sub("", above)
    return None


def _year(fields: dict[str, str], title: str | None, text: str) -> int | None:
    """The year of the title or cover, else the one the text names most often as a 年度."""
    if title is not None and (match := _TITLE_YEAR.search(title)):
        return _number(match[1])
    for name in load("documents")["year"]["cover"]:
        if match := _ANY_YEAR.search(fields.get(name, "")):
            return _number(match[1])
    counts = Counter(_number(match[1]) for match in _BODY_YEAR.finditer(text))
    if not counts:
        return None
    most = max(counts.values())
    leaders = [year for year, n in counts.items() if n == most]
    return leaders[0] if len(leaders) == 1 else None


def _kind(title: str | None) -> DocumentKind:
    bare = _BLANKS.sub("", title or "")
    for entry in load("documents")["kinds"]["order"]:
        if any(word in bare for word in entry["any"]) and not any(word in bare for word in entry["unless"]):
            return DocumentKind(entry["kind"])
    return DocumentKind.UNKNOWN


def _project(fields: dict[str, str], title: str | None, unit: str | None) -> str | None:
    """The project's name: of its field, else what the title says between unit, year and 项目."""
    for name in load("documents")["project"]["cover"]:
        if value := fields.get(name):
            return _BLANKS.sub("", value)
    bare = _TITLE_YEAR.sub("", _BLANKS.sub("", title or "")).replace(unit or "\0", "")
    match = re.match(r"(?:关于)?([\u4e00-\u9fff（）]{4,}?(?:项目|专项资金|专项经费))(?=支出|绩效|资金)", bare)
    return match[1] if match and "部门整体" not in match[1] else None


def _fields(cover: Sequence[str], text: str, tables: Sequence[Table]) -> dict[str, str]:
    """What the cover fills in: 评价单位：…"""
    fields: dict[str, str] = {}
    for paragraph in cover:
        if match := _field_pattern().fullmatch(paragraph):
            _fill(fields, match[1], match[2])
    for table in tables[:1]:
        for row in table.rows[:6]:
            cells = [text[cell.span.start : cell.span.end] for cell in row]
            for name, value in pairwise(cells):
                if _name_pattern().fullmatch(name):
                    _fill(fields, name, value)
    return fields


def _fill(fields: dict[str, str], name: str, value: str) -> None:
    remarks = "|".join(load("documents")["unit"]["remarks"])
    value = re.sub(rf"[（(](?:{remarks})[）)]", "", value).strip(" \t\u3000_＿")
    if value and len(value) <= 60:
        fields.setdefault(_bare_name(name), value)


def _bare_name(name: str) -> str:
    bare = _BLANKS.sub("", name).replace("(", "（").replace(")", "）").rstrip("：:")
    for remark in load("documents")["unit"]["remarks"]:
        bare = bare.removesuffix(f"（{remark}）")
    return bare


def _number(year: str) -> int:
    return int(year.translate(_CHINESE_DIGITS))


@cache
def _suffixes() -> tuple[str, ...]:
    return tuple(load("documents")["unit"]["suffixes"])


@cache
def _unit_pattern() -> re.Pattern[str]:
    """A unit's name at the start, and the template's words behind it."""
    data = load("documents")
    suffixes = "|".join(map(re.escape, sorted(data["unit"]["suffixes"], key=len, reverse=True)))
    template = "|".join(map(re.escape, data["title"]["template"]))
    return re.compile(rf"([\u4e00-\u9fff（）()·]{{2,40}}?(?:{suffixes}))(?:{template}|{_YEAR})")


@cache
def _name_pattern() -> re.Pattern[str]:
    data = load("documents")
    names = sorted({*data["unit"]["cover"], *data["year"]["cover"], *data["project"]["cover"]}, key=len, reverse=True)
    spaced = "|".join(
        r"[ \t\u3000]*".join("[（(]" if char == "（" else "[）)]" if char == "）" else re.escape(char) for char in name)
        for name in names
    )
    remarks = "|".join(data["unit"]["remarks"])
    return re.compile(rf"(?:{spaced})[ \t\u3000]*(?:[（(](?:{remarks})[）)])?[ \t\u3000]*[：:]?")


@cache
def _field_pattern() -> re.Pattern[str]:
    name = _name_pattern().pattern.removesuffix("[：:]?")
    return re.compile(rf"({name})[：:](.*)", re.DOTALL)
