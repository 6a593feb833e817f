"""A cap on cost holds before a request is sent, and no address shows what may be secret."""

from decimal import Decimal

import pytest

from reviewer.errors import ModelMisconfigured
from reviewer.llm.asking import Parameters, Spent, Status
from reviewer.llm.client import Client
from reviewer.llm.wire import endpoint
from tests.llm_kit import GOOD, asked, cents, connection, question
from tests.scripted_server import ScriptedServer, say


def test_a_question_that_could_cost_more_than_is_left_is_not_put() -> None:
    small = Parameters(max_tokens=50)
    with ScriptedServer([say(GOOD, usage=(100, 50))]) as server:
        conn = connection(server.base_url, max_cost=Decimal("6.00"), price=cents)
        replies = asked(conn, *(question(str(n), parameters=small) for n in range(4)))
    assert replies[0].status is Status.OK
    assert (replies[-1].status, replies[-1].reason) == (Status.FAILED, "cost cap")
    assert replies[-1].spent == Spent()
    total = sum((r.spent for r in replies), Spent())
    assert total.price is not None
    assert total.price <= Decimal("6.00")


def test_a_cap_on_the_cost_of_an_unpriced_model_is_refused_at_once() -> None:
    for price in (None, lambda prompt, completion: None):
        with pytest.raises(ModelMisconfigured, match="price of scripted-model is unknown"):
            Client(connection("http://127.0.0.1/v1", max_cost=Decimal(1), price=price))


def test_an_address_is_named_without_what_may_be_secret() -> None:
    assert endpoint("https://user:pw@host:8443/v1/?key=1#x") == "https://host:8443/v1"


@pytest.mark.parametrize(
    "url", ["api.example.com/v1", "ftp://example.com", "http://", "http://[::1", "https://u:p@example.com/v1"]
)
def test_an_address_that_is_none_is_told_before_anything_is_sent(url: str) -> None:
    with pytest.raises(ModelMisconfigured) as caught:
        Client(connection(url))
    assert "u:p" not in caught.value.message
