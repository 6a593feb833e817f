"""What a review will cost is known before it starts, and an unknown price is never taken for none."""

import socket
from decimal import Decimal

import pytest

from reviewer.llm.pricing import free, per_million, price_of


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a price was looked up on the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize(
    ("model", "provider"),
    [("gpt-4o-mini", "openai"), ("deepseek-chat", "deepseek"), ("kimi-k2.6", "moonshotai"), ("glm-4.7", "zhipuai")],
)
def test_a_listed_model_has_a_price_in_decimals(model: str, provider: str) -> None:
    price = price_of(model, provider)
    assert price is not None
    asked, answered = price(1_000_000, 0), price(0, 1_000_000)
    assert isinstance(asked, Decimal) and isinstance(answered, Decimal)
    assert 0 < asked < answered < 100


def test_the_price_is_that_of_the_list() -> None:
    price = price_of("gpt-4o-mini", "openai")
    assert price is not None and price(1_000_000, 1_000_000) == Decimal("0.75")


@pytest.mark.parametrize(
    ("model", "provider"), [("gpt-unheard-of", "openai"), ("any", "no-such-provider"), ("any", None)]
)
def test_an_unlisted_model_is_unpriced_and_not_free(model: str, provider: str | None) -> None:
    assert price_of(model, provider) is None


def test_a_price_of_ones_own_is_per_million_tokens() -> None:
    price = per_million(Decimal("0.5"), Decimal("1.5"))
    assert price(2_000_000, 1_000) == Decimal("1.0015")


def test_ones_own_machine_is_free() -> None:
    assert free(10**9, 10**9) == 0
