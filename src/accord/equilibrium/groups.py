"""Sums and largest values by group, for many draws at once.

What is grouped stands in the last axis, draws in the first: (D, k) → (D, groups). A draw's sums do
not depend on which other draws stand beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from accord.equilibrium.arrays import Index, Matrix, Vector


@dataclass(frozen=True, eq=False)
class Groups:
    """Which group each of k things belongs to, sorted once so that every sum is one sweep.

    ``order``   positions of its members, group by group; ``None`` where they stand so already
    ``starts``  where each group that has any begins in that order;  ``full`` which groups those are
    ``count``   groups in all
    """

    order: Index | None
    starts: Index
    full: Index
    count: int

    @classmethod
    def of(cls, group: Index, count: int, among: Index | None = None) -> Groups:
        """Sort the groups (k,), numbered 0 … count − 1; ``among``: only some of the k belong."""
        members = group if among is None else group[among]
        first = np.ones(len(members), dtype=np.bool_)
        order = None if among is None else among
        if (members[1:] < members[:-1]).any():
            by_group = members.argsort(kind="stable")
            order = by_group if among is None else among[by_group]
            members = members[by_group]
        np.not_equal(members[1:], members[:-1], out=first[1:])
        starts = first.nonzero()[0]
        return cls(order, starts, members[starts], count)

    def sums(self, values: Matrix) -> Matrix:
        """Add up (D, k) → (D, count); 0 for a group without members."""
        return self._spread(np.add, values, 0.0)

    def tops(self, values: Matrix) -> Matrix:
        """Return the largest (D, k) → (D, count); −∞ for a group without members."""
        return self._spread(np.maximum, values, -np.inf)

    def _spread(self, how: np.ufunc, values: Matrix, empty: float) -> Matrix:
        if not len(self.starts):
            return np.full((len(values), self.count), empty)
        # ``take`` keeps the draws in rows, one after the other; indexing may not.
        ordered = values if self.order is None else values.take(self.order, axis=1)
        found: Matrix = how.reduceat(ordered, self.starts, axis=1)
        if len(self.full) == self.count:
            return found
        whole = np.full((len(values), self.count), empty)
        whole[:, self.full] = found
        return whole


class Cells(NamedTuple):
    """A sparse table (rows, columns), the same for all draws: where it is not 0, and what."""

    row: Index
    column: Index
    value: Vector
    by_row: Groups
    by_column: Groups

    @classmethod
    def of(cls, table: Matrix) -> Cells:
        """Find the cells of a table (rows, columns)."""
        row, column = np.nonzero(table != 0.0)
        rows, columns = table.shape
        value = table[row, column]
        return cls(row, column, value, Groups.of(row, rows), Groups.of(column, columns))

    def times(self, x: Matrix) -> Matrix:
        """Return the table times what stands in its columns: (D, columns) → (D, rows)."""
        return self.by_row.sums(x.take(self.column, axis=1) * self.value)

    def across(self, x: Matrix) -> Matrix:
        """Return its transpose times what stands in its rows: (D, rows) → (D, columns)."""
        return self.by_column.sums(x.take(self.row, axis=1) * self.value)
