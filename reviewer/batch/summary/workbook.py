"""summary.xlsx: reports, findings, rules and failures, each on a sheet of its own; written row by row."""

import shutil
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from os import PathLike
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
from openpyxl.writer.excel import ExcelWriter

from reviewer.batch.records import Result, Spent, Status
from reviewer.batch.summary.cells import ROWS, Column, Sheets, Value
from reviewer.batch.summary.facts import RunFacts
from reviewer.batch.summary.tally import Tally
from reviewer.batch.summary.texts import Texts
from reviewer.schema.result import Severity
from reviewer.settings import Language

__all__ = ["Workbook"]

_REPORTS = (
    Column("unit", 28),
    Column("files", 42),
    Column("year", 8, "plain"),
    Column("kind", 14),
    Column("status", 10),
    Column("errors", 8, "number"),
    Column("warnings", 8, "number"),
    Column("notes", 8, "number"),
    Column("headline", 60),
    Column("quantities", 10, "number"),
    Column("labelled", 10, "number"),
    Column("verified", 10, "number"),
    Column("contradicted", 13, "number"),
    Column("undetermined", 10, "number"),
    Column("differs", 36),
    Column("unread", 10, "number"),
    Column("prompt_tokens", 12, "number"),
    Column("completion_tokens", 12, "number"),
    Column("price", 12, "price"),
    Column("seconds", 9, "seconds"),
    Column("review", 30, "link"),
    Column("memo", 30, "link"),
    Column("id", 30),
)
_FINDINGS = (
    Column("unit", 28),
    Column("files", 30),
    Column("code", 10),
    Column("severity", 8),
    Column("title", 24),
    Column("message", 60),
    Column("calculation", 40),
    Column("question", 44),
    Column("places", 28),
    Column("id", 30),
)
_RULES = (
    Column("code", 10),
    Column("title", 36),
    Column("reports", 12, "number"),
    *(Column(severity, 10, "number") for severity in Severity),
)
_FAILED = (
    Column("files", 44),
    Column("unit", 28),
    Column("failure", 18),
    Column("message", 60),
    Column("hint", 50),
    Column("id", 30),
)
# The oldest time a ZIP file can tell.
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)


class Workbook:
    """Fills the sheets as results pass by; `rows` is the number of rows of a sheet."""

    def __init__(self, lang: Language, rows: int = ROWS) -> None:
        self._t = Texts(lang)
        self._book = openpyxl.Workbook(write_only=True)
        self._reports = self._sheets("reports", _REPORTS, rows)
        self._findings = self._sheets("findings", _FINDINGS, rows)
        self._rules = self._sheets("rules", _RULES, rows)
        self._failed = self._sheets("failed", _FAILED, rows)

    def _sheets(self, name: str, columns: tuple[Column, ...], rows: int) -> Sheets:
        headings = [self._t(f"column.{column.name}") for column in columns]
        return Sheets(self._book, self._t(f"sheet.{name}"), columns, headings, rows)

    def add(self, result: Result) -> None:
        """A report's rows. OSError where the disk is full."""
        t, files = self._t, "\n".join(result.paths)
        unit = result.unit or ""
        reviewed = result.status is Status.REVIEWED

        def number(value: int) -> int | None:
            # Nothing was counted in a report that could not be reviewed; a nought would say that nothing is wrong.
            return value if reviewed else None

        self._reports.append(
            unit,
            files,
            result.year,
            t(f"kind.{result.kind}"),
            t(f"status.{result.status}"),
            *(number(value) for value in (result.errors, result.warnings, result.notes)),
            result.headline,
            *(number(value) for value in (result.quantities, result.labelled)),
            *(number(value) for value in (result.verified, result.contradicted, result.undetermined)),
            "\n".join(t.differences(result)),
            *_cost(result.unread, result.spent),
            result.seconds,
            result.review,
            result.memo,
            result.id,
        )
        for f in result.findings:
            self._findings.append(
                unit,
                files,
                f.code,
                t(f"severity.{f.severity}"),
                f.title,
                f.message,
                f.calculation,
                f.question,
                t("form.separator").join(f.places),
                result.id,
            )
        if (failure := result.failure) is not None:
            reason = t(f"failure.{failure.kind}")
            self._failed.append(files, unit, reason, failure.message, failure.hint, result.id)

    def save(self, file: BinaryIO, tally: Tally, run: RunFacts) -> None:
        """Write the whole workbook; nothing can be added afterwards."""
        for code, count in tally.ranked():
            by_severity = (count.by_severity[severity] for severity in Severity)
            self._rules.append(code, count.titled(code, self._t.lang), count.reports, *by_severity)
        for sheets in (self._reports, self._findings, self._rules, self._failed):
            sheets.end()
        made = _moment(run)
        properties = self._book.properties
        properties.created = properties.modified = made.replace(tzinfo=None)
        properties.creator, properties.title = "reviewer", self._t("page.title")
        ExcelWriter(self._book, _DatedZip(file, made)).save()

    def close(self) -> None:
        """End what is half written; nothing after `save`."""
        for sheet in self._book.worksheets:
            # Where the disk is full, what led here has said so.
            with suppress(OSError):
                if not sheet.closed:
                    sheet.close()


def _cost(unread: int, spent: Spent | None) -> tuple[Value, ...]:
    """Unread, tokens in and out, price; empty for an offline review, where there is nothing to count."""
    if spent is None:
        return None, None, None, None
    price = None if spent.price is None else Decimal(spent.price)
    return unread, spent.prompt_tokens, spent.completion_tokens, price


def _moment(run: RunFacts) -> datetime:
    """When the run ended, as the files' date; a fixed date where it is not known, so that equal runs are equal."""
    if (told := run.ended or run.begun) is None:
        return _EPOCH
    return max(_EPOCH, datetime.fromisoformat(told).astimezone(UTC).replace(microsecond=0))


class _DatedZip(ZipFile):
    """A ZIP file whose members all bear the same date instead of that of their writing."""

    def __init__(self, file: BinaryIO, date: datetime) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self._date = date.timetuple()[:6]

    def _info(self, name: str) -> ZipInfo:
        info = ZipInfo(name, self._date)
        info.compress_type = ZIP_DEFLATED
        return info

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **kwargs: Any) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        super().writestr(self._info(name), data)

    def write(
        self, filename: str | PathLike[str], arcname: str | PathLike[str] | None = None, *args: Any, **kwargs: Any
    ) -> None:
        source: IO[bytes]
        with open(filename, "rb") as source, self.open(self._info(str(arcname or filename)), "w") as member:
            shutil.copyfileobj(source, member)
