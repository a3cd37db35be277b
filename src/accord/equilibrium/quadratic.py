"""The homogeneous closure as a quadratic program, where it is one: a check by another solver.

Nothing is solved this way unless asked: accord's own method is the faster one. With Clarabel (an
extra) installed, tests and benchmarks compare the two.

With linear supply and demand, no ad valorem duties and no limits but plain ones, the equilibrium
maximises Σ area under demand − Σ cost − Σ x·freight and duties per tonne (P. Samuelson, "Spatial
price equilibrium and linear programming", American Economic Review 42 (1952)); prices are the
multipliers. An ad valorem duty breaks this symmetry, so most markets are not such a program.
"""

from __future__ import annotations

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Arrays, Vector

LINEAR = 1e-9
PRECISE = 1e-13
# The bound of a limit that is not in force, in units of the largest capacity.
NO_LIMIT = 1e6


@dataclass(frozen=True)
class Sparse:
    """A matrix by columns, in the form that Clarabel reads (as ``scipy.sparse.csc_matrix``)."""

    data: Vector
    indices: NDArray[np.int64]
    indptr: NDArray[np.int64]
    shape: tuple[int, int]
    has_sorted_indices: bool = True
    has_canonical_format: bool = True

    @classmethod
    def of(
        cls, rows: list[Any], columns: list[Any], values: list[Any], shape: tuple[int, int]
    ) -> Sparse:
        """Gather entries given in pieces; no place may come twice."""
        row, column, value = (np.concatenate(parts) for parts in (rows, columns, values))
        order = np.lexsort((row, column))
        counts = np.bincount(column, minlength=shape[1])
        indptr = np.concatenate([[0], np.cumsum(counts)])
        return cls(value[order].astype(np.float64), row[order], indptr, shape)


def available() -> bool:
    """Return whether the extra ``accord[clarabel]`` is installed."""
    return importlib.util.find_spec("clarabel") is not None


def is_quadratic(arrays: Arrays) -> bool:
    """Return whether the homogeneous closure's equilibrium is a quadratic program."""
    lanes, activities, limits = arrays.lanes, arrays.activities, arrays.limits
    wanted = arrays.buyers.quantity > 0.0
    runs = (activities.capacity > 0.0) & (activities.rising_cost != 0.0)
    plain = limits.active & ((limits.sign < 0.0) | np.isfinite(limits.top))
    return bool(
        np.all(np.abs(lanes.slope - lanes.shipped) <= LINEAR)
        and np.all(np.abs(arrays.buyers.gamma[wanted] - 1.0) <= LINEAR)
        and np.all(np.abs(activities.inverse_curvature[runs] - 1.0) <= LINEAR)
        and np.all(activities.kept == 1.0)
        and not np.any(limits.grows)
        and not np.any(plain)
    )


def solve_quadratic(arrays: Arrays) -> Vector | None:
    """Return the point z = (p, y, r, P, x) that Clarabel finds; ``None`` where it fails.

    Raises ``ImportError`` without the extra, ``ValueError`` where there is no such program.
    """
    if not is_quadratic(arrays):
        raise ValueError("the equilibrium is not a quadratic program")
    clarabel: Any = importlib.import_module("clarabel")
    program = Program(arrays)
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = PRECISE
    cones = [clarabel.NonnegativeConeT(len(program.bound))]
    solution = clarabel.DefaultSolver(
        program.curvature, program.slope, program.matrix, program.bound, cones, settings
    ).solve()
    if str(solution.status) not in {"Solved", "AlmostSolved"}:
        return None
    return program.point(np.array(solution.x), np.array(solution.z))


