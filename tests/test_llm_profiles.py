"""What is known of endpoints is sourced, complete and found by name and by address."""

import re

import pytest
from pydantic import ValidationError

from reviewer.llm.connection import Rung
from reviewer.llm.profiles import Capabilities, Provider, is_loopback, provider_at, provider_named, providers

ALL = sorted(providers())
SOURCED = ("base_url", "key_variables", *Capabilities.model_fields)


def test_every_kind_of_endpoint_is_there() -> None:
    expected = {"openai", "deepseek", "dashscope", "zhipu", "zai", "moonshot", "vllm", "ollama", "llamacpp", "generic"}
    assert set(ALL) == expected


@pytest.mark.parametrize("name", ALL)
def test_every_field_has_a_source(name: str) -> None:
    provider = providers()[name]
    expected = set(SOURCED) - ({"base_url"} if provider.base_url is None else set())
    assert set(provider.source) == expected
    for source in [*provider.source.values(), *(variant.source for variant in provider.models)]:
        assert re.match(r"https://[\w.-]+\.[a-z]+/|assumed: \w", source), source


@pytest.mark.parametrize("name", ALL)
def test_the_ladder_ends_on_a_rung_every_model_can_stand_on(name: str) -> None:
    provider = providers()[name]
    for rungs in (provider.rungs, *(variant.rungs for variant in provider.models if variant.rungs)):
        assert rungs[-1] is Rung.FENCED
        assert list(rungs) == [rung for rung in Rung if rung in rungs], "best first"


def test_no_name_host_or_port_means_two_endpoints() -> None:
    for names in (
        [name for p in providers().values() for name in (p.name, *p.aliases)],
        [host for p in providers().values() for host in p.hosts],
        [port for p in providers().values() for port in p.ports],
    ):
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("openai", "openai"),
        ("OpenAI", "openai"),
        ("qwen", "dashscope"),
        ("glm", "zhipu"),
        ("kimi", "moonshot"),
        ("Qwen/Qwen3", None),
    ],
)
def test_a_provider_is_found_by_name_and_alias(name: str, expected: str | None) -> None:
    found = provider_named(name)
    assert (found.name if found else None) == expected


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://api.openai.com/v1", "openai"),
        ("https://API.DeepSeek.com", "deepseek"),
        ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "dashscope"),
        ("https://ws1.cn-beijing.maas.aliyuncs.com/compatible-mode/v1", "dashscope"),
        ("https://api.z.ai/api/paas/v4", "zai"),
        ("http://localhost:11434/v1", "ollama"),
        ("http://127.0.0.1:8000/v1", "vllm"),
        ("http://[::1]:8080/v1", "llamacpp"),
        # A port says something only on this machine, and a host only as a whole.
        ("https://gpu.example.org:8000/v1", "generic"),
        ("https://api.openai.com.example.org/v1", "generic"),
        ("https://evilmaas.aliyuncs.com/v1", "generic"),
        ("http://localhost:9999/v1", "generic"),
    ],
)
def test_a_provider_is_found_by_its_address(base_url: str, expected: str) -> None:
    assert provider_at(base_url).name == expected


def test_a_profile_follows_the_model() -> None:
    openai = providers()["openai"]
    reasoning, older, oldest = (openai.profile(model) for model in ("gpt-5.4-mini", "GPT-4o-mini", "gpt-4"))
    assert not reasoning.takes_temperature and reasoning.rungs[0] is Rung.JSON_SCHEMA
    assert older.takes_temperature and older.rungs == reasoning.rungs
    assert oldest.rungs == (Rung.FENCED,) and oldest.context_tokens == 8192
    assert providers()["moonshot"].profile("kimi-k3").extra_body == {}
    assert providers()["moonshot"].profile("kimi-k2.6").extra_body == {"thinking": {"type": "disabled"}}


def test_qwen_is_asked_not_to_think_because_it_would_refuse_to_answer() -> None:
    assert providers()["dashscope"].profile("qwen-plus").extra_body == {"enable_thinking": False}


def test_changes_touch_only_what_they_set() -> None:
    before = providers()["vllm"].profile("any")
    after = Capabilities(takes_seed=False, concurrency=2).applied_to(before)
    assert (after.takes_seed, after.concurrency) == (False, 2)
    assert after.rungs == before.rungs and after.extra_body == before.extra_body


def test_a_misspelt_field_is_refused() -> None:
    table = providers()["generic"].model_dump()
    with pytest.raises(ValidationError):
        Provider(**{**table, "take_seed": True})
    with pytest.raises(ValidationError):
        Capabilities(rungs=())


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "a.localhost"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["", "10.0.0.1", "0.0.0.0", "localhost.example.org", "example.org", "127.0.0.1.nip.io"]
)
def test_no_other_host_passes_for_this_machine(host: str) -> None:
    assert not is_loopback(host)
