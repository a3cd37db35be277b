"""The share closure on tables: F(z) at a point, fast enough to be called often.

The same equations as ``ShareState`` (a test holds the two together), for solving only: what people
read is taken from ``ShareState``. Within a good, a buyer's shares are a column of one table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.equilibrium.arrays import Arrays, Vector
from accord.equilibrium.tables import Layout, Tables


@dataclass(frozen=True)
class SharePoint:
    """A market at z under the share closure, on tables."""

    layout: Layout
    z: Vector

    # ------------------------------------------------------------------ unknowns

    @property
    def arrays(self) -> Arrays:
        """The market as bare arrays."""
        return self.layout.arrays

    @cached_property
    def parts(self) -> tuple[Vector, Vector, Vector]:
        """Prices, levels, rents."""
        n, a, m, _ = self.arrays.sizes
        return self.z[:n], self.z[n : n + a], self.z[n + a : n + a + m]

    @cached_property
    def price(self) -> Vector:
        """Producer prices in their places (G·N,)."""
        return self.layout.spread_nodes(self.parts[0])

    @cached_property
    def supply(self) -> Vector:
        """Tonnes made in every place (G·N,)."""
        return self.layout.outputs.times(self.parts[1], len(self.price))

    @cached_property
    def shifter(self) -> Vector:
        """Rents, then traced shares (E,)."""
        shares = self.layout.shifters.share_of
        if not shares:
            return self.parts[2]
        made, level = self.arrays.tracers.made, self.parts[1]
        supply = self.supply[self.layout.node]
        traced = [
            float(made[t, i] @ level) / supply[i] if supply[i] > 0.0 else 0.0 for t, i in shares
        ]
        return np.append(self.parts[2], traced)

    # ------------------------------------------------------------------ buyers' choices

    @cached_property
    def cost_slope(self) -> Tables:
        """What a dollar on a producer's price adds to landed costs (G, N, B)."""
        layout, shifters = self.layout, self.layout.shifters
        if not shifters.count:
            return layout.slope
        slope = layout.slope.copy()
        added = self.shifter[shifters.which] * shifters.slope
        np.add.at(slope.reshape(-1), shifters.lane, added)
        return slope

    @property
    def _log_terms(self) -> Tables:
        """ln(α e^(−θc)) of every lane (G, N, B); −∞ where a lane is closed."""
        layout, shifters = self.layout, self.layout.shifters
        b = layout.size[2]
        terms = layout.fall * self.price.reshape(*layout.size[:2], 1)
        np.subtract(layout.bare, terms, out=terms)
        if shifters.count:
            per_unit = shifters.slope * self.price[shifters.lane // b] + shifters.intercept
            theta = layout.buyers.theta[layout.buyer_of(shifters.lane)]
            added = theta * self.shifter[shifters.which] * per_unit
            np.subtract.at(terms.reshape(-1), shifters.lane, added)
        return terms

    @cached_property
    def shares_and_price(self) -> tuple[Tables, Vector]:
        """Shares (G, N, B) and buyers' prices (G·B,)."""
        buyers = self.layout.buyers
        # One table, worked on in place: new memory would cost more than the arithmetic.
        table = self._log_terms
        top = table.max(axis=1, keepdims=True)
        served = top > -np.inf
        level = np.where(served, top, 0.0)
        np.exp(np.subtract(table, level, out=table), out=table)
        total = np.where(served, table.sum(axis=1, keepdims=True), 1.0)
        index = buyers.constant - (level + np.log(total)).reshape(-1) / buyers.theta
        priced_out = 1e3 * np.maximum(np.abs(buyers.constant), buyers.choke)
        table *= 1.0 / total
        return table, np.where(served.reshape(-1), index, priced_out)

    @cached_property
    def shipped_share(self) -> Tables:
        """Tonnes that leave a node per tonne a buyer wants (G, N, B)."""
        share = self.shares_and_price[0]
        return share if self.layout.lossless else share * self.layout.shipped

    @cached_property
    def demand_and_slope(self) -> tuple[Vector, Vector]:
        """Tonnes wanted Q and the slope D′ of final demand (G·B,)."""
        buyers = self.layout.buyers
        span = buyers.choke - buyers.price
        gap = np.maximum((buyers.choke - self.shares_and_price[1]) / span, 0.0)
        steep = np.where(gap > 0.0, gap, 1.0) ** (buyers.gamma - 1.0)
        final = buyers.quantity * steep * gap
        slope = np.where(gap > 0.0, -buyers.quantity * buyers.gamma / span * steep, 0.0)
        return final + self.layout.inputs.times(self.parts[1], len(gap)), slope

    @cached_property
    def flow(self) -> Tables:
        """Tonnes delivered (G, N, B)."""
        goods, _, b = self.layout.size
        return self.shares_and_price[0] * self.demand_and_slope[0].reshape(goods, 1, b)

    # ------------------------------------------------------------------ the conditions

    @cached_property
    def conditions(self) -> Vector:
        """F(z), in the order of the unknowns."""
        layout, activities = self.layout, self.arrays.activities
        wanted = self.demand_and_slope[0].reshape(layout.size[0], layout.size[2], 1)
        shipped = (self.shipped_share @ wanted).reshape(-1)
        used = self.parts[1] / np.where(activities.capacity > 0.0, activities.capacity, np.inf)
        rising = activities.rising_cost * np.maximum(used, 0.0) ** activities.inverse_curvature
        inputs = layout.inputs.across(self.shares_and_price[1], len(used))
        revenue = activities.kept * layout.outputs.across(self.price, len(used))
        margin = inputs + activities.fixed_cost + rising - revenue
        excess = (self.supply - shipped)[layout.node]
        return np.concatenate([excess, margin, self._slack])

    @cached_property
    def _slack(self) -> Vector:
        limits, tracers = self.arrays.limits, self.arrays.tracers
        if not len(limits.bound):
            return limits.bound
        level = self.parts[1]
        bound = limits.bound + limits.grows @ level
        for m in np.flatnonzero(limits.clean_node >= 0):
            node, t = limits.clean_node[m], limits.clean_tracer[m]
            bound[m] += self.supply[self.layout.node[node]] - tracers.made[t, node] @ level
        counted = self.layout.members.times(self.flow.reshape(-1), len(bound))
        return np.where(limits.active, limits.sign * (bound - counted), 0.0)
