"""An error is understood by what the server says, in the words of the servers people use, and never by what it echoes."""

import json

import pytest

from reviewer.llm.failures import Meaning, meaning, said


def error(message: str, **more: object) -> str:
    return json.dumps({"error": {"message": message, **more}}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        # response_format, schema, grammar
        (400, error("This response_format type is unavailable now", type="invalid_request_error"), Meaning.FORMAT),
        (
            422,
            "Failed to deserialize the JSON body into the target type: response_format: "
            "response_format.type `json_schema` is unavailable now at line 1 column 1193",
            Meaning.FORMAT,
        ),
        (400, error("Failed to initialize samplers: failed to parse grammar", code=400), Meaning.FORMAT),
        (400, error("JSON schema conversion failed:\nUnrecognized schema: true"), Meaning.FORMAT),
        (
            400,
            error("Invalid schema for response_format 'Answer': In context=('properties', 'x'), 'type' is missing"),
            Meaning.FORMAT,
        ),
        (
            400,
            error("Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."),
            Meaning.FORMAT,
        ),
        (
            400,
            error("'messages' must contain the word 'json' to use 'response_format' of type 'json_object'."),
            Meaning.FORMAT,
        ),
        (501, error("structured output is not implemented"), Meaning.FORMAT),
        (422, json.dumps({"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs"}]}), Meaning.FORMAT),
        # length
        (400, error("Your input is too long", code="context_length_exceeded"), Meaning.TOO_LONG),
        (
            400,
            error(
                "'max_tokens' is too large: 4096. This model's maximum context length is 2048 tokens and your request "
                "has 1500 input tokens."
            ),
            Meaning.TOO_LONG,
        ),
        (
            400,
            error("the request exceeds the available context size", type="exceed_context_size_error"),
            Meaning.TOO_LONG,
        ),
        (
            400,
            error("Input length (160062 tokens) exceeds the maximum allowed length (59862 tokens)."),
            Meaning.TOO_LONG,
        ),
        (
            400,
            error("<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]"),
            Meaning.TOO_LONG,
        ),
        (400, error("Invalid request: Your request exceeded model token limit: 8192"), Meaning.TOO_LONG),
        (400, error("Prompt 超长", code="1261"), Meaning.TOO_LONG),
        # name
        (404, error("The model `gpt-9` does not exist or you do not have access to it."), Meaning.MODEL),
        (404, '{"error": "model \'qwen\' not found, try pulling it first"}', Meaning.MODEL),
        (400, error("Model Not Exist", type="invalid_request_error"), Meaning.MODEL),
        (404, error("nope", code="model_not_found"), Meaning.MODEL),
        (400, error("模型不存在，请检查模型代码。", code="1211"), Meaning.MODEL),
        # filter
        (400, error("The response was filtered", code="content_filter"), Meaning.FILTERED),
        (400, error("<400> InternalError.Algo.DataInspectionFailed: Input text data may contain"), Meaning.FILTERED),
        (400, error("系统检测到输入或生成内容可能包含不安全或敏感内容", code="1301"), Meaning.FILTERED),
        # money
        (402, error("Insufficient Balance"), Meaning.QUOTA),
        (429, error("You exceeded your current quota", code="insufficient_quota"), Meaning.QUOTA),
        (
            400,
            error("Access denied, please make sure your account is in good standing.", code="Arrearage"),
            Meaning.QUOTA,
        ),
        # the rest
        (401, error("Incorrect API key provided"), Meaning.KEY),
        (403, "", Meaning.KEY),
        (404, json.dumps({"detail": "Not Found"}), Meaning.ADDRESS),
        (404, "404 page not found", Meaning.ADDRESS),
        (404, '<html><script src="https://schema.org"></html>', Meaning.ADDRESS),
        (405, json.dumps({"detail": "Method Not Allowed"}), Meaning.ADDRESS),
        (301, "", Meaning.ADDRESS),
        (429, error("Rate limit reached for requests"), Meaning.BUSY),
        (503, error("overloaded"), Meaning.BROKEN),
        (500, error("relation of schema public is missing"), Meaning.BROKEN),
        (400, error("Unsupported value: 'temperature' does not support 0"), Meaning.OTHER),
        (422, "Failed to deserialize the JSON body into the target type: messages[1]: invalid type", Meaning.OTHER),
        (501, error("not implemented"), Meaning.OTHER),
    ],
)
def test_what_a_server_means(status: int, body: str, found: Meaning) -> None:
    assert meaning(status, body) is found


def test_what_a_server_echoes_of_the_request_is_not_what_it_means() -> None:
    sent = {"response_format": {"type": "json_schema"}, "messages": ["context length"], "model": "not found"}
    body = json.dumps({"detail": [{"loc": ["body", "max_tokens"], "msg": "must be positive", "input": sent}]})
    assert meaning(422, body) is Meaning.OTHER
    assert "json_schema" not in said(body)
