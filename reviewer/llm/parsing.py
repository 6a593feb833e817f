"""From the text of a reply to an answer, or to what is wrong with it in words the model can act on."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic

from pydantic import ValidationError

from reviewer.llm.asking import A, Ask, Message


class Fault(StrEnum):
    """Why a reply is no usable answer; the value is what the memo and the log say."""

    EMPTY = "empty answer"
    NOT_JSON = "the answer is not JSON"
    SCHEMA = "the answer does not fit the schema"
    COMPLAINTS = "the answer names what was never shown"


@dataclass(frozen=True, slots=True)
class Parsed(Generic[A]):
    """A reply as read: an answer unless it fits no schema, and the fault if there is one."""

    answer: A | None = None
    fault: Fault | None = None
    wrong: tuple[str, ...] = ()
    """What exactly is wrong, line by line, in Chinese: it goes back to the model and nowhere else."""


_FENCE = re.compile(r"^[ \t]*```[ \t]*(?:json5?|JSON)?[ \t]*\r?\n(.*?)^[ \t]*```", re.DOTALL | re.MULTILINE)
_MOST_LINES = 20
_WRONG = {
    "missing": "缺少这个字段",
    "extra_forbidden": "没有这个字段",
    "enum": "应为 {expected} 之一",
    "literal_error": "应为 {expected} 之一",
}


def bare(content: str) -> str:
    """The reply without a leading block of thoughts, without a code fence and what stands around it."""
    text = content.strip()
    # Some servers put the opening tag into the prompt, so that only the closing one comes back.
    if not text.startswith(("{", "[", "```")) and "</think>" in text:
        text = text.split("</think>", 1)[1].strip()
    if text.startswith("<think>"):
        return ""
    if text.startswith(("{", "[")):
        return text
    fenced = _FENCE.findall(text)
    return fenced[-1].strip() if fenced else text


def parse(content: str | None, question: Ask[A]) -> Parsed[A]:
    """Read a reply strictly: no value is turned into another type, nothing is filled in or guessed."""
    text = bare(content or "")
    if not text:
        return Parsed(fault=Fault.EMPTY, wrong=("没有返回任何内容",))
    try:
        answer = question.answer.model_validate_json(text, strict=True)
    except ValidationError as error:
        if any(e["type"] == "json_invalid" for e in error.errors(include_url=False, include_input=False)):
            return Parsed(fault=Fault.NOT_JSON, wrong=("不是一个完整有效的 JSON 对象",))
        return Parsed(fault=Fault.SCHEMA, wrong=_violations(error))
    complaints = question.check(answer) if question.check else ()
    return Parsed(answer, Fault.COMPLAINTS if complaints else None, complaints)


def _violations(error: ValidationError) -> tuple[str, ...]:
    lines = []
    for e in error.errors(include_url=False, include_input=False):
        said = _WRONG.get(e["type"])
        text = said.format(expected=e.get("ctx", {}).get("expected", "规定的值")) if said else e["msg"]
        lines.append(f"{'.'.join(str(part) for part in e['loc']) or '整个答案'}：{text}")
    return tuple(lines)


def repair(content: str | None, parsed: Parsed[A]) -> tuple[Message, Message]:
    """The one turn that gives a faulty answer back and says what is wrong with it."""
    listed = [f"- {line}" for line in parsed.wrong[:_MOST_LINES]]
    if rest := len(parsed.wrong) - len(listed):
        listed.append(f"- 另有 {rest} 处同类问题")
    request = "\n".join(
        ["上面的回答不能使用：", *listed, "请改正这些问题，重新输出完整的 JSON 对象，不要输出其他文字。"]
    )
    # Not every server takes an empty message, nor two of the same role in a row.
    return Message("assistant", bare(content or "") or "（空）"), Message("user", request)


def dump(answer: A) -> str:
    """An answer as the JSON it is stored as; reading it back gives an equal answer."""
    return answer.model_dump_json(by_alias=True)
