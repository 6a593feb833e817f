"""``python -m eval``: validate labels, run, score again, compare, gate, bless.

Exit codes: 0 all is well; 1 a fault in labels, a loss at the gate, a stale page; 2 a command that cannot be carried
out.
"""

import sys
import time
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eval import gating, recordings, report
from eval.labels import FIXTURES, SUFFIX, Fixture, LabelError, load, load_all
from eval.mutate import PER_KIND, Variant
from eval.running import injected, run
from eval.store import ROOT, RunError, Store, run_name, write
from eval.summary import Blessing, Summary, summarise
from eval.summary import load as load_summary
from eval.validating import faults

RESULTS = ROOT / "eval" / "results.json"
PAGE = ROOT / "eval" / "RESULTS.md"
RUNS = ROOT / ".eval"

app = typer.Typer(
    help="Evaluate the reviewer against labelled fixtures.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


class Dataset(StrEnum):
    """What to review."""

    ALL = "all"
    REPORTS = "reports"
    INJECTED = "injected"


class Backend(StrEnum):
    """Who reads the reports."""

    OFFLINE = "offline"


DatasetOption = Annotated[Dataset, typer.Option(help="The reports, their variants with planted errors, or both.")]
FixturesOption = Annotated[Path, typer.Option("--fixtures", metavar="DIR", help="Folder of reports and labels.")]
RunOption = Annotated[Path | None, typer.Option("--run", metavar="DIR", help="Folder of the run.")]
PerKindOption = Annotated[int, typer.Option("--per-kind", min=1, help="Planted errors of each kind, at most.")]


@app.command()
def validate(
    labels: Annotated[list[Path] | None, typer.Argument(help="Label files; all fixtures when left out.")] = None,
) -> None:
    """Check labels: every quote found, every relation recomputed, every number accounted for."""
    wrong = 0
    paths = labels or sorted(FIXTURES.rglob(f"*{SUFFIX}"))
    for path in paths:
        try:
            found = list(faults(load(path)))
        except LabelError as error:
            found = [str(error)]
        for line in found:
            print(f"{path.name}: {line}")
        wrong += bool(found)
    print(f"{len(paths)} label files, {wrong} with faults", file=sys.stderr)
    raise typer.Exit(1 if wrong else 0)


@app.command("run")
def run_command(
    dataset: DatasetOption = Dataset.ALL,
    backend: Annotated[Backend, typer.Option(help="Who reads the reports.")] = Backend.OFFLINE,
    fixtures: FixturesOption = FIXTURES,
    folder: RunOption = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; default: one a core.")] = None,
    per_kind: PerKindOption = PER_KIND,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over instead of going on.")] = False,
) -> None:
    """Review the fixtures and print their scores. The same command again goes on where it stopped."""
    print(_headline(_run(dataset, backend, fixtures, folder, jobs, per_kind, fresh)))


@app.command()
def score(
    folder: RunOption = None,
    dataset: DatasetOption = Dataset.ALL,
    fixtures: FixturesOption = FIXTURES,
    per_kind: PerKindOption = PER_KIND,
) -> None:
    """Score a stored run again, with the labels as they are now and without reviewing anything."""
    store = Store(folder or RUNS / run_name("offline"))
    print(_headline(_scored(store, *_datasets(dataset, fixtures, per_kind))))


@app.command()
def compare(
    a: Annotated[Path, typer.Argument(help="A run's folder or a results file.")],
    b: Annotated[Path, typer.Argument(help="Another one.")],
) -> None:
    """Print the difference of two results, metric by metric, with its interval."""
    for line in gating.comparison(load_summary(a), load_summary(b)):
        print(line)


@app.command()
def gate(
    baseline: Annotated[Path, typer.Argument(help="Blessed results.")] = RESULTS,
    folder: RunOption = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; default: one a core.")] = None,
) -> None:
    """Review everything as it is now and fail on any labelled finding lost, any new false alarm, any stale page."""
    blessed = load_summary(baseline)
    fresh = _run(Dataset.ALL, Backend(blessed.provenance.backend), FIXTURES, folder, jobs, PER_KIND, False)
    lost = list(gating.losses(blessed, fresh))
    for line in lost:
        print(line)
    if lost:
        _stop(f"{len(lost)} losses against {baseline.name}", 'mend them, or `python -m eval bless --reason "..."`', 1)
    if baseline == RESULTS:
        stale = _measured(fresh) != _measured(blessed) or PAGE.read_text(encoding="utf-8") != report.page(blessed)
        if stale:
            _stop("eval/RESULTS.md is stale", 'nothing was lost; `python -m eval bless --reason "..."`', 1)
    print(f"{len(fresh.reports)} reports, {len(fresh.variants)} planted errors: nothing lost", file=sys.stderr)


@app.command()
def bless(
    reason: Annotated[str, typer.Option(help="Why these results are the ones to hold on to.")],
    folder: RunOption = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; default: one a core.")] = None,
) -> None:
    """Make today's results the baseline and write RESULTS.md."""
    fresh = _run(Dataset.ALL, Backend.OFFLINE, FIXTURES, folder, jobs, PER_KIND, False)
    before = load_summary(RESULTS).blessed if RESULTS.is_file() else ()
    blessing = Blessing(reason=reason, code=fresh.provenance.code[:12])
    blessed = fresh.model_copy(update={"blessed": (*before, blessing)})
    write(RESULTS, blessed.model_dump_json(indent=1))
    write(PAGE, report.page(blessed))
    print(_headline(blessed))


@app.command("ask")
def ask_command(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Fixtures, by name.")],
    folder: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where to write the prompts.")],
    epoch: Annotated[int, typer.Option(min=0, help="Which answer to each question is wanted.")] = 0,
) -> None:
    """Write every prompt that no recording answers yet, to be answered by hand beside it as NAME.answer.json."""
    print(f"{recordings.ask(_named(names), folder, epoch)} prompts written to {folder}", file=sys.stderr)


@app.command("take")
def take_command(
    names: Annotated[list[str], typer.Argument(metavar="NAME", help="Fixtures, by name.")],
    folder: Annotated[Path, typer.Option("--from", metavar="DIR", help="Where `ask` wrote the prompts.")],
) -> None:
    """Add answers to the recordings; exit code 1 where one is missing or does not fit its schema."""
    wrong = [line for fixture in _named(names) for line in recordings.take(fixture, folder / fixture.name)]
    for line in wrong:
        print(line)
    raise typer.Exit(1 if wrong else 0)


def _named(names: Sequence[str]) -> list[Fixture]:
    known = {fixture.name: fixture for fixture in load_all(FIXTURES)}
    if unknown := [name for name in names if name not in known]:
        raise LabelError(f"no fixture {unknown[0]}")
    return [known[name] for name in names]


def _datasets(dataset: Dataset, folder: Path, per_kind: int) -> tuple[Sequence[Fixture], Sequence[Variant]]:
    fixtures = load_all(folder)
    if not fixtures:
        raise LabelError(f"no *{SUFFIX} under {folder}")
    planted = injected(fixtures, per_kind) if dataset is not Dataset.REPORTS else []
    return fixtures, planted


def _run(
    dataset: Dataset,
    backend: Backend,
    fixture_folder: Path,
    folder: Path | None,
    jobs: int | None,
    per_kind: int,
    fresh: bool,
) -> Summary:
    fixtures, planted = _datasets(dataset, fixture_folder, per_kind)
    store = Store(folder or RUNS / run_name(backend.value))
    if fresh:
        store.clear()
    begun = time.perf_counter()
    with typer.progressbar(length=len(fixtures) + len(planted), file=sys.stderr, label="reviewing") as bar:
        reviewed = run(store, fixtures, planted, backend=backend.value, jobs=jobs, progress=bar.update)
    summary = _scored(store, fixtures, planted)
    before, took = len(fixtures) + len(planted) - reviewed, time.perf_counter() - begun
    print(f"{store.folder}: {reviewed} reviewed now, {before} before; {took:.0f} s", file=sys.stderr)
    return summary


def _scored(store: Store, fixtures: Sequence[Fixture], planted: Sequence[Variant]) -> Summary:
    summary = summarise(store, fixtures, planted)
    write(store.folder / "summary.json", summary.model_dump_json(indent=1))
    return summary


def _measured(summary: Summary) -> object:
    return summary.model_dump(
        include={"reports": True, "variants": True}, exclude={"reports": {"__all__": {"seconds"}}}
    )


def _headline(summary: Summary) -> str:
    lines = []
    for bar in report.bars(summary):
        shown = "-" if bar.value is None else f"{bar.value:.3f}"
        lines.append(f"{bar.title:44} {shown:>6}  asked {bar.least:<6g} {'met' if bar.met else 'MISSED'}  {bar.counts}")
    return "\n".join(lines)


def _stop(message: str, hint: str, code: int) -> None:
    print(f"error: {message}\nhint: {hint}", file=sys.stderr)
    raise typer.Exit(code)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    try:
        app(args, prog_name="python -m eval")
    except (LabelError, RunError) as error:
        print(f"error: {error}\nhint: see `python -m eval --help` and eval/README.md", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
