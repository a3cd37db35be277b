"""Market → Equilibrium: solve under a closure, certify, and answer questions about the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from importlib import import_module

import numpy as np

from accord.equilibrium.arrays import Arrays, Vector, compile_market
from accord.equilibrium.certificate import Certificate, certify
from accord.equilibrium.closure import Closure
from accord.equilibrium.conflict import ASK_LESS, asks, explained, not_reached, refuse_the_empty
from accord.equilibrium.conflict_search import SETTLED, lackings
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.state import State
from accord.equilibrium.universe import Place, Universe, universe_of
from accord.errors import Fault, Infeasible, InputError, NoCertifiedAnswer
from accord.market import LaneKey, Market
from accord.market.landed_cost import border_price
from accord.solve import Outcome

# By name, the class in the file of that name; a closure is imported when it is asked for.
CLOSURES = {
    "share": "Share",
    "armington": "Armington",
    "homogeneous": "Homogeneous",
    "gsim": "Gsim",
}
NOTHING_MOVES = 1e-9


@dataclass(frozen=True)
class Equilibrium:
    """A solved market. Prices in USD per tonne, flows and levels in tonnes a year.

    ``market``     what was solved;  ``closure`` how trade was closed
    ``state``      every quantity at the solution, as arrays over ``universe``
    ``certificate``  the checks it passed;  ``outcome`` how the solve went
    """

    market: Market
    closure: str
    state: State
    certificate: Certificate
    outcome: Outcome

    @property
    def universe(self) -> Universe:
        """The numbering of this equilibrium's arrays."""
        return self.state.arrays.universe

    @cached_property
    def _negligible(self) -> dict[str, float]:
        """Tonnes of each good below which nothing counts as moving (conventions C16)."""
        world: dict[str, float] = {}
        for (good, _), tonnes in zip(self.universe.nodes, self.state.shipped, strict=True):
            world[good] = world.get(good, 0.0) + float(tonnes)
        return {good: NOTHING_MOVES * tonnes for good, tonnes in world.items()}

    def producer_price(self, good: str, region: str) -> float | None:
        """Return the price at the producer's gate; ``None`` where nothing moves."""
        node = self.universe.node_index.get((good, region))
        if node is None or self.state.shipped[node] <= self._negligible[good]:
            return None
        return float(self.state.price[node])

    def buyer_price(self, good: str, region: str) -> float | None:
        """Return what buyers pay per tonne, delivered and duty paid; ``None`` if none is bought."""
        buyer = self.universe.buyer_index.get((good, region))
        if buyer is None or not self.state.served[buyer]:
            return None
        if self.state.use[buyer] <= self._negligible[good]:
            return None
        return float(self.state.buyer_price[buyer])

    def sells_abroad(self, good: str, region: str) -> bool:
        """Return whether a region's makers sell any of a good outside it."""
        return self._sold_abroad.get((good, region), 0.0) > self._negligible[good]

    @cached_property
    def _sold_abroad(self) -> dict[Place, float]:
        sold: dict[Place, float] = {}
        for lane, tonnes in zip(self.universe.lanes, self.state.flow, strict=True):
            if lane.origin != lane.destination:
                place = (lane.good, lane.origin)
                sold[place] = sold.get(place, 0.0) + float(tonnes)
        return sold

    def flow(self, good: str, origin: str, destination: str) -> float:
        """Return the tonnes delivered; 0 where there is no lane."""
        lane = self.universe.lane_index.get(LaneKey(good, origin, destination))
        return 0.0 if lane is None else float(self.state.flow[lane])

    def output(self, activity: str) -> float:
        """Return an activity's level, in its own units a year."""
        return float(self.state.level[self.universe.activity_index[activity]])

    @cached_property
    def hub_price(self) -> dict[str, float | None]:
        """Return each quoted world price by good: fixed-weight mean of export prices plus offset.

        Exporters that sell nothing abroad are left out and the other weights scaled up; ``None``
        where no weighted exporter sells abroad (conventions C21).
        """
        return {hub.good: self._hub(hub.weights, hub.offset) for hub in self.market.hubs}

    def _hub(self, weights: tuple[tuple[LaneKey, float], ...], offset: float) -> float | None:
        total = weight_sum = 0.0
        for key, weight in weights:
            price = self.producer_price(key.good, key.origin)
            if price is not None and self.sells_abroad(key.good, key.origin):
                total += weight * border_price(self.market.lane_by_key[key], price)
                weight_sum += weight
        return total / weight_sum + offset if weight_sum > 0.0 else None

    def __repr__(self) -> str:
        """Answer first: prices, then the certificate."""
        hubs = ", ".join(f"{g} {p:,.0f}" for g, p in self.hub_price.items() if p is not None)
        check = "certified" if self.certificate.ok else "NOT certified"
        return f"<Equilibrium of {self.market.name} {self.market.year}: {hubs} USD/t; {check}>"


