"""What steps with an old slope teach about the true one: Broyden's updates, draw by draw.

An old slope's inverse H errs in every step the same way. After a step s that was to bring F to 0
and left F there, Broyden (1965) changes H so that it would have foreseen that: with u = H ΔF, to
H + (s − u) sᵀH / sᵀu. Kept as pairs of vectors, a few to a draw, that act on what H itself gives.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Index

Array = NDArray[np.float64]

MEMORY = 5
"""Steps that are remembered. More of them cost as much as they save."""
FORESEEN = 0.1
"""Least part of a step, squared, that its teaching must keep; below it teaches nothing."""


@dataclass(frozen=True)
class Secants:
    """Pairs (c, s) of corrections and steps (D, n), the oldest first, in units of z's sizes."""

    pairs: tuple[tuple[Array, Array], ...] = ()

    def rows(self, draws: Index) -> Secants:
        """Return some draws."""
        return Secants(tuple((c[draws], s[draws]) for c, s in self.pairs))

    def corrected(self, way: Array) -> Array:
        """Return the way to go (D, n), where the old slope alone says ``way``."""
        for correction, step in self.pairs:
            way = way + correction * _dot(step, way)
        return way

    def learnt(self, step: Array, way: Array, after: Array) -> Secants:
        """Return what is known after a step.

        ``step`` (D, n) was taken where ``way`` was the way to go;  ``after`` is what was known
        before it makes of the place it led to
        """
        change = way - after
        along = _dot(step, change)
        teaches = along > FORESEEN * _dot(step, step)
        missed = (step - change) / np.where(teaches, along, 1.0)
        pair = (np.where(teaches, missed, 0.0), step)
        return Secants((*self.pairs, pair)[-MEMORY:])


def _dot(one: Array, other: Array) -> Array:
    """Return the products of vectors draw by draw (D, 1)."""
    return np.sum(one * other, axis=1, keepdims=True)
