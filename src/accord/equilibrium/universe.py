"""One numbering of nodes, lanes, activities and limits shared by the markets of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from accord.market import Activity, Buyer, FinalDemand, Lane, LaneKey, Limit, Market

Place = tuple[str, str]


@dataclass(frozen=True)
class LimitKey:
    """Tells limits of one measure apart: what they bound and which way."""

    measure: str
    sense: str
    lanes: tuple[LaneKey, ...]


def limit_key(limit: Limit) -> LimitKey:
    """Return the key of a limit."""
    return LimitKey(limit.measure, limit.sense, limit.lanes)


@dataclass(frozen=True)
class Universe:
    """The names of everything that exists in any of the markets, in one fixed order.

    A node is a (good, region) where something makes the good; a buyer a (good, region) where
    somebody may use it. The values kept here stand in where a market lacks the thing: a lane
    absent is a lane with no weight, an activity absent has no capacity, a limit absent no force.
    ``reference`` is the first of the markets, on which closures calibrate what they need.
    """

    nodes: tuple[Place, ...]
    buyers: tuple[Buyer, ...]
    lanes: tuple[Lane, ...]
    activities: tuple[Activity, ...]
    limits: tuple[Limit, ...]
    demands: tuple[FinalDemand, ...]
    regions: tuple[str, ...]
    traced: bool
    reference: Market

    @cached_property
    def node_index(self) -> dict[Place, int]:
        """Position of each node."""
        return {node: i for i, node in enumerate(self.nodes)}

    @cached_property
    def buyer_index(self) -> dict[Place, int]:
        """Position of each buyer."""
        return {(b.good, b.region): i for i, b in enumerate(self.buyers)}

    @cached_property
    def lane_index(self) -> dict[LaneKey, int]:
        """Position of each lane."""
        return {lane.key: i for i, lane in enumerate(self.lanes)}

    @cached_property
    def activity_index(self) -> dict[str, int]:
        """Position of each activity."""
        return {a.name: i for i, a in enumerate(self.activities)}

    @cached_property
    def limit_index(self) -> dict[LimitKey, int]:
        """Position of each limit."""
        return {limit_key(limit): i for i, limit in enumerate(self.limits)}


def universe_of(*markets: Market) -> Universe:
    """Return the universe of one or more markets with the same goods and regions."""
    activities = {a.name: a for m in reversed(markets) for a in m.activities}
    nodes = {(good, a.region): None for a in activities.values() for good, _ in a.outputs}
    buyers = {(b.good, b.region): b for m in reversed(markets) for b in m.buyers}
    lanes = {
        lane.key: lane
        for m in reversed(markets)
        for lane in m.lanes
        if (lane.good, lane.origin) in nodes and (lane.good, lane.destination) in buyers
    }
    limits = {limit_key(x): x for m in reversed(markets) for x in m.limits if _can_bind(x, m)}
    demands = {(d.good, d.region): d for m in reversed(markets) for d in m.demands}
    return Universe(
        nodes=tuple(nodes),
        buyers=tuple(buyers.values()),
        lanes=tuple(lanes.values()),
        activities=tuple(activities.values()),
        limits=tuple(limits.values()),
        demands=tuple(demands.values()),
        regions=tuple(r.code for r in markets[0].regions),
        traced=any(uses_tracers(m) for m in markets),
        reference=markets[0],
    )


def _can_bind(limit: Limit, market: Market) -> bool:
    """Return whether a limit is in force and could ever bind.

    A bound on clean supply cannot where all that a region makes is clean: it sends no more than
    it makes.
    """
    if limit.clean_supply is None or not limit.in_force:
        return limit.in_force
    region, name = limit.clean_supply
    tracer = next(t for t in market.tracers if t.name == name)
    return any(
        (a.region in tracer.sources and a.kind in tracer.kinds) or tracer.good in dict(a.inputs)
        for a in market.activities
        if a.region == region and tracer.good in dict(a.outputs)
    )


def uses_tracers(market: Market) -> bool:
    """Return whether any duty or limit in force depends on where metal was made."""
    on_lanes = any(w.tracer for lane in market.lanes for w in lane.wedges if w.in_force)
    return on_lanes or any(x.clean_supply for x in market.limits if _can_bind(x, market))


def same_names(one: Universe, other: Universe) -> bool:
    """Return whether a point in one numbering means the same in the other."""
    return (
        one.nodes == other.nodes
        and list(one.lane_index) == list(other.lane_index)
        and list(one.activity_index) == list(other.activity_index)
        and list(one.limit_index) == list(other.limit_index)
        and one.traced == other.traced
    )
