"""Which model is asked, where and with which key; and that no report or key goes where nobody sent it."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from reviewer.errors import ModelMisconfigured, UsageError
from reviewer.llm.config import Options, connect, destination, named_model
from reviewer.llm.config_file import Config, load_config
from reviewer.llm.connection import Connection, Rung
from reviewer.llm.keys import NO_KEY

KEY = "sk-not-for-anyones-eyes-0001"
OTHER = "sk-not-for-anyones-eyes-0002"


@pytest.fixture(autouse=True)
def empty_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and configuration directory."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return work


def wrote(text: str, path: Path | None = None) -> Config:
    path = path or Path("reviewer.toml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_config({})


def key(connection: Connection) -> str:
    return connection.api_key.get_secret_value()


def refused(
    model: str | None,
    base_url: str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    config: Config | None = None,
) -> ModelMisconfigured:
    with pytest.raises(ModelMisconfigured) as caught:
        connect(model, base_url, environ=environ or {}, config=config)
    for secret in (KEY, OTHER):
        assert secret not in caught.value.message + caught.value.hint
    return caught.value


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


# reviewer.toml

BUREAU = """
[model]
name = "@bureau"
max_cost = 2.5
retries = 2

[profiles.bureau]
model = "Qwen3-32B"
base_url = "http://10.0.0.5:8000/v1"
profile = "vllm"
allow_http = true
api_key_env = "BUREAU_KEY"
concurrency = 3
rungs = ["json_object", "fenced"]
retries = 1
price = { prompt = 0.5, completion = 1.5 }

