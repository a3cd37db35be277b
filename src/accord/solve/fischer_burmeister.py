"""Newton on the Fischer–Burmeister reformulation, damped as Levenberg and Marquardt do.

Slower than the clipped Newton but with a smooth merit function, so it makes progress where that
one stalls. Source: T. De Luca, F. Facchinei and C. Kanzow, "A semismooth equation approach to the
solution of nonlinear complementarity problems", Mathematical Programming 75 (1996).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from accord.solve.linear import damped_least_squares
from accord.solve.outcome import Step
from accord.solve.problem import Problem, Vector
from accord.solve.reformulation import reformulate, slope
from accord.solve.semismooth import ClippedNewton, merit

LARGEST_DAMPING = 1e12


@dataclass(frozen=True, slots=True)
class FischerBurmeister:
    """Levenberg–Marquardt on Φ(z) = 0; stops at ``tolerance`` in the natural residual.

    A point whose residual is below ``near`` is handed to Newton for the last digits.
    """

    anew: ClassVar[bool] = False

    tolerance: float = 1e-11
    max_steps: int = 200
    near: float = 1e-4

    def run(self, problem: Problem, start: Vector) -> tuple[Vector, Step]:
        """Return the point reached and what it took."""
        z = problem.clip(start)
        steps = 0
        damping = 1e-4
        f = problem.value(z)
        while steps < self.max_steps and self.tolerance < merit(problem, z, f) < np.inf:
            taken, damping = self._step(problem, z, f, damping)
            steps += 1
            if taken is None:
                break
            z = taken
            f = problem.value(z)
        size = merit(problem, z, f)
        if size < self.near:
            z, last = ClippedNewton().run(problem, z)
            steps, size = steps + last.steps, last.residual
        return z, Step("Fischer-Burmeister", steps, size)

    def _step(
        self, problem: Problem, z: Vector, f: Vector, damping: float
    ) -> tuple[Vector | None, float]:
        at = reformulate(problem, z, f)
        rows = slope(problem, z, at)
        size = float(at.phi @ at.phi)
        if not np.all(np.isfinite(rows)):
            return None, damping
        while damping < LARGEST_DAMPING:
            move = damped_least_squares(rows, -at.phi, damping) * problem.z_scale
            trial = problem.clip(z + move)
            value = problem.value(trial)
            if np.all(np.isfinite(value)):
                reached = reformulate(problem, trial, value).phi
                if float(reached @ reached) < size * (1.0 - 1e-8):
                    return trial, max(damping * 0.1, 1e-14)
            damping *= 10.0
        return None, damping
