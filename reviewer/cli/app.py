"""The typer application: what its commands share."""

from typing import Annotated

import typer

from reviewer import __version__
from reviewer.cli.output import show

app = typer.Typer(
    help="Review Chinese budget-performance self-evaluation reports (绩效自评报告).",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "color": False},
)


def _version(asked: bool) -> None:
    if asked:
        show(f"reviewer {__version__}\n")
        raise typer.Exit


@app.callback()
def reviewer(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_version, help="Show the version."),
    ] = False,
) -> None:
    pass
