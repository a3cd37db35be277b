"""Interior-point method for the homogeneous closure: fast on most markets, sure on none.

Predictor and corrector steps towards z·s = 0 from inside, each kept positive. Source: S. Mehrotra,
"On the implementation of a primal-dual interior point method", SIAM Journal on Optimization 2
(1992); for problems that are not programs, S. Wright, Primal-Dual Interior-Point Methods (1997).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.equilibrium.arrays import Vector
from accord.equilibrium.homogeneous_newton import Pairs, Place
from accord.solve import Step

# Mean product at which corners can be told; products that fell further would spoil the arithmetic.
LEAST, CLOSED = 1e-15, 1e-13
FIRST = 0.1
# Steps shorter than SHORT, so many times in a row, lead nowhere; below CAUTIOUS the corrector is
# blamed and left out. No step uses up more than MOST of the way to a bound.
SHORT, PATIENCE, CAUTIOUS, MOST = 1e-3, 5, 0.05, 0.9


@dataclass(frozen=True, slots=True)
class InteriorPoint:
    """``tolerance`` for residuals; the mean product z·s ends at ``CLOSED`` or below."""

    max_steps: int = 80
    tolerance: float = 1e-11

    def run(self, pairs: Pairs, z: Vector) -> tuple[Vector, Step]:
        """Return the point reached from z > 0 and what it took."""
        place = Place(pairs, z, FIRST / z)
        steps, short = 0, 0
        best = place
        while steps < self.max_steps and short < PATIENCE:
            if place.worst <= self.tolerance and float(place.z @ place.s) <= len(z) * CLOSED:
                break
            try:
                place, length = _advanced(place)
            except np.linalg.LinAlgError:
                break
            if not np.isfinite(place.distance):
                break
            best = place
            steps += 1
            short = short + 1 if length < SHORT else 0
        return best.z, Step("interior point", steps, best.worst)


def _advanced(place: Place) -> tuple[Place, float]:
    """Take one predictor and corrector step; return the place and the step's length."""
    z, s = place.z, place.s
    mean = float(z @ s) / len(z)
    dz, ds = place.step(-z * s)
    length = _longest(z, s, dz, ds, 1.0)
    ahead = float((z + length * dz) @ (s + length * ds)) / len(z)
    centring = min(max((ahead / mean) ** 3, 1e-6), 1.0)
    goal = max(centring * mean, LEAST)
    dz, ds = place.step(goal - z * s - dz * ds)
    length = _longest(z, s, dz, ds, MOST)
    if length < CAUTIOUS:
        dz, ds = place.step(max(goal, 0.5 * mean) - z * s)
        length = _longest(z, s, dz, ds, MOST)
    return Place(place.pairs, z + length * dz, s + length * ds), length


def _longest(z: Vector, s: Vector, dz: Vector, ds: Vector, part: float) -> float:
    """Return the longest step to at most 1 that uses up ``part`` of the way to a bound."""
    fastest = max(float(np.max(-dz / z, initial=0.0)), float(np.max(-ds / s, initial=0.0)))
    return 1.0 if fastest <= part else part / fastest
