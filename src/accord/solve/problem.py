"""A mixed complementarity problem on bare arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """F(z) ⟂ l ≤ z ≤ u: for every i, F_i = 0 inside, F_i ≥ 0 at l_i, F_i ≤ 0 at u_i.

    ``value``     z (n,) → F (n,)
    ``jacobian``  z (n,) → ∂F/∂z (n, n)
    ``lower``, ``upper``  (n,), infinite where there is no bound
    ``z_scale``, ``f_scale``  (n,) positive sizes of z and F, so that tolerances mean the same in
                  every row; F_i/f_scale_i is compared with z_i/z_scale_i
    """

    value: Callable[[Vector], Vector]
    jacobian: Callable[[Vector], Matrix]
    lower: Vector
    upper: Vector
    z_scale: Vector
    f_scale: Vector

    def natural_residual(self, z: Vector, f: Vector) -> Vector:
        """Return z − mid(l, z − F, u) in scaled units: zero at a solution and only there.

        The sign is that of F where F is free, so a Newton row can use F itself.
        """
        y = z / self.z_scale
        lower, upper = self.lower / self.z_scale, self.upper / self.z_scale
        return y - np.clip(y - f / self.f_scale, lower, upper)

    def clip(self, z: Vector) -> Vector:
        """Return z moved into its bounds."""
        return np.clip(z, self.lower, self.upper)
