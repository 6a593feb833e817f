"""The command `reviewer read`."""

from typing import Annotated, Literal

import typer

from reviewer.cli.options import LangOption
from reviewer.cli.output import check_name, show


def read_files(
    file: Annotated[list[str], typer.Argument(metavar="FILE", help="A report or another file of its dossier.")],
    format: Annotated[
        Literal["md", "json"], typer.Option("--format", help="Markdown for people, JSON for programs.")
    ] = "md",
    lang: LangOption = "zh",
) -> None:
    """Print what was understood of a file: outline, tables, numbers by kind, what was left out.

    Compare it with the file itself before relying on a review of it. Exit codes: 0 read, 2 unusable input or flags.
    """
    for path in file:
        check_name(path)
    from reviewer.memo.understood import as_text, understood
    from reviewer.review import read_source

    found = understood(read_source(file), lang)
    show(found.model_dump_json(indent=2) + "\n" if format == "json" else as_text(found, lang))