[profiles.cloud]
model = "deepseek:deepseek-chat"
context_tokens = 64000
"""


def test_a_named_profile_is_a_whole() -> None:
    config = wrote(BUREAU)
    environ = {"BUREAU_KEY": KEY, "REVIEWER_API_KEY": OTHER, "DEEPSEEK_API_KEY": OTHER}
    bureau = connect(None, environ=environ, config=config)
    assert (bureau.model, bureau.base_url, key(bureau)) == ("Qwen3-32B", "http://10.0.0.5:8000/v1", KEY)
    assert bureau.profile.name == "vllm" and bureau.profile.concurrency == 3 and bureau.profile.takes_seed
    assert bureau.profile.rungs == (Rung.JSON_OBJECT, Rung.FENCED)
    assert bureau.price is not None and bureau.price(1_000_000, 1_000_000) == 2
    assert (bureau.retries, bureau.max_cost, bureau.max_wait) == (1, Decimal("2.5"), 60)
    # An address lying in the environment does not move it, and limits of [model] hold for it too.
    environ["REVIEWER_BASE_URL"] = "https://elsewhere.example.org/v1"
    cloud = connect("@cloud", environ=environ, config=config)
    assert (cloud.model, cloud.base_url) == ("deepseek-chat", "https://api.deepseek.com")
    assert (cloud.profile.context_tokens, cloud.retries, cloud.max_cost) == (64000, 2, Decimal("2.5"))


def test_the_key_of_a_profile_follows_no_other_address() -> None:
    config, environ = wrote(BUREAU), {"BUREAU_KEY": KEY}
    assert "no key" in refused("@bureau", "https://elsewhere.example.org/v1", environ=environ, config=config).message
    moved = connect("@bureau", "http://10.0.0.5:8000/other", environ=environ, config=config)
    assert key(moved) == KEY


def test_flags_stand_before_the_file() -> None:
    options: Options = {"retries": 0, "max_cost": Decimal(1), "read_timeout": 5, "max_wait": None}
    connection = connect("@cloud", environ={"DEEPSEEK_API_KEY": KEY}, config=wrote(BUREAU), **options)
    assert (connection.retries, connection.max_cost) == (0, Decimal(1))
    assert (connection.read_timeout, connection.max_wait) == (5, 60)
    with pytest.raises(UsageError, match="--read-timeout"):
        connect("@cloud", environ={"DEEPSEEK_API_KEY": KEY}, config=wrote(BUREAU), read_timeout=-1)


def test_another_model_on_the_configured_server_keeps_what_is_known_of_the_server() -> None:
    config = wrote(
        '[model]\nname = "a"\nbase_url = "https://gpu.example.org/v1"\nprofile = "vllm"\napi_key_env = "GPU"\nprice = { prompt = 1, completion = 1 }'
    )
    connection = connect("b", environ={"GPU": KEY}, config=config)
    assert (connection.model, connection.profile.name, key(connection)) == ("b", "vllm", KEY)
    # The price was that of the other model.
    assert connection.price is not None and connection.price(10**6, 10**6) == 0


def test_a_file_cannot_send_the_key_of_a_provider_elsewhere() -> None:
    config = wrote('[model]\nname = "m"\nbase_url = "https://elsewhere.example.org/v1"\napi_key_env = "OPENAI_API_KEY"')
    assert (
        "OPENAI_API_KEY is the key of openai" in refused(None, environ={"OPENAI_API_KEY": KEY}, config=config).message
    )


def test_a_variable_that_is_named_must_be_set() -> None:
    config = wrote('[model]\nname = "m"\nbase_url = "http://localhost:8000/v1"\napi_key_env = "GPU"')
    assert refused(None, environ={"REVIEWER_API_KEY": KEY}, config=config).hint == "set GPU"


@pytest.mark.parametrize("name", ["@nobody", "@"])
def test_an_unknown_profile_is_told_with_the_known_ones(name: str) -> None:
    assert refused(name, config=wrote(BUREAU)).hint == "profiles there: @bureau, @cloud"
    assert "profiles.NAME" in refused(name, config=wrote("")).hint


def test_a_profile_that_names_a_profile_is_refused() -> None:
    assert "another profile" in refused("@a", config=wrote('[profiles.a]\nmodel = "@b"')).message


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[model", "is not TOML", "docs/models.md"),
        ('[model]\nnmae = "x"', "model.nmae: there is no such setting", "base_url"),
        ('[modle]\nname = "x"', "modle: there is no such setting", "[profiles.NAME]"),
        ('path = "x"', "path: there is no such setting", "[model]"),
        ('[profiles.a]\nbase_url = "http://localhost/v1"', "profiles.a.model", "model"),
        ('[model]\nretries = "many"', "model.retries", "retries"),
        ("[model]\nconcurrency = 0", "model.concurrency", ""),
        ('[model]\nrungs = ["json"]', "model.rungs", ""),
        (f'[model]\napi_key = "{KEY}"', "model.api_key holds a key", "api_key_env"),
        (
            f'[profiles.a]\nmodel = "m"\nextra_body = {{ auth = {{ token = "{KEY}" }} }}',
            "extra_body.auth.token holds a key",
            "",
        ),
        (f'[model]\napi_key_env = "{KEY}"', "model.api_key_env", ""),
        (f'[model]\nOPENAI_API_KEY = "{KEY}"', "OPENAI_API_KEY holds a key", ""),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(text: str, message: str, hint: str) -> None:
    with pytest.raises(ModelMisconfigured) as caught:
        wrote(text)
    assert "reviewer.toml" in caught.value.message
    assert message in caught.value.message and hint in caught.value.hint
    assert KEY not in caught.value.message + caught.value.hint


def test_the_first_file_there_is_counts(tmp_path: Path) -> None:
    assert load_config({}) == Config()
    users = tmp_path / "config" / "budget-report-reviewer" / "reviewer.toml"
    assert wrote('[model]\nname = "user"', users).model.name == "user"
    assert wrote('[model]\nname = "here"').model.name == "here"
    wrote('[model]\nname = "named"', tmp_path / "named.toml")
    environ = {"REVIEWER_CONFIG": str(tmp_path / "named.toml")}
    assert load_config(environ).model.name == "named"
    wrote('[model]\nname = "flag"', tmp_path / "flag.toml")
    assert load_config(environ, tmp_path / "flag.toml").model.name == "flag"


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ModelMisconfigured, match=r"gone\.toml"):
        load_config({"REVIEWER_CONFIG": str(tmp_path / "gone.toml")})


@pytest.mark.parametrize("name", ["openai:", "a\nb", "\x1b[2Jm", "generic:m"])
def test_what_is_no_name_of_a_model_is_refused(name: str) -> None:
    refused(name, environ={"OPENAI_API_KEY": KEY, "REVIEWER_API_KEY": KEY})
