"""A reply is read strictly, and what is wrong with it is said so that a model can put it right."""

import pytest

from reviewer.llm.parsing import Fault, bare, dump, parse, repair
from tests.llm_kit import Answer, Role, question

PLAIN = '{"ids": ["q1"], "role": "actual"}'


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        f"\n{PLAIN}\n",
        f"```json\n{PLAIN}\n```",
        f"```\n{PLAIN}\n```",
        f"```json\r\n{PLAIN}\r\n```",
        f"结果：\n\n```json\n{PLAIN}\n```\n以上。",
        f"先试试：\n```json\n{{}}\n```\n改正：\n```json\n{PLAIN}\n```",
        f"<think>预算{{}}还是```决算```？</think>\n{PLAIN}",
        f"<think>\n\n</think>\n\n```json\n{PLAIN}\n```",
        f"先想一想。</think>{PLAIN}",
    ],
)
def test_thoughts_and_fences_are_taken_off(content: str) -> None:
    assert parse(content, question()).answer == Answer(ids=["q1"], role=Role.ACTUAL)


def test_a_closing_tag_inside_an_answer_is_part_of_it() -> None:
    assert bare('{"ids": ["</think>"]}') == '{"ids": ["</think>"]}'


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, Fault.EMPTY),
        ("  \n", Fault.EMPTY),
        ("<think>还没想完", Fault.EMPTY),
        ("<think>想完了</think>", Fault.EMPTY),
        ("没有", Fault.NOT_JSON),
        (PLAIN[:-1], Fault.NOT_JSON),
        (PLAIN + " 完", Fault.NOT_JSON),
        ("[]", Fault.SCHEMA),
        ("null", Fault.SCHEMA),
        ('{"ids": [1], "role": null}', Fault.SCHEMA),
        ('{"ids": "q1", "role": null}', Fault.SCHEMA),
        ('{"ids": [], "role": null, "more": 1}', Fault.SCHEMA),
        ('{"ids": ["q9"], "role": null}', Fault.COMPLAINTS),
    ],
)
def test_nothing_is_guessed(content: str | None, fault: Fault) -> None:
    parsed = parse(content, question())
    assert parsed.fault is fault
    assert parsed.wrong
    assert (parsed.answer is not None) == (fault is Fault.COMPLAINTS)


def test_a_repair_lists_every_place_up_to_a_limit() -> None:
    content = dump(Answer(ids=[])).replace("[]", str(list(range(50))))
    answer, request = repair(content, parse(content, question()))
    assert (answer.role, answer.content, request.role) == ("assistant", content, "user")
    assert "- ids.0：" in request.content
    assert "- ids.19：" in request.content
    assert "ids.20" not in request.content
    assert "另有 30 处" in request.content


def test_thoughts_are_not_sent_back() -> None:
    content = '<think>很长的思考</think>{"ids": 1}'
    answer, _ = repair(content, parse(content, question()))
    assert answer.content == '{"ids": 1}'


def test_an_answer_stored_reads_back_equal() -> None:
    answer = Answer(ids=["q1"], role=Role.BUDGET)
    assert parse(dump(answer), question()).answer == answer
