"""The command `reviewer`: flags in, exit code out, nothing else.

Exit codes: 0 reviewed; 1 findings at or above --fail-on; 2 unusable input or flags; 3 a batch in which reports failed;
70 a fault of this program; 130 interrupted.
Data goes to stdout, everything else to stderr. Commands import what they need when they run, so that --help
and --version answer at once.
"""

import os
import sys
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from typing import cast

import typer

from reviewer.cli.app import app
from reviewer.cli.batching import review_batch
from reviewer.cli.caching import cache_app
from reviewer.cli.catalogues import prompts_app, show_rules, show_schema
from reviewer.cli.output import tell
from reviewer.cli.reviewing import review_reports
from reviewer.cli.understanding import read_files
from reviewer.errors import ReviewerError, UsageError

_INTERRUPTED, _FAULT = 130, 70

# The base class of everything the parser rejects. Older typers raise click's, newer ones a copy of their own;
# only this way round works with both.
_ParserError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])

app.command("review")(review_reports)
app.command("batch")(review_batch)
app.command("read")(read_files)
app.command("rules")(show_rules)
app.command("schema")(show_schema)
app.add_typer(prompts_app, name="prompts")
app.add_typer(cache_app, name="cache")


def main(args: Sequence[str] | None = None) -> None:
    """Console entry: run the command line and exit. An unexpected exception keeps its traceback."""
    sys.exit(_run(args))


def _run(args: Sequence[str] | None) -> int:
    _speak_utf8()
    command = typer.main.get_command(app)
    try:
        code = command.main(args, prog_name="reviewer", standalone_mode=False) or 0
    except ReviewerError as error:
        return _complain(error.message, error.hint, error.exit_code)
    except _ParserError as error:
        path = error.ctx.command_path if error.ctx is not None else "reviewer"
        # pydantic, which newer typers check values with, puts a name of its own before the reason.
        message = error.format_message().replace("Value error, ", "")
        return _complain(message, f"see `{path} --help`", UsageError.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except Exception:
        # A fault of ours: shown in full, and never taken for "reviewed, with findings".
        traceback.print_exc()
        return _FAULT
    if code == _INTERRUPTED:
        tell("interrupted")
    return int(code)


def _speak_utf8() -> None:
    """UTF-8 and plain line feeds whatever the locale says; the memo is Chinese even where LANG=C."""
    # A stream the caller closed (`>&-`) is None; what would go there goes nowhere. It stays open until the end.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _complain(message: str, hint: str, code: int) -> int:
    """Exactly one line on what happened and one on what to do."""
    for label, text in (("error", message), ("hint", hint)):
        tell(f"{label}: {' '.join(text.split())}")
    return code
