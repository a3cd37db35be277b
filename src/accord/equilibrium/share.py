"""The share closure: buyers split tonnes among origins by landed cost, and tonnes add up.

With c_l the landed cost and α_l the taste weight of lane l to a good's destination:

    s_l = α_l e^(−θ c_l) / Σ α e^(−θ c),   x_l = s_l Q(P),   P = constant − θ⁻¹ ln Σ α e^(−θ c)

Q is final demand at P plus the fixed-coefficient needs of the region's activities.
∂P/∂c_l = s_l, so demand is integrable and surplus is exact. Source: S. Anderson, A. de Palma and
J.-F. Thisse, Discrete Choice Theory of Product Differentiation (1992), ch. 3, applied to tonnes.

Unknowns z = (p, y, r, T): producer price of every node, level of every activity, rent of every
limit, traced tonnes of every node. Conditions:

    supply − shipments ≥ 0                 ⟂ p ≥ 0
    marginal cost − revenue                ⟂ 0 ≤ y ≤ K
    bound − flow (at most), flow − bound   ⟂ r ≥ 0      (r ≤ 1 for a tariff-rate quota)
    T − traced tonnes made and passed on   = 0
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Index, Matrix, Vector


class _Logit(NamedTuple):
    """Σ α e^(−θc) by buyer without overflow: terms (L,) and totals (B,) over e^level."""

    terms: Vector
    total: Vector
    served: NDArray[np.bool_]
    level: Vector


@dataclass(frozen=True)
class State:
    """Every quantity of the market at a point z: prices, costs, shares, flows (see ``Arrays``)."""

    arrays: Arrays
    z: Vector

    @cached_property
    def price(self) -> Vector:
        """Producer prices (N,)."""
        return self.z[: self.arrays.sizes[0]]

    @cached_property
    def level(self) -> Vector:
        """Activity levels (A,)."""
        start = self.arrays.sizes[0]
        return self.z[start : start + self.arrays.sizes[1]]

    @cached_property
    def rent(self) -> Vector:
        """Limit rents r (M,)."""
        start = sum(self.arrays.sizes[:2])
        return self.z[start : start + self.arrays.sizes[2]]

    @cached_property
    def traced(self) -> Matrix:
        """Traced tonnes of each node's supply (T, N).

        Unknowns where traded metal is sold on; otherwise what the traced activities make.
        """
        tracers = self.arrays.tracers
        if not tracers.passes:
            return tracers.made @ self.level
        start = sum(self.arrays.sizes[:3])
        return self.z[start:].reshape(tracers.count, self.arrays.sizes[0])

    @cached_property
    def supply(self) -> Vector:
        """Tonnes made at each node (N,)."""
        return self.arrays.activities.outputs @ self.level

    @cached_property
    def traced_share(self) -> Matrix:
        """Traced share of each node's supply (T, N); 0 where nothing is made."""
        return self.traced / np.where(self.supply > 0.0, self.supply, np.inf)

    @cached_property
    def cost_slope(self) -> Vector:
        """∂c/∂p of each lane (L,)."""
        lanes, limits = self.arrays.lanes, self.arrays.limits
        slope = lanes.slope + self.rent @ limits.rent_slope
        if self.arrays.tracers.count:
            slope = slope + np.sum(self._share_on_lane * lanes.traced_slope, axis=0)
        return slope

    @cached_property
    def _share_on_lane(self) -> Matrix:
        return self.traced_share[:, self.arrays.lanes.node]

    @cached_property
    def landed_cost(self) -> Vector:
        """Landed cost of a tonne on each lane (L,)."""
        lanes, limits = self.arrays.lanes, self.arrays.limits
        cost = self.cost_slope * self.price[lanes.node] + lanes.intercept
        cost = cost + self.rent @ limits.rent_intercept
        if self.arrays.tracers.count:
            cost = cost + np.sum(self._share_on_lane * lanes.traced_intercept, axis=0)
        return cost

    @cached_property
    def _log_terms(self) -> _Logit:
        lanes, buyers = self.arrays.lanes, self.arrays.buyers
        exponent = lanes.log_weight - buyers.theta[lanes.buyer] * self.landed_cost
        top = np.full(len(buyers.theta), -np.inf)
        np.maximum.at(top, lanes.buyer, exponent)
        served = top > -np.inf
        level = np.where(served, top, 0.0)
        terms = np.exp(exponent - level[lanes.buyer])
        total = np.where(served, bin_sum(lanes.buyer, terms, len(top)), 1.0)
        return _Logit(terms, total, served, level)

    @cached_property
    def served(self) -> NDArray[np.bool_]:
        """Whether any lane is open to the buyer (B,)."""
        return self._log_terms.served

    @cached_property
    def share(self) -> Vector:
        """Share of each lane in its buyer's tonnes (L,); 0 on closed lanes."""
        logit = self._log_terms
        return logit.terms / logit.total[self.arrays.lanes.buyer]

    @cached_property
    def buyer_price(self) -> Vector:
        """Price index P (B,); a price that ends all demand where no lane is open."""
        buyers, logit = self.arrays.buyers, self._log_terms
        index = buyers.constant - (logit.level + np.log(logit.total)) / buyers.theta
        priced_out = 1e3 * np.maximum(np.abs(buyers.constant), buyers.choke)
        return np.where(logit.served, index, priced_out)

    @cached_property
    def _relative_gap(self) -> Vector:
        buyers = self.arrays.buyers
        return np.maximum((buyers.choke - self.buyer_price) / (buyers.choke - buyers.price), 0.0)

    @cached_property
    def final_use(self) -> Vector:
        """Final demand in tonnes (B,)."""
        buyers = self.arrays.buyers
        return buyers.quantity * self._relative_gap**buyers.gamma

    @cached_property
    def final_use_slope(self) -> Vector:
        """∂D/∂P (B,), 0 beyond the choke price."""
        buyers = self.arrays.buyers
        span = buyers.choke - buyers.price
        gap = self._relative_gap
        steep = np.where(gap > 0.0, gap, 1.0) ** (buyers.gamma - 1.0)
        return np.where(gap > 0.0, -buyers.quantity * buyers.gamma / span * steep, 0.0)

    @cached_property
    def use(self) -> Vector:
        """Tonnes used by each buyer, final and as inputs (B,)."""
        return self.final_use + self.arrays.activities.inputs @ self.level

    @cached_property
    def flow(self) -> Vector:
        """Tonnes delivered on each lane (L,)."""
        return self.share * self.use[self.arrays.lanes.buyer]

    @cached_property
    def shipped(self) -> Vector:
        """Tonnes leaving each node (N,), losses on the way included."""
        lanes = self.arrays.lanes
        return bin_sum(lanes.node, self.flow * lanes.shipped, len(self.price))

    @cached_property
    def utilisation(self) -> Vector:
        """Level over capacity of each activity (A,); 0 where there is no capacity."""
        capacity = self.arrays.activities.capacity
        return self.level / np.where(capacity > 0.0, capacity, np.inf)

    @cached_property
    def revenue(self) -> Vector:
        """Sales per unit of each activity net of ad valorem output taxes (A,)."""
        activities = self.arrays.activities
        return activities.kept * (self.price @ activities.outputs)

    @cached_property
    def flat_cost(self) -> Vector:
        """Cost per unit at a standstill: inputs and fixed cost (A,)."""
        activities = self.arrays.activities
        return self.buyer_price @ activities.inputs + activities.fixed_cost

    @cached_property
    def marginal_cost(self) -> Vector:
        """Cost of one more unit of each activity (A,)."""
        activities = self.arrays.activities
        rising = np.maximum(self.utilisation, 0.0) ** activities.inverse_curvature
        return self.flat_cost + activities.rising_cost * rising

    @cached_property
    def counted_flow(self) -> Vector:
        """Tonnes that each limit counts (M,)."""
        return self.arrays.limits.member @ self.flow

    @cached_property
    def bound(self) -> Vector:
        """Each limit's bound in tonnes (M,), with what grows it."""
        limits = self.arrays.limits
        bound = limits.bound + limits.grows @ self.level
        for m in np.flatnonzero(limits.clean_node >= 0):
            node, tracer = limits.clean_node[m], limits.clean_tracer[m]
            bound[m] += self.supply[node] - self.traced[tracer, node]
        return bound

    @cached_property
    def passed_mix(self) -> Matrix:
        """Traced share of what each buyer takes (T, B)."""
        lanes = self.arrays.lanes
        count = len(self.arrays.buyers.theta)
        rows = [bin_sum(lanes.buyer, self.share * w, count) for w in self._share_on_lane]
        return np.array(rows).reshape(-1, count)

    @cached_property
    def conditions(self) -> Vector:
        """F(z), in the order of the unknowns."""
        limits = self.arrays.limits
        slack = np.where(limits.active, limits.sign * (self.bound - self.counted_flow), 0.0)
        parts = [self.supply - self.shipped, self.marginal_cost - self.revenue, slack]
        if self.arrays.tracers.passes:
            parts.append(self._tracer_conditions().ravel())
        return np.concatenate(parts)

    def _tracer_conditions(self) -> Matrix:
        tracers = self.arrays.tracers
        made = tracers.made @ self.level
        mix = self.passed_mix[:, tracers.passed_buyer]
        passed = np.einsum("tna,ta,a->tn", tracers.passed, mix, self.level)
        return self.traced - made - passed


def bin_sum(group: Index, values: Vector, count: int) -> Vector:
    """Sum values by group: (L,) → (count,)."""
    return np.bincount(group, values, count).astype(np.float64, copy=False)
