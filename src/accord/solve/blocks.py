"""Block LU: linear systems whose unknowns fall into groups, most of which do not meet.

The matrix is a table of dense blocks, absent where two groups do not meet. Blocks are eliminated in
the order of the groups; pivots are sought inside the diagonal blocks only, so the caller looks at
the residual of what it gets. A chain of groups costs what block Thomas does: groups × size³.
Source: G. Golub and C. Van Loan, Matrix Computations (4th ed. 2013), §4.5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from accord.solve.inverse import inverse
from accord.solve.problem import Matrix

Blocks = dict[tuple[int, int], Matrix]
Places = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class BlockLU:
    """The factors of a block matrix of groups of sizes n_k.

    ``blocks``   off the diagonal: above it what is left of every block when its turn came (U),
                 below it the same times the inverse of its column's diagonal block (L)
    ``inverses`` of the diagonal blocks when their turn came, (n_k, n_k) each
    """

    blocks: Blocks
    inverses: tuple[Matrix, ...]

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.inverses)

    @cached_property
    def _above(self) -> Places:
        """The columns of the blocks right of each diagonal block."""
        return _places(((k, j) for k, j in self.blocks if j > k), self.count)

    @cached_property
    def _below(self) -> Places:
        """The rows of the blocks below each diagonal block."""
        return _places(((k, i) for i, k in self.blocks if i > k), self.count)

    def solve(self, right: Sequence[Matrix]) -> list[Matrix]:
        """Return x with M x = ``right``, group by group; (n_k, columns) each."""
        x = [part.copy() for part in right]
        for k in range(self.count):
            for i in self._below[k]:
                x[i] -= self.blocks[i, k] @ x[k]
        for k in reversed(range(self.count)):
            for j in self._above[k]:
                x[k] -= self.blocks[k, j] @ x[j]
            x[k] = self.inverses[k] @ x[k]
        return x

    def solve_transposed(self, right: Sequence[Matrix]) -> list[Matrix]:
        """Return x with Mᵀ x = ``right``, group by group; (n_k, columns) each."""
        x = [part.copy() for part in right]
        for k in range(self.count):
            x[k] = _transposed(self.inverses[k]) @ x[k]
            for j in self._above[k]:
                x[j] -= _transposed(self.blocks[k, j]) @ x[k]
        for k in reversed(range(self.count)):
            for i in self._below[k]:
                x[k] -= _transposed(self.blocks[i, k]) @ x[i]
        return x


def _places(pairs: Iterable[tuple[int, int]], count: int) -> Places:
    found: list[list[int]] = [[] for _ in range(count)]
    for k, other in sorted(pairs):
        found[k].append(other)
    return tuple(tuple(x) for x in found)


def _transposed(block: Matrix) -> Matrix:
    return block.swapaxes(-1, -2)


def factor(blocks: Blocks, count: int) -> BlockLU | None:
    """Return the factors of a block matrix; ``None`` where a diagonal block is singular.

    ``blocks`` (row group, column group) → (n_row, n_column), every one on the diagonal among them;
    it is used up.
    """
    try:
        return eliminated(blocks, count, _inverse)
    except np.linalg.LinAlgError:
        return None


def _inverse(block: Matrix) -> Matrix:
    found = inverse(block)
    if found is None:
        raise np.linalg.LinAlgError("a diagonal block is singular")
    return found


def eliminated(blocks: Blocks, count: int, invert: Callable[[Matrix], Matrix]) -> BlockLU:
    """Return the factors of a block matrix, the inverses of diagonal blocks found by ``invert``.

    As ``factor``, and for many matrices at once where all blocks have one more axis in front.
    """
    inverses: list[Matrix] = []
    for k in range(count):
        inverted = invert(blocks.pop((k, k)))
        inverses.append(inverted)
        right = [j for j in range(k + 1, count) if (k, j) in blocks]
        for i in range(k + 1, count):
            if (i, k) not in blocks:
                continue
            lead = blocks[i, k] = blocks[i, k] @ inverted
            for j in right:
                change = lead @ blocks[k, j]
                if (i, j) in blocks:
                    np.subtract(blocks[i, j], change, out=change)
                else:
                    np.negative(change, out=change)
                blocks[i, j] = change
    return BlockLU(blocks, tuple(inverses))
