"""Writing a file whole or not at all, so that it outlives the process and the power."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write that becomes `path` when the block is left, and is on the disk then.

    Afterwards `path` is the old file or the whole new one, never half. OSError where it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    # A process of the same number may have been killed here before.
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def replace_file(path: Path, text: str) -> None:
    """Make `text` the content of `path`, as `replacing` does; UTF-8 with line feeds."""
    with replacing(path) as file:
        file.write(text.encode("utf-8"))


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk as well, where the system can."""
    if os.name != "posix":
        return
    # Some shared disks cannot; the files themselves are safe.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
