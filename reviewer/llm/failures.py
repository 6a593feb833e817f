"""What a server means by an error, told from status and body text alone."""

import json
import re
from enum import StrEnum
from typing import Any


class Meaning(StrEnum):
    """What to do about an error response."""

    KEY = "the key is not accepted"
    MODEL = "the model is not known"
    ADDRESS = "nothing answers questions at this address"
    TOO_LONG = "the request is longer than the model's context"
    FILTERED = "stopped by the provider's content filter"
    FORMAT = "this form of answer is not supported"
    QUOTA = "the account has no credit left"
    BUSY = "too many requests"
    BROKEN = "the server failed"
    OTHER = "the request was rejected"


# Wording seen from OpenAI, Azure, DeepSeek, DashScope, GLM, Moonshot, vLLM, SGLang, Ollama, llama.cpp and LiteLLM.
_TOO_LONG = re.compile(
    r"context[_ ]?(length|size|window)|exceed_context|max(imum)?[_ ]model[_ ]len|model token limit|prompt is too long"
    r"|input (length|tokens?)\b.*\bexceed|range of input length|longer than the (maximum|model)"
    r"|超长|超过.{0,8}(长度|上下文)",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content_?filter|content_policy|data_?inspection_?failed|content management policy|inappropriate content"
    r"|不安全|敏感",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"model_?not_?found|invalid_?model\b|(model|deployment)\b.{0,80}\b(not exist|not found|unknown)"
    r"|(unknown|invalid|no such) model\b|模型不存在",
    re.IGNORECASE,
)
_FORMAT = re.compile(
    r"response[_ .]?format|schema|grammar|json[_ ](object|mode)|structured[_ ]?output|guided[_ ](json|decoding)"
    r"|(in|un)(valid|supported) format",
    re.IGNORECASE,
)
_QUOTA = re.compile(r"insufficient[_ ](quota|balance)|arrearage|余额|欠费", re.IGNORECASE)
_MOST_TEXT = 2000


def said(body: str) -> str:
    """What the server itself says in an error body, without what it echoes of the request."""
    try:
        value: Any = json.loads(body)
    except ValueError:
        # A page for people, of a proxy or of no such address, says nothing about the question.
        return "" if body.lstrip().startswith("<") else body[:_MOST_TEXT]
    if isinstance(value, dict):
        value = value.get("error") or value.get("detail") or value
    return " ".join(_own_words(value))[:_MOST_TEXT]


def _own_words(value: Any) -> list[str]:
    if isinstance(value, list):
        return [word for item in value for word in _own_words(item)]
    if isinstance(value, dict):
        # FastAPI puts the offending input, at worst the whole request, beside `loc` and `msg`.
        keys = ("code", "type", "param", "loc", "msg", "message", "error")
        return [word for key in keys if key in value for word in _own_words(value[key])]
    return [] if value is None else [str(value)]


def meaning(status: int, body: str) -> Meaning:
    """What an error response of this HTTP status is about. `body` is its text as received."""
    text = said(body)
    if status in (401, 403):
        return Meaning.FILTERED if _FILTERED.search(text) else Meaning.KEY
    if status == 402 or (status in (400, 429) and _QUOTA.search(text)):
        return Meaning.QUOTA
    if status == 413:
        return Meaning.TOO_LONG
    if status in (400, 404, 422, 501) and (found := _of_request(text)):
        return found
    if status == 404 or 300 <= status < 400 or status == 405:
        return Meaning.ADDRESS
    if status in (408, 409, 429):
        return Meaning.BUSY
    return Meaning.BROKEN if status >= 500 and status != 501 else Meaning.OTHER


def _of_request(text: str) -> Meaning | None:
    # In this order: a complaint about length or name may well mention the format too.
    for pattern, found in (
        (_TOO_LONG, Meaning.TOO_LONG),
        (_FILTERED, Meaning.FILTERED),
        (_MODEL, Meaning.MODEL),
        (_FORMAT, Meaning.FORMAT),
    ):
        if pattern.search(text):
            return found
    return None
