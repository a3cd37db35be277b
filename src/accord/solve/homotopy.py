"""Homotopy: deform a problem whose solution is known into the one that is asked, along an arc.

H(y, t) = t·Φ_μ(y) + (1 − t)·(y − y₀) with μ falling as t rises; y₀ solves H(·, 0) = 0 and a
solution of H(·, 1) = 0 nearly solves the problem. The path is followed by its arc length, so it
may turn back in t where solutions fold. Sources: S. Chow, J. Mallet-Paret and J. Yorke,
Mathematics of Computation 32 (1978); E. Allgower and K. Georg, Numerical Continuation Methods
(1990), chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from accord.solve.linear import solve_or_regularise
from accord.solve.outcome import Step
from accord.solve.problem import Matrix, Problem, Vector
from accord.solve.reformulation import reformulate, slope
from accord.solve.semismooth import ClippedNewton

CLOSE = 1e-5
OVERSHOOT = 1e-12


@dataclass(frozen=True, slots=True)
class Homotopy:
    """Predictor–corrector along the arc from the start to a solution.

    ``max_steps``  predictor steps;  ``first``, ``longest``, ``shortest``  arc lengths of a step
    ``last_mu``    smoothing left at t = 1, removed by Newton's finish
    """

    anew: ClassVar[bool] = True

    max_steps: int = 300
    first: float = 0.05
    longest: float = 4.0
    shortest: float = 1e-7
    last_mu: float = 1e-5

    def run(self, problem: Problem, start: Vector) -> tuple[Vector, Step]:
        """Return the point reached and what it took."""
        origin = problem.clip(start) / problem.z_scale
        arc = _Arc(problem, origin, self.last_mu)
        point = np.append(origin, 0.0)
        heading, length, steps = np.append(np.zeros_like(origin), 1.0), self.first, 0
        while steps < self.max_steps and length > self.shortest and point[-1] < 1.0:
            steps += 1
            tangent = arc.tangent(point, heading)
            if tangent is None:
                break
            step = min(length, _to_the_end(point, tangent))
            found = arc.correct(point + step * tangent, tangent)
            if found is None or np.linalg.norm(found - point) > 3.0 * step:
                length = 0.4 * step
                continue
            point, heading, length = found, tangent, min(1.7 * length, self.longest)
        z, last = ClippedNewton().run(problem, point[:-1] * problem.z_scale)
        return z, Step("homotopy", steps + last.steps, last.residual)


def _to_the_end(point: Vector, tangent: Vector) -> float:
    """Return the arc length at which the tangent reaches t = 1, so that it is hit exactly."""
    ahead = float(tangent[-1])
    return float((1.0 - point[-1]) / ahead) + OVERSHOOT if ahead > OVERSHOOT else np.inf


@dataclass(frozen=True)
class _Arc:
    """H, its derivatives, and the two moves of a predictor–corrector method."""

    problem: Problem
    origin: Vector
    last_mu: float

    def value_and_slope(self, point: Vector) -> tuple[Vector, Matrix] | None:
        """H (n,) and ∂H/∂(y, t) (n, n + 1); ``None`` where F is not a number."""
        y, t = point[:-1], float(point[-1])
        z = y * self.problem.z_scale
        f = self.problem.value(z)
        if not np.all(np.isfinite(f)):
            return None
        mu = 1.0 - t + self.last_mu
        at = reformulate(self.problem, z, f, mu)
        rows = t * slope(self.problem, z, at)
        rows[np.diag_indices_from(rows)] += 1.0 - t
        by_t = at.phi - t * at.by_mu - (y - self.origin)
        value = t * at.phi + (1.0 - t) * (y - self.origin)
        return value, np.column_stack([rows, by_t])

    def tangent(self, point: Vector, heading: Vector) -> Vector | None:
        """Return the unit vector along the arc that goes on in the direction of ``heading``."""
        here = self.value_and_slope(point)
        if here is None or not np.all(np.isfinite(here[1])):
            return None
        bordered = np.vstack([here[1], heading])
        found = solve_or_regularise(bordered, np.append(np.zeros(len(self.origin)), 1.0))
        size = float(np.linalg.norm(found))
        return found / size if np.isfinite(size) and size > 0.0 else None

    def correct(self, point: Vector, tangent: Vector) -> Vector | None:
        """Return the point of the arc across from ``point``; ``None`` if Newton does not settle."""
        anchor, before = point, np.inf
        for _ in range(6):
            here = self.value_and_slope(point)
            if here is None or not np.all(np.isfinite(here[1])):
                return None
            size = float(np.max(np.abs(here[0]), initial=0.0))
            if size <= CLOSE:
                return point
            if size > 2.0 * before:
                return None
            before = size
            rhs = -np.append(here[0], tangent @ (point - anchor))
            point = point + solve_or_regularise(np.vstack([here[1], tangent]), rhs)
        return None
