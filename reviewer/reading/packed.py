"""Office files are ZIP files of XML parts: their parts by name, within bounds, and as XML that can do nothing."""

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from reviewer.errors import DamagedFile, OversizedFile, ProtectedFile

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_PARTS = 10_000
LARGEST_WHOLE = 512 * 2**20
"""Bytes of all parts unpacked; pictures are most of it."""
LARGEST_XML = 128 * 2**20
"""Bytes of one XML part unpacked."""
MOST_MARKUP = 2_000_000
"""Tags and attributes of one XML part that is read as a tree: 400 MB of memory at worst, 3,000 pages of a report."""

# Deflate reaches 1 : 1,032. Sheets and documents reach 1 : 100, but no large one does.
_STEEPEST = 150
_STEEP_FROM = 32 * 2**20
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1
_XML = (".xml", ".rels", ".vml")
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RESAVE = "open it in the program it comes from, save it again and retry"


@dataclass(frozen=True, slots=True)
class Relation:
    """Where a part points. `kind` is the last word of the relationship's type; `target` a part's name, or an address
    outside the file."""

    kind: str
    target: str
    external: bool


class Package:
    """The parts of an Office file. Names are compared without regard to case, as the format demands.

    The sizes a ZIP file declares bound what `zipfile` unpacks from it, so that checking them bounds the real ones.
    Raises ProtectedFile (an encrypted part), OversizedFile (a bomb) and DamagedFile.
    """

    def __init__(self, raw: bytes, shown: str) -> None:
        self._shown = shown
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(raw))
            entries = self._packed.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, RecursionError, OverflowError) as error:
            raise self.damaged("its ZIP directory cannot be read") from error
        self._check(entries, len(raw))
        self._entries = {_key(entry.filename): entry for entry in entries if not entry.is_dir()}

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._entries

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All parts, as written, in order."""
        return tuple(sorted(entry.filename for entry in self._entries.values()))

    def read(self, name: str) -> bytes:
        """A part as bytes. Raises DamagedFile when it is not there or its checksum is wrong."""
        entry = self._entries.get(_key(name))
        if entry is None:
            raise self.damaged(f"{name} is missing")
        try:
            with self._packed.open(entry) as part:
                content = part.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, OverflowError) as error:
            raise self.damaged(f"{name} cannot be unpacked") from error
        if len(content) != entry.file_size:
            raise self.damaged(f"{name} is cut off")
        return content

    def xml(self, name: str) -> "_Element":
        """The root of an XML part, without comments; names of the strict variant of the format are those of the usual
        one. Nothing is fetched, no entity is resolved.

        Raises DamagedFile (no such part, not well formed, or a document type, which no Office file has) and
        OversizedFile.
        """
        from lxml import etree

        content = self.read(name)
        self._check_xml(name, content)
        if content.count(b"<") + content.count(b"=") > MOST_MARKUP:
            raise self.oversized(f"{name} holds more than {MOST_MARKUP:,} tags and attributes")
        parser = etree.XMLParser(
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(_STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged(f"{name} is no well-formed XML") from error
        if root is None or root.getroottree().docinfo.doctype:
            raise self.damaged(f"{name} declares a document type")
        return root

    def stream(self, name: str, *tags: str) -> Iterator["_Element"]:
        """The elements of an XML part that have one of these local names, each as it ends and gone when the next is
        asked for: for parts that are long because they hold nothing. Otherwise as `xml`.
        """
        from lxml import etree

        content = self.read(name)
        self._check_xml(name, content)
        found = etree.iterparse(
            io.BytesIO(_STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)),
            events=("end",),
            tag=tuple(f"{{*}}{tag}" for tag in tags),
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            for _, element in found:
                yield element
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self.damaged(f"{name} is no well-formed XML") from error

    def check_xml(self) -> None:
        """Look at every XML part, for a reader that gives the whole file to a library.

        Raises DamagedFile where one declares a document type or cannot be unpacked, OversizedFile for a huge one.
        """
        for name in self.names:
            if name.lower().endswith(_XML):
                self._check_xml(name, self.read(name))

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part ("" for the file as a whole) points to, by id; nothing when it says so nowhere."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        if listed not in self:
            return {}
        found: dict[str, Relation] = {}
        for element in self.xml(listed).iter(_RELATIONSHIP):
            external = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            if not external:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            found[element.get("Id", "")] = Relation(element.get("Type", "").rpartition("/")[2], target, external)
        return found

    def damaged(self, what: str) -> DamagedFile:
        """The error for a file whose parts do not fit together."""
        return DamagedFile(f"{self._shown}: damaged Office file: {what}", hint=_RESAVE)

    def oversized(self, what: str) -> OversizedFile:
        """The error for a file that holds more than any report."""
        return OversizedFile(
            f"{self._shown}: {what}; no report does", hint="check that this is the report and where it comes from"
        )

    def _check(self, entries: list[zipfile.ZipInfo], size: int) -> None:
        if len(entries) > MOST_PARTS:
            raise self.oversized(f"holds {len(entries):,} parts")
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise ProtectedFile(f"{self._shown}: is encrypted", hint="save it without a password")
        if any(entry.compress_type not in _METHODS for entry in entries):
            raise self.damaged("it is packed in a way that Office files are not")
        total = sum(entry.file_size for entry in entries)
        if total > LARGEST_WHOLE or (total > _STEEP_FROM and total > _STEEPEST * size):
            raise self.oversized(f"unpacks to {total // 2**20:,} MiB")

    def _check_xml(self, name: str, content: bytes) -> None:
        if len(content) > LARGEST_XML:
            raise self.oversized(f"{name} unpacks to {len(content) // 2**20:,} MiB")
        if any(mark in content for mark in _DOCTYPES):
            raise self.damaged(f"{name} declares a document type")


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()
