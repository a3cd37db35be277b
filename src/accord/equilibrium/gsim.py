"""The GSIM closure: Armington trade in one stage, made linear at the reference (Francois and Hall).

With hats for relative changes from the reference, E_x supply and E_m < 0 final demand elasticities,
σ the elasticity among origins and θ_l a lane's share in what its buyer pays:

    p̂ unknown at each node                        supply = supply⁰ (1 + E_x p̂)
    P̂_l = landed cost at (p⁰, new wedges)/c⁰_l − 1 + (∂c_l/∂p)⁰ p⁰/c⁰_l · p̂
    x_l = x⁰_l (1 − σ (P̂_l − P̂_b) + E_m P̂_b),        P̂_b = Σ_l θ_l P̂_l

Markets clear in the linear quantities, exactly. What is dropped is of second order in the changes
of wedges, so it is a screening tool: it has no capacities, limits, chains or lanes that open, and
no welfare identity is certified for it. Source: J. Francois and H. K. Hall, "Global Simulation
Analysis of Industry-Level Trade Policy", World Bank (2003).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.armington import reference
from accord.equilibrium.arrays import Arrays, Base, Vector
from accord.equilibrium.state import State, bin_sum
from accord.equilibrium.universe import uses_tracers
from accord.market import Market
from accord.solve import Ladder, Outcome, Problem


@dataclass(frozen=True)
class GsimState(State):
    """The market at a point z = (p, y, r): linear in p around ``arrays.base``."""

    @property
    def closure(self) -> Gsim:
        """The closure this state belongs to."""
        return Gsim()

    @cached_property
    def base(self) -> Base:
        """The reference that everything is linear around."""
        if self.arrays.base is None:
            raise ValueError("arrays have no reference to be linear around; use Gsim().prepared")
        return self.arrays.base

    @cached_property
    def served(self) -> NDArray[np.bool_]:
        """Whether anything reaches the buyer at the reference (B,)."""
        return bin_sum(self.arrays.lanes.buyer, self.base.flow, len(self.base.buyer_price)) > 0.0

    @cached_property
    def relative_price(self) -> Vector:
        """p̂ (N,)."""
        return self.price / self.base.price - 1.0

    @cached_property
    def relative_cost(self) -> Vector:
        """P̂ of each lane (L,)."""
        lanes, base = self.arrays.lanes, self.base
        at_base = lanes.slope * base.price[lanes.node] + lanes.intercept
        by_price = base.cost_slope * base.price[lanes.node] / base.landed_cost
        return at_base / base.landed_cost - 1.0 + by_price * self.relative_price[lanes.node]

    @cached_property
    def relative_buyer_price(self) -> Vector:
        """P̂ of each buyer (B,)."""
        shares = self.base.value_share * self.relative_cost
        return bin_sum(self.arrays.lanes.buyer, shares, len(self.base.buyer_price))

    @cached_property
    def buyer_price(self) -> Vector:
        """P⁰(1 + P̂) (B,)."""
        return self.base.buyer_price * (1.0 + self.relative_buyer_price)

    @cached_property
    def relative_flow(self) -> Vector:
        """x̂ of each lane (L,)."""
        base, buyer = self.base, self.arrays.lanes.buyer
        composite = self.relative_buyer_price[buyer]
        sigma = base.substitution[buyer]
        own = sigma * (self.relative_cost - composite)
        return base.demand_elasticity[buyer] * composite - own

    @cached_property
    def flow(self) -> Vector:
        """Tonnes delivered on each lane (L,)."""
        return self.base.flow * (1.0 + self.relative_flow)

    @cached_property
    def weight_value(self) -> Vector:
        """Nothing (L,): no lane opens."""
        return np.zeros(len(self.flow))

    @cached_property
    def use(self) -> Vector:
        """Tonnes that arrive at each buyer (B,)."""
        return bin_sum(self.arrays.lanes.buyer, self.flow, len(self.base.buyer_price))

    @cached_property
    def final_use(self) -> Vector:
        """Tonnes of final demand (B,): all of it, in one stage."""
        return self.use

    @cached_property
    def conditions(self) -> Vector:
        """F(z): clearing, linear supply, and rents at 0."""
        base, made = self.base, self.arrays.activities.outputs
        relative = (made.T @ self.relative_price) * base.supply_elasticity
        supply = self.level - base.level * (1.0 + relative)
        return np.concatenate([self.supply - self.shipped, supply, self.rent])


@dataclass(frozen=True, slots=True)
class Gsim:
    """The GSIM closure."""

    name: str = "gsim"
    fits_trade: bool = True
    certifies_welfare: bool = False

    def refusal(self, market: Market) -> str | None:
        """Return what one linear stage cannot say."""
        if any(a.inputs for a in market.activities):
            return "goods made from other goods"
        if any(len(a.outputs) != 1 or a.outputs[0][1] != 1.0 for a in market.activities):
            return "activities that make several goods"
        if any(x.in_force for x in market.limits):
            return "limits on trade"
        if uses_tracers(market):
            return "duties by where a tonne was made"
        return None

    def prepared(self, arrays: Arrays, market: Market) -> Arrays:
        """Return the arrays with the reference market's state to be linear around."""
        return replace(arrays, base=_base(arrays, market))

    def state(self, arrays: Arrays, z: Vector) -> GsimState:
        """Return the state at a point."""
        return GsimState(arrays, z)

    def problem(self, arrays: Arrays) -> Problem:
        """Return the linear problem, without bounds."""
        n, a, m, _ = arrays.sizes
        base = arrays.base
        if base is None:
            raise ValueError("arrays have no reference to be linear around; use Gsim().prepared")
        size = n + a + m
        origin = GsimState(arrays, np.zeros(size)).conditions
        units = np.eye(size)
        matrix = np.array([GsimState(arrays, e).conditions - origin for e in units]).T
        tonnes = np.maximum(arrays.activities.outputs @ base.level, 1e-9)
        level = np.maximum(base.level, 1e-9)
        return Problem(
            value=lambda z: origin + matrix @ z,
            jacobian=lambda _: matrix,
            lower=np.full(size, -np.inf),
            upper=np.full(size, np.inf),
            z_scale=np.concatenate([base.price, level, np.ones(m)]),
            f_scale=np.concatenate([tonnes, level, np.ones(m)]),
        )

    def follow(self, arrays: Arrays, near: Vector) -> Outcome:
        """Solve the linear problem."""
        return self.solve(arrays, near)

    def solve(self, arrays: Arrays, start: Vector | None) -> Outcome:
        """Solve the linear problem; the start is of no consequence."""
        del start
        base, m = arrays.base, arrays.sizes[2]
        at_base = [] if base is None else [base.price, base.level]
        return Ladder().solve(self.problem(arrays), np.concatenate([*at_base, np.zeros(m)]))

    def climb(self, arrays: Arrays) -> Outcome:
        """Solve the linear problem: there is one way."""
        return self.solve(arrays, None)


def _base(arrays: Arrays, market: Market) -> Base:
    """Return the reference market's state and elasticities there."""
    state = reference(arrays, market)
    lanes, buyers = state.arrays.lanes, state.arrays.buyers
    activities = state.arrays.activities
    spent = state.flow * state.landed_cost
    total = bin_sum(lanes.buyer, spent, len(buyers.theta))
    rising = state.revenue - state.flat_cost
    elasticity = state.revenue / np.where(rising > 0.0, rising, np.inf)
    final = np.where(state.final_use > 0.0, state.final_use, 1.0)
    return Base(
        price=state.price,
        level=state.level,
        flow=state.flow,
        landed_cost=np.where(state.landed_cost > 0.0, state.landed_cost, 1.0),
        cost_slope=state.cost_slope,
        buyer_price=state.buyer_price,
        value_share=spent / np.where(total > 0.0, total, 1.0)[lanes.buyer],
        substitution=buyers.theta * buyers.constant,
        demand_elasticity=state.final_use_slope * state.buyer_price / final,
        supply_elasticity=elasticity / activities.inverse_curvature,
    )
