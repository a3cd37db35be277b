"""Block LU beside the same matrix laid out whole."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from accord.solve.blocks import Blocks, factor

Matrix = NDArray[np.float64]

CHAIN = {(0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2)}
# An arrow that fills in as it is eliminated, and one that does not.
ARROW = {(0, j) for j in range(1, 4)} | {(i, 0) for i in range(1, 4)}
NOTHING: set[tuple[int, int]] = set()
TREE = {(3, j) for j in range(3)} | {(i, 3) for i in range(3)}


def sample(pattern: set[tuple[int, int]], size: int = 5) -> tuple[Blocks, Matrix]:
    draw = np.random.default_rng(3)
    blocks = {(i, j): draw.normal(size=(size, size)) for i, j in pattern}
    blocks |= {(k, k): draw.normal(size=(size, size)) + 6.0 * np.eye(size) for k in range(4)}
    whole = np.zeros((4 * size, 4 * size))
    for (i, j), block in blocks.items():
        whole[i * size : (i + 1) * size, j * size : (j + 1) * size] = block
    return blocks, whole


@pytest.mark.parametrize("pattern", [CHAIN, ARROW, TREE, NOTHING])
def test_solves_as_the_whole_matrix_does(pattern: set[tuple[int, int]]) -> None:
    blocks, whole = sample(pattern)
    right = np.random.default_rng(4).normal(size=(4, 5, 3))
    lu = factor(blocks, 4)
    assert lu is not None
    flat = right.reshape(20, 3)
    expected, turned = np.linalg.solve(whole, flat), np.linalg.solve(whole.T, flat)
    np.testing.assert_allclose(np.concatenate(lu.solve(right)), expected, rtol=1e-10, atol=1e-12)
    found = np.concatenate(lu.solve_transposed(right))
    np.testing.assert_allclose(found, turned, rtol=1e-10, atol=1e-12)


def test_what_is_not_there_stays_away_where_nothing_fills_in() -> None:
    blocks, _ = sample(TREE)
    lu = factor(blocks, 4)
    assert lu is not None
    assert set(lu.blocks) == TREE


def test_a_singular_diagonal_block_is_told() -> None:
    blocks, _ = sample(CHAIN)
    blocks[0, 0] = np.zeros((5, 5))
    assert factor(blocks, 4) is None
