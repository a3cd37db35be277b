"""The Armington closure: origins are different goods, bundled with constant elasticity.

With c_l the landed cost, v_l the weight of lane l, σ the elasticity among imports and σ_H between
home supply and imports as a whole (the home-bias nest; σ_H = σ where a buyer has none):

    P_M = (Σ_imports v c^(1−σ))^(1/(1−σ))       P = (v_h c_h^(1−σ_H) + P_M^(1−σ_H))^(1/(1−σ_H))
    a_h = v_h (c_h/P)^(−σ_H)                    a_l = (P_M/P)^(−σ_H) · v_l (c_l/P_M)^(−σ)

a is tonnes per unit of the bundle, x_l = a_l D(P). Units of the bundle are not tonnes away from the
reference: tonnes made are tonnes shipped, but a unit of the bundle may take more or fewer of them.
What is exact instead is value, P·D = Σ c x, and ∂P/∂c_l = a_l, so that surplus under D(P) is exact
and welfare computed along a path agrees with the sum of its parts as under ``share``. There is no
matching cost. Sources: P. Armington, "A theory of demand for products distinguished by place of
production", IMF Staff Papers 16 (1969); K. Sato, Review of Economic Studies 34 (1967) for nests.

Weights are calibrated on the reference market solved under ``share``: there both closures have the
same costs, flows and prices. A lane that is closed in the reference is anchored at the cost of
getting a tonne there without what others collect on it, and at the share it would have at it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Vector, compile_market
from accord.equilibrium.climb import FAST, climb, solve_quickly
from accord.equilibrium.eliminated import EliminatedState, Level
from accord.equilibrium.reach import without_the_impossible
from accord.equilibrium.share import Share, ShareState
from accord.equilibrium.share_problem import problem_of
from accord.equilibrium.state import bin_sum
from accord.equilibrium.universe import uses_tracers
from accord.errors import NoCertifiedAnswer
from accord.market import Market
from accord.solve import Outcome, Problem

LEAST_COST = 1e-9


class _Index(NamedTuple):
    """The two price indices (B,), and each import lane's weight in its own (L,)."""

    imports: Vector
    whole: Vector
    within: Vector


