"""A market as bare arrays, in the order of a universe: what a closure computes with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.levies import Levies
from accord.equilibrium.universe import Universe, limits_by_key
from accord.market import Lane, Limit, Market, Wedge
from accord.market.landed_cost import Sums, slope_and_intercept, wedge_rate

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class LaneArrays:
    """Lanes (L). Landed cost of a tonne: slope·p + intercept (+ tracer share × traced part).

    ``real_slope``, ``real_intercept`` are the part that uses up resources (the metal itself,
    freight, wedges that nobody receives); what is above it is transferred to somebody.
    ``traced_slope``, ``traced_intercept`` (tracers, L). ``ceiling`` is the most tonnes a lane may
    carry: infinite in every market, finite on a path on which a lane opens or closes. ``home``:
    the lane stays in its region.
    """

    node: Index
    buyer: Index
    log_weight: Vector
    shipped: Vector
    slope: Vector
    intercept: Vector
    real_slope: Vector
    real_intercept: Vector
    traced_slope: Matrix
    traced_intercept: Matrix
    ceiling: Vector
    home: NDArray[np.bool_]


@dataclass(frozen=True)
class BuyerArrays:
    """Buyers (B): θ, the constant of the price index, and final demand's parameters.

    ``home_elasticity`` is NaN where home supply is one origin among the others.
    """

    theta: Vector
    constant: Vector
    quantity: Vector
    price: Vector
    choke: Vector
    gamma: Vector
    home_elasticity: Vector


@dataclass(frozen=True)
class ActivityArrays:
    """Activities (A): coefficients, costs per unit, capacity.

    ``inputs`` (B, A) tonnes bought per unit; ``outputs`` (N, A) tonnes made per unit;
    ``kept`` share of sales the producer keeps after ad valorem output taxes (above 1: subsidy);
    ``fixed_cost`` includes ``unit_tax``, the specific output taxes.
    """

    inputs: Matrix
    outputs: Matrix
    kept: Vector
    fixed_cost: Vector
    unit_tax: Vector
    rising_cost: Vector
    inverse_curvature: Vector
    capacity: Vector


@dataclass(frozen=True)
class LimitArrays:
    """Limits (M) over lanes (L).

    ``member`` (M, L) 1 where the limit counts the lane; ``sign`` +1 at most, −1 at least;
    cost of the rent on a lane: r·(rent_slope·p + rent_intercept), (M, L) each;
    ``top`` the largest r: 1 for a tariff-rate quota, a price no rebate could exceed otherwise;
    ``grows`` (M, A) tonnes the bound gains per unit of an activity;
    ``clean_node``, ``clean_tracer``: the node and tracer of a bound on clean supply, or −1.
    """

    member: Matrix
    sign: Vector
    bound: Vector
    rent_slope: Matrix
    rent_intercept: Matrix
    top: Vector
    grows: Matrix
    active: NDArray[np.bool_]
    clean_node: Index
    clean_tracer: Index


@dataclass(frozen=True)
class TracerArrays:
    """Tracers (T) of nodes (N).

    ``made`` (T, N, A) traced tonnes made per unit of an activity; ``passed`` (T, N, A) tonnes per
    unit that carry the traced share of what ``passed_buyer`` (A,) takes (re-exports).
    """

    made: NDArray[np.float64]
    passed: NDArray[np.float64]
    passed_buyer: Index
    count: int

    @property
    def passes(self) -> bool:
        """Whether anybody buys the traced good to sell it on, so that traces travel."""
        return bool(self.passed.any())


@dataclass(frozen=True)
class Base:
    """A reference state to be linear around: prices (N,), levels (A,), flows and costs (L,).

    ``value_share`` share of each lane in what its buyer pays (L,); ``substitution`` and
    ``demand_elasticity`` (negative) by buyer (B,); ``supply_elasticity`` by activity (A,).
    """

    price: Vector
    level: Vector
    flow: Vector
    landed_cost: Vector
    cost_slope: Vector
    buyer_price: Vector
    value_share: Vector
    substitution: Vector
    demand_elasticity: Vector
    supply_elasticity: Vector


@dataclass(frozen=True, eq=False)
class Arrays:
    """A market as arrays, equal only to itself.

    Sizes: N nodes, B buyers, L lanes, A activities, M limits, T tracers.

    ``base`` is set only by closures that are linear around a reference; ``extra_levels`` counts
    final demands that stand among the levels, after the activities.
    """

    universe: Universe
    lanes: LaneArrays
    buyers: BuyerArrays
    activities: ActivityArrays
    limits: LimitArrays
    tracers: TracerArrays
    reference_price: Vector
    base: Base | None = None
    extra_levels: int = 0

    @cached_property
    def by_buyer(self) -> Matrix:
        """1 where a lane ends at a buyer (B, L): sums lanes by buyer."""
        return _indicator(self.lanes.buyer, len(self.universe.buyers))

    @cached_property
    def by_node(self) -> Matrix:
        """1 where a lane starts at a node (N, L): sums lanes by node."""
        return _indicator(self.lanes.node, len(self.universe.nodes))

    @cached_property
    def sizes(self) -> tuple[int, int, int, int]:
        """Numbers of prices, activities, rents and traced tonnages among the unknowns."""
        traced = self.tracers.count * len(self.universe.nodes) if self.tracers.passes else 0
        return (
            len(self.universe.nodes),
            len(self.universe.activities) + self.extra_levels,
            len(self.universe.limits),
            traced,
        )


def _indicator(group: Index, count: int) -> Matrix:
    table = np.zeros((count, len(group)))
    table[group, np.arange(len(group))] = 1.0
    return table


def compile_market(market: Market, universe: Universe) -> Arrays:
    """Return the arrays of ``market`` in the order of ``universe``."""
    buyers = _buyers(market, universe)
    return Arrays(
        universe=universe,
        lanes=_lanes(market, universe),
        buyers=buyers,
        activities=_activities(market, universe),
        limits=_limits(market, universe, buyers),
        tracers=_tracers(market, universe),
        reference_price=_reference_price(universe, buyers),
    )


def _reference_price(universe: Universe, buyers: BuyerArrays) -> Vector:
    """A price of the right size for every node: its home buyers', else the good's mean."""
    of_good: dict[str, list[float]] = {}
    for buyer, constant in zip(universe.buyers, buyers.constant, strict=True):
        of_good.setdefault(buyer.good, []).append(float(constant))
    mean = {good: sum(values) / len(values) for good, values in of_good.items()}
    prices = [
        float(buyers.constant[universe.buyer_index[node]])
        if node in universe.buyer_index
        else mean.get(node[0], 1.0)
        for node in universe.nodes
    ]
    return np.maximum(np.array(prices), 1e-12)


def _lanes(market: Market, universe: Universe) -> LaneArrays:
    lanes, present = universe.own_lanes(market)
    levies = Levies.of(lanes)
    freight = np.array([x.freight for x in lanes], dtype=np.float64)
    per_delivered = 1.0 / (1.0 - np.array([x.loss for x in lanes], dtype=np.float64))
    slope, intercept = slope_and_intercept(per_delivered, freight, _plain_sums(levies))
    real_slope, real_intercept = per_delivered.copy(), freight.copy()
    for i, wedge in levies.chosen(lambda w: w.revenue_to is None).each():
        extra = _extra_cost(lanes[i], wedge)
        real_slope[i] += extra[0]
        real_intercept[i] += extra[1]
    names = [tracer.name for tracer in market.tracers]
    traced = np.zeros((2, len(names), len(lanes)))
    for i, wedge in levies.chosen(lambda w: w.tracer is not None).each():
        traced[:, names.index(wedge.tracer or ""), i] += _extra_cost(lanes[i], wedge)
    node, buyer = universe.lane_ends
    return LaneArrays(
        node=node,
        buyer=buyer,
        log_weight=_weights(market, lanes, present),
        shipped=per_delivered,
        slope=slope,
        intercept=intercept,
        real_slope=real_slope,
        real_intercept=real_intercept,
        traced_slope=traced[0],
        traced_intercept=traced[1],
        ceiling=np.full(len(lanes), np.inf),
        home=np.array([x.origin == x.destination for x in lanes], dtype=np.bool_),
    )


def _weights(market: Market, lanes: Sequence[Lane], present: NDArray[np.bool_]) -> Vector:
    """Return ln α of each lane (L,); −∞ where nothing may pass."""
    shut = {key for x in market.limits if x.in_force and x.forbids for key in x.lanes}
    weight = np.array([x.log_weight for x in lanes], dtype=np.float64)
    is_open = present & ~np.array([bool(x.closed_by) for x in lanes], dtype=np.bool_)
    if shut:
        is_open &= np.array([x.key not in shut for x in lanes], dtype=np.bool_)
    return np.where(is_open & (weight > -np.inf), weight, -np.inf)


def _plain_sums(levies: Levies) -> Sums[Vector]:
    """Add up what is levied wherever the metal was made; each (L,)."""
    values = np.zeros((5, len(levies.wedges)))
    for k, wedge in enumerate(levies.wedges):
        if wedge.tracer is None:
            exports, fob = wedge.side == "export", wedge.basis == "fob"
            rate, specific = wedge_rate(wedge)
            values[0 if exports else 2 if fob else 3, k] = rate
            values[1 if exports else 4, k] = specific
    return Sums(*levies.summed(values))


def _extra_cost(lane: Lane, wedge: Wedge) -> tuple[float, float]:
    """Return what a wedge adds to the landed cost: (per USD of producer price, USD per tonne)."""
    rate = wedge.ad_valorem * wedge.content
    slope, intercept = customs_base(lane, wedge)
    return rate * slope, rate * intercept + specific_per_tonne(lane, wedge)


def specific_per_tonne(lane: Lane, wedge: Wedge) -> float:
    """Return a wedge's USD per tonne delivered; an export tax is paid on the tonnes shipped."""
    return wedge.specific / (1.0 - lane.loss) if wedge.side == "export" else wedge.specific


