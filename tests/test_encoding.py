"""A report in any encoding an office saves it in is read; bytes that are no Chinese text are refused, not guessed."""

import codecs
from pathlib import Path

import pytest

from reviewer.errors import (
    DamagedFile,
    EmptyReport,
    InputError,
    OversizedFile,
    UndecodableText,
    UnreadableFile,
    UnsupportedFormat,
)
from reviewer.reading import LARGEST_TEXT, read
from reviewer.reading.encoding import decode

PROSE = (
    "青禾县图书馆2023年度部门整体支出绩效自评报告\n\n一、部门基本情况\n"
    "本馆全年预算数为1,198.60万元，实际支出为1,150.20万元，预算执行率为95.96%，各项工作按计划完成。\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [PROSE, PROSE * 20, "预算执行率为95.96%。", "绩效自评"])
def test_every_usual_encoding_is_found_out(encoding: str, text: str) -> None:
    """A user would otherwise get gibberish, or have to know what an encoding is."""
    found = decode(text.encode(encoding), "report.txt")
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize(("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")])
def test_a_byte_order_mark_is_no_text(mark: bytes, encoding: str) -> None:
    """A stray first character would hide the title."""
    found = decode(mark + PROSE.encode(encoding), "report.txt")
    assert (found.text, found.encoding) == (PROSE, encoding)


def test_gbk_is_read_by_its_superset() -> None:
    """Old office software writes GBK."""
    assert decode(PROSE.encode("gbk"), "report.txt").text == PROSE


@pytest.mark.parametrize(
    "raw",
    [
        "國立圖書館的預算執行情況與績效評估報告，經費支出總額為三千元。".encode("big5"),
        "Résumé des dépenses engagées à l'été: élevées, réglées.".encode("latin-1"),
        "예산 집행 결과 보고서 도서관의 연간 예산은 모두 집행되었으며 성과 목표를 달성하였다 이용자 만족도는 매우 높았다".encode(
            "euc-kr"
        ),
        bytes(range(256)) * 4,
        PROSE.encode("utf-8") + b"\x00\x01\x02",
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_chinese_text_is_refused(raw: bytes) -> None:
    """Reviewing mojibake would give a clean memo for a report nobody read."""
    with pytest.raises(UndecodableText) as caught:
        decode(raw, "报告.txt")
    assert caught.value.message.startswith("报告.txt") and "\n" not in caught.value.message and caught.value.hint


@pytest.mark.parametrize("raw", [b"", b" \r\n\t \n", codecs.BOM_UTF8, "\u3000\n \ufeff".encode()])
def test_an_empty_file_says_so(tmp_path: Path, raw: bytes) -> None:
    """No findings in an empty export must not read as a clean report."""
    path = tmp_path / "empty.txt"
    path.write_bytes(raw)
    with pytest.raises(EmptyReport):
        read(path, "d1")


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx", "a.jpg", "a.exe"])
def test_text_under_another_ending_gets_a_hint(tmp_path: Path, name: str) -> None:
    """The user learns what to do, not only that it failed."""
    (tmp_path / name).write_text(PROSE, encoding="utf-8")
    with pytest.raises(DamagedFile if name != "a.exe" else UnsupportedFormat) as caught:
        read(tmp_path / name, "d1")
    assert name in caught.value.message and caught.value.hint


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7\n1 0 obj",
        b"\n%PDF-1.4",
        b"PK\x03\x04abc",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x",
        b"\x89PNG\r\n\x1a\n0",
        b"\xff\xd8\xff\xe0",
    ],
)
def test_a_renamed_binary_is_known_by_its_content(tmp_path: Path, raw: bytes) -> None:
    """A PDF renamed to .txt would otherwise be reviewed as noise."""
    path = tmp_path / "report.txt"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read(path, "d1")
    assert not isinstance(caught.value, UndecodableText | EmptyReport)


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    """A typo in a path must not end in a traceback."""
    for path in (tmp_path / "no.txt", tmp_path):
        with pytest.raises(UnreadableFile) as caught:
            read(path, "d1")
        assert str(path) in caught.value.message


def test_a_text_larger_than_any_report_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    """Minutes of work on a log file that was dropped among the reports help nobody."""
    path = tmp_path / "log.txt"
    path.write_bytes("预算执行情况良好。\n".encode() * (LARGEST_TEXT // 28 + 1))
    with pytest.raises(OversizedFile, match="4 MiB"):
        read(path, "d1")
