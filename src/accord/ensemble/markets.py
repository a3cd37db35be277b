"""The markets of all draws, before and after: compiled once, with the drawn parameters put in.

Law and deal act on names, duties and capacities; what they do there is the same in every draw.
Where they change a parameter that is drawn, the same change is made in every draw: added to a log
weight, multiplied otherwise. Costs of plants that a deal makes or changes are worked out by the
deal's own terms, on activities that carry the costs of all draws (``plant_costs``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.effects.chart import ChartOfAccounts
from accord.ensemble.ask import Ask
from accord.ensemble.drawn import Drawn, Matrix, Vector
from accord.ensemble.plant_costs import Costs, changed_costs, same_costs
from accord.equilibrium import Universe, universe_of
from accord.equilibrium.arrays import Arrays, compile_market
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.stack import Stack
from accord.equilibrium.universe import names_of
from accord.market import Activity, FinalDemand, Market
from accord.pack.calibrate_draws import calibrate_draws
from accord.pack.parameters import Parameters

Index = NDArray[np.intp]
NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Markets:
    """The markets of an ask for any draws. ``sides`` are before and after, on one ``universe``."""

    ask: Ask
    universe: Universe
    sides: tuple[Side, Side]

    def stacks(self, drawn: Drawn) -> tuple[Stack, Stack]:
        """Return the draws' markets before and after, side by side."""
        found = self.parameters(drawn)
        before, after = self.sides
        costs = self._changed(found)
        return before.stack(found, costs[0]), after.stack(found, costs[1])

    def parameters(self, drawn: Drawn) -> Parameters:
        """Return what the draws' numbers make of the calibrated market; no deal changes that."""
        pack, access = self.ask.pack, drawn.access
        if access is None:
            access = np.full(drawn.count, pack.central_access)
        return calibrate_draws(pack, self.ask.calibration, drawn.chosen, access)

    def before(self, drawn: Drawn) -> Stack:
        """Return the draws' markets before alone."""
        return self.without(self.parameters(drawn))

    def without(self, found: Parameters) -> Stack:
        """Return the draws' markets before alone, of what their numbers make of the market."""
        return self.sides[0].stack(found, self._changed(found)[0])

    def after(self, found: Parameters) -> Stack:
        """Return the draws' markets after alone, for whoever has those before already."""
        return self.sides[1].stack(found, self._changed(found)[1])

    def _changed(self, found: Parameters) -> tuple[Mapping[str, Costs], Mapping[str, Costs]]:
        names = self.sides[0].changed | self.sides[1].changed
        if not names:
            return {}, {}
        before, after = changed_costs(self.ask, names, found.curves)
        # What only one of the two has stands in the other too, without capacity.
        return {**after, **before}, {**before, **after}

    def single(self, drawn: Drawn, draw: int) -> tuple[Market, Market]:
        """Return one draw's markets, each made from the pack's tables: the slow way round."""
        ask = self.ask
        chosen = dict(zip(drawn.keys, drawn.values[draw].tolist(), strict=True))
        market = ask.pack.calibration(ask.year, priors=chosen).market
        before = ask.pack.under_law(market, ask.as_of)
        return before, ask.deal.apply(before)


