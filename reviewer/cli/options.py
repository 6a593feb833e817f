"""Options that several commands share, each defined once."""

from decimal import Decimal
from typing import Annotated, Literal

import typer

# The same as `reviewer.settings.Language`, which would load pydantic before --help can answer.
Lang = Literal["zh", "en"]
FailOn = Literal["error", "warning", "never"]


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except ArithmeticError:
        raise typer.BadParameter(f"{text!r} is no amount of US dollars") from None
    if not amount.is_finite() or amount < 0:
        raise typer.BadParameter(f"{text!r} is no amount of US dollars")
    return amount


LangOption = Annotated[Lang, typer.Option("--lang", help="Language of findings and memo.")]
PolicyOption = Annotated[
    str, typer.Option("--policy", metavar="NAME|PATH", help="Scoring rule-book: a shipped name or a TOML file.")
]
FailOnOption = Annotated[FailOn, typer.Option("--fail-on", help="Exit with 1 for findings this grave or graver.")]
PartialOption = Annotated[
    bool, typer.Option("--partial", help="Review the readable pages where others hold nothing but pictures.")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No summary on stderr.")]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="Let a language model read along: NAME, PROVIDER:NAME, @PROFILE of reviewer.toml, gguf:FILE; "
        "`none` for the offline review. See docs/models.md.",
    ),
]
BaseUrlOption = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="Where an OpenAI-compatible server answers.")
]
NarrativeOption = Annotated[
    bool, typer.Option("--narrative", help="Three sentences by the model for the head of the memo.")
]
MaxCostOption = Annotated[
    Decimal | None,
    typer.Option("--max-cost", metavar="USD", parser=_dollars, help="Ask nothing that could cost more."),
]
NoCacheOption = Annotated[bool, typer.Option("--no-cache", help="Neither use nor keep answers.")]
