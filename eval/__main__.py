"""``python -m eval``: validate labels, run, score again, compare, gate, bless; make synthetic reports.

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
from eval.synthetic import writing
from eval.validating import faults

RESULTS = ROOT / "eval" / "results.json"
REPLAYED = ROOT / "eval" / "results.replayed.json"
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
    REPLAYED = "replayed"
    """With the answers recorded in eval/recordings; only reports that have them."""


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
    epochs: Annotated[int, typer.Option(min=1, help="Readings of each report that were recorded.")] = 1,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over instead of going on.")] = False,
) -> None:
    """Review the fixtures and print their scores. The same command again goes on where it stopped."""
    print(_headline(_run(dataset, backend, fixtures, folder, jobs, per_kind, epochs, fresh)))


@app.command()
def score(
    folder: RunOption = None,
    dataset: DatasetOption = Dataset.ALL,
    backend: Annotated[Backend, typer.Option(help="Who read the reports.")] = Backend.OFFLINE,
    fixtures: FixturesOption = FIXTURES,
    per_kind: PerKindOption = PER_KIND,
    epochs: Annotated[int, typer.Option(min=1, help="Readings of each report.")] = 1,
) -> None:
    """Score a stored run again, with the labels as they are now and without reviewing anything."""
    store = Store(folder or RUNS / _name(backend))
    print(_headline(_scored(store, *_datasets(dataset, backend, fixtures, per_kind), epochs)))


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
    baselines = [baseline, REPLAYED] if baseline == RESULTS and REPLAYED.is_file() else [baseline]
    both = [_gated(path, folder, jobs) for path in baselines]
    if baseline == RESULTS:
        stale = [fresh for blessed, fresh in both if _measured(fresh) != _measured(blessed)]
        if stale or PAGE.read_text(encoding="utf-8") != report.page(*(blessed for blessed, _ in both)):
            _stop("eval/RESULTS.md is stale", 'nothing was lost; `python -m eval bless --reason "..."`', 1)
    reports, planted = (sum(len(getattr(fresh, name)) for _, fresh in both) for name in ("reports", "variants"))
    print(f"{reports} reviews, {planted} planted errors: nothing lost", file=sys.stderr)


def _gated(baseline: Path, folder: Path | None, jobs: int | None) -> tuple[Summary, Summary]:
    """(blessed, fresh) results; stops where something was lost."""
    blessed = load_summary(baseline)
    epochs = 1 + max((report.epoch for report in blessed.reports), default=0)
    fresh = _run(Dataset.ALL, Backend(blessed.provenance.backend), FIXTURES, folder, jobs, PER_KIND, epochs, False)
    lost = list(gating.losses(blessed, fresh))
    for line in lost:
        print(line)
    if lost:
        _stop(f"{len(lost)} losses against {baseline.name}", 'mend them, or `python -m eval bless --reason "..."`', 1)
    return blessed, fresh


@app.command()
def bless(
    reason: Annotated[str, typer.Option(help="Why these results are the ones to hold on to.")],
    folder: RunOption = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; default: one a core.")] = None,
) -> None:
    """Make today's results, offline and with recorded answers, the baseline and write RESULTS.md."""
    both: list[Summary] = []
    for backend, path in ((Backend.OFFLINE, RESULTS), (Backend.REPLAYED, REPLAYED)):
        if backend is Backend.REPLAYED and not _datasets(Dataset.REPORTS, backend, FIXTURES, 1)[0]:
            continue
        fresh = _run(Dataset.ALL, backend, FIXTURES, folder, jobs, PER_KIND, 1, False)
        before = load_summary(path).blessed if path.is_file() else ()
        blessing = Blessing(reason=reason, code=fresh.provenance.code[:12])
        both.append(fresh.model_copy(update={"blessed": (*before, blessing)}))
        write(path, both[-1].model_dump_json(indent=1))
    write(PAGE, report.page(*both))
    print(_headline(both[0]))


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


@app.command("synthetic")
def synthetic_command(
    folder: Annotated[Path, typer.Option("--to", metavar="DIR", help="Where to write the reports.")],
    count: Annotated[int, typer.Option(min=1, help="Files.")] = 2000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same files, however many.")] = 7,
    broken_share: Annotated[float, typer.Option(min=0, max=1, help="Share of files that are broken.")] = 0.0,
) -> None:
    """Write made-up reports for a batch, with manifest.csv and, of what was planted in them, planted.jsonl."""
    writing.write(folder, count, seed, broken_share)
    print(f"{count} files written to {folder}", file=sys.stderr)


def _named(names: Sequence[str]) -> list[Fixture]:
    known = {fixture.name: fixture for fixture in load_all(FIXTURES)}
    if unknown := [name for name in names if name not in known]:
        raise LabelError(f"no fixture {unknown[0]}")
    return [known[name] for name in names]


def _datasets(
    dataset: Dataset, backend: Backend, folder: Path, per_kind: int
) -> tuple[Sequence[Fixture], Sequence[Variant]]:
    fixtures = load_all(folder)
    if not fixtures:
        raise LabelError(f"no *{SUFFIX} under {folder}")
    if backend is Backend.REPLAYED:
        # Answers are to one exact text: a variant of it has none.
        return [fixture for fixture in fixtures if recordings.path_of(fixture).is_file()], []
    planted = injected(fixtures, per_kind) if dataset is not Dataset.REPORTS else []
    return fixtures, planted


def _name(backend: Backend) -> str:
    """The name of the run that today's code, and recorded answers where they are used, make."""
    replayed = backend is Backend.REPLAYED
    return run_name(backend.value, recordings.FOLDER.glob("*.jsonl") if replayed else ())


def _run(
    dataset: Dataset,
    backend: Backend,
    fixture_folder: Path,
    folder: Path | None,
    jobs: int | None,
    per_kind: int,
    epochs: int,
    fresh: bool,
) -> Summary:
    fixtures, planted = _datasets(dataset, backend, fixture_folder, per_kind)
    store = Store(folder or RUNS / _name(backend))
    if fresh:
        store.clear()
    begun = time.perf_counter()
    total = len(fixtures) * epochs + len(planted)
    with typer.progressbar(length=total, file=sys.stderr, label="reviewing") as bar:
        reviewed = run(store, fixtures, planted, backend=backend.value, epochs=epochs, jobs=jobs, progress=bar.update)
    summary = _scored(store, fixtures, planted, epochs)
    before, took = total - reviewed, time.perf_counter() - begun
    print(f"{store.folder}: {reviewed} reviewed now, {before} before; {took:.0f} s", file=sys.stderr)
    return summary


def _scored(store: Store, fixtures: Sequence[Fixture], planted: Sequence[Variant], epochs: int) -> Summary:
    summary = summarise(store, fixtures, planted, epochs)
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
