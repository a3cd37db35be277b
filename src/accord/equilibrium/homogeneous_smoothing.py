"""Smoothing method for the homogeneous closure: slower than an interior point, and sturdier.

Each pair (z, s) lies on the hyperbola z·s = μ and is moved along it by one number t = z − s, so
that no step can leave the positive side. Newton steps with a line search for each μ, which then
falls; where they are stuck, it rises again. Sources: B. Chen and P. Harker, SIAM J. Matrix Analysis
14 (1993); C. Kanzow, SIAM J. Matrix Analysis 17 (1996).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.equilibrium.arrays import Vector
from accord.equilibrium.homogeneous_newton import Pairs, Place
from accord.solve import Step


@dataclass(frozen=True, slots=True)
class HyperbolicSmoothing:
    """μ falls from ``first`` to ``last`` by ``fall`` after a full step, by ``slower`` otherwise.

    ``tolerance`` residual to end with;  ``blunt`` one that will do where rounding is in the way
    ``near``      residual, as a multiple of μ, at which μ may fall
    ``shortest``  step at which the line search gives up;  ``rise`` of μ then, ``retries`` times
    """

    max_steps: int = 600
    first: float = 0.1
    last: float = 1e-14
    fall: float = 0.1
    slower: float = 0.3
    near: float = 100.0
    tolerance: float = 1e-11
    blunt: float = 1e-9
    shortest: float = 1e-4
    rise: float = 30.0
    retries: int = 6

    def run(self, pairs: Pairs, z: Vector) -> tuple[Vector, Step]:
        """Return the point reached from z > 0 and what it took."""
        mu, t = self.first, z - self.first / z
        place = _on_hyperbola(pairs, t, mu)
        steps, stuck, length = 0, 0, 1.0
        while steps < self.max_steps and stuck <= self.retries:
            if place.worst <= max(self.near * mu, self.tolerance):
                if mu <= self.last:
                    break
                mu = max(mu * (self.fall if length >= 1.0 else self.slower), self.last)
                place = _on_hyperbola(pairs, t, mu)
            steps += 1
            found = self._searched(place, t, mu)
            if found is None:
                if place.worst <= self.blunt and mu <= 10.0 * self.last:
                    break
                stuck += 1
                mu *= self.rise
                place = _on_hyperbola(pairs, t, mu)
            else:
                t, place, length = found
        return place.z, Step("smoothing", steps, place.worst)

    def _searched(self, place: Place, t: Vector, mu: float) -> tuple[Vector, Place, float] | None:
        """Return a better point along the Newton direction and the length of the way to it."""
        try:
            dz, ds = place.step(np.zeros_like(t))
        except np.linalg.LinAlgError:
            return None
        length, best = 1.0, None
        while length > self.shortest:
            further = t + length * (dz - ds)
            tried = _on_hyperbola(place.pairs, further, mu)
            if tried.distance <= (1.0 - 0.1 * length) * place.distance:
                return further, tried, length
            if tried.distance < (place.distance if best is None else best[1].distance):
                best = (further, tried, length)
            length *= 0.5
        return best


def _on_hyperbola(pairs: Pairs, t: Vector, mu: float) -> Place:
    """Return the place with z − s = t and z·s = μ, in full precision on both sides."""
    root = np.sqrt(t * t + 4.0 * mu)
    sure = np.maximum(root + np.abs(t), 1e-300)
    large, small = 0.5 * sure, 2.0 * mu / sure
    return Place(pairs, np.where(t > 0.0, large, small), np.where(t > 0.0, small, large))
