"""What a model says is held against the report: ids that were shown, names it prints, no number it does not."""

import re
from pathlib import Path
from typing import Any

import pytest

from reviewer.extraction.model.masking import Masker
from reviewer.extraction.model.tagging import Shown, show
from reviewer.memo.texts import load
from reviewer.review import read_source
from reviewer.schema import (
    IndicatorIssue,
    Source,
)
from tests.model_kit import REPORT, concern, grounding, indicator, label, mute, told

TEXT = """松阳区水文站2023年度部门整体支出绩效自评报告

一、收支情况

全年支出874.36万元，其中：基本支出627.61万元，项目支出246.75万元，比上年增长3.5%。联系人：李明轩，电话0871-66543210。

二、绩效情况

水质采样1200次，目标为1100次，共3、5两个站点。全市排名第二。群众满意度达到96%，得8分。
"""


@pytest.fixture
def source(tmp_path: Path) -> Source:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return read_source([path])


@pytest.fixture
def shown(source: Source) -> Shown:
    return show(source, source.sentences, Masker.of(source))


def id_of(shown: Shown, text: str) -> str:
    """The id under which a number was shown."""
    return next(name for name, quantity in shown.quantities.items() if quantity.text == text)


def line_of(shown: Shown, source: Source, words: str) -> str:
    """The id under which a sentence was shown."""
    return next(name for name, sentence in shown.sentences.items() if words in source.text(sentence.span))


# Ids


def test_ids_that_were_not_shown_are_refused_and_counted(source: Source, shown: Shown) -> None:
    held = grounding(source)
    assert held.figures([label("q99", "全年支出"), label("s1", "全年支出"), label("", "全年支出")], shown) == []
    assert held.indicators([indicator("s99", "水质采样")], shown) == []
    assert held.concerns([concern(["s99"], "没有依据。")], shown) == []
    assert +held.rejected == {"unknown_id": 5, "without_evidence": 1}


def test_ids_of_another_part_of_the_report_are_refused(source: Source) -> None:
    """A part's ids begin anew, so an id beyond its own numbers is nobody's."""
    part = [s for s in source.sentences if "水质采样" in source.text(s.span)]
    shown = show(source, part, Masker.of(source))
    held = grounding(source)
    beyond = f"q{len(shown.quantities) + 1}"
    assert held.figures([label(beyond, "水质采样")], shown) == [] and +held.rejected == {"unknown_id": 1}


def test_a_number_has_one_meaning_and_an_indicator_one_place(source: Source, shown: Shown) -> None:
    held = grounding(source)
    spent, sampled = id_of(shown, "874.36万元"), line_of(shown, source, "水质采样")
    figures = held.figures([label(spent, "全年支出"), label(spent, "基本支出")], shown)
    assert [figure.measure for figure in figures] == ["全年支出"]
    assert len(held.indicators([indicator(sampled, "水质采样"), indicator(sampled, "水质采样")], shown)) == 1
    assert +held.rejected == {"duplicate_id": 2}


def test_an_indicator_keeps_its_numbers_as_ids_and_loses_those_that_were_not_shown(
    source: Source, shown: Shown
) -> None:
    held = grounding(source)
    line = line_of(shown, source, "水质采样")
    (found,) = held.indicators(
        [indicator(line, "水质采样", target=id_of(shown, "1100次"), actual=id_of(shown, "1200次"), weight="q77")], shown
    )
    assert found.target and source.quantity(found.target).text == "1100次"
    assert found.actual and source.quantity(found.actual).text == "1200次"
    assert found.weight is None and +held.rejected == {"unknown_id": 1}


def test_a_doubt_rests_on_a_few_sentences_that_were_shown(source: Source, shown: Shown) -> None:
    held = grounding(source)
    every = list(shown.sentences)
    assert len(every) > 6
    assert held.concerns([concern([], "没有依据。"), concern(every, "没有依据。")], shown) == []
    (found,) = held.concerns([concern(["s99", every[1], every[1]], "没有依据。")], shown)
    assert found.sentences == (shown.sentences[every[1]].id,)
    assert +held.rejected == {"without_evidence": 2, "unknown_id": 1}