@dataclass(frozen=True)
class ArmingtonState(EliminatedState):
    """The market at a point z under the Armington closure."""

    @property
    def closure(self) -> Armington:
        """The closure this state belongs to."""
        return Armington()

    @cached_property
    def _log_cost(self) -> Vector:
        least = LEAST_COST * np.abs(self.arrays.buyers.constant)[self.arrays.lanes.buyer]
        return np.log(np.maximum(self.landed_cost, least))

    @cached_property
    def _index(self) -> _Index:
        """Indices in logs; −inf·(1−σ) where a part of the choice is empty."""
        lanes = self.arrays.lanes
        among, home = elasticities(self.arrays)
        abroad = lanes.log_weight + (1.0 - among[lanes.buyer]) * self._log_cost
        abroad = np.where(lanes.home, -np.inf, abroad)
        at_home = lanes.log_weight + (1.0 - home[lanes.buyer]) * self._log_cost
        at_home = np.where(lanes.home, at_home, -np.inf)
        total = log_sum(lanes.buyer, abroad, len(among))
        log_imports = total / (1.0 - among)
        outer = (1.0 - home) * log_imports
        whole = np.logaddexp(log_sum(lanes.buyer, at_home, len(home)), outer) / (1.0 - home)
        finite = np.where(np.isfinite(total), total, 0.0)
        return _Index(log_imports, whole, np.exp(abroad - finite[lanes.buyer] - self._log_cost))

    @cached_property
    def buyer_price(self) -> Vector:
        """Price index P (B,); a price that ends all demand where no lane is open."""
        buyers = self.arrays.buyers
        priced_out = 1e3 * np.maximum(np.abs(buyers.constant), buyers.choke)
        whole = np.where(self.served, self._index.whole, 0.0)
        return np.where(self.served, np.exp(whole), priced_out)

    @cached_property
    def per_unit(self) -> Vector:
        """Tonnes on each lane per unit of the bundle (L,)."""
        lanes, index = self.arrays.lanes, self._index
        _, home = elasticities(self.arrays)
        served = np.where(self.served, index.whole, 0.0)[lanes.buyer]
        at_home = np.exp(lanes.log_weight - home[lanes.buyer] * (self._log_cost - served))
        imports = np.where(np.isfinite(index.imports), index.imports, 0.0)[lanes.buyer]
        of_imports = np.exp(-home[lanes.buyer] * (imports - served))
        # A trial step may lie where indices overflow; what is no number is not taken by a solver.
        with np.errstate(invalid="ignore"):
            return np.where(lanes.home, at_home, of_imports * self._within)

    @cached_property
    def _within(self) -> Vector:
        """∂P_M/∂c of the import lanes (L,); 0 on home lanes."""
        lanes, index = self.arrays.lanes, self._index
        imports = np.where(np.isfinite(index.imports), index.imports, 0.0)
        with np.errstate(over="ignore", invalid="ignore"):
            return index.within * np.exp(imports)[lanes.buyer]

    @cached_property
    def flow(self) -> Vector:
        """Tonnes delivered on each lane (L,)."""
        return self.per_unit * self.demand[self.arrays.lanes.buyer]

    @cached_property
    def _elasticity(self) -> Vector:
        """The elasticity that a lane's own cost meets (L,): σ_H at home, σ abroad."""
        among, home = elasticities(self.arrays)
        lanes = self.arrays.lanes
        return np.where(lanes.home, home[lanes.buyer], among[lanes.buyer])

    @cached_property
    def own_response(self) -> Vector:
        """σ x/c (L,)."""
        return self._elasticity * self.flow * np.exp(-self._log_cost)

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The whole bundle's index, then that of imports."""
        lanes = self.arrays.lanes
        among, home = elasticities(self.arrays)
        bend = home * self.demand / self.buyer_price + self.final_use_slope
        whole = Level(self.per_unit, self.per_unit * bend[lanes.buyer])
        imports = np.where(np.isfinite(self._index.imports), self._index.imports, 0.0)
        nested = ((among - home) * np.exp(-imports))[lanes.buyer]
        return whole, Level(self._within, np.where(lanes.home, 0.0, self.flow * nested))

    @cached_property
    def weight_value(self) -> Vector:
        """C x/(σ − 1) (L,)."""
        return self.flow * self.landed_cost / (self._elasticity - 1.0)

    @cached_property
    def use(self) -> Vector:
        """Tonnes that arrive at each buyer (B,)."""
        return bin_sum(self.arrays.lanes.buyer, self.flow, len(self.arrays.buyers.theta))

    @cached_property
    def final_use(self) -> Vector:
        """Tonnes of final demand (B,): its part of the bundles."""
        return self.use * self.final_demand / np.where(self.demand > 0.0, self.demand, np.inf)


@dataclass(frozen=True, slots=True)
class Armington:
    """The Armington closure: a CES bundle of origins, with a home-bias nest where there is one."""

    name: str = "armington"
    fits_trade: bool = True
    certifies_welfare: bool = True

    def refusal(self, market: Market) -> str | None:
        """Return what the closure cannot say: duties by origin of the metal, σ of 1 or less."""
        if uses_tracers(market):
            return "duties or limits by where a tonne was made"
        low = [b for b in market.buyers if b.theta * b.constant <= 1.0]
        low += [b for b in market.buyers if (b.home_elasticity or 2.0) <= 1.0]
        where = ", ".join(f"{b.good} in {b.region}" for b in low[:3])
        return f"an elasticity of substitution of 1 or less ({where})" if low else None

    def prepared(self, arrays: Arrays, market: Market) -> Arrays:
        """Return the arrays with CES weights, calibrated on the reference market."""
        return replace(
            arrays,
            lanes=replace(arrays.lanes, log_weight=_weights(arrays, reference(arrays, market))),
        )

    def state(self, arrays: Arrays, z: Vector) -> ArmingtonState:
        """Return the state at a point."""
        return ArmingtonState(arrays, z)

    def problem(self, arrays: Arrays) -> Problem:
        """Return the complementarity problem of a market."""
        return problem_of(arrays, ArmingtonState)

    def follow(self, arrays: Arrays, near: Vector) -> Outcome:
        """Solve fast from a point next to the solution, or say that it is not."""
        return FAST.solve(self.problem(arrays), near)

    def solve(self, arrays: Arrays, start: Vector | None) -> Outcome:
        """Solve from a start, or from a cold one, by the quick ways."""
        return solve_quickly(self, arrays, start)

    def climb(self, arrays: Arrays) -> Outcome:
        """Solve by the long ways."""
        return climb(self, arrays)


