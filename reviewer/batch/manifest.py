"""Lists of reports: CSV and JSON lines with a path and what is known of the unit, the year and the kind."""

import csv
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

from reviewer.batch.records import Declared
from reviewer.errors import UnreadableFile, UsageError
from reviewer.reading.encoding import decode
from reviewer.schema.source import DocumentKind

__all__ = ["ENDINGS", "rows"]

ENDINGS = frozenset({".csv", ".jsonl"})
_HINT = "correct the row; nothing was started"
_YEAR = re.compile(r"(\d{4})(?:\.0+)?(?:年度?)?")
_DELIMITERS = ",;\t"
_SEVERAL = re.compile("[;；]")

Row = tuple[tuple[str, ...], Declared]


def rows(manifest: Path) -> Iterator[Row]:
    """The reports a manifest lists: their paths, seen from where the manifest was given, and what it says of them.

    UnreadableFile, UndecodableText, and UsageError for a row that cannot be meant, by its line in the file.
    """
    try:
        text = decode(manifest.read_bytes(), str(manifest)).text
    except OSError as error:
        raise UnreadableFile(f"{manifest}: {error.strerror or error}", hint="check the path") from error
    read = _csv if manifest.suffix.lower() == ".csv" else _jsonl
    for number, values in read(manifest, text):
        try:
            yield _row(manifest.parent, values)
        except ValueError as error:
            raise _wrong(manifest, number, str(error)) from None


def _csv(manifest: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    columns: list[str | None] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = [_column(cell) for cell in cells]
                _check(manifest, columns)
                continue
            if any(cell.strip() for cell in cells[len(columns) :]):
                raise _wrong(manifest, reader.line_num, f"{len(cells)} cells under {len(columns)} headings")
            values = zip(columns, cells, strict=False)
            yield reader.line_num, {name: cell for name, cell in values if name is not None}
    except csv.Error as error:
        raise _wrong(manifest, reader.line_num, str(error)) from None


def _delimiter(text: str) -> str:
    """What stands between the cells: Excel writes semicolons or tabs where its country or its user says so."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return next((sign for sign in _DELIMITERS if "path" in map(_column, _cells(heading, sign))), _DELIMITERS[0])


def _cells(heading: str, sign: str) -> list[str]:
    return [cell.strip('" ') for cell in heading.split(sign)]


def _check(manifest: Path, columns: list[str | None]) -> None:
    known = [name for name in columns if name is not None]
    if "path" not in known:
        raise UsageError(f"{manifest}: no column is called path", hint="name the columns: path, unit, year, kind")
    if twice := next((name for name in known if known.count(name) > 1), None):
        raise UsageError(f"{manifest}: two columns say {twice}", hint="keep one of them")


def _jsonl(manifest: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    # Not splitlines, which would also cut at the line separators that a JSON string may hold.
    for number, line in enumerate(StringIO(text), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict):
            raise _wrong(manifest, number, "not a JSON object")
        yield number, {name: value for key, value in values.items() if (name := _column(key)) is not None}


def _row(folder: Path, values: Mapping[str, Any]) -> Row:
    """ValueError, in words, for what cannot be meant."""
    paths = tuple(os.path.join(folder, path) for path in _paths(values.get("path")))
    unit = values.get("unit")
    if unit is not None and not (isinstance(unit, str) and _is_text(unit)):
        raise ValueError("the unit is not a text")
    declared = Declared(
        unit=(unit or "").strip() or None, year=_year(values.get("year")), kind=_kind(values.get("kind"))
    )
    return paths, declared


def _paths(value: Any) -> list[str]:
    given = _SEVERAL.split(value) if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(path, str) and _is_text(path) for path in given):
        raise ValueError("the path is neither a text nor a list of texts")
    paths = [path.strip() for path in given if path.strip()]
    if not paths:
        raise ValueError("no path")
    if any("\0" in path for path in paths):
        raise ValueError("the path holds a NUL character")
    if twice := next((path for path in paths if paths.count(path) > 1), None):
        raise ValueError(f"{twice} is named twice")
    return paths


def _is_text(value: str) -> bool:
    """JSON can spell half a character, which no file can hold."""
    return not any("\ud800" <= sign <= "\udfff" for sign in value)


def _year(value: Any) -> int | None:
    if value is None or (text := str(value).strip()) == "":
        return None
    if (found := _YEAR.fullmatch(text)) is None:
        raise ValueError(f"{text!r} is no year")
    return int(found.group(1))


def _kind(value: Any) -> DocumentKind | None:
    if value is None or (text := _bare(str(value))) == "":
        return None
    if (name := _names("kinds").get(text)) is None:
        raise ValueError(f"{value!r} is no kind of report ({', '.join(DocumentKind)})")
    return DocumentKind(name)


def _column(heading: str) -> str | None:
    """The name of a column, whatever it is called; None for one that says nothing to us."""
    return _names("columns").get(_bare(heading))


@cache
def _names(group: str) -> dict[str, str]:
    table = tomllib.loads(files("reviewer.batch").joinpath("manifest.toml").read_text(encoding="utf-8"))
    return {word: name for name, words in table[group].items() for word in words}


def _bare(text: str) -> str:
    return "".join(text.split()).lower()


def _wrong(manifest: Path, number: int, problem: str) -> UsageError:
    return UsageError(f"{manifest}, row {number}: {problem}", hint=_HINT)