def solve_market(
    market: Market,
    *,
    closure: str = "share",
    universe: Universe | None = None,
    start: Vector | None = None,
) -> Equilibrium:
    """Solve a market and certify the answer.

    ``universe`` fixes the numbering (for comparisons); ``start`` is a point in that numbering.
    Raises ``InputError`` for an unknown closure, ``NoCertifiedAnswer`` where no point passes, and
    ``Infeasible`` where a minimum cannot be met, saying what it conflicts with.
    """
    names = universe or universe_of(market)
    try:
        return _solved(market, closure, names, start)
    except NoCertifiedAnswer as refusal:
        why = explained(refusal, market, closure_named(closure), names)
        if why is refusal:
            raise
        raise why from refusal


def _solved(
    market: Market, closure: str, universe: Universe | None, start: Vector | None
) -> Equilibrium:
    chosen = closure_named(closure)
    refusal = chosen.refusal(market)
    if refusal is not None:
        raise InputError([_beyond_the_closure(closure, refusal)])
    names = universe or universe_of(market)
    arrays = without_the_impossible(compile_market(market, names))
    refuse_minimum_above_capacity(arrays)
    arrays = chosen.prepared(arrays, names.reference)
    empty = partial(refuse_the_empty, market, chosen, names)
    return Equilibrium(market, closure, *answer(chosen, arrays, start, empty))


def answer(
    closure: Closure,
    arrays: Arrays,
    start: Vector | None,
    before_the_climb: Callable[[], None] = lambda: None,
) -> tuple[State, Certificate, Outcome]:
    """Solve prepared arrays by the quick ways, then by the long ones, and certify the answer.

    Raises ``NoCertifiedAnswer``, and ``Infeasible`` where a minimum is not met.
    """
    outcome = closure.solve(arrays, start)
    if not outcome.solved:
        before_the_climb()
        outcome = closure.climb(arrays)
    state = replace(closure.state(arrays, outcome.reached), known_demand=outcome.aside)
    if outcome.residual <= SETTLED:
        refuse_unmet_minimum(state)
    certificate = certify(state, outcome)
    if not outcome.solved or not certificate.ok:
        raise NoCertifiedAnswer(*_what_failed(state, outcome))
    return state, certificate, outcome


def closure_named(name: str) -> Closure:
    """Return a closure. Raises ``InputError`` for a name that is none."""
    if name not in CLOSURES:
        raise InputError([_unknown_closure(name)])
    closure: Closure = getattr(import_module(f"accord.equilibrium.{name}"), CLOSURES[name])()
    return closure


def _beyond_the_closure(closure: str, what: str) -> Fault:
    return Fault(
        file="command line",
        field="closure",
        found=f"{closure}, in a market with {what}",
        allowed="a closure that can say it, as share can",
        fix="use --closure share, or leave out what asks for it",
    )


def _unknown_closure(closure: str) -> Fault:
    return Fault(
        file="command line",
        field="closure",
        found=repr(closure),
        allowed=", ".join(CLOSURES),
        fix="leave the option out, or name one of the allowed closures",
    )


