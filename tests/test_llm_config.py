"""Which model is asked, where and with which key; and that no report or key goes where nobody sent it."""

import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from reviewer.errors import ModelMisconfigured
from reviewer.llm.config import connect, destination, named_model
from reviewer.llm.connection import Rung
from reviewer.llm.keys import NO_KEY
from tests.llm_naming import KEY, OTHER, empty_places, key, refused, wrote

__all__ = ["empty_places"]


# Whether a model is named


@pytest.mark.parametrize(
    ("flag", "environ", "file", "expected"),
    [
        (None, {}, "", None),
        (
            None,
            {"OPENAI_API_KEY": KEY, "REVIEWER_API_KEY": KEY, "REVIEWER_BASE_URL": "https://example.org/v1"},
            "",
            None,
        ),
        ("gpt-4o", {}, "", "gpt-4o"),
        (None, {"REVIEWER_MODEL": "qwen:qwen-plus"}, "", "qwen:qwen-plus"),
        (None, {}, '[model]\nname = "@bureau"', "@bureau"),
        (None, {"REVIEWER_MODEL": "b"}, '[model]\nname = "c"', "b"),
        ("a", {"REVIEWER_MODEL": "b"}, '[model]\nname = "c"', "a"),
        ("none", {"REVIEWER_MODEL": "b"}, '[model]\nname = "c"', None),
        ("Offline", {"REVIEWER_MODEL": "b"}, "", None),
        (None, {"REVIEWER_MODEL": "none"}, '[model]\nname = "c"', None),
        (" ", {"REVIEWER_MODEL": ""}, '[model]\nname = "c"', "c"),
        (None, {}, '[model]\nbase_url = "http://localhost:8000/v1"', None),
        (None, {}, '[profiles.bureau]\nmodel = "x"', None),
    ],
)
def test_a_model_is_named_by_flag_environment_or_file_and_by_nothing_else(
    flag: str | None, environ: Mapping[str, str], file: str, expected: str | None
) -> None:
    assert named_model(flag, environ, wrote(file)) == expected


def test_without_a_name_nothing_is_connected() -> None:
    assert "no model is named" in refused(None, environ={"OPENAI_API_KEY": KEY}).message


# Where it is


def test_a_plain_name_is_a_model_of_openai() -> None:
    connection = connect("gpt-4o-mini", environ={"OPENAI_API_KEY": KEY})
    assert (connection.model, connection.base_url) == ("gpt-4o-mini", "https://api.openai.com/v1")
    assert key(connection) == KEY and connection.profile.name == "openai"
    assert connection.price is not None and connection.price(1_000_000, 0) == Decimal("0.15")


@pytest.mark.parametrize(
    ("name", "variable", "host", "profile"),
    [
        ("deepseek:deepseek-chat", "DEEPSEEK_API_KEY", "api.deepseek.com", "deepseek"),
        ("qwen:qwen-plus", "DASHSCOPE_API_KEY", "dashscope.aliyuncs.com", "dashscope"),
        ("glm:glm-4.7", "ZHIPUAI_API_KEY", "open.bigmodel.cn", "zhipu"),
        ("zhipu:glm-4.7", "ZAI_API_KEY", "open.bigmodel.cn", "zhipu"),
        ("zai:glm-4.7", "ZAI_API_KEY", "api.z.ai", "zai"),
        ("moonshot:kimi-k2.6", "MOONSHOT_API_KEY", "api.moonshot.cn", "moonshot"),
        ("openai:gpt-4o", "OPENAI_API_KEY", "api.openai.com", "openai"),
    ],
)
def test_a_provider_brings_its_address_and_its_own_key(name: str, variable: str, host: str, profile: str) -> None:
    connection = connect(name, environ={variable: KEY})
    assert connection.model == name.partition(":")[2]
    assert host in connection.base_url and connection.profile.name == profile and key(connection) == KEY
    assert destination(connection) == f"{connection.model} at {host}"


@pytest.mark.parametrize(
    ("name", "port"), [("vllm:Qwen/Qwen3-32B", 8000), ("ollama:qwen3:8b", 11434), ("llamacpp:x", 8080)]
)
def test_a_server_on_this_machine_needs_no_key_and_costs_nothing(name: str, port: int) -> None:
    connection = connect(name, environ={"OPENAI_API_KEY": KEY})
    assert connection.model == name.partition(":")[2] and f":{port}/" in connection.base_url
    assert connection.api_key == NO_KEY
    assert connection.price is not None and connection.price(10**6, 10**6) == 0
    assert destination(connection) == f"{connection.model} on this machine"


