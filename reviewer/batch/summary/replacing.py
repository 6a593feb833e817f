"""Files that are either the old one or the whole new one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from reviewer.errors import UsageError

__all__ = ["failing", "replacing"]


@contextmanager
def failing(target: Path) -> Iterator[None]:
    """UsageError that names `target` for what the file system refuses."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"cannot write {target}: {error.strerror or error}",
            hint="close it where it is open, check the space left, and run the same command again",
        ) from error


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A file to write that becomes `target` when all of it is on the disk. UsageError if it fails."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with failing(target):
        try:
            # "w": what a run that was killed has left under this name is of no use.
            with temporary.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
