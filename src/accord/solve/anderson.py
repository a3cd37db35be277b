"""Anderson acceleration for fixed points x = g(x).

The next point is the combination of the last ones whose residual would vanish if g were affine.
Source: H. Walker and P. Ni, "Anderson acceleration for fixed-point iterations", SIAM Journal on
Numerical Analysis 49 (2011), with a restart where the residual grows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from accord.solve.outcome import Failure, Outcome, Step
from accord.solve.problem import Vector

GROWTH = 10.0


@dataclass(frozen=True, slots=True)
class Anderson:
    """Anderson acceleration as a value.

    ``memory``     differences kept;  ``mixing`` share of the residual added (1: undamped)
    ``tolerance``  largest |g(x) − x|, over max(|x|, 1), that counts as a fixed point
    """

    memory: int = 8
    mixing: float = 1.0
    tolerance: float = 1e-11
    max_steps: int = 500

    def solve(self, g: Callable[[Vector], Vector], start: Vector) -> Outcome:
        """Find x = g(x) from ``start`` (n,). Never raises for a hard map; the outcome says so."""
        began = time.perf_counter()
        x = np.asarray(start, dtype=np.float64)
        moves: list[Vector] = []
        changes: list[Vector] = []
        best, best_size, mixing = x, float("inf"), self.mixing
        residual = _residual(g, x)
        steps = 0
        while steps < self.max_steps:
            size = _size(x, residual)
            if size < best_size:
                best, best_size = x, size
            if best_size <= self.tolerance or (not np.isfinite(size) and not moves):
                break
            if not size <= GROWTH * best_size:  # forget, go back, and go more softly
                moves, changes, x, mixing = [], [], best, 0.5 * mixing
                residual = _residual(g, x)
                if mixing < 1e-3 * self.mixing:
                    break
            move = _accelerated(residual, moves, changes, mixing)
            before, x = residual, x + move
            residual = _residual(g, x)
            moves = [*moves, move][-self.memory :]
            changes = [*changes, residual - before][-self.memory :]
            steps += 1
        return _outcome(g, best, steps, self.tolerance, time.perf_counter() - began)


def _residual(g: Callable[[Vector], Vector], x: Vector) -> Vector:
    return np.asarray(g(x), dtype=np.float64) - x


def _size(x: Vector, residual: Vector) -> float:
    if not np.all(np.isfinite(residual)):
        return float("inf")
    return float(np.max(np.abs(residual) / np.maximum(np.abs(x), 1.0), initial=0.0))


def _accelerated(
    residual: Vector, moves: list[Vector], changes: list[Vector], mixing: float
) -> Vector:
    if not moves:
        return mixing * residual
    change, move = np.column_stack(changes), np.column_stack(moves)
    weights = np.linalg.lstsq(change, residual, rcond=1e-12)[0]
    return mixing * residual - (move + mixing * change) @ weights


def _outcome(
    g: Callable[[Vector], Vector], x: Vector, steps: int, tolerance: float, seconds: float
) -> Outcome:
    residual = _residual(g, x)
    size = _size(x, residual)
    worst = int(np.argmax(np.abs(residual))) if residual.size else -1
    taken = (Step("Anderson", steps, size),)
    if size <= tolerance:
        return Outcome(x, size, taken, seconds, solved=True, worst=worst, gap=size)
    failure: Failure = "stalled"
    cause = f"after {steps} steps entry {worst} still moves by {residual[worst]:.1e}"
    remedy = "start nearer, mix less of each step, or state the problem for a Newton method"
    if not np.isfinite(size):
        failure, worst = "not a number", int(np.flatnonzero(~np.isfinite(residual))[0])
        cause = f"entry {worst} of g is not a number at the point reached"
        remedy = "start where g is defined"
    return Outcome(
        x, size, taken, seconds, solved=False, failure=failure, cause=cause, remedy=remedy,
        worst=worst,
    )  # fmt: skip
