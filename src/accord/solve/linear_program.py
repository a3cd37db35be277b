"""A linear program in bounds, and Farkas' certificate that one has no point.

    minimise c·v   where   A v ≤ b  (or = b),   0 ≤ v ≤ u

Multipliers λ ≥ 0 of the rows (of either sign where they are equalities) and μ ≥ 0 of the upper
bounds with λA + μ ≥ 0 and λb + μu < 0 prove that no v within 0 ≤ v ≤ u has A v ≤ b.
Source: V. Chvátal, Linear Programming (1983), chapter 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from accord.solve.problem import Index, Vector

Mask = NDArray[np.bool_]

# Multipliers below this part of the largest are rounding.
ROUNDING = 1e-9


@dataclass(frozen=True)
class LinearProgram:
    """Rows A v ≤ b, or = b where ``equal``; bounds 0 ≤ v ≤ upper. R rows, C columns.

    A is given by its entries: ``row``, ``column``, ``entry`` (K,), duplicates added. ``bound``
    (R,) may be infinite for rows that ask for nothing, ``upper`` (C,) for columns without end.
    """

    row: Index
    column: Index
    entry: Vector
    bound: Vector
    equal: Mask
    upper: Vector

    def times(self, v: Vector) -> Vector:
        """Return A v (R,)."""
        return _binned(self.row, self.entry * v[self.column], len(self.bound))

    def priced(self, multiplier: Vector) -> Vector:
        """Return λA (C,) for λ (R,)."""
        worth = self.entry * multiplier[self.row]
        return _binned(self.column, worth, len(self.upper))

    @cached_property
    def _by_column(self) -> tuple[Index, Index]:
        order = np.argsort(self.column, kind="stable")
        starts = np.searchsorted(self.column[order], np.arange(len(self.upper) + 1))
        return order, starts

    def column_of(self, j: int) -> Vector:
        """Return column j of (A, 1) (R,): a variable's, or past the last one a row's slack."""
        dense = np.zeros(len(self.bound))
        if j >= len(self.upper):
            dense[j - len(self.upper)] = 1.0
            return dense
        order, starts = self._by_column
        chosen = order[starts[j] : starts[j + 1]]
        np.add.at(dense, self.row[chosen], self.entry[chosen])
        return dense


@dataclass(frozen=True)
class Farkas:
    """Multipliers that prove a program empty: ``rows`` λ (R,), ``uppers`` μ (C,)."""

    rows: Vector
    uppers: Vector

    @staticmethod
    def of(program: LinearProgram, rows: Vector) -> Farkas:
        """Complete row multipliers of any size to a certificate whose largest is 1."""
        size = float(np.max(np.abs(rows), initial=0.0))
        kept = np.where(np.abs(rows) > ROUNDING * size, rows, 0.0) / (size or 1.0)
        kept = np.where(program.equal, kept, np.maximum(kept, 0.0))
        priced = program.priced(kept)
        uppers = np.where(np.isfinite(program.upper), np.maximum(-priced, 0.0), 0.0)
        return Farkas(kept, np.where(uppers > ROUNDING, uppers, 0.0))

    def check(self, program: LinearProgram) -> tuple[float, float]:
        """Return (largest −(λA + μ) or −λ, λb + μu over the sum of its parts' sizes).

        A proof has the first at most rounding and the second clearly below 0.
        """
        used = self.rows != 0.0
        left = program.priced(self.rows) + self.uppers
        wrong = [*-left, *-self.uppers, *-self.rows[~program.equal]]
        parts = [*(self.rows * np.where(used, program.bound, 0.0))]
        parts += [*(self.uppers * np.where(self.uppers > 0.0, program.upper, 0.0))]
        size = float(np.sum(np.abs(parts)))
        gap = float(np.sum(parts)) / size if size > 0.0 else 0.0
        return max(0.0, float(np.max(wrong, initial=0.0))), gap

    def proves(self, program: LinearProgram, tolerance: float) -> bool:
        """Whether the program is empty by this certificate, recomputed from the program."""
        wrong, gap = self.check(program)
        return bool(np.isfinite(gap)) and wrong <= tolerance and gap < -tolerance


def _binned(group: Index, values: Vector, count: int) -> Vector:
    # Of nothing at all, bincount counts in whole numbers.
    return np.bincount(group, values, count).astype(np.float64, copy=False)
