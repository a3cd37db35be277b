"""From a start to a market's solution: the quick ways first, the long ways where these fail.

Quick: the ladder on the market as it stands, then with steep final demands turned around
(``levels``). Long: rents that rise from zero, then arcs followed at length. Without rents a market
is its duties and nothing else; with rents capped low, limits are charges and minimums rebates that
may not suffice; raised until no cap presses, they are the market that was asked for. A minimum's
rebate has a largest value, and where that does not bring the flow, the point says by how much it
falls short.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from accord.equilibrium.arrays import Arrays, Index, Vector
from accord.equilibrium.closure import Closure, cold_start
from accord.equilibrium.levels import InLevels, in_levels
from accord.solve import (
    ClippedNewton,
    FischerBurmeister,
    Homotopy,
    Ladder,
    Outcome,
    Problem,
    RisingCaps,
    Smoothing,
)
from accord.solve.ladder import judge

FAST = Ladder(methods=(ClippedNewton(polish=0, max_steps=15, shortest=1e-2),))
SHORT = Ladder(methods=(ClippedNewton(), FischerBurmeister(max_steps=60), ClippedNewton()))
SMOOTH = Ladder(methods=(Smoothing(),))
QUICK = Ladder(methods=(*SHORT.methods, *SMOOTH.methods))
# Prices and levels of the other starts, as parts of those of the first.
OTHER_STARTS = ((0.3, 0.1), (1.0, 1.0), (1.0, 0.1), (2.0, 0.6), (0.3, 1.0), (5.0, 0.1))
PATIENT = Ladder(
    methods=(
        Homotopy(max_steps=1500, longest=1.0, shortest=1e-10),
        FischerBurmeister(),
        ClippedNewton(),
    )
)


def solve_quickly(closure: Closure, arrays: Arrays, start: Vector | None) -> Outcome:
    """Solve a market from a start, or from a cold one, by the quick ways."""
    cold = cold_start(arrays)
    begin = cold if start is None else start
    problem = closure.problem(arrays)
    outcome = SHORT.solve(problem, begin)
    if outcome.solved:
        return outcome
    turned = in_levels(closure, arrays)
    if len(turned.buyers):
        # From a market near by this takes milliseconds where smoothing takes seconds.
        found = SHORT.solve(turned.problem, turned.lifted(begin))
        if found.solved:
            return _as_it_stands(turned, found, outcome)
    smoothed = SMOOTH.solve(problem, begin)
    if smoothed.solved:
        return smoothed
    outcome = min(outcome, smoothed, key=lambda x: x.residual)
    if len(turned.buyers):
        found = QUICK.solve(turned.problem, turned.lifted(cold))
        return _as_it_stands(turned, found, outcome)
    return QUICK.solve(problem, cold) if start is not None else outcome


def climb(closure: Closure, arrays: Arrays) -> Outcome:
    """Solve a market by the long ways, from a cold start."""
    turned = in_levels(closure, arrays)
    cold = turned.lifted(cold_start(arrays))
    hard, n, a = turned.problem, arrays.sizes[0], turned.arrays.sizes[1]
    best = RisingCaps().solve(hard, turned.rents, cold)
    if not best.solved:
        best = _at_the_top(hard, turned.rents, best)
    for price, level in OTHER_STARTS:
        if best.solved:
            break
        scale = np.ones_like(cold)
        scale[:n], scale[n : n + a] = price, level
        found = PATIENT.solve(hard, scale * cold)
        best = found if found.residual < best.residual else best
    return _as_it_stands(turned, best, best)


def _at_the_top(problem: Problem, rents: Index, best: Outcome) -> Outcome:
    """Return the outcome with every rent that still falls short at its largest value.

    Two limits that ask for a hair's breadth of different things drive each other's rents up
    together, and no step tells how far; at the top it is known.
    """
    z = best.reached.copy()
    f = problem.value(z) / problem.f_scale
    short = rents[(f[rents] < -Ladder().tolerance) & np.isfinite(problem.upper[rents])]
    if not short.size:
        return best
    lower = problem.lower.copy()
    lower[short] = z[short] = problem.upper[short]
    held = QUICK.solve(replace(problem, lower=lower), z)
    steps = (*best.steps, *held.steps)
    found = judge(problem, held.reached, steps, Ladder().tolerance, best.seconds + held.seconds)
    return found if found.residual < best.residual else best


def _as_it_stands(turned: InLevels, found: Outcome, other: Outcome) -> Outcome:
    """Return what was found with demands turned around as an outcome of the market as it stands.

    ``other`` is returned where that is no solution of it and ``other`` came nearer.
    """
    began = time.perf_counter()
    if not found.solved and found.residual >= other.residual and found is not other:
        return other
    problem, tolerance = turned.closure.problem(turned.plain), Ladder().tolerance
    z, last = ClippedNewton(max_steps=5).run(problem, turned.lowered(found.reached))
    seconds = found.seconds + time.perf_counter() - began
    if last.residual <= tolerance or not found.solved:
        return judge(problem, z, found.steps, tolerance, seconds)
    return turned.as_known(found)
