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

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Index, Matrix, Vector
from accord.solve import Problem


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
        """Traced tonnes of each node's supply (T, N)."""
        start = sum(self.arrays.sizes[:3])
        return self.z[start:].reshape(self.arrays.tracers.count, self.arrays.sizes[0])

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
    def _log_terms(self) -> tuple[Vector, Vector, NDArray[np.bool_]]:
        lanes, buyers = self.arrays.lanes, self.arrays.buyers
        exponent = lanes.log_weight - buyers.theta[lanes.buyer] * self.landed_cost
        top = np.full(len(buyers.theta), -np.inf)
        np.maximum.at(top, lanes.buyer, exponent)
        served = top > -np.inf
        level = np.where(served, top, 0.0)
        terms = np.exp(exponent - level[lanes.buyer])
        total = bin_sum(lanes.buyer, terms, len(top))
        return terms, np.where(served, total, 1.0), served

    @cached_property
    def served(self) -> NDArray[np.bool_]:
        """Whether any lane is open to the buyer (B,)."""
        return self._log_terms[2]

    @cached_property
    def share(self) -> Vector:
        """Share of each lane in its buyer's tonnes (L,); 0 on closed lanes."""
        terms, total, _ = self._log_terms
        return terms / total[self.arrays.lanes.buyer]

    @cached_property
    def buyer_price(self) -> Vector:
        """Price index P (B,); a price that ends all demand where no lane is open."""
        lanes, buyers = self.arrays.lanes, self.arrays.buyers
        exponent = lanes.log_weight - buyers.theta[lanes.buyer] * self.landed_cost
        top = np.full(len(buyers.theta), -np.inf)
        np.maximum.at(top, lanes.buyer, exponent)
        _, total, served = self._log_terms
        index = buyers.constant - (np.where(served, top, 0.0) + np.log(total)) / buyers.theta
        return np.where(served, index, 1e3 * np.maximum(np.abs(buyers.constant), buyers.choke))

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
        if self.arrays.tracers.count:
            parts.append(self._tracer_conditions().ravel())
        return np.concatenate(parts)

    def _tracer_conditions(self) -> Matrix:
        tracers = self.arrays.tracers
        made = tracers.made @ self.level
        mix = self.passed_mix[:, tracers.passed_buyer]
        passed = np.einsum("tna,ta,a->tn", tracers.passed, mix, self.level)
        return self.traced - made - passed


def problem_of(arrays: Arrays) -> Problem:
    """Return the complementarity problem of a market under the share closure."""
    n, a, m, t = arrays.sizes
    activities, limits = arrays.activities, arrays.limits
    top = np.where(limits.active, limits.top, 0.0)
    makes_something = np.where(activities.capacity > 0.0, activities.capacity, 1.0)
    tonnes = np.maximum(activities.outputs @ activities.capacity, 1e-9)
    unit_price = np.maximum(np.abs(arrays.reference_price @ activities.outputs), 1e-12)
    rent_scale = np.where(np.isfinite(limits.top) & (limits.top == 1.0), 1.0, _price(arrays))
    flow_scale = np.maximum(_bound_size(arrays, tonnes), limits.member @ _lane_size(arrays, tonnes))
    traced_scale = np.tile(tonnes, arrays.tracers.count)
    # Where nothing can be made there is no market: its price is pinned and means nothing (C16).
    pinned = ~(activities.outputs @ activities.capacity > 0.0)
    lowest = np.where(pinned, arrays.reference_price, 0.0)
    highest = np.where(pinned, arrays.reference_price, np.inf)
    return Problem(
        value=lambda z: State(arrays, z).conditions,
        jacobian=lambda z: Jacobian(State(arrays, z)).matrix,
        lower=np.concatenate([lowest, np.zeros(a + m), np.full(t, -np.inf)]),
        upper=np.concatenate([highest, activities.capacity, top, np.full(t, np.inf)]),
        z_scale=np.concatenate([arrays.reference_price, makes_something, rent_scale, traced_scale]),
        f_scale=np.concatenate([tonnes, unit_price, np.maximum(flow_scale, 1e-9), traced_scale]),
    )


def _price(arrays: Arrays) -> float:
    return float(np.mean(arrays.reference_price)) if arrays.reference_price.size else 1.0


def _bound_size(arrays: Arrays, tonnes: Vector) -> Vector:
    """Return how many tonnes each bound can reach (M,), with all that makes it grow."""
    limits = arrays.limits
    grown = limits.bound + limits.grows @ arrays.activities.capacity
    return grown + np.where(limits.clean_node >= 0, tonnes[limits.clean_node], 0.0)


def _lane_size(arrays: Arrays, tonnes: Vector) -> Vector:
    return 1e-3 * tonnes[arrays.lanes.node]


