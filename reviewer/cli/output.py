"""Writing what a command says: data to stdout or a file, all or nothing; everything else to stderr."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from reviewer.batch.files import replace_file
from reviewer.errors import UnreadableFile, UsageError

Format = Literal["md", "json"]
FORMATS: dict[str, Format] = {".md": "md", ".markdown": "md", ".json": "json"}


def format_of(asked: Format | None, output: str | None) -> Format:
    """The format by flag and file ending; UsageError where they disagree or the ending says nothing."""
    if output is None:
        return asked or "md"
    by_ending = FORMATS.get(Path(output).suffix.lower())
    if by_ending is None:
        raise UsageError(f"{output}: the ending does not name a format", hint=f"use {', '.join(FORMATS)}")
    if asked not in (None, by_ending):
        raise UsageError(
            f"--format {asked} contradicts the ending of {output}",
            hint="leave --format out, or change the ending",
        )
    return by_ending


def target_of(output: str, reports: Sequence[str]) -> Path:
    """Where to write, links followed; UsageError where writing cannot succeed or would replace a report."""
    try:
        target = Path(output).resolve()
        is_folder, has_folder = target.is_dir(), target.parent.is_dir()
        is_report = target.exists() and any(Path(path).exists() and target.samefile(path) for path in reports)
    except (
        OSError,
        RuntimeError,
    ) as error:  # a name too long, a folder without permission, links in a circle
        raise UsageError(f"cannot write {output}: {error}", hint="choose another place with -o") from error
    if is_folder:
        raise UsageError(f"{output} is a folder", hint="name a file in it")
    if not has_folder:
        raise UsageError(f"{output}: the folder does not exist", hint=f"create {target.parent} first")
    if is_report:
        raise UsageError(f"{output} is the report itself", hint="give the memo a name of its own")
    return target


def check_name(path: str) -> None:
    """A name that is no text could stand neither in the memo nor in its JSON. UnreadableFile."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableFile(f"the file name {path!r} is not UTF-8", hint="rename the file") from error


def write(target: Path, text: str) -> None:
    """All or nothing: `target` is the old file or the new one, never half. UsageError if it fails."""
    try:
        replace_file(target, text)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"cannot write {target}: {reason}", hint="choose another place with -o") from error


def show(text: str) -> None:
    """Write data to stdout. A reader that went away (`| head`) is no failure; a full disk is a UsageError."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # The interpreter flushes once more on exit; what is left goes nowhere instead of into a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            reason = error.strerror or error
            raise UsageError(f"cannot write to stdout: {reason}", hint="write to a file with -o") from error


def tell(text: str) -> None:
    """Write a line for people to stderr. Where that cannot be, the work goes on, and they are told no more."""
    try:
        print(text, file=sys.stderr, flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
