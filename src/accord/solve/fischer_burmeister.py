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
from accord.solve.reformulation import Reformulation, reformulate, slope, system
from accord.solve.semismooth import ClippedNewton, merit

LARGEST_DAMPING = 1e12
# Shortest part of a Newton step by structure that is tried before the damped one.
SHORTEST = 1e-3


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
        quick = system(problem, z, at).quick(-at.phi)
        taken = None if quick is None else _shortened(problem, z, quick, at)
        if taken is not None:
            return taken, damping
        return _damped(problem, z, at, damping)


def _size(problem: Problem, z: Vector) -> float:
    """Return |Φ|² at z; infinite where F is not a number."""
    value = problem.value(z)
    if not np.all(np.isfinite(value)):
        return float("inf")
    phi = reformulate(problem, z, value).phi
    return float(phi @ phi)


def _shortened(problem: Problem, z: Vector, direction: Vector, at: Reformulation) -> Vector | None:
    """Return a point along Newton's direction where |Φ|² is clearly smaller, if one is near."""
    size, length = float(at.phi @ at.phi), 1.0
    while length >= SHORTEST:
        trial = problem.clip(z + length * direction)
        if _size(problem, trial) < size * (1.0 - 1e-3 * length):
            return trial
        length *= 0.5
    return None


def _damped(
    problem: Problem, z: Vector, at: Reformulation, damping: float
) -> tuple[Vector | None, float]:
    """Return Levenberg and Marquardt's step and the damping for the next."""
    rows, size = slope(problem, z, at), float(at.phi @ at.phi)
    if not np.all(np.isfinite(rows)):
        return None, damping
    while damping < LARGEST_DAMPING:
        trial = problem.clip(z + damped_least_squares(rows, -at.phi, damping) * problem.z_scale)
        if _size(problem, trial) < size * (1.0 - 1e-8):
            return trial, max(damping * 0.1, 1e-14)
        damping *= 10.0
    return None, damping