@dataclass(frozen=True)
class Program:
    """min ½ vᵀ·curvature·v + slope·v with matrix·v ≤ bound, over v = (y, q, x), scaled.

    q is final demand. Amounts are measured in ``tonnes`` and money in ``price`` of the market.
    Rows: clearing at nodes, clearing at buyers, limits, capacities, then v ≥ 0.
    """

    arrays: Arrays

    @cached_property
    def tonnes(self) -> float:
        """Size of amounts."""
        return float(np.max(self.arrays.activities.capacity, initial=1e-9))

    @cached_property
    def price(self) -> float:
        """Size of prices."""
        return float(np.mean(self.arrays.reference_price))

    @cached_property
    def _wanted(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.arrays.buyers.quantity > 0.0)

    @cached_property
    def _open(self) -> NDArray[np.intp]:
        return np.flatnonzero(np.isfinite(self.arrays.lanes.log_weight))

    @cached_property
    def _sizes(self) -> tuple[int, int, int, int, int, int]:
        n, a, m, _ = self.arrays.sizes
        return n, len(self.arrays.buyers.theta), m, a, len(self._wanted), len(self._open)

    @property
    def rows(self) -> tuple[int, int, int]:
        """Numbers of rows for nodes, buyers and limits; what follows are bounds."""
        return self._sizes[:3]

    @cached_property
    def curvature(self) -> Sparse:
        """Slopes of marginal cost and inverse demand, on the diagonal."""
        _, _, _, a, q, x = self._sizes
        activities, buyers, wanted = self.arrays.activities, self.arrays.buyers, self._wanted
        capacity = np.where(activities.capacity > 0.0, activities.capacity, 1.0)
        span = (buyers.choke - buyers.price)[wanted] / buyers.quantity[wanted]
        slopes = np.concatenate([activities.rising_cost / capacity, span])
        place = np.arange(a + q)
        size = a + q + x
        return Sparse.of([place], [place], [slopes * self.tonnes / self.price], (size, size))

    @cached_property
    def slope(self) -> Vector:
        """Cost at a standstill, less choke prices, and freight and duties on lanes."""
        choke = self.arrays.buyers.choke[self._wanted]
        lanes = self.arrays.lanes.intercept[self._open]
        return np.concatenate([self.arrays.activities.fixed_cost, -choke, lanes]) / self.price

    @cached_property
    def bound(self) -> Vector:
        """Right sides: 0 at markets, limits, capacities, 0."""
        n, b, _, a, q, x = self._sizes
        limits = self.arrays.limits
        most = np.where(limits.active, limits.bound / self.tonnes, NO_LIMIT)
        capacity = self.arrays.activities.capacity / self.tonnes
        return np.concatenate([np.zeros(n + b), most, capacity, np.zeros(a + q + x)])

    @cached_property
    def matrix(self) -> Sparse:
        """Left sides of the rows."""
        n, b, m, a, q, x = self._sizes
        lanes, limits, activities = self.arrays.lanes, self.arrays.limits, self.arrays.activities
        node, buyer, shipped = (v[self._open] for v in (lanes.node, lanes.buyer, lanes.shipped))
        flow, every = a + q + np.arange(x), np.arange(a + q + x)
        made, needed = np.nonzero(activities.outputs), np.nonzero(activities.inputs)
        counted = np.nonzero(limits.member[:, self._open])
        pieces = [
            (made[0], made[1], -activities.outputs[made]),
            (node, flow, shipped),
            (n + needed[0], needed[1], activities.inputs[needed]),
            (n + self._wanted, a + np.arange(q), np.ones(q)),
            (n + buyer, flow, -np.ones(x)),
            (n + b + counted[0], flow[counted[1]], np.ones(len(counted[0]))),
            (n + b + m + np.arange(a), np.arange(a), np.ones(a)),
            (n + b + m + a + every, every, -np.ones(a + q + x)),
        ]
        rows, columns, values = (list(part) for part in zip(*pieces, strict=True))
        return Sparse.of(rows, columns, values, (len(self.bound), a + q + x))

    def point(self, amounts: Vector, multipliers: Vector) -> Vector:
        """Return z = (p, y, r, P, x) from the program's solution."""
        n, b, m, a, q, _ = self._sizes
        paid = multipliers * self.price
        flow = np.zeros(len(self.arrays.lanes.node))
        flow[self._open] = np.maximum(amounts[a + q :], 0.0) * self.tonnes
        level = np.clip(amounts[:a] * self.tonnes, 0.0, self.arrays.activities.capacity)
        return np.concatenate([paid[:n], level, paid[n + b : n + b + m], paid[n : n + b], flow])
