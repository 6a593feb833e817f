"""Many results -> a workbook and a page for those who read them. Reads results and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from reviewer.batch.files import replacing
from reviewer.batch.records import Result
from reviewer.batch.summary.facts import RunFacts
from reviewer.batch.summary.tally import Tally
from reviewer.errors import UsageError
from reviewer.settings import Language

__all__ = ["PAGE", "WORKBOOK", "RunFacts", "write_summaries"]

WORKBOOK = "summary.xlsx"
PAGE = "index.html"


def write_summaries(out: Path, results: Callable[[], Iterator[Result]], run: RunFacts, lang: Language) -> None:
    """Write `summary.xlsx` and `index.html` into the folder `out`, each the old file or the whole new one.

    `results` gives every result once, in the order in which they are shown; one is held at a time. The same results
    and facts give the same bytes. UsageError where a file cannot be written.
    """
    # Spreadsheets and templates are loaded only by those who want a summary.
    from reviewer.batch.summary.page import Page
    from reviewer.batch.summary.workbook import Workbook

    page, tally = Page(lang), Tally()
    with closing(Workbook(lang)) as workbook:
        for result in results():
            tally.add(result)
            page.add(result)
            with _failing(out / WORKBOOK):
                workbook.add(result)
        with _failing(out / WORKBOOK), replacing(out / WORKBOOK) as file:
            workbook.save(file, tally, run)
    with _failing(out / PAGE), replacing(out / PAGE) as file:
        page.save(file, tally, run)


@contextmanager
def _failing(target: Path) -> Iterator[None]:
    """UsageError that names `target` for what the file system refuses."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"cannot write {target}: {error.strerror or error}",
            hint="close it where it is open, check the space left, and run the same command again",
        ) from error
