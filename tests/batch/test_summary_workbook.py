"""summary.xlsx, read back as a spreadsheet program reads it."""

import zipfile
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reviewer.batch.records import Result, Spent
from reviewer.batch.summary import RunFacts, write_summaries
from reviewer.batch.summary.cells import link, text_of
from reviewer.batch.summary.tally import Tally
from reviewer.batch.summary.workbook import Workbook
from reviewer.errors import UsageError
from tests.batch.sample_results import RUN, failed, many, reviewed, sample

Rows = list[dict[str, Any]]
Read = Callable[[str], Rows]


def saved(results: Iterable[Result], run: RunFacts = RUN, **options: Any) -> bytes:
    workbook, tally, file = Workbook("zh", **options), Tally(), BytesIO()
    for result in results:
        tally.add(result)
        workbook.add(result)
    workbook.save(file, tally, run)
    return file.getvalue()


def rows_of(sheet: Any) -> Rows:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(BytesIO(saved(sample())))


@pytest.fixture
def read(book: Any) -> Read:
    return lambda sheet: rows_of(book[sheet])


def test_every_report_has_one_row_with_what_its_review_counted(read: Read) -> None:
    rows, results = read("汇总"), sample()
    assert [row["编号"] for row in rows] == [result.id for result in results]
    for row, result in zip(rows[:-1], results, strict=False):
        assert (row["单位"], row["年度"], row["文件"]) == (result.unit, result.year, "\n".join(result.paths))
        assert (row["错误"], row["疑点"], row["提示"]) == (result.errors, result.warnings, result.notes)
        assert (row["识别数字"], row["已明确含义"]) == (result.quantities, result.labelled)
        assert (row["核实"], row["不一致"], row["未判定"]) == (
            result.verified,
            result.contradicted,
            result.undetermined,
        )
        assert (row["状态"], row["最需关注"], row["用时（秒）"]) == ("已复核", result.headline, result.seconds)


def test_what_the_manifest_says_differently_stands_in_words(read: Read) -> None:
    first, second, *_ = read("汇总")
    assert first["与清单不一致"] == (
        f"单位：清单为“另一单位”，报告为“{first['单位']}”\n类型：清单为“绩效评价”，报告为“{first['类型']}”"
    )
    assert second["与清单不一致"] is None


def test_a_failed_report_has_no_noughts_that_look_like_a_clean_review(read: Read) -> None:
    row = read("汇总")[-1]
    assert row["状态"] == "未能复核"
    assert {row[name] for name in ("错误", "疑点", "提示", "识别数字", "核实", "不一致", "未判定")} == {None}
    (told,) = read("失败")
    assert (told["文件"], told["原因"]) == ("reports/scan-1.pdf", "文件不可用")
    assert (told["情况"], told["处理"]) == ("the PDF holds pictures of pages only", "recognise its text first")


def test_every_finding_has_one_row(read: Read) -> None:
    findings = [finding for result in sample() for finding in result.findings]
    told = [(row["规则"], row["情况"], row["计算"], row["位置"]) for row in read("问题清单")]
    assert told == [(f.code, f.message, f.calculation, "、".join(f.places)) for f in findings]
    assert {row["性质"] for row in read("问题清单")} == {"错误", "疑点", "提示"}


def test_rules_are_counted_by_severity_and_by_reports(read: Read) -> None:
    rows = read("规则统计")
    for row in rows:
        found = [(r.id, f.severity) for r in sample() for f in r.findings if f.code == row["规则"]]
        assert [row["错误"], row["疑点"], row["提示"]] == [
            sum(1 for _, severity in found if severity == wanted) for wanted in ("error", "warning", "note")
        ]
        assert row["涉及报告"] == len({report for report, _ in found})
    assert {row["规则"] for row in rows} == {f.code for r in sample() for f in r.findings}


def test_sheets_are_ready_to_read_and_to_filter(book: Any) -> None:
    assert book.sheetnames == ["汇总", "问题清单", "规则统计", "失败"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
    headline = next(cell for cell in book["汇总"][1] if cell.value == "最需关注")
    assert book["汇总"].column_dimensions[headline.column_letter].width >= 40
    assert book["汇总"][f"{headline.column_letter}2"].alignment.wrap_text


def test_rows_are_as_tall_as_their_texts(book: Any) -> None:
    short = failed().model_copy(update={"headline": "短"})
    long = short.model_copy(update={"headline": "甲" * 100})
    lines = short.model_copy(update={"paths": ("a", "b", "c")})
    endless = short.model_copy(update={"headline": "甲" * 40_000})
    sheet = openpyxl.load_workbook(BytesIO(saved([short, long, lines, endless])))["汇总"]
    assert [sheet.row_dimensions[row].height for row in range(2, 6)] == [16, 64, 48, 320]


def test_reviews_and_memos_are_linked(book: Any) -> None:
    head = {cell.value: cell.column for cell in book["汇总"][1]}
    cell = book["汇总"].cell(2, head["复核数据"])
    assert (cell.value, cell.hyperlink.target) == ("reviews/liyang-archives-2023.json",) * 2
    assert link("reviews/甲 #1%.json") == "reviews/甲%20%231%25.json"


# Text stays text


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://example.org","x")', "=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "2023-01-01", "007", "=", ""],
)
def test_a_reports_text_never_becomes_a_formula_or_another_value(text: str) -> None:
    result = reviewed("liyang-archives-2023.md")
    finding = result.findings[0].model_copy(update={"message": text, "title": text, "calculation": text})
    hostile = result.model_copy(update={"unit": text, "paths": (text,), "headline": text, "findings": (finding,)})
    written = saved([hostile])
    book = openpyxl.load_workbook(BytesIO(written))
    cells = [c for name in ("汇总", "问题清单") for c in book[name][2] if c.value == text]
    assert len(cells) == (0 if not text else 8)
    assert {c.data_type for c in cells} <= {"s"}
    # Excel takes the text for a formula when somebody edits the cell, unless the cell says that it is one.
    assert all(c.quotePrefix for c in cells) or text[:1] not in set("=+-@")
    with zipfile.ZipFile(BytesIO(written)) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]