def test_a_model_that_only_seems_to_be_on_this_machine_is_told_apart() -> None:
    connection = connect("ollama:gpt-oss:120b-cloud", environ={})
    assert destination(connection) == "gpt-oss:120b-cloud at ollama.com, through this machine"
    assert connection.price is None and connection.profile.rungs[0] is Rung.JSON_OBJECT


def test_a_colon_in_a_name_is_not_always_a_provider() -> None:
    connection = connect("qwen3:8b", "http://localhost:11434/v1", environ={})
    assert connection.model == "qwen3:8b" and connection.profile.name == "ollama"


@pytest.mark.parametrize(
    ("base_url", "profile"),
    [
        ("https://api.deepseek.com/v1/", "deepseek"),
        ("http://127.0.0.1:8000/v1", "vllm"),
        ("https://models.example.org/v1", "generic"),
    ],
)
def test_an_address_says_what_kind_of_endpoint_it_is(base_url: str, profile: str) -> None:
    connection = connect("m", base_url, environ={"REVIEWER_API_KEY": KEY})
    assert connection.profile.name == profile and connection.base_url == base_url.rstrip("/")


def test_a_prefix_or_a_flag_says_what_an_address_does_not() -> None:
    environ = {"REVIEWER_API_KEY": KEY}
    assert connect("vllm:m", "https://gpu.example.org/v1", environ=environ).profile.name == "vllm"
    assert connect("m", "https://gpu.example.org/v1", profile="vllm", environ=environ).profile.name == "vllm"
    with pytest.raises(ModelMisconfigured, match="no profile 'vlm'"):
        connect("m", "https://gpu.example.org/v1", profile="vlm", environ=environ)


def test_an_unknown_endpoint_is_unpriced_and_has_the_whole_ladder() -> None:
    connection = connect("m", "https://models.example.org/v1", environ={"REVIEWER_API_KEY": KEY})
    assert connection.price is None and connection.profile.rungs == tuple(Rung)


def test_flag_before_environment_before_file() -> None:
    config = wrote('[model]\nname = "c"\nbase_url = "http://localhost:3/v1"')
    environ = {"REVIEWER_MODEL": "b", "REVIEWER_BASE_URL": "http://localhost:2/v1"}
    for model, base_url, env, expected in (
        ("a", "http://localhost:1/v1", environ, ("a", "http://localhost:1/v1")),
        ("a", None, environ, ("a", "http://localhost:2/v1")),
        (None, None, environ, ("b", "http://localhost:2/v1")),
        ("a", None, {}, ("a", "http://localhost:3/v1")),
        (None, None, {}, ("c", "http://localhost:3/v1")),
        (None, None, {"REVIEWER_MODEL": "b"}, ("b", "http://localhost:3/v1")),
    ):
        connection = connect(model, base_url, environ=env, config=config)
        assert (connection.model, connection.base_url) == expected


def test_a_provider_that_contradicts_the_configured_address_is_refused() -> None:
    """`qwen:7b` may mean a tag of the local Ollama or Alibaba's service: no report is sent on a guess."""
    for environ, file in (
        ({"REVIEWER_BASE_URL": "http://localhost:11434/v1"}, ""),
        ({}, '[model]\nbase_url = "http://localhost:11434/v1"'),
    ):
        error = refused("qwen:7b", environ={**environ, "DASHSCOPE_API_KEY": KEY}, config=wrote(file))
        assert "another" in error.message and "--base-url" in error.hint
    # Said at once, it is no contradiction; nor is a local kind of server somewhere else.
    assert connect("openai:m", "http://localhost:9/v1", environ={}).base_url == "http://localhost:9/v1"
    environ = {"REVIEWER_BASE_URL": "http://localhost:9/v1"}
    assert connect("vllm:m", environ=environ).base_url == "http://localhost:9/v1"


# Addresses


