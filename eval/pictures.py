"""Reports as pictures of pages, with what stands on them: the pages a scanner would have seen.

Text is set like an official document (A4, 三号 on a grid of 28 points, tables in 小四 with ruling lines), then
spoilt as scanning and copying spoil it. All of it is deterministic.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"),
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
)
_SIMPLIFIED = 2
"""The face for simplified Chinese in these collections."""

PAGE = (595.3, 841.9)
_MARGIN = 74.0
_BODY, _BODY_STEP = 16.0, 28.0
_CELL, _CELL_STEP, _PADDING = 12.0, 16.0, 4.0
_SEAL = "砺阳县档案馆绩效专用章"
_WORD = re.compile(r"[（“《]*(?:[0-9A-Za-z.,%]+|.)[，。；：、）”》]*")
"""What is not torn at the end of a line: numbers, and marks from what they follow."""

Row = Sequence[str]


@dataclass
class Page:
    """A picture and what was written on it: a line as one string, a row of a table as its cells."""

    image: Image.Image
    lines: list[str | tuple[str, ...]] = field(default_factory=list)

    def text(self) -> str:
        """All that is on it, in reading order, a line of it per line, cells apart by tabs."""
        return "\n".join(line if isinstance(line, str) else "\t".join(line) for line in self.lines)


def has_font() -> bool:
    """Whether Chinese can be set on this machine."""
    return FONTS[0].exists()


class Press:
    """Sets paragraphs and tables on pages, at so many dots per inch."""

    def __init__(self, dpi: int, font: Path = FONTS[0]) -> None:
        self._scale = dpi / 72
        self._faces = {
            points: ImageFont.truetype(str(font), round(points * self._scale), index=_SIMPLIFIED)
            for points in (_BODY, _CELL)
        }
        self.pages: list[Page] = []
        self._y = PAGE[1]

    def paragraph(self, text: str) -> None:
        """Lines of justified width, the first one indented by two characters."""
        room = PAGE[0] - 2 * _MARGIN
        for number, line in enumerate(self._wrapped(text, _BODY, room, indent=2 * _BODY)):
            page = self._room(_BODY_STEP)
            x = _MARGIN + (0 if number else 2 * _BODY)
            self._write(page, line, x, self._y, _BODY)
            page.lines.append(line)
            self._y += _BODY_STEP

    def table(self, rows: Sequence[Row], widths: Sequence[float] | None = None) -> None:
        """A table with all its ruling lines; `widths` are shares of the page's width."""
        room = PAGE[0] - 2 * _MARGIN
        shares = widths or [1 / len(rows[0])] * len(rows[0])
        lefts = [_MARGIN + room * sum(shares[:column]) for column in range(len(shares) + 1)]
        for row in rows:
            cells = [
                list(self._wrapped(cell, _CELL, lefts[column + 1] - lefts[column] - 2 * _PADDING))
                for column, cell in enumerate(row)
            ]
            height = max(len(cell) for cell in cells) * _CELL_STEP + 2 * _PADDING
            page = self._room(height)
            pen = ImageDraw.Draw(page.image)
            for column, cell in enumerate(cells):
                box = (lefts[column], self._y, lefts[column + 1], self._y + height)
                pen.rectangle([round(edge * self._scale) for edge in box], outline="black", width=self._hair())
                for number, line in enumerate(cell):
                    top = self._y + _PADDING + number * _CELL_STEP
                    self._write(page, line, lefts[column] + _PADDING, top, _CELL)
            page.lines.append(tuple(row))
            self._y += height
        self._y += _CELL_STEP

    def _hair(self) -> int:
        return max(1, round(0.5 * self._scale))

    def _room(self, height: float) -> Page:
        if not self.pages or self._y + height > PAGE[1] - _MARGIN:
            size = (round(PAGE[0] * self._scale), round(PAGE[1] * self._scale))
            self.pages.append(Page(Image.new("RGB", size, "white")))
            self._y = _MARGIN
        return self.pages[-1]

    def _write(self, page: Page, line: str, x: float, y: float, points: float) -> None:
        at = (round(x * self._scale), round(y * self._scale))
        ImageDraw.Draw(page.image).text(at, line, fill="black", font=self._faces[points])

    def _wrapped(self, text: str, points: float, room: float, indent: float = 0) -> Iterator[str]:
        face, line, left = self._faces[points], "", room - indent
        for word in _WORD.findall(text):
            if line and face.getlength(line + word) > left * self._scale:
                yield line
                line, left = "", room
            line += word
        yield line


