"""reviewer.toml: what it may say, what it may not, and how far what it says reaches."""

from decimal import Decimal
from pathlib import Path

import pytest

from reviewer.errors import ModelMisconfigured, UsageError
from reviewer.llm.config import Options, connect
from reviewer.llm.config_file import Config, load_config
from reviewer.llm.connection import Rung
from tests.llm_naming import KEY, OTHER, empty_places, key, refused, wrote

__all__ = ["empty_places"]

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
