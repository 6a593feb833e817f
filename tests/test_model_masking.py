"""What is private stays on this machine: no request holds it, the memo shows it, and no number that measures is hidden."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from reviewer.extraction.model.masking import Masker, names_in
from reviewer.memo import render
from reviewer.review import planned, read_source
from reviewer.schema import QuantityKind
from tests.model_kit import REPORTS, ROOT, answering, lines_in, mute, reviewed, task_in
from tests.scripted_server import ScriptedServer, Seen, Step, say

PRIVATE = {
    "phone": "0871-66543210",
    "mobile": "13987654321",
    "identity": "530102198503071234",
    "account": "6222021234567890123",
    "parted account": "6217 0038 6000 1234 567",
    "mail": "li.mingxuan@example.com",
    "chief": "李明轩",
    "spaced": "周　岚",
    "listed": "何雨桐",
    "writer": "叶知秋",
}
TEXT = f"""松阳区水文站2023年度部门整体支出绩效自评报告

一、组织情况（联系人：{PRIVATE["chief"]}）

由局长{PRIVATE["chief"]}任组长。成员：王建业、{PRIVATE["listed"]}，负责人：{PRIVATE["spaced"]}。
报告由综合股{PRIVATE["writer"]}执笔，咨询电话{PRIVATE["phone"]}，手机{PRIVATE["mobile"]}，邮箱{PRIVATE["mail"]}。

二、收支情况

全年支出874.36万元，其中：基本支出627.61万元，项目支出246.75万元。收款账号{PRIVATE["account"]}，另一账号：{PRIVATE["parted account"]}，经办人身份证号{PRIVATE["identity"]}。
经{PRIVATE["chief"]}和周岚核对，支出无误。

三、绩效情况

