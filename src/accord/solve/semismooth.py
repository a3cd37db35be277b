"""Clipped semismooth Newton on the natural residual: fast near a solution and at most starts.

Each row is either at a bound (its step goes to the bound) or free (its Newton row), as the sign of
z − F says; the step is then clipped to the bounds and shortened until the residual falls.
Source: M. Ferris and T. Munson, "Complementarity problems in GAMS and the PATH solver", Journal of
Economic Dynamics and Control 24 (2000); L. Qi and J. Sun, Mathematical Programming 58 (1993).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.solve.linear import solve_or_regularise
from accord.solve.outcome import Step
from accord.solve.problem import Problem, Vector

ROUNDING = 3e-15


@dataclass(frozen=True, slots=True)
class ClippedNewton:
    """Semismooth Newton with clipping and a backtracking line search.

    ``tolerance``   stop when the largest scaled natural residual is below this
    ``polish``      extra full steps taken after that, down to rounding, while they help
    ``shortest``    give up when a step would have to be shorter than this; it is tiny because a
                    row at its bound may have to be left by a hair before it counts as free
    """

    tolerance: float = 1e-11
    max_steps: int = 60
    shortest: float = 1e-12
    polish: int = 2

    def run(self, problem: Problem, start: Vector) -> tuple[Vector, Step]:
        """Return the point reached and what it took."""
        z = problem.clip(start)
        f = problem.value(z)
        size = merit(problem, z, f)
        steps, polished = 0, 0
        while steps < self.max_steps and np.isfinite(size):
            if size <= self.tolerance:
                polished += 1
                if polished > self.polish or size <= ROUNDING:
                    break
            shortest = self.shortest if size > self.tolerance else 1.0
            taken = self._step(problem, z, f, size, shortest)
            steps += 1
            if taken is None:
                break
            z, f, size = taken
        return z, Step("clipped Newton", steps, size)

    def _step(
        self, problem: Problem, z: Vector, f: Vector, size: float, shortest: float
    ) -> tuple[Vector, Vector, float] | None:
        direction = newton_direction(problem, z, f)
        length = 1.0
        while length >= shortest:
            trial = problem.clip(z + length * direction)
            value = problem.value(trial)
            reached = merit(problem, trial, value)
            if reached <= (1.0 - 1e-4 * length) * size:
                return trial, value, reached
            length *= 0.5
        return None


def merit(problem: Problem, z: Vector, f: Vector) -> float:
    """Return the largest scaled natural residual; infinite where F is not a number."""
    if not np.all(np.isfinite(f)):
        return float("inf")
    return float(np.max(np.abs(problem.natural_residual(z, f)), initial=0.0))


def newton_direction(problem: Problem, z: Vector, f: Vector) -> Vector:
    """Return the semismooth Newton step: to the bound where one binds, F's Newton row elsewhere."""
    target = z / problem.z_scale - f / problem.f_scale
    at_lower = target <= problem.lower / problem.z_scale
    at_upper = target >= problem.upper / problem.z_scale
    bound = at_lower | at_upper
    free = np.flatnonzero(~bound)
    direction = np.where(at_lower, problem.lower, np.where(at_upper, problem.upper, z)) - z
    jacobian = problem.jacobian(z)
    moved = jacobian[:, bound] @ direction[bound] if bound.any() else 0.0
    rows = (jacobian[np.ix_(free, free)] * problem.z_scale[free]) / problem.f_scale[free, None]
    rhs = -(f + moved)[free] / problem.f_scale[free]
    direction[free] = solve_or_regularise(rows, rhs) * problem.z_scale[free]
    return direction
