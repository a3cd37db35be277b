"""A Jacobian by finite differences, careful at bounds and with sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from accord.solve.problem import Matrix, Vector

STEP = float(np.finfo(np.float64).eps) ** (1.0 / 3.0)


@dataclass(frozen=True)
class FiniteDifferences:
    """∂F/∂z from values of F: second order, never outside the bounds.

    Central differences where there is room, three points on one side where a bound is near. The
    step is ε^(1/3) of an unknown's size, so an entry is good to about 1e-10 of F's curvature.
    An unknown whose bounds coincide gets a column of zeros. Costs 2n values of F.
    """

    value: Callable[[Vector], Vector]
    lower: Vector
    upper: Vector
    size: Vector

    def __call__(self, z: Vector) -> Matrix:
        """Return ∂F/∂z at z (n,) as (n, n)."""
        here = self.value(z)
        found = np.zeros((len(here), len(z)))
        for j in range(len(z)):
            found[:, j] = self._column(z, here, j)
        return found

    def _column(self, z: Vector, here: Vector, j: int) -> Vector:
        below, above = z[j] - self.lower[j], self.upper[j] - z[j]
        width = max(below, above)
        if width <= 0.0:
            return np.zeros_like(here)
        step = min(STEP * max(abs(z[j]), self.size[j]), 0.5 * width)
        if min(below, above) >= step:
            ahead, behind = self._moved(z, j, step), self._moved(z, j, -step)
            return (ahead - behind) / (2.0 * step)
        step = step if above >= below else -step
        once, twice = self._moved(z, j, step), self._moved(z, j, 2.0 * step)
        return (4.0 * once - twice - 3.0 * here) / (2.0 * step)

    def _moved(self, z: Vector, j: int, step: float) -> Vector:
        moved = z.copy()
        moved[j] += step
        return self.value(moved)
