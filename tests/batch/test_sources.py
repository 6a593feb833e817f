"""Paths to jobs: what a user names is reviewed, once, and nothing else."""

import os
from itertools import islice
from pathlib import Path

import pytest

from reviewer.batch.records import Job
from reviewer.batch.sources import Plan, job_id
from reviewer.errors import ReviewerError, UnreadableFile, UsageError
from reviewer.schema import DocumentKind
from tests.batch.batch_kit import report


def jobs(*paths: Path | str, out: Path = Path("nowhere"), glob: str | None = None, dossiers: bool = False) -> list[Job]:
    return list(Plan(tuple(str(path) for path in paths), out, glob, dossiers).jobs())


def named(found: list[Job], folder: Path) -> list[str]:
    return [Path(path).relative_to(folder).as_posix() for one in found for path in one.paths]


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("报告", encoding="utf-8")


def manifest(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_a_folder_gives_its_reports_at_any_depth_in_one_order(tmp_path: Path) -> None:
    touch(tmp_path, "b.txt", "a.md", "2023/c.TXT", "2023/deep/d.text")
    assert named(jobs(tmp_path), tmp_path) == ["2023/c.TXT", "2023/deep/d.text", "a.md", "b.txt"]
    assert jobs(tmp_path) == jobs(tmp_path)


def test_what_is_no_report_in_a_folder_is_left_alone(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt", ".hidden.txt", ".git/b.txt", "~$a.txt", "__MACOSX/a.txt", "Makefile", "picture.png")
    os.mkfifo(tmp_path / "pipe.txt")
    assert named(jobs(tmp_path), tmp_path) == ["a.txt"]


def test_the_output_folder_is_not_reviewed_nor_that_of_another_batch(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt", "out/memos/m.md", "old/run.json", "old/results.jsonl", "old/memos/m.md")
    assert named(jobs(tmp_path, out=tmp_path / "out"), tmp_path) == ["a.txt"]
    assert jobs(tmp_path / "out", out=tmp_path / "out") == []


def test_glob_chooses_among_the_files_of_folders(tmp_path: Path) -> None:
    touch(tmp_path, "a.md", "b.txt", "2023/c.txt", "d.dat")
    assert named(jobs(tmp_path, glob="*.txt"), tmp_path) == ["2023/c.txt", "b.txt"]
    assert named(jobs(tmp_path, glob="2023/*"), tmp_path) == ["2023/c.txt"]
    assert named(jobs(tmp_path, glob="*.dat"), tmp_path) == ["d.dat"]
    with pytest.raises(UsageError):
        jobs(tmp_path, glob="")


def test_a_folder_is_a_dossier_when_asked_and_the_report_stands_first(tmp_path: Path) -> None:
    """A form taken for the report would be held to the report's rules."""
    touch(
        tmp_path,
        "a局/1决算表.xlsx",
        "a局/2部门整体支出绩效自评报告.txt",
        "a局/3说明.txt",
        "a局/logo.png",
        "b局/自评表.xlsx",
    )
    found = [[Path(path).name for path in job.paths] for job in jobs(tmp_path, dossiers=True)]
    assert found == [["2部门整体支出绩效自评报告.txt", "3说明.txt", "1决算表.xlsx"], ["自评表.xlsx"]]


def test_the_same_file_is_one_report_however_often_it_is_named(tmp_path: Path) -> None:
    touch(tmp_path, "in/a.txt", "in/b.txt")
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "in/a.txt")
    given = (tmp_path / "in/a.txt", tmp_path / "in", tmp_path / "in/../in/b.txt", tmp_path / "in")
    assert named(jobs(*given), tmp_path) == ["in/a.txt", "in/b.txt"]


def test_a_path_that_is_not_there_ends_it_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"gone\.txt: no such file or folder"):
        jobs(tmp_path / "gone.txt")


def test_jobs_are_found_as_they_are_drawn(tmp_path: Path) -> None:
    """A million reports need not be listed before the first is begun."""
    touch(tmp_path, "a/1.txt", "a/2.txt")
    found = Plan((str(tmp_path / "a"), str(tmp_path / "gone")), tmp_path / "out").jobs()
    assert len(list(islice(found, 2))) == 2
    with pytest.raises(UnreadableFile):
        next(found)


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("in/清禾县图书馆 2023（定稿）.txt", "清禾县图书馆-2023-定稿"),
        ("../-rf.txt", "rf"),
        ("...", "report"),
        ("a/b:c*?.md", "b-c"),
        ("长" * 84 + ".txt", "长" * 26),
    ],
)
def test_an_id_is_a_readable_name_for_a_file(path: str, stem: str) -> None:
    name, _, digest = job_id((path,)).rpartition("-")
    assert name == stem and len(digest) >= 8 and len(f"{name}-{digest}.json".encode()) < 200


def test_ids_differ_where_paths_do_and_not_otherwise(tmp_path: Path) -> None:
    touch(tmp_path, *(f"{number}/自评报告.txt" for number in range(50)))
    found = jobs(tmp_path)
    assert len({one.id for one in found}) == 50
    assert job_id(("a.txt", "b.txt")) != job_id(("a.txt",)) != job_id(("b.txt",))