def elasticities(arrays: Arrays) -> tuple[Vector, Vector]:
    """Return each buyer's elasticity among imports, and between home and imports (B,)."""
    among = arrays.buyers.theta * arrays.buyers.constant
    home = arrays.buyers.home_elasticity
    return among, np.where(np.isfinite(home), home, among)


def log_sum(group: NDArray[np.intp], values: Vector, count: int) -> Vector:
    """Return ln Σ e^value by group (count,); −inf for a group without a finite value."""
    top = np.full(count, -np.inf)
    np.maximum.at(top, group, values)
    level = np.where(np.isfinite(top), top, 0.0)
    total = bin_sum(group, np.exp(values - level[group]), count)
    with np.errstate(divide="ignore"):
        return level + np.log(total)


def reference(arrays: Arrays, market: Market) -> ShareState:
    """Return the reference market's state under ``share``, in the order of ``arrays``.

    Raises ``NoCertifiedAnswer`` where it has none.
    """
    own = without_the_impossible(compile_market(market, arrays.universe))
    outcome = Share().solve(own, None)
    outcome = outcome if outcome.solved else Share().climb(own)
    if not outcome.solved:
        cause = f"the market that weights are calibrated on has no solution: {outcome.cause}"
        raise NoCertifiedAnswer(cause, outcome.remedy)
    return ShareState(own, outcome.z)


def _weights(arrays: Arrays, base: ShareState) -> Vector:
    """Return ln v (L,), computed in logs: a share may be too small for a number of its own."""
    lanes, count = arrays.lanes, len(arrays.buyers.theta)
    among, home = elasticities(arrays)
    least = LEAST_COST * np.abs(arrays.buyers.constant)
    log_cost = np.log(np.maximum(anchor_cost(base), least[lanes.buyer]))
    log_price = np.log(np.maximum(base.buyer_price, least))
    log_tonnes = _log_tonnes_per_unit(arrays, base, log_cost, log_price)
    is_import = ~lanes.home & np.isfinite(base.arrays.lanes.log_weight)
    imports = np.where(is_import, log_tonnes, -np.inf)
    taken, spent = (log_sum(lanes.buyer, x, count) for x in (imports, imports + log_cost))
    some = np.isfinite(taken)
    mean = np.where(some, spent - np.where(some, taken, 0.0), log_price)
    taken = np.where(some, taken, 0.0)
    at_home = log_tonnes + home[lanes.buyer] * (log_cost - log_price[lanes.buyer])
    outer = (taken + home * (mean - log_price)) * (1.0 - among) / (1.0 - home)
    inner = log_tonnes - taken[lanes.buyer] + among[lanes.buyer] * (log_cost - mean[lanes.buyer])
    weight = np.where(lanes.home, at_home, inner + outer[lanes.buyer])
    return np.where(np.isfinite(lanes.log_weight), weight, -np.inf)


def anchor_cost(base: ShareState) -> Vector:
    """Return the cost at which a lane's weight is anchored (L,)."""
    lanes = base.arrays.lanes
    bare = lanes.real_slope * base.price[lanes.node] + lanes.real_intercept
    return np.where(np.isfinite(lanes.log_weight), base.landed_cost, bare)


def _log_tonnes_per_unit(
    arrays: Arrays, base: ShareState, log_cost: Vector, log_price: Vector
) -> Vector:
    """Return ln of tonnes per unit of the bundle at the reference (L,), so that Σ a c = P."""
    lanes, buyers = arrays.lanes, arrays.buyers
    index = np.where(base.served, base.buyer_price, buyers.constant)
    log_total = buyers.theta * (buyers.constant - index)
    weight = np.where(np.isfinite(lanes.log_weight), lanes.log_weight, 0.0)
    pull = buyers.theta[lanes.buyer] * np.exp(log_cost)
    log_share = weight - pull - log_total[lanes.buyer]
    was_open = np.isfinite(base.arrays.lanes.log_weight)
    spent = np.where(was_open, log_share + log_cost, -np.inf)
    total = log_sum(lanes.buyer, spent, len(buyers.theta))
    unit = np.where(np.isfinite(total), log_price - np.where(np.isfinite(total), total, 0.0), 0.0)
    return log_share + unit[lanes.buyer]
