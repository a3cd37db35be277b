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
from accord.solve.problem import Problem, Vector
from accord.solve.reformulation import Reformulation, reformulate, slope, system
from accord.solve.semismooth import ClippedNewton

CLOSE = 1e-5
OVERSHOOT = 1e-12
# A point of the arc is found to this part of the step that led to it, and to CLOSE at worst.
PART = 1e-2
# Where the arc is nearer than this to turning back in t, H_y is not solved with alone.
FOLD = 1e-6


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
            close = min(CLOSE, max(PART * step, 1e-11))
            found = arc.correct(point + step * tangent, tangent, close)
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

    def at(self, point: Vector) -> _OnArc | None:
        """Return H and its derivatives at (y, t); ``None`` where F is not a number."""
        y, t = point[:-1], float(point[-1])
        z = y * self.problem.z_scale
        f = self.problem.value(z)
        if not np.all(np.isfinite(f)):
            return None
        phi = reformulate(self.problem, z, f, 1.0 - t + self.last_mu)
        value = t * phi.phi + (1.0 - t) * (y - self.origin)
        by_t = phi.phi - t * phi.by_mu - (y - self.origin)
        return _OnArc(self.problem, z, t, phi, value, by_t)

    def tangent(self, point: Vector, heading: Vector) -> Vector | None:
        """Return the unit vector along the arc that goes on in the direction of ``heading``."""
        here = self.at(point)
        if here is None:
            return None
        found = here.solve(np.zeros(len(self.origin)), heading, 1.0)
        size = np.inf if found is None else float(np.linalg.norm(found))
        return found / size if found is not None and 0.0 < size < np.inf else None

    def correct(self, point: Vector, tangent: Vector, close: float) -> Vector | None:
        """Return the point of the arc across from ``point``; ``None`` if Newton does not settle.

        ``close`` is the largest residual there.
        """
        anchor, before = point, np.inf
        for _ in range(6):
            here = self.at(point)
            if here is None:
                return None
            size = float(np.max(np.abs(here.value), initial=0.0))
            if size <= close:
                return point
            if size > 2.0 * before:
                return None
            before = size
            step = here.solve(-here.value, tangent, -float(tangent @ (point - anchor)))
            if step is None:
                return None
            point = point + step
        return None


@dataclass(frozen=True)
class _OnArc:
    """H (n,) at a point z, t of the arc, and its derivative by t."""

    problem: Problem
    z: Vector
    t: float
    phi: Reformulation
    value: Vector
    by_t: Vector

    def solve(self, right: Vector, across: Vector, last: float) -> Vector | None:
        """Return (y, t) (n + 1,) with ∂H·(y, t) = ``right`` and ``across``·(y, t) = ``last``.

        By the problem's structure where it delivers; where H_y is singular, as it is at a fold,
        as one bordered system. ``None`` where the derivative is not a number.
        """
        rows = system(self.problem, self.z, self.phi, self.t)
        one, other = rows.quick(right), rows.quick(-self.by_t)
        if one is not None and other is not None:
            one, other = one / self.problem.z_scale, other / self.problem.z_scale
            ahead = float(across[:-1] @ other) + float(across[-1])
            if abs(ahead) > FOLD * (1.0 + float(np.linalg.norm(other))):
                t = (last - float(across[:-1] @ one)) / ahead
                return np.append(one + t * other, t)
        return self._bordered(right, across, last)

    def _bordered(self, right: Vector, across: Vector, last: float) -> Vector | None:
        rows = self.t * slope(self.problem, self.z, self.phi)
        rows[np.diag_indices_from(rows)] += 1.0 - self.t
        whole = np.vstack([np.column_stack([rows, self.by_t]), across])
        if not np.all(np.isfinite(whole)):
            return None
        return solve_or_regularise(whole, np.append(right, last))
