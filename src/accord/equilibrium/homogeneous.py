"""The homogeneous closure: a tonne is a tonne, and buyers take it where it lands cheapest.

    supply − shipments ≥ 0              ⟂   p ≥ 0      (and the other conditions of ``State``)
    arrivals_b − demand_b(P, y) ≥ 0     ⟂   P_b ≥ 0
    landed cost_l − P_b ≥ 0             ⟂   0 ≤ x_l ≤ ceiling_l

Flows are unknowns and corners are exact: a lane that costs more than the cheapest carries nothing.
Weights α say only which lanes are open. It is the limit of ``share`` with α held fixed as θ → ∞.
Where lanes tie, single flows are not unique; prices and totals are. Source: T. Takayama and
G. Judge, Spatial and Temporal Price and Allocation Models (1971).

Unknowns z = (p, y, r, P, x). A ``ceiling`` is infinite but on a path of deals, where a lane that
opens or closes is let in little by little.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.equilibrium.arrays import Arrays, Matrix, Vector
from accord.equilibrium.homogeneous_solver import solve_homogeneous
from accord.equilibrium.state import State, bin_sum
from accord.equilibrium.universe import uses_tracers
from accord.market import Market
from accord.solve import Outcome, Problem

# Added to the Jacobian's diagonal, not to the conditions: it picks one of many equal flows, and a
# price where nobody buys, without moving what is unique.
RIDGE = 1e-9
FREE = 1e-12


@dataclass(frozen=True)
class HomogeneousState(State):
    """The market at a point z under the homogeneous closure."""

    @property
    def closure(self) -> Homogeneous:
        """The closure this state belongs to."""
        return Homogeneous()

    @cached_property
    def buyer_price(self) -> Vector:
        """What a tonne costs each buyer (B,): the least landed cost where anything is bought."""
        n, a, m, _ = self.arrays.sizes
        return self.z[n + a + m : n + a + m + len(self.arrays.buyers.theta)]

    @cached_property
    def flow(self) -> Vector:
        """Tonnes delivered on each lane (L,)."""
        n, a, m, _ = self.arrays.sizes
        return self.z[n + a + m + len(self.arrays.buyers.theta) :]

    @cached_property
    def weight_value(self) -> Vector:
        """Nothing (L,): weights have no say."""
        return np.zeros(len(self.flow))

    @cached_property
    def excess_cost(self) -> Vector:
        """Landed cost less what buyers pay (L,); positive: the lane does not pay."""
        return self.landed_cost - self.buyer_price[self.arrays.lanes.buyer]

    @property
    def barrier(self) -> Vector:
        """What a tonne on a lane held back by a ceiling would earn (L,)."""
        held = np.isfinite(self.arrays.lanes.ceiling) & np.isfinite(self.arrays.lanes.log_weight)
        return np.where(held, np.maximum(-self.excess_cost, 0.0), 0.0)

    @property
    def unwanted(self) -> Vector:
        """Tonnes that reach a buyer and are thrown away there, because they are free (B,)."""
        buyers = self.arrays.buyers
        arrivals = bin_sum(self.arrays.lanes.buyer, self.flow, len(buyers.theta))
        free = self.buyer_price <= FREE * np.abs(buyers.constant)
        return np.where(free, np.maximum(arrivals - self.demand, 0.0), 0.0)

    @cached_property
    def conditions(self) -> Vector:
        """F(z), in the order of the unknowns."""
        arrivals = bin_sum(self.arrays.lanes.buyer, self.flow, len(self.arrays.buyers.theta))
        return np.concatenate([super().conditions, arrivals - self.demand, self.excess_cost])


@dataclass(frozen=True, slots=True)
class Homogeneous:
    """The homogeneous closure (Takayama–Judge)."""

    name: str = "homogeneous"
    fits_trade: bool = False
    certifies_welfare: bool = True

    def refusal(self, market: Market) -> str | None:
        """Return the duties that follow the metal's origin, which need shares of a mix."""
        traced = "duties or limits by where a tonne was made"
        return traced if uses_tracers(market) else None

    def prepared(self, arrays: Arrays, market: Market) -> Arrays:
        """Return the arrays as they are: there is nothing to calibrate."""
        del market
        return arrays

    def state(self, arrays: Arrays, z: Vector) -> HomogeneousState:
        """Return the state at a point."""
        return HomogeneousState(arrays, z)

    def problem(self, arrays: Arrays) -> Problem:
        """Return the complementarity problem over all lanes."""
        return homogeneous_problem(arrays)

    def follow(self, arrays: Arrays, near: Vector) -> Outcome:
        """Solve from a point next to the solution."""
        return solve_homogeneous(self, arrays, near)

    def solve(self, arrays: Arrays, start: Vector | None) -> Outcome:
        """Solve from a point, or from a cold start."""
        return solve_homogeneous(self, arrays, start)

    def climb(self, arrays: Arrays) -> Outcome:
        """Solve from a cold start: there is one way."""
        return solve_homogeneous(self, arrays, None)


