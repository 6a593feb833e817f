"""Signs of fonts that draw a picture at a letter's code: one sign of Unicode for each, so that ≥ is read as ≥."""

from collections.abc import Iterable, Mapping

_SYMBOL = {
    0x22: "∀",
    0x2D: "−",
    0x40: "≅",
    0x44: "Δ",
    0x53: "Σ",
    0x61: "α",
    0x62: "β",
    0x6D: "μ",
    0xA2: "′",
    0xA3: "≤",
    0xA5: "∞",
    0xAE: "→",
    0xB0: "°",
    0xB1: "±",
    0xB2: "″",
    0xB3: "≥",
    0xB4: "×",
    0xB7: "•",
    0xB8: "÷",
    0xB9: "≠",
    0xBB: "≈",
    0xBC: "…",
    0xD6: "√",
    0xE5: "∑",
}
# The font keeps ASCII digits and these marks.
_SYMBOL |= {code: chr(code) for code in b" !#%&()+,./0123456789:;<=>?[]{|}_"}

_WINGDINGS = {
    0x6C: "●",
    0x6E: "■",
    0x6F: "□",
    0x71: "❑",
    0x75: "◆",
    0xA1: "○",
    0xA7: "▪",
    0xA8: "□",
    0xD8: "➢",
    0xE0: "→",
    0xFB: "✘",
    0xFC: "✔",
    0xFD: "☒",
    0xFE: "☑",
}
_WINGDINGS |= {0x81 + step: chr(0x2460 + step) for step in range(10)}
_WINGDINGS |= {0x8C + step: chr(0x2776 + step) for step in range(10)}
_WINGDINGS_2 = {0x4F: "✘", 0x50: "✔", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□"}

_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}
_NO_SIGNS: dict[int, str] = {}
_PRIVATE = range(0xF000, 0xF100)


def signs_of(fonts: Iterable[str | None]) -> Mapping[int, str]:
    """The signs of the first of `fonts` that is such a font, by code; none where no font is."""
    found = (_FONTS[font.lower()] for font in fonts if font is not None and font.lower() in _FONTS)
    return next(found, _NO_SIGNS)


def mapped(char: str, signs: Mapping[int, str]) -> str | None:
    """The sign that `char` draws; None where it is not known."""
    return signs.get(ord(char) - _PRIVATE.start if ord(char) in _PRIVATE else ord(char))


def is_private(char: str) -> bool:
    """Whether the character stands where such fonts keep their signs: without the font it means nothing."""
    return ord(char) in _PRIVATE
