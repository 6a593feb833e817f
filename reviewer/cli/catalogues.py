"""Commands that show what the tool goes by: its rules, the schema of a review, its prompts."""

from typing import Annotated

import typer

from reviewer.cli.options import LangOption
from reviewer.cli.output import show


def show_rules(
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="A rule, for its full text.")] = None,
    lang: LangOption = "zh",
) -> None:
    """List the rules, or explain one."""
    from reviewer.checks import rule, rules

    if code is None:
        show("".join(f"{r.code}  {r.titles[lang]}\n" for r in rules()))
    else:
        show(rule(code.upper()).text(lang).strip() + "\n")


def show_schema() -> None:
    """Print the JSON Schema of a review."""
    import json

    from reviewer.schema import Review

    schema = Review.model_json_schema(mode="serialization")
    show(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")


prompts_app = typer.Typer(
    help="List the prompts, or show what exactly would be sent for a report.", add_completion=False
)


@prompts_app.callback(invoke_without_command=True)
def list_prompts(context: typer.Context) -> None:
    """List the prompts for a language model, with their versions."""
    if context.invoked_subcommand is not None:
        return
    from reviewer.llm.prompts import load, names

    show("".join(f"{p.name}  v{p.version}  {p.sha256[:12]}  {p.purpose}\n" for p in map(load, names())))


@prompts_app.command("show")
def show_prompt(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A prompt, as `reviewer prompts` lists it.")],
    report: Annotated[
        str | None,
        typer.Option("--report", metavar="FILE", help="A report: print the exact messages for each of its parts."),
    ] = None,
) -> None:
    """Print a prompt, or with --report the exact messages that would be sent; nothing is sent."""
    from reviewer.errors import UsageError
    from reviewer.llm.prompts import load, names

    if name not in names():
        raise UsageError(f"no prompt {name!r}", hint=f"one of {', '.join(names())}")
    prompt = load(name)
    if report is None:
        show(f"[system]\n{prompt.system}\n\n[user]\n{prompt.user}\n")
        return
    from reviewer.review import planned

    asks = [ask for ask in planned([report]) if ask.task == name]
    pages = (
        f"===== {name} v{prompt.version}, {number} of {len(asks)}\n"
        + "".join(f"[{message.role}]\n{message.content}\n\n" for message in ask.messages)
        for number, ask in enumerate(asks, 1)
    )
    show("".join(pages) or f"no part of {report} is asked {name}\n")