def customs_base(lane: Lane, wedge: Wedge) -> tuple[float, float]:
    """Return the base of a wedge on a lane as (per USD of producer price, USD per tonne)."""
    per_delivered = 1.0 / (1.0 - lane.loss)
    if wedge.side == "export":
        return per_delivered, 0.0
    export_rate = export_specific = 0.0
    for other in lane.active_wedges:
        if other.side == "export":
            rate, amount = wedge_rate(other)
            export_rate += rate
            export_specific += amount
    slope = per_delivered * (1.0 + export_rate)
    fixed = per_delivered * export_specific
    return slope, fixed + (lane.freight if wedge.basis == "cif" else 0.0)


def _buyers(market: Market, universe: Universe) -> BuyerArrays:
    own = {(b.good, b.region): b for b in market.buyers}
    demand = {(d.good, d.region): d for d in market.demands}
    buyers = [own.get((b.good, b.region), b) for b in universe.buyers]
    rows: list[tuple[float, float, float, float]] = []
    for b in buyers:
        d = demand.get((b.good, b.region))
        if d is None or d.quantity <= 0.0:
            rows.append((0.0, 1.0, 2.0, 1.0))
        else:
            rows.append((d.quantity, d.price, d.choke, d.elasticity * (d.choke / d.price - 1.0)))
    table = np.array(rows).reshape(-1, 4)
    return BuyerArrays(
        theta=np.array([b.theta for b in buyers]),
        constant=np.array([b.constant for b in buyers]),
        quantity=table[:, 0],
        price=table[:, 1],
        choke=table[:, 2],
        gamma=table[:, 3],
        home_elasticity=np.array(
            [np.nan if b.home_elasticity is None else b.home_elasticity for b in buyers]
        ),
    )


