"""Paths on the command line to jobs: files, folders and manifests, in one order, each report once."""

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePath

from reviewer.batch import manifest
from reviewer.batch.records import Declared, Job
from reviewer.errors import UnreadableFile, UsageError
from reviewer.reading.files import ENDINGS, READABLE_ENDINGS, FileKind

__all__ = ["Plan", "job_id"]

# A file without an ending may be anything, a picture a logo or a page; they are reviewed when they are named.
_ENDINGS = READABLE_ENDINGS - {""} - ENDINGS[FileKind.IMAGE]
# What a dossier's report is called, the surest first.
_REPORTS = (re.compile("自评报告|评价报告"), re.compile("报告"), re.compile("自评"))
_FORMS = ENDINGS[FileKind.XLSX] | {".xls", ".et", ".ods"}
_UNSAFE = re.compile(r"[^\w.-]+")
_STEM_BYTES = 80
"""Room is left for the digest and the ending in the 255 bytes a file name may have."""
_DIGITS, _MORE_DIGITS = 12, 24
_SILENT = Declared()
_OURS = frozenset({"run.json", "results.jsonl"})


@dataclass(frozen=True, slots=True)
class _Found:
    paths: tuple[str, ...]
    key: str
    """The same for the same files, however they are named."""
    declared: Declared


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be reviewed: files, folders and manifests as given, without what lies in `out`."""

    paths: tuple[str, ...]
    out: Path
    glob: str | None = None
    """Which files of a folder; by default those with a reader, pictures left out."""
    dossiers: bool = False
    """Whether the files of a folder are one report and what was handed in with it."""

    def jobs(self) -> Iterator[Job]:
        """Every report once, always in the same order, found while one goes along.

        UnreadableFile for a path that is not there or a folder that cannot be listed, UsageError for a manifest's row
        that cannot be meant or says something else of a report than it was named with.
        """
        seen: dict[bytes, Declared] = {}
        taken: set[str] = set()
        for found in self._found():
            key = sha256(found.key.encode("utf-8", "surrogatepass")).digest()[:16]
            paths = tuple(_textual(path) for path in found.paths)
            if key in seen:
                if found.declared not in (_SILENT, seen[key]):
                    raise UsageError(
                        f"{'; '.join(paths)} is named twice, and not with the same unit, year and kind",
                        hint="keep one of the rows; where a folder is named as well, name the list before it",
                    )
                continue
            seen[key] = found.declared
            name = job_id(paths)
            if name in taken:
                name = job_id(paths, _MORE_DIGITS)
            taken.add(name)
            yield Job(id=name, paths=paths, declared=found.declared)

    def _found(self) -> Iterator[_Found]:
        if self.glob is not None and (not self.glob or PurePath(self.glob).is_absolute()):
            raise UsageError(f"--glob {self.glob!r} matches nothing", hint="give a pattern such as '*.txt'")
        for path in self.paths:
            if os.path.isdir(path):
                if not _same(path, self.out):
                    yield from self._below(path, "", os.path.realpath(path))
            elif not os.path.exists(path):
                raise UnreadableFile(f"{_textual(path)}: no such file or folder", hint="check the path")
            elif Path(path).suffix.lower() in manifest.ENDINGS:
                for paths, declared in manifest.rows(Path(path)):
                    yield _Found(paths, "\0".join(os.path.realpath(one) for one in paths), declared)
            else:
                yield _Found((path,), os.path.realpath(path), _SILENT)

    def _below(self, root: str, inner: str, real: str) -> Iterator[_Found]:
        """The reports in a folder, by name; `inner` is its path from the root."""
        folder = os.path.join(root, inner) if inner else root
        try:
            with os.scandir(folder) as entries:
                names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
        except OSError as error:
            raise UnreadableFile(
                f"{_textual(folder)}: {error.strerror or error}", hint="change the folder's rights, or leave it out"
            ) from error
        if {name for name, _ in names} >= _OURS:
            return  # the memos of another batch are no reports
        together: list[_Found] = []
        for name, is_folder in names:
            if name.startswith((".", "~$")) or name == "__MACOSX":
                continue
            within = os.path.join(inner, name)
            path = os.path.join(root, within)
            if is_folder:
                if not _same(path, self.out):
                    yield from self._below(root, within, os.path.join(real, name))
            elif self._wanted(within) and os.path.isfile(path):
                key = os.path.realpath(path) if os.path.islink(path) else os.path.join(real, name)
                found = _Found((path,), key, _SILENT)
                if self.dossiers:
                    together.append(found)
                else:
                    yield found
        if together:
            together.sort(key=_report_first)
            paths = tuple(path for found in together for path in found.paths)
            yield _Found(paths, "\0".join(found.key for found in together), _SILENT)

    def _wanted(self, within: str) -> bool:
        if self.glob is not None:
            return PurePath(within).match(self.glob)
        return os.path.splitext(within)[1].lower() in _ENDINGS


def _report_first(found: _Found) -> tuple[int, bool, str]:
    """Where a file belongs in its dossier: the report by its name, workbooks behind documents."""
    name = os.path.basename(found.paths[0])
    called = next((rank for rank, words in enumerate(_REPORTS) if words.search(name)), len(_REPORTS))
    return called, os.path.splitext(name)[1].lower() in _FORMS, name


def job_id(paths: tuple[str, ...], digits: int = _DIGITS) -> str:
    """A name for a report, fit for a file of any system: the first file's own, and a digest over the paths."""
    stem = unicodedata.normalize("NFC", PurePath(paths[0]).stem)
    safe = _UNSAFE.sub("-", stem).strip("-.").encode()[:_STEM_BYTES].decode(errors="ignore")
    together = "\0".join(PurePath(path).as_posix() for path in paths)
    return f"{safe or 'report'}-{sha256(together.encode()).hexdigest()[:digits]}"


def _textual(path: str) -> str:
    """The path as text: a name in no known encoding is shown by its bytes (and then not found)."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _same(path: str, out: Path) -> bool:
    try:
        return os.path.samefile(path, out)
    except OSError:
        return False
