"""Block LU: linear systems whose unknowns fall into groups, most of which do not meet.

The matrix is a table of dense blocks, absent where two groups do not meet. Blocks are eliminated in
the order of the groups; pivots are sought inside the diagonal blocks only, so the caller looks at
the residual of what it gets. A chain of groups costs what block Thomas does: groups × size³.
Source: G. Golub and C. Van Loan, Matrix Computations (4th ed. 2013), §4.5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from accord.solve.problem import Matrix

Blocks = dict[tuple[int, int], Matrix]


@dataclass(frozen=True)
class BlockLU:
    """The factors of a block matrix of ``count`` groups of equal size n.

    ``blocks``   what is left of every block when its turn came, off the diagonal
    ``inverses`` of the diagonal blocks when their turn came, (n, n) each
    """

    blocks: Blocks
    inverses: tuple[Matrix, ...]

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.inverses)

    def _right_of(self, k: int) -> Iterable[int]:
        return (j for j in range(k + 1, self.count) if (k, j) in self.blocks)

    def _below(self, k: int) -> Iterable[int]:
        return (i for i in range(k + 1, self.count) if (i, k) in self.blocks)

    def solve(self, right: Matrix) -> Matrix:
        """Return x with M x = ``right``; both (count, n, columns)."""
        x = right.copy()
        for k in range(self.count):
            lead = self.inverses[k] @ x[k]
            for i in self._below(k):
                x[i] -= self.blocks[i, k] @ lead
        for k in reversed(range(self.count)):
            for j in self._right_of(k):
                x[k] -= self.blocks[k, j] @ x[j]
            x[k] = self.inverses[k] @ x[k]
        return x

    def solve_transposed(self, right: Matrix) -> Matrix:
        """Return x with Mᵀ x = ``right``; both (count, n, columns)."""
        x = right.copy()
        for k in range(self.count):
            x[k] = self.inverses[k].T @ x[k]
            for j in self._right_of(k):
                x[j] -= self.blocks[k, j].T @ x[k]
        for k in reversed(range(self.count)):
            for i in self._below(k):
                x[k] -= self.inverses[k].T @ (self.blocks[i, k].T @ x[i])
        return x


def factor(blocks: Blocks, count: int) -> BlockLU | None:
    """Return the factors of a block matrix; ``None`` where a diagonal block is singular.

    ``blocks`` (row group, column group) → (n, n); it is used up.
    """
    inverses: list[Matrix] = []
    for k in range(count):
        try:
            inverse = np.linalg.inv(blocks[k, k])
        except np.linalg.LinAlgError:
            return None
        inverses.append(np.asarray(inverse, dtype=np.float64))
        right = [j for j in range(k + 1, count) if (k, j) in blocks]
        for i in range(k + 1, count):
            if (i, k) not in blocks or not right:
                continue
            lead = blocks[i, k] @ inverse
            for j in right:
                change = lead @ blocks[k, j]
                blocks[i, j] = blocks[i, j] - change if (i, j) in blocks else -change
    return BlockLU(blocks, tuple(inverses))