def markets_of(ask: Ask, universe: Universe | None = None) -> Markets:
    """Return the markets of an ask, compiled at the centre; ``universe`` if they have one."""
    before, after = ask.markets
    names = universe or universe_of(before, after)
    sides = Side(ask, names, before), Side(ask, names, after)
    return Markets(ask, names, sides)


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two markets."""

    ask: Ask
    universe: Universe
    market: Market

    @cached_property
    def arrays(self) -> Arrays:
        """The central market, compiled."""
        return without_the_impossible(compile_market(self.market, self.universe))

    @cached_property
    def chart(self) -> ChartOfAccounts:
        """The chart of its accounts, the same in every draw."""
        return ChartOfAccounts(self.market, self.arrays)

    def stack(self, found: Parameters, changed: Mapping[str, Costs]) -> Stack:
        """Return the draws' markets side by side; ``changed`` costs by activity."""
        arrays = self.arrays
        choke, gamma = self._demand(found)
        theta = found.theta[:, self._buyers.place] * self._buyers.factor
        costs = self._costs(found, changed)
        return Stack(
            base=arrays,
            count=len(found.theta),
            lanes=replace(arrays.lanes, log_weight=self._log_weight(found)),
            buyers=replace(arrays.buyers, theta=theta, choke=choke, gamma=gamma),
            activities=replace(
                arrays.activities,
                fixed_cost=self._flat + costs.other + arrays.activities.unit_tax,
                rising_cost=costs.rising,
                inverse_curvature=1.0 / costs.curvature,
            ),
            limits=arrays.limits,
        )

    # ------------------------------------------------------------------ lanes

    def _log_weight(self, found: Parameters) -> Matrix:
        place, shift = self._lanes
        known = found.log_weight[:, place] + shift
        central = self.arrays.lanes.log_weight
        return np.where(np.isfinite(central) & (place != NOWHERE), known, central)

    @cached_property
    def _lanes(self) -> tuple[Index, Vector]:
        """Place of each lane among the calibrated ones, and what law and deal add to its weight."""
        base = self.ask.calibration.market.lanes
        where = {name: i for i, name in enumerate(names_of(base))}
        place = np.array([where.get(x, NOWHERE) for x in self.universe.lane_keys], dtype=np.intp)
        lanes, present = self.universe.own_lanes(self.market)
        now = np.array([lane.log_weight for lane in lanes])
        known = np.array([lane.log_weight for lane in base])[place]
        changed = (place != NOWHERE) & present & (now != known)
        return place, np.subtract(now, known, out=np.zeros(len(place)), where=changed)

    # ------------------------------------------------------------------ buyers

    @cached_property
    def _buyers(self) -> _Placed:
        """Place of each buyer among the calibrated ones, and by what law and deal multiply θ."""
        base = self.ask.calibration.market.buyers
        names = [(b.good, b.region) for b in base]
        where = {name: i for i, name in enumerate(names)}
        place = [where[b.good, b.region] for b in self.universe.buyers]
        before = np.array([base[i].theta for i in place])
        return _Placed(np.array(place, dtype=np.intp), self.arrays.buyers.theta / before)

    def _demand(self, found: Parameters) -> tuple[Matrix, Matrix]:
        """Return final demands' choke prices and γ by buyer (D, B)."""
        plain, count = self.arrays.buyers, len(found.choke)
        choke = np.repeat(plain.choke[None, :], count, axis=0)
        gamma = np.repeat(plain.gamma[None, :], count, axis=0)
        at = self._demands
        choke[:, at.buyer] = found.choke[:, at.place] * at.choke
        elasticity = found.elasticity[:, at.place] * at.elasticity
        gamma[:, at.buyer] = elasticity * (choke[:, at.buyer] / plain.price[at.buyer] - 1.0)
        return choke, gamma

    @cached_property
    def _demands(self) -> _Demands:
        base = {(d.good, d.region): (i, d) for i, d in enumerate(self._calibrated.demands)}
        rows: list[tuple[int, int, float, float]] = []
        for now in self.market.demands:
            known = base.get((now.good, now.region))
            buyer = self.universe.buyer_index.get((now.good, now.region))
            if known is not None and buyer is not None and now.quantity > 0.0:
                rows.append((buyer, known[0], *_multiplied(known[1], now)))
        table = np.array(rows).reshape(-1, 4)
        whole = table[:, :2].astype(np.intp)
        return _Demands(whole[:, 0], whole[:, 1], table[:, 2], table[:, 3])

    @property
    def _calibrated(self) -> Market:
        return self.ask.calibration.market

    # ------------------------------------------------------------------ activities

    @cached_property
    def _flat(self) -> Vector:
        """What power costs each activity, USD per unit (A,)."""
        return np.array([a.power * a.power_price for a in self._known])

    @property
    def _known(self) -> tuple[Activity, ...]:
        """The activities as in this market, or as in the other where this has them not."""
        here = self.market.activity_by_name
        return tuple(here.get(a.name, a) for a in self.universe.activities)

    @cached_property
    def changed(self) -> frozenset[str]:
        """The activities whose costs are not simply those of the calibrated market."""
        base = self._calibrated.activity_by_name
        return frozenset(
            a.name for a in self._known if a.name not in base or not same_costs(a, base[a.name])
        )

    def _costs(self, found: Parameters, changed: Mapping[str, Costs]) -> Costs:
        """Return every activity's costs (D, A)."""
        where = {a.name: i for i, a in enumerate(self._calibrated.activities)}
        place = [where.get(a.name, 0) for a in self.universe.activities]
        curves = found.curves
        other, rising, curvature = (
            table[:, place] for table in (curves.other, curves.rising, curves.curvature)
        )
        for name in self.changed:
            at = self.universe.activity_index[name]
            other[:, at] = changed[name].other
            rising[:, at] = changed[name].rising
            curvature[:, at] = changed[name].curvature
        return Costs(other, rising, curvature)


@dataclass(frozen=True, eq=False)
class _Placed:
    """Place of each buyer among the calibrated ones, and by what its θ is multiplied (B,)."""

    place: Index
    factor: Vector


@dataclass(frozen=True, eq=False)
class _Demands:
    """Final demands (F): buyers they belong to, places among the calibrated ones, factors."""

    buyer: Index
    place: Index
    choke: Vector
    elasticity: Vector


def _multiplied(base: FinalDemand, now: FinalDemand) -> tuple[float, float]:
    return now.choke / base.choke, now.elasticity / base.elasticity
