"""A mixed complementarity problem on bare arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]


class Factored(Protocol):
    """A square matrix ready to be solved with. ``None``: the answer could not be trusted."""

    def solve(self, right: Vector) -> Vector | None:
        """Return x with (matrix) x = right; (n,) each."""
        ...

    def solve_transposed(self, right: Vector) -> Vector | None:
        """Return x with (matrix)ᵀ x = right; (n,) each."""
        ...


class Linear(Protocol):
    """∂F/∂z at a point by its structure, never laid out whole."""

    def times(self, vector: Vector) -> Vector:
        """Return ∂F/∂z · vector (n,)."""
        ...

    def strength(self, vector: Vector, enough: Vector) -> Vector:
        """Return the largest |∂F_i/∂z_j|·vector_j of every row i (n,); ``vector`` ≥ 0.

        Where that is above ``enough`` (n,), anything from there up to it will do.
        """
        ...

    def factored(self, row: Vector, diagonal: Vector) -> Factored | None:
        """Return diag(row) ∂F/∂z + diag(diagonal), factored; ``None`` where a pivot is zero."""
        ...


@dataclass(frozen=True)
class Problem:
    """F(z) ⟂ l ≤ z ≤ u: for every i, F_i = 0 inside, F_i ≥ 0 at l_i, F_i ≤ 0 at u_i.

    ``value``     z (n,) → F (n,)
    ``jacobian``  z (n,) → ∂F/∂z (n, n)
    ``lower``, ``upper``  (n,), infinite where there is no bound
    ``z_scale``, ``f_scale``  (n,) positive sizes of z and F, so that tolerances mean the same in
                  every row; F_i/f_scale_i is compared with z_i/z_scale_i
    ``linear``    z (n,) → ∂F/∂z by its structure, where it has one that saves work: methods solve
                  with it first, and with ``jacobian`` where it does not deliver
    """

    value: Callable[[Vector], Vector]
    jacobian: Callable[[Vector], Matrix]
    lower: Vector
    upper: Vector
    z_scale: Vector
    f_scale: Vector
    linear: Callable[[Vector], Linear] | None = None

    def natural_residual(self, z: Vector, f: Vector) -> Vector:
        """Return z − mid(l, z − F, u) in scaled units: zero at a solution and only there.

        The sign is that of F where F is free, so a Newton row can use F itself.
        """
        y, g = z / self.z_scale, f / self.f_scale
        lower, upper = self.lower / self.z_scale, self.upper / self.z_scale
        # F itself where it is free: next to an unknown that ran off, a difference would swallow it.
        return np.where(y - g <= lower, y - lower, np.where(y - g >= upper, y - upper, g))

    def complementarity_gap(self, z: Vector, f: Vector) -> Vector:
        """Return |F| times the distance to the bound its sign belongs to, scaled (n,).

        Where that bound is infinite, F must be zero and the gap is |F|.
        """
        g = f / self.f_scale
        distance = np.where(g > 0.0, z - self.lower, self.upper - z) / self.z_scale
        return np.abs(g) * np.where(np.isfinite(distance), distance, 1.0)

    def clip(self, z: Vector) -> Vector:
        """Return z moved into its bounds."""
        return np.clip(z, self.lower, self.upper)

    def restricted(self, rows: Index, at: Vector) -> Problem:
        """Return the problem of the unknowns ``rows`` (k,), the others held at ``at`` (n,)."""

        def whole(part: Vector) -> Vector:
            z = at.copy()
            z[rows] = part
            return z

        def value(part: Vector) -> Vector:
            return self.value(whole(part))[rows]

        def jacobian(part: Vector) -> Matrix:
            return self.jacobian(whole(part))[np.ix_(rows, rows)]

        return replace(
            self,
            value=value,
            jacobian=jacobian,
            lower=self.lower[rows],
            upper=self.upper[rows],
            z_scale=self.z_scale[rows],
            f_scale=self.f_scale[rows],
            linear=None,
        )
