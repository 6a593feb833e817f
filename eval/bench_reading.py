"""How fast files are read, beside what the bare library takes for the plain text of the same file.

``python -m eval.bench_reading`` (``make bench``)

Each format is one function that yields (what, pages, seconds of `reading.read`, seconds of the library).
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from reviewer.reading import read

Measured = tuple[str, int, float, float]


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock seconds of the second of two runs: the first one loads what it needs."""
    work()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def pictures(folder: Path) -> Iterator[Measured]:
    """Scanned pages: RapidOCR's own pipeline on the same picture is the bare library."""
    from rapidocr_onnxruntime import RapidOCR  # type: ignore[import-untyped]

    from eval.pictures import FONTS
    from eval.recognising import REPORTS, printed

    page = printed(REPORTS[0], 200, FONTS[0])[1]
    path = folder / "page.png"
    page.image.save(path, dpi=(200, 200))
    bare = RapidOCR()
    yield "scan, 200 dpi", 1, seconds(lambda: read(path, "d1")), seconds(lambda: bare(str(path)))


FORMATS: tuple[Callable[[Path], Iterator[Measured]], ...] = (pictures,)


def main() -> None:
    """One line for each format."""
    with tempfile.TemporaryDirectory() as folder:
        for measure in FORMATS:
            for what, pages, ours, theirs in measure(Path(folder)):
                print(f"{what}: {pages / ours:.2f} pages/s, bare library {pages / theirs:.2f} pages/s", flush=True)


if __name__ == "__main__":
    main()
