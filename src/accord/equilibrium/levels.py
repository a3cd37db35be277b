"""Final demand as an unknown of its own, for markets that prices alone cannot find.

Demand that is inelastic up to its choke price and gone above it is nearly a step: as a function of
the price it has no slope to follow there. Turned around it is smooth: what buyers would pay for one
tonne more, choke − span·(D/q)^(1/γ), falls gently from the choke. That is the condition of an
activity whose only input is the good, whose "cost" is minus what the tonne is worth:

    P − choke + span·(D/q)^(1/γ) ≥ 0   ⟂   D ≥ 0

so demands with γ < 1 become activities that make nothing, and everything else stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from accord.equilibrium.arrays import ActivityArrays, Arrays, Index, Matrix, Vector
from accord.equilibrium.closure import Closure
from accord.solve import Outcome, Problem


@dataclass(frozen=True)
class InLevels:
    """A market whose steep final demands are unknowns: its arrays, and which buyers' they are."""

    closure: Closure
    plain: Arrays
    arrays: Arrays
    buyers: Index

    @property
    def problem(self) -> Problem:
        """The complementarity problem; demand may be more than at the reference price."""
        problem = self.closure.problem(self.arrays)
        upper, f_scale = problem.upper.copy(), problem.f_scale.copy()
        upper[self._demands] = np.inf
        f_scale[self._demands] = np.abs(self.plain.buyers.price[self.buyers])
        return replace(problem, upper=upper, f_scale=f_scale)

    @property
    def _demands(self) -> slice:
        n, a, _, _ = self.plain.sizes
        return slice(n + a, n + a + len(self.buyers))

    @property
    def rents(self) -> Index:
        """Where the rents are among the unknowns."""
        n, a, m, _ = self.arrays.sizes
        return np.arange(n + a, n + a + m)

    def lifted(self, z: Vector) -> Vector:
        """Return a point of the plain market with its final demands put in."""
        demand = self.closure.state(self.plain, z).final_demand[self.buyers]
        return np.insert(z, self._demands.start, demand)

    def lowered(self, z: Vector) -> Vector:
        """Return a point without its final demands."""
        return np.delete(z, self._demands)

    def as_known(self, found: Outcome) -> Outcome:
        """Return a solution as one of the plain market whose final demands are known aside.

        A hair from the choke price, no two tonnages have prices that a computer tells apart.
        """
        known = np.full(len(self.plain.buyers.quantity), np.nan)
        known[self.buyers] = found.reached[self._demands]
        return replace(found, reached=self.lowered(found.reached), worst=-1, aside=known)


def in_levels(closure: Closure, arrays: Arrays) -> InLevels:
    """Return a market with final demands of γ < 1 among its unknowns."""
    buyers = arrays.buyers
    steep = np.flatnonzero((buyers.quantity > 0.0) & (buyers.gamma < 1.0))
    quantity = buyers.quantity.copy()
    quantity[steep] = 0.0
    limits, tracers = arrays.limits, arrays.tracers
    more = len(steep)
    extended = replace(
        arrays,
        buyers=replace(buyers, quantity=quantity),
        activities=_with_demands(arrays, steep),
        limits=replace(limits, grows=_wider(limits.grows, more)),
        tracers=replace(
            tracers,
            made=_wider(tracers.made, more),
            passed=_wider(tracers.passed, more),
            passed_buyer=np.append(tracers.passed_buyer, np.full(more, -1)),
        ),
        extra_levels=more,
    )
    return InLevels(closure, arrays, extended, steep)


def _wider(table: Matrix, more: int) -> Matrix:
    return np.concatenate([table, np.zeros((*table.shape[:-1], more))], axis=-1)


def _with_demands(arrays: Arrays, steep: Index) -> ActivityArrays:
    activities, buyers = arrays.activities, arrays.buyers
    span = (buyers.choke - buyers.price)[steep]
    needs = np.zeros((len(activities.inputs), len(steep)))
    needs[steep, np.arange(len(steep))] = 1.0
    none = np.zeros(len(steep))
    return ActivityArrays(
        inputs=np.hstack([activities.inputs, needs]),
        outputs=_wider(activities.outputs, len(steep)),
        kept=np.append(activities.kept, none),
        fixed_cost=np.append(activities.fixed_cost, -buyers.choke[steep]),
        unit_tax=np.append(activities.unit_tax, none),
        rising_cost=np.append(activities.rising_cost, span),
        inverse_curvature=np.append(activities.inverse_curvature, 1.0 / buyers.gamma[steep]),
        capacity=np.append(activities.capacity, buyers.quantity[steep]),
    )
