"""Derivatives of one number about a market with respect to every datum, in one backward solve.

At a solution some conditions hold with equality (the active set) and the other unknowns are at
their bounds. With J the slope of the active rows in the unknowns inside their bounds, g the slope
of an effect G in them, and λ from Jᵀλ = g,

    dG/dφ = ∂G/∂φ − λᵀ ∂F/∂φ   (plus what an unknown at a bound that is itself φ carries along)

for every datum φ at once. It holds as long as the active set stays as it is, and that set comes
with the answer: at a kink (a plant about to start, a limit about to bind) the derivative is one of
the two one-sided ones. Source: A. Griewank and A. Walther, Evaluating Derivatives (2008), ch. 15,
with the active set held as in A. Fiacco, Introduction to Sensitivity Analysis (1983).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from accord.equilibrium.arrays import Index, Vector
from accord.equilibrium.effect import Effect, Slopes
from accord.equilibrium.share import ShareState
from accord.equilibrium.state import bin_sum
from accord.solve import Problem
from accord.solve.diagnosis import inside
from accord.solve.problem import Mask, Matrix


class ActiveSet(NamedTuple):
    """Which conditions hold with equality: those of the unknowns inside their bounds.

    ``free`` their positions (k,); ``idle`` and ``full`` activities at 0 and at capacity (A,);
    ``binding`` limits with a rent inside its bounds (M,).
    """

    free: Index
    idle: Mask
    full: Mask
    binding: Mask


@dataclass(frozen=True)
class Gradient:
    """Derivatives of an effect at a state of the share closure, the active set held.

    ``value``       the effect;  ``active`` the set of conditions that hold with equality
    ``specific``    by a duty of 1 USD per tonne on each lane (L,)
    ``ad_valorem``  by a duty of 1 (100 %) of the customs value on each lane (L,)
    ``freight``     by 1 USD per tonne of freight on each lane (L,)
    ``log_weight``  by ln α of each lane (L,)
    ``bound``       by each limit's bound, per tonne (M,); 0 where it does not bind
    ``capacity``    by each activity's capacity, per unit a year (A,)
    ``theta``       by θ of each buyer, weights and constant held (B,); σ = θ·mean cost
    ``elasticity``  by the demand elasticity of each buyer, choke held (B,); 0 without final demand

    A duty's revenue goes where ``Effect`` says marginal duties go: the destination's treasury.
    """

    value: float
    active: ActiveSet
    specific: Vector
    ad_valorem: Vector
    freight: Vector
    log_weight: Vector
    bound: Vector
    capacity: Vector
    theta: Vector
    elasticity: Vector


def gradient(state: ShareState, problem: Problem, effect: Effect) -> Gradient:
    """Return the derivatives of ``effect`` at a solved ``state`` of ``problem``.

    One factorisation of the active system and sums over lanes; no solve is repeated.
    """
    slopes = effect.slopes(state)
    back = _Backward(state, problem, slopes)
    duty = back.by_cost
    bases = effect.bases
    return Gradient(
        value=effect.value(state),
        active=back.active,
        specific=duty + slopes.by_specific,
        ad_valorem=duty * bases.value(state) + slopes.by_ad_valorem,
        freight=duty * bases.freight_passed + slopes.by_freight,
        log_weight=-duty / state.arrays.buyers.theta[state.arrays.lanes.buyer],
        bound=back.by_bound,
        capacity=back.by_capacity + slopes.by_capacity,
        theta=back.by_theta,
        elasticity=back.by_elasticity + slopes.by_elasticity,
    )


@dataclass(frozen=True)
class _Backward:
    """The backward pass: from slopes of the effect in quantities to slopes in data."""

    state: ShareState
    problem: Problem
    slopes: Slopes

    @cached_property
    def active(self) -> ActiveSet:
        """The active set at the state."""
        problem, state = self.problem, self.state
        n, a, m, _ = state.arrays.sizes
        free = inside(problem, state.z, state.conditions)
        is_free = np.zeros(len(state.z), dtype=np.bool_)
        is_free[free] = True
        levels = is_free[n : n + a]
        full = ~levels & (state.level >= state.arrays.activities.capacity)
        return ActiveSet(free, ~levels & ~full, full, is_free[n + a : n + a + m])

    @cached_property
    def _jacobian(self) -> Matrix:
        return self.problem.jacobian(self.state.z)

    @cached_property
    def _by_unknown(self) -> Vector:
        """∂G/∂z (n,): the effect's slopes in flows and buyer prices, carried back to unknowns."""
        state, slopes = self.state, self.slopes
        n, a, m, _ = state.arrays.sizes
        whole = np.zeros(len(state.z))
        cost = self._carried(slopes.flow, slopes.buyer_price)
        lanes = state.arrays.lanes
        whole[:n] = slopes.price + bin_sum(lanes.node, cost * state.cost_slope, n)
        whole[n : n + a] = (
            slopes.level + self._per_unit(slopes.flow) @ state.arrays.activities.inputs
        )
        limits = state.arrays.limits
        by_rent = limits.rent_slope * state.price[lanes.node] + limits.rent_intercept
        whole[n + a : n + a + m] = slopes.rent + by_rent @ cost
        return whole + self._through_traces(cost)

    def _through_traces(self, cost: Vector) -> Vector:
        """What reaches the unknowns through duties that follow the metal (n,)."""
        state = self.state
        n, a, m, _ = state.arrays.sizes
        lanes, tracers = state.arrays.lanes, state.arrays.tracers
        whole = np.zeros(len(state.z))
        supply = np.where(state.supply > 0.0, state.supply, np.inf)
        for t in range(tracers.count):
            charge = lanes.traced_slope[t] * state.price[lanes.node] + lanes.traced_intercept[t]
            at_node = bin_sum(lanes.node, cost * charge, n) / supply
            outputs = state.arrays.activities.outputs
            whole[n : n + a] -= (at_node * state.traced_share[t]) @ outputs
            if tracers.passes:
                start = n + a + m + t * n
                whole[start : start + n] += at_node
            else:
                whole[n : n + a] += at_node @ tracers.made[t]
        return whole

    def _per_unit(self, flow: Vector) -> Vector:
        """Slope in what each buyer wants (B,), given slopes in flows (L,)."""
        state = self.state
        return bin_sum(state.arrays.lanes.buyer, flow * state.share, len(state.use))

    def _carried(self, flow: Vector, buyer_price: Vector) -> Vector:
        """Slope in landed costs (L,), given slopes in flows (L,) and in buyer prices (B,)."""
        state, buyer = self.state, self.state.arrays.lanes.buyer
        mean = self._per_unit(flow)
        pull = state.arrays.buyers.theta * state.use
        moved = mean * state.final_use_slope + buyer_price
        return state.share * (moved[buyer] - pull[buyer] * (flow - mean[buyer]))

    @cached_property
    def _multipliers(self) -> Vector:
        """λ, 0 in rows that do not hold with equality (n,)."""
        free = self.active.free
        found = np.zeros(len(self.state.z))
        scale, sizes = self.problem.f_scale[free], self.problem.z_scale[free]
        rows = self._jacobian[np.ix_(free, free)] * sizes / scale[:, None]
        found[free] = np.linalg.solve(rows.T, self._by_unknown[free] * sizes) / scale
        return found

    @cached_property
    def _row_slopes(self) -> tuple[Vector, Vector]:
        """−λᵀF as slopes in flows (L,) and in buyer prices (B,)."""
        state = self.state
        n, a, m, _ = state.arrays.sizes
        lanes, limits = state.arrays.lanes, state.arrays.limits
        node, level, rent = np.split(self._multipliers[: n + a + m], [n, n + a])
        sign = np.where(limits.active, limits.sign, 0.0)
        flow = node[lanes.node] * lanes.shipped + (rent * sign) @ limits.member
        return flow, -(state.arrays.activities.inputs @ level)

    @cached_property
    def by_cost(self) -> Vector:
        """Slope by the landed cost of each lane (L,)."""
        flow, price = self._row_slopes
        whole = self._carried(self.slopes.flow + flow, self.slopes.buyer_price + price)
        return whole + self._mix_by_cost()

    def _mix_by_cost(self) -> Vector:
        """What costs do to traced metal that is bought and sold on (L,)."""
        state = self.state
        lanes, tracers = state.arrays.lanes, state.arrays.tracers
        whole = np.zeros(len(lanes.node))
        if not tracers.passes:
            return whole
        for t in range(tracers.count):
            value = self._value_of_mix(t)
            omega = state.traced_share[t][lanes.node]
            away = omega - state.passed_mix[t][lanes.buyer]
            theta = state.arrays.buyers.theta[lanes.buyer]
            whole -= value[lanes.buyer] * theta * state.share * away
        return whole

    def _value_of_mix(self, tracer: int) -> Vector:
        """−λᵀF by the traced share of what each buyer takes (B,)."""
        state = self.state
        n, a, m, _ = state.arrays.sizes
        tracers = state.arrays.tracers
        start = n + a + m + tracer * n
        made = self._multipliers[start : start + n] @ tracers.passed[tracer] * state.level
        real = tracers.passed_buyer >= 0
        return bin_sum(tracers.passed_buyer[real], made[real], len(state.use))

    @cached_property
    def by_bound(self) -> Vector:
        """Slope by each limit's bound (M,)."""
        n, a, m, _ = self.state.arrays.sizes
        limits = self.state.arrays.limits
        rent = self._multipliers[n + a : n + a + m]
        return np.where(limits.active, -rent * limits.sign, 0.0)

    @cached_property
    def by_capacity(self) -> Vector:
        """Slope by each capacity (A,): by the rising cost, and by plants that are full."""
        state, activities = self.state, self.state.arrays.activities
        n, a, _, _ = state.arrays.sizes
        rows = slice(n, n + a)
        capacity = np.where(activities.capacity > 0.0, activities.capacity, np.inf)
        rising = activities.rising_cost * np.maximum(state.utilisation, 0.0) ** (
            activities.inverse_curvature
        )
        through_cost = self._multipliers[rows] * activities.inverse_curvature * rising / capacity
        more = self._by_unknown[rows] - self._multipliers @ self._jacobian[:, rows]
        return through_cost + np.where(self.active.full, more, 0.0)

    @cached_property
    def by_theta(self) -> Vector:
        """Slope by θ of each buyer (B,), weights and constants held."""
        state, lanes = self.state, self.state.arrays.lanes
        buyers, count = state.arrays.buyers, len(state.use)
        flow, price = self._row_slopes
        flow, price = flow + self.slopes.flow, price + self.slopes.buyer_price
        cost = state.landed_cost
        mean_cost = bin_sum(lanes.buyer, state.share * np.where(state.share > 0, cost, 0.0), count)
        index = (buyers.constant - state.buyer_price + mean_cost) / buyers.theta
        away = np.where(state.share > 0.0, cost - mean_cost[lanes.buyer], 0.0)
        shifted = -state.share * away
        direct = bin_sum(lanes.buyer, flow * shifted, count) * state.use
        level = (self._per_unit(flow) * state.final_use_slope + price) * index
        for t in range(state.arrays.tracers.count if state.arrays.tracers.passes else 0):
            moved = bin_sum(lanes.buyer, shifted * state.traced_share[t][lanes.node], count)
            direct = direct + self._value_of_mix(t) * moved
        return np.where(state.served, direct + level, 0.0)

    @cached_property
    def by_elasticity(self) -> Vector:
        """Slope by the elasticity of each final demand (B,)."""
        state, buyers = self.state, self.state.arrays.buyers
        flow, _ = self._row_slopes
        gap = np.maximum((buyers.choke - state.buyer_price) / (buyers.choke - buyers.price), 0.0)
        log_gap = np.log(np.where(gap > 0.0, gap, 1.0))
        more = state.final_use * log_gap * (buyers.choke / buyers.price - 1.0)
        return self._per_unit(flow + self.slopes.flow) * more
