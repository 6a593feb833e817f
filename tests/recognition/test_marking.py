"""A figure read from a picture is never told as if it had been printed in the file: it is marked wherever it is shown,
and no error rests on it before a person has compared it with the original."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from reviewer import reading
from reviewer.memo import render
from reviewer.memo.texts import load
from reviewer.review import review
from reviewer.schema import Document, Notice, Recognised, Review, Severity
from reviewer.settings import Settings
from tests.sample_review import DOCUMENT, LINES, make_review

WRONG_SUM = "绩效自评报告\n\n一、资金情况\n\n全年支出900.00万元，其中：基本支出620.50万元，项目支出179.50万元。\n"

Reviewed = Callable[..., Review]


@pytest.fixture
def reviewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reviewed:
    """Reviews the report as if some words of it had been recognised in a picture, each with a confidence."""
    path = tmp_path / "report.txt"
    path.write_text(WRONG_SUM, encoding="utf-8")
    read = reading.read

    def make(settings: Settings | None = None, **recognised: str) -> Review:
        def marked(source: str | Path, document_id: str, *, partial: bool = False) -> Document:
            document = read(source, document_id, partial=partial)
            spans = []
            for words, confidence in recognised.items():
                start = document.text.index(words.removeprefix("_"))
                end = start + len(words.removeprefix("_"))
                spans.append(Recognised(start=start, end=end, confidence=Decimal(confidence)))
            return document.model_copy(update={"recognised": tuple(sorted(spans, key=lambda span: span.start))})

        monkeypatch.setattr(reading, "read", marked)
        return review([path], settings)

    return make


def sum_finding(made: Review) -> tuple[Severity, str, str]:
    found = next(finding for finding in made.findings if finding.code == "SUM001")
    return found.severity, found.message, found.fingerprint


def test_a_contradiction_of_printed_figures_is_an_error_and_of_recognised_ones_a_warning(reviewed: Reviewed) -> None:
    printed, plain, fingerprint = sum_finding(reviewed())
    assert printed is Severity.ERROR
    recognised, told, same = sum_finding(reviewed(**{"179.50": "0.99"}))
    assert recognised is Severity.WARNING
    assert told.startswith(plain) and "图像识别" in told
    assert same == fingerprint
    _, english, _ = sum_finding(reviewed(Settings(lang="en"), **{"179.50": "0.99"}))
    assert "recognised in a picture" in english


def test_words_around_the_figures_count_too(reviewed: Reviewed) -> None:
    """基本支出 misread is as bad as a digit misread."""
    assert sum_finding(reviewed(基本支出="0.80"))[0] is Severity.WARNING


def test_a_number_keeps_the_least_confidence_of_its_characters_and_its_unit(reviewed: Reviewed) -> None:
    made = reviewed(_900="0.97", _万元="0.62", _62="0.88")
    found = {quantity.text: quantity.confidence for quantity in made.quantities if quantity.confidence is not None}
    assert found == {"900.00万元": Decimal("0.62"), "620.50万元": Decimal("0.88")}


def test_the_memo_marks_a_recognised_quote_and_tells_a_doubtful_confidence(reviewed: Reviewed) -> None:
    assert "（第5行，图像识别）" in render(reviewed(**{"179.50": "0.99"}), "md")
    doubtful = reviewed(**{"179.50": "0.62"})
    assert "（第5行，图像识别，置信度0.62）" in render(doubtful, "md")
    assert "(line 5, recognised in a picture, confidence 0.62)" in render(doubtful, "md", "en")
    assert "图像识别" not in render(reviewed(), "md")


def test_the_head_names_the_pages_that_were_recognised() -> None:
    notice = Notice(kind="pages_recognised", count=5, pages=(2, 3, 5, 6, 7))
    made = make_review(documents=(DOCUMENT.model_copy(update={"format": "pdf", "notices": (notice,)}),))
    head = render(made, "md").split("##")[0]
    assert "> 第2、3、5–7页由图像识别得到，数字请对照原件核实。" in head
    other = DOCUMENT.model_copy(update={"id": "d2", "path": "other.md"})
    both = render(made.model_copy(update={"documents": (*made.documents, other)}), "md")
    assert "> liyang.md 第2、3、5–7页由图像识别得到" in both


def test_every_notice_is_told_once_in_both_languages() -> None:
    kinds = get_args(Notice.model_fields["kind"].annotation)
    for lang in ("zh", "en"):
        for kind in kinds:
            notice = Notice(kind=kind, count=7, pages=(4,), detail="附表《B》")
            made = make_review(documents=(DOCUMENT.model_copy(update={"notices": (notice,)}),))
            memo, silent = render(made, "md", lang), render(make_review(), "md", lang)
            added = [line for line in memo.splitlines() if line not in silent.splitlines()]
            assert len(added) == 1, kind
            assert "4" in added[0]
    # `reviewer read` tells all of them in one list, those the memo tells at its head as well.
    assert set(kinds) <= set(load("zh")["notice"])


def test_a_memo_without_notices_is_as_it_was() -> None:
    memo = render(make_review(), "md")
    assert "读取说明" not in memo and "图像识别" not in memo and LINES[1] in memo