def homogeneous_problem(arrays: Arrays) -> Problem:
    """Return the complementarity problem of a market under the homogeneous closure."""
    _, a, m, _ = arrays.sizes
    activities, limits, lanes = arrays.activities, arrays.limits, arrays.lanes
    tonnes = np.maximum(activities.outputs @ activities.capacity, 1e-9)
    makes = np.where(activities.capacity > 0.0, activities.capacity, 1.0)
    unit_price = np.maximum(np.abs(arrays.reference_price @ activities.outputs), 1e-12)
    price = float(np.mean(arrays.reference_price)) if arrays.reference_price.size else 1.0
    rent = np.where(limits.top == 1.0, 1.0, price)
    paid = np.maximum(np.abs(arrays.buyers.constant), 1e-12)
    wanted = arrays.buyers.quantity + activities.inputs @ activities.capacity
    wanted = np.maximum(wanted, 1e-9 * float(np.max(tonnes, initial=1e-9)))
    flow = np.maximum(np.minimum(tonnes[lanes.node], wanted[lanes.buyer]), 1e-9)
    counted = np.maximum(limits.bound, limits.member @ flow)
    pinned = ~(activities.outputs @ activities.capacity > 0.0)
    size = np.concatenate(
        [tonnes, unit_price, np.maximum(counted, 1e-9), wanted, paid[lanes.buyer]]
    )
    scale = np.concatenate([arrays.reference_price, makes, rent, paid, flow])
    is_open = np.isfinite(lanes.log_weight)
    zero = np.zeros(a + m + len(paid) + len(flow))
    return Problem(
        value=lambda z: HomogeneousState(arrays, z).conditions,
        jacobian=lambda z: _jacobian(HomogeneousState(arrays, z), RIDGE * size / scale),
        lower=np.concatenate([np.where(pinned, arrays.reference_price, 0.0), zero]),
        upper=np.concatenate([
            np.where(pinned, arrays.reference_price, np.inf),
            activities.capacity,
            np.where(limits.active, limits.top, 0.0),
            np.full(len(paid), np.inf),
            np.where(is_open, lanes.ceiling, 0.0),
        ]),
        z_scale=scale,
        f_scale=size,
    )  # fmt: skip


def _jacobian(state: HomogeneousState, ridge: Vector) -> Matrix:
    """∂F/∂z (n, n) with a ridge on the diagonal."""
    arrays = state.arrays
    n, a, m, _ = arrays.sizes
    b = len(arrays.buyers.theta)
    y, r, paid, x = n, n + a, n + a + m, n + a + m + b
    lanes, activities, limits = arrays.lanes, arrays.activities, arrays.limits
    every = np.arange(len(lanes.node))
    whole = np.diag(ridge)
    whole[:n, y:r] = activities.outputs
    whole[lanes.node, x + every] = -lanes.shipped
    whole[y:r, :n] = -(activities.kept * activities.outputs).T
    whole[y:r, paid:x] = activities.inputs.T
    whole[y + np.arange(a), y + np.arange(a)] += margin_by_level(state)
    in_force = np.where(limits.active, limits.sign, 0.0)[:, None]
    whole[r:paid, y:r] = in_force * limits.grows
    whole[r:paid, x:] = -in_force * limits.member
    whole[paid:x, y:r] = -activities.inputs
    whole[paid + np.arange(b), paid + np.arange(b)] -= state.final_use_slope
    whole[paid + lanes.buyer, x + every] = 1.0
    whole[x + every, lanes.node] = state.cost_slope
    whole[x + every, paid + lanes.buyer] = -1.0
    cost = limits.rent_slope * state.price[lanes.node] + limits.rent_intercept
    whole[x:, r:paid] = cost.T
    return whole


def margin_by_level(state: State) -> Vector:
    """Return how fast each activity's marginal cost rises with its level (A,)."""
    activities = state.arrays.activities
    capacity = np.where(activities.capacity > 0.0, activities.capacity, 1.0)
    used = np.maximum(state.level / capacity, 1e-12)
    power = activities.inverse_curvature
    return activities.rising_cost * power / capacity * used ** (power - 1.0)
