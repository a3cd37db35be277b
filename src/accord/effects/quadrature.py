"""Integration and differentiation on Chebyshev points."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Vector


@lru_cache(maxsize=8)
def chebyshev(order: int) -> tuple[Vector, Vector, NDArray[np.float64]]:
    """Return nodes on [−1, 1] (Chebyshev–Lobatto), quadrature weights, differentiation matrix."""
    angle = np.pi * np.arange(order, -1, -1) / order
    nodes = np.cos(angle)
    edge = np.where((np.arange(order + 1) == 0) | (np.arange(order + 1) == order), 2.0, 1.0)
    scale = edge * (-1.0) ** np.arange(order + 1)
    gaps = nodes[:, None] - nodes[None, :] + np.eye(order + 1)
    slope = scale[:, None] / scale[None, :] / gaps
    slope -= np.diag(slope.sum(axis=1))
    return nodes, _clenshaw_curtis(order, angle), slope


def _clenshaw_curtis(order: int, angle: Vector) -> Vector:
    harmonics = np.arange(0, order + 1, 2)
    integral = 2.0 / (1.0 - harmonics**2)
    table = np.cos(np.outer(angle, harmonics))
    table[:, 0] *= 0.5
    if order % 2 == 0:
        table[:, -1] *= 0.5
    weights = table @ integral * 2.0 / order
    weights[[0, -1]] *= 0.5
    return weights