def test_characters_that_excel_forbids_are_left_out() -> None:
    result = reviewed("liyang-archives-2023.md").model_copy(update={"unit": "甲\x00\x0b\ud800\uffff\x1b局\r\n乙"})
    (row,) = rows_of(openpyxl.load_workbook(BytesIO(saved([result])))["汇总"])
    assert row["单位"] == "甲局\n乙"


@pytest.mark.parametrize("character", ["甲", "𠮷"])
def test_a_text_longer_than_a_cell_is_cut_and_says_so(character: str) -> None:
    cut = text_of(character * 40_000)
    # Excel counts 𠮷 as two.
    assert 32_765 < len(cut.encode("utf-16-le")) // 2 <= 32_767
    assert cut == character * (len(cut) - 1) + "…"
    whole = character * (32_767 // (len(character.encode("utf-16-le")) // 2))
    assert text_of(whole) == whole


def test_rows_beyond_a_sheet_go_on_to_a_further_one() -> None:
    results = list(many(14))
    book = openpyxl.load_workbook(BytesIO(saved(results, rows=6)))
    assert book.sheetnames[:4] == ["汇总", "汇总 (2)", "汇总 (3)", "问题清单"]
    parts = [rows_of(book[name]) for name in ("汇总", "汇总 (2)", "汇总 (3)")]
    assert [len(part) for part in parts] == [5, 5, 4]
    assert [row["编号"] for part in parts for row in part] == [result.id for result in results]
    assert all(sheet.freeze_panes == "A2" and sheet.auto_filter.ref == sheet.dimensions for sheet in book)


# Cost


def test_tokens_and_price_are_numbers_and_an_unknown_price_is_no_nought() -> None:
    result = reviewed("liyang-archives-2023.md")
    spent = Spent(calls=3, prompt_tokens=1200, completion_tokens=300, price="0.0123")
    priced = result.model_copy(update={"unread": 2, "spent": spent})
    unpriced = result.model_copy(update={"spent": spent.model_copy(update={"price": None})})
    rows = rows_of(openpyxl.load_workbook(BytesIO(saved([priced, unpriced, result])))["汇总"])
    told = [tuple(row[n] for n in ("模型未读", "输入词元", "输出词元", "费用（美元）")) for row in rows]
    assert told == [(2, 1200, 300, 0.0123), (0, 1200, 300, None), (None, None, None, None)]


# Files


def test_the_same_results_give_the_same_files(tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
        write_summaries(folder, lambda: iter(sample()), RUN, "zh")
    for name in ("summary.xlsx", "index.html"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    assert sorted(path.name for path in folders[0].iterdir()) == ["index.html", "summary.xlsx"]


def test_the_workbook_is_dated_by_the_run_and_not_by_the_clock() -> None:
    with zipfile.ZipFile(BytesIO(saved(sample()))) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2024, 5, 6, 0, 1, 30)}
    properties = openpyxl.load_workbook(BytesIO(saved([]))).properties
    assert str(properties.modified) == str(properties.created) == "2024-05-06 00:01:30"
    assert saved(sample(), RunFacts()) == saved(sample(), RunFacts())


def test_a_summary_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "summary.xlsx").mkdir()
    (tmp_path / "index.html").write_text("old")
    with pytest.raises(UsageError, match=r"cannot write .*summary\.xlsx") as caught:
        write_summaries(tmp_path, lambda: iter([failed()]), RUN, "zh")
    assert caught.value.hint
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "summary.xlsx"]
    assert (tmp_path / "index.html").read_text() == "old"


def test_results_that_end_in_an_error_leave_the_old_files(tmp_path: Path) -> None:
    def broken() -> Iterable[Result]:
        yield failed()
        raise ValueError("torn")

    (tmp_path / "summary.xlsx").write_text("old")
    with pytest.raises(ValueError, match="torn"):
        write_summaries(tmp_path, lambda: iter(broken()), RUN, "zh")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("summary.xlsx", "old")]


def test_the_english_workbook_is_in_english() -> None:
    workbook, file = Workbook("en"), BytesIO()
    workbook.add(failed())
    workbook.save(file, Tally(), RUN)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["Summary", "Findings", "Rules", "Failed"]
    assert rows_of(book["Failed"])[0]["Reason"] == "File not usable"
