"""How exactly scanned pages are read: fixtures set in type, spoilt as scanners and copiers spoil pages, and recognised.

``python -m eval.recognising [--pages N] [--dpi 150 200 300] [REPORT ...]``

Prints one line of a table for each kind of page: characters right (edit distance against what was printed, marks of one
shape counted as equal), numbers right, wrong numbers that were marked as doubtful, right ones that were too, seconds of
processor time a page. Tables are compared cell by cell, in the order in which they are laid out.
"""

import argparse
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from PIL import Image

from eval.pictures import FONTS, PAGE, SPOILT, Page, Press
from reviewer.memo.places import DOUBTFUL
from reviewer.reading import read
from reviewer.reading.layout import Layout
from reviewer.reading.page_lines import Picture
from reviewer.reading.paged import lay_out_pages
from reviewer.reading.recognition import recognise

_FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
REPORTS = tuple(
    _FIXTURES / name
    for name in (
        "liyang-archives-2023.md",
        "luxi-rural-roads-2024.md",
        "baiyan-vocational-training-2023.md",
        "yanchuan-boarding-2022.txt",
    )
)
_NUMBER = re.compile(r"[0-9](?:[,.]?[0-9])*%?")


@dataclass
class Tally:
    """What was counted over the pages of one kind."""

    pages: int = 0
    characters: int = 0
    wrong_characters: int = 0
    numbers: int = 0
    right: int = 0
    wrong_marked: int = 0
    wrong_unmarked: int = 0
    right_marked: int = 0
    seconds: float = 0.0

    def line(self, name: str) -> str:
        exact = 100 - 100 * self.wrong_characters / self.characters
        return (
            f"| {name} | {self.pages} | {exact:.2f} % | {self.right} of {self.numbers} | {self.wrong_marked} | "
            f"{self.wrong_unmarked} | {self.right_marked} | {self.seconds / self.pages:.1f} |"
        )


def printed(report: Path, dpi: int, font: Path) -> list[Page]:
    """The pages of a fixture."""
    document = read(report, "d1")
    press, tables = Press(dpi, font), {table.id: table for table in document.tables}
    for block in document.blocks:
        if block.table is None:
            press.paragraph(document.text[block.start : block.end])
        else:
            rows = tables[block.table].rows
            press.table([[document.text[cell.span.start : cell.span.end] for cell in row] for row in rows])
    return press.pages


def measure(tally: Tally, page: Page, spoil: Callable[[Image.Image], Image.Image]) -> None:
    """Recognise a page and count what is right."""
    image = spoil(page.image)
    start = time.process_time()
    layout = lay_out_pages([recognise(Picture(1, image, *PAGE))], "d1", "image")
    tally.seconds += time.process_time() - start
    tally.pages += 1
    wanted, got = _half_width(page.text()), _half_width(layout.text)
    tally.characters += len(_packed(wanted))
    tally.wrong_characters += _distance(_packed(wanted), _packed(got))
    numbers, found = _NUMBER.findall(wanted), list(_numbers(got, layout))
    tally.numbers += len(numbers)
    read_right: set[int] = set()
    for match in SequenceMatcher(None, numbers, [text for text, _ in found], autojunk=False).get_matching_blocks():
        read_right.update(range(match.b, match.b + match.size))
    tally.right += len(read_right)
    for index, (_, marked) in enumerate(found):
        if index in read_right:
            tally.right_marked += marked
        else:
            tally.wrong_marked += marked
            tally.wrong_unmarked += not marked


def _half_width(text: str) -> str:
    """Marks of one shape as one; every character stays one, so that places stay."""
    return "".join(one if len(one := unicodedata.normalize("NFKC", char)) == 1 else char for char in text)


def _packed(text: str) -> str:
    return re.sub(r"\s", "", text)


def _numbers(text: str, layout: Layout) -> Iterator[tuple[str, bool]]:
    """The numbers as read, and whether each is marked as doubtful."""
    doubtful = {
        at for stretch in layout.recognised if stretch.confidence < DOUBTFUL for at in range(stretch.start, stretch.end)
    }
    for match in _NUMBER.finditer(text):
        yield match.group(), not doubtful.isdisjoint(range(*match.span()))


def _distance(wanted: str, got: str) -> int:
    above = list(range(len(got) + 1))
    for row, char in enumerate(wanted, start=1):
        line = [row]
        for column, other in enumerate(got, start=1):
            line.append(min(above[column] + 1, line[-1] + 1, above[column - 1] + (char != other)))
        above = line
    return above[-1]


def run(reports: Sequence[Path], resolutions: Sequence[int], most: int) -> Iterator[str]:
    """The lines of the table, as they are measured."""
    yield "| page | pages | characters | numbers right | wrong, marked | wrong, unmarked | right, marked | s a page |"
    yield "|---|---|---|---|---|---|---|---|"
    for dpi in resolutions:
        for name, spoil in SPOILT.items():
            tally = Tally()
            for number, report in enumerate(reports):
                for page in printed(report, dpi, FONTS[number % len(FONTS)])[1 : most + 1]:
                    measure(tally, page, spoil)
            yield tally.line(f"{dpi} dpi, {name}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.recognising", description="Measure text recognition.")
    parser.add_argument("reports", nargs="*", type=Path, default=REPORTS, metavar="REPORT")
    parser.add_argument("--pages", type=int, default=1, help="of each report, from its second on (default: 1)")
    parser.add_argument("--dpi", type=int, nargs="+", default=(150, 200, 300))
    chosen = parser.parse_args()
    for line in run(chosen.reports, chosen.dpi, chosen.pages):
        print(line, flush=True)


if __name__ == "__main__":
    main()
