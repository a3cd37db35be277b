"""Effects to take derivatives of, by name: prices, flows, output, revenue, welfare.

Each is a function of a solved market and says which number of it is meant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from accord.equilibrium.arrays import Arrays, Vector
from accord.equilibrium.effect import Linear, Slopes, Total
from accord.equilibrium.effect_money import Surplus, Transfers
from accord.equilibrium.effect_taxes import Taxes, by_node
from accord.equilibrium.equilibrium import Equilibrium
from accord.equilibrium.state import State
from accord.errors import Fault, InputError
from accord.market import LaneKey, Market


def producer_price(eq: Equilibrium, good: str, region: str) -> Linear:
    """Return the producer price of a good in a region (C18), USD per tonne, as an effect."""
    _known_good(eq.market, good)
    place = _place("region", eq.universe.node_index.get((good, region)), f"{good} in {region}")
    weights = _one(len(eq.universe.nodes), place)
    return Linear(f"producer price of {good} in {region}", "USD/t", _taxes(eq), price=weights)


def buyer_price(eq: Equilibrium, good: str, region: str) -> Linear:
    """Return the buyer price of a good in a region (C20), USD per tonne, as an effect."""
    _known_good(eq.market, good)
    place = _place("region", eq.universe.buyer_index.get((good, region)), f"{good} in {region}")
    weights = _one(len(eq.universe.buyers), place)
    return Linear(f"buyer price of {good} in {region}", "USD/t", _taxes(eq), buyer_price=weights)


@dataclass(frozen=True)
class HubPrice:
    """A quoted world price (C21): producer prices at their borders, weighted by lanes.

    ``share`` (L,) weight of each lane, of those whose exporters sell; they sum to 1.
    """

    name: str
    taxes: Taxes
    share: Vector
    offset: float
    unit: str = "USD/t"

    def value(self, state: State) -> float:
        """Return the price."""
        price, rates = state.price[state.arrays.lanes.node], self.taxes.rates
        at_border = (1.0 + rates.export_rate) * price + rates.export_specific
        return self.offset + float(self.share @ at_border)

    def slopes(self, state: State) -> Slopes:
        """Return its slopes in prices and in export taxes, which are part of it."""
        price, rates = state.price[state.arrays.lanes.node], self.taxes.rates
        return replace(
            Slopes.none(state.arrays),
            price=by_node(state, self.share * (1.0 + rates.export_rate)),
            by={"export_ad_valorem": self.share * price, "export_specific": self.share},
        )


def hub_price(eq: Equilibrium, good: str) -> HubPrice:
    """Return a quoted world price (C21), USD per tonne, as an effect."""
    _known_good(eq.market, good)
    hubs = {hub.good: hub for hub in eq.market.hubs}
    if good not in hubs:
        raise InputError([_unknown("hub", good)])
    share = np.zeros(len(eq.universe.lanes))
    for key, weight in hubs[good].weights:
        if eq.producer_price(key.good, key.origin) is not None and eq.sells_abroad(
            key.good, key.origin
        ):
            share[eq.universe.lane_index[key]] += weight
    if not share.any():
        raise InputError([_unknown("hub with exporters that sell", good)])
    name = f"hub price of {good}"
    return HubPrice(name, _taxes(eq), share / share.sum(), hubs[good].offset)


def flow(eq: Equilibrium, good: str, origin: str, destination: str) -> Linear:
    """Return the tonnes delivered on a lane as an effect."""
    _known_good(eq.market, good)
    key = LaneKey(good, origin, destination)
    weights = _one(len(eq.universe.lanes), _place("lane", eq.universe.lane_index.get(key), key))
    return Linear(f"flow of {key}", "t/yr", _taxes(eq), flow=weights)


def imports(eq: Equilibrium, good: str, region: str) -> Linear:
    """Return the tonnes of a good that a region takes from abroad as an effect."""
    _known_good(eq.market, good)
    _place("region", eq.universe.buyer_index.get((good, region)), f"{good} in {region}")
    chosen = [
        float(x.good == good and x.destination == region and x.origin != region)
        for x in eq.universe.lanes
    ]
    return Linear(f"imports of {good} by {region}", "t/yr", _taxes(eq), flow=np.array(chosen))


def output(eq: Equilibrium, activity: str) -> Linear:
    """Return an activity's level, in its units a year, as an effect."""
    place = _place("activity", eq.universe.activity_index.get(activity), activity)
    weights = _one(len(eq.universe.activities), place)
    return Linear(f"output of {activity}", "t/yr", _taxes(eq), level=weights)


def receipts(eq: Equilibrium, *regions: str) -> Transfers:
    """Return what treasuries and rent holders of regions receive, USD a year, as an effect."""
    _known_regions(eq.market, regions)
    name = f"receipts of {', '.join(regions)}"
    return Transfers.of(name, eq.market, eq.state.arrays, regions)


def welfare(eq: Equilibrium, *regions: str) -> Total:
    """Return the welfare of regions (conventions C36), USD a year, as an effect.

    Without regions it is that of all.
    """
    _known_regions(eq.market, regions)
    chosen = regions or tuple(r.code for r in eq.market.regions)
    name = f"welfare of {', '.join(regions) or 'the world'}"
    return Total(name, "USD/yr", welfare_parts(name, eq.market, eq.state.arrays, chosen))


def welfare_parts(
    name: str, market: Market, arrays: Arrays, regions: tuple[str, ...]
) -> tuple[Surplus, Transfers]:
    """Return surplus and receipts of regions, of which welfare is the sum."""
    money = Transfers.of(name, market, arrays, regions)
    known = [market.activity_by_name.get(a.name, a) for a in arrays.universe.activities]
    counted = Surplus(
        name,
        money.taxes,
        buyers=np.array([float(b.region in regions) for b in arrays.universe.buyers]),
        activities=np.array([float((a.owner or a.region) in regions) for a in known]),
    )
    return counted, money


def _taxes(eq: Equilibrium) -> Taxes:
    return Taxes.of(eq.market, eq.state.arrays)


def _one(size: int, place: int) -> Vector:
    weights = np.zeros(size)
    weights[place] = 1.0
    return weights


def _place(kind: str, place: int | None, found: object) -> int:
    if place is None:
        raise InputError([_unknown(kind, str(found))])
    return place


def _known_good(market: Market, good: str) -> None:
    if all(good != known.code for known in market.goods):
        raise InputError([_unknown("good", good)])


def _known_regions(market: Market, regions: tuple[str, ...]) -> None:
    faults = [_unknown("region", x) for x in regions if x not in market.region_by_code]
    if faults:
        raise InputError(faults)


def _unknown(kind: str, found: str) -> Fault:
    return Fault(
        file="effect",
        field=kind,
        found=found,
        allowed=f"a {kind} of the market",
        fix="look at the names in the market's universe",
    )
