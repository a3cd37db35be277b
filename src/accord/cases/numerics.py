"""Small complementarity problems of the literature, solved with ``accord.solve``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.errors import NoCertifiedAnswer
from accord.solve import Ladder, Problem

Vector = NDArray[np.float64]
Function = Callable[[NDArray[Any]], NDArray[Any]]
STEP = 1e-30


def solve(
    function: Function, start: Vector, *, lower: Vector, scale: Vector, size: Vector
) -> Vector:
    """Return z with F(z) ⟂ z ≥ lower, to 1e-10 of ``scale`` and ``size``.

    ``function``  z (n,) → F (n,), analytic, written so that it takes complex arrays
    ``lower``     (n,), −∞ for an unknown that may take any value
    ``scale``, ``size``  (n,) sizes of z and of F

    Raises ``NoCertifiedAnswer`` where no method solves it.
    """
    problem = Problem(
        value=function,
        jacobian=lambda z: complex_step(function, z),
        lower=lower,
        upper=np.full(len(start), np.inf),
        z_scale=scale,
        f_scale=size,
    )
    outcome = Ladder().solve(problem, start)
    if not outcome.solved:
        raise NoCertifiedAnswer(outcome.cause, outcome.remedy)
    return outcome.z


def complex_step(function: Function, z: Vector) -> NDArray[np.float64]:
    """Return ∂F/∂z (n, n), exact to rounding: the imaginary part of F(z + i·h·e_j)/h.

    Source: W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real
    functions", SIAM Review 40 (1998).
    """
    columns = [
        np.imag(function(z + 1j * STEP * unit)) / STEP for unit in np.eye(len(z), dtype=np.float64)
    ]
    return np.array(columns, dtype=np.float64).T
