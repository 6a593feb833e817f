"""The command `reviewer review`."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reviewer.cli.model import ModelFlags
from reviewer.cli.options import (
    BaseUrlOption,
    FailOn,
    FailOnOption,
    LangOption,
    MaxCostOption,
    ModelOption,
    NarrativeOption,
    NoCacheOption,
    PartialOption,
    PolicyOption,
    QuietOption,
)
from reviewer.cli.output import Format, check_name, format_of, show, target_of, tell, write
from reviewer.errors import UsageError

if TYPE_CHECKING:
    from reviewer.schema import Review


def review_reports(
    report: Annotated[list[str], typer.Argument(metavar="REPORT", help="The report; several files are one report.")],
    beside: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="FILE",
            help="A form, account or annex that was handed in with it; its figures are held against the report's.",
        ),
    ] = None,
    format: Annotated[
        Format | None, typer.Option("--format", help="Format on stdout, by default md.", show_default=False)
    ] = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to a .md or .json file instead of stdout."),
    ] = None,
    lang: LangOption = "zh",
    policy: PolicyOption = "generic",
    partial: PartialOption = False,
    fail_on: FailOnOption = "never",
    quiet: QuietOption = False,
    model: ModelOption = None,
    base_url: BaseUrlOption = None,
    narrative: NarrativeOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be sent (calls, tokens, price) and send nothing.")
    ] = False,
    max_cost: MaxCostOption = None,
    no_cache: NoCacheOption = False,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Write every answer to FILE as well.")
    ] = None,
    replay: Annotated[
        Path | None, typer.Option("--replay", metavar="FILE", help="Answers from FILE only; no model is asked.")
    ] = None,
    context_tokens: Annotated[
        int | None, typer.Option("--context-tokens", min=512, help="Context of a gguf: model, prompt and answer.")
    ] = None,
    threads: Annotated[int | None, typer.Option("--threads", min=1, help="Threads of a gguf: model.")] = None,
) -> int:
    """Review a report and print a memo for the reviewer.

    Exit codes: 0 reviewed, 1 findings at or above --fail-on, 2 unusable input or flags.
    """
    begun = time.perf_counter()
    report = [*report, *(beside or ())]
    # Before any work: a flag that cannot be honoured should not cost a review.
    chosen = format_of(format, output)
    target = target_of(output, report) if output is not None else None
    for path in report:
        check_name(path)
    flags = ModelFlags(model, base_url, narrative, max_cost, no_cache, record, replay, context_tokens, threads)
    named = flags.named()
    if dry_run:
        if named is None or replay is not None:
            raise UsageError("--dry-run needs a model to ask", hint="add --model NAME")
        from reviewer.cli.model import forecast

        show(forecast(report, flags, policy, partial=partial))
        return 0

    from reviewer.memo import render
    from reviewer.settings import Settings

    settings = Settings(lang=lang, policy=policy, partial=partial)
    if named is None and replay is None:
        from reviewer.review import review

        result = review(report, settings)
    else:
        from reviewer.cli.model import review_with_model

        result = review_with_model(report, flags, settings, quiet=quiet)
    text = render(result, chosen)
    if target is None:
        show(text)
    else:
        write(target, text)
    if not quiet:
        if target is not None:
            tell(f"written to {output}")
        tell(_summary(result, time.perf_counter() - begun))
    return 1 if _fails(result, fail_on) else 0


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
