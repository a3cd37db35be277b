"""The chart of accounts of a market: what is booked to whom, whatever its prices and flows are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from accord.effects.columns import Key
from accord.effects.many_law import LaneLaw
from accord.effects.many_prices import HubWeights, hub_weights
from accord.equilibrium.arrays import Arrays
from accord.market import Activity, Market


@dataclass(frozen=True, eq=False)
class ChartOfAccounts:
    """Keys and rates of a market's accounts, worked out once for all draws and points of it.

    ``market`` is what all draws share: its law, hubs, users, power and emissions per unit;
    ``base`` says who is where.
    """

    market: Market
    base: Arrays

    @cached_property
    def law(self) -> LaneLaw:
        """What the law takes on lanes."""
        return LaneLaw(self.market, self.base)

    @cached_property
    def buyer_keys(self) -> list[Key]:
        """Region and good of each buyer."""
        return [(buyer.region, buyer.good) for buyer in self.base.universe.buyers]

    @cached_property
    def node_keys(self) -> list[Key]:
        """Region and good of each node."""
        return [(region, good) for good, region in self.base.universe.nodes]

    @cached_property
    def hubs(self) -> list[HubWeights]:
        """The quoted world prices."""
        return [hub_weights(self.market, hub, self.base.universe) for hub in self.market.hubs]

    @cached_property
    def activities(self) -> list[Activity]:
        """The activities, as the market has them, else as the universe has."""
        own = self.market.activity_by_name
        return [own.get(a.name, a) for a in self.base.universe.activities]
