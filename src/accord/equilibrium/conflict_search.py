"""What to lift so that a minimum is met which the largest rebate does not bring.

Tonnes allow it, prices do not: the market has been solved with rebates at their largest and the
minimum still falls short. Measures and capacities near it are lifted one at a time and then two at
a time, each time solving again from that point. Whatever works alone belongs to the conflict; if
nothing does, the first pair that works does. The search ends after so many solves or seconds, and
says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Vector, compile_market
from accord.equilibrium.closure import Closure, cold_start
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.state import State
from accord.equilibrium.universe import Universe, universe_of
from accord.market import Activity, Capacity, Limit, Market
from accord.solve import ClippedNewton, FischerBurmeister, Ladder

# Residual at which a point says what a market does: a minimum unmet there is unmet.
SETTLED = 1e-8
# A rebate this close to its largest, or a plant this close to its capacity, is there.
FULL = 0.999
MISSING = 1e-9
MOST_TRIED = 40
MOST_SECONDS = 2.5
# Pairs are made of this many of the nearest candidates.
PAIRED = 7
# Capacity given to a plant on trial, as a multiple of what the minimum lacks.
GENEROUS = 2.0
AGAIN = Ladder(methods=(ClippedNewton(), FischerBurmeister()))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A measure or a plant's capacity that might stand in the way; ``more`` units on trial."""

    kind: Literal["measure", "capacity"]
    name: str
    more: float = 0.0


