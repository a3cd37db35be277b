"""Before and after in many draws, side by side: how far every effect ranges.

Quantiles are NumPy's ``linear`` (type 7 of R. Hyndman and Y. Fan, Sample quantiles in statistical
packages, The American Statistician 50, 1996): of n sorted values the q-th is at place q·(n − 1),
counted from 0, and between two neighbours on the straight line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accord.effects.columns import Key
from accord.effects.effects import Effects
from accord.effects.many import ManyAccounts, absent
from accord.effects.measures import Row
from accord.equilibrium.arrays import Index, Matrix, Vector

LOW, MEDIAN, HIGH = 0.1, 0.5, 0.9
"""The ends and the middle of what is shown of the draws (conventions C45)."""


class Spread(NamedTuple):
    """Quantiles of every row over the draws that have it (R,); NaN where none has.

    ``missing`` counts the solved draws in which the row is absent (R,).
    """

    low: Vector
    median: Vector
    high: Vector
    missing: Index


class RowSpread(NamedTuple):
    """Quantiles of one row; ``None`` where no draw has it. ``missing``: see ``Spread``."""

    low: float | None
    median: float | None
    high: float | None
    missing: int


@dataclass(frozen=True, eq=False)
class ManyEffects:
    """What changed in D draws, in the rows (R) of the central answer and in their order.

    ``before``, ``after`` (D, R), NaN where a draw has no value; an amount or a flow that a draw
    has not is 0 (conventions C14). ``solved`` (D,): the other draws count nowhere. Rows that the
    central answer leaves out, being 0 or absent in it, have no range.
    """

    rows: tuple[Row, ...]
    before: Matrix
    after: Matrix
    solved: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """Number of solved draws."""
        return int(self.solved.sum())

    @cached_property
    def change(self) -> Matrix:
        """After minus before (D, R); NaN where either is absent."""
        return self.after - self.before

    @cached_property
    def before_spread(self) -> Spread:
        """How far the values before range."""
        return self._spread(self.before)

    @cached_property
    def after_spread(self) -> Spread:
        """How far the values after range: what ``low`` and ``high`` of a row are."""
        return self._spread(self.after)

    @cached_property
    def change_spread(self) -> Spread:
        """How far the changes range, draw by draw: not the difference of the two ranges."""
        return self._spread(self.change)

    def _spread(self, values: Matrix) -> Spread:
        found, present = quantiles(self._of_solved(values), (LOW, MEDIAN, HIGH))
        return Spread(found[0], found[1], found[2], self.count - present)

    def _of_solved(self, values: Matrix) -> Matrix:
        return values if self.solved.all() else values.T[:, self.solved].T

    @cached_property
    def place(self) -> dict[tuple[str, str, str | None], int]:
        """Where each (measure, region, good) stands among the rows."""
        return {(r.measure, r.region, r.good): i for i, r in enumerate(self.rows)}

    def after_of(self, measure: str, region: str, good: str | None = None) -> RowSpread | None:
        """Return the range of one row after, or ``None`` where there is no such row."""
        return self._one(self.after_spread, measure, region, good)

    def change_of(self, measure: str, region: str, good: str | None = None) -> RowSpread | None:
        """Return the range of one row's change, or ``None`` where there is no such row."""
        return self._one(self.change_spread, measure, region, good)

    def _one(self, spread: Spread, measure: str, region: str, good: str | None) -> RowSpread | None:
        i = self.place.get((measure, region, good))
        return None if i is None else _at(spread, i)

    @cached_property
    def ranged_rows(self) -> tuple[Row, ...]:
        """The central rows with the ends of what is after and of the change (conventions C45)."""
        after, change = self.after_spread, self.change_spread
        ends = zip(
            self.rows,
            *(_plain(x) for x in (after.low, after.high, change.low, change.high)),
            strict=True,
        )
        return tuple(
            replace(row, low=low, high=high, change_low=less, change_high=more)
            for row, low, high, less, more in ends
        )


def many_effects(
    central: Effects,
    before: ManyAccounts,
    after: ManyAccounts,
    solved: NDArray[np.bool_] | None = None,
) -> ManyEffects:
    """Return what changed in every draw, in the rows of the central answer.

    ``solved`` (D,): the draws that have an answer both before and after; all by default.
    """
    rows = central.rows
    if solved is None:
        solved = np.ones(after.count, dtype=np.bool_)
    return ManyEffects(rows, aligned(before, rows), aligned(after, rows), solved)


def aligned(accounts: ManyAccounts, rows: Sequence[Row]) -> Matrix:
    """Return the accounts' values in the order of rows (D, R)."""
    # A row's draws stand together, so that sorting them is fast.
    whole = np.empty((len(rows), accounts.count))
    for measure, first, keys in _by_measure(rows):
        found = accounts.tables[measure].filled(keys, absent(measure))
        whole[first : first + len(keys)] = found.T
    return whole.T


def _by_measure(rows: Sequence[Row]) -> Iterator[tuple[str, int, list[Key]]]:
    first = 0
    for measure, some in groupby(rows, lambda row: row.measure):
        keys: list[Key] = [(row.region, row.good) for row in some]
        yield measure, first, keys
        first += len(keys)


def quantiles(values: Matrix, chances: Sequence[float]) -> tuple[Matrix, Index]:
    """Return quantiles (chances, R) of each column of (D, R) and how many values it has (R,).

    NaN is no value; a column without any has NaN for quantiles.
    """
    # A column's draws stand together, which is much faster to sort; NaN comes last.
    ranked = np.array(values.T, order="C")
    ranked.sort(axis=1)
    present = values.shape[0] - np.count_nonzero(np.isnan(ranked), axis=1)
    found = [_quantile(ranked, present, chance) for chance in chances]
    return np.array(found), np.asarray(present, dtype=np.intp)


def _quantile(ranked: Matrix, present: Index, chance: float) -> Vector:
    if not ranked.shape[1]:
        return np.full(len(ranked), np.nan)
    place = chance * np.maximum(present - 1, 0)
    below = place.astype(np.intp)
    above = np.minimum(below + 1, np.maximum(present - 1, 0))
    rows = np.arange(len(ranked))
    first, second = ranked[rows, below], ranked[rows, above]
    return first + (place - below) * (second - first)


def _at(spread: Spread, i: int) -> RowSpread:
    ends = [float(x[i]) for x in (spread.low, spread.median, spread.high)]
    low, median, high = (None if isnan(x) else x for x in ends)
    return RowSpread(low, median, high, int(spread.missing[i]))


def _plain(values: Vector) -> list[float | None]:
    return [None if isnan(x) else x for x in values.tolist()]
