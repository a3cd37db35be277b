"""The share closure: buyers split tonnes among origins by landed cost, and tonnes add up.

With c_l the landed cost and α_l the taste weight of lane l to a good's destination:

    s_l = α_l e^(−θ c_l) / Σ α e^(−θ c),   x_l = s_l Q(P),   P = constant − θ⁻¹ ln Σ α e^(−θ c)

Q is final demand at P plus the fixed-coefficient needs of the region's activities.
∂P/∂c_l = s_l, so demand is integrable and surplus is exact. Source: S. Anderson, A. de Palma and
J.-F. Thisse, Discrete Choice Theory of Product Differentiation (1992), ch. 3, applied to tonnes.

Flows are eliminated: the unknowns are those of ``State`` and no more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Matrix, Vector
from accord.equilibrium.climb import FAST, climb, solve_quickly
from accord.equilibrium.eliminated import EliminatedState, Level
from accord.equilibrium.share_point import SharePoint
from accord.equilibrium.share_problem import problem_of
from accord.equilibrium.share_slope import ShareSlope
from accord.equilibrium.state import bin_sum
from accord.equilibrium.tables import layout_of
from accord.market import Market
from accord.solve import Outcome, Problem


class _Logit(NamedTuple):
    """Σ α e^(−θc) by buyer without overflow: terms (L,) and totals (B,) over e^level."""

    terms: Vector
    total: Vector
    served: NDArray[np.bool_]
    level: Vector


@dataclass(frozen=True)
class ShareState(EliminatedState):
    """The market at a point z under the share closure."""

    @property
    def closure(self) -> Share:
        """The closure this state belongs to."""
        return Share()

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
    def flow(self) -> Vector:
        """Tonnes delivered on each lane (L,)."""
        return self.share * self.use[self.arrays.lanes.buyer]

    @cached_property
    def mix(self) -> Vector:
        """Share of each lane in the tonnes its buyer takes (L,)."""
        return self.share

    @cached_property
    def per_unit(self) -> Vector:
        """Share of each lane (L,): a unit is a tonne."""
        return self.share

    @cached_property
    def own_response(self) -> Vector:
        """θQ s (L,)."""
        lanes, buyers = self.arrays.lanes, self.arrays.buyers
        return (buyers.theta * self.use)[lanes.buyer] * self.share

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """One index: slope s, response s (θQ + D′)."""
        bend = self.arrays.buyers.theta * self.use + self.final_use_slope
        return (Level(self.share, self.share * bend[self.arrays.lanes.buyer]),)

    @cached_property
    def weight_value(self) -> Vector:
        """x/θ (L,)."""
        return self.flow / self.arrays.buyers.theta[self.arrays.lanes.buyer]


@dataclass(frozen=True, slots=True)
class Share:
    """The share closure: the default for physical goods."""

    name: str = "share"
    fits_trade: bool = True
    certifies_welfare: bool = True

    def prepared(self, arrays: Arrays, market: Market) -> Arrays:
        """Return the arrays as they are: weights belong to this closure."""
        del market
        return arrays

    def state(self, arrays: Arrays, z: Vector) -> ShareState:
        """Return the state at a point."""
        return ShareState(arrays, z)

    def problem(self, arrays: Arrays) -> Problem:
        """Return the complementarity problem of a market."""
        return on_tables(arrays, problem_of(arrays, ShareState))

    def follow(self, arrays: Arrays, near: Vector) -> Outcome:
        """Solve fast from a point next to the solution, or say that it is not."""
        return FAST.solve(self.problem(arrays), near)

    def solve(self, arrays: Arrays, start: Vector | None) -> Outcome:
        """Solve from a start, or from a cold one, by the quick ways."""
        return solve_quickly(self, arrays, start)

    def climb(self, arrays: Arrays) -> Outcome:
        """Solve by the long ways."""
        return climb(self, arrays)

    def refusal(self, market: Market) -> str | None:
        """Return ``None``: every market has an answer under this closure or the proof of none."""
        del market
        return None


def on_tables(arrays: Arrays, problem: Problem) -> Problem:
    """Return the problem computed good by good where the market allows it: much faster."""
    layout = layout_of(arrays)
    if layout is None:
        return problem

    @lru_cache(maxsize=4)
    def at(point: bytes) -> SharePoint:
        return SharePoint(layout, np.frombuffer(point))

    def value(z: Vector) -> Vector:
        return at(z.tobytes()).conditions

    def linear(z: Vector) -> ShareSlope:
        return ShareSlope(at(z.tobytes()))

    def jacobian(z: Vector) -> Matrix:
        return linear(z).whole()

    return replace(
        problem,
        value=value,
        jacobian=jacobian,
        linear=linear,
    )
