"""Sums by group for many draws at once, and inverses of many small matrices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Index

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """How values (…, k) add up by group.

    ``order``   of the values, so that groups stand together; ``None`` where they do already
    ``starts``  of the groups in it;  ``groups`` those that have any value (u,), ascending
    ``single``  whether each has just one
    """

    order: Index | None
    starts: Index
    groups: Index
    single: bool

    @classmethod
    def of(cls, group: Index) -> Sums:
        """Look at the groups (k,) of values once, so that no sum has to."""
        order = np.argsort(group, kind="stable")
        groups, starts = np.unique(group[order], return_index=True)
        in_order = bool(np.all(order[1:] > order[:-1]))
        return cls(None if in_order else order, starts, groups, len(groups) == len(group))

    def compact(self, values: Array) -> Array:
        """Return the sums of the groups that have any value, (…, k) → (…, u)."""
        # ``take`` keeps the draws in rows, one after the other; indexing may not.
        ordered = values if self.order is None else values.take(self.order, axis=-1)
        if self.single:
            return ordered
        return np.asarray(np.add.reduceat(ordered, self.starts, axis=-1), dtype=np.float64)

    def tops(self, values: Array, count: int) -> Array:
        """Return the largest values of all groups, (…, k) → (…, count); −∞ without any."""
        whole = np.full((*values.shape[:-1], count), -np.inf)
        if self.groups.size:
            ordered = values if self.order is None else values.take(self.order, axis=-1)
            whole[..., self.groups] = np.maximum.reduceat(ordered, self.starts, axis=-1)
        return whole

    def spread(self, values: Array, count: int) -> Array:
        """Return the sums of all groups, (…, k) → (…, count)."""
        whole = np.zeros((*values.shape[:-1], count))
        if self.groups.size:
            whole[..., self.groups] = self.compact(values)
        return whole


def inverses(matrices: Array) -> Array:
    """Return the inverses of matrices (D, n, n); NaN where one is singular."""
    try:
        return np.asarray(np.linalg.inv(matrices), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.array([_inverse(x) for x in matrices])


def _inverse(matrix: Array) -> Array:
    try:
        return np.asarray(np.linalg.inv(matrix), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full(matrix.shape, np.nan)