@pytest.mark.parametrize(
    "base_url",
    [
        "ftp://example.org/v1",
        "example.org/v1",
        "localhost:8000/v1",
        "https://",
        "https://example.org:port/v1",
        "https://exa mple.org/v1",
        "https://example.org\\@localhost/v1",
        f"https://user:{KEY}@example.org/v1",
        f"https://{KEY}@example.org/v1",
        f"https://example.org/v1?key={KEY}",
        f"https://example.org/v1#{KEY}",
        "https://example.org/v1/chat/completions",
        "http://example.org/v1",
        "http://10.0.0.5:8000/v1",
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(base_url: str) -> None:
    refused("m", base_url, environ={"REVIEWER_API_KEY": KEY})


def test_plain_http_beyond_this_machine_must_be_allowed() -> None:
    base_url = "http://10.0.0.5:8000/v1"
    environ = {"REVIEWER_API_KEY": KEY}
    assert connect("m", base_url, environ=environ, allow_http=True).base_url == base_url
    config = wrote(f'[model]\nname = "m"\nbase_url = "{base_url}"\nallow_http = true')
    assert connect(None, environ=environ, config=config).base_url == base_url
    # What the file allows for its own host it allows for no other.
    assert "encryption" in refused(None, "http://10.0.0.6:8000/v1", environ=environ, config=config).message


# Keys


def test_a_providers_key_goes_to_that_provider_only() -> None:
    environ = {"OPENAI_API_KEY": KEY, "DEEPSEEK_API_KEY": OTHER}
    assert key(connect("gpt-4o", environ=environ)) == KEY
    assert key(connect("deepseek:deepseek-chat", environ=environ)) == OTHER
    for model, base_url in (
        ("gpt-4o", "https://proxy.example.org/v1"),
        ("openai:gpt-4o", "https://proxy.example.org/v1"),
        ("openai:gpt-4o", "https://api.openai.com.example.org/v1"),
        ("qwen:qwen-plus", None),
    ):
        error = refused(model, base_url, environ=environ)
        assert "no key" in error.message and "REVIEWER_API_KEY" in error.hint
    assert connect("gpt-4o", "http://localhost:1/v1", environ=environ).api_key == NO_KEY


def test_the_reviewers_own_key_stands_before_a_providers() -> None:
    environ = {"REVIEWER_API_KEY": KEY, "OPENAI_API_KEY": OTHER}
    assert key(connect("gpt-4o", environ=environ)) == KEY
    assert key(connect("m", "https://proxy.example.org/v1", environ=environ)) == KEY
    assert key(connect("vllm:m", environ=environ)) == KEY


def test_a_missing_key_is_told_with_the_variable_to_set() -> None:
    error = refused("deepseek:deepseek-chat", environ={})
    assert error.message == "no key for api.deepseek.com"
    assert error.hint == "set DEEPSEEK_API_KEY or REVIEWER_API_KEY"


@pytest.mark.parametrize("value", [f"{KEY} {OTHER}", f"{KEY}\n{OTHER}", f"“{KEY}”"])
def test_what_cannot_be_a_key_is_refused_without_being_shown(value: str) -> None:
    assert "OPENAI_API_KEY" in refused("gpt-4o", environ={"OPENAI_API_KEY": value}).message


def test_blanks_around_a_key_do_not_matter() -> None:
    assert key(connect("gpt-4o", environ={"OPENAI_API_KEY": f" {KEY}\n"})) == KEY


def test_a_connection_does_not_show_its_key() -> None:
    connection = connect("gpt-4o", environ={"OPENAI_API_KEY": KEY})
    assert KEY not in repr(connection) and KEY not in str(connection)


@pytest.mark.parametrize("name", ["openai:", "a\nb", "\x1b[2Jm", "generic:m"])
def test_what_is_no_name_of_a_model_is_refused(name: str) -> None:
    refused(name, environ={"OPENAI_API_KEY": KEY, "REVIEWER_API_KEY": KEY})


def test_naming_a_model_loads_no_library_it_may_not_need() -> None:
    """An offline review, and one with a model of one's own, start at once."""
    script = """
import sys
import reviewer.llm, reviewer.llm.config, reviewer.llm.local, reviewer.llm.pricing, reviewer.llm.tokens
from reviewer.llm.config_file import Config
reviewer.llm.config.connect("vllm:m", environ={}, config=Config())
print(sorted({"openai", "tiktoken", "genai_prices", "xllamacpp", "httpx"} & set(sys.modules)))
"""
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == "[]"
