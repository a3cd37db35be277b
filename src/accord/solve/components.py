"""Independent parts of a problem, found from which unknowns each row depends on, solved apart.

One hard part then cannot hold up the line search of the others, and a solve costs the cubes of the
parts rather than the cube of the whole.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from accord.solve.ladder import Ladder, judge
from accord.solve.outcome import Outcome, Step
from accord.solve.problem import Index, Problem, Vector

Pattern = NDArray[np.bool_]
NUDGE = 1e-3


def components(pattern: Pattern) -> tuple[Index, ...]:
    """Return the connected components of a pattern (n, n), each as sorted unknowns.

    Unknowns i and j belong together where row i depends on j or row j on i.
    """
    linked = pattern | pattern.T
    left = np.ones(len(pattern), dtype=np.bool_)
    found: list[Index] = []
    for seed in range(len(pattern)):
        if not left[seed]:
            continue
        part = np.zeros(len(pattern), dtype=np.bool_)
        part[seed] = True
        edge = part
        while edge.any():
            edge = linked[edge].any(axis=0) & ~part
            part = part | edge
        left &= ~part
        found.append(np.flatnonzero(part))
    return tuple(found)


def pattern_of(problem: Problem, start: Vector) -> Pattern:
    """Return where ∂F/∂z is not zero, at ``start`` or at two points beside it (n, n)."""
    z = problem.clip(start)
    found = problem.jacobian(z) != 0.0
    for sign in (1.0, -1.0):
        nudges = 1.0 + 0.5 * np.cos(np.arange(len(z)))
        beside = problem.clip(z + sign * NUDGE * nudges * problem.z_scale)
        found = found | (problem.jacobian(beside) != 0.0)
    return found


def solve_apart(problem: Problem, start: Vector, ladder: Ladder | None = None) -> Outcome:
    """Solve each independent part of a problem by ``ladder``, from ``start`` (n,).

    The joint point is judged on the whole problem; should a dependence have been missed, the
    whole is solved from there. A failure names the rows of the part that failed. A problem whose
    slope has a structure is solved together first: that costs no more than its parts do.
    """
    began = time.perf_counter()
    ladder = ladder or Ladder()
    together = None if problem.linear is None else ladder.solve(problem, start)
    if together is not None and together.solved:
        return together
    parts = components(pattern_of(problem, start))
    if len(parts) <= 1:
        return together or ladder.solve(problem, start)
    z = problem.clip(start)
    steps: list[Step] = []
    for rows in parts:
        outcome = ladder.solve(problem.restricted(rows, z), z[rows])
        steps += outcome.steps
        z = z.copy()
        z[rows] = outcome.reached
    joint = judge(problem, z, summed(steps), ladder.tolerance, time.perf_counter() - began)
    failed = not np.isfinite(joint.residual)
    return joint if joint.solved or failed else _together(problem, joint, ladder, began)


def _together(problem: Problem, joint: Outcome, ladder: Ladder, began: float) -> Outcome:
    whole = ladder.solve(problem, joint.reached)
    z = whole.reached if whole.residual <= joint.residual else joint.reached
    seconds = time.perf_counter() - began
    return judge(problem, z, joint.steps + whole.steps, ladder.tolerance, seconds)


def summed(steps: list[Step]) -> tuple[Step, ...]:
    """Return one step a method: steps added up, the worst residual, in order of first use.

    A method that ended a part stands last among the methods of that part.
    """
    order = sorted({s.method: i for i, s in enumerate(steps)}.items(), key=lambda x: x[1])
    return tuple(
        Step(
            name,
            sum(s.steps for s in steps if s.method == name),
            max(s.residual for s in steps if s.method == name),
        )
        for name, _ in order
    )
