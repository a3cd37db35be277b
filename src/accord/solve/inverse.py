"""The inverse of a dense matrix: by quarters where it is large, which is mostly multiplication.

LAPACK finds an inverse by triangular solves, which run at a small part of the speed of a matrix
product. By quarters, with X = A⁻¹ and Y = (D − C X B)⁻¹,

    ⎡A B⎤⁻¹   ⎡X + X B Y C X   −X B Y⎤
    ⎣C D⎦   = ⎣   −Y C X          Y  ⎦

it is two inverses of half the size and six products. Rows are then exchanged only inside the
quarters, so the inverse is tried on a vector and taken the long way where that fails.
Source: N. Higham, Accuracy and Stability of Numerical Algorithms (2nd ed. 2002), §14.
"""

from __future__ import annotations

import numpy as np

from accord.solve.problem import Matrix

# Below the first, quarters cost more than they save; those that are left are as small as this.
LARGE, SMALL = 96, 64
# How far off a vector may come back from the matrix and the inverse by quarters.
TRUE = 1e-8


def inverse(matrix: Matrix) -> Matrix | None:
    """Return the inverse of a square matrix (n, n); ``None`` where it is singular."""
    if len(matrix) >= LARGE:
        found = _by_quarters(matrix)
        if found is not None and _comes_back(matrix, found):
            return found
    return _whole(matrix)


def _whole(matrix: Matrix) -> Matrix | None:
    try:
        return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        return None


def _comes_back(matrix: Matrix, inverted: Matrix) -> bool:
    with np.errstate(all="ignore"):  # what is not a number fails the comparison
        vector = np.linspace(1.0, 2.0, len(matrix))
        return bool(np.max(np.abs(inverted @ (matrix @ vector) - vector)) <= TRUE)


def _by_quarters(matrix: Matrix) -> Matrix | None:
    n = len(matrix)
    if n <= SMALL:
        return _whole(matrix)
    half = n // 2
    above, below = matrix[:half, half:], matrix[half:, :half]
    x = _by_quarters(matrix[:half, :half])
    if x is None:
        return None
    with np.errstate(all="ignore"):  # as above
        across = x @ above
        y = _by_quarters(matrix[half:, half:] - below @ across)
        if y is None:
            return None
        found = np.empty((n, n))
        found[half:, half:] = y
        down = np.negative(y @ (below @ x), out=found[half:, :half])
        np.subtract(x, across @ down, out=found[:half, :half])
        np.negative(across @ y, out=found[:half, half:])
    return found
