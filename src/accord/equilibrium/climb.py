"""Reach a hard minimum by small rebates, or find out that no rebate reaches it.

The flow that a minimum asks for grows with the rebate that its payer gives. Rebates are fixed at
rising fractions of the largest one the model allows and the market is solved at each, from the
point before. Where all minimums are met, the whole problem is solved from there; where they are
not met even at the largest rebate, that point is the proof, and says by how much.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from accord.equilibrium.arrays import Arrays, Vector
from accord.equilibrium.share import State
from accord.equilibrium.share_problem import problem_of
from accord.solve import Ladder, Outcome

RUNGS = (0.0, 0.01, 0.02, 0.04, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.55, 0.75, 1.0)

# A rung need only be near enough to start the next one from, or to say what cannot be reached.
CLOSE_ENOUGH = 1e-6


def climb(arrays: Arrays, start: Vector) -> Outcome:
    """Solve a market with minimums from ``start``; see the module's words for how it can end."""
    limits = arrays.limits
    minimums = (limits.sign < 0.0) & limits.active
    if not minimums.any():
        return Ladder().solve(problem_of(arrays), start)
    z = start
    outcome = Ladder().solve(problem_of(arrays), z)
    for rung in RUNGS:
        fixed = _at_rebate(arrays, rung, z)
        if fixed.residual > CLOSE_ENOUGH:
            return fixed
        z, state = fixed.z, State(arrays, fixed.z)
        if np.all(state.counted_flow[minimums] >= state.bound[minimums]):
            return Ladder().solve(problem_of(arrays), z)
        outcome = fixed
    return outcome


def _at_rebate(arrays: Arrays, rung: float, near: Vector) -> Outcome:
    """Solve with every minimum's rebate fixed at a fraction of the largest."""
    n, a, m, _ = arrays.sizes
    problem = problem_of(arrays)
    limits = arrays.limits
    rents = slice(n + a, n + a + m)
    minimums = (limits.sign < 0.0) & limits.active
    value = rung * np.where(minimums, limits.top, 0.0)
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[rents] = np.where(minimums, value, lower[rents])
    upper[rents] = np.where(minimums, value, upper[rents])
    return Ladder().solve(replace(problem, lower=lower, upper=upper), near)