def _activities(market: Market, universe: Universe) -> ActivityArrays:
    present = market.activity_by_name
    known = [present.get(a.name, a) for a in universe.activities]
    inputs = np.zeros((len(universe.buyers), len(known)))
    outputs = np.zeros((len(universe.nodes), len(known)))
    for i, a in enumerate(known):
        for good, tonnes in a.inputs:
            inputs[universe.buyer_index[good, a.region], i] += tonnes
        for good, tonnes in a.outputs:
            outputs[universe.node_index[good, a.region], i] += tonnes
    unit_tax = np.array([sum(w.specific for w in a.active_wedges) for a in known], dtype=np.float64)
    return ActivityArrays(
        inputs=inputs,
        outputs=outputs,
        kept=np.array([1.0 - sum(w.ad_valorem for w in a.active_wedges) for a in known]),
        fixed_cost=np.array([a.power * a.power_price + a.other_cost for a in known]) + unit_tax,
        unit_tax=unit_tax,
        rising_cost=np.array([a.rising_cost for a in known]),
        inverse_curvature=np.array([1.0 / a.curvature for a in known]),
        capacity=np.array([a.capacity.level if a.name in present else 0.0 for a in known]),
    )


def _limits(market: Market, universe: Universe, buyers: BuyerArrays) -> LimitArrays:
    here = limits_by_key(market).items()
    own = {key: x for key, x in here if x.in_force and _has_a_price(x)}
    known = [own.get(key, x) for key, x in zip(universe.limit_keys, universe.limits, strict=True)]
    sizes = (len(known), len(universe.lanes))
    member, slope, intercept = np.zeros(sizes), np.zeros(sizes), np.zeros(sizes)
    grows = np.zeros((len(known), len(universe.activities)))
    clean = np.full((2, len(known)), -1, dtype=np.intp)
    names = [tracer.name for tracer in market.tracers]
    for m, limit in enumerate(known):
        for key in limit.lanes:
            if key in universe.lane_index:
                i = universe.lane_index[key]
                member[m, i] = 1.0
                lane = market.lane_by_key.get(key, universe.lanes[i])
                slope[m, i], intercept[m, i] = _rent_cost(lane, limit)
        for name, tonnes in limit.per_activity:
            grows[m, universe.activity_index[name]] = tonnes
        if limit.clean_supply is not None:
            region, tracer = limit.clean_supply
            clean[:, m] = universe.node_index[limit.lanes[0].good, region], names.index(tracer)
    return LimitArrays(
        member=member,
        sign=np.array([1.0 if x.sense == "at_most" else -1.0 for x in known]),
        bound=np.array([x.bound if np.isfinite(x.bound) else 0.0 for x in known]),
        rent_slope=slope,
        rent_intercept=intercept,
        top=np.array([1.0 if x.over is not None else _top(x, universe, buyers) for x in known]),
        grows=grows,
        active=np.array([key in own for key in universe.limit_keys], dtype=np.bool_),
        clean_node=clean[0],
        clean_tracer=clean[1],
    )


