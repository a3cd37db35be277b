"""Dense linear algebra for blocks of a few dozen rows, in plain loops to be compiled.

LU with partial pivoting inside a block: G. Golub and C. Van Loan, Matrix Computations (4th ed.
2013), §3.4. Four products at a time keep what is added to in the processor's registers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from accord.equilibrium.arrays import Index, Vector
from accord.equilibrium.fast_compiled import SUMS, compiled

Array = NDArray[np.float64]


# Columns that are factored before the rest of the rows is brought up to date.
PANEL = 4


@compiled(SUMS)
def factor(a: Array, pivots: Index, n: int) -> None:
    """Factor the first n rows and columns in place; a zero pivot leaves what is no number."""
    for start in range(0, n, PANEL):
        stop = min(start + PANEL, n)
        for k in range(start, stop):
            _pivot(a, pivots, k, n)
            part = a[k, k]
            for i in range(k + 1, n):
                lead = a[i, k] * part
                a[i, k] = lead
                for j in range(k + 1, stop):
                    a[i, j] -= lead * a[k, j]
        for k in range(start + 1, stop):
            less_row(a, k, a, k, a, start, k, stop, n)
        less_rows(a, stop, n, a, a, start, stop, stop, n)


@compiled(SUMS)
def _pivot(a: Array, pivots: Index, k: int, n: int) -> None:
    """Bring the largest of what is left of a column up, and put its inverse in its place."""
    best = k
    for i in range(k + 1, n):
        if abs(a[i, k]) > abs(a[best, k]):
            best = i
    pivots[k] = best
    if best != k:
        for j in range(n):
            a[k, j], a[best, j] = a[best, j], a[k, j]
    a[k, k] = 1.0 / a[k, k] if a[k, k] != 0.0 else np.nan


@compiled(SUMS)
def solve(a: Array, pivots: Index, x: Vector, n: int) -> None:
    """Solve for one right-hand side in place, with what ``factor`` left."""
    for k in range(n):
        best = pivots[k]
        if best != k:
            x[k], x[best] = x[best], x[k]
    for i in range(n):
        left = x[i]
        for j in range(i):
            left -= a[i, j] * x[j]
        x[i] = left
    for i in range(n - 1, -1, -1):
        left = x[i]
        for j in range(i + 1, n):
            left -= a[i, j] * x[j]
        x[i] = left * a[i, i]


@compiled(SUMS)
def solve_block(a: Array, pivots: Index, x: Array) -> None:
    """Solve for the columns of x (n, n) in place."""
    n, columns = x.shape
    for k in range(n):
        best = pivots[k]
        if best != k:
            for c in range(columns):
                x[k, c], x[best, c] = x[best, c], x[k, c]
    for i in range(0, n, PANEL):
        last = min(i + PANEL, n)
        less_rows(x, i, last, a, x, 0, i, 0, columns)
        for k in range(i + 1, last):
            less_row(x, k, a, k, x, i, k, 0, columns)
    for last in range(n, 0, -PANEL):
        i = max(last - PANEL, 0)
        less_rows(x, i, last, a, x, last, n, 0, columns)
        for k in range(last - 1, i - 1, -1):
            less_row(x, k, a, k, x, k + 1, last, 0, columns)
            for c in range(columns):
                x[k, c] *= a[k, k]


@compiled(SUMS)
def less_rows(  # noqa: PLR0913, PLR0917 - which rows of what
    to: Array, start: int, stop: int, by: Array, rows: Array, first: int, last: int,
    left: int, right: int,
) -> None:  # fmt: skip
    """Take Σ by[i, j]·rows[j] off rows ``start`` … of ``to``, j from ``first``, some columns."""
    i = start
    while i + 2 <= stop:
        j = first
        while j + 4 <= last:
            a0, a1, a2, a3 = by[i, j], by[i, j + 1], by[i, j + 2], by[i, j + 3]
            b0, b1, b2, b3 = by[i + 1, j], by[i + 1, j + 1], by[i + 1, j + 2], by[i + 1, j + 3]
            for c in range(left, right):
                r0, r1, r2, r3 = rows[j, c], rows[j + 1, c], rows[j + 2, c], rows[j + 3, c]
                to[i, c] -= a0 * r0 + a1 * r1 + a2 * r2 + a3 * r3
                to[i + 1, c] -= b0 * r0 + b1 * r1 + b2 * r2 + b3 * r3
            j += 4
        while j < last:
            a0, b0 = by[i, j], by[i + 1, j]
            for c in range(left, right):
                to[i, c] -= a0 * rows[j, c]
                to[i + 1, c] -= b0 * rows[j, c]
            j += 1
        i += 2
    if i < stop:
        less_row(to, i, by, i, rows, first, last, left, right)


@compiled(SUMS)
def less_row(  # noqa: PLR0913, PLR0917 - which row of what
    to: Array, at: int, by: Array, its: int, rows: Array, first: int, last: int,
    left: int, right: int,
) -> None:  # fmt: skip
    """Take Σ by[its, j]·rows[j] off one row of ``to``, j from ``first``, some columns."""
    j = first
    while j + 4 <= last:
        a0, a1, a2, a3 = by[its, j], by[its, j + 1], by[its, j + 2], by[its, j + 3]
        for c in range(left, right):
            to[at, c] -= (
                a0 * rows[j, c] + a1 * rows[j + 1, c] + a2 * rows[j + 2, c] + a3 * rows[j + 3, c]
            )
        j += 4
    while j < last:
        a0 = by[its, j]
        for c in range(left, right):
            to[at, c] -= a0 * rows[j, c]
        j += 1


@compiled(SUMS)
def less_sums(to: Vector, by: Vector, rows: Array, start: int, stop: int) -> None:
    """Take Σ by[j]·rows[j] off a vector, j from ``start`` up to ``stop``."""
    for j in range(start, stop):
        part = by[j]
        if part != 0.0:
            for c in range(len(to)):
                to[c] -= part * rows[j, c]


@compiled(SUMS)
def eliminate(blocks: Array, pivots: Index, present: Index) -> None:
    """Factor a matrix of blocks (G, G, n, n) in place.

    Right of the diagonal it leaves what is solved with the diagonal block, below it what was there.
    """
    goods, n = blocks.shape[0], blocks.shape[2]
    for k in range(goods):
        factor(blocks[k, k], pivots[k], n)
        for j in range(k + 1, goods):
            if present[k, j] == 0:
                continue
            solve_block(blocks[k, k], pivots[k], blocks[k, j])
            for i in range(k + 1, goods):
                if present[i, k] != 0:
                    less_rows(blocks[i, j], 0, n, blocks[i, k], blocks[k, j], 0, n, 0, n)


@compiled(SUMS)
def through(blocks: Array, pivots: Index, present: Index, x: Vector) -> None:
    """Solve with what ``eliminate`` left, one right-hand side (G·n,) in place."""
    goods, n = blocks.shape[0], blocks.shape[2]
    for k in range(goods):
        its = x[k * n : (k + 1) * n]
        solve(blocks[k, k], pivots[k], its, n)
        for i in range(k + 1, goods):
            if present[i, k] != 0:
                _less(x[i * n : (i + 1) * n], blocks[i, k], its)
    for k in range(goods - 1, -1, -1):
        for j in range(k + 1, goods):
            if present[k, j] != 0:
                _less(x[k * n : (k + 1) * n], blocks[k, j], x[j * n : (j + 1) * n])


@compiled(SUMS)
def _less(to: Vector, block: Array, x: Vector) -> None:
    for i in range(len(to)):
        row, total = block[i], 0.0
        for j in range(len(x)):
            total += row[j] * x[j]
        to[i] -= total
