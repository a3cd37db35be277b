"""A market of one stage for cases of trade policy: one good, tonnes and tariffs as given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from accord.market import (
    Activity,
    Buyer,
    Capacity,
    FinalDemand,
    Good,
    Lane,
    Market,
    Region,
    Wedge,
)

GOOD = "good"
TARIFF = "tariff"
# A choke price so far away that demand is exponential: D⁰·exp(−η (P − P⁰)/P⁰).
FAR = 1e6
CAPACITY = 100.0
Table = Sequence[Sequence[float]]


@dataclass(frozen=True)
class OneStage:
    """A world of one stage, in which all producer prices are 1 at the start.

    ``flow``, ``power``  tonnes and one plus the tariff by origin, destination
    ``substitution``, ``supply``, ``demand``  elasticities, all positive
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    flow: Table
    power: Table
    substitution: float
    supply: float
    demand: float

    def market(self, power: Table | None = None) -> Market:
        """Return the market, with other tariffs than those it is calibrated to if given."""
        codes = tuple(dict.fromkeys((*self.origins, *self.destinations)))
        buyers = [self._buyer(j) for j in range(len(self.destinations))]
        return Market(
            name="case",
            year=0,
            price_year=0,
            regions=tuple(Region(code, code, "fob") for code in codes),
            goods=(Good(GOOD, GOOD),),
            activities=tuple(self._maker(i) for i in range(len(self.origins))),
            lanes=tuple(
                self._lane(i, j, buyers[j], power or self.power)
                for i in range(len(self.origins))
                for j in range(len(self.destinations))
            ),
            buyers=tuple(buyers),
            demands=tuple(self._demand(j, buyers[j]) for j in range(len(self.destinations))),
        )

    def _maker(self, i: int) -> Activity:
        made = sum(self.flow[i])
        capacity = CAPACITY * made
        rising = (capacity / made) ** (1.0 / self.supply)
        return Activity(
            name=f"maker.{self.origins[i]}",
            kind="maker",
            region=self.origins[i],
            outputs=((GOOD, 1.0),),
            rising_cost=rising,
            curvature=self.supply,
            capacity=Capacity(capacity),
            owner=self.origins[i],
        )

    def _bought(self, j: int) -> float:
        return sum(row[j] for row in self.flow)

    def _buyer(self, j: int) -> Buyer:
        spent = sum(x[j] * t[j] for x, t in zip(self.flow, self.power, strict=True))
        mean = spent / self._bought(j)
        return Buyer(GOOD, self.destinations[j], self.substitution / mean, mean)

    def _demand(self, j: int, buyer: Buyer) -> FinalDemand:
        choke = FAR * buyer.constant
        bought = self._bought(j)
        return FinalDemand(GOOD, buyer.region, bought, buyer.constant, self.demand, choke)

    def _lane(self, i: int, j: int, buyer: Buyer, power: Table) -> Lane:
        share = self.flow[i][j] / self._bought(j)
        weight = math.log(share) + buyer.theta * self.power[i][j] if share > 0.0 else -math.inf
        lane = Lane(GOOD, self.origins[i], self.destinations[j], log_weight=weight)
        if power[i][j] == 1.0:
            return lane
        return replace(
            lane,
            wedges=(Wedge(TARIFF, "import", power[i][j] - 1.0, revenue_to=self.destinations[j]),),
        )
