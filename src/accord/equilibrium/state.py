"""What every closure shares: prices, costs, activities and limits at a point of the unknowns.

Unknowns z = (p, y, r, T, …): producer price of every node, level of every activity, rent of every
limit, traced tonnes of every node, and what a closure adds. Conditions:

    supply − shipments ≥ 0                 ⟂ p ≥ 0
    marginal cost − revenue                ⟂ 0 ≤ y ≤ K
    bound − flow (at most), flow − bound   ⟂ r ≥ 0      (r ≤ 1 for a tariff-rate quota)
    T − traced tonnes made and passed on   = 0
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Index, Matrix, Vector

if TYPE_CHECKING:
    from accord.equilibrium.closure import Closure


@dataclass(frozen=True)
class State(ABC):
    """Every quantity of the market at a point z: prices, costs, flows (see ``Arrays``).

    A closure says how buyers choose among lanes: who is served, what a unit costs them, what
    flows. All else follows from these and is the same under every closure.

    ``known_demand``  final demand (B,) where the solve knew it better than the price can tell (a
    hair from a steep demand's choke price no two tonnages have different prices), NaN elsewhere
    """

    arrays: Arrays
    z: Vector
    known_demand: Vector | None = None

    @property
    @abstractmethod
    def closure(self) -> Closure:
        """The closure this state belongs to."""

    @cached_property
    def served(self) -> NDArray[np.bool_]:
        """Whether any lane is open to the buyer (B,)."""
        lanes = self.arrays.lanes
        is_open = np.isfinite(lanes.log_weight).astype(np.float64)
        return bin_sum(lanes.buyer, is_open, len(self.arrays.buyers.theta)) > 0.0

    @cached_property
    @abstractmethod
    def buyer_price(self) -> Vector:
        """What a unit costs each buyer, delivered and duty paid (B,)."""

    @cached_property
    @abstractmethod
    def flow(self) -> Vector:
        """Tonnes delivered on each lane (L,)."""

    @cached_property
    @abstractmethod
    def weight_value(self) -> Vector:
        """What buyers gain from a lane's weight, USD a year per unit of its logarithm (L,)."""

    @property
    def barrier(self) -> Vector:
        """What a tonne on a lane held back by a ceiling would earn, USD per tonne (L,)."""
        return np.zeros(len(self.arrays.lanes.node))

    @property
    def unwanted(self) -> Vector:
        """Tonnes that reach a buyer and are thrown away there, because they are free (B,)."""
        return np.zeros(len(self.arrays.buyers.theta))

    def at(self, arrays: Arrays, z: Vector) -> Self:
        """Return the state of another market or point under the same closure."""
        return replace(self, arrays=arrays, z=z, known_demand=None)

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
        end = start + self.arrays.sizes[3]
        return self.z[start:end].reshape(tracers.count, self.arrays.sizes[0])

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
    def _relative_gap(self) -> Vector:
        buyers = self.arrays.buyers
        return np.maximum((buyers.choke - self.buyer_price) / (buyers.choke - buyers.price), 0.0)

    @cached_property
    def final_demand(self) -> Vector:
        """Final demand in the units buyers use (B,)."""
        buyers = self.arrays.buyers
        by_price = buyers.quantity * self._relative_gap**buyers.gamma
        if self.known_demand is None:
            return by_price
        return np.where(np.isnan(self.known_demand), by_price, self.known_demand)

    @cached_property
    def final_use_slope(self) -> Vector:
        """∂D/∂P (B,), 0 beyond the choke price."""
        buyers = self.arrays.buyers
        span = buyers.choke - buyers.price
        gap = self._relative_gap
        steep = np.where(gap > 0.0, gap, 1.0) ** (buyers.gamma - 1.0)
        return np.where(gap > 0.0, -buyers.quantity * buyers.gamma / span * steep, 0.0)

    @cached_property
    def demand(self) -> Vector:
        """Units wanted by each buyer, final and as inputs (B,)."""
        return self.final_demand + self.arrays.activities.inputs @ self.level

    @cached_property
    def use(self) -> Vector:
        """Tonnes used by each buyer (B,): the units themselves where tonnes add up."""
        return self.demand

    @cached_property
    def final_use(self) -> Vector:
        """Tonnes of final demand (B,)."""
        return self.final_demand

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
    def mix(self) -> Vector:
        """Share of each lane in the tonnes its buyer takes (L,); 0 where nothing is taken."""
        taken = bin_sum(self.arrays.lanes.buyer, self.flow, len(self.arrays.buyers.theta))
        return self.flow / np.where(taken > 0.0, taken, np.inf)[self.arrays.lanes.buyer]

    @cached_property
    def passed_mix(self) -> Matrix:
        """Traced share of what each buyer takes (T, B)."""
        lanes = self.arrays.lanes
        count = len(self.arrays.buyers.theta)
        rows = [bin_sum(lanes.buyer, self.mix * w, count) for w in self._share_on_lane]
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