# Manifests


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_manifest_says_what_is_known_of_each_report(tmp_path: Path, encoding: str) -> None:
    """Excel saves Chinese tables in GBK."""
    touch(tmp_path, "报告/a.txt", "报告/b.txt", "报告/附件.txt")
    text = (
        "序号,文件,单位,年度,类型\r\n"
        "1,报告/a.txt,清禾县图书馆,2023年度,部门整体支出\r\n"
        '2,"报告/b.txt；报告/附件.txt",,2022,项目\r\n'
        ",,,,\r\n"
    )
    first, second = jobs(manifest(tmp_path / "list.csv", text, encoding))
    assert first.paths == (str(tmp_path / "报告/a.txt"),)
    assert (first.declared.unit, first.declared.year) == ("清禾县图书馆", 2023)
    assert first.declared.kind is DocumentKind.DEPARTMENT_OVERALL
    assert second.paths == (str(tmp_path / "报告/b.txt"), str(tmp_path / "报告/附件.txt"))
    assert (second.declared.unit, second.declared.year) == (None, 2022)
    assert second.declared.kind is DocumentKind.PROJECT


@pytest.mark.parametrize("sign", [";", "\t"])
def test_cells_may_be_parted_as_excel_parts_them_elsewhere(tmp_path: Path, sign: str) -> None:
    text = '序号,"文件",单位\r\n1,"a.txt;b.txt",甲局\r\n2,c.txt,乙局\r\n'.replace(",", sign)
    first, second = jobs(manifest(tmp_path / "list.csv", text, "utf-16"))
    assert [Path(path).name for path in first.paths] == ["a.txt", "b.txt"]
    assert (first.declared.unit, second.declared.unit) == ("甲局", "乙局")


def test_a_manifest_of_json_lines(tmp_path: Path) -> None:
    text = '{"path": ["a.txt", "b.txt"], "kind": "evaluation", "year": 2023}\n\n{"path": "c.txt;d.txt", "unit": null}\n'
    first, second = jobs(manifest(tmp_path / "list.jsonl", text))
    assert first.paths == (str(tmp_path / "a.txt"), str(tmp_path / "b.txt"))
    assert (first.declared.kind, first.declared.year) == (DocumentKind.EVALUATION, 2023)
    assert second.paths == (str(tmp_path / "c.txt"), str(tmp_path / "d.txt"))


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("m.csv", "路径,年度\na.txt,2023\nb.txt,去年\n", "row 3: '去年' is no year"),
        ("m.csv", "path,kind\na.txt,年报\n", "row 2: '年报' is no kind of report"),
        ("m.csv", "path,unit\n,甲局\n", "row 2: no path"),
        ("m.csv", "path\na.txt,甲局\n", "row 2: 2 cells under 1 headings"),
        ("m.csv", "path\na.txt;a.txt\n", "row 2: a.txt is named twice"),
        ("m.csv", "name,unit\na.txt,甲局\n", "no column is called path"),
        ("m.csv", "path,文件\na.txt,b.txt\n", "two columns say path"),
        ("m.csv", 'path\n"a.txt\n', "row 2"),
        ("m.jsonl", '{"path": "a.txt"}\n{"path": \n', "row 2: not a JSON object"),
        ("m.jsonl", '{"path": 3}\n', "row 1: the path is neither"),
        ("m.jsonl", '{"path": "a.txt", "unit": 3}\n', "row 1: the unit is not a text"),
        ("m.jsonl", '{"path": "\\ud83d.txt"}\n', "row 1: the path is neither"),
        ("m.jsonl", '{"path": "a.txt", "unit": "\\ud83d"}\n', "row 1: the unit is not a text"),
        ("m.jsonl", '{"path": ' + "[" * 100_000 + "\n", "row 1: not a JSON object"),
    ],
)
def test_a_row_that_cannot_be_meant_is_named(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    with pytest.raises(ReviewerError) as caught:
        jobs(manifest(tmp_path / name, text))
    assert complaint in caught.value.message and "\n" not in caught.value.message


def test_a_file_that_only_a_manifest_names_may_be_missing(tmp_path: Path) -> None:
    """It is that report's outcome, and no reason to leave the others undone."""
    touch(tmp_path, "a.txt")
    assert len(jobs(manifest(tmp_path / "m.csv", "path\na.txt\ngone.txt\n"))) == 2


@pytest.mark.parametrize("before", ["2022,甲局", ","])
def test_what_a_second_row_says_otherwise_of_a_report_is_not_lost_in_silence(tmp_path: Path, before: str) -> None:
    touch(tmp_path, "a.txt", "b.txt")
    rows = f"path,year,unit\na.txt,{before}\nb.txt,,\n"
    assert len(jobs(manifest(tmp_path / "m.csv", f"{rows}a.txt,{before}\na.txt,,\n"), tmp_path / "a.txt")) == 2
    with pytest.raises(UsageError, match=r"a\.txt is named twice, and not with the same"):
        jobs(manifest(tmp_path / "m.csv", f"{rows}./a.txt,2023,甲局\n"))


def test_a_report_named_in_a_manifest_keeps_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(report("清禾县图书馆"), encoding="utf-8")
    found = jobs(manifest(tmp_path / "m.csv", "path,unit\na.txt,砺阳县档案馆\n"), tmp_path)
    assert [one.declared.unit for one in found] == ["砺阳县档案馆"]
