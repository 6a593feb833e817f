"""The guard on words a model writes: a number in them must stand in the text they rest on.

DESIGN: a number that is not in the report cannot enter a review. Numbers are compared as they are read: full-width
digits as half-width ones, without thousands separators, percentages in characters as such.
"""

import re
import unicodedata

_DIGITS = re.compile(r"\d+(?:[.,:/]\d+)*")
_HANZI = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟"
_CHINESE = re.compile(rf"[百千万]分之[{_HANZI}点半]+|[{_HANZI}]+分之[{_HANZI}]+|[{_HANZI}点]*[{_HANZI}][成倍余多]?")
_UNITS = "元万亿个项次人名家户件份篇场期批处条类年月日天周季分所座台套辆公里亩平米吨级%％‰倍成折页字"
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")
_IDIOMS = re.compile(
    r"一致|一定|一般|一些|一方面|另一|进一步|一步|统一|一是|二是|三是|四是|五是|一并|一旦|一直|一律|逐一|第一|第二|第三|第四|第五|唯一|"
    r"任一|每一|某一|同一|单一|两者|二者|三者|一体|一味|一经|十分(?=[重明必有不清薄])|一目了然|不一|之一|一句|一段|一处|两处|一项|一个|"
    r"三公|一带一路|双一流|三重一大|五个一|四个意识|两个维护"
)


def numbers_in(text: str) -> frozenset[str]:
    """The numbers of a text, each in one written form; words such as 一致 or 进一步 hold none."""
    plain = unicodedata.normalize("NFKC", text)
    found = {_canonical(digits) for digits in _DIGITS.findall(plain)}
    words = _IDIOMS.sub("　", plain)
    for match in _CHINESE.finditer(words):
        before, behind = words[: match.start()][-1:], words[match.end() : match.end() + 1]
        if before.isdigit():
            continue  # the 万 of 874.36万元 belongs to the digits
        if len(match.group()) > 1 or (behind and behind in _UNITS):
            found.add(match.group())
    return frozenset(found)


def _canonical(digits: str) -> str:
    """Without thousands separators and without a sign of how exactly it is printed being lost: 1,200 is 1200."""
    return re.sub(r",(?=\d{3}(?!\d))", "", digits)


def grounded(text: str, *grounds: str) -> bool:
    """Whether every number of a text stands in one of the grounds, digit for digit."""
    known = frozenset[str]().union(*map(numbers_in, grounds)) if grounds else frozenset()
    return numbers_in(text) <= known


def grounded_sentences(text: str, *grounds: str) -> tuple[str, int]:
    """The sentences of a text that bring no number of their own, and how many were dropped."""
    sentences = [found.group() for found in _SENTENCE.finditer(text) if found.group().strip()]
    kept = [sentence for sentence in sentences if grounded(sentence, *grounds)]
    return "".join(kept).strip(), len(sentences) - len(kept)