# Names


@pytest.mark.parametrize("measure", ["项目预算", "全年收入", "全年支出总额合计", "", "　", "全年支出" * 11, "电话号码"])
def test_a_name_that_the_report_does_not_print_is_refused(source: Source, shown: Shown, measure: str) -> None:
    held = grounding(source)
    assert held.figures([label(id_of(shown, "874.36万元"), measure)], shown) == []
    assert +held.rejected == {"name_not_in_report": 1}


@pytest.mark.parametrize("measure", ["全年支出", "全年 支出", "“全年支出”", "全年的支出", "水质采样", "群众满意度"])
def test_a_name_may_leave_out_blanks_and_quotes(source: Source, shown: Shown, measure: str) -> None:
    held = grounding(source)
    (found,) = held.figures([label(id_of(shown, "874.36万元"), measure)], shown)
    assert found.measure == measure and not +held.rejected


def test_a_subject_that_is_not_in_the_report_is_left_out(source: Source, shown: Shown) -> None:
    held = grounding(source)
    spent = id_of(shown, "874.36万元")
    (found,) = held.figures([label(spent, "全年支出", "松阳区水利局")], shown)
    assert found.subject is None and +held.rejected == {"name_not_in_report": 1}
    (kept,) = grounding(source).figures([label(spent, "全年支出", "松阳区水文站")], shown)
    assert kept.subject == "松阳区水文站"


@pytest.mark.parametrize(
    "name",
    [
        "支出74.36万元",  # the report prints 874.36
        "74.36万元",
        "支出874.3",
        "全年支出874",
        "36万元",
        "共35两个站点",  # 3、5 without what parts them
        "采样12001100次",
        "水质采样120",
    ],
)
def test_a_name_holds_no_piece_of_a_number_and_no_two_in_one(source: Source, shown: Shown, name: str) -> None:
    held = grounding(source)
    assert held.figures([label(id_of(shown, "874.36万元"), name)], shown) == []
    for sentence in shown.sentences:
        assert held.indicators([indicator(sentence, name)], shown) == []


