"""Numbers about a solved market that have slopes: prices, flows, revenue, surplus, welfare.

Each says its value at a state and its partial derivatives in prices, flows, levels, rents and the
data that it contains itself. ``accord.equilibrium.adjoint`` carries them back to every datum.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import NamedTuple, Protocol

import numpy as np

from accord.equilibrium.arrays import Arrays, Matrix, Vector, customs_base, specific_per_tonne
from accord.equilibrium.state import State, bin_sum
from accord.errors import Fault, InputError
from accord.market import Lane, Market, Wedge


class Slopes(NamedTuple):
    """Partial derivatives of an effect, everything else held.

    In quantities: ``price`` (N,), ``buyer_price`` (B,), ``flow`` (L,), ``level`` (A,), ``rent``
    (M,). In data: ``by_specific``, ``by_ad_valorem``, ``by_freight`` (L,), ``by_capacity`` (A,),
    ``by_elasticity`` (B,).
    """

    price: Vector
    buyer_price: Vector
    flow: Vector
    level: Vector
    rent: Vector
    by_specific: Vector
    by_ad_valorem: Vector
    by_freight: Vector
    by_capacity: Vector
    by_elasticity: Vector


def no_slopes(arrays: Arrays) -> Slopes:
    """Return slopes that are all 0."""
    n, a, m, _ = arrays.sizes
    b, lanes = len(arrays.buyers.theta), len(arrays.lanes.node)
    return Slopes(*(np.zeros(size) for size in (n, b, lanes, a, m, lanes, lanes, lanes, a, b)))


@dataclass(frozen=True)
class Bases:
    """What import duties are levied on, lane by lane, and what freight does to landed cost.

    Customs value of a tonne = ``slope``·p + ``intercept`` − rebates·``lowered`` (USD).
    ``freight_passed`` landed cost per USD of freight (above 1 where duties value it too)
    ``cif``            1 where freight is part of the customs value
    ``lowered``        (M, L) 1 where a limit's rebate lowers the customs value
    """

    slope: Vector
    intercept: Vector
    freight_passed: Vector
    cif: Vector
    lowered: Matrix

    @staticmethod
    def of(market: Market, arrays: Arrays) -> Bases:
        """Read the bases of a market's lanes, each by its importer's customs law."""
        universe = arrays.universe
        known = [market.lane_by_key.get(x.key, x) for x in universe.lanes]
        basis = {code: region.customs_basis for code, region in market.region_by_code.items()}
        duty = {
            code: Wedge("marginal duty", "import", 1.0, basis=region.customs_basis)
            for code, region in market.region_by_code.items()
        }
        table = np.array([customs_base(x, duty[x.destination]) for x in known]).reshape(-1, 2)
        lowers = np.array([x.lowers_customs_value for x in universe.limits], dtype=np.float64)
        return Bases(
            slope=table[:, 0],
            intercept=table[:, 1],
            freight_passed=np.array([1.0 + _valued_with_freight(x) for x in known]),
            cif=np.array([float(basis[x.destination] == "cif") for x in known]),
            lowered=arrays.limits.member * lowers[:, None],
        )

    def value(self, state: State) -> Vector:
        """Return the customs value of a tonne on each lane (L,)."""
        price = state.price[state.arrays.lanes.node]
        return self.slope * price + self.intercept - state.rent @ self.lowered


def _valued_with_freight(lane: Lane) -> float:
    return sum(
        w.ad_valorem * w.content
        for w in lane.active_wedges
        if w.side != "export" and w.basis == "cif"
    )


class Effect(Protocol):
    """A number about a state, with its slopes."""

    @property
    def bases(self) -> Bases:
        """What duties are levied on."""
        ...

    def value(self, state: State) -> float:
        """Return the number."""
        ...

    def slopes(self, state: State) -> Slopes:
        """Return its partial derivatives."""
        ...


@dataclass(frozen=True)
class Linear:
    """A weighted sum of prices, buyer prices, flows, levels and rents; absent weights are 0."""

    bases: Bases
    price: Vector | None = None
    buyer_price: Vector | None = None
    flow: Vector | None = None
    level: Vector | None = None
    rent: Vector | None = None

    def value(self, state: State) -> float:
        """Return the sum."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "bases"}
        return float(sum(w @ getattr(state, k) for k, w in given.items() if w is not None))

    def slopes(self, state: State) -> Slopes:
        """Return the weights."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "bases"}
        weights = {k: np.asarray(w, dtype=np.float64) for k, w in given.items() if w is not None}
        return no_slopes(state.arrays)._replace(**weights)


@dataclass(frozen=True)
class Surplus:
    """Area under final demand of some buyers plus profits of some activities, in USD a year.

    ``buyers`` (B,) and ``activities`` (A,): 1 where counted, 0 where not.
    """

    bases: Bases
    buyers: Vector
    activities: Vector

    def value(self, state: State) -> float:
        """Return the sum."""
        return float(self.buyers @ _consumer_surplus(state) + self.activities @ _profit(state))

    def slopes(self, state: State) -> Slopes:
        """∂CS/∂P = −D; ∂profit/∂level = revenue − marginal cost."""
        activities, run = state.arrays.activities, self.activities * state.level
        power, used = activities.inverse_curvature, np.maximum(state.utilisation, 0.0)
        rising = activities.rising_cost * used ** (power + 1.0) * power / (power + 1.0)
        return no_slopes(state.arrays)._replace(
            price=activities.outputs @ (activities.kept * run),
            buyer_price=-self.buyers * state.final_use - activities.inputs @ run,
            level=self.activities * (state.revenue - state.marginal_cost),
            by_capacity=self.activities * rising,
            by_elasticity=self.buyers * _surplus_by_elasticity(state),
        )


def _gap(state: State) -> Vector:
    buyers = state.arrays.buyers
    return np.maximum((buyers.choke - state.buyer_price) / (buyers.choke - buyers.price), 0.0)


def _consumer_surplus(state: State) -> Vector:
    buyers = state.arrays.buyers
    span = buyers.quantity * (buyers.choke - buyers.price) / (buyers.gamma + 1.0)
    return span * _gap(state) ** (buyers.gamma + 1.0)


def _surplus_by_elasticity(state: State) -> Vector:
    buyers, gap = state.arrays.buyers, _gap(state)
    steep = np.log(np.where(gap > 0.0, gap, 1.0)) - 1.0 / (buyers.gamma + 1.0)
    return _consumer_surplus(state) * steep * (buyers.choke / buyers.price - 1.0)


def _profit(state: State) -> Vector:
    activities = state.arrays.activities
    power, used = activities.inverse_curvature, np.maximum(state.utilisation, 0.0)
    rising = activities.rising_cost * activities.capacity * used ** (power + 1.0) / (power + 1.0)
    return state.level * (state.revenue - state.flat_cost) - rising


@dataclass(frozen=True)
class Transfers:
    """What treasuries and the holders of rents receive, in USD a year.

    On a lane ``slope``·p + ``intercept`` per tonne (L,), and per unit of each limit's rent
    ``rent_slope``·p + ``rent_intercept`` (M, L); from activities with ``levied`` (A,) 1, their
    output taxes. ``marginal`` (L,) is 1 where the revenue of a marginal duty goes here.
    """

    bases: Bases
    slope: Vector
    intercept: Vector
    rent_slope: Matrix
    rent_intercept: Matrix
    levied: Vector
    marginal: Vector

    def _tax(self, state: State) -> Vector:
        activities = state.arrays.activities
        sales = state.price @ activities.outputs
        return self.levied * (activities.unit_tax + (1.0 - activities.kept) * sales)

    def value(self, state: State) -> float:
        """Return what is received."""
        price = state.price[state.arrays.lanes.node]
        per_tonne = (self.slope + state.rent @ self.rent_slope) * price
        per_tonne = per_tonne + self.intercept + state.rent @ self.rent_intercept
        return float(per_tonne @ state.flow + self._tax(state) @ state.level)

    def slopes(self, state: State) -> Slopes:
        """Return its partial derivatives."""
        lanes, activities = state.arrays.lanes, state.arrays.activities
        price = state.price[lanes.node]
        slope = self.slope + state.rent @ self.rent_slope
        on_sales = activities.outputs @ (self.levied * (1.0 - activities.kept) * state.level)
        duty = self.marginal * state.flow
        return no_slopes(state.arrays)._replace(
            price=bin_sum(lanes.node, slope * state.flow, len(state.price)) + on_sales,
            flow=slope * price + self.intercept + state.rent @ self.rent_intercept,
            level=self._tax(state),
            rent=(self.rent_slope * price + self.rent_intercept) @ state.flow,
            by_specific=duty,
            by_ad_valorem=duty * self.bases.value(state),
            by_freight=(self.bases.freight_passed - 1.0) * duty,
        )


@dataclass(frozen=True)
class Total:
    """The sum of several effects."""

    parts: tuple[Surplus | Transfers | Linear, ...]

    @property
    def bases(self) -> Bases:
        """What duties are levied on."""
        return self.parts[0].bases

    def value(self, state: State) -> float:
        """Return the sum."""
        return sum(part.value(state) for part in self.parts)

    def slopes(self, state: State) -> Slopes:
        """Return the sum of the slopes."""
        found = [part.slopes(state) for part in self.parts]
        return Slopes(*(np.sum(column, axis=0) for column in zip(*found, strict=True)))


def welfare(market: Market, arrays: Arrays, regions: tuple[str, ...]) -> Total:
    """Return the welfare of regions (conventions C36) as an effect, in USD a year.

    Raises ``InputError`` where a duty follows the metal's origin: its revenue has no slopes here.
    """
    universe = arrays.universe
    counted = Surplus(
        Bases.of(market, arrays),
        buyers=np.array([float(b.region in regions) for b in universe.buyers]),
        activities=np.array([float(a.owner in regions) for a in universe.activities]),
    )
    return Total((counted, receipts(market, arrays, regions)))


def receipts(market: Market, arrays: Arrays, regions: tuple[str, ...]) -> Transfers:
    """Return what the treasuries and rent holders of regions receive, as an effect.

    Raises ``InputError`` where a duty follows the metal's origin.
    """
    universe = arrays.universe
    known = [market.lane_by_key.get(x.key, x) for x in universe.lanes]
    table = np.zeros((2, len(known)))
    for i, lane in enumerate(known):
        for wedge in lane.active_wedges:
            if wedge.tracer is not None:
                raise InputError([_follows_the_metal(wedge)])
            if wedge.revenue_to in regions:
                table[:, i] += _receipt(lane, wedge)
    held = np.array([float(x.rent_to in regions) for x in universe.limits])
    duties = arrays.limits.rent_intercept + arrays.limits.member
    lowers = np.array([x.lowers_customs_value for x in universe.limits], dtype=np.float64)
    here = np.array([float(x.destination in regions) for x in known])
    # Where a rebate lowers the customs value, the payer pays it and the treasury collects less.
    lost = lowers[:, None] * duties
    return Transfers(
        bases=Bases.of(market, arrays),
        slope=table[0],
        intercept=table[1],
        rent_slope=held[:, None] * arrays.limits.rent_slope,
        rent_intercept=held[:, None] * (arrays.limits.rent_intercept - lost) + lost * here,
        levied=np.array([float(a.region in regions) for a in universe.activities]),
        marginal=here,
    )


def _receipt(lane: Lane, wedge: Wedge) -> tuple[float, float]:
    slope, intercept = customs_base(lane, wedge)
    rate = wedge.ad_valorem * wedge.content
    return rate * slope, rate * intercept + specific_per_tonne(lane, wedge)


def _follows_the_metal(wedge: Wedge) -> Fault:
    return Fault(
        file="market",
        field=wedge.measure,
        found="a duty that follows the metal's origin",
        allowed="duties by where metal comes from",
        fix="ask for derivatives of prices and flows instead of money",
    )
