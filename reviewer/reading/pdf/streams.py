"""What the compressed streams of a PDF unpack to, before PDFium unpacks them: a small file may claim gigabytes."""

import re
import zlib
from collections.abc import Iterator

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY = 4096
_CHUNK = 1 << 16

LARGEST = 8 * 2**20
"""Bytes of a page's operators: a thousand times a page of a report, and what PDFium can hold in less than 1 GiB."""
LARGEST_FONT = 64 * 2**20
LARGEST_IMAGE = 256 * 2**20
"""A page scanned in 600 dpi, unpacked, has 100 MB."""
_FONT = (b"/Length1", b"/FontFile", b"CIDFontType0C", b"/Type1C", b"/OpenType")
_NOT_UNPACKED = (b"/EmbeddedFile",)


def inflated_too_far(raw: bytes) -> bool:
    """Whether a stream of the file unpacks to more than anything a report holds."""
    for start, dictionary in _deflated(raw):
        image = b"/Image" in dictionary or b"/Width" in dictionary
        font = any(name in dictionary for name in _FONT)
        limit = LARGEST_IMAGE if image else LARGEST_FONT if font else LARGEST
        layers = dictionary.count(b"FlateDecode") + dictionary.count(b"/Fl ") + dictionary.count(b"/Fl/")
        if _exceeds(raw, start, limit, max(1, layers)):
            return True
    return False


def _deflated(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Where each deflated stream begins, and the dictionary before it."""
    for match in _STREAM.finditer(raw):
        before = raw[max(0, match.start() - _DICTIONARY) : match.start()]
        dictionary = before[before.rfind(b" obj") + 1 :]
        # The low half of a deflated stream's first byte is always 8.
        deflated = match.end() < len(raw) and raw[match.end()] & 0x8F == 0x08
        if deflated and not any(name in dictionary for name in _NOT_UNPACKED):
            yield match.end(), dictionary


def _exceeds(raw: bytes, start: int, limit: int, layers: int) -> bool:
    """Whether unpacking what begins at `start` gives more than `limit` bytes in any of its layers."""
    unpackers = [zlib.decompressobj() for _ in range(layers)]
    sizes = [0] * layers
    try:
        for at in range(start, len(raw), _CHUNK):
            if unpackers[0].eof:
                break
            for chunk in _unpacked(unpackers[0], raw[at : at + _CHUNK]):
                if _pass_on(chunk, unpackers[1:], sizes, limit):
                    return True
    except zlib.error:
        # What is damaged is unpacked no further by PDFium either.
        pass
    return False


def _pass_on(chunk: bytes, unpackers: "list[zlib._Decompress]", sizes: list[int], limit: int) -> bool:
    depth = len(sizes) - len(unpackers) - 1
    sizes[depth] += len(chunk)
    if sizes[depth] > limit:
        return True
    if not unpackers:
        return False
    return any(_pass_on(inner, unpackers[1:], sizes, limit) for inner in _unpacked(unpackers[0], chunk))


def _unpacked(unpacker: "zlib._Decompress", packed: bytes) -> Iterator[bytes]:
    while packed and not unpacker.eof:
        yield unpacker.decompress(packed, _CHUNK)
        packed = unpacker.unconsumed_tail
