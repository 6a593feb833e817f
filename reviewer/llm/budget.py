"""A cap on cost that holds while requests run at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal


class OverBudget(Exception):
    """The request could cost more than what is left."""


@dataclass(slots=True)
class Reservation:
    """What one request may cost at worst, and what it cost once that is known. US dollars."""

    worst: Decimal
    cost: Decimal | None = None
    """None until known: a request that never came back is counted at its worst, since it may be charged for."""


class Budget:
    """Money for the life of a client, in US dollars; None = no cap. Belongs to one event loop."""

    def __init__(self, cap: Decimal | None) -> None:
        self.spent = Decimal(0)
        """What requests cost, those of unknown cost at their worst."""
        self.reserved = Decimal(0)
        """What the requests under way may still cost at worst."""
        self._cap = cap
        self._settled = asyncio.Event()

    @asynccontextmanager
    async def reserve(self, worst: Decimal) -> AsyncIterator[Reservation]:
        """Hold `worst` while a request runs, then count its cost.

        Waits while only requests under way stand in the way, since they mostly cost less than their worst.
        OverBudget if what is already spent leaves too little.
        """
        while self._cap is not None and self.spent + self.reserved + worst > self._cap:
            if self.spent + worst > self._cap:
                raise OverBudget
            self._settled.clear()
            await self._settled.wait()
        self.reserved += worst
        reservation = Reservation(worst)
        try:
            yield reservation
        finally:
            self.reserved -= worst
            self.spent += worst if reservation.cost is None else reservation.cost
            self._settled.set()
