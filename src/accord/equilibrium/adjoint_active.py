"""Which conditions of a market hold with equality at its solution, and where that is undecided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from accord.equilibrium.arrays import Index
from accord.equilibrium.equilibrium import name_row
from accord.equilibrium.homogeneous import HomogeneousState
from accord.equilibrium.state import State
from accord.solve import Problem
from accord.solve.diagnosis import inside
from accord.solve.problem import Mask

AtKinks = Literal["held", "released"]

# Parts of their sizes within which both an unknown's distance to its bound and its condition must
# be for the bound to be undecided. Solutions are good to 1e-10 of these sizes.
UNDECIDED = 1e-8


@dataclass(frozen=True)
class ActiveSet:
    """Which conditions hold with equality: those of the unknowns inside their bounds.

    ``free`` positions of those unknowns (k,); ``idle`` and ``full`` activities at 0 and at capacity
    (A,); ``binding`` limits with a rent inside its bounds (M,); ``used`` lanes that carry something
    (L,), where flows are unknowns, and open lanes elsewhere. ``undecided`` positions of unknowns
    at a bound whose condition holds with equality too, so that it takes a touch to leave it, and
    ``kinks`` their names: there strict complementarity fails and derivatives are one-sided.
    """

    free: Index
    idle: Mask
    full: Mask
    binding: Mask
    used: Mask
    undecided: Index
    kinks: tuple[str, ...]


def active_set(state: State, problem: Problem, at_kinks: AtKinks) -> ActiveSet:
    """Return the active set at a solution; undecided bounds are held, or released from."""
    n, a, m, t = state.arrays.sizes
    conditions = state.conditions
    is_free = np.zeros(len(state.z), np.bool_)
    is_free[inside(problem, state.z, conditions)] = True
    undecided = _undecided(state, problem)
    is_free[undecided] = at_kinks == "released"
    level = is_free[n : n + a]
    capacity = state.arrays.activities.capacity
    full = ~level & (capacity > 0.0) & (state.level >= capacity)
    lanes = state.arrays.lanes
    flows = is_free[n + a + m + t + len(state.arrays.buyers.theta) :]
    return ActiveSet(
        free=np.flatnonzero(is_free),
        idle=~level & ~full,
        full=full,
        binding=is_free[n + a : n + a + m],
        used=flows if isinstance(state, HomogeneousState) else np.isfinite(lanes.log_weight),
        undecided=undecided,
        kinks=tuple(name_row(state, int(row)) for row in undecided),
    )


def _undecided(state: State, problem: Problem) -> Index:
    """Return the unknowns at a bound that nothing holds there."""
    away = np.minimum(np.abs(state.z - problem.lower), np.abs(problem.upper - state.z))
    at_bound = away / problem.z_scale <= UNDECIDED
    equal = np.abs(state.conditions) / problem.f_scale <= UNDECIDED
    found = at_bound & equal & (problem.lower < problem.upper)
    n, a, _, _ = state.arrays.sizes
    limits = state.arrays.limits
    found[n + a : n + a + len(limits.bound)] &= limits.active
    return np.flatnonzero(_without_the_dead(state, found))


def _without_the_dead(state: State, found: Mask) -> Mask:
    """Leave out ties that decide nothing, where flows are unknowns.

    Who takes nothing has no price of its own, and neither has a place that makes nothing: its
    plants are about to start only if a lane away from it is about to pay as well.
    """
    if not isinstance(state, HomogeneousState):
        return found
    n, a, m, _ = state.arrays.sizes
    lanes, activities = state.arrays.lanes, state.arrays.activities
    first = n + a + m + len(state.arrays.buyers.theta)
    tied, ties = found[n : n + a], found[first:]
    alive, wanted = state.supply > 0.0, state.demand > 0.0
    starts = np.zeros(a, np.bool_)
    while True:
        # What starts makes its place one that sells, and its inputs wanted.
        leads_away = np.zeros(n, np.bool_)
        leads_away[lanes.node[ties & wanted[lanes.buyer]]] = True
        sells = (activities.outputs > 0.0) & (alive | leads_away)[:, None]
        more = tied & np.any(sells, axis=0)
        if np.array_equal(more, starts):
            break
        starts = more
        wanted = wanted | (activities.inputs[:, starts].sum(axis=1) > 0.0)
        alive = alive | (activities.outputs[:, starts].sum(axis=1) > 0.0)
    kept = found.copy()
    kept[:n] &= alive
    kept[n : n + a] = starts
    kept[n + a + m : first] &= wanted
    kept[first:] = ties & wanted[lanes.buyer] & alive[lanes.node]
    return kept
