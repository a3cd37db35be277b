"""The wedges in force on lanes, looked at once each, however many lanes share them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from accord.market import Lane, Wedge

Matrix = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True)
class Levies:
    """Which wedge in force lies on which lane.

    ``lane``, ``which``  lane and wedge of every levy (k,), in the lanes' order and in their own
    ``wedges``  each once, those not in force among them;  ``count`` of lanes (L)
    """

    lane: Index
    which: Index
    wedges: tuple[Wedge, ...]
    count: int

    @staticmethod
    def of(lanes: Sequence[Lane]) -> Levies:
        """Gather the wedges of lanes (L)."""
        lists = [lane.wedges for lane in lanes]
        every: list[Wedge] = list(chain.from_iterable(lists))
        # Lanes share wedges, so that reading each object once is nearly no work.
        addresses = np.fromiter(map(id, every), dtype=np.int64, count=len(every))
        _, first, which = np.unique(addresses, return_index=True, return_inverse=True)
        wedges: tuple[Wedge, ...] = tuple(every[int(i)] for i in first)
        lane = np.repeat(np.arange(len(lists)), list(map(len, lists)))
        in_force = np.array([w.in_force for w in wedges], dtype=np.bool_)[which]
        return Levies(lane[in_force], which[in_force].astype(np.intp), wedges, len(lists))

    def summed(self, values: Matrix) -> Matrix:
        """Add up values of the wedges (rows, wedges) by lane (rows, L)."""
        sums = np.zeros((len(values), self.count))
        for row in np.flatnonzero(values.any(axis=1)):
            sums[row] = np.bincount(self.lane, values[row][self.which], self.count)
        return sums

    def chosen(self, of: Callable[[Wedge], bool]) -> Levies:
        """Return the levies whose wedge is one of some."""
        some = np.array([of(w) for w in self.wedges], dtype=np.bool_)[self.which]
        return Levies(self.lane[some], self.which[some], self.wedges, self.count)

    def each(self) -> list[tuple[int, Wedge]]:
        """Return lane and wedge, one by one: for the few that need it."""
        return [(int(i), self.wedges[k]) for i, k in zip(self.lane, self.which, strict=True)]
