"""Files as they also come: empty, cut off, not what their ending says, far too long, oddly named."""

import codecs
import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from eval.synthetic import Synthetic

Bytes = Callable[[Synthetic, random.Random], bytes]
_MB = 1_000_000
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@dataclass(frozen=True)
class Breakage:
    """A way in which a file is not a report."""

    data: Bytes
    must_fail: bool
    """Whether no review can be had of it. Where one can, none need be: it may also run out of time or memory."""
    weight: int = 4
    """How often, compared with the others."""
    name: str = "{stem}{ending}"
    folder: bool = False
    """A folder stands in the file's place: nothing to review, and no outcome to record."""
    mode: int | None = None


@dataclass(frozen=True)
class Broken:
    """A broken file."""

    kind: str
    name: str
    data: bytes
    must_fail: bool
    folder: bool
    mode: int | None


def broken(report: Synthetic, chance: random.Random) -> Broken:
    """What became of the report."""
    kind = chance.choices(list(KINDS), weights=[way.weight for way in KINDS.values()])[0]
    return break_(report, kind, chance)


def break_(report: Synthetic, kind: str, chance: random.Random) -> Broken:
    """The report broken in this way."""
    way = KINDS[kind]
    stem, dot, ending = report.name.rpartition(".")
    name = way.name.format(stem=stem, ending=dot + ending)
    # Nothing is closed to the superuser.
    must_fail = way.must_fail and not (way.mode == 0 and os.geteuid() == 0)
    return Broken(kind, name, way.data(report, chance), must_fail, way.folder, way.mode)


def _nothing(report: Synthetic, chance: random.Random) -> bytes:
    return b""


def _as_it_is(report: Synthetic, chance: random.Random) -> bytes:
    return report.data


def _noise(chance: random.Random, size: int = 6000) -> bytes:
    return chance.randbytes(size)


def _cut_utf16(report: Synthetic, chance: random.Random) -> bytes:
    whole = codecs.BOM_UTF16_LE + report.text.encode("utf-16-le")
    return whole[: len(whole) // 2 | 1]


def _one_line(report: Synthetic, chance: random.Random) -> bytes:
    line = report.text.replace("\n", "").encode()
    return line * (30 * _MB // len(line) + 1)


def _numbers(report: Synthetic, chance: random.Random) -> bytes:
    rows = (f"第{n}批支出{n % 9973}.{n % 100:02}万元，办结{n % 977}件。" for n in range(100_000))
    return (report.text + "\n".join(rows)).encode()


KINDS: Mapping[str, Breakage] = {
    "empty": Breakage(_nothing, True),
    "blank": Breakage(lambda report, chance: b" \r\n\t\n" * chance.randint(1, 400), True),
    "random_bytes": Breakage(lambda report, chance: _noise(chance), True),
    "pdf_garbage": Breakage(lambda report, chance: b"%PDF-1.7\n" + _noise(chance), True, name="{stem}.pdf"),
    "pdf_garbage_as_text": Breakage(lambda report, chance: b"%PDF-1.7\n" + _noise(chance), True),
    "picture_as_text": Breakage(lambda report, chance: _PNG + _noise(chance), True),
    "folder": Breakage(_nothing, False, folder=True),
    "no_permission": Breakage(_as_it_is, True, mode=0),
    "cut_utf16": Breakage(_cut_utf16, True),
    "one_line_30_mb": Breakage(_one_line, False, weight=1),
    "numbers_200000": Breakage(_numbers, False, weight=1),
    "name_with_newline": Breakage(_as_it_is, False, name="{stem}\n附件{ending}"),
    "name_with_emoji": Breakage(_as_it_is, False, name="{stem}📊终稿{ending}"),
    "name_with_dash": Breakage(_as_it_is, False, name="--{stem}{ending}"),
}
