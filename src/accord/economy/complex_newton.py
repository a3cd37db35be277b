"""Newton's method with the exact derivative of whatever the residual computes.

The derivative of an analytic f is Im f(x + ih)/h for tiny h, without the cancellation of finite
differences: every entry is right to rounding, and no formula is written twice. All columns are
evaluated in one call.

Source: W. Squire and G. Trapp, "Using complex variables to estimate derivatives of real functions",
SIAM Review 40 (1998).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Columns = NDArray[Any]  # (n, k), real or complex
Residual = Callable[[Columns], Columns]
TINY = 1e-150
SMALLEST_STEP = 1e-4


@dataclass(frozen=True)
class Reached:
    """The best point found: its largest residual (infinite: not a number), and the steps taken."""

    x: Array
    error: float
    steps: int


def complex_newton(
    residual: Residual, start: Array, tolerance: float = 1e-13, max_steps: int = 50
) -> Reached:
    """Return a zero of ``residual``, (n, k) → (n, k) column by column, or the best point found.

    Steps are halved until the largest residual falls. Never raises for a hard function.
    """
    x, f = start, _at(residual, start)
    error = _size(f)
    for taken in range(max_steps):
        if error <= tolerance or not np.isfinite(error):
            return Reached(x, error, taken)
        try:
            step = np.asarray(np.linalg.solve(_slope(residual, x), -f), dtype=np.float64)
        except np.linalg.LinAlgError:
            return Reached(x, error, taken)
        part, tried, value = 1.0, x, f
        while part >= SMALLEST_STEP:
            tried = x + part * step
            value = _at(residual, tried)
            if _size(value) < (1.0 - 0.1 * part) * error:
                break
            part *= 0.5
        else:
            return Reached(x, error, taken)  # at rounding, or at a point it cannot leave
        x, f, error = tried, value, _size(value)
    return Reached(x, error, max_steps)


def along_path(
    residual_at: Callable[[float], Residual], start: Array, good: float, pieces: int = 64
) -> Reached:
    """Return the end of the path of zeros of ``residual_at(s)`` from s = 0, at ``start``, to 1.

    Steps of s grow and shrink, 1/``pieces`` the smallest; ``good`` is the residual that counts.
    """
    done, length, steps, x = 0.0, 0.25, 0, start
    while True:
        part = min(1.0, done + length)
        found = complex_newton(residual_at(part), x)
        steps += found.steps
        if found.error <= good:
            done, x, length = part, found.x, min(2.0 * length, 0.25)
            if done >= 1.0:
                return Reached(x, found.error, steps)
            continue
        length *= 0.5
        if length < 1.0 / pieces:
            return Reached(x, float("inf"), steps)


def _at(residual: Residual, x: Array) -> Array:
    return np.asarray(residual(x[:, None])[:, 0], dtype=np.float64)


def _slope(residual: Residual, x: Array) -> Array:
    """Return the derivative (n, n)."""
    nudged: Columns = x[:, None] + 1j * TINY * np.eye(len(x))
    return np.asarray(np.imag(residual(nudged)), dtype=np.float64) / TINY


def _size(f: Array) -> float:
    worst = float(np.max(np.abs(f), initial=0.0))
    return worst if np.isfinite(worst) else float("inf")
