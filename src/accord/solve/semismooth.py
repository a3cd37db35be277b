"""Clipped semismooth Newton on the natural residual: fast near a solution and at most starts.

Each row is either at a bound (its step goes to the bound) or free (its Newton row), as the sign of
z − F says; the step is then clipped to the bounds and shortened until the residual falls.
Source: M. Ferris and T. Munson, "Complementarity problems in GAMS and the PATH solver", Journal of
Economic Dynamics and Control 24 (2000); L. Qi and J. Sun, Mathematical Programming 58 (1993).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from accord.solve.linear import solve_or_regularise
from accord.solve.outcome import Step
from accord.solve.problem import Index, Matrix, Problem, Vector

ROUNDING = 3e-15
# Full steps taken on trust across kinks.
LEAP = 12
# A row too weak to matter at its own scale, and a step, in units of the unknowns' sizes, that no
# model of a slope can be trusted over.
NOTHING = 1e-14
FARTHEST = 1e4


@dataclass(frozen=True, slots=True)
class ClippedNewton:
    """Semismooth Newton with clipping and a backtracking line search.

    ``tolerance``   stop when the largest scaled natural residual is below this
    ``polish``      extra full steps taken after that, down to rounding, as long as they help
    ``leap_below``  residual from which full steps are tried where no shortened one helps
    ``shortest``    give up when a step would have to be shorter than this; it is tiny because a
                    row at its bound may have to be left by a hair before it counts as free
    """

    anew: ClassVar[bool] = False

    tolerance: float = 1e-11
    max_steps: int = 60
    shortest: float = 1e-12
    polish: int = 25
    leap_below: float = 1e-3

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
            if taken is None and size < self.leap_below:
                taken, more = self._leap(problem, z, size)
                steps += more
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

    def _leap(
        self, problem: Problem, z: Vector, size: float
    ) -> tuple[tuple[Vector, Vector, float] | None, int]:
        """Take full steps without asking each to help; return the first point that does.

        Across a kink (a plant that starts, a limit that binds) the residual rises before it falls.
        """
        f = problem.value(z)
        for count in range(1, LEAP + 1):
            z = problem.clip(z + newton_direction(problem, z, f))
            f = problem.value(z)
            reached = merit(problem, z, f)
            if reached < 0.5 * size:
                return (z, f, reached), count
            if not np.isfinite(reached):
                break
        return None, LEAP


def merit(problem: Problem, z: Vector, f: Vector) -> float:
    """Return the largest scaled natural residual; infinite where F is not a number."""
    if not np.all(np.isfinite(f)):
        return float("inf")
    return float(np.max(np.abs(problem.natural_residual(z, f)), initial=0.0))


def newton_direction(problem: Problem, z: Vector, f: Vector) -> Vector:
    """Return the semismooth Newton step: to the bound where one binds, F's Newton row elsewhere.

    A row that no free unknown moves is not asked for a Newton step: its unknown rests if the row
    is 0, and goes to the bound that the row's sign belongs to if it is not.
    """
    y, g = z / problem.z_scale, f / problem.f_scale
    lower, upper = problem.lower / problem.z_scale, problem.upper / problem.z_scale
    scaled = problem.jacobian(z) * (problem.z_scale / problem.f_scale[:, None])
    step = np.where(y - g <= lower, lower - y, np.where(y - g >= upper, upper - y, 0.0))
    free = np.flatnonzero((y - g > lower) & (y - g < upper))
    rest, rows = _right_side(scaled, g, step, free), scaled[np.ix_(free, free)]
    strength = np.max(np.abs(rows), axis=1, initial=0.0)
    numb = (strength * FARTHEST < np.abs(rest)) | (strength < NOTHING)
    if numb.any():
        pushed = np.where(np.abs(rest) < NOTHING, 0.0, rest)[numb]
        held = free[numb]
        bound = np.where(pushed > 0.0, lower[held], upper[held])
        step[held] = np.where((pushed != 0.0) & np.isfinite(bound), bound - y[held], 0.0)
        free = free[~numb]
        rest, rows = _right_side(scaled, g, step, free), scaled[np.ix_(free, free)]
    step[free] = solve_or_regularise(rows, -rest)
    return step * problem.z_scale


def _right_side(scaled: Matrix, g: Vector, step: Vector, free: Index) -> Vector:
    """Return what F would be in the rows ``free`` after the steps that are already decided."""
    moved = np.flatnonzero(step)
    return g[free] + scaled[np.ix_(free, moved)] @ step[moved]
