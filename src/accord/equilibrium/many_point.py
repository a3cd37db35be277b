"""The share closure on tables for many draws at once: F(z) at a point of each.

The same equations as ``SharePoint``, with a leading axis of draws (a test holds them together).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Index
from accord.equilibrium.many_shape import Shape
from accord.equilibrium.many_tables import ManyLayout, Tabled

Array = NDArray[np.float64]

# A lane's weight below e to this, next to its buyer's largest, is as good as none. Exponentials of
# −∞ are ten times as slow as those of numbers.
NOTHING = -300.0


@dataclass(frozen=True)
class ManyPoint:
    """Markets at z (D, n) under the share closure, on tables."""

    layout: ManyLayout
    z: Array

    @property
    def shape(self) -> Shape:
        """What all draws share."""
        return self.layout.shape

    @property
    def of(self) -> Tabled:
        """What differs by draw."""
        return self.layout.of

    def rows(self, part: ManyLayout, draws: Index) -> ManyPoint:
        """Return the points of some draws (k,), whose layout is ``part``, with what is known."""
        point = ManyPoint(part, self.z[draws])
        known = self.__dict__.get("shares_and_price")
        if known is not None:
            # Where a cached property keeps its value.
            point.__dict__["shares_and_price"] = tuple(x.take(draws, axis=0) for x in known)
        return point

    # ------------------------------------------------------------------ unknowns

    @cached_property
    def parts(self) -> tuple[Array, Array, Array]:
        """Prices, levels, rents, by draw."""
        n, a, m, _ = self.shape.arrays.sizes
        return self.z[:, :n], self.z[:, n : n + a], self.z[:, n + a : n + a + m]

    @cached_property
    def price(self) -> Array:
        """Producer prices in their places (D, G·N)."""
        goods, n, _ = self.shape.size
        whole = np.zeros((len(self.z), goods * n))
        whole[:, self.shape.layout.node] = self.parts[0]
        return whole

    @cached_property
    def supply(self) -> Array:
        """Tonnes made in every place (D, G·N)."""
        return self.parts[1] @ self.shape.makes.T

    @cached_property
    def shifter(self) -> Array:
        """Rents, then traced shares (D, E)."""
        if not len(self.shape.nodes):
            return self.parts[2]
        supply = self.supply[:, self.shape.nodes]
        traced = self.parts[1] @ self.shape.made.T
        share = np.where(supply > 0.0, traced, 0.0) / np.where(supply > 0.0, supply, 1.0)
        return np.concatenate([self.parts[2], share], axis=1)

    # ------------------------------------------------------------------ buyers' choices

    @cached_property
    def charge(self) -> Array:
        """∂c/∂e of every entry of the shifters (D, k)."""
        return self.of.charge_slope * self.price.take(self.shape.shifter_node, axis=1) + (
            self.of.charge_intercept
        )

    @cached_property
    def cost_slope(self) -> Array:
        """What a dollar on a producer's price adds to landed costs (D or 1, L)."""
        shape = self.shape
        if not shape.by_lane.groups.size:
            return self.of.slope
        slope = np.repeat(self.of.slope, len(self.z) // len(self.of.slope), axis=0)
        added = self.shifter.take(shape.layout.shifters.which, axis=1) * self.of.charge_slope
        slope[:, shape.by_lane.groups] += shape.by_lane.compact(added)
        return slope

    @cached_property
    def _log_terms(self) -> Array:
        """ln(α e^(−θc)) of every lane (D, L); −∞ where a lane is closed."""
        shape = self.shape
        spread = shape.open(self.of.fall) * shape.from_nodes(self.price)
        terms = spread.reshape(len(self.price), -1)
        np.subtract(self.of.bare, terms, out=terms)
        if shape.by_lane.groups.size:
            theta = self.of.theta.take(shape.shifter_buyer, axis=1)
            added = theta * self.shifter.take(shape.layout.shifters.which, axis=1) * self.charge
            terms[:, shape.by_lane.groups] -= shape.by_lane.compact(added)
        return terms

    @cached_property
    def shares_and_price(self) -> tuple[Array, Array]:
        """Shares of lanes (D, L) and buyers' prices (D, G·B)."""
        of, shape, terms = self.of, self.shape, self._log_terms
        top = shape.largest(terms)
        served = top > -np.inf
        level = np.where(served, top, 0.0)
        spread = shape.open(terms)
        np.subtract(spread, shape.from_buyers(level), out=spread)
        np.exp(np.maximum(terms, NOTHING, out=terms), out=terms)
        total = np.where(served, shape.to_buyers(terms), 1.0)
        index = of.constant - (level + np.log(total)) / of.theta
        spread *= shape.from_buyers(np.where(served, 1.0 / total, 0.0))
        return terms, np.where(served, index, of.priced_out)

    @cached_property
    def shipped_share(self) -> Array:
        """Tonnes that leave a node per tonne a buyer wants (D, L)."""
        share = self.shares_and_price[0]
        return share if self.shape.layout.lossless else share * self.shape.shipped

    @cached_property
    def demand_and_slope(self) -> tuple[Array, Array]:
        """Tonnes wanted Q and the slope D′ of final demand (D, G·B)."""
        of = self.of
        gap = np.maximum((of.choke - self.shares_and_price[1]) / of.span, 0.0)
        wants = gap > 0.0
        steep = of.quantity * np.where(wants, gap, 1.0) ** (of.gamma - 1.0)
        slope = np.where(wants, -of.gamma / of.span * steep, 0.0)
        return steep * gap + self.parts[1] @ self.shape.needs.T, slope

    @cached_property
    def flow(self) -> Array:
        """Tonnes delivered (D, L)."""
        wanted = self.shape.from_buyers(self.demand_and_slope[0])
        flow = self.shape.open(self.shares_and_price[0]) * wanted
        return flow.reshape(len(self.z), -1)

    @cached_property
    def counted_share(self) -> Array:
        """Share of every lane that a limit counts in its buyer's tonnes (D, k)."""
        return self.shares_and_price[0].take(self.shape.counted, axis=1)

    # ------------------------------------------------------------------ the conditions

    @cached_property
    def shipped(self) -> Array:
        """Tonnes that leave every place (D, G·N)."""
        return self.shape.ship(self.shipped_share, self.demand_and_slope[0])

    @cached_property
    def conditions(self) -> Array:
        """F(z), in the order of the unknowns (D, n)."""
        shape, of = self.shape, self.of
        used = self.parts[1] * of.per_capacity
        rising = of.rising_cost * np.maximum(used, 0.0) ** of.inverse_curvature
        inputs = self.shares_and_price[1] @ shape.needs
        margin = inputs + of.fixed_cost + rising - of.kept * (self.price @ shape.makes)
        excess = (self.supply - self.shipped).take(shape.layout.node, axis=1)
        return np.concatenate([excess, margin, self._slack], axis=1)

    @cached_property
    def limit_bound(self) -> Array:
        """Each limit's bound in tonnes (D, M), with what grows it."""
        limits, level = self.shape.arrays.limits, self.parts[1]
        bound = self.of.bound + (self.of.grows @ level[:, :, None])[:, :, 0]
        for m in np.flatnonzero(limits.clean_node >= 0):
            node, t = limits.clean_node[m], limits.clean_tracer[m]
            supply = self.supply[:, self.shape.layout.node[node]]
            bound[:, m] += supply - level @ self.shape.arrays.tracers.made[t, node]
        return bound

    @cached_property
    def counted_flow(self) -> Array:
        """Tonnes that each limit counts (D, M)."""
        members = self.shape.layout.members
        wanted = self.demand_and_slope[0].take(self.shape.member_buyer, axis=1)
        counted = members.value * self.counted_share * wanted
        return self.shape.members.spread(counted, self.parts[2].shape[1])

    @cached_property
    def _slack(self) -> Array:
        limits = self.shape.arrays.limits
        if not len(limits.sign):
            return self.parts[2]
        slack = limits.sign * (self.limit_bound - self.counted_flow)
        return np.where(limits.active, slack, 0.0)
