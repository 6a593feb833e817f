"""Workbooks (.xlsx, .xlsm): self-evaluation forms, scoring sheets, accounts.

The parts are read straight, with lxml: openpyxl turns decimals into binary numbers, keeps a million formatted empty
cells in memory, and cannot tell a formula without a value from an empty cell in one pass.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewer.errors import ReviewerError
from reviewer.reading import grids
from reviewer.reading.layout import Layout, Writer
from reviewer.reading.packed import Package
from reviewer.reading.xlsx.sheet import MOST_CELLS, SheetCells, letters, read_sheet
from reviewer.reading.xlsx.view import View, view
from reviewer.reading.xlsx.workbook import SheetPart, Workbook, local
from reviewer.schema.source import Notice, NoticeKind, Sheet

__all__ = ["lay_out"]

_NAMED = 20
"""Rows, columns or cells a notice names one by one."""


def lay_out(raw: bytes, document_id: str, shown: str) -> Layout:
    """The sheets as a person who opens the workbook sees them, one after the other; a sheet is a page.

    What is hidden goes to the omissions and is named in a notice. Raises DamagedFile, ProtectedFile, OversizedFile.
    """
    package = Package(raw, shown)
    try:
        return _laid_out(package, document_id)
    except ReviewerError:
        raise
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise package.damaged("its sheets cannot be taken apart") from error


def _laid_out(package: Package, document_id: str) -> Layout:
    book = Workbook(package)
    writer = Writer(document_id)
    notices = _Notices()
    filled = area = 0
    for page, sheet in enumerate(book.sheets, start=1):
        cells = read_sheet(book, sheet, MOST_CELLS - filled)
        filled += sum(map(len, cells.cells.values()))
        seen = view(cells, page, shown=not sheet.hidden)
        area += seen.size()
        if area > MOST_CELLS:
            raise package.oversized(f"its tables hold more than {MOST_CELLS:,} cells")
        grids.write(writer, seen.grid())
        for words, place in seen.left_out:
            writer.omit(words, place, "hidden")
        notices.sheet(page, sheet, cells, seen)
        notices.beside(page, package, sheet)
    notices.whole(package)
    sheets = tuple(Sheet(name=sheet.name, hidden=sheet.hidden) for sheet in book.sheets)
    return writer.layout("xlsx", len(sheets), sheets=sheets, notices=tuple(notices.found))


@dataclass(slots=True)
class _Notices:
    found: list[Notice] = field(default_factory=list)

    def sheet(self, page: int, sheet: SheetPart, cells: SheetCells, seen: View) -> None:
        """What a sheet does not show, or shows otherwise than the text does."""
        name = sheet.name
        if sheet.hidden:
            self._add("hidden_sheet", 1, page, name)
            return
        self._add(
            "hidden_rows", len(set(seen.hidden_rows)), page, _named(name, map(str, sorted(set(seen.hidden_rows))))
        )
        columns = sorted(set(seen.hidden_columns))
        self._add("hidden_columns", len(columns), page, _named(name, map(letters, columns)))
        self._add("hidden_text", len(seen.hidden_cells), page, _named(name, seen.hidden_cells))
        self._add("no_cached_value", len(cells.uncached), page, _named(name, cells.uncached))
        self._add("unknown_number_format", len(cells.unprinted), page, _named(name, cells.unprinted))

    def beside(self, page: int, package: Package, sheet: SheetPart) -> None:
        """Comments and pictures of a sheet."""
        relations = package.relations(sheet.part).values() if sheet.part else ()
        for relation in sorted(relations, key=lambda relation: relation.target):
            if relation.kind == "comments" and relation.target in package:
                count = sum(1 for _ in package.stream(relation.target, "comment"))
                self._add("comments", count, page, sheet.name)
            elif relation.kind == "drawing" and relation.target in package:
                self._add("pictures_ignored", _drawn(package, relation.target), page, sheet.name)

    def whole(self, package: Package) -> None:
        """What the workbook carries besides its sheets."""
        names = [name.lower() for name in package.names]
        macros = sum(name.endswith("vbaproject.bin") for name in names)
        self._add("macros_ignored", macros, None, "")
        links = [name for name in names if "/externallinks/" in name and name.endswith(".xml")]
        self._add("external_ignored", len(links), None, "")

    def _add(self, kind: NoticeKind, count: int, page: int | None, detail: str) -> None:
        if count:
            pages = () if page is None else (page,)
            self.found.append(Notice(kind=kind, count=count, pages=pages, detail=detail))


def _named(sheet: str, addresses: "Sequence[str] | map[str]") -> str:
    """「自评表!B12, B13」; the first of a long list."""
    listed = list(addresses)
    rest = ", …" if len(listed) > _NAMED else ""
    return f"{sheet}!{', '.join(listed[:_NAMED])}{rest}"


def _drawn(package: Package, part: str) -> int:
    """Pictures, shapes and charts of a drawing."""
    anchors = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
    return sum(local(element) in anchors for element in package.stream(part, *anchors))
