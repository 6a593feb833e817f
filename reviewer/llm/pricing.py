"""What answers cost, from the price list that comes with genai-prices; nothing is ever fetched."""

from collections.abc import Callable
from decimal import Decimal

__all__ = ["Price", "free", "per_million", "price_of"]

Price = Callable[[int, int], Decimal | None]
"""(prompt_tokens, completion_tokens) -> US dollars; None = unpriced."""

_MILLION = Decimal(1_000_000)


def free(prompt_tokens: int, completion_tokens: int) -> Decimal:
    """The price of a model on a machine of one's own."""
    return Decimal(0)


def per_million(prompt: Decimal, completion: Decimal) -> Price:
    """A price of one's own: US dollars for a million tokens of prompt and of answer."""

    def price(prompt_tokens: int, completion_tokens: int) -> Decimal:
        return (prompt * prompt_tokens + completion * completion_tokens) / _MILLION

    return price


def price_of(model: str, provider: str | None) -> Price | None:
    """The listed price of a provider's model, or None where it is not listed.

    `provider` is an id of genai-prices. Where a price depends on the time of day, the time of the call counts. What a
    provider takes off for prompts it has seen before is not known in advance, so it is left out: the price errs high.
    """
    if provider is None:
        return None
    # Its data takes half a second to load, so only a review that asks a model with a price pays for it.
    from genai_prices import Usage, calc_price

    def price(prompt_tokens: int, completion_tokens: int) -> Decimal | None:
        try:
            usage = Usage(input_tokens=prompt_tokens, output_tokens=completion_tokens)
            return calc_price(usage, model, provider_id=provider).total_price
        except LookupError:
            return None

    return None if price(0, 0) is None else price
