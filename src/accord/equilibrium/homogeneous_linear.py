"""The linear system for prices in a step of the homogeneous closure.

Most buyers' balances answer no other buyer's price: they are eliminated one by one, which leaves
half of the unknowns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.equilibrium.arrays import Index, Matrix, Vector
from accord.equilibrium.homogeneous_form import Form


@dataclass(frozen=True)
class PriceSystem:
    """``matrix`` (N, N) over all balances; only ``rows`` (n,) of them are solved for."""

    form: Form
    matrix: Matrix
    rows: Index

    @cached_property
    def _parts(self) -> tuple[Index, Index]:
        """Rows that are eliminated, and those that stay."""
        alone = self.form.alone[self.rows]
        return self.rows[alone], self.rows[~alone]

    @cached_property
    def _blocks(self) -> tuple[Matrix, Matrix, Matrix]:
        """Rows that stay by eliminated ones over their diagonal, the reverse, what is left."""
        out, stay = self._parts
        across = self.matrix[np.ix_(stay, out)] / self.matrix[out, out]
        back = self.matrix[np.ix_(out, stay)]
        return across, back, self.matrix[np.ix_(stay, stay)] - across @ back

    def solve(self, right: Vector) -> Vector:
        """Return prices (N,), 0 outside ``rows``, for a right side (N,).

        Raises ``LinAlgError`` where the system is singular.
        """
        out, stay = self._parts
        across, back, left = self._blocks
        price = np.zeros(len(right))
        price[stay] = np.linalg.solve(left, right[stay] - across @ right[out])
        price[out] = (right[out] - back @ price[stay]) / self.matrix[out, out]
        return price