# What scanning, copying and sealing do to a page.


def speckled(image: Image.Image, seed: int = 1) -> Image.Image:
    """Grain over the whole page, and dust."""
    dice = Random(seed)
    grain = Image.frombytes("L", image.size, dice.randbytes(image.width * image.height)).convert("RGB")
    mixed = Image.blend(image.convert("RGB"), grain, 0.15)
    pen = ImageDraw.Draw(mixed)
    for _ in range(400):
        x, y = dice.randrange(image.width), dice.randrange(image.height)
        pen.point((x, y), fill="black")
    return mixed


def skewed(image: Image.Image, degrees: float = 1.0) -> Image.Image:
    """Laid on the glass at an angle."""
    return image.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor="white")


def compressed(image: Image.Image, quality: int = 25) -> Image.Image:
    """As JPEG of a low quality."""
    packed = BytesIO()
    image.save(packed, "JPEG", quality=quality)
    return Image.open(BytesIO(packed.getvalue())).convert("RGB")


def greyed(image: Image.Image) -> Image.Image:
    """A grey background with a shadow at the edge, and pale print."""
    shade = Image.linear_gradient("L").resize(image.size).point(lambda value: 150 + value * 70 // 255)
    pale = image.convert("L").point(lambda value: 70 + value * 185 // 255)
    return Image.composite(shade, pale, pale.point(lambda value: 255 if value > 200 else 0)).convert("RGB")


def blurred(image: Image.Image) -> Image.Image:
    """Slightly out of focus."""
    return image.filter(ImageFilter.GaussianBlur(image.width / 1400))


def sealed(
    image: Image.Image, centre: tuple[float, float] = (0.5, 0.5), words: str = "砺阳县档案馆绩效专用章"
) -> Image.Image:
    """With a round red seal of 4.2 cm over the text, its centre at these shares of width and height."""
    size = round(image.width * 0.2)
    seal = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    pen = ImageDraw.Draw(seal)
    red = (214, 38, 38, 205)
    pen.ellipse((4, 4, size - 4, size - 4), outline=red, width=max(2, size // 40))
    face = ImageFont.truetype(str(FONTS[0]), size // 9, index=_SIMPLIFIED)
    for number, character in enumerate(_SEAL):
        glyph = Image.new("RGBA", (size, size), (0, 0, 0, 0))
        ImageDraw.Draw(glyph).text((size / 2, size * 0.15), character, fill=red, font=face, anchor="mm")
        seal.alpha_composite(glyph.rotate(125 - number * 250 / (len(_SEAL) - 1)))
    pen.text(
        (size / 2, size / 2),
        "★",
        fill=red,
        font=ImageFont.truetype(str(FONTS[0]), size // 4, index=_SIMPLIFIED),
        anchor="mm",
    )
    out = image.convert("RGBA")
    out.alpha_composite(seal, (round(centre[0] * image.width - size / 2), round(centre[1] * image.height - size / 2)))
    return out.convert("RGB")


SPOILT: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean": lambda image: image,
    "grain and dust": speckled,
    "turned by 1°": skewed,
    "JPEG quality 25": compressed,
    "grey, pale print": greyed,
    "out of focus": blurred,
    "red seal": sealed,
    "seal copied in grey": lambda image: sealed(image).convert("L").convert("RGB"),
    "all of a bad copy": lambda image: compressed(speckled(skewed(blurred(image), -0.7)), 40),
}
"""By name, what is done to a page."""
