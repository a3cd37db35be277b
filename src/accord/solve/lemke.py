"""Lemke's method for linear complementarity: F(z) = M z + q ⟂ l ≤ z ≤ u.

A finite pivoting method: it ends at a solution or on a ray. For copositive-plus M (every positive
semi-definite one) a ray proves that M z + q ≥ 0, z ≥ 0 has no point. Ties are broken
lexicographically, so it does not cycle. Sources: C. Lemke, Management Science 11 (1965);
R. Cottle, J.-S. Pang and R. Stone, The Linear Complementarity Problem (1992), chapter 4.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from accord.solve.block_matrix import BlockMatrix
from accord.solve.ladder import judge
from accord.solve.outcome import Outcome, Step
from accord.solve.problem import Index, Matrix, Problem, Vector
from accord.solve.scaling import scales

PIVOT = 1e-11


@dataclass(frozen=True, slots=True)
class Lemke:
    """Complementary pivoting; ``max_pivots`` per unknown and a largest residual for a solution."""

    max_pivots: int = 50
    tolerance: float = 1e-9

    def solve(self, matrix: Matrix, constant: Vector, lower: Vector, upper: Vector) -> Outcome:
        """Solve M z + q ⟂ l ≤ z ≤ u for M (n, n), q, l, u (n,), l finite or −∞, u finite or ∞.

        Unknowns without a lower bound but with an upper one are turned round; those without any
        are split in two. An ``Outcome`` says where it ended; a ray is a failure that says so.
        """
        began = time.perf_counter()
        form = _Standard.of(matrix, constant, lower, upper)
        found, pivots, ended = _pivot(form.matrix, form.constant, self.max_pivots)
        nowhere = np.clip(np.zeros(len(constant)), lower, upper)
        z = nowhere if found is None else form.back(found)
        problem = affine(matrix, constant, lower, upper, z)
        steps = (Step("Lemke", pivots, float("nan")),)
        outcome = judge(problem, z, steps, self.tolerance, time.perf_counter() - began)
        if outcome.solved:
            return outcome
        return _failed(outcome, ended)


def affine(matrix: Matrix, constant: Vector, lower: Vector, upper: Vector, near: Vector) -> Problem:
    """Return F(z) = M z + q with its bounds as a ``Problem``, scaled at ``near`` (n,)."""
    z_scale, f_scale = scales(
        BlockMatrix.dense(matrix), near, matrix @ near + constant, lower, upper
    )
    return Problem(
        lambda z: matrix @ z + constant, lambda _: matrix, lower, upper, z_scale, f_scale
    )


def _failed(outcome: Outcome, ended: str) -> Outcome:
    cause = {
        "ray": "Lemke's method ended on a ray: if M is positive semi-definite, no point within "
        "the bounds has F ≥ 0 where it must",
        "pivots": "Lemke's method used up its pivots",
        "done": f"the pivots lost too much precision: {outcome.cause}",
    }[ended]
    return Outcome(
        outcome.reached, outcome.residual, outcome.steps, outcome.seconds, solved=False,
        failure="no solution" if ended == "ray" else "stalled", cause=cause,
        remedy="look for rows that cannot be met together, or use a Newton method (mcp)",
        worst=outcome.worst,
    )  # fmt: skip


@dataclass(frozen=True)
class _Standard:
    """The same problem as 0 ≤ x ⟂ M x + q ≥ 0, and the way back z = shift + turn·x."""

    matrix: Matrix
    constant: Vector
    turn: Matrix
    shift: Vector

    @staticmethod
    def of(matrix: Matrix, constant: Vector, lower: Vector, upper: Vector) -> _Standard:
        n = len(constant)
        low, high = np.isfinite(lower), np.isfinite(upper)
        free, both = ~low & ~high, np.flatnonzero(low & high)
        shift = np.where(low, lower, np.where(high, upper, 0.0))
        sign = np.where(~low & high, -1.0, 1.0)
        turn = np.hstack([np.diag(sign), -np.eye(n)[:, free], np.zeros((n, len(both)))])
        count = n + int(free.sum())
        whole = np.zeros((count + len(both),) * 2)
        whole[:count] = turn.T[:count] @ matrix @ turn
        rows = count + np.arange(len(both))
        whole[rows, both], whole[both, rows] = -1.0, 1.0
        rest = np.concatenate([turn.T[:count] @ (matrix @ shift + constant), (upper - lower)[both]])
        return _Standard(whole, rest, turn, shift)

    def back(self, x: Vector) -> Vector:
        return self.shift + self.turn @ x


def _pivot(matrix: Matrix, constant: Vector, most: int) -> tuple[Vector | None, int, str]:
    """Return x with 0 ≤ x ⟂ M x + q ≥ 0, or ``None``; pivots; and how it ended."""
    n = len(constant)
    if n == 0 or float(constant.min()) >= 0.0:
        return np.zeros(n), 0, "done"
    # Columns: w (n), x (n), the artificial unknown, right-hand side.
    table = np.hstack([np.eye(n), -matrix, -np.ones((n, 1)), constant[:, None]])
    basis = np.arange(n)
    row = _lexicographic_least(table, np.flatnonzero(constant == constant.min()), n)
    entering = 2 * n
    for pivots in range(1, most * n + 1):
        leaving = int(basis[row])
        _exchange(table, row, entering)
        basis[row] = entering
        if leaving == 2 * n:
            x = np.zeros(2 * n + 1)
            x[basis] = table[:, -1]
            return np.maximum(x[n : 2 * n], 0.0), pivots, "done"
        entering = leaving + n if leaving < n else leaving - n
        column = table[:, entering]
        able = np.flatnonzero(column > PIVOT * max(1.0, float(np.max(np.abs(column)))))
        if not able.size:
            return None, pivots, "ray"
        ratio = table[able, -1] / column[able]
        ties = able[ratio <= ratio.min() + 1e-12 * (1.0 + abs(float(ratio.min())))]
        artificial = np.flatnonzero(basis[ties] == 2 * n)
        row = int(ties[artificial[0]]) if artificial.size else _tie_break(table, ties, entering, n)
    return None, most * n, "pivots"


def _tie_break(table: Matrix, ties: Index, entering: int, n: int) -> int:
    scaled = table[ties, :n] / table[ties, entering][:, None]
    return int(ties[np.lexsort(scaled.T[::-1])[0]])


def _lexicographic_least(table: Matrix, ties: Index, n: int) -> int:
    """Return the row of the most negative constant; among equals, the last in the basis' order."""
    return int(ties[np.lexsort(table[ties, :n].T[::-1])[0]])


def _exchange(table: Matrix, row: int, column: int) -> None:
    table[row] /= table[row, column]
    factor = table[:, column].copy()
    factor[row] = 0.0
    table -= factor[:, None] * table[row]
