"""Newton on the Fischer–Burmeister reformulation, damped as Levenberg and Marquardt do.

Slower than the clipped Newton but with a smooth merit function, so it makes progress where that
one stalls. φ(a, b) = a + b − √(a² + b²) for a lower bound, nested for two bounds.
Source: S. Billups, "Algorithms for complementarity problems and generalized equations" (1995);
T. De Luca, F. Facchinei and C. Kanzow, Mathematical Programming 75 (1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.solve.linear import damped_least_squares
from accord.solve.outcome import Step
from accord.solve.problem import Problem, Vector
from accord.solve.semismooth import merit

TINY = 1e-300
LARGEST_DAMPING = 1e12


@dataclass(frozen=True, slots=True)
class FischerBurmeister:
    """Levenberg–Marquardt on Φ(z) = 0; stops at ``tolerance`` in the natural residual."""

    tolerance: float = 1e-11
    max_steps: int = 200
    shortest: float = 1e-10

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
        z = problem.clip(z)
        return z, Step("Fischer-Burmeister", steps, merit(problem, z, problem.value(z)))

    def _step(
        self, problem: Problem, z: Vector, f: Vector, damping: float
    ) -> tuple[Vector | None, float]:
        phi, slope_z, slope_f = reformulate(problem, z, f)
        jacobian = problem.jacobian(z) * problem.z_scale / problem.f_scale[:, None]
        rows = jacobian * slope_f[:, None]
        rows[np.diag_indices_from(rows)] += slope_z
        size = float(phi @ phi)
        while damping < LARGEST_DAMPING:
            move = damped_least_squares(rows, -phi, damping) * problem.z_scale
            trial = problem.clip(z + move)
            value = problem.value(trial)
            if np.all(np.isfinite(value)):
                reached = reformulate(problem, trial, value)[0]
                if float(reached @ reached) < size * (1.0 - 1e-8):
                    return trial, max(damping * 0.1, 1e-14)
            damping *= 10.0
        return None, damping


def reformulate(problem: Problem, z: Vector, f: Vector) -> tuple[Vector, Vector, Vector]:
    """Return Φ and its derivatives with respect to scaled z and scaled F, row by row."""
    y, g = z / problem.z_scale, f / problem.f_scale
    lower, upper = problem.lower / problem.z_scale, problem.upper / problem.z_scale
    phi, by_z, by_f = g.copy(), np.zeros_like(g), np.ones_like(g)
    has_upper = np.isfinite(upper)
    gap = np.where(has_upper, upper - y, 1.0)
    inner, d_gap, d_neg = _fischer(gap, -g)
    phi = np.where(has_upper, -inner, phi)
    by_z = np.where(has_upper, d_gap, by_z)
    by_f = np.where(has_upper, d_neg, by_f)
    has_lower = np.isfinite(lower)
    slack = np.where(has_lower, y - lower, 1.0)
    outer, d_slack, d_inner = _fischer(slack, phi)
    return (
        np.where(has_lower, outer, phi),
        np.where(has_lower, d_slack + d_inner * by_z, by_z),
        np.where(has_lower, d_inner * by_f, by_f),
    )


def _fischer(a: Vector, b: Vector) -> tuple[Vector, Vector, Vector]:
    radius = np.sqrt(a * a + b * b) + TINY
    return a + b - radius, 1.0 - a / radius, 1.0 - b / radius
