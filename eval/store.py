"""A run on disk: what was reviewed, how it ended, and with what. Running the same command again goes on.

RUN/run.json       provenance: tool, code, backend, labels
RUN/items.jsonl    one line per finished item, appended and synced; the last line for an item counts
RUN/variants/      reports with a planted error
RUN/formats/       reports and variants in other formats
RUN/reviews/       the reviews, gzipped JSON, named by item
"""

import gzip
import hashlib
import json
import os
import platform
import shutil
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict

import reviewer
from reviewer.schema import Review

ROOT = Path(__file__).resolve().parent.parent


class Provenance(BaseModel):
    """What must be the same for reviews to be comparable without a second thought."""

    model_config = ConfigDict(frozen=True)

    tool: str
    code: str
    """Hash over every file of the package: code, rules, words, templates."""
    backend: str
    labels: str
    """Hash over the reports and their labels."""
    python: str


class Done(BaseModel):
    """How the review of one item ended."""

    model_config = ConfigDict(frozen=True)

    id: str
    sha256: str
    """Of the file that was reviewed."""
    seconds: float
    failed: str | None = None


class RunError(Exception):
    """A run that cannot be used as asked."""


class Store:
    """One run. Only the driver writes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log = folder / "items.jsonl"
        self._reviews = folder / "reviews"
        self._variants = folder / "variants"

    def open(self, provenance: Provenance) -> None:
        """Begin a run, or go on with it. RunError when the folder holds a run of something else."""
        if (self.folder / "run.json").is_file() and not _alike(known := self.provenance(), provenance):
            raise RunError(f"{self.folder} holds a run of {known.backend} {known.code[:12]}; name another folder")
        self._reviews.mkdir(parents=True, exist_ok=True)
        self._variants.mkdir(exist_ok=True)
        self.formats.mkdir(exist_ok=True)
        write(self.folder / "run.json", provenance.model_dump_json(indent=1))

    def provenance(self) -> Provenance:
        """What the run was made with. RunError when the folder holds no run."""
        try:
            return Provenance.model_validate_json((self.folder / "run.json").read_bytes())
        except (OSError, ValueError) as error:
            raise RunError(f"{self.folder} holds no run: {error}") from None

    def clear(self) -> None:
        """Forget the run. RunError when the folder holds something else."""
        if self.folder.exists():
            self.provenance()
            shutil.rmtree(self.folder)

    @property
    def variants(self) -> Path:
        """Where the changed reports are written."""
        return self._variants

    @property
    def formats(self) -> Path:
        """Where reports are written in other formats."""
        return self.folder / "formats"

    def done(self) -> dict[str, Done]:
        """The finished items. A torn last line, of a run that was killed, is no item."""
        finished: dict[str, Done] = {}
        if self._log.is_file():
            for line in self._log.read_text(encoding="utf-8").splitlines():
                try:
                    item = Done.model_validate_json(line)
                except ValueError:
                    continue
                finished[item.id] = item
        return finished

    def add(self, item: Done, review: bytes | None) -> None:
        """Record an item: its review first, then its line."""
        if review is not None:
            target = self._reviews / f"{item.id}.json.gz"
            target.write_bytes(gzip.compress(review, compresslevel=3, mtime=0))
        torn = self._log.is_file() and not self._log.read_bytes().endswith(b"\n")
        with self._log.open("a", encoding="utf-8") as log:
            log.write(("\n" if torn else "") + item.model_dump_json() + "\n")
            log.flush()
            os.fsync(log.fileno())

    def review(self, name: str) -> Review | None:
        """The stored review of an item; None when there is none."""
        path = self._reviews / f"{name}.json.gz"
        return Review.model_validate_json(gzip.decompress(path.read_bytes())) if path.is_file() else None


def _alike(one: Provenance, other: Provenance) -> bool:
    """Labels may change between two calls: what they change is reviewed or scored again."""
    return one.model_copy(update={"labels": other.labels}) == other


def write(path: Path, text: str) -> None:
    """Replace a file in one step, so that a reader never sees half of it."""
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text if text.endswith("\n") else text + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def sha256(data: bytes) -> str:
    """Hex digest."""
    return hashlib.sha256(data).hexdigest()


def hash_files(paths: Iterable[Path], root: Path) -> str:
    """One hash over files, by their path below `root` and their bytes."""
    listed = {path.relative_to(root).as_posix(): sha256(path.read_bytes()) for path in paths}
    return sha256(json.dumps(listed, sort_keys=True).encode())


def code_hash() -> str:
    """One hash over every file of the package that decides what a review says."""
    package = Path(reviewer.__file__).parent
    code = (path for path in package.rglob("*") if path.is_file() and path.suffix in {".py", ".toml", ".j2", ".md"})
    return hash_files(code, package)


def run_name(backend: str, also: Iterable[Path] = ()) -> str:
    """The name of the run that today's code and the files in `also` make: the same ones go on with the same run."""
    files = sorted(also)
    answers = f"-{hash_files(files, ROOT)[:8]}" if files else ""
    return f"{backend}-{code_hash()[:12]}{answers}"


def provenance(backend: str, files: Iterable[Path], root: Path) -> Provenance:
    """The provenance of a run that starts now, over the given reports and label files."""
    return Provenance(
        tool=f"reviewer {reviewer.__version__}",
        code=code_hash(),
        backend=backend,
        labels=hash_files(files, root),
        python=platform.python_version(),
    )
