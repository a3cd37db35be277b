"""Reach a hard market by letting its rents rise from zero, or find out that no rent reaches it.

Without rents a market is its duties and nothing else. With rents capped low, limits are charges
and minimums rebates that may not suffice; raised until no cap presses, they are the market that
was asked for. A minimum's rebate has a largest value, and where that does not bring the flow the
point is the proof, and says by how much it falls short.
"""

from __future__ import annotations

import numpy as np

from accord.equilibrium.arrays import Arrays, Vector
from accord.equilibrium.closure import Closure, cold_start
from accord.solve import (
    ClippedNewton,
    FischerBurmeister,
    Homotopy,
    Ladder,
    Outcome,
    RisingCaps,
)

FAST = Ladder(methods=(ClippedNewton(polish=0, max_steps=15),))

# Prices and levels of the other starts, as parts of those of the first.
OTHER_STARTS = ((0.3, 0.1), (1.0, 1.0), (1.0, 0.1), (2.0, 0.6), (0.3, 1.0), (5.0, 0.1))
PATIENT = Ladder(
    methods=(
        Homotopy(max_steps=1500, longest=1.0, shortest=1e-10),
        FischerBurmeister(),
        ClippedNewton(),
    )
)


def solve_or_climb(closure: Closure, arrays: Arrays, start: Vector | None) -> Outcome:
    """Solve a market without its flows from a start; where that fails, climb from a cold one."""
    cold = cold_start(arrays)
    outcome = Ladder().solve(closure.problem(arrays), cold if start is None else start)
    return outcome if outcome.solved else climb(closure, arrays, cold)


def climb(closure: Closure, arrays: Arrays, start: Vector) -> Outcome:
    """Solve a market from ``start`` by rents that rise; see the module's words for how it ends.

    Where that fails too, arcs are followed at length from other starts.
    """
    n, a, m, _ = arrays.sizes
    problem = closure.problem(arrays)
    outcome = RisingCaps().solve(problem, np.arange(n + a, n + a + m), start)
    for price, level in OTHER_STARTS:
        if outcome.solved:
            break
        scale = np.ones_like(start)
        scale[:n], scale[n : n + a] = price, level
        outcome = PATIENT.solve(problem, scale * start)
    return outcome
