"""Why a solve failed, read from where it stopped, and what would help."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from accord.solve.block_matrix import BlockMatrix
from accord.solve.outcome import Failure
from accord.solve.problem import Index, Matrix, Problem, Vector

FAR_AWAY = 1e7
SINGULAR = 1e-5
PART_OF_IT = 0.1
SHOWN = 4
NORM_STEPS = 5


class Reason(NamedTuple):
    """Kind of failure, the row at fault, and the words for it."""

    failure: Failure
    row: int
    cause: str
    remedy: str


def why_not(problem: Problem, z: Vector, f: Vector, residual: float) -> Reason:
    """Return why no solution was found; z (n,) is where the methods stopped, f (n,) is F there."""
    if not np.all(np.isfinite(f)):
        row = int(np.flatnonzero(~np.isfinite(f))[0])
        return Reason(
            "not a number", row, f"row {row} of F is not a number at {shown(z)}",
            "look for a missing or absurd datum in that row, or start where F is defined",
        )  # fmt: skip
    jacobian = problem.jacobian(z)
    if not np.all(np.isfinite(jacobian)):
        row, column = (int(i) for i in np.argwhere(~np.isfinite(jacobian))[0])
        return Reason(
            "not a number", row,
            f"∂F/∂z in row {row}, column {column} is not a number at {shown(z)}",
            "look at the derivative of that row, or start where it is defined",
        )  # fmt: skip
    worst = int(np.argmax(np.abs(problem.natural_residual(z, f))))
    away = np.abs(z) / problem.z_scale
    if np.max(away) > FAR_AWAY:
        runner = int(np.argmax(away))
        return Reason(
            "unbounded", worst,
            f"unknown {runner} ran off to {z[runner]:.1e} while row {worst} still leaves a "
            f"residual of {residual:.1e}",
            "bound that unknown, or look for why nothing stops it",
        )  # fmt: skip
    return _singular(problem, z, f, jacobian) or Reason(
        "stalled", worst,
        f"no method got further than a residual of {residual:.1e}, left in row {worst}",
        "start nearer, or reach the same problem by smaller changes",
    )  # fmt: skip


def inside(problem: Problem, z: Vector, f: Vector) -> Index:
    """Return the unknowns that are inside their bounds, judged by the sign of z − F."""
    target = z / problem.z_scale - f / problem.f_scale
    low, high = problem.lower / problem.z_scale, problem.upper / problem.z_scale
    return np.flatnonzero((target > low) & (target < high))


def active_system(problem: Problem, z: Vector, f: Vector, jacobian: Matrix) -> tuple[Index, Matrix]:
    """Return the unknowns inside their bounds (k,) and their scaled equations (k, k)."""
    free = inside(problem, z, f)
    rows = jacobian[np.ix_(free, free)] * problem.z_scale[free] / problem.f_scale[free, None]
    return free, rows


def conditioning(problem: Problem, z: Vector, f: Vector) -> float:
    """Return the 1-norm condition number of the active system; infinite where singular."""
    _, rows = active_system(problem, z, f, problem.jacobian(z))
    if not rows.size:
        return 1.0
    try:
        inverse = np.linalg.inv(rows)
    except np.linalg.LinAlgError:
        return float("inf")
    return float(np.abs(rows).sum(axis=0).max() * np.abs(inverse).sum(axis=0).max())


def conditioning_of_blocks(problem: Problem, jacobian: BlockMatrix, z: Vector, f: Vector) -> float:
    """Return the same from a Jacobian in blocks, the norm of the inverse estimated from below.

    Estimates are rarely below a third. ``NaN`` where the blocks cannot be solved with.
    Source: N. Higham, ACM Transactions on Mathematical Software 14 (1988), 381–396.
    """
    free = inside(problem, z, f)
    if not free.size:
        return 1.0
    is_free = np.isin(np.arange(len(z)), free)
    row, diagonal = is_free / problem.f_scale, ~is_free / problem.z_scale
    factored = jacobian.factored(row, diagonal)
    if factored is None:
        return float("nan")
    norm = float(np.max((jacobian.column_sums(row) * problem.z_scale)[free]))
    x = np.where(is_free, 1.0 / len(free), 0.0)
    largest = 0.0
    for _ in range(NORM_STEPS):
        y = factored.solve(x)
        if y is None:
            return float("nan")
        y = np.where(is_free, y / problem.z_scale, 0.0)
        if np.sum(np.abs(y)) <= largest:
            break
        largest = float(np.sum(np.abs(y)))
        back = factored.solve_transposed(np.where(is_free, np.sign(y) / problem.z_scale, 0.0))
        if back is None:
            return float("nan")
        x = np.zeros(len(z))
        x[free[int(np.argmax(np.abs(back[free])))]] = 1.0
    return norm * largest


def _singular(problem: Problem, z: Vector, f: Vector, jacobian: Matrix) -> Reason | None:
    """Name the rows whose combination no unknown moves, if there is one that is not zero."""
    free, rows = active_system(problem, z, f, jacobian)
    if not rows.size:
        return None
    left, sizes, _ = np.linalg.svd(rows)
    idle = left[:, sizes <= SINGULAR * max(float(sizes[0]), 1.0)]
    # Move the idle directions to where the residual points: that combination is in conflict.
    pull = idle.T @ (f / problem.f_scale)[free]
    if not idle.size or float(np.max(np.abs(pull))) == 0.0:
        return None
    mix = idle @ pull / np.linalg.norm(pull)
    parts = free[np.abs(mix) > PART_OF_IT * np.max(np.abs(mix))]
    # A row that nothing moves depends on no other row: it is stuck by itself.
    still = np.linalg.norm(rows, axis=1) <= SINGULAR * max(float(sizes[0]), 1.0)
    stuck = parts[still[np.isin(free, parts)]]
    if stuck.size or len(parts) == 1:
        return _stuck(f, stuck if stuck.size else parts)
    return Reason(
        "singular", int(parts[0]),
        f"the system is singular where the methods stopped: rows {_some(parts)} depend on one "
        "another there and ask for different things",
        "look whether those rows contradict one another, or say the same twice; if neither, "
        "start nearer to a solution",
    )  # fmt: skip


def _stuck(f: Vector, rows: Index) -> Reason:
    """Name rows that are not zero and that no unknown moves."""
    values = ", ".join(f"{f[i]:.1e}" for i in rows[:SHOWN]) + (" …" if len(rows) > SHOWN else "")
    is_at, moves, it = f"row {_some(rows)} of F is {values}", "moves it from there", "that row"
    if len(rows) > 1:
        is_at, moves, it = f"rows {_some(rows)} of F are {values}", "moves them", "each of them"
    return Reason(
        "no solution", int(rows[0]),
        f"{is_at} where the methods stopped, and no unknown inside its bounds {moves}",
        f"look whether {it} can be zero at all; if it can, start nearer to where it is",
    )  # fmt: skip


def _some(rows: Index) -> str:
    return ", ".join(str(i) for i in rows[:SHOWN]) + (" …" if len(rows) > SHOWN else "")


def shown(z: Vector) -> str:
    """Return a point in few words."""
    parts = [f"{x:.6g}" for x in z[:SHOWN]]
    return f"z = [{', '.join(parts)}{', …' if len(z) > SHOWN else ''}]"
