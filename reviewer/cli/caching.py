"""The cache of a model's answers: how large it is, and emptying it."""

import typer

from reviewer.cli.output import show

cache_app = typer.Typer(help="The cache of a language model's answers.", no_args_is_help=True, add_completion=False)


@cache_app.command("info")
def cache_info() -> None:
    """Print where answers are kept and how many there are."""
    from reviewer.llm.cache import AnswerCache

    cache = AnswerCache()
    found = cache.info()
    cache.close()
    show(f"path     {found.path}\nanswers  {found.entries}\nbytes    {found.bytes}\n")


@cache_app.command("clear")
def clear_cache() -> None:
    """Forget all answers; the next review with a model pays for them again."""
    from reviewer.llm.cache import AnswerCache

    cache = AnswerCache()
    entries = cache.info().entries
    cache.clear()
    cache.close()
    show(f"{entries} answers forgotten\n")
