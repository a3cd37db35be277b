"""Automatic scaling: typical sizes of unknowns and rows, read from a point and the slope there."""

from __future__ import annotations

import numpy as np

from accord.solve.block_matrix import BlockMatrix
from accord.solve.problem import Mask, Vector

WIDEST = 1e8


def scales(
    jacobian: BlockMatrix, z: Vector, f: Vector, lower: Vector, upper: Vector
) -> tuple[Vector, Vector]:
    """Return positive sizes of z and of F (n,) each, from J (n, n), z, F and the bounds (n,).

    An unknown's size is its value; where that is 0, the change that moves its rows as much as the
    others do, and no more than the distance between its bounds. A row's size is the most that any
    unknown, changed by its own size, changes it; where nothing does, its value.
    """
    size = np.abs(z)
    known: Mask = size > 0.0
    if not known.all():
        size = np.where(known, size, _balanced(jacobian, size, known))
        width = upper - lower
        size = np.where(~known & (width > 0.0) & (width < size), width, size)
    rows = jacobian.strength(size)
    fallback = np.where(np.abs(f) > 0.0, np.abs(f), 1.0)
    return size, np.where(rows > 0.0, rows, fallback)


def _balanced(jacobian: BlockMatrix, size: Vector, known: Mask) -> Vector:
    """Return sizes for unknowns that are 0: they move their rows as the known ones do."""
    typical = float(np.median(size[known])) if np.any(known) else 1.0
    moved = jacobian.strength(size)
    pull = np.where(moved > 0.0, 1.0 / np.where(moved > 0.0, moved, 1.0), 0.0)
    strength = jacobian.column_strength(pull)
    balanced = 1.0 / np.where(strength > 0.0, strength, 1.0 / typical)
    return np.clip(balanced, typical / WIDEST, typical * WIDEST)
