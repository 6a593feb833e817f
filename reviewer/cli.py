"""The command `reviewer`: flags in, exit code out, nothing else.

Exit codes: 0 reviewed; 1 findings at or above --fail-on; 2 unusable input or flags; 70 a fault of this program;
130 interrupted.
Data goes to stdout, everything else to stderr. Commands import what they need when they run, so that --help
and --version answer at once.
"""

import os
import sys
import time
import traceback
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from reviewer import __version__
from reviewer.errors import ReviewerError, UnreadableFile, UsageError

if TYPE_CHECKING:
    from reviewer.schema import Review

__all__ = ["app", "main"]

Format = Literal["md", "json"]
FailOn = Literal["error", "warning", "never"]
# The same as `reviewer.settings.Language`, which would load pydantic before --help can answer.
Lang = Literal["zh", "en"]

_FORMATS: dict[str, Format] = {".md": "md", ".markdown": "md", ".json": "json"}
_INTERRUPTED, _FAULT = 130, 70

# The base class of everything the parser rejects. Older typers raise click's, newer ones a copy of their own;
# only this way round works with both.
_ParserError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])

app = typer.Typer(
    help="Review Chinese budget-performance self-evaluation reports (绩效自评报告).",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "color": False},
)

LangOption = Annotated[Lang, typer.Option("--lang", help="Language of findings and memo.")]


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
        print("interrupted", file=sys.stderr)
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
        print(f"{label}: {' '.join(text.split())}", file=sys.stderr)
    return code


def _version(asked: bool) -> None:
    if asked:
        _print(f"reviewer {__version__}\n")
        raise typer.Exit


@app.callback()
def reviewer(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_version, help="Show the version."),
    ] = False,
) -> None:
    pass


@app.command("review")
def review_reports(
    report: Annotated[list[str], typer.Argument(metavar="REPORT", help="The report; several files are one report.")],
    format: Annotated[
        Format | None, typer.Option("--format", help="Format on stdout, by default md.", show_default=False)
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to a .md or .json file instead of stdout."),
    ] = None,
    lang: LangOption = "zh",
    policy: Annotated[
        str,
        typer.Option("--policy", metavar="NAME|PATH", help="Scoring rule-book: a shipped name or a TOML file."),
    ] = "generic",
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Exit with 1 for findings this grave or graver.")
    ] = "never",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No summary on stderr.")] = False,
) -> int:
    """Review a report and print a memo for the reviewer.

    Exit codes: 0 reviewed, 1 findings at or above --fail-on, 2 unusable input or flags.
    """
    begun = time.perf_counter()
    # Before any work: a flag that cannot be honoured should not cost a review.
    chosen = _format(format, output)
    target = _target(output, report) if output is not None else None
    for path in report:
        _check_name(path)

    from reviewer.memo import render
    from reviewer.review import review
    from reviewer.settings import Settings

    result = review(report, Settings(lang=lang, policy=policy))
    text = render(result, chosen)
    if target is None:
        _print(text)
    else:
        _write(target, text)
    if not quiet:
        if target is not None:
            print(f"written to {output}", file=sys.stderr)
        print(_summary(result, time.perf_counter() - begun), file=sys.stderr)
    return 1 if _fails(result, fail_on) else 0


@app.command("rules")
def show_rules(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="A rule, for its full text.")] = None,
    lang: LangOption = "zh",
) -> None:
    """List the rules, or explain one."""
    from reviewer.checks import rule, rules

    if code is None:
        _print("".join(f"{r.code}  {r.titles[lang]}\n" for r in rules()))
    else:
        _print(rule(code.upper()).text(lang).strip() + "\n")


@app.command("schema")
def show_schema() -> None:
    """Print the JSON Schema of a review."""
    import json

    from reviewer.schema import Review

    schema = Review.model_json_schema(mode="serialization")
    _print(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")


def _format(asked: Format | None, output: str | None) -> Format:
    """The format by flag and file ending; UsageError where they disagree or the ending says nothing."""
    if output is None:
        return asked or "md"
    by_ending = _FORMATS.get(Path(output).suffix.lower())
    if by_ending is None:
        raise UsageError(f"{output}: the ending does not name a format", hint=f"use {', '.join(_FORMATS)}")
    if asked not in (None, by_ending):
        raise UsageError(
            f"--format {asked} contradicts the ending of {output}",
            hint="leave --format out, or change the ending",
        )
    return by_ending


def _target(output: str, reports: Sequence[str]) -> Path:
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


def _check_name(path: str) -> None:
    """A name that is no text could stand neither in the memo nor in its JSON. UnreadableFile."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UnreadableFile(f"the file name {path!r} is not UTF-8", hint="rename the file") from error


def _write(target: Path, text: str) -> None:
    """All or nothing: `target` is the old file or the new one, never half. UsageError if it fails."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        try:
            with temporary.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"cannot write {target}: {reason}", hint="choose another place with -o") from error


def _print(text: str) -> None:
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


def _summary(review: "Review", seconds: float) -> str:
    """2 errors, 5 warnings, 3 notes · 41 relations verified, 4 undecided · 0.4 s"""
    from reviewer.schema import Outcome, Severity

    found = ", ".join(
        _counted(sum(1 for f in review.findings if f.severity is severity), severity) for severity in Severity
    )
    claims = review.coverage.claims
    verified = _counted(claims.get(Outcome.VERIFIED, 0), "relation")
    return f"{found} · {verified} verified, {claims.get(Outcome.UNDETERMINED, 0)} undecided · {seconds:.1f} s"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _fails(review: "Review", fail_on: FailOn) -> bool:
    grave = {"error": {"error"}, "warning": {"error", "warning"}, "never": set[str]()}[fail_on]
    return any(finding.severity.value in grave for finding in review.findings)
