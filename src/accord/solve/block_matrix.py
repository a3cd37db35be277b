"""A Jacobian in dense blocks: for problems whose unknowns fall into groups that rarely meet.

Periods of a store, stages of a chain, regions of a network: the rows of one group depend on the
unknowns of a few others. Such a matrix is multiplied, measured and solved with block by block, and
never laid out whole unless it is singular where it should not be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from accord.solve.blocks import BlockLU, Blocks, factor
from accord.solve.linear import refined
from accord.solve.problem import Index, Matrix, Vector
from accord.solve.reals import reals


class Fault(NamedTuple):
    """What is wrong with a matrix; ``row`` −1 where it is no single row."""

    kind: str
    cause: str
    row: int


@dataclass(frozen=True)
class BlockMatrix:
    """A square matrix (n, n) of dense blocks; implements ``solve.problem.Linear``.

    ``groups``  the unknowns of every group, which together are 0 … n−1, each once; rows are grouped
                as the unknowns are. Groups are eliminated in this order: a chain from end to end,
                a hub after its spokes
    ``blocks``  (row group, column group) → (rows, columns) of numbers, in the groups' own order;
                what is absent is zero

    Making one checks nothing: ``fault`` says what is wrong, and ``mcp`` asks it.
    """

    groups: Sequence[ArrayLike]
    blocks: Mapping[tuple[int, int], ArrayLike]

    @classmethod
    def dense(cls, matrix: Matrix) -> BlockMatrix:
        """Return a matrix (n, n) as one block."""
        return cls((np.arange(len(matrix)),), {(0, 0): matrix})

    def fault(self, n: int) -> Fault | None:
        """Return what is wrong with it as the Jacobian of n unknowns, if anything is."""
        try:
            groups, blocks = self.index, self.parts
        except (TypeError, ValueError) as error:
            return Fault("shape", f"has groups or blocks that are not numbers: {error}", -1)
        return _group_fault(groups, n) or _block_fault(groups, blocks)

    @cached_property
    def index(self) -> tuple[Index, ...]:
        """The groups as arrays."""
        return tuple(_whole_numbers(group) for group in self.groups)

    @cached_property
    def parts(self) -> dict[tuple[int, int], Matrix]:
        """The blocks as arrays."""
        return {key: reals(x) for key, x in self.blocks.items()}

    @property
    def size(self) -> int:
        """Number of unknowns n."""
        return sum(len(group) for group in self.index)

    def _placed(self) -> Iterator[tuple[Index, Index, Matrix]]:
        """Rows, columns and numbers of every block."""
        return ((self.index[i], self.index[j], block) for (i, j), block in self.parts.items())

    def times(self, vector: Vector) -> Vector:
        """Return matrix · vector (n,)."""
        product = np.zeros(self.size)
        for rows, columns, block in self._placed():
            product[rows] += block @ vector[columns]
        return product

    def strength(self, vector: Vector, enough: Vector | None = None) -> Vector:
        """Return the largest |entry|·vector of every row (n,); see ``solve.problem.Linear``."""
        del enough
        most = np.zeros(self.size)
        for rows, columns, block in self._placed():
            its = np.max(np.abs(block) * vector[columns], axis=1, initial=0.0)
            most[rows] = np.maximum(most[rows], its)
        return most

    def column_strength(self, vector: Vector) -> Vector:
        """Return the largest |entry|·vector of every column (n,); ``vector`` (n,) by rows."""
        most = np.zeros(self.size)
        for rows, columns, block in self._placed():
            its = np.max(np.abs(block) * vector[rows][:, None], axis=0, initial=0.0)
            most[columns] = np.maximum(most[columns], its)
        return most

    def column_sums(self, vector: Vector) -> Vector:
        """Return the sum of |entry|·vector of every column (n,); ``vector`` (n,) by rows."""
        sums = np.zeros(self.size)
        for rows, columns, block in self._placed():
            sums[columns] += vector[rows] @ np.abs(block)
        return sums

    def factored(self, row: Vector, diagonal: Vector) -> FactoredBlocks | None:
        """Return diag(row)·(this) + diag(diagonal), (n,) each, ready to be solved with.

        ``None`` where a diagonal block is singular when its turn comes.
        """
        scaled: Blocks = {
            (i, j): row[self.index[i]][:, None] * block for (i, j), block in self.parts.items()
        }
        for k, group in enumerate(self.index):
            own = scaled.setdefault((k, k), np.zeros((len(group), len(group))))
            own[np.diag_indices_from(own)] += diagonal[group]
        lu = factor(scaled, len(self.index))
        return None if lu is None else FactoredBlocks(self, row, diagonal, lu)

    def transposed(self) -> BlockMatrix:
        """Return the transpose."""
        return BlockMatrix(self.index, {(j, i): x.T for (i, j), x in self.parts.items()})

    def whole(self) -> Matrix:
        """Return the matrix laid out (n, n)."""
        matrix = np.zeros((self.size, self.size))
        for rows, columns, block in self._placed():
            matrix[np.ix_(rows, columns)] = block
        return matrix


@dataclass(frozen=True)
class FactoredBlocks:
    """diag(row)·matrix + diag(diagonal), factored; implements ``solve.problem.Factored``."""

    matrix: BlockMatrix
    row: Vector
    diagonal: Vector
    lu: BlockLU

    def solve(self, right: Vector) -> Vector | None:
        """Return x with (this) x = right (n,); ``None`` where it cannot be trusted."""
        return refined(
            right,
            self._through(self.lu.solve),
            lambda x: self.row * self.matrix.times(x) + self.diagonal * x,
        )

    def solve_transposed(self, right: Vector) -> Vector | None:
        """Return x with (this)ᵀ x = right (n,); ``None`` where it cannot be trusted."""
        across = self.matrix.transposed()
        return refined(
            right,
            self._through(self.lu.solve_transposed),
            lambda x: across.times(self.row * x) + self.diagonal * x,
        )

    def _through(
        self, solve: Callable[[Sequence[Matrix]], list[Matrix]]
    ) -> Callable[[Vector], Vector]:
        def found(right: Vector) -> Vector:
            x = np.empty_like(right)
            for group, part in zip(
                self.matrix.index,
                solve([right[group][:, None] for group in self.matrix.index]),
                strict=True,
            ):
                x[group] = part[:, 0]
            return x

        return found


def _whole_numbers(group: ArrayLike) -> Index:
    given = np.asarray(group)
    if not given.size:
        return np.zeros(0, dtype=np.intp)
    if given.dtype.kind not in "iu":
        raise TypeError(f"a group holds {given.dtype}, not positions of unknowns")
    return given.astype(np.intp)


def _group_fault(groups: tuple[Index, ...], n: int) -> Fault | None:
    for k, group in enumerate(groups):
        if group.ndim != 1:
            return Fault("shape", f"has a group {k} of shape {group.shape}, not (unknowns,)", -1)
        beyond = group[(group < 0) | (group >= n)]
        if beyond.size:
            return Fault("shape", f"has unknown {beyond[0]} in group {k}, and n is {n}", -1)
    every = np.concatenate([*groups, np.zeros(0, dtype=np.intp)])
    wrong = np.flatnonzero(np.bincount(every, minlength=n) != 1)
    if not wrong.size:
        return None
    i = int(wrong[0])
    found = [str(k) for k, group in enumerate(groups) for j in group if j == i]
    if not found:
        return Fault("shape", f"has unknown {i} in no group", i)
    place = (
        f"groups {found[0]} and {found[1]}" if found[0] != found[1] else f"group {found[0]} twice"
    )
    return Fault("shape", f"has unknown {i} in {place}", i)


def _block_fault(
    groups: tuple[Index, ...], blocks: Mapping[tuple[int, int], Matrix]
) -> Fault | None:
    known = range(len(groups))
    for key, block in blocks.items():
        if key[0] not in known or key[1] not in known:
            return Fault("shape", f"has block {key}, and groups 0 to {len(groups) - 1}", -1)
        rows, columns = groups[key[0]], groups[key[1]]
        if block.shape != (len(rows), len(columns)):
            asked = (len(rows), len(columns))
            return Fault("shape", f"has block {key} of shape {block.shape}, not {asked}", -1)
        finite = np.isfinite(block)
        if not finite.all():
            wrong = np.argwhere(~finite)[0]
            i, j = int(rows[wrong[0]]), int(columns[wrong[1]])
            cause = f"row {i}, column {j} of J (block {key})"
            return Fault("not a number", cause, i)
    return None
