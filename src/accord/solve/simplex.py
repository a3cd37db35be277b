"""A linear program by the bounded simplex method, with a proof where it has no feasible point.

    minimise c·v   where   A v ≤ b  (or = b),   0 ≤ v ≤ u

The first phase drives the sum of what is out of bounds to zero. Where it cannot, its multipliers
are Farkas' certificate that there is no such point (``linear_program``). The most profitable column
enters; after steps that lead nowhere the first one does (R. Bland, Mathematics of Operations
Research 2, 1977), so that it cannot cycle.
Source: V. Chvátal, Linear Programming (1983), chapters 3 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from accord.solve.linear_program import LinearProgram, Mask
from accord.solve.problem import Index, Vector

Status = Literal["optimal", "infeasible", "unbounded", "stalled"]

PIVOT = 1e-9
# Steps without progress after which the first column that helps enters, not the best one.
PATIENCE = 40
REFACTOR = 200


@dataclass(frozen=True)
class Basis:
    """Where a solve stands: the basic columns (R,), and who of all columns is at its upper bound.

    Columns are those of the program and then a slack for each row.
    """

    basic: Index
    at_upper: Mask


@dataclass(frozen=True)
class Vertex:
    """How a linear program ended: status, point (C,), value, row multipliers (R,), basis, pivots.

    ``rows`` are λ of ``Farkas`` where it is infeasible, and 0 otherwise.
    """

    status: Status
    point: Vector
    value: float
    rows: Vector
    basis: Basis
    pivots: int


@dataclass(frozen=True, slots=True)
class Simplex:
    """The bounded simplex method; ``max_pivots`` per row, ``tolerance`` on bounds and costs.

    Tolerances are absolute: scale a program so that what matters in it is of size 1.
    """

    max_pivots: int = 40
    tolerance: float = 1e-9

    def solve(
        self, program: LinearProgram, cost: Vector | None = None, start: Basis | None = None
    ) -> Vertex:
        """Minimise ``cost`` (C,), or only look for a feasible point; ``start`` from a basis."""
        tableau = _Tableau(program, start, self.tolerance)
        budget = self.max_pivots * (len(program.bound) + 20)
        status = tableau.run(None, budget)
        if status == "optimal" and tableau.infeasibility > 0.0:
            return tableau.vertex("infeasible", None)
        if status == "optimal" and cost is not None:
            status = tableau.run(cost, budget)
        return tableau.vertex(status, cost)


class _Tableau:
    """The working state of one solve: basis, its inverse, the values of the basic columns."""

    def __init__(self, program: LinearProgram, start: Basis | None, tolerance: float) -> None:
        self.program = program
        self.tolerance = tolerance
        rows, columns = len(program.bound), len(program.upper)
        # A row that asks for nothing has a free slack.
        asks = np.isfinite(program.bound)
        self.target = np.where(asks, program.bound, 0.0)
        slack = np.where(program.equal, 0.0, np.inf)
        self.upper = np.concatenate([program.upper, slack])
        self.lower = np.concatenate([np.zeros(columns), np.where(asks, 0.0, -np.inf)])
        self.basic = columns + np.arange(rows) if start is None else start.basic.copy()
        upper = np.zeros(rows + columns, np.bool_) if start is None else start.at_upper.copy()
        self.at_upper = upper & np.isfinite(self.upper)
        self.is_basic = np.zeros(rows + columns, np.bool_)
        self.is_basic[self.basic] = True
        self.pivots = 0
        self.refactor()

    # ------------------------------------------------------------------ values

    def refactor(self) -> None:
        """Compute the inverse of the basis and the basic values anew."""
        matrix = np.array([self.program.column_of(int(j)) for j in self.basic]).T
        rows = len(self.target)
        self.inverse = np.linalg.inv(matrix.reshape(rows, rows))
        self.settle()

    def settle(self) -> None:
        """Set the basic values from the nonbasic ones."""
        rest = self.nonbasic_values
        columns = len(self.program.upper)
        held = self.program.times(rest[:columns]) + rest[columns:]
        self.value = self.inverse @ (self.target - held)

    @property
    def nonbasic_values(self) -> Vector:
        low = np.where(np.isfinite(self.lower), self.lower, 0.0)
        return np.where(self.is_basic, 0.0, np.where(self.at_upper, self.upper, low))

    @property
    def violation(self) -> Vector:
        """+1 above the upper bound, −1 below the lower, 0 within them (R,)."""
        above = self.value > self.upper[self.basic] + self.tolerance
        below = self.value < self.lower[self.basic] - self.tolerance
        return above.astype(np.float64) - below

    @property
    def infeasibility(self) -> float:
        out = self.violation
        over = np.where(out > 0.0, self.value - self.upper[self.basic], 0.0)
        under = np.where(out < 0.0, self.lower[self.basic] - self.value, 0.0)
        return float(np.sum(over + under))

    # ------------------------------------------------------------------ steps

    def multipliers(self, cost: Vector | None) -> Vector:
        if cost is None:
            return self.violation @ self.inverse
        return self._whole(cost)[self.basic] @ self.inverse

    def _whole(self, cost: Vector) -> Vector:
        return np.concatenate([cost, np.zeros(len(self.target))])

    def reduced(self, cost: Vector | None) -> Vector:
        """What a unit more of each column adds to the objective (C + R,)."""
        y = self.multipliers(cost)
        own = np.zeros(len(self.upper)) if cost is None else self._whole(cost)
        return own - np.concatenate([self.program.priced(y), y])

    def run(self, cost: Vector | None, budget: int) -> Status:
        """Pivot until nothing helps: phase one without a cost, phase two with it."""
        idle = 0
        for _ in range(budget):
            if cost is None and not self.violation.any():
                return "optimal"
            entering, direction = self.entering(cost, first=idle > PATIENCE)
            if entering < 0:
                return "optimal"
            step = self.advance(entering, direction, first=idle > PATIENCE)
            if not np.isfinite(step):
                return "unbounded"
            idle = 0 if step > self.tolerance else idle + 1
        return "stalled"

    def entering(self, cost: Vector | None, *, first: bool) -> tuple[int, float]:
        """Return the column to move and which way, or (−1, 0) where none helps."""
        reduced = self.reduced(cost)
        gain = np.where(self.at_upper, reduced, -reduced)
        gain = np.where(np.isneginf(self.lower), np.abs(reduced), gain)
        fixed = self.is_basic | (self.upper <= self.lower)
        gain[fixed] = 0.0
        able = np.flatnonzero(gain > self.tolerance)
        if not able.size:
            return -1, 0.0
        j = int(able[0] if first else able[np.argmax(gain[able])])
        return j, -1.0 if reduced[j] > 0.0 else 1.0

    def advance(self, entering: int, direction: float, *, first: bool) -> float:
        """Move a column until something blocks it; return the length of the step."""
        column = self.inverse @ self.program.column_of(entering)
        moves = -direction * column
        step = self._room(moves)
        blocking = np.flatnonzero(step <= step.min(initial=np.inf) + 1e-12)
        length = float(step.min(initial=np.inf))
        own = float(self.upper[entering] - self.lower[entering])
        if own <= length:
            if np.isfinite(own):
                self.at_upper[entering] = direction > 0.0
                self.settle()
            return own
        ties = self.basic[blocking] if first else -np.abs(column[blocking])
        self.exchange(int(blocking[np.argmin(ties)]), entering, column, moves)
        return length

    def _room(self, moves: Vector) -> Vector:
        """How far each basic column lets the entering one go (R,)."""
        out, low, high = self.violation, self.lower[self.basic], self.upper[self.basic]
        rises, falls = moves > PIVOT, moves < -PIVOT
        # One out of bounds blocks when it comes back in, and not when it goes farther out.
        ceiling = np.where(out < 0.0, low, np.where(out > 0.0, np.inf, high))
        floor = np.where(out > 0.0, high, np.where(out < 0.0, -np.inf, low))
        room = np.full(len(moves), np.inf)
        room[rises] = (ceiling[rises] - self.value[rises]) / moves[rises]
        room[falls] = (floor[falls] - self.value[falls]) / moves[falls]
        return np.maximum(room, 0.0)

    def exchange(self, row: int, entering: int, column: Vector, moves: Vector) -> None:
        """Let a column into the basis in place of a row's, which stays at the bound it met."""
        leaving = int(self.basic[row])
        goes_up = bool(moves[row] > 0.0)
        was_below = self.value[row] < self.lower[leaving] - self.tolerance
        was_above = self.value[row] > self.upper[leaving] + self.tolerance
        self.at_upper[leaving] = (goes_up and not was_below) or (not goes_up and bool(was_above))
        self.is_basic[leaving], self.is_basic[entering] = False, True
        self.at_upper[entering] = False
        self.basic[row] = entering
        self.pivots += 1
        if self.pivots % REFACTOR == 0:
            self.refactor()
            return
        self.inverse[row] /= column[row]
        # Few of either are not 0: the rest of the inverse stays as it is.
        across = np.flatnonzero(self.inverse[row])
        down = np.flatnonzero(column)
        down = down[down != row]
        change = np.outer(column[down], self.inverse[row, across])
        self.inverse[np.ix_(down, across)] -= change
        self.settle()

    # ------------------------------------------------------------------ the end

    def vertex(self, status: Status, cost: Vector | None) -> Vertex:
        whole = self.nonbasic_values
        whole[self.basic] = self.value
        point = whole[: len(self.program.upper)]
        none = np.zeros(len(self.target))
        rows = -self.multipliers(None) if status == "infeasible" else none
        basis = Basis(self.basic.copy(), self.at_upper.copy())
        value = 0.0 if cost is None else float(cost @ point)
        return Vertex(status, point, value, rows, basis, self.pivots)
