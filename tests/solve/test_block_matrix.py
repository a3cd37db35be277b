"""A Jacobian in blocks says and solves what the same matrix laid out whole does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse

from accord.solve import BlockMatrix, Ladder, Problem, mcp

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
INF = float("inf")
SEEDS = st.integers(0, 2**32 - 1)


def sample(seed: int, *, heavy: float = 4.0) -> BlockMatrix:
    """Groups of 1 to 6 unknowns in no order, about half of the blocks there; mostly diagonal."""
    draw = np.random.default_rng(seed)
    sizes = draw.integers(1, 7, size=draw.integers(1, 6))
    unknowns = draw.permutation(int(sizes.sum()))
    groups = tuple(np.split(unknowns, np.cumsum(sizes)[:-1]))
    blocks = {
        (i, j): draw.normal(size=(a, b)) + (heavy * np.eye(a) if i == j else 0.0)
        for i, a in enumerate(sizes)
        for j, b in enumerate(sizes)
        if i == j or draw.random() < 0.5
    }
    return BlockMatrix(groups, blocks)


@given(SEEDS)
@settings(max_examples=60, deadline=None)
def test_measures_and_multiplies_as_the_whole_does(seed: int) -> None:
    matrix = sample(seed)
    whole = matrix.whole()
    vector = np.random.default_rng(seed + 1).random(matrix.size)
    assert matrix.fault(matrix.size) is None
    np.testing.assert_allclose(matrix.times(vector), whole @ vector)
    np.testing.assert_allclose(matrix.strength(vector), np.max(np.abs(whole) * vector, axis=1))
    np.testing.assert_allclose(
        matrix.column_strength(vector), np.max(np.abs(whole) * vector[:, None], axis=0)
    )
    np.testing.assert_allclose(matrix.column_sums(vector), vector @ np.abs(whole))
    np.testing.assert_array_equal(matrix.transposed().whole(), whole.T)
    np.testing.assert_array_equal(BlockMatrix.dense(whole).whole(), whole)


@given(SEEDS, st.floats(0.0, 1.0))
@settings(max_examples=60, deadline=None)
def test_solves_as_the_whole_does_with_any_rows_held(seed: int, held: float) -> None:
    matrix = sample(seed, heavy=20.0)
    draw = np.random.default_rng(seed + 1)
    free = draw.random(matrix.size) >= held
    row, diagonal = free * draw.uniform(0.5, 2.0, matrix.size), np.where(free, 0.0, 3.0)
    right = draw.normal(size=matrix.size)
    whole = row[:, None] * matrix.whole() + np.diag(diagonal)
    factored = matrix.factored(row, diagonal)
    assert factored is not None
    found, turned = factored.solve(right), factored.solve_transposed(right)
    assert found is not None
    assert turned is not None
    np.testing.assert_allclose(found, np.linalg.solve(whole, right), rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(turned, np.linalg.solve(whole.T, right), rtol=1e-8, atol=1e-10)


def test_a_singular_block_is_told_and_the_whole_is_solved_all_the_same() -> None:
    """A saddle: the first diagonal block is zero, the matrix is not singular."""
    groups = ([0, 1], [2, 3])
    blocks = {(0, 1): np.eye(2), (1, 0): -np.eye(2), (1, 1): np.diag([1.0, 2.0])}
    matrix = BlockMatrix(groups, blocks)
    assert matrix.factored(np.ones(4), np.zeros(4)) is None
    right = np.array([1.0, 2.0, 3.0, 4.0])
    outcome = mcp(lambda z: matrix.times(z) - right, lambda _: matrix, -INF, INF, np.ones(4))
    assert outcome.solved, outcome
    np.testing.assert_allclose(outcome.z, np.linalg.solve(matrix.whole(), right))
    assert outcome.conditioning is not None
    assert np.isfinite(outcome.conditioning)


@dataclass(frozen=True)
class Bent:
    """F(z) = M z + z³/10 + q with M in blocks: one solution within any bounds."""

    matrix: BlockMatrix
    constant: Vector

    def value(self, z: Vector) -> Vector:
        return self.matrix.times(z) + 0.1 * z**3 + self.constant

    def blocks(self, z: Vector) -> BlockMatrix:
        parts = {key: np.array(x) for key, x in self.matrix.parts.items()}
        for k, group in enumerate(self.matrix.index):
            parts[k, k] += np.diag(0.3 * z[group] ** 2)
        return BlockMatrix(self.matrix.groups, parts)


def bent(seed: int) -> Bent:
    # Heavy enough a diagonal that M is positive definite.
    matrix = sample(seed, heavy=40.0)
    return Bent(matrix, 50.0 * np.random.default_rng(seed + 1).normal(size=matrix.size))


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_mcp_ends_where_the_whole_jacobian_leads(seed: int) -> None:
    asked = bent(seed)
    draw = np.random.default_rng(seed + 2)
    n = asked.matrix.size
    lower, upper = draw.uniform(-2.0, 0.0, n), draw.uniform(0.0, 2.0, n)
    one = mcp(asked.value, asked.blocks, lower, upper, np.zeros(n))
    other = mcp(asked.value, lambda z: asked.blocks(z).whole(), lower, upper, np.zeros(n))
    assert one.solved, one
    np.testing.assert_allclose(one.z, other.z, rtol=1e-8, atol=1e-10)
    assert one.conditioning is not None
    assert other.conditioning is not None
    assert 0.2 * other.conditioning <= one.conditioning <= 1.0001 * other.conditioning


def test_it_never_lays_out_what_it_solves_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: BlockMatrix) -> Matrix:
        raise AssertionError("laid out whole")

    monkeypatch.setattr(BlockMatrix, "whole", refuse)
    asked = bent(3)
    assert mcp(asked.value, asked.blocks, -1.0, 1.0, np.zeros(asked.matrix.size)).solved


def test_what_can_lay_itself_out_is_taken() -> None:
    matrix = sparse.csr_array(np.array([[2.0, 0.0], [1.0, 3.0]]))
    right = np.array([2.0, 7.0])
    outcome = mcp(lambda z: matrix @ z - right, lambda _: matrix, -INF, INF, [0.0, 0.0])
    assert outcome.solved, outcome
    np.testing.assert_allclose(outcome.z, [1.0, 2.0])


def test_a_problem_of_ones_own_may_bring_its_own_structure() -> None:
    asked = bent(5)
    n = asked.matrix.size
    ones = np.ones(n)
    problem = Problem(
        asked.value, lambda z: asked.blocks(z).whole(), -ones, ones, ones, 50.0 * ones,
        linear=asked.blocks,
    )  # fmt: skip
    assert Ladder().solve(problem, np.zeros(n)).solved


EYE = np.eye(2)
HOLE = np.array([[1.0, 0.0], [np.nan, 1.0]])


@pytest.mark.parametrize(
    ("groups", "blocks", "failure", "words"),
    [
        (([0, 1],), {(0, 0): EYE}, "shape", "J has unknown 2 in no group"),
        (([0, 1], [1, 2]), {(0, 0): EYE}, "shape", "J has unknown 1 in groups 0 and 1"),
        (([0, 1], [2, 2]), {(0, 0): EYE}, "shape", "J has unknown 2 in group 1 twice"),
        (([0, 1], [2, 3]), {(0, 0): EYE}, "shape", "J has unknown 3 in group 1, and n is 3"),
        (([0, 1], [-1]), {(0, 0): EYE}, "shape", "J has unknown -1 in group 1"),
        (([[0, 1]], [2]), {(0, 0): EYE}, "shape", "J has a group 0 of shape (1, 2)"),
        (([0.0, 1.0], [2]), {(0, 0): EYE}, "shape", "not positions of unknowns"),
        (([0, 1], [2]), {(0, 1): EYE}, "shape", "J has block (0, 1) of shape (2, 2), not (2, 1)"),
        (([0, 1], [2]), {(0, 2): EYE}, "shape", "J has block (0, 2), and groups 0 to 1"),
        (([0, 1], [2]), {(0, 0): "no"}, "shape", "J has groups or blocks that are not numbers"),
        (
            ([0, 2], [1]),
            {(0, 0): HOLE, (1, 1): [[1.0]]},
            "not a number",
            "row 2, column 0 of J (block (0, 0)) is not a number at the start",
        ),
    ],
)
def test_a_bad_matrix_is_an_outcome_that_says_which_and_where(
    groups: tuple[list[int], ...], blocks: dict[tuple[int, int], Matrix], failure: str, words: str
) -> None:
    matrix = BlockMatrix(groups, blocks)
    outcome = mcp(lambda z: z, lambda _: matrix, -1.0, 1.0, [0.5, 0.5, 0.5])
    assert not outcome.solved
    assert outcome.failure == failure
    assert words in outcome.cause, outcome.cause
    assert outcome.remedy
    assert np.isnan(outcome.z).all()


def test_blocks_that_go_bad_on_the_way_are_an_outcome_too() -> None:
    def slope(z: Vector) -> BlockMatrix:
        good = abs(z[0] - 3.0) < 1e-9
        return BlockMatrix(([0], [1]), {(0, 0): EYE[:1, :1] if good else EYE, (1, 1): [[1.0]]})

    outcome = mcp(lambda z: z**3 + z, slope, -INF, INF, [3.0, 3.0])
    assert outcome.failure == "not a number", outcome
    assert np.isnan(outcome.z).all()


@pytest.mark.parametrize("jacobian", [[[1.0], [1.0, 2.0]], "no", None])
def test_a_jacobian_that_is_no_table_is_an_outcome(jacobian: object) -> None:
    outcome = mcp(lambda z: z, lambda _: jacobian, -1.0, 1.0, [0.5, 0.5])
    assert outcome.failure == "shape", outcome
