"""One numbering of nodes, lanes, activities and limits shared by the markets of a comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter, is_

import numpy as np
from numpy.typing import NDArray

from accord.market import Activity, Buyer, FinalDemand, Lane, LaneKey, Limit, Market

Place = tuple[str, str]
LaneName = tuple[str, str, str]
_NAME: Callable[[Lane], LaneName] = attrgetter("good", "origin", "destination")


@dataclass(frozen=True)
class LimitKey:
    """Tells limits of one measure apart: what they bound, which way, and which of them it is.

    ``nth`` counts the limits of a market that are alike in all else, those set aside among them.
    """

    measure: str
    sense: str
    lanes: tuple[LaneKey, ...]
    nth: int = 0


def limits_by_key(market: Market) -> dict[LimitKey, Limit]:
    """Return every limit of a market by its key, in the market's order."""
    found: dict[LimitKey, Limit] = {}
    seen: dict[LimitKey, int] = {}
    for limit in market.limits:
        alike = LimitKey(limit.measure, limit.sense, limit.lanes)
        nth = seen.get(alike, 0)
        seen[alike] = nth + 1
        found[replace(alike, nth=nth)] = limit
    return found


@dataclass(frozen=True)
class Universe:
    """The names of everything that exists in any of the markets, in one fixed order.

    A node is a (good, region) where something makes the good; a buyer a (good, region) where
    somebody may use it. The values kept here stand in where a market lacks the thing: a lane
    absent is a lane with no weight, an activity absent has no capacity, a limit absent no force.
    ``limit_keys`` are those of ``limits``. ``reference`` is the first of the markets, on which
    closures calibrate what they need.
    """

    nodes: tuple[Place, ...]
    buyers: tuple[Buyer, ...]
    lanes: tuple[Lane, ...]
    activities: tuple[Activity, ...]
    limits: tuple[Limit, ...]
    limit_keys: tuple[LimitKey, ...]
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
    def goods_of_nodes_and_buyers(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The good of every node (n,) and of every buyer (b,), numbered from zero."""
        goods = {good: None for good, _ in self.nodes} | {b.good: None for b in self.buyers}
        number = {good: i for i, good in enumerate(goods)}
        nodes = np.array([number[good] for good, _ in self.nodes], dtype=np.intp)
        return nodes, np.array([number[b.good] for b in self.buyers], dtype=np.intp)

    @cached_property
    def lane_index(self) -> dict[LaneKey, int]:
        """Position of each lane."""
        return {lane.key: i for i, lane in enumerate(self.lanes)}

    @cached_property
    def lane_keys(self) -> list[LaneName]:
        """Good, origin and destination of each lane."""
        return names_of(self.lanes)

    @cached_property
    def lane_ends(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Positions of each lane's node and buyer (L,)."""
        node = [self.node_index[good, origin] for good, origin, _ in self.lane_keys]
        buyer = [self.buyer_index[good, to] for good, _, to in self.lane_keys]
        return np.array(node, dtype=np.intp), np.array(buyer, dtype=np.intp)

    def own_lanes(self, market: Market) -> tuple[tuple[Lane, ...], NDArray[np.bool_]]:
        """Return a market's lanes in this order, and whether it has each (L,).

        Where it has not, the lane kept here stands in.
        """
        as_here = len(market.lanes) == len(self.lanes)
        if as_here and all(map(is_, market.lanes, self.lanes)):
            return self.lanes, np.ones(len(self.lanes), dtype=np.bool_)
        keys = names_of(market.lanes)
        if keys == self.lane_keys:
            return market.lanes, np.ones(len(keys), dtype=np.bool_)
        own = dict(zip(keys, market.lanes, strict=True))
        lanes = tuple(own.get(key, x) for key, x in zip(self.lane_keys, self.lanes, strict=True))
        return lanes, np.array([key in own for key in self.lane_keys], dtype=np.bool_)

    @cached_property
    def activity_index(self) -> dict[str, int]:
        """Position of each activity."""
        return {a.name: i for i, a in enumerate(self.activities)}

    @cached_property
    def limit_index(self) -> dict[LimitKey, int]:
        """Position of each limit."""
        return {key: i for i, key in enumerate(self.limit_keys)}


def names_of(lanes: Iterable[Lane]) -> list[LaneName]:
    """Return good, origin and destination of lanes: a lane's key, made quickly."""
    return list(map(_NAME, lanes))


def universe_of(*markets: Market) -> Universe:
    """Return the universe of one or more markets with the same goods and regions."""
    activities = {a.name: a for m in reversed(markets) for a in m.activities}
    nodes = {(good, a.region): None for a in activities.values() for good, _ in a.outputs}
    buyers = {(b.good, b.region): b for m in reversed(markets) for b in m.buyers}
    lanes: dict[LaneName, Lane] = {}
    for m in reversed(markets):
        lanes.update(zip(names_of(m.lanes), m.lanes, strict=True))
    limits = {
        key: x for m in reversed(markets) for key, x in limits_by_key(m).items() if _can_bind(x, m)
    }
    demands = {(d.good, d.region): d for m in reversed(markets) for d in m.demands}
    return Universe(
        nodes=tuple(nodes),
        buyers=tuple(buyers.values()),
        lanes=tuple(
            lane
            for (good, origin, destination), lane in lanes.items()
            if (good, origin) in nodes and (good, destination) in buyers
        ),
        activities=tuple(activities.values()),
        limits=tuple(limits.values()),
        limit_keys=tuple(limits),
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
    wedges = {id(w): w for lane in market.lanes for w in lane.wedges}
    on_lanes = any(w.tracer for w in wedges.values() if w.in_force)
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
