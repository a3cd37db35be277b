"""Linear solves that degrade gracefully where a system is singular."""

from __future__ import annotations

import numpy as np

from accord.solve.problem import Matrix, Vector


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