def _has_a_price(limit: Limit) -> bool:
    """Whether a limit can bind with a finite rent.

    One without end never binds, and one that forbids closes its lanes instead: no rent would do.
    """
    return bool(np.isfinite(limit.bound)) and not limit.forbids


# A rebate of five times the price would be more than giving the metal away with the freight;
# a minimum that needs it cannot be met, and the solve says by how much it falls short.
LARGEST_REBATE = 5.0


def _top(limit: Limit, universe: Universe, buyers: BuyerArrays) -> float:
    if limit.sense == "at_most":
        return float("inf")
    places = [universe.buyer_index[key.good, key.destination] for key in limit.lanes]
    return LARGEST_REBATE * float(np.max(np.abs(buyers.constant[places]), initial=1e-12))


def _rent_cost(lane: Lane, limit: Limit) -> tuple[float, float]:
    """Return what one unit of a limit's rent adds to a lane's landed cost (slope, intercept)."""
    if limit.over is not None:
        return _extra_cost(lane, limit.over)
    if limit.sense == "at_most":
        return 0.0, 1.0
    if not limit.lowers_customs_value:
        return 0.0, -1.0
    duties = sum(
        wedge_rate(w)[0] for w in lane.active_wedges if w.side != "export" and w.tracer is None
    )
    return 0.0, -(1.0 + duties)


def _tracers(market: Market, universe: Universe) -> TracerArrays:
    count = len(market.tracers) if universe.traced else 0
    sizes = (count, len(universe.nodes), len(universe.activities))
    made, passed = np.zeros(sizes), np.zeros(sizes)
    passed_buyer = np.full(len(universe.activities), -1, dtype=np.intp)
    for t, tracer in enumerate(market.tracers[:count]):
        for i, a in enumerate(universe.activities):
            tonnes = dict(a.outputs).get(tracer.good, 0.0)
            node = universe.node_index.get((tracer.good, a.region), -1)
            if tonnes <= 0.0:
                continue
            if tracer.good in dict(a.inputs):
                passed[t, node, i] = tonnes
                passed_buyer[i] = universe.buyer_index[tracer.good, a.region]
            elif a.region in tracer.sources and a.kind in tracer.kinds:
                made[t, node, i] = tonnes
    return TracerArrays(made, passed, passed_buyer, count)