@dataclass(frozen=True)
class Jacobian:
    """∂F/∂z of the share closure at a state, assembled block by block.

    With one lane per (node, buyer), ∂x_l/∂c_k = −θQ s_l δ_lk + s_l (θQ + D') s_k within a buyer.
    """

    state: State

    @cached_property
    def _sizes(self) -> tuple[int, int]:
        return self.state.arrays.sizes[0], len(self.state.arrays.buyers.theta)

    @cached_property
    def _pull(self) -> Vector:
        """θQ of each buyer (B,)."""
        return self.state.arrays.buyers.theta * self.state.use

    @cached_property
    def _bend(self) -> Vector:
        """θQ + D′ of each buyer (B,)."""
        return self._pull + self.state.final_use_slope

    def _spread(self, values: Vector) -> Matrix:
        """Lay lane values out as (N, B)."""
        lanes = self.state.arrays.lanes
        table = np.zeros(self._sizes)
        table[lanes.node, lanes.buyer] = values
        return table

    @cached_property
    def _shipped_share(self) -> Matrix:
        return self._spread(self.state.share * self.state.arrays.lanes.shipped)

    @cached_property
    def price_of_buyer(self) -> Matrix:
        """∂P/∂p (N, B)."""
        return self._spread(self.state.share * self.state.cost_slope)

    @cached_property
    def matrix(self) -> Matrix:
        """∂F/∂z (n, n)."""
        state, arrays = self.state, self.state.arrays
        n, a, m, t = arrays.sizes
        whole = np.zeros((n + a + m + t, n + a + m + t))
        whole[:n, :n] = self._excess_by_price()
        whole[:n, n : n + a] = (
            arrays.activities.outputs - self._shipped_share @ arrays.activities.inputs
        )
        whole[n : n + a, :n] = self._margin_by_price()
        whole[n : n + a, n : n + a] = np.diag(self._margin_by_level())
        if m or t:
            self._limits_and_tracers(whole, state)
        return whole

    def _excess_by_price(self) -> Matrix:
        state, lanes = self.state, self.state.arrays.lanes
        own = self._pull[lanes.buyer] * state.share * state.cost_slope * lanes.shipped
        block = -(self._shipped_share * self._bend) @ self.price_of_buyer.T
        block[np.diag_indices(self._sizes[0])] += bin_sum(lanes.node, own, self._sizes[0])
        return block

    def _margin_by_price(self) -> Matrix:
        activities = self.state.arrays.activities
        bought = activities.inputs.T @ self.price_of_buyer.T
        return bought - (activities.kept * activities.outputs).T

    def _margin_by_level(self) -> Vector:
        activities = self.state.arrays.activities
        capacity = np.where(activities.capacity > 0.0, activities.capacity, 1.0)
        used = np.maximum(self.state.level / capacity, 1e-12)
        power = activities.inverse_curvature
        return activities.rising_cost * power / capacity * used ** (power - 1.0)

    def _limits_and_tracers(self, whole: Matrix, state: State) -> None:
        arrays = state.arrays
        n, a, m, t = arrays.sizes
        first = n + a
        extra = self._cost_by_extra()
        flow = self._flow_by_everything(extra)
        shipped = -flow * arrays.lanes.shipped[:, None]
        whole[:n, first:] = _sum_rows(shipped[:, first:], arrays.lanes.node, n)
        price = self._buyer_price_by_extra(extra)
        whole[first - a : first, first:] = arrays.activities.inputs.T @ price
        counted = arrays.limits.member @ flow
        rows = -counted
        rows[:, n:first] += arrays.limits.grows
        self._clean_supply_rows(rows)
        rows *= np.where(arrays.limits.active, arrays.limits.sign, 0.0)[:, None]
        whole[first : first + m] = rows
        if t:
            if arrays.tracers.passed.any() or arrays.lanes.traced_slope.any():
                self._correct_for_traced_cost(whole, flow)
            self._tracer_rows(whole, extra)

    def _cost_by_extra(self) -> Matrix:
        """∂c/∂z by levels (through traced shares), rents, traced tonnes; not by prices (L, n)."""
        state, arrays = self.state, self.state.arrays
        n, a, m, _ = arrays.sizes
        lanes, limits = arrays.lanes, arrays.limits
        price = state.price[lanes.node]
        extra = np.zeros((len(price), len(state.z)))
        rent = limits.rent_slope * price + limits.rent_intercept
        extra[:, n + a : n + a + m] = rent.T
        every = np.arange(len(price))
        supply = np.where(state.supply > 0.0, state.supply, np.inf)[lanes.node]
        for i in range(arrays.tracers.count):
            charge = lanes.traced_slope[i] * price + lanes.traced_intercept[i]
            extra[every, n + a + m + i * n + lanes.node] = charge / supply
            through = -charge * state.traced_share[i][lanes.node] / supply
            extra[:, n : n + a] += through[:, None] * arrays.activities.outputs[lanes.node]
        return extra

    def _buyer_price_by_extra(self, extra: Matrix) -> Matrix:
        state, arrays = self.state, self.state.arrays
        first = sum(arrays.sizes[:2])
        weighted = state.share[:, None] * extra[:, first:]
        return _sum_rows(weighted, arrays.lanes.buyer, self._sizes[1])

    def _flow_by_everything(self, extra: Matrix) -> Matrix:
        """∂x/∂z (L, n)."""
        state, lanes = self.state, self.state.arrays.lanes
        n, a, _, _ = state.arrays.sizes
        cost = extra.copy()
        cost[np.arange(len(lanes.node)), lanes.node] += state.cost_slope
        mean = _sum_rows(state.share[:, None] * cost, lanes.buyer, self._sizes[1])
        flow = -(self._pull[lanes.buyer] * state.share)[:, None] * cost
        flow += state.share[:, None] * (self._bend[:, None] * mean)[lanes.buyer]
        flow[:, n : n + a] += state.share[:, None] * state.arrays.activities.inputs[lanes.buyer]
        return flow

    def _clean_supply_rows(self, rows: Matrix) -> None:
        arrays = self.state.arrays
        n, a, m, _ = arrays.sizes
        for i in np.flatnonzero(arrays.limits.clean_node >= 0):
            node, tracer = arrays.limits.clean_node[i], arrays.limits.clean_tracer[i]
            rows[i, n : n + a] += arrays.activities.outputs[node]
            rows[i, n + a + m + tracer * n + node] -= 1.0

    def _correct_for_traced_cost(self, whole: Matrix, flow: Matrix) -> None:
        """Where costs depend on levels through traced shares, rebuild the blocks that missed it."""
        arrays = self.state.arrays
        n, a, _, _ = arrays.sizes
        shipped = flow * arrays.lanes.shipped[:, None]
        whole[:n] = -_sum_rows(shipped, arrays.lanes.node, n)
        whole[:n, n : n + a] += arrays.activities.outputs
        share = self.state.share[:, None] * self._cost_by_extra()
        price = _sum_rows(share, arrays.lanes.buyer, self._sizes[1])
        whole[n : n + a, n : n + a] += arrays.activities.inputs.T @ price[:, n : n + a]

    def _tracer_rows(self, whole: Matrix, extra: Matrix) -> None:
        state, arrays = self.state, self.state.arrays
        n, a, m, _ = arrays.sizes
        tracers = arrays.tracers
        mix = state.passed_mix[:, tracers.passed_buyer]
        for i in range(tracers.count):
            rows = np.zeros((n, whole.shape[1]))
            start = n + a + m + i * n
            rows[:, start : start + n] = np.eye(n)
            rows[:, n : n + a] -= tracers.made[i] + tracers.passed[i] * mix[i]
            through = tracers.passed[i] * state.level
            rows -= through @ self._mix_by_everything(i, extra)[tracers.passed_buyer]
            whole[start : start + n] = rows

    def _mix_by_everything(self, tracer: int, extra: Matrix) -> Matrix:
        """∂(traced share of each buyer's mix)/∂z (B, n)."""
        state, arrays = self.state, self.state.arrays
        n, a, m, _ = arrays.sizes
        lanes, theta = arrays.lanes, arrays.buyers.theta
        omega = state.traced_share[tracer][lanes.node]
        cost = extra.copy()
        cost[np.arange(len(lanes.node)), lanes.node] += state.cost_slope
        mean = _sum_rows(state.share[:, None] * cost, lanes.buyer, self._sizes[1])
        shift = -(theta[lanes.buyer] * state.share * omega)[:, None] * (cost - mean[lanes.buyer])
        supply = np.where(state.supply > 0.0, state.supply, np.inf)[lanes.node]
        own = np.zeros_like(cost)
        own[np.arange(len(omega)), n + a + m + tracer * n + lanes.node] = state.share / supply
        through = -state.share * omega / supply
        own[:, n : n + a] += through[:, None] * arrays.activities.outputs[lanes.node]
        return _sum_rows(shift + own, lanes.buyer, self._sizes[1])


def bin_sum(group: Index, values: Vector, count: int) -> Vector:
    """Sum values by group: (L,) → (count,)."""
    return np.bincount(group, values, count).astype(np.float64, copy=False)


def _sum_rows(values: Matrix, group: NDArray[np.intp], count: int) -> Matrix:
    """Sum the rows of ``values`` by group: (L, k) → (count, k)."""
    total = np.zeros((count, values.shape[1]))
    np.add.at(total, group, values)
    return total
