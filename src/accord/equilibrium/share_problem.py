"""A market without its flows as a complementarity problem: scales, bounds, analytic Jacobian.

For closures that eliminate flows. Under the share closure, with one lane per (node, buyer),
∂x_l/∂c_k = −θQ s_l δ_lk + s_l (θQ + D') s_k within a buyer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.equilibrium.arrays import Arrays, Matrix, Vector
from accord.equilibrium.bounds import bounds_of
from accord.equilibrium.eliminated import EliminatedState
from accord.equilibrium.state import bin_sum
from accord.solve import Problem

MakeState = Callable[[Arrays, Vector], EliminatedState]


def problem_of(arrays: Arrays, state: MakeState) -> Problem:
    """Return the complementarity problem of a market under the closure that ``state`` is of."""
    bounds = bounds_of(arrays, arrays.activities, arrays.limits)
    return Problem(
        value=lambda z: state(arrays, z).conditions,
        jacobian=lambda z: Jacobian(state(arrays, z)).matrix,
        lower=bounds.lower,
        upper=bounds.upper,
        z_scale=bounds.z_scale,
        f_scale=bounds.f_scale,
    )


@dataclass(frozen=True)
class Jacobian:
    """∂F/∂z at a state, assembled block by block.

    Costs depend on prices, and besides them on *shifters* e (E of them): rents, and the traced
    shares of nodes where a duty follows the metal. Everything about shifters is chained.
    """

    state: EliminatedState

    @cached_property
    def matrix(self) -> Matrix:
        """∂F/∂z (n, n)."""
        arrays = self.state.arrays
        n, a, m, t = arrays.sizes
        whole = np.zeros((n + a + m + t, n + a + m + t))
        whole[:n, :n] = self._excess_by_price()
        whole[:n, n : n + a] = arrays.activities.outputs - self._supply_share @ self._inputs
        whole[n : n + a, :n] = self._inputs.T @ self._price_slope.T - self._sales_slope.T
        whole[n : n + a, n : n + a] = np.diag(self._margin_by_level())
        if m or self._charged.size:
            self._add_shifters(whole)
            self._add_limit_rows(whole)
        if t:
            self._add_tracer_rows(whole)
        return whole

    # ------------------------------------------------------------------ prices and levels

    @cached_property
    def _sizes(self) -> tuple[int, int]:
        return self.state.arrays.sizes[0], len(self.state.arrays.buyers.theta)

    @cached_property
    def _inputs(self) -> Matrix:
        return self.state.arrays.activities.inputs

    @cached_property
    def _sales_slope(self) -> Matrix:
        activities = self.state.arrays.activities
        return activities.kept * activities.outputs

    def _spread(self, values: Vector) -> Matrix:
        """Lay lane values out as (N, B)."""
        lanes = self.state.arrays.lanes
        table = np.zeros(self._sizes)
        table[lanes.node, lanes.buyer] = values
        return table

    @cached_property
    def _supply_share(self) -> Matrix:
        """Tonnes shipped by a node per unit that a buyer wants (N, B)."""
        return self._spread(self.state.per_unit * self.state.arrays.lanes.shipped)

    @cached_property
    def _price_slope(self) -> Matrix:
        """∂P/∂p (N, B)."""
        return self._spread(self.state.per_unit * self.state.cost_slope)

    def _excess_by_price(self) -> Matrix:
        state, lanes = self.state, self.state.arrays.lanes
        own = state.own_response * state.cost_slope * lanes.shipped
        block = np.zeros((self._sizes[0], self._sizes[0]))
        for level in state.levels:
            response = self._spread(level.response * lanes.shipped)
            block -= response @ self._spread(level.slope * state.cost_slope).T
        block[np.diag_indices(self._sizes[0])] += bin_sum(lanes.node, own, self._sizes[0])
        return block

    def _margin_by_level(self) -> Vector:
        activities = self.state.arrays.activities
        capacity = np.where(activities.capacity > 0.0, activities.capacity, 1.0)
        used = np.maximum(self.state.level / capacity, 1e-12)
        power = activities.inverse_curvature
        return activities.rising_cost * power / capacity * used ** (power - 1.0)

    # ------------------------------------------------------------------ shifters

    @cached_property
    def _charged(self) -> Matrix:
        """What each tracer adds to a lane's cost per unit of traced share (T, L), or empty."""
        lanes = self.state.arrays.lanes
        if not (lanes.traced_slope.any() or lanes.traced_intercept.any()):
            return np.zeros((0, len(lanes.node)))
        return lanes.traced_slope * self.state.price[lanes.node] + lanes.traced_intercept

    @cached_property
    def _cost_by_shifter(self) -> Matrix:
        """∂c/∂e (L, E): rents first, then the traced share of every node, tracer by tracer."""
        lanes, limits = self.state.arrays.lanes, self.state.arrays.limits
        rent = limits.rent_slope * self.state.price[lanes.node] + limits.rent_intercept
        blocks = [rent.T]
        for charge in self._charged:
            block = np.zeros((len(charge), self._sizes[0]))
            block[np.arange(len(charge)), lanes.node] = charge
            blocks.append(block)
        return np.hstack(blocks)

    @cached_property
    def _price_by_shifter(self) -> Matrix:
        """∂P/∂e (B, E)."""
        weighted = self.state.per_unit[:, None] * self._cost_by_shifter
        return self.state.arrays.by_buyer @ weighted

    @cached_property
    def _flow_by_shifter(self) -> Matrix:
        """∂x/∂e (L, E)."""
        state, arrays, cost = self.state, self.state.arrays, self._cost_by_shifter
        moved = -state.own_response[:, None] * cost
        for level in state.levels:
            index = arrays.by_buyer @ (level.slope[:, None] * cost)
            moved += level.response[:, None] * index[arrays.lanes.buyer]
        return moved

    @cached_property
    def _shifter_by_unknown(self) -> Matrix:
        """∂e/∂z (E, n): rents are unknowns; a traced share is traced tonnes over supply."""
        state, arrays = self.state, self.state.arrays
        n, a, m, _ = arrays.sizes
        chain = np.zeros((m + len(self._charged) * n, len(state.z)))
        chain[:m, n + a : n + a + m] = np.eye(m)
        supply = np.where(state.supply > 0.0, state.supply, np.inf)
        for i in range(len(self._charged)):
            rows = slice(m + i * n, m + (i + 1) * n)
            by_level = -state.traced_share[i][:, None] * arrays.activities.outputs
            if arrays.tracers.passes:
                start = n + a + m + i * n
                chain[rows, start : start + n] = np.diag(1.0 / supply)
            else:
                by_level = by_level + arrays.tracers.made[i]
            chain[rows, n : n + a] = by_level / supply[:, None]
        return chain

    def _add_shifters(self, whole: Matrix) -> None:
        n, a, _, _ = self.state.arrays.sizes
        shipped = self.state.arrays.lanes.shipped[:, None] * self._flow_by_shifter
        excess = -(self.state.arrays.by_node @ shipped)
        margin = self._inputs.T @ self._price_by_shifter
        whole[:n] += excess @ self._shifter_by_unknown
        whole[n : n + a] += margin @ self._shifter_by_unknown

    # ------------------------------------------------------------------ limits and tracers

    def _add_limit_rows(self, whole: Matrix) -> None:
        """∂(sign·(bound − counted flow))/∂z."""
        arrays = self.state.arrays
        n, a, m, _ = arrays.sizes
        rows = -self._counted_by_unknown()
        rows[:, n : n + a] += arrays.limits.grows
        for i in np.flatnonzero(arrays.limits.clean_node >= 0):
            node, tracer = arrays.limits.clean_node[i], arrays.limits.clean_tracer[i]
            rows[i, n : n + a] += arrays.activities.outputs[node]
            if arrays.tracers.passes:
                rows[i, n + a + m + tracer * n + node] -= 1.0
            else:
                rows[i, n : n + a] -= arrays.tracers.made[tracer, node]
        in_force = np.where(arrays.limits.active, arrays.limits.sign, 0.0)
        whole[n + a : n + a + m] = rows * in_force[:, None]

    def _counted_by_unknown(self) -> Matrix:
        """∂(counted flow)/∂z (M, n)."""
        state, arrays = self.state, self.state.arrays
        n, a, _, _ = arrays.sizes
        member = arrays.limits.member
        rows = member @ self._flow_by_shifter @ self._shifter_by_unknown
        rows[:, :n] -= (member * (state.own_response * state.cost_slope)) @ arrays.by_node.T
        for level in state.levels:
            response = (member * level.response) @ arrays.by_buyer.T
            rows[:, :n] += response @ self._spread(level.slope * state.cost_slope).T
        rows[:, n : n + a] += (member * state.per_unit) @ arrays.by_buyer.T @ self._inputs
        return rows

    def _add_tracer_rows(self, whole: Matrix) -> None:
        """Rows of the traced tonnes where metal is bought and sold on."""
        state, arrays = self.state, self.state.arrays
        n, a, m, _ = arrays.sizes
        tracers = arrays.tracers
        mix = state.passed_mix[:, tracers.passed_buyer]
        for i in range(tracers.count):
            start = n + a + m + i * n
            rows = np.zeros((n, whole.shape[1]))
            rows[:, start : start + n] = np.eye(n)
            rows[:, n : n + a] -= tracers.made[i] + tracers.passed[i] * mix[i]
            through = tracers.passed[i] * state.level
            rows -= through @ self._mix_by_unknown(i)[tracers.passed_buyer]
            whole[start : start + n] = rows

    def _mix_by_unknown(self, tracer: int) -> Matrix:
        """∂(traced share of each buyer's mix)/∂z (B, n)."""
        state, arrays = self.state, self.state.arrays
        n, a, m, _ = arrays.sizes
        lanes = arrays.lanes
        omega = state.traced_share[tracer][lanes.node]
        cost = self._cost_by_shifter @ self._shifter_by_unknown
        cost[np.arange(len(omega)), lanes.node] += state.cost_slope
        mean = arrays.by_buyer @ (state.mix[:, None] * cost)
        pull = arrays.buyers.theta[lanes.buyer] * state.mix * omega
        by_unknown = -pull[:, None] * (cost - mean[lanes.buyer])
        supply = np.where(state.supply > 0.0, state.supply, np.inf)[lanes.node]
        per_share = state.mix / supply
        by_unknown[np.arange(len(omega)), n + a + m + tracer * n + lanes.node] += per_share
        through = -(per_share * omega)[:, None] * arrays.activities.outputs[lanes.node]
        by_unknown[:, n : n + a] += through
        return arrays.by_buyer @ by_unknown
