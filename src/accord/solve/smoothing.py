"""Fischer–Burmeister with a μ-ladder: solve smoothed problems, each nearer the true one.

φ_μ = 0 asks for a·b = μ² instead of a·b = 0, so at a large μ every row feels every unknown and
nothing is stuck at a bound. μ falls by a factor as long as Newton follows, and by less where it
does not. Source: C. Kanzow, SIAM J. Matrix Analysis 17 (1996); PATH's crash phase is its kin.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from accord.solve.linear import damped_least_squares, solve_or_regularise
from accord.solve.outcome import Step
from accord.solve.problem import Problem, Vector
from accord.solve.reformulation import Reformulation, reformulate, slope, system
from accord.solve.semismooth import ClippedNewton

SHORTEST = 1e-6


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Follow the smoothed solutions from ``widest`` μ to ``narrowest``, then finish by Newton.

    ``inner``      Newton steps allowed at one μ
    ``max_steps``  Newton steps allowed in all
    ``retries``    times that μ may be raised again to fall more slowly
    """

    anew: ClassVar[bool] = True

    widest: float = 1.0
    narrowest: float = 1e-8
    inner: int = 25
    max_steps: int = 300
    retries: int = 8

    def run(self, problem: Problem, start: Vector) -> tuple[Vector, Step]:
        """Return the point reached and what it took."""
        z, steps = problem.clip(start), 0
        mu, factor, retries = self.widest, 0.2, self.retries
        while mu > self.narrowest and steps < self.max_steps:
            found, taken, near = self._follow(problem, z, mu)
            steps += taken
            if near:
                z, factor = found, max(factor * 0.7, 0.05)
                mu *= factor
            elif retries and mu < self.widest:
                mu, factor, retries = mu / factor * factor**0.3, factor**0.3, retries - 1
            else:
                z = found
                mu *= factor
        z, last = ClippedNewton().run(problem, z)
        return z, Step("smoothing", steps + last.steps, last.residual)

    def _follow(self, problem: Problem, z: Vector, mu: float) -> tuple[Vector, int, bool]:
        """Newton on Φ_μ; near enough is a fraction of μ."""
        size = _size(problem, z, mu)
        for steps in range(self.inner):
            if size <= 0.1 * mu * np.sqrt(len(z)):
                return z, steps, True
            taken = _damped_step(problem, z, mu, size)
            if taken is None:
                return z, steps + 1, False
            z, size = taken
        return z, self.inner, size <= 0.1 * mu * np.sqrt(len(z))


def _size(problem: Problem, z: Vector, mu: float) -> float:
    f = problem.value(z)
    if not np.all(np.isfinite(f)):
        return float("inf")
    phi = reformulate(problem, z, f, mu).phi
    return float(np.sqrt(phi @ phi))


def _damped_step(
    problem: Problem, z: Vector, mu: float, size: float
) -> tuple[Vector, float] | None:
    at = reformulate(problem, z, problem.value(z), mu)
    for direction in _directions(problem, z, at):
        length = 1.0
        while length >= SHORTEST:
            trial = problem.clip(z + length * direction)
            reached = _size(problem, trial, mu)
            if reached <= (1.0 - 1e-4 * length) * size:
                return trial, reached
            length *= 0.5
    return None


def _directions(problem: Problem, z: Vector, at: Reformulation) -> Iterator[Vector]:
    """Newton's direction, and where that does not help a cautious one."""
    found = system(problem, z, at).quick(-at.phi)
    if found is not None:
        yield found
    rows = slope(problem, z, at)
    if np.all(np.isfinite(rows)):
        if found is None:
            yield solve_or_regularise(rows, -at.phi) * problem.z_scale
        yield damped_least_squares(rows, -at.phi, 1e-4) * problem.z_scale