def point_at(
    universe: Universe, price: Mapping[Place, float], level: Mapping[str, float]
) -> Vector | None:
    """Return a start from known producer prices and activity levels, all rents 0.

    ``None`` where a node's price is not known or traced tonnes are among the unknowns.
    """
    if universe.traced or any(node not in price for node in universe.nodes):
        return None
    prices = [price[node] for node in universe.nodes]
    levels = [level.get(a.name, 0.0) for a in universe.activities]
    return np.array([*prices, *levels, *(0.0 for _ in universe.limits)])


SMALLER = (
    "try a smaller change (a lower duty, a larger quota, part of the capacity) to see where the "
    "market stops having an answer, and report the deal"
)


def refuse_minimum_above_capacity(arrays: Arrays) -> None:
    """Raise where a minimum asks for more than all plants behind its lanes can make."""
    limits = arrays.limits
    for m, limit in enumerate(arrays.universe.limits):
        short = limits.bound[m] - _capacity_behind(arrays, m)
        if limits.sign[m] < 0.0 and limits.active[m] and short > 0.0:
            raise Infeasible(
                f"{asks(limit, limits.bound[m])}; capacity behind these lanes is "
                f"{_capacity_behind(arrays, m):,.0f} t/yr: short by at least {short:,.0f} t/yr",
                ASK_LESS,
                limit.measure,
                proof="capacity",
                members=(f"minimum {limit.measure}",),
                short=float(short),
            )


def refuse_unmet_minimum(state: State) -> None:
    """Raise where a minimum is not met even at the largest rebate the model allows."""
    for m, short in lackings(state):
        measure = state.arrays.universe.limits[m].measure
        if state.closure.name == "armington" and _costs_nothing(state, m):
            # Bundles of what is free are without end: the point is none of the model's.
            raise NoCertifiedAnswer(
                f"{not_reached(state, m)}; a tonne costs nothing there, and buyers' bundles "
                "have no meaning at that cost",
                "use --closure share, or ask for less",
            )
        members = (f"minimum {measure}",)
        cause = not_reached(state, m)
        raise Infeasible(cause, ASK_LESS, measure, members=members, short=short, point=state)


def _costs_nothing(state: State, limit: int) -> bool:
    """Return whether a limit's rent has pushed the cost of one of its lanes to 0 or below."""
    return bool(np.any(state.landed_cost[state.arrays.limits.member[limit] > 0.0] <= 0.0))


def _capacity_behind(arrays: Arrays, limit: int) -> float:
    """Return what the plants behind a limit's lanes can deliver at most, in tonnes a year."""
    nodes = np.unique(arrays.lanes.node[arrays.limits.member[limit] > 0.0])
    return float((arrays.activities.outputs @ arrays.activities.capacity)[nodes].sum())


def _what_failed(state: State, outcome: Outcome) -> tuple[str, str]:
    """Name the market, activity or limit of the worst row, and what would help."""
    where = name_row(state, outcome.worst)
    if outcome.solved:
        return f"{where}: the point found fails its own checks", SMALLER
    left = f"{outcome.residual:.1e} of its size is left open"
    return f"no method could close {where}: {left}", SMALLER


def name_row(state: State, row: int) -> str:
    """Return what an unknown's row stands for, in words."""
    universe = state.arrays.universe
    n, a, m, t = state.arrays.sizes
    if row < n:
        good, region = universe.nodes[row]
        return f"the market for {good} made in {region}"
    if row < n + a:
        return f"the activity {universe.activities[row - n].name}"
    if row < n + a + m:
        return f"the limit of {universe.limits[row - n - a].measure}"
    if row >= n + a + m + t:
        return _name_of_flow(universe, row - n - a - m - t)
    good, region = universe.nodes[(row - n - a - m) % n]
    return f"the origin accounts of {good} in {region}"


def _name_of_flow(universe: Universe, row: int) -> str:
    """Name what a closure with flows among its unknowns adds: buyers' prices, then flows."""
    if row < len(universe.buyers):
        buyer = universe.buyers[row]
        return f"the buyers of {buyer.good} in {buyer.region}"
    return f"the lane {universe.lanes[row - len(universe.buyers)].key}"