def test_cells_of_a_row_do_not_run_together_in_the_name_of_an_indicator(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text(
        "甲站2023年度绩效自评报告\n\n| 三级指标 | 目标值 | 实际值 |\n| --- | --- | --- |\n| 采样次数 | 1200 | 1180 |\n",
        encoding="utf-8",
    )
    source = read_source([path])
    shown = show(source, source.sentences, Masker.of(source))
    row = line_of(shown, source, "采样次数")
    (found,) = grounding(source).indicators([indicator(row, "采样次数12001180")], shown)
    assert "12001180" not in found.text and found.text == "采样次数1200 1180"


def test_an_indicator_is_named_as_its_own_sentence_words_it(source: Source, shown: Shown) -> None:
    held = grounding(source)
    assert held.indicators([indicator(line_of(shown, source, "全年支出"), "水质采样")], shown) == []
    assert +held.rejected == {"name_not_in_report": 1}


# Words


def test_a_sentence_with_a_number_of_its_own_is_left_out_and_the_rest_stays(source: Source, shown: Shown) -> None:
    held = grounding(source)
    line = line_of(shown, source, "全年支出")
    text = "全年支出874.36万元没有说明构成。实际应为884.36万元。请补充。"
    (found,) = held.concerns([concern([line], text, "为何不是884.36万元？")], shown)
    assert found.text == "全年支出874.36万元没有说明构成。请补充。" and found.question is None
    assert +held.rejected == {"ungrounded_number": 2}


def test_a_number_of_another_sentence_is_not_one_of_those_cited(source: Source, shown: Shown) -> None:
    held = grounding(source)
    line = line_of(shown, source, "全年支出")
    assert held.concerns([concern([line], "水质采样只有1200次。")], shown) == []
    cited = [line, line_of(shown, source, "水质采样")]
    assert held.concerns([concern(cited, "水质采样只有1200次。")], shown)


def test_a_suggestion_leaves_open_what_the_report_does_not_say(source: Source, shown: Shown) -> None:
    held = grounding(source)
    line, issue = line_of(shown, source, "水质采样"), [IndicatorIssue.NO_SOURCE]
    offered = {
        "2023年水质采样≥____次，以采样台账为准": True,
        "水质采样≥1100次": True,
        "水质采样≥1300次": False,
        "2024年水质采样≥1100次": False,
    }
    for suggestion, kept in offered.items():
        (found,) = held.indicators([indicator(line, "水质采样", issues=issue, suggestion=suggestion)], shown)
        assert (found.suggestion == suggestion) is kept, suggestion
    assert +held.rejected == {"ungrounded_number": 2}
    (sound,) = held.indicators([indicator(line, "水质采样", suggestion="水质采样≥1100次")], shown)
    assert sound.suggestion is None


def test_a_unit_printed_in_the_head_of_a_table_may_be_told_with_the_number(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text(
        "甲站2023年度绩效自评报告\n\n| 项目 | 预算数（万元） | 执行数（万元） |\n| --- | --- | --- |\n| 设备购置 | 86.00 | 58.00 |\n",
        encoding="utf-8",
    )
    source = read_source([path])
    shown = show(source, source.sentences, Masker.of(source), numbers=False)
    row = line_of(shown, source, "设备购置")
    inherited = {q.unit for q in source.quantities if q.unit_span is not None}
    assert inherited == {"万元"}
    held = grounding(source)
    assert held.concerns([concern([row], "设备购置预算86.00万元只执行58.00万元，没有说明原因。")], shown)
    assert held.concerns([concern([row], "设备购置预算86.00亿元，没有说明原因。")], shown) == []


def test_what_was_hidden_is_put_back(source: Source) -> None:
    masker = Masker.of(source)
    shown = show(source, source.sentences, masker)
    line = next(name for name, s in shown.sentences.items() if "李明轩" in source.text(s.span))
    assert "李明轩" not in shown.text and "66543210" not in shown.text
    (mark, phone) = re.findall("⟦[^⟧]+⟧", shown.text)
    (found,) = grounding(source, masker).concerns(
        [concern([line], f"联系人{mark}的电话{phone}不应写入报告。", f"请{mark}说明。")], shown
    )
    assert found.text == "联系人李明轩的电话0871-66543210不应写入报告。" and found.question == "请李明轩说明。"
    (named,) = grounding(source, masker).indicators([indicator(line, f"联系人：{mark}")], shown)
    assert named.text == "联系人：李明轩"


def test_every_reason_for_refusing_has_words_in_the_memo() -> None:
    room = Path(__file__).parent.parent / "reviewer" / "extraction" / "model"
    code = "".join(path.read_text("utf-8") for path in room.glob("*.py"))
    reasons = set(re.findall(r'rejected\["(\w+)"\]', code))
    assert len(reasons) >= 6
    assert reasons == set(load("zh")["rejected"]) == set(load("en")["rejected"])


# The narrative


def narrated(*sentences: tuple[str, list[str]]) -> tuple[str, ...]:
    def answer(task: str, text: str) -> dict[str, Any]:
        if task != "summarise_findings":
            return mute(task, text)
        return {"sentences": [{"text": said, "findings": cited} for said, cited in sentences]}

    return told(answer, REPORT, narrative=True).narrative


def test_the_summary_has_only_sentences_that_cite_findings_and_bring_no_number() -> None:
    kept = narrated(
        ("报告的数据有一处不能同时成立。", ["f1"]),
        ("共有97项错误。", ["f1"]),
        ("报告总体良好。", []),
    )
    assert kept == ("报告的数据有一处不能同时成立。",)
    assert narrated(("差额为123456.78万元。", ["f1", "f2"]), ("请核对。", ["f99"])) == ()


def test_a_whole_summary_of_a_hostile_model_is_left_out() -> None:
    assert narrated(("支出为999.99万元。", ["f1"]), ("失分百分之九十九。", ["f1"]), ("第九名。", ["f2"])) == ()
