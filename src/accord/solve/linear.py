"""Linear solves: by a problem's structure where it has one, and gracefully where singular."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.solve.problem import Factored, Matrix, Problem, Vector

# Relative residual of a structured solve: refined above the first, given up above the second.
REFINED, TRUSTED = 1e-12, 1e-7


@dataclass(frozen=True)
class System:
    """diag(row) ∂F/∂z + diag(diagonal) at z, in the units of z; solved with, once or often."""

    problem: Problem
    z: Vector
    row: Vector
    diagonal: Vector

    @cached_property
    def _quick(self) -> Factored | None:
        linear = self.problem.linear
        return None if linear is None else linear(self.z).factored(self.row, self.diagonal)

    @cached_property
    def _matrix(self) -> Matrix:
        """The matrix in the scaled units of the unknowns."""
        scale = self.problem.z_scale
        whole = self.problem.jacobian(self.z) * scale * self.row[:, None]
        whole[np.diag_indices_from(whole)] += self.diagonal * scale
        return whole

    def quick(self, right: Vector) -> Vector | None:
        """Return x (n,) by the problem's structure, or ``None`` if that does not deliver."""
        return None if self._quick is None else self._quick.solve(right)

    def solve(self, right: Vector) -> Vector:
        """Return x (n,) with (this) x = right, a damped least-squares one if it is singular."""
        found = self.quick(right)
        if found is not None:
            return found
        return solve_or_regularise(self._matrix, right) * self.problem.z_scale


def refined(
    right: Vector, solve: Callable[[Vector], Vector], times: Callable[[Vector], Vector]
) -> Vector | None:
    """Return x with matrix · x = right (n,) by ``solve``, corrected by what is left over.

    ``times`` x → matrix · x. ``None`` where the result cannot be trusted.
    """
    found, size = solve(right), _size(right)
    error = np.inf
    for _ in range(4):
        left = right - times(found)
        error = _size(left)
        if error <= REFINED * size or not np.isfinite(error):
            break
        found = found + solve(left)
    return found if error <= TRUSTED * size else None


def _size(vector: Vector) -> float:
    size = float(np.max(np.abs(vector), initial=0.0))
    return size if np.isfinite(size) else float("inf")


def solve_or_regularise(matrix: Matrix, rhs: Vector) -> Vector:
    """Solve ``matrix x = rhs``; where it is singular, return a damped least-squares solution.

    The damping (1e-12 of the largest squared entry) keeps directions without information at rest
    instead of letting them blow up.
    """
    try:
        solution = np.asarray(np.linalg.solve(matrix, rhs), dtype=np.float64)
    except np.linalg.LinAlgError:
        return damped_least_squares(matrix, rhs, 1e-12)
    if np.all(np.isfinite(solution)):
        return solution
    return damped_least_squares(matrix, rhs, 1e-12)


def damped_least_squares(matrix: Matrix, rhs: Vector, damping: float) -> Vector:
    """Return argmin |matrix x − rhs|² + damping·scale·|x|² (Levenberg–Marquardt's step)."""
    normal = matrix.T @ matrix
    scale = float(np.max(np.abs(np.diag(normal)), initial=1e-300))
    normal[np.diag_indices_from(normal)] += damping * scale
    return np.asarray(np.linalg.solve(normal, matrix.T @ rhs), dtype=np.float64)