@dataclass(frozen=True, slots=True)
class Trial:
    """Candidates lifted together, whether the minimum is then met, and whether all others are.

    ``carried`` what each upper limit of a lifted measure lets through then: (measure, t/yr).
    """

    lifted: tuple[Candidate, ...]
    enough: bool
    carried: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What helped, how many lifts were tried of how many, and how many of them did not settle."""

    helped: tuple[Trial, ...]
    tried: int
    of: int
    unsettled: int

    @property
    def cut(self) -> bool:
        """Whether the search ended before all that it had in mind."""
        return self.tried < self.of


def lackings(state: State) -> list[tuple[int, float]]:
    """Return (limit, tonnes short) of every minimum unmet at its largest rebate."""
    limits = state.arrays.limits
    found: list[tuple[int, float]] = []
    for m in np.flatnonzero(limits.active & (limits.sign < 0.0)):
        short = float(state.bound[m] - state.counted_flow[m])
        if state.rent[m] >= FULL * limits.top[m] and short > MISSING * state.bound[m]:
            found.append((int(m), short))
    return found


@dataclass
class Search:
    """One search from the point where a minimum (its place among the limits) falls short."""

    market: Market
    closure: Closure
    state: State
    minimum: int
    began: float = field(default_factory=time.perf_counter)
    unsettled: int = 0

    def findings(self) -> Findings:
        """Try candidates alone, then in pairs."""
        candidates = self.candidates()
        pairs = list(combinations(candidates[:PAIRED], 2))
        helped: list[Trial] = []
        tried = 0
        for group in [(x,) for x in candidates]:
            if self._over(tried):
                break
            tried += 1
            helped += self._tried(group)
        if helped:
            return Findings(tuple(helped), tried, len(candidates), self.unsettled)
        for pair in pairs:
            if self._over(tried):
                break
            tried += 1
            helped += self._tried(pair)
            if helped:
                return Findings(tuple(helped), tried, tried, self.unsettled)
        return Findings((), tried, len(candidates) + len(pairs), self.unsettled)

    def _over(self, tried: int) -> bool:
        return tried >= MOST_TRIED or time.perf_counter() - self.began > MOST_SECONDS

    # ------------------------------------------------------------------ candidates

    def candidates(self) -> list[Candidate]:
        """Return what might stand in the way, the nearest first."""
        named = [Candidate("measure", x) for x in self._measures()]
        found = dict.fromkeys([*named[:PAIRED], *self._plants(), *named[PAIRED:]])
        return list(found)

    @property
    def _limit(self) -> Limit:
        return self.state.arrays.universe.limits[self.minimum]

    def _measures(self) -> Iterator[str]:
        """Minimums and limits that bind beside it, what is on its lanes, then what is upstream."""
        own, seen = self._limit.measure, set[str]()
        for name in (*self._binding(), *self._on_lanes(self._near), *self._on_lanes(self._far)):
            if name != own and name not in seen:
                seen.add(name)
                yield name

    def _binding(self) -> Iterable[str]:
        state, limits = self.state, self.state.arrays.limits
        touched = limits.member @ self._beside > 0.0
        binds = limits.active & (state.rent > MISSING * np.maximum(state.rent.max(), 1.0))
        order = sorted(np.flatnonzero(touched & binds), key=lambda m: (limits.sign[m], m))
        return [state.arrays.universe.limits[m].measure for m in order]

    def _on_lanes(self, chosen: Vector) -> Iterable[str]:
        universe, known = self.state.arrays.universe, self.market.lane_by_key
        for i in np.flatnonzero(chosen):
            lane = known.get(universe.lanes[i].key)
            if lane is not None:
                yield from lane.closed_by
                yield from (w.measure for w in lane.active_wedges)

    @property
    def _near(self) -> Vector:
        """The minimum's own lanes (L,)."""
        return self.state.arrays.limits.member[self.minimum]

    @property
    def _beside(self) -> Vector:
        """Lanes from the same places or to the same buyers (L,)."""
        arrays, near = self.state.arrays, self._near
        nodes, buyers = arrays.by_node @ near > 0.0, arrays.by_buyer @ near > 0.0
        return (nodes[arrays.lanes.node] | buyers[arrays.lanes.buyer]).astype(np.float64)

    @property
    def _far(self) -> Vector:
        """Lanes that bring the plants behind the minimum what they use (L,)."""
        arrays = self.state.arrays
        behind = self._behind.astype(np.float64)
        return (arrays.activities.inputs @ behind > 0.0)[arrays.lanes.buyer].astype(np.float64)

    @property
    def _behind(self) -> NDArray[np.bool_]:
        """Activities that make what the minimum's lanes carry (A,)."""
        arrays = self.state.arrays
        nodes = (arrays.by_node @ self._near > 0.0).astype(np.float64)
        return nodes @ arrays.activities.outputs > 0.0

    def _plants(self) -> list[Candidate]:
        """Plants at capacity: behind the minimum, then those that use its goods or supply them."""
        arrays = self.state.arrays
        short = dict(lackings(self.state)).get(self.minimum, 0.0)
        nodes = (arrays.by_node @ self._far > 0.0).astype(np.float64)
        buyers = (arrays.by_buyer @ self._near > 0.0).astype(np.float64)
        users = (buyers @ arrays.activities.inputs > 0.0) & ~self._behind
        upstream = (nodes @ arrays.activities.outputs > 0.0) & ~self._behind & ~users
        found: list[Candidate] = []
        for group, table in (
            (self._behind, arrays.activities.outputs),
            (users, arrays.activities.inputs),
            (upstream, arrays.activities.outputs),
        ):
            for i in np.flatnonzero(group & (self.state.utilisation >= FULL)):
                per_unit = float(table[:, i].max())
                name = arrays.universe.activities[i].name
                found.append(Candidate("capacity", name, GENEROUS * short / per_unit))
        return found

    # ------------------------------------------------------------------ trials

    def _tried(self, group: tuple[Candidate, ...]) -> list[Trial]:
        market = self.market
        for candidate in group:
            market = without(market, candidate)
        state = self._settled(market)
        if state is None:
            self.unsettled += 1
            return []
        unmet = lackings(state)
        key = self.state.arrays.universe.limit_keys[self.minimum]
        if any(state.arrays.universe.limit_keys[m] == key for m, _ in unmet):
            return []
        return [Trial(group, not unmet, tuple(self._carried(group, state)))]

    def _carried(self, group: tuple[Candidate, ...], state: State) -> Iterator[tuple[str, float]]:
        names = {x.name for x in group if x.kind == "measure"}
        for limit in self.market.limits:
            if limit.measure in names and limit.in_force and limit.sense == "at_most":
                places = [state.arrays.universe.lane_index.get(key) for key in limit.lanes]
                flow = sum(float(state.flow[i]) for i in places if i is not None)
                if limit.over is None and flow > limit.bound:
                    yield limit.measure, flow

    def _settled(self, market: Market) -> State | None:
        """Return the market solved from the point reached, or ``None`` where that fails."""
        reference = self.state.arrays.universe.reference
        universe = replace(universe_of(market), reference=reference)
        arrays = without_the_impossible(compile_market(market, universe))
        arrays = self.closure.prepared(arrays, reference)
        start = self._start(universe, arrays)
        if start is None:
            return None
        outcome = self.closure.follow(arrays, start)
        if outcome.residual > SETTLED and len(start) == sum(arrays.sizes):
            outcome = AGAIN.solve(self.closure.problem(arrays), cold_start(arrays))
        if not outcome.residual <= SETTLED:
            return None
        return self.closure.state(arrays, outcome.reached)

    def _start(self, universe: Universe, arrays: Arrays) -> Vector | None:
        """Return the point reached in another numbering, rents by their limits' keys."""
        own, z = self.state.arrays.universe, self.state.z
        n, a, m, _ = self.state.arrays.sizes
        same = (own.nodes, own.lanes, own.buyers, own.activities, own.traced) == (
            universe.nodes, universe.lanes, universe.buyers, universe.activities, universe.traced
        )  # fmt: skip
        if not same:
            plain = len(z) == sum(self.state.arrays.sizes)
            return cold_start(arrays) if plain else None
        rents = [
            z[n + a + own.limit_index[key]] if key in own.limit_index else 0.0
            for key in universe.limit_keys
        ]
        return np.concatenate([z[: n + a], np.array(rents), z[n + a + m :]])


def without(market: Market, candidate: Candidate) -> Market:
    """Return the market with a measure lifted or a plant enlarged."""
    if candidate.kind == "measure":
        return market.without(candidate.name)

    def enlarged(activity: Activity) -> Activity:
        level = activity.capacity.level + candidate.more
        return replace(activity, capacity=Capacity(level, activity.capacity.since))

    return market.map_activities(lambda a: a.name == candidate.name, enlarged)
