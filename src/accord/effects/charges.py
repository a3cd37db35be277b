"""What a tonne on a lane costs, piece by piece: price at the gate, freight, duties, rents.

The pieces of a lane add up to its landed cost; whoever receives them is named in ``Charges``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields

import numpy as np

from accord.equilibrium import Equilibrium
from accord.equilibrium.arrays import customs_base, specific_per_tonne
from accord.market import Lane, Limit, Wedge

OnLane = tuple[int, Limit]


@dataclass(frozen=True, slots=True)
class Charges:
    """The pieces of the landed cost of a lane, USD per tonne delivered.

    ``gate``        what the maker sells a tonne for
    ``freight``     freight, and the metal lost on the way
    ``export_tax``  to the exporter's treasury (negative: a subsidy)
    ``duty``        import duty, what is due beyond tariff-rate quotas among it
    ``use_tax``     taxes on use (negative: subsidies)
    ``rent``        rents of limits, to whoever holds them (negative: a rebate)
    ``friction``    wedges that nobody receives
    """

    gate: float = 0.0
    freight: float = 0.0
    export_tax: float = 0.0
    duty: float = 0.0
    use_tax: float = 0.0
    rent: float = 0.0
    friction: float = 0.0

    @property
    def border(self) -> float:
        """What a tonne is sold for at the exporter's border."""
        return self.gate + self.export_tax

    @property
    def landed(self) -> float:
        """The landed cost: the sum of all pieces."""
        return sum(float(getattr(self, piece.name)) for piece in fields(self))


def charges_on(eq: Equilibrium, i: int, limits: list[OnLane]) -> Charges:
    """Return the charges on lane ``i`` of the universe, with the limits in force on it."""
    shared = eq.universe.lanes[i]
    lane = eq.market.lane_by_key.get(shared.key, shared)
    price = float(eq.state.price[eq.state.arrays.lanes.node[i]])
    rebate = rebate_on_value(eq, limits)
    taken = {"export": 0.0, "import": 0.0, "use": 0.0, "friction": 0.0}
    for wedge in lane.active_wedges:
        side = wedge.side if wedge.revenue_to is not None else "friction"
        taken[side] += wedge_per_tonne(eq, i, wedge, rebate)
    over = sum(
        share_beyond(eq, m) * rent_per_tonne(eq, m, i, 1.0)
        for m, limit in limits
        if limit.over is not None
    )
    # What a rebate saves in duty is in the duty already: the rent is the rebate itself.
    rent = sum(_rent(eq, m, limit, i) for m, limit in limits)
    return Charges(
        gate=price,
        freight=lane.freight + price * lane.loss / (1.0 - lane.loss),
        export_tax=taken["export"],
        duty=taken["import"] + over,
        use_tax=taken["use"],
        rent=rent,
        friction=taken["friction"],
    )


def _rent(eq: Equilibrium, m: int, limit: Limit, i: int) -> float:
    rent = float(eq.state.rent[m])
    if limit.sense == "at_least":
        return -rent
    within = 1.0 - share_beyond(eq, m) if limit.over is not None else 1.0
    return within * rent_per_tonne(eq, m, i, rent)


def limits_by_lane(eq: Equilibrium) -> defaultdict[int, list[OnLane]]:
    """Return the limits in force on each lane that has any."""
    found: defaultdict[int, list[OnLane]] = defaultdict(list)
    limits = eq.state.arrays.limits
    for m, limit in enumerate(eq.universe.limits):
        if limits.active[m]:
            for i in np.flatnonzero(limits.member[m]).tolist():
                found[i].append((m, limit))
    return found


def wedge_per_tonne(eq: Equilibrium, i: int, wedge: Wedge, rebate: float) -> float:
    """Return what a wedge takes per tonne delivered on lane i."""
    shared = eq.universe.lanes[i]
    lane = eq.market.lane_by_key.get(shared.key, shared)
    slope, intercept = customs_base(lane, wedge)
    node = eq.state.arrays.lanes.node[i]
    base = slope * float(eq.state.price[node]) + intercept
    if wedge.side != "export" and wedge.tracer is None:
        # A duty by the metal's origin is on the value before any rebate, as in the landed cost.
        base -= rebate
    amount = wedge.ad_valorem * wedge.content * base + specific_per_tonne(lane, wedge)
    if wedge.tracer is None:
        return amount
    names = [tracer.name for tracer in eq.market.tracers]
    return amount * float(eq.state.traced_share[names.index(wedge.tracer), node])


def rebate_on_value(eq: Equilibrium, limits: list[OnLane]) -> float:
    """Return by how much sellers' rebates lower the customs value of a tonne."""
    return sum(
        float(eq.state.rent[m])
        for m, limit in limits
        if limit.lowers_customs_value and limit.sense == "at_least"
    )


def share_beyond(eq: Equilibrium, m: int) -> float:
    """Return the share of the flow that limit m counts which is beyond its bound."""
    counted, bound = float(eq.state.counted_flow[m]), float(eq.state.bound[m])
    return max(counted - max(bound, 0.0), 0.0) / counted if counted > 0.0 else 0.0


def rent_per_tonne(eq: Equilibrium, m: int, i: int, rent: float) -> float:
    """Return what a rent of limit m adds to the cost of a tonne on lane i."""
    limits = eq.state.arrays.limits
    price = eq.state.price[eq.state.arrays.lanes.node[i]]
    return float(rent * (limits.rent_slope[m, i] * price + limits.rent_intercept[m, i]))


def statutory_wedges(lane: Lane, limits: list[OnLane]) -> list[Wedge]:
    """Return every import duty that the law asks on a lane, the one beyond a quota among them."""
    wedges = [w for w in lane.active_wedges if w.side == "import"]
    return wedges + [limit.over for _, limit in limits if limit.over is not None]