水质采样1200次，目标为1100次。群众满意度达到96%，得8分。{PRIVATE["chief"]}负责整改。
"""
MARK = re.compile("⟦[^⟧]+⟧")


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def pointing_at_names(seen: Seen) -> Step:
    """A model that repeats every mark it was shown."""
    if task_in(seen) != "raise_concerns":
        return answering(mute)(seen)
    text = seen.body["messages"][1]["content"]
    marked = [(name, MARK.findall(line)) for name, line in lines_in(text) if MARK.search(line)]
    concerns = [
        {"kind": "other", "sentences": [name], "text": f"请勿写出{'和'.join(marks)}。", "question": f"{marks[0]}是谁？"}
        for name, marks in marked
    ]
    return say({"concerns": concerns})


def test_nothing_private_is_in_any_request(report: Path) -> None:
    with ScriptedServer(pointing_at_names) as server:
        found = reviewed(server, report, narrative=True)
    sent = "".join(seen.raw for seen in server.requests)
    tasks = {task_in(seen) for seen in server.requests}
    assert tasks >= {"label_figures", "critique_indicators", "raise_concerns"}
    for kind, text in PRIVATE.items():
        spellings = {text, "".join(text.split()), text.replace("-", "")}
        assert not [s for s in spellings if s in sent], kind
    assert "王建业" not in sent
    assert "874.36万元" in sent and "水质采样" in sent
    assert found.usage.masked == len(PRIVATE) + 1  # and 王建业


def test_a_thing_has_the_same_mark_everywhere_and_two_things_never_share_one(report: Path) -> None:
    asks = planned([report])
    sent = "".join(message.content for ask in asks for message in ask.messages[1:])
    source = read_source([report])
    masker = Masker.of(source)
    masked = masker.masked(TEXT)
    marks = MARK.findall(masked)
    assert len(set(marks)) == masker.count == len(PRIVATE) + 1
    chief = masked.split("联系人：")[1][:5]
    assert MARK.fullmatch(chief) and marks.count(chief) == TEXT.count(PRIVATE["chief"])
    spaced = masked.split("负责人：")[1].split("。")[0]
    assert f"和{spaced}核对" in masked
    assert set(MARK.findall(sent)) == set(marks)


def test_the_memo_shows_what_the_model_did_not_see(report: Path) -> None:
    with ScriptedServer(pointing_at_names) as server:
        found = reviewed(server, report)
    said = " ".join(concern.text + (concern.question or "") for concern in found.concerns)
    assert "⟦" not in said
    memo = render(found, "md")
    assert "⟦" not in memo
    for kind in ("chief", "writer", "mail", "phone"):
        # Markdown marks of the memo aside.
        assert PRIVATE[kind] in memo.replace("\\", ""), kind


def test_marks_hold_no_digit() -> None:
    """A model could otherwise bring a number into the memo by way of a mark."""
    masker = Masker(frozenset(), frozenset())
    marks = [masker.masked(f"手机139000000{n:02d}，") for n in range(60)]
    assert len(set(marks)) == 60 and not [mark for mark in marks if re.search(r"\d", mark)]
    assert masker.unmasked(marks[59]) == "手机13900000059，"


def test_a_mark_nobody_gave_out_stays_as_it_is() -> None:
    assert Masker(frozenset(), frozenset()).unmasked("⟦电话A⟧") == "⟦电话A⟧"


def test_a_report_that_prints_marks_of_its_own_gets_no_secret_by_them() -> None:
    masker = Masker(frozenset({"李明轩"}), frozenset())
    masked = masker.masked("李明轩说⟦姓名A⟧")
    assert "李明轩" not in masked and masked.endswith("⟧")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("联系人：李明轩，电话", {"李明轩"}),
        ("组长张和平，副组长王为民。", {"张和平", "王为民"}),
        ("负责人：周　明", {"周　明"}),
        ("书记 张三丰、李四光、王五。", {"张三丰", "李四光", "王五"}),
        ("由综合股叶知秋执笔，", {"叶知秋"}),
        ("由局长贺明朗任组长、分管副局长苗允中任副组长", {"贺明朗", "苗允中"}),
    ],
)
def test_a_name_behind_a_role_is_a_name(text: str, names: set[str]) -> None:
    assert names_in([text]) == names


@pytest.mark.parametrize(
    "text",
    [
        "各成员单位，均已完成。",
        "会计金额，与账面一致。",
        "分管副主任任副组长，",
        "负责人项目，已经完成。",
        "经办人管理、审批。",
        "主任高度重视，多次部署。",
        "组长全部到位，",
        "由主任会议研究。",
        "处长负责制。",
        "成员包括：各科室。",
    ],
)
def test_ordinary_words_behind_a_role_are_no_names(text: str) -> None:
    """A word taken for a name would be hidden all over the report."""
    assert names_in([text]) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "支出1234567890123.45元",
        "资金13812345678元，",
        "资金13812345678.00",
        "2019 2020 2021 2022 2023",
        "400 120 1500",
        "800 100 1200",
        "1200 1180 1300 1250 96",
        "2023年1月1日至2023年12月31日",
        "财预〔2020〕10号",
        "01234.56万元",
    ],
)
def test_amounts_dates_and_rows_of_numbers_are_not_hidden(text: str) -> None:
    masker = Masker(frozenset(), frozenset())
    assert masker.masked(text) == text


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_no_number_that_measures_is_hidden_in_any_report(path: Path) -> None:
    source = read_source([path])
    masker = Masker.of(source)
    for sentence in source.sentences:
        text = source.text(sentence.span)
        hidden = masker.masked(text)
        for quantity in source.within(sentence.span.document, sentence.span.start, sentence.span.end):
            if quantity.kind is QuantityKind.QUANTITY:
                assert hidden.count(quantity.text) == text.count(quantity.text), quantity.text
        # Little is hidden, so that a model still reads what the report says.
        assert len(MARK.findall(hidden)) <= 4


def test_the_same_report_makes_the_same_requests_in_every_run(report: Path) -> None:
    """Marks given out in another order would make every cached or recorded answer a miss."""
    script = (
        "import sys; from reviewer.review import planned; from reviewer.llm.recording import key_of\n"
        "print(*(key_of(ask) for ask in planned([sys.argv[1]])))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script, str(report)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(printed) == 1
